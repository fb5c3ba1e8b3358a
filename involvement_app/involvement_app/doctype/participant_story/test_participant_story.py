"""Row 1.5: what people tell is used only in the words they agreed to, where they said yes, while they say yes."""

import frappe
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import media, stories
from involvement_app.involvement_privacy import consent
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

STORY = "Participant Story"


class StoryTestCase(IntegrationTestCase):
	def take(self, doc, action: str, by: str, **values):
		with self.as_user(by):
			return lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action, **values)

	def status(self, doc) -> str:
		return frappe.db.get_value(doc.doctype, doc.name, "status")

	@property
	def coordinator(self) -> str:
		return factories.staff(roles.COORDINATOR)

	@property
	def officer(self) -> str:
		return factories.staff(roles.COMMUNICATIONS)


class TestUsedBeforeTheYes(StoryTestCase):
	def test_a_yes_written_down_today_covers_no_use_before(self):
		"""Row 1.5: a use is not made good afterwards, whatever day the paper carries."""
		doc = factories.story(status="Agreed")
		factories.media_consent(
			frappe.get_doc("Involvement Participant", doc.participant),
			"Local press",
			decided_on=str(add_days(today(), -20)),
		)
		with self.as_user(self.officer):
			doc = lifecycle.apply(frappe.get_doc(STORY, doc.name), "Approve")
			use = {"channel": "Local press", "place": "The Gazette", "used_from": add_days(today(), -10)}
			doc.append("uses", use)
			doc.save()
			with self.assertRaisesRegex(media.NotCovered, "there was no yes of the person"):
				lifecycle.apply(frappe.get_doc(STORY, doc.name), "Put into use")
			doc = frappe.get_doc(STORY, doc.name)
			doc.uses[0].used_from = today()
			doc.save()
			doc = lifecycle.apply(doc, "Put into use")
			doc.append("uses", {**use, "place": "The Echo"})
			with self.assertRaisesRegex(media.NotCovered, "row 2.*there was no yes"):
				doc.save()

	def test_a_use_that_went_on_under_an_earlier_yes_goes_on(self):
		me = factories.participant()
		doc = factories.story(me, "In use", uses=({"channel": "Local press", "place": "The Gazette"},))
		frappe.db.set_value("Participant Story Use", {"parent": doc.name}, "used_from", add_days(today(), -9))
		factories.media_consent(me, "Local press", days=200)  # asked again
		with self.as_user(self.officer):
			doc = frappe.get_doc(STORY, doc.name)
			doc.uses[0].used_to = add_days(today(), 150)
			self.assertEqual(doc.save().status, "In use")


class TestTheWordsAreTheirs(StoryTestCase):
	def test_from_their_own_words_to_use_and_back(self):
		"""Row 1.5: two prompts or free words, agreed to by the person, approved, used, taken back."""
		me = factories.participant(portal=True)
		with self.as_user(me.user):
			name = stories.write_own(me.name, {"prompt": "Being involved makes me feel…", "words": "heard"})
			doc = frappe.get_doc(STORY, name)
			stories.agree_own(me.name, name, stories.fingerprint(doc))
			media.give_own(me.name, ["Website"], media.Scope("Anonymous", add_days(today(), 30)))
		doc = self.take(doc, "Approve", self.officer)
		with self.as_user(self.officer):
			doc.append("uses", {"channel": "Website", "voices": 1, "used_from": today()})
			doc.save()
		doc = self.take(doc, "Put into use", self.officer)
		self.assertEqual(getdate(doc.uses[0].used_to), getdate(add_days(today(), 30)))
		self.assertEqual(doc.approved_by, self.officer)
		with self.as_user(me.user):
			stories.withdraw_own(me.name, name)
		doc.reload()
		self.assertEqual((doc.status, getdate(doc.uses[0].ended_on)), ("Withdrawn", getdate(today())))

	def test_staff_do_not_agree_for_the_person(self):
		doc = factories.story()
		for user in (self.coordinator, factories.staff(roles.MANAGER), self.officer, "Administrator"):
			with self.subTest(user):
				with self.assertRaises((StepNotPermitted, TransitionError, frappe.PermissionError)):
					self.take(doc, "Agree to the words", user)
				with self.as_user(user), self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
					written = frappe.get_doc(STORY, doc.name)
					written.status = "Agreed"  # as a PUT does
					written.save()
				# a name for who told them is no signature
				with self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
					self.take(doc, "They signed on paper", user, recorded_how="Post")
		self.assertEqual(self.status(doc), "Draft")

	def test_a_signature_on_paper_says_so_and_is_the_readers_own_file(self):
		doc = factories.story()
		with self.as_user("Administrator"):
			theirs = factories.paper()
		with self.assertRaises(frappe.PermissionError):
			self.take(doc, "They signed on paper", self.coordinator, recorded_how="Post", evidence=theirs)
		with self.as_user(self.coordinator):
			evidence = factories.paper()
		with self.assertRaisesRegex(TransitionError, "sign the words on paper"):
			self.take(doc, "They signed on paper", self.coordinator, recorded_how="Phone", evidence=evidence)
		with self.assertRaisesRegex(TransitionError, "save them first"):
			values = {"recorded_how": "Post", "evidence": evidence, "words": "Something nobody signed"}
			self.take(doc, "They signed on paper", self.coordinator, **values)
		doc = self.take(doc, "They signed on paper", self.coordinator, recorded_how="Post", evidence=evidence)
		self.assertEqual((doc.status, doc.recorded_by, doc.told_how), ("Agreed", self.coordinator, "Post"))
		# who wrote it down is not the second pair of eyes
		factories.give_role(self.coordinator, roles.COMMUNICATIONS)
		with self.assertRaises(StepNotPermitted):
			self.take(doc, "Approve", self.coordinator)

	def test_a_supporter_agrees_to_nothing(self):
		me = factories.participant(portal=True)
		helper = factories.another(factories.PORTAL)
		factories.supporter(me, email=helper)
		doc = factories.story(me)
		with self.as_user(helper), self.assertRaises(frappe.PermissionError):
			stories.agree_own(me.name, doc.name, stories.fingerprint(doc))

	def test_every_change_makes_the_agreement_void(self):
		for status in ("Agreed", "Approved"):
			for change in (
				{"words": "Other words"},
				{"identity": "First name"},
				{"prompt": stories.OWN_WORDS},
			):
				with self.subTest(status, **change):
					doc = factories.story(status=status)
					with self.as_user(self.coordinator):
						doc = frappe.get_doc(STORY, doc.name)
						doc.update(change)
						doc.save()
					self.assertEqual((doc.status, doc.agreed_version), ("Draft", None))

	def test_words_in_use_do_not_change(self):
		doc = factories.story(status="In use")
		with self.as_user(self.officer):
			doc = frappe.get_doc(STORY, doc.name)
			doc.words = "Something kinder to us"
			self.assertRaisesRegex(TransitionError, "cannot change", doc.save)

	def test_words_changed_past_every_hook_are_neither_approved_nor_used(self):
		agreed, approved = factories.story(status="Agreed"), factories.story(status="Approved")
		for doc, action in ((agreed, "Approve"), (approved, "Put into use")):
			frappe.db.set_value(STORY, doc.name, "words", "Not theirs")
			with self.subTest(action), self.assertRaisesRegex(TransitionError, "has not agreed"):
				self.take(doc, action, self.officer)

	def test_the_person_reads_what_they_agree_to(self):
		me = factories.participant(portal=True)
		doc = factories.story(me)
		read = stories.fingerprint(doc)
		with self.as_user(self.officer):
			doc = frappe.get_doc(STORY, doc.name)
			doc.words = "Slipped in"
			doc.save()
		with self.as_user(me.user), self.assertRaises(stories.OtherWords):
			stories.agree_own(me.name, doc.name, read)

	def test_only_communications_approve(self):
		doc = factories.story(status="Agreed")
		for user in (self.coordinator, factories.staff(roles.MANAGER)):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take(doc, "Approve", user)


class TestUses(StoryTestCase):
	def use(self, doc, **use):
		with self.as_user(self.officer):
			doc = frappe.get_doc(STORY, doc.name)
			doc.append("uses", {"channel": "Website", "used_from": today(), **use})
			return doc.save()

	def test_nothing_is_used_without_a_yes_that_covers_it(self):
		doc = factories.story(status="Agreed", identity="First name")
		doc = self.take(doc, "Approve", self.officer)
		with self.assertRaisesRegex(TransitionError, "at least one place"):
			self.take(doc, "Put into use", self.officer)
		me = frappe._dict(name=doc.participant)
		self.use(doc, used_to=add_days(today(), 40))
		for given, says in (
			(None, "no yes of the person"),
			({"channels": ("Print",), "identity": "Full name"}, "no yes of the person"),
			({"channels": ("Website",), "identity": "Anonymous"}, "not for “First name”"),
			({"channels": ("Website",), "identity": "Full name", "days": 20}, "their yes ends on"),
		):
			if given:
				factories.media_consent(me, *given.pop("channels"), **given)
			with self.subTest(says), self.assertRaisesRegex(media.NotCovered, says):
				self.take(doc, "Put into use", self.officer)
			with self.as_user("Administrator"), self.assertRaisesRegex(media.NotCovered, says):
				written = frappe.get_doc(STORY, doc.name)
				written.status = "In use"
				written.save()
		factories.media_consent(me, "Website", identity="First name", days=40)
		self.assertEqual(self.take(doc, "Put into use", self.officer).status, "In use")

	def test_a_further_use_needs_a_yes_too(self):
		doc = factories.story(status="In use")
		with self.assertRaisesRegex(media.NotCovered, "Facebook"):
			self.use(doc, channel="Facebook")
		with self.assertRaisesRegex(frappe.ValidationError, "Choose “Website”"):
			self.use(doc, channel="Print", voices=1)
		with self.assertRaisesRegex(frappe.ValidationError, "before the first"):
			self.use(doc, used_to=add_days(today(), -1))

	def test_a_use_stays_written_down_and_its_end_is_not_typed(self):
		doc = factories.story(status="In use")
		with self.as_user(self.officer):
			doc = frappe.get_doc(STORY, doc.name)
			doc.uses = []
			self.assertRaisesRegex(frappe.ValidationError, "a row stays", doc.save)
			doc = frappe.get_doc(STORY, doc.name)
			doc.uses[0].update({"ended_on": today(), "put_by": "Administrator"})
			doc.save()
			self.assertEqual((doc.uses[0].ended_on, doc.uses[0].put_by), (None, self.officer))

	def test_taking_a_yes_back_ends_uses_and_opens_tasks_in_the_same_request(self):
		"""Each has somebody and a day."""
		uses = (
			{"voices": 1},
			{"channel": "Local press", "place": "The Gazette", "link": "https://gazette.example/1"},
			{"channel": "Print", "place": "Leaflet"},
		)
		me = factories.participant(portal=True)
		doc = factories.story(me, "In use", uses=uses)
		with self.as_user(me.user):
			media.withdraw_own(me.name, ["Local press"])
		doc.reload()
		self.assertEqual([bool(row.ended_on) for row in doc.uses], [False, True, False])
		self.assertEqual(doc.status, "In use")
		task = frappe.get_doc("Story Takedown", {"story": doc.name})
		self.assertEqual(
			(task.place, task.link, task.assigned_user, task.status),
			("The Gazette", "https://gazette.example/1", self.officer, "To do"),
		)
		self.assertGreater(getdate(task.due_on), getdate(today()))
		told = {"recipient": self.officer, "template": "Involvement takedown"}
		self.assertEqual(frappe.db.count("Involvement Message", told), 1)
		with self.as_user(me.user):
			media.withdraw_own(me.name)
		doc.reload()
		self.assertEqual((doc.status, stories.open_uses(doc)), ("Withdrawn", []))
		# our own page needs no task: it asks each time
		self.assertEqual(frappe.db.count("Story Takedown", {"story": doc.name}), 2)

	def test_the_consents_page_takes_back_everything_too(self):
		me = factories.participant()
		doc = factories.story(me, "In use")
		consent.withdraw((me.doctype, me.name), "media", consent.How("Phone"))
		self.assertEqual(self.status(doc), "Withdrawn")
		self.assertEqual(media.standing(me.name), {})
		# and an old yes does not come back with a new one for something else
		factories.media_consent(me, "Print")
		self.assertEqual(set(media.standing(me.name)), {"Print"})

	def test_a_yes_for_less_ends_what_goes_further(self):
		me = factories.participant()
		doc = factories.story(me, "In use", identity="First name")
		factories.media_consent(me, "Website", identity="First name", days=10)
		doc.reload()
		self.assertEqual(getdate(doc.uses[0].used_to), getdate(add_days(today(), 10)))
		factories.media_consent(me, "Website", identity="Anonymous", days=90)
		self.assertEqual(self.status(doc), "Withdrawn")

	def test_what_is_over_ends_by_itself(self):
		doc = factories.story(status="In use", uses=({"channel": "Print", "place": "Poster"},))
		frappe.db.set_value("Participant Story Use", doc.uses[0].name, "used_to", add_days(today(), -1))
		stories.move_on()
		self.assertEqual(self.status(doc), "Expired")
		self.assertEqual(frappe.db.count("Story Takedown", {"story": doc.name}), 1)

	def test_a_takedown_says_what_was_done(self):
		doc = factories.takedown()
		with self.assertRaises(TransitionError):
			self.take(doc, "It is down", self.officer)
		doc = self.take(doc, "It is down", self.officer, what_was_done="They took the page away")
		self.assertEqual((doc.status, doc.done_by), ("Done", self.officer))


class TestWhoSeesIt(StoryTestCase):
	def test_it_follows_the_person_and_is_nobody_elses(self):
		here = factories.unit()
		me = factories.participant(units=(here,), portal=True)
		doc = factories.story(me, "In use")
		entry = frappe.db.get_value("Media Consent", {"participant": me.name})
		limited = {role: factories.another(role) for role in (roles.COORDINATOR, roles.COMMUNICATIONS)}
		for user in limited.values():
			factories.limit(user, factories.unit())
		for user, sees in (
			(self.coordinator, True),
			(factories.staff(roles.MANAGER), True),
			(self.officer, True),
			*((user, False) for user in limited.values()),
			(me.user, False),
			*((user, False) for user in factories.others()),
		):
			for doctype, name in ((STORY, doc.name), ("Media Consent", entry)):
				with self.subTest(user, doctype=doctype), self.as_user(user):
					self.assertEqual(frappe.has_permission(doctype, "read", name), sees)
					try:
						listed = name in frappe.get_list(doctype, pluck="name", limit=0)
					except frappe.PermissionError:
						listed = False
					self.assertEqual(listed, sees)
