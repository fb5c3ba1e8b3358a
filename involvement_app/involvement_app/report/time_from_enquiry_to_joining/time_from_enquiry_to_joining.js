frappe.query_reports["Time from enquiry to joining"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("Joined from"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Joined until"), default: frappe.datetime.get_today() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
	],
};
