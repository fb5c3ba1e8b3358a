// The form is the import page: attach, check, look, import, take the faulty rows back.

const API = "involvement_app.involvement_app.doctype.participant_import.participant_import";
const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

frappe.ui.form.on("Participant Import", {
	refresh(frm) {
		frm.trigger("stop_polling");
		if (frm.is_new()) {
			frm.set_intro(
				__("Choose the unit first if the list names none. Then attach the CSV file: it is saved and checked at once."),
				"blue"
			);
			return;
		}
		frm.set_df_property("file", "read_only", ["Importing", "Done"].includes(frm.doc.stage));
		frappe.realtime.off("participant_import");
		frappe.realtime.on("participant_import", (news) => news.name === frm.docname && update(frm));
		update(frm);
	},

	after_save(frm) {
		if (frm.doc.file && frm.doc.stage === "Draft" && !frm.doc.problem) check(frm);
	},

	stop_polling(frm) {
		clearTimeout(frm.import_timer);
	},
});

async function update(frm) {
	const name = frm.docname;
	const { message: report } = await frappe.call({ method: `${API}.report`, type: "GET", args: { name } });
	if (frm.docname !== name || frm.doctype !== "Participant Import") return;
	if (report.stage !== frm.doc.stage) return frm.reload_doc();
	draw(frm, report);
}

function draw(frm, report) {
	buttons(frm, report);
	intro(frm, report);
	progress(frm, report);
	frm.get_field("preview").$wrapper.html(page(report));
}

function buttons(frm, report) {
	frm.clear_custom_buttons();
	if (report.faulty_rows) {
		frm.add_custom_button(__("Download the rows to be mended"), () => download(frm));
	}
	if (frm.is_dirty()) return;
	const { stage, good_rows: good, stalled } = report;
	if (["Draft", "Checked"].includes(stage) && frm.doc.file) {
		const button = frm.add_custom_button(stage === "Draft" ? __("Check the file") : __("Check again"), () => check(frm));
		if (stage === "Draft") primary(button);
	}
	if (stage === "Checked" && good) {
		const one = of_the_past(report) ? __("Import 1 line") : __("Import 1 person");
		const words = good === 1 ? one : of_the_past(report) ? __("Import {0} lines", [good]) : __("Import {0} people", [good]);
		primary(frm.add_custom_button(words, () => ask(frm, report)));
	}
	if (stalled) primary(frm.add_custom_button(__("Carry on"), () => start(frm)));
	if (stage === "Done" && report.imported_rows) {
		const past = of_the_past(report);
		const show = () =>
			frappe.set_route("List", past ? "Past Involvement" : "Involvement Participant", { source: report.source });
		primary(frm.add_custom_button(past ? __("Show what was imported") : __("Show the people"), show));
	}
}

const of_the_past = ({ kind }) => kind === "Past involvement";

const primary = (button) => button.removeClass("btn-default").addClass("btn-primary");

function intro(frm, report) {
	const words = {
		Draft: report.problem ? null : __("Nothing has been imported yet. Check the file to see what would happen."),
		Checked: __("Nothing has been added yet. Look at the list below, then import."),
		Importing: report.stalled
			? __("Nothing has happened for a while. Carry on: nobody will be there twice.")
			: __("The import is running. You can leave this page and come back."),
		Done: report.faulty_rows
			? __("Done. Mend the other rows in the file you can download, and import it as a new list.")
			: __("Done. The whole list was imported."),
	};
	const colours = { Draft: "blue", Checked: "blue", Importing: report.stalled ? "orange" : "blue", Done: "green" };
	frm.set_intro();
	if (words[report.stage]) frm.set_intro(words[report.stage], colours[report.stage]);
}

function progress(frm, report) {
	const total = report.imported_rows + report.good_rows;
	if (report.stage !== "Importing") {
		frm.dashboard.hide_progress();
		return;
	}
	const percent = total ? Math.round((100 * report.imported_rows) / total) : 0;
	frm.dashboard.show_progress(
		__("Importing"),
		Math.max(percent, 1),
		__("{0} of {1} imported", [report.imported_rows, total])
	);
	// the server's news come by socket.io where it runs; this is for where it does not
	frm.import_timer = setTimeout(() => cur_frm === frm && update(frm), 2000);
}

async function check(frm) {
	await frappe.call({
		method: `${API}.check`,
		args: { name: frm.docname },
		freeze: true,
		freeze_message: __("Reading the file"),
	});
	frm.reload_doc();
}

function ask(frm, report) {
	const rest = report.faulty_rows ? __("{0} rows stay behind for you to mend.", [report.faulty_rows]) : "";
	const question = of_the_past(report)
		? __("Write down {0} lines of past involvement? {1}", [report.good_rows, rest])
		: report.good_rows === 1
			? __("Add 1 person to the register? {0}", [rest])
			: __("Add {0} people to the register? {1}", [report.good_rows, rest]);
	frappe.confirm(question, () => start(frm));
}

async function start(frm) {
	await frappe.call({ method: `${API}.start`, args: { name: frm.docname }, freeze: true });
	frm.reload_doc();
}

function download(frm) {
	window.open(`/api/method/${API}.faulty_rows?name=${encodeURIComponent(frm.docname)}`);
}

function page(report) {
	return [problem(report), figures(report), people(report), faulty(report), how(report)].join("");
}

function problem({ problem }) {
	if (!problem) return "";
	const lines = problem.split("\n").map((line) => `<li>${escape(line)}</li>`).join("");
	return `<div class="alert alert-danger" role="alert"><b>${__("The file could not be used yet.")}</b>
		<ul>${lines}</ul>${__("Your file is still attached. Mend it and attach it again.")}</div>`;
}

function figures({ stage, good_rows, faulty_rows, imported_rows }) {
	if (stage === "Draft") return "";
	const parts = [
		imported_rows && __("{0} imported", [imported_rows]),
		good_rows && __("{0} ready to import", [good_rows]),
		faulty_rows && __("{0} to be mended", [faulty_rows]),
	];
	return `<h4>${parts.filter(Boolean).join(" · ") || __("The file is empty.")}</h4>`;
}

function faulty({ faulty, faulty_rows }) {
	if (!faulty.length) return "";
	const more = faulty_rows > faulty.length ? `<p class="text-muted">${__("The first {0} of {1}.", [faulty.length, faulty_rows])}</p>` : "";
	const rows = faulty.map((row) => [row.line, bdi(row.name) || "–", escape(row.reason).replace(/\n/g, "<br>")]);
	return `<h5>${__("To be mended")}</h5>${table([__("Line"), __("Name"), __("Reason")], rows)}${more}`;
}

function people(report) {
	const { first } = report;
	if (!first.length) return "";
	if (of_the_past(report)) return past(first);
	const imported = first.every((row) => row.participant);
	const head = imported
		? [__("Line"), __("Name"), __("Participant")]
		: [__("Line"), __("Name"), __("E-mail"), __("Phone"), __("Locality"), __("Units")];
	const cells = (row) =>
		imported
			? [frappe.utils.get_form_link("Involvement Participant", row.participant, true)]
			: [row.email, row.phone, row.locality, row.units].map(escape);
	const rows = first.map((row) => [row.line, bdi(row.name), ...cells(row)]);
	return `<h5>${imported ? __("The first people, now on the register") : __("The first people")}</h5>${table(head, rows)}`;
}

function past(first) {
	const day = (value) => (value ? frappe.datetime.str_to_user(value) : "");
	const head = [__("Line"), __("Name"), __("What it was"), __("Took part on"), __("Participant")];
	const who = (row) => (row.participant ? frappe.utils.get_form_link("Involvement Participant", row.participant, true) : "");
	const rows = first.map((row) => [row.line, bdi(row.name), bdi(row.title), escape(day(row.took_part_on)), who(row)]);
	return `<h5>${__("The first lines")}</h5>${table(head, rows)}`;
}

function how({ columns_found }) {
	if (!columns_found) return "";
	return `<p class="text-muted" style="white-space: pre-line">${escape(columns_found)}</p>`;
}

const bdi = (text) => (text ? `<bdi>${escape(text)}</bdi>` : "");

function table(head, rows) {
	const cells = (row, tag) => row.map((cell) => `<${tag}>${cell ?? ""}</${tag}>`).join("");
	return `<div class="table-responsive"><table class="table table-bordered table-sm">
		<thead><tr>${cells(head, "th")}</tr></thead>
		<tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table></div>`;
}
