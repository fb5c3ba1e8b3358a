// What comes next for a story, and whose turn it is.

frappe.ui.form.on("Participant Story", {
	refresh(frm) {
		frm.set_intro();
		if (frm.is_new()) {
			frm.set_intro(__("Write it as they told it. They read it and agree before anybody uses it."), "blue");
			return;
		}
		const next = {
			Draft: __("Ask the person to read it. They agree on their page; or they sign the words on paper, and you attach the paper."),
			"With the person": __("The person reads it and agrees. Any change of the words asks them again."),
			Agreed: __("The person agreed. Communications approve it, or take it back to a draft."),
			Approved: __("Write down where it is used, save, and put it into use. Their media consent has to cover each place."),
			"In use": __("Where it is used may grow as far as their yes goes. To end a use, write its last day into “To”."),
			Expired: __("Its time is over."),
			Withdrawn: __("The person took it back, or their yes ended. Nothing of it is used."),
		};
		frm.set_intro(next[frm.doc.status], frm.doc.status === "Withdrawn" ? "orange" : "blue");
		if (frm.doc.recorded_by && frm.doc.agreed_on) {
			const who = frappe.utils.escape_html(frm.doc.recorded_by);
			frm.dashboard.add_comment(__("Agreed to on paper. Written down by {0} ({1}).", [who, __(frm.doc.told_how)]), "blue", true);
		}
		frm.add_custom_button(__("What they said yes to"), () =>
			frappe.set_route("List", "Media Consent", { participant: frm.doc.participant })
		);
		if (["In use", "Expired", "Withdrawn"].includes(frm.doc.status)) {
			frm.add_custom_button(__("What has to come down"), () =>
				frappe.set_route("List", "Story Takedown", { story: frm.doc.name })
			);
		}
	},
});
