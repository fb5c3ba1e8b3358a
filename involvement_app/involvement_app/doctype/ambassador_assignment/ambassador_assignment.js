// What comes next for an occasion, and whose turn it is.

frappe.ui.form.on("Ambassador Assignment", {
	setup(frm) {
		frm.set_query("role", () => ({ filters: { status: "Active" } }));
		frm.set_query("support_person", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},
	refresh(frm) {
		frm.set_intro();
		if (frm.is_new()) {
			frm.set_intro(__("Plan an opportunity for it first: date, place, payment and support come from there."), "blue");
			return;
		}
		const { status, kind, yes_missing, briefed_on, debriefed_on, outcome, takes_place_on } = frm.doc;
		if (yes_missing && ["Accepted", "Briefed"].includes(status)) {
			frm.set_intro(
				`${__("The day has moved, and it does not go on before they say yes to it.")} ${frappe.utils.escape_html(yes_missing)} ${__("They were asked on their page. If they say no, choose “Stop”.")}`,
				"orange"
			);
			return;
		}
		const over = takes_place_on && takes_place_on < frappe.datetime.get_today();
		const happened = over ? __("The day is over: choose “It took place”, or “Stop” if it did not.") : "";
		const unbriefed = over ? __("The day is over. “Stop” if it did not take place.") : "";
		const next = {
			Proposed: __("Write who listens and the brief, choose an opportunity with a date, save, then “Offer”. The person hears of it in their own way."),
			Offered:
				kind === "Media"
					? __("The person answers on their page. For the media they also say yes to where, as whom and until when.")
					: __("The person answers on their page; if they tell you, write their answer down on their application."),
			Accepted:
				`${unbriefed} ${
					briefed_on
						? __("Choose “We talked it through”.")
						: __("Talk it through with them: write the questions, the support and the day into “Talked it through on”, save, then choose the step.")
				}`,
			Briefed: happened || __("They are ready. They can stop at any time, also on the day."),
			Done: debriefed_on
				? __("Choose “We talked about it”.")
				: __("Ask them how it was: write the day into “Talked about it afterwards on”, save, then choose the step. If they do not want to, choose “They would rather not”: it is their answer, and counts as one."),
			Debriefed: outcome ? __("Choose “Record what came of it”.") : __("Write what came of it, so that they hear it. Thank them; a letter or a certificate is on their record."),
			"Outcome recorded": __("All is done. They see on their page what came of it."),
			"Not going ahead": __("This does not go ahead. Nothing is counted against the person."),
		};
		frm.set_intro(next[status], status === "Not going ahead" ? "orange" : "blue");
	},
});
