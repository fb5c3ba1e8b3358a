frappe.query_reports["The same few people"] = {
	filters: [
		...involvement.filters.twelve_months(),
		involvement.filters.unit(),
	],
};
