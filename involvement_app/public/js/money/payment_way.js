// How somebody wants to be paid, written down for them. Nothing of what is there is shown.

const API = "involvement_app.involvement_payments.bank_details";
const HOW = ["", "Phone", "In person", "Post", "E-mail"];

frappe.provide("involvement");

frappe.ui.form.on("Involvement Participant", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write || frm.doc.status === "Merged") return;
		const group = __("How they are paid");
		frm.add_custom_button(__("Write down for them"), () => involvement.write_payment_way(frm.docname), group);
		frm.add_custom_button(__("Take away"), () => take_away(frm.docname), group);
	},
});

involvement.write_payment_way = (participant) => {
	const by_bank = 'eval:doc.way === "Bank"';
	const dialog = new frappe.ui.Dialog({
		title: __("How they are paid"),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p class="text-muted">${__("Another person verifies it, and the person is told. You are not shown what is there.")}</p>`,
			},
			{
				fieldname: "way",
				fieldtype: "Select",
				label: __("Way of payment"),
				options: ["Bank", "Cheque", "Cash", "Voucher"],
				default: "Bank",
				reqd: 1,
				description: __("Expenses are never paid by voucher, which counts as pay: whoever claims any chooses bank, cheque or cash."),
			},
			{ fieldname: "account_name", fieldtype: "Data", label: __("Name on the account"), depends_on: by_bank },
			{ fieldname: "sort_code", fieldtype: "Data", label: __("Sort code"), depends_on: by_bank },
			{ fieldname: "account_number", fieldtype: "Data", label: __("Account number"), depends_on: by_bank },
			{ fieldname: "recorded_how", fieldtype: "Select", label: __("How the person told us"), options: HOW, reqd: 1 },
		],
		primary_action_label: __("Save"),
		async primary_action({ way, recorded_how, ...account }) {
			await frappe.call({
				method: `${API}.write_for`,
				args: { participant, way, account, recorded_how },
				freeze: true,
			});
			dialog.hide();
			frappe.show_alert({ message: __("It is saved, and waits for another person."), indicator: "green" });
		},
	});
	dialog.show();
};

function take_away(participant) {
	frappe.prompt(
		{ fieldname: "recorded_how", fieldtype: "Select", label: __("How the person told us"), options: HOW, reqd: 1 },
		async ({ recorded_how }) => {
			const { message } = await frappe.call({
				method: `${API}.take_away_for`,
				args: { participant, recorded_how },
				freeze: true,
			});
			frappe.show_alert({
				message: message ? __("It is gone.") : __("There was nothing to take away."),
				indicator: message ? "green" : "blue",
			});
		},
		__("How they are paid"),
		__("Take away")
	);
}
