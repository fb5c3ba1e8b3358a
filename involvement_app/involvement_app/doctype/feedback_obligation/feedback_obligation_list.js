frappe.listview_settings["Feedback Obligation"] = {
	add_fields: ["due_on"],
	hide_name_column: true,
	formatters: {
		// who waits longer than we promised
		due_on(value, _df, doc) {
			const day = frappe.datetime.str_to_user(value);
			const late = doc.status === "Owed" && value && value < frappe.datetime.get_today();
			return late ? `<span class="indicator-pill red">${__("since {0}", [day])}</span>` : day;
		},
	},
};
