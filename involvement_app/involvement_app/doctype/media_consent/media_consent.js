// How far this yes goes, and whether it still counts.

frappe.ui.form.on("Media Consent", {
	async refresh(frm) {
		frm.disable_save();
		frm.set_intro();
		const { name, participant, channel, recorded_on } = frm.doc;
		const { message } = await frappe.db.get_value(
			"Media Consent",
			{ participant, channel, recorded_on: [">", recorded_on] },
			"name"
		);
		if (frm.docname !== name) return; // another entry is open by now
		const [words, colour] = standing(frm.doc, message?.name);
		frm.set_intro();
		frm.set_intro(`${words} ${__("An entry stays as it is. What changes is a new one: in the list, “Write down”.")}`, colour);
		frm.add_custom_button(__("Everything they said about this"), () =>
			frappe.set_route("List", "Media Consent", { participant, channel })
		);
	},
});

function standing({ decision, until }, newer) {
	if (newer) return [__("This is past: there is a newer entry for the same place."), "orange"];
	if (decision === "Withdrawn") return [__("They took their yes back. Nothing is used there."), "orange"];
	const day = frappe.datetime.str_to_user(until);
	if (until < frappe.datetime.get_today()) return [__("Their yes ended on {0}. Ask them again before anything is used.", [day]), "orange"];
	return [__("They said yes, until {0}.", [day]), "blue"];
}
