// The dates that the reader's list shows: Frappe's calendar asks the list, and the list its criterion and units.
// Nothing is dragged: a date is moved in its form, where everybody with a place is told. `docstatus` is always 0, so it
// says no to that, and that no date lasts a whole day.
frappe.views.calendar["Involvement Session"] = {
	fields: ["name", "title", "starts_on", "ends_on", "status", "docstatus"],
	field_map: {
		id: "name",
		start: "starts_on",
		end: "ends_on",
		title: "title",
		allDay: "docstatus",
		startEditable: "docstatus",
		durationEditable: "docstatus",
	},
	options: { selectable: false },
	get_events_method: "frappe.desk.calendar.get_events",
	get_css_class: ({ status }) => ({ Held: "success", Cancelled: "danger" }[status] || "info"),
};
