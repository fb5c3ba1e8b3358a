// What a report of money can be narrowed by.

involvement.filters.project = () => ({
	fieldname: "opportunity",
	fieldtype: "Link",
	options: "Involvement Opportunity",
	label: __("Project"),
});

involvement.filters.money = () => [
	...involvement.filters.twelve_months(undefined, undefined, frappe.datetime.month_end()),
	involvement.filters.unit(),
	involvement.filters.project(),
];
