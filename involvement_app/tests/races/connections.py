"""Many real connections at once: each thread is a person with a transaction of their own."""

import os
import threading
import unittest
from collections.abc import Callable

import frappe

from involvement_app.lifecycle import retry_on_deadlock
from involvement_app.tests.compat import DEEP, CommittingTestCase

SET_LEVEL = {
	"REPEATABLE READ": "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
	"READ COMMITTED": "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
}
LEVELS = tuple(SET_LEVEL)
DEEP_REPETITIONS = 200
on_the_bench = unittest.skipUnless(
	os.environ.get("INVOLVEMENT_TEST_SITE"), "commits: only on the bench that dev/test makes"
)


def repetitions(usual: int) -> int:
	"""How often under each of the levels; in dev/deep every race alike."""
	return int(os.environ.get("INVOLVEMENT_RACE_REPETITIONS", DEEP_REPETITIONS if DEEP else usual))


REPETITIONS = repetitions(3)


class RaceTestCase(CommittingTestCase):
	"""Other connections see only what is committed, so a race commits, and takes its rows away afterwards."""

	made_doctypes: tuple[str, ...] = ()

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.before = {
			doctype: set(frappe.get_all(doctype, pluck="name"))
			for doctype in (*cls.made_doctypes, "Consent Record")
		}
		cls.arrange()
		frappe.db.commit()  # other connections have to see it

	@classmethod
	def arrange(cls) -> None:
		"""Make what the race is about."""

	def each_time(self, once: Callable[[str], None], times: int = REPETITIONS) -> None:
		for isolation in LEVELS:
			for repetition in range(times):
				with self.subTest(isolation=isolation, repetition=repetition):
					once(isolation)

	def see(self) -> None:
		frappe.db.rollback()  # a new snapshot

	def show(self) -> None:
		frappe.db.commit()  # other connections have to see it

	@classmethod
	def tearDownClass(cls):
		cls.clean_up()
		super().tearDownClass()

	@classmethod
	@retry_on_deadlock  # the queue's worker may be at the same rows
	def clean_up(cls):
		frappe.db.rollback()
		for doctype in cls.before:
			frappe.db.delete(doctype, {"name": ["not in", cls.before[doctype] or [""]]})
		frappe.db.commit()  # as the class found it


def at_once(user_and_work: list[tuple[str, Callable]], isolation: str) -> list:
	"""Run every (user, function) on its own connection, started together; answers results or exceptions in order.

	Each transaction first reads something plainly, as every request does, so that a REPEATABLE READ snapshot
	is older than the locks that follow."""
	site, sites_path = frappe.local.site, os.path.abspath(frappe.local.sites_path)
	barrier = threading.Barrier(len(user_and_work))
	results: list = [None] * len(user_and_work)

	def run(position: int, user: str, work: Callable) -> None:
		frappe.init(site=site, sites_path=sites_path)
		frappe.connect()
		frappe.flags.in_test = True
		try:
			frappe.db.sql(SET_LEVEL[isolation])  # no query builder knows it
			frappe.db.commit()  # the level counts from the next transaction
			frappe.set_user(user)
			frappe.db.get_value("Involvement Settings", None, "reply_days")
			frappe.db.count("Involvement Engagement")
			barrier.wait(timeout=120)
			results[position] = work()
			frappe.db.commit()  # the end of this person's request
		except Exception as problem:  # an outcome like any other: the test judges it
			frappe.db.rollback()
			results[position] = problem
		finally:
			frappe.destroy()

	threads = [
		threading.Thread(target=run, args=(n, user, work)) for n, (user, work) in enumerate(user_and_work)
	]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(timeout=180)
	return results
