"""Money of two records that turned out to be one person's (domain 4.6; 4.0 no. 9): nothing of it is stranded under the old
record, and nothing is counted as a second person's."""

from datetime import date

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import merging
from involvement_app.involvement_payments import (
	bank_details,
	corrections,
	own_limits,
	reversals,
	shared_receipts,
)
from involvement_app.involvement_payments.batches import PAYMENT
from involvement_app.involvement_payments.doctype.involvement_expense_claim.test_involvement_expense_claim import (
	bus,
	receipt,
)
from involvement_app.involvement_payments.report.payments_that_look_alike import payments_that_look_alike
from involvement_app.involvement_payments.report.what_people_were_paid_in_a_tax_year import (
	what_people_were_paid_in_a_tax_year as annual,
)
from involvement_app.involvement_payments.ways import NoAccount
from involvement_app.lifecycle import TransitionError, apply
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

DETAIL = "Participant Bank Detail"
PATH = ("Lock", "Authorise", "Export", "Confirm")


class MergedTestCase(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.unit = pay.unit()
		units = (self.unit,)
		self.kept = factories.participant(preferred_name="Samira", units=units)
		self.old = factories.participant(preferred_name="Sam", units=units)

	def merge(self) -> None:
		factories.participant_merge(self.kept, self.old)

	def accounts(self, *people) -> list:
		"""In use for long enough that no line is flagged."""
		details = [factories.participant_bank_detail(person, "Active") for person in people]
		for detail in details:
			frappe.db.set_value(DETAIL, detail.name, "active_since", add_days(today(), -30))
		return details

	def through(self, batch):
		"""To its end; whoever authorises looks at the accounts that are flagged."""
		batch = pay.take(batch, "Lock")
		if batch.changed_accounts:
			with self.as_user(pay.authoriser()):
				batch.reload()
				batch.changes_seen = 1
				batch.save()
		return pay.take(batch, *PATH[1:])

	def now(self, doc, *fields: str):
		return frappe.db.get_value(doc.doctype, doc.name, fields, as_dict=len(fields) > 1)

	def paid_to(self, payment, detail) -> None:
		"""A batch of `payment` alone reaches its end, by the account of the record that stays."""
		batch = self.through(pay.batch(payment))
		self.assertEqual(
			[(line.participant, line.bank_detail) for line in batch.lines], [(self.kept.name, detail.name)]
		)
		row = self.now(payment, "status", "participant", "payee_name")
		self.assertEqual((row.status, row.participant), ("Paid", self.kept.name))
		self.assertIn("Samira", row.payee_name)


class TestNothingIsStranded(MergedTestCase):
	def made_once(self):
		super().made_once()
		factories.bank_file_layout(in_use=1)
		[self.account] = self.accounts(self.kept)

	def test_expenses_that_were_approved(self):
		claim = pay.approved_claim(person=self.old, unit=self.unit)
		self.merge()
		self.paid_to(pay.payment_of(claim), self.account)
		self.assertEqual(self.now(claim, "status"), "Paid")

	def test_an_advance_that_was_approved(self):
		advance = pay.approve(pay.advance(self.old, steps=(), unit=self.unit))
		self.merge()
		self.paid_to(advance, self.account)

	def test_what_the_bank_sent_back(self):
		self.accounts(self.old)
		other = factories.participant()
		self.accounts(other)
		payment = pay.approved(self.old)
		first = pay.take(pay.batch(payment, pay.approved(other)), "Lock", "Authorise", "Export")
		with self.as_user(pay.officer()):
			reversals.sent_back(first.name, payment.name, "The account is closed")
		self.merge()
		with self.as_user(pay.officer()):
			apply(frappe.get_doc(PAYMENT, payment.name), "Pay again")
		self.paid_to(payment, self.account)
		# the batch it came back from is still what was locked
		self.assertEqual(pay.take(first, "Confirm").status, "Confirmed")

	def test_what_was_taken_out_of_a_locked_batch(self):
		self.accounts(self.old)
		other = factories.participant()
		self.accounts(other)
		payment = pay.approved(self.old)
		batch = pay.take(pay.batch(payment, pay.approved(other)), "Lock", "Authorise")
		self.merge()
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, payment.name, "They asked us to wait")
		self.paid_to(payment, self.account)
		self.assertEqual(pay.take(batch, "Authorise", "Export", "Confirm").status, "Confirmed")

	def test_a_locked_batch_pays_to_the_account_it_was_locked_with(self):
		[theirs] = self.accounts(self.old)
		batch = pay.take(pay.batch(pay.approved(self.old)), "Lock")
		self.merge()
		bank_details.use_due()
		self.assertEqual(self.now(theirs, "status"), "Active")
		batch = pay.take(batch, "Authorise", "Export")
		self.assertEqual(batch.lines[0].bank_detail, theirs.name)
		bank_details.use_due()
		row = self.now(theirs, "status", "sealed")
		self.assertEqual((row.status, row.sealed), ("Superseded", None))
		self.assertEqual(self.now(self.account, "status"), "Active")
		self.assertEqual(pay.take(batch, "Confirm").status, "Confirmed")

	def test_taking_away_takes_the_old_records_account_too(self):
		[theirs] = self.accounts(self.old)
		batch = pay.take(pay.batch(pay.approved(self.old)), "Lock", "Authorise")
		self.merge()
		with self.as_user(self.kept.user):
			self.assertEqual(bank_details.take_away(self.kept.name), 2)
		self.assertEqual(self.now(theirs, "sealed"), None)
		with self.assertRaises(NoAccount):
			pay.take(batch, "Export")

	def test_what_goes_to_a_charity_goes_there_still(self):
		place = pay.opportunity()
		engagement = factories.engagement(place, self.old, "Give to a charity", charity="Otters")
		pay.hold(place)
		[payment] = pay.payments(engagement)
		self.merge()
		self.assertEqual(
			tuple(self.now(payment, "participant", "payee_name").values()), (self.kept.name, "Otters")
		)
		batch = pay.take(pay.batch(pay.approve(frappe.get_doc(PAYMENT, payment.name))), "Lock")
		self.assertEqual([(line.way, line.payee_name) for line in batch.lines], [("Charity", "Otters")])

	def test_an_account_that_is_not_the_one_it_was_approved_for_is_looked_at(self):
		advance = pay.approve(pay.advance(self.old, steps=(), unit=self.unit))
		self.merge()
		batch = pay.take(pay.batch(advance, pay.approved(self.kept)), "Lock")
		self.assertEqual([bool(line.bank_changed_on) for line in batch.lines], [True, False])
		self.assertEqual(batch.changed_accounts, 1)

	def test_a_correction_is_taken_off_what_comes_next(self):
		self.accounts(self.old)
		paid = pay.approved(self.old)
		self.through(pay.batch(paid))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			[name] = corrections.propose(paid.name, 10, "Two hours were one", "Phone")
		correction = pay.approve(frappe.get_doc(PAYMENT, name))
		self.merge()
		further = pay.approved(self.kept)
		with self.as_user(pay.officer()):
			batch = frappe.get_doc(doctype=pay.BATCH, title="Both", payment_on=add_days(today(), 3)).insert()
			batch.add_approved_payments()
		self.assertLessEqual({further.name, correction.name}, {line.payment for line in batch.lines})
		alone = self.through(pay.batch(further, correction))
		self.assertEqual((alone.to_pay, self.now(correction, "status")), (20, "Paid"))


class TestOnePerson(MergedTestCase):
	"""What came under the old record is theirs who it is now."""

	def test_their_own_limit_counts_what_is_on_its_way_under_the_old_record(self):
		factories.preference(self.kept, own_payment_cap=50, cap_period="Month", spread_payments=1)
		pay.take(pay.batch(pay.approved(self.old)), "Lock")
		self.merge()
		second, other = pay.approved(self.kept), pay.approved()
		batch = pay.take(pay.batch(second, other), "Lock")
		self.assertEqual([line.payment for line in batch.lines], [other.name])
		self.assertTrue(self.now(second, "not_before"))

	def test_their_own_limit_holds_for_what_was_approved_under_the_old_record(self):
		factories.preference(self.kept, own_payment_cap=20, cap_period="Month", spread_payments=1)
		claim, other = pay.approved_claim(person=self.old, unit=self.unit), pay.approved()
		payment = pay.approved(self.old)
		frappe.db.set_value(PAYMENT, payment.name, "status", "Failed at bank")
		self.merge()
		with self.as_user(pay.officer()):
			apply(frappe.get_doc(PAYMENT, payment.name), "Pay again")
		expenses = pay.payment_of(claim)
		batch = pay.take(pay.batch(payment, expenses, other), "Lock")
		self.assertEqual({line.payment for line in batch.lines}, {other.name, expenses.name})

	def test_of_which_something_was_taken_back_it_stays_with_that(self):
		place = pay.opportunity()
		engagement = factories.engagement(place, self.old)
		session = pay.hold(place)
		[payment] = pay.payments(engagement)
		batch = self.through(pay.batch(pay.approve(payment)))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			session.reload()
			session.attendance[0].hours = 1
			session.save()
			[name] = corrections.propose(payment.name, 15, "One hour less", "Phone")
		correction = pay.approve(frappe.get_doc(PAYMENT, name))
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, payment.name, "Account closed")
			apply(frappe.get_doc(PAYMENT, payment.name), "Pay again")
		self.merge()
		self.assertEqual([self.now(each, "status") for each in (payment, correction)], ["Approved"] * 2)
		batch = self.through(pay.batch(frappe.get_doc(PAYMENT, payment.name), correction))
		self.assertEqual((batch.to_pay, {line.participant for line in batch.lines}), (15, {self.kept.name}))

	def test_a_correction_stays_where_their_limit_needs_it_under_the_record_that_stays(self):
		payment = pay.approved(self.old)
		paid = pay.approved(self.old)
		self.through(pay.batch(paid))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			[name] = corrections.propose(paid.name, 10, "Counted twice", "Phone")
		correction = pay.approve(frappe.get_doc(PAYMENT, name))
		batch = pay.take(pay.batch(payment, correction, pay.approved()), "Lock")
		self.merge()
		factories.preference(self.kept, own_payment_cap=50, cap_period="Month", cap_month_day=1)
		with self.as_user(pay.officer()), self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "£50.00"):
			reversals.take_out(batch.name, correction.name, "Another time")

	def with_one_receipt(self) -> list:
		coordinator = factories.staff(roles.COORDINATOR)
		claims = [
			pay.claimed(bus(receipt=receipt()), person=person, unit=self.unit)
			for person in (self.kept, self.old)
		]
		with self.as_user(coordinator):  # said while they were two people
			shared_receipts.explain(claims[0].name, "They shared a taxi")
		return claims

	def test_one_receipt_in_a_claim_of_each_is_paid_once(self):
		coordinator, claims = factories.staff(roles.COORDINATOR), self.with_one_receipt()
		checked = pay.take_claim(claims[0], "Check", coordinator)
		self.merge()
		with self.assertRaisesRegex(TransitionError, f"Row 1.*{claims[1].name}.*same person"):
			pay.approve_claim(checked)
		with self.assertRaisesRegex(TransitionError, f"Row 1.*{claims[0].name}.*same person"):
			pay.take_claim(claims[1], "Check", coordinator)
		with self.as_user(coordinator), self.assertRaises(shared_receipts.NotShared):
			shared_receipts.explain(claims[1].name, "They shared a taxi")
		pay.take_claim(claims[1], "Reject", coordinator, note="Sent twice")
		self.assertEqual(pay.approve_claim(checked).status, "Approved")

	def both_approved(self) -> list:
		coordinator = factories.staff(roles.COORDINATOR)
		checked = [pay.take_claim(claim, "Check", coordinator) for claim in self.with_one_receipt()]
		return [pay.approve_claim(claim) for claim in checked]

	def test_one_receipt_in_two_approved_claims_stands_in_the_way(self):
		kept, old = self.both_approved()
		batch = self.through(pay.batch(pay.payment_of(kept)))
		with self.assertRaisesRegex(merging.StandsInTheWay, f"one receipt, in {old.name} and {kept.name}"):
			self.merge()
		pay.take_claim(old, "Cancel claim", pay.officer(), note="Sent twice")
		self.merge()
		self.assertEqual((self.now(old, "status"), batch.status), ("Cancelled", "Confirmed"))

	def test_what_both_were_paid_for_stands_in_nobodys_way(self):
		self.through(pay.batch(*(pay.payment_of(claim) for claim in self.both_approved())))
		self.merge()
		self.assertEqual(self.now(self.old, "merged_into"), self.kept.name)

	def test_one_row_in_the_totals_of_a_year_and_alike_is_seen(self):
		place = pay.opportunity(places=2)
		places = [factories.engagement(place, person) for person in (self.kept, self.old)]
		pay.hold(place)
		payments = [pay.payments(each)[0] for each in places]
		self.through(pay.batch(*(pay.approve(each) for each in payments)))
		for each in places:  # both have run their course
			frappe.db.set_value(each.doctype, each.name, "status", "Completed")
		factories.participant_merge(self.kept, self.old)
		with self.as_user(pay.officer()):
			rows = {row["participant"]: row["time"] for row in annual.execute({"day": date.today()})[1]}
			alike = {row.name for row in payments_that_look_alike.execute({})[1]}
		self.assertEqual((rows.get(self.kept.name), rows.get(self.old.name)), (60, None))
		self.assertLessEqual({each.name for each in payments}, alike)
