frappe.query_reports["Feedback owed and kept"] = {
	filters: [
		...involvement.filters.twelve_months(__("Due from"), __("Due until")),
		involvement.filters.unit(),
		involvement.filters.by(["Kind", "Unit", "Month"]),
	],
};
