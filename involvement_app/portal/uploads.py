"""Files that somebody gives us through a form: photos and PDFs.

What a file is, is decided by its content, never by the name or type that came with it. It is made anew before it
is kept: a photo is decoded and saved again (so without the place it was taken at, and without anything hidden in
or behind it), a PDF is written again from its pages (so without scripts, attachments, forms and its author's
name). Its name is made up. It is private, belongs to no login in Frappe's eyes, and the person gets it from the
portal's own page only (views/files.py); staff read it where they may read the document it is attached to.

    taken = uploads.taken(visit, "receipts")       # raises Refused, naming the field
    claim = …insert()
    uploads.attach(taken, claim)
"""

import io
import os
import secrets
from dataclasses import dataclass

import frappe
import pypdf
from frappe import _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.generic import NameObject

from involvement_app.portal.visit import Problem, Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_FILES = 5
MOST_PAGES = 30
# a small file can unfold to a picture that fills the memory
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 3000
# What Pillow calls it: what it is kept as. MPO is how some phones write a JPEG.
PICTURES = {"JPEG": "JPEG", "MPO": "JPEG", "WEBP": "JPEG", "PNG": "PNG"}
ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "PDF": ".pdf"}
TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}
NAMED = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".pdf"}
# Parts of a page that do something, or name somebody.
ACTIVE = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/AF")

# Doctypes that people may give files for: the field that names the participant.
GIVEN_FOR: dict[str, str] = {}
# On File: it came through the portal. What staff attach to the same document is theirs.
MARK = "take_part"


@dataclass(frozen=True)
class Upload:
	kind: str  # a key of ENDINGS
	content: bytes


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
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": secrets.token_hex(16) + ENDINGS[upload.kind],
			"folder": "Home/Attachments",
			"is_private": 1,
			"content": upload.content,
		}
	)
	file.insert(ignore_permissions=True)  # bounded by GIVEN_FOR and the caller's own document
	# Past the document: Frappe would write a comment with the person's name, and lets the owner of a File read
	# and change it everywhere.
	file.db_set(
		{
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"attached_to_field": MARK,
			"owner": "Administrator",
			"modified_by": "Administrator",
		},
		update_modified=False,
	)
	return file.name


def _made_anew(file, field: str) -> Upload:
	_check_name(file.filename, field)
	content = file.stream.read(MOST_BYTES + 1)
	if len(content) > MOST_BYTES:
		raise _no(
			field, _("Each file can be {0} MB at most. Choose a smaller one.").format(MOST_BYTES // MEGABYTE)
		)
	if not content:
		raise _no(field, _("This file is empty. Choose another one."))
	made = _pdf(content, field) if content.startswith(b"%PDF-") else _picture(content, field)
	if len(made.content) > MOST_BYTES:
		raise _no(
			field, _("Each file can be {0} MB at most. Choose a smaller one.").format(MOST_BYTES // MEGABYTE)
		)
	return made


def _check_name(name: str, field: str) -> None:
	"""The name decides nothing, but one that says something else is no mistake to take in silence."""
	_first, *endings = name.lower().replace("\\", "/").rsplit("/", 1)[-1].split(".")
	active = {
		"exe",
		"com",
		"bat",
		"cmd",
		"js",
		"html",
		"htm",
		"xhtml",
		"svg",
		"xml",
		"php",
		"zip",
		"docm",
		"scr",
	}
	if (endings and f".{endings[-1]}" not in NAMED) or active.intersection(endings):
		raise _wrong_kind(field)


def _picture(content: bytes, field: str) -> Upload:
	try:
		with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
			kind = PICTURES[picture.format]
			if picture.width * picture.height > MOST_PIXELS:
				raise _no(field, _("This picture is too large. Take it with fewer pixels."))
			picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
			upright = ImageOps.exif_transpose(picture)
	except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
		raise _wrong_kind(field)
	mode = "RGBA" if kind == "PNG" and "A" in upright.getbands() else "RGB"
	# a new picture takes the pixels over and nothing that was written beside them
	bare = Image.new(mode, upright.size)
	bare.paste(upright.convert(mode))
	made = io.BytesIO()
	bare.save(made, kind, **({"quality": 85} if kind == "JPEG" else {"optimize": False}))
	return Upload(kind, made.getvalue())


def _pdf(content: bytes, field: str) -> Upload:
	try:
		reader = pypdf.PdfReader(io.BytesIO(content))
		if reader.is_encrypted:
			raise _no(field, _("This PDF is locked with a password. Choose one that is not."))
		pages = len(reader.pages)
		if not 0 < pages <= MOST_PAGES:
			raise _no(field, _("A PDF can have {0} pages at most").format(MOST_PAGES))
		return Upload("PDF", _written_again(reader))
	except Refused:
		raise
	except Exception:  # a parser of other people's files can fail in any way
		raise _wrong_kind(field)


def _written_again(reader: pypdf.PdfReader) -> bytes:
	"""The pages, without what belongs to the document as a whole or does something."""
	writer = pypdf.PdfWriter()
	for page in reader.pages:
		for part in ACTIVE:
			page.pop(NameObject(part), None)
		writer.add_page(page)
	made = io.BytesIO()
	writer.write(made)
	return made.getvalue()


def _wrong_kind(field: str) -> Refused:
	return _no(field, _("Choose a photo (JPEG or PNG) or a PDF"))


def _no(field: str, words: str) -> Refused:
	return Refused(Problem(words, field))


def path_of(file) -> str:
	"""Where its content lies. `file_url` was made by `attach`."""
	return frappe.get_site_path("private", "files", os.path.basename(file.file_url))
