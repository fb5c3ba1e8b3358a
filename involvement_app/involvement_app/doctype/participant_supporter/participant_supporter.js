frappe.ui.form.on("Participant Supporter", {
	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.ended_on) {
			frm.set_intro(__("This has ended. If they are to act again, add a new entry."), "yellow");
			frm.disable_save();
			return;
		}
		if (frm.perm[0]?.write) frm.add_custom_button(__("End it now"), () => end(frm));
	},
});

function end(frm) {
	frappe.prompt(
		{
			fieldname: "recorded_how",
			fieldtype: "Select",
			label: __("How the person told us"),
			options: ["Phone", "In person", "Post", "E-mail"].map((value) => ({ value, label: __(value) })),
			reqd: 1,
		},
		async ({ recorded_how }) => {
			const method = "involvement_app.involvement_app.supporters.end_for";
			await frappe.call({ method, args: { name: frm.docname, recorded_how }, freeze: true });
			frm.reload_doc();
		},
		__("From this moment they can no longer act for them"),
		__("End it now")
	);
}
