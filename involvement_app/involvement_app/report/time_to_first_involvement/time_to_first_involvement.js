frappe.query_reports["Time to first involvement"] = {
	filters: [
		...involvement.filters.twelve_months(),
		involvement.filters.unit(),
	],
};
