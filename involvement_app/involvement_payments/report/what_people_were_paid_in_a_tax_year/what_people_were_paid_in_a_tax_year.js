frappe.query_reports["What people were paid in a tax year"] = {
	filters: [
		{
			fieldname: "day",
			fieldtype: "Date",
			label: __("A day of the tax year"),
			default: frappe.datetime.get_today(),
		},
		involvement.filters.unit(),
		involvement.filters.project(),
	],
};
