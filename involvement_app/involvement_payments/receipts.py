"""Receipts: made anew before they are kept, and used once.

The same file is known again by what it was when it came and by what is kept of it. For the same person it is refused, with
the claim it is in; where somebody else used it, whoever checks is told, and needs a reason (`shared_receipts`); the person
is told nothing about others. A claim that was rejected or cancelled gives its receipts free again. `receipt_key` is unique in the database (law 5)."""

from dataclasses import dataclass

import frappe
from frappe import _

from involvement_app.clean_files import MOST_BYTES, CleanFile, NotTaken, keep, made_anew
from involvement_app.involvement_app.participants import records_of

CLAIM = "Involvement Expense Claim"
LINE = "Involvement Expense Claim Line"
PRINTS = ("receipt_print", "kept_print")
OF_THE_PERSON, OF_STAFF = "take_part", "receipt"


class UsedBefore(frappe.ValidationError):
	"""This person has claimed with this receipt."""


@dataclass(frozen=True)
class Given:
	"""A receipt that is not kept yet: `mark` says how it came, `instead_of`: the File staff had attached."""

	file: CleanFile
	mark: str
	instead_of: str | None = None


def take_in(doc) -> None:
	"""For `validate`: the receipts that are new on `doc`, made anew, their prints on their lines. `doc.flags.receipts`:
	row number → CleanFile, of a form of ours. Raises NotTaken, UsedBefore."""
	doc.flags.given = {}
	before = {row.name: row for row in (doc.get_doc_before_save() or {}).get("lines", [])}
	from_form = doc.flags.receipts or {}
	# one by one: a handful of files
	for line in doc.lines:
		stored = before.get(line.name)
		if line.idx in from_form:
			_note(doc, line, Given(from_form[line.idx], OF_THE_PERSON))
		elif line.receipt and not (stored and stored.receipt == line.receipt):
			_note(doc, line, _of_staff(doc, line))
		else:
			for fieldname in (*PRINTS, "receipt_key"):
				line.set(fieldname, stored.get(fieldname) if stored and line.receipt else None)
	_refuse_used(doc)


def _note(doc, line, given: Given) -> None:
	doc.flags.given[line.idx] = given
	line.receipt_print = given.file.as_given
	line.kept_print = next(iter(given.file.prints - {given.file.as_given}), given.file.as_given)
	line.receipt_key = f"{doc.participant}|{given.file.as_given}"


def _of_staff(doc, line) -> Given:
	"""What was attached in the desk. Nobody names a file that hangs on something else."""
	rows = frappe.get_all(  # bounded to the claim's own, and to what this user has just chosen
		"File",
		{"file_url": line.receipt, "is_private": 1},
		["name", "file_name", "attached_to_doctype", "attached_to_name", "owner"],
		order_by="creation desc",
	)
	# one by one: the few records of one file
	row = next((row for row in rows if _may_be_taken(row, doc)), None)
	if not row:
		frappe.throw(_("Row {0}: attach the receipt to this claim.").format(line.idx), frappe.PermissionError)
	content = frappe.get_doc("File", row.name).get_content()
	content = content.encode() if isinstance(content, str) else content
	try:
		return Given(made_anew(row.file_name, content[: MOST_BYTES + 1]), OF_STAFF, row.name)
	except NotTaken as problem:
		frappe.throw(_("Row {0}: {1}").format(line.idx, str(problem)), NotTaken)


def _may_be_taken(row, doc) -> bool:
	if row.attached_to_doctype == CLAIM and row.attached_to_name == doc.name:
		return True
	return (
		row.owner == frappe.session.user
		and (row.attached_to_doctype or CLAIM) == CLAIM
		and not frappe.db.exists(CLAIM, row.attached_to_name or "")
	)


def _refuse_used(doc) -> None:
	"""One query, and only where a receipt is new."""
	doc.flags.used_by_others = []
	new = {idx: given.file.prints for idx, given in doc.flags.given.items()}
	if not new:
		return
	_refuse_twice_here(doc, new)
	rows = rows_with(set().union(*new.values()), doc.name)
	own = records_of(doc.participant)
	for idx, prints in new.items():
		for row in rows:
			if not prints & prints_of(row):
				continue
			if row.participant in own:
				frappe.throw(
					_("Row {0}: this receipt was used before, for {1} on {2}. Choose another file.").format(
						idx, row.expense_type, frappe.utils.format_date(row.spent_on, "d MMMM yyyy")
					),
					UsedBefore,
				)
			doc.flags.used_by_others.append((idx, row.parent))


def _refuse_twice_here(doc, new: dict[int, set[str]]) -> None:
	seen: set[str] = set()
	for line in doc.lines:
		prints = new.get(line.idx) or prints_of(line)
		if seen & prints:
			frappe.throw(
				_("Row {0}: this receipt is in another row too. Put both in one row.").format(line.idx),
				UsedBefore,
			)
		seen |= prints


def prints_of(row) -> set[str]:
	return {row.receipt_print, row.kept_print} - {None, ""}


def rows_with(prints: set[str], but: str | None) -> list[frappe._dict]:
	"""Lines with one of `prints` in other claims than `but`, whoever's; of those that were rejected or cancelled none."""
	line, claim = frappe.qb.DocType(LINE), frappe.qb.DocType(CLAIM)
	return (
		frappe.qb.from_(line)
		.join(claim)
		.on(claim.name == line.parent)
		.select(
			line.parent,
			line.expense_type,
			line.spent_on,
			line.receipt_print,
			line.kept_print,
			claim.participant,
			claim.status,
			claim.receipt_shared_with,
		)
		.where(line.receipt_print.isin(sorted(prints)) | line.kept_print.isin(sorted(prints)))
		.where(line.parent != (but or ""))
		.where(claim.status.notin(("Rejected", "Cancelled")))
		.limit(50)
		.run(as_dict=True)
	)


def keep_new(doc) -> None:
	"""For after the claim is written: the files themselves, each with its line."""
	given = doc.flags.pop("given", None) or {}
	# one by one: a handful of files
	for line in doc.lines:
		if line.idx not in given:
			continue
		one = given[line.idx]
		# bounded: a row of the claim that was written a moment ago
		line.db_set("receipt", keep(one.file, doc, one.mark).file_url, update_modified=False)
		if one.instead_of:
			# bounded: the very file that was taken in above, as it came
			frappe.delete_doc("File", one.instead_of, ignore_permissions=True, force=True)


def give_free(doc, move) -> None:
	"""Effect of Rejected and Cancelled: the receipts may be used again, and the miles do not count."""
	doc.flags.miles_freed = {line.mileage_key for line in doc.lines} - {None, ""}
	for line in doc.lines:
		line.receipt_key = line.mileage_key = None


def give_all_free(names: list[str]) -> list[str]:
	"""The same for claims that a batch moved; the keys of the miles that no longer count. Bounded to them."""
	line = frappe.qb.DocType(LINE)
	counted = frappe.qb.from_(line).select(line.mileage_key).distinct().where(line.parent.isin(names))
	keys = counted.where(line.mileage_key.isnotnull()).run(pluck=True)
	query = frappe.qb.update(line).set(line.receipt_key, None).set(line.mileage_key, None)
	query.where(line.parent.isin(names)).run()
	return keys
