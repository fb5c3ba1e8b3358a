frappe.ui.form.on("Role Status Determination", {
	refresh(frm) {
		if (frm.doc.__onload?.by_hr) {
			frm.disable_form();
			frm.set_intro(__("HR officers decide what a role counts as. Please ask one of them."), "blue");
		}
	},
});
