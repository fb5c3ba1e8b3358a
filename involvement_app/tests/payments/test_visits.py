"""The budget holder of a unit sees codes and amounts, never a mystery shopper's visit (issue 7; domain 4.7)."""

import json

import frappe
from frappe import client
from frappe.desk import search
from frappe.desk.form import load
from frappe.utils import add_days, getdate, today

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
from involvement_app.patches.v1_0 import shown_to_budget_holders, visits_promised
from involvement_app.permissions import columns, doors
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.working_days import add_working_days, closed

PAYMENT, CLAIM = pay.PAYMENT, pay.CLAIM
LINE = f"{CLAIM} Line"
TITLE = "Zebrafinch at the counter"
WORDS = ("Zebrafinch", "Quagmarsh", "Yellowhammer Lane", "Two buses past the abbey")
OF_A_VISIT = ("session", "engagement", "session_on")
OF_A_LINE = ("from_place", "to_place", "description")


class TestVisits(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
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
		# nor what follows from it
		promised = add_working_days(getdate(self.payment.session_on), 10, closed)
		self.secrets |= {str(promised), frappe.utils.format_date(promised)}

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
			self.assert_tells_nothing(client.get(PAYMENT, self.payment.name))
			self.assert_tells_nothing(client.get(CLAIM, self.claim.name))
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

	def test_when_it_is_to_be_paid_follows_from_the_day_it_was_written_down(self):
		written = add_working_days(getdate(today()), 10, closed)
		self.assertEqual(self.payment.due_on, written)
		self.assertEqual(pay.checked().due_on, add_working_days(getdate(add_days(today(), -30)), 10, closed))
		# and is put off by no correction of the attendance, approved or not
		earlier = getdate(add_days(today(), 3))
		for hours in (3, 4):
			frappe.db.set_value(PAYMENT, self.payment.name, "due_on", earlier)
			with self.subTest(hours), self.as_user(factories.staff(roles.COORDINATOR)):
				session = frappe.get_doc("Involvement Session", self.payment.session)
				session.attendance[0].hours = hours
				session.change_note = "They stayed longer"
				session.save()
			newest = frappe.get_last_doc(PAYMENT, {"engagement": self.payment.engagement})
			self.assertEqual((newest.hours, newest.due_on), (hours, earlier))
			pay.approve(newest)
			self.payment = newest

	def test_through_no_other_door(self):
		pay.approve(self.payment)
		pay.take(pay.batch(self.payment), "Lock", "Authorise", "Export", "Confirm")
		with self.as_user(self.holder):
			load.getdoc(PAYMENT, self.payment.name)
			self.assert_tells_nothing(frappe.response.pop("docs")[0].as_dict())
			doors.get_docinfo(PAYMENT, self.payment.name)
			self.assert_tells_nothing(frappe.response.pop("docinfo"))
			for field in ("due_on", "reminded_on", "escalated_on", "late_twice_on", "shown_on", "creation"):
				self.assert_tells_nothing(client.get_value(PAYMENT, field, self.payment.name))
			fields = [df.fieldname for df in frappe.get_meta(PAYMENT).fields if not df.permlevel]
			fields = [field for field in fields if frappe.db.has_column(PAYMENT, field)]
			for order in ("due_on", "creation", "name"):
				rows = self.asked(
					PAYMENT, fields=fields, filters={"unit": self.unit}, order_by=f"{order} asc"
				)
				self.assert_tells_nothing(rows)
			for field in OF_A_VISIT:
				for order in ({"order_by": f"{field} desc"}, {"group_by": field}):
					with self.subTest(order), self.assertRaises(frappe.PermissionError):
						self.asked(PAYMENT, fields=["name"], filters={"unit": self.unit}, **order)
				with self.subTest(field), self.assertRaises(frappe.PermissionError):
					self.counted({field: ["is", "set"]})
			self.assert_tells_nothing(search.search_link(PAYMENT, self.payment.name))

	def counted(self, filters: dict) -> int:
		frappe.local.request = frappe._dict(method="POST")
		frappe.local.form_dict = frappe._dict(doctype=PAYMENT, filters=json.dumps(filters))
		try:
			return doors.get_count(PAYMENT, json.dumps(filters))
		finally:
			frappe.local.form_dict = frappe._dict()
			del frappe.local.request

	def test_no_report_tells_the_day_by_a_period_or_a_number(self):
		"""Is it there, if I ask for that day alone? And how many days before it was paid?"""
		pay.approve(self.payment)
		pay.take(pay.batch(self.payment), "Lock", "Authorise", "Export", "Confirm")
		day = str(self.payment.session_on)
		for period, found in (((day, day), 0), ((today(), today()), 1)):
			wanted = {"unit": self.unit, "from_date": period[0], "to_date": period[1]}
			with self.subTest(period), self.as_user(self.holder):
				self.assertEqual(len(budget.execute(wanted)[1]), found)
		with self.as_user(self.holder):
			paid = getdate(frappe.db.get_value(PAYMENT, self.payment.name, "paid_on"))
			line = days.execute({"unit": self.unit, "to_date": str(paid)})[1][-1]
			self.assertEqual((line["count"], line["median"]), (1, (paid - getdate(today())).days))
		with self.as_user(factories.staff(roles.MANAGER)):
			wanted = {"unit": self.unit, "from_date": day, "to_date": day}
			self.assertEqual(len(budget.execute(wanted)[1]), 1)
			self.assertEqual(days.execute({"unit": self.unit, "to_date": str(paid)})[1][-1]["median"], 30)

	def test_the_opportunity_is_not_among_those_of_the_unit(self):
		"""Its dates say when somebody goes."""
		other = pay.opportunity(unit=self.unit)
		with self.as_user(self.holder):
			listed = frappe.get_list("Involvement Opportunity", {"unit": self.unit}, pluck="name")
			self.assertEqual(listed, [other.name])
			self.assertFalse(frappe.has_permission("Involvement Opportunity", "read", self.visit.name))
			dates = frappe.get_list(
				"Involvement Opportunity Date",
				pluck="parent",
				limit=0,
				parent_doctype="Involvement Opportunity",
			)
			self.assertIn(other.name, dates)
			self.assertNotIn(self.visit.name, dates)
		both = factories.user(roles.BUDGET_HOLDER, roles.COORDINATOR)
		with self.as_user(both):
			self.assertTrue(frappe.has_permission("Involvement Opportunity", "read", self.visit.name))

	def test_what_was_promised_already_no_longer_follows_from_the_day(self):
		ordinary = pay.checked()
		told = {"due_on": add_days(today(), -9), "reminded_on": add_days(today(), -11)}
		frappe.db.set_value(PAYMENT, {"name": ["in", [ordinary.name, self.payment.name]]}, dict(told))
		version = frappe.get_doc(
			doctype="Version",
			ref_doctype=PAYMENT,
			docname=self.payment.name,
			data=json.dumps({"changed": [["due_on", "a", "b"], ["hours", "1", "2"]]}),
		).insert(ignore_permissions=True)  # test set-up
		visits_promised.execute()
		read = {
			each.name: frappe.db.get_value(PAYMENT, each.name, ["due_on", "reminded_on"])
			for each in (ordinary, self.payment)
		}
		self.assertEqual(read[ordinary.name], tuple(getdate(day) for day in told.values()))
		self.assertEqual(read[self.payment.name], (add_working_days(getdate(today()), 10, closed), None))
		kept = json.loads(frappe.db.get_value("Version", version.name, "data"))["changed"]
		self.assertEqual(kept, [["hours", "1", "2"]])

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
