"""Domain 5.2: money is asked for once and sent once, whoever clicks at the same moment."""

from collections import Counter

import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places
from involvement_app.involvement_payments.accrual import PaymentOnItsWay
from involvement_app.involvement_payments.transfers import NotReady
from involvement_app.money import total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.races.connections import (
	RaceTestCase,
	at_once,
	on_the_bench,
)
from involvement_app.tests.races.test_last_place import MADE

PAYMENTS = (
	"Involvement Payment Batch Line",
	"Involvement Payment Batch",
	"Involvement Payment",
	"Involvement Session Attendance",
	"Comment",
	"File",
)


class PaymentRace(RaceTestCase):
	made_doctypes = (*PAYMENTS, *MADE)


@on_the_bench
class TestOverlappingBatches(PaymentRace):
	@classmethod
	def arrange(cls):
		cls.names = [payment.name for payment in pay.approved_many(3)]

	def test_a_payment_is_in_one_batch_at_most(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		payments = [frappe.get_doc(pay.PAYMENT, name) for name in self.names]
		overlapping = [
			pay.batch(payments[0], payments[1]),
			pay.batch(payments[1], payments[2]),
			pay.batch(payments[2], payments[0]),
		]
		self.show()
		outcomes = at_once([(pay.officer(), _lock(batch.name)) for batch in overlapping], isolation)
		self.see()
		self.assertEqual(
			Counter("Locked" if outcome == "Locked" else type(outcome).__name__ for outcome in outcomes),
			{"Locked": 1, NotReady.__name__: 2},
		)
		winner = overlapping[outcomes.index("Locked")]
		self.assertEqual(
			set(frappe.get_all(pay.PAYMENT, {"batch": ["is", "set"]}, pluck="name")),
			{line.payment for line in winner.lines},
		)
		scheduled = frappe.get_all(pay.PAYMENT, {"status": "Scheduled"}, pluck="batch")
		self.assertEqual(scheduled, [winner.name] * 2)
		pay.take(winner, "Void")
		self.show()


@on_the_bench
class TestAttendanceAtOnce(PaymentRace):
	def test_two_people_recording_one_session(self):
		self.each_time(self.one_session)

	def one_session(self, isolation: str) -> None:
		place = pay.opportunity()
		engagement = factories.engagement(place, factories.participant())
		[session] = _ready(place)
		self.show()
		outcomes = at_once([(factories.staff(roles.COORDINATOR), _record(session))] * 3, isolation)
		self.see()
		self.assertEqual(outcomes.count("Held"), 1, outcomes)
		self.assertEqual([row.amount for row in pay.payments(engagement)], [30])

	def test_two_sessions_of_somebody_who_wants_less(self):
		self.each_time(self.two_sessions)

	def two_sessions(self, isolation: str) -> None:
		place = pay.opportunity(sessions=2)
		engagement = factories.engagement(place, factories.participant(), "Lower amount", 40)
		sessions = _ready(place)
		self.show()
		outcomes = at_once(
			[(factories.staff(roles.COORDINATOR), _record(name)) for name in sessions], isolation
		)
		self.see()
		self.assertEqual(outcomes, ["Held", "Held"])
		payments = pay.payments(engagement)
		self.assertEqual((len(payments), total(row.amount for row in payments)), (2, 40))


@on_the_bench
class TestChoiceAgainstLock(PaymentRace):
	def test_either_the_choice_came_in_time_or_the_person_is_told(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		person = factories.participant(portal=True)
		payment = pay.approved(person)
		batch = pay.batch(payment)
		self.show()
		chosen, locked = at_once(
			[(person.user, _choose(payment.engagement, "Decline")), (pay.officer(), _lock(batch.name))],
			isolation,
		)
		self.see()
		status = frappe.db.get_value(pay.PAYMENT, payment.name, "status")
		choice = frappe.db.get_value("Involvement Engagement", payment.engagement, "payment_choice")
		if locked == "Locked":
			self.assertIsInstance(chosen, PaymentOnItsWay)
			self.assertEqual((status, choice), ("Scheduled", "Full"))
		else:
			self.assertIsInstance(locked, frappe.ValidationError)
			self.assertEqual((chosen, status, choice), ("chosen", "Void", "Decline"))


def _lock(batch: str):
	@lifecycle.retry_on_deadlock
	def lock():
		return lifecycle.apply(frappe.get_doc(pay.BATCH, batch), "Lock").status

	return lock


def _ready(opportunity) -> list[str]:
	"""The opportunity's sessions, begun, with everybody's attendance filled in and not yet recorded."""
	names = frappe.get_all(
		"Involvement Session", {"opportunity": opportunity.name}, pluck="name", order_by="starts_on, name"
	)
	for number, name in enumerate(names):
		start = add_to_date(now_datetime().replace(microsecond=0), days=number - 30)
		times = {"starts_on": start, "ends_on": add_to_date(start, hours=2)}
		frappe.db.set_value("Involvement Session", name, times, update_modified=False)
		session = frappe.get_doc("Involvement Session", name)
		session.fill_attendance()
		for row in session.attendance:
			row.attendance, row.hours = "Attended", 2
		session.save()
	return names


def _record(session: str):
	@lifecycle.retry_on_deadlock
	def record():
		return lifecycle.apply(frappe.get_doc("Involvement Session", session), "Record attendance").status

	return record


def _choose(engagement: str, choice: str):
	@lifecycle.retry_on_deadlock
	def choose():
		places.change_choice(engagement, choice)
		return "chosen"

	return choose


@on_the_bench
class TestTwoLockOneBatch(PaymentRace):
	"""Domain 5.2: two officers lock the same batch at once, and overlapping ones whose lines go to accounts."""

	made_doctypes = (
		*PaymentRace.made_doctypes,
		"Participant Bank Detail",
		"Bank File Layout",
		"Involvement Message",
	)

	@classmethod
	def arrange(cls):
		payments = pay.approved_many(2)
		cls.names = [payment.name for payment in payments]
		for payment in payments:
			person = frappe.get_doc("Involvement Participant", payment.participant)
			factories.participant_bank_detail(person, "Active")
		factories.bank_file_layout(in_use=1)
		cls.second = factories.another(roles.FINANCE_OFFICER)

	def test_one_batch_by_two(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		batch = pay.batch(*[frappe.get_doc(pay.PAYMENT, name) for name in self.names])
		self.show()
		outcomes = at_once([(pay.officer(), _lock(batch.name)), (self.second, _lock(batch.name))], isolation)
		self.see()
		self.assertEqual(outcomes.count("Locked"), 1, outcomes)
		lines = frappe.get_all("Involvement Payment", {"name": ["in", self.names]}, ["status", "batch"])
		self.assertEqual({(line.status, line.batch) for line in lines}, {("Scheduled", batch.name)})
		locked = frappe.get_doc("Involvement Payment Batch", batch.name)
		self.assertTrue(all(line.bank_detail for line in locked.lines))
		pay.take(locked, "Void")
		self.show()
