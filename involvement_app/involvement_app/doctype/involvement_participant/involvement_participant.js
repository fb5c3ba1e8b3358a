frappe.ui.form.on("Involvement Participant", {
	setup(frm) {
		frm.involvement_steps = { Leave: leave };
	},
	refresh(frm) {
		if (frm.doc.merged_into) {
			const link = frappe.utils.get_form_link("Involvement Participant", frm.doc.merged_into, true);
			frm.set_intro(__("This is an old record. The person is on the register as {0}.", [link]), "yellow");
			frm.disable_save();
			return;
		}
		consents(frm);
		glance(frm);
		const may_merge = !frm.is_new() && frm.perm[0]?.write && frm.perm[0]?.create;
		if (may_merge) frm.page.add_menu_item(__("Merge with another record"), () => merge(frm));
		const open = !frm.is_new() && frm.doc.status !== "Left" && frm.perm[0]?.write;
		if (!open) return;
		confirm_authority(frm);
		if (frappe.model.can_create("Participant Contact Note")) {
			frm.add_custom_button(__("Write to them"), () => write_to(frm));
		}
		const label = frm.doc.user ? __("Send the invitation again") : __("Invite to the portal");
		frm.add_custom_button(label, () => invite(frm), __("Portal"));
	},
});

// The trustees' authority to pay them: a manager confirms what a colleague wrote down.
function confirm_authority(frm) {
	const { authority_reference, authority_confirmed_by, authority_recorded_by } = frm.doc;
	if (!authority_reference || authority_confirmed_by || authority_recorded_by === frappe.session.user) return;
	if (!frappe.user.has_role("Involvement Manager")) return;
	frm.add_custom_button(__("Confirm the authority to pay"), () =>
		frappe.confirm(__("Have you seen it yourself: {0}?", [frappe.utils.escape_html(authority_reference)]), async () => {
			const method = "involvement_app.involvement_app.eligibility.confirm_authority";
			await frappe.call({ method, args: { participant: frm.docname }, freeze: true });
			frm.reload_doc();
		})
	);
}

// What they come to next and what we owe them, under what makes it easier for them.
async function glance(frm) {
	frm.$wrapper.find(".involvement-glance").remove();
	if (frm.is_new()) return;
	const participant = frm.docname;
	const { message } = await frappe.call({
		method: "involvement_app.involvement_app.at_a_glance.about",
		type: "GET",
		args: { participant },
	});
	frm.$wrapper.find(".involvement-glance").remove();
	if (frm.docname !== participant || !message) return; // another person is open by now
	const list = (title, rows, none) => {
		const lines = rows.map(({ text, doctype, name }) => {
			const to = frappe.utils.get_form_link(doctype, name);
			return `<li><a href="${to}" style="text-decoration: underline">${frappe.utils.escape_html(text)}</a></li>`;
		});
		const said = lines.length ? `<ul style="margin: 0">${lines.join("")}</ul>` : `<div class="text-muted">${none}</div>`;
		return `<div class="col-sm-6"><strong>${title}</strong>${said}</div>`;
	};
	const next = list(__("Next"), message.sessions, __("Nothing is planned."));
	const owed = list(__("What we owe them"), message.owed, __("Nothing is open."));
	$(`<div class="involvement-glance form-message" role="note" style="padding: 10px 15px"><div class="row">${next}${owed}</div></div>`).insertBefore(
		frm.layout.wrapper
	);
}

// As on their own page: how they told us, and what becomes of what they told in their own words.
async function leave(frm) {
	const participant = frm.docname;
	const DEPARTURES = "involvement_app.involvement_app.departures";
	const { message } = await frappe.call({
		method: `${DEPARTURES}.to_ask_when_leaving`,
		type: "GET",
		args: { participant },
	});
	const stories = {
		fieldname: "told_stories",
		fieldtype: "Select",
		label: __("Their stories, and where they are quoted or shown"),
		options: [
			{ value: "Take them down", label: __("Take them down: nothing is used any more") },
			{ value: "Go on using them", label: __("Go on using them as they agreed, until the day they said") },
		],
		default: message.chosen,
		description: __("Ask them. If they did not say, leave it as it is. They can still take it back later."),
		reqd: 1,
	};
	frappe.prompt(
		[
			{
				fieldname: "told_how",
				fieldtype: "Select",
				label: __("How the person told us"),
				options: ["Phone", "In person", "Post", "E-mail"].map((value) => ({ value, label: __(value) })),
				description: __("The person leaves the register. Their places are free for others; what is owed to them stays."),
				reqd: 1,
			},
			...(message.asks ? [stories] : []),
		],
		async ({ told_how, told_stories }) => {
			await frappe.call({
				method: `${DEPARTURES}.leave_for`,
				type: "POST",
				args: { participant, told_how, told_stories },
				freeze: true,
			});
			frappe.show_alert({ message: __("{0}: done", [__("Leave")]), indicator: "green" });
			frm.reload_doc();
		},
		__("Leave"),
		__("Leave")
	);
}

// What they were told and said. Who may not read consents sees none of it; the server asks again.
async function consents(frm) {
	if (frm.is_new() || !frappe.model.can_read("Consent Record")) return;
	if (frm.doc.privacy_notice_due) {
		frm.set_intro(__("This person is still to be given the privacy notice."), "orange");
	}
	if (frm.perm[0]?.write) {
		frm.add_custom_button(__("Write down what they decided"), () => ask_consents(frm), __("Consent"));
	}
	frm.add_custom_button(
		__("History"),
		() => frappe.set_route("List", "Consent Record", { person: frm.docname }),
		__("Consent")
	);
}

async function ask_consents(frm) {
	const person = { person_doctype: frm.doctype, person: frm.docname };
	const API = "involvement_app.involvement_privacy.consent";
	const { message } = await frappe.call({ method: `${API}.about`, type: "GET", args: person });
	const dialog = new frappe.ui.Dialog({
		title: __("What they were told and decided"),
		fields: [
			...message.asked.map(question),
			{ fieldtype: "Section Break" },
			{
				fieldname: "method",
				fieldtype: "Select",
				label: __("How they told us"),
				options: ["", "Phone", "In person", "Post", "E-mail"],
				reqd: 1,
			},
			{ fieldname: "decided_on", fieldtype: "Date", label: __("On"), reqd: 1, default: frappe.datetime.get_today() },
			{ fieldtype: "Column Break" },
			{
				fieldname: "given_by",
				fieldtype: "Data",
				label: __("Said by somebody else"),
				description: __("A parent, guardian or supporter. Leave it empty if they said it themselves."),
			},
			{ fieldname: "told_by", fieldtype: "Data", label: __("Who told or asked them"), default: frappe.session.user_fullname },
			{ fieldname: "evidence", fieldtype: "Attach", label: __("Signed form or letter") },
		],
		primary_action_label: __("Write it down"),
		async primary_action(values) {
			const decisions = {};
			for (const { purpose } of message.asked) {
				if (values[key(purpose)]) decisions[purpose] = values[key(purpose)];
			}
			const { method, decided_on, given_by, told_by, evidence } = values;
			const args = { ...person, decisions, method, decided_on, given_by, told_by, evidence };
			await frappe.call({ method: `${API}.record_for`, args, freeze: true });
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

// an agreement is agreed to, or not now
const AGREEMENT = { Given: __("Agreed"), Refused: __("Not now"), Withdrawn: __("No longer") };
const key = (purpose) => `about_${purpose.replace(/-/g, "_")}`;

function question({ purpose, title, kind, decision, decided_on, newer }) {
	// an agreement is asked about again when there is a new version of it
	const asked_again = kind === "Agreement" && newer;
	const answers = decision === "Given" && !asked_again ? ["Withdrawn"] : ["Given", "Refused"];
	const choices = kind === "Privacy notice" ? ["Notice given"] : answers;
	const words = (value) => (kind === "Agreement" && AGREEMENT[value]) || __(value);
	const now = decision
		? __("Now: {0}, {1}", [words(decision), frappe.datetime.str_to_user(decided_on)])
		: __("Not asked yet");
	return {
		fieldname: key(purpose),
		fieldtype: "Select",
		label: frappe.utils.escape_html(title),
		description: now,
		options: [{ value: "", label: "" }, ...choices.map((value) => ({ value, label: words(value) }))],
	};
}

// Kept as a contact note that is shared with them, and sent in the way they chose.
function write_to(frm) {
	if (frm.doc.status === "Paused") {
		frappe.msgprint({
			title: __("They are taking a break"),
			message: __("They hear only what is owed to them. Write to them when they are back."),
			indicator: "orange",
		});
		return;
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Write to {0}", [frappe.utils.escape_html(frm.doc.preferred_name)]),
		fields: [
			{
				fieldname: "words",
				fieldtype: "Small Text",
				label: __("Message"),
				description: frm.doc.user
					? __("They read this on their page. A message in the way they chose tells them that it is there, and nothing of what it says.")
					: __("They have no page: these words themselves go out in the way they chose. Others may see them."),
				reqd: 1,
			},
		],
		primary_action_label: __("Send it"),
		async primary_action({ words }) {
			const { message } = await frappe.call({
				method: "involvement_app.involvement_app.writing.write_to",
				args: { participant: frm.docname, words },
				freeze: true,
			});
			dialog.hide();
			frm.reload_doc();
			message.told
				? frappe.show_alert({ message: __("It is on its way."), indicator: "green" })
				: frappe.msgprint({
						title: __("Please tell them yourself"),
						message: __("They want to hear from us by {0}, so it waits under “Messages that wait” for somebody to pass it on.", [
							__(message.channel).toLowerCase(),
						]),
						indicator: "orange",
				  });
		},
	});
	dialog.show();
}

function invite(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Please save your changes first."));
		return;
	}
	const question = __(
		"{0} gets a message with a link to sign in, sent the way they prefer. Their CRM record stays as it is. Go on?",
		[frappe.utils.escape_html(frm.doc.preferred_name).bold()]
	);
	frappe.confirm(question, async () => {
		const { message } = await frappe.call({
			method: "involvement_app.involvement_app.portal_access.invite",
			args: { participant: frm.docname },
			freeze: true,
		});
		await frm.reload_doc();
		message.told
			? frappe.show_alert({ message: __("The invitation is on its way."), indicator: "green" })
			: frappe.msgprint({
					title: __("Please tell them yourself"),
					message: __(
						"They can sign in now. They want to hear from us by {0}, so the message waits in Involvement Message for somebody to pass it on.",
						[__(message.channel).toLowerCase()]
					),
					indicator: "orange",
			  });
	});
}

// --- two records of one person ---------------------------------------------------------------------

const MERGING = "involvement_app.involvement_app.merging";
const safe = (value) => frappe.utils.escape_html(String(value ?? ""));

function merge(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Please save your changes first."));
		return;
	}
	const here = frm.docname;
	const dialog = new frappe.ui.Dialog({
		title: __("Two records of one person"),
		size: "extra-large",
		fields: [
			{
				fieldname: "other",
				fieldtype: "Link",
				options: "Involvement Participant",
				label: __("The other record"),
				reqd: 1,
				get_query: () => ({ filters: { name: ["!=", here], status: ["!=", "Merged"] } }),
				onchange: () => look(dialog, here),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "stays",
				fieldtype: "Select",
				label: __("Record that stays"),
				options: [{ value: here, label: `${frm.doc.preferred_name} (${here})` }],
				default: here,
				reqd: 1,
				description: __("Its name, number and CRM record stay. Choose the one the person uses."),
				onchange: () => look(dialog, here),
			},
			{ fieldtype: "Section Break" },
			{ fieldname: "seen", fieldtype: "HTML", options: `<p class="text-muted">${__("Choose the other record to see what would happen. Nothing is changed before you say so.")}</p>` },
			{
				fieldname: "why",
				fieldtype: "Small Text",
				label: __("How you know that they are one person"),
				reqd: 1,
				description: __("For example: they told you on the phone. It is kept with the date and your name."),
			},
		],
		primary_action_label: __("Merge the two records"),
		primary_action: (values) => confirm_merge(frm, dialog, values),
	});
	dialog.get_primary_btn().prop("disabled", true);
	dialog.show();
}

const two = (here, { other, stays }) => {
	const kept = stays === other ? other : here;
	return { kept, merged: kept === here ? other : here };
};

async function look(dialog, here) {
	const values = dialog.get_values(true);
	const asked = `${values.other}|${values.stays}`;
	if (!values.other || dialog.involvement_asked === asked) return;
	dialog.involvement_asked = asked;
	dialog.get_primary_btn().prop("disabled", true);
	const { message } = await frappe.call({ method: `${MERGING}.preview`, type: "GET", args: two(here, values) });
	if (dialog.involvement_asked !== asked) return; // another was chosen by now
	const options = message.records.map(({ name, title }) => ({ value: name, label: `${title} (${name})` }));
	dialog.set_df_property("stays", "options", options.sort((one) => (one.value === here ? -1 : 1)));
	dialog.get_field("seen").$wrapper.html(seen(message));
	dialog.get_primary_btn().prop("disabled", message.conflicts.length > 0);
}

function seen({ records, rows, filled, notes, conflicts }) {
	const [one, other] = records;
	const facts = one.facts.map((fact, n) => [fact.label, fact.value, other.facts[n].value]);
	const counts = rows.map((row) => [row.label, row.kept, row.merged, row.moves]);
	const stays = __("{0} stays", [one.name]);
	const goes = __("{0} is merged into it", [other.name]);
	return [
		conflicts.length &&
			`<div class="alert alert-danger" role="alert"><b>${__("First somebody has to decide:")}</b><ul class="mb-0">${conflicts
				.map((each) => `<li>${safe(each.text)} ${each.name ? frappe.utils.get_form_link(each.doctype, each.name, true) : ""}</li>`)
				.join("")}</ul></div>`,
		table(["", stays, goes], facts),
		table([__("What belongs to them"), stays, goes, __("goes along")], counts),
		filled.length && `<p><b>${__("Filled in on the record that stays")}</b></p>${table(["", ""], filled.map((each) => [each.label, each.value]))}`,
		`<ul>${notes.map((note) => `<li>${safe(note)}</li>`).join("")}</ul>`,
	]
		.filter(Boolean)
		.join("");
}

function table(heads, lines) {
	const head = heads.map((text) => `<th scope="col">${safe(text)}</th>`).join("");
	const body = lines
		.map(([label, ...cells]) => `<tr><th scope="row">${safe(label)}</th>${cells.map((cell) => `<td>${safe(cell)}</td>`).join("")}</tr>`)
		.join("");
	return `<div class="table-responsive"><table class="table table-bordered table-sm"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function confirm_merge(frm, dialog, values) {
	const here = frm.docname;
	const { kept, merged } = two(here, values);
	const question = __("{0} becomes an old record, and {1} stays. This cannot be taken back with a button. Go on?", [merged, kept]);
	frappe.confirm(safe(question), async () => {
		await frappe.call({ method: `${MERGING}.merge`, args: { kept, merged, why: values.why }, freeze: true });
		dialog.hide();
		frappe.show_alert({ message: __("One record now."), indicator: "green" });
		kept === here ? frm.reload_doc() : frappe.set_route("Form", "Involvement Participant", kept);
	});
}
