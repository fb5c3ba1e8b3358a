const PANELS = "involvement_app.involvement_app.panels.desk";

frappe.ui.form.on("Recruitment Panel", {
	setup(frm) {
		frm.set_query("staff", "members", () => ({ filters: { user_type: "System User", enabled: 1 } }));
		// the standard button asks for nothing; the decision needs an outcome for everybody
		frm.involvement_steps = { Decide: decide };
	},
	async refresh(frm) {
		show_next(frm);
		if (frm.is_new()) return;
		const name = frm.docname;
		const { message: standing } = await frappe.call({
			method: `${PANELS}.standing`,
			type: "GET",
			args: { panel: name },
		});
		if (frm.docname !== name || !standing) return;
		frm.involvement_standing = standing;
		show_bar(frm, standing);
		show_results(frm, standing);
		add_acts(frm, standing);
	},
});

// What comes next, and whose turn it is.
function show_next(frm) {
	frm.set_intro();
	if (frm.is_new()) {
		frm.set_intro(__("Choose the opportunity first: who has a place there is a member at once. Candidates are a reference and initials, never a name."), "blue");
		return;
	}
	const next = {
		Planned: __("Choose a chair, have everybody who votes say whom they know, and write down candidates and what is scored. Then “Convene”."),
		Convened: __("Tick what members need, or write why not. Print the “Panel pack”. HR or the chair starts the interviews."),
		Interviewing: __("After the interviews HR or the chair starts scoring. From then on members, candidates and what is scored stay as they are."),
		Scoring: frm.doc.opened_on
			? __("The scores are open. The chair writes down the decision.")
			: __("Members score, each for themself. Nobody reads another's score before all are in, or the chair closes scoring with a reason."),
		Decided: __("“Tell the members” thanks them, says what came of it, and asks how it was."),
		"Fed back": __("The members know, and are asked how it was. Close it when nothing is open any more."),
		Closed: __("It is over."),
		"Called off": __("It was called off. Members read why."),
	};
	const removal =
		frm.doc.remove_candidates_on && !frm.doc.candidates_removed_on
			? __("What is kept about candidates goes on {0}, with papers here that name them or cannot be looked into.", [frappe.datetime.str_to_user(frm.doc.remove_candidates_on)])
			: "";
	frm.set_intro(`${next[frm.doc.status]} ${removal}`, frm.doc.status === "Called off" ? "orange" : "blue");
}

function show_bar(frm, { bar, opened }) {
	if (frm.doc.status !== "Scoring" || !bar.of) return;
	const words = opened
		? __("The scores are open. Nobody changes them any more.")
		: __("{0} of {1} scores are in. Nobody reads another's before all are.", [bar.in, bar.of]);
	frm.dashboard.add_progress(__("Scores"), (100 * bar.in) / bar.of, words);
}

// each member's score as a circle, their mean as a line; the same in words below
function show_results(frm, { results }) {
	if (!results.length) return;
	const text = frappe.utils.escape_html;
	const at = (score) => 10 + 100 * score;
	const html = results
		.map((row) => {
			const circles = row.scores
				.filter((score) => score.answer === "Scored")
				.map((score, n, all) => [score, all.slice(0, n).filter((other) => other.total === score.total).length])
				// equal scores stand on each other, so that each is seen
				.map(([score, below]) => `<circle cx="${at(score.total)}" cy="${Math.max(34 - 9 * below, 7)}" r="7" fill="var(--blue-500)" fill-opacity="0.75" stroke="currentColor"></circle>`)
				.join("");
			const marks = [0, 1, 2, 3]
				.map((mark) => `<line x1="${at(mark)}" y1="28" x2="${at(mark)}" y2="40" stroke="currentColor"></line><text x="${at(mark)}" y="58" font-size="13" text-anchor="middle" fill="currentColor">${mark}</text>`)
				.join("");
			const mean = row.mean === null ? "" : `<line x1="${at(row.mean)}" y1="4" x2="${at(row.mean)}" y2="44" stroke="var(--red-500)" stroke-width="3"></line>`;
			const said = row.scores
				.map((score) => `<li>${text(score.member_name || "")} (${text(__(score.kind))}): ${score.answer === "Scored" ? `${flt(score.total, 2)}, ${text(__(score.appointable))}` : text(__(score.answer))}${score.words ? `<br><span class="text-muted">${text(score.words)}</span>` : ""}</li>`)
				.join("");
			return `<div class="mb-4"><strong>${text(row.reference)} ${text(row.initials || "")}</strong>
				${row.disagree ? `<span class="indicator-pill yellow">${__("Members see this differently")}</span>` : ""}
				<svg viewBox="-5 0 330 64" width="100%" height="64" style="max-width: 420px; display: block" role="img" aria-label="${text(__("Scores for {0}, from 0 to 3", [row.reference]))}"><line x1="10" y1="34" x2="310" y2="34" stroke="currentColor"></line>${marks}${circles}${mean}</svg>
				<ul>${said}</ul>
				${row.mean === null ? "" : `<p class="text-muted">${__("Mean {0}, between highest and lowest {1}", [row.mean, row.spread])}</p>`}</div>`;
		})
		.join("");
	frm.dashboard.add_section(html, __("What the members scored"));
	frm.dashboard.show();
}

function add_acts(frm, standing) {
	const early = ["Planned", "Convened", "Interviewing"].includes(frm.doc.status);
	if (standing.role && early) {
		frm.add_custom_button(__("Whom I know"), () => declare(frm, standing), __("As a member"));
		frm.add_custom_button(__("Write a question"), () => ask_a_question(frm), __("As a member"));
	}
	if (early && frm.perm[0]?.write) {
		frm.add_custom_button(__("Take those with a place"), () => act(frm, "take_places", {}));
	}
	if (standing.tells) {
		frm.add_custom_button(__("How it was for me"), () => how_it_was(frm), __("As a member"));
		if (new URLSearchParams(location.search).has("how_it_was") && frm.involvement_asked !== frm.docname) {
			frm.involvement_asked = frm.docname; // once: who closes it is left in peace
			how_it_was(frm);
		}
	}
	if (frm.doc.status !== "Scoring" || standing.opened) return;
	if (standing.role && standing.role !== "Shadow") {
		frm.add_custom_button(__("My scores"), () => my_scores(frm), __("As a member"));
	}
	if (standing.role === "Chair") {
		frm.add_custom_button(__("Close scoring early"), () => close(frm), __("As a member"));
	}
	if (frm.perm[0]?.write && (!standing.role || standing.role === "Shadow")) {
		frm.add_custom_button(__("Write down a score from paper"), () => write_down(frm));
	}
}

// the same questions, and the same choice, as on the page of a participant
function how_it_was(frm) {
	const marks = [["5", __("Very much")], ["4", __("Quite a lot")], ["3", __("In between")], ["2", __("Not much")], ["1", __("Not at all")]];
	const options = ["", ...marks.map(([value, label]) => ({ value, label }))];
	const items = {
		valued: __("I felt valued"),
		listened_to: __("I was listened to"),
		influenced: __("I influenced what was decided"),
		part_of_a_team: __("I was part of a team"),
		confidence: __("It did my confidence good"),
		wellbeing: __("It did me good"),
	};
	const dialog = new frappe.ui.Dialog({
		title: __("How was it for you?"),
		fields: [
			{ fieldtype: "HTML", options: `<p>${__("Leave out what you like. You can say it once. Without your name, nobody can find out that it was you, and nobody reads it before enough people have answered. Please leave names out of what you write.")}</p>` },
			...Object.entries(items).map(([fieldname, label]) => ({ fieldname, fieldtype: "Select", label, options })),
			{ fieldname: "access_met", fieldtype: "Select", label: __("I had what I needed"), options: ["", "Yes", "Partly", "No"] },
			{ fieldname: "what_to_change", fieldtype: "Small Text", label: __("What should we change? And what was good?") },
			{ fieldname: "with_name", fieldtype: "Select", label: __("May we know that it is you?"), reqd: 1, options: ["", { value: "0", label: __("No, without my name") }, { value: "1", label: __("Yes, with my name") }] },
		],
		primary_action_label: __("Send"),
		async primary_action({ with_name, ...answers }) {
			await act(frm, "tell", { answers, with_name });
			dialog.hide();
		},
	});
	dialog.show();
}

async function act(frm, method, args) {
	await frappe.call({ method: `${PANELS}.${method}`, args: { panel: frm.docname, ...args }, freeze: true });
	frappe.show_alert({ message: __("Done"), indicator: "green" });
	frm.reload_doc();
}

function my_scores(frm) {
	frappe.set_route("List", "Panel Score", { panel: frm.docname });
}

function declare(frm, { aside }) {
	const fields = frm.doc.candidates.map(({ reference, initials }) => ({
		fieldname: reference,
		fieldtype: "Check",
		label: `${reference} ${initials || ""}`,
		default: aside.includes(reference) ? 1 : 0,
	}));
	frappe.prompt(
		[{ fieldtype: "HTML", options: `<p>${__("Tick whom you know well. You do not score them. Tick nobody if you know none of them.")}</p>` }, ...fields],
		(given) => act(frm, "declare", { known: frm.doc.candidates.map((row) => row.reference).filter((reference) => given[reference]) }),
		__("Whom I know"),
		__("Send")
	);
}

function ask_a_question(frm) {
	frappe.prompt(
		{ fieldname: "question", fieldtype: "Small Text", label: __("Question"), reqd: 1 },
		({ question }) => act(frm, "ask", { question }),
		__("Write a question"),
		__("Add")
	);
}

function close(frm) {
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Why? The members read it."), reqd: 1 },
		({ reason }) => act(frm, "close", { reason }),
		__("Close scoring early"),
		__("Close scoring")
	);
}

function decide(frm) {
	const { outcomes } = frm.involvement_standing;
	const candidates = frm.doc.candidates.filter((row) => row.outcome !== "Withdrew");
	const fields = candidates.flatMap(({ reference, initials }, n) => [
		{ fieldtype: "Section Break", label: `${reference} ${initials || ""}` },
		{ fieldname: `outcome_${n}`, fieldtype: "Select", label: __("Outcome"), options: ["", ...outcomes], reqd: 1 },
		{ fieldname: `reason_${n}`, fieldtype: "Small Text", label: __("Why"), description: __("Needed where it goes against a member with lived experience. They read it.") },
	]);
	const dialog = new frappe.ui.Dialog({
		title: __("What did you decide together?"),
		fields,
		primary_action_label: __("This is our decision"),
		async primary_action(given) {
			const by = (field) => Object.fromEntries(candidates.map(({ reference }, n) => [reference, given[`${field}_${n}`] || ""]));
			await act(frm, "decide", { outcomes: by("outcome"), reasons: by("reason") });
			dialog.hide();
		},
	});
	dialog.show();
}

async function write_down(frm) {
	const lived = frm.doc.members.filter((row) => row.participant && row.role !== "Shadow");
	const { message: sheet } = await frappe.call({ method: `${PANELS}.sheet`, type: "GET", args: { panel: frm.docname } });
	const dialog = new frappe.ui.Dialog({
		title: __("Write down a score from paper"),
		fields: [
			{ fieldname: "participant", fieldtype: "Select", label: __("Whose"), reqd: 1, options: lived.map((row) => ({ value: row.participant, label: row.member_name })) },
			{ fieldname: "candidate", fieldtype: "Select", label: __("Candidate"), reqd: 1, options: frm.doc.candidates.filter((row) => row.outcome !== "Withdrew").map((row) => row.reference) },
			{ fieldname: "told_how", fieldtype: "Select", label: __("How they told us"), reqd: 1, options: ["Phone", "In person", "Post", "E-mail"] },
			{ fieldname: "answer", fieldtype: "Select", label: __("Answer"), reqd: 1, options: ["Scored", "Chose not to score"], default: "Scored", description: __("You do not read it again once it is kept: it is theirs.") },
			{ fieldtype: "Section Break", depends_on: "eval:doc.answer=='Scored'" },
			...sheet.map(({ criterion, words }, n) => ({ fieldname: `mark_${n}`, fieldtype: "Select", label: criterion, options: ["", "0", "1", "2", "3"], description: words.map((word, mark) => `${mark}: ${word || ""}`).join("; ") })),
			{ fieldname: "appointable", fieldtype: "Select", label: __("Could this person do the job?"), options: ["", "Appointable", "Not appointable"] },
			{ fieldname: "words", fieldtype: "Small Text", label: __("In their words") },
		],
		primary_action_label: __("Keep it"),
		async primary_action({ participant, candidate, told_how, answer, appointable, words, ...given }) {
			const marks = Object.fromEntries(sheet.map(({ criterion }, n) => [criterion, given[`mark_${n}`] || ""]));
			await act(frm, "write_down", { participant, candidate, told_how, said: { answer, appointable, words }, marks });
			dialog.hide();
		},
	});
	dialog.show();
}
