"""Guards that several lifecycles share."""

import frappe
from frappe import _
from frappe.model.document import Document

from involvement_app.lifecycle.declaration import Guard, Move
from involvement_app.lifecycle.engine import StepNotPermitted, TransitionError, changed_content


def required(*fieldnames: str) -> Guard:
	"""The step needs these fields filled."""

	def guard(doc: Document, move: Move) -> None:
		missing = [_(doc.meta.get_label(fieldname)) for fieldname in fieldnames if not doc.get(fieldname)]
		if missing:
			frappe.throw(
				_("Please fill in {0} before “{1}”.").format(", ".join(missing), _(move.transition.action)),
				TransitionError,
			)

	return guard


def not_own_work(*fieldnames: str) -> Guard:
	"""Nobody approves what they created, lead, handed in or changed since: `owner`, the users in
	`fieldnames` and those in `edited_by` (architecture law 1)."""

	def guard(doc: Document, move: Move) -> None:
		stored = doc.get_doc_before_save()
		if move.user in hands_of(stored, *fieldnames):
			frappe.throw(
				_("{0} {1}: you created, lead or changed this, so somebody else decides on it.").format(
					_(doc.doctype), doc.name
				),
				StepNotPermitted,
			)

	return guard


def hands_of(doc: Document, *fieldnames: str) -> set[str]:
	"""The users who created `doc`, stand in `fieldnames`, or changed it since it was last decided on."""
	return {doc.owner, *(doc.get(name) for name in fieldnames), *(doc.get("edited_by") or "").split()} - {
		None
	}


def nothing_else_changes(doc: Document, move: Move) -> None:
	"""What is approved is what was read: no edit rides along with the decision."""
	changed = changed_content(doc, doc.get_doc_before_save())
	if changed:
		frappe.throw(
			_("Save your changes to {0} first, then “{1}”.").format(
				", ".join(changed), _(move.transition.action)
			),
			TransitionError,
		)
