"""A charity of so many people, the same for the same number: a few records by the rules, the others as copies.

Copies are written straight into the tables. Names, units, states and dates are spread so that indexes have something
to do; what a screen shows is made by the rules."""

import random
from dataclasses import dataclass, field

import frappe
from frappe.utils import add_days, now, today

from involvement_app import catalogue
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.budgets import twins

TWINS = ("Involvement Application", "Involvement Participant", "Involvement Session")
TWINS_WITH_WORKFLOW = ("Involvement Opportunity", "Involvement Payment Batch")
SEED = 20260401
# for each hundred people
OPPORTUNITIES, APPLICATIONS, ENGAGEMENTS, PAYMENTS, MESSAGES = 10, 200, 100, 300, 300
ENQUIRIES, QUESTIONS, NOTES, NEEDS = 20, 40, 100, 30
AGE_BANDS = ("18 to 24", "25 to 34", "35 to 49", "50 to 64", "65 and over", None)


def make_twins() -> None:
	for doctype in TWINS:
		twins.make(doctype)
	for doctype in TWINS_WITH_WORKFLOW:
		twins.make(doctype, with_workflow=True)


def remove_twins() -> None:
	for doctype in (*TWINS, *TWINS_WITH_WORKFLOW):
		twins.remove(doctype)


def is_filled(people: int) -> bool:
	"""Whether an earlier run has left as many."""
	return frappe.db.count("Involvement Participant", {"name": ["like", "BULK-%"]}) == people


def forget() -> None:
	"""What an earlier run left on a site that was kept: all rows of ours but the masters and settings."""
	# one by one: each is a table
	for doctype, file in catalogue.doctypes().items():
		if not file.get("issingle") and doctype not in frappe.get_hooks("involvement_masters"):
			frappe.db.delete(doctype)  # a site of the benchmark's own


@dataclass
class World:
	"""Needs the twins (`make_twins`). Nothing of it is committed."""

	people: int
	filled: bool = False  # by an earlier run on a site that was kept
	lines: int = 20  # of the batch
	dice: random.Random = field(default_factory=lambda: random.Random(SEED))

	def __post_init__(self):
		factories.fill_pool()
		factories.empty_hands()
		if self.filled:
			# the logins of the earlier run's people; a site of the benchmark's own
			frappe.db.set_value("Involvement Participant", {"user": ["is", "set"]}, "user", None)
		self.me = factories.participant(portal=True)
		self.opportunity = factories.opportunity("Published", sessions=2)
		self.draft = factories.opportunity()
		self.applied = factories.application(factories.opportunity("Published"), self.me)
		self.offered = factories.offer(factories.opportunity("Published", days_ahead=90), self.me)
		self.engaged = factories.engagement(factories.opportunity("Published"), self.me)
		self.enquiry = factories.expression_of_interest(email="somebody@example.org")
		self.question = factories.participant_question(self.me)
		self.note = factories.participant_contact_note(self.me, follow_up_on=today())
		self.need = factories.access_requirement(self.me)
		self.wish = factories.preference(
			self.me, types=[{"opportunity_type": "Consultation"}], levels=[{"level": "Co-design"}]
		)
		self.invited = factories.involvement_invitation(self.me)
		self.session = frappe.get_doc("Involvement Session", {"opportunity": self.opportunity.name})
		self.paid = payment_factories.approved()
		self.batch = payment_factories.batch(*payment_factories.approved_many(self.lines))
		stored = (self.applied, self.me, self.session, self.draft, self.batch)
		self.twins = {doc.doctype: twins.of(doc) for doc in stored}
		if not self.filled:
			self._fill()

	def staff(self, role: str) -> str:
		return factories.staff(role)

	# Copies

	def _fill(self) -> None:
		units = [factories.unit() for _number in range(20)]
		towns = [factories.locality(f"Town {number}") for number in range(30)]
		many = self.people // 100
		people = self._copies(
			self.me,
			self.people,
			lambda n: {
				"person": f"somebody {n}",
				"preferred_name": f"Person {n}",
				"status": self.dice.choice(("Active",) * 8 + ("Paused", "Left")),
				"locality": self.dice.choice(towns),
				"age_band": self.dice.choice(AGE_BANDS),
				"uses_services": self.dice.randrange(2),
				"is_carer": int(self.dice.random() < 0.2),
			},
		)
		self._fill_talk(people, units)
		self._fill_wishes(people)
		work = self._copies(
			self.opportunity,
			max(many * OPPORTUNITIES, 20),
			lambda n: {
				"title": f"Opportunity {n}",
				"lead": f"lead.{self.dice.randrange(50)}@example.com",
				"unit": self.dice.choice(units),
				"status": self.dice.choice(
					("Published", "Completed", "Completed", "Completed", "In progress")
				),
				"apply_by": add_days(today(), self.dice.randrange(5, 60)),
			},
		)
		about = lambda _n: {  # noqa: E731
			"participant": self.dice.choice(people),
			"opportunity": self.dice.choice(work),
			"unit": self.dice.choice(units),
		}
		states = ("Applied", "Offered", "Accepted", "Accepted", "Not selected", "Not going ahead")
		self._copies(
			self.applied,
			many * APPLICATIONS,
			lambda n: {
				**about(n),
				"status": self.dice.choice(states),
				"reply_by": add_days(now(), self.dice.randrange(1, 20)),
			},
		)
		self._copies(
			self.engaged,
			many * ENGAGEMENTS,
			lambda n: {**about(n), "status": self.dice.choice(("Confirmed", "Completed"))},
		)
		self._copies(
			self.paid,
			many * PAYMENTS,
			lambda n: {
				"participant": self.dice.choice(people),
				"unit": self.dice.choice(units),
				"status": self.dice.choice(("Paid",) * 9 + ("Checked",)),
				"due_on": add_days(today(), -self.dice.randrange(700)),
			},
		)
		message = frappe.get_doc("Involvement Message", {"reference_name": self.offered.name})
		self._copies(
			message, many * MESSAGES, lambda n: {"recipient": self.dice.choice(people), "status": "Sent"}
		)

	def _fill_talk(self, people: list[str], units: list[str]) -> None:
		"""What people asked and need, and what was said with them."""
		many = self.people // 100
		somebody = lambda: {"participant": self.dice.choice(people)}  # noqa: E731
		ago = lambda days: add_days(today(), -self.dice.randrange(days))  # noqa: E731
		self._copies(
			self.enquiry,
			many * ENQUIRIES,
			lambda n: {
				"unit": self.dice.choice(units),
				"status": self.dice.choice(("Joined",) * 8 + ("New", "Not now")),
				"told_on": ago(700),
				"acknowledge_by": ago(20),
			},
		)
		self._copies(
			self.question,
			many * QUESTIONS,
			lambda n: {
				**somebody(),
				"status": self.dice.choice(("Answered",) * 9 + ("To answer",)),
				"answer_by": ago(700),
			},
		)
		self._copies(
			self.note,
			many * NOTES,
			lambda n: {**somebody(), "followed_up": int(self.dice.random() < 0.9), "follow_up_on": ago(700)},
		)
		self._copies(self.need, many * NEEDS, lambda n: {**somebody(), "review_on": add_days(ago(300), 200)})

	def _fill_wishes(self, people: list[str]) -> None:
		"""What people would like, and when they were last asked."""
		levels, kinds = (
			("Consultation", "Engagement", "Co-design"),
			("Consultation", "Forum", "Mystery shopping"),
		)
		topics = ("", "", "", "My family", "Hospitals", "Money, benefits", "Food and gardens", "Leaflets")
		wishes = self._copies(
			self.wish,
			self.people,
			lambda n: {
				"participant": people[n],
				"contact_frequency": self.dice.choice(
					("", "", "Whenever something fits", "At most once a month", "Only when they ask us")
				),
				"way": self.dice.choice(("", "Both are fine", "Online", "In person")),
				"mornings": self.dice.randrange(2),
				"afternoons": self.dice.randrange(2),
				"hours_a_month": self.dice.choice((0, 0, 0, 4, 10)),
				"own_payment_cap": self.dice.choice((0, 0, 0, 40, 100)),
				"cap_period": "Month",
				"topics_wanted": self.dice.choice(topics),
				"topics_never": self.dice.choice(topics),
			},
		)

		def ticked(field, values):
			return lambda n: {"parent": wishes[n // 2], field: self.dice.choice(values)}

		self._copies(self.wish.types[0], self.people, ticked("opportunity_type", kinds))
		self._copies(self.wish.levels[0], self.people, ticked("level", levels))
		self._copies(
			self.invited,
			self.people,
			lambda n: {
				"participant": self.dice.choice(people),
				"creation": add_days(now(), -self.dice.randrange(2, 400)),
			},
		)

	def _copies(self, doc, count: int, changes) -> list[str]:
		"""`count` rows like `doc`, `changes(number)` each, and without what is unique. Answers the names."""
		row = frappe.db.get_value(doc.doctype, doc.name, "*", as_dict=True)
		row.update({df.fieldname: None for df in doc.meta.fields if df.unique})
		names = [f"BULK-{number:07}" for number in range(count)]
		moment = now()
		rows = (
			tuple({**row, "modified": moment, **changes(number), "name": name}.values())
			for number, name in enumerate(names)
		)
		# a site of the benchmark's own, and thousands of rows that nobody filled in
		frappe.db.bulk_insert(doc.doctype, list(row), rows, chunk_size=2000)
		return names
