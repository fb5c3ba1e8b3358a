const API = "involvement_app.involvement_app.enquiries";
const escape = (text) => frappe.utils.escape_html(text || "");

frappe.ui.form.on("Expression of Interest", {
	setup(frm) {
		frm.involvement_steps = { Join: join };
	},
	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(
				__("For somebody who told you in another way than the portal. It is recorded as entered for them, by you."),
				"blue"
			);
			return;
		}
		if (frm.doc.participant) {
			frm.set_intro(
				__("On the register: {0}", [frappe.utils.get_form_link("Involvement Participant", frm.doc.participant, true)]),
				"green"
			);
			return;
		}
		if (frm.doc.status === "New" && frm.doc.acknowledge_by) {
			const late = frm.doc.acknowledge_by < frappe.datetime.get_today();
			const day = frappe.datetime.str_to_user(frm.doc.acknowledge_by);
			frm.set_intro(late ? __("Was to be answered by {0}.", [day]) : __("Answer by {0}.", [day]), late ? "red" : "blue");
		}
		show_alike(frm);
	},
});

// Whom they might be: for staff alone, and only whom the reader may open.
async function show_alike(frm) {
	const name = frm.docname;
	const { message } = await frappe.call({ method: `${API}.alike`, type: "GET", args: { enquiry: name } });
	if (frm.docname !== name) return;
	frm.involvement_alike = message.people;
	const lines = message.people.map((person) => `<li>${line(person)}</li>`);
	if (message.hidden) {
		lines.push(`<li>${__("Somebody you cannot see looks like them. Ask an Involvement Manager before they join.")}</li>`);
	}
	if (lines.length) frm.set_intro(`${__("This might be somebody we know:")}<ul class="mb-0">${lines.join("")}</ul>`, "yellow");
}

function line({ doctype, name, title, status, signs }) {
	const link = frappe.utils.get_form_link(doctype, name, true, escape(title));
	const more = [kind(doctype), status && __(status), signs.length && __("same: {0}", [signs.map(escape).join(", ")])];
	return `${link} (${more.filter(Boolean).join("; ")})`;
}

function kind(doctype) {
	return { "Involvement Participant": __("on the register"), Contact: __("CRM record") }[doctype] || __("another enquiry");
}

async function join(frm) {
	const { message } = await frappe.call({ method: `${API}.before_joining`, type: "GET", args: { enquiry: frm.docname } });
	const dialog = new frappe.ui.Dialog({
		title: __("Join"),
		size: "large",
		fields: [...who(frm, message.crm), ...told(frm, message.statements)],
		primary_action_label: __("Join"),
		async primary_action(values) {
			const { message: done } = await frappe.call({
				method: `${API}.join`,
				args: arguments_of(frm, values, message.statements),
				freeze: true,
			});
			dialog.hide();
			done.note
				? frappe.msgprint({ title: __("Joined"), message: escape(done.note), indicator: "orange" })
				: frappe.show_alert({ message: __("Joined"), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}

const NEW = "new";
const OTHER = "other";

function who(frm, crm) {
	const doc = frm.doc;
	const known = (frm.involvement_alike || []).filter((person) => person.doctype !== frm.doctype);
	const there = known.filter((person) => person.doctype === "Involvement Participant");
	const sure = there.find((person) => person.signs.length > 1);
	// a couple may share a telephone: then a person decides, and nothing is chosen for them
	const doubtful = there.some((person) => !person.signs.includes(__("Similar name")));
	const options = known.map((person) => ({
		value: `${person.doctype}|${person.name}`,
		label: `${person.title} (${kind(person.doctype)}, ${person.name})`,
	}));
	const is_new = 'eval:!(doc.who || "").startsWith("Involvement Participant|")';
	return [
		{
			fieldname: "who",
			fieldtype: "Select",
			label: __("Who they are"),
			reqd: 1,
			default: sure ? `${sure.doctype}|${sure.name}` : doubtful ? "" : NEW,
			options: [
				...(doubtful ? [{ value: "", label: "" }] : []),
				{ value: NEW, label: __("Somebody new") },
				...options,
				{ value: OTHER, label: __("Somebody else in the CRM") },
			],
			description: __("A CRM record that is there already stays as it is."),
		},
		{
			fieldname: "person_doctype",
			fieldtype: "Select",
			label: __("Kind of CRM record"),
			options: crm.map((value) => ({ value, label: __(value) })),
			default: crm[0],
			depends_on: `eval:doc.who==="${OTHER}"`,
			hidden: crm.length < 2,
		},
		{
			fieldname: "person",
			fieldtype: "Dynamic Link",
			label: __("CRM record"),
			options: "person_doctype",
			depends_on: `eval:doc.who==="${OTHER}"`,
			mandatory_depends_on: `eval:doc.who==="${OTHER}"`,
		},
		{
			fieldname: "namesake_because",
			fieldtype: "Small Text",
			label: __("Another person, because"),
			hidden: !there.length,
			depends_on: is_new,
			description: __("Only if somebody on the register has the same name and address or number, and you know that they are two people. For example: father and son, both called Alex."),
		},
		{
			fieldname: "preferred_name",
			fieldtype: "Data",
			label: __("The name they want us to use"),
			default: doc.person_name,
			depends_on: is_new,
		},
		{ fieldtype: "Column Break" },
		{ fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit"), default: doc.unit, depends_on: is_new },
		{
			fieldname: "locality",
			fieldtype: "Link",
			options: "Involvement Locality",
			label: __("Locality"),
			default: doc.locality,
			depends_on: is_new,
		},
		{
			fieldname: "preferred_channel",
			fieldtype: "Select",
			label: __("Preferred channel"),
			options: ["Email", "Text message", "Phone", "Post"].map((value) => ({ value, label: __(value) })),
			default: doc.preferred_channel || "Post",
			depends_on: is_new,
		},
		{
			fieldname: "invite",
			fieldtype: "Check",
			label: __("Invite to the portal"),
			hidden: !doc.email,
			description: __("They get a message with a link to sign in."),
		},
	];
}

const HOW = { Phone: "Phone", "Drop-in": "In person", Post: "Post", "E-mail": "E-mail" };

function told(frm, statements) {
	const notice = (each) => each.kind === "Privacy notice";
	return [
		{ fieldtype: "Section Break", label: __("Read this to them, or hand it out") },
		...statements.filter(notice).flatMap(statement),
		{
			fieldname: "notice_method",
			fieldtype: "Select",
			label: __("How they were given the privacy notice"),
			options: ["", "Phone", "In person", "Post", "E-mail"].map((value) => ({ value, label: __(value) })),
			default: HOW[frm.doc.came_by] || "",
			reqd: 1,
		},
		{ fieldtype: "Column Break" },
		{ fieldname: "notice_on", fieldtype: "Date", label: __("On"), default: frappe.datetime.get_today(), reqd: 1 },
		{ fieldname: "told_by", fieldtype: "Data", label: __("Who told them"), default: frappe.session.user_fullname },
		{ fieldtype: "Section Break", label: __("Ask them, if you like") },
		...statements.filter((each) => !notice(each)).flatMap(statement),
	];
}

// The words to read out, and below them the answer; a notice has none.
function statement({ purpose, title, kind, plain_text }) {
	const words = {
		fieldtype: "HTML",
		fieldname: `words_${key(purpose)}`,
		options: `<details class="mb-2"><summary><b>${escape(title)}</b></summary>
			<p style="white-space: pre-line">${escape(plain_text)}</p></details>`,
	};
	if (kind === "Privacy notice") return [words];
	const answer = {
		fieldname: key(purpose),
		fieldtype: "Select",
		label: __("Their answer"),
		options: [
			{ value: "", label: __("Not asked") },
			{ value: "Given", label: __("They said yes") },
			{ value: "Refused", label: __("They said no") },
		],
	};
	return [words, answer];
}

const key = (purpose) => `about_${purpose.replace(/\W/g, "_")}`;

function arguments_of(frm, values, statements) {
	const [doctype, name] = (values.who || "").split("|");
	const decisions = {};
	for (const { purpose, kind } of statements) {
		if (kind !== "Privacy notice" && values[key(purpose)]) decisions[purpose] = values[key(purpose)];
	}
	const args = { enquiry: frm.docname, decisions };
	if (doctype === "Involvement Participant") args.participant = name;
	else if (name) Object.assign(args, { person_doctype: doctype, person: name });
	else if (doctype === OTHER) Object.assign(args, { person_doctype: values.person_doctype, person: values.person });
	for (const field of ["preferred_name", "unit", "locality", "preferred_channel", "notice_method", "notice_on", "told_by", "invite", "namesake_because"]) {
		args[field] = values[field];
	}
	return args;
}
