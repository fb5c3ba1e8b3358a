frappe.listview_settings["Participant Bank Detail"] = {
	add_fields: ["status"],
	onload(list) {
		list.page.add_inner_button(__("Write down for them"), () => {
			const ask = { fieldname: "participant", fieldtype: "Data", label: __("Participant (code)"), reqd: 1 };
			frappe.prompt(ask, ({ participant }) => involvement.write_payment_way(participant), __("Whose"), __("Go on"));
		});
	},
};
