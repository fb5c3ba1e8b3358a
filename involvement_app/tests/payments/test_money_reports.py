"""Reports about money (domain 4.9, nos. 22 to 27): each counts what its reader may see, and is empty where no money is paid."""

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import corrections, reversals, statements, without_money
from involvement_app.involvement_payments.report.budget_commitment_and_actual import (
	budget_commitment_and_actual as budget,
)
from involvement_app.involvement_payments.report.days_from_session_to_paid import (
	days_from_session_to_paid as days,
)
from involvement_app.involvement_payments.report.exceptions_to_separated_duties import (
	exceptions_to_separated_duties as exceptions,
)
from involvement_app.involvement_payments.report.payments_that_look_alike import (
	payments_that_look_alike as alike,
)
from involvement_app.involvement_payments.report.spending_by_unit_and_month import (
	spending_by_unit_and_month as spending,
)
from involvement_app.involvement_payments.report.what_people_were_paid_in_a_tax_year import (
	what_people_were_paid_in_a_tax_year as annual,
)
from involvement_app.permissions.separation import TWO_PEOPLE
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import change_settings

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
PATH = ("Lock", "Authorise", "Export", "Confirm")
REPORTS = (spending, days, budget, alike, annual, exceptions)


class TestMoneyReports(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.here = pay.unit()
		self.payments = pay.approved_many(2, unit=self.here)
		self.batch = pay.batch(*self.payments)
		frappe.db.set_value(BATCH, self.batch.name, "payment_on", today())
		pay.take(self.batch, *PATH)

	def rows(self, report, user=None, **filters) -> list:
		with self.as_user(user or pay.officer()):
			return report.execute({"unit": self.here, **filters})[1]

	def test_spending(self):
		(line,) = self.rows(spending)
		self.assertEqual((line["unit"], line["amount"], line["kind"]), (self.here, 60, "Time"))
		with self.as_user(pay.officer()):
			chart = spending.execute({"unit": self.here})[3]
		self.assertEqual(chart["data"]["datasets"], [{"name": self.here, "values": [60]}])
		place = frappe.db.get_value("Involvement Engagement", self.payments[0].engagement, "opportunity")
		self.assertEqual(len(self.rows(spending, opportunity=place)), 1)
		self.assertEqual(self.rows(spending, opportunity="IO-00000"), [])
		self.assertEqual(self.rows(spending, from_date="2020-01-01", to_date="2020-12-31"), [])

	def test_expenses_of_no_place_stand_in_every_report(self):
		claim = pay.approved_claim(unit=self.here)
		batch = pay.batch(pay.payment_of(claim))
		frappe.db.set_value(BATCH, batch.name, "payment_on", today())
		pay.take(batch, *PATH)
		for report in REPORTS:
			with self.subTest(report.__name__):
				self.rows(report)
		self.assertEqual(
			[(line["project"], line["amount"]) for line in self.rows(spending) if line["kind"] == "Expenses"],
			[("Not for a project", 4.5)],
		)
		(line,) = [line for line in self.rows(budget) if line["opportunity"].startswith("no project")]
		self.assertEqual((line["title"], line["actual"], line["committed"]), ("Not for a project", 4.5, 0))
		self.assertIsNone(line["left"])  # there is no budget that it could be over
		(line,) = [row for row in self.rows(annual, day=today()) if row["participant"] == claim.participant]
		self.assertEqual((line["time"], line["expenses"]), (0, 4.5))

	def test_days(self):
		frappe.db.set_value(
			PAYMENT,
			self.payments[0].name,
			{"session_on": "2026-01-01", "paid_on": "2026-01-11", "due_on": "2026-01-10"},
		)
		frappe.db.set_value(
			PAYMENT,
			self.payments[1].name,
			{"session_on": "2026-01-01", "paid_on": "2026-01-05", "due_on": "2026-01-10"},
		)
		*_months, line = self.rows(days, from_date="2026-01-01", to_date="2026-01-31")
		self.assertEqual((line["count"], line["median"], line["p90"], line["share"]), (2, 7, 10, 50))

	def test_days_are_those_of_sessions(self):
		[before] = [line["count"] for line in self.rows(days)][-1:]
		claim = pay.approved_claim(factories.journey(10, spent_on=add_days(today(), -80)), unit=self.here)
		advance = pay.advance(factories.participant(units=(self.here,)), 30, unit=self.here)
		for payment in (pay.payment_of(claim), advance):  # as a batch leaves them
			frappe.db.set_value(PAYMENT, payment.name, {"status": "Paid", "paid_on": today()})
		self.assertEqual([line["count"] for line in self.rows(days)][-1], before)

	def test_budget(self):
		waiting = pay.checked(unit=self.here)
		lines = {line["opportunity"]: line for line in self.rows(budget)}
		place = frappe.db.get_value("Involvement Engagement", self.payments[0].engagement, "opportunity")
		other = frappe.db.get_value("Involvement Engagement", waiting.engagement, "opportunity")
		self.assertEqual(lines[place]["actual"], 60)
		self.assertEqual(lines[place]["left"], lines[place]["budget"] - 60 - lines[place]["committed"])
		self.assertEqual((lines[other]["actual"], lines[other]["committed"]), (0, 30))

	def test_what_is_promised_before_anything_is_held(self):
		"""Domain 4.9, no. 24: a commitment is there from the yes, not from the first payment."""
		place = pay.opportunity(unit=self.here, budget=500)
		factories.engagement(place, factories.participant())
		nobody_yet = pay.opportunity(unit=self.here, budget=200)
		lines = {line["opportunity"]: line for line in self.rows(budget)}
		figures = ("budget", "committed", "actual", "left")
		self.assertEqual([lines[place.name][key] for key in figures], [500, 30, 0, 470])
		self.assertEqual([lines[nobody_yet.name][key] for key in figures], [200, 0, 0, 200])
		self.assertEqual(len(self.rows(budget, opportunity=place.name)), 1)
		self.assertNotIn(
			place.name, {line["opportunity"] for line in self.rows(budget, to_date="2020-12-31")}
		)
		with self.as_user(factories.another(roles.BUDGET_HOLDER)):
			self.assertEqual(budget.execute({"unit": self.here})[1], [])
		with self.as_user(pay.budget_holder()):
			self.assertIn(place.name, {row["opportunity"] for row in budget.execute({"unit": self.here})[1]})

	def test_what_is_left_depends_on_no_period(self):
		"""What was paid before the period is not promised once more, and stays paid."""
		engagement = self.payments[0].engagement
		place = frappe.db.get_value("Involvement Engagement", engagement, "opportunity")
		frappe.db.set_value(PAYMENT, self.payments[0].name, "session_on", add_days(today(), -100))
		self.assertEqual(
			*(
				[line for line in self.rows(budget, from_date=first) if line["opportunity"] == place]
				for first in (add_days(today(), -200), add_days(today(), -60))
			)
		)

	def test_an_advance_given_back_is_not_taken_off_time(self):
		person = factories.participant(units=(self.here,))
		advance = pay.advance(person, 30, unit=self.here)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			[name] = corrections.propose(advance.name, 30, "Did not travel", "Phone")
		pay.approve(frappe.get_doc(PAYMENT, name))
		# as a batch leaves them
		for payment in (advance.name, name):
			frappe.db.set_value(PAYMENT, payment, {"status": "Paid", "paid_on": today()})
		lines = {line["participant"]: line for line in self.rows(annual, day=today())}
		self.assertEqual((lines[person.name]["time"], lines[person.name]["expenses"]), (0, 0))
		[line] = [line for line in self.rows(budget) if line["opportunity"].startswith("no project")]
		self.assertEqual(line["actual"], 0)

	def test_alike(self):
		self.assertEqual(self.rows(alike), [])
		first, second = self.payments
		frappe.db.set_value(PAYMENT, second.name, "participant", first.participant)  # test set-up
		self.assertEqual([row.name for row in self.rows(alike)], [first.name, second.name])

	def test_a_ticket_in_two_claims_is_found_among_other_lines(self):
		person = factories.participant()
		ticket = factories.agreed(4.5)
		first, second = (
			pay.payment_of(
				pay.approved_claim(ticket, factories.journey(miles), person=person, unit=self.here)
			)
			for miles in (10, 20)
		)
		self.assertNotEqual(first.amount, second.amount)
		rows = [(row.name, row.amount) for row in self.rows(alike)]
		self.assertEqual(rows, [(first.name, 4.5), (second.name, 4.5)])

	def test_the_year_of_each(self):
		lines = {line["participant"]: line for line in self.rows(annual, day=today())}
		self.assertEqual([lines[each.participant]["time"] for each in self.payments], [30, 30])

	def test_what_they_keep_of_expenses_is_pay_as_on_their_statement(self):
		person = factories.participant()
		claim = pay.payment_of(pay.approved_claim(factories.agreed(40), person=person, unit=self.here))
		pay.take(pay.batch(claim), *PATH)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(claim.name, 10, "The fare was less", "Phone")
		pay.approve(frappe.get_doc(PAYMENT, correction))
		with self.as_user(factories.staff(roles.MANAGER)):
			lifecycle.apply(frappe.get_doc(PAYMENT, correction), "Write off", note="Our mistake")
		[line] = [row for row in self.rows(annual, day=today()) if row["participant"] == person.name]
		self.assertEqual((line["time"], line["expenses"]), (10, 30))
		statement = statements.of_tax_year(person.name, today())
		self.assertEqual(
			[statement.total(rows) for rows in (statement.paid, statement.expenses)],
			[line["time"], line["expenses"]],
		)

	def found(self) -> list:
		with self.as_user(pay.officer()):
			return [(row["document"], row["by"]) for row in exceptions.execute({})[1]]

	def test_a_planted_exception_is_found(self):
		frappe.db.delete(PAYMENT, {"name": ["not in", [each.name for each in self.payments]]})
		frappe.db.delete(BATCH, {"name": ["!=", self.batch.name]})
		self.assertEqual(self.found(), [])
		mine = pay.budget_holder()
		frappe.db.set_value(PAYMENT, self.payments[0].name, "edited_by", f"x@example.com\n{mine}")
		self.assertEqual(self.found(), [(self.payments[0].name, mine)])
		frappe.db.set_value(PAYMENT, self.payments[0].name, "edited_by", None)
		for fieldname in ("locked_by", "owner", "edited_by"):
			with self.subTest(fieldname):
				before = frappe.db.get_value(BATCH, self.batch.name, fieldname)
				frappe.db.set_value(BATCH, self.batch.name, fieldname, pay.authoriser())
				self.assertEqual(self.found(), [(self.batch.name, pay.authoriser())])
				frappe.db.set_value(BATCH, self.batch.name, fieldname, before)
		frappe.db.set_value(PAYMENT, self.payments[1].name, "approved_by", pay.authoriser())
		self.assertEqual(self.found(), [(self.batch.name, pay.authoriser())])

	def test_a_claim_that_two_people_decided_on_is_none(self):
		self.only_ours()
		pay.approved_claim(factories.agreed(12))
		line = {"parent": pay.approved_claim().name}
		frappe.db.set_value(
			f"{pay.CLAIM} Line",
			line,
			"agreed_by",
			frappe.db.get_value(pay.CLAIM, line["parent"], "checked_by"),
		)  # of a kind that nobody has to agree to
		self.assertEqual(self.found(), [])

	def test_a_claim_with_nothing_to_pay_is_found_too(self):
		"""Issue 7: separated duties. What the organisation booked, and what an advance covered, makes no payment."""
		self.only_ours()
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER)
		unit = factories.unit(budget_holder=both)
		booked = factories.agreed(40, paid_by="The organisation")
		with change_settings("Involvement Settings", {"separation": TWO_PEOPLE}):
			pay.take_claim(claim := pay.claimed(booked, unit=unit), "Check", both)
			claim = pay.take_claim(claim, "Approve", both)
		self.assertEqual((claim.status, claim.to_pay), ("Approved", 0))
		with self.as_user(pay.officer()):
			rows = [row for row in exceptions.execute({})[1] if row["document"] == claim.name]
		self.assertEqual([(row["by"], row["amount"]) for row in rows], [(both, 40)])
		# nor where the one who approves is the person
		theirs = pay.approved_claim(booked)
		self.assertNotIn(theirs.name, [name for name, _by in self.found()])
		frappe.db.set_value("Involvement Participant", theirs.participant, "user", theirs.approved_by)
		self.assertIn((theirs.name, theirs.approved_by), self.found())

	def test_a_project_of_two_in_every_report_that_has_rows_of_one(self):
		"""Issue 7: reports filtered by unit, project and period."""
		one, other = (
			frappe.db.get_value("Involvement Engagement", each.engagement, "opportunity")
			for each in self.payments
		)
		elsewhere = pay.opportunity(unit=self.here).name
		frappe.db.set_value(BATCH, self.batch.name, "locked_by", pay.authoriser())
		frappe.db.set_value(PAYMENT, self.payments[0].name, "edited_by", pay.budget_holder())
		detail = factories.participant_bank_detail(factories.participant(), "Verified")
		frappe.db.set_value(detail.doctype, detail.name, "recorded_by", detail.verified_by)
		self.assertIn((detail.name, detail.verified_by), self.found())
		for report, filters in ((annual, {"day": today()}), (exceptions, {})):
			with self.subTest(report.__name__):
				self.assertTrue(self.rows(report, opportunity=one, **filters))
				self.assertEqual(self.rows(report, opportunity=elsewhere, unit=None, **filters), [])
		mine = {row["participant"]: row["time"] for row in self.rows(annual, opportunity=one, day=today())}
		wanted = {each.participant: 30 for each in self.payments if one == other or each == self.payments[0]}
		self.assertEqual(mine, wanted)

	def test_each_form_of_a_report_offers_what_it_can_be_narrowed_by(self):
		for report in REPORTS:
			with self.subTest(report.__name__):
				with open(report.__file__.removesuffix("py") + "js") as script:
					self.assertRegex(script.read(), r"filters\.(money|project)\(\)")

	def only_ours(self) -> str:
		frappe.db.delete(PAYMENT, {"name": ["not in", [each.name for each in self.payments]]})
		frappe.db.delete(BATCH, {"name": ["!=", self.batch.name]})
		self.assertEqual(self.found(), [])
		return pay.budget_holder()

	def test_who_is_paid_and_who_leads_are_found_where_they_decided(self):
		"""What the level Two people lets through, and what nothing does: planted past every guard."""
		mine = self.only_ours()
		payment = self.payments[0]
		person = payment.participant
		contact = frappe.db.get_value("Involvement Participant", person, "person")
		supporter = factories.supporter(frappe._dict(name=person))
		opportunity = frappe.db.get_value("Involvement Session", payment.session, "opportunity")
		for doctype, name, fieldname in (
			("Involvement Participant", person, "user"),
			("Contact", contact, "user"),
			(supporter.doctype, supporter.name, "user"),
			("Involvement Session", payment.session, "lead"),
			("Involvement Opportunity", opportunity, "lead"),
		):
			with self.subTest(doctype):
				before = frappe.db.get_value(doctype, name, fieldname)
				frappe.db.set_value(doctype, name, fieldname, mine)
				found = set(self.found())
				self.assertIn((payment.name, mine), found)
				if fieldname == "user":
					self.assertEqual(found, {(payment.name, mine)})
					frappe.db.set_value(doctype, name, fieldname, pay.authoriser())
					self.assertEqual(self.found(), [(self.batch.name, pay.authoriser())])
				frappe.db.set_value(doctype, name, fieldname, before)
		self.assertEqual(self.found(), [])

	def test_who_acted_for_them_counts_as_it_was_on_that_day(self):
		mine = self.only_ours()
		payment = self.payments[0]
		row = factories.supporter(frappe._dict(name=payment.participant))
		found = [(payment.name, mine)]
		past, to_come = add_days(today(), -9), add_days(today(), 9)
		for since, until, ended, told in (
			(past, to_come, None, found),
			(past, today(), None, found),
			(past, to_come, to_come, found),
			# it ended before, or was given later
			(past, add_days(past, 1), None, []),
			(past, to_come, add_days(past, 1), []),
			(to_come, add_days(to_come, 9), None, []),
		):
			values = {"user": mine, "creation": since, "until": until, "ended_on": ended}
			frappe.db.set_value(row.doctype, row.name, values, update_modified=False)
			with self.subTest(since=since, until=until, ended=ended):
				self.assertEqual(self.found(), told)
		with self.as_user(pay.officer()):
			self.assertIn("as they are today", exceptions.execute({})[2])

	def test_whoever_recorded_and_whoever_verified_are_found(self):
		self.only_ours()
		frappe.db.set_value(PAYMENT, self.payments[0].name, "edited_by", f"x@example.com\n{pay.authoriser()}")
		self.assertEqual(self.found(), [(self.batch.name, pay.authoriser())])
		frappe.db.set_value(PAYMENT, self.payments[0].name, "edited_by", None)
		detail = factories.participant_bank_detail(factories.participant(), "Verified")
		self.assertEqual(self.found(), [])
		by = frappe.db.get_value(detail.doctype, detail.name, "verified_by")
		for fieldname in ("recorded_by", "owner", "edited_by"):
			before = frappe.db.get_value(detail.doctype, detail.name, fieldname)
			frappe.db.set_value(detail.doctype, detail.name, fieldname, by)
			self.assertEqual(self.found(), [(detail.name, by)], fieldname)
			frappe.db.set_value(detail.doctype, detail.name, fieldname, before)
		claim = pay.checked_claim(factories.agreed(12))
		frappe.db.set_value(f"{pay.CLAIM} Line", {"parent": claim.name}, "agreed_by", claim.checked_by)
		self.assertEqual(self.found(), [(claim.name, claim.checked_by)])

	def test_finance_of_some_units_reads_of_those_alone(self):
		"""Payments, batches and accounts: a batch without a payment of theirs is not named to them."""
		second = self.payments[1].name
		frappe.db.set_value(PAYMENT, second, "participant", self.payments[0].participant)  # test set-up
		frappe.db.set_value(BATCH, self.batch.name, "locked_by", pay.authoriser())
		frappe.db.set_value(PAYMENT, second, "edited_by", pay.budget_holder())
		here, elsewhere = (factories.user(roles.FINANCE_OFFICER) for _each in range(2))
		factories.limit(here, self.here)
		factories.limit(elsewhere, factories.unit())
		for report, filters in ((alike, {}), (annual, {"day": today()}), (exceptions, {})):
			with self.subTest(report.__name__):
				self.assertTrue(self.rows(report, here, **filters))
				with self.as_user(elsewhere):
					self.assertEqual(report.execute(filters)[1], [])

	def test_each_reader_s_own_units(self):
		for report in (spending, days, budget):
			with self.subTest(report=report.__name__):
				self.assertTrue(self.rows(report, factories.staff(roles.MANAGER)))
				self.assertTrue(self.rows(report, pay.budget_holder()))
				self.assertFalse(self.rows(report, factories.another(roles.BUDGET_HOLDER)))
		for user in (factories.user(), factories.participant(portal=True).user, "Guest"):
			for report in REPORTS:
				with self.subTest(user, report=report.__name__), self.assertRaises(frappe.PermissionError):
					self.rows(report, user)

	def test_nothing_where_no_money_is_paid(self):
		settings = frappe.get_doc("Involvement Settings")
		settings.finance_mode = "None"
		settings.save()
		self.assertTrue(without_money.is_so())
		self.assertEqual(frappe.db.get_value("Workspace", without_money.WORKSPACE, "is_hidden"), 1)
		for report in REPORTS:
			with self.subTest(report.__name__):
				self.assertEqual(self.rows(report), [])
		settings.finance_mode = "CSV"
		settings.save()
		self.assertEqual(frappe.db.get_value("Workspace", without_money.WORKSPACE, "is_hidden"), 0)

	def test_what_came_back_is_not_spent(self):
		with self.as_user(pay.officer()):
			reversals.sent_back(self.batch.name, self.payments[0].name, "Account closed")
		self.assertEqual(self.rows(spending)[0]["amount"], 30)
