// What comes next for an ambassador, and whose turn it is.

frappe.ui.form.on("Ambassador Role", {
	setup(frm) {
		frm.set_query("support_person", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},
	refresh(frm) {
		frm.set_intro();
		if (frm.is_new()) {
			frm.set_intro(__("Talk it over with the person first: what for, what they talk about, and what they never talk about."), "blue");
			return;
		}
		const next = {
			Draft: __("Write what for, what about and what not about, and who supports them. Then submit it; a manager who did not write it approves."),
			Submitted: __("A manager who did not hand it in approves it, or takes it back."),
			Approved: __("The person has been asked. It begins when they say yes on their page; if they tell you, write it down with “Accept”."),
			Active: __("They speak for us. Each occasion is an assignment of its own, with a yes of its own."),
			Paused: __("They have a break from this. Nothing is offered until they go on."),
			Ended: __("It is over. What was owed to them stays."),
			"Not going ahead": __("This did not come about."),
		};
		const over = ["Ended", "Not going ahead"].includes(frm.doc.status);
		frm.set_intro(next[frm.doc.status], over || frm.doc.status === "Paused" ? "orange" : "blue");
		if (frm.doc.training && !frm.doc.trained_on && !over) {
			frm.dashboard.add_comment(__("The training for it is not written down as completed yet."), "yellow", true);
		}
		if (frm.doc.status === "Active" && frappe.model.can_create("Ambassador Assignment")) {
			frm.add_custom_button(__("Propose an occasion"), () =>
				frappe.new_doc("Ambassador Assignment", { role: frm.doc.name })
			);
		}
		if (!["Draft", "Submitted"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Their occasions"), () =>
				frappe.set_route("List", "Ambassador Assignment", { role: frm.doc.name })
			);
		}
	},
});
