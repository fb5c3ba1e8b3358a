// One message of the outbox: its steps as buttons. The server decides again.

frappe.ui.form.on("Involvement Message", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.error && frm.doc.status !== "Sent") {
			frm.dashboard.set_headline(frappe.utils.escape_html(frm.doc.error), "orange");
		}
		if (frm.doc.print_run && frm.doc.channel === "Post") add_letter(frm);
		add_steps(frm);
	},
});

const MESSAGES = "involvement_app.messages.desk";

async function add_steps(frm) {
	const name = frm.docname;
	const { message: steps } = await frappe.call({ method: `${MESSAGES}.steps`, type: "GET", args: { name } });
	if (frm.docname !== name) return; // another message is open by now
	(steps || []).forEach((action) => frm.add_custom_button(__(action), () => take_step(frm, action)));
}

async function take_step(frm, action) {
	await frappe.call({ method: `${MESSAGES}.take`, args: { action, names: [frm.docname] }, freeze: true });
	frappe.show_alert({ message: __("{0}: done", [__(action)]), indicator: "green" });
	frm.reload_doc();
}

function add_letter(frm) {
	frm.add_custom_button(__("Open the letters of this run"), () =>
		window.open(`/api/method/${MESSAGES}.letters_of?run=${encodeURIComponent(frm.doc.print_run)}`, "_blank", "noopener")
	);
}
