frappe.query_reports["What ambassadors did"] = {
	filters: [
		{ fieldname: "from_date", fieldtype: "Date", label: __("From") },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To") },
	],
};
