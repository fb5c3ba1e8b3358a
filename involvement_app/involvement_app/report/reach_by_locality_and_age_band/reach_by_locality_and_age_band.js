frappe.query_reports["Reach by locality and age band"] = {
	filters: [
		involvement.filters.unit(),
		{
			fieldname: "status",
			fieldtype: "Select",
			label: __("Status"),
			options: ["", "Interested", "Active", "Paused", "Left"],
			default: "Active",
		},
	],
};
