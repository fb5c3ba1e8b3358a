frappe.query_reports["Reach by locality and age band"] = {
	filters: [
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") },
		{
			fieldname: "status",
			fieldtype: "Select",
			label: __("Status"),
			options: ["", "Interested", "Active", "Paused", "Left"],
			default: "Active",
		},
	],
};
