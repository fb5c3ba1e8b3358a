import unittest
from datetime import date

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import gates, overrides, readability
from involvement_app.involvement_app.report.gate_results_and_override_rate import (
	gate_results_and_override_rate as report,
)
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.permissions import doors
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.working_days import working_days_between

try:
	from textstat import textstat
except ImportError:
	textstat = None

HARD = "Participants' organisational responsibilities necessitate comprehensive familiarisation. " * 8


class TestChecklist(IntegrationTestCase):
	def result(self, doc, code: str) -> str:
		return next(row for row in gates.checklist(doc) if row["gate"] == code)["result"]

	def test_each_gate_both_ways(self):
		"""Row 0.5: involvement is meaningful: eleven questions, each with an answer that fails and a way to mend it."""
		doc = factories.opportunity(level="Consultation", reason_below_co_design="The law fixes the rest")
		rows = gates.checklist(doc)
		self.assertEqual([row["gate"] for row in rows], [f"G{n}" for n in range(1, 12)])
		results = {row["gate"]: row["result"] for row in rows}
		self.assertEqual({g for g, r in results.items() if r == gates.NOT_APPLICABLE}, {"G10"})
		self.assertEqual({g for g, r in results.items() if r == gates.FAIL}, set())
		last = doc.last_date()
		for code, values, wanted in (
			("G2", {"decision_date": last}, "Fail"),
			("G2", {"decision_date": add_days(last, 1)}, "Pass"),
			("G2", {"decision_maker": " "}, "Fail"),
			("G6", {"by_telephone": 0}, "Fail"),
			("G6", {"reason_one_way": "It is a walk"}, "Pass"),
			("G7", {"feedback_owner": None}, "Fail"),
			("G7", {"feedback_owner": doc.lead, "full_feedback_due": None}, "Fail"),
			("G7", {"full_feedback_due": add_days(last, -1)}, "Fail"),
			("G7", {"full_feedback_due": add_days(last, 9)}, "Pass"),
			("G8", {"support_contact": ""}, "Fail"),
			("G11", {"description": HARD}, "Warn"),
			("G11", {"description": "We meet. We talk. You say what you think. " * 9}, "Pass"),
			("G11", {"description": "We meet. We talk. " * 150}, "Warn"),
		):
			with self.subTest(code, **values):
				doc.update(values)
				self.assertEqual(self.result(doc, code), wanted)
				row = next(row for row in gates.checklist(doc) if row["gate"] == code)
				self.assertEqual(bool(row["how_to_fix"]), wanted != "Pass")

	def test_bank_holidays_are_no_notice(self):
		"""Row 0.10: more advance planning: days on which nobody works are no notice."""
		closed = {date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28)}.__contains__
		self.assertEqual(working_days_between("2026-12-21", "2027-01-04"), 10)
		self.assertEqual(working_days_between("2026-12-21", "2027-01-04", closed), 8)
		frappe.db.set_single_value("Involvement Settings", "bank_holidays", "England and Wales")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		easter = date(2027, 3, 22)
		self.assertEqual(working_days_between(easter, date(2027, 4, 5), gates.closed), 8)

	@unittest.skipUnless(textstat, "textstat is not installed: dev/test brings it")
	def test_the_measure_is_near_the_usual_one(self):
		for text in (
			"We meet every week. You say what you like and what you do not like. Then we change it. " * 3,
			"To find out how our phone line feels, make three calls and write down what the staff say. " * 3,
			"The committee considers recommendations concerning accessibility and participation. " * 4,
		):
			usual = textstat.flesch_kincaid_grade(text) + 5
			self.assertAlmostEqual(readability.measure(text).age, max(usual, 5), delta=2)


class TestReport(IntegrationTestCase):
	def test_results_and_the_rate_of_overrides(self):
		"""Row 0.10: no tokenism: how often a failed check was overridden is a figure to watch, of what one may see."""
		here, elsewhere = factories.unit(), factories.unit()
		short = factories.opportunity(unit=here, days_ahead=7)
		manager = factories.staff(roles.MANAGER)
		with self.as_user(manager):
			overrides.override(short.name, "G3", "The landlord gave us one week")
		with self.as_user(short.lead):
			lifecycle.apply(frappe.get_doc(short.doctype, short.name), "Submit for approval")
		factories.opportunity("Submitted", unit=here)
		factories.opportunity(unit=here, days_ahead=7)  # a draft is not judged yet
		with self.as_user(manager):
			*_rest, rows, _note, chart = report.execute({"unit": here})
			self.assertEqual(report.execute({"unit": here, "to_date": add_days(today(), -1)})[1], [])
		of = {row["gate"]: row for row in rows}
		self.assertEqual([row["gate"] for row in rows], [*(f"G{n}" for n in range(1, 12)), "All"])
		self.assertEqual((of["G3"]["pass"], of["G3"]["overridden"], of["G3"]["fail"]), (1, 1, 0))
		self.assertEqual((of["G3"]["override_rate"], of["G1"]["override_rate"]), (50, 0))
		self.assertEqual((of["G10"]["not_applicable"], of["G10"]["override_rate"]), (2, None))
		self.assertEqual(of["All"]["overridden"], 1)
		self.assertEqual(chart["data"]["labels"][-1], "G11")
		limited = factories.another(roles.COORDINATOR)
		factories.limit(limited, elsewhere)
		self.addCleanup(frappe.clear_cache, user=limited)
		with self.as_user(limited):
			self.assertEqual(report.execute({"unit": here})[1], [])
		for who in (factories.staff(roles.OWNER), factories.staff(roles.BUDGET_HOLDER)):
			with self.subTest(who), self.as_user(who), self.assertRaises(frappe.PermissionError):
				doors.run_report("Gate results and override rate")


class TestOverrides(IntegrationTestCase):
	def read(self, doc):
		return frappe.get_doc(doc.doctype, doc.name)

	def override(self, doc, who: str, reason: str = "The landlord gave us one week") -> int:
		with self.as_user(who):
			return overrides.override(doc.name, "G3", reason)

	def test_a_manager_without_a_hand_in_it_lets_it_go_on_and_it_is_counted(self):
		"""Row 0.10: no tokenism: a failed check stops every step, unless a manager answers for it by name."""
		doc = factories.opportunity(days_ahead=7)
		manager = factories.staff(roles.MANAGER)
		with self.as_user(doc.lead), self.assertRaisesRegex(TransitionError, "G3"):
			lifecycle.apply(self.read(doc), "Submit for approval")
		self.assertEqual(self.override(doc, manager), 1)
		kept = next(row for row in self.read(doc).gates if row.gate == "G3")
		self.assertEqual(
			(kept.result, kept.override_by, kept.override_reason),
			("Fail", manager, "The landlord gave us one week"),
		)
		told = {"reference_doctype": doc.doctype, "reference_name": doc.name, "comment_type": "Info"}
		self.assertIn("overrode G3", " ".join(frappe.get_all("Comment", told, pluck="content")))
		for action, who in (
			("Submit for approval", doc.lead),
			("Approve", manager),
			("Publish", factories.staff(roles.COORDINATOR)),
		):
			with self.as_user(who):
				lifecycle.apply(self.read(doc), action)
		doc = self.read(doc)
		self.assertEqual((doc.status, doc.overrides), ("Published", 1))
		with self.as_user(manager), self.assertRaisesRegex(frappe.ValidationError, "stands as it was"):
			overrides.take_back_override(doc.name, "G3")

	def test_who_may_not(self):
		doc = factories.opportunity(days_ahead=7)
		both = factories.user(roles.MANAGER, roles.OWNER)
		own = factories.opportunity(days_ahead=7, author=both)
		for target, who, error in (
			(own, both, StepNotPermitted),
			(doc, doc.lead, frappe.PermissionError),
			(doc, factories.staff(roles.COORDINATOR), frappe.PermissionError),
			(doc, factories.staff(roles.FINANCE_OFFICER), frappe.PermissionError),
		):
			with self.subTest(who), self.assertRaises(error):
				self.override(target, who)
		manager = factories.staff(roles.MANAGER)
		for gate, reason, words in (
			("G3", " ", "Reason: say why"),
			("G3", "x" * 1001, "Reason: at most 1000"),
			("G1", "Why not", "nothing to override"),
			("G99", "Why not", "Gate: choose one"),
		):
			with (
				self.subTest(words),
				self.as_user(manager),
				self.assertRaisesRegex(frappe.ValidationError, words),
			):
				overrides.override(doc.name, gate, reason)
		with self.as_user(manager):
			edited = self.read(doc)
			edited.purpose = "Something of my own"
			edited.save()
		with self.assertRaises(StepNotPermitted):
			self.override(doc, manager)
		self.assertEqual(self.read(doc).overrides, 0)

	def test_it_covers_what_was_read_and_nothing_worse(self):
		doc = factories.opportunity(budget=134)
		manager = factories.staff(roles.MANAGER)
		with self.as_user(manager):
			overrides.override(doc.name, "G4", "The rest is promised")
		with self.as_user(doc.lead):
			edited = self.read(doc)
			edited.purpose = "The same, in other words"
			edited.save()
			self.assertEqual(self.read(doc).overrides, 1)
			edited.budget = 1
			edited.save()
		self.assertEqual([row.override_by for row in self.read(doc).gates if row.gate == "G4"], [None])
		with self.as_user(doc.lead), self.assertRaisesRegex(TransitionError, "G4"):
			lifecycle.apply(self.read(doc), "Submit for approval")

	def test_nobody_writes_one_into_the_table(self):
		doc = factories.opportunity(days_ahead=7)
		with self.as_user(doc.lead):
			forged = self.read(doc)
			for row in forged.gates:
				row.update({"override_by": factories.staff(roles.MANAGER), "override_reason": "Fine"})
			forged.overrides = 1
			forged.save()
		self.assertEqual([row.override_by for row in self.read(doc).gates if row.override_by], [])

	def test_taken_back_it_stops_again(self):
		doc = factories.opportunity(days_ahead=7)
		manager = factories.staff(roles.MANAGER)
		self.override(doc, manager)
		with self.as_user(manager):
			self.assertEqual(overrides.take_back_override(doc.name, "G3"), 0)
		self.assertEqual(len(gates.failures(self.read(doc))), 1)
		self.assertGreater(doc.dates[0].starts_on, frappe.utils.get_datetime(today()))
