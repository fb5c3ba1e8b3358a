frappe.query_reports["Where stories are used"] = {
	filters: [
		{ fieldname: "from_date", fieldtype: "Date", label: __("From") },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To") },
	],
};
