"""Two example layouts were named after banks whose guides nobody had compared them with."""

import frappe

from involvement_app.setup.masters import LAYOUTS

LAYOUT = "Bank File Layout"
RENAMED = {
	"Example: Barclays (sort code, name, account, amount, reference, 99)": LAYOUTS[0],
	"Example: Lloyds (name, sort code, account, reference, amount)": LAYOUTS[1],
}


def execute() -> None:
	for title, example in RENAMED.items():  # one by one: two rows
		values = {"title": example["title"], "source": example["source"]}
		# bounded: our own examples, by the titles that they were made with
		frappe.db.set_value(LAYOUT, {"title": title}, values)
