// A plan for a hard day, on the forms of those who are there with somebody. Reading asks why, and is written down.

const API = "involvement_app.involvement_app.wellbeing";

frappe.ui.form.on("Involvement Participant", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Left") return;
		if (frm.doc.named_contact === frappe.session.user) {
			frm.add_custom_button(__("Read"), () => ask_why(frm.docname, frm.doc.preferred_name), __("Wellbeing plan"));
		}
		if (frm.perm[0]?.write) {
			frm.add_custom_button(__("Write down for them"), () => write_for(frm), __("Wellbeing plan"));
		}
	},
});

frappe.ui.form.on("Involvement Session", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Cancelled" || frm.doc.lead !== frappe.session.user) return;
		const people = (frm.doc.attendance || []).filter((row) => row.participant);
		if (people.length) frm.add_custom_button(__("Wellbeing plan"), () => choose(people));
	},
});

function choose(people) {
	const options = people.map((row) => ({ value: row.participant, label: row.preferred_name || row.participant }));
	frappe.prompt(
		{ fieldname: "participant", fieldtype: "Select", label: __("Whose"), options, reqd: 1 },
		({ participant }) => ask_why(participant, options.find((option) => option.value === participant).label),
		__("Wellbeing plan"),
		__("Go on")
	);
}

function ask_why(participant, name) {
	frappe.prompt(
		{
			fieldname: "reason",
			fieldtype: "Data",
			label: __("What do you need it for?"),
			description: __("It is written down, and {0} sees it.", [frappe.utils.escape_html(name)]),
			reqd: 1,
		},
		({ reason }) => show(participant, name, reason),
		__("Wellbeing plan of {0}", [frappe.utils.escape_html(name)]),
		__("Read it")
	);
}

async function show(participant, name, reason) {
	let message;
	try {
		({ message } = await frappe.call({ method: `${API}.read`, args: { participant, reason }, freeze: true }));
	} catch (answer) {
		message = answer.responseJSON?.message; // a refusal comes with status 403
		if (!message) throw answer;
	}
	const escape = (words) => frappe.utils.escape_html(words).replace(/\n/g, "<br>");
	const lines = (message.lines || []).filter(({ value }) => value);
	frappe.msgprint({
		title: __("Wellbeing plan of {0}", [frappe.utils.escape_html(name)]),
		message: message.lines
			? lines.map(({ label, value }) => `<p><strong>${escape(label)}</strong><br>${escape(value)}</p>`).join("")
			: `<p>${escape([message.none, message.refused, message.when].filter(Boolean).join(" "))}</p>`,
	});
}

function write_for(frm) {
	const box = (fieldname, label) => ({ fieldname, label, fieldtype: "Small Text", max_height: "60px" });
	const dialog = new frappe.ui.Dialog({
		title: __("Write down for {0}", [frappe.utils.escape_html(frm.doc.preferred_name)]),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p class="text-muted">${__("What you leave empty stays as it is. You are not shown what is there.")}</p>`,
			},
			box("what_helps", __("What helps me")),
			box("what_to_look_out_for", __("What you may notice when I am not well")),
			box("please_do", __("What you can do then")),
			box("please_do_not", __("What you should not do")),
			{ fieldtype: "Column Break" },
			box("topics_to_avoid", __("What I do not want to talk about")),
			box("afterwards", __("What is good for me afterwards")),
			{ fieldname: "supporter", label: __("Who to contact"), fieldtype: "Data" },
			{ fieldname: "supporter_contact", label: __("How to reach them"), fieldtype: "Data" },
			{
				fieldname: "recorded_how",
				label: __("How the person told us"),
				fieldtype: "Select",
				options: ["", "Phone", "In person", "Post", "E-mail"],
				reqd: 1,
			},
		],
		size: "large",
		primary_action_label: __("Save"),
		async primary_action({ recorded_how, ...values }) {
			const args = { participant: frm.docname, values, recorded_how };
			await frappe.call({ method: `${API}.write_for`, args, freeze: true });
			dialog.hide();
			frappe.show_alert({ message: __("It is saved."), indicator: "green" });
		},
	});
	dialog.show();
}
