"""A large batch on the queue (domain 5.1: 5,000 payments locked and written in 20 seconds): one job for each batch at a
time, by the person who asked for it and with their rights, and a bar that says how far it is."""

import frappe
from frappe import _
from frappe.utils import cstr
from redis.exceptions import RedisError

from involvement_app import lifecycle

BATCH = "Involvement Payment Batch"
STEPS = ("Lock", "Export", "Confirm")
ADD = "Add approved payments"
TIMEOUT = 900
SAVEPOINT = "involvement_large_batch"


@frappe.whitelist(methods=["POST"])
def start(batch: str, action: str) -> None:
	"""Raises PermissionError, ValidationError; what stands in the way of the step itself is said by the job."""
	doc = frappe.get_doc(BATCH, cstr(batch))
	doc.check_permission("write")
	if action not in (*STEPS, ADD):
		frappe.throw(_("This is not done on the queue."))
	try:
		job = frappe.enqueue(
			"involvement_app.involvement_payments.large.run",
			queue="long",
			timeout=TIMEOUT,
			job_id=f"involvement-batch-{doc.name}",
			deduplicate=True,
			batch=doc.name,
			action=action,
		)
	except RedisError:
		frappe.throw(
			_("The background queue is not running, so nothing was started. Please tell your system manager.")
		)
	if not job:
		frappe.throw(
			_("{0} is being worked on already. Wait until that has ended, and then try again.").format(
				doc.name
			)
		)


def run(batch: str, action: str) -> None:
	"""The job. It runs as whoever asked for it, so every guard asks about them. What the step has to say besides (who was
	left out, and whom to ask) is handed on with the end."""
	say(batch, 5)
	try:
		_step(batch, action)
	except (frappe.ValidationError, frappe.PermissionError) as problem:
		frappe.db.rollback(save_point=SAVEPOINT)
		say(batch, 100, str(problem) or _("This was not possible."))
	except Exception:
		say(
			batch,
			100,
			_(
				"Something went wrong, and nothing was changed. Please try again. If it goes on, tell your system manager."
			),
		)
		raise
	else:
		say(batch, 100, notes="<br>".join(row["message"] for row in frappe.get_message_log()))


@lifecycle.retry_on_deadlock
def _step(batch: str, action: str) -> None:
	frappe.clear_messages()
	frappe.db.savepoint(SAVEPOINT)
	doc = frappe.get_doc(BATCH, batch)
	doc.flags.says_how_far = True
	if action == ADD:
		doc.add_approved_payments()
	else:
		lifecycle.apply(doc, action)


def tick(doc, percent: int) -> None:
	if doc.flags.says_how_far:
		say(doc.name, percent)


def say(batch: str, percent: int, problem: str = "", notes: str = "") -> None:
	frappe.publish_realtime(
		"involvement_batch",
		{"batch": batch, "percent": percent, "problem": problem, "notes": notes},
		user=frappe.session.user,
		# the end is said once it is kept
		after_commit=percent == 100 and not problem,
	)
