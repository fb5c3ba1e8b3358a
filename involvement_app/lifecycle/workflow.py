"""A Frappe Workflow made from a declaration, so that staff approve where Frappe users expect to.

A site may change who, conditions and mails; states and guards stay ours. What was shipped last is remembered, so
three things can be told apart: a Workflow still as shipped is renewed when a release ships another; one that the
site changed is kept; where both changed, it is kept and reported (`drift`), because only people can join them."""

import hashlib
import json

import frappe
from frappe import _
from frappe.model.workflow import get_workflow_name
from frappe.utils import cint, cstr
from frappe.workflow.doctype.workflow_action import workflow_action as frappe_s

from involvement_app.lifecycle.declaration import Lifecycle, all_lifecycles
from involvement_app.site_memory import recall, remember

# a list shows a doctype with a Workflow in the colours of its Workflow States: on a phone they are all it shows
STYLES = {
	"Green": "Success",
	"Orange": "Warning",
	"Yellow": "Warning",
	"Red": "Danger",
	"Blue": "Primary",
	"Purple": "Info",
	"Cyan": "Info",
}
ADDED = "involvement_workflow_masters"
# what a site may set beside states and steps, and what we ship; named, so that fields of a newer Frappe count for nothing
OPTIONS = {"is_active": 1, "send_email_alert": 0, "workflow_state_field": "status", "override_status": 0}
STATE_OPTIONS = {
	"update_field": "",
	"update_value": "",
	"message": "",
	"next_action_email_template": "",
	"is_optional_state": 0,
	"avoid_status_override": 0,
}
STEP_OPTIONS = {"condition": "", "allow_self_approval": 1}


def seed() -> None:
	"""Create the missing Workflows, and renew those still as shipped."""
	# one by one: the few Workflows there are, during install and migrate
	for life in all_lifecycles():
		if life.workflow:
			_seed(life)


def drift() -> list[dict]:
	"""Workflows that the site and a release have both changed, each as
	{doctype, workflow, site: [what the site changed], release: [what the release changes]}."""
	# one by one: the few Workflows there are
	found = [_drift(life) for life in all_lifecycles() if life.workflow]
	return [row for row in found if row]


def report() -> None:
	"""For the person who runs migrate."""
	for row in drift():
		print(
			f"Workflow {row['workflow']}: kept as this site changed it ({'; '.join(row['site'])}). "
			f"This release changes it too ({'; '.join(row['release'])}). Please look at it in the desk."
		)


def _seed(life: Lifecycle) -> None:
	ship = _shape(life)
	exists = frappe.db.exists("Workflow", life.workflow)
	now = _read(life.workflow) if exists else None
	if now == ship:
		remember(_key(life), ship)
	elif not exists or now == _shipped_last(life, now, ship):
		_write(life, ship)
		remember(_key(life), ship)


def is_edited(life: Lifecycle) -> bool:
	"""Whether the site has changed its Workflow, which upgrades therefore leave alone."""
	now = _read(life.workflow)
	return now != _shipped_last(life, now, _shape(life))


def _shipped_last(life: Lifecycle, *candidates: dict) -> dict | None:
	"""None when it is not known. Before 1.0 only a fingerprint of states and steps was kept: the candidate with
	that fingerprint it was."""
	base = recall(_key(life))
	if not isinstance(base, str):
		return base
	return next((shape for shape in candidates if not shape["options"] and _fingerprint(shape) == base), None)


def _drift(life: Lifecycle) -> dict | None:
	if not frappe.db.exists("Workflow", life.workflow):
		return None
	now, ship = _read(life.workflow), _shape(life)
	base = _shipped_last(life, ship, now)
	if now in (base, ship) or ship == base:
		return None
	return {
		"doctype": life.doctype,
		"workflow": life.workflow,
		"site": _changes(base or ship, now),
		"release": _changes(base, ship) if base else [_("what it shipped before is not known")],
	}


def note_who_acts_next(doc) -> None:
	"""What Frappe does after every save, as Frappe 16 does it. Frappe 15 asks for each who holds a role that acts next whether
	they may read the document, some statements each, and needs the answer for its mails alone: where a site sends them, it
	still does."""
	name = get_workflow_name(doc.doctype)
	if not name or frappe_s.send_email_alert(name) or frappe_s.is_workflow_action_already_created(doc):
		return
	state = frappe_s.get_doc_workflow_state(doc)
	who = _who_acts_next(name, state, doc)
	if not who:
		return  # Frappe asks for nobody then
	frappe_s.update_completed_workflow_actions(doc, workflow=name, workflow_state=state)
	frappe_s.clear_doctype_notifications("Workflow Action")
	frappe_s.create_workflow_actions_for_roles(who, doc)


def _who_acts_next(workflow: str, state: str, doc) -> list[str]:
	"""The roles of the steps out of `state`. From the Workflow as it is kept: Frappe reads each step's state from the
	database, two statements each, at every save."""
	known = frappe.get_cached_doc("Workflow", workflow)
	optional = {row.state for row in known.states if row.is_optional_state}
	steps = [row for row in known.transitions if row.state == state and row.next_state not in optional]
	return sorted({row.allowed for row in steps if frappe_s.is_transition_condition_satisfied(row, doc)})


def _write(life: Lifecycle, ship: dict) -> None:
	_add_masters(life)
	exists = frappe.db.exists("Workflow", life.workflow)
	doc = frappe.get_doc("Workflow", life.workflow) if exists else frappe.new_doc("Workflow")
	doc.update(
		{
			"workflow_name": life.workflow,
			"document_type": life.doctype,
			**OPTIONS,
			"states": [
				dict(zip(("state", "doc_status", "allow_edit"), row, strict=True)) for row in ship["states"]
			],
			"transitions": [
				dict(zip(("state", "action", "next_state", "allowed"), row, strict=True), **STEP_OPTIONS)
				for row in ship["transitions"]
			],
		}
	)
	doc.save(ignore_permissions=True)  # install and migrate run as Administrator


def _shape(life: Lifecycle) -> dict:
	"""Desk steps only: a step by relation or job never passes through the Workflow."""
	steps = [t for t in life.transitions if t.roles]
	return {
		# "All": who may edit is a matter of DocPerm and of the controller, not of this browser-side hint
		"states": [[s.name, str(s.docstatus), "All"] for s in life.states],
		"transitions": [
			[source, t.action, t.to, role] for t in steps for source in t.sources for role in t.roles
		],
		"options": {},
	}


def _read(workflow: str) -> dict:
	"""As `_shape`. `options`: whatever differs from what we ship, {what: {field: value}}."""
	doc = frappe.get_doc("Workflow", workflow)
	options = {"workflow": _unusual(doc, OPTIONS)}
	options.update({f"state {row.state}": _unusual(row, STATE_OPTIONS) for row in doc.states})
	for row in doc.transitions:
		options[f"{row.state}, {row.action}, {row.allowed}"] = _unusual(row, STEP_OPTIONS)
	return {
		"states": [[s.state, str(s.doc_status), s.allow_edit] for s in doc.states],
		"transitions": [[t.state, t.action, t.next_state, t.allowed] for t in doc.transitions],
		"options": {what: unusual for what, unusual in options.items() if unusual},
	}


def _unusual(row, shipped: dict) -> dict:
	return {
		fieldname: cstr(row.get(fieldname))
		for fieldname, value in shipped.items()
		if _plain(row.get(fieldname), value) != value
	}


def _plain(value, like):
	return cint(value) if isinstance(like, int) else cstr(value)


def _changes(before: dict, after: dict) -> list[str]:
	"""In words, for people."""
	lines = [_("without state {0}").format(row[0]) for row in _missing(before, after, "states")]
	lines += [_("state {0}").format(row[0]) for row in _missing(after, before, "states")]
	lines += [_("without {0}").format(_step(row)) for row in _missing(before, after, "transitions")]
	lines += [_step(row) for row in _missing(after, before, "transitions")]
	for what in sorted({*before["options"], *after["options"]}):
		if before["options"].get(what) != after["options"].get(what):
			fields = {**before["options"].get(what, {}), **after["options"].get(what, {})}
			lines.append(f"{what}: {', '.join(sorted(fields))}")
	return lines or [_("another order")]


def _missing(here: dict, there: dict, part: str) -> list[list]:
	return [row for row in here[part] if row not in there[part]]


def _step(row: list[str]) -> str:
	source, action, to, role = row
	return _("“{0}” from {1} to {2} by {3}").format(action, source, to, role)


def _fingerprint(shape: dict) -> str:
	plain = {part: shape[part] for part in ("states", "transitions")}
	return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _key(life: Lifecycle) -> str:
	return f"involvement_workflow:{life.doctype}"


def _add_masters(life: Lifecycle) -> None:
	added = recall(ADDED, [])
	# one by one: a handful, during install and migrate
	for state in life.states:
		if not frappe.db.exists("Workflow State", state.name):
			frappe.get_doc(
				doctype="Workflow State", workflow_state_name=state.name, style=STYLES.get(state.colour, "")
			).insert(ignore_permissions=True)  # see _write
			added.append(["Workflow State", state.name])
	# one by one: as above
	for action in {t.action for t in life.transitions if t.roles}:
		if not frappe.db.exists("Workflow Action Master", action):
			frappe.get_doc(doctype="Workflow Action Master", workflow_action_name=action).insert(
				ignore_permissions=True  # see _write
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
