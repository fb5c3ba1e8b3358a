frappe.listview_settings["Involvement Participant"] = {
	add_fields: ["privacy_notice_due"],
	formatters: {
		preferred_name(value, _df, doc) {
			const name = frappe.utils.escape_html(value);
			if (!doc.privacy_notice_due) return name;
			return `${name} <span class="indicator-pill orange">${__("to be told")}</span>`;
		},
	},
	onload(list) {
		if (!frappe.model.can_create("Participant Import")) return;
		list.page.add_inner_button(__("Import a list"), () => frappe.new_doc("Participant Import"));
	},
};
