"""Checks that a role is eligible for (domain 1.5): renewed in time, and told to nobody who need not know.

Whoever wrote it down is told, being a manager; the person is asked in words that do not say what it is."""

import frappe
from frappe.utils import add_days, format_date, get_url, get_url_to_form, today

from involvement_app import messages
from involvement_app.involvement_app.participants import PARTICIPANT

CHECK = "Participant Check"
REMIND_DAYS = 60
MOST = 1000


def remind() -> None:
	"""Daily: two months before it ends, once; not those who have left, nor those who take a break."""
	rows = _ending()
	for row in rows:  # one by one: each is told in their own way
		until = format_date(row.renew_on, "d MMMM yyyy")
		person = (PARTICIPANT, row.participant)
		link = get_url("/take-part/my")
		messages.send("Involvement check ends", person, {"until": until, "link": link}, owed=False)
		if row.enabled:
			context = {"until": until, "link": get_url_to_form(CHECK, row.name)}
			messages.send("Involvement check ends (staff)", ("User", row.recorded_by), context)
	names = {"name": ["in", [row.name for row in rows] or [""]]}
	# bounded to the rows just spoken of
	frappe.db.set_value(CHECK, names, "reminded_on", today(), update_modified=False)


def _ending() -> list[frappe._dict]:
	check, person = frappe.qb.DocType(CHECK), frappe.qb.DocType(PARTICIPANT)
	user = frappe.qb.DocType("User")
	return (
		frappe.qb.from_(check)
		.join(person)
		.on(person.name == check.participant)
		.left_join(user)
		.on(user.name == check.recorded_by)
		.select(check.name, check.participant, check.renew_on, check.recorded_by, user.enabled)
		.where((check.renew_on <= add_days(today(), REMIND_DAYS)) & check.reminded_on.isnull())
		.where(person.status != "Left")
		.orderby(check.renew_on)
		.limit(MOST)
		.run(as_dict=True)
	)
