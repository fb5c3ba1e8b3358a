"""Row 1.5: one's own words in public, as long as one says yes to it."""

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import media
from involvement_app.involvement_privacy import consent
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

VOICES, STORIES, MEDIA = "/take-part/voices", "/take-part/my/stories", "/take-part/my/media"
MARKUP = "<script>alert(1)</script> & <b>me</b> {{ 7*7 }}"


class TestVoices(TwoPeople):
	def in_use(self, person=None, **values):
		doc = factories.story(person or self.me, "In use", **values)
		self.refresh()
		return doc

	def test_what_is_live_is_shown_and_gone_in_the_request_that_takes_the_yes_back(self):
		doc = self.in_use()
		page = self.guest.get(VOICES)
		self.assertEqual(page.status, 200)
		self.assertIn(doc.words, page.text())
		self.assertIn("Somebody who takes part", page.text())
		self.assertNotIn(self.me.preferred_name, page.text())
		# no cache keeps it
		self.assertEqual(page.headers["Cache-Control"], "no-store")
		self.assertIsNone(page.headers.get("ETag"))
		mine = self.signed_in()
		self.assertEqual(
			mine.post(f"{MEDIA}/withdraw", mine.get(MEDIA).fields() | {"channel": ""}).status, 303
		)
		self.assertNotIn(doc.words, self.guest.get(VOICES).text())
		self.assertEqual(self.value("Participant Story", doc.name), "Withdrawn")

	def test_the_consents_page_takes_it_away_as_well(self):
		doc = self.in_use()
		mine = self.signed_in()
		fields = {**mine.get("/take-part/my/consents").fields(), "purpose": "media", "answer": "no"}
		self.assertEqual(mine.post("/take-part/my/consents", fields).status, 303)
		self.assertNotIn(doc.words, self.guest.get(VOICES).text())

	def test_each_reason_takes_it_away_by_itself(self):
		"""Also where whatever ends a use has not run yet, or was gone round."""
		gone = {
			"the yes is over": (
				"Media Consent",
				{"participant": self.me.name},
				{"until": add_days(today(), -1)},
			),
			"the yes is for less": (
				"Media Consent",
				{"participant": self.me.name},
				{"identity": "Anonymous"},
			),
			"the use is over": ("Participant Story Use", {}, {"used_to": add_days(today(), -1)}),
			"the use has not begun": ("Participant Story Use", {}, {"used_from": add_days(today(), 1)}),
			"the words are others": ("Participant Story", {}, {"words": "We love this charity"}),
			"another name": ("Participant Story", {}, {"shown_name": "Somebody Else"}),
			"it is not in use": ("Participant Story", {}, {"status": "Approved"}),
			"nobody said yes": (
				"Consent Record",
				{"person": self.me.name, "purpose": "media"},
				{"purpose": "x"},
			),
		}
		for why, (doctype, which, values) in gone.items():
			with self.subTest(why):
				doc = self.in_use(identity="First name")
				self.assertIn(doc.words, self.guest.get(VOICES).text())
				which = (
					which or {"Participant Story": {"name": doc.name}}.get(doctype) or {"parent": doc.name}
				)
				frappe.db.set_value(doctype, which, values, update_modified=False)
				self.refresh()
				self.assertNotIn(doc.words, self.guest.get(VOICES).text())

	def test_as_it_was_agreed_and_what_was_typed_stays_text(self):
		self.in_use(words=MARKUP, identity="First name", prompt="Co-production is important to me because…")
		page = self.guest.get(VOICES)
		self.assertIn(MARKUP, page.text())
		self.assertIn("Co-production is important to me because…", page.text())
		self.assertIn(self.me.preferred_name.split()[0], page.text())
		self.assertNotIn(self.me.preferred_name, page.text())
		self.assertEqual([e for e in page.all("script") if e.text], [])

	def test_a_draft_and_somebody_elses_channel_are_not_there(self):
		draft = factories.story(self.me)
		printed = self.in_use(uses=({"channel": "Print", "place": "Poster"},))
		text = self.guest.get(VOICES).text()
		self.assertNotIn(draft.words, text)
		self.assertNotIn(printed.words, text)


class TestMyStories(TwoPeople):
	def setUp(self):
		super().setUp()
		media.withdraw_all(self.me.name, consent.How("Phone"))
		self.refresh()

	def test_written_read_beside_what_the_yes_covers_agreed_and_taken_back(self):
		mine = self.signed_in()
		self.assertIn(STORIES, mine.get("/take-part/my").html)
		empty = mine.submit(STORIES, prompt="", words="")
		self.assertEqual(empty.status, 422)
		self.assertIn("Write your words", empty.text())
		sent = mine.submit(
			STORIES, prompt="Being involved makes me feel…", words=MARKUP, identity="First name"
		)
		path = sent.goes_to.partition("?")[0]
		self.assertIn("Nowhere yet", mine.get(path).text())
		given = mine.submit(
			MEDIA, channels=["Website", "Local press"], extras="journalist", identity="First name", months="6"
		)
		self.assertEqual(given.goes_to, f"{MEDIA}?done=given")
		stands = self.stands()
		self.assertEqual(
			{channel: (row.identity, row.journalist, row.film) for channel, row in stands.items()},
			{channel: ("First name", 1, 0) for channel in ("Website", "Local press")},
		)
		page = mine.get(path)
		self.assertIn(MARKUP, page.text())
		self.assertIn("Our website: until", page.text())
		token = {"csrf_token": page.fields()["csrf_token"]}
		# the words have changed since they were read
		late = mine.post(f"{path}/agree", {**token, "read": "something else"})
		self.assertEqual(late.goes_to, f"{path}?done=changed")
		agreed = mine.post(f"{path}/agree", {**token, "read": page.fields()["read"]})
		self.assertEqual(agreed.goes_to, f"{path}?done=agreed")
		name = path.rpartition("/")[2]
		self.assertEqual(self.value("Participant Story", name), "Agreed")
		# a change of their own makes it void too
		mine.submit(f"{path}?change=yes", words="Shorter")
		mine.post(path, {**mine.get(f"{path}?change=yes").fields(), "words": "Shorter"})
		self.assertEqual(self.value("Participant Story", name), "Draft")
		back = mine.post(f"{path}/take-back", token)
		self.assertEqual(back.goes_to, f"{STORIES}?done=back")
		self.assertEqual(self.value("Participant Story", name), "Withdrawn")

	def stands(self) -> dict:
		self.refresh()
		return media.standing(self.me.name)

	def test_a_yes_needs_a_place_a_name_and_a_time(self):
		page = self.signed_in().submit(MEDIA)
		self.assertEqual(page.status, 422)
		for words in ("Choose at least one place", "Choose how we name you", "Choose until when"):
			self.assertIn(words, page.text())
		self.assertEqual(self.stands(), {})

	def test_one_place_back_with_one_button(self):
		factories.media_consent(self.me, "Website", "Print")
		self.refresh()
		mine = self.signed_in()
		mine.post(f"{MEDIA}/withdraw", {**mine.get(MEDIA).fields(), "channel": "Print"})
		self.assertEqual(set(self.stands()), {"Website"})

	def test_they_are_nobody_elses(self):
		name = factories.story(self.other).name
		self.refresh()
		mine = self.signed_in()
		token = {"csrf_token": mine.get(STORIES).fields()["csrf_token"]}
		theirs, nothing = mine.get(f"{STORIES}/{name}"), mine.get(f"{STORIES}/nothing")
		self.assertEqual((theirs.status, nothing.status), (404, 404))
		self.assertEqual(theirs.html, nothing.html)
		for path in (f"{STORIES}/{name}", f"{STORIES}/{name}/agree", f"{STORIES}/{name}/take-back"):
			self.assertEqual(mine.post(path, {**token, "words": "Mine", "read": "x"}).status, 404)
		self.assertEqual(self.value("Participant Story", name), "Draft")

	def test_what_staff_changed_is_read_again(self):
		doc = factories.story(self.me, "Agreed")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			changed = frappe.get_doc(doc.doctype, doc.name)
			changed.words = "Better words, said the office"
			changed.save()
			lifecycle.apply(changed, "Ask the person")
		self.refresh()
		page = self.signed_in().get(f"{STORIES}/{doc.name}")
		self.assertIn("Please read these words", page.text())
		self.assertIn("Better words, said the office", page.text())
