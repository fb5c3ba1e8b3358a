"""From applying to being paid, through the application."""

import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import sessions
from involvement_app.money import money
from involvement_app.portal.words import day
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import PortalTestCase


class TestJourney(PortalTestCase):
	# Applying

	def test_from_the_opportunity_to_an_application(self):
		"""Row 0.20: somebody finds an opportunity, signs in on the way, and applies."""
		name = self.opportunity().name
		self.refresh()
		visitor = self.guest
		asked = visitor.get(f"/take-part/opportunities/{name}/apply")
		self.assertEqual(asked.status, 303)
		page = visitor.submit(asked.goes_to, email=self.me.user, password="three plain words")
		self.assertEqual(page.goes_to, f"/take-part/opportunities/{name}/apply")
		sent = visitor.submit(page.goes_to, hopes="Meet people\r\nand learn")
		self.assertEqual((sent.status, sent.goes_to), (303, "/take-part/my?done=applied"))
		row = frappe.get_doc(
			"Involvement Application", self.value("Involvement Application", {"opportunity": name}, "name")
		)
		self.assertEqual((row.status, row.participant, row.recorded_by), ("Applied", self.me.name, None))
		self.assertEqual(row.hopes, "Meet people\nand learn")
		self.assertEqual(row.access_needs, "Short breaks, please\nBreaks: Ten minutes every hour")
		self.assertIn("Thank you. We have your application.", visitor.get(sent.goes_to).text())

	def test_the_access_needs_are_those_we_know_already(self):
		"""Row 0.15: nobody has to say twice what makes it easier for them."""
		page = self.signed_in().get(f"/take-part/opportunities/{self.open.name}/apply")
		self.assertEqual(
			page.fields()["access_needs"], "Short breaks, please\nBreaks: Ten minutes every hour"
		)

	def test_nothing_has_to_be_filled_in(self):
		name = self.opportunity().name
		self.refresh()
		page = self.signed_in().submit(f"/take-part/opportunities/{name}/apply", hopes="", access_needs="")
		self.assertEqual(page.status, 303)

	def test_applying_twice_leads_to_the_application_that_is_there(self):
		visitor = self.signed_in()
		path = f"/take-part/opportunities/{self.asked.name}/apply"
		self.assertEqual(visitor.get(path).goes_to, f"/take-part/my/offers/{self.mine.application}")
		token = visitor.get("/take-part/my/offers/" + self.mine.offer).fields()["csrf_token"]
		page = visitor.post(path, {"csrf_token": token})
		self.assertEqual(page.goes_to, f"/take-part/my/offers/{self.mine.application}")

	def test_too_long_an_answer_is_kept_and_nothing_is_saved(self):
		name = self.opportunity().name
		self.refresh()
		page = self.signed_in().submit(f"/take-part/opportunities/{name}/apply", hopes="word " * 600)
		self.assertEqual(page.status, 422)
		self.assertIn("Please put this right", page.text())
		self.assertIn('href="#hopes"', page.html)
		self.assertEqual(page.fields()["hopes"], ("word " * 600).strip())
		self.assertTrue(page.all("title")[0].text.startswith("Error: "))
		self.assertIsNone(self.value("Involvement Application", {"opportunity": name}))

	def test_after_the_last_day_it_is_closed(self):
		name = self.opportunity().name
		frappe.db.set_value("Involvement Opportunity", name, "apply_by", add_to_date(now_datetime(), days=-1))
		self.refresh()
		visitor = self.signed_in()
		self.assertEqual(visitor.get(f"/take-part/opportunities/{name}/apply").status, 404)
		self.assertEqual(self.guest.get(f"/take-part/opportunities/{name}").status, 404)

	def test_somebody_who_has_paused_is_told_how_to_come_back(self):
		frappe.db.set_value("Involvement Participant", self.me.name, "status", "Paused")
		self.refresh()
		try:
			visitor = self.signed_in()
			path = f"/take-part/opportunities/{self.open.name}/apply"
			self.assertIn("taking a break", visitor.get(path).text())
			token = visitor.get("/take-part/my/offers/" + self.mine.offer).fields()["csrf_token"]
			self.assertEqual(visitor.post(path, {"csrf_token": token}).status, 422)
			self.assertEqual(visitor.get("/take-part/my").status, 200)
		finally:
			frappe.db.set_value("Involvement Participant", self.me.name, "status", "Active")
			self.refresh()

	# Answering an offer

	def test_the_offer_says_how_much_what_for_and_when(self):
		"""domain 1.3, no. 3: amount, what it covers, when paid, and the choices stand in the offer."""
		text = self.signed_in().get(f"/take-part/my/offers/{self.mine.offer}").text()
		paid_by = frappe.utils.formatdate(self.offering.payment_on, "EEEE d MMMM yyyy")
		for needed in (
			"£60.00",
			"£15.00 an hour, for 4 hours",
			paid_by,
			"A lower amount",
			"only my expenses",
			"No payment",
		):
			self.assertIn(needed, text)

	def test_yes_with_a_lower_amount(self):
		name = self.new_offer()
		visitor = self.signed_in()
		page = visitor.submit(f"/take-part/my/offers/{name}", choice="Lower amount", amount="£ 40")
		self.assertEqual(page.goes_to, "/take-part/my?done=accepted")
		self.assertEqual(self.value("Involvement Application", name), "Accepted")
		choice, amount = self.value(
			"Involvement Engagement", {"application": name}, ["payment_choice", "chosen_amount"]
		)
		self.assertEqual((choice, money(amount)), ("Lower amount", money(40)))
		self.assertIn("You have a place.", visitor.get(page.goes_to).text())

	def test_yes_with_each_other_choice(self):
		visitor = self.signed_in()
		for choice in ("Full", "Decline", "Expenses only"):
			with self.subTest(choice):
				name = self.new_offer()
				self.assertEqual(visitor.submit(f"/take-part/my/offers/{name}", choice=choice).status, 303)
				self.assertEqual(
					self.value("Involvement Engagement", {"application": name}, "payment_choice"), choice
				)

	def test_what_is_wrong_is_named_beside_what_was_typed(self):
		name = self.new_offer()
		visitor = self.signed_in()
		for fields, words, field in (
			({}, "Choose how you would like to be paid", "choice"),
			({"choice": "Everything"}, "Choose how you would like to be paid", "choice"),
			({"choice": "Lower amount"}, "Write the amount you would like", "amount"),
			({"choice": "Lower amount", "amount": "some"}, "Write the amount as a number", "amount"),
			({"choice": "Lower amount", "amount": "0"}, "above £0.00 and up to £60.00", "amount"),
			({"choice": "Lower amount", "amount": "-5"}, "above £0.00 and up to £60.00", "amount"),
			({"choice": "Lower amount", "amount": "60.01"}, "above £0.00 and up to £60.00", "amount"),
			({"choice": "Lower amount", "amount": "NaN"}, "Write the amount as a number", "amount"),
		):
			with self.subTest(fields):
				page = visitor.submit(f"/take-part/my/offers/{name}", **fields)
				self.assertEqual(page.status, 422)
				self.assertIn(words, page.text())
				self.assertIn(f'href="#{field}"', page.html)
				self.assertEqual(page.fields()["amount"], fields.get("amount", ""))
		self.assertEqual(self.value("Involvement Application", name), "Offered")

	def test_no_thank_you_needs_two_presses_and_no_reason(self):
		"""Row 0.14: no is one stored state, Not going ahead, and nothing else changes."""
		name = self.new_offer()
		visitor = self.signed_in()
		page = visitor.submit(f"/take-part/my/offers/{name}/no-thank-you")
		self.assertEqual(page.goes_to, "/take-part/my?done=no")
		self.assertEqual(self.value("Involvement Application", name), "Not going ahead")
		told = visitor.get(page.goes_to).text()
		self.assertIn("That is fine.", told)
		self.assertIn("apply again", told)
		self.assertIn("You can apply again", visitor.get(f"/take-part/my/offers/{name}").text())

	def test_opening_a_page_decides_nothing(self):
		"""A mail scanner or a wrong press opens pages; only a form decides."""
		name = self.new_offer()
		visitor = self.signed_in()
		for _twice in range(2):
			visitor.get(f"/take-part/my/offers/{name}")
			visitor.get(f"/take-part/my/offers/{name}/no-thank-you")
		self.assertEqual(self.value("Involvement Application", name), "Offered")

	def test_an_application_can_be_taken_back(self):
		"""Row 0.14."""
		name = factories.application(self.opportunity(), self.me).name
		self.refresh()
		self.assertEqual(self.signed_in().submit(f"/take-part/my/offers/{name}/no-thank-you").status, 303)
		self.assertEqual(self.value("Involvement Application", name), "Not going ahead")

	def test_when_the_last_place_has_gone_one_is_on_the_waiting_list(self):
		opportunity = self.opportunity(places=2)
		mine, first, second = (
			factories.offer(opportunity, person).name
			for person in (self.me, self.other, factories.participant())
		)
		for name in (first, second):
			self.accept_by_phone(name)
		visitor = self.signed_in()
		page = visitor.submit(f"/take-part/my/offers/{mine}", choice="Full")
		self.assertEqual(page.goes_to, "/take-part/my?done=waiting")
		self.assertIn("You are on the waiting list", visitor.get(page.goes_to).text())
		self.assertEqual(self.value("Involvement Application", mine), "Waiting list")

	def test_a_late_answer_is_refused_with_what_to_do(self):
		name = self.new_offer()
		visitor = self.signed_in()
		fields = {**visitor.get(f"/take-part/my/offers/{name}").fields(), "choice": "Full"}
		frappe.db.set_value(
			"Involvement Application", name, "reply_by", add_to_date(now_datetime(), minutes=-1)
		)
		self.refresh()
		page = visitor.post(f"/take-part/my/offers/{name}", fields)
		self.assertEqual(page.status, 422)
		self.assertIn("Ask us: perhaps we can offer it again", page.text())
		self.assertEqual(self.value("Involvement Application", name), "Offered")

	def test_answering_twice_changes_nothing_more(self):
		name = self.new_offer()
		visitor = self.signed_in()
		fields = {**visitor.get(f"/take-part/my/offers/{name}").fields(), "choice": "Full"}
		visitor.post(f"/take-part/my/offers/{name}", fields)
		page = visitor.post(f"/take-part/my/offers/{name}", {**fields, "choice": "Decline"})
		self.assertEqual(page.status, 422)
		self.assertEqual(
			self.value("Involvement Engagement", {"application": name}, "payment_choice"), "Full"
		)
		self.refresh()
		self.assertEqual(frappe.db.count("Involvement Engagement", {"application": name}), 1)

	def test_kind_words_are_shown(self):
		name = factories.application(self.opportunity(), self.me).name
		frappe.db.set_value(
			"Involvement Application",
			name,
			{"status": "Not selected", "kind_words": "We chose by drawing lots."},
		)
		self.refresh()
		self.assertIn(
			"We chose by drawing lots.", self.signed_in().get(f"/take-part/my/offers/{name}").text()
		)

	# Having a place

	def test_the_choice_about_payment_can_change(self):
		"""domain 1.3, no. 3: changeable until it is paid."""
		name = self.new_place()
		visitor = self.signed_in()
		page = visitor.submit(f"/take-part/my/places/{name}", choice="Lower amount", amount="12.50")
		self.assertEqual(page.goes_to, f"/take-part/my/places/{name}?done=choice")
		shown = visitor.get(page.goes_to)
		self.assertIn("Your choice about payment is saved.", shown.text())
		self.assertIn("A lower amount: £12.50", shown.text())
		self.assertEqual(shown.fields()["choice"], "Lower amount")
		self.assertEqual(shown.fields()["amount"], "12.50")

	def test_leaving_needs_no_reason_and_frees_the_place(self):
		"""Row 0.14."""
		opportunity = self.opportunity()
		name = factories.engagement(opportunity, self.me).name
		self.refresh()
		page = self.signed_in().submit(f"/take-part/my/places/{name}/leave")
		self.assertEqual(page.goes_to, "/take-part/my?done=left")
		self.assertEqual(self.value("Involvement Engagement", name), "Ended early")
		self.assertEqual(self.value("Involvement Opportunity", opportunity.name, "places_confirmed"), 0)

	def test_a_place_one_has_left_offers_nothing_to_press(self):
		name = self.new_place()
		visitor = self.signed_in()
		visitor.submit(f"/take-part/my/places/{name}/leave")
		self.assertEqual(visitor.get(f"/take-part/my/places/{name}").forms(), [])
		self.assertEqual(visitor.get(f"/take-part/my/places/{name}/leave").status, 303)

	def test_coming_sessions_stand_on_ones_page(self):
		opportunity = self.opportunity(sessions=1, days_ahead=40)
		factories.engagement(opportunity, self.me)
		link = "https://meet.example.org/room"
		frappe.db.set_value("Involvement Session", {"opportunity": opportunity.name}, "online_link", link)
		self.refresh()
		page = self.signed_in().get("/take-part/my")
		self.assertIn(opportunity.title, page.text())
		self.assertIn(link, page.html)
		self.assertNotIn(link, self.guest.get(f"/take-part/opportunities/{opportunity.name}").html)

	def test_a_date_called_off_stands_on_the_place_and_nowhere_else(self):
		opportunity = self.opportunity(sessions=2, days_ahead=40)
		mine, unpaid = (
			factories.engagement(opportunity, person, choice)
			for person, choice in ((self.me, "Full"), (self.other, "Decline"))
		)
		last = frappe.get_all(
			"Involvement Session",
			{"opportunity": opportunity.name},
			["name", "starts_on"],
			order_by="starts_on",
		)[1]
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sessions.cancel(last.name, sessions.PAID)
		self.refresh()
		when = day(last.starts_on)
		page = self.signed_in().get(f"/take-part/my/places/{mine.name}")
		for said in (when, "Called off", "You are paid for it all the same."):
			self.assertIn(said, page.text())
		theirs = self.signed_in(self.other).get(f"/take-part/my/places/{unpaid.name}").text()
		self.assertIn("Called off", theirs)
		self.assertNotIn("all the same", theirs)
		self.may_be_paid("Expenses only")
		self.addCleanup(self.may_be_paid, self.me.payment_eligibility)
		mine_now = self.signed_in().get(f"/take-part/my/places/{mine.name}").text()
		self.assertIn("Called off", mine_now)
		self.assertNotIn("all the same", mine_now)
		self.assertNotIn(when, self.guest.get(f"/take-part/opportunities/{opportunity.name}").text())

	def may_be_paid(self, outcome):
		frappe.db.set_value("Involvement Participant", self.me.name, "payment_eligibility", outcome)
		self.refresh()

	def test_an_opportunity_one_has_applied_for_stays_readable(self):
		opportunity = self.opportunity()
		factories.application(opportunity, self.me)
		with lifecycle.as_job():
			lifecycle.apply(
				frappe.get_doc("Involvement Opportunity", opportunity.name), "Close to applications"
			)
		self.refresh()
		page = self.signed_in().get(f"/take-part/opportunities/{opportunity.name}")
		self.assertEqual(page.status, 200)
		self.assertEqual(self.signed_in(self.other).get(page.path).status, 404)
