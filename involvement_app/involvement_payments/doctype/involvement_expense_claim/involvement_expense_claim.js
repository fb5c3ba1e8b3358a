frappe.ui.form.on("Involvement Expense Claim", {
	setup(frm) {
		// "Submit this document to confirm" would be a second name for Approve
		frm.show_submit_message = () => {};
		frm.set_query("expense_type", "lines", () => ({ filters: { enabled: 1 } }));
		frm.set_query("engagement", () => ({ filters: { participant: frm.doc.participant } }));
	},

	refresh(frm) {
		if (frm.doc.warnings) {
			const rows = frm.doc.warnings.split("\n").map(frappe.utils.escape_html);
			frm.set_intro([__("Please look at:"), ...rows].join("<br>"), "orange");
		}
		if (frm.doc.docstatus === 1) frm.page.clear_secondary_action(); // Cancel: its own button asks for the reason
	},
});
