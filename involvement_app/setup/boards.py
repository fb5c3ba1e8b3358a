"""A board of opportunities by status. A card moves as the button of its form would: the same people, the same checks;
everything else is refused, and the card goes back (law 1)."""

import frappe

from involvement_app import lifecycle
from involvement_app.site_memory import recall, remember

NAME = "Opportunities by status"
DOCTYPE = "Involvement Opportunity"
SEEDED = "involvement_boards"
# out of the way until somebody wants to see it
PUT_AWAY = ("Cancelled",)
FIELDS = ("unit",)


def create() -> None:
	"""Once a site: one that the site deleted stays deleted."""
	if NAME in recall(SEEDED, []):
		return
	if not frappe.db.exists("Kanban Board", NAME):
		frappe.get_doc(
			doctype="Kanban Board",
			kanban_board_name=NAME,
			reference_doctype=DOCTYPE,
			field_name="status",
			show_labels=1,
			fields=frappe.as_json(FIELDS),
			columns=[_column(state) for state in lifecycle.of(DOCTYPE).states],
		).insert(ignore_permissions=True)  # install and migrate, as Administrator
	remember(SEEDED, [NAME])


def _column(state) -> dict:
	return {
		"column_name": state.name,
		"indicator": state.colour,
		"status": "Archived" if state.name in PUT_AWAY else "Active",
	}


def remove() -> None:
	for name in recall(SEEDED, []):
		frappe.delete_doc("Kanban Board", name, ignore_missing=True, force=True)
	remember(SEEDED, None)
