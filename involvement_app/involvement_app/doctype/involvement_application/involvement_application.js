frappe.ui.form.on("Involvement Application", {
	setup(frm) {
		frm.involvement_steps = { Accept: accept };
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

// Another date at that time is asked about before anything is sent; the server asks again.
async function accept(frm) {
	const { message: clash } = await frappe.call({
		method: "involvement_app.involvement_app.clashes.of_application",
		type: "GET",
		args: { application: frm.docname },
	});
	const when = [...clash.overlap, ...clash.same_day];
	if (!when.length || frm.doc.clash_note) return take_accept(frm);
	const title = clash.overlap.length ? __("They have another date at the same time") : __("They have another date on the same day");
	const listed = when.map((each) => `<li>${frappe.utils.escape_html(each)}</li>`).join("");
	frappe.prompt(
		[
			{ fieldtype: "HTML", options: `<ul>${listed}</ul><p>${__("Ask them which one they would like. If both are possible, say why.")}</p>` },
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Why both dates are possible"), description: __("It is kept with your name."), reqd: 1 },
		],
		async ({ reason }) => {
			await frm.set_value("clash_note", reason);
			await frm.save();
			await take_accept(frm);
		},
		title,
		__("Accept all the same")
	);
}

async function take_accept(frm) {
	await frappe.call({
		method: "involvement_app.lifecycle.desk.take",
		args: { doctype: frm.doctype, name: frm.docname, action: "Accept" },
		freeze: true,
	});
	frappe.show_alert({ message: __("{0}: done", [__("Accept")]), indicator: "green" });
	frm.reload_doc();
}
