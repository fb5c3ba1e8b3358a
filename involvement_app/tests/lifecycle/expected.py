"""What the declaration allows, read from it alone: neither the engine nor the doctypes' rules are asked here."""

import itertools

import frappe

from involvement_app.lifecycle import Lifecycle, Transition
from involvement_app.setup import roles

# the relations of the shipped declarations, said a second time in the words of the test
RELATIONS = {
	"participant": lambda ground, user: user == ground.person,
	"chair": lambda ground, user: user == ground.people["everything"],
	"pays": lambda ground, user: roles.FINANCE_OFFICER in held(user),
	"hands over": lambda ground, user: roles.FINANCE_OFFICER in held(user),
	"releases elsewhere": lambda ground, user: roles.FINANCE_AUTHORISER in held(user),
	"writes off": lambda ground, user: roles.MANAGER in held(user),
	"checks attendance": lambda ground, user: bool(held(user) & {roles.COORDINATOR, roles.MANAGER}),
}


def held(user: str) -> set[str]:
	"""Their roles, as the database has them. Administrator holds all."""
	if user == "Administrator":
		return set(roles.DESK_ROLES)
	return set(frappe.get_all("Has Role", {"parent": user, "parenttype": "User"}, pluck="role"))


def is_declared(life: Lifecycle, source: str, target: str) -> bool:
	return any(source in step.sources and step.to == target for step in life.transitions)


def illegal(life: Lifecycle, targets) -> set[tuple[str, str]]:
	return {
		(state.name, target)
		for state in life.states
		for target in targets
		if target != state.name and not is_declared(life, state.name, target)
	}


def misnamed(life: Lifecycle, actions) -> set[tuple[str, str]]:
	"""(state, action) where no step of that name leaves the state."""
	named = {(source, step.action) for step in life.transitions for source in step.sources}
	return set(itertools.product([state.name for state in life.states], actions)) - named


def may(step: Transition, ground, user: str, their_roles: set[str], job: bool) -> bool:
	return bool(
		set(step.roles) & their_roles
		or any(RELATIONS[name](ground, user) for name in step.relations)
		or (step.job and job)
	)


def allowed_ends(life: Lifecycle, ground, source: str, user: str, their_roles: set[str], job: bool) -> dict:
	"""Where `user` may bring a document from `source` in one step: {(status, docstatus): actions}."""
	docstatus = {state.name: state.docstatus for state in life.states}
	ends = {}
	for step in life.transitions:
		if source in step.sources and may(step, ground, user, their_roles, job):
			ends.setdefault((step.to, docstatus[step.to]), []).append(step.action)
	return ends
