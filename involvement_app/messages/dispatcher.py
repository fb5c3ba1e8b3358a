import html
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, now_datetime
from redis.exceptions import RedisError

from involvement_app.messages import templates

MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class Recipient:
	"""How somebody wants to hear from us. `address`: e-mail address or phone number; None where we have none.
	`paused`: only what we owe them is sent."""

	name: str
	channel: str
	address: str | None
	paused: bool = False


def send(template: str, to: tuple[str, str], context: dict, about=None, owed: bool = True) -> str | None:
	"""Put a message in the outbox; returns its name, or None when the person has paused and nothing is owed.

	`to`: (doctype, name) of the recipient. `about`: the document it speaks of."""
	recipient = _recipient(*to)
	if recipient.paused and not owed:
		return None
	subject, body = templates.render(template, {"name": recipient.name, **context})
	row = frappe.get_doc(
		{
			"doctype": "Involvement Message",
			"recipient_doctype": to[0],
			"recipient": to[1],
			"channel": recipient.channel,
			"address": recipient.address,
			"template": template,
			"subject": subject,
			"body": body,
			"send_after": now_datetime(),
			"reference_doctype": about and about.doctype,
			"reference_name": about and about.name,
			"status": "Waiting",
			"error": _waits_for_a_person(recipient),
		}
	)
	row.set_new_name()
	row.set_user_and_timestamp()
	# a direct insert: the outbox has no rules of its own, and the state change that causes it stays cheap
	row.db_insert()
	_wake()
	return row.name


def _recipient(doctype: str, name: str) -> Recipient:
	if doctype == "User":
		first_name = frappe.get_cached_value("User", name, "first_name")
		return Recipient(first_name, "Email", name)
	resolver = frappe.get_hooks("involvement_recipients")[doctype][-1]
	return frappe.get_attr(resolver)(name)


def _waits_for_a_person(recipient: Recipient) -> str | None:
	if recipient.channel != "Email":
		return _("To be told by {0}").format(_(recipient.channel).lower())
	if not recipient.address:
		return _("There is no e-mail address for this person")
	return None


def _wake() -> None:
	try:
		frappe.enqueue(
			"involvement_app.messages.flush",
			queue="short",
			job_id="involvement-messages",
			deduplicate=True,
			enqueue_after_commit=True,
		)
	except RedisError:
		frappe.logger("involvement").warning("the queue is away; the outbox is flushed by the scheduler")


def flush(limit: int = 200) -> int:
	"""Deliver what waits; returns how many were handed over. Each row stands alone: one that fails waits
	longer (doubling from five minutes), says why, and after MOST_ATTEMPTS is Not sent."""
	rows = frappe.get_all(  # a job's own list, no reader
		"Involvement Message",
		filters={
			"status": "Waiting",
			"channel": "Email",
			"address": ["is", "set"],
			"send_after": ["<=", now_datetime()],
		},
		pluck="name",
		order_by="creation",
		limit=limit,
	)
	# one by one: each row is locked for its own delivery, and fails alone
	return sum(_deliver(name) for name in rows)


def _deliver(name: str) -> bool:
	"""Bounded: one row of the outbox, locked."""
	row = frappe.db.get_value(
		"Involvement Message",
		name,
		["status", "address", "subject", "body", "attempts"],
		as_dict=True,
		for_update=True,
	)
	if not row or row.status != "Waiting":
		return False
	frappe.db.savepoint("involvement_message")
	try:
		# no reference document: nothing may land on a Contact's timeline (law 9)
		frappe.sendmail(
			recipients=[row.address],
			subject=row.subject,
			message=row.body,
			sender=_sender(),
			add_unsubscribe_link=0,
			delayed=True,
		)
	except Exception as problem:  # whatever stops a mail, the outbox says it and goes on with the next
		frappe.db.rollback(save_point="involvement_message")
		frappe.clear_messages()
		attempts = cint(row.attempts) + 1
		frappe.db.set_value(
			"Involvement Message",
			name,
			{
				"attempts": attempts,
				"status": "Not sent" if attempts >= MOST_ATTEMPTS else "Waiting",
				"send_after": add_to_date(now_datetime(), minutes=5 * 2 ** (attempts - 1)),
				"error": html.unescape(str(problem))[:500] or type(problem).__name__,
			},
		)
		return False
	frappe.db.set_value(
		"Involvement Message", name, {"status": "Sent", "sent_on": now_datetime(), "error": None}
	)
	return True


def _sender() -> str | None:
	"""The site's outgoing address under a neutral name; None leaves it to Frappe."""
	name = frappe.db.get_single_value("Involvement Settings", "sender_name", cache=True)
	account = name and frappe.db.get_value("Email Account", {"default_outgoing": 1}, "email_id", cache=True)
	return f"{name} <{account}>" if account else None
