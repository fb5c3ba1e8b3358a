"""E-mail through Frappe's Email Queue, followed to its end.

Handing over makes the Email Queue row; `carry` has Frappe send it at once and learns how that went; `follow` reads
what became of rows that somebody else carried (Frappe's own flush, an administrator). Our outbox sets the pace: the
Email Queue row is opened again for each of our attempts, so one message is one mail."""

import smtplib

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import add_to_date, cint, now_datetime, split_emails

from involvement_app.messages.channels import Channel, Outgoing, Refused, TryLater

SPARE_MINUTES = 10


class Email(Channel):
	def unaddressed(self) -> str:
		return _("There is no e-mail address for this person")

	def site_problem(self) -> str | None:
		if frappe.are_emails_muted():
			return _("This site sends no mail: mute_emails is set")
		if cint(frappe.db.get_default("suspend_email_queue")):
			return _("Sending is suspended in Email Queue")
		if not EmailAccount.find_default_outgoing():
			return _("No outgoing e-mail account is set up (Email Account)")
		return None

	def hand_over(self, message: Outgoing) -> dict:
		sender = _sender()
		# of the sender's domain, because a site's own name may tell
		message_id = (
			f"{frappe.generate_hash(length=24)}@{(_account_address() or 'mail.invalid').rpartition('@')[2]}"
		)
		# no reference document and no Communication: nothing may land on a Contact's timeline (law 9)
		frappe.sendmail(
			recipients=[message.address],
			subject=message.subject,
			message=message.body,
			attachments=list(message.attachments),
			sender=sender,
			reply_to=_replies_go_to(),
			message_id=message_id,
			add_unsubscribe_link=0,
			delayed=True,
			send_after=add_to_date(now_datetime(), minutes=SPARE_MINUTES),  # `carry` comes first
		)
		queued = frappe.db.get_value("Email Queue", {"message_id": message_id})
		if not queued:  # Frappe logs an address it cannot use and goes on; an unsubscribed one is left out
			raise Refused(_("Frappe took no mail for this address: not valid, or unsubscribed from all mail"))
		return {"status": "Handed over", "email_queue": queued, "error": None}


def carry(queued: str) -> None:
	"""Have Frappe send the mail now. Commits, as Frappe does around the talk with the mail server.

	Raises TryLater or Refused in plain words."""
	try:
		# locked, so read as it is now: an older view would have two workers send one mail
		frappe.get_doc("Email Queue", queued, for_update=True).send()
	except Exception as problem:  # whatever it is, the outbox says it
		frappe.clear_messages()
		raise _understood(problem)


def _understood(problem: Exception) -> Exception:
	"""What a mail server's answer means: 5xx is for good."""
	if isinstance(problem, smtplib.SMTPRecipientsRefused):
		code, words = next(iter(problem.recipients.values()))
		return _answer(_("The mail server refused the address"), code, words)
	if isinstance(problem, smtplib.SMTPResponseException):
		return _answer(_("The mail server refused the mail"), problem.smtp_code, problem.smtp_error)
	if isinstance(problem, OSError | smtplib.SMTPException):
		return TryLater(_("The mail server cannot be reached ({0})").format(type(problem).__name__))
	return TryLater(_("The mail could not be sent: {0}").format(frappe.utils.strip_html(str(problem))[:200]))


def _answer(words: str, code: int, said: bytes | str) -> Exception:
	said = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
	# 535 and the like are our own account's trouble, not this mail's
	final = 500 <= code < 600 and code not in (530, 534, 535, 538)
	return (Refused if final else TryLater)(f"{words}: {code} {said}"[:400])


def state(queued: str) -> frappe._dict | None:
	return frappe.db.get_value("Email Queue", queued, ["status", "error", "modified"], as_dict=True)


def last_words(error: str | None) -> str:
	"""The last line of what Email Queue noted, where that is more than a place in the code."""
	lines = [line.strip() for line in (error or "").splitlines() if line.strip() and not line.startswith(" ")]
	return (lines[-1] if lines else "")[:300] or _("Email Queue could not send it")


def open_again(queued: str, not_before) -> None:
	"""For our next attempt; Frappe's own flush leaves it alone until a little later."""
	frappe.db.set_value(  # a row this channel made
		"Email Queue",
		queued,
		{"status": "Not Sent", "retry": 0, "send_after": add_to_date(not_before, minutes=SPARE_MINUTES)},
	)


def close(queued: str) -> None:
	"""No further attempt, by anybody."""
	frappe.db.set_value("Email Queue", queued, "status", "Error")  # a row this channel made


def discard(queued: str) -> None:
	"""Take back a mail that was not sent: it holds a secret that will be made anew. Bounded: a row this channel made."""
	frappe.db.delete("Email Queue", {"name": queued})
	frappe.db.delete("Email Queue Recipient", {"parent": queued})


def blank(queued: str) -> None:
	"""A mail that was sent and held a secret: Email Queue need not keep it. Bounded: a row this channel made."""
	frappe.db.set_value("Email Queue", queued, "message", "")


def warnings() -> list[str]:
	"""Where Frappe would take replies in and show them on the timeline of the Contact with that address."""
	taken_in = frappe.get_all(
		"Email Account", {"enable_incoming": 1}, pluck="email_id"
	)  # addresses of accounts only
	back = split_emails(_replies_go_to() or "") or [_account_address()]
	return [
		_(
			"Replies go to {0}, which this site reads in: they would show on the timeline of people's Contacts. Choose another contact e-mail in Involvement Settings."
		).format(address)
		for address in back
		if address in taken_in
	]


def _sender() -> str | None:
	"""The site's outgoing address under a neutral name; None leaves it to Frappe."""
	name, address = frappe.get_cached_doc("Involvement Settings").sender_name, _account_address()
	return f"{name} <{address}>" if name and address else None


def _account_address() -> str | None:
	account = EmailAccount.find_default_outgoing()
	return account and account.email_id


def _replies_go_to() -> str | None:
	return frappe.get_cached_doc("Involvement Settings").contact_email or None


CHANNEL = Email()
