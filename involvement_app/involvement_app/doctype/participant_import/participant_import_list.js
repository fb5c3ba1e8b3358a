frappe.listview_settings["Participant Import"] = {
	add_fields: ["stage"],
	get_indicator(doc) {
		const colours = { Draft: "gray", Checked: "blue", Importing: "orange", Done: "green" };
		return [__(doc.stage), colours[doc.stage], `stage,=,${doc.stage}`];
	},
};
