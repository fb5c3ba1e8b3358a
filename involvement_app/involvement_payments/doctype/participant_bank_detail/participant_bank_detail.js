frappe.ui.form.on("Participant Bank Detail", {
	refresh(frm) {
		// entered by people or written down for them; decided on with its own buttons
		frm.disable_save();
		["note", "recorded_how"].forEach((fieldname) => frm.set_df_property(fieldname, "read_only", 1));
		if (frm.doc.last_three && ["Pending", "Verified", "Active"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Read the account"), () => ask_why(frm));
		}
	},
});

function ask_why(frm) {
	const reason = {
		fieldname: "reason",
		fieldtype: "Data",
		label: __("What do you need it for?"),
		description: __("It is written down who read it, and why."),
		reqd: 1,
	};
	frappe.prompt(reason, (values) => read(frm, values.reason), __("Read the account"), __("Read it"));
}

async function read(frm, reason) {
	const args = { doctype: frm.doctype, name: frm.docname, reason };
	let message;
	try {
		({ message } = await frappe.call({
			method: "involvement_app.involvement_privacy.sensitive.read",
			args,
			freeze: true,
		}));
	} catch (answer) {
		message = answer.responseJSON?.message; // a refusal comes with status 403
		if (!message) throw answer;
	}
	const { values, refused } = message;
	const line = (label, value) => `<p><strong>${label}</strong><br>${frappe.utils.escape_html(value || "")}</p>`;
	frappe.msgprint({
		title: __("Account of {0}", [frappe.utils.escape_html(frm.doc.payee_name || frm.doc.participant)]),
		message: values
			? line(__("Name on the account"), values.account_name) +
				line(__("Sort code"), values.sort_code?.replace(/(..)(..)(..)/, "$1-$2-$3")) +
				line(__("Account number"), values.account_number)
			: line("", refused),
	});
}
