frappe.query_reports["Access needs and whether they were met"] = {
	filters: [
		...involvement.filters.twelve_months(__("Sessions from"), __("Sessions until")),
		involvement.filters.unit(),
	],
};
