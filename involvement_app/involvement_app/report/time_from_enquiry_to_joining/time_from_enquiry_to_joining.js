frappe.query_reports["Time from enquiry to joining"] = {
	filters: [
		...involvement.filters.twelve_months(__("Joined from"), __("Joined until")),
		involvement.filters.unit(),
	],
};
