// What staff should know before they deal with somebody, on top of the form (Accessible Information Standard).
// The server answers with what this reader may see and nothing else.

const FORMS = ["Involvement Participant", "Involvement Application", "Involvement Engagement", "Involvement Session"];

async function show_flags(frm) {
	frm.$wrapper.find(".involvement-flags").remove();
	if (frm.is_new()) return;
	const name = frm.docname;
	const { message: people } = await frappe.call({
		method: "involvement_app.involvement_app.flags.about",
		type: "GET",
		args: { doctype: frm.doctype, name },
	});
	frm.$wrapper.find(".involvement-flags").remove();
	if (frm.docname !== name || !(people || []).length) return; // another document is open by now
	const many = frm.doctype === "Involvement Session";
	$(`<div class="involvement-flags form-message yellow" role="note" style="padding: 10px 15px">
		${people.map((person) => lines(person, many)).join("")}
	</div>`).insertBefore(frm.$wrapper.find(".involvement-glance")[0] || frm.layout.wrapper); // always on top
}

function lines(person, many) {
	const whose = many ? `${text(person.preferred_name)}: ` : "";
	const said = [];
	if (person.needs.length || person.note) {
		const needs = person.needs.map(({ need, detail, agreed }) => {
			const words = [text(__(need)).bold(), text(detail), agreed && __("We do: {0}", [text(agreed)])];
			return `<li>${words.filter(Boolean).join(". ")}</li>`;
		});
		const note = person.note ? [`<li>${text(person.note)}</li>`] : [];
		said.push(`<strong>${whose}${__("What makes it easier")}</strong><ul style="margin: 0">${needs.concat(note).join("")}</ul>`);
	}
	if (person.never) said.push(`<div><strong>${whose}${__("Never ask about")}</strong>: ${text(person.never)}</div>`);
	for (const { course, comes_first } of person.training) {
		const words = comes_first ? __("This training comes first, before an offer") : __("This training would help");
		said.push(`<div><strong>${words}</strong>: ${text(__(course))}</div>`);
	}
	if (person.limit) said.push(`<div><strong>${__("This would pass their own limit on payment")}</strong>: ${text(person.limit)}</div>`);
	return said.join("");
}

const text = (words) => frappe.utils.escape_html(words || "").replace(/\n/g, "<br>");

FORMS.forEach((doctype) => frappe.ui.form.on(doctype, { refresh: show_flags }));
