// The files of a batch: by layout, again as a copy, the journal; proofs of what is paid by hand; a large one on the queue.

const PAYMENTS = "involvement_app.involvement_payments";
const MANY = 200; // lines beyond which a request would take long
const BY_HAND = ["Cheque", "Cash", "Voucher"];

frappe.ui.form.on("Involvement Payment Batch", {
	refresh(frm) {
		if (frm.is_new()) return;
		say_what_to_look_at(frm);
		const officer = frappe.user.has_role("Involvement Finance Officer");
		if (["Exported", "Confirmed"].includes(frm.doc.status) && frm.doc.route !== "Payroll") {
			frm.add_custom_button(__("Journal (CSV)"), () => journal(frm), __("Files"));
		}
		if (!officer) return;
		if (frm.doc.status === "Exported") frm.add_custom_button(__("Write it again"), () => again(frm), __("Files"));
		if (["Authorised", "Exported"].includes(frm.doc.status) && unproven(frm).length) {
			frm.add_custom_button(__("Proof of payment by hand"), () => prove(frm));
		}
		on_the_queue(frm);
	},
});

function say_what_to_look_at(frm) {
	const flagged = frm.doc.lines.filter((line) => line.bank_changed_on);
	if (!flagged.length) return;
	const rows = flagged.slice(0, 20).map((line) =>
		__("Row {0}: {1}, {2}, {3}, since {4}", [
			line.idx,
			line.payment,
			line.payee_name || line.participant,
			__(line.way),
			frappe.datetime.str_to_user(line.bank_changed_on),
		])
	);
	if (flagged.length > rows.length) rows.push(__("and {0} more", [flagged.length - rows.length]));
	const heading =
		flagged.length === 1
			? __("How one person is paid is new, or was changed, within seven days before this batch was put together:")
			: __("How people are paid is new, or was changed, within seven days before this batch was put together, in {0} rows:", [flagged.length]);
	const open = ["Draft", "Locked"].includes(frm.doc.status);
	frm.set_intro([heading, ...rows].map(frappe.utils.escape_html).join("<br>"), open ? "orange" : "blue");
}

function journal(frm) {
	window.open(`/api/method/${PAYMENTS}.files_for_others.journal?batch=${encodeURIComponent(frm.docname)}`);
}

function again(frm) {
	frappe.prompt(
		{
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("Why is it written again?"),
			description: __("Whoever authorised the batch is told. The file says that it is a copy: in its name, and inside where it has headings. Never give the bank both."),
			reqd: 1,
		},
		async ({ reason }) => {
			const args = { batch: frm.docname, reason };
			await frappe.call({ method: `${PAYMENTS}.bank_file.export_again`, args, freeze: true });
			frm.reload_doc();
		},
		__("Write the file again"),
		__("Write it")
	);
}

function unproven(frm) {
	// a file of accounts holds no charity: as ways.by_hand
	const by_hand = (line) => BY_HAND.includes(line.way) || (line.way === "Charity" && frm.doc.file_layout);
	// what was taken out is paid elsewhere: as transfers.standing
	const out = (frm.doc.reversals || []).filter((row) => row.kind === "Taken out").map((row) => row.payment);
	return frm.doc.lines.filter((line) => by_hand(line) && !line.proof && !line.proof_file && !out.includes(line.payment));
}

function prove(frm) {
	const options = unproven(frm).map((line) => ({
		value: String(line.idx),
		label: `${line.idx}: ${line.payee_name || line.participant} (${__(line.way)})`,
	}));
	const fields = [
		{ fieldname: "row", fieldtype: "Select", label: __("Row"), options, reqd: 1 },
		{ fieldname: "number", fieldtype: "Data", label: __("Number of the cheque, voucher or transfer") },
		{ fieldname: "slip", fieldtype: "Attach", label: __("Signed slip or receipt"), options: { doctype: frm.doctype, docname: frm.docname, make_attachments_public: 0 } },
	];
	frappe.prompt(
		fields,
		async ({ row, number, slip }) => {
			const args = { batch: frm.docname, row: Number(row), number: number || "", slip: slip || "" };
			await frappe.call({ method: `${PAYMENTS}.ways.prove`, args, freeze: true });
			frm.reload_doc();
		},
		__("Proof of payment by hand"),
		__("Write it down")
	);
}

function on_the_queue(frm) {
	const step = { Draft: "Lock", Authorised: "Export", Exported: "Confirm" }[frm.doc.status];
	if (frm.doc.status === "Draft") {
		frm.add_custom_button(__("Add all approved payments"), () => start(frm, "Add approved payments"), __("In the background"));
	}
	if (step && frm.doc.lines.length > MANY) {
		frm.add_custom_button(__(step), () => start(frm, step), __("In the background"));
	}
}

async function start(frm, action) {
	if (frm.is_dirty()) await frm.save();
	listen(frm);
	await frappe.call({ method: `${PAYMENTS}.large.start`, args: { batch: frm.docname, action }, freeze: true });
	frappe.show_progress(frm.docname, 1, 100, __("It goes on also when you leave this page."));
}

function listen(frm) {
	frappe.realtime.off("involvement_batch");
	frappe.realtime.on("involvement_batch", ({ batch, percent, problem, notes }) => {
		if (batch !== frm.docname) return;
		if (percent < 100) return frappe.show_progress(batch, percent, 100);
		frappe.hide_progress();
		if (problem) frappe.msgprint(problem);
		if (notes) frappe.msgprint({ title: __("Done"), message: notes, indicator: "orange" });
		frm.reload_doc();
	});
}
