// An entry is written by the person in the portal, or here for somebody who told us in another way.

frappe.listview_settings["Media Consent"] = {
	add_fields: ["decision"],
	hide_name_column: true,
	get_indicator(doc) {
		return [__(doc.decision), doc.decision === "Given" ? "green" : "orange", `decision,=,${doc.decision}`];
	},
	onload(list) {
		if (frappe.model.can_write("Involvement Participant")) {
			list.page.add_inner_button(__("Write down"), () => write_down(list));
		}
	},
};

function write_down(list) {
	const channels = frappe.meta.get_docfield("Media Consent", "channel").options.split("\n").filter(Boolean);
	const yes = "eval:doc.decision === 'Given'";
	const dialog = new frappe.ui.Dialog({
		title: __("What somebody told us"),
		fields: [
			{ fieldname: "participant", fieldtype: "Link", options: "Involvement Participant", label: __("Participant"), reqd: 1 },
			{
				fieldname: "decision",
				fieldtype: "Select",
				label: __("What they decided"),
				options: [
					{ value: "Given", label: __("Yes, they may be quoted or shown") },
					{ value: "Withdrawn", label: __("They take their yes back") },
				],
				default: "Given",
				reqd: 1,
			},
			{
				fieldname: "channels",
				fieldtype: "MultiCheck",
				label: __("Where"),
				columns: 2,
				options: channels.map((channel) => ({ value: channel, label: __(channel) })),
			},
			{ fieldtype: "Section Break", depends_on: yes },
			{
				fieldname: "identity",
				fieldtype: "Select",
				label: __("Shown as"),
				options: ["Anonymous", "First name", "Full name"].map((value) => ({ value, label: __(value) })),
				default: "Anonymous",
			},
			{ fieldname: "until", fieldtype: "Date", label: __("Until"), mandatory_depends_on: yes },
			{ fieldtype: "Column Break" },
			{ fieldname: "photo", fieldtype: "Check", label: __("Photos of them") },
			{ fieldname: "film", fieldtype: "Check", label: __("Film or sound of them") },
			{ fieldname: "journalist", fieldtype: "Check", label: __("Talking to a journalist") },
			{ fieldtype: "Section Break" },
			{
				fieldname: "method",
				fieldtype: "Select",
				label: __("How the person told us"),
				options: ["Phone", "In person", "Post", "E-mail"].map((value) => ({ value, label: __(value) })),
				reqd: 1,
			},
			{ fieldname: "decided_on", fieldtype: "Date", label: __("On"), default: frappe.datetime.get_today() },
			{
				fieldname: "evidence",
				fieldtype: "Attach",
				label: __("What they signed"),
				depends_on: yes,
				mandatory_depends_on: yes,
			},
		],
		primary_action_label: __("Write down"),
		primary_action(values) {
			frappe
				.call({
					method: "involvement_app.involvement_app.media.record_for",
					args: { ...values, channels: values.channels || [] },
					freeze: true,
				})
				.then(() => {
					dialog.hide();
					list.refresh();
				});
		},
	});
	dialog.show();
}
