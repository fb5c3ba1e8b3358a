frappe.listview_settings["Involvement Payment Batch"] = {
	add_fields: ["status"],
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	onload(list) {
		if (!frappe.user.has_role("Involvement Finance Officer")) return;
		list.page.add_menu_item(__("What payroll pays (CSV)"), () => {
			const day = (fieldname, label) => ({ fieldname, fieldtype: "Date", label, reqd: 1 });
			frappe.prompt(
				[day("first", __("Sessions from")), day("last", __("to"))],
				({ first, last }) => {
					const method = "/api/method/involvement_app.involvement_payments.files_for_others.payroll";
					window.open(`${method}?${new URLSearchParams({ first, last })}`);
				},
				__("What payroll pays"),
				__("Download")
			);
		});
	},
};
