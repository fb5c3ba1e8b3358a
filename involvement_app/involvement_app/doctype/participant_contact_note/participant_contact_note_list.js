frappe.listview_settings["Participant Contact Note"] = {
	add_fields: ["follow_up_on", "followed_up", "sent_on"],
	hide_name_column: true,
	get_indicator(doc) {
		if (!doc.follow_up_on && doc.sent_on) return [__("Sent"), "blue", "sent_on,is,set"];
		if (!doc.follow_up_on) return [__("Noted"), "gray", "follow_up_on,is,not set"];
		if (doc.followed_up) return [__("Followed up"), "green", "followed_up,=,1"];
		return [__("To follow up"), "orange", "followed_up,=,0|follow_up_on,is,set"];
	},
};
