frappe.query_reports["Days from session to paid"] = {
	filters: involvement.filters.money(),
};
