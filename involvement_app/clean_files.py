"""What a file is, is decided by its content, never by the name or type that came with it; and it is made anew before it
is kept: a photo is decoded and saved again (so without the place it was taken at, and without anything hidden in or
behind it), a PDF is written again from its pages (so without scripts, attachments, forms, its author's name, and what
its photos say of where they were taken).

What comes through the portal, and what staff scan for somebody, goes the same way. Knows no doctype."""

import hashlib
import io
import secrets
import zlib
from dataclasses import dataclass

import frappe
import pypdf
from frappe import _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

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
# Parts of a page, or of what is on it, that do something, name somebody, or say where it was.
ACTIVE = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/AF", "/VP", "/Measure", "/LGIDict", "/OPI")
# What a JPEG 2000 needs to be shown; its other boxes are notes.
SHOWN = (b"jP  ", b"ftyp", b"jp2h", b"jp2c")


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


def is_paper(content: bytes) -> bool:
	"""Whether it is a photo or a PDF, as it came."""
	if content.startswith(b"%PDF-"):
		return True
	try:
		with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")):
			return True
	except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
		return False


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
		_leave_out_notes(page)
		writer.add_page(page)
	made = io.BytesIO()
	writer.write(made)
	return made.getvalue()


def _leave_out_notes(page) -> None:
	"""From the page and from everything that is on it: before it is copied, for what is copied stays in the file."""
	waiting, seen = [page], {}
	while waiting:
		part = waiting.pop().get_object()
		if part is None or id(part) in seen:
			continue
		seen[id(part)] = part
		if isinstance(part, DictionaryObject):
			for name in ACTIVE:
				part.pop(NameObject(name), None)
			if isinstance(part, StreamObject):
				_bare_photo(part)
			waiting += [value for name, value in part.items() if name != "/Parent"]
		elif isinstance(part, ArrayObject):
			waiting += list(part)


def _bare_photo(stream: StreamObject) -> None:
	"""A photo in a PDF is the file of the camera: its picture stays as it is, without what is written beside it."""
	filters = stream.get("/Filter")
	filters = list(filters) if isinstance(filters, ArrayObject) else [filters]
	bare = {"/DCTDecode": _bare_jpeg, "/JPXDecode": _bare_jpeg_2000}.get(filters[-1] if filters else None)
	if not bare:
		return
	if filters[:-1] == ["/FlateDecode"]:
		unpacking = zlib.decompressobj()
		data = unpacking.decompress(stream._data, MOST_BYTES)
		if unpacking.unconsumed_tail:
			raise _wrong_kind()
		told = stream.get("/DecodeParms")
		if isinstance(told, ArrayObject):
			stream[NameObject("/DecodeParms")] = told[-1]
		stream[NameObject("/Filter")] = NameObject(filters[-1])
	elif len(filters) == 1:
		data = stream._data
	else:
		raise _wrong_kind()  # nobody's scanner packs a photo in this way
	stream._data = bare(data)


def _bare_jpeg(data: bytes) -> bytes:
	"""Without notes (EXIF, XMP, IPTC, comments, small previews), and without what lies behind the picture. What tells
	its colours stays."""
	at = data.index(b"\xff\xd8") + 2
	made = [b"\xff\xd8"]
	while (at := data.find(b"\xff", at)) >= 0:
		while data[at + 1 : at + 2] == b"\xff":
			at += 1
		marker = data[at + 1]
		if marker == 0xD9:
			break
		end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
		segment = data[at:end]
		if marker == 0xE0 and segment[4:9] == b"JFIF\0":
			made.append(b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0")
		elif marker == 0xDA:
			end = _end_of_scan(data, end)
			made.append(data[at:end])
		elif marker == 0xEE or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
			made.append(segment)
		at = end
	return b"".join(made) + b"\xff\xd9"


def _end_of_scan(data: bytes, at: int) -> int:
	"""In the picture itself 0xff is followed by 0 or by a mark to begin anew from."""
	while (at := data.find(b"\xff", at)) >= 0:
		if data[at + 1 : at + 2] and data[at + 1] and not 0xD0 <= data[at + 1] <= 0xD7:
			return at
		at += 2
	return len(data)


def _bare_jpeg_2000(data: bytes) -> bytes:
	if data.startswith(b"\xff\x4f"):
		return data  # the picture alone
	made, at = [], 0
	while at + 8 <= len(data):
		length, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
		if length == 1:
			length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
		end = at + length if length else len(data)
		if end < at + head:
			raise _wrong_kind()
		if kind in SHOWN:
			made.append(data[at:end])
		at = end
	return b"".join(made)


def _wrong_kind() -> NotTaken:
	return NotTaken(_("Choose a photo (JPEG or PNG) or a PDF"))
