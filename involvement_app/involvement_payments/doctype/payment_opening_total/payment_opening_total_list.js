frappe.listview_settings["Payment Opening Total"] = {
	onload(listview) {
		if (frappe.model.can_create("Payment Opening Total")) {
			listview.page.add_inner_button(__("From a spreadsheet"), () => from_a_spreadsheet(listview));
		}
	},
};

// Everything is looked at first; what is wrong is listed by row and column, and nothing is kept before a second yes.
function from_a_spreadsheet(listview) {
	const columns = [
		__("Participant code"),
		__("Tax year from"),
		__("For their time"),
		__("Expenses paid back"),
		__("Miles by car or van"),
		__("Miles by motorcycle"),
		__("Miles by bicycle"),
		__("Where the figures come from"),
		__("It came on"),
		__("Amount for time"),
		__("For so many hours"),
	];
	const dialog = new frappe.ui.Dialog({
		title: __("From a spreadsheet"),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p>${__("A row for each person and tax year, and a further row with the same code and year for each further payment of the last week or month. The first line names the columns:")}</p>
					<p>${columns.join(", ")}</p>
					<label class="control-label" for="opening-list">${__("File (CSV)")}</label>
					<input type="file" id="opening-list" accept=".csv,text/csv" class="form-control" style="height: auto">`,
			},
		],
		primary_action_label: __("Look at it"),
		async primary_action() {
			const file = dialog.$wrapper.find("input[type=file]")[0].files[0];
			if (!file) return frappe.show_alert({ message: __("Choose a file first."), indicator: "orange" });
			const args = { content: await as_base64(file) };
			const found = await take_in({ ...args, only_look: 1 });
			if (found.problems.length) {
				const items = found.problems.map((words) => `<li>${words}</li>`).join("");
				return frappe.msgprint({
					title: __("Nothing was taken in"),
					message: `<ul>${items}</ul>`,
					indicator: "orange",
				});
			}
			dialog.hide();
			frappe.confirm(
				__("{0} people and tax years, with {1} payments. Take them in as drafts, for somebody else to approve?", [
					found.people,
					found.payments,
				]),
				async () => {
					await take_in(args);
					listview.refresh();
				}
			);
		},
	});
	dialog.show();
}

async function take_in(args) {
	const method = "involvement_app.involvement_payments.opening_list.take_in";
	const { message } = await frappe.call({ method, args, freeze: true });
	return message;
}

function as_base64(file) {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(reader.result);
		reader.onerror = () => reject(reader.error);
		reader.readAsDataURL(file);
	});
}
