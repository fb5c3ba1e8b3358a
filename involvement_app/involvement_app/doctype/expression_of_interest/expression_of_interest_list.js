frappe.listview_settings["Expression of Interest"] = {
	add_fields: ["acknowledge_by"],
	hide_name_column: true,
	formatters: {
		// who waits longer than we promised
		acknowledge_by(value, _df, doc) {
			const day = frappe.datetime.str_to_user(value);
			const late = doc.status === "New" && value && value < frappe.datetime.get_today();
			return late ? `<span class="indicator-pill red">${__("since {0}", [day])}</span>` : day;
		},
	},
};
