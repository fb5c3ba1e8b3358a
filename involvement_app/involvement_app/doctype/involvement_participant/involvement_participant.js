frappe.ui.form.on("Involvement Participant", {
	refresh(frm) {
		consents(frm);
		const open = !frm.is_new() && frm.doc.status !== "Left" && frm.perm[0]?.write;
		if (!open) return;
		const label = frm.doc.user ? __("Send the invitation again") : __("Invite to the portal");
		frm.add_custom_button(label, () => invite(frm), __("Portal"));
	},
});

// What they were told and said. Who may not read consents sees none of it; the server asks again.
async function consents(frm) {
	if (frm.is_new() || !frappe.model.can_read("Consent Record")) return;
	if (frm.doc.privacy_notice_due) {
		frm.set_intro(__("This person is still to be given the privacy notice."), "orange");
	}
	if (frm.perm[0]?.write) {
		frm.add_custom_button(__("Write down what they decided"), () => ask_consents(frm), __("Consent"));
	}
	frm.add_custom_button(
		__("History"),
		() => frappe.set_route("List", "Consent Record", { person: frm.docname }),
		__("Consent")
	);
}

async function ask_consents(frm) {
	const person = { person_doctype: frm.doctype, person: frm.docname };
	const API = "involvement_app.involvement_privacy.consent";
	const { message } = await frappe.call({ method: `${API}.about`, type: "GET", args: person });
	const dialog = new frappe.ui.Dialog({
		title: __("What they were told and decided"),
		fields: [
			...message.asked.map(question),
			{ fieldtype: "Section Break" },
			{
				fieldname: "method",
				fieldtype: "Select",
				label: __("How they told us"),
				options: ["", "Phone", "In person", "Post", "E-mail"],
				reqd: 1,
			},
			{ fieldname: "decided_on", fieldtype: "Date", label: __("On"), reqd: 1, default: frappe.datetime.get_today() },
			{ fieldtype: "Column Break" },
			{
				fieldname: "given_by",
				fieldtype: "Data",
				label: __("Said by somebody else"),
				description: __("A parent, guardian or supporter. Leave it empty if they said it themselves."),
			},
			{ fieldname: "told_by", fieldtype: "Data", label: __("Who told or asked them"), default: frappe.session.user_fullname },
			{ fieldname: "evidence", fieldtype: "Attach", label: __("Signed form or letter") },
		],
		primary_action_label: __("Write it down"),
		async primary_action(values) {
			const decisions = {};
			for (const { purpose } of message.asked) {
				if (values[key(purpose)]) decisions[purpose] = values[key(purpose)];
			}
			const { method, decided_on, given_by, told_by, evidence } = values;
			const args = { ...person, decisions, method, decided_on, given_by, told_by, evidence };
			await frappe.call({ method: `${API}.record_for`, args, freeze: true });
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

// an agreement is agreed to, or not now
const AGREEMENT = { Given: __("Agreed"), Refused: __("Not now"), Withdrawn: __("No longer") };
const key = (purpose) => `about_${purpose.replace(/-/g, "_")}`;

function question({ purpose, title, kind, decision, decided_on, newer }) {
	// an agreement is asked about again when there is a new version of it
	const asked_again = kind === "Agreement" && newer;
	const answers = decision === "Given" && !asked_again ? ["Withdrawn"] : ["Given", "Refused"];
	const choices = kind === "Privacy notice" ? ["Notice given"] : answers;
	const words = (value) => (kind === "Agreement" && AGREEMENT[value]) || __(value);
	const now = decision
		? __("Now: {0}, {1}", [words(decision), frappe.datetime.str_to_user(decided_on)])
		: __("Not asked yet");
	return {
		fieldname: key(purpose),
		fieldtype: "Select",
		label: frappe.utils.escape_html(title),
		description: now,
		options: [{ value: "", label: "" }, ...choices.map((value) => ({ value, label: words(value) }))],
	};
}

function invite(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Please save your changes first."));
		return;
	}
	const question = __(
		"{0} gets a message with a link to sign in, sent the way they prefer. Their CRM record stays as it is. Go on?",
		[frappe.utils.escape_html(frm.doc.preferred_name).bold()]
	);
	frappe.confirm(question, async () => {
		const { message } = await frappe.call({
			method: "involvement_app.involvement_app.portal_access.invite",
			args: { participant: frm.docname },
			freeze: true,
		});
		await frm.reload_doc();
		message.told
			? frappe.show_alert({ message: __("The invitation is on its way."), indicator: "green" })
			: frappe.msgprint({
					title: __("Please tell them yourself"),
					message: __(
						"They can sign in now. They want to hear from us by {0}, so the message waits in Involvement Message for somebody to pass it on.",
						[__(message.channel).toLowerCase()]
					),
					indicator: "orange",
			  });
	});
}
