"""Finance mode None hides all of it (domain 4.6, hand-over None): by every path, from everybody but Administrator, and
nothing is lost by it."""

import json

import frappe
from frappe import client
from frappe.desk import desktop, query_report, reportview
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
	return [
		*(name for name, file in files.items() if file["module"] == "Involvement Payments"),
		*without_money.ELSEWHERE,
	]


class WithoutMoneyTestCase(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
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
		for doctype in without_money.OFFERS:  # Redis does not roll back with the test
			self.addCleanup(frappe.clear_cache, doctype=doctype)

	def names(self, doctype: str) -> list[str]:
		return frappe.get_all(doctype, pluck="name", limit=3)

	def listed(self, doctype: str, user: str) -> list:
		parent = {"parent_doctype": self.parent_of(doctype)} if self.is_child(doctype) else {}
		with self.as_user(user):
			try:
				return frappe.get_list(doctype, pluck="name", limit=0, **parent)
			except frappe.PermissionError:
				return []

	def open(self, doctype: str, name: str):
		getdoc(doctype, name)
		return frappe.response.pop("docs", None)

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


class TestOffersWithoutMoney(WithoutMoneyTestCase):
	def made_once(self):
		super().made_once()
		place = frappe.get_doc("Involvement Engagement", self.payment.engagement)
		self.offer = frappe.get_doc("Involvement Application", place.application)
		self.place = place
		money = {"offered_amount": 1234.56, "chosen_amount": 1234.56, "charity": "Zebrafinch Trust"}
		for doc in (self.offer, self.place):
			frappe.db.set_value(doc.doctype, doc.name, dict(money, payment_choice="Lower amount"))
		lead = frappe.db.get_value("Involvement Opportunity", place.opportunity, "lead")
		self.readers = [*self.people, lead, self.person.user, factories.user()]

	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.local.form_dict.clear)

	def ways(self, doctype: str, name: str):
		"""Every way to read an offer, one at a time: (its name, what it answers)."""
		fields = [*without_money.OFFERS[doctype], "name"]
		shown = [field for field in fields if field in ("name", "offered_amount")]
		for way, read in (
			("get", lambda: client.get(doctype, name)),
			("get_value", lambda: client.get_value(doctype, "offered_amount", name)),
			("getdoc", lambda: self.open(doctype, name)),
			("get_list", lambda: client.get_list(doctype, fields=shown)),
			("every column", lambda: client.get_list(doctype, fields=["*"])),
			("list", lambda: self.request(reportview.get, doctype, shown)),
			("report builder", lambda: self.request(reportview.get, doctype, shown, view="Report")),
			("export", lambda: self.exported(doctype, shown)),
			("print", lambda: printed_by_the_desk(doctype, name, "Standard")),
			("filter", lambda: self.request(reportview.get, doctype, ["name"], offered_amount=1234.56)),
			("charity", lambda: self.request(reportview.get, doctype, ["name"], charity="Zebrafinch Trust")),
		):
			try:
				yield way, read()
			except (frappe.PermissionError, frappe.ValidationError):
				yield way, None

	def request(self, call, doctype: str, fields: list, **values):
		view = {"view": values.pop("view")} if "view" in values else {}
		filters = json.dumps([[doctype, key, "=", value] for key, value in values.items()])
		frappe.local.request = frappe._dict(method="POST", path="/api/method/x")
		frappe.local.form_dict = frappe._dict(
			doctype=doctype, fields=json.dumps(fields), filters=filters, **view
		)
		try:
			return call()
		finally:
			frappe.local.form_dict = frappe._dict()
			del frappe.local.request

	def exported(self, doctype: str, fields: list):
		frappe.local.form_dict = frappe._dict()
		frappe.response.pop("filecontent", None)

		def export():
			frappe.local.form_dict.file_format_type = "CSV"
			reportview.export_query()
			return frappe.response.pop("filecontent", b"")

		return self.request(export, doctype, fields)

	def tells(self, way: str, answer) -> bool:
		text = answer.decode() if isinstance(answer, bytes) else frappe.as_json(answer)
		if way in ("filter", "charity"):
			return any(doc.name in text for doc in (self.offer, self.place))
		return any(word in text for word in ("1234.56", "1,234.56", "Zebrafinch"))

	def test_an_offer_is_read_by_nobody_in_any_way(self):
		told = set()
		for mode in ("CSV", "None", "CSV"):
			self.mode(mode)
			for doc in (self.offer, self.place):
				for user in self.readers:
					with self.as_user(user):
						for way, answer in self.ways(doc.doctype, doc.name):
							tells = self.tells(way, answer)
							if mode == "CSV":
								told |= {(doc.doctype, way)} if tells else set()
								continue
							with self.subTest(doc.doctype, user=user, way=way):
								self.assertFalse(tells)
			if mode == "CSV":
				# otherwise the lines above would prove nothing; and it is all there again
				self.assertGreater(len(told), 18, told)
				told = set()

	def test_people_are_asked_and_come_all_the_same(self):
		"""What was kept is not lost by a save, and a new place takes no notice of money."""
		self.mode("None")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.get_doc("Involvement Engagement", self.place.name)
			doc.participant_role = "Chair" if doc.participant_role != "Chair" else "Member"
			doc.save()
		kept = frappe.db.get_value("Involvement Engagement", self.place.name, "chosen_amount")
		self.assertEqual(float(kept), 1234.56)
		place = factories.engagement(pay.opportunity(), factories.participant())
		self.assertEqual(place.status, "Confirmed")

	def test_no_workspace_leads_to_a_master_about_money(self):
		for mode, found in (("CSV", True), ("None", False), ("CSV", True)):
			self.mode(mode)
			leads = set()
			for user in (factories.staff(roles.COORDINATOR), factories.user(roles.HR_OFFICER)):
				with self.as_user(user):
					page = desktop.get_desktop_page(
						json.dumps({"name": "Involvement", "title": "Involvement", "public": 1})
					)
				leads |= {link["link_to"] for card in page["cards"]["items"] for link in card["links"]}
			with self.subTest(mode):
				self.assertIn("Involvement Session", leads)
				self.assertEqual(set(without_money.ELSEWHERE) <= leads, found)
				self.assertEqual(bool(set(without_money.ELSEWHERE) & leads), found)


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
