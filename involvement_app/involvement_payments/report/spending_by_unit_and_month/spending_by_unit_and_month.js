frappe.query_reports["Spending by unit and month"] = {
	filters: involvement.filters.money(),
};
