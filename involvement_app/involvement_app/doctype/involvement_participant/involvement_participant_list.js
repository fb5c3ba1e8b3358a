frappe.listview_settings["Involvement Participant"] = {
	onload(list) {
		if (!frappe.model.can_create("Participant Import")) return;
		list.page.add_inner_button(__("Import a list"), () => frappe.new_doc("Participant Import"));
	},
};
