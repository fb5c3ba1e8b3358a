frappe.query_reports["Staff hours planned and actual"] = {
	filters: [
		...involvement.filters.twelve_months(__("Dates from"), __("Dates until"), frappe.datetime.month_end()),
		involvement.filters.unit(),
	],
};
