frappe.query_reports["Near their limits"] = {
	filters: [
		{
			fieldname: "day",
			fieldtype: "Date",
			label: __("The week or month of"),
			default: frappe.datetime.get_today(),
		},
		involvement.filters.unit(),
	],
};
