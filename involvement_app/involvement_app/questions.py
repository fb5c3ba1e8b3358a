"""Questions and answers: somebody asks in the portal, on the phone or at the door, a person answers within the days in
Involvement Settings, and the one who asked hears of it in the way they chose (rows 1.9 and 3.14; domain 4.8, 4.10)."""

from datetime import date

import frappe
from frappe.utils import cint, format_date, get_url, today

from involvement_app import messages
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person, reach_us
from involvement_app.working_days import add_working_days, closed

QUESTION = "Participant Question"
PAGE = "/take-part/my/messages"
MOST_OPEN = 20


class TooMany(frappe.ValidationError):
	"""As many questions of this person wait for an answer as may."""


def answer_by(asked_on) -> date:
	days = cint(frappe.get_cached_doc("Involvement Settings").answer_working_days)
	return add_working_days(asked_on, days, closed)


def ask(participant: str, words: str) -> str:
	"""The session's own person asks. Raises TooMany, PermissionError."""
	only_the_person(participant)
	person = frappe.db.get_value(PARTICIPANT, participant, ["name", "named_contact"], for_update=True)
	if frappe.db.count(QUESTION, {"participant": participant, "status": "To answer"}) >= MOST_OPEN:
		raise TooMany
	doc = frappe.get_doc(doctype=QUESTION, participant=participant, question=words, asked_on=today())
	doc.insert(ignore_permissions=True)  # bounded to the session's own person
	_tell_contact(doc, person[1])
	return doc.name


def take_back(participant: str, name: str) -> None:
	"""The person takes back what is not answered yet: it goes, without a copy. Raises DoesNotExistError for what is
	not theirs, or answered."""
	only_the_person(participant)
	own = {"name": name, "participant": participant, "status": "To answer"}
	if not frappe.db.get_value(QUESTION, own, for_update=True):
		raise frappe.DoesNotExistError
	# bounded to the session's own person's row
	frappe.db.delete(QUESTION, own)


def tell(doc) -> None:
	"""The answer reaches the person: on their page where they have one, else in the message itself, which leaves by
	post or is read to them."""
	has_a_page = frappe.db.get_value(PARTICIPANT, doc.participant, "user")
	messages.send(
		"Involvement answer",
		(PARTICIPANT, doc.participant),
		{
			"words": None if has_a_page else doc.answer,
			"link": get_url(PAGE),
			"contact": reach_us(),
		},
		about=doc,
	)


def _tell_contact(doc, contact: str | None) -> None:
	"""The named contact hears that somebody waits, and nothing of what was asked."""
	if contact and frappe.db.get_value("User", contact, "enabled"):
		context = {"link": get_url(doc.get_url()), "answer_by": format_date(doc.answer_by)}
		messages.send("Involvement question waiting", ("User", contact), context, about=doc)


def unanswered() -> int:
	"""How many are past the day by which somebody should have answered."""
	return frappe.db.count(QUESTION, {"status": "To answer", "answer_by": ["<", today()]})
