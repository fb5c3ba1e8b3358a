"""People whom one has asked to act for one (domain 4.7), and, for them, saying for whom they act now."""

import frappe
from frappe import _
from frappe.utils import add_months, today

from involvement_app.involvement_app import supporters
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

HERE = "/take-part/my/supporters"
KEY = "involvement_acting"
LENGTHS = ("1", "3", "6", "12")  # months


def what(visit) -> list[tuple[str, str]]:
	"""What somebody may be asked to do: of expenses only where money is kept here."""
	found = [
		("may_places", _("Apply for me, and answer offers")),
		("may_wishes", _("Write down what I would like")),
		("may_needs", _("Write down what makes it easier for me")),
		(
			"may_expenses",
			_(
				"Ask for money back that I spent, and see what I asked for. Not my payments or my bank account"
			),
		),
	]
	return found if visit.with_money else found[:-1]


def show(visit):
	return page(
		visit,
		"supporters.html",
		_("People who act for you"),
		supporters=supporters.own(visit.participant),
		acts=supporters.acts(visit.participant),
		did=supporters.did(),
		what=what(visit),
		ticked=visit.ticked("may", []),
		lengths=[
			("1", _("One month")),
			("3", _("Three months")),
			("6", _("Half a year")),
			("12", _("A year")),
		],
		done=visit.asked("done"),
	)


def add(visit):
	"""A new one, or with `name` the end of one."""
	if name := visit.typed("name", 140):
		supporters.end(visit.participant, name)
		return see_other(HERE, done="ended")
	supporters.give(visit.participant, _given(visit))
	return see_other(HERE, done="added")


def _given(visit) -> dict:
	who = visit.typed("supporter_name", 140, _("Their name"))
	email = visit.typed("email", 140, _("E-mail address"))
	may = visit.ticked_of("may", [value for value, _text in what(visit)])
	months = visit.typed("months", 4)
	problems = []
	if not who:
		problems.append(Problem(_("Write their name"), "supporter_name"))
	if "@" not in email or not frappe.utils.validate_email_address(email):
		problems.append(Problem(_("Write their e-mail address, like name@example.com"), "email"))
	if not may:
		problems.append(Problem(_("Tick what they may do for you"), "may"))
	if months not in LENGTHS:
		problems.append(Problem(_("Choose how long"), "months"))
	if problems:
		raise Refused(*problems)
	until = add_months(today(), int(months))
	return {"supporter_name": who, "email": email, "until": until, **dict.fromkeys(may, 1)}


# --- for a supporter ------------------------------------------------------------------------------


def choose(visit):
	people = supporters.for_whom()
	return page(
		visit,
		"acting.html",
		_("Who are you here for?"),
		people=people,
		what=what(visit),
		as_oneself=visit.own_participant,
	)


def switch(visit):
	"""From now on for somebody, or for oneself again. The session remembers which; each request asks anew whether it
	still holds."""
	name = visit.typed("name", 140)
	if name and not supporters.one(name):
		raise Missing
	_remember(name)
	if name or visit.own_participant:
		return see_other("/take-part/my")
	return see_other("/take-part/acting" if supporters.for_whom() else "/take-part")


def _remember(name: str) -> None:
	if name:
		frappe.session.data[KEY] = name
	else:
		frappe.session.data.pop(KEY, None)
	# as the form's token is kept: this is where Frappe looks for what a session holds
	frappe.local.session_obj.update(force=True)
