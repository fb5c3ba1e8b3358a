frappe.listview_settings["Participant Question"] = {
	add_fields: ["answer_by"],
	hide_name_column: true,
	formatters: {
		// who waits longer than we promised
		answer_by(value, _df, doc) {
			const day = frappe.datetime.str_to_user(value);
			const late = doc.status === "To answer" && value && value < frappe.datetime.get_today();
			return late ? `<span class="indicator-pill red">${__("since {0}", [day])}</span>` : day;
		},
	},
};
