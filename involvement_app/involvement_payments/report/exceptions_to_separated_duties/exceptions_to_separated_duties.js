frappe.query_reports["Exceptions to separated duties"] = {
	filters: [
		...involvement.filters.twelve_months(undefined, undefined, frappe.datetime.month_end()),
		involvement.filters.unit(),
	],
};
