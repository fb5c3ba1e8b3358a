frappe.query_reports["Training in date"] = {
	filters: [
		{ fieldname: "on", fieldtype: "Date", label: __("On the day"), default: frappe.datetime.get_today(), reqd: 1 },
		{ fieldname: "course", fieldtype: "Link", options: "Training Course", label: __("Course") },
		{
			fieldname: "state",
			fieldtype: "Select",
			label: __("Counts"),
			options: ["", "In date", "Ends soon", "No longer"].map((value) => ({ value, label: __(value) })),
		},
	],
};
