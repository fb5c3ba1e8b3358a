frappe.query_reports["Gate results and override rate"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("Written from"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Written until"), default: frappe.datetime.get_today() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{ fieldname: "opportunity_type", fieldtype: "Link", options: "Involvement Type", label: __("Type") },
	],
};
