// A question and our answer. What is being written is kept, and sent with “Answer”.

frappe.ui.form.on("Participant Question", {
	setup(frm) {
		frm.involvement_steps = { Answer: answer };
	},
	refresh(frm) {
		frm.set_intro();
		if (frm.is_new()) {
			frm.set_intro(__("For somebody who asked in another way than the portal. It is recorded as entered for them, by you."), "blue");
			return;
		}
		const { recorded_by, recorded_on, told_how, status, answer_by } = frm.doc;
		if (recorded_by) {
			const who = frappe.utils.escape_html(recorded_by);
			frm.set_intro(__("Entered for the person by {0} ({1}), {2}.", [who, __(told_how), frappe.datetime.str_to_user(recorded_on)]), "blue");
		} else {
			frm.set_intro(__("Written by the person themself."), "blue");
		}
		if (status === "To answer" && answer_by) {
			const late = answer_by < frappe.datetime.get_today();
			const day = frappe.datetime.str_to_user(answer_by);
			frm.set_intro(late ? __("Was to be answered by {0}.", [day]) : __("Answer by {0}.", [day]), late ? "red" : "blue");
		}
	},
});

function answer(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Answer"),
		fields: [
			{ fieldtype: "HTML", options: `<blockquote style="white-space: pre-line">${frappe.utils.escape_html(frm.doc.question)}</blockquote>` },
			{
				fieldname: "words",
				fieldtype: "Small Text",
				label: __("Answer"),
				description: __("They read this on their page, or in the message itself where they have none."),
				default: frm.doc.answer,
				reqd: 1,
			},
		],
		primary_action_label: __("Send the answer"),
		async primary_action({ words }) {
			const args = { doctype: frm.doctype, name: frm.docname, action: "Answer", words };
			await frappe.call({ method: "involvement_app.lifecycle.desk.take", args, freeze: true });
			dialog.hide();
			frappe.show_alert({ message: __("They are told, in the way they chose."), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}
