"""Somebody acts for a person, as far and as long as the person says (domain 4.7 Supporter or proxy; 4.0 no. 10)."""

from collections import defaultdict

import frappe
from frappe.utils import add_days, today

from involvement_app.involvement_app import consents, supporters
from involvement_app.involvement_privacy import consent
from involvement_app.messages.neutral import telling
from involvement_app.portal.routes import ROUTES
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

ACTING = "/take-part/acting"
HERE = "/take-part/my/supporters"
SUPPORTER = "Participant Supporter"
SAID = (
	"They applied for something for you.",
	"They answered an offer for you.",
	"They wrote down what you would like.",
)


class TestSupporters(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.open, asked, offering, running = (cls.opportunity() for _each in range(4))
		cls.mine, cls.theirs = (
			frappe._dict(
				application=factories.application(asked, person).name,
				offer=factories.offer(offering, person).name,
				place=factories.engagement(running, person).name,
			)
			for person in (cls.me, cls.other)
		)

	"""`other` takes part too, and acts for `me`."""

	def setUp(self):
		super().setUp()
		self.row = factories.supporter(self.me, self.other.user)
		self.refresh()

	def tearDown(self):
		frappe.db.rollback()
		frappe.db.delete(SUPPORTER)
		self.refresh()
		super().tearDown()

	def acting(self):
		visitor = self.signed_in(self.other)
		page = self.switch(visitor, self.row.name)
		self.assertEqual(page.goes_to, "/take-part/my")
		return visitor

	def switch(self, visitor, name: str):
		token = (
			visitor.get("/take-part/opportunities").html.split('name="csrf_token" value="')[1].split('"')[0]
		)
		return visitor.post(ACTING, {"csrf_token": token, "name": name})

	def end(self, **values):
		frappe.db.set_value(SUPPORTER, self.row.name, values)
		self.refresh()

	def test_what_a_supporter_does_is_theirs_and_never_shown_as_the_persons(self):
		"""Row 4.11: nobody is left out because they cannot do it alone; domain 4.0 no. 10: the true actor is written."""
		visitor = self.acting()
		self.assertIn(f"You are acting for {self.me.preferred_name}", visitor.get("/take-part/my").html)
		self.assertNotIn("Payments", visitor.get("/take-part/my").text())
		visitor.submit(f"/take-part/opportunities/{self.open.name}/apply", hopes="She would like to be heard")
		visitor.submit(f"/take-part/my/offers/{self.mine.offer}/no-thank-you")
		visitor.submit("/take-part/my/preferences", topics_wanted="Gardens")
		self.refresh()
		applied = frappe.get_doc(
			"Involvement Application", {"opportunity": self.open.name, "participant": self.me.name}
		)
		said_no = frappe.get_doc("Involvement Application", self.mine.offer)
		wishes = frappe.get_doc("Involvement Preference", {"participant": self.me.name})
		self.assertEqual((applied.recorded_by, applied.recorded_how), (self.other.user, "Supporter"))
		self.assertEqual((said_no.status, said_no.recorded_by), ("Not going ahead", self.other.user))
		self.assertEqual((wishes.recorded_by, wishes.told_how), (self.other.user, "Supporter"))
		self.assertFalse(frappe.db.exists("Involvement Preference", {"participant": self.other.name}))
		self.told_of_each()
		# what is of another person, or their own, is not there while they act
		for page in (self.theirs.application, self.theirs.offer):
			self.assertEqual(visitor.get(f"/take-part/my/offers/{page}").status, 404)
		self.assertEqual(self.switch(visitor, "").status, 303)
		self.assertEqual(visitor.get(f"/take-part/my/offers/{self.theirs.application}").status, 200)
		self.assertEqual(visitor.get(f"/take-part/my/offers/{self.mine.application}").status, 404)

	def test_what_is_promised_to_the_person_alone_is_not_told_to_who_acts(self):
		alone = factories.feedback_obligation(participant=self.me, promised="What the two of us spoke about")
		self.addCleanup(frappe.db.delete, alone.doctype, {"name": alone.name})
		self.refresh()
		path = "/take-part/my/feedback"
		self.assertIn(alone.promised, self.signed_in().get(path).html)
		self.assertNotIn(alone.promised, self.acting().get(path).html)

	def told_of_each(self):
		"""All of it on the person's page, the newest first; a message for the first of a day, in neutral words."""
		page = self.signed_in().get(HERE).text()
		said = [page.find(words) for words in (*reversed(SAID), "Until")]
		self.assertNotIn(-1, said)
		self.assertEqual(said, sorted(said))
		(message,) = frappe.get_all(
			"Involvement Message",
			{"template": "Involvement done for you", "recipient": self.me.name},
			["subject", "body", "short_text", "owed"],
		)
		self.assertIn(SAID[0], message.body)
		self.assertEqual(
			(telling(message.subject), telling(message.short_text), message.owed), (None, None, 1)
		)
		self.assertNotIn(self.open.title, message.subject + message.body)
		doc = frappe.get_doc(SUPPORTER, self.row.name)
		doc.acts, doc.recorded_how = [], "Phone"
		with (
			self.assertRaises(frappe.TimestampMismatchError),
			self.as_user(factories.staff(roles.COORDINATOR)),
		):
			self.row.update({"acts": [], "recorded_how": "Phone"}).save()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc.save()
		self.assertEqual(len(frappe.get_doc(SUPPORTER, self.row.name).acts), 3, "nobody takes a line away")

	def test_what_supporters_may_do_is_told_without_exception(self):
		for route in ROUTES:
			with self.subTest(route.pattern):
				self.assertEqual(bool(route.told), bool(route.submit and route.done_by))
				self.assertTrue(not route.told or route.told in supporters.did())
		options = frappe.get_meta("Participant Supporter Act").get_field("what").options.split("\n")
		self.assertEqual(options, list(supporters.did()))

	def test_every_other_page_is_refused(self):
		"""Deny by default: a page, also one that somebody adds later, is the person's own unless it says otherwise."""
		visitor = self.acting()
		token = visitor.get("/take-part/my/preferences").fields()
		before = self.rows()
		names = defaultdict(lambda: "one", name=self.mine.place)
		refused = []
		for route in ROUTES:
			if not route.participants_only or route.for_supporters:
				continue
			path = "/take-part/" + route.pattern.format_map(names)
			if route.show and not (route.seen_by or route.done_by):
				self.assertEqual(visitor.get(path).status, 403, path)
				refused.append(route.pattern)
			if route.submit and not route.done_by:
				self.assertEqual(visitor.post(path, {**token, "answer": "yes"}).status, 403, path)
		self.assertLessEqual(
			{"my/payments", "my/consents", "my/leave", "my/break", "my/supporters", "my/details", "my/goals"},
			set(refused),
		)
		self.assertEqual(self.rows(), before)

	def test_only_what_was_asked_of_them(self):
		self.end(may_places=0)
		visitor = self.acting()
		self.assertEqual(visitor.get(f"/take-part/my/offers/{self.mine.offer}").status, 403)
		self.assertEqual(visitor.get("/take-part/my/preferences").status, 200)
		# a yes to keeping what somebody needs is theirs to give
		consent.withdraw((self.me.doctype, self.me.name), consents.ACCESS, consent.How("Phone"))
		self.refresh()
		page = visitor.submit(
			"/take-part/my/access/new", need="Breaks", share_with="The involvement team", agree="yes"
		)
		self.assertEqual(page.status, 422)
		self.assertFalse(consent.state((self.me.doctype, self.me.name), consents.ACCESS).holds)

	def test_an_end_holds_from_that_moment_and_nothing_is_done_as_oneself_by_mistake(self):
		for name, values in (
			("expired", {"until": add_days(today(), -1)}),
			("ended", {"until": add_days(today(), 5), "ended_on": frappe.utils.now_datetime()}),
		):
			with self.subTest(name):
				self.end(until=add_days(today(), 5), ended_on=None)
				visitor = self.acting()
				form = visitor.get("/take-part/my/preferences").fields()
				self.end(**values)
				before = self.rows()
				for page in ("/take-part/my", "/take-part/my/preferences"):
					self.assertEqual(visitor.get(page).status, 403)
				self.assertEqual(
					visitor.post("/take-part/my/preferences", {**form, "topics_wanted": "X"}).status, 403
				)
				self.assertEqual(self.switch(visitor, self.row.name).status, 404)
				self.assertEqual(self.rows(), before)
				self.assertFalse(frappe.db.exists("Involvement Preference", {"topics_wanted": "X"}))

	def test_a_form_that_was_open_before_the_change_is_not_sent_for_somebody_else(self):
		visitor = self.signed_in(self.other)
		form = visitor.get("/take-part/my/preferences").fields()
		self.switch(visitor, self.row.name)
		page = visitor.post("/take-part/my/preferences", {**form, "topics_wanted": "Mine"})
		self.assertEqual(page.status, 403)
		self.assertIn("changed who you are here for", page.text())
		self.refresh()
		self.assertFalse(frappe.db.exists("Involvement Preference", {"topics_wanted": "Mine"}))

	def test_nobody_acts_by_anothers_row(self):
		mine = self.signed_in(self.me)
		self.assertEqual(self.switch(mine, self.row.name).status, 404)
		self.assertIn("You do not act for anybody", mine.get(ACTING).text())
		with self.as_user(self.other.user):
			self.assertRaises(frappe.PermissionError, supporters.end, self.me.name, self.row.name)
			self.assertRaises(frappe.PermissionError, supporters.give, self.me.name, {})
			self.assertFalse(supporters.acts_for(self.me.name))  # only inside a request of that kind

	def test_the_person_asks_somebody_and_ends_it_with_one_button(self):
		visitor = self.signed_in()
		page = visitor.post(HERE, {**visitor.get(HERE).fields(), "supporter_name": "Robin", "name": ""})
		self.assertEqual(page.status, 422)
		self.assertEqual(page.fields()["supporter_name"], "Robin")
		email = f"{frappe.generate_hash(length=8)}@example.org"
		form = {k: v for k, v in visitor.get(HERE).fields().items() if k != "name"}
		asked = {
			**form,
			"supporter_name": "Robin",
			"email": email.upper(),
			"may": "may_places",
			"months": "3",
		}
		self.assertEqual(visitor.post(HERE, asked).goes_to, f"{HERE}?done=added")
		self.refresh()
		row = frappe.get_doc(SUPPORTER, {"email": email})
		self.assertEqual((row.participant, row.recorded_by, row.may_wishes), (self.me.name, None, 0))
		self.assertEqual(frappe.get_all("Has Role", {"parent": row.user, "parenttype": "User"}), [])
		self.assertTrue(frappe.db.exists("Involvement Message", {"recipient": row.user}))
		self.assertEqual(visitor.post(HERE, {**form, "name": row.name}).goes_to, f"{HERE}?done=ended")
		self.assertTrue(self.value(SUPPORTER, row.name, "ended_on"))
		frappe.delete_doc("User", row.user, force=True)


class TestEntry(TwoPeople):
	"""What staff write down, and what is refused."""

	def give(self, **values):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			doc = frappe.new_doc(SUPPORTER, participant=self.me.name, supporter_name="Robin", may_places=1)
			doc.update({"until": add_days(today(), 30), "recorded_how": "Phone", **values})
			return doc.insert()

	def test_staff_write_it_down_as_told_and_end_it_as_told(self):
		doc = self.give()
		me = factories.staff(roles.COORDINATOR)
		self.assertEqual((doc.recorded_by, doc.told_how, doc.user), (me, "Phone", None))
		with self.as_user(me):
			supporters.end_for(doc.name, "In person")
		doc.reload()
		self.assertEqual((doc.ended_by, doc.told_how, bool(doc.ended_on)), (me, "In person", True))

	def test_what_is_wrong_is_named(self):
		own = self.me.user
		for words, values in (
			("Until", {"until": add_days(today(), -1)}),
			("Until", {"until": add_days(today(), 400)}),
			("tick at least one", {"may_places": 0}),
			("person's own", {"email": own.upper()}),
			("E-mail address", {"email": "robin"}),
			("How the person told us", {"recorded_how": ""}),
		):
			with self.subTest(values), self.assertRaisesRegex(frappe.ValidationError, words):
				self.give(**values)
		self.give(email=self.other.user)
		self.assertRaisesRegex(frappe.ValidationError, "already", self.give, email=self.other.user)
