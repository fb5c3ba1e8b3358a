"""The whole way, as people go it: from an idea in the desk to money for somebody who took part."""

import csv
import io
import unittest
from decimal import Decimal

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today
from frappe.utils.password import update_password

from involvement_app.lifecycle import retry_on_deadlock
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.chromium import CHROMIUM, URL, launch
from involvement_app.tests.journeys.desk import PASSWORD, Desk, dates_of, keep
from involvement_app.tests.portal.visitor import MADE
from involvement_app.tests.races.connections import RaceTestCase

STAFF = {
	"lead": roles.OWNER,
	"coordinator": roles.COORDINATOR,
	"manager": roles.MANAGER,
	"budget": roles.BUDGET_HOLDER,
	"finance": roles.FINANCE_OFFICER,
	"authoriser": roles.FINANCE_AUTHORISER,
}


@unittest.skipUnless(
	CHROMIUM and URL, "needs a browser and a server: CHROMIUM and INVOLVEMENT_TEST_URL are not set"
)
class TestIdeaToPayment(RaceTestCase):
	made_doctypes = (
		*MADE,
		"Involvement Payment Batch",
		"Involvement Payment Batch Line",
		"File",
		"Notification Log",
	)

	@classmethod
	def arrange(cls):
		factories.empty_hands()
		cls.users = {key: factories.staff(role) for key, role in STAFF.items()}
		cls.person = factories.participant(
			portal=True, preferred_name="Alex", access_note="A break every hour"
		)
		for user in (*cls.users.values(), cls.person.user):
			update_password(user, PASSWORD)
		cls.unit = factories.unit("Journey Hub", budget_holder=cls.users["budget"])
		cls.rate = factories.rate_rule(amount=15)
		factories.role_is_decided("Consultation")

	@classmethod
	def tearDownClass(cls):
		cls.forget_sign_ins()
		super().tearDownClass()

	@classmethod
	@retry_on_deadlock  # the server may be at the same sessions
	def forget_sign_ins(cls):
		for user in (*cls.users.values(), cls.person.user):
			frappe.db.delete("__Auth", {"doctype": "User", "name": user})
			frappe.db.delete("Sessions", {"user": user})

	def test_an_idea_becomes_a_payment(self):
		"""Rows 0.10, 0.13, 0.14: planned and approved, offered with choices, answered by the person, paid."""
		from playwright.sync_api import sync_playwright

		with sync_playwright() as playwright:
			self.browser = launch(playwright)
			opportunity = self.staff_plan_and_publish()
			application = self.person_applies(opportunity)
			self.coordinator_offers(application)
			self.person_accepts_less(application)
			self.session_is_held(opportunity)
			payment = self.budget_holder_approves()
			content = self.finance_pays()
			self.browser.close()
		self.assertPaid(payment, content)

	def at_desk(self, who: str) -> Desk:
		desk = Desk(self.browser, self.users[who])
		self.addCleanup(lambda: self.assertEqual(desk.complaints, [], f"scripts at {who}'s desk"))
		return desk

	def staff_plan_and_publish(self) -> str:
		desk = self.at_desk("lead")
		name = desk.new("Involvement Opportunity", self.idea())
		desk.keep("01-lead-checklist-is-not-complete")
		desk.fill({"budget": 400, "access_statement": "Step-free. Breaks when you like."})
		desk.save()
		desk.workflow("Submit for approval", "Submitted")
		desk.keep("02-lead-submitted")
		desk.close()

		desk = self.at_desk("manager")
		desk.open("Involvement Opportunity", name)
		desk.workflow("Approve", "Approved")
		desk.keep("03-manager-approved")
		desk.close()

		desk = self.at_desk("coordinator")
		desk.page.goto("/app/involvement")
		desk.page.get_by_text("Offers waiting for a reply").wait_for()
		desk.keep("04-coordinator-workspace")
		desk.open("Involvement Opportunity", name)
		desk.workflow("Publish", "Published")
		desk.keep("05-coordinator-published")
		desk.close()
		return name

	def idea(self) -> dict:
		return {
			"title": "A welcome leaflet people want to read",
			"opportunity_type": "Consultation",
			"unit": self.unit,
			"lead": self.users["lead"],
			"level": "Consultation",
			"reason_below_co_design": "There is a draft already.",
			"purpose": "New people say our leaflet is hard to follow.",
			"what_can_change": "Words, pictures and order.",
			"what_cannot_change": "Opening hours.",
			"decision_maker": "The service manager",
			"decision_date": add_days(today(), 90),
			"benefit_to_participants": "Meet people and learn how leaflets are made.",
			"support_contact": "Sam, 01865 555 0100",
			"by_telephone": 1,
			"description": "Read two drafts and say what you think.",
			"dates": dates_of(28),
			"places": 2,
			"lived_experience_places": 2,
			"rate_rule": self.rate,
			"hours": 2,
			"budget": 20,
		}

	def portal(self):
		"""A new window without scripts, signed in as the person."""
		context = self.browser.new_context(
			viewport={"width": 320, "height": 720}, java_script_enabled=False, base_url=URL
		)
		page = context.new_page()
		page.goto("/take-part/sign-in")
		page.get_by_label("E-mail address").fill(self.person.user)
		page.get_by_label("Password", exact=True).fill(PASSWORD)
		page.locator("main").get_by_role("button", name="Sign in").click()
		return page

	def person_applies(self, opportunity: str) -> str:
		page = self.portal()
		page.goto("/take-part/opportunities")
		keep(page, "06-person-opportunities")
		page.get_by_role("link", name="A welcome leaflet people want to read").click()
		keep(page, "07-person-one-opportunity")
		page.locator("main").get_by_role("button", name="Apply").or_(
			page.locator("main").get_by_role("link", name="Apply")
		).first.click()
		page.get_by_label("What would you like to get out of it?").fill(
			"To make it easier for the next person"
		)
		keep(page, "08-person-applies")
		page.get_by_role("button", name="Send my application").click()
		keep(page, "09-person-has-applied")
		page.context.close()
		frappe.db.rollback()  # see what the server has committed
		return frappe.db.get_value(
			"Involvement Application", {"opportunity": opportunity, "participant": self.person.name}
		)

	def coordinator_offers(self, application: str) -> None:
		desk = self.at_desk("coordinator")
		desk.open("Involvement Application", application)
		desk.keep("10-coordinator-application")
		desk.press("Offer a place", "Offered")
		desk.keep("11-coordinator-offered")
		desk.close()

	def person_accepts_less(self, application: str) -> None:
		page = self.portal()
		page.goto("/take-part/my")
		keep(page, "12-person-has-an-offer")
		page.goto(f"/take-part/my/offers/{application}")
		keep(page, "13-person-reads-the-offer")
		page.get_by_label("A lower amount", exact=False).first.check()
		page.locator("input[name=amount]").fill("22.50")
		page.get_by_role("button", name="Yes, I would like to take part").click()
		keep(page, "14-person-has-a-place")
		page.context.close()

	def session_is_held(self, opportunity: str) -> None:
		frappe.db.rollback()  # see what the server has committed
		session = frappe.db.get_value("Involvement Session", {"opportunity": opportunity})
		past = add_to_date(now_datetime().replace(microsecond=0), hours=-3)
		# a month passes
		frappe.db.set_value(
			"Involvement Session", session, {"starts_on": past, "ends_on": add_to_date(past, hours=2)}
		)
		frappe.db.commit()  # the browser's server has to see it
		desk = self.at_desk("coordinator")
		desk.open("Involvement Session", session)
		desk.press("Fill in the people")
		desk.settled("cur_frm.doc.attendance.length === 1")
		desk.page.evaluate(
			"frappe.model.set_value(cur_frm.doc.attendance[0].doctype, cur_frm.doc.attendance[0].name, 'attendance', 'Attended')"
		)
		desk.save()
		desk.keep("15-coordinator-who-took-part")
		desk.press("Record attendance", "Held")
		desk.keep("16-coordinator-held")
		desk.close()

	def budget_holder_approves(self) -> str:
		frappe.db.rollback()  # see what the server has committed
		payment = frappe.db.get_value("Involvement Payment", {"participant": self.person.name})
		desk = self.at_desk("budget")
		desk.page.goto("/app/involvement-payment")
		desk.page.wait_for_selector(".list-row-container, .no-result:visible")
		desk.keep("17-budget-holder-list")
		desk.open("Involvement Payment", payment)
		desk.keep("18-budget-holder-payment")
		desk.press("Approve", "Approved")
		desk.close()
		return payment

	def finance_pays(self) -> str:
		desk = self.at_desk("finance")
		batch = desk.new("Involvement Payment Batch", {"title": "This week", "payment_on": today()})
		desk.press("Add approved payments")
		desk.settled("cur_frm.doc.lines.length > 0")
		desk.keep("19-finance-batch")
		desk.workflow("Lock", "Locked")
		desk.close()

		desk = self.at_desk("authoriser")
		desk.open("Involvement Payment Batch", batch)
		desk.workflow("Authorise", "Authorised")
		desk.keep("20-authoriser-released")
		desk.close()

		desk = self.at_desk("finance")
		desk.open("Involvement Payment Batch", batch)
		desk.workflow("Export", "Exported")
		desk.keep("21-finance-exported")
		method = "/api/method/involvement_app.involvement_payments.batches.download"
		content = desk.context.request.get(f"{method}?batch={batch}").text()
		desk.workflow("Confirm", "Confirmed")
		desk.close()
		page = self.portal()
		page.goto("/take-part/my/payments")
		keep(page, "22-person-is-paid")
		page.context.close()
		return content

	def assertPaid(self, payment: str, content: str) -> None:
		frappe.db.rollback()  # see what the server has committed
		paid = frappe.get_doc("Involvement Payment", payment)
		self.assertEqual((paid.status, paid.amount), ("Paid", 22.5))
		rows = list(csv.reader(io.StringIO(content.lstrip("\ufeff"))))
		column = next(n for n, head in enumerate(rows[0]) if "amount" in head.lower())
		lines, last = rows[1:-1], rows[-1]
		self.assertEqual(sum(Decimal(row[column]) for row in lines), Decimal("22.50"))
		self.assertEqual(Decimal(last[column]), Decimal("22.50"))
