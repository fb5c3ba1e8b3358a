"""Finance mode None hides all of it (domain 4.6, hand-over None): by every path, from everybody but Administrator, and
nothing is lost by it."""

import json

import frappe
from frappe import client
from frappe.desk import query_report, reportview
from frappe.desk.form.load import getdoc
from frappe.desk.search import search_link

from involvement_app import catalogue
from involvement_app.involvement_app.doctype.panel_score.test_attacks import printed_by_the_desk
from involvement_app.involvement_payments import bank_details, without_money
from involvement_app.involvement_privacy import personal_data, sensitive
from involvement_app.portal import routes
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.portal.visitor import TwoPeople

# of the other rooms, what an offer is worth and what a role counts as
ELSEWHERE = ("Payment Rate Rule", "Role Status Determination")
DESK = (
	roles.FINANCE_OFFICER,
	roles.FINANCE_AUTHORISER,
	roles.BUDGET_HOLDER,
	roles.MANAGER,
	roles.COORDINATOR,
	roles.OWNER,
	roles.HR_OFFICER,
	"System Manager",
)


def about_money() -> list[str]:
	"""Every doctype of the payments module, and what other rooms keep about it."""
	files = catalogue.doctypes()
	return [*(name for name, file in files.items() if file["module"] == "Involvement Payments"), *ELSEWHERE]


class WithoutMoneyTestCase(pay.PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.person = factories.participant(portal=True)
		self.detail = factories.participant_bank_detail(self.person)
		self.payment = pay.approved(self.person)
		self.batch = pay.batch(self.payment)
		self.claim = factories.expense_claim(self.person, unit=pay.unit())
		factories.payment_opening_total(self.person)
		factories.ledger_handover(self.batch.name)
		factories.bank_file_layout()
		for make in (
			factories.approval_limit,
			factories.benefit_threshold,
			factories.expense_type,
			factories.mileage_rate,
			factories.rate_rule,
			factories.role_status_determination,
		):
			make()
		self.people = [pay.budget_holder(), pay.officer(), pay.authoriser()]
		self.people += [factories.user(role) for role in DESK]

	def mode(self, mode: str) -> None:
		settings = frappe.get_doc("Involvement Settings")
		settings.finance_mode = mode
		settings.save()

	def names(self, doctype: str) -> list[str]:
		return frappe.get_all(doctype, pluck="name", limit=3)

	def listed(self, doctype: str, user: str) -> list:
		parent = {"parent_doctype": self.parent_of(doctype)} if self.is_child(doctype) else {}
		with self.as_user(user):
			try:
				return frappe.get_list(doctype, pluck="name", limit=0, **parent)
			except frappe.PermissionError:
				return []

	def is_child(self, doctype: str) -> bool:
		return bool(catalogue.doctypes()[doctype].get("istable"))

	def parent_of(self, child: str) -> str:
		return next(
			name
			for name, file in catalogue.doctypes().items()
			if any(field.get("options") == child for field in file["fields"])
		)


class TestWithoutMoney(WithoutMoneyTestCase):
	def test_every_doctype_about_money_is_listed_to_nobody(self):
		"""And all of it is there again when the mode is chosen back."""
		before = {
			(doctype, user): self.listed(doctype, user) for doctype in about_money() for user in self.people
		}
		for doctype in about_money():
			if self.names(doctype):
				with self.subTest(doctype):
					# otherwise the next lines would prove nothing
					self.assertTrue(any(before[(doctype, user)] for user in self.people))
		self.mode("None")
		for doctype, user in before:
			with self.subTest(doctype, user=user):
				self.assertEqual(self.listed(doctype, user), [])
		self.mode("CSV")
		for (doctype, user), rows in before.items():
			with self.subTest(doctype, user=user):
				self.assertEqual(self.listed(doctype, user), rows)

	def test_a_direct_link_the_api_a_report_a_search_and_a_print_show_nothing(self):
		with_rows = [name for name in about_money() if not self.is_child(name) and self.names(name)]
		self.assertEqual(
			set(with_rows), {name for name in about_money() if not self.is_child(name)}, "rows of each"
		)
		shown = 0
		for mode in ("CSV", "None"):
			self.mode(mode)
			for doctype in with_rows:
				for user in self.people:
					with self.as_user(user):
						for way in (
							self.read,
							self.get,
							self.open,
							self.printed,
							self.found,
							self.in_a_report,
						):
							try:
								answer = way(doctype, self.names(doctype)[0])
							except (frappe.PermissionError, frappe.ValidationError):
								answer = None
							shown += bool(answer) and mode == "CSV"
							if mode == "None":
								with self.subTest(doctype, user=user, way=way.__name__):
									self.assertFalse(answer)
		self.assertGreater(shown, 100)

	def read(self, doctype: str, name: str):
		return frappe.has_permission(doctype, "read", name)

	def get(self, doctype: str, name: str):
		return client.get(doctype, name)

	def open(self, doctype: str, name: str):
		getdoc(doctype, name)
		return frappe.response.pop("docs", None)

	def printed(self, doctype: str, name: str):
		return printed_by_the_desk(doctype, name, "Standard")

	def found(self, doctype: str, name: str):
		return search_link(doctype, "")

	def in_a_report(self, doctype: str, name: str):
		frappe.local.form_dict = frappe._dict(doctype=doctype, fields='["name"]')
		answer = reportview.get()
		return answer and answer["values"]

	def test_nobody_makes_or_changes_any_of_it(self):
		self.mode("None")
		for user in self.people:
			for doctype in (
				"Bank File Layout",
				"Approval Limit",
				"Payment Rate Rule",
				"Involvement Payment Batch",
			):
				with self.subTest(doctype, user=user), self.as_user(user):
					doc = frappe.get_doc(doctype, self.names(doctype)[0])
					self.assertRaises(frappe.PermissionError, doc.save)
					new = frappe.get_doc(
						{**doc.as_dict(), "name": None, "docstatus": 0, "amended_from": None}
					)
					self.assertRaises(frappe.PermissionError, new.insert)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(frappe.ValidationError, "No money is paid"):
				bank_details.write_for(self.person.name, "Cash", {}, "Phone")

	def test_no_account_is_opened(self):
		self.mode("None")
		for user in (pay.officer(), pay.authoriser()):
			with self.subTest(user), self.as_user(user):
				self.assertIsNone(sensitive.look_up(self.detail.doctype, self.detail.name, "To pay them"))

	def test_every_report_about_money_is_empty(self):
		files = (catalogue.APP / "involvement_payments" / "report").glob("*/*.json")
		found = [json.loads(file.read_text(encoding="utf-8"))["name"] for file in files]
		self.assertGreater(len(found), 6)
		self.mode("None")
		for report in found:
			for user in self.people:
				with self.subTest(report, user=user), self.as_user(user):
					try:
						answer = query_report.run(report, filters={})
					except frappe.PermissionError:
						continue
					self.assertFalse([row for row in answer["result"] if isinstance(row, dict)])

	def test_what_a_person_may_ask_for_and_what_jobs_look_after_is_there(self):
		"""Erasure, retention and a copy for the person read the tables."""
		person = (self.person.doctype, self.person.name)
		before = personal_data.find(person)
		for doctype in ("Involvement Payment", "Involvement Expense Claim", "Participant Bank Detail"):
			self.assertTrue(before[doctype])
		self.mode("None")
		self.assertTrue(without_money.is_so())
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertEqual(personal_data.find(person), before)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			self.assertEqual(bank_details.take_away_for(self.person.name, "Phone"), 1)


class TestPortalWithoutMoney(TwoPeople):
	def test_no_page_about_money_answers(self):
		"""Not even to the person whose money it was."""
		claim = factories.expense_claim(self.me)
		pages = [
			route.pattern
			for route in routes.ROUTES
			if route.pattern.startswith(("my/payments", "my/expenses")) and route.show
		]
		self.assertGreater(len(pages), 5)
		self.refresh()
		mine = self.signed_in()
		self.assertEqual(mine.get("/take-part/my/payments").status, 200)
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "None")
		self.addCleanup(self.back)
		self.refresh()
		for pattern in pages:
			path = pattern.replace("{name}", claim.name)
			with self.subTest(path):
				self.assertEqual(mine.get(f"/take-part/{path}").status, 404)

	def back(self) -> None:
		frappe.db.set_single_value("Involvement Settings", "finance_mode", "CSV")
		self.refresh()
