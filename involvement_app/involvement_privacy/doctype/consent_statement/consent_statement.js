frappe.ui.form.on("Consent Statement", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.set_intro(
			__("Once somebody has decided about these words they stay as they are. Other words are a new version."),
			"blue"
		);
		if (frappe.model.can_create("Consent Statement")) {
			frm.add_custom_button(__("New version"), () => new_version(frm));
		}
	},
});

async function new_version(frm) {
	const { message } = await frappe.call({
		method: "involvement_app.involvement_privacy.doctype.consent_statement.consent_statement.new_version",
		args: { name: frm.docname },
	});
	const [draft] = frappe.model.sync(message);
	frappe.set_route("Form", draft.doctype, draft.name);
}
