frappe.listview_settings["Consent Record"] = {
	add_fields: ["decision", "statement"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { Given: "green", Refused: "gray", Withdrawn: "orange", "Notice given": "blue" };
		return [__(doc.decision), colours[doc.decision], `decision,=,${doc.decision}`];
	},
};
