"""What becomes of the outbox's rows.

Waiting → Handed over (a mail, with Email Queue) → Sent, or Not sent; a text message is Sent at once; what goes by
hand waits for somebody: Printed, Sent. Whatever stops a message, its row says it, and no state change elsewhere ever
waited for it. Mails and texts are tried MOST_ATTEMPTS times, waiting longer each time (doubling from five minutes);
what a site lacks (no account, no gateway) is no attempt, it waits until that is there. What a person does with a
row is in `STEPS`; which steps there are at all, in `messages/lifecycle.py`."""

import html
from dataclasses import dataclass, replace
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, get_datetime, now_datetime
from rq.timeouts import JobTimeoutException

from involvement_app.lifecycle import Transition, TransitionError
from involvement_app.messages import quiet, templates
from involvement_app.messages.channels import Outgoing, Refused, TryLater, channel, email
from involvement_app.messages.dispatcher import Recipient, recipient
from involvement_app.messages.lifecycle import LIFECYCLE, moves

OUTBOX = "Involvement Message"
AUTOMATIC = ("Email", "Text message")
MOST_ATTEMPTS = 8
SITE_MINUTES = 15
LOST_MINUTES = 60
FIELDS = (
	"name",
	"creation",
	"status",
	"recipient_doctype",
	"recipient",
	"channel",
	"address",
	"template",
	"owed",
	"subject",
	"body",
	"short_text",
	"channel",
	"address",
	"address_stays",
	"attempts",
	"error",
	"waits_since",
	"email_queue",
	"reference_doctype",
	"reference_name",
)


def work() -> None:
	"""The job: hand over what is due, have mails carried, and learn what became of those others carried. Commits
	after each, because what has left cannot be taken back."""
	flush(after_each=frappe.db.commit)  # what has left cannot be taken back
	# one by one: each mail is a talk with the mail server
	for name in _due("Handed over"):
		carry(name)
	follow()


def hurry(name: str) -> None:
	"""The job for a message that somebody waits for."""
	deliver(name)
	frappe.db.commit()  # handed over: what comes next cannot be taken back
	carry(name)


def flush(limit: int = 200, after_each=None) -> int:
	"""Hand over what is due; returns how many went. Each row stands alone."""
	gone = 0
	# one by one: each row is locked for its own delivery, and fails alone
	for name in _due("Waiting", limit):
		gone += deliver(name)
		if after_each:
			after_each()
	return gone


def _due(status: str, limit: int = 200) -> list[str]:
	return frappe.get_all(  # a job's own list, no reader
		OUTBOX,
		filters={"status": status, "channel": ["in", AUTOMATIC], "send_after": ["<=", now_datetime()]},
		pluck="name",
		order_by="send_after, creation",
		limit=limit,
	)


def deliver(name: str) -> bool:
	"""Hand one over if nothing is in the way; True when it left."""
	row = _locked(name)
	if not row or row.status != "Waiting":
		return False
	frappe.db.savepoint("involvement_message")
	try:
		values = _hand_over(row)
	except Exception as problem:  # whatever stops one, the outbox says it and goes on with the next
		frappe.db.rollback(save_point="involvement_message")
		frappe.clear_messages()
		values = _after(row, problem)
		_write(row, values)
		if isinstance(problem, JobTimeoutException):
			frappe.db.commit()  # the queue ends this job now; the row must not be the first of the next one
			raise
		return False
	_write(row, values)
	return values.get("status") in ("Handed over", "Sent")


def _locked(name: str):
	return frappe.db.get_value(OUTBOX, name, FIELDS, as_dict=True, for_update=True)


def _write(row, values: dict) -> None:
	"""Raises TransitionError where there is no such step."""
	to = values.get("status", row.status)
	if not moves(row.status, to):
		raise TransitionError(f"{row.name}: {row.status} → {to}")
	frappe.db.set_value(OUTBOX, row.name, values)  # the outbox's own row, locked above


def _hand_over(row) -> dict:
	"""The row's new values. What stands in the way comes first, then the channel."""
	person = _person(row)
	template = templates.of(row.template)
	if not person:
		return {"status": "Cancelled", "error": _("This person is no longer on the register")}
	if person.paused and not row.owed:
		return {"status": "Cancelled", "error": _("The person has paused; this is not owed to them")}
	if now_datetime() > get_datetime(row.waits_since or row.creation) + timedelta(hours=template.hours):
		return {
			"status": "Not sent",
			"error": _("It waited until it was too late: {0}").format(row.error or ""),
		}
	if not row.body:
		return {
			"status": "Not sent",
			"error": _("Its words are not kept any more. Please tell them yourself."),
		}
	way, chosen = channel(person.channel), {"channel": person.channel, "address": person.address}
	if not person.address:
		return {**chosen, "error": way.unaddressed(), "send_after": add_to_date(now_datetime(), days=1)}
	if way.by_hand:
		return {**chosen, "error": way.waits_for()}
	allowed = now_datetime() if template.any_hour else quiet.next_allowed()
	if allowed > now_datetime():
		return {
			**chosen,
			"error": _("Quiet hours until {0}").format(f"{allowed:%H:%M}"),
			"send_after": allowed,
		}
	if problem := way.site_problem():
		return {**chosen, "error": problem, "send_after": add_to_date(now_datetime(), minutes=SITE_MINUTES)}
	return {**chosen, **way.hand_over(_outgoing(row, person, template))}


def _person(row) -> Recipient | None:
	"""As they are now: the channel, the address or a pause may have changed since."""
	try:
		return as_addressed(row, recipient(row.recipient_doctype, row.recipient))
	except frappe.DoesNotExistError:
		return None


def as_addressed(row, person: Recipient) -> Recipient:
	"""A message whose address stays goes where it was addressed to."""
	return replace(person, channel=row.channel, address=row.address) if row.address_stays else person


def _outgoing(row, person: Recipient, template: templates.Template) -> Outgoing:
	words = {"body": row.body or "", "text": row.short_text or ""}
	if template.late_link:
		link = frappe.utils.escape_html(frappe.get_attr(template.late_link)(row.recipient))
		words = {key: value.replace(templates.LATE_LINK, link) for key, value in words.items()}
	# made now, so that it says what is true now
	with_it = (
		frappe.get_attr(template.attaches)(row) if template.attaches and person.channel == "Email" else ()
	)
	return Outgoing(
		name=row.name,
		address=person.address,
		subject=row.subject or "",
		attachments=tuple(with_it),
		**words,
	)


def _after(row, problem: Exception) -> dict:
	"""The row's new values after an attempt that failed."""
	why = (html.unescape(frappe.utils.strip_html(str(problem))) or type(problem).__name__)[:500]
	if isinstance(problem, Refused):
		return {"status": "Not sent", "error": why}
	attempts = cint(row.attempts) + 1
	return {
		"attempts": attempts,
		"status": "Not sent" if attempts >= MOST_ATTEMPTS else row.status,
		"send_after": add_to_date(now_datetime(), minutes=5 * 2 ** (attempts - 1)),
		"error": why,
	}


# --- a mail on its way ----------------------------------------------------------------------------


def carry(name: str) -> None:
	"""Have one mail sent now. Commits: Frappe does so around its talk with the mail server."""
	row = _locked(name)
	if not row or row.status != "Handed over":
		return
	problem = None
	try:
		email.carry(row.email_queue)
	except (TryLater, Refused) as stopped:
		problem = stopped
	settle(row, problem)
	frappe.db.commit()  # what has left cannot be taken back


def follow() -> int:
	"""Every few minutes: what became of mails that Frappe's own flush or an administrator carried. Returns how
	many rows changed."""
	message, mail = frappe.qb.DocType(OUTBOX), frappe.qb.DocType("Email Queue")
	names = (
		frappe.qb.from_(message)
		.left_join(mail)
		.on(mail.name == message.email_queue)
		.select(message.name)
		.where(message.status == "Handed over")
		.where(
			mail.name.isnull()
			| mail.status.isin(["Sent", "Error"])
			| ((mail.status == "Sending") & (mail.modified < _lost()))
		)
		.limit(1000)
		.run(pluck=True)
	)
	# one by one: each row is locked; few ever change without us
	for name in names:
		row = _locked(name)
		if row and row.status == "Handed over":
			settle(row)
	return len(names)


def _lost():
	"""Whatever has been on the wire since before then was cut off."""
	return add_to_date(now_datetime(), minutes=-LOST_MINUTES)


def settle(row, problem: Exception | None = None) -> None:
	"""Bring the row to what Email Queue says of its mail, or what our own attempt (`problem`) has shown."""
	mail = email.state(row.email_queue)
	secret = bool(templates.of(row.template).late_link)
	if not mail:
		values = {"status": "Not sent", "error": _("The mail is gone from Email Queue. It may have arrived.")}
	elif mail.status == "Sent":
		values = {"status": "Sent", "sent_on": now_datetime(), "error": None}
		if secret:
			email.blank(row.email_queue)
	elif problem or mail.status == "Error":
		values = _after(row, problem or TryLater(email.last_words(mail.error)))
		values.update(_mail_after(row, values, secret))
	elif mail.status == "Sending" and get_datetime(mail.modified) < _lost():
		values = {"status": "Not sent", "error": _("It was cut off while it was sent. It may have arrived.")}
	else:
		why = email.CHANNEL.site_problem() or _("It is with Email Queue")
		values = {"error": why, "send_after": add_to_date(now_datetime(), minutes=SITE_MINUTES)}
	_write(row, values)


def _mail_after(row, values: dict, secret: bool) -> dict:
	"""What happens to the mail of an attempt that failed: opened again for the next one, or closed for good. A mail
	with a secret is taken back, so that the next attempt has a fresh one."""
	if secret:
		email.discard(row.email_queue)
		return {"email_queue": None, **({} if values["status"] == "Not sent" else {"status": "Waiting"})}
	if values["status"] == "Not sent":
		email.close(row.email_queue)
	else:
		email.open_again(row.email_queue, values["send_after"])
	return {}


# --- what people do with a row --------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
	"""What the declaration leaves open. `channels`: for these alone (all when empty). `wakes`: sent at once."""

	step: Transition
	channels: tuple[str, ...] = ()
	wakes: bool = False

	@property
	def sources(self) -> tuple[str, ...]:
		return self.step.sources

	@property
	def to(self) -> str:
		return self.step.to


# no step: it waits as before, but not any longer
SEND_NOW = Transition("Send now", ("Waiting",), "Waiting")
OF_LETTERS = ("Mark as posted", "Not posted yet", "Back to waiting")
WAKING = (SEND_NOW.action, "Try again")
STEPS = {
	step.action: Step(
		step, channels=("Post",) if step.action in OF_LETTERS else (), wakes=step.action in WAKING
	)
	for step in (SEND_NOW, *LIFECYCLE.transitions)
	if not step.job and step.action != "Print letters"  # letters are printed together (`letters.py`)
}


class NotPossibleNow(frappe.ValidationError):
	pass


def steps_of(row) -> list[str]:
	"""The steps that `row` (status, channel) has now."""
	return [
		action
		for action, step in STEPS.items()
		if row.status in step.sources and (not step.channels or row.channel in step.channels)
	]


def take(action: str, names: list[str]) -> int:
	"""One step for all of `names`, or for none: rows locked, states checked, one UPDATE that names the old states.

	The caller has checked who asks. Raises NotPossibleNow naming the rows that are elsewhere."""
	step = STEPS[action]
	table = frappe.qb.DocType(OUTBOX)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.status, table.channel)
		.where(table.name.isin(names))
		.for_update()
		.run(as_dict=True)
	)
	strays = [row.name for row in rows if action not in steps_of(row)]
	if strays or len(rows) != len(set(names)):
		frappe.throw(
			_(
				"“{0}” is not possible now for {1}. Somebody may have been quicker: look at the list again."
			).format(_(action), ", ".join(strays[:20]) or _("a message that is gone")),
			NotPossibleNow,
		)
	# rows locked and checked above; nobody holds a right to write them
	query = frappe.qb.update(table).where(table.name.isin(names) & table.status.isin(step.sources))
	for fieldname, value in _values(action, step).items():
		query = query.set(table[fieldname], value)
	query.run()
	return len(rows)


def _values(action: str, step: Step) -> dict:
	now = now_datetime()
	values = {
		"status": step.to,
		"handled_by": frappe.session.user,
		"modified": now,
		"modified_by": frappe.session.user,
		"error": None,
	}
	if step.wakes:
		values.update(send_after=now, waits_since=now, attempts=0, email_queue=None)
	if step.to == "Sent":
		values["sent_on"] = now
	elif "Sent" in step.sources:
		values["sent_on"] = None
	if action == "It came back":
		values["error"] = _("It came back. Please check the address.")
	if step.to == "Waiting" and not step.wakes:
		values.update(print_run=None, error=channel("Post").waits_for())
	return values


# --- what is kept ---------------------------------------------------------------------------------


def forget_texts() -> int:
	"""Daily: of messages that are done with, what was written and where it went is emptied after the days that the
	settings say; that somebody was told, and when, stays. Returns how many rows were emptied."""
	days = cint(frappe.get_cached_doc("Involvement Settings").keep_messages_days)
	if not days:
		return 0
	table = frappe.qb.DocType(OUTBOX)
	done = (
		table.status.isin(["Sent", "Not sent", "Cancelled"])
		& (table.modified < add_to_date(now_datetime(), days=-days))
		& table.body.notnull()
	)
	names = frappe.qb.from_(table).select(table.name).where(done).limit(5000).run(pluck=True)
	if names:
		query = frappe.qb.update(table).where(table.name.isin(names))  # a job's own list
		for fieldname in ("body", "short_text", "subject", "address", "error"):
			query = query.set(table[fieldname], None)
		query.run()
	return len(names)
