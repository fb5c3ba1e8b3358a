frappe.query_reports["Media consents and when they end"] = {
	filters: [
		{ fieldname: "days", fieldtype: "Int", label: __("Soon is within days"), default: 60 },
		{
			fieldname: "state",
			fieldtype: "Select",
			label: __("How it stands"),
			options: ["", "Lasts", "Ends soon", "Is over"].map((value) => ({ value, label: __(value) })),
		},
	],
};
