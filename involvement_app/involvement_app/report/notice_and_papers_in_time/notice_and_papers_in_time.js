frappe.query_reports["Notice and papers in time"] = {
	filters: [
		...involvement.filters.twelve_months(__("Dates from"), __("Dates until"), frappe.datetime.month_end()),
		involvement.filters.unit(),
	],
};
