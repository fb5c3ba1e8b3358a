frappe.query_reports["Payments that look alike"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("From"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Until"), default: frappe.datetime.month_end() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{ fieldname: "opportunity", fieldtype: "Link", options: "Involvement Opportunity", label: __("Project") },
	],
};
