"""A doctype for these tests alone, first as the framework has it, then with a lifecycle of ours.

Its table is made and dropped with the class: MariaDB commits at both."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe

from involvement_app.lifecycle import Lifecycle, LifecycleDocument, State, Transition, TransitionError
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes
from involvement_app.setup import roles
from involvement_app.tests.compat import CommittingTestCase

PAPER = "Involvement Test Paper"
FLOW = "Involvement Test Paper flow"
STATES = (
	State("Open", pending=True),
	State("Waiting", pending=True),
	State("Approved", 1),
	State("Signed", 1),
	State("Filed", 1),
	State("Withdrawn", 2),
)
_ours: list[str] = []
PEOPLE = ("participant", "chair", "author", "named_contact")
STEPS = (
	("Ask", "Open", "Waiting", roles.OWNER),
	("Approve", "Waiting", "Approved", roles.MANAGER),
	("Withdraw", "Approved", "Withdrawn", roles.MANAGER),
)


def at_most_a_hundred(doc, move) -> None:
	if doc.amount > 100:
		frappe.throw("Amount: at most 100.", TransitionError)


def filed_together(paper, trail):
	return paper.amount > 0


def leaves_a_trace(doc, move) -> None:
	frappe.get_doc(doctype="ToDo", description=f"{doc.name} is signed").insert(
		ignore_permissions=True
	)  # a test


def names(fieldname: str):
	return lambda doc, user: user == doc.get(fieldname)


LIFECYCLE = Lifecycle(
	doctype=PAPER,
	states=STATES,
	relations={name.replace("_", " "): names(name) for name in PEOPLE},
	transitions=(
		Transition("Ask", ("Open",), "Waiting", roles=(roles.OWNER,), relations=("author",)),
		Transition("Take back", ("Waiting",), "Open", relations=("participant",)),
		Transition("Approve", ("Waiting",), "Approved", roles=(roles.MANAGER,), said="approved this"),
		Transition("Sign", ("Approved",), "Signed", relations=("chair", "named contact")),
		Transition("File", ("Approved", "Signed"), "Filed", job=True, many=filed_together),
		Transition("Open the file", ("Filed",), "Signed", job=True),
		Transition("Withdraw", ("Approved", "Signed"), "Withdrawn", roles=(roles.MANAGER,)),
	),
	guards={"Approved": (not_own_work("author"), nothing_else_changes, at_most_a_hundred)},
	effects={"Signed": (leaves_a_trace,)},
)


class Paper(LifecycleDocument):
	def on_update_after_submit(self):
		if self.remark == "Fails in the end":
			frappe.throw("Something after the write went wrong.")


def _fields() -> list[dict]:
	options = "\n".join(state.name for state in STATES)
	link = {"fieldtype": "Link", "options": "User", "ignore_user_permissions": 1, "allow_on_submit": 1}
	return [
		{"fieldname": "title", "fieldtype": "Data", "label": "Title"},
		{"fieldname": "amount", "fieldtype": "Currency", "label": "Amount"},
		{"fieldname": "remark", "fieldtype": "Data", "label": "Remark", "allow_on_submit": 1},
		{
			"fieldname": "status",
			"fieldtype": "Select",
			"label": "Status",
			"options": options,
			"default": "Open",
			"read_only": 1,
			"allow_on_submit": 1,
		},
		{
			"fieldname": "decided_by",
			"fieldtype": "Data",
			"label": "Decided by",
			"read_only": 1,
			"allow_on_submit": 1,
		},
		{"fieldname": "edited_by", "fieldtype": "Small Text", "label": "Edited by", "read_only": 1},
		*({"fieldname": name, "label": name, **link} for name in PEOPLE),
	]


def forget_paper() -> None:
	frappe.controllers.get(frappe.local.site, {}).pop(PAPER, None)
	if frappe.db.exists("DocType", PAPER):
		frappe.delete_doc("DocType", PAPER, force=True)
	frappe.db.sql_ddl(
		"drop table if exists `tabInvolvement Test Paper`"
	)  # bounded: the table of this file alone
	frappe.db.delete("Deleted Document", {"deleted_name": PAPER})
	frappe.db.commit()  # dropping a table committed anyway
	frappe.clear_cache(doctype=PAPER)


class PaperTestCase(CommittingTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		forget_paper()  # a run that was stopped left it
		rights = {right: 1 for right in ("read", "write", "create", "submit", "cancel")}
		frappe.get_doc(
			{
				"doctype": "DocType",
				"name": PAPER,
				"module": "Core",
				"custom": 1,
				"is_submittable": 1,
				"autoname": "hash",
				"fields": _fields(),
				"permissions": [{"role": role, **rights} for role in (roles.OWNER, roles.MANAGER)],
			}
		).insert()
		frappe.db.commit()  # making a table committed anyway

	@classmethod
	def tearDownClass(cls):
		frappe.db.rollback()
		forget_paper()
		super().tearDownClass()

	def paper(self, state: str = "Open", owner: str | None = None, **values):
		"""In `state`, by `owner`; written straight into the database."""
		doc = frappe.get_doc({"doctype": PAPER, "title": "A paper", "amount": 50, **values})
		docstatus = next(each.docstatus for each in STATES if each.name == state)
		doc.update({"name": frappe.generate_hash(length=10), "status": state, "docstatus": docstatus})
		doc.db_insert()
		owner = owner or doc.author or "Administrator"
		frappe.db.set_value(PAPER, doc.name, {"owner": owner}, update_modified=False)
		register()
		return frappe.get_doc(PAPER, doc.name)

	def stored(self, doc, *fieldnames):
		return frappe.db.get_value(PAPER, doc.name, fieldnames or ("status", "docstatus"))


@contextmanager
def declared(life: Lifecycle = LIFECYCLE):
	"""The doctype with a lifecycle of ours, as if an app's hooks and controller said so."""
	get_hooks = frappe.get_hooks
	path = f"{__name__}.LIFECYCLE"

	def hooks(hook=None, *args, **kwargs):
		found = get_hooks(hook, *args, **kwargs)
		return {**found, PAPER: [path]} if hook == "involvement_lifecycles" else found

	_ours.append(PAPER)
	register()
	try:
		with patch.object(frappe, "get_hooks", hooks):
			yield life
	finally:
		_ours.clear()
		register()


def register() -> None:
	"""The controller that the doctype has now; the framework forgets controllers whenever it clears its caches."""
	controllers = frappe.controllers.setdefault(frappe.local.site, {})
	if _ours:
		controllers[PAPER] = Paper
	else:
		controllers.pop(PAPER, None)


def framework_workflow() -> None:
	"""The same steps as a Workflow of the framework's own, with everything it has against self-approval."""
	for state in STATES:
		if not frappe.db.exists("Workflow State", state.name):
			frappe.get_doc(doctype="Workflow State", workflow_state_name=state.name).insert()
	for action, *_rest in STEPS:
		if not frappe.db.exists("Workflow Action Master", action):
			frappe.get_doc(doctype="Workflow Action Master", workflow_action_name=action).insert()
	frappe.get_doc(
		{
			"doctype": "Workflow",
			"workflow_name": FLOW,
			"document_type": PAPER,
			"is_active": 1,
			"workflow_state_field": "status",
			"states": [
				{
					"state": state.name,
					"doc_status": str(state.docstatus),
					"allow_edit": roles.MANAGER,
				}
				for state in STATES
			],
			"transitions": [
				{
					"state": source,
					"action": action,
					"next_state": to,
					"allowed": role,
					"allow_self_approval": 0,
					"condition": "doc.amount <= 100" if action == "Approve" else None,
				}
				for action, source, to, role in STEPS
			],
		}
	).insert()
	frappe.clear_cache(doctype=PAPER)
