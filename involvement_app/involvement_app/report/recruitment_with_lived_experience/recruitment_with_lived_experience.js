frappe.query_reports["Recruitment with lived experience"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("From"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Until"), default: frappe.datetime.get_today() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{
			fieldname: "by",
			fieldtype: "Select",
			label: __("By"),
			options: ["Quarter", "Unit"].map((value) => ({ value, label: __(value) })),
			default: "Quarter",
			reqd: 1,
		},
	],
};
