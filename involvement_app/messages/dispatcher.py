from dataclasses import dataclass
from weakref import WeakSet

import frappe
from frappe.utils import now_datetime
from redis.exceptions import RedisError

from involvement_app.messages import templates
from involvement_app.messages.channels import channel


@dataclass(frozen=True)
class Recipient:
	"""How somebody wants to hear from us. `address`: e-mail address, phone number, or the lines of a postal
	address; None where we have none. `paused`: only what we owe them is sent."""

	name: str
	channel: str
	address: str | None
	paused: bool = False
	large_print: bool = False


def send(
	template: str,
	to: tuple[str, str],
	context: dict,
	about=None,
	owed: bool = True,
	known: Recipient | None = None,
	stays: bool = False,
) -> str | None:
	"""Put a message in the outbox; returns its name, or None when the person has paused and nothing is owed.

	`to`: (doctype, name) of the recipient. `about`: the document it speaks of. `known`: who that is, where many
	were looked up at once. `stays`: it goes where `known` says, whatever way they choose until then: to where somebody
	was reached before something changed."""
	person = known or recipient(*to)
	if person.paused and not owed:
		return None
	words = templates.render(template, {"name": person.name, **context})
	now = now_datetime()
	row = frappe.get_doc(
		{
			"doctype": "Involvement Message",
			"recipient_doctype": to[0],
			"recipient": to[1],
			"channel": person.channel,
			"address": person.address,
			"template": template,
			"owed": int(owed),
			"address_stays": int(stays),
			"subject": words.subject,
			"body": words.body,
			"short_text": words.text,
			"waits_since": now,
			# quiet hours are asked when it is handed over: a row that failed by day may be due at night
			"send_after": now,
			"reference_doctype": about and about.doctype,
			"reference_name": about and about.name,
			"status": "Waiting",
			"error": _waits_for_a_person(person),
		}
	)
	row.set_new_name()
	row.set_user_and_timestamp()
	# a direct insert: the outbox has no rules of its own, and the state change that causes it stays cheap
	row.db_insert()
	wake(row.name if templates.of(template).any_hour else None)
	return row.name


def recipient(doctype: str, name: str) -> Recipient:
	"""Raises DoesNotExistError when they are gone."""
	if doctype == "User":
		first_name = frappe.get_cached_value("User", name, "first_name")
		return Recipient(first_name, "Email", name)
	resolver = frappe.get_hooks("involvement_recipients")[doctype][-1]
	return frappe.get_attr(resolver)(name)


def _waits_for_a_person(person: Recipient) -> str | None:
	way = channel(person.channel)
	if not person.address:
		return way.unaddressed()
	return way.waits_for() or None


_waking = WeakSet()  # connections that will wake the outbox when they commit


def wake(urgent: str | None = None) -> None:
	"""Have the outbox looked through once this transaction is kept, once however many messages it writes; for
	`urgent`, somebody waits: it has a job of its own, since a job that runs already may have passed it by."""
	if urgent:
		frappe.db.after_commit.add(lambda: _queue("involvement_app.messages.outbox.hurry", name=urgent))
		return
	connection = frappe.local.db
	if connection in _waking:
		return

	def look_through():
		_waking.discard(connection)
		# asked only now: Frappe compares with what is queued when it is called, and queues after the commit
		_queue("involvement_app.messages.work", job_id="involvement-messages", deduplicate=True)

	_waking.add(connection)
	frappe.db.after_commit.add(look_through)
	frappe.db.after_rollback.add(lambda: _waking.discard(connection))


def _queue(method: str, **job) -> None:
	try:
		frappe.enqueue(method, queue="short", **job)
	except RedisError:
		frappe.logger("involvement").warning("the queue is away; the scheduler looks through the outbox")
