frappe.listview_settings["Involvement Payment"] = {
	add_fields: ["status", "due_on"],
	hide_name_column: false,
	// the states of the doctype carry the colours, in every docstatus
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	onload(list) {
		if (frappe.user.has_role("Involvement Budget Holder")) {
			list.page.add_actions_menu_item(__("Approve"), () => approve_all(list, list.get_checked_items(true)));
		}
		const asks = ["Involvement Coordinator", "Involvement Manager"];
		if (asks.some((role) => frappe.user.has_role(role))) {
			list.page.add_inner_button(__("Money before somebody spends it"), () => advance());
		}
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

// One at a time for each person; the budget holder approves it, and a claim of what was spent settles it.
function advance() {
	const fields = [
		{ fieldname: "participant", fieldtype: "Link", options: "Involvement Participant", label: __("Participant code"), reqd: 1 },
		{ fieldname: "amount", fieldtype: "Currency", label: __("Amount"), reqd: 1 },
		{ fieldname: "needed_on", fieldtype: "Date", label: __("Needed on"), default: frappe.datetime.get_today(), reqd: 1 },
		{
			fieldname: "what_for",
			fieldtype: "Small Text",
			label: __("What they pay with it"),
			description: __("The person and the budget holder read it. No health details, and no place that a mystery shopper visits."),
			reqd: 1,
		},
		{
			fieldname: "unit",
			fieldtype: "Link",
			options: "Involvement Unit",
			label: __("Unit"),
			description: __("Only needed where they take part in several."),
		},
	];
	const method = "involvement_app.involvement_payments.advances.propose";
	frappe.prompt(
		fields,
		async (args) => {
			const { message: name } = await frappe.call({ method, args, freeze: true });
			frappe.set_route("Form", "Involvement Payment", name);
		},
		__("Money before somebody spends it"),
		__("Ask the budget holder")
	);
}
