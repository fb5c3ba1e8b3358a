frappe.query_reports["People by state and type"] = {
	filters: [
		involvement.filters.unit(),
		{ fieldname: "locality", fieldtype: "Link", options: "Involvement Locality", label: __("Locality") },
	],
};
