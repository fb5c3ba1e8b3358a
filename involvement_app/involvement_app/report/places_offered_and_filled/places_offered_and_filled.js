frappe.query_reports["Places offered and filled"] = {
	filters: [
		...involvement.filters.twelve_months(),
		involvement.filters.unit(),
		involvement.filters.by(["Month", "Unit", "Type"]),
	],
};
