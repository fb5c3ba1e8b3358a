"""What the page “How it was” asks with: the words for how much say people have."""

import frappe


def levels() -> list[dict]:
	"""[{name, text}] of every level, the least first; about nobody."""
	level = frappe.qb.DocType("Participation Level")
	return (
		frappe.qb.from_(level)
		.select(level.name, level.definition.as_("text"))
		.orderby(level.rank)
		.limit(20)
		.run(as_dict=True)
	)
