frappe.ui.form.on("Media Consent", {
	refresh(frm) {
		frm.disable_save();
		frm.set_intro(__("What was written down stays as it is. What changed is a new entry: in the list, “Write down”."), "blue");
	},
});
