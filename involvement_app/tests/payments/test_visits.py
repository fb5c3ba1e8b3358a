"""The budget holder of a unit sees codes and amounts, never a mystery shopper's visit (issue 7; domain 4.7)."""

import json

import frappe
import frappe.client
from frappe.utils import getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import money_rows
from involvement_app.involvement_payments.doctype.involvement_expense_claim.test_involvement_expense_claim import (
	bus,
	photo,
	receipt,
)
from involvement_app.involvement_payments.report.budget_commitment_and_actual import (
	budget_commitment_and_actual as budget,
)
from involvement_app.involvement_payments.report.days_from_session_to_paid import (
	days_from_session_to_paid as days,
)
from involvement_app.involvement_payments.report.spending_by_unit_and_month import (
	spending_by_unit_and_month as spending,
)
from involvement_app.involvement_privacy import private_files
from involvement_app.patches.v1_0 import shown_to_budget_holders
from involvement_app.permissions import columns
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PAYMENT, CLAIM = pay.PAYMENT, pay.CLAIM
LINE = f"{CLAIM} Line"
TITLE = "Zebrafinch at the counter"
WORDS = ("Zebrafinch", "Quagmarsh", "Yellowhammer Lane", "Two buses past the abbey")
OF_A_VISIT = ("session", "engagement", "session_on")
OF_A_LINE = ("from_place", "to_place", "description")


class TestVisits(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.holder = pay.budget_holder()
		self.person, self.unit = factories.participant(), pay.unit()
		self.visit = pay.opportunity(title=TITLE, opportunity_type="Mystery shopping", unit=self.unit)
		place = factories.engagement(self.visit, self.person)
		pay.hold(self.visit)
		(self.payment,) = pay.payments(place)
		journey = factories.journey(from_place=WORDS[1], to_place=WORDS[2], description=WORDS[3])
		self.claim = pay.claimed(journey, person=self.person, unit=self.unit, engagement=place.name)
		self.secrets = {*WORDS, self.payment.session, self.payment.engagement, self.visit.name}
		self.secrets |= {
			str(self.payment.session_on),
			frappe.utils.format_date(self.payment.session_on),
			frappe.utils.format_date(self.payment.session_on, "d MMMM yyyy"),
		}

	def assert_tells_nothing(self, answer, *but: str) -> None:
		text = answer if isinstance(answer, str) else json.dumps(answer, default=str)
		found = [word for word in self.secrets - set(but) if word in text]
		self.assertEqual(found, [])

	def asked(self, doctype: str, **shape):
		"""As a request asks for a list."""
		frappe.local.request = frappe._dict(method="POST")
		frappe.local.form_dict = frappe._dict(doctype=doctype, **{k: json.dumps(v) for k, v in shape.items()})
		try:
			return frappe.get_list(doctype, **shape, parent_doctype=CLAIM if doctype == LINE else None)
		finally:
			frappe.local.form_dict = frappe._dict()
			del frappe.local.request

	def test_in_no_form_list_or_print(self):
		with self.as_user(self.holder):
			for doc in (self.payment, self.claim):
				shown = frappe.get_doc(doc.doctype, doc.name)
				shown.apply_fieldlevel_read_permissions()
				self.assert_tells_nothing(shown.as_dict())
				self.assertEqual((shown.unit, shown.participant), (doc.unit, doc.participant))
				self.assert_tells_nothing(frappe.get_print(doc.doctype, doc.name))
			self.assert_tells_nothing(frappe.client.get(PAYMENT, self.payment.name))
			self.assert_tells_nothing(frappe.client.get(CLAIM, self.claim.name))
			self.assert_tells_nothing(frappe.get_list(PAYMENT, fields=["*"], filters={"unit": self.unit}))
			rows = self.asked(LINE, fields=["parent", "amount", "shown"], filters={"parent": self.claim.name})
			self.assertEqual([(row.parent, row.shown) for row in rows], [(self.claim.name, None)])
			for field in OF_A_VISIT:
				(row,) = self.asked(PAYMENT, fields=["name", field], filters={"unit": self.unit})
				self.assertEqual(row, {"name": self.payment.name})

	def test_not_one_behind_another(self):
		"""Frappe 15 skips the column that stands after a hidden one: both are refused, also what leads may not see."""
		with self.as_user(self.holder):
			for fields in (
				["session", "engagement"],
				["session", "session"],
				["`session`", "max(engagement)"],
			):
				with self.subTest(fields), self.assertRaises(frappe.PermissionError):
					self.asked(PAYMENT, fields=fields, filters={"unit": self.unit})
		lead = factories.staff(roles.OWNER)
		frappe.db.set_value("Involvement Participant", self.person.name, "named_contact", lead)
		with self.as_user(lead), self.assertRaises(frappe.PermissionError):
			self.asked("Involvement Participant", fields=["payment_eligibility", "is_staff"], filters={})

	def test_by_no_filter(self):
		"""Is it there, if I guess? Nobody asks who may not read."""
		with self.as_user(self.holder):
			for doctype, filters in (
				(PAYMENT, [["session_on", "=", str(self.payment.session_on)]]),
				(PAYMENT, [["session", "=", self.payment.session]]),
				(CLAIM, [["engagement", "=", self.payment.engagement]]),
				(CLAIM, [[LINE, "from_place", "like", "Quag%"]]),
				(LINE, [["to_place", "like", "Yellow%"]]),
				(LINE, [["spent_on", "=", str(self.payment.session_on)]]),
				(CLAIM, [[LINE, "agreed_on", "=", str(self.payment.session_on)]]),
				(CLAIM, [["answer", "like", "%abbey%"]]),
			):
				with self.subTest(filters), self.assertRaises(frappe.PermissionError):
					self.asked(doctype, fields=["name"], filters=filters)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			found = self.asked(
				CLAIM, fields=["name"], filters=[[LINE, "from_place", "like", f"{WORDS[1][:4]}%"]]
			)
			self.assertEqual([row.name for row in found], [self.claim.name])
			self.assertEqual(columns.hidden_from(LINE, frappe.session.user), set())

	def test_in_no_report(self):
		pay.approve(self.payment)
		pay.take(pay.batch(self.payment), "Lock", "Authorise", "Export", "Confirm")
		wanted = {"unit": self.unit}
		for report in (spending, budget, days):
			with self.subTest(report=report.__name__):
				with self.as_user(self.holder):
					answer = report.execute(wanted)
					self.assertTrue(answer[1])
					self.assert_tells_nothing([answer[1], answer[3]])
					one = report.execute({**wanted, "opportunity": self.visit.name})
					self.assertEqual(one[1], [])
				with self.as_user(factories.staff(roles.MANAGER)):
					self.assertEqual(len(report.execute(wanted)[1]), len(answer[1]))
		with self.as_user(self.holder):  # sums are as they are
			self.assertEqual([row["amount"] for row in spending.execute(wanted)[1]], [30])
			self.assertEqual(sum(row["actual"] for row in budget.execute(wanted)[1]), 30)
			self.assertEqual(len(money_rows.payments(frappe._dict(wanted), ["name", "session_on"])), 1)
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertIn(TITLE, json.dumps(spending.execute(wanted)[1]))

	def test_nobody_opens_its_receipt_who_only_decides_on_the_money(self):
		day = self.payment.session_on
		values = {"person": self.person, "unit": self.unit, "engagement": self.claim.engagement}
		hidden = pay.claimed(bus(receipt=receipt(), spent_on=day), **values)
		shown = pay.claimed(bus(receipt=receipt(photo("red"))), unit=self.unit)
		names = {claim.name for claim in (hidden, shown)}
		for user, readable in (
			(self.holder, {shown.name}),
			(factories.staff(roles.COORDINATOR), names),
			(factories.user(roles.BUDGET_HOLDER, roles.FINANCE_OFFICER), names),
		):
			with self.subTest(user), self.as_user(user):
				about = {"attached_to_doctype": CLAIM, "attached_to_name": ["in", sorted(names)]}
				listed = frappe.get_list("File", about, pluck="attached_to_name")
				self.assertEqual(set(listed), readable)
				for file in frappe.get_all(
					"File", about, ["name", "file_url", "attached_to_doctype", "attached_to_name"]
				):
					may = file.attached_to_name in readable
					self.assertEqual(bool(frappe.has_permission("File", "read", file.name)), may)
					self.assertEqual(private_files._may_read(file), may)
					self.assertEqual(self.takes(file.file_url), may)

	def takes(self, url: str) -> bool:
		"""Whether a request makes the file its own by writing down the address."""
		frappe.local.request = frappe._dict(method="POST")
		frappe.local.form_dict = frappe._dict(doctype="File", file_url=url)
		frappe.db.savepoint("own")
		try:
			frappe.get_doc(doctype="File", file_url=url, is_private=1).insert()
		except frappe.PermissionError:
			return False
		finally:
			frappe.db.rollback(save_point="own")
			frappe.local.form_dict = frappe._dict()
			del frappe.local.request
		return True

	def test_there_is_enough_to_approve(self):
		pay.take_claim(self.claim, "Check", factories.staff(roles.COORDINATOR))
		approved = pay.approve_claim(self.claim)
		self.assertEqual((approved.status, approved.lines[0].from_place), ("Approved", WORDS[1]))
		payment = pay.payment_of(approved)
		self.assertEqual((payment.shown_on, bool(payment.session_on)), (None, True))
		self.assertEqual(pay.approve(self.payment).status, "Approved")

	def test_a_form_that_is_sent_back_loses_nothing(self):
		with self.as_user(self.holder):
			pay.take_claim(self.claim, "Check", factories.staff(roles.COORDINATOR))
			sent = frappe.get_doc(CLAIM, self.claim.name)
			sent.apply_fieldlevel_read_permissions()
			values = sent.as_dict(no_nulls=True)
			values.update(note="Please look again")
			doc = frappe.get_doc(json.loads(json.dumps(values, default=str)))
			lifecycle.apply(doc, "Return")
		stored = frappe.get_doc(CLAIM, self.claim.name)
		self.assertEqual([stored.lines[0].get(field) for field in OF_A_LINE], list(WORDS[1:]))
		self.assertEqual(stored.engagement, self.payment.engagement)

	def test_a_claim_without_a_place_of_somebody_who_visits(self):
		"""People need not say what they travelled for."""
		claim = pay.claimed(
			factories.journey(from_place=WORDS[1], to_place=WORDS[2]), person=self.person, unit=self.unit
		)
		self.assertEqual((claim.visit, claim.lines[0].shown), (1, None))

	def test_anything_else_is_shown_as_before(self):
		payment, claim = pay.checked(), pay.claimed()
		with self.as_user(self.holder):
			shown = frappe.get_doc(PAYMENT, payment.name)
			shown.apply_fieldlevel_read_permissions()
			self.assertEqual(getdate(shown.shown_on), getdate(payment.session_on))
			line = frappe.get_doc(CLAIM, claim.name).lines[0]
			self.assertEqual((line.shown, getdate(line.shown_on)), ("Otterford – The hub", getdate(today())))

	def test_what_people_say_of_it_is_of_that_level_too(self):
		for person, place, seen in ((self.person, self.claim.engagement, None), (None, None, "Quagmarsh")):
			with self.subTest(seen=seen):
				line = bus(agreed_with="Casey of Quagmarsh", agreed=1, agreed_on=self.payment.session_on)
				line["spent_on"] = self.payment.session_on
				values = {"unit": self.unit, "engagement": place, "late_reason": "Quagmarsh was shut"}
				claim = pay.claimed(line, person=person, **values)
				with self.as_user(factories.staff(roles.COORDINATOR)):
					lifecycle.apply(frappe.get_doc(CLAIM, claim.name), "Return", note="What for?")
					doc = frappe.get_doc(CLAIM, claim.name)
					doc.flags.answer = "It was in Quagmarsh"
					lifecycle.apply(doc, "Send again")
				with self.as_user(self.holder):
					shown = frappe.get_doc(CLAIM, claim.name)
					shown.apply_fieldlevel_read_permissions()
					hidden = [shown.get("answer"), shown.get("late_reason"), shown.lines[0].get("spent_on")]
					self.assertEqual([*hidden, shown.lines[0].get("agreed_with")], [None] * 4)
					words = (shown.shown, shown.lines[0].shown, shown.lines[0].shown_on)
					if seen:
						self.assertEqual(words[0], "Quagmarsh was shut\nIt was in Quagmarsh")
						self.assertEqual(words[1:], ("Casey of Quagmarsh", getdate(line["spent_on"])))
					else:
						self.assertEqual(words, (None, None, None))
						self.assertEqual(bool(shown.lines[0].amount), True)
						self.assertNotIn("Quagmarsh", json.dumps(shown.as_dict(), default=str))

	def test_what_is_there_already(self):
		payment, claim = pay.checked(), pay.claimed()
		unnamed = pay.claimed(person=self.person)
		frappe.db.set_value(PAYMENT, {"name": ["in", [payment.name, self.payment.name]]}, "shown_on", None)
		claims = (claim.name, self.claim.name, unnamed.name)
		frappe.db.set_value(LINE, {"parent": ["in", claims]}, {"shown": None, "shown_on": None})
		frappe.db.set_value(CLAIM, {"name": ["in", claims]}, {"late_reason": "Ill", "answer": "Yes"})
		frappe.db.set_value(CLAIM, {"name": ["in", claims]}, "visit", 0)
		shown_to_budget_holders.execute()
		self.assertEqual(
			[frappe.db.get_value(PAYMENT, each.name, "shown_on") for each in (payment, self.payment)],
			[getdate(payment.session_on), None],
		)
		self.assertEqual(
			[frappe.db.get_value(LINE, {"parent": name}, "shown") for name in claims],
			["Otterford – The hub", None, None],
		)
		self.assertEqual(
			[frappe.db.get_value(LINE, {"parent": name}, "shown_on") for name in claims],
			[getdate(today()), None, None],
		)
		self.assertEqual(
			[frappe.db.get_value(CLAIM, name, "shown") for name in claims], ["Ill\nYes", None, None]
		)
