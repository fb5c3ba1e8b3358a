"""Expenses: who decides, that nobody is paid twice or a round sum, and that the one payment goes the way of all others
(domain 1.3, 1.4, 4.6, 4.12)."""

import io
import json

import frappe
import frappe.client
from frappe.utils import add_days, add_months, getdate, today
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from involvement_app import clean_files, lifecycle
from involvement_app.involvement_payments import (
	claims,
	mileage,
	receipts,
	reversals,
	shared_receipts,
	statements,
)
from involvement_app.involvement_payments.claims import contents, following
from involvement_app.involvement_payments.claims.miles import _settle
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.money import money, times
from involvement_app.periods import tax_year
from involvement_app.permissions.separation import STRICT, TWO_PEOPLE
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.factories import BUS, agreed, journey

CLAIM, PAYMENT = pay.CLAIM, pay.PAYMENT


def photo(colour: str = "green", exif: bool = False) -> bytes:
	made, extra = io.BytesIO(), {}
	if exif:
		extra["exif"] = Image.Exif()
		extra["exif"].get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
	Image.new("RGB", (60, 40), colour).save(made, "JPEG", **extra)
	return made.getvalue()


def receipt(content: bytes | None = None, name: str = "ticket.jpg", owner: str | None = None) -> str:
	"""The address of a private file that `owner`, a coordinator, has just chosen on a new form."""
	with pay.as_user(owner or factories.staff(roles.COORDINATOR)):
		file = frappe.get_doc(
			doctype="File", file_name=name, is_private=1, content=content or photo()
		).insert(ignore_permissions=True)  # as Frappe's upload does
	return file.file_url


def bus(amount: float = 3.5, **values) -> dict:
	return {"expense_type": BUS, "spent_on": today(), "amount": amount, **values}


def outbox(claim) -> list:
	return frappe.get_all(
		"Involvement Message",
		{"reference_doctype": CLAIM, "reference_name": claim.name},
		["recipient", "template", "subject", "body"],
		order_by="creation",
	)


class ClaimTestCase(pay.PaymentTestCase):
	def choose(self, **values):
		settings = ("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, *settings)
		for fieldname, value in values.items():
			frappe.db.set_single_value("Involvement Settings", fieldname, value)
		frappe.clear_document_cache(*settings)

	def status(self, claim) -> str:
		return frappe.db.get_value(CLAIM, claim.name, "status")

	def assertRefused(self, claim, action: str, user: str, **values):
		before = self.status(claim)
		with self.assertRaises((frappe.PermissionError, TransitionError)):
			pay.take_claim(claim, action, user, **values)
		self.assertEqual(self.status(claim), before)


class TestTheWayOfAClaim(ClaimTestCase):
	def test_from_a_journey_to_the_bank(self):
		claim = pay.claimed()
		self.assertEqual((claim.status, claim.docstatus, claim.to_pay), ("Submitted", 0, 4.5))
		claim = pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		self.assertEqual(claim.checked_by, factories.staff(roles.COORDINATOR))
		claim = pay.approve_claim(claim)
		self.assertEqual((claim.status, claim.docstatus), ("Approved", 1))
		payment = pay.payment_of(claim)
		self.assertEqual(
			(payment.status, payment.docstatus, payment.kind, payment.amount, payment.approved_by),
			("Approved", 1, "Expenses", 4.5, pay.budget_holder()),
		)
		self.assertEqual(payment.dedupe_key, f"claim|{claim.name}|Expenses|0")
		batch = pay.batch(payment)
		for step, state in (
			("Lock", "Scheduled"),
			("Authorise", "Scheduled"),
			("Export", "Scheduled"),
			("Confirm", "Paid"),
		):
			batch = pay.take(batch, step)
			self.assertEqual((step, self.status(claim)), (step, state))
		self.assertTrue(frappe.db.get_value(CLAIM, claim.name, "paid_on"))

	def test_a_batch_made_void_gives_the_claim_back(self):
		claim = pay.approved_claim()
		batch = pay.take(pay.batch(pay.payment_of(claim)), "Lock")
		pay.take(batch, "Void")
		self.assertEqual((self.status(claim), pay.payment_of(claim).status), ("Approved", "Approved"))

	def test_one_batch_takes_time_and_expenses(self):
		time, claim = pay.approved(), pay.approved_claim()
		batch = pay.take(pay.batch(time, pay.payment_of(claim)), "Lock", "Authorise", "Export", "Confirm")
		self.assertEqual(batch.total, 34.5)
		self.assertEqual(
			(self.status(claim), frappe.db.get_value(PAYMENT, time.name, "status")), ("Paid", "Paid")
		)
		told = {row.template for row in outbox(claim)}
		self.assertEqual(told, {"Involvement expenses approved", "Involvement expenses paid"})
		self.assertFalse(
			frappe.db.exists(
				"Involvement Message",
				{"reference_name": batch.name, "recipient": claim.participant},
			)
		)

	def test_later_steps_of_a_payment_take_the_claim_along(self):
		claim = pay.approved_claim()
		batch = pay.take(pay.batch(pay.payment_of(claim)), "Lock")
		trail = (pay.BATCH, batch.name)
		for action, state in (
			("Mark failed", "Failed at bank"),
			("Pay again", "Approved"),
			("Schedule", "Scheduled"),
			("Mark paid", "Paid"),
			("Reconcile", "Reconciled"),
		):
			following.follow([claim.payment or pay.payment_of(claim).name], action, trail, today())
			self.assertEqual(self.status(claim), state)

	def test_each_decision_is_told_in_neutral_words_outside(self):
		for action, template in (("Return", "returned"), ("Reject", "rejected")):
			claim = pay.claimed()
			pay.take_claim(claim, action, factories.staff(roles.COORDINATOR), note="Which <b>day</b> was it?")
			(message,) = outbox(claim)
			self.assertEqual(message.template, f"Involvement expenses {template}")
			self.assertIn("Which &lt;b&gt;day&lt;/b&gt; was it?", message.body)
			self.assertNotRegex(message.subject.lower(), "involve|health|care|expense")

	def test_a_reason_is_needed_and_kept(self):
		for action in ("Return", "Reject"):
			with self.subTest(action), self.assertRaisesRegex(TransitionError, "Please fill in Reason"):
				pay.take_claim(pay.claimed(), action, factories.staff(roles.COORDINATOR))

	def test_returned_and_sent_again_it_is_checked_anew(self):
		claim = pay.checked_claim()
		pay.take_claim(claim, "Return", pay.budget_holder(), note="Which day?")
		claim = pay.take_claim(claim, "Send again", factories.staff(roles.MANAGER))
		self.assertEqual((claim.status, claim.checked_by), ("Submitted", None))

	def test_who_sent_it_back_with_a_question_approves_it_later(self):
		"""Their question is no edit; a line that they change with it is."""
		holder = pay.budget_holder()
		for driven, said in ((None, ""), (20, holder)):
			with self.subTest(miles=driven):
				claim = pay.checked_claim()
				with self.as_user(holder):
					doc = frappe.get_doc(CLAIM, claim.name)
					doc.lines[0].miles = driven or doc.lines[0].miles
					lifecycle.apply(doc, "Return", note="Which day?")
				checker = factories.staff(roles.MANAGER)
				pay.take_claim(claim, "Send again", checker)
				claim = pay.take_claim(claim, "Check", checker)
				self.assertEqual(claim.edited_by or "", said)
				if driven:
					self.assertRefused(claim, "Approve", holder)
				else:
					self.assertEqual(pay.approve_claim(claim).status, "Approved")

	def test_what_was_paid_for_already_is_agreed_and_nothing_is_promised(self):
		claim = pay.approved_claim(factories.agreed(12, paid_by="The organisation"))
		self.assertEqual((claim.status, claim.to_pay, claim.payment or None), ("Approved", 0, None))
		body = frappe.db.get_value(
			"Involvement Message", {"reference_name": claim.name, "recipient": claim.participant}, "body"
		)
		self.assertIn("nothing more to pay", body)
		self.assertNotIn("on its way", body)
		with self.assertRaisesRegex(TransitionError, "nothing to pay"):
			pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR))

	def test_what_was_checked_is_what_is_approved(self):
		claim = pay.checked_claim()
		more = factories.agreed(450)
		tries = (
			lambda doc: doc.append("lines", more),
			lambda doc: doc.lines[0].update({"miles": 400}),
			lambda doc: doc.lines[0].update({"agreed": 1, "agreed_with": "Casey", "agreed_on": today()}),
			lambda doc: doc.update({"unit": factories.unit(budget_holder=pay.budget_holder())}),
			lambda doc: doc.update({"late_reason": "Was ill"}),
			lambda doc: doc.lines[0].update({"description": "Something else"}),
		)
		for user in (claim.checked_by, factories.another(roles.COORDINATOR), factories.staff(roles.MANAGER)):
			for number, change in enumerate(tries):
				with self.subTest(number, user=user), self.as_user(user):
					doc = frappe.get_doc(CLAIM, claim.name)
					change(doc)
					with self.assertRaisesRegex(TransitionError, "Return"):
						doc.save()
		pay.take_claim(claim, "Return", pay.budget_holder(), note="And the taxi?")
		with self.as_user(factories.staff(roles.MANAGER)):
			doc = frappe.get_doc(CLAIM, claim.name)
			doc.append("lines", more)
			doc.save()
		claim = pay.take_claim(claim, "Send again", factories.staff(roles.MANAGER))
		self.assertEqual((claim.status, claim.checked_by), ("Submitted", None))

	def test_a_form_that_is_saved_as_it_stands_is_taken(self):
		"""A browser sends ten miles as 10, where 10.0 is kept."""
		claim = pay.checked_claim(factories.journey(10))
		sent = json.loads(frappe.as_json(frappe.get_doc(CLAIM, claim.name)))
		sent["lines"][0]["miles"] = 10
		with self.as_user(claim.checked_by):
			frappe.client.save(json.dumps(sent))
		self.assertEqual(frappe.db.get_value(CLAIM, claim.name, "status"), "Checked")

	def test_cancelled_takes_its_payment_along(self):
		claim = pay.approved_claim()
		claim = pay.take_claim(claim, "Cancel claim", pay.officer(), note="Claimed twice")
		self.assertEqual((claim.status, claim.docstatus), ("Cancelled", 2))
		self.assertEqual(pay.payment_of(claim).status, "Void")

	def test_in_a_batch_it_is_not_cancelled_any_more(self):
		claim = pay.approved_claim()
		pay.take(pay.batch(pay.payment_of(claim)), "Lock")
		self.assertRefused(claim, "Cancel claim", pay.officer(), note="Too late")

	def test_its_payment_is_not_made_void_alone(self):
		payment = pay.payment_of(pay.approved_claim())
		with self.as_user(pay.officer()), self.assertRaisesRegex(TransitionError, "Cancel the expense claim"):
			lifecycle.apply(payment, "Void", note="Mine?")

	def test_nothing_to_pay_makes_no_payment(self):
		claim = pay.approved_claim(agreed(40, paid_by="The organisation"))
		self.assertEqual((claim.status, claim.to_pay, claim.payment), ("Approved", 0, None))

	def test_money_is_not_kept_here(self):
		self.choose(finance_mode="None")
		with self.assertRaises(frappe.PermissionError):  # nobody makes one (`without_money`)
			pay.claimed()


class TestWhoDecides(ClaimTestCase):
	def test_checking_is_for_coordinators_and_managers(self):
		claim = pay.claimed()
		for user in (
			pay.budget_holder(),
			pay.officer(),
			factories.staff(roles.OWNER),
			factories.user(),
			factories.staff(factories.PORTAL),
			"Guest",
		):
			with self.subTest(user):
				self.assertRefused(claim, "Check", user)

	def test_approving_is_for_the_budget_holder_of_the_unit(self):
		claim = pay.checked_claim()
		for user in (
			factories.another(roles.BUDGET_HOLDER),
			pay.officer(),
			factories.staff(roles.MANAGER),
			factories.staff(factories.PORTAL),
			"Guest",
		):
			with self.subTest(user):
				self.assertRefused(claim, "Approve", user)
		self.assertEqual(pay.approve_claim(claim).status, "Approved")

	def test_beyond_their_limit_they_do_not(self):
		factories.approval_limit(up_to=4)
		with self.assertRaisesRegex(StepNotPermitted, "more than the £4.00"):
			pay.approve_claim(pay.checked_claim())

	def test_the_payee_decides_nothing(self):
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER, roles.FINANCE_OFFICER)
		me = factories.takes_part(both)
		unit = factories.unit(budget_holder=both)
		claim = pay.claimed(person=me, unit=unit)
		for action in ("Check", "Return", "Reject"):
			with self.subTest(action), self.assertRaisesRegex(StepNotPermitted, "your own expenses"):
				pay.take_claim(claim, action, both, note="Mine")
		pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		with self.assertRaisesRegex(StepNotPermitted, "your own expenses"):
			pay.take_claim(claim, "Approve", both)

	def test_the_payee_releases_no_batch_with_it(self):
		me = factories.takes_part(factories.user(roles.FINANCE_AUTHORISER))
		batch = pay.take(pay.batch(pay.payment_of(pay.approved_claim(person=me))), "Lock")
		with self.as_user(me.user), self.assertRaisesRegex(StepNotPermitted, "holds a payment to you"):
			lifecycle.apply(frappe.get_doc(pay.BATCH, batch.name), "Authorise")

	def test_who_approved_it_does_not_release_it(self):
		both = factories.user(roles.BUDGET_HOLDER, roles.FINANCE_AUTHORISER)
		claim = pay.approved_claim(unit=factories.unit(budget_holder=both))
		batch = pay.take(pay.batch(pay.payment_of(claim)), "Lock")
		with self.as_user(both), self.assertRaisesRegex(StepNotPermitted, "You approved a payment"):
			lifecycle.apply(frappe.get_doc(pay.BATCH, batch.name), "Authorise")

	def checked_and_approved_by_one(self):
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER)
		claim = pay.claimed(unit=factories.unit(budget_holder=both))
		pay.take_claim(claim, "Check", both)
		return pay.take_claim(claim, "Approve", both)

	def test_who_checked_does_not_approve_where_duties_are_strict(self):
		self.choose(separation=STRICT)
		with self.assertRaisesRegex(StepNotPermitted, "You checked"):
			self.checked_and_approved_by_one()
		self.choose(separation=TWO_PEOPLE)
		self.assertEqual(self.checked_and_approved_by_one().status, "Approved")

	def test_who_entered_or_changed_it_does_not_approve(self):
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER)
		unit = factories.unit(budget_holder=both)
		entered = pay.claimed(by=both, unit=unit)
		changed = pay.claimed(unit=unit)
		with self.as_user(both):
			doc = frappe.get_doc(CLAIM, changed.name)
			doc.lines[0].miles = 11
			doc.save()
		for claim in (entered, changed):
			pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
			with self.assertRaisesRegex(StepNotPermitted, "somebody else decides"):
				pay.approve_claim(claim)

	def test_no_edit_rides_along_with_an_approval(self):
		claim = pay.checked_claim()
		with self.assertRaisesRegex(TransitionError, "Save your changes"):
			pay.take_claim(claim, "Approve", pay.budget_holder(), pay_by="Cash")
		# of a level that budget holders do not write: it stays as it is stored
		self.assertIsNone(
			pay.take_claim(claim, "Approve", pay.budget_holder(), late_reason="In time").late_reason
		)


class TestWhatIsClaimed(ClaimTestCase):
	def test_a_round_sum_is_refused(self):
		for line in (bus(20), bus(20, description="Expenses"), bus(20, from_place="A", to_place="B")):
			with self.assertRaises(contents.NoProof):
				pay.claimed(line)

	def test_a_yes_from_before_is_confirmed_by_staff(self):
		claim = pay.claimed(bus(20, agreed_with="Casey"))
		self.assertRefused(claim, "Check", factories.staff(roles.COORDINATOR))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(CLAIM, claim.name)
			doc.lines[0].agreed = 1
			doc.save()
		self.assertEqual(doc.lines[0].agreed_by, factories.staff(roles.COORDINATOR))
		self.assertEqual(pay.take_claim(claim, "Check", factories.staff(roles.MANAGER)).status, "Checked")

	def test_a_yes_is_for_the_amount_that_was_known(self):
		claim = pay.claimed(agreed(12))
		with self.as_user(factories.staff(roles.MANAGER)):
			doc = frappe.get_doc(CLAIM, claim.name)
			doc.lines[0].amount = 99
			doc.save()
		self.assertEqual(doc.lines[0].agreed_by, factories.staff(roles.MANAGER))

	def test_what_is_agreed_beforehand_was_agreed_before_it_was_spent(self):
		"""Domain 4.6, pre-approval: a tick after the spending is none."""
		for day, allowed in ((None, False), (today(), False), (add_days(today(), -2), True)):
			claim = pay.claimed(agreed(12, spent_on=add_days(today(), -1), agreed_on=day))
			with self.subTest(day):
				if allowed:
					done = pay.take_claim(claim, "Check", factories.staff(roles.MANAGER))
					self.assertEqual(done.status, "Checked")
				else:
					with self.assertRaisesRegex(TransitionError, "the day staff agreed"):
						pay.take_claim(claim, "Check", factories.staff(roles.MANAGER))

	def test_whoever_says_that_it_was_agreed_does_not_check_it(self):
		"""Nor whoever writes the day; at the level Two people they may."""
		claim = pay.claimed(agreed(12))
		with self.assertRaisesRegex(StepNotPermitted, "you said that this was agreed"):
			pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		with self.as_user(factories.staff(roles.MANAGER)):
			doc = frappe.get_doc(CLAIM, claim.name)
			doc.lines[0].agreed_on = add_days(today(), -1)
			doc.save()
		with self.assertRaisesRegex(StepNotPermitted, "you said that this was agreed"):
			pay.take_claim(claim, "Check", factories.staff(roles.MANAGER))
		settings = frappe.get_doc("Involvement Settings")
		settings.separation = "Two people"
		settings.save()
		self.assertEqual(pay.take_claim(claim, "Check", factories.staff(roles.MANAGER)).status, "Checked")

	def test_a_copy_of_a_row_does_not_take_its_yes_along(self):
		coordinator, manager = factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)
		for marked in ({}, {"__islocal": 1}):
			claim = pay.claimed(agreed(50), by=coordinator)
			stored = claim.as_dict(convert_dates_to_str=True)
			copy = {**stored["lines"][0], "idx": 2, **marked}
			with self.subTest(**marked), self.as_user(manager):
				frappe.client.save(frappe.as_json({**stored, "lines": [*stored["lines"], copy]}))
				lines = frappe.get_doc(CLAIM, claim.name).lines
				self.assertEqual(
					[(row.amount, row.agreed_by) for row in lines], [(50, coordinator), (50, manager)]
				)
				self.assertEqual(lines[0].name, claim.lines[0].name)
				with self.assertRaisesRegex(StepNotPermitted, "you said that this was agreed"):
					lifecycle.apply(frappe.get_doc(CLAIM, claim.name), "Check")

	def test_a_person_writes_no_yes(self):
		"""What the portal sends of it counts for nothing."""
		doc = frappe.get_doc(CLAIM, pay.claimed(agreed(12)).name)
		doc.lines[0].update({"agreed": 1, "agreed_on": add_days(today(), -9)})
		doc.flags.ignore_permissions = True  # as the portal writes
		doc.save()
		self.assertEqual(
			(doc.lines[0].agreed, doc.lines[0].agreed_by, doc.lines[0].agreed_on), (0, None, None)
		)

	def test_nobody_says_yes_to_their_own(self):
		both = factories.user(roles.COORDINATOR)
		person = factories.participant()
		factories.signs_in_as(person, both)
		claim = pay.claimed(agreed(12), person=person, by=both)
		self.assertEqual((claim.lines[0].agreed, claim.lines[0].agreed_by), (0, None))

	def test_what_needs_a_yes_needs_it_with_a_receipt_too(self):
		claim = pay.claimed({**agreed(12), "agreed": 0, "receipt": receipt()})
		self.assertRefused(claim, "Check", factories.staff(roles.COORDINATOR))

	def test_what_the_organisation_booked_is_paid_to_nobody(self):
		claim = pay.claimed(journey(), agreed(40, paid_by="The organisation"))
		self.assertEqual((claim.total, claim.to_pay), (44.5, 4.5))

	def test_an_advance_is_what_was_paid_before_and_no_figure_of_a_request(self):
		"""What was really given beforehand: tests/payments/test_advances.py."""
		self.assertEqual(pay.claimed(agreed(40), advance=30).to_pay, 40)

	def test_amounts_that_cannot_be(self):
		for amount in (0, -5, 5001):
			with self.subTest(amount), self.assertRaises(frappe.ValidationError):
				pay.claimed(agreed(amount))

	def test_a_day_to_come_is_refused(self):
		with self.assertRaisesRegex(frappe.ValidationError, "still to come"):
			pay.claimed(journey(spent_on=add_days(today(), 1)))

	def test_beyond_the_window_a_reason_is_needed(self):
		claim = pay.claimed(journey(spent_on=add_days(add_months(today(), -3), -1)))
		self.assertIn("older than the claim window", claim.warnings)
		with self.assertRaisesRegex(TransitionError, "older than 3 months"):
			pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		claim = pay.take_claim(
			claim, "Check", factories.staff(roles.COORDINATOR), late_reason="They were in hospital"
		)
		self.assertEqual(claim.status, "Checked")
		inside = pay.claimed(journey(spent_on=add_months(today(), -3)))
		self.assertFalse(inside.warnings)

	def test_like_lines_are_pointed_out_and_not_refused(self):
		person = factories.participant()
		first = pay.claimed(journey(), person=person)
		second = pay.claimed(journey(), person=person)
		self.assertFalse(first.warnings)
		self.assertIn(first.name, second.warnings)
		self.assertFalse(pay.claimed(journey()).warnings)

	def test_the_session_leads_to_place_and_unit(self):
		payment = pay.checked()
		claim = factories.expense_claim(
			frappe.get_doc("Involvement Participant", payment.participant), session=payment.session
		)
		self.assertEqual((claim.engagement, claim.unit), (payment.engagement, payment.unit))
		with self.assertRaisesRegex(frappe.ValidationError, "has no place there"):
			factories.expense_claim(factories.participant(), session=payment.session)

	def test_what_staff_enter_is_recorded_as_that(self):
		claim = pay.claimed()
		self.assertEqual((claim.told_how, claim.recorded_by), ("Phone", factories.staff(roles.COORDINATOR)))
		with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
			pay.claimed(recorded_how=None)

	def test_staff_of_other_units_enter_nothing(self):
		user = factories.another(roles.COORDINATOR)
		person = factories.participant(units=(factories.unit(),))
		factories.limit(user, factories.unit())
		with self.assertRaises(frappe.PermissionError):
			pay.claimed(person=person, by=user)


class TestMileage(ClaimTestCase):
	def test_the_server_works_it_out(self):
		for line, pounds in (
			(journey(10), 4.5),
			(journey(10, passengers=2), 5.5),
			(journey(10, "Motorcycle"), 2.4),
			(journey(10, "Bicycle"), 2),
			(journey(10, amount=999), 4.5),
		):
			with self.subTest(line=line):
				self.assertEqual(pay.claimed(line).total, pounds)

	def driven(self, person, miles: float, day=None):
		"""Approved miles of `person`, as earlier claims left them."""
		claim = pay.approved_claim(journey(10), person=person)
		row = frappe.get_doc(CLAIM, claim.name).lines[0]
		frappe.db.set_value(
			claims.LINE,
			row.name,
			{"miles": miles, "mileage_key": mileage.key(person.name, day or today(), "Car or van")},
		)
		return frappe.get_doc(CLAIM, claim.name)

	def test_beyond_the_threshold_of_the_year_it_is_less(self):
		person = factories.participant()
		self.driven(person, 9990)
		claim = pay.approved_claim(journey(20), person=person)
		self.assertEqual((claim.to_pay, claim.lines[0].miles_before), (7, 9990))

	def test_another_year_another_person_another_way_count_apart(self):
		person = factories.participant()
		self.driven(person, 9990, day="2001-05-05")
		self.assertEqual(pay.approved_claim(journey(20), person=person).to_pay, 9)
		self.driven(person, 9990)
		self.assertEqual(pay.approved_claim(journey(20)).to_pay, 9)
		self.assertEqual(pay.approved_claim(journey(20, "Bicycle"), person=person).to_pay, 4)

	def test_fixed_when_approved_whatever_the_estimate_was(self):
		person = factories.participant()
		waits = pay.checked_claim(journey(20), person=person)
		self.assertEqual(waits.to_pay, 9)
		self.driven(person, 9990)
		claim = pay.approve_claim(waits)
		self.assertEqual((claim.to_pay, pay.payment_of(claim).amount), (7, 7))

	def test_a_cancelled_claim_s_miles_do_not_count(self):
		person = factories.participant()
		gone = pay.approved_claim(journey(500), person=person)
		pay.take_claim(gone, "Cancel claim", pay.officer(), note="Twice")
		claim = pay.approved_claim(journey(10), person=person)
		self.assertEqual(claim.lines[0].miles_before, 0)

	def test_cancelled_what_was_driven_after_it_is_worked_out_anew(self):
		"""Domain 1.4, 5.2: what a year comes to does not depend on what was approved, or taken back, first."""
		person = factories.participant()
		gone = self.driven(person, 9990)
		waits, paid = (pay.approved_claim(journey(20), person=person) for _each in range(2))
		self.assertEqual((waits.to_pay, paid.to_pay), (7, 5))
		pay.take(pay.batch(pay.payment_of(paid)), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(CLAIM, gone.name), "Cancel claim", note="Twice")
		further = {}
		for claim in (waits, paid):
			claim.reload()
			self.assertEqual((claim.to_pay, claim.total, claim.lines[0].amount), (9, 9, 9))
			further[claim.name] = frappe.get_last_doc(PAYMENT, {"claim": claim.name, "revision": 1})
		self.assertEqual([doc.amount for doc in further.values()], [2, 4])
		self.assertEqual([doc.status for doc in further.values()], ["Checked", "Checked"])
		self.assertEqual([claim.status for claim in (waits, paid)], ["Approved", "Paid"])
		self.assertEqual(pay.payment_of(waits).amount, 7)  # nobody's yes is moved to another amount
		# each goes the way of every other payment, and moves no claim
		done = pay.approve(further[paid.name])
		told = frappe.get_all(
			"Involvement Message", {"reference_name": done.name}, ["template", "body"], order_by="creation"
		)
		self.assertEqual([row.template for row in told], ["Involvement expenses approved"])
		self.assertIn("counted anew, and we owe you £4.00 more", told[0].body)
		self.assertEqual((done.status, done.owner), ("Approved", "Administrator"))
		pay.take(pay.batch(done, pay.payment_of(waits)), "Lock", "Authorise", "Export", "Confirm")
		self.assertEqual((self.status(waits), self.status(paid)), ("Paid", "Paid"))
		self.assertIn("paid you £11.00 for your expenses", outbox(paid)[-1].body)
		self.assertEqual(frappe.db.get_value(claims.LINE, {"parent": paid.name}, "miles_before"), 20)

	def test_a_claim_that_its_batch_cancels_does_the_same(self):
		person = factories.participant()
		gone = self.driven(person, 9990)
		later = pay.approved_claim(journey(20), person=person)
		pay.take(pay.batch(pay.payment_of(gone)), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(pay.officer()):
			batch = frappe.db.get_value(PAYMENT, pay.payment_of(gone).name, "batch")
			reversals.sent_back(batch, pay.payment_of(gone).name, "No such account")
			lifecycle.apply(pay.payment_of(gone), "Void", note="Claimed twice")
		self.assertEqual(self.status(gone), "Cancelled")
		later.reload()
		self.assertEqual(later.to_pay, 9)
		self.assertEqual(
			frappe.db.get_value(PAYMENT, {"claim": later.name, "revision": 1}, ["amount", "status"]),
			(2, "Checked"),
		)

	def test_the_unit_is_that_of_the_session_it_was_for(self):
		"""No other budget pays for it, and no other holder decides."""
		place, person = pay.opportunity(), factories.participant()
		engagement = factories.engagement(place, person)
		session = pay.hold(place)
		other = factories.unit(budget_holder=factories.another(roles.BUDGET_HOLDER))
		for about in ({"session": session.name}, {"engagement": engagement.name}):
			claim = pay.claimed(person=person, **about)
			with self.subTest(**about), self.as_user(factories.staff(roles.COORDINATOR)):
				doc = frappe.get_doc(CLAIM, claim.name)
				doc.unit = other
				doc.save()
				self.assertEqual(frappe.db.get_value(CLAIM, claim.name, "unit"), session.unit)

	def test_cancelled_too_its_further_payment_goes_along(self):
		person = factories.participant()
		gone = self.driven(person, 9990)
		later = pay.approved_claim(journey(20), person=person)
		for claim in (gone, later):
			with self.as_user(pay.officer()):
				lifecycle.apply(frappe.get_doc(CLAIM, claim.name), "Cancel claim", note="Twice")
		self.assertEqual(frappe.get_all(PAYMENT, {"claim": later.name}, pluck="status"), ["Void", "Void"])

	def test_who_is_not_paid_here_gets_the_difference_too(self):
		person = factories.participant(payment_eligibility="Expenses only")
		gone = self.driven(person, 9990)
		later = pay.approved_claim(journey(20), person=person)
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(CLAIM, gone.name), "Cancel claim", note="Twice")
		further = frappe.get_last_doc(PAYMENT, {"claim": later.name, "revision": 1})
		self.assertEqual(pay.approve(further).status, "Approved")

	def test_another_year_or_way_stays_as_it_was(self):
		person = factories.participant()
		gone = self.driven(person, 9990)
		cycled = pay.approved_claim(journey(20, "Bicycle"), person=person)
		other = pay.approved_claim(journey(20))
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(CLAIM, gone.name), "Cancel claim", note="Twice")
		for claim in (cycled, other):
			self.assertEqual(frappe.db.count(PAYMENT, {"claim": claim.name}), 1)

	def a_day_of_another_rate(self):
		"""Yesterday, with a day before it in the same tax year."""
		change = add_days(getdate(), -1)
		if tax_year(add_days(change, -1)).start != tax_year(today()).start:
			self.skipTest("the tax year has only just begun")
		return change

	def car_rate(self, **values) -> str:
		"""The rate that holds today, otherwise than install brought it."""
		name = frappe.db.get_value("Mileage Rate", {"mode": "Car or van", "valid_to": ["is", "not set"]})
		frappe.db.set_value("Mileage Rate", name, values)
		return name

	def test_a_year_of_two_rates_comes_to_the_same_whatever_is_approved_first(self):
		"""Domain 1.4: an early journey that is approved late takes its part of the threshold from later days, and nothing
		that was approved changes."""
		change = self.a_day_of_another_rate()
		self.car_rate(threshold_miles=10, valid_to=add_days(change, -1))
		factories.mileage_rate(
			valid_from=change, valid_to=None, per_mile=0.6, threshold_miles=10, per_mile_after=0.25
		)
		early, late = journey(8, spent_on=add_days(change, -1)), journey(8)
		sums = []
		for order in ((early, late), (late, early)):
			person = factories.participant()
			approved = [pay.approved_claim(line, person=person) for line in order]
			sums.append([claim.to_pay for claim in approved])
			self.assertEqual(frappe.db.count(PAYMENT, {"participant": person.name}), 2)
		self.assertEqual(sums, [[3.6, 2.7], [4.8, 1.5]])

	def worth_less(self):
		"""(a claim that was paid, what is taken back of it): each mile beyond ten is worth more, and a claim before it is cancelled."""
		self.car_rate(threshold_miles=10, per_mile_after=0.6)
		person = factories.participant()
		gone = pay.approved_claim(journey(10), person=person)
		later = pay.approved_claim(journey(10), person=person)
		self.assertEqual((gone.to_pay, later.to_pay), (4.5, 6))
		pay.take(pay.batch(pay.payment_of(later)), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(CLAIM, gone.name), "Cancel claim", note="Twice")
		return frappe.get_doc(CLAIM, later.name), pay.payments(participant=person.name, kind="Correction")

	def test_worth_less_now_is_a_correction_that_somebody_approves(self):
		later, found = self.worth_less()
		self.assertEqual((later.status, later.to_pay, later.lines[0].amount), ("Paid", 4.5, 4.5))
		self.assertEqual(
			[(doc.status, doc.amount, doc.corrects, doc.claim, doc.owner) for doc in found],
			[("Checked", -1.5, later.payment, later.name, "Administrator")],
		)
		self.assertIn("counted anew", found[0].correction_reason)
		self.assertEqual(pay.payment_of(later).amount, 6)  # what was paid stays as it is
		with self.assertRaises(frappe.PermissionError):
			pay.approve(found[0], by=factories.another(roles.BUDGET_HOLDER))
		self.assertEqual(pay.approve(found[0]).status, "Approved")
		self.assertEqual(frappe.db.count(PAYMENT, {"corrects": later.payment}), 1)

	def test_rejected_the_person_keeps_it(self):
		later, found = self.worth_less()
		with self.as_user(pay.budget_holder()):
			lifecycle.apply(found[0], "Reject", note="We told them so")
		self.assertEqual(pay.payments(corrects=later.payment)[0].status, "Rejected")

	def test_what_one_is_worth_less_is_taken_off_what_another_is_worth_more(self):
		person, unit = factories.participant(), pay.unit()
		claims_of = [pay.approved_claim(journey(20), person=person, unit=unit) for _each in range(3)]
		worth = dict(zip((claim.name for claim in claims_of), (money(-5), money(2), money(4)), strict=True))
		_settle(worth, (CLAIM, claims_of[0].name))
		further = pay.payments(participant=person.name, revision=1)
		self.assertEqual([(doc.kind, doc.amount) for doc in further], [("Expenses", 1)])
		_settle({claims_of[0].name: money("-0.02")}, (CLAIM, claims_of[0].name))
		self.assertEqual(pay.payments(participant=person.name, kind="Correction"), [])  # pennies of rounding

	def test_beyond_what_was_paid_finance_is_told(self):
		claim = pay.approved_claim(journey(10))
		_settle({claim.name: money("-6")}, (CLAIM, claim.name))
		self.assertEqual([doc.amount for doc in pay.payments(claim=claim.name, kind="Correction")], [-4.5])
		told = frappe.get_all("Comment", {"reference_name": claim.name, "content": ["like", "%less is due%"]})
		self.assertEqual(len(told), 1)

	def test_cancelled_by_its_batch_its_further_payment_goes_along(self):
		person = factories.participant()
		gone = self.driven(person, 9990)
		later = pay.approved_claim(journey(20), person=person)
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(CLAIM, gone.name), "Cancel claim", note="Twice")
		pay.take(pay.batch(pay.payment_of(later)), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(pay.officer()):
			batch = frappe.db.get_value(PAYMENT, pay.payment_of(later).name, "batch")
			reversals.sent_back(batch, pay.payment_of(later).name, "No such account")
			lifecycle.apply(pay.payment_of(later), "Void", note="Claimed twice")
		self.assertEqual(self.status(later), "Cancelled")
		self.assertEqual(frappe.get_all(PAYMENT, {"claim": later.name}, pluck="status"), ["Void", "Void"])

	def test_a_journey_that_costs_later_days_more_than_it_adds_is_not_approved(self):
		change = self.a_day_of_another_rate()
		self.car_rate(threshold_miles=10, per_mile=0.05, valid_to=add_days(change, -1))
		factories.mileage_rate(
			valid_from=change, valid_to=None, per_mile=0.9, threshold_miles=10, per_mile_after=0.1
		)
		person = factories.participant()
		pay.approved_claim(journey(10), person=person)
		waits = pay.checked_claim(journey(10, spent_on=add_days(change, -1)), person=person)
		with self.assertRaisesRegex(TransitionError, "come to less"):
			pay.approve_claim(waits)

	@settings(max_examples=12, deadline=None)
	@given(st.integers(1, 3000))
	@example(1225)
	@example(1005)
	@example(495)
	def test_what_is_written_is_what_is_paid_or_it_is_refused(self, hundredths):
		"""Issue 7: to the penny. Never one figure on the page, another that is paid and a third that counts."""
		miles = hundredths / 100
		if hundredths % 10:
			with self.assertRaisesRegex(frappe.ValidationError, f"Row 1, Miles: {miles} is finer"):
				pay.claimed(journey(miles))
			return
		claim = frappe.get_doc(CLAIM, pay.claimed(journey(miles)).name)
		self.assertEqual((claim.lines[0].miles, money(claim.to_pay)), (miles, times("0.45", miles)))

	def test_impossible_journeys(self):
		for values in (
			{"miles": 0},
			{"miles": -1},
			{"miles": 1001},
			{"mode": "Helicopter"},
			{"mode": None},
			{"passengers": 9},
			{"from_place": None},
			{"mode": "Bicycle", "passengers": 1},
		):
			with self.subTest(**values), self.assertRaises(frappe.ValidationError):
				pay.claimed({**journey(), **values})


class TestReceipts(ClaimTestCase):
	def of_line(self, claim):
		url = frappe.db.get_value(claims.LINE, {"parent": claim.name}, "receipt")
		return frappe.get_doc("File", {"file_url": url, "attached_to_name": claim.name})

	def test_location_is_stripped_and_the_file_is_private(self):
		came = photo(exif=True)
		claim = pay.claimed(bus(receipt=receipt(came)))
		file = self.of_line(claim)
		self.assertTrue(file.is_private)
		self.assertEqual((file.attached_to_doctype, file.attached_to_name), (CLAIM, claim.name))
		with Image.open(io.BytesIO(file.get_content())) as kept:
			self.assertFalse(kept.getexif().get_ifd(0x8825))
		self.assertEqual(frappe.db.count("File", {"attached_to_name": claim.name}), 1)

	def test_what_is_no_photo_and_no_pdf_is_refused_with_the_reason(self):
		for content, name, words in (
			(b"<html><script>alert(1)</script></html>", "ticket.html", "photo"),
			(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "ticket.svg", "photo"),
			(b"MZ\x90\x00 a program", "ticket.exe", "photo"),
			(factories.pdf() + b"\x00" * clean_files.MOST_BYTES, "ticket.pdf", "5 MB at most"),
		):
			with self.subTest(name):
				try:
					url = receipt(content, name)
				except frappe.ValidationError:
					continue  # the site takes no such file at all
				with self.assertRaisesRegex(clean_files.NotTaken, words):
					pay.claimed(bus(receipt=url))

	def test_the_same_receipt_twice(self):
		person = factories.participant()
		first = pay.claimed(bus(receipt=receipt()), person=person)
		with self.assertRaisesRegex(receipts.UsedBefore, "used before, for Bus"):
			pay.claimed(bus(9, receipt=receipt(), spent_on=add_days(today(), -3)), person=person)
		with self.assertRaisesRegex(receipts.UsedBefore, "in another row too"):
			pay.claimed(bus(receipt=receipt(photo("red"))), bus(9, receipt=receipt(photo("red"))))
		kept = self.of_line(first).get_content()
		with self.assertRaises(receipts.UsedBefore):
			pay.claimed(bus(receipt=receipt(kept)), person=person)

	def test_somebody_else_s_receipt_is_told_to_whoever_checks(self):
		first = pay.claimed(bus(receipt=receipt()))
		second = pay.claimed(bus(receipt=receipt()))
		self.assertIn(first.name, second.warnings)
		self.assertIn("of somebody else", second.warnings)

	def shared(self, **values) -> tuple:
		"""One receipt in the claims of two people."""
		return tuple(pay.claimed(bus(receipt=receipt()), **values) for _each in range(2))

	def check(self, claim):
		return pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))

	def explain(self, claim, user: str, reason: str = "They shared a taxi, and each paid half"):
		with self.as_user(user):
			shared_receipts.explain(claim.name, reason)

	def test_a_receipt_of_two_people_is_neither_checked_nor_approved_without_a_reason(self):
		"""Domain 4.6: the same receipt blocks; whoever sent it hears nothing of it."""
		claims_of = self.shared()
		for claim in claims_of:
			with self.assertRaisesRegex(TransitionError, "of somebody else"):
				self.check(claim)
		self.explain(claims_of[1], factories.staff(roles.MANAGER))
		stored = frappe.get_doc(CLAIM, claims_of[1].name)
		self.assertEqual(stored.receipt_reason, "They shared a taxi, and each paid half")
		self.assertEqual(stored.receipt_reason_by, factories.staff(roles.MANAGER))
		self.assertTrue(stored.receipt_reason_on)
		told = frappe.get_all("Comment", {"reference_name": stored.name, "content": ["like", "%a reason%"]})
		self.assertEqual(len(told), 1)
		checked = [self.check(claim) for claim in claims_of]
		third = pay.claimed(bus(receipt=receipt()))
		for claim in checked:  # checked before it came, and not approved since
			with self.assertRaisesRegex(TransitionError, third.name):
				pay.approve_claim(claim)
		pay.take_claim(third, "Reject", factories.staff(roles.COORDINATOR), note="Not theirs")
		self.assertEqual([pay.approve_claim(claim).status for claim in checked], ["Approved"] * 2)
		with self.assertRaisesRegex(TransitionError, "of somebody else"):
			self.check(pay.claimed(bus(receipt=receipt())))  # when the others are approved already

	def test_the_reason_is_for_these_two_and_this_receipt(self):
		first, second = self.shared()
		self.explain(first, factories.staff(roles.COORDINATOR))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(CLAIM, first.name)
			doc.append("lines", bus(9, receipt=receipt(photo("red"))))
			doc.save()
		other = frappe.get_doc("Involvement Participant", second.participant)
		pay.claimed(bus(9, receipt=receipt(photo("red"))), person=other)
		with self.assertRaisesRegex(TransitionError, "Row 2"):
			self.check(first)
		self.assertEqual(self.check(second).status, "Checked")

	def test_who_may_say_why(self):
		person = factories.participant(portal=True)
		first = pay.claimed(bus(receipt=receipt()), person=person)
		second = pay.claimed(bus(receipt=receipt()))
		limited, theirs = factories.another(roles.COORDINATOR), factories.another(roles.COORDINATOR)
		mine = factories.unit(budget_holder=pay.budget_holder())
		frappe.db.set_value(CLAIM, first.name, "unit", mine)
		factories.limit(limited, mine)
		frappe.db.set_value(person.doctype, person.name, "user", theirs)
		for user, refused in (
			(limited, StepNotPermitted),
			(theirs, StepNotPermitted),
			(pay.budget_holder(), frappe.PermissionError),
			(factories.staff(roles.FINANCE_AUTHORISER), frappe.PermissionError),
			(factories.staff(roles.OWNER), frappe.PermissionError),
			(factories.staff(factories.PORTAL), frappe.PermissionError),
			(factories.user(), frappe.PermissionError),
			("Guest", frappe.PermissionError),
		):
			with self.subTest(user), self.assertRaises(refused):
				self.explain(first, user)
		with self.assertRaisesRegex(StepNotPermitted, "your own"):
			self.explain(second, theirs)
		with self.assertRaises(shared_receipts.NotShared):
			self.explain(first, pay.officer(), "  ")
		self.explain(first, pay.officer())
		with self.assertRaises(shared_receipts.NotShared):
			self.explain(first, pay.officer())
		with self.assertRaises(shared_receipts.NotShared):
			self.explain(pay.claimed(), pay.officer())

	def test_a_forged_reason_does_not_stand(self):
		first, second = self.shared()
		pair = "\n".join(
			f"{second.name} {frappe.db.get_value(claims.LINE, {'parent': second.name}, field)[:16]}"
			for field in receipts.PRINTS
		)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc(CLAIM, first.name)
			doc.update(
				{"receipt_shared_with": pair, "receipt_reason": "Forged", "receipt_reason_by": pay.officer()}
			)
			doc.save()
		stored = frappe.get_doc(CLAIM, first.name)
		self.assertFalse(stored.receipt_shared_with or stored.receipt_reason or stored.receipt_reason_by)
		with self.assertRaises(TransitionError):
			self.check(first)

	def test_rejected_gives_it_free(self):
		person = factories.participant()
		first = pay.claimed(bus(receipt=receipt()), person=person)
		pay.take_claim(first, "Reject", factories.staff(roles.COORDINATOR), note="Another month")
		self.assertTrue(pay.claimed(bus(receipt=receipt()), person=person).name)

	def test_a_receipt_that_hangs_elsewhere_is_not_named(self):
		other = pay.claimed(bus(receipt=receipt()))
		url = self.of_line(other).file_url
		with self.assertRaises(frappe.PermissionError):
			pay.claimed(bus(receipt=url), by=factories.staff(roles.MANAGER))

	def test_a_forged_print_does_not_stand_for_a_receipt(self):
		with self.assertRaises(contents.NoProof):
			pay.claimed(bus(20, receipt_print="0" * 64, kept_print="1" * 64, receipt_key="mine"))


class TestCash(ClaimTestCase):
	def test_against_a_signed_slip(self):
		claim = pay.approved_claim(pay_by="Cash")
		with self.assertRaisesRegex(TransitionError, "Signed slip"):
			pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR))
		pay.slip(claim)
		claim = pay.take_claim(claim, "Record cash", factories.staff(roles.COORDINATOR))
		payment = pay.payment_of(claim)
		self.assertEqual(
			(claim.status, claim.cash_by, claim.paid_on),
			("Paid", factories.staff(roles.COORDINATOR), getdate(today())),
		)
		self.assertEqual((payment.status, payment.paid_on, payment.batch), ("Paid", getdate(today()), None))

	def test_it_never_goes_into_a_batch_too(self):
		with self.assertRaisesRegex(frappe.ValidationError, "paid in cash"):
			pay.batch(pay.payment_of(pay.approved_claim(pay_by="Cash")))

	def test_what_goes_by_batch_is_not_handed_out(self):
		claim = pay.approved_claim()
		pay.slip(claim)
		with self.assertRaisesRegex(TransitionError, "paid by a batch"):
			pay.take_claim(claim, "Record cash", pay.officer())

	def test_neither_the_approver_nor_the_payee_hands_it_out(self):
		both = factories.user(roles.BUDGET_HOLDER, roles.FINANCE_OFFICER)
		claim = pay.approved_claim(pay_by="Cash", unit=factories.unit(budget_holder=both))
		pay.slip(claim)
		with self.assertRaisesRegex(StepNotPermitted, "You approved"):
			pay.take_claim(claim, "Record cash", both)

	def test_another_claim_s_slip_is_no_proof(self):
		claim, other = pay.approved_claim(pay_by="Cash"), pay.approved_claim(pay_by="Cash")
		pay.slip(claim)
		frappe.db.set_value(CLAIM, claim.name, "cash_slip", pay.slip(other))
		with self.assertRaisesRegex(TransitionError, "attach it to this claim"):
			pay.take_claim(claim, "Record cash", pay.officer())


class TestFiguresAreTheServers(ClaimTestCase):
	FORGED = {
		"to_pay": 9999,
		"total": 9999,
		"approved_by": "mallory@example.com",
		"checked_by": "mallory@example.com",
		"edited_by": "",
		"payment": "IPAY-00001",
		"paid_on": "2026-01-01",
		"once_key": "another",
		"cash_by": "mallory@example.com",
	}

	def try_all(self, claim, user):
		stored = frappe.get_doc(CLAIM, claim.name).as_dict(convert_dates_to_str=True)
		lines = [{**line, "miles": 900, "amount": 9999} for line in stored["lines"]]
		with self.as_user(user):
			for attempt in (
				*(
					lambda f=f, v=v: frappe.client.set_value(CLAIM, claim.name, f, v)
					for f, v in self.FORGED.items()
				),
				lambda: frappe.client.save(frappe.as_json({**stored, **self.FORGED})),
				lambda: frappe.client.save(frappe.as_json({**stored, "lines": lines})),
				lambda: frappe.client.bulk_update(
					frappe.as_json([{"doctype": CLAIM, "docname": claim.name, **self.FORGED, "lines": lines}])
				),
				lambda: frappe.client.set_value(claims.LINE, stored["lines"][0]["name"], "amount", 9999),
				lambda: frappe.client.set_value(claims.LINE, stored["lines"][0]["name"], "miles", 900),
			):
				try:
					attempt()
				except (frappe.ValidationError, frappe.PermissionError):
					pass  # refused or put back: what counts is what is stored

	def test_after_approval_nothing_moves(self):
		claim = frappe.get_doc(CLAIM, pay.approved_claim().name)
		for user in (pay.officer(), pay.budget_holder(), factories.staff(roles.COORDINATOR)):
			with self.subTest(user):
				self.try_all(claim, user)
				stored = frappe.get_doc(CLAIM, claim.name)
				for fieldname in self.FORGED:
					self.assertEqual(stored.get(fieldname), claim.get(fieldname), fieldname)
				self.assertEqual([(row.amount, row.miles) for row in stored.lines], [(4.5, 10)])
		self.assertEqual(pay.payment_of(claim).amount, 4.5)

	def test_before_it_what_the_server_writes_stays(self):
		claim = frappe.get_doc(CLAIM, pay.claimed().name)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			people = {"approved_by", "checked_by", "cash_by"}
			forged = {
				field: pay.officer() if field in people else value for field, value in self.FORGED.items()
			}
			forged["payment"] = pay.payment_of(pay.approved_claim()).name
			frappe.client.save(frappe.as_json({**claim.as_dict(convert_dates_to_str=True), **forged}))
		stored = frappe.get_doc(CLAIM, claim.name)
		for fieldname in self.FORGED:
			self.assertEqual(stored.get(fieldname) or None, claim.get(fieldname) or None, fieldname)

	def test_no_read_only_field_of_a_line_is_a_request_s(self):
		forged = {
			"shown": "Nothing to see",
			"shown_on": "2026-01-01",
			"agreed_by": pay.officer(),
			"miles_before": 77,
			"mileage_key": "another",
			"receipt_print": "another",
			"kept_print": "another",
			"receipt_key": "another",
		}
		ours = {df.fieldname for df in frappe.get_meta(claims.LINE).fields if df.read_only}
		self.assertEqual(ours, set(forged))

		def says(claim) -> list:
			return [[str(row.get(field) or "") for field in forged] for row in claim.lines]

		lines = (factories.journey(), agreed(12))
		plain = pay.claimed(*lines)
		claim = pay.claimed(*({**line, **forged} for line in lines))
		self.assertEqual(says(frappe.get_doc(CLAIM, claim.name)), says(plain))
		stored = claim.as_dict(convert_dates_to_str=True)
		for rows in (
			[{**line, **forged} for line in stored["lines"]],
			[{**line, **forged, "name": None, "__islocal": 1} for line in stored["lines"]],
		):
			with self.as_user(factories.staff(roles.COORDINATOR)):
				stored["modified"] = frappe.db.get_value(CLAIM, claim.name, "modified")
				frappe.client.save(frappe.as_json({**stored, "lines": rows}))
			self.assertEqual(says(frappe.get_doc(CLAIM, claim.name)), says(plain))

	def test_nobody_makes_a_payment_of_expenses_by_hand(self):
		values = pay.payment_of(pay.approved_claim()).as_dict()
		with self.as_user(pay.officer()), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(
				{**values, "name": None, "revision": 7, "docstatus": 0, "status": "Checked"}
			).insert()

	def test_a_claim_stays_with_its_person(self):
		claim = pay.claimed()
		with self.as_user(factories.staff(roles.MANAGER)):
			doc = frappe.get_doc(CLAIM, claim.name)
			doc.participant = factories.participant().name
			with self.assertRaisesRegex(frappe.ValidationError, "stays with the person"):
				doc.save()


class TestWhoSeesClaims(ClaimTestCase):
	def sees(self, user, claim) -> bool:
		with self.as_user(user):
			try:
				listed = claim.name in frappe.get_list(CLAIM, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, frappe.has_permission(CLAIM, "read", claim.name), user)
			return listed

	def test_who_decides_and_nobody_else(self):
		person = factories.participant(portal=True)
		claim = pay.claimed(person=person)
		for role in (roles.COORDINATOR, roles.MANAGER, roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER):
			self.assertTrue(self.sees(factories.staff(role), claim), role)
		self.assertTrue(self.sees(pay.budget_holder(), claim))
		for user in (
			factories.another(roles.BUDGET_HOLDER),
			factories.staff(roles.OWNER),
			factories.user(),
			person.user,
			"Guest",
		):
			self.assertFalse(self.sees(user, claim), user)

	def test_a_receipt_follows_its_claim(self):
		claim = pay.claimed(bus(receipt=receipt()))
		file = frappe.get_doc("File", {"attached_to_name": claim.name})
		for user, may in (
			(pay.budget_holder(), True),
			(factories.another(roles.BUDGET_HOLDER), False),
			(factories.staff(roles.OWNER), False),
			(factories.staff(factories.PORTAL), False),
			("Guest", False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(bool(frappe.has_permission("File", "read", file)), may)


class TestExpensesAreNoEarnings(ClaimTestCase):
	def test_they_stand_apart_in_the_statement(self):
		person = factories.participant()
		claim = pay.approved_claim(person=person)
		pay.take(pay.batch(pay.payment_of(claim)), "Lock", "Authorise", "Export", "Confirm")
		found = statements.of_tax_year(person.name, today())
		self.assertEqual((found.paid, found.coming, [row.amount for row in found.expenses]), ([], [], [4.5]))

	def test_they_do_not_count_to_somebody_s_own_limit(self):
		person = factories.participant()
		factories.preference(person, own_payment_cap=1, cap_period="Week", cap_weekday="Monday")
		batch = pay.take(pay.batch(pay.payment_of(pay.approved_claim(person=person))), "Lock")
		self.assertEqual(batch.status, "Locked")

	def test_who_is_not_paid_here_gets_expenses_all_the_same(self):
		person = factories.participant()
		frappe.db.set_value("Involvement Participant", person.name, "payment_eligibility", "Expenses only")
		self.assertEqual(pay.payment_of(pay.approved_claim(person=person)).amount, 4.5)
