// What we owe people. It is written here, saved as often as one likes, and sent with “Tell people”.

frappe.ui.form.on("Feedback Obligation", {
	setup(frm) {
		frm.involvement_steps = { "Tell people": tell };
		frm.set_query("feedback_owner", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},
	refresh(frm) {
		frm.set_intro();
		if (frm.is_new()) {
			frm.set_intro(__("Something more that you promise people. What every opportunity owes is written down by itself when it is published."), "blue");
			return;
		}
		const { status, due_on, kind, told } = frm.doc;
		if (status === "Owed") {
			const late = due_on < frappe.datetime.get_today();
			const day = frappe.datetime.str_to_user(due_on);
			const next =
				kind === "Full"
					? __("Write what you heard, what changed or what could not change and why, save, then “Tell people”.")
					: __("Write what you heard and when you are in touch again, save, then “Tell people”.");
			frm.set_intro(`${late ? __("People were to hear by {0}.", [day]) : __("People hear by {0}.", [day])} ${next}`, late ? "red" : "blue");
		} else if (status !== "Not needed") {
			frm.set_intro(told === 1 ? __("1 person was told, in the way they chose.") : __("{0} people were told, in the way they chose.", [told]), "green");
		} else {
			frm.set_intro(__("Nobody waits for this any more: they heard everything at once, or it was called off."), "blue");
		}
	},
});

async function tell(frm) {
	const { message } = await frappe.call({
		method: "involvement_app.involvement_app.feedback.who_hears",
		type: "GET",
		args: { obligation: frm.docname },
	});
	const said = [
		message.people === 1 ? __("One person hears this, in the way they chose.") : __("{0} people hear this, each in the way they chose.", [message.people]),
		message.by_hand ? __("{0} of them by post or on the phone: these wait under “Messages that wait”.", [message.by_hand]) : "",
		__("It cannot be changed afterwards. Go on?"),
	];
	frappe.confirm(said.filter(Boolean).join("<br>"), async () => {
		const args = { doctype: frm.doctype, name: frm.docname, action: "Tell people" };
		await frappe.call({ method: "involvement_app.lifecycle.desk.take", args, freeze: true });
		frappe.show_alert({ message: __("They are told."), indicator: "green" });
		frm.reload_doc();
	});
}
