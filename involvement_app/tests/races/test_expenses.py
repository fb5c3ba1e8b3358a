"""Domain 5.2: miles are counted once, in whatever order the claims of one person are approved at the same moment."""

import frappe

from involvement_app import clean_files, lifecycle
from involvement_app.involvement_payments import advances, claims, large, mileage
from involvement_app.involvement_payments.claims import sending
from involvement_app.money import total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.factories import journey
from involvement_app.tests.races.connections import RaceTestCase, at_once, on_the_bench
from involvement_app.tests.races.test_last_place import MADE

CLAIMS = (
	"Involvement Expense Claim Line",
	"Involvement Expense Claim",
	"Involvement Payment Batch Line",
	"Involvement Payment Batch",
	"Involvement Payment",
	"Comment",
)


@on_the_bench
class TestTheThreshold(RaceTestCase):
	made_doctypes = (*CLAIMS, *MADE)

	def test_parallel_approvals_that_cross_it_add_up_to_the_penny(self):
		self.each_time(self.once)

	def once(self, isolation: str) -> None:
		"""9,980 miles are driven; three claims of 15, 25.5 and 40.3 miles wait, approved by two people at once."""
		holders = [factories.staff(roles.BUDGET_HOLDER), factories.another(roles.BUDGET_HOLDER)]
		units = [factories.unit(budget_holder=holder) for holder in holders]
		person = factories.participant()
		driven = pay.approved_claim(journey(10), person=person, unit=units[0])
		key = mileage.key(person.name, frappe.utils.today(), "Car or van")
		frappe.db.set_value(claims.LINE, {"parent": driven.name}, {"miles": 9980, "mileage_key": key})
		waiting = [
			pay.checked_claim(journey(miles), person=person, unit=units[number % 2])
			for number, miles in enumerate((15, 25.5, 40.3))
		]
		self.show()
		outcomes = at_once(
			[(holders[number % 2], _approve(claim.name)) for number, claim in enumerate(waiting)], isolation
		)
		self.see()
		self.assertEqual(outcomes, ["Approved"] * 3)
		paid = frappe.get_all(
			pay.PAYMENT, {"claim": ["in", [claim.name for claim in waiting]]}, pluck="amount"
		)
		# 20 miles at 45p, the other 60.8 at 25p
		self.assertEqual((len(paid), total(paid)), (3, total(["9.00", "15.20"])))

	def test_taken_back_while_another_is_approved(self):
		"""Whichever comes first: what is left is worth what it would be had the other never been."""
		self.each_time(self.taken_back)

	def taken_back(self, isolation: str) -> None:
		person, unit = factories.participant(), pay.unit()
		gone = pay.approved_claim(journey(10), person=person, unit=unit)
		key = mileage.key(person.name, frappe.utils.today(), "Car or van")
		frappe.db.set_value(claims.LINE, {"parent": gone.name}, {"miles": 9980, "mileage_key": key})
		waits = pay.checked_claim(journey(40.3), person=person, unit=unit)
		self.show()
		outcomes = at_once(
			[(pay.officer(), _cancel(gone.name)), (pay.budget_holder(), _approve(waits.name))], isolation
		)
		self.see()
		self.assertEqual(outcomes, ["Cancelled", "Approved"])
		of_it = frappe.get_all(pay.PAYMENT, {"claim": waits.name, "status": ["!=", "Void"]}, pluck="amount")
		# 40.3 miles at 45p, in one payment or in two
		self.assertEqual(total(of_it), total(["18.14"]))
		self.assertEqual(frappe.db.get_value(pay.CLAIM, waits.name, "to_pay"), 18.14)

	def test_a_double_click_on_approve_makes_one_payment(self):
		self.each_time(self.approved_twice)

	def approved_twice(self, isolation: str) -> None:
		claim = pay.checked_claim(journey(10), person=factories.participant(), unit=pay.unit())
		self.show()
		outcomes = at_once([(pay.budget_holder(), _approve(claim.name))] * 3, isolation)
		self.see()
		self.assertEqual(outcomes.count("Approved"), 1, outcomes)
		self.assertEqual(frappe.get_all(pay.PAYMENT, {"claim": claim.name}, pluck="amount"), [4.5], outcomes)

	def test_a_job_that_runs_again_locks_once(self):
		self.each_time(self.replayed)

	def replayed(self, isolation: str) -> None:
		claim = pay.approved_claim(journey(10), person=factories.participant(), unit=pay.unit())
		batch = pay.batch(pay.payment_of(claim))
		self.show()
		at_once([(pay.officer(), _job(batch.name))] * 3, isolation)
		at_once([(pay.officer(), _job(batch.name))], isolation)  # and once more, when it was done
		self.see()
		self.assertEqual(frappe.db.get_value(pay.BATCH, batch.name, "status"), "Locked")
		self.assertEqual(
			frappe.get_all(pay.PAYMENT, {"claim": claim.name}, ["status", "batch", "amount"], as_list=True),
			(("Scheduled", batch.name, 4.5),),
		)
		self.assertEqual(frappe.db.get_value(pay.CLAIM, claim.name, "status"), "Scheduled")

	def test_the_same_form_twice_is_one_claim(self):
		self.each_time(self.twice)

	def twice(self, isolation: str) -> None:
		person = factories.participant(portal=True)
		self.show()
		outcomes = at_once([(person.user, _send(person.name))] * 3, isolation)
		self.see()
		self.assertEqual(frappe.db.count(pay.CLAIM, {"participant": person.name}), 1, outcomes)
		self.assertEqual([type(each).__name__ for each in outcomes].count("SentTwice"), 2, outcomes)


@on_the_bench
class TestOneReceipt(RaceTestCase):
	"""Domain 4.6: sent by two people at once and checked at once, a receipt is paid to neither without a reason."""

	made_doctypes = ("File", *CLAIMS, *MADE)

	def test_two_people_at_once(self):
		self.each_time(self.sent)

	def sent(self, isolation: str) -> None:
		people = [factories.participant(portal=True) for _each in range(2)]
		unit = pay.unit()
		content = factories.pdf() + frappe.generate_hash().encode()
		self.show()
		at_once([(person.user, _send_ticket(person.name, content, unit)) for person in people], isolation)
		self.see()
		names = frappe.get_all(
			pay.CLAIM, {"participant": ["in", [person.name for person in people]]}, pluck="name"
		)
		self.assertEqual(len(names), 2)
		outcomes = at_once([(factories.staff(roles.COORDINATOR), _check(name)) for name in names], isolation)
		self.see()
		self.assertEqual([type(each).__name__ for each in outcomes], ["TransitionError"] * 2, outcomes)


@on_the_bench
class TestOneAdvance(RaceTestCase):
	made_doctypes = (*CLAIMS, *MADE)

	def test_asked_for_by_two_it_is_one(self):
		self.each_time(self.asked)

	def asked(self, isolation: str) -> None:
		person = factories.participant()
		unit = pay.unit()
		self.show()
		outcomes = at_once([(factories.staff(roles.COORDINATOR), _ask(person.name, unit))] * 3, isolation)
		self.see()
		self.assertEqual([type(each).__name__ for each in outcomes].count("NoAdvance"), 2, outcomes)
		self.assertEqual(frappe.db.count(pay.PAYMENT, {"participant": person.name}), 1)

	def test_two_claims_settle_it_once(self):
		self.each_time(self.settled)

	def settled(self, isolation: str) -> None:
		person, unit = factories.participant(), pay.unit()
		waiting = [pay.checked_claim(journey(100), person=person, unit=unit) for _each in range(2)]
		with self.as_user(factories.staff(roles.COORDINATOR)):
			name = advances.propose(person.name, 30, frappe.utils.today(), "A train ticket", unit)
		# test set-up: it came, and both claims say so
		frappe.db.set_value(pay.PAYMENT, name, {"status": "Paid", "docstatus": 1})
		for claim in waiting:
			frappe.db.set_value(pay.CLAIM, claim.name, {"advance_payment": name, "advance": 30, "to_pay": 15})
		self.show()
		outcomes = at_once([(pay.budget_holder(), _approve(claim.name)) for claim in waiting], isolation)
		self.see()
		self.assertEqual(outcomes.count("Approved"), 1, outcomes)
		settled = frappe.get_all(pay.PAYMENT, {"participant": person.name}, ["kind", "amount", "claim"])
		self.assertEqual(total(row.amount for row in settled), 45)
		self.assertEqual({row.claim for row in settled}, {waiting[outcomes.index("Approved")].name})


def _ask(participant: str, unit: str):
	@lifecycle.retry_on_deadlock
	def ask():
		return advances.propose(participant, 30, frappe.utils.today(), "A train ticket", unit)

	return ask


def _cancel(name: str):
	@lifecycle.retry_on_deadlock
	def cancel():
		return lifecycle.apply(frappe.get_doc(pay.CLAIM, name), "Cancel claim", note="Twice").status

	return cancel


def _job(batch: str):
	@lifecycle.retry_on_deadlock
	def job():
		return large.run(batch, "Lock")

	return job


def _approve(name: str):
	@lifecycle.retry_on_deadlock
	def approve():
		return lifecycle.apply(frappe.get_doc(pay.CLAIM, name), "Approve").status

	return approve


def _send_ticket(participant: str, content: bytes, unit: str):
	line = {"expense_type": factories.BUS, "spent_on": frappe.utils.today(), "amount": 3.5}

	@lifecycle.retry_on_deadlock
	def send():
		files = {1: clean_files.made_anew("ticket.pdf", content)}
		return sending.send(participant, [line], files, once=participant, unit=unit)

	return send


def _check(name: str):
	@lifecycle.retry_on_deadlock
	def check():
		return lifecycle.apply(frappe.get_doc(pay.CLAIM, name), "Check").status

	return check


def _send(participant: str):
	@lifecycle.retry_on_deadlock
	def send():
		return sending.send(participant, [journey()], {}, once="one form")

	return send
