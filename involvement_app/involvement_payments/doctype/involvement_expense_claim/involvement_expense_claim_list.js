frappe.listview_settings["Involvement Expense Claim"] = {
	add_fields: ["status", "claimed_on"],
	hide_name_column: false,
	// the states of the doctype carry the colours, in every docstatus
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
};
