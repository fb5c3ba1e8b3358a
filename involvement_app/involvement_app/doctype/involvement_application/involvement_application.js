frappe.ui.form.on("Involvement Application", {
	setup(frm) {
		frm.set_query("opportunity", () => ({ filters: { status: "Published" } }));
		frm.set_query("participant", () => ({ filters: { status: ["in", ["Interested", "Active"]] } }));
	},
	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(
				__("For somebody who told you in another way than the portal. Say under “Answer” how they told you: it is recorded as entered for them."),
				"blue"
			);
		} else if (frm.doc.recorded_by) {
			frm.set_intro(__("Entered for the person by {0} ({1}).", [frm.doc.recorded_by, __(frm.doc.recorded_how || "")]), "blue");
		}
		if (frm.doc.status === "Offered") {
			frm.set_intro(
				__("Waiting for an answer until {0}. If they tell you, choose the payment and how they told you, save, then choose Accept or No thank you.", [
					frappe.datetime.str_to_user(frm.doc.reply_by),
				]),
				"orange"
			);
		}
	},
});
