"""A failed gate that stops nothing: a manager with no hand in the opportunity says why, and it is counted (domain 4.5)."""

import frappe
from frappe import _
from frappe.utils import cstr

from involvement_app import lifecycle
from involvement_app.involvement_app.gates import DECIDED_ON, FAIL, NEVER_OVERRIDDEN
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.lifecycle.guards import hands_of
from involvement_app.setup.roles import MANAGER

OPPORTUNITY = "Involvement Opportunity"
MOST_REASON = 1000


def carried_over(rows: list[dict], before, unchanged: bool) -> list[dict]:
	"""`rows` with the overrides of `before`, the stored document: where nobody has changed it since, or the figure is
	still the one that was overridden."""
	overridden = {row.gate: row for row in before.gates if row.override_by} if before else {}
	for row in rows:
		was = overridden.get(row["gate"])
		same = was and (row["value"], row["threshold"]) == (was.value, was.threshold)
		if was and row["result"] == FAIL and (unchanged or same):
			row |= {"override_by": was.override_by, "override_reason": was.override_reason}
	return rows


@frappe.whitelist(methods=["POST"])
def override(opportunity: str, gate: str, reason: str) -> int:
	"""A failed gate that stops nothing, for a reason; answers how many there are now. Raises PermissionError,
	StepNotPermitted for whoever has a hand in it, ValidationError."""
	doc, row = _for_override(opportunity, gate)
	reason = cstr(reason).strip()
	if row.gate in NEVER_OVERRIDDEN:
		frappe.throw(_("{0} cannot be overridden: {1}").format(row.gate, row.how_to_fix))
	if row.result != FAIL or row.override_by:
		frappe.throw(_("{0}: there is nothing to override.").format(row.gate))
	if not reason:
		frappe.throw(_("Reason: say why it may go on all the same."))
	if len(reason) > MOST_REASON:
		frappe.throw(_("Reason: at most {0} letters. It has {1}.").format(MOST_REASON, len(reason)))
	row.override_by, row.override_reason = frappe.session.user, reason
	return _keep(
		doc, _("overrode {0} ({1}): {2}").format(row.gate, row.value, frappe.utils.escape_html(reason))
	)


@frappe.whitelist(methods=["POST"])
def take_back_override(opportunity: str, gate: str) -> int:
	"""The gate stops again; answers how many are still overridden. Raises as `override` does."""
	doc, row = _for_override(opportunity, gate)
	if not row.override_by:
		frappe.throw(_("{0}: there is nothing to take back.").format(row.gate))
	row.override_by = row.override_reason = None
	return _keep(doc, _("took back the override of {0}").format(row.gate))


def _for_override(opportunity: str, gate: str):
	doc = frappe.get_doc(OPPORTUNITY, cstr(opportunity), for_update=True)
	doc.check_permission("write")
	if MANAGER not in frappe.get_roles():
		raise frappe.PermissionError
	if frappe.session.user in hands_of(doc, "lead", "submitted_by"):
		frappe.throw(
			_("{0}: you created, lead or changed this, so another manager decides on the check.").format(
				doc.name
			),
			StepNotPermitted,
		)
	if doc.status not in DECIDED_ON:
		frappe.throw(_("{0} is {1}: the checklist stands as it was.").format(doc.name, _(doc.status)))
	row = next((row for row in doc.gates if row.gate == gate), None)
	if not row:
		frappe.throw(_("Gate: choose one of the checklist."))
	return doc, row


def _keep(doc, said: str) -> int:
	doc.flags.overriding = True
	with lifecycle.server_side():
		doc.save()
	doc.add_comment("Info", said)
	return doc.overrides
