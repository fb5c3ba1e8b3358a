"""What one was paid, a letter about it, and the figures of benefits: in the portal, for the person alone (domain 1.3)."""

import frappe
from frappe.utils import add_days, formatdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import places, promises, series
from involvement_app.involvement_payments import benefit_letters, corrections, statements
from involvement_app.money import money
from involvement_app.periods import tax_year
from involvement_app.portal import words as spoken
from involvement_app.portal.responses import SHEET
from involvement_app.portal.words import day as day_in_words
from involvement_app.portal.words import short_day
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.budgets.counting import counted
from involvement_app.tests.compat import as_user
from involvement_app.tests.portal.visitor import TwoPeople

HERE = "/take-part/my/payments"
HOSTILE = '<b>Night</b> "Shelter" & co'
ODD = "4321.09"


class TestMoneyPages(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.paid = cls.payment_of(cls.me, "Full")
		cls.given = cls.payment_of(cls.me, places.CHARITY)
		cls.coming = cls.payment_of(cls.me, "Lower amount", status="Approved", amount=12.34)
		cls.theirs = cls.payment_of(cls.other, "Full", amount=77.77)
		factories.benefit_threshold(figure=710, title="The work allowance", unit="Pounds a month")
		factories.benefit_threshold(
			figure=204, title="Carer's limit", unit="Pounds a week", source="<i>Act</i>"
		)

	@classmethod
	def payment_of(cls, person, choice: str, status: str = "Paid", amount: float = 30.0) -> str:
		name = pay.checked(person).name
		values = {
			"status": status,
			"docstatus": 1,
			"payment_choice": choice,
			"charity": HOSTILE if choice == places.CHARITY else None,
			"amount": amount,
			"paid_on": today() if status == "Paid" else None,
		}
		frappe.db.set_value(pay.PAYMENT, name, values, update_modified=False)
		return name

	def mode(self, value: str) -> None:
		frappe.db.set_single_value("Involvement Settings", "finance_mode", value)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.refresh()

	def test_an_offer_names_what_its_dates_pay_and_says_so_where_they_change(self):
		opportunity = pay.opportunity(sessions=2, places=3)
		first = frappe.db.get_value(
			"Involvement Session", {"opportunity": opportunity.name}, "name", order_by="starts_on"
		)
		page = f"/take-part/opportunities/{opportunity.name}"
		self.refresh()
		self.assertNotIn("Some dates have changed", self.signed_in().get(page).text())
		as_planned = factories.offer(opportunity, self.other)
		with as_user(factories.staff(roles.COORDINATOR)):
			series.add_after(first, series.WEEKLY, 3, True)
		later = factories.offer(opportunity, self.me)
		self.refresh()
		self.assertIn("Some dates have changed", self.signed_in().get(page).text())
		text = self.offered(later)
		self.assertIn("For your time : £150.00", text)
		self.assertIn("This is what you are paid for each date that you come to:", text)
		self.assertNotIn("Some dates have changed", text)
		self.assertEqual(text.count(": £30.00. You have the money by"), 5)
		self.assertNotIn("It is £15", text)
		earlier = self.offered(as_planned, self.other)
		self.assertIn("For your time : £60.00", earlier)
		self.assertIn("Some dates have changed, or are over, since we offered you this.", earlier)
		self.assertEqual(earlier.count(": £30.00. You have the money by"), 5)
		self.assertIn("All of it, for each date that I come to", earlier)
		self.signed_in().submit(f"/take-part/my/offers/{later.name}", choice="Full")
		place = frappe.get_doc("Involvement Engagement", self.place_of(later))
		self.assertEqual(place.offered_amount, 150)
		text = self.signed_in_to(place)
		self.assertNotIn("Some dates have changed", text)
		self.assertEqual(text.count(": £30.00. You have the money by"), 5)

	def offered(self, application, person=None) -> str:
		return self.signed_in(person).get(f"/take-part/my/offers/{application.name}").text()

	def place_of(self, application) -> str:
		return self.value("Involvement Engagement", {"application": application.name}, "name")

	def test_dates_that_were_added_say_what_each_is_worth_and_when_it_comes(self):
		opportunity = pay.opportunity()
		full = factories.engagement(opportunity, self.me)
		lower = factories.engagement(opportunity, self.other, "Lower amount", 25)
		before = self.signed_in_to(full)
		self.assertIn("You have the money by", before)
		self.assertNotIn("Some dates have changed", before)
		session = frappe.db.get_value("Involvement Session", {"opportunity": opportunity.name})
		with as_user(factories.staff(roles.COORDINATOR)):
			series.add_after(session, series.WEEKLY, 1, True)
		days = frappe.get_all(
			"Involvement Session", {"opportunity": opportunity.name}, pluck="starts_on", order_by="starts_on"
		)
		lines = [
			f"{day_in_words(each)}: £30.00. You have the money by {day_in_words(promises.paid_by(each))}."
			for each in days
		]
		text = self.signed_in_to(full)
		self.assertIn("Some dates have changed, or are over, since we offered you this.", text)
		for line in lines:
			self.assertIn(line, text)
		# of a lower amount, what the first leaves
		text = self.signed_in_to(lower, self.other)
		self.assertIn(lines[0].replace("30.00", "25.00"), text)
		self.assertNotIn(lines[1].split(".")[-2], text)
		told = frappe.get_all(
			"Involvement Message", {"template": "Involvement dates added"}, ["recipient", "body", "subject"]
		)
		said = {row.recipient: row for row in told}
		self.assertIn(
			f"£30.00, by {formatdate(promises.paid_by(days[1]), 'd MMMM yyyy')}", said[self.me.name].body
		)
		self.assertNotIn("£", said[self.me.name].subject)
		self.assertNotIn("£", said[self.other.name].body)

	def signed_in_to(self, place, person=None) -> str:
		self.refresh()
		return self.signed_in(person or self.me).get(f"/take-part/my/places/{place.name}").text()

	def test_what_is_taken_back_stands_among_ones_payments_with_why(self):
		claim = pay.payment_of(pay.approved_claim(person=self.me))
		made = []
		for paid, why in (
			(frappe.get_doc(pay.PAYMENT, self.paid), "Two hours were one"),
			(claim, "Half the fare"),
		):
			frappe.db.set_value(
				pay.PAYMENT, paid.name, {"status": "Paid", "docstatus": 1, "paid_on": today()}
			)
			with as_user(factories.staff(roles.COORDINATOR)):
				made += corrections.propose(paid.name, 1, why, "Phone")
		self.refresh()
		text = self.signed_in().get(HERE).text()
		for words in ("We paid you too much : £1.00", "Two hours were one", "Half the fare", "Your expenses"):
			self.assertIn(words, text)
		text = self.signed_in(self.other).get(HERE).text()
		for words in ("too much", "Two hours were one", "Half the fare"):
			self.assertNotIn(words, text)

	def coming_on_the_pages(self, payment, **days) -> str:
		"""What the pages say of one payment, whose days are these."""
		if days:
			frappe.db.set_value(pay.PAYMENT, payment.name, days, update_modified=False)
		self.refresh()
		visitor = self.signed_in(self.other)
		place = f"/take-part/my/places/{payment.engagement}"
		own, mine = visitor.get(place).text(), visitor.get("/take-part/my").text()
		said = own[own.index("When") :].split("Your choice")[0] if "When" in own else ""
		self.assertIn(said.split(":", 1)[-1].strip(), mine)
		self.assertIn(said.split(":", 1)[-1].strip(), visitor.get(HERE).text())
		return said

	def test_a_day_that_is_over_is_not_promised(self):
		payment = pay.approved(self.other)
		promised, over, later = (add_days(today(), days) for days in (9, -5, 20))
		sorry = "It has taken longer than we promised. We are sorry."
		said = self.coming_on_the_pages(payment, due_on=promised)
		self.assertIn(f"You should have it by {spoken.day(promised)}.", said)
		self.assertNotIn(sorry, said)
		said = self.coming_on_the_pages(payment, due_on=over)
		self.assertIn(f"{sorry} It goes out as soon as we can.", said)
		self.assertNotIn("You should have it by", said)
		# what waits by their own limit comes on the later day
		said = self.coming_on_the_pages(payment, due_on=promised, not_before=later)
		self.assertIn(f"You should have it by {spoken.day(later)}.", said)
		self.assertNotIn(spoken.day(promised), said)

	def test_what_is_in_a_batch_comes_on_its_day(self):
		payment = pay.approved(self.other)
		frappe.db.set_value(pay.PAYMENT, payment.name, "due_on", add_days(today(), -5))
		day = add_days(today(), 3)
		batch = pay.take(pay.batch(payment, on=day), "Lock")
		said = self.coming_on_the_pages(payment)
		self.assertIn(f"You should have it by {spoken.day(day)}. It has taken longer than we promised.", said)
		pay.take(batch, "Authorise", "Export")
		day = add_days(today(), -1)
		said = self.coming_on_the_pages(payment, pay_on=day)
		self.assertIn(f"It was to be there by {spoken.day(day)}. Please tell us if it is not.", said)

	def test_expenses_say_the_same(self):
		claim = pay.approved_claim(person=self.other)
		payment = pay.payment_of(claim)
		frappe.db.set_value(pay.PAYMENT, payment.name, "due_on", add_days(today(), -5))
		self.refresh()
		pages = ("/take-part/my/expenses", f"/take-part/my/expenses/{claim.name}")
		for page in pages:
			text = self.signed_in(self.other).get(page).text()
			self.assertIn("We are sorry. It goes out as soon as we can.", text)
			self.assertNotIn("You should have it by", text)
		day = add_days(today(), 3)
		pay.take(pay.batch(payment, on=day), "Lock")
		self.refresh()
		for page in pages:
			self.assertIn(
				f"You should have it by {spoken.day(day)}.", self.signed_in(self.other).get(page).text()
			)

	def test_a_statement_has_ones_own_money_and_what_was_given_apart(self):
		page = self.signed_in().get(f"{HERE}/statement")
		self.assertEqual(page.status, 200)
		text = page.text()
		self.assertIn(f"What we paid you in {tax_year(today()).label}", text)
		self.assertRegex(text, rf"{short_day(today())}\s+£30.00\s+This month\s+£30.00\s+£0.00")
		self.assertIn(HOSTILE, text)
		self.assertNotIn("77.77", text)
		self.assertNotIn("12.34", text)  # has not come
		found = statements.of_tax_year(self.me.name, today())
		self.assertEqual((found.total(found.paid), found.total(found.given)), (30, 30))
		self.assertEqual([str(month.time) for month in found.months(14)], ["30.00"])
		before = self.signed_in().get(f"{HERE}/statement?year={found.period.start.year - 1}").text()
		self.assertIn("Nothing in this year so far.", before)

	def test_a_statement_says_what_was_paid_before_this_system_once_it_is_approved(self):
		doc = factories.payment_opening_total(self.me)
		self.refresh()
		self.assertNotIn("Before this system", self.signed_in().get(f"{HERE}/statement").text())
		with self.as_user(factories.staff(roles.FINANCE_AUTHORISER)):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Approve")
		self.refresh()
		text = self.signed_in().get(f"{HERE}/statement").text()
		self.assertIn("Before this system: £120.00 for your time in this year.", text)
		self.assertIn("With it you were paid £150.00.", text)
		self.assertIn("Before this system: £30.00 of expenses", text)

	def test_what_goes_to_a_charity_is_not_still_to_come(self):
		self.payment_of(self.me, places.CHARITY, status="Approved", amount=55.55)
		found = statements.of_tax_year(self.me.name, today())
		self.assertEqual([row.amount for row in found.coming], [12.34])

	def test_a_statement_counts_the_days_of_its_year_alone(self):
		"""However much there was in other years."""
		old = self.payment_of(self.me, "Full", amount=99)
		year = tax_year(today())
		frappe.db.set_value(pay.PAYMENT, old, "paid_on", add_days(year.start, -1), update_modified=False)
		now, before = (
			statements.of_tax_year(self.me.name, day) for day in (today(), add_days(year.start, -1))
		)
		self.assertEqual([row.amount for row in before.rows], [99])
		self.assertNotIn(99, [row.amount for row in now.rows])

	def test_a_month_over_the_end_of_a_tax_year_says_the_same_in_both_with_expenses_apart(self):
		"""Domain 1.3 no. 4: somebody whose months begin on the 20th, 20 March to 19 April."""
		person, year = factories.participant(), tax_year(today())
		start = year.start  # 6 April
		days = {5: start.replace(day=5), 6: start, 19: start.replace(day=19), 20: start.replace(day=20)}
		days["before"] = start.replace(month=3, day=19)
		for amount, day in zip((10, 20, 40, 80, 160), days.values(), strict=True):
			name = self.payment_of(person, "Full", amount=amount)
			frappe.db.set_value(pay.PAYMENT, name, "paid_on", day, update_modified=False)
		given = self.payment_of(person, places.CHARITY, amount=500)
		frappe.db.set_value(pay.PAYMENT, given, "paid_on", days[5], update_modified=False)
		claim = pay.approved_claim(person=person)
		values = {"status": "Paid", "docstatus": 1, "paid_on": days[5], "amount": 4.5}
		frappe.db.set_value(pay.PAYMENT, pay.payment_of(claim).name, values, update_modified=False)
		label = f"20 March {start.year} – 19 April {start.year}"
		for day in (days[5], days[6]):
			with self.subTest(str(day)):
				months = {
					month.period.label: month for month in statements.of_tax_year(person.name, day).months(20)
				}
				self.assertEqual((str(months[label].time), str(months[label].expenses)), ("70.00", "4.50"))
				# each payment stands in its month, in the order of the days, what was given away in none
				self.assertEqual([row.amount for row in months[label].rows if not row.claim], [10, 20, 40])
				self.assertEqual([row.amount for row in months[label].rows if row.claim], [4.5])
		before, now = (statements.of_tax_year(person.name, days[day]) for day in (5, 6))
		self.assertEqual({row.amount for row in before.paid}, {160, 10})
		self.assertNotIn(10, [row.amount for row in now.paid])
		self.assertEqual((before.total(before.expenses), now.total(now.expenses)), (money("4.50"), 0))
		self.assertEqual(len(before.months(20)), 2)
		self.assertIn(
			f"20 April {start.year} – 19 May {start.year}", {month.period.label for month in now.months(20)}
		)

	def test_the_letter_is_ones_own_and_a_sheet(self):
		page = self.signed_in().get(f"{HERE}/letter")
		self.assertEqual(page.headers["Content-Security-Policy"], SHEET)
		self.assertEqual(page.headers["Cache-Control"], "no-store")
		text = page.text()
		for words in ("It is not a job", "£30.00", "£12.34, later than planned", "are not in these figures"):
			self.assertIn(words, text)
		self.assertNotIn("77.77", text)
		self.assertNotIn(HOSTILE, text)
		self.assertIn("/sign-in", self.guest.get(f"{HERE}/letter").goes_to or "")

	def test_through_payroll_it_is_not_called_no_job(self):
		frappe.db.set_value(pay.PAYMENT, self.paid, "payment_route", "PAYE", update_modified=False)
		self.refresh()
		try:
			self.assertNotIn("It is not a job", self.signed_in().get(f"{HERE}/letter").text())
		finally:
			frappe.db.set_value(pay.PAYMENT, self.paid, "payment_route", "Gross", update_modified=False)
			self.refresh()

	def test_staff_print_it_where_the_person_asked(self):
		coordinator = factories.staff(roles.COORDINATOR)
		for user in (
			factories.staff(roles.OWNER),
			factories.staff(roles.FINANCE_OFFICER),
			factories.staff(roles.BUDGET_HOLDER),
			factories.user("Sales User"),
			self.other.user,
			"Guest",
		):
			with self.subTest(user), as_user(user), self.assertRaises(frappe.PermissionError):
				benefit_letters.print_for(self.me.name, "Phone")
		with as_user(coordinator):
			with self.assertRaisesRegex(frappe.ValidationError, "How the person asked"):
				benefit_letters.print_for(self.me.name, "")
			benefit_letters.print_for(self.me.name, "Phone")
			self.assertEqual(frappe.response.type, "download")
		frappe.response.clear()
		said = {
			"reference_name": self.me.name,
			"comment_type": "Info",
			"content": ["like", "%letter about payments%"],
		}
		self.assertEqual(frappe.db.count("Comment", said), 1)

	def test_the_figures_are_put_beside_an_amount_and_decide_nothing(self):
		visitor = self.signed_in()
		page = visitor.submit(f"{HERE}/self-check", amount="710", period="Month")
		self.assertEqual(page.status, 200)
		self.assertIn("£710.00 is just this.", page.text())
		for typed, words in (
			("£709.99", "£709.99 is less than this."),
			("710.01", "£710.01 is more than this."),
		):
			self.assertIn(words, visitor.submit(f"{HERE}/self-check", amount=typed, period="Month").text())
		week = visitor.submit(f"{HERE}/self-check", amount="1", period="Week").text()
		self.assertIn("Carer's limit", week)
		self.assertIn("<i>Act</i>", week)
		for fields, words in (
			({"amount": "", "period": "Week"}, "Write an amount above £0.00"),
			({"amount": "x", "period": "Week"}, "Write the amount as a number"),
			({"amount": "5"}, "Choose a week or a month"),
		):
			with self.subTest(words):
				page = visitor.submit(f"{HERE}/self-check", **fields)
				self.assertEqual(page.status, 422)
				self.assertIn(words, page.text())

	def test_what_is_written_there_is_not_kept(self):
		visitor = self.signed_in()
		fields = visitor.get(f"{HERE}/self-check").fields()
		for _warming in range(2):
			visitor.post(f"{HERE}/self-check", {**fields, "amount": "5", "period": "Week"})
		with counted() as statements_sent:
			page = visitor.post(f"{HERE}/self-check", {**fields, "amount": ODD, "period": "Week"})
		self.assertIn("£4,321.09", page.text())
		writes = [sql for sql in statements_sent if not sql.lower().startswith(("select", "set ", "show"))]
		self.assertEqual([sql for sql in writes if "tabSessions" not in sql], [])
		self.assertFalse([sql for sql in statements_sent if "4321" in sql])
		keys = [key for key in frappe.cache.get_keys("") if b"kept" in key]
		self.assertFalse([key for key in keys if ODD.encode() in (frappe.cache.get(key) or b"")])
		# nor for somebody whose session has ended meanwhile
		answer = self.guest.post(f"{HERE}/self-check", {**fields, "amount": ODD, "period": "Week"})
		self.assertNotIn("ended=", answer.goes_to)

	def test_nothing_of_it_is_there_where_no_money_is_paid(self):
		visitor = self.signed_in()
		self.mode("None")
		try:
			for page in ("statement", "letter", "self-check"):
				with self.subTest(page):
					self.assertEqual(visitor.get(f"{HERE}/{page}").status, 404)
			with as_user(factories.staff(roles.COORDINATOR)), self.assertRaises(frappe.ValidationError):
				benefit_letters.print_for(self.me.name, "Phone")
		finally:
			self.mode("CSV")

	def test_it_is_not_for_supporters(self):
		from involvement_app.portal.dispatch import find

		for page in ("statement", "letter", "self-check"):
			route, _values = find(f"/take-part/my/payments/{page}")
			self.assertIsNone(route.seen_by)
			self.assertIsNone(route.done_by)

	def test_a_charity_is_chosen_and_advice_noted(self):
		visitor, name = self.signed_in(), self.new_offer()
		page = f"/take-part/my/offers/{name}"
		refused = visitor.submit(page, choice=places.CHARITY, charity=" ")
		self.assertIn("Write which charity", refused.text())
		refused = visitor.submit(page, choice=places.CHARITY, charity=HOSTILE)
		self.assertEqual(refused.status, 422)
		self.assertIn("without signs", refused.text())
		self.assertEqual(
			visitor.submit(page, choice=places.CHARITY, charity="Night & Day", advice="yes").goes_to,
			"/take-part/my?done=accepted",
		)
		self.refresh()
		place = frappe.get_doc("Involvement Engagement", {"application": name})
		self.assertEqual((place.payment_choice, place.charity), (places.CHARITY, "Night & Day"))
		self.assertTrue(place.advice_read_on)
		text = visitor.get(f"/take-part/my/places/{place.name}").text()
		self.assertIn("Given to a charity", text)

	def test_advice_is_offered_again_where_somebody_may_choose_more(self):
		name = factories.engagement(self.opportunity(), self.other, "Lower amount", 10).name
		self.refresh()
		visitor, page = self.signed_in(self.other), f"/take-part/my/places/{name}"
		text = visitor.get(page).text()
		self.assertIn("Free, independent advice helps you to choose", text)
		self.assertNotIn("your own limit", text)
		visitor.submit(page, choice="Lower amount", amount="12")
		self.refresh()
		self.assertIsNone(frappe.db.get_value("Involvement Engagement", name, "advice_read_on"))
		visitor.submit(page, choice="Full", advice="yes")
		self.refresh()
		place = frappe.get_doc("Involvement Engagement", name)
		self.assertEqual((place.payment_choice, place.advice_given_by), ("Full", None))
		self.assertTrue(place.advice_read_on)
		# all of it is theirs: there is no more to choose
		self.assertNotIn("independent advice", visitor.get(page).text())

	def test_and_says_where_all_of_it_would_pass_ones_own_limit(self):
		person = self.other
		wish = factories.preference(person, own_payment_cap=29, cap_period="Month", cap_month_day=1)
		try:
			name = factories.engagement(self.opportunity(), person, "Lower amount", 10).name
			self.refresh()
			text = self.signed_in(person).get(f"/take-part/my/places/{name}").text()
			self.assertIn("over your own limit of £29.00", text)
			frappe.db.set_value(wish.doctype, wish.name, "own_payment_cap", 10_000)
			self.refresh()
			text = self.signed_in(person).get(f"/take-part/my/places/{name}").text()
			self.assertNotIn("your own limit", text)
		finally:
			frappe.delete_doc(wish.doctype, wish.name, force=True)
			self.refresh()
