"""What the outbox's list and form ask for. Coordinators and managers, on the rows they may read."""

import frappe
from frappe import _
from frappe.utils import cint, cstr

from involvement_app import arguments
from involvement_app.lifecycle import retry_on_deadlock
from involvement_app.messages import letters, outbox
from involvement_app.messages.channels import channel, email
from involvement_app.messages.dispatcher import wake
from involvement_app.messages.outbox import OUTBOX

# what goes wrong on the site, said where somebody waits for it
AUTOMATIC_AND_LETTERS = ("Email", "Text message")


@frappe.whitelist(methods=["GET"])
def problems() -> list[dict]:
	"""[{text, serious}]: what keeps messages from leaving this site, and where replies would land."""
	_only_staff()
	waiting = set(frappe.get_list(OUTBOX, {"status": "Waiting"}, pluck="channel", distinct=True, limit=0))
	found = []
	for name in AUTOMATIC_AND_LETTERS:
		problem = channel(name).site_problem()
		if problem and (name == "Email" or name in waiting):
			found.append({"text": _("{0}. Messages wait here until it is.").format(problem), "serious": True})
	return [*found, *({"text": warning, "serious": False} for warning in email.warnings())]


@frappe.whitelist(methods=["GET"])
def steps(name: str) -> list[str]:
	"""The steps that this message has now."""
	_only_staff()
	doc = frappe.get_doc(OUTBOX, cstr(name))
	doc.check_permission("read")
	return outbox.steps_of(doc)


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def take(action: str, names: str | list) -> int:
	"""One step for all of them; answers how many. Raises PermissionError for a row the reader may not see,
	NotPossibleNow for one that has moved on."""
	_only_staff()
	if action not in outbox.STEPS:
		frappe.throw(_("There is no such step: {0}").format(action))
	count = outbox.take(action, _readable(names))
	if outbox.STEPS[action].wakes:
		wake()
	return count


@frappe.whitelist(methods=["POST"])
@retry_on_deadlock
def print_letters(names: str | list) -> dict:
	"""{run, printed, left_out: [{name, why}]}: the letters among them are in the run, ready to be printed."""
	_only_staff()
	return letters.start_run(_readable(names))


@frappe.whitelist(methods=["GET"])
def letters_of(run: str, as_page: int | str = 0) -> None:
	"""The letters of a run as one PDF, each on pages of its own; or as a page for the browser's own print dialogue,
	also where this site cannot make PDFs."""
	_only_staff()
	if not run:  # Frappe would take it for whatever is in no run
		raise frappe.PermissionError
	rows = frappe.get_list(
		OUTBOX,
		{"print_run": cstr(run), "status": ["in", ["Printed", "Sent"]]},
		["name", "address", "subject", "body", "large_print"],
		order_by="name",
		limit=letters.MOST,
	)
	if not rows:
		raise frappe.PermissionError
	letters.answer(rows, as_page=bool(cint(as_page)))


def _only_staff() -> None:
	"""Who may read the outbox looks after it: the rows are bounded by its criterion. Raises PermissionError."""
	if not frappe.has_permission(OUTBOX, "read"):
		raise frappe.PermissionError


def _readable(names: str | list) -> list[str]:
	"""`names`, all of which the reader may see. Raises PermissionError otherwise."""
	names = arguments.names(names, _("Messages"))
	if len(names) > letters.MOST:
		frappe.throw(_("Please choose {0} or fewer at a time.").format(letters.MOST))
	seen = set(frappe.get_list(OUTBOX, {"name": ["in", names]}, pluck="name", limit=0))
	if not names or set(names) - seen:
		raise frappe.PermissionError
	return sorted(seen)
