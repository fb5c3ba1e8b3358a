"""The rows of a list between file and register, and what the page shows of them."""

import json
from dataclasses import asdict

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import joining
from involvement_app.involvement_app.doctype.participant_import import columns, csv_file, past, people
from involvement_app.involvement_app.doctype.participant_import.people import Listed

ROW = "Participant Import Row"
STALLED_AFTER = 90  # seconds without a step: the job was lost, or the queue is very busy
SIGNS = {
	joining.EMAIL: "the same e-mail address",
	joining.PHONE: "the same telephone",
	joining.NAME: "the same name",
	joining.REFERENCE: "the same reference",
}


# --- the file -----------------------------------------------------------------------------------


def content(doc) -> bytes:
	file = frappe.get_doc("File", {"file_url": doc.file})  # whose it is was asked when it was attached
	try:
		raw = file.get_content(encodings=[])  # newer Frappe guesses encodings unless told not to
	except TypeError:
		raw = file.get_content()
	except OSError:
		raise csv_file.Unreadable(_("The file is not there any more. Please attach it again."))
	return raw.encode() if isinstance(raw, str) else raw


def of_the_past(doc) -> bool:
	return doc.kind == past.KIND


def known_columns(doc) -> dict:
	return columns.PAST if of_the_past(doc) else columns.COLUMNS


# --- checking -----------------------------------------------------------------------------------


def record_problem(doc, problem: str) -> None:
	_save(doc, stage="Draft", problem=problem, columns_found=None, header=None, good_rows=0, faulty_rows=0)


def record(doc, sheet: csv_file.Sheet) -> None:
	"""Judge the rows of `sheet` and keep them with the verdict."""
	forget(doc.name)
	reader = past if of_the_past(doc) else people
	listed = reader.read(sheet, people.Masters.load(doc.unit))
	judge(doc, listed)
	_insert(doc, listed)
	faulty = sum(bool(row.faults) for row in listed)
	_save(
		doc,
		stage="Checked",
		problem=None,
		columns_found=_how_it_was_read(sheet, known_columns(doc)),
		header=json.dumps({"names": sheet.header, "separator": sheet.separator}),
		good_rows=len(listed) - faulty,
		faulty_rows=faulty,
	)


def judge(doc, listed: list[Listed]) -> list[joining.Finding | None]:
	"""Add to the faults of the sound rows who is there already; answers the findings, None for a faulty row. Of past
	involvement: who is *not* there, and what is there already."""
	if of_the_past(doc):
		return past.judge(listed)
	sound = [row for row in listed if not row.faults]
	findings = dict(zip(map(id, sound), joining.compare([row.person() for row in sound]), strict=True))
	openable = joining.openable(findings.values())
	for row in sound:
		finding = findings[id(row)]
		if finding.verdict == joining.KNOWN or (finding.verdict == joining.ALIKE and not doc.allow_alike):
			row.faults.append(_sentence(finding, openable))
	return [findings.get(id(row)) for row in listed]


def _sentence(finding: joining.Finding, openable: set[str]) -> str:
	other, signs = finding.other, ", ".join(_(SIGNS[sign]) for sign in finding.signs if sign in SIGNS)
	if not (other.participant or other.listed):
		return _(
			"The CRM has this e-mail address under another name or more than once. Look there first, or tick the box."
		)
	if finding.verdict == joining.ALIKE:
		return _("Looks like {0}: {1}. If this is somebody else, tick the box and check again.").format(
			_who(other, openable), signs
		)
	if other.participant:
		return _("Already on the register as {0}: {1}.").format(_who(other, openable), signs)
	return _("The same person as in line {0} of this file: {1}.").format(other.key, signs)


def _who(other: joining.Person, openable: set[str]) -> str:
	if other.listed:
		return _("line {0} of this file").format(other.key)
	if other.participant not in openable:
		return _("somebody in a part of the register you cannot open")
	return f"{other.names[-1]}, {other.participant} ({_(other.status)})"


def _insert(doc, listed: list[Listed]) -> None:
	now, user = now_datetime(), frappe.session.user
	fields = ["name", "creation", "modified", "owner", "modified_by", "participant_import", "line"]
	fields += ["preferred_name", "result", "reason", "data"]
	# a staging table of our own: no controller, no permission of its own, hundreds of rows in one statement
	frappe.db.bulk_insert(
		ROW,
		fields,
		[
			(
				frappe.generate_hash(length=10),
				now,
				now,
				user,
				user,
				doc.name,
				row.line,
				row.preferred_name[:300],
				*_verdict(row),
			)
			for row in listed
		],
	)


def _verdict(row: Listed) -> tuple[str, str | None, str]:
	return "Faulty" if row.faults else "Good", "\n".join(row.faults) or None, json.dumps(asdict(row))


def _how_it_was_read(sheet: csv_file.Sheet, known: dict) -> str:
	lines = [
		_("Columns separated by {0}, letters read as {1}.").format(
			_(csv_file.SEPARATORS[sheet.separator]), sheet.encoding
		),
		_("Imported: {0}.").format(
			", ".join(
				f"{sheet.header[position]} → {_(known[name][0])}" for name, position in sheet.fields.items()
			)
		),
	]
	if sheet.ignored:
		lines.append(_("Not imported: {0}.").format(", ".join(sheet.ignored)))
	return "\n".join(lines)


def _save(doc, **values) -> None:
	with lifecycle.server_side():
		doc.update(values)
		doc.save()


def forget(name: str) -> None:
	frappe.db.delete(ROW, {"participant_import": name})  # the rows of this list alone


# --- reading back -------------------------------------------------------------------------------


def take(name: str, limit: int) -> list[frappe._dict]:
	"""The next good rows, locked and read as they are now."""
	row = frappe.qb.DocType(ROW)
	return (
		frappe.qb.from_(row)
		.select(row.name, row.data)
		.where((row.participant_import == name) & (row.result == "Good"))
		.orderby(row.line)
		.limit(limit)
		.for_update()
		.run(as_dict=True)
	)


def counts(name: str) -> dict[str, int]:
	row = frappe.qb.DocType(ROW)
	found = (
		frappe.qb.from_(row)
		.select(row.result, Count("*"))
		.where(row.participant_import == name)
		.groupby(row.result)
	)
	return {"Good": 0, "Faulty": 0, "Imported": 0, **dict(found.run())}


def report(doc) -> dict:
	"""{stage, good_rows, faulty_rows, imported_rows, problem, columns_found, source, stalled, first: rows,
	faulty: rows}; a row is {line, name, reason, participant, email, phone, locality, units,
	title, took_part_on}."""
	return {
		**{
			name: doc.get(name)
			for name in ("stage", "good_rows", "faulty_rows", "imported_rows", "problem", "columns_found")
		},
		"kind": doc.kind,
		"source": source(doc),
		"stalled": is_stalled(doc),
		"first": _shown(doc, ("Good", "Imported"), 5),
		"faulty": _shown(doc, ("Faulty",), 100),
	}


def is_stalled(doc) -> bool:
	if doc.stage != "Importing":
		return False
	return (
		not doc.moved_on
		or (now_datetime() - frappe.utils.get_datetime(doc.moved_on)).total_seconds() > STALLED_AFTER
	)


def source(doc) -> str:
	return _("Imported list {0}").format(doc.name)


def _shown(doc, results: tuple[str, ...], limit: int) -> list[dict]:
	found = frappe.get_all(  # the reader may read the list these rows belong to
		ROW,
		filters={"participant_import": doc.name, "result": ["in", results]},
		fields=["line", "preferred_name as name", "reason", "participant", "data"],
		order_by="line",
		limit=limit,
	)
	return [_shown_row(row) for row in found]


def _shown_row(row: frappe._dict) -> dict:
	values = json.loads(row.pop("data") or "{}")
	return {
		**row,
		"email": values.get("email"),
		"phone": ", ".join(values.get("numbers", ())),
		"locality": values.get("locality"),
		"units": ", ".join(values.get("units", ())),
		"title": values.get("title"),
		"took_part_on": values.get("took_part_on"),
	}


def faulty_csv(doc) -> bytes:
	head = json.loads(doc.header or '{"names": [], "separator": ","}')
	found = frappe.get_all(  # the reader may read the list these rows belong to
		ROW,
		filters={"participant_import": doc.name, "result": "Faulty"},
		fields=["line", "reason", "data"],
		order_by="line",
		limit=0,
	)
	kept = [
		position for position, name in enumerate(head["names"]) if columns.key(name) not in columns.OWN_KEYS
	]
	rows_out = [[*_cells(row.data, kept), row.line, (row.reason or "").replace("\n", " ")] for row in found]
	header = [head["names"][position] for position in kept]
	return csv_file.write([*header, *columns.OURS], rows_out, head["separator"])


def _cells(data: str, kept: list[int]) -> list[str]:
	cells = json.loads(data)["cells"]
	return [cells[position] if position < len(cells) else "" for position in kept]
