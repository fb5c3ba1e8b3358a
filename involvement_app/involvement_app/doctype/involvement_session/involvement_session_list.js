// What asks for something comes first: attendance to record, papers that people do not have yet.
frappe.listview_settings["Involvement Session"] = {
	add_fields: ["status", "starts_on", "ends_on", "papers_due_on", "papers_ready_on"],
	get_indicator(doc) {
		if (doc.status !== "Planned") {
			return [__(doc.status), doc.status === "Held" ? "green" : "red", `status,=,${doc.status}`];
		}
		const now = frappe.datetime.now_datetime();
		if (doc.ends_on < now) return [__("Attendance to record"), "orange", `status,=,Planned|ends_on,<,${now}`];
		const today = frappe.datetime.get_today();
		if (doc.papers_due_on && !doc.papers_ready_on && doc.papers_due_on < today) {
			return [__("Papers late"), "orange", `status,=,Planned|papers_due_on,<,${today}`];
		}
		return [__("Planned"), "blue", "status,=,Planned"];
	},
};
