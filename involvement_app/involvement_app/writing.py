"""Staff write to somebody first (domain 4.8, 4.10). The words are kept as a contact note that is shared with the person,
and reach them in the way they chose: on their page where they have one, else in the message itself, which leaves by
post or is read to them. The person answers by asking a question, or in any other way. Who takes a break, or has left,
hears only what is owed to them."""

import frappe
from frappe import _
from frappe.utils import cstr, get_url, now_datetime, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import questions
from involvement_app.involvement_app.participants import PARTICIPANT, reach_us, recipient, refuse_strangers
from involvement_app.messages.channels import channel

NOTE = "Participant Contact Note"
MOST = 2000


class Away(frappe.ValidationError):
	"""They take a break, or have left: nothing is sent that is not owed."""


@frappe.whitelist(methods=["POST"])
def write_to(participant: str, words: str) -> dict:
	"""Answers {note, channel, told: whether it leaves by itself}. Raises PermissionError, Away, ValidationError; nothing
	is kept of what is refused."""
	participant, words = cstr(participant), cstr(words).strip()
	_refuse(participant, words)
	person = recipient(participant)
	if person.paused:
		frappe.throw(
			_(
				"{0} is taking a break or has left, and hears only what is owed to them. Write to them when they are back."
			).format(frappe.utils.escape_html(person.name)),
			Away,
		)
	note = frappe.new_doc(NOTE, participant=participant, by=frappe.session.user, happened_on=today())
	note.update({"how": _how(person.channel), "summary": words, "shared": 1})
	with lifecycle.server_side():
		note.sent_on = now_datetime()
		note.insert()
	_tell(note)
	way = channel(person.channel)
	return {
		"note": note.name,
		"channel": person.channel,
		"told": bool(person.address) and not way.waits_for(),
	}


def _refuse(participant: str, words: str) -> None:
	if not frappe.has_permission(NOTE, "create"):
		raise frappe.PermissionError
	refuse_strangers(participant, "write")
	if not words:
		frappe.throw(_("Message: write what you want to tell them."))
	if len(words) > MOST:
		frappe.throw(_("Message: at most {0} letters. It has {1}.").format(MOST, len(words)))


def _how(channel_name: str) -> str:
	return "E-mail" if channel_name == "Email" else channel_name


def _tell(note) -> None:
	has_a_page = frappe.db.get_value(PARTICIPANT, note.participant, "user")
	context = {
		"words": None if has_a_page else note.summary,
		"link": get_url(questions.PAGE),
		"contact": reach_us(),
	}
	messages.send(
		"Involvement words for you", (PARTICIPANT, note.participant), context, about=note, owed=False
	)
