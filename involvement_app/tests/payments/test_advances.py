"""Money that somebody is given before they spend it (domain 4.6): one payment of its own, and settled by a claim."""

import frappe
import frappe.client
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import to_do
from involvement_app.involvement_payments import advances, claims, corrections, mileage, reversals, statements
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.money import total
from involvement_app.portal import expense_reads
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.factories import agreed

PAYMENT, CLAIM = pay.PAYMENT, pay.CLAIM
WORDS = "A train ticket"


class TestAdvances(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant()

	def payments(self, **filters) -> list:
		return frappe.get_all(
			PAYMENT,
			{"participant": self.person.name, **filters},
			["kind", "amount", "status", "claim", "settled_on"],
			order_by="creation",
		)

	def propose(self, by: str | None = None, person=None, **values):
		values = {"amount": 30, "needed_on": today(), "what_for": WORDS, "unit": pay.unit(), **values}
		with self.as_user(by or factories.staff(roles.COORDINATOR)):
			return advances.propose((person or self.person).name, **values)

	def spent(self, *amounts: float):
		return pay.approved_claim(*(agreed(amount) for amount in amounts), person=self.person)

	def test_it_goes_the_way_of_every_other_payment(self):
		doc = pay.advance(self.person)
		self.assertEqual(
			(doc.kind, doc.status, doc.amount, doc.settled_on, doc.approved_by),
			("Advance", "Paid", 30, None, pay.budget_holder()),
		)

	def test_what_is_beyond_it_is_paid(self):
		doc = pay.advance(self.person)
		claim = self.spent(42.5)
		self.assertEqual((claim.advance_payment, claim.advance, claim.to_pay), (doc.name, 30, 12.5))
		self.assertEqual(pay.payment_of(claim).amount, 12.5)
		doc.reload()
		self.assertEqual((str(doc.settled_on), doc.claim), (today(), claim.name))

	def test_what_is_left_of_it_is_taken_back(self):
		pay.advance(self.person)
		claim = self.spent(22)
		self.assertEqual((claim.to_pay, claim.payment), (0, None))
		(rest,) = self.payments(kind="Correction")
		self.assertEqual((rest.amount, rest.status, rest.claim), (-8, "Checked", claim.name))
		# given back, as every correction
		doc = pay.approve(frappe.get_last_doc(PAYMENT, {"kind": "Correction", "claim": claim.name}))
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, doc.name), "Paid back", proof="Cash, receipt 12")
		self.assertEqual(total(row.amount for row in self.payments()), 22)

	def test_to_the_penny_nothing_is_left_and_nothing_is_paid(self):
		pay.advance(self.person)
		self.spent(10, 20)
		self.assertEqual([row.kind for row in self.payments()], ["Advance"])

	def test_nobody_is_given_a_second_one_before(self):
		first = self.propose()
		with self.assertRaisesRegex(advances.NoAdvance, "not accounted for"):
			self.propose()
		with self.as_user(pay.budget_holder()):
			lifecycle.apply(frappe.get_doc(PAYMENT, first), "Reject", note="Not this time")
		self.assertTrue(self.propose())

	def test_one_claim_settles_it_and_no_other(self):
		pay.advance(self.person)
		first, second = (pay.checked_claim(agreed(40), person=self.person) for _each in range(2))
		self.assertEqual((first.advance, second.advance or 0), (30, 0))
		frappe.db.set_value(CLAIM, second.name, {"advance": 30, "advance_payment": first.advance_payment})
		pay.approve_claim(first)
		with self.assertRaisesRegex(TransitionError, "accounted for elsewhere"):
			pay.approve_claim(second)
		# sent back to the person, and checked again, it is right
		pay.take_claim(second, "Return", pay.budget_holder(), note="The advance is gone")
		coordinator = factories.staff(roles.COORDINATOR)
		pay.take_claim(second, "Send again", coordinator)
		second = pay.take_claim(second, "Check", pay.checker_of(second))
		self.assertEqual((second.advance_payment, second.advance, second.to_pay), (None, 0, 40))

	def test_a_claim_that_does_not_go_ahead_gives_it_free(self):
		doc = pay.advance(self.person)
		rejected = pay.claimed(agreed(40), person=self.person)
		pay.take_claim(rejected, "Reject", factories.staff(roles.COORDINATOR), note="Booked by us")
		cancelled = self.spent(22)
		pay.take_claim(cancelled, "Cancel claim", pay.officer(), note="Twice")
		doc.reload()
		self.assertEqual((doc.settled_on, doc.claim), (None, None))
		self.assertEqual([row.status for row in self.payments(kind="Correction")], ["Void"])
		self.assertEqual(self.spent(25).advance_payment, doc.name)
		self.assertEqual([row.amount for row in self.payments(kind="Correction", status="Checked")], [-5])

	def test_a_claim_whose_payment_is_made_void_gives_it_free(self):
		"""In its batch, or once the bank has sent it back: what was spent is claimed again, and the advance taken off it."""
		doc = pay.advance(self.person)
		in_batch = self.spent(42)
		payment = pay.payment_of(in_batch)
		batch = pay.take(pay.batch(payment, pay.approved()), "Lock")
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, payment.name, "Twice", void=1)
		failed = self.spent(43)
		self.assertEqual((failed.advance_payment, failed.to_pay), (doc.name, 13))
		payment = pay.payment_of(failed)
		batch = pay.take(pay.batch(payment), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, payment.name, "No such account")
			lifecycle.apply(pay.payment_of(failed), "Void", note="Twice")
		for claim in (in_batch, failed):
			self.assertEqual(frappe.db.get_value(CLAIM, claim.name, "status"), "Cancelled")
		doc.reload()
		self.assertEqual((doc.settled_on, doc.claim), (None, None))
		again = self.spent(44)
		self.assertEqual((again.advance_payment, again.to_pay), (doc.name, 14))

	def test_once_the_rest_came_back_the_claim_stays(self):
		"""What came back is not taken back a second time, by no claim after it."""
		doc = pay.advance(self.person)
		claim = self.spent(22)
		rest = frappe.get_last_doc(PAYMENT, {"corrects": doc.name})
		pay.approve(rest)
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, rest.name), "Paid back", proof="Cash, receipt 12")
		with self.assertRaisesRegex(TransitionError, f"{rest.name}.*Repaid"):
			pay.take_claim(claim, "Cancel claim", pay.officer(), note="Twice")
		self.assertEqual(str(frappe.db.get_value(PAYMENT, doc.name, "settled_on")), today())
		# a row that was opened before this was refused
		frappe.db.set_value(PAYMENT, doc.name, {"settled_on": None, "claim": None})
		frappe.db.set_value(CLAIM, claim.name, "status", "Cancelled")
		self.spent(5)
		self.assertEqual([row.amount for row in self.payments(kind="Correction")], [-8, -17])

	def test_what_came_back_before_the_claim_keeps_nobody_from_cancelling_it(self):
		"""Two parts of “nothing was spent”: one was given back, the other was spent after all."""
		doc = pay.advance(self.person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			back, not_so = corrections.propose(doc.name, 30, "Did not travel", "Phone", 2)
		pay.approve(frappe.get_doc(PAYMENT, back))
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, back), "Paid back", proof="Cash, receipt 12")
		with self.as_user(pay.budget_holder()):
			lifecycle.apply(frappe.get_doc(PAYMENT, not_so), "Reject", note="They did travel")
		claim = self.spent(20)
		self.assertEqual((claim.advance, claim.to_pay), (15, 5))
		pay.take_claim(claim, "Cancel claim", pay.officer(), note="Twice")
		doc.reload()
		self.assertEqual((doc.settled_on, doc.claim), (None, None))
		self.assertEqual(self.spent(10).advance, 15)

	def test_in_a_batch_the_rest_keeps_its_claim_too(self):
		doc = pay.advance(self.person)
		claim = self.spent(22)
		rest = pay.approve(frappe.get_last_doc(PAYMENT, {"corrects": doc.name}))
		pay.take(pay.batch(rest, pay.approved(self.person)), "Lock")
		with self.assertRaisesRegex(TransitionError, f"{rest.name}.*Scheduled"):
			pay.take_claim(claim, "Cancel claim", pay.officer(), note="Twice")

	def test_given_while_the_claim_waits_it_is_taken_off_when_it_is_checked(self):
		claim = pay.claimed(agreed(40), person=self.person)
		self.assertFalse(claim.advance)
		pay.advance(self.person)
		claim = pay.take_claim(claim, "Check", pay.checker_of(claim))
		self.assertEqual((claim.advance, claim.to_pay), (30, 10))

	def test_before_it_was_paid_there_is_nothing_to_take_off(self):
		pay.advance(self.person, steps=("Lock",))
		self.assertFalse(self.spent(40).advance)

	def test_nothing_was_spent(self):
		doc = pay.advance(self.person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(corrections.CannotCorrect, "Write a claim"):
				corrections.propose(doc.name, 10, "Some of it", "Phone")
			corrections.propose(doc.name, 30, "The date was called off", "Phone")
			with self.assertRaises(corrections.CannotCorrect):
				corrections.propose(doc.name, 30, "Once more", "Phone")
		self.assertFalse(self.spent(40).advance)

	def test_while_a_claim_has_it_nobody_says_that_nothing_was_spent(self):
		doc = pay.advance(self.person)
		claim = pay.claimed(agreed(40), person=self.person)
		coordinator = factories.staff(roles.COORDINATOR)
		with self.as_user(coordinator):
			with self.assertRaisesRegex(corrections.CannotCorrect, claim.name):
				corrections.propose(doc.name, 30, "The date was called off", "Phone")
			lifecycle.apply(frappe.get_doc(CLAIM, claim.name), "Reject", note="Booked by us")
			self.assertTrue(corrections.propose(doc.name, 30, "The date was called off", "Phone"))

	def test_what_is_not_taken_back_after_all_is_open_again(self):
		"""Rejected, made void, or void in its batch."""
		doc = pay.advance(self.person)

		def settled() -> bool:
			return bool(frappe.db.get_value(PAYMENT, doc.name, "settled_on"))

		def proposed(parts: int = 1) -> list:
			with self.as_user(factories.staff(roles.COORDINATOR)):
				names = corrections.propose(doc.name, 30, "The date was called off", "Phone", parts)
			self.assertTrue(settled())
			return [frappe.get_doc(PAYMENT, name) for name in names]

		def step(payment, action: str) -> None:
			with self.as_user(pay.budget_holder()):
				lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), action, note="It was spent")

		(first,) = proposed()
		step(first, "Reject")
		self.assertFalse(settled())
		(second,) = proposed()
		step(pay.approve(second), "Void")
		self.assertFalse(settled())
		(third,) = proposed()
		pay.approve(third)
		earned = [pay.approved(self.person) for _each in range(2)]
		batch = pay.take(pay.batch(third, *earned), "Lock")
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, third.name, "It was spent", void=1)
		self.assertFalse(settled())
		self.assertEqual(self.spent(40).advance_payment, doc.name)

	def test_a_part_that_is_not_taken_back_after_all_is_open_at_once(self):
		"""Domain 4.6: the part is taken off the next claim, and what its other part takes back is not taken off twice."""
		doc = pay.advance(self.person)
		coordinator = factories.staff(roles.COORDINATOR)

		def proposed(amount: float, parts: int) -> list:
			with self.as_user(coordinator):
				names = corrections.propose(doc.name, amount, "The date was called off", "Phone", parts)
			return [frappe.get_doc(PAYMENT, name) for name in names]

		first, second = proposed(30, 2)
		pay.approve(first)
		with self.as_user(pay.budget_holder()):
			lifecycle.apply(second, "Reject", note="It was spent")
		self.assertFalse(frappe.db.get_value(PAYMENT, doc.name, "settled_on"))
		self.assertEqual(expense_reads.open_advance(self.person.name).left, 15)
		with self.assertRaisesRegex(advances.NoAdvance, "£15.00"):
			self.propose()
		with self.assertRaisesRegex(corrections.CannotCorrect, "claim of what was spent"):
			proposed(30, 1)  # half of it is on its way back
		(again,) = proposed(15, 1)
		self.assertTrue(frappe.db.get_value(PAYMENT, doc.name, "settled_on"))
		with self.as_user(pay.budget_holder()):
			lifecycle.apply(again, "Reject", note="It was spent")
		claim = self.spent(20)
		self.assertEqual((claim.advance_payment, claim.advance, claim.to_pay), (doc.name, 15, 5))
		doc.reload()
		self.assertEqual((str(doc.settled_on), doc.claim), (today(), claim.name))
		living = [row for row in self.payments() if row.status not in corrections.DROPPED]
		self.assertEqual(total(row.amount for row in living), 20)  # what was spent, and nothing beyond it

	def test_less_spent_than_the_part_that_is_open(self):
		doc = pay.advance(self.person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			names = corrections.propose(doc.name, 30, "The date was called off", "Phone", 2)
		pay.approve(frappe.get_doc(PAYMENT, names[0]))
		with self.as_user(pay.budget_holder()):
			lifecycle.apply(frappe.get_doc(PAYMENT, names[1]), "Reject", note="It was spent")
		claim = self.spent(12)
		self.assertEqual((claim.advance, claim.to_pay), (15, 0))
		living = [row for row in self.payments() if row.status not in corrections.DROPPED]
		self.assertEqual(total(row.amount for row in living), 12)

	# what the person is told

	def told(self, about) -> list[str]:
		return frappe.get_all(
			"Involvement Message",
			{"reference_name": about.name, "recipient": self.person.name},
			pluck="body",
			order_by="creation",
		)

	def test_told_what_the_advance_covered_and_what_is_paid_now(self):
		doc = pay.advance(self.person)
		approved = self.told(doc)[0]
		self.assertIn("£30.00 from us before you spend it, for this: A train ticket", approved)
		self.assertNotIn("your time", approved)
		paid = frappe.get_all(
			"Involvement Message",
			{"recipient": self.person.name, "template": "Involvement payment made"},
			pluck="body",
		)
		self.assertEqual(len(paid), 1)
		self.assertIn("£30.00 of it is money for what you will spend", paid[0])
		self.assertNotIn("Thank you for your time", paid[0])
		claim = self.spent(42.5)
		pay.take(pay.batch(pay.payment_of(claim)), "Lock", "Authorise", "Export", "Confirm")
		agreed_to, came = self.told(claim)
		self.assertIn("Your expenses of £42.50 are agreed. £30.00 of it is covered", agreed_to)
		self.assertIn("the other £12.50", agreed_to)
		self.assertIn("paid you £12.50 for your expenses", came)
		self.assertIn("£30.00 of what you spent was covered", came)

	def test_told_that_nothing_more_is_paid(self):
		pay.advance(self.person)
		(agreed_to,) = self.told(self.spent(20))
		self.assertIn("£20.00 of it is covered", agreed_to)
		self.assertIn("There is nothing more to pay", agreed_to)

	def test_told_the_sum_that_arrives_where_what_was_left_is_taken_off(self):
		"""What comes back of an advance goes off what is paid in the same transfer, and the message names what arrives."""
		pay.advance(self.person)
		self.spent(20)
		(left,) = pay.payments(participant=self.person.name, kind="Correction")
		left = pay.approve(left)
		earned = pay.approved(self.person)
		spent = self.spent(8)
		pay.take(pay.batch(left, earned, pay.payment_of(spent)), "Lock", "Authorise", "Export", "Confirm")
		time = frappe.get_all(
			"Involvement Message",
			{"recipient": self.person.name, "template": "Involvement payment made"},
			pluck="body",
			order_by="creation",
		)[-1]
		self.assertIn("paid you £28.00", time)  # £30.00 for time, £8.00 of expenses, less £10.00
		self.assertIn("Your expenses of £8.00 are in it", time)
		self.assertIn("We took off £10.00", time)

	def test_a_claim_settled_it_so_a_correction_does_not(self):
		doc = pay.advance(self.person)
		self.spent(40)
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(corrections.CannotCorrect):
			corrections.propose(doc.name, 30, "All of it", "Phone")

	def test_coordinators_and_managers_ask_for_it_and_for_nobody_else(self):
		for role in (roles.BUDGET_HOLDER, roles.FINANCE_OFFICER, roles.OWNER, factories.PORTAL):
			with self.subTest(role), self.assertRaises(frappe.PermissionError):
				self.propose(factories.staff(role))
		with self.assertRaises(frappe.PermissionError):
			self.propose("Guest")
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, factories.unit())
		with self.assertRaises(frappe.PermissionError):
			self.propose(limited)
		own = factories.another(roles.COORDINATOR)
		frappe.db.set_value(self.person.doctype, self.person.name, "user", own)
		with self.assertRaises((frappe.PermissionError, StepNotPermitted)):
			self.propose(own)

	def test_who_asked_for_it_does_not_approve_it(self):
		holder = factories.another(roles.COORDINATOR)
		frappe.get_doc("User", holder).add_roles(roles.BUDGET_HOLDER)
		name = self.propose(holder, unit=factories.unit(budget_holder=holder))
		with self.assertRaises(StepNotPermitted):
			pay.approve(frappe.get_doc(PAYMENT, name))

	def test_amounts_and_days_that_cannot_be(self):
		for values in (
			{"amount": 0},
			{"amount": -5},
			{"amount": advances.MOST + 1},
			{"what_for": "  "},
			{"needed_on": add_days(today(), -1)},
		):
			with self.subTest(**values), self.assertRaises(frappe.ValidationError):
				self.propose(**values)
		self.assertEqual(self.payments(), [])

	def test_no_request_writes_one_by_hand_or_settles_it(self):
		doc = pay.advance(self.person)
		with self.as_user(pay.officer()), self.assertRaises((frappe.PermissionError, frappe.ValidationError)):
			frappe.client.set_value(PAYMENT, doc.name, "settled_on", today())
		claim = pay.claimed(agreed(40), advance=35, advance_payment=doc.name, person=factories.participant())
		self.assertEqual((claim.advance or 0, claim.advance_payment), (0, None))

	def test_who_gets_expenses_only_gets_one_too(self):
		self.person = factories.participant(payment_eligibility="Expenses only")
		self.assertEqual(pay.advance(self.person).status, "Paid")

	def test_it_is_no_pay(self):
		factories.preference(
			self.person, own_payment_cap=5, cap_period="Month", cap_month_day=1, spread_payments=0
		)
		pay.advance(self.person)
		self.assertEqual(statements.of_tax_year(self.person.name, today()).paid, [])
		self.spent(42.5)
		statement = statements.of_tax_year(self.person.name, today())
		self.assertEqual((statement.paid, statement.total(statement.expenses)), ([], 30))

	def test_what_they_keep_of_it_is_pay(self):
		"""Given for a journey that was not made, and told that it is theirs."""
		advance = pay.advance(self.person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(advance.name, 30, "Did not travel", "Phone")
		pay.approve(frappe.get_doc(PAYMENT, correction))
		with self.as_user(factories.staff(roles.MANAGER)):
			lifecycle.apply(frappe.get_doc(PAYMENT, correction), "Write off", note="Our mistake")
		statement = statements.of_tax_year(self.person.name, today())
		self.assertEqual([row.amount for row in statement.paid], [30])
		self.assertEqual(statement.total(statement.expenses), 0)

	def test_and_what_they_keep_of_expenses(self):
		claim = pay.payment_of(pay.approved_claim(agreed(40), person=self.person))
		pay.take(pay.batch(claim), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(claim.name, 10, "The fare was less", "Phone")
		pay.approve(frappe.get_doc(PAYMENT, correction))
		with self.as_user(factories.staff(roles.MANAGER)):
			lifecycle.apply(frappe.get_doc(PAYMENT, correction), "Write off", note="Our mistake")
		statement = statements.of_tax_year(self.person.name, today())
		self.assertEqual([row.amount for row in statement.paid], [10])
		self.assertEqual(statement.total(statement.expenses), 30)

	def test_what_is_open_stands_on_to_do_today(self):
		def waiting() -> list:
			with self.as_user(factories.staff(roles.COORDINATOR)):
				return [row for row in to_do.rows()["rows"] if row["kind"] == "advance"]

		before = len(waiting())
		pay.advance(self.person)
		self.assertEqual(len(waiting()), before + 1)
		self.spent(42.5)
		self.assertEqual(len(waiting()), before)

	def test_more_miles_are_paid_beside_what_is_left_of_it(self):
		"""A claim cancelled later changes what miles are worth: beside an advance too, to the penny."""
		pay.advance(self.person)
		gone = pay.checked_claim(person=self.person)
		frappe.db.set_value(CLAIM, gone.name, {"advance": 0, "advance_payment": None})
		gone = pay.approve_claim(gone)
		key = mileage.key(self.person.name, today(), "Car or van")
		frappe.db.set_value(claims.LINE, {"parent": gone.name}, {"miles": 9990, "mileage_key": key})
		later = pay.approved_claim(factories.journey(20), person=self.person)
		self.assertEqual((later.advance, later.to_pay), (30, 0))
		pay.take_claim(frappe.get_doc(CLAIM, gone.name), "Cancel claim", pay.officer(), note="Twice")
		left = [row.amount for row in self.payments() if row.claim == later.name and row.status != "Void"]
		self.assertEqual(total(left), 9)
