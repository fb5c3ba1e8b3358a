"""Many payments approved with one press (domain 4.12): each is decided on by its own guards, as if it were opened. What may
not be approved stays as it is, and is named with the reason."""

import frappe
from frappe import _

from involvement_app import arguments, lifecycle
from involvement_app.involvement_payments.states import PAYMENT
from involvement_app.lifecycle import retry_on_deadlock

MOST = 20  # a request; the list asks again for the next ones, and says how far it is


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def approve(names: str | list) -> dict:
	"""{approved: [name], refused: {name: sentence}}. Raises ValidationError where more than MOST are asked for."""
	wanted = list(dict.fromkeys(arguments.names(names, _("Payments"))))
	if len(wanted) > MOST:
		frappe.throw(_("At most {0} at a time.").format(MOST))
	answer = {"approved": [], "refused": {}}
	for name in wanted:  # one by one: each has guards of its own
		if said := _approve(name):
			answer["refused"][name] = said
		else:
			answer["approved"].append(name)
	return answer


def _approve(name: str) -> str | None:
	frappe.db.savepoint("involvement_approving")
	try:
		doc = frappe.get_doc(PAYMENT, name)
		doc.check_permission("read")
		lifecycle.apply(doc, "Approve")
	except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as problem:
		frappe.db.rollback(save_point="involvement_approving")
		frappe.clear_messages()
		return frappe.utils.strip_html(str(problem)) or _("You may not approve this.")
	return None
