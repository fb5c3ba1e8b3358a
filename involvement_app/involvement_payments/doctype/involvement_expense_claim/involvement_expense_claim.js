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
		const hands_out = ["Involvement Coordinator", "Involvement Finance Officer"].some((role) => frappe.user.has_role(role));
		const explains = ["Involvement Coordinator", "Involvement Manager", "Involvement Finance Officer"].some((role) => frappe.user.has_role(role));
		if (["Submitted", "Checked"].includes(frm.doc.status) && explains && has_receipt(frm)) offer_to_explain(frm);
		if (frm.doc.status === "Approved" && frm.doc.payment && hands_out) offer_the_other_way(frm);
	},
});

function offer_the_other_way(frm) {
	const cash = frm.doc.pay_by !== "Cash";
	const label = cash ? __("Pay in cash instead") : __("Pay by bank instead");
	frm.add_custom_button(label, async () => {
		const args = { claim: frm.docname, pay_by: cash ? "Cash" : "Bank transfer" };
		await frappe.call({ method: "involvement_app.involvement_payments.claims.cash.change_way", args, freeze: true });
		frm.reload_doc();
	});
}

const has_receipt = (frm) => frm.doc.lines.some((line) => line.receipt_print);

function offer_to_explain(frm) {
	frm.add_custom_button(__("Two people, one receipt"), () => {
		frappe.prompt(
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("Why may both use it?"),
				description: __("For example: they shared a taxi, and each paid half. It is kept with your name."),
				reqd: 1,
			},
			async ({ reason }) => {
				const args = { claim: frm.docname, reason };
				await frappe.call({ method: "involvement_app.involvement_payments.shared_receipts.explain", args, freeze: true });
				frm.reload_doc();
			},
			__("Two people, one receipt"),
			__("Keep the reason")
		);
	});
}
