frappe.ui.form.on("Involvement Payment Batch", {
	setup(frm) {
		frm.set_query("payment", "lines", () => ({
			filters: {
				status: "Approved",
				batch: ["is", "not set"],
				payment_route: ["in", frm.doc.route === "Payroll" ? ["PAYE"] : ["", "Gross"]],
			},
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
		if (frm.is_new() || !frappe.user.has_role("Involvement Finance Officer") || !left(frm).length) return;
		if (["Locked", "Authorised"].includes(frm.doc.status) && left(frm).length > 1) {
			frm.add_custom_button(__("Take a payment out"), () => take_out(frm));
		}
		if (["Exported", "Confirmed"].includes(frm.doc.status)) {
			frm.add_custom_button(__("The bank sent one back"), () => sent_back(frm));
			frm.add_custom_button(__("Read the bank's answer"), () => bank_answer(frm));
		}
		if (frm.doc.status === "Exported") {
			frm.add_custom_button(__("The bank paid on another day"), () => paid_on(frm));
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

// A line stays as it was locked: what is taken back stands beside it, with a reason that the person reads.
function left(frm) {
	const back = new Set((frm.doc.reversals || []).map((row) => row.payment));
	return frm.doc.lines.filter((line) => !back.has(line.payment)).map((line) => line.payment);
}

function take_out(frm) {
	const fields = [
		{ fieldname: "payment", fieldtype: "Select", label: __("Payment"), options: left(frm), reqd: 1 },
		{
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("Reason"),
			description: __("If it is made void, the person reads this."),
			reqd: 1,
		},
		{
			fieldname: "void",
			fieldtype: "Check",
			label: __("Make the payment void"),
			description: __("Otherwise it is approved still, and can go into another batch."),
		},
	];
	const method = "involvement_app.involvement_payments.reversals.take_out";
	frappe.prompt(fields, (values) => take_back(frm, method, values), __("Take a payment out"), __("Take it out"));
}

function paid_on(frm) {
	const written_on = frm.doc.exported_on.split(" ")[0];
	const fields = [
		{
			fieldname: "day",
			fieldtype: "Date",
			label: __("Day on which the bank paid"),
			default: frappe.datetime.get_today(),
			description: __("From {0}, when the file was written, to today. It counts on this day for everybody in the batch: in their month, their tax year and their statement.", [
				frappe.datetime.str_to_user(written_on),
			]),
			reqd: 1,
		},
		{ fieldname: "reason", fieldtype: "Small Text", label: __("How do you know?"), reqd: 1 },
	];
	const method = "involvement_app.involvement_payments.pay_day.paid_on";
	frappe.prompt(fields, (values) => take_back(frm, method, values), __("The bank paid on another day"), __("Write it down"));
}

function sent_back(frm) {
	const fields = [
		{ fieldname: "payment", fieldtype: "Select", label: __("Payment"), options: left(frm), reqd: 1 },
		{
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("What the bank said"),
			description: __("The person reads this, with what to do next. The money stays theirs."),
			reqd: 1,
		},
	];
	const method = "involvement_app.involvement_payments.reversals.sent_back";
	frappe.prompt(fields, (values) => take_back(frm, method, values), __("The bank sent one back"), __("Write it down"));
}

async function take_back(frm, method, values) {
	await frappe.call({ method, args: { batch: frm.docname, ...values }, freeze: true });
	frm.reload_doc();
}

// What a file of the bank says about the payments: listed first, carried out on a second yes.
function bank_answer(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("The bank's answer"),
		fields: [
			{
				fieldname: "file",
				fieldtype: "HTML",
				options: `<label class="control-label" for="bank-answer">${__("File (CSV)")}</label>
					<input type="file" id="bank-answer" accept=".csv,text/csv" class="form-control" style="height: auto">`,
			},
			{ fieldtype: "Section Break", label: __("Columns, where they have other names"), collapsible: 1 },
			{ fieldname: "reference", fieldtype: "Data", label: __("Reference") },
			{ fieldname: "amount", fieldtype: "Data", label: __("Amount") },
			{ fieldname: "outcome", fieldtype: "Data", label: __("Outcome") },
		],
		primary_action_label: __("Show what it says"),
		async primary_action({ reference, amount, outcome }) {
			const file = dialog.$wrapper.find("input[type=file]")[0].files[0];
			if (!file) return frappe.show_alert({ message: __("Choose a file first."), indicator: "orange" });
			const content = await read_as_base64(file);
			const args = { batch: frm.docname, content, columns: JSON.stringify({ reference, amount, outcome }) };
			const { message } = await frappe.call({ method: bank_returns("preview"), args, freeze: true });
			dialog.hide();
			frappe.confirm(said(message), async () => {
				await frappe.call({ method: bank_returns("take_in"), args, freeze: true });
				frm.reload_doc();
			});
		},
	});
	dialog.show();
}

const bank_returns = (name) => `involvement_app.involvement_payments.bank_returns.${name}`;

function read_as_base64(file) {
	return new Promise((done, failed) => {
		const reader = new FileReader();
		reader.onload = () => done(String(reader.result).split(",").pop());
		reader.onerror = failed;
		reader.readAsDataURL(file);
	});
}

function said(answer) {
	const list = (title, rows) =>
		rows.length
			? `<p><b>${title} (${rows.length})</b></p><ul>${rows
					.slice(0, 100)
					.map((row) => `<li>${frappe.utils.escape_html(row)}</li>`)
					.join("")}</ul>`
			: "";
	return [
		list(__("Paid"), answer.paid),
		list(__("Sent back"), answer.failed.map((row) => `${row.payment}: ${row.reason}`)),
		list(__("Known before"), answer.known),
		list(__("Rows that are not taken: nothing happens"), answer.unknown),
		list(__("Payments that no row settles: they stay as they are"), answer.missing),
		`<p>${__("Write this down?")}</p>`,
	].join("");
}

function show_ledger(frm) {
	if (frm.doc.__onload.nothing_to_post && !frm.doc.ledger_note) {
		frm.set_intro(__("As much came back as went out, on each account: there is nothing to post to the ledger."), "blue");
		return;
	}
	if (frm.doc.ledger_note) {
		frm.set_intro(frappe.utils.escape_html(__("Not in the ledger: {0}", [frm.doc.ledger_note])), "orange");
	}
	if (frm.doc.journal_entry && !frm.doc.ledger_note) {
		frm.add_custom_button(__("Journal Entry"), () => frappe.set_route("Form", "Journal Entry", frm.doc.journal_entry), __("View"));
	} else {
		frm.add_custom_button(__("Post to the ledger"), () => post_again(frm));
	}
}

function post_again(frm) {
	const day = {
		fieldname: "posting_on",
		fieldtype: "Date",
		label: __("Day in the ledger"),
		default: frm.doc.payment_on,
		reqd: 1,
		description: __("The day of payment, or a later one if the books of that day stay closed."),
	};
	frappe.prompt(day, ({ posting_on }) => post(frm, posting_on), __("Post to the ledger"), __("Post"));
}

async function post(frm, posting_on) {
	const method = "involvement_app.involvement_payments.journal_entries.post_again";
	const { message } = await frappe.call({ method, args: { batch: frm.docname, posting_on }, freeze: true });
	if (message.journal_entry && !message.ledger_note) {
		frappe.show_alert({ message: __("{0} is in the ledger", [message.journal_entry]), indicator: "green" });
	}
	frm.reload_doc();
}
