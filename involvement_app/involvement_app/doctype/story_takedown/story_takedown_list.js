frappe.listview_settings["Story Takedown"] = { hide_name_column: true };
