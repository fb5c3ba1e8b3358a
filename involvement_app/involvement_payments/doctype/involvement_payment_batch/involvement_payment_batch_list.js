frappe.listview_settings["Involvement Payment Batch"] = {
	add_fields: ["status"],
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
};
