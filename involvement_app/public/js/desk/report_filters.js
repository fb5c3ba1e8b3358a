// What most reports ask for first. A report's script is evaluated after the desk's bundle.

frappe.provide("involvement.filters");

Object.assign(involvement.filters, {
	/** Two filters, from_date and to_date: twelve months, this one included, until today unless `end` is another day. */
	twelve_months(from = __("From"), until = __("Until"), end = frappe.datetime.get_today()) {
		const start = frappe.datetime.add_months(frappe.datetime.month_start(), -11);
		return [
			{ fieldname: "from_date", fieldtype: "Date", label: from, default: start },
			{ fieldname: "to_date", fieldtype: "Date", label: until, default: end },
		];
	},

	unit() {
		return { fieldname: "unit", fieldtype: "Link", options: "Involvement Unit", label: __("Unit") };
	},

	/** One of `values`, the first unless another is chosen. */
	by(values, label = __("By"), fieldname = "by") {
		const options = values.map((value) => ({ value, label: __(value) }));
		return { fieldname, fieldtype: "Select", label, options, default: values[0], reqd: 1 };
	},
});
