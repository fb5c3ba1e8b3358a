frappe.ui.form.on("Involvement Payment", {
	refresh(frm) {
		// a payment is made from attendance and decided on with its own buttons
		frm.disable_save();
		frm.page.clear_secondary_action();
	},
});
