"""What the person, or who acts for them, sends from the portal."""

import frappe
from frappe.query_builder import Case

from involvement_app import lifecycle
from involvement_app.involvement_app import participants, supporters
from involvement_app.involvement_payments.claims import CLAIM, LINE, belonging, people


class SentTwice(frappe.ValidationError):
	"""This form has arrived already."""


def was_sent(participant: str, once: str) -> bool:
	"""Whether this form of theirs has arrived."""
	return bool(frappe.db.exists(CLAIM, {"once_key": _once_key(participant, once)}))


def _once_key(participant: str, once: str) -> str:
	return f"{participant}|{once}"


@lifecycle.retry_on_deadlock
def send(participant: str, lines: list[dict], files: dict, once: str, **values) -> str:
	"""The session's own person, or the one they act for, hands in a claim; its name. `files`: row number → CleanFile.
	`once`: made with the page, so that the same form counts once. Raises SentTwice and what `validate` raises."""
	_speaks(participant)
	participants.refuse_old_record(participant)
	once_key = _once_key(participant, once)
	people.lock_person(participant)
	if frappe.db.get_value(CLAIM, {"once_key": once_key}, "name", for_update=True):
		raise SentTwice
	doc = frappe.new_doc(CLAIM, participant=participant, **values)
	doc.extend("lines", lines)
	doc.flags.receipts, doc.flags.once_key = files, once_key
	doc.insert(ignore_permissions=True)  # bounded to the session's own person, or the one they act for
	_without_a_name(doc)
	return doc.name


@lifecycle.retry_on_deadlock
def send_again(participant: str, name: str, lines: list[dict], files: dict, answer: str) -> None:
	"""The person answers what staff asked. `lines`: {name, amount or miles} of each, as it stands now."""
	_speaks(participant)
	people.lock_person(participant)
	doc = frappe.get_doc(CLAIM, name, for_update=True)
	if doc.participant != participant:
		raise frappe.DoesNotExistError
	kept = {row.name: row for row in doc.lines}
	rows = []
	for values in lines:
		stored = kept[values["name"]]
		stored.update(values)
		rows.append(stored)
	doc.set("lines", [])
	doc.extend("lines", rows)
	for number, row in enumerate(doc.lines, 1):
		row.idx = number
	doc.flags.receipts, doc.flags.answer = files, answer
	doc.flags.ignore_permissions = True  # bounded to the person's own claim
	lifecycle.apply(doc, "Send again")
	_without_a_name(doc)


def _without_a_name(doc) -> None:
	"""Budget holders know people by code: what came from the person, or from who acts for them, carries no login of theirs
	(law 7). Staff who act for somebody stay named: they decide nothing about it."""
	if supporters.acts_for(doc.participant) and belonging.is_staff():
		return
	user = frappe.session.user
	# one by one: three tables
	for doctype, rows in (
		(CLAIM, {"name": doc.name}),
		(LINE, {"parent": doc.name}),
		("Version", {"ref_doctype": CLAIM, "docname": doc.name}),
	):
		table = frappe.qb.DocType(doctype)
		# bounded: rows of the claim that this person has just written
		query = frappe.qb.update(table)
		for fieldname in ("owner", "modified_by"):
			hidden = Case().when(table[fieldname] == user, "Administrator").else_(table[fieldname])
			query = query.set(table[fieldname], hidden)
		for fieldname, value in rows.items():
			query = query.where(table[fieldname] == value)
		query.run()


def _speaks(participant: str) -> None:
	if not supporters.speaks_for(participant):
		raise frappe.PermissionError
