"""What one completed, its certificates, and letters that one asks for."""

import contextvars
import io
import os
import shutil
from contextlib import contextmanager

import frappe
from frappe.utils.password import update_password
from pypdf import PdfReader

from involvement_app import lifecycle
from involvement_app.involvement_app import training
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople, Visitor

PAGE = "/take-part/my/training"
LETTER = "Reference Letter"


class TestTraining(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.course = factories.training_course("Asking fair questions", comes_first=("Recruitment panel",))
		cls.theirs = factories.training_record(cls.course, cls.other)
		cls.panel = factories.opportunity("Published", opportunity_type="Recruitment panel")
		cls.letters = [factories.reference_letter(cls.other, ready=ready) for ready in (True, False)]

	def test_what_comes_first_is_said_kindly_and_one_may_apply(self):
		"""Row 0.8: somebody without the training is told what comes first and what it covers, and applies."""
		visitor = self.signed_in()
		page = f"/take-part/opportunities/{self.panel.name}"
		for path in (page, f"{page}/apply"):
			text = visitor.get(path).text()
			self.assertIn("Some training comes first. We plan it with you, and you can apply now.", text)
			self.assertIn("Asking fair questions", text)
			self.assertIn("How to say what you think", text)
		self.assertNotIn("Some training comes first", self.guest.get(page).text())
		self.assertNotIn("Some training comes first", self.signed_in(self.other).get(page).text())
		self.assertEqual(visitor.submit(f"{page}/apply", hopes="").goes_to, "/take-part/my?done=applied")
		self.refresh()
		name = frappe.db.get_value("Involvement Application", {"participant": self.me.name})
		self.assertIn("Some training comes first", visitor.get(f"/take-part/my/offers/{name}").text())
		self.assertEqual(len(training.still_to_do(self.me.name, self.panel.name)), 1)

	def kept_as_pdf(self, visitor, page, path: str) -> None:
		"""A file where the site can make one; else the page to print."""
		self.assertIn(f"{path}?as=pdf", [link.get("href") for link in page.all("a")])
		with self.without_programs():
			self.assertIn("text/html", visitor.get(f"{path}?as=pdf").headers["Content-Type"])
		if not shutil.which("wkhtmltopdf"):
			return
		# as Visitor does, but a file is no text
		headers = {"X-Frappe-Site-Name": frappe.local.site}
		answer = contextvars.Context().run(visitor.client.open, f"{path}?as=pdf", headers=headers)
		self.assertEqual(answer.headers["Content-Type"], "application/pdf")
		self.assertIn("certificate.pdf", answer.headers["Content-Disposition"])
		self.assertEqual(answer.headers["Cache-Control"], "no-store")
		(only,) = PdfReader(io.BytesIO(answer.get_data())).pages
		said = " ".join(only.extract_text().split())
		self.assertIn(self.me.preferred_name, said)
		self.assertNotIn("Print in your browser", said)

	@contextmanager
	def without_programs(self):
		before = os.environ["PATH"]
		os.environ["PATH"] = ""
		try:
			yield
		finally:
			os.environ["PATH"] = before

	def test_ones_own_certificate_and_nobody_elses(self):
		"""Row 0.7: a certificate is fetched by the person, and by nobody else by the same address."""
		visitor = self.signed_in()
		self.assertIn("Nothing yet", visitor.get(PAGE).text())
		mine = factories.training_record(factories.training_course(), self.me)
		self.refresh()
		path = f"{PAGE}/certificates/{mine.name}"
		page = visitor.get(PAGE)
		self.assertIn(path, page.html)
		self.assertIn("It counts until" if mine.valid_until else "We write it.", page.text())
		sheet = visitor.get(path)
		self.assertEqual(sheet.status, 200)
		self.assertIn(self.me.preferred_name, sheet.text())
		self.assertIn("default-src 'none'", sheet.headers["Content-Security-Policy"])
		self.assertEqual(sheet.headers["Cache-Control"], "no-store")
		self.kept_as_pdf(visitor, page, path)
		missing = visitor.get(f"{PAGE}/certificates/nothing")
		for theirs in (f"{PAGE}/certificates/{self.theirs.name}", f"{PAGE}/letters/{self.letters[0].name}"):
			page = visitor.get(theirs)
			self.assertEqual((page.status, page.html), (404, missing.html))
			self.assertEqual(self.guest.get(theirs).status, 303)
			with self.desk_user() as desk:
				self.assertEqual(desk.get(theirs).status, 403)

	@contextmanager
	def desk_user(self):
		"""A coordinator, who may read the record in the desk, is nobody here."""
		user = factories.staff(roles.COORDINATOR)
		update_password(user, PASSWORD)
		self.refresh()
		try:
			yield Visitor().sign_in(user)
		finally:
			self.forget_sign_ins(user)

	def test_a_letter_is_asked_for_fetched_and_taken_back(self):
		"""Row 0.7: asked for in one's own words; what is missing is named; only a signed one can be fetched."""
		visitor = self.signed_in()
		page = visitor.submit(PAGE, wanted_for=" ")
		self.assertEqual(page.status, 422)
		self.assertIn("Tell us what the letter is for", page.text())
		self.assertEqual(visitor.submit(PAGE, wanted_for="For a flat").goes_to, f"{PAGE}?done=asked")
		self.refresh()
		name = frappe.db.get_value(LETTER, {"participant": self.me.name})
		path = f"{PAGE}/letters/{name}"
		self.assertEqual(visitor.get(path).status, 404)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(LETTER, name)
			self.assertIsNone(doc.recorded_by, "their own act")
			lifecycle.apply(doc, "Make it ready", letter="They listen <b>well</b>.")
		self.refresh()
		self.assertIn(path, visitor.get(PAGE).html)
		self.assertIn("They listen <b>well</b>.", visitor.get(path).text())
		token = {"csrf_token": visitor.get(PAGE).fields()["csrf_token"]}
		other = f"{PAGE}/letters/{self.letters[1].name}/take-back"
		self.assertEqual(visitor.post(other, token).status, 404)
		self.assertEqual(self.value(LETTER, self.letters[1].name), "Asked for")
		self.assertEqual(visitor.post(f"{path}/take-back", token).goes_to, f"{PAGE}?done=back")
		self.assertEqual((self.value(LETTER, name), visitor.get(path).status), ("Taken back", 404))
		self.too_many(visitor)

	def too_many(self, visitor) -> None:
		for number in range(4):
			page = visitor.submit(PAGE, wanted_for=f"For the number {number}")
		self.assertEqual(page.status, 422)
		self.assertIn("We still write the letters you asked for", page.text())
		self.assertEqual(page.fields()["wanted_for"], "For the number 3")
