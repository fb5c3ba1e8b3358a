"""Each check both ways, with the real cause of what it warns of."""

import os
import shutil
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import skipUnless

import frappe
import time_machine
from frappe.utils import add_days, add_months, add_to_date, now_datetime, today
from frappe.utils.background_jobs import get_redis_conn
from frappe.utils.password import set_encrypted_password
from rq import Queue

from involvement_app import health
from involvement_app.demo import health as of_demo
from involvement_app.demo import rows as demo_rows
from involvement_app.health import FAIL, OK, WARN, site
from involvement_app.involvement_app import health as of_app
from involvement_app.involvement_payments import health as of_payments
from involvement_app.involvement_payments import modulus
from involvement_app.lifecycle import health as of_lifecycle
from involvement_app.messages import health as of_messages
from involvement_app.permissions import health as of_permissions
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.compat import IntegrationTestCase

OTHER_KEY = "c2l4dGVlbiBieXRlcyBtb3JlIHRoYW4gc2l4dGVlbiE="


class HealthTestCase(IntegrationTestCase):
	def assertFinds(self, status: str, check, words: str = "") -> None:
		found = check()
		self.assertEqual(found.status, status, found.says)
		self.assertIn(words, found.says)
		if status != OK:
			self.assertTrue(found.do, "says what to do")

	def configure(self, **values):
		"""site_config.json as it would be, for this test."""
		for key, value in values.items():
			before = frappe.local.conf.get(key)
			self.addCleanup(frappe.local.conf.__setitem__, key, before)
			frappe.local.conf[key] = value

	def setting(self, doctype: str, fieldname: str, value) -> None:
		frappe.db.set_single_value(doctype, fieldname, value)
		frappe.clear_document_cache(doctype, doctype)
		self.addCleanup(frappe.clear_document_cache, doctype, doctype)


class TestMail(HealthTestCase):
	def account(self, **values) -> str:
		return frappe.db.get_value("Email Account", {"default_outgoing": 1})

	def test_the_outgoing_account(self):
		self.assertFinds(OK, site.mail_account, self.account())

	def test_no_outgoing_account(self):
		frappe.db.set_value("Email Account", self.account(), "default_outgoing", 0)
		self.assertFinds(FAIL, site.mail_account, "no outgoing")

	def test_an_account_without_its_password(self):
		values = {"no_smtp_authentication": 0, "awaiting_password": 1}
		frappe.db.set_value("Email Account", self.account(), values)
		self.assertFinds(FAIL, site.mail_account, "password")

	def test_mail_that_is_muted_or_suspended(self):
		self.configure(mute_emails=1)
		self.assertFinds(FAIL, site.mail_account, "muted")
		self.configure(mute_emails=0)
		frappe.db.set_default("suspend_email_queue", 1)
		self.assertFinds(FAIL, site.mail_account, "suspended")
		frappe.db.set_default("suspend_email_queue", 0)

	def test_mail_that_could_not_be_sent_and_mail_that_is_stuck(self):
		frappe.db.delete("Email Queue")
		self.assertFinds(OK, site.mail_queue)
		mail = self.queued("Not Sent", hours=3)
		self.assertFinds(WARN, site.mail_queue, "3 hours")
		frappe.db.set_value("Email Queue", mail, "status", "Error")
		self.assertFinds(WARN, site.mail_queue, "could not be sent")

	def queued(self, status: str, hours: int) -> str:
		doc = frappe.get_doc(
			doctype="Email Queue", status=status, message="…", sender="a@example.org", priority=1
		)
		doc.insert()
		frappe.db.set_value(
			"Email Queue",
			doc.name,
			"creation",
			add_to_date(now_datetime(), hours=-hours),
			update_modified=False,
		)
		return doc.name


class TestSchedulerAndQueue(HealthTestCase):
	def test_a_scheduler_that_is_off_is_named_with_what_switched_it_off(self):
		self.setting("System Settings", "enable_scheduler", 0)
		self.assertFinds(FAIL, site.scheduler, "System Settings")
		self.configure(pause_scheduler=1)
		self.assertFinds(FAIL, site.scheduler, "pause_scheduler")

	def test_when_our_jobs_last_ran(self):
		self.setting("System Settings", "enable_scheduler", 1)
		ours = {"method": ["like", "involvement_app.%"]}
		for expected, hours in ((OK, 0), (WARN, 3), (FAIL, 30)):
			with self.subTest(hours=hours):
				frappe.db.set_value(
					"Scheduled Job Type", ours, "last_execution", add_to_date(now_datetime(), hours=-hours)
				)
				self.assertFinds(expected, site.scheduler)
		frappe.db.set_value("Scheduled Job Type", ours, "last_execution", None)
		self.assertFinds(WARN, site.scheduler, "has not run")

	def test_a_job_of_ours_that_failed_or_was_stopped(self):
		job = frappe.db.get_value("Scheduled Job Type", {"method": ["like", "involvement_app.%"]})
		self.assertFinds(OK, site.scheduled_jobs)
		frappe.db.set_value("Scheduled Job Type", job, "stopped", 1)
		self.assertFinds(WARN, site.scheduled_jobs, "Stopped")
		frappe.get_doc(doctype="Scheduled Job Log", scheduled_job_type=job, status="Failed").insert()
		self.assertFinds(FAIL, site.scheduled_jobs, "Failed")

	def test_workers_are_looked_for_queue_by_queue(self):
		self.assertFinds(OK, site.workers)
		queues, site.QUEUES = site.QUEUES, (*site.QUEUES, "a-queue-of-nobody")
		try:
			self.assertFinds(FAIL, site.workers, "a-queue-of-nobody")
		finally:
			site.QUEUES = queues

	def test_without_redis_the_queue_does_not_answer(self):
		from frappe.utils import background_jobs

		kept = background_jobs._redis_queue_conn
		self.addCleanup(setattr, background_jobs, "_redis_queue_conn", kept)
		background_jobs._redis_queue_conn = None
		self.configure(redis_queue="redis://127.0.0.1:9")
		for check in (site.workers, site.oldest_job):
			self.assertFinds(FAIL, check)

	def test_a_job_that_nobody_takes(self):
		queue = Queue("involvement-health-test", connection=get_redis_conn())
		self.addCleanup(queue.delete)
		job = queue.enqueue("frappe.ping")
		for expected, minutes in ((OK, 1), (WARN, 40), (FAIL, 180)):
			with self.subTest(minutes=minutes):
				job.enqueued_at = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(minutes=minutes)
				job.save()
				self.assertFinds(expected, lambda: site.oldest_job([queue]))


class TestKeyAndBackups(HealthTestCase):
	def test_a_key_that_opens_everything(self):
		set_encrypted_password("Email Account", "Local mail catcher", "tops3cret")
		self.assertFinds(OK, site.encryption_key, "opens every")

	def test_a_key_of_another_site_opens_nothing_and_is_noticed(self):
		set_encrypted_password("Email Account", "Local mail catcher", "tops3cret")
		self.configure(encryption_key=OTHER_KEY)
		self.assertFinds(FAIL, site.encryption_key, "Local mail catcher")

	def test_a_key_that_is_lost_is_not_made_anew_by_looking(self):
		set_encrypted_password("Email Account", "Local mail catcher", "tops3cret")
		config = Path(frappe.get_site_path("site_config.json"))
		before = config.read_text()
		self.configure(encryption_key=None)
		self.assertFinds(FAIL, site.encryption_key)
		self.assertEqual(config.read_text(), before)

	def test_whose_second_factor_is_lost_is_not_named(self):
		from frappe.utils.password import encrypt

		frappe.db.set_default("someone@example.org_otpsecret", encrypt("JBSWY3DPEHPK3PXP"))
		self.configure(encryption_key=OTHER_KEY)
		found = site.encryption_key()
		self.assertEqual(found.status, FAIL)
		self.assertNotIn("someone", found.says)

	def test_backups(self):
		backup = Path(frappe.get_site_path("private", "backups", "20200101_000000-health-database.sql.gz"))
		others = [path for path in backup.parent.glob("*database*")]
		if not others:
			self.assertFinds(WARN, site.backups, "no backup")
		backup.parent.mkdir(exist_ok=True)
		backup.touch()
		self.addCleanup(backup.unlink)
		self.assertFinds(OK, site.backups)
		if not others:
			old = time.time() - 5 * 86400
			os.utime(backup, (old, old))
			self.assertFinds(WARN, site.backups, "5 days")


class TestLiveSettings(HealthTestCase):
	def test_a_site_set_up_for_development(self):
		self.configure(developer_mode=0, allow_tests=0)
		self.assertFinds(OK, site.live_site)
		self.configure(developer_mode=1)
		self.assertFinds(WARN, site.live_site, "developer_mode")

	def test_the_address_in_mails(self):
		self.configure(host_name="https://involvement.example.org")
		self.assertFinds(OK, site.address)
		self.configure(host_name="http://involvement.example.org")
		self.assertFinds(WARN, site.address, "not encrypted")
		self.configure(host_name="")
		self.assertFinds(WARN, site.address, "does not know")

	def test_system_managers_are_few_but_not_none(self):
		frappe.db.delete("Has Role", {"role": "System Manager"})
		self.assertFinds(FAIL, site.system_managers)
		factories.user("System Manager")
		self.assertFinds(OK, site.system_managers, "System Managers: 1")
		names = [factories.staff(role) for role in sorted(roles.DESK_ROLES)]
		for name in names:
			frappe.get_doc(
				doctype="Has Role", parent=name, parenttype="User", parentfield="roles", role="System Manager"
			).db_insert()
		self.assertFinds(WARN, site.system_managers, f"{len(names) + 1} people")

	def test_a_second_factor_for_who_moves_money(self):
		self.setting("System Settings", "enable_two_factor_auth", 0)
		self.assertFinds(WARN, of_permissions.second_factor, "Nobody")
		self.setting("System Settings", "enable_two_factor_auth", 1)
		frappe.db.set_value("Role", {"name": ["in", of_permissions.GUARDED]}, "two_factor_auth", 1)
		self.assertFinds(OK, of_permissions.second_factor)
		frappe.db.set_value("Role", roles.FINANCE_AUTHORISER, "two_factor_auth", 0)
		self.assertFinds(WARN, of_permissions.second_factor, roles.FINANCE_AUTHORISER)

	def test_demonstration_data(self):
		self.assertFinds(OK, of_demo.demo_data)
		demo_rows.memory().write_text("{}")
		self.addCleanup(demo_rows.memory().unlink)
		self.assertFinds(WARN, of_demo.demo_data)


class TestOutbox(HealthTestCase):
	def made_once(self):
		super().made_once()
		frappe.db.delete("Involvement Message")
		person = factories.participant()
		opportunity = factories.opportunity("Published")
		self.message = factories.offer(opportunity, person) and frappe.db.get_value("Involvement Message", {})

	def wait(self, hours: int, **values) -> None:
		past = add_to_date(now_datetime(), hours=-hours)
		frappe.db.set_value(
			"Involvement Message",
			self.message,
			{"waits_since": past, "send_after": past, **values},
			update_modified=False,
		)

	def test_how_long_the_oldest_waits(self):
		for expected, hours in ((OK, 0), (WARN, 2), (FAIL, 25)):
			with self.subTest(hours=hours):
				self.wait(hours, status="Waiting", channel="Email", address="a@example.org")
				self.assertFinds(expected, of_messages.outbox)

	def test_what_was_given_up_on(self):
		self.assertFinds(OK, of_messages.not_sent)
		self.wait(1, status="Not sent")
		self.assertFinds(WARN, of_messages.not_sent, "1 messages")

	def test_what_waits_for_a_person_to_pass_it_on(self):
		self.wait(24, status="Waiting", channel="Phone")
		self.assertFinds(OK, of_messages.told_by_hand)
		self.wait(24 * 4, status="Waiting", channel="Phone")
		self.assertFinds(WARN, of_messages.told_by_hand, "4 days")


class TestWorkflows(HealthTestCase):
	NAME = "Involvement Payment Batch"

	def test_as_shipped(self):
		self.assertFinds(OK, of_lifecycle.workflows)

	def test_switched_off(self):
		frappe.db.set_value("Workflow", self.NAME, "is_active", 0)
		self.assertFinds(FAIL, of_lifecycle.workflows, self.NAME)

	def test_edited_on_the_site(self):
		doc = frappe.get_doc("Workflow", self.NAME)
		doc.transitions[0].allowed = "System Manager"
		doc.save()
		self.assertFinds(WARN, of_lifecycle.workflows, self.NAME)


class TestCharitysSettings(HealthTestCase):
	def test_what_people_read(self):
		for fieldname in (*of_app.SHOWN_TO_PEOPLE, "contact_email"):
			self.setting("Involvement Settings", fieldname, "Something")
		self.assertFinds(OK, of_app.what_people_read)
		self.setting("Involvement Settings", "support_line", "")
		self.assertFinds(WARN, of_app.what_people_read, "Support line")

	def test_rates(self):
		frappe.db.delete("Payment Rate Rule")
		self.assertFinds(FAIL, of_app.rates)
		rule = factories.rate_rule()
		self.assertFinds(OK, of_app.rates)
		long_ago = add_months(today(), -14)
		frappe.db.set_value(
			"Payment Rate Rule", rule, {"valid_from": long_ago, "modified": long_ago}, update_modified=False
		)
		self.assertFinds(WARN, of_app.rates, rule)
		frappe.db.set_value("Payment Rate Rule", rule, "valid_to", add_days(today(), -1))
		self.assertFinds(FAIL, of_app.rates)
		self.setting("Involvement Settings", "finance_mode", "None")
		self.assertFinds(OK, of_app.rates)

	def test_a_rate_that_ended_under_an_opportunity(self):
		opportunity = factories.opportunity()
		self.assertFinds(OK, of_app.ended_rates)
		frappe.db.set_value("Payment Rate Rule", opportunity.rate_rule, "valid_to", add_days(today(), -1))
		self.assertFinds(WARN, of_app.ended_rates, opportunity.rate_rule)

	def test_units_without_somebody_who_may_approve(self):
		frappe.db.delete("Involvement Unit")
		holder = payment_factories.budget_holder()
		unit = factories.unit(budget_holder=holder)
		self.assertFinds(OK, of_app.budget_holders)
		frappe.db.set_value("User", holder, "enabled", 0)
		self.assertFinds(WARN, of_app.budget_holders, unit)
		frappe.db.set_value("User", holder, "enabled", 1)
		frappe.db.delete("Has Role", {"parent": holder})
		self.assertFinds(WARN, of_app.budget_holders, unit)


class TestMoney(HealthTestCase):
	def test_payments_that_nobody_can_approve_and_late_ones(self):
		payment = payment_factories.checked()
		self.assertFinds(OK, of_payments.nobody_approves)
		frappe.db.set_value("Involvement Payment", payment.name, "due_on", add_days(today(), 1))
		self.assertFinds(OK, of_payments.late)
		frappe.db.set_value("Involvement Payment", payment.name, "due_on", add_days(today(), -1))
		self.assertFinds(WARN, of_payments.late, "1 payments")
		frappe.db.set_value("Involvement Unit", payment.unit, "budget_holder", None)
		self.assertFinds(FAIL, of_payments.nobody_approves, payment.unit)

	def test_whether_the_tables_of_account_numbers_are_here_and_how_old_they_are(self):
		day = frappe.utils.getdate(modulus.VALID_FROM)
		with time_machine.travel(add_days(day, modulus.OLD_AFTER)):
			self.assertFinds(OK, of_payments.account_numbers, "version 8.50, valid from 23 June 2025")
		with time_machine.travel(add_days(day, modulus.OLD_AFTER + 2)):
			self.assertFinds(WARN, of_payments.account_numbers, "old table of the banks: version 8.50")
		own = Path(frappe.get_site_path("private", "files", "modulus"))
		own.mkdir()
		self.addCleanup(shutil.rmtree, own)
		(own / modulus.WEIGHTS).write_text("000000 999999 MOD10" + " 0" * 13 + " 1")
		self.assertFinds(OK, of_payments.account_numbers, "laid down on")

	def test_two_people_for_a_batch(self):
		self.assertFinds(OK, of_payments.two_hands)
		frappe.db.delete("Has Role", {"role": ["in", (roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER)]})
		factories.user(roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER)
		self.assertFinds(WARN, of_payments.two_hands, "two different people")


class TestReport(HealthTestCase):
	def test_the_worst_comes_first_and_a_broken_check_hides_no_other(self):
		def broken():
			raise ZeroDivisionError

		checks = [health.Check("Fine?", lambda: health.ok("Fine.")), health.Check("Broken?", broken)]
		listed, health.checks = health.checks, lambda: checks
		try:
			rows = health.findings()
		finally:
			health.checks = listed
		self.assertEqual([row["status"] for row in rows], [FAIL, OK])
		self.assertIn("ZeroDivisionError", rows[0]["says"])

	def test_every_room_is_asked_and_nothing_breaks(self):
		questions = [check.asks for check in health.checks()]
		self.assertEqual(len(questions), len(set(questions)))
		self.assertFalse([row for row in health.findings() if "could not be checked" in row["says"]])

	def test_looking_changes_nothing(self):
		from involvement_app.tests.budgets.counting import counted

		with counted() as asked:
			health.findings()
		self.assertEqual([line for line in asked if not line.lower().startswith("select")], [])

	def test_system_and_involvement_managers_read_it(self):
		for reader in (factories.user("System Manager"), factories.staff(roles.MANAGER)):
			with self.as_user(reader):
				self.assertTrue(health.report()["findings"])

	def test_nobody_else_reads_it(self):
		others = [factories.staff(role) for role in sorted(roles.DESK_ROLES - {roles.MANAGER})]
		for reader in (*others, factories.staff(factories.PORTAL), factories.user(), "Guest"):
			with self.subTest(reader), self.as_user(reader), self.assertRaises(frappe.PermissionError):
				health.report()

	def test_it_names_nobody_who_takes_part(self):
		person = factories.participant(portal=True, preferred_name="Canary Wren")
		factories.offer(factories.opportunity("Published"), person)
		frappe.db.set_value(
			"Involvement Message",
			{},
			{"waits_since": "2020-01-01", "send_after": "2020-01-01", "status": "Waiting"},
		)
		text = frappe.as_json(health.findings())
		for secret in ("Canary Wren", person.name, person.user, person.person):
			self.assertNotIn(secret, text)


SITE = os.environ.get("INVOLVEMENT_TEST_SITE")


@skipUnless(SITE, "needs a bench whose commands can be run")
class TestCommand(IntegrationTestCase):
	def test_the_command_prints_every_finding_and_fails_when_a_check_does(self):
		import subprocess
		import sys

		words = [
			sys.executable,
			"-m",
			"frappe.utils.bench_helper",
			"frappe",
			"--site",
			SITE,
			"involvement-health",
		]
		done = subprocess.run(words, cwd=os.environ["INVOLVEMENT_SITES_PATH"], capture_output=True, text=True)
		self.assertIn("Can the site send e-mail?", done.stdout, done.stderr[-2000:])
		# the scheduler of the test site rests
		self.assertIn("FAIL  Does the scheduler run?", done.stdout)
		self.assertEqual(done.returncode, 1)
