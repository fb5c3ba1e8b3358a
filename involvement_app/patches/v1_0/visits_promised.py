"""By when a visit is to be paid counts from the day its payment was written down: counted from the visit, it told budget
holders of it, and so did the days on which somebody was reminded, and what the history says of either."""

import json

import frappe

from involvement_app.involvement_app import promises, visits

PAYMENT = "Involvement Payment"
TOLD = ("due_on", "reminded_on", "escalated_on")


def execute():
	payment = frappe.qb.DocType(PAYMENT)
	rows = (
		frappe.qb.from_(payment)
		.select(payment.name, payment.creation)
		.where((payment.kind == "Time") & payment.engagement.isin(visits.places()))
		.run(as_dict=True)
	)
	for row in rows:  # one by one: each has its own day; a few in a hundred payments
		due_on = promises.paid_by(row.creation)
		# bounded: columns that said too much, nothing else of the row
		frappe.db.set_value(
			PAYMENT,
			row.name,
			{"due_on": due_on, "reminded_on": None, "escalated_on": None},
			update_modified=False,
		)
	_forget([row.name for row in rows])


def _forget(names: list[str]) -> None:
	versions = frappe.get_all(  # the history of the rows above alone
		"Version", {"ref_doctype": PAYMENT, "docname": ["in", names or [""]]}, ["name", "data"]
	)
	for version in versions:  # one by one: as above
		data = json.loads(version.data)
		left = [row for row in data.get("changed") or () if row[0] not in TOLD]
		if left != (data.get("changed") or []):
			data["changed"] = left
			# bounded: as above
			frappe.db.set_value("Version", version.name, "data", json.dumps(data), update_modified=False)
