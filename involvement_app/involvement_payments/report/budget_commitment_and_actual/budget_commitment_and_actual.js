frappe.query_reports["Budget commitment and actual"] = {
	filters: involvement.filters.money(),
};
