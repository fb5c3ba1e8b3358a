frappe.query_reports["People by state and type"] = {
	filters: [
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{ fieldname: "locality", fieldtype: "Link", options: "Involvement Locality", label: __("Locality") },
	],
};
