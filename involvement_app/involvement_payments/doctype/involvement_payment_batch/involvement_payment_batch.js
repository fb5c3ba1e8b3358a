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
