frappe.query_reports["Involvement by level and type"] = {
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
			fieldname: "level",
			fieldtype: "Select",
			label: __("Level"),
			options: ["Where in the organisation", "Level of participation"].map((value) => ({ value, label: __(value) })),
			default: "Where in the organisation",
			reqd: 1,
		},
	],
	// what there is none of is what one looks for: in words and colour, never in colour alone
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		const empty = column.fieldname.startsWith("type_") && data && data[column.fieldname] === 0;
		return empty ? `<span class="indicator-pill no-indicator-dot red">${__("none")}</span>` : shown;
	},
};
