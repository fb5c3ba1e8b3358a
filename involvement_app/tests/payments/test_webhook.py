"""Ledger Handover: what another ledger is told, signed, once, tried again, and never sent inside the network (domain 4.6; 5.3 SSRF). A
real server on this machine listens; the switch of the site's configuration lets us talk to it."""

import hashlib
import hmac
import ipaddress
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_payments import webhook
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

SECRET = "a shared word"


class Listener(BaseHTTPRequestHandler):
	def do_POST(self):
		self.server.got.append(
			(self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
		)
		status = self.server.answers.pop(0) if self.server.answers else 200
		self.send_response(status)
		if status in (301, 302, 307, 308):
			self.send_header("Location", "/elsewhere")
		self.end_headers()
		self.wfile.write(b"x" * 5000)

	def log_message(self, *args):
		pass


class WebhookTestCase(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
		self.server.got, self.server.answers = [], []
		threading.Thread(target=self.server.serve_forever, daemon=True).start()
		self.addCleanup(self.server.server_close)
		self.addCleanup(self.server.shutdown)
		self.address = f"http://localhost:{self.server.server_port}/in?x=1"
		self.set(ledger_webhook_address=self.address)
		frappe.utils.password.set_encrypted_password(
			"Involvement Settings", "Involvement Settings", SECRET, "ledger_webhook_secret"
		)
		frappe.db.set_single_value("Involvement Settings", "ledger_webhook_secret", "*" * len(SECRET))
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")

	def set(self, **values) -> None:
		for fieldname, value in values.items():
			frappe.db.set_single_value("Involvement Settings", fieldname, value)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")

	@contextmanager
	def inside_allowed(self):
		before = frappe.conf.get(webhook.INSIDE)
		frappe.conf[webhook.INSIDE] = 1
		try:
			yield
		finally:
			frappe.conf[webhook.INSIDE] = before

	def confirmed(self):
		batch = pay.take(pay.batch(pay.approved()), "Lock", "Authorise", "Export", "Confirm")
		return batch, frappe.get_doc(webhook.HAND_OVER, {"batch": batch.name})

	def send(self, row) -> bool:
		with self.inside_allowed():
			accepted = webhook.send(row.name)
		row.reload()
		return accepted


class TestHandedOver(WebhookTestCase):
	def test_signed_once_and_without_a_name(self):
		batch, row = self.confirmed()
		self.assertEqual(self.server.got, [], "nothing leaves within the request")
		self.assertTrue(self.send(row))
		self.assertFalse(self.send(row), "it has arrived: not sent twice")
		((path, headers, body),) = self.server.got
		self.assertEqual((path, headers["Idempotency-Key"]), ("/in?x=1", batch.name))
		self.assertEqual(headers["Host"], f"localhost:{self.server.server_port}")
		at, mac = (part.split("=", 1)[1] for part in headers["Involvement-Signature"].split(","))
		expected = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
		self.assertEqual(mac, expected)
		told = json.loads(body)
		self.assertEqual(told["batch"], batch.name)
		self.assertEqual(
			sum(float(line["debit"]) for line in told["lines"]),
			sum(float(line["credit"]) for line in told["lines"]),
		)
		for line in batch.lines:
			self.assertNotIn(line.payee_name.encode(), body)
			self.assertNotIn(line.participant.encode(), body)
		self.assertEqual((row.status, row.attempts), ("Handed over", 1))
		self.assertLessEqual(len(row.answer), webhook.LONGEST_ANSWER)

	def test_tried_again_ever_later_and_given_up(self):
		_batch, row = self.confirmed()
		waits = []
		for number in range(1, webhook.MOST_TRIES + 1):
			self.server.answers = [503]
			self.assertFalse(self.send(row))
			if number < webhook.MOST_TRIES:
				waits.append((row.next_try - frappe.utils.now_datetime()).total_seconds())
		self.assertEqual(waits, sorted(waits))
		self.assertEqual(row.status, "Not accepted")
		keys = {headers["Idempotency-Key"] for _path, headers, _body in self.server.got}
		self.assertEqual(len(keys), 1)
		with self.as_user(pay.authoriser()), self.assertRaises(frappe.PermissionError):
			lifecycle.apply(frappe.get_doc(webhook.HAND_OVER, row.name), "Try again")
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(webhook.HAND_OVER, row.name), "Try again")
		self.assertTrue(self.send(row))

	def test_redirects_are_not_followed(self):
		for status in (301, 302, 307, 308):
			with self.subTest(status):
				self.server.got.clear()
				_batch, row = self.confirmed()
				self.server.answers = [status]
				self.assertFalse(self.send(row))
				self.assertEqual([path for path, _headers, _body in self.server.got], ["/in?x=1"])

	def test_without_an_address_or_a_secret_nothing_leaves(self):
		self.set(ledger_webhook_address="")
		batch = pay.take(pay.batch(pay.approved()), "Lock", "Authorise", "Export", "Confirm")
		self.assertFalse(frappe.db.exists(webhook.HAND_OVER, {"batch": batch.name}))
		self.set(ledger_webhook_address=self.address)
		_batch, row = self.confirmed()
		frappe.utils.password.delete_all_passwords_for("Involvement Settings", "Involvement Settings")
		self.set(ledger_webhook_secret="")
		self.assertFalse(self.send(row))
		self.assertIn("secret", row.answer)
		self.assertEqual(self.server.got, [])

	def test_a_ledger_that_is_away_is_no_fault_of_the_batch(self):
		self.server.shutdown()
		self.server.server_close()
		batch, row = self.confirmed()
		self.assertFalse(self.send(row))
		self.assertEqual((row.status, row.answer, batch.status), ("Waiting", "ConnectionError", "Confirmed"))

	def test_finance_sees_it_and_nobody_makes_one(self):
		_batch, row = self.confirmed()
		for user, sees in (
			(pay.officer(), True),
			(pay.authoriser(), True),
			(factories.staff(roles.COORDINATOR), False),
			(factories.staff(roles.MANAGER), False),
			(factories.participant(portal=True).user, False),
			("Guest", False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(webhook.HAND_OVER, "read", row.name), sees)
		for user in (pay.officer(), "Administrator"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				frappe.get_doc(doctype=webhook.HAND_OVER, address="https://example.com").insert()


class TestInsideTheNetwork(WebhookTestCase):
	"""Domain 5.3: SSRF on the address of the webhook."""

	INSIDE = (
		"https://127.0.0.1/",
		"https://localhost/",
		"https://0.0.0.0/",
		"https://[::1]/",
		"https://[::ffff:127.0.0.1]/",
		# three private networks, by their numbers
		*(f"https://{ipaddress.ip_address(number)}/" for number in (0x0A010203, 0xAC100001, 0xC0A80101)),
		"https://169.254.169.254/latest/meta-data/",
		"https://[fe80::1]/",
		"https://[fd00::1]/",
		"https://100.64.0.1/",
		"https://2130706433/",
		"https://0x7f.1/",
		"https://user:pass@example.com/",
		"http://example.com/",
		"ftp://example.com/",
		"file:///etc/passwd",
		"gopher://127.0.0.1:6379/",
		"https:///nowhere",
		"",
		"not an address",
	)

	def test_nothing_is_sent_there(self):
		for address in self.INSIDE:
			with self.subTest(address), self.assertRaises(webhook.NotAllowed):
				webhook.post(address, b"{}", {})

	def test_the_switch_is_off_unless_the_site_says_otherwise(self):
		_batch, row = self.confirmed()
		self.assertFalse(webhook.send(row.name))
		row.reload()
		self.assertEqual((self.server.got, row.status), ([], "Waiting"))
		self.assertIn("https", row.answer)

	def test_public_is_public(self):
		for address, public in (
			("8.8.8.8", True),
			("2606:4700:4700::1111", True),
			("224.0.0.1", False),
			("255.255.255.255", False),
			("::", False),
			(f"::ffff:{ipaddress.ip_address(0x0A000001)}", False),
			("2002:7f00:1::", False),
			("64:ff9b::7f00:1", False),
			("64:ff9b::808:808", True),
		):
			with self.subTest(address):
				self.assertEqual(bool(webhook.is_public(ipaddress.ip_address(address))), public)
