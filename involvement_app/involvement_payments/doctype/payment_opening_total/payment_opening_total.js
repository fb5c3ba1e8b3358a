frappe.ui.form.on("Payment Opening Total", {
	setup(frm) {
		// finance knows people by their codes and reads no record of them: a search for one, or a look whether it is there,
		// would be refused, and empty the field
		if (frappe.model.can_read("Involvement Participant")) return;
		const field = frappe.meta.get_docfield(frm.doctype, "participant", frm.docname);
		frm.layout.replace_field("participant", { ...field, fieldtype: "Data", options: "" }, true);
	},
});
