"""What others may see says nothing about care or health (law 12, domain 1.7)."""

import email
import email.policy

import frappe

from involvement_app.messages import outbox, templates
from involvement_app.messages.neutral import telling
from involvement_app.tests.messages.outbox import OutboxCase, mail_of

# headers a mail server writes or that hold what the person or the site chose for themselves
HEADERS = (
	"Subject",
	"From",
	"Message-Id",
	"Reply-To",
	"X-Original-From",
	"References",
	"In-Reply-To",
	"List-Unsubscribe",
)
LINK = "https://take-part.charity.example/take-part/my/offers/0123456789"


class TestShippedTemplates(OutboxCase):
	def test_no_subject_tells(self):
		for template in templates.declared().values():
			with self.subTest(template.name):
				self.assertIsNone(telling(template.subject))
				templates.refuse_telling("Subject", template.subject)

	def test_no_text_message_tells_and_each_has_its_link(self):
		for template in templates.declared().values():
			if template.text:
				with self.subTest(template.name):
					self.assertIsNone(telling(template.text))
					templates.refuse_telling("Text message", template.text)
					self.assertIn("{{ link }}", template.text)

	def test_each_fits_into_one_text_message(self):
		values = {
			"name": "Bartholomew-James",
			"link": LINK,
			"reply_by": "30 September 2027",
			"paid_on": "30 September 2027",
			"dates": "30 September 2027, 10:30",
			"number": "1",
		}
		for template in templates.declared().values():
			if not template.late_link:
				with self.subTest(template.name):
					self.assertLessEqual(len(templates.render(template.name, values).text), 160)

	def test_every_template_is_installed_for_the_site_to_edit(self):
		for name, _subject, _content in templates._shipped():
			self.assertTrue(frappe.db.exists("Email Template", name), name)


class TestWordsThatTell(OutboxCase):
	def test_known_words_are_found(self):
		for words in (
			"Mental health forum",
			"Your recovery",
			"Addiction service",
			"involvement_app",
			"Service user group",
			"service-users",
			"Wellbeing day",
			"The interview panel",
			"People with lived experience",
			"Oxfordshire Mind",
			"At the clinic",
		):
			self.assertTrue(telling(words), words)

	def test_ordinary_words_are_not(self):
		for words in ("Your page is ready", "A reminder for you", "About the offer", "We paid you"):
			self.assertIsNone(telling(words), words)


class TestEditedTemplates(OutboxCase):
	def edit(self, name: str, **values) -> None:
		template = frappe.get_doc("Email Template", name)
		self.addCleanup(frappe.clear_document_cache, template.doctype, template.name)
		template.update(values).save()

	def test_a_site_may_edit_the_words(self):
		self.edit("Involvement offer", subject="Something for you", response_html="<p>Dear {{ name }}</p>")
		self.assertEqual(templates.render("Involvement offer", {"name": "Sam"}).subject, "Something for you")

	def test_a_telling_subject_is_refused(self):
		for subject in (
			"Your recovery group",
			"About {{ title }}",
			"{{ organisation }} writes",
			"{% if words %}x{% endif %}",
		):
			with self.subTest(subject), self.assertRaises(frappe.ValidationError):
				self.edit("Involvement offer", subject=subject)

	def test_a_telling_text_message_is_refused(self):
		with self.assertRaises(frappe.ValidationError):
			self.edit("Involvement offer (text message)", response_html="Your therapy: {{ link }}")

	def test_the_body_may_say_what_it_is_about(self):
		self.edit("Involvement offer", response_html="<p>The recovery college offers {{ title }}</p>")

	def test_other_templates_of_the_site_are_its_own_matter(self):
		frappe.get_doc(
			doctype="Email Template",
			name="Ward round",
			subject="Mental health ward",
			use_html=1,
			response_html="x",
		).insert()

	def test_a_template_that_was_deleted_or_broken_stops_no_state_change(self):
		shipped = templates.render("Involvement approved", {"name": "Sam", "title": "Leaflet"})
		template = frappe.get_doc("Email Template", "Involvement approved")
		self.addCleanup(frappe.clear_document_cache, template.doctype, template.name)
		template.db_set("response_html", "{{ 1 / 0 }}")  # as an old one may be
		self.assertEqual(
			templates.render("Involvement approved", {"name": "Sam", "title": "Leaflet"}), shipped
		)
		template.delete()
		self.assertEqual(
			templates.render("Involvement approved", {"name": "Sam", "title": "Leaflet"}), shipped
		)


class TestTheMailItself(OutboxCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_value("Email Account", {"default_outgoing": 1}, "email_id", "hello@sender.example")
		self.forget_account()
		frappe.clear_cache(doctype="Email Account")

	def handed_over(self) -> email.message.EmailMessage:
		name = self.message()
		outbox.deliver(name)
		self.assertEqual(self.row(name).status, "Handed over", self.row(name).error)
		return mail_of(name)

	def test_no_header_tells(self):
		mail = self.handed_over()
		for header in HEADERS:
			self.assertIsNone(telling(str(mail[header] or "")), f"{header}: {mail[header]}")
		self.assertIsNone(mail["List-Unsubscribe"])
		self.assertTrue(mail["Message-Id"].endswith("@sender.example>"), mail["Message-Id"])

	def test_no_header_but_the_sites_address_tells(self):
		mail = self.handed_over()
		told = {name for name, value in mail.items() if telling(name) or telling(value)}
		self.assertLessEqual(told, {"X-Frappe-Site"})

	def test_the_sender_has_the_neutral_name(self):
		self.configure(sender_name="The Tuesday team")
		self.assertIn("The Tuesday team", str(self.handed_over()["From"]))

	def test_replies_go_to_the_people_who_look_after_it(self):
		self.configure(contact_email="team@sender.example")
		self.assertIn("team@sender.example", str(self.handed_over()["Reply-To"]))

	def test_a_site_cannot_choose_a_telling_sender(self):
		settings = frappe.get_doc("Involvement Settings")
		settings.sender_name = "Wellbeing team"
		with self.assertRaises(frappe.ValidationError):
			settings.save()
