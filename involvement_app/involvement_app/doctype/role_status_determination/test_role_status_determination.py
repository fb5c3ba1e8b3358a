import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today

from involvement_app.involvement_app import gates, overrides, role_status
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase

DOCTYPE = "Role Status Determination"


def kind() -> str:
	return factories._master("Involvement Type", type_name=frappe.generate_hash(length=10), category="Other")


class TestTheDecision(IntegrationTestCase):
	def write(self, user: str, **values):
		values = {
			"title": "Panel member",
			"opportunity_type": kind(),
			"outcome": "PAYE",
			"valid_from": "2025-04-06",
			"decided_by": "Head of people",
			"decided_on": "2025-04-01",
			"evidence": "The tool of 1 April",
			**values,
		}
		with self.as_user(user):
			return frappe.get_doc(doctype=DOCTYPE, **values).insert()

	def test_hr_decides_and_ends_it_and_managers_do_not(self):
		doc = self.write(factories.staff(roles.HR_OFFICER))
		with self.as_user(doc.owner):
			ended = frappe.get_doc(DOCTYPE, doc.name)
			ended.valid_to = today()
			ended.save()
		manager = factories.staff(roles.MANAGER)
		with self.assertRaisesRegex(frappe.PermissionError, "HR officers decide"):
			self.write(manager)
		with self.as_user(manager):
			forged = frappe.get_doc(DOCTYPE, doc.name)
			forged.outcome = "Ad hoc, gross"
			with self.assertRaisesRegex(frappe.PermissionError, "HR officers decide"):
				forged.save()
			shown = frappe.get_doc(DOCTYPE, doc.name)
			shown.run_method("onload")
			self.assertTrue(shown.get_onload("by_hr"))

	def test_where_nobody_is_hr_managers_decide(self):
		factories.staff(roles.HR_OFFICER)
		held = frappe.get_all("Has Role", {"role": roles.HR_OFFICER, "parenttype": "User"}, pluck="parent")
		frappe.db.set_value("User", {"name": ["in", held]}, "enabled", 0)
		self.addCleanup(frappe.db.set_value, "User", {"name": ["in", held]}, "enabled", 1)
		doc = self.write(factories.staff(roles.MANAGER))
		doc.run_method("onload")
		self.assertFalse(doc.get_onload("by_hr"))

	def test_who_else_never_does(self):
		for user in (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.OWNER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.user("Sales User"),
			factories.staff(factories.PORTAL),
			"Guest",
		):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.write(user)

	def test_hr_and_managers_may_write_it_and_all_staff_read_it(self):
		doc = factories.role_status_determination()
		for user, reads, writes in (
			(factories.staff(roles.HR_OFFICER), True, True),
			(factories.staff(roles.MANAGER), True, True),
			(factories.staff(roles.COORDINATOR), True, False),
			(factories.staff(roles.OWNER), True, False),
			(factories.staff(roles.BUDGET_HOLDER), True, False),
			(factories.staff(roles.FINANCE_OFFICER), True, False),
			(factories.user("Sales User"), False, False),
			(factories.staff(factories.PORTAL), False, False),
			("Guest", False, False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(frappe.has_permission(DOCTYPE, "read", doc.name), reads)
				self.assertEqual(frappe.has_permission(DOCTYPE, "write", doc.name), writes)

	def test_it_says_who_decided_and_on_what(self):
		for values, words in (
			({"decided_by": " "}, "Decided by"),
			({"evidence": " "}, "Evidence"),
			({"decided_on": add_days(today(), 1)}, "Decided on"),
			({"valid_to": "2025-04-05"}, "Valid to"),
		):
			with self.subTest(**values), self.assertRaisesRegex(frappe.ValidationError, words):
				factories.role_status_determination(**values)

	def test_no_two_count_on_the_same_day(self):
		first = factories.role_status_determination(valid_to="2026-04-05")
		with self.assertRaisesRegex(frappe.ValidationError, "counts on some of these days"):
			factories.role_status_determination(first.opportunity_type, "PAYE", valid_from="2026-04-05")
		then = factories.role_status_determination(first.opportunity_type, "PAYE", valid_from="2026-04-06")
		rows = role_status.current(first.opportunity_type, None, ["2025-04-05", "2026-04-05", "2026-04-06"])
		self.assertEqual([row and row.name for row in rows], [None, first.name, then.name])

	def test_a_narrower_unit_goes_before_everywhere(self):
		top = factories.unit(is_group=1)
		below, elsewhere = factories.unit(parent=top), factories.unit()
		everywhere = factories.role_status_determination()
		here = factories.role_status_determination(everywhere.opportunity_type, "PAYE", unit=top)
		for unit, wanted in ((below, here), (top, here), (elsewhere, everywhere)):
			(row,) = role_status.current(everywhere.opportunity_type, unit, [today()])
			self.assertEqual(row.name, wanted.name)

	def test_it_stays_once_somebody_has_a_place_under_it(self):
		doc = factories.role_status_determination()
		place = factories.opportunity("Published", opportunity_type=doc.opportunity_type)
		factories.engagement(place, factories.participant())
		with self.as_user(factories.staff(roles.HR_OFFICER)):
			changed = frappe.get_doc(DOCTYPE, doc.name)
			changed.outcome = "PAYE"
			with self.assertRaisesRegex(frappe.ValidationError, "End it with"):
				changed.save()
			changed.reload()
			changed.valid_to = today()
			changed.save()


class TestGateG9(IntegrationTestCase):
	def row(self, doc) -> dict:
		return next(row for row in gates.checklist(doc) if row["gate"] == "G9")

	def draft(self, of: str, **kw):
		doc = factories.opportunity(opportunity_type=of, **kw)
		return doc

	def undecided(self):
		"""An opportunity of a type about which nobody has decided."""
		doc = factories.opportunity()
		doc.opportunity_type = kind()
		return doc

	def test_a_paid_role_needs_a_decision_that_counts_on_its_days(self):
		doc = self.undecided()
		self.assertEqual(self.row(doc)["result"], gates.FAIL)
		self.assertIn(doc.opportunity_type, self.row(doc)["how_to_fix"])
		decision = factories.role_status_determination(
			doc.opportunity_type, valid_to=add_days(doc.last_date(), -1)
		)
		self.assertEqual(self.row(doc)["result"], gates.FAIL)
		frappe.db.set_value(DOCTYPE, decision.name, "valid_to", doc.last_date())
		self.assertEqual(self.row(doc)["result"], gates.PASS)

	def test_on_each_of_them_and_in_one_way(self):
		doc = self.undecided()
		doc.set("dates", [])
		for days in (30, 37, 44):
			starts = add_to_date(now_datetime().replace(hour=10), days=days)
			doc.append("dates", {"starts_on": starts, "ends_on": add_to_date(starts, hours=1)})
		first, second, _third = doc.every_date()
		factories.role_status_determination(doc.opportunity_type, valid_to=first)
		between = factories.role_status_determination(
			doc.opportunity_type, valid_from=add_days(first, 1), valid_to=second
		)
		factories.role_status_determination(doc.opportunity_type, valid_from=add_days(second, 1))
		self.assertEqual(self.row(doc)["result"], gates.PASS)
		for outcome, words in (("Expenses only", "expenses only"), ("PAYE", "something else on some")):
			frappe.db.set_value(DOCTYPE, between.name, "outcome", outcome)
			self.assertEqual(self.row(doc)["result"], gates.FAIL)
			self.assertIn(words, self.row(doc)["how_to_fix"])
		frappe.db.set_value(DOCTYPE, between.name, "valid_to", add_days(second, -1))
		self.assertEqual(self.row(doc)["result"], gates.FAIL)

	def test_expenses_only_is_not_paid(self):
		doc = self.undecided()
		factories.role_status_determination(doc.opportunity_type, "Expenses only")
		self.assertEqual(self.row(doc)["result"], gates.FAIL)
		doc.offer_per_person = 0
		self.assertEqual(self.row(doc)["result"], gates.NOT_APPLICABLE)

	def test_it_is_not_asked_where_no_money_is_paid(self):
		undecided = self.undecided()
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.addCleanup(frappe.clear_document_cache, "Involvement Settings", "Involvement Settings")
		self.assertEqual(self.row(undecided)["result"], gates.NOT_APPLICABLE)

	def test_without_one_nothing_is_published_and_nobody_lets_it_pass(self):
		approved = factories.opportunity("Approved")
		frappe.db.delete(DOCTYPE, {"opportunity_type": approved.opportunity_type})
		with self.as_user(factories.staff(roles.COORDINATOR)), self.assertRaisesRegex(TransitionError, "G9"):
			from involvement_app import lifecycle

			lifecycle.apply(frappe.get_doc(approved.doctype, approved.name), "Publish")
		draft = factories.opportunity()
		frappe.db.delete(DOCTYPE, {"opportunity_type": draft.opportunity_type})
		with self.as_user(draft.owner):
			frappe.get_doc(draft.doctype, draft.name).save()
		with self.as_user(factories.another(roles.MANAGER)):
			with self.assertRaisesRegex(frappe.ValidationError, "cannot be overridden"):
				overrides.override(draft.name, "G9", "We are in a hurry")


class TestTheRoute(IntegrationTestCase):
	def test_place_and_payment_keep_the_decision(self):
		for outcome, route in (("Ad hoc, gross", "Gross"), ("PAYE", "PAYE"), ("Invoice", "Invoice")):
			with self.subTest(outcome):
				decision = factories.role_status_determination(outcome=outcome)
				opportunity = pay.opportunity(opportunity_type=decision.opportunity_type)
				place = factories.engagement(opportunity, factories.participant())
				self.assertEqual((place.role_determination, place.payment_route), (decision.name, route))
				pay.hold(opportunity)
				(payment,) = pay.payments(place)
				self.assertEqual((payment.role_determination, payment.payment_route), (decision.name, route))

	def test_a_role_that_is_expenses_only_by_now_is_offered_without_money(self):
		decision = factories.role_status_determination()
		opportunity = pay.opportunity(opportunity_type=decision.opportunity_type)
		frappe.db.set_value(DOCTYPE, decision.name, "outcome", "Expenses only")
		application = factories.offer(opportunity, factories.participant())
		self.assertEqual(application.offered_amount, 0)
