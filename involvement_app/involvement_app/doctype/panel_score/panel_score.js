frappe.ui.form.on("Panel Score", {
	setup(frm) {
		frm.set_query("panel", () => ({ filters: { status: "Scoring" } }));
	},
	refresh(frm) {
		frm.set_intro(
			__("Score what was said, not the person. Nobody else reads this until all scores are in. Not to score is an answer, too."),
			"blue"
		);
		if (frm.is_new() && frm.doc.panel && !(frm.doc.scores || []).some((row) => row.criterion)) fill(frm);
	},
	panel: fill,
});

// one row for each criterion, with what the numbers mean
async function fill(frm) {
	if (!frm.is_new() || !frm.doc.panel) return;
	const { message: sheet } = await frappe.call({
		method: "involvement_app.involvement_app.panels.desk.sheet",
		type: "GET",
		args: { panel: frm.doc.panel },
	});
	frm.clear_table("scores");
	sheet.forEach(({ criterion, weight }) => frm.add_child("scores", { criterion, weight }));
	frm.refresh_field("scores");
	const words = sheet.map(({ criterion, words }) => `${criterion}: ${words.map((word, mark) => `${mark} ${word || ""}`).join(", ")}`);
	frm.set_df_property("scores", "description", frappe.utils.escape_html(words.join(". ")));
}
