frappe.listview_settings["Involvement Payment"] = {
	add_fields: ["status", "due_on"],
	hide_name_column: false,
	// the states of the doctype carry the colours, in every docstatus
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	onload(list) {
		const asks = ["Involvement Coordinator", "Involvement Manager"];
		if (asks.some((role) => frappe.user.has_role(role))) {
			list.page.add_inner_button(__("Money before somebody spends it"), () => advance());
		}
	},
};

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
			description: __("The person reads it. No health details."),
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
