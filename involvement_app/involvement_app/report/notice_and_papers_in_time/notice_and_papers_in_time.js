frappe.query_reports["Notice and papers in time"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("Dates from"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Dates until"), default: frappe.datetime.month_end() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
	],
};
