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
		if (frm.doc.status === "Published" && frm.doc.visibility === "Public") {
			frm.add_custom_button(__("See it as participants do"), () =>
				window.open(`/take-part/opportunities/${encodeURIComponent(frm.doc.name)}`)
			);
		}
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
	const open = (frm.doc.gates || []).filter((row) => row.result === "Fail");
	if (frm.is_new() || !["Draft", "Changes requested", "Approved"].includes(frm.doc.status)) return;
	frm.dashboard.clear_headline();
	if (!open.length) {
		frm.dashboard.set_headline_alert(__("The checklist is complete."), "green");
		return;
	}
	const lines = open.map(
		(row) =>
			`<li><span class="indicator-pill ${RESULT_COLOURS[row.result]}">${__(row.result)}</span>
			${frappe.utils.escape_html(row.question)} ${frappe.utils.escape_html(row.value)}
			(${__("needed")}: ${frappe.utils.escape_html(row.threshold)}).
			${frappe.utils.escape_html(row.how_to_fix)}</li>`
	);
	frm.dashboard.set_headline(
		`${__("Before it can go on:")}<ul class="list-unstyled mb-0">${lines.join("")}</ul>`
	);
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
