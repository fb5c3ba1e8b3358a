frappe.listview_settings["Sensitive Access Log"] = {
	add_fields: ["outcome"],
	hide_name_column: true,
	get_indicator(doc) {
		return [__(doc.outcome), doc.outcome === "Read" ? "blue" : "red", `outcome,=,${doc.outcome}`];
	},
};
