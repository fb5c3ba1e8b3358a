// What a report of money can be narrowed by.

involvement.filters.money = () => [
	...involvement.filters.twelve_months(undefined, undefined, frappe.datetime.month_end()),
	involvement.filters.unit(),
	{ fieldname: "opportunity", fieldtype: "Link", options: "Involvement Opportunity", label: __("Project") },
];
