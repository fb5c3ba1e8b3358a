"""Files that people give us: what is taken, what is left of it, and who gets it again.

The form here is the test's own, so that every fault can be tried (that of expenses: test_expenses.py)."""

import io
import os
import zipfile
import zlib

import frappe
import pypdf
from frappe.core.doctype.file.file import File
from PIL import Image
from pypdf.generic import (
	ArrayObject,
	DictionaryObject,
	NameObject,
	NumberObject,
	StreamObject,
	TextStringObject,
)
from werkzeug.datastructures import FileStorage, MultiDict

from involvement_app import clean_files
from involvement_app.portal import responses, uploads
from involvement_app.portal.dispatch import Route
from involvement_app.portal.visit import Problem, Refused
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import TwoPeople, more_pages

HIDDEN = b"<script>alert('hidden')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'


def picture(kind: str = "JPEG", size=(60, 40), mode: str = "RGB", **kw) -> bytes:
	made = io.BytesIO()
	Image.new(mode, size, "green").save(made, kind, **kw)
	return made.getvalue()


def gps() -> Image.Exif:
	"""Where and by whom a photo was taken, as a phone writes it, lying on its side."""
	exif = Image.Exif()
	exif[0x010F] = "A telephone"
	exif[0x013B] = "Alex Example"
	exif[0x0112] = 6  # turned
	exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
	return exif


def pdf(pages: int = 1, **kw) -> bytes:
	writer = pypdf.PdfWriter()
	for _n in range(pages):
		writer.add_blank_page(200, 200)
	if kw.get("active"):
		writer.add_js("app.alert('hidden')")
		writer.add_attachment("hidden.html", HIDDEN)
		writer.add_metadata({"/Author": "Alex Example"})
		action = DictionaryObject(
			{NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("hidden")}
		)
		writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
	if kw.get("password"):
		writer.encrypt(kw["password"])
	made = io.BytesIO()
	writer.write(made)
	return made.getvalue()


def scan(photo: bytes, kind: str = "/DCTDecode", packed: bool = False) -> bytes:
	"""A photo as apps that scan put it into a PDF: the file of the camera, with notes of its own beside it."""
	writer, note = pypdf.PdfWriter(), StreamObject()
	note._data = b"<x:xmpmeta>hidden, at 51.5, -0.1</x:xmpmeta>"
	picture_of_it = StreamObject()
	picture_of_it._data = zlib.compress(photo) if packed else photo
	names = [NameObject("/FlateDecode"), NameObject(kind)] if packed else [NameObject(kind)]
	notes = DictionaryObject({NameObject("/Private"): TextStringObject("hidden")})
	values = {
		"/Type": NameObject("/XObject"),
		"/Subtype": NameObject("/Image"),
		"/Width": NumberObject(60),
		"/Height": NumberObject(40),
		"/ColorSpace": NameObject("/DeviceRGB"),
		"/BitsPerComponent": NumberObject(8),
		"/Filter": ArrayObject(names) if packed else names[0],
		"/Metadata": writer._add_object(note),
		"/PieceInfo": writer._add_object(notes),
	}
	picture_of_it.update({NameObject(name): value for name, value in values.items()})
	form = StreamObject()
	form._data = b"/Photo Do"
	form.update(
		{NameObject("/Subtype"): NameObject("/Form"), NameObject("/Resources"): _holds(writer, picture_of_it)}
	)
	writer.add_blank_page(100, 100)[NameObject("/Resources")] = _holds(writer, form)
	made = io.BytesIO()
	writer.write(made)
	return made.getvalue()


def _holds(writer, part) -> DictionaryObject:
	inside = DictionaryObject({NameObject("/Photo"): writer._add_object(part)})
	return DictionaryObject({NameObject("/XObject"): inside})


def photo_in(content: bytes) -> bytes:
	page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
	return page["/Resources"]["/XObject"]["/Photo"]["/Resources"]["/XObject"]["/Photo"]._data


def archive() -> bytes:
	made = io.BytesIO()
	with zipfile.ZipFile(made, "w") as packed:
		packed.writestr("hidden.html", HIDDEN)
	return made.getvalue()


class TestWhatIsTaken(IntegrationTestCase):
	def made(self, content: bytes, name: str = "receipt") -> uploads.Upload:
		return uploads._made_anew(FileStorage(io.BytesIO(content), name), "receipts")

	def assert_refused(self, content: bytes, name: str = "receipt", words: str = "") -> None:
		with self.assertRaises(Refused) as refused:
			self.made(content, name)
		(problem,) = refused.exception.problems
		self.assertEqual(problem.field, "receipts")
		self.assertIn(words, problem.text)

	def test_photos_and_pdfs(self):
		for content, kind in (
			(picture("JPEG"), "JPEG"),
			(picture("PNG"), "PNG"),
			(picture("PNG", mode="RGBA"), "PNG"),
			(picture("PNG", mode="P"), "PNG"),
			(picture("JPEG", mode="CMYK"), "JPEG"),
			(picture("WEBP"), "JPEG"),
			(pdf(3), "PDF"),
		):
			self.assertEqual(self.made(content).kind, kind)

	def test_content_decides_and_not_the_name(self):
		self.assertEqual(self.made(picture("PNG"), "receipt.pdf").kind, "PNG")
		self.assert_refused(SVG, "receipt.png")

	def test_what_a_browser_could_run_is_refused(self):
		for content in (
			b"<!DOCTYPE html><html>" + HIDDEN,
			HIDDEN,
			SVG,
			b'<?xml version="1.0"?>' + SVG,
			b"\xef\xbb\xbf" + SVG,
			b"MZ\x90\x00 a program",
			b"#!/bin/sh\necho hidden",
			archive(),
			b"hello",
			b"GIF89a" + HIDDEN,
			b"\x00" * 2000,
		):
			self.assert_refused(content, words="Choose a photo (JPEG or PNG) or a PDF")

	def test_what_only_begins_like_a_file_is_refused(self):
		self.assert_refused(picture("PNG")[:20] + HIDDEN)
		self.assert_refused(b"%PDF-1.7\n" + HIDDEN)
		self.assert_refused(HIDDEN + pdf())

	def test_names_that_say_something_else_are_refused(self):
		for name in (
			"receipt.jpg.exe",
			"receipt.html",
			"receipt.php.jpg",
			"a.svg",
			"receipt.pdf.js",
			"x.zip",
		):
			self.assert_refused(picture(), name)
		for name in (
			"receipt",
			"scan.2026.11.jpg",
			"RECEIPT.JPEG",
			"../../etc/photo.png",
			"C:\\photos\\a.jpg",
		):
			self.made(picture(), name)

	def test_nothing_stays_hidden_in_or_behind_it(self):
		for content in (
			picture("JPEG") + HIDDEN,
			picture("JPEG", comment=HIDDEN) + HIDDEN + archive(),
			picture("PNG") + HIDDEN + archive(),
			pdf() + HIDDEN + archive(),
			pdf(active=True),
		):
			made = self.made(content).content
			self.assertNotIn(b"hidden", made)
			self.assertFalse(zipfile.is_zipfile(io.BytesIO(made)))

	def test_a_photo_loses_where_and_by_whom_it_was_taken_and_stands_upright(self):
		for kind in ("JPEG", "PNG"):
			content = picture(kind, exif=gps(), icc_profile=b"named after somebody")
			self.assertTrue(Image.open(io.BytesIO(content)).getexif(), "the test's own photo has none")
			made = Image.open(io.BytesIO(self.made(content).content))
			self.assertEqual(dict(made.getexif()), {})
			self.assertEqual(set(made.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}, set())
			self.assertEqual(made.size, (40, 60))

	def test_a_pdf_loses_scripts_attachments_and_its_author(self):
		content = pdf(active=True)
		self.assertIn(b"/JavaScript", content)
		made = pypdf.PdfReader(io.BytesIO(self.made(content).content))
		self.assertEqual(len(made.pages), 1)
		root = made.trailer["/Root"]
		self.assertFalse(set(root) & {"/Names", "/OpenAction", "/AA", "/AcroForm", "/AF", "/Metadata"})
		self.assertNotIn("/AA", made.pages[0])
		self.assertNotIn("/Author", made.metadata or {})

	def test_a_photo_in_a_pdf_loses_where_it_was_taken_and_nothing_of_the_picture(self):
		"""Issue 7: location stripped, also where an app has made a PDF of the photo."""
		for values in ({}, {"progressive": True}, {"mode": "CMYK"}, {"mode": "L"}):
			photo = picture(exif=gps(), comment=b"hidden", **values)
			for packed in (False, True):
				with self.subTest(packed=packed, **values):
					content = scan(photo + picture(exif=gps()), packed=packed)
					self.assertTrue(packed or b"Alex Example" in content, "the test's own photo says nothing")
					made = self.made(content).content
					kept = Image.open(io.BytesIO(photo_in(made)))
					self.assertEqual(dict(kept.getexif()), {})
					self.assertEqual(kept.tobytes(), Image.open(io.BytesIO(photo)).tobytes())
					for word in (b"Alex Example", b"hidden", b"/Metadata", b"/PieceInfo", b"Exif"):
						self.assertNotIn(word, made)
						self.assertNotIn(word, photo_in(made))

	def test_nor_does_a_jpeg_2000_in_one_keep_its_notes(self):
		photo = picture("JPEG2000")
		note = b"hidden, at 51.5, -0.1"
		noted = photo + (len(note) + 8).to_bytes(4, "big") + b"uuid" + note
		made = self.made(scan(noted, "/JPXDecode")).content
		self.assertNotIn(b"hidden", made)
		self.assertEqual(photo_in(made), photo)

	def test_a_photo_in_a_pdf_that_unfolds_without_end_is_refused(self):
		self.assert_refused(scan(picture() + bytes(clean_files.MOST_BYTES * 2), packed=True))

	def test_a_locked_pdf_is_refused_with_what_to_do(self):
		self.assert_refused(pdf(password="x"), words="locked with a password")

	def test_limits_of_size_pages_and_pixels(self):
		self.assert_refused(b"\xff\xd8\xff" + b"x" * uploads.MOST_BYTES, words="5 MB at most")
		self.assert_refused(pdf(clean_files.MOST_PAGES + 1), words="30 pages at most")
		self.assert_refused(picture("PNG", (8000, 7000), "1"), words="too large")
		self.assert_refused(b"", words="empty")
		large = Image.open(io.BytesIO(self.made(picture(size=(4000, 1000))).content))
		self.assertEqual(large.size, (clean_files.LONGEST_SIDE, 750))

	def test_not_more_files_than_the_form_takes(self):
		visit = frappe._dict(
			made_anew={},
			request=frappe._dict(
				files=MultiDict(("r", FileStorage(io.BytesIO(picture()), "a.jpg")) for _n in range(3))
			),
		)
		self.assertEqual(len(uploads.taken(visit, "r", 3)), 3)
		with self.assertRaisesRegex(Refused, "Choose 2 files or fewer"):
			uploads.taken(visit, "r", 2)
		self.assertEqual(uploads.taken(visit, "nothing chosen"), [])


class TestWhoGetsIt(TwoPeople):
	@classmethod
	def arrange(cls) -> None:
		super().arrange()
		cls.application = factories.application(cls.opportunity(), cls.me)
		uploads.GIVEN_FOR["Involvement Application"] = "participant"
		cls.addClassCleanup(uploads.GIVEN_FOR.pop, "Involvement Application")

	def form(self, fault=None) -> Route:
		def show(visit):
			return responses.page(visit, "not_done.html", "A form", onward="/take-part")

		def submit(visit):
			taken = uploads.taken(visit, "receipts", 2)
			uploads.attach(taken, frappe.get_doc("Involvement Application", self.application.name))
			if fault:
				raise fault
			return responses.see_other("/take-part/my")

		return Route("test/form", show, submit, participants_only=True, most=99)

	def give(self, *contents: bytes, fault=None, name: str = "my diagnosis.jpg"):
		visitor = self.signed_in()
		token = visitor.get("/take-part/my").all("input")[0].get("value")
		chosen = [(io.BytesIO(content), name) for content in contents]
		with more_pages(self.form(fault)):
			page = visitor.post("/take-part/test/form", {"csrf_token": token, "receipts": chosen})
		self.refresh()
		return visitor, page

	def given(self) -> list[File]:
		names = frappe.get_all(
			"File", {"attached_to_name": self.application.name}, pluck="name", order_by="creation desc, name"
		)
		return [frappe.get_doc("File", name) for name in names]

	def on_disk(self) -> set[str]:
		return set(os.listdir(frappe.get_site_path("private", "files")))

	def test_it_is_private_under_a_made_up_name_and_nobodys(self):
		visitor, page = self.give(picture(), pdf())
		self.assertEqual(page.status, 303)
		for file in self.given()[:2]:
			self.assertTrue(file.is_private and file.file_url.startswith("/private/files/"))
			self.assertRegex(file.file_name, r"^[0-9a-f]{32}\.(jpg|pdf)$")
			self.assertEqual((file.owner, file.modified_by), ("Administrator", "Administrator"))
			self.assertEqual(self.guest.get(file.file_url).status, 403)
			self.assertEqual(visitor.get(file.file_url).status, 403, "Frappe's own address is not theirs")
			rest = visitor.get(f"/api/resource/File/{file.name}", headers={"Accept": "application/json"})
			self.assertEqual(rest.status, 403)
		self.assertFalse(
			frappe.get_all("Comment", {"reference_name": self.application.name, "comment_type": "Attachment"})
		)
		self.assertNotIn("diagnosis", str([file.as_dict() for file in self.given()]))

	def test_the_person_gets_it_as_a_download_that_can_do_nothing(self):
		visitor, _page = self.give(picture("PNG"))
		page = visitor.get(f"/take-part/my/files/{self.given()[0].name}")
		self.assertEqual(page.status, 200)
		self.assertEqual(page.headers["Content-Type"], "image/png")
		self.assertEqual(page.headers["Content-Disposition"], 'attachment; filename="file.png"')
		self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
		self.assertEqual(page.headers["Cache-Control"], "no-store")
		self.assertEqual(
			page.headers.getlist("Content-Security-Policy"),
			["default-src 'none'; frame-ancestors 'none'; sandbox"],
		)

	def test_anybody_else_gets_what_they_get_for_a_file_that_is_not_there(self):
		self.give(picture("PNG", (30, 30)))
		path = f"/take-part/my/files/{self.given()[0].name}"
		stranger = self.signed_in(self.other)
		self.assertEqual(stranger.get(path).status, 404)
		self.assertEqual(stranger.get(path).html, stranger.get("/take-part/my/files/nothing").html)
		self.assertEqual(self.guest.get(path).status, 303)
		member_of_staff = factories.another(roles.OWNER)  # holds a login, takes no part
		with self.as_user(member_of_staff):
			self.assertFalse(self.given()[0].is_downloadable())

	def test_what_staff_attach_to_the_same_document_is_not_theirs(self):
		for mark in (None, "some_field"):
			file = frappe.get_doc(
				{
					"doctype": "File",
					"file_name": f"{frappe.generate_hash(length=6)}.txt",
					"is_private": 1,
					"content": f"a note of staff {mark}",
					"attached_to_doctype": "Involvement Application",
					"attached_to_name": self.application.name,
					"attached_to_field": mark,
				}
			).insert(ignore_permissions=True)  # a factory
			self.assertIsNone(uploads.own(file.name, self.me.name))
		file.delete(ignore_permissions=True)  # off the disk too

	def test_staff_who_may_read_the_document_read_it(self):
		self.give(picture("PNG", (20, 20)))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertTrue(self.given()[0].is_downloadable())

	def test_a_document_that_takes_no_files_gets_none(self):
		made = uploads.Upload("PNG", picture("PNG"))
		with self.assertRaises(frappe.PermissionError):
			uploads.attach([made], frappe.get_doc("Involvement Participant", self.me.name))

	def test_one_bad_file_and_none_is_kept(self):
		before = (self.rows(), self.on_disk())
		_visitor, page = self.give(picture("PNG", (11, 11)), SVG)
		self.assertEqual(page.status, 422)
		self.assertIn("Choose a photo (JPEG or PNG) or a PDF", page.text())
		self.assertEqual((self.rows(), self.on_disk()), before)

	def test_a_fault_afterwards_takes_it_off_the_disk(self):
		for fault in (Refused(Problem("No")), ZeroDivisionError()):
			before = (self.rows(), self.on_disk())
			_visitor, page = self.give(picture("PNG", (13, 17)), pdf(2), fault=fault)
			self.assertIn(page.status, (422, 500))
			self.assertEqual((self.rows(), self.on_disk()), before)

	def test_two_people_with_the_same_picture_do_not_share_it(self):
		self.give(picture("PNG", (21, 22)))
		mine = self.given()[0]
		theirs = factories.application(self.opportunity(), self.other)
		(name,) = uploads.attach([uploads.Upload("PNG", picture("PNG", (21, 22)))], theirs)
		self.assertIsNone(uploads.own(name, self.me.name))
		self.assertIsNone(uploads.own(mine.name, self.other.name))
		self.assertTrue(uploads.own(name, self.other.name))

	@classmethod
	def put_back(cls) -> None:
		for name in frappe.get_all("File", {"attached_to_name": cls.application.name}, pluck="name"):
			frappe.delete_doc("File", name, ignore_permissions=True, force=True)  # off the disk
		super().put_back()
