frappe.query_reports["Places offered and filled"] = {
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
			options: ["Month", "Unit", "Type"].map((value) => ({ value, label: __(value) })),
			default: "Month",
			reqd: 1,
		},
	],
};
