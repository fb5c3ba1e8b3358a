"""A date that is called off or moved: who hears of it, in which words, and what becomes of the payment."""

import frappe
from frappe.utils import add_days, add_to_date, get_datetime, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places, series, sessions
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

SESSION = "Involvement Session"


class DateTestCase(pay.PaymentTestCase):
	"""Two dates; Ann takes the money, Bob hears by post and takes none, Cem has an offer, Dee has left."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.opportunity = pay.opportunity(sessions=2, places=6)
		cls.ann, cls.cem, cls.dee = (factories.participant() for _each in range(3))
		cls.bob = factories.participant(preferred_channel="Post")
		cls.place = factories.engagement(cls.opportunity, cls.ann)
		cls.unpaid = factories.engagement(cls.opportunity, cls.bob, "Decline")
		cls.offered = factories.offer(cls.opportunity, cls.cem)
		left = factories.engagement(cls.opportunity, cls.dee)
		with pay.as_user(factories.staff(roles.COORDINATOR)):
			places.leave(left.name, "Phone")

	def setUp(self):
		super().setUp()
		self.first, self.second = frappe.get_all(
			SESSION, {"opportunity": self.opportunity.name}, pluck="name", order_by="starts_on"
		)

	def as_coordinator(self):
		return self.as_user(factories.staff(roles.COORDINATOR))

	def cancel(self, *args, **kw):
		with self.as_coordinator():
			sessions.cancel(self.first, *args, **kw)

	def move(self, days: int = 7, **values):
		doc = frappe.get_doc(SESSION, self.first)
		times = {
			"starts_on": str(add_days(doc.starts_on, days)),
			"ends_on": str(add_days(doc.ends_on, days)),
			"place": doc.place,
			"online_link": doc.online_link,
		}
		with self.as_coordinator():
			sessions.move(self.first, **{**times, **values})
		return doc

	def heard(self, template: str) -> dict[str, frappe._dict]:
		rows = frappe.get_all(
			"Involvement Message",
			{"template": template, "reference_name": self.first},
			["recipient", "channel", "subject", "body", "short_text"],
		)
		for row in rows:
			self.assertFalse(telling(row.subject), row.subject)
			self.assertFalse(telling(row.short_text.split("http")[0]), row.short_text)
		return {row.recipient: row for row in rows}


class TestCalledOff(DateTestCase):
	def test_everybody_with_a_place_or_an_offer_hears_it_in_their_own_way(self):
		"""Row 0.10: a date that is called off is told at once, with what becomes of the payment."""
		with self.as_coordinator():
			who = sessions.who_hears(self.first)
		self.assertEqual(who, {"places": 2, "offers": 1, "paid": 1, "by_hand": 1, "last": False})
		self.cancel("Not paid", "The room is <flooded>.")
		heard = self.heard("Involvement date called off")
		self.assertEqual(set(heard), {self.ann.name, self.bob.name, self.cem.name})
		self.assertEqual(heard[self.bob.name].channel, "Post")
		for row in heard.values():
			self.assertIn("The room is &lt;flooded&gt;.", row.body)
		self.assertIn("There is no payment for this date", heard[self.ann.name].body)
		for nobody_promised in (self.bob, self.cem):
			self.assertNotIn("payment", heard[nobody_promised.name].body)
		self.assertEqual(pay.payments(self.place), [])

	def test_paid_anyway_makes_the_payments_of_those_who_have_a_place(self):
		with self.as_coordinator():  # Dee had a row before she left, and Ann's was filled in beforehand
			frappe.get_doc(SESSION, self.first).fill_attendance()
		self.cancel(sessions.PAID)
		self.assertIn("all the same", self.heard("Involvement date called off")[self.ann.name].body)
		(payment,) = pay.payments(session=self.first)
		self.assertEqual((payment.participant, payment.amount), (self.ann.name, 30))

	def test_left_open_it_waits_to_be_decided_and_is_told_again(self):
		with self.as_coordinator():
			with self.assertRaisesRegex(frappe.ValidationError, "Payment: choose"):
				sessions.cancel(self.first)
			# by another way than the dialog nothing is decided for anybody
			lifecycle.apply(frappe.get_doc(SESSION, self.first), "Cancel session")
		self.assertIn("not decided yet", self.heard("Involvement date called off")[self.ann.name].body)
		self.assertEqual(pay.payments(self.place), [])
		with self.as_coordinator():
			sessions.decide_payment(self.first, "Not paid")
			sessions.decide_payment(self.first, sessions.PAID)
			for taken_back in ("Not paid", "Decided later"):
				with self.assertRaises(frappe.ValidationError):
					sessions.decide_payment(self.first, taken_back)
		self.assertEqual(set(self.heard("Involvement date payment")), {self.ann.name})
		self.assertEqual([row.amount for row in pay.payments(self.place)], [30])

	def test_nobody_decides_about_their_own(self):
		user = factories.another(roles.COORDINATOR)
		frappe.db.set_value("Involvement Participant", self.ann.name, "user", user)
		with self.as_user(user), self.assertRaisesRegex(frappe.ValidationError, "a colleague decides"):
			sessions.cancel(self.first, sessions.PAID)

	def test_who_may_not_change_it_learns_nothing_and_changes_nothing(self):
		with self.as_user(factories.another(roles.OWNER)):
			for ask in (
				lambda: sessions.who_hears(self.first),
				lambda: sessions.cancel(self.first, "Not paid"),
				lambda: sessions.decide_payment(self.first, "Not paid"),
				lambda: sessions.move(self.first, "2030-01-01 10:00", "2030-01-01 12:00"),
			):
				with self.assertRaises(frappe.PermissionError):
					ask()

	def test_a_forged_decision_is_put_back(self):
		with self.as_coordinator():
			doc = frappe.get_doc(SESSION, self.first)
			doc.cancelled_payment = sessions.PAID
			doc.save()
		self.assertFalse(frappe.db.get_value(SESSION, self.first, "cancelled_payment"))

	def test_a_yes_after_the_last_date_is_gone_is_answered_clearly(self):
		self.cancel("Not paid")
		with self.as_coordinator():
			sessions.cancel(self.second, "Not paid")
			with self.assertRaisesRegex(places.NoDateLeft, "no date any more"):
				places.accept(self.offered.name, recorded_how="Phone")
		self.assertEqual(
			frappe.db.get_value("Involvement Application", self.offered.name, "status"), "Offered"
		)


class TestMoved(DateTestCase):
	def test_old_and_new_time_are_told_whatever_moved_it(self):
		"""Row 0.15: people hear in time, in their way, when a date or a room changes."""
		stood = self.move(place="The New Library", words="The lift is broken.")
		heard = self.heard("Involvement date moved")
		self.assertEqual(set(heard), {self.ann.name, self.bob.name, self.cem.name})
		for said in (
			sessions._when(stood),
			"The Old Library",
			sessions._when(frappe.get_doc(SESSION, self.first)),
			"The New Library",
			"The lift is broken.",
		):
			self.assertIn(said, heard[self.ann.name].body)
		frappe.db.delete("Involvement Message", {"reference_name": self.first})
		with self.as_coordinator():
			doc = frappe.get_doc(SESSION, self.first)
			doc.save()
			self.assertEqual(self.heard("Involvement date moved"), {})
			doc.online_link = "https://meet.example.org/new"
			doc.save()
		heard = self.heard("Involvement date moved")
		self.assertEqual(set(heard), {self.ann.name, self.bob.name})  # a link is for those with a place
		self.assertIn("new link", heard[self.ann.name].body)
		self.assertNotIn("meet.example.org", heard[self.ann.name].body)

	def test_bad_times_are_named_and_nobody_is_told(self):
		yesterday = str(add_to_date(now_datetime(), days=-1))
		for values, named in (
			({"starts_on": yesterday}, "Starts on"),
			({"starts_on": "next week"}, "Starts on"),
			({"ends_on": yesterday}, "Ends on"),
			({"ends_on": ""}, "Ends on"),
		):
			with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, named):
				self.move(**values)
		with self.assertRaisesRegex(frappe.ValidationError, "Nothing is different"):
			self.move(days=0)
		self.cancel("Not paid")
		with self.assertRaisesRegex(frappe.ValidationError, "cannot be moved"):
			self.move()
		self.assertEqual(self.heard("Involvement date moved"), {})

	def test_times_put_right_afterwards_are_no_news(self):
		past = get_datetime(add_to_date(now_datetime(), days=-2))
		frappe.db.set_value(SESSION, self.first, {"starts_on": past, "ends_on": add_to_date(past, hours=2)})
		with self.as_coordinator():
			doc = frappe.get_doc(SESSION, self.first)
			doc.ends_on = add_to_date(past, hours=3)
			doc.save()
		self.assertEqual(self.heard("Involvement date moved"), {})


class TestAddedDate(DateTestCase):
	def test_what_is_over_gets_no_further_date_and_says_what_to_do_instead(self):
		values = {"opportunity": self.opportunity.name, "lead": self.opportunity.lead}
		times = {
			"starts_on": add_days(now_datetime(), 40),
			"ends_on": add_to_date(now_datetime(), days=40, hours=1),
		}
		with self.as_coordinator():
			frappe.get_doc(doctype=SESSION, **values, **times).insert()  # it is not over
		for over in ("Completed", "Cancelled"):
			frappe.db.set_value("Involvement Opportunity", self.opportunity.name, "status", over)
			with (
				self.subTest(over),
				self.as_coordinator(),
				self.assertRaises(frappe.ValidationError) as refused,
			):
				frappe.get_doc(doctype=SESSION, **values, **times).insert()
			self.assertIn("Plan it again", str(refused.exception))

	def test_who_has_something_else_then_is_told_so_and_staff_whom_to_ask(self):
		"""Row 0.15: nobody finds out on the day that they are promised to two things at once."""
		other = factories.opportunity("Published", days_ahead=40)
		factories.engagement(other, self.ann)
		date = frappe.get_doc(SESSION, {"opportunity": other.name})
		for hours, words in ((1, "at the same time"), (5, "on the same day")):
			with self.subTest(words):
				frappe.db.delete("Involvement Message", {"reference_name": self.first})
				frappe.clear_messages()
				start = add_to_date(date.starts_on, hours=hours)
				self.move(starts_on=str(start), ends_on=str(add_to_date(start, hours=2)))
				heard = self.heard("Involvement date moved")
				self.assertIn(f"You have something else {words}", heard[self.ann.name].body)
				self.assertNotIn(other.title, heard[self.ann.name].body)
				self.assertNotIn("something else", heard[self.bob.name].body)
				said = str(frappe.get_message_log())
				self.assertIn(self.ann.preferred_name, said)
				self.assertNotIn(self.bob.preferred_name, said)

	def test_a_date_that_comes_earlier_brings_the_reply_by_of_offers_forward(self):
		for planned in (self.first, self.second):
			frappe.db.set_value(SESSION, planned, "status", "Planned")
		start = add_days(now_datetime().replace(hour=10, minute=0, second=0, microsecond=0), 3)
		frappe.db.set_value(
			"Involvement Application", self.offered.name, "reply_by", add_days(now_datetime(), 6)
		)
		self.move(starts_on=str(start), ends_on=str(add_to_date(start, hours=2)))
		reply_by = get_datetime(frappe.db.get_value("Involvement Application", self.offered.name, "reply_by"))
		self.assertEqual(reply_by.date(), add_days(start, -1).date())
		heard = self.heard("Involvement date moved")
		self.assertIn("please answer our offer by", heard[self.cem.name].body)
		self.assertNotIn("answer our offer", heard[self.ann.name].body)
		# later again: what was promised then stays
		frappe.db.delete("Involvement Message", {"reference_name": self.first})
		self.move(days=20)
		self.assertEqual(
			get_datetime(frappe.db.get_value("Involvement Application", self.offered.name, "reply_by")),
			reply_by,
		)
		self.assertNotIn("answer our offer", self.heard("Involvement date moved")[self.cem.name].body)

	def test_the_last_date_called_off_ends_what_is_offered_today(self):
		frappe.db.set_value(
			"Involvement Application", self.offered.name, "reply_by", add_days(now_datetime(), 6)
		)
		with self.as_coordinator():
			sessions.cancel(self.second, "Not paid")
		self.cancel("Not paid")
		reply_by = frappe.db.get_value("Involvement Application", self.offered.name, "reply_by")
		self.assertEqual(get_datetime(reply_by).date(), now_datetime().date())
		self.assertIn("now ends on", self.heard("Involvement date called off")[self.cem.name].body)


class TestFurtherDates(DateTestCase):
	def further(self, **values) -> dict:
		asked = {"rhythm": series.WEEKLY, "how_many": 3, **values}
		with self.as_coordinator():
			return series.preview_after(self.second, **asked)

	def test_they_are_looked_at_made_and_told_in_one_message(self):
		"""Row 0.10: a series from the form of a date, with bank holidays left out or kept."""
		stood = frappe.get_doc(SESSION, self.second)
		proposed = self.further()["dates"]
		self.assertEqual(frappe.db.count(SESSION, {"opportunity": self.opportunity.name}), 2)
		self.assertEqual(get_datetime(proposed[0]["starts_on"]).weekday(), stood.starts_on.weekday())
		self.assertEqual(get_datetime(proposed[0]["starts_on"]).time(), stood.starts_on.time())
		with self.as_coordinator():
			done = series.add_after(self.second, series.WEEKLY, 3, words="As you <wished>.")
		self.assertEqual(done, {"made": 3, "told": 3})
		made = frappe.get_all(
			SESSION,
			{"opportunity": self.opportunity.name, "name": ["not in", [self.first, self.second]]},
			["name", "starts_on", "place", "status"],
			order_by="starts_on",
		)
		self.assertEqual([str(row.starts_on) for row in made], [row["starts_on"] for row in proposed])
		self.assertEqual({(row.place, row.status) for row in made}, {(stood.place, "Planned")})
		told = frappe.get_all("Involvement Message", {"template": "Involvement dates added"}, ["*"])
		told = [row for row in told if row.reference_name == made[0].name]
		self.assertEqual({row.recipient for row in told}, {self.ann.name, self.bob.name, self.cem.name})
		for row in told:
			self.assertFalse(telling(row.subject), row.subject)
			self.assertIn("has 3 more dates", row.body)
			self.assertIn("As you &lt;wished&gt;.", row.body)
			for each in made:
				self.assertIn(sessions._when(frappe.get_doc(SESSION, each.name)), row.body)

	def test_days_that_have_one_and_bank_holidays_are_left_out_and_said(self):
		first = self.further(how_many=1)["dates"][0]
		with self.as_coordinator():
			series.add_after(self.second, series.WEEKLY, 1)
		found = self.further(how_many=1)
		self.assertEqual(found["there"], [first["starts_on"][:10]])
		self.assertNotEqual(found["dates"][0]["starts_on"], first["starts_on"])
		frappe.db.set_value(
			SESSION, self.second, {"starts_on": "2027-04-26 10:00", "ends_on": "2027-04-26 12:00"}
		)
		frappe.db.set_single_value("Involvement Settings", "bank_holidays", "England and Wales")
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.assertIn("2027-05-03", self.further()["left_out"])
		self.assertEqual(self.further(bank_holidays=True)["dates"][0]["starts_on"], "2027-05-03 10:00:00")

	def test_who_may_not_plan_and_bad_input_make_nothing(self):
		for user in (factories.user("Sales User"), factories.staff(roles.FINANCE_OFFICER), "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				series.add_after(self.second, series.WEEKLY, 1)
		for values in ({"rhythm": "Every full moon"}, {"how_many": 0}, {"how_many": 10_000}):
			with self.subTest(values), self.assertRaises(frappe.ValidationError):
				self.further(**values)
		self.cancel("Not paid")
		with self.as_coordinator(), self.assertRaisesRegex(frappe.ValidationError, "still to come"):
			series.add_after(self.first, series.WEEKLY, 1)
		self.assertEqual(frappe.db.count(SESSION, {"opportunity": self.opportunity.name}), 2)


class TestReminder(DateTestCase):
	def soon(self, hours: int = 40, **values):
		start = add_to_date(now_datetime(), hours=hours)
		frappe.db.set_value(
			SESSION, self.first, {"starts_on": start, "ends_on": add_to_date(start, hours=2), **values}
		)
		sessions.remind()
		return self.heard("Involvement date soon")

	def test_two_days_before_everybody_with_a_place_is_reminded_once_in_neutral_words(self):
		factories.access_requirement(self.ann)
		self.assertEqual(self.soon(hours=60), {})
		heard = self.soon()
		self.assertEqual(
			set(heard), {self.ann.name, self.bob.name}, "an offer is no place, who left hears nothing"
		)
		self.assertEqual(heard[self.bob.name].channel, "Post")
		self.assertIn("what you told us you need", heard[self.ann.name].body)
		self.assertNotIn("what you told us you need", heard[self.bob.name].body)
		sessions.remind()
		told = {"template": "Involvement date soon", "reference_name": self.first}
		self.assertEqual(frappe.db.count("Involvement Message", told), 2)

	def test_not_of_what_is_called_off_or_over_and_anew_of_what_was_moved(self):
		self.assertEqual(self.soon(status="Cancelled"), {})
		self.assertEqual(self.soon(hours=-3, status="Planned"), {})
		self.assertEqual(len(self.soon()), 2)
		frappe.db.delete("Involvement Message", {"reference_name": self.first})
		self.move(days=10)
		sessions.remind()
		self.assertEqual(self.heard("Involvement date soon"), {})
		self.assertEqual(len(self.soon()), 2)
