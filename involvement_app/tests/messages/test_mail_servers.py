"""Real mail servers: one that is away, one that refuses, one that takes. No state change waits for any of them."""

import os
import threading
import time
import unittest
from contextlib import suppress
from unittest import mock

import frappe
import requests
from frappe.utils.background_jobs import get_job

from involvement_app import messages
from involvement_app.messages import dispatcher, outbox
from involvement_app.portal import links
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, CommittingTestCase
from involvement_app.tests.messages.outbox import OUTBOX, OutboxCase
from involvement_app.tests.messages.servers import closed_port, mail_server
from involvement_app.tests.portal.visitor import Visitor

MADE = (
	OUTBOX,
	"Email Queue",
	"Email Queue Recipient",
	"Involvement Participant",
	"Contact",
	"Contact Email",
	"Contact Phone",
	"Portal Token",
	"Email Account",
	"Version",
	"Error Log",
)


class MailServerCase(CommittingTestCase, OutboxCase):
	"""Frappe commits around its talk with a mail server, and sends nothing while `in_test` is set."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.before = {doctype: set(frappe.get_all(doctype, pluck="name")) for doctype in MADE}

	def setUp(self):
		super().setUp()
		self.usual = frappe.db.get_value("Email Account", {"default_outgoing": 1})
		self.was = {
			name: frappe.db.get_single_value("Involvement Settings", name)
			for name in ("quiet_from", "quiet_until")
		}

	def tearDown(self):
		frappe.db.rollback()
		frappe.flags.in_test = True
		for doctype in MADE:
			frappe.db.delete(doctype, {"name": ["not in", self.before[doctype] or [""]]})
		frappe.db.set_value("Email Account", self.usual, "default_outgoing", 1)
		for name, value in self.was.items():
			frappe.db.set_single_value("Involvement Settings", name, value)
		frappe.db.commit()  # as the class found it
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.forget_account()
		super().tearDown()

	def account(self, port: int) -> None:
		frappe.db.set_value("Email Account", self.usual, "default_outgoing", 0)
		frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": f"Test {port}",
				"email_id": "hello@sender.example",
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"smtp_server": "127.0.0.1",
				"smtp_port": port,
				"no_smtp_authentication": 1,
				"awaiting_password": 1,
			}
		).insert()
		self.forget_account()

	def work(self) -> None:
		"""The job, as the queue runs it."""
		frappe.db.commit()  # what a request would have kept
		frappe.flags.in_test = False
		try:
			messages.work()
		finally:
			frappe.flags.in_test = True

	def mail(self, name: str):
		return frappe.db.get_value(
			"Email Queue", self.row(name).email_queue, ["status", "retry"], as_dict=True
		)


class TestMailServers(MailServerCase):
	def setUp(self):
		super().setUp()
		# here the test is the worker; that of the bench would carry the same mails
		worker = mock.patch.object(dispatcher, "_queue")
		worker.start()
		self.addCleanup(worker.stop)

	def test_a_server_that_takes_it(self):
		with mail_server() as (server, port):
			self.account(port)
			name = self.message(self.person(email="sam@example.org"))
			self.work()
			self.assertEqual([to for to, _raw in server.taken], ["sam@example.org"])
			self.work()
			self.assertEqual(len(server.taken), 1)
		self.assertEqual((self.row(name).status, self.mail(name).status), ("Sent", "Sent"))

	def test_two_workers_at_one_mail_send_it_once(self):
		"""The second looked at the outbox before the first began, and comes while the mail is on the wire."""
		with mail_server() as (server, port):
			self.account(port)
			name = self.message()
			outbox.deliver(name)
			frappe.db.commit()  # the other worker has a connection of its own
			self.row(name)
			server.may_take.clear()
			other = threading.Thread(
				target=self.carry_elsewhere,
				args=(name, frappe.local.site, os.path.abspath(frappe.local.sites_path)),
			)
			other.start()
			self.assertTrue(server.talks.wait(20))
			frappe.flags.in_test = False
			outbox.carry(name)
			server.may_take.set()
			other.join()
			self.assertEqual(len(server.taken), 1)
		frappe.db.rollback()  # look anew
		self.assertEqual((self.row(name).status, self.mail(name).status), ("Sent", "Sent"))

	def test_two_workers_at_one_message_hand_it_over_once(self):
		"""The second comes before the first has committed: it waits for the row instead of making a mail of its own."""
		name = self.message()
		frappe.db.commit()  # the other worker has a connection of its own
		self.assertTrue(outbox.deliver(name))
		made: list[int] = []
		other = threading.Thread(
			target=self.deliver_elsewhere,
			args=(name, frappe.local.site, os.path.abspath(frappe.local.sites_path), made),
		)
		other.start()
		other.join()
		self.assertEqual(made, [0])

	@staticmethod
	def deliver_elsewhere(name: str, site: str, sites_path: str, made: list[int]) -> None:
		frappe.init(site=site, sites_path=sites_path)
		frappe.connect()
		frappe.flags.in_test = True
		frappe.db.sql("set innodb_lock_wait_timeout = 1")  # seconds, of this connection alone
		before = frappe.db.count("Email Queue")
		with suppress(frappe.QueryTimeoutError):
			outbox.deliver(name)
		made.append(frappe.db.count("Email Queue") - before)
		frappe.db.rollback()
		frappe.destroy()

	@staticmethod
	def carry_elsewhere(name: str, site: str, sites_path: str) -> None:
		frappe.init(site=site, sites_path=sites_path)
		frappe.connect()
		outbox.carry(name)
		frappe.destroy()

	def test_a_server_that_is_away_and_comes_back(self):
		port = closed_port()
		self.account(port)
		name = self.message()
		self.work()
		row = self.row(name)
		self.assertEqual((row.status, row.attempts), ("Handed over", 1))
		self.assertTrue(row.error)
		# Frappe gives up after three tries; we do not
		for _attempt in range(4):
			self.due(name)
			self.work()
		self.assertEqual((self.row(name).status, self.row(name).attempts), ("Handed over", 5))
		with mail_server() as (server, port):
			frappe.db.set_value("Email Account", "Test " + str(self.port_of_account()), "smtp_port", port)
			frappe.clear_cache(doctype="Email Account")
			self.forget_account()
			self.due(name)
			self.work()
			self.assertEqual(len(server.taken), 1)
		self.assertEqual((self.row(name).status, self.row(name).error), ("Sent", None))

	def port_of_account(self) -> int:
		return frappe.db.get_value("Email Account", {"default_outgoing": 1}, "smtp_port")

	def test_a_server_that_refuses_the_address_for_good(self):
		with mail_server() as (server, port):
			self.account(port)
			server.refuses = "550 5.1.1 no such mailbox"
			name = self.message()
			self.work()
			row = self.row(name)
			self.assertEqual(row.status, "Not sent")
			self.assertIn("550 5.1.1 no such mailbox", row.error)
			self.assertEqual(self.mail(name).status, "Error")
			server.refuses = None
			self.work()
			self.assertEqual(server.taken, [])

	def test_a_server_that_asks_to_come_back_later(self):
		with mail_server() as (server, port):
			self.account(port)
			server.refuses = "451 4.7.1 greylisted"
			name = self.message()
			self.work()
			self.assertEqual((self.row(name).status, self.row(name).attempts), ("Handed over", 1))
			self.assertIn("451 4.7.1 greylisted", self.row(name).error)
			server.refuses = None
			self.due(name)
			self.work()
			self.assertEqual(len(server.taken), 1)
		self.assertEqual(self.row(name).status, "Sent")

	def test_a_bounce_does_not_keep_the_next_one(self):
		with mail_server() as (server, port):
			self.account(port)
			names = [self.message(self.person(email=f"{word}@example.org")) for word in ("first", "second")]
			server.refuses = "550 no"
			frappe.db.set_value(OUTBOX, names[1], "send_after", "2099-01-01 00:00:00")
			self.work()
			server.refuses = None
			self.due(names[1])
			self.work()
			self.assertEqual([to for to, _raw in server.taken], ["second@example.org"])

	def test_sending_switched_off_on_the_site_is_said(self):
		with mail_server() as (server, port):
			self.account(port)
			frappe.db.set_default("suspend_email_queue", 1)
			self.addCleanup(frappe.db.set_default, "suspend_email_queue", 0)
			name = self.message()
			self.work()
			self.assertEqual(server.taken, [])
			self.assertIn("suspended", self.row(name).error)
			frappe.db.set_default("suspend_email_queue", 0)
			self.due(name)
			self.work()
			self.assertEqual(len(server.taken), 1)


class TestEndToEnd(MailServerCase):
	"""Through the queue, its worker and the mail catcher."""

	def test_a_link_that_a_guest_asks_for_is_mailed_and_signs_in(self):
		catcher = os.environ.get("INVOLVEMENT_MAIL_URL")
		if not catcher:
			self.skipTest("needs the mail catcher of dev/test")
		user = factories.participant(portal=True).user
		frappe.db.set_value("User", user, "enabled", 1)
		requests.delete(f"{catcher}/api/messages", timeout=10)
		frappe.db.commit()  # the visitor and the worker have connections of their own
		frappe.cache.delete_keys("take-part:")
		page = Visitor().submit("/take-part/sign-in/link", email=user)
		self.assertEqual(page.goes_to, "/take-part/sign-in/sent")
		mail = self.caught(catcher, user)
		self.assertEqual(mail["subject"], "Your link to sign in")
		path = links.PLACES[links.SIGN_IN]
		token = mail["html"].split(path + "/")[1].split('"')[0]
		self.assertEqual(Visitor().submit(f"{path}/{token}").goes_to, "/take-part/my")

	@unittest.skipUnless(DEEP, "dev/deep: the way is the same but for the job that starts it")
	def test_one_that_nobody_hurries_is_sent_too(self):
		"""By the job that all messages share, as the scheduler starts it."""
		catcher = os.environ.get("INVOLVEMENT_MAIL_URL")
		if not catcher:
			self.skipTest("needs the mail catcher of dev/test")
		address = f"{frappe.generate_hash(length=8)}@example.org"
		if left_over := get_job("involvement-messages"):  # of a worker that was stopped in the middle
			left_over.delete()
		self.message(self.person(email=address))
		frappe.db.commit()  # the worker starts with what is kept
		self.assertEqual(self.caught(catcher, address)["subject"], "About the offer you replied to")

	def caught(self, catcher: str, address: str) -> dict:
		for _second in range(60):
			for mail in requests.get(f"{catcher}/api/messages", timeout=10).json():
				if address in mail["to"]:
					return mail
			time.sleep(0.5)
		self.fail(
			f"no mail to {address}: {frappe.get_all(OUTBOX, {'recipient': address}, ['status', 'error'])}"
		)
