"""What lies beside a panel and may tell of its candidates: messages in the outbox, and papers of its opportunity and of
the dates (domain 1.7). It goes with the candidates' data, and is looked for again (`removal.py`).

Messages about the panel lose their words, and those about its opportunity or a date where they name a candidate; that
somebody was told, and when, stays. Papers that name one go. Nobody can look into every kind of paper, a photo or a
recording: those that cannot be read go once every panel of the opportunity is over and keeps nothing, but for the
easy-read version and what belongs to a date still to come."""

import io
import re

import frappe
from frappe import _
from frappe.utils import cstr, now_datetime
from pypdf import PdfReader

from involvement_app.involvement_app import panels
from involvement_app.messages import outbox
from involvement_app.messages.channels import email

SESSION, PAPER = "Involvement Session", "Involvement Session Paper"
TEXTS = ("subject", "body", "short_text")
# what a form's history says of a file
SAID_OF_FILES = ("Attachment", "Attachment Removed")


# --- how a candidate is named -------------------------------------------------------------------------


def mentions(text: str | None, marks: list[str]) -> bool:
	return bool(marks) and bool(_pattern(marks).search(cstr(text)))


def without(text: str, marks: list[str]) -> str:
	return _pattern(marks).sub(_("[a candidate]"), cstr(text))


def references(marks: list[str]) -> list[str]:
	"""What is nobody's word outside the panel's own rows: initials may spell one (“HR”)."""
	return [mark for mark in marks if re.search(r"\d", mark)]


def _pattern(marks: list[str]) -> re.Pattern:
	"""A reference however it is written; initials as they stand: “is” is a word and nobody's."""
	words = "|".join(
		f"(?i:{re.escape(mark)})" if re.search(r"\d", mark) else re.escape(mark)
		for mark in sorted(marks, key=len, reverse=True)
	)
	return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


# --- what goes ----------------------------------------------------------------------------------------


def remove(panel, marks: list[str]) -> None:
	"""`panel`: its row is locked."""
	marks = references(marks)
	_empty([row for row in _messages(panel) if _tells(row, marks)])
	# one by one: each is a file of its own
	for file in _papers(panel, marks):
		_remove_paper(file)


def left(panel, marks: list[str]) -> list[str]:
	"""Where something is still found."""
	marks = references(marks)
	found = {outbox.OUTBOX for row in _messages(panel) if _tells(row, marks)}
	return sorted(found | {f"File ({file.attached_to_doctype})" for file in _papers(panel, marks)})


def _about(panel) -> list[tuple[str, list[str]]]:
	# bounded to the dates of one opportunity
	dates = frappe.get_all(SESSION, {"opportunity": panel.opportunity}, pluck="name")
	return [(panels.OPPORTUNITY, [panel.opportunity]), (SESSION, dates)]


def _messages(panel) -> list:
	message = frappe.qb.DocType(outbox.OUTBOX)
	about = (message.reference_doctype == panels.PANEL) & (message.reference_name == panel.name)
	for doctype, names in _about(panel):
		about |= (message.reference_doctype == doctype) & message.reference_name.isin(names or [""])
	there = message.subject.notnull() | message.body.notnull() | message.short_text.notnull()
	query = frappe.qb.from_(message).select(message.name, message.reference_doctype, message.email_queue)
	return query.select(*(message[field] for field in TEXTS)).where(about & there).run(as_dict=True)


def _tells(row, marks: list[str]) -> bool:
	return row.reference_doctype == panels.PANEL or any(mentions(row[field], marks) for field in TEXTS)


def _empty(rows: list) -> None:
	if not rows:
		return
	table = frappe.qb.DocType(outbox.OUTBOX)
	# bounded to messages about one panel, or that name one of its candidates
	query = frappe.qb.update(table).where(table.name.isin([row.name for row in rows]))
	for field in (*TEXTS, "error"):
		query = query.set(table[field], None)
	query.run()
	# one by one: the few mails of one panel
	for row in rows:
		if row.email_queue:
			email.blank(row.email_queue)


def _papers(panel, marks: list[str]) -> list:
	files = []
	for doctype, names in _about(panel):
		hangs_on = {"attached_to_doctype": doctype, "attached_to_name": ["in", names or [""]]}
		fields = ["name", "file_name", "file_url", "attached_to_doctype", "attached_to_name"]
		# one by one: two doctypes; bounded to one opportunity and its dates
		files += frappe.get_all("File", hangs_on, fields)
	stays = _stays(panel) if _is_the_last(panel) else {file.name for file in files}
	# one by one: each is looked into
	return [file for file in files if _tells_of_one(file, marks, unread=file.name not in stays)]


def _is_the_last(panel) -> bool:
	"""No other panel of the opportunity is under way or keeps candidates."""
	other = frappe.qb.DocType(panels.PANEL)
	keeps = other.remove_candidates_on.notnull() & other.candidates_removed_on.isnull()
	query = frappe.qb.from_(other).select(other.name).limit(1)
	query = query.where((other.opportunity == panel.opportunity) & (other.name != panel.name))
	return not query.where(keeps | other.status.isin(panels.UNDECIDED)).run()


def _stays(panel) -> set[str]:
	# bounded to the dates of one opportunity
	to_come = frappe.get_all(
		SESSION, {"opportunity": panel.opportunity, "ends_on": [">=", now_datetime()]}, pluck="name"
	)
	hangs_on = {"attached_to_doctype": SESSION, "attached_to_name": ["in", to_come or [""]]}
	# as above
	return _easy_read(panel) | set(frappe.get_all("File", hangs_on, pluck="name"))


def _easy_read(panel) -> set[str]:
	url = frappe.db.get_value(panels.OPPORTUNITY, panel.opportunity, "easy_read")
	hangs_on = {"attached_to_doctype": panels.OPPORTUNITY, "attached_to_name": panel.opportunity}
	# bounded to one opportunity
	return set(frappe.get_all("File", {**hangs_on, "file_url": url}, pluck="name")) if url else set()


def _tells_of_one(file, marks: list[str], unread: bool = True) -> bool:
	"""`unread`: whether what cannot be read counts."""
	if mentions(cstr(file.file_name).replace("_", " "), marks):
		return True
	words = _words_of(file)
	return unread if words is None else mentions(words, marks)


def _words_of(file) -> str | None:
	"""Of plain text and PDF; None of what cannot be read. A PDF of pictures alone cannot."""
	try:
		content = frappe.get_doc("File", file.name).get_content()
		if isinstance(content, str):
			return content
		if content.startswith(b"%PDF"):
			words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
			return words if words.strip() else None
		return content.decode()
	except Exception:  # whatever a file is made of, or that it is not there
		return None


def _remove_paper(file) -> None:
	# bounded to one file of one opportunity; through its controller, which takes it from the disk
	frappe.delete_doc("File", file.name, ignore_permissions=True, delete_permanently=True)
	# bounded to the rows that led to it
	frappe.db.set_value(PAPER, {"file": file.file_url, "parent": file.attached_to_name}, "file", None)
	on_form = {"reference_doctype": file.attached_to_doctype, "reference_name": file.attached_to_name}
	# one by one: by its name, and by its address
	for word in filter(None, (file.file_name, file.file_url)):
		said = {**on_form, "comment_type": ["in", SAID_OF_FILES], "content": ["like", f"%{word}%"]}
		# bounded to what the history of one form says of this file
		frappe.db.delete("Comment", said)
	changes = {"ref_doctype": file.attached_to_doctype, "docname": file.attached_to_name}
	# as above
	frappe.db.delete("Version", {**changes, "data": ["like", f"%{file.file_url}%"]})
