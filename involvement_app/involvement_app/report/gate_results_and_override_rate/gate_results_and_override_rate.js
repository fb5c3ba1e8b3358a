frappe.query_reports["Gate results and override rate"] = {
	filters: [
		...involvement.filters.twelve_months(__("Written from"), __("Written until")),
		involvement.filters.unit(),
		{ fieldname: "opportunity_type", fieldtype: "Link", options: "Involvement Type", label: __("Type") },
	],
};
