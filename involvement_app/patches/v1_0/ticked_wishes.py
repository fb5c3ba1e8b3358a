from collections import defaultdict

import frappe

from involvement_app.involvement_app.preferences import PREFERENCE, tick


def execute():
	"""What people ticked, in one column too. Bounded: those who ticked something before there was one."""
	ticked = defaultdict(str)
	for child, which, field in (
		("Involvement Preference Type", "types", "opportunity_type"),
		("Involvement Preference Level", "levels", "level"),
	):
		for row in frappe.get_all(child, {"parenttype": PREFERENCE}, ["parent", field]):
			ticked[row.parent] += tick(which, row[field])
	# one by one: once, while migrate runs
	for name, words in ticked.items():
		frappe.db.set_value(PREFERENCE, name, "ticked", words, update_modified=False)
