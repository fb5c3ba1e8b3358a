"""Text messages over a real gateway on this machine."""

import time
from unittest.mock import patch

import frappe

from involvement_app import messages
from involvement_app.messages import outbox
from involvement_app.messages.channels import text_message
from involvement_app.tests.messages.outbox import OUTBOX, OutboxCase
from involvement_app.tests.messages.servers import closed_port, silent_port, text_gateway


class TestTextMessages(OutboxCase):
	def gateway_at(self, url: str | None, use_post: int = 0) -> None:
		self.configure(
			"SMS Settings",
			sms_gateway_url=url,
			message_parameter="text",
			receiver_parameter="to",
			use_post=use_post,
		)

	def texted(self, **kw) -> str:
		return self.message(
			self.person("Text message", **kw),
			template="Involvement offer",
			context={"reply_by": "3 May 2027"},
		)

	def test_a_short_text_and_the_link_reach_the_gateway(self):
		with text_gateway() as (gateway, url):
			self.gateway_at(url)
			name = self.texted()
			messages.flush()
			self.assertEqual(
				gateway.asked,
				[
					{
						"to": "07700900123",
						"text": "Hello Sam. Please read and reply by 3 May 2027: https://take-part.example/my",
					}
				],
			)
			self.due(name)
			messages.flush()
			self.assertEqual(len(gateway.asked), 1)
		row = self.row(name)
		self.assertEqual((row.status, row.error), ("Sent", None))
		self.assertTrue(row.sent_on)

	def test_an_empty_text_is_not_sent(self):
		with text_gateway() as (gateway, url):
			self.gateway_at(url)
			name = self.texted()
			frappe.db.set_value(OUTBOX, name, "short_text", None)
			messages.flush()
			self.assertEqual((gateway.asked, self.row(name).status), ([], "Not sent"))

	def test_by_post_request_too(self):
		with text_gateway() as (gateway, url):
			self.gateway_at(url, use_post=1)
			self.texted()
			messages.flush()
			self.assertEqual(gateway.asked[0]["to"], "07700900123")

	def test_a_template_without_a_text_of_its_own_has_the_shared_one(self):
		row = self.row(self.message(self.person("Text message")))
		self.assertEqual(
			row.short_text, "Hello Sam. There is something new for you: https://take-part.example/my"
		)

	def test_a_site_edits_the_text(self):
		template = frappe.get_doc("Email Template", "Involvement offer (text message)")
		template.response_html = "Hi {{ name }}, a reply please: {{ link }}"
		template.save()
		self.addCleanup(frappe.clear_document_cache, template.doctype, template.name)
		self.assertEqual(
			self.row(self.texted()).short_text, "Hi Sam, a reply please: https://take-part.example/my"
		)

	def test_names_are_written_as_they_are(self):
		row = self.row(self.texted(preferred_name="Siobhán O'Neill & <b>"))
		self.assertTrue(row.short_text.startswith("Hello Siobhán O'Neill &"), row.short_text)

	def test_without_a_gateway_it_waits_and_says_so(self):
		self.gateway_at(None)
		name = self.texted()
		messages.flush()
		row = self.row(name)
		self.assertEqual((row.status, row.attempts), ("Waiting", 0))
		self.assertIn("SMS Settings", row.error)

	def test_a_gateway_that_is_away_is_tried_again(self):
		self.gateway_at(f"http://127.0.0.1:{closed_port()}/send?key=secret-of-the-gateway")
		name = self.texted()
		messages.flush()
		row = self.row(name)
		self.assertEqual((row.status, row.attempts), ("Waiting", 1))
		self.assertIn("cannot be reached", row.error)
		with text_gateway() as (gateway, url):
			self.gateway_at(url)
			self.due(name)
			messages.flush()
			self.assertEqual(len(gateway.asked), 1)
		self.assertEqual(self.row(name).status, "Sent")

	def test_a_gateway_that_never_answers_does_not_hold_up_the_others(self):
		with silent_port() as port, patch.object(text_message, "SECONDS", 0.2):
			self.gateway_at(f"http://127.0.0.1:{port}/send")
			name = self.texted()
			begun = time.monotonic()
			messages.flush()
			self.assertLess(time.monotonic() - begun, 5)
		self.assertEqual((self.row(name).status, self.row(name).attempts), ("Waiting", 1))

	def test_as_json_where_the_settings_say_so(self):
		with text_gateway() as (gateway, url):
			self.gateway_at(url, use_post=1)
			settings = frappe.get_doc("SMS Settings")
			settings.append(
				"parameters", {"parameter": "Content-Type", "value": "application/json", "header": 1}
			)
			settings.save()
			self.texted()
			messages.flush()
			self.assertEqual(gateway.asked[0]["to"], "07700900123")

	def test_a_gateway_in_trouble_is_tried_again_and_one_that_refuses_is_not(self):
		with text_gateway() as (gateway, url):
			self.gateway_at(url)
			for status, outcome in ((503, "Waiting"), (401, "Waiting"), (400, "Not sent")):
				gateway.status = status
				name = self.texted()
				messages.flush()
				with self.subTest(status):
					self.assertEqual(self.row(name).status, outcome)
					self.assertIn(str(status), self.row(name).error)

	def test_no_reason_holds_the_number_the_words_or_the_key(self):
		with text_gateway() as (gateway, url):
			for where in (f"{url}?key=SECRET", f"http://127.0.0.1:{closed_port()}/x?key=SECRET"):
				self.gateway_at(where)
				gateway.status = 500
				name = self.texted()
				messages.flush()
				for word in ("SECRET", "07700", "Hello", "http"):
					self.assertNotIn(word, self.row(name).error)

	def test_without_a_mobile_number_it_waits(self):
		row = self.row(self.texted(phone=None))
		self.assertIn("no mobile number", row.error)
		messages.flush()
		self.assertEqual(self.row(row.name).status, "Waiting")

	def test_frappe_keeps_no_log_of_its_own(self):
		"""SMS Log would hold words and numbers in a list that has nothing to do with us."""
		logs = [
			doctype
			for doctype in ("SMS Log", "Communication", "Error Log")
			if frappe.db.exists("DocType", doctype)
		]
		before = {doctype: frappe.db.count(doctype) for doctype in logs}
		with text_gateway() as (gateway, url):
			self.gateway_at(url)
			for status in (200, 500):
				gateway.status = status
				self.texted()
				messages.flush()
		self.assertEqual({doctype: frappe.db.count(doctype) for doctype in logs}, before)

	def test_on_the_eighth_failure_it_is_not_sent(self):
		self.gateway_at(f"http://127.0.0.1:{closed_port()}/send")
		name = self.texted()
		frappe.db.set_value(OUTBOX, name, "attempts", outbox.MOST_ATTEMPTS - 1)
		messages.flush()
		self.assertEqual(self.row(name).status, "Not sent")
