"""What somebody was paid too much (domain 4.6: corrections by reversing line only)."""

import frappe
from frappe.utils import add_days, today
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app import lifecycle
from involvement_app.involvement_app import to_do
from involvement_app.involvement_payments import (
	batches,
	corrections,
	reconciliation,
	reversals,
	statements,
	transfers,
)
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
PATH = ("Lock", "Authorise", "Export", "Confirm")


class Paid(pay.PaymentTestCase):
	"""One person who was paid £30, and is to be paid £30 more for another session."""

	def made_once(self):
		super().made_once()
		self.person = factories.participant(portal=True)
		self.paid = pay.approved(self.person)
		self.first = pay.take(pay.batch(self.paid), *PATH)
		self.paid.reload()

	def propose(self, amount=10, by=None, reason="It was <i>one</i> hour", how="Phone", **kw) -> list:
		with self.as_user(by or factories.staff(roles.COORDINATOR)):
			names = corrections.propose(self.paid.name, amount, reason, how, **kw)
		return [frappe.get_doc(PAYMENT, name) for name in names]

	def agreed(self, amount=10, **kw):
		(correction,) = self.propose(amount, **kw)
		return pay.approve(correction)

	def take(self, payment, action, user, **values):
		with self.as_user(user):
			return lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), action, **values)

	def told(self, payment) -> list:
		return frappe.get_all(
			"Involvement Message",
			{"reference_name": payment.name},
			["template", "recipient", "body", "subject"],
		)


class TestTakingItBack(Paid):
	def test_what_was_paid_stays_and_a_payment_below_nothing_names_it(self):
		(doc,) = self.propose()
		self.assertEqual(
			(doc.kind, doc.amount, doc.corrects, doc.status, doc.participant, doc.unit),
			("Correction", -10, self.paid.name, "Checked", self.person.name, self.paid.unit),
		)
		self.assertEqual(frappe.db.get_value(PAYMENT, self.paid.name, ["status", "amount"]), ("Paid", 30))
		self.assertEqual(self.told(doc), [])

	def test_the_budget_holder_approves_and_the_person_reads_why(self):
		doc = self.agreed()
		(message,) = self.told(doc)
		self.assertEqual(
			(message.template, message.recipient), ("Involvement payment corrected", self.person.name)
		)
		for words in ("£10.00", "&lt;i&gt;one&lt;/i&gt;", "difficult"):
			self.assertIn(words, message.body)
		self.assertNotRegex(message.subject.lower(), "involve|health|correct|owe")

	def test_who_proposes_it_does_not_approve_it(self):
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER)
		frappe.db.set_value("Involvement Unit", self.paid.unit, "budget_holder", both)
		frappe.clear_cache(doctype="Involvement Unit")
		(doc,) = self.propose(by=both)
		with self.assertRaisesRegex(StepNotPermitted, "somebody else decides"):
			self.take(doc, "Approve", both)

	def test_it_is_taken_off_what_comes_next(self):
		correction, more = self.agreed(), pay.approved(self.person)
		batch = pay.take(pay.batch(more, correction), *PATH)
		(line,) = transfers.of(batch)
		self.assertEqual((line.payment, line.amount, batch.total, batch.to_pay), (more.name, 20, 20, 20))
		self.assertIn('"20.00"', batches.content(batch).decode().splitlines()[1])
		for payment in (correction, more):
			self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Paid")
		(message,) = frappe.get_all("Involvement Message", {"reference_name": batch.name}, ["body"])
		self.assertIn("£20.00", message.body)
		reconciliation.run()
		self.assertEqual(frappe.db.get_value(PAYMENT, correction.name, "status"), "Reconciled")

	def test_a_netted_transfer_that_comes_back_is_told_once_as_what_it_was(self):
		correction, more = self.agreed(), pay.approved(self.person)
		batch = pay.take(pay.batch(more, correction), *PATH[:3])
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, more.name, "The account is closed")
		(message,) = frappe.get_all(
			"Involvement Message",
			{"recipient": self.person.name, "reference_name": batch.name},
			["template", "body"],
		)
		self.assertEqual(message.template, "Involvement payment sent back")
		self.assertIn("£20.00", message.body)
		self.assertNotRegex(message.body, "-£|£-|10.00|30.00")

	def test_a_correction_made_void_in_its_batch_is_told_as_what_is_not_taken_off(self):
		correction, more = self.agreed(), pay.approved(self.person)
		batch = pay.take(pay.batch(more, correction), "Lock")
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, correction.name, "It was right after all", void=1)
		(message,) = frappe.get_all(
			"Involvement Message",
			{"recipient": self.person.name, "reference_name": batch.name},
			["template", "body"],
		)
		self.assertEqual(message.template, "Involvement correction ended")
		self.assertIn("£10.00 too much", message.body)

	def test_what_is_taken_off_expenses_is_not_told_as_a_payment_below_nothing(self):
		correction, claim = self.agreed(3), pay.approved_claim(person=self.person)
		pay.take(pay.batch(pay.payment_of(claim), correction), *PATH)
		told = frappe.get_all("Involvement Message", {"recipient": self.person.name}, pluck="body")
		self.assertFalse([body for body in told if "-£" in body or "£-" in body])

	def test_a_transfer_is_never_nothing_or_less(self):
		for amount in (30, 30.01):
			with self.subTest(amount):
				frappe.db.savepoint("one")
				more = pay.approved(self.person)
				if amount > 30:
					frappe.db.set_value(PAYMENT, self.paid.name, "amount", 40)  # test set-up
				batch = pay.batch(more, self.agreed(amount))
				with self.assertRaisesRegex(transfers.NotReady, "Row 2: .* nothing is left"):
					pay.take(batch, "Lock")
				self.assertEqual(frappe.db.get_value(PAYMENT, more.name, "status"), "Approved")
				frappe.db.rollback(save_point="one")

	def test_nor_by_taking_the_other_line_out(self):
		correction, more = self.agreed(), pay.approved(self.person)
		batch = pay.take(pay.batch(more, correction, pay.approved()), "Lock")
		with self.as_user(pay.officer()), self.assertRaisesRegex(transfers.NotReady, "nothing is left"):
			reversals.take_out(batch.name, more.name, "Wrong day")

	def test_it_is_nobody_else_s_money(self):
		batch = pay.batch(pay.approved(), self.agreed())
		with self.assertRaisesRegex(transfers.NotReady, "nothing is left"):
			pay.take(batch, "Lock")

	def test_the_button_adds_it_only_where_something_is_left(self):
		correction = self.agreed()
		with self.as_user(pay.officer()):
			batch = pay.batch()
			batch.add_approved_payments()
			self.assertNotIn(correction.name, [line.payment for line in batch.lines])
			pay.approved(self.person)
			batch = pay.batch()
			batch.add_approved_payments()
			self.assertIn(correction.name, [line.payment for line in batch.lines])

	def test_in_parts_one_a_month(self):
		parts = self.propose(10, parts=3)
		self.assertEqual([doc.amount for doc in parts], [-3.34, -3.33, -3.33])
		self.assertIsNone(parts[0].not_before)
		self.assertLess(parts[1].not_before, parts[2].not_before)
		later, more = pay.approve(parts[1]), pay.approved(self.person)
		with self.assertRaisesRegex(transfers.NotReady, "as agreed with the person"):
			pay.batch(more, later)

	def test_what_the_bank_sends_back_comes_back_with_what_was_taken_off(self):
		correction, more = self.agreed(), pay.approved(self.person)
		batch = pay.take(pay.batch(more, correction), "Lock", "Authorise", "Export")
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, more.name, "Account closed")
		for payment in (correction, more):
			self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Failed at bank")


class TestHowMuch(Paid):
	def test_never_more_than_was_paid_in_all(self):
		self.propose(20)
		with self.assertRaisesRegex(corrections.CannotCorrect, "at most £10.00"):
			self.propose(10.01)
		self.propose(10)
		with self.assertRaisesRegex(corrections.CannotCorrect, "at most £0.00"):
			self.propose(0.01)

	def test_what_was_rejected_does_not_count(self):
		(doc,) = self.propose(30)
		self.take(doc, "Reject", pay.budget_holder(), note="It was right")
		self.assertEqual(self.told(doc), [])
		self.propose(30)

	def test_not_without_a_reason_an_agreement_and_an_amount(self):
		for kw, words in (
			({"reason": " "}, "Reason"),
			({"how": "I thought so"}, "Talk with the person"),
			({"amount": 0}, "how much"),
			({"amount": -5}, "how much"),
			({"amount": "NaN"}, "not an amount"),
			({"parts": 0}, "Parts"),
			({"parts": 13}, "Parts"),
			({"amount": 0.01, "parts": 2}, "Parts"),
		):
			with self.subTest(kw), self.assertRaisesRegex(frappe.ValidationError, words):
				self.propose(**kw)

	def test_only_what_was_paid(self):
		self.paid = pay.approved()
		with self.assertRaisesRegex(corrections.CannotCorrect, "was not paid"):
			self.propose()

	def test_a_forged_key_is_the_database_s_to_refuse(self):
		(doc,) = self.propose()
		again = frappe.copy_doc(doc)
		again.update({"corrects": doc.corrects, "revision": doc.revision, "status": "Checked"})
		with self.assertRaises(frappe.UniqueValidationError), lifecycle.server_side():
			again.insert()

	def test_who_may(self):
		for user in (
			pay.authoriser(),
			pay.budget_holder(),
			factories.staff(roles.OWNER),
			self.person.user,
			factories.user(),
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.propose(by=user)
		for role in (roles.FINANCE_OFFICER, roles.MANAGER):
			self.propose(1, by=factories.staff(role))
		factories.signs_in_as(self.person, pay.officer())
		with self.assertRaisesRegex(StepNotPermitted, "your own payment"):
			self.propose(by=pay.officer())


class TestOtherEnds(Paid):
	def test_paid_back_by_the_person_with_proof(self):
		doc = self.agreed()
		with self.assertRaisesRegex(TransitionError, "How it was paid back"):
			self.take(doc, "Paid back", pay.officer())
		doc = self.take(doc, "Paid back", pay.officer(), proof="Line 4 of 3 May")
		self.assertEqual((doc.status, str(doc.paid_on)), ("Repaid", today()))
		self.assertEqual(self.told(doc)[-1].recipient, self.person.name)

	def test_written_off_by_a_manager_with_a_reason(self):
		doc = self.agreed()
		for user in (
			pay.officer(),
			pay.budget_holder(),
			factories.staff(roles.COORDINATOR),
			self.person.user,
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take(doc, "Write off", user, note="Mine")
		manager = factories.staff(roles.MANAGER)
		with self.assertRaisesRegex(TransitionError, "Reason"):
			self.take(doc, "Write off", manager)
		self.assertEqual(
			self.take(doc, "Write off", manager, note="It was our mistake").status, "Written off"
		)

	def test_a_payment_is_neither(self):
		payment = pay.approved()
		for action, user, values in (
			("Paid back", pay.officer(), {"proof": "x"}),
			("Write off", factories.staff(roles.MANAGER), {"note": "x"}),
		):
			with self.subTest(action), self.assertRaisesRegex(TransitionError, "is no correction"):
				self.take(payment, action, user, **values)

	def test_the_year_s_total_is_what_they_kept(self):
		correction, more = self.agreed(), pay.approved(self.person)
		frappe.db.set_value(BATCH, (batch := pay.batch(more, correction)).name, "payment_on", today())
		pay.take(batch, *PATH)
		found = [statements.of_tax_year(self.person.name, day) for day in {today(), add_days(today(), 3)}]
		self.assertEqual(sum(each.total(each.paid) for each in found[:1]), money(50))

	def record(self, hours: float) -> list:
		session = frappe.get_doc("Involvement Session", self.paid.session)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			session.attendance[0].hours = hours
			session.save()
		filters = {"engagement": self.paid.engagement, "kind": "Time"}
		return frappe.get_all(PAYMENT, filters, pluck="amount", order_by="name")

	def test_a_session_that_is_worth_it_after_all_is_owed_what_was_taken_back(self):
		self.assertEqual(self.record(1), [30])
		self.agreed(15)
		self.assertEqual(self.record(1), [30])
		self.assertEqual(self.record(2), [30, 15])

	def test_what_was_taken_back_for_another_reason_is_not_paid_anew(self):
		self.agreed(10, reason="You had it in cash on the day")
		self.assertEqual(self.record(2.0), [30])
		self.assertEqual(self.record(3), [30, 15])


amounts = st.decimals(min_value="-500", max_value=500, places=2).filter(bool)


class TestNetting(pay.PaymentTestCase):
	@settings(max_examples=300, deadline=None)
	@given(st.lists(st.tuples(st.sampled_from("ABC"), amounts), min_size=1, max_size=20))
	def test_what_locks_pays_out_the_sum_and_nobody_nothing(self, rows):
		batch = frappe.get_doc(doctype=BATCH, payment_on="2026-05-01")
		for number, (person, amount) in enumerate(rows):
			batch.append(
				"lines",
				{
					"idx": number + 1,
					"payment": f"IPAY-{number}",
					"participant": person,
					"payee_name": person,
					"amount": float(amount),
				},
			)
		try:
			transfers.refuse_nothing_left(batch.lines)
		except transfers.NotReady:
			return frappe.clear_messages()
		each = transfers.of(batch)
		self.assertTrue(all(money(line.amount) > 0 for line in each))
		self.assertEqual(total(line.amount for line in each), total(amount for _person, amount in rows))
		names = [name for line in each for name in transfers.payments_of(line)]
		self.assertEqual(sorted(names), sorted(line.payment for line in batch.lines))


class TestNobodyHasToRemember(Paid):
	"""What was paid beyond what a session is worth stands on “To do today” until somebody has agreed what becomes of it."""

	def setUp(self):
		super().setUp()
		self.coordinator = factories.staff(roles.COORDINATOR)

	def waits(self, user: str | None = None) -> list[str]:
		with self.as_user(user or self.coordinator):
			return [row["name"] for row in to_do.rows()["rows"] if row["kind"] == "overpaid"]

	def record(self, hours: float = 2, attendance: str = "Attended") -> None:
		with self.as_user(self.coordinator):
			doc = frappe.get_doc("Involvement Session", self.paid.session)
			row = next(row for row in doc.attendance if row.engagement == self.paid.engagement)
			row.update({"hours": hours, "attendance": attendance})
			doc.save()

	def test_attendance_that_changes_after_it_was_paid(self):
		self.assertNotIn(self.paid.name, self.waits())
		self.record(hours=1)
		for user in (self.coordinator, factories.staff(roles.MANAGER), pay.officer()):
			with self.subTest(user):
				self.assertIn(self.paid.name, self.waits(user))
		self.assertEqual(self.waits(pay.budget_holder()), [])
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit())
		self.assertEqual(self.waits(elsewhere), [])
		# a correction that is asked for, and one that is refused
		(correction,) = self.propose(15)
		self.assertNotIn(self.paid.name, self.waits())
		self.take(correction, "Reject", pay.budget_holder(), note="They were there for two hours")
		self.assertIn(self.paid.name, self.waits())
		self.record(hours=2)
		self.assertNotIn(self.paid.name, self.waits())

	def test_less_taken_back_than_was_too_much(self):
		self.record(hours=1)
		self.propose(10)
		self.assertIn(self.paid.name, self.waits())
		self.propose(5)
		self.assertNotIn(self.paid.name, self.waits())

	def test_paid_twice_because_a_correction_fell_away(self):
		self.record(hours=1)
		(correction,) = self.propose(15)
		self.record(hours=2)
		place = frappe.get_doc("Involvement Engagement", self.paid.engagement)
		(more,) = pay.payments(place, status="Checked", kind="Time")
		self.assertEqual(money(more.amount), 15)
		pay.take(pay.batch(pay.approve(more)), *PATH)
		self.assertNotIn(more.name, self.waits())
		self.take(correction, "Reject", pay.budget_holder(), note="They were there for two hours")
		self.assertIn(more.name, self.waits())

	def test_where_no_money_is_paid_nothing_waits(self):
		self.record(hours=1)
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		self.assertEqual(self.waits(), [])
