frappe.query_reports["Recruitment with lived experience"] = {
	filters: [
		...involvement.filters.twelve_months(),
		involvement.filters.unit(),
		involvement.filters.by(["Quarter", "Unit"]),
	],
};
