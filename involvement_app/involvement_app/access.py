"""What people need to take part, after the Accessible Information Standard (row 0.15; domain 1.7): identified by the
person, recorded in their words, flagged (`flags.py`), shared as agreed (the criterion of Access Requirement), met or
not (asked after each session), reviewed once a year.

Keeping it rests on their yes (consents.ACCESS): a no deletes it at once."""

import frappe
from frappe.query_builder import Order
from frappe.utils import today

from involvement_app import messages
from involvement_app.involvement_app import consents, supporters
from involvement_app.involvement_app.holding import WAS_THERE
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	only_the_person,
	participant_of,
	reach_us,
	write_own,
)

REQUIREMENT = "Access Requirement"
MET = ("Yes", "Partly", "No")


def own(name: str | None, participant: str):
	"""The person's own requirement `name`, or a new one of theirs. Raises DoesNotExistError for somebody else's."""
	if not name:
		return frappe.new_doc(REQUIREMENT, participant=participant)
	doc = frappe.get_doc(REQUIREMENT, name)
	if doc.participant != participant:
		raise frappe.DoesNotExistError
	return doc


def write(participant: str, name: str | None, values: dict) -> None:
	"""The person writes down one thing they need. Raises NotAgreed."""
	_own_act(participant, supporters.speaks_for(participant))
	doc = own(name, participant)
	doc.update(values)
	# bounded to the session's own person, or the one they act for
	doc.flags.ignore_permissions = True
	doc.save()


def take_away(participant: str, name: str) -> None:
	"""The person needs this no longer: it goes, without a copy."""
	only_the_person(participant)
	doc = own(name, participant)
	# bounded to the session's own person, as asked above
	frappe.db.delete(REQUIREMENT, {"name": doc.name})


def write_note(participant: str, words: str) -> None:
	"""The person's own words about what makes it easier. Raises NotAgreed."""
	_own_act(participant, participant == participant_of())
	write_own(participant, {"access_note": words})


def _own_act(participant: str, may: bool) -> None:
	if not may:
		raise frappe.PermissionError
	consents.require(participant, consents.ACCESS)


# --- was it met? --------------------------------------------------------------------------------------


def ask_whether_met(session, move=None) -> None:
	"""Effect of a held session: who came and needs something is asked whether it was there."""
	came = {row.participant: row.engagement for row in session.attendance if row.attendance in WAS_THERE}
	if not came:
		return
	asked = frappe.get_all(  # an effect's own list, no reader
		REQUIREMENT, filters={"participant": ["in", list(came)]}, pluck="participant", distinct=True
	)
	for participant in asked:  # one by one: each is told in their own way
		link = frappe.utils.get_url(f"/take-part/my/places/{came[participant]}/access")
		messages.send(
			"Involvement access met", (PARTICIPANT, participant), {"link": link}, about=session, owed=False
		)


def answer(participant: str, row: str, met: str, words: str) -> None:
	"""The person says whether they had what they needed at a session they came to. Raises DoesNotExistError for a
	session that is not theirs to answer for."""
	only_the_person(participant)
	if met not in MET:
		raise frappe.PermissionError
	found = next((each for each in to_answer(participant) if each.row == row), None)
	if not found:
		raise frappe.DoesNotExistError
	# bounded to the person's own row; the session counts as changed, so that a form that is open elsewhere does not
	# write over the answer
	frappe.db.set_value(
		"Involvement Session Attendance",
		row,
		{"access_met": met, "access_words": words, "access_told_how": None},
	)
	# bounded to that session, as above
	frappe.db.set_value("Involvement Session", found.session, "modified", frappe.utils.now())


def to_answer(participant: str, engagement: str | None = None) -> list[frappe._dict]:
	"""[{row, session, starts_on, access_met, access_words}] of held sessions this person came to, newest first,
	where they need something. Bounded to one person."""
	row, session = (
		frappe.qb.DocType("Involvement Session Attendance"),
		frappe.qb.DocType("Involvement Session"),
	)
	need = frappe.qb.DocType(REQUIREMENT)
	query = (
		frappe.qb.from_(row)
		.join(session)
		.on(session.name == row.parent)
		.select(
			row.name.as_("row"),
			session.name.as_("session"),
			session.starts_on,
			row.access_met,
			row.access_words,
		)
		.where((row.participant == participant) & row.attendance.isin(WAS_THERE) & (session.status == "Held"))
		.where(
			row.participant.isin(
				frappe.qb.from_(need).select(need.participant).where(need.participant == participant)
			)
		)
		.orderby(session.starts_on, order=Order.desc)
		.limit(20)
	)
	return (query.where(row.engagement == engagement) if engagement else query).run(as_dict=True)


# --- reviewed -----------------------------------------------------------------------------------------


def ask_again() -> None:
	"""Daily: who said a year ago what they need is asked whether it is still right, once for all of it. They need not
	answer, and nothing is lost when they do not."""
	due = [
		["review_on", "is", "set"],  # Frappe counts an empty day as long past
		["review_on", "<=", today()],
		["review_asked_on", "is", "not set"],
	]
	rows = frappe.get_all(REQUIREMENT, filters=due, fields=["name", "participant"])  # a job's own list
	if not rows:
		return
	context = {"link": frappe.utils.get_url("/take-part/my/access"), "contact": reach_us()}
	for participant in sorted({row.participant for row in rows}):  # one by one: each in their own way
		messages.send("Involvement access review", (PARTICIPANT, participant), context, owed=False)
	# bounded to the rows just asked about
	frappe.db.set_value(REQUIREMENT, {"name": ["in", [row.name for row in rows]]}, "review_asked_on", today())


def still_right(participant: str) -> None:
	"""The person has looked at all of it: the next question is a year away."""
	only_the_person(participant)
	# bounded to the session's own person
	frappe.db.set_value(
		REQUIREMENT,
		{"participant": participant},
		{"review_on": frappe.utils.add_months(today(), 12), "review_asked_on": None},
	)
