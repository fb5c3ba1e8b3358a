frappe.query_reports["Decisions and who had a part"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("Decided from"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{
			fieldname: "to_date",
			fieldtype: "Date",
			label: __("Decided until"),
			default: frappe.datetime.add_months(frappe.datetime.get_today(), 3),
		},
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{
			fieldname: "organisation_level",
			fieldtype: "Select",
			options: ["", "Service", "Team", "Senior management", "Board", "Network"].join("\n"),
			label: __("Where in the organisation"),
		},
	],
};
