"""What the calendar does to an opportunity, and what publishing it makes (domain 4.3)."""

import frappe
from frappe.query_builder.functions import Max, Min
from frappe.utils import get_datetime, now_datetime, today

from involvement_app import lifecycle

OPEN = ("Published",)
TAKING_PLACE = ("Published", "Closed to applications", "In progress")


def led_by(user: str):
	"""Names of the opportunities `user` leads, as a query to stand inside a criterion."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	return frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.lead == user)


def make_sessions(opportunity) -> list[str]:
	"""One Planned session per date of the opportunity; called once, when it is published."""
	made = []
	# one by one: a new document for each of the few dates
	for row in opportunity.dates:
		session = frappe.get_doc(
			{
				"doctype": "Involvement Session",
				"opportunity": opportunity.name,
				"lead": opportunity.lead,
				"starts_on": row.starts_on,
				"ends_on": row.ends_on,
				"place": row.place,
				"online_link": row.online_link,
			}
		)
		# bounded: the publisher passed the opportunity's own guards; a budget-limited role need not hold Session rights
		session.insert(ignore_permissions=True)
		made.append(session.name)
	return made


def move_on() -> None:
	"""Daily: close applications after the last day, start what has begun, ask for feedback after the end.

	Each opportunity stands alone: one that cannot move (attendance is missing) stays and is tried tomorrow."""
	with lifecycle.as_job():
		# one by one: each has guards of its own and fails alone
		for name, action in _due():
			frappe.db.savepoint("involvement_move_on")
			try:
				lifecycle.apply(frappe.get_doc("Involvement Opportunity", name), action)
			except Exception as problem:  # whatever is wrong with one, the others move on
				frappe.db.rollback(save_point="involvement_move_on")
				frappe.clear_messages()
				if not isinstance(problem, lifecycle.TransitionError):
					frappe.log_error(f"{name} could not move on")


def _due() -> list[tuple[str, str]]:
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	session = frappe.qb.DocType("Involvement Session")
	closing = (
		frappe.qb.from_(opportunity)
		.select(opportunity.name)
		.where((opportunity.status == "Published") & (opportunity.apply_by < today()))
		.run(pluck=True)
	)
	times = (
		frappe.qb.from_(opportunity)
		.join(session)
		.on((session.opportunity == opportunity.name) & (session.status != "Cancelled"))
		.select(opportunity.name, opportunity.status, Min(session.starts_on), Max(session.ends_on))
		.where(opportunity.status.isin(TAKING_PLACE))
		.groupby(opportunity.name, opportunity.status)
		.run()
	)
	now = now_datetime()
	due = [(name, "Close to applications") for name in closing]
	for name, status, first, last in times:
		if status != "In progress" and get_datetime(first) <= now:
			due.append((name, "Start"))
		elif status == "In progress" and get_datetime(last) <= now:
			due.append((name, "Sessions are over"))
	return due
