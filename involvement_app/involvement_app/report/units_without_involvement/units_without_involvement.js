frappe.query_reports["Units without involvement"] = {
	filters: [
		{ fieldname: "months", fieldtype: "Int", label: __("Months"), default: 3, reqd: 1 },
		{ fieldname: "all_units", fieldtype: "Check", label: __("Show the others too") },
	],
};
