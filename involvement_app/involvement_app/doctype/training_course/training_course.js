// A course is over: everybody who completed it is written down in one go.

const COURSE_LISTS = "involvement_app.involvement_app.course_lists";

frappe.ui.form.on("Training Course", {
	refresh(frm) {
		if (frm.is_new() || !frappe.model.can_create("Training Record")) return;
		frm.add_custom_button(__("Write down who completed it"), () => write_down(frm));
	},
});

function write_down(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Who completed “{0}”?", [frappe.utils.escape_html(frm.doc.course_name)]),
		fields: [
			{
				fieldname: "completed_on",
				fieldtype: "Date",
				label: __("Completed on"),
				reqd: 1,
				default: frappe.datetime.get_today(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "opportunity",
				fieldtype: "Link",
				options: "Involvement Opportunity",
				label: __("Add everybody with a place on"),
				onchange: () => add_places(dialog),
			},
			{ fieldtype: "Section Break" },
			{
				fieldname: "person",
				fieldtype: "Link",
				options: "Involvement Participant",
				label: __("Add one person"),
				get_query: () => ({ filters: { status: ["not in", ["Merged", "Left"]] } }),
				onchange: () => add_person(dialog),
			},
			{
				fieldname: "participants",
				fieldtype: "Small Text",
				label: __("Participants"),
				reqd: 1,
				description: __("Their numbers, one on each line. You can paste a list. Take out who did not complete it."),
			},
			{ fieldname: "result", fieldtype: "HTML" },
		],
		primary_action_label: __("Write it down"),
		primary_action: (values) => send(frm, dialog, values),
	});
	dialog.show();
}

const numbers = (text) => (text || "").split(/[\s,;]+/).filter(Boolean);

function add(dialog, names) {
	const there = numbers(dialog.get_value("participants"));
	dialog.set_value("participants", [...new Set([...there, ...names])].join("\n"));
}

function add_person(dialog) {
	const person = dialog.get_value("person");
	if (!person) return;
	add(dialog, [person]);
	dialog.set_value("person", "");
}

async function add_places(dialog) {
	const opportunity = dialog.get_value("opportunity");
	if (!opportunity) return;
	const { message } = await frappe.call({ method: `${COURSE_LISTS}.with_a_place`, type: "GET", args: { opportunity } });
	add(dialog, message.map((each) => each.name));
	const names = message.map((each) => frappe.utils.escape_html(`${each.preferred_name} (${each.name})`));
	dialog.get_field("result").$wrapper.html(
		names.length
			? `<p>${__("Added:")} ${names.join(", ")}</p>`
			: `<p class="text-muted">${__("Nobody you may see has a place there.")}</p>`
	);
}

async function send(frm, dialog, { completed_on, participants }) {
	const args = { course: frm.docname, completed_on, participants };
	const { message } = await frappe.call({ method: `${COURSE_LISTS}.write_down`, args, freeze: true });
	const { made, refused } = message;
	if (!refused.length) {
		dialog.hide();
		frappe.show_alert({ message: __("Written down for {0}.", [made.length]), indicator: "green" });
		return;
	}
	// who was refused stays in the list, to be mended and sent again
	dialog.set_value("participants", refused.map((each) => each.participant).join("\n"));
	const safe = (text) => frappe.utils.escape_html(String(text || ""));
	const lines = refused.map((each) => `<li><b>${safe(each.preferred_name || each.participant)}</b>: ${safe(each.why)}</li>`);
	dialog
		.get_field("result")
		.$wrapper.html(
			`<div class="alert alert-warning" role="status"><p>${__("Written down for {0}. Not for these:", [made.length])}</p><ul class="mb-0">${lines.join("")}</ul></div>`
		);
}
