frappe.ui.form.on("Opportunity Selector", {
	setup(frm) {
		frm.set_query("opportunity", () => ({
			filters: { selection_mode: "Criteria", status: ["not in", ["Awaiting feedback", "Completed", "Cancelled"]] },
		}));
		frm.set_query("participant", () => ({ filters: { status: ["in", ["Interested", "Active"]] } }));
	},
});
