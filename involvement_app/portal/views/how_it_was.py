"""How it was: told after taking part, with a name or without, once, and only what one likes (domain 4.4; rows 0.19 and
1.6)."""

from frappe import _

from involvement_app import lifecycle
from involvement_app.involvement_app import how_it_was
from involvement_app.portal import reads_how_it_was as reads
from involvement_app.portal import words
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

NAMES = ("without", "with")
MET = ("Yes", "Partly", "No")
MARKS = ("5", "4", "3", "2", "1")


def show(visit, name):
	place = _place(visit, name)
	told = bool(how_it_was.receipts([name]))
	open_now = bool(place.was_there) and not told
	return page(
		visit,
		"how_it_was.html",
		_("How was it for you?"),
		place=place,
		told=told,
		open_now=open_now,
		items=_items(),
		marks=_marks(),
		levels=[_level(row) for row in reads.levels()] if open_now else [],
		enough=how_it_was.threshold(),
	)


@lifecycle.retry_on_deadlock
def tell(visit, name):
	_place(visit, name)
	values = {field: visit.typed(field) for field, _text in _items()}
	values |= {"access_met": visit.typed("access_met"), "level_felt": visit.typed("level_felt")}
	values["what_to_change"] = visit.typed(
		"what_to_change", how_it_was.MOST_WORDS, _("What we should change")
	)
	known = {field: MARKS for field, _text in _items()} | {"access_met": MET}
	if values["level_felt"]:
		known["level_felt"] = tuple(row.name for row in reads.levels())
	values = {
		field: value if field not in known or value in known[field] else "" for field, value in values.items()
	}
	problems = []
	if not any(values.values()):
		problems.append(Problem(_("Answer one of the questions, or write something"), how_it_was.ITEMS[0]))
	if visit.typed("with_name") not in NAMES:
		problems.append(Problem(_("Choose whether we may know that it is you"), "with_name"))
	if problems:
		raise Refused(*problems)
	try:
		how_it_was.tell(name, values, with_name=visit.typed("with_name") == "with")
	except how_it_was.SaidAlready:
		pass  # the page says so
	return see_other(f"/take-part/my/places/{name}/how-it-was")


def _place(visit, name):
	rows = how_it_was.places(visit.participant, name)
	if not rows:
		raise Missing
	return rows[0]


def _level(row) -> tuple[str, str, str | None]:
	"""The two lowest have names that staff use; people read what happened."""
	said = {"Coercion": _("We were told what to do"), "Educating": _("Things were explained to us")}
	return (row.name, said[row.name], None) if row.name in said else words.level(row.name, row.text)


def _items() -> list[tuple[str, str]]:
	said = {
		"valued": _("Did you feel valued?"),
		"listened_to": _("Were you listened to?"),
		"influenced": _("Did you influence what was decided?"),
		"part_of_a_team": _("Did you feel part of a team?"),
		"confidence": _("Was it good for your confidence?"),
		"wellbeing": _("Was it good for how you feel?"),
	}
	return [(field, said[field]) for field in how_it_was.ITEMS]


def _marks() -> list[tuple[str, str]]:
	said = {
		"5": _("Very much"),
		"4": _("Quite a lot"),
		"3": _("In between"),
		"2": _("Not much"),
		"1": _("Not at all"),
	}
	return [(mark, said[mark]) for mark in MARKS]
