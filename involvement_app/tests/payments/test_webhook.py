"""Ledger Handover: what another ledger is told, signed, once, tried again, and never sent inside the network (domain 4.6; 5.3 SSRF). A
real server on this machine listens; the switch of the site's configuration lets us talk to it."""

import gzip
import hashlib
import hmac
import ipaddress
import itertools
import json
import shutil
import ssl
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import frappe
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from requests import adapters

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
		if callable(status):
			return status(self)
		self.send_response(status)
		if status in (301, 302, 307, 308):
			self.send_header("Location", "/elsewhere")
		self.end_headers()
		self.wfile.write(b"x" * 5000)

	def log_message(self, *args):
		pass


def a_letter_at_a_time(handler) -> None:
	"""Each letter comes well within the time-out, the answer never."""
	try:
		for letter in itertools.cycle(b"HTTP/1.1 200 OK and no end of it"):
			handler.wfile.write(bytes([letter]))
			if handler.server.closing.wait(0.1):
				return
	except OSError:
		pass  # hung up


def accepted_and_gone(handler) -> None:
	handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nbooked")


def accepted_and_garbled(handler) -> None:
	handler.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\nbooked")


def not_http(handler) -> None:
	handler.wfile.write(b"220 mail.example ESMTP\r\n")


def a_mountain(handler) -> None:
	"""A gigabyte of noughts, packed into a megabyte."""
	packed = gzip.compress(bytes(2**20))
	handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
	try:
		for _ in range(1024):
			handler.wfile.write(packed)
	except OSError:
		pass  # hung up, as it should be


class WebhookTestCase(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
		self.server.got, self.server.answers, self.server.closing = [], [], threading.Event()
		threading.Thread(target=self.server.serve_forever, daemon=True).start()
		self.addCleanup(self.server.server_close)
		self.addCleanup(self.server.shutdown)
		self.addCleanup(self.server.closing.set)
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

	def test_whether_it_was_accepted_is_the_status_alone(self):
		"""An answer that breaks off is no reason to send it again, and none to stop the job."""
		for answer, said in ((accepted_and_gone, "200"), (accepted_and_garbled, "201"), (a_mountain, "200")):
			with self.subTest(answer.__name__):
				_batch, row = self.confirmed()
				self.server.answers = [answer]
				self.assertTrue(self.send(row))
				self.assertTrue(row.answer.startswith(said))
				self.assertLessEqual(len(row.answer), webhook.LONGEST_ANSWER)

	def test_what_is_no_answer_is_tried_again(self):
		_batch, row = self.confirmed()
		self.server.answers = [not_http]
		self.assertFalse(self.send(row))
		self.assertEqual((row.status, row.attempts), ("Waiting", 1))

	def test_a_letter_at_a_time_is_not_waited_for(self):
		longest, webhook.LONGEST_TALK = webhook.LONGEST_TALK, 1
		self.addCleanup(setattr, webhook, "LONGEST_TALK", longest)
		_batch, row = self.confirmed()
		self.server.answers = [a_letter_at_a_time]
		begun = time.monotonic()
		self.assertFalse(self.send(row))
		self.assertLess(time.monotonic() - begun, 10)
		self.assertEqual((row.status, row.answer), ("Waiting", "Timeout"))

	def test_an_address_that_is_none_holds_up_no_other(self):
		"""One row after the other is sent: what one of them is must not stop the next."""
		_batch, row = self.confirmed()
		for address in (
			"https://[",
			"https://x:99999/",
			"https://[::1",
			"https://ex\u2100mple/",
			"https://a\n.b/",
		):
			with self.subTest(address):
				frappe.db.set_value(webhook.HAND_OVER, row.name, {"address": address, "attempts": 0})
				self.assertFalse(self.send(row))
				self.assertEqual((row.status, row.attempts), ("Waiting", 1))

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


class TestTheCertificate(WebhookTestCase):
	"""The connection goes to an address that was looked at; the certificate is that of the name."""

	def setUp(self):
		super().setUp()
		self.folder = tempfile.mkdtemp()
		self.addCleanup(shutil.rmtree, self.folder)

	def serve(self, name: str) -> str:
		"""A server whose certificate says `name`; answers the path of that certificate."""
		key = ec.generate_private_key(ec.SECP256R1())
		subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
		begins = datetime.now(timezone.utc) - timedelta(days=1)
		certificate = (
			x509.CertificateBuilder()
			.subject_name(subject)
			.issuer_name(subject)
			.public_key(key.public_key())
			.serial_number(x509.random_serial_number())
			.not_valid_before(begins)
			.not_valid_after(begins + timedelta(days=9))
			.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
			.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
			.sign(key, hashes.SHA256())
		)
		path = Path(self.folder, f"{name}.pem")
		path.write_bytes(
			key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
			+ certificate.public_bytes(Encoding.PEM)
		)
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(path)
		self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
		return str(path)

	def send_trusting(self, path: str | None) -> tuple[int, str]:
		"""As if the authority that `path` names were among those of the machine."""
		if path:
			before, adapters.DEFAULT_CA_BUNDLE_PATH = adapters.DEFAULT_CA_BUNDLE_PATH, path
			self.addCleanup(setattr, adapters, "DEFAULT_CA_BUNDLE_PATH", before)
		with self.inside_allowed():
			return webhook.post(f"https://localhost:{self.server.server_port}/", b"{}", {})

	def test_of_the_name_and_known(self):
		self.assertEqual(self.send_trusting(self.serve("localhost"))[0], 200)
		((_path, headers, _body),) = self.server.got
		self.assertEqual(headers["Host"], f"localhost:{self.server.server_port}")

	def test_of_another_name(self):
		path = self.serve("elsewhere.example")
		self.assertRaises(requests.exceptions.SSLError, self.send_trusting, path)
		self.assertEqual(self.server.got, [])

	def test_of_nobody_we_know(self):
		self.serve("localhost")
		self.assertRaises(requests.exceptions.SSLError, self.send_trusting, None)
		self.assertEqual(self.server.got, [])


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
			("fec0::1", False),
			("::7f00:1", False),
			("::ffff:0:7f00:1", False),
			("64:ff9b:1::a00:1", False),
			("5f00::1", False),
			("2001:0:1::1", False),
		):
			with self.subTest(address):
				self.assertEqual(bool(webhook.is_public(ipaddress.ip_address(address))), public)
