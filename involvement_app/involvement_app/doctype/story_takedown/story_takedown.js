// By when it has to be down, and what to do.

frappe.ui.form.on("Story Takedown", {
	refresh(frm) {
		frm.set_intro();
		if (frm.is_new()) return;
		const { status, due_on, link } = frm.doc;
		if (status === "Done") {
			frm.set_intro(__("It is down. If it turns up again, choose “It is not down yet”."), "green");
			return;
		}
		const late = due_on < frappe.datetime.get_today();
		const day = frappe.datetime.str_to_user(due_on);
		const by = late ? __("It was to be down by {0}.", [day]) : __("Have it taken down by {0}.", [day]);
		frm.set_intro(`${by} ${__("Then choose “It is down” and write what was done. Where others printed or shared it, write whom you asked.")}`, late ? "red" : "blue");
		if (/^https?:\/\//.test(link || "")) {
			frm.add_custom_button(__("Look at it"), () => window.open(link, "_blank", "noopener"));
		}
	},
});
