frappe.query_reports["Feedback owed and kept"] = {
	filters: [
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("Due from"),
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
		},
		{ fieldname: "to_date", fieldtype: "Date", label: __("Due until"), default: frappe.datetime.get_today() },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{
			fieldname: "by",
			fieldtype: "Select",
			label: __("By"),
			options: ["Kind", "Unit", "Month"].map((value) => ({ value, label: __(value) })),
			default: "Kind",
			reqd: 1,
		},
	],
};
