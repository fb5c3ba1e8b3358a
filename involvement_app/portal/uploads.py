"""Files that somebody gives us through a form: photos and PDFs.

Each is made anew before it is kept (clean_files.py). Its name is made up. It is private, belongs to no login in
Frappe's eyes, and the person gets it from the portal's own page only (views/files.py); staff read it where they may
read the document it is attached to.

    taken = uploads.taken(visit, "receipts")       # raises Refused, naming the field
    claim = …insert()
    uploads.attach(taken, claim)
"""

import os

import frappe
from frappe import _

from involvement_app.clean_files import MOST_BYTES, NotTaken, keep, made_anew
from involvement_app.clean_files import CleanFile as Upload
from involvement_app.portal.visit import Problem, Refused

MOST_FILES = 5
TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}

# Doctypes that people may give files for: the field that names the participant.
GIVEN_FOR = {"Involvement Expense Claim": "participant"}
# On File: it came through the portal. What staff attach to the same document is theirs.
MARK = "take_part"


def taken(visit, field: str, most: int = MOST_FILES) -> list[Upload]:
	"""The files chosen in `field`, made anew; none if none was chosen. Raises Refused, naming the field."""
	chosen = [file for file in visit.request.files.getlist(field) if file and file.filename]
	if len(chosen) > most:
		raise _no(field, _("Choose {0} files or fewer").format(most))
	return [_made_anew(file, field) for file in chosen]  # one by one: a handful of files, no query


def attach(files: list[Upload], doc) -> list[str]:
	"""Keep `files` with `doc`, which the person in the session may give files for; the names of the Files.

	Part of the transaction: a rollback takes them off the disk again."""
	if doc.doctype not in GIVEN_FOR:
		raise frappe.PermissionError
	return [_kept(file, doc) for file in files]  # one by one: a handful of files


def own(name: str, participant: str) -> dict | None:
	"""The File `name` if it came through the portal with a document of this participant's."""
	file = frappe.db.get_value(
		"File",
		{"name": name, "is_private": 1, "attached_to_field": MARK},
		["name", "file_name", "file_url", "attached_to_doctype", "attached_to_name"],
		as_dict=True,
	)
	if not file or file.attached_to_doctype not in GIVEN_FOR:
		return None
	field = GIVEN_FOR[file.attached_to_doctype]
	given_by = frappe.db.get_value(file.attached_to_doctype, file.attached_to_name, field)
	return file if participant and given_by == participant else None


def _kept(upload: Upload, doc) -> str:
	return keep(upload, doc, MARK).name  # bounded by GIVEN_FOR and the caller's own document


def _made_anew(file, field: str) -> Upload:
	try:
		return made_anew(file.filename, file.stream.read(MOST_BYTES + 1))
	except NotTaken as problem:
		raise _no(field, str(problem))


def _no(field: str, words: str) -> Refused:
	return Refused(Problem(words, field))


def path_of(file) -> str:
	"""Where its content lies. `file_url` was made by `attach`."""
	return frappe.get_site_path("private", "files", os.path.basename(file.file_url))
