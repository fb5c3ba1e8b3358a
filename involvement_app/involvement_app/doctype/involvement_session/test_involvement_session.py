"""A date that is called off or moved: who hears of it, in which words, and what becomes of the payment."""

import frappe
from frappe.utils import add_days, add_to_date, get_datetime, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_app import places, sessions
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
