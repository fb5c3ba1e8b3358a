"""States in a list have the colours that they have on their forms, where we made them and the site has not chosen one."""

import frappe

from involvement_app.lifecycle.declaration import all_lifecycles
from involvement_app.lifecycle.workflow import ADDED, STYLES
from involvement_app.site_memory import recall

BEFORE = {0: "Primary", 1: "Success", 2: "Danger"}


def execute():
	ours = {name for doctype, name in recall(ADDED, []) if doctype == "Workflow State"}
	names = {"name": ["in", sorted(ours)]}
	rows = frappe.get_all("Workflow State", names, ["name", "style"], as_list=True)  # colours, of no person
	styles = dict(rows)
	for life in all_lifecycles():  # one by one: the states of a handful of Workflows, once
		for state in life.states if life.workflow else ():
			if styles.get(state.name) == BEFORE[state.docstatus]:
				# bounded: what we made, as we made it
				frappe.db.set_value("Workflow State", state.name, "style", STYLES.get(state.colour, ""))
				styles[state.name] = None
