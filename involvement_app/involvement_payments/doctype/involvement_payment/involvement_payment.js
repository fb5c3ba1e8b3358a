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
	},
});
