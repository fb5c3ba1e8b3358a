frappe.listview_settings["Involvement Payment"] = {
	add_fields: ["status", "due_on"],
	hide_name_column: false,
	// the states of the doctype carry the colours, in every docstatus
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	onload(list) {
		if (!frappe.user.has_role("Involvement Budget Holder")) return;
		list.page.add_actions_menu_item(__("Approve"), () => approve_all(list, list.get_checked_items(true)));
	},
};

const APPROVED_AT_ONCE = 20; // as the server allows

// One press for all that are ticked. What may not be approved is named, and stays as it is.
async function approve_all(list, names) {
	const approved = [];
	const refused = {};
	const title = __("Approving");
	for (let at = 0; at < names.length; at += APPROVED_AT_ONCE) {
		frappe.show_progress(title, at, names.length, __("{0} of {1}", [at, names.length]));
		const { message } = await frappe.call({
			method: "involvement_app.involvement_payments.approving.approve",
			args: { names: names.slice(at, at + APPROVED_AT_ONCE) },
		});
		approved.push(...message.approved);
		Object.assign(refused, message.refused);
	}
	frappe.show_progress(title, names.length, names.length);
	frappe.hide_progress();
	frappe.show_alert({ message: __("{0} payments approved", [approved.length]), indicator: "green" });
	const rows = Object.entries(refused).map(([name, said]) => `${name}: ${said}`);
	if (rows.length) {
		frappe.msgprint({ title: __("Not approved"), message: rows.map(frappe.utils.escape_html).join("<br>"), indicator: "orange" });
	}
	list.clear_checked_items();
	list.refresh();
}
