"""Whether the Workflows are there and still as shipped."""

import frappe
from frappe import _

from involvement_app.health import Check, Finding, fail, ok, warn
from involvement_app.lifecycle import workflow
from involvement_app.lifecycle.declaration import all_lifecycles


def workflows() -> Finding:
	shipped = [life for life in all_lifecycles() if life.workflow]
	names = [life.workflow for life in shipped]
	# the site's own Workflows
	active = frappe.get_all("Workflow", {"name": ["in", names], "is_active": 1}, pluck="name")
	missing = [name for name in names if name not in active]
	if missing:
		return fail(
			_("Missing or switched off: {0}. Staff see no buttons there.").format(", ".join(missing)),
			_("Switch it on under Workflow, or run bench migrate, which makes a missing one anew."),
			"workflow",
		)
	edited = [life.workflow for life in shipped if workflow.is_edited(life)]
	if edited:
		return warn(
			_("Changed on this site, so upgrades leave it alone: {0}.").format(", ".join(edited)),
			_(
				"Nothing is wrong with that: guards hold either way. Compare it with docs/lifecycles.md after each upgrade. "
				"To take ours again, delete it and run bench migrate."
			),
			"workflow",
		)
	return ok(_("All Workflows are as they were shipped."))


CHECKS = (Check("Are the Workflows in place?", workflows),)
