frappe.ui.form.on("Selection Score", {
	setup(frm) {
		frm.set_query("application", () => ({ filters: { status: ["in", ["Applied", "Waiting list"]] } }));
		frm.set_query("selector", () => ({ filters: { status: ["in", ["Interested", "Active"]] } }));
	},
	refresh(frm) {
		frm.set_intro(
			__("Score what the application shows, not the person. 0 not there, 1 a little, 2 well, 3 very well. Others see what all of you come to, and not who scored what."),
			"blue"
		);
		if (frm.is_new() && frm.doc.application && !(frm.doc.scores || []).length) fill(frm);
	},
	application: fill,
});

// one row for each essential criterion
function fill(frm) {
	if (!frm.is_new() || !frm.doc.application) return;
	frappe
		.call({ method: "involvement_app.involvement_app.selection.standing", type: "GET", args: { application: frm.doc.application } })
		.then(({ message: { criteria } }) => {
			frm.clear_table("scores");
			criteria.forEach((criterion) => frm.add_child("scores", { criterion }));
			frm.refresh_field("scores");
		});
}
