frappe.ui.form.on("Panel Score", {
	setup(frm) {
		frm.set_query("panel", () => ({ filters: { status: "Scoring" } }));
	},
	refresh(frm) {
		frm.set_intro(
			__("Score what was said, not the person. Nobody else reads this until all scores are in. Not to score is an answer, too."),
			"blue"
		);
		show_panel(frm);
	},
	panel: show_panel,
});

// who is to be scored, and one row for each criterion with what the numbers mean
async function show_panel(frm) {
	const { panel } = frm.doc;
	if (!panel) return;
	const [{ message: sheet }, { message: standing }] = await Promise.all(
		["sheet", "standing"].map((method) =>
			frappe.call({
				method: `involvement_app.involvement_app.panels.desk.${method}`,
				type: "GET",
				args: { panel },
			})
		)
	);
	if (frm.doc.panel !== panel) return; // another is chosen by now
	offer_candidates(frm, standing);
	if (frm.is_new() && !(frm.doc.scores || []).some((row) => row.criterion)) {
		frm.clear_table("scores");
		sheet.forEach(({ criterion, weight }) => frm.add_child("scores", { criterion, weight }));
		frm.refresh_field("scores");
	}
	const words = sheet.map(({ criterion, words }) => `${criterion}: ${words.map((word, mark) => `${mark} ${word || ""}`).join(", ")}`);
	frm.set_df_property("scores", "description", frappe.utils.escape_html(words.join(". ")));
}

function offer_candidates(frm, { candidates, scored, aside }) {
	const open = candidates.filter(({ reference }) => !aside.includes(reference) && !scored.includes(reference));
	frm.fields_dict.candidate.set_data?.(
		open.map(({ reference, initials }) => ({ value: reference, label: `${reference} ${initials || ""}` }))
	);
	if (!frm.is_new()) return;
	const names = open.map(({ reference }) => reference).join(", ");
	frm.set_df_property(
		"candidate",
		"description",
		frappe.utils.escape_html(names ? __("Still to score: {0}", [names]) : __("You have scored everybody."))
	);
}
