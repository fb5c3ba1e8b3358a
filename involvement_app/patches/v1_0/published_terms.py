import frappe

from involvement_app.involvement_app import opportunities


def execute():
	"""What was published before it was remembered, so that a change later is told. Bounded: those without it."""
	published = {"published_on": ["is", "set"], "published_terms": ["is", "not set"]}
	names = frappe.get_all("Involvement Opportunity", published, pluck="name")
	# one by one: once, while migrate runs
	for name in names:
		terms = opportunities.terms(frappe.get_doc("Involvement Opportunity", name))
		frappe.db.set_value("Involvement Opportunity", name, "published_terms", terms, update_modified=False)
