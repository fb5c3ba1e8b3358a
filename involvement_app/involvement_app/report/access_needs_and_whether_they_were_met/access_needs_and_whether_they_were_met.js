frappe.query_reports["Access needs and whether they were met"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("Sessions from"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Sessions until"), default: frappe.datetime.get_today() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
	],
};
