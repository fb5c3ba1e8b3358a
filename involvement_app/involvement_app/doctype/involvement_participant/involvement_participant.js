frappe.ui.form.on("Involvement Participant", {
	refresh(frm) {
		const open = !frm.is_new() && frm.doc.status !== "Left" && frm.perm[0]?.write;
		if (!open) return;
		const label = frm.doc.user ? __("Send the invitation again") : __("Invite to the portal");
		frm.add_custom_button(label, () => invite(frm), __("Portal"));
	},
});

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
