"""Nobody is asked twice: two members of staff at once, and a job that is killed."""

import itertools
import os
import subprocess
import sys

import frappe

from involvement_app.involvement_app.matching import invitations
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.races.connections import LEVELS, REPETITIONS, RaceTestCase, at_once, on_the_bench

MADE = (
	"Involvement Message",
	"Involvement Invitation",
	"Involvement Opportunity",
	"Involvement Session",
	"Involvement Preference",
	"Involvement Participant",
	"Contact",
)
PEOPLE, KILLED_AT, BATCH = 8, 6, 4
# a worker that dies in the middle of its second batch
DYING = """
import os, signal, sys
import frappe
frappe.init(site=sys.argv[1], sites_path=".")
frappe.connect()
frappe.flags.in_test = True
from involvement_app import messages
from involvement_app.involvement_app.matching import invitations
invitations.BATCH, send, sent = int(sys.argv[3]), messages.send, []
def dying(*args, **kwargs):
	sent.append(send(*args, **kwargs))
	if len(sent) == int(sys.argv[2]):
		os.kill(os.getpid(), signal.SIGKILL)
	return sent[-1]
messages.send = dying
invitations.send_all()
"""


@on_the_bench
class TestAskedOnce(RaceTestCase):
	made_doctypes = MADE

	@classmethod
	def arrange(cls):
		cls.works = [factories.opportunity("Published").name for _number in range(2)]
		cls.people = [factories.participant() for _number in range(PEOPLE)]
		for person in cls.people:
			factories.preference(
				person, contact_frequency="At most once a month", topics_wanted="", topics_never=""
			)
		cls.names = [person.name for person in cls.people]
		cls.staff = [factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)]

	def asked(self, **filters) -> list[str]:
		frappe.db.rollback()  # a new snapshot
		about = {"participant": ["in", self.names], **filters}
		return sorted(frappe.get_all("Involvement Invitation", about, pluck="participant"))

	def forget(self) -> None:
		frappe.db.delete("Involvement Invitation", {"participant": ["in", self.names]})
		frappe.db.delete("Involvement Message", {"recipient": ["in", self.names]})
		frappe.db.commit()  # the next round begins anew

	def test_two_members_of_staff_at_once_ask_nobody_more_often_than_they_like(self):
		"""Row 0.13: at most once a month, also when two invite to two things at the same moment."""
		for isolation, repetition in itertools.product(LEVELS, range(REPETITIONS)):
			with self.subTest(isolation=isolation, repetition=repetition):
				outcomes = at_once(
					[
						(user, lambda work=work: invitations.invite(work, list(self.names)))
						for user, work in zip(self.staff, self.works, strict=True)
					],
					isolation,
				)
				self.assertEqual([each for each in outcomes if isinstance(each, Exception)], [])
				self.assertEqual(sorted(each.count for each in outcomes), [0, PEOPLE])
				self.assertEqual(self.asked(), sorted(self.names))
				self.forget()

	def test_a_job_that_is_killed_asks_nobody_twice_and_leaves_nobody_out(self):
		with self.as_user(self.staff[0]):
			invitations.invite(self.works[0], list(self.names))
		frappe.db.after_commit.reset()  # this test does the queue's work
		frappe.db.commit()  # the worker has a connection of its own
		worker = subprocess.run(
			[sys.executable, "-c", DYING, frappe.local.site, str(KILLED_AT), str(BATCH)],
			cwd=os.environ["INVOLVEMENT_SITES_PATH"],
			timeout=300,
			check=False,
		)
		self.assertEqual(worker.returncode, -9, "it was killed")
		self.assertEqual(len(self.asked(status="Asked")), BATCH, "the first batch is kept, the second is not")
		invitations.send_all()
		self.assertEqual(self.asked(status="Asked"), sorted(self.names))
		told = frappe.get_all(
			"Involvement Message",
			{"template": invitations.TEMPLATE, "recipient": ["in", self.names]},
			pluck="recipient",
		)
		self.assertEqual(sorted(told), sorted(self.names))
		self.forget()
