frappe.query_reports["Exceptions to separated duties"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("From"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Until"), default: frappe.datetime.month_end() },
	],
};
