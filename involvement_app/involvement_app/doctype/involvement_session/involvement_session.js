frappe.ui.form.on("Involvement Session", {
	setup(frm) {
		frm.involvement_steps = { "Cancel session": cancel };
		frm.set_query("opportunity", () => ({ filters: { status: ["not in", ["Completed", "Cancelled"]] } }));
	},
	refresh(frm) {
		frm.set_intro();
		const planned = !frm.is_new() && frm.doc.status === "Planned";
		const to_come = planned && moment(frm.doc.ends_on).isAfter(moment());
		// so that everybody is told, with the words that belong to it
		["starts_on", "ends_on", "place", "online_link"].forEach((field) => frm.set_df_property(field, "read_only", to_come ? 1 : 0));
		if (frm.doc.status === "Cancelled" && frm.doc.cancelled_payment === "Decided later") {
			frm.set_intro(__("People were told that you decide later about the payment for this date."), "orange");
		}
		if (["Decided later", "Not paid"].includes(frm.doc.cancelled_payment)) {
			frm.add_custom_button(__("Decide about the payment"), () => decide(frm));
		}
		if (!planned) return;
		if (to_come && (frm.doc.papers || []).some((row) => row.file)) {
			frm.add_custom_button(__("Tell people the papers are there"), () => tell_of_papers(frm), __("Papers"));
		}
		if (to_come) frm.add_custom_button(__("Move this date"), () => move(frm));
		frm.add_custom_button(__("Sign-in sheet"), () => print_sheet(frm), __("Papers"));
		frm.add_custom_button(__("Fill in the people"), () => fill(frm));
		if (!to_come && !frm.doc.attendance.length) {
			frm.set_intro(__("This session is over. Fill in the people, choose who took part, then record attendance."), "orange");
		}
	},
});

function print_sheet(frm) {
	const asked = new URLSearchParams({ doctype: frm.doctype, name: frm.docname, format: "Sign-in sheet", no_letterhead: 1 });
	window.open(`/printview?${asked}`);
}

function tell_of_papers(frm) {
	if (frm.is_dirty()) return frappe.msgprint(__("Please save your changes first."));
	frappe.confirm(__("Everybody with a place is told that the papers are on their page. Go on?"), async () => {
		const { message: told } = await frappe.call({
			method: "involvement_app.involvement_app.papers.tell",
			args: { session: frm.docname },
			freeze: true,
		});
		frappe.show_alert({
			message: told === 1 ? __("1 person is told") : __("{0} people are told", [told]),
			indicator: told ? "green" : "blue",
		});
	});
}

async function fill(frm) {
	if (frm.is_dirty()) await frm.save();
	const { message: added } = await frm.call({ doc: frm.doc, method: "fill_attendance", freeze: true });
	frappe.show_alert({
		message: added ? (added === 1 ? __("1 person added") : __("{0} people added", [added])) : __("Everybody with a place is already there"),
		indicator: added ? "green" : "blue",
	});
	frm.reload_doc();
}

const OF = "involvement_app.involvement_app.sessions";

const who_hears = async (frm) =>
	(await frappe.call({ method: `${OF}.who_hears`, type: "GET", args: { session: frm.docname }, freeze: true })).message;

function told({ places, offers, by_hand }) {
	const lines = [];
	if (!places && !offers) lines.push(__("Nobody has a place or an offer yet, so nobody has to be told."));
	if (places) lines.push(places === 1 ? __("1 person has a place and is told.") : __("{0} people have a place and are told.", [places]));
	if (offers) lines.push(offers === 1 ? __("1 person has an offer and is told too.") : __("{0} people have an offer and are told too.", [offers]));
	if (by_hand) lines.push(__("{0} of them by post or telephone: see “To do today”, the message waits for you there.", [by_hand]));
	return lines;
}

const note = (lines) => ({ fieldtype: "HTML", options: lines.map((line) => `<p>${line}</p>`).join("") });

const WORDS = () => ({
	fieldname: "words",
	fieldtype: "Small Text",
	label: __("What would you like to tell them?"),
	description: __("Stands in the message, the same for everybody. You may leave it empty."),
});

const payment = (options, description) => ({
	fieldname: "payment",
	fieldtype: "Select",
	label: __("Payment for this date"),
	options: ["", ...options].map((value) => ({ value, label: value && __(value) })),
	description,
	reqd: 1,
});

async function cancel(frm) {
	const hears = await who_hears(frm);
	const lines = told(hears);
	if (hears.last) lines.push(`<b>${__("It is the only date that is still to come.")}</b> ${__("If nothing takes its place, cancel the opportunity instead; to find another day, move it.")}`);
	const money = hears.paid ? [payment(["Paid anyway", "Not paid", "Decided later"], __("Stands in the message. Paid anyway: for the planned hours. Decided later: it waits in “To do today”, and they are told again."))] : [];
	ask(frm, {
		title: __("Cancel this date?"),
		fields: [note(lines), ...money, ...(hears.places || hears.offers ? [WORDS()] : [])],
		label: __("Cancel this date"),
		method: "cancel",
		done: __("Called off"),
	});
}

async function decide(frm) {
	const options = ["Paid anyway", "Not paid"].filter((each) => each !== frm.doc.cancelled_payment);
	ask(frm, {
		title: __("Payment for this date"),
		fields: [payment(options, __("Everybody it concerns is told. Paid anyway: for the planned hours."))],
		label: __("Decide and tell them"),
		method: "decide_payment",
		done: __("Decided"),
	});
}

async function move(frm) {
	const start = moment(frm.doc.starts_on);
	const end = moment(frm.doc.ends_on);
	const clock = (fieldname, label, value) => ({
		fieldname,
		fieldtype: "Data",
		label,
		default: value.format("HH:mm"),
		description: __("Such as 14:30"),
		reqd: 1,
	});
	ask(frm, {
		title: __("Move this date"),
		fields: [
			note(told(await who_hears(frm))),
			{ fieldtype: "Section Break" },
			{ fieldname: "day", fieldtype: "Date", label: __("Day"), default: start.format("YYYY-MM-DD"), reqd: 1 },
			{ fieldtype: "Column Break" },
			clock("from", __("Starts at"), start),
			{ fieldtype: "Column Break" },
			clock("until", __("Ends at"), end),
			{ fieldtype: "Section Break" },
			{ fieldname: "place", fieldtype: "Data", label: __("Place"), default: frm.doc.place },
			{ fieldname: "online_link", fieldtype: "Data", label: __("Online link"), default: frm.doc.online_link },
			WORDS(),
		],
		label: __("Move it"),
		method: "move",
		done: __("Moved"),
		// one that lasts into another day goes on doing so
		values({ day, from, until, ...others }) {
			const days = end.clone().startOf("day").diff(start.clone().startOf("day"), "days");
			const last = moment(day).add(days, "days").format("YYYY-MM-DD");
			return { ...others, starts_on: `${day} ${from.trim()}`, ends_on: `${last} ${until.trim()}` };
		},
	});
}

function ask(frm, { title, fields, label, method, done, values: as_sent = (values) => values }) {
	if (frm.is_dirty()) return frappe.msgprint(__("Please save your changes first."));
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: label,
		// what was typed stays where it is until the server has taken it
		async primary_action(values) {
			await frappe.call({ method: `${OF}.${method}`, args: { session: frm.docname, ...as_sent(values) }, freeze: true });
			dialog.hide();
			frappe.show_alert({ message: done, indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}
