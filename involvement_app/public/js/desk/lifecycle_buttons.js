// The steps of a lifecycle as buttons, for doctypes without a Frappe Workflow (that brings its own menu).
// Only what the reader may do is offered; the server decides again.

async function add_buttons(frm) {
	if (frm.is_new() || frm.is_dirty()) return;
	const name = frm.docname;
	const { message: steps } = await frappe.call({
		method: "involvement_app.lifecycle.desk.steps",
		type: "GET",
		args: { doctype: frm.doctype, name },
	});
	if (frm.docname !== name) return; // another document is open by now
	(steps || []).forEach((step, position) => {
		const button = frm.add_custom_button(__(step.action), () => ask(frm, step));
		// the way on is blue; what ends something never is
		const ends = step.asks || step.warns;
		if (position === 0 && !ends) button.removeClass("btn-default").addClass("btn-primary");
	});
}

function ask(frm, { action, asks, warns }) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Please save your changes first, then choose “{0}”.", [__(action)]));
		return;
	}
	// a form that asks for more than words brings a dialog of its own
	const own = frm.involvement_steps?.[action];
	if (own) return own(frm);
	if (asks) return ask_for_words(frm, action, asks, warns);
	warns ? frappe.confirm(__(warns), () => take(frm, action)) : take(frm, action);
}

function ask_for_words(frm, action, asks, warns) {
	const { label, description, fieldtype, options } = frappe.meta.get_docfield(frm.doctype, asks);
	const field = ["Select", "Date", "Data"].includes(fieldtype) ? { fieldtype, options } : { fieldtype: "Small Text" };
	frappe.prompt(
		{ fieldname: "words", ...field, label: __(label), description: __(warns || description), reqd: 1 },
		({ words }) => take(frm, action, words),
		__(action),
		__(action)
	);
}

async function take(frm, action, words) {
	const { message: status } = await frappe.call({
		method: "involvement_app.lifecycle.desk.take",
		args: { doctype: frm.doctype, name: frm.docname, action, words },
		freeze: true,
	});
	// a step may find that it has to wait, and say so
	if (status !== frm.doc.status) frappe.show_alert({ message: __("{0}: done", [__(action)]), indicator: "green" });
	frm.reload_doc();
}

(frappe.boot.involvement_lifecycles || []).forEach((doctype) =>
	frappe.ui.form.on(doctype, { refresh: add_buttons })
);
