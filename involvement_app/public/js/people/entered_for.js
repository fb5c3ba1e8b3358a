// Whose word it is: the person's own, or what staff entered for them.

const WORDS_OF_PEOPLE = ["Involvement Preference", "Access Requirement", "Lived Experience Profile", "Reference Letter"];

function whose_word(frm) {
	frm.set_intro();
	if (frm.is_new()) {
		frm.set_intro(__("Write down what the person told you, and how they told you."), "blue");
	} else if (frm.doc.recorded_by) {
		const on = frappe.datetime.str_to_user(frm.doc.recorded_on);
		const who = frappe.utils.escape_html(frm.doc.recorded_by);
		frm.set_intro(__("Entered for the person by {0} ({1}), {2}.", [who, __(frm.doc.told_how), on]), "blue");
	} else {
		frm.set_intro(__("Written by the person themself."), "blue");
	}
}

WORDS_OF_PEOPLE.forEach((doctype) => frappe.ui.form.on(doctype, { refresh: whose_word }));
