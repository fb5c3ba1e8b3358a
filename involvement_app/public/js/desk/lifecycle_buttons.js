// The steps of a lifecycle as buttons, for doctypes without a Frappe Workflow (that brings its own menu).
// Only what the reader may do is offered; the server decides again.

const THINK_TWICE = {
	"No thank you": __("This closes the application. Nothing is counted against the person."),
	"Not this time": __("The person is told now, with your words. Go on?"),
	"Stop taking part": __("The place is free again at once. Go on?"),
	"Cancel session": __("Cancel this session?"),
	Leave: __("The person leaves the register. What is owed to them stays. Go on?"),
	Reject: __("The person is told now, with your reason. Go on?"),
	Void: __("This cannot be undone. Go on?"),
};

async function add_buttons(frm) {
	if (frm.is_new() || frm.is_dirty()) return;
	const name = frm.docname;
	const { message: steps } = await frappe.call({
		method: "involvement_app.lifecycle.desk.steps",
		type: "GET",
		args: { doctype: frm.doctype, name },
	});
	if (frm.docname !== name) return; // another document is open by now
	(steps || []).forEach((step, position) => {
		const button = frm.add_custom_button(__(step.action), () => ask(frm, step));
		// the way on is blue; what ends something never is
		const ends = step.asks || THINK_TWICE[step.action];
		if (position === 0 && !ends) button.removeClass("btn-default").addClass("btn-primary");
	});
}

function ask(frm, { action, asks }) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Please save your changes first, then choose “{0}”.", [__(action)]));
		return;
	}
	if (asks) return ask_for_words(frm, action, asks);
	const question = THINK_TWICE[action];
	question ? frappe.confirm(question, () => take(frm, action)) : take(frm, action);
}

function ask_for_words(frm, action, asks) {
	const { label, description } = frappe.meta.get_docfield(frm.doctype, asks);
	frappe.prompt(
		{ fieldname: "words", fieldtype: "Small Text", label: __(label), description: __(description), reqd: 1 },
		({ words }) => take(frm, action, words),
		__(action),
		__(action)
	);
}

async function take(frm, action, words) {
	await frappe.call({
		method: "involvement_app.lifecycle.desk.take",
		args: { doctype: frm.doctype, name: frm.docname, action, words },
		freeze: true,
	});
	frappe.show_alert({ message: __("{0}: done", [__(action)]), indicator: "green" });
	frm.reload_doc();
}

(frappe.boot.involvement_lifecycles || []).forEach((doctype) =>
	frappe.ui.form.on(doctype, { refresh: add_buttons })
);
