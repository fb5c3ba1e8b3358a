frappe.treeview_settings["Involvement Unit"] = {
	breadcrumb: "Involvement",
	title: __("Units"),
	get_tree_root: false,
	root_label: __("All units"),
	fields: [
		{ fieldtype: "Data", fieldname: "unit_name", label: __("Unit"), reqd: true },
		{ fieldtype: "Check", fieldname: "is_group", label: __("Has units below it") },
	],
	ignore_fields: ["parent_involvement_unit"],
};
