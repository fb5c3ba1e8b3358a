frappe.query_reports["Involvement by level and type"] = {
	filters: [
		...involvement.filters.twelve_months(),
		involvement.filters.unit(),
		involvement.filters.by(["Where in the organisation", "Level of participation"], __("Level"), "level"),
	],
	// what there is none of is what one looks for: in words and colour, never in colour alone
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		const empty = column.fieldname.startsWith("type_") && data && data[column.fieldname] === 0;
		return empty ? `<span class="indicator-pill no-indicator-dot red">${__("none")}</span>` : shown;
	},
};
