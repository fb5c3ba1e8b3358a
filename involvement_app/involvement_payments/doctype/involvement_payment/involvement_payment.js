frappe.ui.form.on("Involvement Payment", {
	setup(frm) {
		// "Submit this document to confirm" would be a second name for Approve
		frm.show_submit_message = () => {};
	},

	refresh(frm) {
		// made from attendance, decided on with its own buttons: there is nothing to type here
		frm.disable_save();
		frm.page.clear_secondary_action(); // Cancel: the button Void asks for the reason
		frm.set_df_property("note", "read_only", 1);
		if (["Involvement Coordinator", "Involvement Manager"].some((role) => frappe.user.has_role(role))) {
			frm.page.add_menu_item(__("Letter for the person"), () => letter(frm));
		}
		const corrects = ["Involvement Coordinator", "Involvement Manager", "Involvement Finance Officer"];
		const received = ["Paid", "Reconciled"].includes(frm.doc.status) && frm.doc.kind !== "Correction";
		if (received && corrects.some((role) => frappe.user.has_role(role))) {
			frm.add_custom_button(__("Paid too much"), () => paid_too_much(frm));
		}
		const elsewhere = ["PAYE", "Invoice"].includes(frm.doc.payment_route) && ["Paid", "Repaid"].includes(frm.doc.status);
		if (elsewhere && !frm.doc.batch && !frm.doc.book_number && frappe.user.has_role("Involvement Finance Officer")) {
			frm.add_custom_button(__("The ledger shows it"), () => in_other_books(frm));
		}
		if (frm.doc.kind === "Correction" && frm.doc.status === "Checked") {
			frm.set_intro(__("What was paid too much. Approving it tells the person that it is taken off what comes next."));
		}
	},
});

// What was paid stays; a correction of the opposite sign is approved and taken off what comes next.
function paid_too_much(frm) {
	const fields = [
		{ fieldname: "amount", fieldtype: "Currency", label: __("How much was too much"), reqd: 1 },
		{
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("Reason"),
			description: __("The person reads it."),
			reqd: 1,
		},
		{
			fieldname: "agreed_how",
			fieldtype: "Select",
			label: __("How the person agreed"),
			options: ["Phone", "In person", "Post", "E-mail", "Supporter"],
			description: __("Talk with them first: all at once, in parts, or paid back by them."),
			reqd: 1,
		},
		{
			fieldname: "parts",
			fieldtype: "Int",
			label: __("In how many parts"),
			default: 1,
			description: __("One a month, taken off what is paid then."),
		},
	];
	const method = "involvement_app.involvement_payments.corrections.propose";
	frappe.prompt(
		fields,
		async (values) => {
			const args = { payment: frm.docname, ...values };
			const { message: names } = await frappe.call({ method, args, freeze: true });
			frappe.set_route("Form", "Involvement Payment", names[0]);
		},
		__("Paid too much"),
		__("Ask the budget holder")
	);
}

// The sum is typed as it stands there, so that it is compared and not only agreed with.
function in_other_books(frm) {
	const fields = [
		{ fieldname: "number", fieldtype: "Data", label: __("Number in the ledger"), reqd: 1 },
		{ fieldname: "day", fieldtype: "Date", label: __("Day in the ledger"), reqd: 1 },
		{
			fieldname: "amount",
			fieldtype: "Currency",
			label: __("Amount in the ledger"),
			description: __("Of everything of this person under the same invoice or pay run."),
			reqd: 1,
		},
	];
	frappe.prompt(
		fields,
		async (values) => {
			const method = "involvement_app.involvement_payments.other_books.agree";
			await frappe.call({ method, args: { payment: frm.docname, ...values }, freeze: true });
			frm.reload_doc();
		},
		__("Where it stands in the books of payroll, or of invoices"),
		__("Compare")
	);
}

// For Jobcentre Plus or a Universal Credit journal: printed where the person asked for it.
function letter(frm) {
	const asked_how = {
		fieldname: "asked_how",
		fieldtype: "Select",
		label: __("How the person asked"),
		options: ["Phone", "In person", "Post", "E-mail", "Supporter"],
		reqd: 1,
	};
	frappe.prompt(
		[asked_how],
		(values) =>
			open_url_post(frappe.request.url, {
				cmd: "involvement_app.involvement_payments.benefit_letters.print_for",
				participant: frm.doc.participant,
				asked_how: values.asked_how,
			}),
		__("A letter about payments"),
		__("Make the letter")
	);
}
