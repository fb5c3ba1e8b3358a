"""The same people from two sides at once, and Frappe's own job on a connection of its own."""

import itertools
import pickle
import threading

import frappe
from frappe.utils.background_jobs import execute_job

from involvement_app.involvement_app import joining, portal_access
from involvement_app.involvement_app.doctype.participant_import import (
	csv_file,
	importing,
	participant_import,
	rows,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.races.connections import LEVELS, REPETITIONS, RaceTestCase, at_once, on_the_bench

PEOPLE = importing.STEP + 10
MADE = (
	"Involvement Message",
	"Participant Import Row",
	"Participant Import",
	"Involvement Participant Unit",
	"Involvement Participant",
	"Contact Email",
	"Contact Phone",
	"Contact",
)


@on_the_bench
class TestPeopleFromTwoSides(RaceTestCase):
	made_doctypes = MADE

	def test_two_lists_with_the_same_people_make_each_of_them_once(self):
		for isolation in LEVELS:
			with self.subTest(isolation):
				people = [
					f"{isolation.title().replace(' ', '')}{n},Twofold,p{n}@{isolation[:4].lower()}.example.org"
					for n in range(PEOPLE)
				]
				lists = [self.checked("Forename,Surname,E-mail\n" + "\n".join(people)) for _list in range(2)]
				outcomes = at_once([("Administrator", self.working_off(name)) for name in lists], isolation)
				self.assertEqual(outcomes, [None, None])
				frappe.db.rollback()  # a new snapshot
				self.assertOnce(lists, isolation)

	def checked(self, content: str) -> str:
		doc = frappe.get_doc(doctype="Participant Import", title="Race").insert()
		rows.record(doc, csv_file.read(content.encode()))
		self.assertEqual(doc.good_rows, PEOPLE)
		participant_import.start(doc.name)
		frappe.db.after_commit.reset()  # the race does the queue's work
		frappe.db.commit()  # other connections have to see it
		return doc.name

	def working_off(self, name: str):
		def work():
			more = True
			while more:
				frappe.db.rollback()  # as a job does
				more = importing.step(name, 1)
				frappe.db.commit()  # the end of a job

		return work

	def assertOnce(self, lists: list[str], isolation: str) -> None:
		domain = f"%@{isolation[:4].lower()}.example.org"
		contacts = frappe.get_all("Contact Email", filters={"email_id": ["like", domain]}, pluck="parent")
		self.assertEqual(len(contacts), PEOPLE)
		self.assertEqual(frappe.db.count("Involvement Participant", {"person": ["in", contacts]}), PEOPLE)
		done = [frappe.get_doc("Participant Import", name) for name in lists]
		self.assertEqual(sum(doc.imported_rows for doc in done), PEOPLE)
		self.assertEqual(sum(doc.faulty_rows for doc in done), PEOPLE)

	def test_two_coordinators_add_the_same_contact(self):
		for isolation, repetition in itertools.product(LEVELS, range(REPETITIONS)):
			with self.subTest(isolation=isolation, repetition=repetition):
				contact = factories.contact()
				frappe.db.commit()  # other connections have to see it
				outcomes = at_once(
					[("Administrator", lambda name=contact: joining.add_contacts([name]))] * 2, isolation
				)
				self.assertEqual(sorted(len(outcome["added"]) for outcome in outcomes), [0, 1])
				frappe.db.rollback()  # a new snapshot
				self.assertEqual(frappe.db.count("Involvement Participant", {"person": contact}), 1)


@on_the_bench
class TestFrappesOwnJob(RaceTestCase):
	made_doctypes = (*MADE, "Has Role", "Notification Settings", "DocShare", "User")

	def test_the_contact_is_as_it_was_after_the_job_that_rewrites_contacts(self):
		person = factories.participant(person=factories.contact("Wilhelmina"), preferred_name="Billie")
		anybody = factories.contact("Agnes")
		portal_access.invite(person.name)
		login = frappe.get_doc("User", frappe.db.get_value("Involvement Participant", person.name, "user"))
		other = factories.user(roles.OWNER, email=frappe.db.get_value("Contact", anybody, "email_id"))
		frappe.db.set_value("Contact", anybody, "first_name", "Agnes")
		frappe.db.commit()  # the job has a connection of its own
		before = frappe.get_doc("Contact", person.person).as_dict()
		for user in (login, frappe.get_doc("User", other)):
			self.run_job(user)
		frappe.db.rollback()  # a new snapshot
		self.assertEqual(frappe.get_doc("Contact", person.person).as_dict(), before)
		self.assertNotEqual(frappe.db.get_value("Contact", anybody, "first_name"), "Agnes", "the job did run")

	def run_job(self, user) -> None:
		"""As a worker does: the arguments pickled, on a connection of its own, through the hooks around jobs."""
		arguments = pickle.dumps({"user": user, "ignore_mandatory": True})
		site, problems = frappe.local.site, []

		def work():
			try:
				kwargs = pickle.loads(arguments)
				execute_job(
					site, portal_access.FRAPPE_JOB, None, "create_contact", kwargs, user="Administrator"
				)
			except Exception as problem:
				problems.append(problem)

		worker = threading.Thread(target=work)
		worker.start()
		worker.join(60)
		self.assertEqual(problems, [])
