// while the checklist still decides on a step
const DECIDED_ON = ["Draft", "Submitted", "Changes requested", "Approved"];
// whoever changes it then, hands it in again
const SENT_BACK_FROM = ["Approved", "Published", "Closed to applications"];
const SEND_BACK = __(
	"This sends it back for approval: nobody can apply until it is approved and published again. Who has a place keeps it, and is told if the place, the time or the payment is different. Go on?"
);
const ANSWER_COLOURS = { Named: "gray", Asked: "orange", Yes: "green", "Changes wanted": "yellow" };
const RESULT_COLOURS = { Pass: "green", Warn: "orange", Fail: "red", "Not applicable": "gray" };

frappe.ui.form.on("Involvement Opportunity", {
	setup(frm) {
		frm.set_query("lead", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},
	refresh(frm) {
		show_checklist(frm);
		if (frm.is_new()) {
			frm.set_intro(__("Save at any time. The checklist under “Checks” says what is still missing."), "blue");
			return;
		}
		show_places(frm);
		show_reviewers(frm);
		offer_overrides(frm);
		if (frm.doc.status === "Published" && frm.doc.visibility === "Public") {
			frm.add_custom_button(__("See it as participants do"), () =>
				window.open(`/take-part/opportunities/${encodeURIComponent(frm.doc.name)}`)
			);
		}
	},
	before_save(frm) {
		if (!SENT_BACK_FROM.includes(frm.doc.status) || frm.is_new()) return;
		return frappe
			.xcall("involvement_app.involvement_app.reviewers.is_material", { doc: JSON.stringify(frm.doc) }, "POST")
			.then((material) => material && confirmed(SEND_BACK));
	},
	opportunity_type(frm) {
		if (!frm.doc.opportunity_type || frm.doc.level) return;
		frappe.db
			.get_value("Involvement Type", frm.doc.opportunity_type, "default_level")
			.then(({ message }) => frm.doc.level || frm.set_value("level", message.default_level));
	},
});

// The result in words and colour, never in colour alone.
function show_checklist(frm) {
	const rows = frm.doc.gates || [];
	const open = failing(frm);
	if (frm.is_new() || !DECIDED_ON.includes(frm.doc.status)) return;
	frm.dashboard.clear_headline();
	const overridden = rows.filter((row) => row.override_by);
	const warned = rows.filter((row) => row.result === "Warn");
	if (!open.length && !overridden.length && !warned.length) {
		frm.dashboard.set_headline_alert(__("The checklist is complete."), "green");
		return;
	}
	const lines = [
		...open.map(as_line),
		...warned.map(as_line),
		...overridden.map(
			(row) =>
				`<li><span class="indicator-pill orange">${__("Overridden")}</span>
				${frappe.utils.escape_html(row.question)} ${frappe.utils.escape_html(row.value)}.
				${frappe.utils.escape_html(row.override_reason)} (${frappe.utils.escape_html(
					frappe.user.full_name(row.override_by)
				)})</li>`
		),
	];
	const title = open.length ? __("Before it can go on:") : __("The checklist lets it go on:");
	frm.dashboard.set_headline(`${title}<ul class="list-unstyled mb-0">${lines.join("")}</ul>`);
}

function as_line(row) {
	return `<li><span class="indicator-pill ${RESULT_COLOURS[row.result]}">${__(row.result)}</span>
		${frappe.utils.escape_html(row.question)} ${frappe.utils.escape_html(row.value)}
		(${__("needed")}: ${frappe.utils.escape_html(row.threshold)}).
		${frappe.utils.escape_html(row.how_to_fix)}</li>`;
}

function confirmed(words) {
	return new Promise((resolve, reject) =>
		frappe.confirm(words, resolve, () => {
			frappe.validated = false;
			resolve();
		})
	);
}

// What people with lived experience said, without their names.
function show_reviewers(frm) {
	if (!["Draft", "Submitted", "Changes requested"].includes(frm.doc.status)) return;
	frappe
		.xcall("involvement_app.involvement_app.reviewers.said", { opportunity: frm.doc.name }, "GET")
		.then(({ needed, rows, may_name }) => {
			if (!needed && !rows.length) return;
			if (may_name && needed)
				frm.add_custom_button(__("Name a reviewer"), () =>
					frappe.new_doc("Opportunity Reviewer", { opportunity: frm.doc.name })
				);
			const lines = rows.map(
				(row) =>
					`<li><span class="indicator-pill ${ANSWER_COLOURS[row.status]}">${__(row.status)}</span>
					${frappe.utils.escape_html(row.words || "")}
					${row.earlier ? `<div class="text-muted">${__("Before")}: ${frappe.utils.escape_html(row.earlier)}</div>` : ""}</li>`
			);
			if (!lines.length) lines.push(`<li>${__("Nobody has been asked yet. A coordinator names somebody.")}</li>`);
			frm.dashboard.add_section(
				`<ul class="list-unstyled mb-0">${lines.join("")}</ul>`,
				__("A yes by somebody with lived experience, beside the manager's")
			);
			frm.dashboard.show();
		});
}

function failing(frm) {
	return (frm.doc.gates || []).filter((row) => row.result === "Fail" && !row.override_by);
}

// For managers without a hand in it; the server asks again.
function offer_overrides(frm) {
	const hands = [frm.doc.owner, frm.doc.lead, frm.doc.submitted_by, ...(frm.doc.edited_by || "").split("\n")];
	if (!DECIDED_ON.includes(frm.doc.status) || frm.is_dirty()) return;
	if (!frappe.user.has_role("Involvement Manager") || hands.includes(frappe.session.user)) return;
	const overridden = (frm.doc.gates || []).filter((row) => row.override_by);
	if (failing(frm).length)
		frm.add_custom_button(__("Override a check"), () => ask(frm, failing(frm), "override", true));
	if (overridden.length)
		frm.add_custom_button(__("Take back an override"), () =>
			ask(frm, overridden, "take_back_override", false)
		);
}

function ask(frm, rows, method, with_reason) {
	const fields = [
		{
			fieldname: "gate",
			fieldtype: "Select",
			label: __("Check"),
			reqd: 1,
			options: rows.map((row) => ({ value: row.gate, label: `${row.gate}: ${row.question}` })),
			default: rows[0].gate,
		},
	];
	if (with_reason)
		fields.push({
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("Reason"),
			reqd: 1,
			description: __("Why it may go on all the same. It is kept with your name, and counted."),
		});
	const dialog = new frappe.ui.Dialog({
		title: with_reason ? __("Override a check") : __("Take back an override"),
		fields,
		primary_action_label: with_reason ? __("Override") : __("Take back"),
		primary_action(values) {
			frappe
				.xcall(`involvement_app.involvement_app.gates.${method}`, { opportunity: frm.doc.name, ...values })
				.then(() => {
					dialog.hide();
					frm.reload_doc();
				});
		},
	});
	dialog.show();
}

function show_places(frm) {
	if (["Draft", "Submitted", "Changes requested", "Approved", "Cancelled"].includes(frm.doc.status)) return;
	const share = Math.min(100, Math.round((100 * frm.doc.places_confirmed) / (frm.doc.places || 1)));
	frm.dashboard.add_progress(
		__("Places taken"),
		share,
		__("{0} of {1} places taken", [frm.doc.places_confirmed, frm.doc.places])
	);
}
