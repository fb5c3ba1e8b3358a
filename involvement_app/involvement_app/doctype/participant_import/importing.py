"""The import itself: one queue job after another, each some rows and one transaction of the framework's. A job
that is killed leaves its rows as they were, so the list can be carried on and nobody is there twice."""

import json

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html
from redis.exceptions import RedisError

from involvement_app import lifecycle
from involvement_app.involvement_app import joining
from involvement_app.involvement_app.doctype.participant_import import past, rows
from involvement_app.involvement_app.doctype.participant_import.people import Listed

STEP = 100  # a job starts in about a second; the page shows progress between jobs
JOB = "involvement_app.involvement_app.doctype.participant_import.importing.run"


def start(doc) -> None:
	"""Raises ValidationError where there is nothing to start."""
	if doc.stage == "Importing" and not rows.is_stalled(doc):
		return
	if doc.stage not in ("Checked", "Importing"):
		frappe.throw(_("Check the file first."))
	if not doc.good_rows:
		frappe.throw(_("There is nothing to import in this list."))
	with lifecycle.server_side():
		doc.update({"stage": "Importing", "attempt": (doc.attempt or 0) + 1, "moved_on": now_datetime()})
		doc.save()
	_enqueue(doc)


def _enqueue(doc) -> None:
	try:
		frappe.enqueue(
			JOB,
			job_id=f"participant-import:{doc.name}:{doc.attempt}:{doc.good_rows}",
			deduplicate=True,
			enqueue_after_commit=True,
			name=doc.name,
			attempt=doc.attempt,
		)
	except RedisError:
		frappe.throw(
			_("The background queue is not running, so nothing was started. Please tell your system manager.")
		)


def run(name: str, attempt: int) -> None:
	"""One job of the queue."""
	# the framework may have read before the lock is ours; nothing is written yet, and `step` must see the latest
	frappe.db.rollback()
	if doc := step(name, attempt):
		_enqueue(doc)


def step(name: str, attempt: int):
	"""Import the next rows; answers the document while there are more. `attempt`: a job that was started
	again later finds itself superseded and stops."""
	_one_at_a_time()
	doc = frappe.get_doc("Participant Import", name, for_update=True)
	if doc.stage != "Importing" or doc.attempt != attempt:
		return None
	taken = rows.take(name, STEP)
	kind = past.Past if rows.of_the_past(doc) else Listed
	listed = [kind(**json.loads(row.data)) for row in taken]
	findings = rows.judge(doc, listed)
	# one by one: each fails alone and says why; STEP of them a job
	for row, person, finding in zip(taken, listed, findings, strict=True):
		_import(doc, row.name, person, finding)
	_move_on(doc, len(taken) < STEP)
	return doc if doc.stage == "Importing" else None


def _one_at_a_time() -> None:
	"""Two lists with the same new person: the second sees what the first has made. No unique key can say it,
	two people may share an e-mail address."""
	frappe.db.get_value("DocType", "Participant Import Row", "name", for_update=True)


def _import(doc, row: str, person: Listed, finding: joining.Finding | None) -> None:
	if person.faults:
		return _set(row, result="Faulty", reason="\n".join(person.faults))
	frappe.db.savepoint("involvement_import_row")
	try:
		participant = _add(doc, person, finding)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise  # the whole transaction is gone: Frappe starts the job again
	except Exception as problem:
		frappe.db.rollback(save_point="involvement_import_row")
		return _set(row, result="Faulty", reason=_reason(problem))
	# what the cells said is on the register now and not kept twice
	_set(row, result="Imported", participant=participant, data=None)


def _add(doc, person: Listed, finding: joining.Finding) -> str:
	if rows.of_the_past(doc):
		return past.add(person, finding, rows.source(doc))
	contact = finding.contact or joining.new_contact(
		person.first_name, person.last_name, person.email, person.numbers
	)
	return joining.register(
		contact, person.preferred_name, rows.source(doc), person.units, doc.told(), **person.details()
	).name


def _reason(problem: Exception) -> str:
	frappe.clear_messages()
	if isinstance(problem, frappe.ValidationError | frappe.PermissionError):
		return strip_html(str(problem))[:500] or _("Refused: {0}").format(type(problem).__name__)
	frappe.log_error(title="Participant Import")
	return _("This row could not be imported. The reason is in the Error Log.")


def _set(row: str, **values) -> None:
	# bounded to a row this job holds locked
	frappe.db.set_value(rows.ROW, row, values, update_modified=False)


def _move_on(doc, last: bool) -> None:
	found = rows.counts(doc.name)
	values = {
		"stage": "Done" if last else "Importing",
		"good_rows": found["Good"],
		"faulty_rows": found["Faulty"],
		"imported_rows": found["Imported"],
		"moved_on": now_datetime(),
	}
	# bounded to the counts of this run; `modified` moves at the end, so that an open form notices
	doc.db_set(values, update_modified=last)
	shown = {key: values[key] for key in ("stage", "good_rows", "faulty_rows", "imported_rows")}
	frappe.publish_realtime(
		"participant_import",
		{"name": doc.name, **shown},
		doctype=doc.doctype,
		docname=doc.name,
		after_commit=True,
	)
