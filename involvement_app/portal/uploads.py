"""Files that somebody gives us through a form: photos and PDFs.

Each is made anew before it is kept (clean_files.py), and waits with us while the form is put right (drafts.py). Its name is made up. It is private, belongs to no login in
Frappe's eyes, and the person gets it from the portal's own page only (views/files.py); staff read it where they may
read the document it is attached to.

    taken = uploads.taken(visit, "receipts")       # raises Refused, naming the field
    claim = …insert()
    uploads.attach(taken, claim)
"""

import base64
import io
import os
import re
from contextlib import suppress

import frappe
from frappe import _
from PIL import Image

from involvement_app.clean_files import MOST_BYTES, NotTaken, keep, made_anew
from involvement_app.clean_files import CleanFile as Upload
from involvement_app.portal import drafts
from involvement_app.portal.visit import Problem, Refused

MOST_FILES = 5
TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}

# Doctypes that people may give files for: the field that names the participant. A supporter who may claim expenses gets
# these files too (routes.py): whatever is added here needs a look at that.
GIVEN_FOR = {"Involvement Expense Claim": "participant"}
# On File: it came through the portal. What staff attach to the same document is theirs.
MARK = "take_part"


def taken(visit, field: str, most: int = MOST_FILES) -> list[Upload]:
	"""The files chosen in `field`, made anew; none if none was chosen. Raises Refused, naming the field."""
	chosen = [file for file in visit.request.files.getlist(field) if file and file.filename]
	if len(chosen) > most:
		raise _no(field, _("Choose {0} files or fewer").format(most))
	if field not in visit.made_anew:
		# one by one: a handful of files, no query
		visit.made_anew[field] = [_made_anew(file, field) for file in chosen]
	return visit.made_anew[field]


def chosen(visit, form: str, field: str) -> Upload | None:
	"""The one file for `field`: chosen now, or waiting since the form was sent before. Raises Refused."""
	new = taken(visit, field, most=1)
	if new:
		return new[0]
	return None if taken_away(visit, field) else drafts.of(visit, form, field)


def waiting(visit, form: str, field: str) -> Upload | None:
	"""For showing the form again: what was chosen for `field` waits from now on, what was taken away is gone."""
	if not visit.is_post:
		return drafts.of(visit, form, field)
	try:
		new = taken(visit, field, most=1)
	except Refused:  # said beside the field; what waited there before still does
		new = []
	if new:
		drafts.keep(visit, form, field, new[0])
	elif taken_away(visit, field):
		drafts.forget(visit, form, field)
	return drafts.of(visit, form, field)


def form_of(visit) -> str:
	"""What tells this form from every other, made with its page; "" where it is not as we made it."""
	sent = visit.kept("once")
	return sent if re.fullmatch(r"[0-9a-f]{32}", sent) else ""


def keep_unsent(visit, user: str) -> None:
	"""The form arrived after the session of `user`, whom it was shown to, had ended: its files wait for them too."""
	form = form_of(visit)
	# one by one: a handful of files
	for field in list(visit.request.files)[: MOST_FILES if form else 0]:
		with suppress(Refused):
			for file in taken(visit, field, most=1):
				drafts.keep(visit, form, field, file, user)


def taken_away(visit, field: str) -> bool:
	return bool(visit.kept(f"away-{field}"))


def small(file: Upload) -> dict:
	"""{src, width, height} of a picture of it for the page, so that people know which it is; of a PDF nothing."""
	if file.kind == "PDF":
		return {}
	with Image.open(io.BytesIO(file.content)) as picture:
		picture.draft("RGB", (320, 320))
		picture.thumbnail((160, 160))
		made = io.BytesIO()
		picture.convert("RGB").save(made, "JPEG", quality=70)
	src = "data:image/jpeg;base64," + base64.b64encode(made.getvalue()).decode()
	return {"src": src, "width": picture.width, "height": picture.height}


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
