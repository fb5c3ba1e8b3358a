frappe.ui.form.on("Involvement Payment", {
	setup(frm) {
		// "Submit this document to confirm" would be a second name for Approve
		frm.show_submit_message = () => {};
	},

	refresh(frm) {
		// made from attendance, decided on with its own buttons: there is nothing to type here
		frm.disable_save();
		frm.page.clear_secondary_action(); // Cancel: the button Void asks for the reason
		frm.set_df_property("note", "read_only", 1);
		if (["Involvement Coordinator", "Involvement Manager"].some((role) => frappe.user.has_role(role))) {
			frm.page.add_menu_item(__("Letter for the person"), () => letter(frm));
		}
	},
});

// For Jobcentre Plus or a Universal Credit journal: printed where the person asked for it.
function letter(frm) {
	const asked_how = {
		fieldname: "asked_how",
		fieldtype: "Select",
		label: __("How the person asked"),
		options: ["Phone", "In person", "Post", "E-mail", "Supporter"],
		reqd: 1,
	};
	frappe.prompt(
		[asked_how],
		(values) =>
			open_url_post(frappe.request.url, {
				cmd: "involvement_app.involvement_payments.benefit_letters.print_for",
				participant: frm.doc.participant,
				asked_how: values.asked_how,
			}),
		__("A letter about payments"),
		__("Make the letter")
	);
}
