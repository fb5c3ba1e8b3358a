"""A Frappe Workflow made from a declaration, so that staff approve where Frappe users expect to.

A site may change who, conditions and mails; states and guards stay ours. A Workflow that was edited is
left alone (its fingerprint no longer fits)."""

import hashlib
import json

import frappe

from involvement_app.lifecycle.declaration import Lifecycle, all_lifecycles
from involvement_app.site_memory import recall, remember

STYLES = {0: "Primary", 1: "Success", 2: "Danger"}
ADDED = "involvement_workflow_masters"


def seed() -> None:
	"""Create the missing Workflows, and renew those still as shipped."""
	# one by one: the few Workflows there are, during install and migrate
	for life in all_lifecycles():
		if life.workflow:
			_seed(life)


def _seed(life: Lifecycle) -> None:
	shape = _shape(life)
	exists = frappe.db.exists("Workflow", life.workflow)
	if exists and fingerprint(_read(life.workflow)) != recall(_key(life)):
		return
	if exists and _read(life.workflow) == shape:
		return
	_add_masters(life)
	doc = frappe.get_doc("Workflow", life.workflow) if exists else frappe.new_doc("Workflow")
	doc.update(
		{
			"workflow_name": life.workflow,
			"document_type": life.doctype,
			"is_active": 1,
			"workflow_state_field": "status",
			"send_email_alert": 0,
			"states": [
				dict(zip(("state", "doc_status", "allow_edit"), row, strict=True)) for row in shape["states"]
			],
			"transitions": [
				dict(
					zip(("state", "action", "next_state", "allowed"), row, strict=True), allow_self_approval=1
				)
				for row in shape["transitions"]
			],
		}
	)
	doc.save(ignore_permissions=True)  # install and migrate run as Administrator
	remember(_key(life), fingerprint(_read(life.workflow)))


def _shape(life: Lifecycle) -> dict:
	"""Desk steps only: a step by relation or job never passes through the Workflow."""
	steps = [t for t in life.transitions if t.roles]
	return {
		# "All": who may edit is a matter of DocPerm and of the controller, not of this browser-side hint
		"states": [[s.name, str(s.docstatus), "All"] for s in life.states],
		"transitions": [
			[source, t.action, t.to, role] for t in steps for source in t.sources for role in t.roles
		],
	}


def _read(workflow: str) -> dict:
	doc = frappe.get_doc("Workflow", workflow)
	return {
		"states": [[s.state, str(s.doc_status), s.allow_edit] for s in doc.states],
		"transitions": [[t.state, t.action, t.next_state, t.allowed] for t in doc.transitions],
	}


def is_edited(life: Lifecycle) -> bool:
	"""Whether the site has changed its Workflow, which upgrades therefore leave alone."""
	return fingerprint(_read(life.workflow)) != recall(_key(life))


def fingerprint(shape: dict) -> str:
	return hashlib.sha256(json.dumps(shape).encode()).hexdigest()


def _key(life: Lifecycle) -> str:
	return f"involvement_workflow:{life.doctype}"


def _add_masters(life: Lifecycle) -> None:
	added = recall(ADDED, [])
	# one by one: a handful, during install and migrate
	for state in life.states:
		if not frappe.db.exists("Workflow State", state.name):
			frappe.get_doc(
				doctype="Workflow State", workflow_state_name=state.name, style=STYLES[state.docstatus]
			).insert(ignore_permissions=True)  # see _seed
			added.append(["Workflow State", state.name])
	# one by one: as above
	for action in {t.action for t in life.transitions if t.roles}:
		if not frappe.db.exists("Workflow Action Master", action):
			frappe.get_doc(doctype="Workflow Action Master", workflow_action_name=action).insert(
				ignore_permissions=True  # see _seed
			)
			added.append(["Workflow Action Master", action])
	remember(ADDED, added)


def remove() -> None:
	"""Uninstall: our Workflows, and the states and actions we added that nobody else uses."""
	# one by one: a handful, during uninstall
	for life in all_lifecycles():
		if life.workflow:
			frappe.delete_doc("Workflow", life.workflow, ignore_missing=True, force=True)
			remember(_key(life), None)
	used = {
		"Workflow State": set(frappe.get_all("Workflow Document State", pluck="state")),
		"Workflow Action Master": set(frappe.get_all("Workflow Transition", pluck="action")),
	}  # get_all: the whole site's, as Administrator during uninstall
	# one by one: as above
	for doctype, name in recall(ADDED, []):
		if name not in used[doctype]:
			frappe.delete_doc(doctype, name, ignore_missing=True, force=True)
	remember(ADDED, None)
