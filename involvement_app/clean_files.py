"""What a file is, is decided by its content, never by the name or type that came with it; and it is made anew before it
is kept: a photo is decoded and saved again (so without the place it was taken at, and without anything hidden in or
behind it), a PDF is written again from its pages (so without scripts, attachments, forms and its author's name).

What comes through the portal, and what staff scan for somebody, goes the same way. Knows no doctype."""

import hashlib
import io
import secrets
from dataclasses import dataclass

import frappe
import pypdf
from frappe import _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.generic import NameObject

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_PAGES = 30
# a small file can unfold to a picture that fills the memory
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 3000
# What Pillow calls it: what it is kept as. MPO is how some phones write a JPEG.
PICTURES = {"JPEG": "JPEG", "MPO": "JPEG", "WEBP": "JPEG", "PNG": "PNG"}
ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "PDF": ".pdf"}
NAMED = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".pdf"}
# In the site's private folder: what is not sent yet (portal/drafts.py).
WAITING = "take-part-drafts"
# Parts of a page that do something, or name somebody.
ACTIVE = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/AF")


@dataclass(frozen=True)
class CleanFile:
	"""`kind`: a key of ENDINGS. `as_given`: sha256 of what came in, before it was made anew."""

	kind: str
	content: bytes
	as_given: str = ""

	@property
	def prints(self) -> set[str]:
		"""By which the same file is known again, as it came and as it is kept."""
		return {hashlib.sha256(self.content).hexdigest(), self.as_given} - {""}


class NotTaken(frappe.ValidationError):
	"""This file is not kept; the words say why, for whoever chose it."""


def made_anew(name: str, content: bytes) -> CleanFile:
	"""What is kept of the file `name`, of which at least MOST_BYTES + 1 bytes were read if it has as many. Raises NotTaken."""
	_check_name(name)
	_check_size(content)
	if not content:
		raise NotTaken(_("This file is empty. Choose another one."))
	kind, made = _pdf(content) if content.startswith(b"%PDF-") else _picture(content)
	_check_size(made)
	return CleanFile(kind, made, hashlib.sha256(content).hexdigest())


def keep(file: CleanFile, doc, mark: str):
	"""The File, private, with `doc`, under a name of our own. Part of the transaction: a rollback takes it off the disk
	again. The caller has asked whether this person may."""
	kept = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": secrets.token_hex(16) + ENDINGS[file.kind],
			"folder": "Home/Attachments",
			"is_private": 1,
			"content": file.content,
		}
	)
	kept.insert(ignore_permissions=True)  # bounded by the caller, who asked for `doc`
	# Past the document: Frappe would write a comment with the person's name, and lets the owner of a File read
	# and change it everywhere.
	kept.db_set(
		{
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"attached_to_field": mark,
			"owner": "Administrator",
			"modified_by": "Administrator",
		},
		update_modified=False,
	)
	return kept


def _check_size(content: bytes) -> None:
	if len(content) > MOST_BYTES:
		raise NotTaken(
			_("Each file can be {0} MB at most. Choose a smaller one.").format(MOST_BYTES // MEGABYTE)
		)


def _check_name(name: str) -> None:
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
		raise _wrong_kind()


def _picture(content: bytes) -> tuple[str, bytes]:
	try:
		with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
			kind = PICTURES[picture.format]
			if picture.width * picture.height > MOST_PIXELS:
				raise NotTaken(_("This picture is too large. Take it with fewer pixels."))
			picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
			upright = ImageOps.exif_transpose(picture)
	except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
		raise _wrong_kind()
	mode = "RGBA" if kind == "PNG" and "A" in upright.getbands() else "RGB"
	# a new picture takes the pixels over and nothing that was written beside them
	bare = Image.new(mode, upright.size)
	bare.paste(upright.convert(mode))
	made = io.BytesIO()
	bare.save(made, kind, **({"quality": 85} if kind == "JPEG" else {"optimize": False}))
	return kind, made.getvalue()


def _pdf(content: bytes) -> tuple[str, bytes]:
	try:
		reader = pypdf.PdfReader(io.BytesIO(content))
		if reader.is_encrypted:
			raise NotTaken(_("This PDF is locked with a password. Choose one that is not."))
		pages = len(reader.pages)
		if not 0 < pages <= MOST_PAGES:
			raise NotTaken(_("A PDF can have {0} pages at most").format(MOST_PAGES))
		return "PDF", _written_again(reader)
	except NotTaken:
		raise
	except Exception:  # a parser of other people's files can fail in any way
		raise _wrong_kind()


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


def _wrong_kind() -> NotTaken:
	return NotTaken(_("Choose a photo (JPEG or PNG) or a PDF"))
