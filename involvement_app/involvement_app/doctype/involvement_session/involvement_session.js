frappe.ui.form.on("Involvement Session", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Planned") return;
		frm.add_custom_button(__("Fill in the people"), () => fill(frm));
		if (moment(frm.doc.ends_on).isBefore(moment()) && !frm.doc.attendance.length) {
			frm.set_intro(__("This session is over. Fill in the people, choose who took part, then record attendance."), "orange");
		}
	},
});

async function fill(frm) {
	if (frm.is_dirty()) await frm.save();
	const { message: added } = await frm.call({ doc: frm.doc, method: "fill_attendance", freeze: true });
	frappe.show_alert({
		message: added ? (added === 1 ? __("1 person added") : __("{0} people added", [added])) : __("Everybody with a place is already there"),
		indicator: added ? "green" : "blue",
	});
	frm.reload_doc();
}
