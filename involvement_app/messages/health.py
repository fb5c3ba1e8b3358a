"""Whether the outbox empties."""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Min
from frappe.utils import now_datetime, time_diff_in_seconds

from involvement_app.health import Check, Finding, fail, ok, warn
from involvement_app.health.site import age
from involvement_app.messages.outbox import AUTOMATIC

HOUR = 3600
OUTBOX = "involvement-message"


def outbox() -> Finding:
	"""What should have gone by itself, to somebody with an address, and is due."""
	message = frappe.qb.DocType("Involvement Message")
	count, oldest = (
		frappe.qb.from_(message)
		.select(Count("*"), Min(_since(message)))
		.where(
			message.status.isin(("Waiting", "Handed over"))
			& message.channel.isin(AUTOMATIC)
			& message.address.isnotnull()
			& (message.address != "")
			& (message.send_after <= now_datetime())
		)
		.run()[0]
	)
	seconds = time_diff_in_seconds(now_datetime(), oldest) if oldest else 0
	if seconds < HOUR:
		return ok(_("No message waits that could go."))
	says = _("{0} messages wait to be sent, the oldest for {1}.").format(count, age(seconds))
	do = _("Each row of the outbox says what stops it; usually the mail account, the scheduler or the queue.")
	return fail(says, do, OUTBOX) if seconds > 24 * HOUR else warn(says, do, OUTBOX)


def _since(message):
	return Coalesce(message.waits_since, message.creation)


def not_sent() -> Finding:
	count = frappe.db.count("Involvement Message", {"status": "Not sent"})
	if count:
		return warn(
			_("{0} messages were given up on.").format(count),
			_("Tell these people in another way, and mend their address."),
			f"{OUTBOX}?status=Not+sent",
		)
	return ok(_("No message was given up on."))


def told_by_hand() -> Finding:
	"""To be told by phone or post, printed and not posted yet, or without an address."""
	message = frappe.qb.DocType("Involvement Message")
	unaddressed = message.address.isnull() | (message.address == "")
	by_hand = message.channel.notin(AUTOMATIC) | unaddressed
	count, oldest = (
		frappe.qb.from_(message)
		.select(Count("*"), Min(_since(message)))
		.where((message.status == "Printed") | ((message.status == "Waiting") & by_hand))
		.run()[0]
	)
	seconds = time_diff_in_seconds(now_datetime(), oldest) if oldest else 0
	if seconds > 3 * 24 * HOUR:
		return warn(
			_("{0} messages wait for somebody to pass them on, the oldest for {1}.").format(
				count, age(seconds)
			),
			_("Ask the coordinators to look at “Messages that wait”."),
			OUTBOX,
		)
	return ok(_("Nothing has waited for long to be passed on by hand."))


CHECKS = (
	Check("Does the outbox empty?", outbox),
	Check("Did every message go?", not_sent),
	Check("Is everybody told who is told by hand?", told_by_hand),
)
