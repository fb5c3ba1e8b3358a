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
		if (!frm.is_new() && ["Applied", "Waiting list"].includes(frm.doc.status)) show_standing(frm);
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

// Where people are chosen by criteria: how far the choosing is.
function show_standing(frm) {
	frappe
		.xcall("involvement_app.involvement_app.selection.standing", { application: frm.doc.name }, "GET")
		.then(({ by_criteria, scored, lived, mean, most }) => {
			if (!by_criteria) return;
			frm.add_custom_button(__("Score it"), () =>
				frappe.new_doc("Selection Score", { application: frm.doc.name })
			);
			frm.dashboard.set_headline_alert(
				mean === null
					? __("Not scored yet. Every selector scores every application that waits, then the places go by score.")
					: __("Scored by {0}, {1} of them with lived experience: {2} of {3}.", [
							scored,
							lived,
							format_number(mean, null, 1),
							most,
						]),
				mean === null ? "orange" : "blue"
			);
		});
}
