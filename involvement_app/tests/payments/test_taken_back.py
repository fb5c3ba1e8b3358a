"""What is owed after something paid was taken back (domain 1.3 no. 3, 4.6): nobody ends with less than what they wanted of
what they did."""

import frappe

from involvement_app.involvement_app import places
from involvement_app.involvement_payments import accrual, corrections, overpaid, reversals, states
from involvement_app.involvement_payments.batches import PAYMENT
from involvement_app.lifecycle import TransitionError, apply
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PATH = ("Lock", "Authorise", "Export", "Confirm")


class TakenBackTestCase(pay.PaymentTestCase):
	def place(self, choice: str = "Full", amount=None, sessions: int = 2, **values) -> None:
		self.opportunity = pay.opportunity(sessions=sessions, **values)
		self.engagement = factories.engagement(self.opportunity, factories.participant(), choice, amount)

	def pay(self):
		"""What waits is paid: it is one payment."""
		[payment] = [row for row in pay.payments(self.engagement) if row.status == "Checked"]
		pay.take(pay.batch(pay.approve(payment)), *PATH)
		return payment

	def correct(self, session, attendance: str = "Could not attend", hours: float = 0) -> None:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc("Involvement Session", session.name)
			doc.attendance[0].update({"attendance": attendance, "hours": hours})
			doc.save()

	def take_back(self, payment, amount: float):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			[name] = corrections.propose(payment.name, amount, "It was not so", "Phone")
		return frappe.get_doc(PAYMENT, name)

	def paid_back(self, correction) -> None:
		correction = pay.approve(correction)
		with self.as_user(pay.officer()):
			apply(frappe.get_doc(PAYMENT, correction.name), "Paid back", proof="Cheque 1")

	def waits(self) -> list:
		return [
			(row.session, row.amount)
			for row in pay.payments(self.engagement)
			if row.status in states.CHANGEABLE and row.kind == states.KIND
		]


class TestALowerAmount(TakenBackTestCase):
	def test_what_was_paid_back_is_free_for_the_next_session(self):
		self.place("Lower amount", 30)
		first = pay.hold(self.opportunity, 0)
		payment = self.pay()
		self.correct(first)
		self.paid_back(self.take_back(payment, 30))
		second = pay.hold(self.opportunity, 1)
		self.assertEqual(self.waits(), [(second.name, 30)])

	def test_it_is_free_at_once_for_a_session_that_was_held_before(self):
		self.place("Lower amount", 30)
		first = pay.hold(self.opportunity, 0)
		payment = self.pay()
		second = pay.hold(self.opportunity, 1)
		self.assertEqual(self.waits(), [])
		self.correct(first)
		correction = self.take_back(payment, 30)
		self.assertEqual(self.waits(), [(second.name, 30)])
		# nothing is taken back after all, so nothing is free: never more than they wanted
		with self.as_user(frappe.db.get_value("Involvement Unit", correction.unit, "budget_holder")):
			apply(frappe.get_doc(PAYMENT, correction.name), "Reject", note="They may keep it")
		self.assertEqual(self.waits(), [])

	def test_what_somebody_may_keep_stays_used(self):
		self.place("Lower amount", 30)
		first = pay.hold(self.opportunity, 0)
		payment = self.pay()
		pay.hold(self.opportunity, 1)
		self.correct(first)
		correction = pay.approve(self.take_back(payment, 30))
		self.assertEqual(len(self.waits()), 1)
		with self.as_user(factories.staff(roles.MANAGER)):
			apply(frappe.get_doc(PAYMENT, correction.name), "Write off", note="A hard month")
		self.assertEqual(self.waits(), [])

	def test_hours_that_were_right_after_all(self):
		self.place("Lower amount", 20, sessions=1)
		session = pay.hold(self.opportunity)
		payment = self.pay()
		self.correct(session, "Attended", 1)
		self.take_back(payment, 5)
		self.assertEqual(self.waits(), [])
		self.correct(session, "Attended", 1.5)
		self.assertEqual(self.waits(), [(session.name, 5)])

	def test_all_of_it_back_and_then_they_were_there_for_an_hour(self):
		self.place("Lower amount", 20, sessions=1)
		session = pay.hold(self.opportunity)
		payment = self.pay()
		self.correct(session)
		self.take_back(payment, 20)
		self.correct(session, "Attended", 1)
		self.assertEqual(self.waits(), [(session.name, 15)])

	def test_it_is_there_for_the_rest_of_a_session_that_was_paid_less(self):
		self.place("Lower amount", 40)
		first = pay.hold(self.opportunity, 0)
		payment = self.pay()
		second = pay.hold(self.opportunity, 1)
		self.assertEqual(self.pay().amount, 10)
		self.correct(first)
		self.paid_back(self.take_back(payment, 30))
		self.assertEqual(self.waits(), [(second.name, 20)])


class TestALowerAmountAndThenAll(TakenBackTestCase):
	"""What was beyond a lower amount is owed once they want all of it, from then on."""

	def all_of_it(self) -> None:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.change_choice(self.engagement.name, "Full", recorded_how="Phone")

	def test_a_further_payment_settles_no_worth_twice(self):
		self.place("Lower amount", 40, sessions=3)
		first = pay.hold(self.opportunity, 0)
		payment = self.pay()
		second = pay.hold(self.opportunity, 1)
		self.pay()
		self.correct(first)
		self.paid_back(self.take_back(payment, 30))
		self.assertEqual(self.waits(), [(second.name, 20)])
		self.pay()
		self.all_of_it()
		self.correct(second, "Attended", 3)
		self.assertEqual(self.waits(), [(second.name, 15)])

	def test_nor_where_the_amount_was_raised_before(self):
		self.place("Lower amount", 20, sessions=2)
		session = pay.hold(self.opportunity, 0)
		self.pay()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.change_choice(self.engagement.name, "Lower amount", 30, recorded_how="Phone")
		self.assertEqual(self.waits(), [(session.name, 10)])
		self.pay()
		self.all_of_it()
		self.correct(session, "Attended", 3)
		self.assertEqual(self.waits(), [(session.name, 15)])

	def test_taken_back_for_another_reason_is_free_for_other_sessions_alone(self):
		self.place("Lower amount", 20, sessions=2)
		pay.hold(self.opportunity, 0)
		self.take_back(self.pay(), 5)
		self.assertEqual(self.waits(), [])
		second = pay.hold(self.opportunity, 1)
		self.assertEqual(self.waits(), [(second.name, 5)])


class TestATask(TakenBackTestCase):
	def task(self) -> None:
		self.place(rate_rule=factories.rate_rule("Per task", 50))
		self.first = pay.hold(self.opportunity, 0)
		self.payment = self.pay()
		self.correct(self.first)

	def test_done_at_another_session_is_not_paid_too_much(self):
		self.task()
		self.assertIn(self.payment.name, overpaid.listed())
		pay.hold(self.opportunity, 1)
		self.assertEqual(self.waits(), [])
		self.assertNotIn(self.payment.name, overpaid.listed())

	def test_done_after_it_was_paid_back_is_owed(self):
		self.task()
		self.paid_back(self.take_back(self.payment, 50))
		second = pay.hold(self.opportunity, 1)
		self.assertEqual(self.waits(), [(second.name, 50)])
		self.pay()
		self.correct(self.first, "Attended", 2)
		self.assertEqual(self.waits(), [])


class TestWhatNoBatchPaysAfterAll(TakenBackTestCase):
	"""A session that is corrected while its payment is in a batch: when it waits again, it is worth what was recorded."""

	def made_once(self):
		super().made_once()
		self.place(sessions=1)
		self.session = pay.hold(self.opportunity)
		self.payment = pay.approve(pay.payments(self.engagement)[0])

	def in_a_batch(self, *steps: str, beside=()):
		return pay.take(pay.batch(self.payment, *beside), "Lock", *steps)

	def void(self, batch) -> None:
		with self.as_user(pay.officer()):
			apply(frappe.get_doc(pay.BATCH, batch.name), "Void")

	def test_more_hours_are_one_payment_of_all_of_it(self):
		batch = self.in_a_batch()
		self.correct(self.session, "Attended", 3)
		self.assertEqual(self.waits(), [(self.session.name, 15)])
		self.void(batch)
		self.assertEqual(self.waits(), [(self.session.name, 45)])
		[anew] = [row for row in pay.payments(self.engagement) if row.status == "Checked"]
		self.assertNotIn(pay.officer(), anew.edited_by)

	def test_fewer_hours_are_approved_anew(self):
		batch = self.in_a_batch()
		self.correct(self.session, "Attended", 1)
		self.void(batch)
		self.assertEqual(self.waits(), [(self.session.name, 15)])
		self.assertEqual(
			frappe.db.get_value(PAYMENT, self.payment.name, ["status", "withdrawn"]), ("Void", 1)
		)

	def test_the_rest_of_the_batch_goes_on_without_it(self):
		other = pay.approved()
		batch = self.in_a_batch(beside=[other])
		self.correct(self.session, "Attended", 1)
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, self.payment.name, "Fewer hours")
		self.assertEqual(frappe.db.get_value(PAYMENT, self.payment.name, "docstatus"), 2)
		pay.take(frappe.get_doc(pay.BATCH, batch.name), "Authorise", "Export", "Confirm")
		self.assertEqual(frappe.db.get_value(PAYMENT, other.name, "status"), "Paid")

	def test_nobody_who_was_not_there_is_paid(self):
		batch = self.in_a_batch()
		self.correct(self.session)
		self.void(batch)
		self.assertEqual(self.waits(), [])

	def test_nothing_changes_where_nothing_was_corrected(self):
		self.void(self.in_a_batch())
		row = frappe.get_doc(PAYMENT, self.payment.name)
		self.assertEqual((row.status, row.approved_by), ("Approved", self.payment.approved_by))
		self.assertEqual(len(pay.payments(self.engagement)), 1)

	def test_taken_out_of_a_batch(self):
		batch = self.in_a_batch(beside=[pay.approved()])
		self.correct(self.session, "Attended", 3)
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, self.payment.name, "They asked us to wait")
		self.assertEqual(self.waits(), [(self.session.name, 45)])

	def test_a_trustee_who_is_taken_out(self):
		batch = self.in_a_batch(beside=[pay.approved()])
		frappe.db.set_value("Involvement Participant", self.engagement.participant, "trustee_or_connected", 1)
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, self.payment.name, "A trustee now")
		self.assertEqual(self.waits(), [])

	def test_sent_back_and_paid_again(self):
		batch = self.in_a_batch("Authorise", "Export", beside=[pay.approved()])
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, self.payment.name, "Closed")
		self.correct(self.session, "Attended", 3)
		with self.as_user(pay.officer()):
			apply(frappe.get_doc(PAYMENT, self.payment.name), "Pay again")
		self.assertEqual(self.waits(), [(self.session.name, 45)])


class TestWhatCameBackAfterSomethingWasTakenOfIt(TakenBackTestCase):
	"""A payment that the bank sent back, once something of it is taken back: the two add up, whatever becomes of it."""

	def made_once(self):
		super().made_once()
		self.place(sessions=2)
		self.session = pay.hold(self.opportunity, 0)
		self.payment = self.pay()
		self.batch = frappe.get_doc(pay.BATCH, frappe.db.get_value(PAYMENT, self.payment.name, "batch"))

	def one_hour_less(self, back: float = 15):
		self.correct(self.session, "Attended", 1)
		return pay.approve(self.take_back(self.payment, back))

	def taken_off_another(self, correction):
		pay.hold(self.opportunity, 1)
		[other] = [row for row in pay.payments(self.engagement) if row.status == "Checked"]
		return pay.take(pay.batch(pay.approve(other), correction), *PATH)

	def came_back(self, payment=None, batch=None) -> None:
		with self.as_user(pay.officer()):
			reversals.sent_back((batch or self.batch).name, (payment or self.payment).name, "Account closed")

	def do(self, payment, action: str, **said):
		with self.as_user(pay.officer()):
			return apply(frappe.get_doc(PAYMENT, payment.name), action, **said)

	def stored(self, *payments) -> list:
		return [frappe.db.get_value(PAYMENT, each.name, "status") for each in payments]

	def gets(self) -> float:
		"""Of the first session, in all."""
		rows = frappe.get_all(PAYMENT, {"session": self.session.name}, ["amount", "status"])
		return sum(row.amount for row in rows if row.status in (*states.WAITING, *states.CAME))

	def test_paid_again_it_stays_and_is_taken_off(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		self.assertEqual(self.stored(self.payment, correction), ["Approved"] * 2)
		self.assertEqual((self.gets(), self.waits()), (15, [(self.session.name, 30)]))

	def test_and_where_it_was_taken_off_something_else(self):
		correction = self.one_hour_less()
		self.taken_off_another(correction)
		self.came_back()
		self.do(self.payment, "Pay again")
		self.assertEqual(self.stored(self.payment, correction), ["Approved", "Paid"])
		self.assertEqual(self.gets(), 15)
		self.correct(self.session, "Attended", 2)
		self.assertEqual(self.gets(), 30)

	def test_a_correction_that_falls_away_leaves_what_it_is_worth(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		self.do(correction, "Void", note="Not agreed after all")
		self.assertEqual((self.gets(), self.waits()), (15, [(self.session.name, 15)]))

	def test_who_is_not_paid_any_more_owes_nothing_either(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		person = frappe.get_doc("Involvement Participant", self.engagement.participant)
		person.payment_eligibility = "Expenses only"
		person.save()
		self.assertEqual(self.stored(self.payment, correction), ["Void"] * 2)

	def test_it_is_not_made_void_by_any_door_once_something_of_it_was_taken(self):
		self.taken_off_another(self.one_hour_less())
		self.came_back()
		self.do(self.payment, "Pay again")
		with self.assertRaisesRegex(TransitionError, "£15.00"):
			self.do(self.payment, "Void", note="A mistake")
		batch = pay.take(pay.batch(frappe.get_doc(PAYMENT, self.payment.name), pay.approved()), "Lock")
		with self.as_user(pay.officer()), self.assertRaisesRegex(TransitionError, "£15.00"):
			reversals.take_out(batch.name, self.payment.name, "A mistake", 1)

	def test_taken_out_for_good_nothing_is_taken_back_of_it(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		batch = pay.take(pay.batch(frappe.get_doc(PAYMENT, self.payment.name), pay.approved()), "Lock")
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, self.payment.name, "A mistake", 1)
		self.assertEqual(self.stored(self.payment, correction), ["Void"] * 2)

	def test_one_that_nobody_has_approved_yet_ends_with_it_too(self):
		self.correct(self.session, "Attended", 1)
		correction = self.take_back(self.payment, 15)
		self.came_back()
		self.do(self.payment, "Void", note="They have moved away")
		self.assertEqual(self.stored(self.payment, correction), ["Void"] * 2)

	def test_an_advance_that_was_not_spent_and_came_back_is_made_void(self):
		person = frappe.get_doc("Involvement Participant", self.engagement.participant)
		advance = pay.advance(person)
		correction = pay.approve(self.take_back(advance, advance.amount))
		self.came_back(advance, frappe.get_doc(pay.BATCH, advance.batch))
		self.do(advance, "Void", note="They did not travel")
		self.assertEqual(self.stored(advance, correction), ["Void"] * 2)

	def test_a_settled_advance_is_not_taken_out_for_good(self):
		person = frappe.get_doc("Involvement Participant", self.engagement.participant)
		advance = pay.advance(person)
		pay.approved_claim(factories.agreed(50), person=person)
		self.came_back(advance, frappe.get_doc(pay.BATCH, advance.batch))
		self.do(advance, "Pay again")
		batch = pay.take(pay.batch(frappe.get_doc(PAYMENT, advance.name), pay.approved()), "Lock")
		with self.as_user(pay.officer()), self.assertRaisesRegex(TransitionError, "accounted for"):
			reversals.take_out(batch.name, advance.name, "A mistake", 1)

	def test_a_correction_that_came_back_too_ends_with_it(self):
		correction = self.one_hour_less()
		batch = self.taken_off_another(correction)
		other = next(
			frappe.get_doc(PAYMENT, line.payment) for line in batch.lines if line.payment != correction.name
		)
		self.came_back()
		self.came_back(other, batch)
		self.do(self.payment, "Void", note="They have moved away")
		self.assertEqual(self.stored(self.payment, correction), ["Void"] * 2)
		self.do(other, "Pay again")
		self.assertEqual(self.stored(other), ["Approved"])

	def choose(self, choice: str, amount=None, charity=None) -> None:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.change_choice(self.engagement.name, choice, amount, "Phone", charity)

	def test_chosen_otherwise_meanwhile_both_are_made_anew(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		self.choose("Lower amount", 5)
		self.assertEqual(self.stored(self.payment, correction), ["Void"] * 2)
		self.assertEqual((self.gets(), self.waits()), (5, [(self.session.name, 5)]))

	def test_given_to_a_charity_meanwhile_too(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		self.choose("Give to a charity", charity="Otters")
		self.assertEqual(self.stored(self.payment, correction), ["Void"] * 2)
		[waits] = [row for row in pay.payments(self.engagement) if row.status == "Checked"]
		self.assertEqual((waits.amount, waits.payee_name), (15, "Otters"))

	def test_nobody_there_after_all_nothing_is_paid(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		self.correct(self.session)
		self.assertEqual((self.stored(self.payment, correction), self.gets()), (["Void"] * 2, 0))

	def test_once_something_was_taken_of_it_the_choice_is_as_for_a_batch(self):
		self.taken_off_another(self.one_hour_less())
		self.came_back()
		self.do(self.payment, "Pay again")
		with self.assertRaisesRegex(accrual.PaymentOnItsWay, self.payment.name):
			self.choose("Lower amount", 5)
		self.assertEqual(self.stored(self.payment), ["Approved"])

	def test_who_is_not_paid_any_more_is_paid_what_was_taken_of_it(self):
		"""There was no way out: Pay again and Void refused each other."""
		self.taken_off_another(self.one_hour_less())
		self.came_back()
		person = frappe.get_doc("Involvement Participant", self.engagement.participant)
		person.payment_eligibility = "Expenses only"
		person.save()
		self.do(self.payment, "Pay again")
		pay.take(pay.batch(frappe.get_doc(PAYMENT, self.payment.name)), *PATH)
		self.assertEqual(self.stored(self.payment), ["Paid"])

	def may_keep(self, correction) -> None:
		with self.as_user(factories.staff(roles.MANAGER)):
			apply(frappe.get_doc(PAYMENT, correction.name), "Write off", note="They may keep it")

	def assertKept(self) -> None:
		self.do(self.payment, "Pay again")
		self.assertEqual((self.stored(self.payment), self.gets()), (["Approved"], 30))

	def test_what_they_may_keep_they_keep(self):
		self.may_keep(self.one_hour_less())
		self.came_back()
		self.assertKept()

	def test_what_they_may_keep_after_it_came_back_they_keep_too(self):
		correction = self.one_hour_less()
		self.came_back()
		self.may_keep(correction)
		self.assertKept()

	def test_made_void_by_somebody_it_is_not_made_again(self):
		correction = self.one_hour_less()
		self.came_back()
		self.do(self.payment, "Pay again")
		self.do(self.payment, "Void", note="They do not want it")
		self.correct(self.session, "Attended", 1)
		self.assertEqual((self.stored(self.payment, correction), self.waits()), (["Void"] * 2, []))

	def test_a_claim_is_not_cancelled_either_but_paid(self):
		person = frappe.get_doc("Involvement Participant", self.engagement.participant)
		claim = pay.approved_claim(factories.agreed(45), person=person)
		expenses = pay.payment_of(claim)
		batch = pay.take(pay.batch(expenses), *PATH)
		correction = pay.approve(self.take_back(expenses, 20))
		self.taken_off_another(correction)
		self.came_back(expenses, batch)
		self.do(expenses, "Pay again")
		with self.assertRaisesRegex(TransitionError, f"{correction.name} came of it and is Paid"):
			pay.take_claim(claim, "Cancel claim", pay.officer(), note="Claimed twice")
		self.assertEqual(self.stored(expenses, correction), ["Approved", "Paid"])
		pay.take(pay.batch(frappe.get_doc(PAYMENT, expenses.name)), *PATH)
		self.assertEqual(frappe.db.get_value(claim.doctype, claim.name, "status"), "Paid")

	def test_what_was_of_a_void_payment_can_still_be_decided(self):
		correction = self.one_hour_less()
		frappe.db.set_value(PAYMENT, self.payment.name, {"status": "Void", "docstatus": 2})
		with self.as_user(factories.staff(roles.MANAGER)):
			apply(frappe.get_doc(PAYMENT, correction.name), "Write off", note="They may keep it")
		self.assertEqual(self.stored(correction), ["Written off"])


class TestALowerAmountBesideExpenses(TakenBackTestCase):
	def test_what_is_taken_back_of_expenses_leaves_no_room(self):
		self.place("Lower amount", 30)
		session = pay.hold(self.opportunity, 0)
		self.pay()
		person = frappe.get_doc("Involvement Participant", self.engagement.participant)
		claim = pay.approved_claim(
			factories.agreed(20), person=person, engagement=self.engagement.name, session=session.name
		)
		expenses = pay.payment_of(claim)
		pay.take(pay.batch(expenses), *PATH)
		correction = pay.approve(self.take_back(frappe.get_doc(PAYMENT, expenses.name), 20))
		self.assertEqual(correction.engagement, self.engagement.name)
		pay.hold(self.opportunity, 1)
		self.assertEqual(self.waits(), [])


class TestWhatWasSaidNoToBefore(TakenBackTestCase):
	def test_is_not_taken_off_what_waits_since(self):
		for first, then in ((1, 2), (2, 1)):
			with self.subTest(first=first):
				self.place(sessions=1)
				session = pay.hold(self.opportunity, 0)
				self.correct(session, "Attended", first)
				[payment] = pay.payments(self.engagement)
				with self.as_user(pay.budget_holder()):
					apply(payment, "Reject", note="It was longer")
				self.correct(session, "Attended", then)
				self.assertEqual(self.waits(), [(session.name, 15 * then)])
				self.correct(session, "Attended", 3)
				self.assertEqual(self.waits(), [(session.name, 45)])


class TestWhatSomebodySaidNoTo(TakenBackTestCase):
	"""Stays decided until the session is worth something else, also once the payment before it waits again."""

	def made_once(self):
		super().made_once()
		self.place(sessions=1)
		self.session = pay.hold(self.opportunity)
		self.payment = pay.approve(pay.payments(self.engagement)[0])
		self.batch = pay.take(pay.batch(self.payment, pay.approved()), "Lock")
		self.correct(self.session, "Attended", 3)
		[self.further] = [row for row in pay.payments(self.engagement) if row.status == "Checked"]

	def take_out(self, **kw) -> None:
		with self.as_user(pay.officer()):
			reversals.take_out(self.batch.name, self.payment.name, "Another week", **kw)

	def test_a_further_payment_that_was_rejected(self):
		with self.as_user(frappe.db.get_value("Involvement Unit", self.further.unit, "budget_holder")):
			apply(frappe.get_doc(PAYMENT, self.further.name), "Reject", note="Two hours were agreed")
		self.take_out()
		self.assertEqual(self.waits(), [(self.session.name, 30)])
		self.assertEqual(frappe.db.get_value(PAYMENT, self.payment.name, "status"), "Approved")
		self.correct(self.session, "Attended", 4)
		self.assertEqual(self.waits(), [(self.session.name, 60)])

	def test_one_that_was_taken_out_for_good_while_a_further_one_waits(self):
		self.take_out(void=1)
		frappe.get_doc("Involvement Session", self.session.name).save()
		self.assertEqual(self.waits(), [(self.session.name, 15)])
