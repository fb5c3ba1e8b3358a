frappe.listview_settings["Consent Statement"] = {
	add_fields: ["active_from", "active_to", "kind"],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (doc.active_to && doc.active_to < today) return [__("No longer used"), "gray", `active_to,<,${today}`];
		if (doc.active_from > today) return [__("Still to come"), "orange", `active_from,>,${today}`];
		return [__("In use"), "green", `active_from,<=,${today}`];
	},
};
