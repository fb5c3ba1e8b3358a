frappe.ui.form.on("Involvement Payment Batch", {
	setup(frm) {
		frm.set_query("payment", "lines", () => ({
			filters: { status: "Approved", batch: ["is", "not set"], payment_route: ["in", ["", "Gross"]] },
		}));
	},

	refresh(frm) {
		if (frm.is_new()) {
			if (!frm.doc.title) {
				frm.set_value("title", __("Payments, {0}", [frappe.datetime.str_to_user(frappe.datetime.get_today())]));
			}
			frm.set_intro(__("Save the batch, then add the approved payments with one button."));
		} else if (frm.doc.status === "Draft") {
			frm.add_custom_button(__("Add approved payments"), () => add_approved_payments(frm));
			const waiting = frm.doc.__onload?.waiting || [];
			if (waiting.length) frm.set_intro(waiting.map(frappe.utils.escape_html).join("<br>"), "blue");
		}
		if (frm.doc.file_hash) {
			frm.add_custom_button(__("Download the file"), () => download(frm));
		}
		if (frm.doc.__onload?.ledger) show_ledger(frm);
	},
});

async function add_approved_payments(frm) {
	if (frm.is_dirty()) await frm.save();
	const { message: added } = await frm.call({ method: "add_approved_payments", doc: frm.doc, freeze: true });
	frappe.show_alert(
		added
			? { message: added === 1 ? __("1 payment added") : __("{0} payments added", [added]), indicator: "green" }
			: { message: __("There are no more approved payments outside a batch"), indicator: "blue" }
	);
	frm.reload_doc();
}

function download(frm) {
	const method = "/api/method/involvement_app.involvement_payments.batches.download";
	window.open(`${method}?batch=${encodeURIComponent(frm.docname)}`);
}

function show_ledger(frm) {
	if (frm.doc.ledger_note) {
		frm.set_intro(frappe.utils.escape_html(__("Not in the ledger: {0}", [frm.doc.ledger_note])), "orange");
	}
	if (frm.doc.journal_entry && !frm.doc.ledger_note) {
		frm.add_custom_button(__("Journal Entry"), () => frappe.set_route("Form", "Journal Entry", frm.doc.journal_entry), __("View"));
	} else {
		frm.add_custom_button(__("Post to the ledger"), () => post_again(frm));
	}
}

async function post_again(frm) {
	const method = "involvement_app.involvement_payments.journal_entries.post_again";
	const { message } = await frappe.call({ method, args: { batch: frm.docname }, freeze: true });
	if (message.journal_entry && !message.ledger_note) {
		frappe.show_alert({ message: __("{0} is in the ledger", [message.journal_entry]), indicator: "green" });
	}
	frm.reload_doc();
}
