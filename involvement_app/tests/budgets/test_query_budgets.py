"""Ours against bare twins in the same run: a twin has the same fields, links, child rows and naming, no controller.
The allowances are the project's own; what a row of the outbox costs counts as a row."""

import json
from pathlib import Path

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_to_date, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.budgets import history, twins
from involvement_app.tests.budgets.counting import BudgetAssertions, statements, taken
from involvement_app.tests.compat import IntegrationTestCase, refuse_live_site

APPLICATION = "Involvement Application"
ENGAGEMENT = "Involvement Engagement"
OPPORTUNITY = "Involvement Opportunity"
PARTICIPANT = "Involvement Participant"
PAYMENT = "Involvement Payment"
BATCH = "Involvement Payment Batch"
SESSION = "Involvement Session"
PLAIN = (APPLICATION, ENGAGEMENT, PARTICIPANT, PAYMENT, SESSION)
CLAIM = "Involvement Expense Claim"
WITH_WORKFLOW = (OPPORTUNITY, BATCH, CLAIM)
EARLIER = 40


def setUpModule():
	refuse_live_site()
	frappe.set_user("Administrator")
	for doctype in PLAIN:
		twins.make(doctype)
	for doctype in WITH_WORKFLOW:
		twins.make(doctype, with_workflow=True)


def tearDownModule():
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for doctype in (*PLAIN, *WITH_WORKFLOW):
		twins.remove(doctype)


def like(participant: str, count: int) -> list[str]:
	"""`count` people like this one, each with a record of their own in the CRM that is not there."""
	return [
		history.copies(PARTICIPANT, participant, 1, person=f"{participant} {number}")[0]
		for number in range(count)
	]


class BudgetTestCase(BudgetAssertions, IntegrationTestCase):
	"""`with_history` runs a measurement without and with EARLIER records, which must not differ."""

	def with_history(self, measure, add_history, what: str) -> list[str]:
		few = measure()
		add_history()
		many = measure()
		self.assertSameCount(few, many, what)
		return many


class TestInserts(BudgetTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.person = factories.participant(portal=True)
		cls.opportunity = factories.opportunity("Published")
		cls.earlier = factories.application(factories.opportunity("Published"), cls.person)

	def add_history(self):
		"""Of this person and of this opportunity."""
		for changes in ({"participant": self.person.name}, {"opportunity": self.opportunity.name}):
			history.copies(APPLICATION, self.earlier.name, EARLIER, status="Not going ahead", **changes)

	def floor(self):
		made = {"doctype": APPLICATION, "opportunity": self.opportunity.name, "participant": self.person.name}
		stored = self.earlier.as_dict()
		values = {**stored, **made, "hopes": "To learn"}
		return statements(
			twins.insert,
			lambda: frappe.get_doc(twins.values(frappe.get_doc(values))),
		)

	def test_an_application_by_the_person(self):
		ours = self.with_history(
			lambda: statements(
				lambda _nothing: places.apply_for(self.opportunity.name, self.person.name, hopes="To learn"),
				user=self.person.user,
			),
			self.add_history,
			"applying",
		)
		self.assertWithin(ours, self.floor(), 4, "applying")

	def test_an_application_entered_by_a_coordinator(self):
		ours = self.with_history(
			lambda: statements(
				lambda _nothing: places.apply_for(
					self.opportunity.name, self.person.name, hopes="To learn", recorded_how="Phone"
				),
				user=factories.staff(roles.COORDINATOR),
			),
			self.add_history,
			"applying for somebody",
		)
		self.assertWithin(ours, self.floor(), 4, "applying for somebody")

	def test_a_yes_with_its_engagement(self):
		"""Two locks come first: the opportunity's row and the participant's."""
		offer = factories.offer(self.opportunity, self.person)

		def yes_twice_as_bare(pair):
			application, engagement = pair
			application = frappe.get_doc(application.doctype, application.name, for_update=True)
			application.status = "Accepted"
			twins.save(application)
			twins.insert(engagement)
			frappe.db.set_value(
				OPPORTUNITY, self.opportunity.name, "places_confirmed", 1, update_modified=False
			)

		engaged = factories.engagement(factories.opportunity("Published"), factories.participant())
		floor = statements(
			yes_twice_as_bare,
			lambda: (twins.of(offer), frappe.get_doc(twins.values(engaged))),
		)
		ours = self.with_history(
			lambda: statements(lambda _nothing: places.accept(offer.name), user=self.person.user),
			lambda: (
				self.add_history(),
				history.copies(
					ENGAGEMENT, engaged.name, EARLIER, participant=self.person.name, status="Completed"
				),
			),
			"saying yes",
		)
		# a row of the outbox: the place is confirmed
		self.assertWithin(ours, floor, 1 + 4, "saying yes")


class TestSteps(BudgetTestCase):
	"""A change of state by `lifecycle` without a Workflow: at most get_doc and save of the twin, and three."""

	def floor(self, doc, **changes):
		def save(name):
			twin = frappe.get_doc(twins.name_of(doc.doctype), name)
			twin.update(changes)
			twins.save(twin)

		return statements(save, lambda: twins.of(doc).name)

	def ours(self, doc, action: str, user: str, **values):
		return statements(
			lambda _nothing: lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action, **values),
			user=user,
		)

	def test_an_application_is_put_on_the_waiting_list(self):
		doc = factories.application(factories.opportunity("Published"), factories.participant())
		ours = self.ours(doc, "Put on the waiting list", factories.staff(roles.COORDINATOR))
		self.assertWithin(ours, self.floor(doc, status="Waiting list"), 3, "waiting list")

	def test_an_application_is_declined_by_the_person(self):
		person = factories.participant(portal=True)
		doc = factories.application(factories.opportunity("Published"), person)
		ours = self.ours(doc, "No thank you", person.user)
		self.assertWithin(ours, self.floor(doc, status="Not going ahead"), 3, "no thank you")

	def test_not_this_time_with_a_message(self):
		doc = factories.application(factories.opportunity("Published"), factories.participant())
		ours = self.ours(doc, "Not this time", factories.staff(roles.COORDINATOR), kind_words="Thank you")
		self.assertWithin(
			ours, self.floor(doc, status="Not selected", kind_words="Thank you"), 1 + 3, "not this time"
		)

	def test_an_engagement_completes(self):
		doc = factories.engagement(factories.opportunity("Published"), factories.participant())
		ours = self.ours(doc, "Complete", factories.staff(roles.COORDINATOR))
		# a row of the outbox: everybody is thanked
		self.assertWithin(ours, self.floor(doc, status="Completed"), 1 + 3, "complete")

	def test_a_participant_pauses(self):
		doc = factories.participant()
		ours = self.ours(doc, "Pause", factories.staff(roles.COORDINATOR))
		self.assertWithin(ours, self.floor(doc, status="Paused"), 3, "pause")

	def test_a_session_is_cancelled(self):
		opportunity = factories.opportunity("Published")
		doc = frappe.get_doc(SESSION, {"opportunity": opportunity.name})
		ours = self.ours(doc, "Cancel session", factories.staff(roles.COORDINATOR))
		self.assertWithin(ours, self.floor(doc, status="Cancelled"), 3, "cancel session")

	def test_a_payment_is_returned(self):
		doc = payment_factories.checked()
		ours = self.ours(doc, "Return", payment_factories.budget_holder(), note="Two hours or three?")
		floor = self.floor(doc, status="Returned", note="Two hours or three?")
		self.assertWithin(ours, floor, 1 + 3, "return a payment")

	def test_a_payment_is_approved(self):
		doc = payment_factories.checked()

		def submit(name):
			twin = frappe.get_doc(twins.name_of(PAYMENT), name)
			twin.status = "Approved"
			twin.submit()

		floor = statements(submit, lambda: twins.of(doc).name)
		ours = self.ours(doc, "Approve", payment_factories.budget_holder())
		# a row of the outbox: the person is told when it comes
		self.assertWithin(ours, floor, 1 + 3, "approve a payment")


class TestStepsWithAWorkflow(BudgetTestCase):
	"""At most the twin with the same Workflow and steps, and fifteen."""

	def test_an_opportunity_is_written(self):
		author = factories.staff(roles.OWNER)
		stored = factories.opportunity()
		again = {**stored.as_dict(no_default_fields=True), "doctype": OPPORTUNITY, "gates": []}
		ours = statements(lambda doc: doc.insert(), lambda: frappe.get_doc(again), user=author)
		floor = statements(
			lambda twin: twin.insert(), lambda: frappe.get_doc(twins.values(stored)), user=author
		)
		self.assertWithin(ours, floor, 15, "a new opportunity")

	def test_an_opportunity_goes_to_published(self):
		for warming in (True, False):
			doc = factories.opportunity()
			twin = twins.of(doc)
			for action, user in (
				("Submit for approval", factories.staff(roles.OWNER)),
				("Approve", factories.staff(roles.MANAGER)),
				("Publish", factories.staff(roles.COORDINATOR)),
			):
				ours, floor = self.both(doc, twin, action, user)
				with self.subTest(action):
					if not warming:
						made = bare_session(doc) if action == "Publish" else []
						self.assertWithin(ours, floor + made, 15, f"opportunity: {action}")

	def test_a_batch_goes_to_confirmed(self):
		for count, warming in ((1, True), (1, False), (20, False)):
			doc = payment_factories.batch(*self.approved(count))
			twin = twins.of(doc)
			for action, user in (
				("Lock", payment_factories.officer()),
				("Authorise", payment_factories.authoriser()),
				("Export", payment_factories.officer()),
				("Confirm", payment_factories.officer()),
			):
				ours, floor = self.both(doc, twin, action, user)
				# confirming tells each person: a row of the outbox each
				rows = count if action == "Confirm" else 0
				with self.subTest(action, lines=count):
					if not warming:
						self.assertWithin(ours, floor, rows + 15, f"batch of {count}: {action}")

	def test_a_claim_goes_to_approved(self):
		"""Approving makes the payment and tells the person: a row each."""
		lines = [factories.journey(10 + number) for number in range(3)]
		for warming in (True, False):
			doc = payment_factories.claimed(*lines)
			twin = twins.of(doc)
			ours, floor = self.both(doc, twin, "Check", factories.staff(roles.COORDINATOR))
			if not warming:
				self.assertWithin(ours, floor, 15, "claim: Check")
			ours, floor = self.both(doc, twin, "Approve", payment_factories.budget_holder())
			if not warming:
				self.assertWithin(ours, floor + bare_payment(doc), 1 + 15, "claim: Approve")

	def test_it_does_not_grow_with_those_who_could_act_next(self):
		"""Budget holders of other units: none of them may read the claim."""

		def check(doc) -> None:
			apply_workflow(frappe.get_doc(CLAIM, doc.name).as_dict(), "Check")

		def checked() -> list[str]:
			return taken(check, payment_factories.claimed(), factories.staff(roles.COORDINATOR))

		checked()
		few = checked()
		for _each in range(5):
			factories.user(roles.BUDGET_HOLDER)
		checked()
		self.assertSameCount(few, checked(), "claim: Check")

	def approved(self, count: int) -> list:
		"""Payments of `count` people, one made by the rules and the others like it."""
		payment = payment_factories.approved()
		others = [
			history.copies(PAYMENT, payment.name, 1, participant=person)[0]
			for person in like(payment.participant, count - 1)
		]
		return [payment, *(frappe.get_doc(PAYMENT, name) for name in others)]

	def both(self, doc, twin, action: str, user: str) -> tuple[list[str], list[str]]:
		"""Ours and the floor, taken for good."""

		def take(stored):
			apply_workflow(frappe.get_doc(stored.doctype, stored.name).as_dict(), action)

		floor = taken(take, twin, user)
		return taken(take, doc, user), floor


def bare_session(opportunity) -> list[str]:
	"""Publishing makes the sessions: the floor under one of them."""
	date = opportunity.dates[0]
	session = frappe.new_doc(SESSION)
	session.update({"opportunity": opportunity.name, "lead": opportunity.lead, "unit": opportunity.unit})
	session.update({"starts_on": date.starts_on, "ends_on": date.ends_on, "place": date.place})
	return statements(twins.insert, lambda: frappe.get_doc(twins.values(session)))


def bare_payment(claim) -> list[str]:
	"""Approving a claim makes its payment: the floor under it."""
	payment = payment_factories.payment_of(claim)
	return statements(twins.insert, lambda: frappe.get_doc(twins.values(payment)))


class TestAttendance(BudgetTestCase):
	def test_what_a_session_owes(self):
		"""One payment for each who came: the twins of session and payments, and fifteen, however many came."""
		for count in (1, 20):
			with self.subTest(came=count):
				ours, floor = self.recorded(count)
				self.assertWithin(ours, floor, 15, f"attendance of {count}")

	def recorded(self, count: int):
		opportunity = payment_factories.opportunity(places=max(count, 2), budget=100000)
		engagement = factories.engagement(opportunity, factories.participant())
		for person in like(engagement.participant, count - 1):
			history.copies(ENGAGEMENT, engagement.name, 1, participant=person)
		name = frappe.db.get_value(SESSION, {"opportunity": opportunity.name})
		begun = add_to_date(now_datetime(), days=-1)
		frappe.db.set_value(SESSION, name, {"starts_on": begun, "ends_on": add_to_date(begun, hours=2)})
		session = frappe.get_doc(SESSION, name)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			session.fill_attendance()
			for row in session.attendance:
				row.attendance, row.hours = "Attended", 2
			session.save()
		ours = statements(
			lambda _nothing: lifecycle.apply(frappe.get_doc(SESSION, name), "Record attendance"),
			user=factories.staff(roles.COORDINATOR),
		)
		return ours, self.bare(session, count)

	def bare(self, session, count: int) -> list[str]:
		payment = payment_factories.checked()

		def record(name):
			twin = frappe.get_doc(twins.name_of(SESSION), name)
			twin.status = "Held"
			twins.save(twin)
			for _number in range(count):
				twins.insert(frappe.get_doc(twins.values(payment)))

		return statements(record, lambda: twins.of(session).name)


class TestLists(BudgetTestCase):
	"""A list of twenty is one statement for everybody who may read it, whatever the criterion, and one more where
	User Permissions make Frappe ask for shares."""

	LENGTH = 20

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.matrix = json.loads(
			Path(frappe.get_app_path("involvement_app", "permissions", "matrix.json")).read_text()
		)
		cls.unit = factories.unit()
		for doctype in cls.listed():
			history.bare_rows(doctype, 25)

	@classmethod
	def listed(cls) -> list[str]:
		return [
			doctype
			for doctype, granted in cls.matrix.items()
			if any("read" in rights for rights in granted.values()) and not frappe.get_meta(doctype).issingle
		]

	def readers(self):
		for doctype in self.listed():
			for role, rights in self.matrix[doctype].items():
				if "read" in rights and role in roles.DESK_ROLES:
					yield doctype, factories.staff(role)

	def ask(self, doctype: str, length: int):
		return lambda _nothing: frappe.get_list(doctype, fields=["*"], limit=length)

	def test_one_statement_for_one_row_and_for_twenty(self):
		for doctype, user in self.readers():
			for length in (1, self.LENGTH):
				with self.subTest(doctype, user=user, rows=length):
					self.assertWithin(statements(self.ask(doctype, length), user=user), [], 1, doctype)

	def test_one_more_within_units(self):
		for user in {user for _doctype, user in self.readers()}:
			self.addCleanup(frappe.clear_cache, user=user)  # Redis does not roll back
			factories.limit(user, self.unit)
		for doctype, user in self.readers():
			with self.subTest(doctype, user=user):
				self.assertWithin(statements(self.ask(doctype, self.LENGTH), user=user), [], 2, doctype)


class TestBenchmarks(BudgetTestCase):
	"""What benchmarks/ measures runs, at a tiny size; the twins are there already."""

	def test_every_row_runs(self):
		try:
			from benchmarks import rows, stopwatch, world
		except ImportError:
			self.skipTest("the benchmarks are not installed with the package")
		tiny = world.World(100, lines=2)
		for row in rows.ROWS:
			for work in filter(None, (row.ours, row.floor)):
				with self.subTest(row.name):
					rows.made_anew()
					stopwatch.once(work(tiny))
		self.assertIn("| ratio |", stopwatch.table([]))


class TestExpenses(BudgetTestCase):
	"""A claim of three lines, handed in and approved, without a Workflow: 45 statements at most, 3 for each line more."""

	WHOLE, A_LINE = 45, 3

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.person = factories.participant()
		cls.unit = payment_factories.unit()
		payment_factories.approved_claim(person=cls.person, unit=cls.unit)

	def setUp(self):
		super().setUp()
		frappe.db.set_value("Workflow", payment_factories.CLAIM, "is_active", 0)
		frappe.clear_cache(doctype=payment_factories.CLAIM)
		self.addCleanup(frappe.clear_cache, doctype=payment_factories.CLAIM)

	def lines(self, count: int) -> list[dict]:
		return [factories.journey(10 + number) for number in range(count)]

	def inserted(self, count: int) -> list[str]:
		values = {
			"doctype": payment_factories.CLAIM,
			"participant": self.person.name,
			"unit": self.unit,
			"recorded_how": "Phone",
			"lines": self.lines(count),
		}
		return statements(
			lambda _nothing: frappe.get_doc(frappe.parse_json(frappe.as_json(values))).insert(),
			user=factories.staff(roles.COORDINATOR),
		)

	def submitted(self, count: int) -> list[str]:
		def prepare():
			claim = payment_factories.checked_claim(*self.lines(count), person=self.person, unit=self.unit)
			return frappe.get_doc(claim.doctype, claim.name)

		return statements(
			lambda claim: lifecycle.apply(claim, "Approve"), prepare, user=payment_factories.budget_holder()
		)

	def add_history(self):
		claim = frappe.get_all(payment_factories.CLAIM, {"participant": self.person.name}, pluck="name")[0]
		history.copies(payment_factories.CLAIM, claim, EARLIER, status="Paid", docstatus=1)

	def test_three_lines_and_each_line_more(self):
		def measure():
			return [*self.inserted(3), *self.submitted(3)]

		three = self.with_history(measure, self.add_history, "a claim")
		self.assertLessEqual(len(three), self.WHOLE, "\n".join(three))
		eight = [*self.inserted(8), *self.submitted(8)]
		self.assertLessEqual(len(eight) - len(three), 5 * self.A_LINE, "\n".join(eight))
