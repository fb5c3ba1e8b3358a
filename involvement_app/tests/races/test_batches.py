"""A batch under many hands (domain 4.6, 5.2): pressed twice, started twice as a job, killed between file and state. (Two batches
that want the same payment: test_payments.py.)"""

import os
import signal
import subprocess
import sys
import time

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import bank_file, large, reconciliation
from involvement_app.involvement_payments.csv_file import fingerprint
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.races.connections import SET_LEVEL, at_once, on_the_bench
from involvement_app.tests.races.test_payments import PaymentRace

BATCH, PAYMENT, MESSAGE = pay.BATCH, pay.PAYMENT, "Involvement Message"


class BatchRace(PaymentRace):
	made_doctypes = (MESSAGE, "Sensitive Access Log", *PaymentRace.made_doctypes)

	@classmethod
	def arrange(cls):
		cls.names = [payment.name for payment in pay.approved_many(2)]

	def batch(self, *actions: str):
		"""Of the same two payments each time, as if they had never been in another."""
		free = {"status": "Approved", "batch": None, "pay_on": None, "paid_on": None}
		frappe.db.set_value(PAYMENT, {"name": ["in", self.names]}, free)  # test set-up
		frappe.db.delete(MESSAGE, {"template": "Involvement payment made"})
		batch = pay.take(pay.batch(*(frappe.get_doc(PAYMENT, name) for name in self.names)), *actions)
		self.show()
		return batch

	def payments(self) -> list[tuple]:
		return frappe.get_all(
			PAYMENT, {"name": ["in", self.names]}, ["status", "batch"], as_list=True, order_by="name"
		)

	def trail(self, batch, action: str) -> int:
		rows = frappe.get_all(
			"Comment", {"reference_name": batch.name, "comment_type": "Info"}, pluck="content"
		)
		return sum(row.startswith(f"{action}:") for row in rows)


def _take(batch, action: str):
	return lambda: lifecycle.apply(frappe.get_doc(BATCH, batch.name), action).status


def _job(batch, action: str):
	return lambda: large.run(batch.name, action)


@on_the_bench
class TestPressedTwice(BatchRace):
	def test_it_is_locked_once(self):
		self.each_time(self.lock)

	def lock(self, isolation: str) -> None:
		batch = self.batch()
		outcomes = at_once([(pay.officer(), _take(batch, "Lock"))] * 3, isolation)
		self.see()
		self.assertEqual(outcomes.count("Locked"), 1, outcomes)
		self.assertEqual(self.payments(), (("Scheduled", batch.name),) * 2)
		self.assertEqual(self.trail(batch, "Schedule"), 1)

	def test_people_are_told_once_that_they_are_paid(self):
		self.each_time(self.confirm)

	def confirm(self, isolation: str) -> None:
		batch = self.batch("Lock", "Authorise", "Export")
		outcomes = at_once([(pay.officer(), _take(batch, "Confirm"))] * 2, isolation)
		self.see()
		self.assertEqual(outcomes.count("Confirmed"), 1, outcomes)
		self.assertEqual(self.payments(), (("Paid", batch.name),) * 2)
		self.assertEqual(frappe.db.count(MESSAGE, {"template": "Involvement payment made"}), 2)


@on_the_bench
class TestJobsAgain(BatchRace):
	def test_a_job_that_runs_twice_does_its_work_once(self):
		self.each_time(self.jobs)

	def jobs(self, isolation: str) -> None:
		batch = self.batch()
		self.twice(batch, "Lock", isolation)
		self.assertEqual(self.payments(), (("Scheduled", batch.name),) * 2)
		self.assertEqual(self.trail(batch, "Schedule"), 1)
		pay.take(batch, "Authorise")
		self.show()
		self.twice(batch, "Export", isolation)
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "export_count"), 1)
		self.assertEqual(frappe.db.count("File", {"attached_to_name": batch.name}), 1)
		pay.take(batch, "Confirm")
		self.show()
		at_once([("Administrator", lambda: reconciliation.reconcile(batch.name))] * 2, isolation)
		self.see()
		self.assertEqual(self.payments(), (("Reconciled", batch.name),) * 2)
		self.assertEqual(self.trail(batch, "Reconcile"), 1)

	def twice(self, batch, action: str, isolation: str) -> None:
		at_once([(pay.officer(), _job(batch, action))] * 2, isolation)
		self.see()
		with self.as_user(pay.officer()):
			large.run(batch.name, action)
		self.show()


# forks a process for each batch it is told of, which dies once the file is on the disk; says by which signal
KILLER = """
import os, signal, sys
import frappe
from involvement_app import lifecycle
from involvement_app.involvement_payments import bank_file
site, sites_path, user = sys.argv[1:]
store = bank_file.store
def killed(*args):
    store(*args)
    os.kill(os.getpid(), signal.SIGKILL)
bank_file.store = killed
for line in sys.stdin:
    batch, level = line.rstrip().split("|")
    pid = os.fork()
    if not pid:
        frappe.init(site=site, sites_path=sites_path); frappe.connect()
        frappe.flags.in_test = True
        frappe.db.sql(level); frappe.db.commit()
        frappe.set_user(user)
        lifecycle.apply(frappe.get_doc("Involvement Payment Batch", batch), "Export")
        os._exit(3)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@on_the_bench
class TestKilledBetweenFileAndState(BatchRace):
	"""With accounts in the file: nothing of it may be left lying about."""

	made_doctypes = (
		"Participant Bank Detail",
		"Bank File Layout",
		"Bank File Layout Column",
		*BatchRace.made_doctypes,
	)

	@classmethod
	def arrange(cls):
		super().arrange()
		for participant in frappe.get_all(PAYMENT, {"name": ["in", cls.names]}, pluck="participant"):
			person = frappe.get_doc("Involvement Participant", participant)
			detail = factories.participant_bank_detail(person, "Active")
			frappe.db.set_value(detail.doctype, detail.name, "active_since", add_days(today(), -30))
		factories.bank_file_layout(in_use=1)

	def test_it_is_exported_afterwards_once_and_the_file_is_proven(self):
		args = [frappe.local.site, os.path.abspath(frappe.local.sites_path), pay.officer()]
		self.show()
		with subprocess.Popen(
			[sys.executable, "-c", KILLER, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
		) as self.killer:
			self.each_time(self.once)
			self.killer.stdin.close()

	def once(self, isolation: str) -> None:
		batch = self.batch("Lock", "Authorise")
		path = frappe.get_site_path("private", "files", f"{batch.name}.csv")
		self.killer.stdin.write(f"{batch.name}|{SET_LEVEL[isolation]}\n")
		self.killer.stdin.flush()
		self.assertEqual(int(self.killer.stdout.readline()), -signal.SIGKILL)
		self.assertTrue(os.path.exists(path), "it died before the file was there: nothing is proven")
		self.wait_until_rolled_back(batch)
		self.assertEqual(
			frappe.db.get_value(BATCH, batch.name, ["status", "file_hash"]), ("Authorised", None)
		)
		self.assertFalse(frappe.db.exists("File", {"attached_to_name": batch.name}))
		batch = pay.take(batch, "Export")
		self.show()
		self.assertEqual((batch.status, batch.export_count), ("Exported", 1))
		self.assertEqual(frappe.db.count("File", {"attached_to_name": batch.name}), 1)
		self.assertEqual(fingerprint(bank_file.proven(batch)[1]), batch.file_hash)
		os.remove(path)

	def wait_until_rolled_back(self, batch) -> None:
		"""The server notices a moment later that whoever held the locks is gone."""
		for _try in range(100):
			self.see()
			try:
				frappe.db.get_value(BATCH, batch.name, "name", for_update=True)
				self.see()
				return
			except frappe.QueryTimeoutError:
				time.sleep(0.2)
