frappe.query_reports["Decisions and who had a part"] = {
	filters: [
		...involvement.filters.twelve_months(__("Decided from"), __("Decided until"), frappe.datetime.add_months(frappe.datetime.get_today(), 3)),
		involvement.filters.unit(),
		{
			fieldname: "organisation_level",
			fieldtype: "Select",
			options: ["", "Service", "Team", "Senior management", "Board", "Network"].join("\n"),
			label: __("Where in the organisation"),
		},
	],
};
