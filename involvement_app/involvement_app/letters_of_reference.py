"""Reference letters: asked for by the person, written by staff, fetched by the person (row 0.7). Asking is free, a
letter that is not written is answered with kind words, and nothing is counted."""

import frappe
from frappe import _
from frappe.utils import now_datetime, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person, participant_of

LETTER = "Reference Letter"
ASKED, READY = "Asked for", "Ready"
MOST_OPEN = 3


class TooManyLetters(frappe.ValidationError):
	pass


def ask(participant: str, wanted_for: str) -> None:
	"""The session's own person asks for a letter. Raises TooManyLetters, PermissionError."""
	only_the_person(participant)
	frappe.db.get_value(PARTICIPANT, participant, "name", for_update=True)
	if frappe.db.count(LETTER, {"participant": participant, "status": ASKED}) >= MOST_OPEN:
		raise TooManyLetters
	doc = frappe.new_doc(LETTER, participant=participant, wanted_for=wanted_for)
	doc.insert(ignore_permissions=True)  # bounded to the session's own person


def take_back(participant: str, name: str) -> None:
	"""The person needs it no longer. Raises DoesNotExistError for somebody else's."""
	doc = frappe.get_doc(LETTER, name, for_update=True)
	if doc.participant != participant or participant != participant_of():
		raise frappe.DoesNotExistError
	lifecycle.apply(doc, "Take back")


# --- of the lifecycle and the document ----------------------------------------------------------------


def tell_the_named_contact(doc) -> None:
	"""Somebody asked: the one they know best is told. Who has none stands in the list of letters asked for."""
	contact = frappe.db.get_value(PARTICIPANT, doc.participant, "named_contact")
	if contact and contact != frappe.session.user:
		link = frappe.utils.get_url_to_form(LETTER, doc.name)
		messages.send("Involvement letter asked for", ("User", contact), {"link": link})


def sign(doc, move) -> None:
	"""Effect of Ready: whose letter it is, and from which day."""
	doc.signed_by, doc.ready_on = move.user, today()


def tear_up(doc, move) -> None:
	"""Effect of the states without a letter to fetch."""
	doc.signed_by = doc.ready_on = None


def note_who_took_it_back(doc, move) -> None:
	"""Effect, after the guard `told_by_the_person`: whose act it was, and how staff were told."""
	by_staff = move.by == "role"
	doc.told_how, doc.recorded_how = (doc.recorded_how if by_staff else None), None
	doc.recorded_on = now_datetime() if by_staff else None


def tell(template: str):
	def effect(doc, move) -> None:
		link = frappe.utils.get_url("/take-part/my/training")
		context = {"link": link, "words": doc.kind_words or ""}
		messages.send(template, (PARTICIPANT, doc.participant), context, about=doc)

	return effect


def refuse_changes(doc) -> None:
	"""What the person can fetch stays as it was signed."""
	before = doc.get_doc_before_save()
	if before and before.status == READY == doc.status and doc.has_value_changed("letter"):
		frappe.throw(
			_("The letter: it is signed. Use the button “Write it again” first."), lifecycle.TransitionError
		)
