frappe.query_reports["Payments that look alike"] = {
	filters: involvement.filters.money(),
};
