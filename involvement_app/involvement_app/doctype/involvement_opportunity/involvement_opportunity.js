// while the checklist still decides on a step
const DECIDED_ON = ["Draft", "Submitted", "Changes requested", "Approved"];
// whoever changes it then, hands it in again
const SENT_BACK_FROM = ["Approved", "Published", "Closed to applications"];
const SEND_BACK = __(
	"This sends it back for approval: nobody can apply until it is approved and published again. Who has a place keeps it, and is told if the place, the time or the payment is different. Go on?"
);
const ANSWER_COLOURS = { Named: "gray", Asked: "orange", Yes: "green", "Changes wanted": "yellow" };
const RESULT_COLOURS = { Pass: "green", Warn: "orange", Fail: "red", "Not applicable": "gray" };

// the words an opportunity is read in: readability.FIELDS
const READ = [
	"purpose",
	"what_can_change",
	"what_cannot_change",
	"benefit_to_participants",
	"description",
	"role_description",
	"time_commitment",
	"access_statement",
];
const measure_soon = frappe.utils.debounce(show_how_it_reads, 600);

frappe.ui.form.on("Involvement Opportunity", {
	...Object.fromEntries(READ.map((fieldname) => [fieldname, (frm) => measure_soon(frm)])),
	setup(frm) {
		frm.set_query("rate_rule", () => ({ filters: { status: "Approved" } }));
		frm.set_query("lead", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},
	refresh(frm) {
		show_checklist(frm);
		show_cost(frm);
		show_how_it_reads(frm);
		if (["Draft", "Changes requested"].includes(frm.doc.status) && frm.perm[0]?.write) {
			frm.add_custom_button(__("Add a series of dates"), () => add_series(frm));
		}
		if (frm.is_new()) {
			frm.set_intro(__("Save at any time. The checklist under “Checks” says what is still missing."), "blue");
			return;
		}
		show_places(frm);
		show_reviewers(frm);
		show_selectors(frm);
		show_feedback(frm);
		offer_overrides(frm);
		frm.add_custom_button(__("See it as people will"), () => see_it(frm));
		if (frappe.model.can_create(frm.doctype)) frm.add_custom_button(__("Plan it again"), () => plan_again(frm));
		if (["Approved", "Published"].includes(frm.doc.status) && frappe.model.can_write("Involvement Invitation")) {
			frm.add_custom_button(__("Who may be invited"), () =>
				frappe.set_route("who-may-be-invited", frm.doc.name)
			);
		}
	},
	before_save(frm) {
		if (!SENT_BACK_FROM.includes(frm.doc.status) || frm.is_new()) return;
		return frappe
			.xcall("involvement_app.involvement_app.reviewers.is_material", { doc: JSON.stringify(frm.doc) })
			.then((material) => material && confirmed(SEND_BACK));
	},
	opportunity_type(frm) {
		if (frm.is_new()) start_from_template(frm);
		if (!frm.doc.opportunity_type || frm.doc.level) return;
		frappe.db
			.get_value("Involvement Type", frm.doc.opportunity_type, "default_level")
			.then(({ message }) => frm.doc.level || frm.set_value("level", message.default_level));
	},
});

// Only into what is still empty, or still says what another template put there.
async function start_from_template(frm) {
	if (!frm.doc.opportunity_type) return;
	const { message: templates } = await frappe.call({
		method: "involvement_app.involvement_app.opportunity_templates.of_type",
		args: { opportunity_type: frm.doc.opportunity_type },
		type: "GET",
	});
	if (templates.length < 2) return fill(frm, templates[0]);
	frappe.prompt(
		{
			fieldname: "name",
			fieldtype: "Select",
			label: __("Start from"),
			reqd: 1,
			options: templates.map((template) => template.name),
			default: templates[0].name,
		},
		({ name }) => fill(
			frm,
			templates.find((template) => template.name === name)
		),
		__("Which template?"),
		__("Use it")
	);
}

function fill(frm, template) {
	if (!template) return;
	const before = frm.from_template || {};
	const untouched = (fieldname) => {
		const value = frm.doc[fieldname];
		const usual = frappe.meta.get_docfield(frm.doctype, fieldname).default || "";
		return !value || String(value) === String(before[fieldname] ?? usual);
	};
	const values = { ...template.values };
	const ways = ["in_person", "online", "by_telephone", "by_post", "one_to_one"];
	if (ways.some((way) => values[way])) ways.forEach((way) => (values[way] = values[way] || 0));
	const wanted = Object.entries(values).filter(([fieldname]) => untouched(fieldname));
	frm.from_template = values;
	frm.set_value(Object.fromEntries(wanted));
	if (!(frm.doc.criteria || []).length) {
		template.needs.forEach((criterion) => frm.add_child("criteria", { criterion, essential: 1 }));
		frm.refresh_field("criteria");
	}
	frappe.show_alert(
		{
			message: __("Started from “{0}”. What stands in [square brackets] is for you.", [
				frappe.utils.escape_html(template.name),
			]),
			indicator: "green",
		},
		10
	);
}

// What is on the screen, not what was saved last.
async function see_it(frm) {
	if (frm.is_dirty()) await frm.save();
	window.open(`/take-part/opportunities/${encodeURIComponent(frm.doc.name)}/preview`);
}

function show_cost(frm) {
	const said = frm.doc.__onload?.cost_in_words || __("Save, and the sum is shown here in words.");
	put(frm, "cost_in_words", said);
}

function put(frm, fieldname, said, colour) {
	const words = frappe.utils.escape_html(said);
	const pill = colour ? `<span class="indicator ${colour}"></span>` : "";
	frm.get_field(fieldname).$wrapper.html(
		`<div class="form-group"><label class="control-label">${__(
			frm.get_field(fieldname).df.label
		)}</label><p class="text-muted mb-0" aria-live="polite">${pill}${words}</p></div>`
	);
}

function show_how_it_reads(frm) {
	const words = READ.map((fieldname) => (frm.doc[fieldname] || "").trim()).filter(Boolean);
	if (!words.length) return put(frm, "how_it_reads", __("Write something, and its reading age is shown here."));
	if (!frappe.model.can_create(frm.doctype)) return;
	frappe
		.xcall("involvement_app.involvement_app.readability.how_it_reads", { words: words.join("\n") })
		.then(({ said, advice, fine }) => put(frm, "how_it_reads", `${said}. ${advice}`, fine ? "green" : "orange"));
}

// Four weeks later, or eight, …: the same day of the week, with time for the notice that the checklist asks for.
function next_first_date(frm) {
	const starts = (frm.doc.dates || []).map((row) => row.starts_on).sort();
	if (!starts.length) return null;
	const earliest = frappe.datetime.add_days(frappe.datetime.get_today(), 21);
	let day = starts[0].slice(0, 10);
	do {
		day = frappe.datetime.add_days(day, 28);
	} while (day < earliest);
	return day;
}

function plan_again(frm) {
	const first = next_first_date(frm);
	const dialog = new frappe.ui.Dialog({
		title: __("Plan it again"),
		fields: [
			{
				fieldname: "first_date",
				fieldtype: "Date",
				label: __("First date"),
				default: first,
				hidden: !first,
				description: __("All other days move with it, at the same times. Leave it empty to choose the dates later."),
			},
			{
				fieldname: "said",
				fieldtype: "HTML",
				options: `<p class="text-muted">${__(
					"You get a new draft with the same words, terms and criteria. People, approval and overridden checks stay with this one."
				)}</p>`,
			},
		],
		primary_action_label: __("Make a draft"),
		primary_action({ first_date }) {
			dialog.disable_primary_action();
			frappe
				.xcall("involvement_app.involvement_app.plan_again.plan_again", {
					opportunity: frm.doc.name,
					first_date: first_date || null,
				})
				.then(({ name, left_out, look_at }) => {
					dialog.hide();
					frappe.set_route("Form", frm.doctype, name);
					const colour = look_at.length ? "orange" : "green";
					const lines = [__("A new draft."), ...look_at, ...left_out].map(frappe.utils.escape_html);
					frappe.show_alert({ message: lines.join("<br>"), indicator: colour }, 20);
				})
				.catch(() => dialog.enable_primary_action());
		},
	});
	dialog.show();
}

// The result in words and colour, never in colour alone.
function show_checklist(frm) {
	const rows = frm.doc.gates || [];
	const open = failing(frm);
	if (frm.is_new() || !DECIDED_ON.includes(frm.doc.status)) return;
	frm.dashboard.clear_headline();
	const overridden = rows.filter((row) => row.override_by);
	const warned = rows.filter((row) => row.result === "Warn");
	if (!open.length && !overridden.length && !warned.length) {
		frm.dashboard.set_headline_alert(__("The checklist is complete."), "green");
		return;
	}
	const lines = [
		...open.map(as_line),
		...warned.map(as_line),
		...overridden.map(
			(row) =>
				`<li><span class="indicator-pill orange">${__("Overridden")}</span>
				${frappe.utils.escape_html(row.question)} ${frappe.utils.escape_html(row.value)}.
				${frappe.utils.escape_html(row.override_reason)} (${frappe.utils.escape_html(
					frappe.user.full_name(row.override_by)
				)})</li>`
		),
	];
	const title = open.length ? __("Before it can go on:") : __("The checklist lets it go on:");
	frm.dashboard.set_headline(`${title}<ul class="list-unstyled mb-0">${lines.join("")}</ul>`);
}

function as_line(row) {
	return `<li><span class="indicator-pill ${RESULT_COLOURS[row.result]}">${__(row.result)}</span>
		${frappe.utils.escape_html(row.question)} ${frappe.utils.escape_html(row.value)}
		(${__("needed")}: ${frappe.utils.escape_html(row.threshold)}).
		${frappe.utils.escape_html(row.how_to_fix)}</li>`;
}

function confirmed(words) {
	return new Promise((resolve, reject) =>
		frappe.confirm(words, resolve, () => {
			frappe.validated = false;
			resolve();
		})
	);
}

// What people with lived experience said, without their names.
function show_reviewers(frm) {
	if (!["Draft", "Submitted", "Changes requested"].includes(frm.doc.status)) return;
	frappe
		.call({ method: "involvement_app.involvement_app.reviewers.said", type: "GET", args: { opportunity: frm.doc.name } })
		.then(({ message: { needed, rows, may_name } }) => {
			if (!needed && !rows.length) return;
			if (may_name && needed)
				frm.add_custom_button(__("Name a reviewer"), () =>
					frappe.new_doc("Opportunity Reviewer", { opportunity: frm.doc.name })
				);
			const lines = rows.map(
				(row) =>
					`<li><span class="indicator-pill ${ANSWER_COLOURS[row.status]}">${__(row.status)}</span>
					${frappe.utils.escape_html(row.words || "")}
					${row.earlier ? `<div class="text-muted">${__("Before")}: ${frappe.utils.escape_html(row.earlier)}</div>` : ""}</li>`
			);
			if (!lines.length) lines.push(`<li>${__("Nobody has been asked yet. A coordinator names somebody.")}</li>`);
			frm.dashboard.add_section(
				`<ul class="list-unstyled mb-0">${lines.join("")}</ul>`,
				__("A yes by somebody with lived experience, beside the manager's")
			);
			frm.dashboard.show();
		});
}

// How far the choosing is: counts alone, no names and no scores.
function show_selectors(frm) {
	if (frm.doc.selection_mode !== "Criteria" || ["Completed", "Cancelled"].includes(frm.doc.status)) return;
	frappe
		.call({ method: "involvement_app.involvement_app.selectors.how_far", type: "GET", args: { opportunity: frm.doc.name } })
		.then(({ message: { by_criteria, needed, waiting, selectors, done, may_name } }) => {
			if (!by_criteria) return;
			if (may_name)
				frm.add_custom_button(__("Name who chooses with us"), () =>
					frappe.new_doc("Opportunity Selector", { opportunity: frm.doc.name })
				);
			let words = __("{0} of {1} with lived experience have scored every application that waits ({2}).", [
				done,
				selectors,
				waiting,
			]);
			if (!selectors)
				words = needed
					? __("Nobody with lived experience has been asked to choose with you yet. Without their scores no place is offered.")
					: __("Nobody with lived experience has been asked to choose with you.");
			frm.dashboard.add_section(`<p class="mb-0">${words}</p>`, __("Choosing by criteria"));
			frm.dashboard.show();
		});
}

function failing(frm) {
	return (frm.doc.gates || []).filter((row) => row.result === "Fail" && !row.override_by);
}

// For managers without a hand in it; the server asks again.
function offer_overrides(frm) {
	const hands = [frm.doc.owner, frm.doc.lead, frm.doc.submitted_by, ...(frm.doc.edited_by || "").split("\n")];
	if (!DECIDED_ON.includes(frm.doc.status) || frm.is_dirty()) return;
	if (!frappe.user.has_role("Involvement Manager") || hands.includes(frappe.session.user)) return;
	const overridden = (frm.doc.gates || []).filter((row) => row.override_by);
	if (failing(frm).length)
		frm.add_custom_button(__("Override a check"), () => ask(frm, failing(frm), "override", true));
	if (overridden.length)
		frm.add_custom_button(__("Take back an override"), () =>
			ask(frm, overridden, "take_back_override", false)
		);
}

function ask(frm, rows, method, with_reason) {
	const fields = [
		{
			fieldname: "gate",
			fieldtype: "Select",
			label: __("Check"),
			reqd: 1,
			options: rows.map((row) => ({ value: row.gate, label: `${row.gate}: ${row.question}` })),
			default: rows[0].gate,
		},
	];
	if (with_reason)
		fields.push({
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("Reason"),
			reqd: 1,
			description: __("Why it may go on all the same. It is kept with your name, and counted."),
		});
	const dialog = new frappe.ui.Dialog({
		title: with_reason ? __("Override a check") : __("Take back an override"),
		fields,
		primary_action_label: with_reason ? __("Override") : __("Take back"),
		primary_action(values) {
			frappe
				.xcall(`involvement_app.involvement_app.overrides.${method}`, { opportunity: frm.doc.name, ...values })
				.then(() => {
					dialog.hide();
					frm.reload_doc();
				});
		},
	});
	dialog.show();
}

// What we owe the people who take part, and the next of it; the server asks who may read it.
async function show_feedback(frm) {
	frm.$wrapper.find(".involvement-feedback").remove();
	if (!frm.doc.published_on || !frappe.model.can_read("Feedback Obligation")) return;
	const name = frm.docname;
	const rows = await frappe.db.get_list("Feedback Obligation", {
		filters: { opportunity: name, status: ["!=", "Not needed"] },
		fields: ["name", "title", "kind", "status", "due_on", "preferred_name"],
		order_by: "due_on asc",
		limit: 30,
	});
	frm.$wrapper.find(".involvement-feedback").remove();
	if (frm.docname !== name || !rows.length) return;
	const colours = { Owed: "orange", Kept: "green", "Not possible": "gray" };
	const lines = rows.map((row) => {
		const late = row.status === "Owed" && row.due_on < frappe.datetime.get_today();
		const to = frappe.utils.get_form_link("Feedback Obligation", row.name);
		const what = [__(row.kind), row.preferred_name].filter(Boolean).map(frappe.utils.escape_html).join(", ");
		const day = frappe.datetime.str_to_user(row.due_on);
		const state = late ? __("owed since {0}", [day]) : row.status === "Owed" ? __("by {0}", [day]) : __(row.status);
		return `<li><a href="${to}" style="text-decoration: underline">${what}</a>
			<span class="indicator-pill no-indicator-dot ${late ? "red" : colours[row.status]}">${state}</span></li>`;
	});
	const owed = rows.filter((row) => row.status === "Owed").length;
	const next = owed
		? __("Open the first that is owed, write it, and tell people. Then this can be completed.")
		: __("Everything is told.");
	$(`<div class="involvement-feedback form-message" role="note" style="padding: 10px 15px">
		<strong>${__("What we owe people")}</strong> <span class="text-muted">${next}</span>
		<ul class="list-unstyled mb-0">${lines.join("")}</ul></div>`).insertBefore(frm.layout.wrapper);
}

function show_places(frm) {
	if (["Draft", "Submitted", "Changes requested", "Approved", "Cancelled"].includes(frm.doc.status)) return;
	const share = Math.min(100, Math.round((100 * frm.doc.places_confirmed) / (frm.doc.places || 1)));
	frm.dashboard.add_progress(
		__("Places taken"),
		share,
		__("{0} of {1} places taken", [frm.doc.places_confirmed, frm.doc.places])
	);
}

// Proposed, looked at, and only then put into the table; saved like what is typed there.
function add_series(frm) {
	let found = null;
	const again = () => {
		found = null;
		dialog.get_field("result").$wrapper.empty();
		dialog.set_primary_action(__("Show the dates"), look);
	};
	const field = (values) => ({ ...values, onchange: again });
	const last = (frm.doc.dates || []).at(-1) || {};
	const dialog = new frappe.ui.Dialog({
		title: __("Add a series of dates"),
		fields: [
			field({ fieldname: "day", fieldtype: "Date", label: __("First day"), reqd: 1 }),
			{ fieldtype: "Column Break" },
			field({ fieldname: "from", fieldtype: "Data", label: __("Starts at"), description: __("Such as 14:30"), reqd: 1 }),
			{ fieldtype: "Column Break" },
			field({ fieldname: "until", fieldtype: "Data", label: __("Ends at"), description: __("Such as 14:30"), reqd: 1 }),
			{ fieldtype: "Section Break" },
			field({ fieldname: "rhythm", fieldtype: "Select", label: __("How often"), reqd: 1, default: "Every week", options: ["Every week", "Every second week", "Every month"].map((value) => ({ value, label: __(value) })), description: __("Every month: on the same weekday, such as the second Tuesday.") }),
			{ fieldtype: "Column Break" },
			field({ fieldname: "how_many", fieldtype: "Int", label: __("How many dates"), reqd: 1, default: 6 }),
			{ fieldtype: "Column Break" },
			field({ fieldname: "bank_holidays", fieldtype: "Check", label: __("Also on bank holidays") }),
			{ fieldtype: "Section Break" },
			{ fieldname: "place", fieldtype: "Data", label: __("Place"), default: last.place },
			{ fieldtype: "Column Break" },
			{ fieldname: "online_link", fieldtype: "Data", label: __("Online link"), default: last.online_link },
			{ fieldtype: "Section Break" },
			{ fieldname: "result", fieldtype: "HTML" },
		],
		primary_action_label: __("Show the dates"),
		primary_action: look,
	});
	async function look() {
		const { day, from, until, rhythm, how_many, bank_holidays } = dialog.get_values() || {};
		if (!day) return;
		const args = { starts_on: `${day} ${from.trim()}`, ends_on: `${day} ${until.trim()}`, rhythm, how_many, bank_holidays: bank_holidays ? 1 : 0 };
		({ message: found } = await frappe.call({ method: "involvement_app.involvement_app.series.preview", type: "GET", args, freeze: true }));
		const listed = found.dates.map((each) => `<li>${moment(each.starts_on).format("dddd D MMMM YYYY, HH:mm")}</li>`).join("");
		const without = found.left_out.map((each) => moment(each).format("dddd D MMMM YYYY")).join("; ");
		dialog.get_field("result").$wrapper.html(
			`<ol>${listed}</ol>${without ? `<p>${__("Left out, because they are bank holidays:")} ${without}</p>` : ""}`
		);
		dialog.set_primary_action(
			found.dates.length === 1 ? __("Add this date") : __("Add these {0} dates", [found.dates.length]),
			add
		);
	}
	function add() {
		const { place, online_link } = dialog.get_values();
		found.dates.forEach((each) => frm.add_child("dates", { ...each, place, online_link }));
		frm.refresh_field("dates");
		frm.dirty();
		dialog.hide();
		frappe.show_alert({ message: __("Added to “Dates”. Save to keep them."), indicator: "blue" });
	}
	dialog.show();
}
