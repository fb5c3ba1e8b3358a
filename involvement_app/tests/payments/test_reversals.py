"""What is taken back from a locked batch (domain 4.6, corrections by reversing line; 4.12, payment)."""

import frappe
import frappe.client
from frappe.utils import today

from involvement_app import lifecycle
from involvement_app.involvement_payments import batches, corrections, own_limits, reversals, transfers
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
WHY = "The amount <b>was</b> for another day"


def stored(payment) -> tuple:
	return frappe.db.get_value(PAYMENT, payment.name, ["status", "batch"])


def told(batch) -> list:
	return frappe.get_all(
		"Involvement Message",
		{"reference_doctype": BATCH, "reference_name": batch.name},
		["template", "recipient", "subject", "body"],
	)


class Three(pay.PaymentTestCase):
	"""Three approved payments of £30, one person each."""

	def made_once(self):
		super().made_once()
		self.payments = pay.approved_many(3)
		self.first = self.payments[0]

	def take_out(self, batch, payment=None, by=None, reason=WHY, **kw):
		with self.as_user(by or pay.officer()):
			return reversals.take_out(batch.name, (payment or self.first).name, reason, **kw)

	def sent_back(self, batch, payment=None, by=None, reason="The account is closed"):
		with self.as_user(by or pay.officer()):
			reversals.sent_back(batch.name, (payment or self.first).name, reason)
		return frappe.get_doc(BATCH, batch.name)


class TestTakingOneOut(Three):
	def test_the_lines_stay_and_the_payment_is_free_again(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.assertEqual(self.take_out(batch), "Locked")
		after = frappe.get_doc(BATCH, batch.name)
		self.assertEqual((after.total, after.line_count, len(after.lines), after.to_pay), (90, 3, 3, 60))
		self.assertEqual(after.control_hash, batches.control_hash(after.lines))
		row = after.reversals[0]
		self.assertEqual(
			(row.payment, row.amount, row.reason, row.done_by), (self.first.name, -30, WHY, pay.officer())
		)
		self.assertEqual(stored(self.first), ("Approved", None))
		self.assertEqual(stored(self.payments[1]), ("Scheduled", batch.name))
		self.assertEqual(told(batch), [])

	def test_the_rest_is_paid_and_the_one_goes_with_another_batch(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.take_out(batch)
		other = pay.take(pay.batch(self.first), "Lock")
		batch = pay.take(batch, "Authorise", "Export", "Confirm")
		pay.take(other, "Authorise", "Export", "Confirm")
		self.assertNotIn(self.first.name, batches.content(batch).decode())
		self.assertEqual(
			[stored(each) for each in self.payments],
			[("Paid", other.name), ("Paid", batch.name), ("Paid", batch.name)],
		)

	def test_void_for_good_tells_the_person_why(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.take_out(batch, void=1)
		self.assertEqual(frappe.db.get_value(PAYMENT, self.first.name, ["status", "docstatus"]), ("Void", 2))
		(message,) = told(batch)
		self.assertEqual(message.recipient, self.first.participant)
		self.assertIn("&lt;b&gt;was&lt;/b&gt;", message.body)
		pay.take(batch, "Void")
		self.assertEqual(stored(self.first)[0], "Void")
		self.assertEqual(stored(self.payments[1]), ("Approved", None))

	def test_the_rest_is_paid_without_what_was_made_void(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.take_out(batch, void=1)
		pay.take(batch, "Authorise", "Export", "Confirm")
		self.assertEqual(
			[stored(each)[0] for each in self.payments],
			["Void", "Paid", "Paid"],
		)

	def with_a_correction(self, back: float):
		"""A locked batch of two payments of one person, and what is taken off them of a third."""
		person = frappe.get_doc("Involvement Participant", self.first.participant)
		pay.take(pay.batch(self.first), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(name,) = corrections.propose(self.first.name, back, "Two hours were one", "Phone")
		correction = pay.approve(frappe.get_doc(PAYMENT, name))
		return person, correction

	def test_what_is_paid_out_is_held_against_the_limit_of_who_releases_it(self):
		person, correction = self.with_a_correction(20)
		more = [pay.approved(person) for _number in range(2)]
		batch = pay.take(pay.batch(*more, correction), "Lock")
		factories.approval_limit(roles.FINANCE_AUTHORISER, 45)
		self.take_out(batch, correction)
		with self.assertRaisesRegex(StepNotPermitted, "£60.00"):
			pay.take(frappe.get_doc(BATCH, batch.name), "Authorise")
		self.take_out(batch, more[0])
		self.assertEqual(pay.take(frappe.get_doc(BATCH, batch.name), "Authorise").status, "Authorised")

	def test_a_correction_stays_where_their_own_limit_needs_it(self):
		person, correction = self.with_a_correction(20)
		factories.preference(person, own_payment_cap=45, cap_period="Month", cap_month_day=1)
		more = pay.approved(person)
		batch = pay.take(pay.batch(correction, more, self.payments[1]), "Lock")
		with self.assertRaisesRegex(own_limits.OverTheirOwnLimit, "£45.00"):
			self.take_out(batch, correction)
		frappe.db.set_value("Involvement Preference", {"participant": person.name}, "own_payment_cap", 60)
		self.take_out(batch, correction)

	def test_what_was_authorised_is_authorised_anew_by_somebody_else(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise")
		both = factories.user(roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER)
		self.assertEqual(self.take_out(batch, by=both), "Locked")
		after = frappe.get_doc(BATCH, batch.name)
		self.assertEqual(
			(after.authorised_by, after.locked_by, after.control_hash),
			(None, batch.locked_by, batch.control_hash),
		)
		with self.as_user(both), self.assertRaisesRegex(StepNotPermitted, "created, lead or changed"):
			lifecycle.apply(after, "Authorise")
		with self.as_user(pay.officer()), self.assertRaises(TransitionError):
			lifecycle.apply(frappe.get_doc(BATCH, batch.name), "Export")
		self.assertEqual(pay.take(batch, "Authorise", "Export").status, "Exported")

	def test_never_the_last_one_never_twice_never_another_s(self):
		batch = pay.take(pay.batch(*self.payments[:2]), "Lock")
		self.take_out(batch)
		for payment, words in (
			(self.first, "taken back before"),
			(self.payments[1], "only payment left"),
			(self.payments[2], "is not in"),
			(frappe._dict(name="<script>"), "&lt;script&gt; is not in"),
		):
			with self.subTest(payment.name), self.assertRaisesRegex(reversals.CannotTakeBack, words):
				self.take_out(batch, payment)

	def test_not_without_a_reason_and_not_in_another_state(self):
		batch = pay.batch(*self.payments)
		with self.assertRaisesRegex(reversals.CannotTakeBack, "is Draft"):
			self.take_out(batch)
		pay.take(batch, "Lock")
		with self.assertRaisesRegex(reversals.CannotTakeBack, "Reason"):
			self.take_out(batch, reason="  ")
		pay.take(batch, "Authorise", "Export")
		with self.assertRaisesRegex(reversals.CannotTakeBack, "is Exported"):
			self.take_out(batch)

	def test_finance_officers_alone(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")
		for user in (
			pay.authoriser(),
			pay.budget_holder(),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.participant(portal=True).user,
			factories.user(),
			"Guest",
		):
			for function in (self.take_out, self.sent_back):
				with self.subTest(user, function=function), self.assertRaises(frappe.PermissionError):
					function(batch, by=user)
		self.assertEqual(stored(self.first), ("Scheduled", batch.name))

	def test_no_request_writes_what_was_taken_back(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		forged = {"payment": self.first.name, "kind": "Taken out", "reason": "Mine", "amount": -30}
		with self.as_user(pay.officer()):
			for write in (
				lambda: frappe.client.set_value(BATCH, batch.name, "reversals", [forged]),
				lambda: frappe.client.set_value(BATCH, batch.name, "to_pay", 1),
				lambda: frappe.client.insert(
					{
						"doctype": "Payment Batch Reversal",
						"parent": batch.name,
						"parenttype": BATCH,
						"parentfield": "reversals",
						**forged,
					}
				),
			):
				try:
					write()
				except (frappe.ValidationError, frappe.PermissionError):
					pass
		after = frappe.get_doc(BATCH, batch.name)
		self.assertEqual((after.reversals, after.to_pay), ([], 90))

	def test_no_line_is_altered_through_a_payment_that_was_altered(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		frappe.db.set_value(PAYMENT, self.payments[1].name, "amount", 3000)  # past every check
		with self.assertRaises(batches.BatchChanged):
			self.take_out(batch)


class TestTheBankSendsOneBack(Three):
	def test_the_money_is_not_lost_and_the_person_hears_what_to_do(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")
		batch = self.sent_back(batch)
		self.assertEqual(stored(self.first), ("Failed at bank", batch.name))
		(message,) = told(batch)
		self.assertEqual(
			(message.template, message.recipient), ("Involvement payment sent back", self.first.participant)
		)
		for words in ("£30.00", "not lost", "The account is closed", "bank details"):
			self.assertIn(words, message.body)
		self.assertNotRegex(message.subject.lower(), "involve|health|care|bank")
		pay.take(batch, "Confirm")
		self.assertEqual([stored(each)[0] for each in self.payments], ["Failed at bank", "Paid", "Paid"])
		self.assertEqual(len([row for row in told(batch) if row.template == "Involvement payment made"]), 2)

	def of_a_person(self) -> list:
		fields = ["template", "body"]
		failed = ("Involvement payment sent back", "Involvement expenses failed")
		wanted = {"recipient": self.first.participant, "template": ["in", failed]}
		return frappe.get_all("Involvement Message", wanted, fields)

	def test_what_was_taken_off_comes_back_and_is_taken_off_again(self):
		person = frappe.get_doc("Involvement Participant", self.first.participant)
		pay.take(pay.batch(self.first), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(self.first.name, 10, "Two hours were one", "Phone")
		correction = pay.approve(frappe.get_doc(PAYMENT, correction))
		more = pay.approved(person)
		batch = pay.take(pay.batch(more, correction), "Lock", "Authorise", "Export")
		self.sent_back(batch, more)
		self.assertEqual([stored(each)[0] for each in (more, correction)], ["Failed at bank"] * 2)
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, more.name), "Pay again")
		self.assertEqual([stored(each) for each in (more, correction)], [("Approved", None)] * 2)
		with self.as_user(pay.officer()):
			again = frappe.get_doc(doctype=BATCH, title="Again", payment_on=today()).insert()
			again.add_approved_payments()
		self.assertLessEqual({more.name, correction.name}, {line.payment for line in again.lines})

	def never_came(self):
		"""The bank sent the first one back, of which £10 is to be taken back."""
		batch = pay.take(pay.batch(self.first), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(self.first.name, 10, "Two hours were one", "Phone")
		return batch, pay.approve(frappe.get_doc(PAYMENT, correction))

	def void(self, payment) -> None:
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), "Void", note="The person has moved away")

	def test_nothing_is_taken_back_of_what_never_came(self):
		batch, correction = self.never_came()
		self.sent_back(batch)
		self.void(self.first)
		self.assertEqual([stored(each)[0] for each in (self.first, correction)], ["Void"] * 2)

	def test_and_what_was_taken_off_something_else_is_not_lost(self):
		batch, correction = self.never_came()
		more = pay.approved(frappe.get_doc("Involvement Participant", self.first.participant))
		pay.take(pay.batch(more, correction), "Lock", "Authorise", "Export", "Confirm")
		self.sent_back(batch)
		with self.assertRaisesRegex(TransitionError, "£10.00.*Pay again"):
			self.void(self.first)
		self.assertEqual(stored(self.first)[0], "Failed at bank")

	def test_nor_an_advance_that_a_claim_has_accounted_for(self):
		person = frappe.get_doc("Involvement Participant", self.first.participant)
		advance = pay.advance(person)
		pay.approved_claim(factories.journey(100), person=person)
		self.assertTrue(frappe.db.get_value(PAYMENT, advance.name, "settled_on"))
		batch = frappe.get_doc(BATCH, frappe.db.get_value(PAYMENT, advance.name, "batch"))
		self.sent_back(batch, advance)
		with self.assertRaisesRegex(TransitionError, "accounted for"):
			self.void(advance)

	def test_expenses_that_come_back_are_told_once(self):
		person = frappe.get_doc("Involvement Participant", self.first.participant)
		expenses = pay.payment_of(pay.approved_claim(person=person))
		batch = pay.take(pay.batch(expenses), "Lock", "Authorise", "Export")
		self.sent_back(batch, expenses)
		(message,) = self.of_a_person()
		self.assertEqual(message.template, "Involvement expenses failed")
		self.assertIn("£4.50", message.body)
		self.assertEqual(
			frappe.db.get_value(pay.CLAIM, {"payment": expenses.name}, "status"), "Failed at bank"
		)

	def with_expenses_in_one_transfer(self):
		"""The first person, and expenses of theirs; a layout puts both in one row."""
		person = frappe.get_doc("Involvement Participant", self.first.participant)
		frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
		factories.bank_file_layout(in_use=1)
		detail = factories.participant_bank_detail(person, "Active")
		frappe.db.set_value(detail.doctype, detail.name, "active_since", "2020-01-01 10:00:00")
		expenses = pay.payment_of(pay.approved_claim(person=person))
		return person, expenses

	def test_time_and_expenses_in_one_transfer_are_told_once_as_the_whole(self):
		_person, expenses = self.with_expenses_in_one_transfer()
		batch = pay.take(pay.batch(self.first, expenses), "Lock", "Authorise", "Export")
		self.sent_back(batch, expenses)
		self.assertEqual(stored(self.first)[0], "Failed at bank")
		(message,) = self.of_a_person()
		self.assertEqual(message.template, "Involvement payment sent back")
		self.assertIn("£34.50", message.body)

	def test_who_is_paid_their_expenses_alone_by_now_gets_those_of_the_transfer_again(self):
		person, expenses = self.with_expenses_in_one_transfer()
		batch = pay.take(pay.batch(self.first, expenses), "Lock", "Authorise", "Export", "Confirm")
		self.sent_back(batch, expenses)
		frappe.db.set_value(person.doctype, person.name, "payment_eligibility", "Expenses only")
		frappe.clear_messages()
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, expenses.name), "Pay again")
		self.assertEqual([stored(each)[0] for each in (expenses, self.first)], ["Approved", "Failed at bank"])
		[said] = [row["message"] for row in frappe.get_message_log()]
		self.assertRegex(said, f"{self.first.name} stays.*only their expenses")

	def test_the_file_stays_what_was_exported(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")
		batch = self.sent_back(batch)
		self.assertIn(self.first.name, batches.proven_content(batch).decode())
		self.assertEqual((batch.to_pay, batch.reversals[0].amount), (90, -30))

	def test_it_is_paid_again_with_another_batch(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export", "Confirm")
		self.sent_back(batch)
		with self.as_user(pay.officer()):
			again = lifecycle.apply(frappe.get_doc(PAYMENT, self.first.name), "Pay again")
		self.assertEqual(
			(again.status, again.batch, again.pay_on, again.paid_on, again.note, again.approved_by),
			("Approved", None, None, None, None, self.first.approved_by),
		)
		other = pay.take(pay.batch(self.first), "Lock", "Authorise", "Export", "Confirm")
		self.assertEqual(stored(self.first), ("Paid", other.name))
		trail = frappe.get_all("Comment", {"reference_name": self.first.name}, pluck="content")
		self.assertIn(f"To be paid again. The bank sent it back from {batch.name}.", trail)

	def test_who_pays_again(self):
		person = factories.participant(portal=True)
		payment = pay.approved(person)
		self.sent_back(pay.take(pay.batch(payment), "Lock", "Authorise", "Export"), payment)
		for user in (
			pay.authoriser(),
			pay.budget_holder(),
			factories.staff(roles.COORDINATOR),
			person.user,
			factories.user(),
			"Guest",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), "Pay again")
		factories.signs_in_as(person, pay.officer())
		with self.as_user(pay.officer()), self.assertRaisesRegex(StepNotPermitted, "your own payment"):
			lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), "Pay again")

	def test_or_is_made_void_with_a_reason(self):
		self.sent_back(pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export"))
		with self.as_user(pay.officer()):
			done = lifecycle.apply(
				frappe.get_doc(PAYMENT, self.first.name), "Void", note="Paid in cash instead"
			)
		self.assertEqual(done.status, "Void")

	def test_it_counts_as_owed_and_not_as_received(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export", "Confirm")
		self.sent_back(batch)
		after = frappe.get_doc(BATCH, batch.name)
		self.assertEqual(total(line.amount for line in transfers.not_reversed(after)), money(60))
		from involvement_app.involvement_payments import statements

		statement = statements.of_tax_year(self.first.participant, batch.payment_on)
		self.assertEqual((statement.paid, len(statement.coming)), ([], 1))


class TestOnPaper(Three):
	def printed(self, batch, name: str, user: str | None = None) -> str:
		with self.as_user(user or pay.officer()):
			door = frappe.get_attr("frappe.www.printview.get_html_and_style")
			return door(doc=batch.doctype, name=batch.name, print_format=name)["html"]

	def test_the_cover_sheet_says_what_is_paid_out_and_by_whom(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.take_out(batch)
		html = self.printed(frappe.get_doc(BATCH, batch.name), "Batch cover sheet")
		for words in ("£90.00", "£60.00", batch.control_hash, pay.officer(), "&lt;b&gt;was&lt;/b&gt;"):
			self.assertIn(words, html)

	def test_a_remittance_tells_nobody_else_anything(self):
		frappe.db.set_value(PAYMENT, self.first.name, "payee_name", "Ann <u>Other</u>")  # test set-up
		batch = pay.take(pay.batch(*self.payments), "Lock")
		html = self.printed(batch, "Remittance slips")
		self.assertIn("Ann &lt;u&gt;Other&lt;/u&gt;", html)
		self.assertIn(batch.lines[0].reference, html)
		self.assertNotIn(self.first.participant, html)
		body = html.split("</style>")[-1].lower()
		self.assertNotRegex(body, "involve|health|session|participant")

	def test_finance_alone(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		for user in (pay.budget_holder(), factories.user(), "Guest"):
			for name in ("Batch cover sheet", "Remittance slips"):
				with self.subTest(user, name=name), self.assertRaises(frappe.PermissionError):
					self.printed(batch, name, user)
