"""What one would like, how much of it, and how often to be asked (rows 0.13, 0.14). Every question may stay empty."""

from frappe import _
from frappe.utils import cint, flt

from involvement_app.involvement_app import preferences
from involvement_app.involvement_app.preferences import WEEKDAYS
from involvement_app.portal import choices, reads, words
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

MOST = 2000
TIMES = ("mornings", "afternoons", "evenings", "weekends")
WAYS = ("Both are fine", "Online", "In person")
HOW_OFTEN = (
	"Whenever something fits",
	"At most once a week",
	"At most once a month",
	"Only when they ask us",
)
PERIODS = ("Week", "Month")
MOST_HOURS = 744


def show(visit):
	own = reads.preference(visit.participant)
	types, levels = reads.ways_of_taking_part(visit.participant), reads.levels(visit.participant)
	return page(
		visit,
		"preferences.html",
		_("What you would like"),
		own=own,
		type_choices=[(row.name, _(row.name)) for row in types],
		level_choices=[words.level(row.name, row.text) for row in levels],
		ticked_types=visit.ticked("types", [row.name for row in types if row.chosen]),
		ticked_levels=visit.ticked("levels", [row.name for row in levels if row.chosen]),
		ticked_times=visit.ticked("times", [time for time in TIMES if own.get(time)]),
		times=[
			("mornings", _("Mornings")),
			("afternoons", _("Afternoons")),
			("evenings", _("Evenings")),
			("weekends", _("Weekends")),
		],
		ways=[(value, _(value)) for value in WAYS],
		how_often=[(value, _(value)) for value in HOW_OFTEN[:-1]]
		+ [(HOW_OFTEN[-1], _("Only when I ask you"))],
		weekdays=[(value, _(value)) for value in WEEKDAYS],
		hours=_plain(own.hours_a_month),
		cap=_plain(own.own_payment_cap),
		spread=visit.ticked("spread_payments", ["yes"] if own.spread_payments else []),
		most=MOST,
		saved=visit.asked("done") == "saved",
	)


def _plain(number: float | None) -> str:
	"""2.5, 40; nothing for no limit."""
	return f"{flt(number):.2f}".rstrip("0").rstrip(".") if number else ""


def save(visit):
	preferences.save(visit.participant, {**_wishes(visit), **(_limit(visit) if visit.with_money else {})})
	return see_other("/take-part/my/preferences", done="saved")


def _wishes(visit) -> dict:
	times = visit.ticked("times", [])
	return {
		"types": _rows(visit, "types", "opportunity_type", reads.ways_of_taking_part),
		"levels": _rows(visit, "levels", "level", reads.levels),
		"topics_wanted": visit.typed("topics_wanted", MOST, _("What you like")),
		"topics_never": visit.typed("topics_never", MOST, _("What we never ask you about")),
		**{time: int(time in times) for time in TIMES},
		"times_note": visit.typed("times_note", MOST, _("What you wrote about times")),
		"way": _one_of(visit, "way", WAYS),
		"hours_a_month": _hours(visit),
		"contact_frequency": _one_of(visit, "contact_frequency", HOW_OFTEN),
	}


def _rows(visit, name: str, field: str, known) -> list[dict]:
	there = [row.name for row in known(visit.participant)]
	return [{field: value} for value in visit.ticked_of(name, there)]


def _one_of(visit, name: str, values: tuple[str, ...]) -> str:
	typed = visit.typed(name, 60)
	return typed if typed in values else ""


def _hours(visit) -> float:
	typed = visit.typed("hours_a_month", 20, _("Hours")).replace(",", ".")
	if not typed:
		return 0
	try:
		hours = float(typed)
	except ValueError:
		hours = -1
	if not 0 <= hours <= MOST_HOURS:
		raise Refused(Problem(_("Write the hours as a number, like 4 or 2.5"), "hours_a_month"))
	return hours


def _limit(visit) -> dict:
	cap = choices.pounds_typed(visit, "own_payment_cap")
	if not cap:
		return {"own_payment_cap": 0}
	if cap < 0 or cap > 100_000:
		raise Refused(Problem(_("Write an amount above £0.00"), "own_payment_cap"))
	period = _one_of(visit, "cap_period", PERIODS)
	if not period:
		raise Refused(Problem(_("Choose whether your limit is for a week or a month"), "cap_period"))
	day = cint(visit.typed("cap_month_day", 4)) if visit.typed("cap_month_day", 4) else 1
	if period == "Month" and not 1 <= day <= 31:
		raise Refused(Problem(_("Write the day your month starts on, from 1 to 31"), "cap_month_day"))
	return {
		"own_payment_cap": float(cap),
		"cap_period": period,
		"cap_weekday": _one_of(visit, "cap_weekday", WEEKDAYS),
		"cap_month_day": day,
		"spread_payments": int("yes" in visit.ticked("spread_payments", [])),
	}
