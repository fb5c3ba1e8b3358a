"""What install adds beside the doctypes: named steps that may run any number of times. Uninstall mirrors them."""

from involvement_app import messages
from involvement_app.lifecycle import workflow
from involvement_app.setup import boards, leftovers, masters, roles

STEPS = (
	roles.create_roles,
	roles.create_profiles,
	workflow.seed,
	messages.install_templates,
	boards.create,
)
ONCE = (
	masters.create,
	masters.payment_schemes,
	masters.benefit_figures,
	masters.expenses,
	masters.bank_layouts,
	masters.settings_defaults,
)
UNDO = (boards.remove, messages.remove_templates, workflow.remove, leftovers.remove, roles.remove)
