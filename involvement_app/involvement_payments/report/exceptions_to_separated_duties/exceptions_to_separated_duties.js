frappe.query_reports["Exceptions to separated duties"] = {
	filters: involvement.filters.money(),
};
