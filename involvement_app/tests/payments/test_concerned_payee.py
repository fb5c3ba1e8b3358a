"""The payee is never a checker, approver or authoriser (domain 4.6, 4.12), by whichever record they are known, and
neither is who acts for them: every guard about money, against every way of being concerned."""

import base64

import frappe

from involvement_app import lifecycle
from involvement_app.involvement_app.concerned import PARTICIPANT
from involvement_app.involvement_payments import bank_details, bank_returns, corrections, reversals, ways
from involvement_app.lifecycle import StepNotPermitted
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.payment_factories import PaymentTestCase

REFUSED = (StepNotPermitted, frappe.PermissionError, frappe.ValidationError)


class TestConcernedPayee(PaymentTestCase):
	def ways(self, person, user: str):
		"""Each way by which `user` is concerned in `person`, one at a time."""
		other = factories.participant()
		contact = frappe.db.get_value(PARTICIPANT, person.name, "person")
		row = factories.supporter(person)
		for way, about, values, after in (
			("their login", (PARTICIPANT, person.name), {"user": user}, {"user": None}),
			("a merged record", (PARTICIPANT, other.name), {"user": user, "merged_into": person.name}, None),
			("their Contact's user", ("Contact", contact), {"user": user}, {"user": None}),
			("their Contact's address", ("Contact", contact), {"email_id": user}, {"email_id": None}),
			("a supporter", (row.doctype, row.name), {"user": user}, {"user": None}),
			*self.by_another_record(person, contact, user),
		):
			frappe.db.set_value(*about, values)
			yield way
			frappe.db.set_value(*about, after or {"user": None, "merged_into": None})

	def by_another_record(self, person, contact: str, user: str):
		"""Where the person is no Contact: whoever is the Contact of their record (any doctype will do: a Customer, a Lead)."""
		other = frappe.get_doc(doctype="Address", address_title="Ada", address_line1="1", city="B").insert(
			ignore_permissions=True, ignore_mandatory=True
		)  # test set-up
		theirs = frappe.get_doc(doctype="Contact", first_name="Ada", user=user)
		theirs.append("links", {"link_doctype": other.doctype, "link_name": other.name})
		theirs.insert(ignore_permissions=True)  # test set-up
		is_contact = {"person_doctype": "Contact", "person": contact}
		is_other = {"person_doctype": other.doctype, "person": other.name}
		yield "a Contact of their record", (PARTICIPANT, person.name), is_other, is_contact

	def step(self, doctype: str, name: str, action: str, **values):
		return lambda: lifecycle.apply(frappe.get_doc(doctype, name), action, **values)

	def assert_all_refused(self, person, user: str, steps: dict) -> None:
		for way in self.ways(person, user):
			for name, (step, words) in steps.items():
				with self.subTest(way=way, step=name), self.as_user(user):
					self.assertRaisesRegex(REFUSED, words, step)

	def test_no_step_of_a_payment(self):
		user = factories.user(roles.BUDGET_HOLDER, roles.FINANCE_OFFICER, roles.MANAGER)
		person, unit = factories.participant(), factories.unit(budget_holder=user)
		checked = pay.checked(person, unit=unit)
		approved = pay.approve(pay.checked(person))
		paid = pay.approved(person)
		pay.take(pay.batch(paid), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			names = corrections.propose(paid.name, 5, "Counted twice", "Phone")
			more = corrections.propose(paid.name, 5, "Counted twice again", "Phone")
		correction = pay.approve(frappe.get_doc(pay.PAYMENT, names[0]))
		frappe.db.set_value(pay.PAYMENT, more[0], "unit", unit)
		own = "your own payment"
		steps = {
			action: (self.step(pay.PAYMENT, checked.name, action, note="Mine"), own)
			for action in ("Approve", "Return", "Reject")
		}
		steps |= {
			"Reject a correction": (self.step(pay.PAYMENT, more[0], "Reject", note="Mine"), own),
			"Void": (self.step(pay.PAYMENT, approved.name, "Void", note="Mine"), own),
			"Void a correction": (self.step(pay.PAYMENT, correction.name, "Void", note="Mine"), own),
			"Paid back": (self.step(pay.PAYMENT, correction.name, "Paid back", proof="Line 4"), own),
			"Write off": (self.step(pay.PAYMENT, correction.name, "Write off", note="Mine"), own),
			"Correct": (lambda: corrections.propose(paid.name, 1, "Too much", "Phone"), own),
		}
		self.assert_all_refused(person, user, steps)
		pay.approve(checked)  # and by the same person, once they are concerned no more

	def test_no_step_of_a_claim(self):
		user = factories.user(roles.BUDGET_HOLDER, roles.COORDINATOR)
		person, unit = factories.participant(), factories.unit(budget_holder=user)
		sent, checked, approved = (pay.claimed(person=person, unit=unit) for _each in range(3))
		for claim in (checked, approved):
			pay.take_claim(claim, "Check", factories.staff(roles.COORDINATOR))
		own = "your own expenses"
		steps = {
			f"{action} {claim.name}": (
				self.step(
					claim.doctype, claim.name, action, **({} if action == "Approve" else {"note": "Mine"})
				),
				own,
			)
			for claim, actions in (
				(sent, ("Check", "Return", "Reject")),
				(checked, ("Approve", "Return", "Reject")),
			)
			for action in actions
		}
		self.assert_all_refused(person, user, steps)
		pay.take_claim(approved, "Approve", user)

	def test_nor_of_a_batch_or_of_a_line_in_it(self):
		user = factories.user(roles.FINANCE_AUTHORISER)
		person = factories.participant()
		mine = pay.approved(person)
		batch = pay.take(pay.batch(mine, pay.approved()), "Lock")
		own = "holds a payment to you"
		self.assert_all_refused(
			person, user, {"Authorise": (self.step(pay.BATCH, batch.name, "Authorise"), own)}
		)
		officer = factories.user(roles.FINANCE_OFFICER)
		self.assert_all_refused(
			person,
			officer,
			{"Take out": (lambda: reversals.take_out(batch.name, mine.name, "Mine", 1), "your own payment")},
		)

	def test_nor_says_that_what_they_got_came_back(self):
		"""What came back is paid once more."""
		user = factories.user(roles.FINANCE_OFFICER)
		person = factories.participant()
		mine, another = pay.approved(person), pay.approved()
		batch = pay.take(pay.batch(mine, another), "Lock", "Authorise", "Export", "Confirm")
		reference = {line.payment: line.reference for line in batch.lines}
		file = "Reference,Amount,Outcome\n" + "".join(
			f"{reference[each.name]},30.00,Returned\n" for each in (mine, another)
		)
		content = base64.b64encode(file.encode()).decode()
		own = "your own payment"
		self.assert_all_refused(
			person, user, {"Sent back": (lambda: reversals.sent_back(batch.name, mine.name, "Closed"), own)}
		)
		for _way in self.ways(person, user):
			with self.as_user(user):
				said = bank_returns.preview(batch.name, content)
			self.assertEqual([row["payment"] for row in said["failed"]], [another.name])
			self.assertRegex(said["unknown"][0], f"Row 2: {mine.name} is your own payment")
		frappe.db.set_value(PARTICIPANT, person.name, "user", user)
		with self.as_user(user):
			bank_returns.take_in(batch.name, content)
		self.assertEqual(
			[frappe.db.get_value(pay.PAYMENT, each.name, "status") for each in (mine, another)],
			["Paid", "Failed at bank"],
		)
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, mine.name, "Closed")
		self.assert_all_refused(
			person, user, {"Pay again": (self.step(pay.PAYMENT, mine.name, "Pay again"), own)}
		)

	def test_nor_writes_down_the_proof_of_what_they_get(self):
		user = factories.user(roles.FINANCE_OFFICER)
		person = factories.participant()
		detail = factories.participant_bank_detail(person, "Active", way="Cash")
		frappe.db.set_value(detail.doctype, detail.name, "active_since", "2026-01-01 10:00:00")
		batch = pay.take(pay.batch(pay.approved(person)), "Lock", "Authorise")
		self.assert_all_refused(
			person, user, {"Prove": (lambda: ways.prove(batch.name, 1, "Slip 7"), "your own payment")}
		)
		slip = pay.paper(batch.doctype, batch.name)
		with self.as_user(user):
			ways.prove(batch.name, 1, "Slip 7", slip)  # once they are concerned no more

	def test_nor_of_an_account_or_a_total_at_cut_over(self):
		user = factories.user(roles.FINANCE_OFFICER)
		person = factories.participant()
		detail = factories.participant_bank_detail(person)
		opening = factories.payment_opening_total(person)
		self.assert_all_refused(
			person,
			user,
			{
				"Verify": (self.step(detail.doctype, detail.name, "Verify"), "your own details"),
				"Enter": (lambda: bank_details.write_for(person.name, "Bank", "{}", "Phone"), ""),
				"Approve": (self.step(opening.doctype, opening.name, "Approve"), "your own payments"),
			},
		)

	def test_nor_writes_down_that_they_came(self):
		user = factories.user(roles.COORDINATOR)
		person, opportunity = factories.participant(), pay.opportunity()
		factories.engagement(opportunity, person)
		for _way in self.ways(person, user):
			with self.assertRaisesRegex(REFUSED, "so a colleague records"):
				pay.hold(opportunity, by=user)
		pay.hold(opportunity, by=user)
