// The outbox: what waits, why, and what somebody can do about it. The server decides again.

(() => {
	const API = "involvement_app.messages.desk";
	const COLOURS = {
		Waiting: "orange",
		"Handed over": "blue",
		Printed: "blue",
		Sent: "green",
		"Not sent": "red",
		Cancelled: "gray",
	};
	// in the order of the menu; the words are asked before, where a step cannot simply be taken back
	const STEPS = {
		"Send now": null,
		"Try again": null,
		"Mark as posted": __("Are all of them in the post?"),
		"Mark as told": __("Have you told all of these people yourself?"),
		"Not posted yet": null,
		"Back to waiting": null,
		"It came back": null,
		Cancel: __("These people will not get these messages. Go on?"),
	};

	frappe.listview_settings["Involvement Message"] = {
		add_fields: ["status", "channel", "error", "print_run"],
		hide_name_column: true,
		get_indicator: (doc) => [__(doc.status), COLOURS[doc.status], `status,=,${doc.status}`],
		formatters: {
			error: (value) => (value ? `<span title="${escape(value)}">${escape(value)}</span>` : ""),
		},
		onload(list) {
			list.page.add_inner_button(__("Print letters"), () => print_letters(list));
			for (const [action, question] of Object.entries(STEPS)) {
				list.page.add_actions_menu_item(__(action), () => ask(list, action, question), false);
			}
			list.get_no_result_message = () => nothing_here(list);
		},
		refresh: show_problems,
	};

	const escape = (text) => frappe.utils.escape_html(text || "");

	function nothing_here(list) {
		const words = list.filter_area.get().length
			? __("No message fits these filters.")
			: __("Nothing is in the outbox. Offers, answers and payments write to people; what they are sent shows here.");
		return `<div class="msg-box no-border"><p>${words}</p></div>`;
	}

	async function show_problems(list) {
		const { message: problems } = await frappe.call({ method: `${API}.problems`, type: "GET" });
		list.$involvement_problems && list.$involvement_problems.remove();
		if (!problems || !problems.length) return;
		const rows = problems.map(
			({ text, serious }) =>
				`<div class="form-message ${serious ? "red" : "yellow"}" role="alert"><div>${escape(text)}</div></div>`
		);
		list.$involvement_problems = $(`<div class="involvement-problems">${rows.join("")}</div>`).prependTo(
			list.$frappe_list
		);
	}

	function ask(list, action, question) {
		const names = list.get_checked_items(true);
		if (!names.length) return;
		const go = () => take(list, action, names);
		question ? frappe.confirm(question, go) : go();
	}

	async function take(list, action, names) {
		const { message: count } = await frappe.call({
			method: `${API}.take`,
			args: { action, names },
			freeze: true,
		});
		frappe.show_alert({ message: __("{0}: {1}", [__(action), count]), indicator: "green" });
		list.clear_checked_items();
		list.refresh();
	}

	async function print_letters(list) {
		let names = list.get_checked_items(true);
		if (!names.length) {
			names = list.data.filter((row) => row.channel === "Post" && row.status === "Waiting").map((row) => row.name);
		}
		if (!names.length) {
			frappe.msgprint(__("No letter waits in this list."));
			return;
		}
		const { message } = await frappe.call({ method: `${API}.print_letters`, args: { names }, freeze: true });
		list.clear_checked_items();
		list.refresh();
		show_run(message);
	}

	function show_run({ run, printed, left_out }) {
		const url = `/api/method/${API}.letters_of?run=${encodeURIComponent(run)}`;
		const reasons = left_out.map(({ name, why }) => `<li>${escape(name)}: ${escape(why)}</li>`).join("");
		frappe.msgprint({
			title: __("Letters"),
			indicator: "blue",
			message: [
				`<p>${__("{0} letters are ready to be printed.", [printed])}</p>`,
				`<p><a class="btn btn-primary btn-sm" href="${url}" target="_blank" rel="noopener">${__("Open the PDF")}</a> `,
				`<a class="btn btn-default btn-sm" href="${url}&as_page=1" target="_blank" rel="noopener">${__("Open as a page")}</a></p>`,
				`<p>${__("When they are in the post, choose them in the list and then “Mark as posted”.")}</p>`,
				reasons ? `<p>${__("Left out:")}</p><ul>${reasons}</ul>` : "",
			].join(""),
		});
	}
})();
