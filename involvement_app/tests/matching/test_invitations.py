"""Asking people: once, in their own way, and whatever they say."""

from unittest.mock import patch

import frappe

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import places
from involvement_app.involvement_app.matching import desk, invitations
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

INVITATION = invitations.INVITATION


class TestAsking(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.db.savepoint("asking")
		cls.about = factories.opportunity("Published", visibility="Invited")
		cls.people = [
			factories.participant(preferred_channel=channel, portal=channel == "Email")
			for channel in ("Email", "Post", "Phone")
		]
		cls.names = [person.name for person in cls.people]

	@classmethod
	def tearDownClass(cls):
		frappe.db.rollback(save_point="asking")
		super().tearDownClass()

	def invite(self, names=None, about=None, words="") -> dict:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return desk.invite((about or self.about).name, frappe.as_json(names or self.names), words)

	def states(self) -> dict:
		rows = frappe.get_all(
			INVITATION, {"opportunity": self.about.name}, ["participant", "status", "channel"]
		)
		return {row.participant: (row.status, row.channel) for row in rows}

	def told(self) -> list:
		return frappe.get_all(
			"Involvement Message",
			{"template": invitations.TEMPLATE},
			["recipient", "channel", "body", "owed"],
		)

	def test_each_is_asked_once_in_their_own_way(self):
		done = self.invite(words="We thought of you.")
		self.assertEqual((done["asked"], done["left_out"]), (3, []))
		self.assertEqual({status for status, _way in self.states().values()}, {"To send"})
		for _time in range(2):  # the job, and the hourly run after it
			invitations.send_batch()
		self.assertEqual(
			self.states(),
			{name: ("Asked", way) for name, way in zip(self.names, ("Email", "Post", "Phone"), strict=True)},
		)
		told = {row.recipient: row for row in self.told()}
		self.assertEqual(sorted(row.recipient for row in self.told()), sorted(self.names))
		self.assertTrue(all("We thought of you." in row.body and not row.owed for row in told.values()))
		self.assertIn("/take-part/my/invitations/", told[self.names[0]].body)
		self.assertNotIn(
			"/take-part/my/invitations/", told[self.names[1]].body, "who has no login gets no link"
		)
		again = self.invite()
		self.assertEqual(again["asked"], 0)
		self.assertIn("invited already", again["left_out"][0]["why"])

	def test_who_takes_a_break_before_it_is_sent_is_not_asked_and_nothing_is_kept(self):
		self.invite()
		frappe.db.set_value("Involvement Participant", self.names[0], "status", "Paused")
		invitations.send_batch()
		self.assertEqual(set(self.states()), set(self.names[1:]))
		self.assertNotIn(self.names[0], [row.recipient for row in self.told()])

	def test_one_that_cannot_be_sent_stops_no_other_and_is_tried_again(self):
		self.invite()
		send = messages.send

		def broken(template, to, *args, **kwargs):
			if to[1] == self.names[1]:
				raise ValueError("planted")
			return send(template, to, *args, **kwargs)

		with patch.object(messages, "send", broken):
			invitations.send_batch()
		self.assertEqual(self.states()[self.names[1]][0], "To send")
		self.assertEqual(len(self.told()), 2)
		invitations.send_batch()
		self.assertEqual(sorted(row.recipient for row in self.told()), sorted(self.names))

	def test_nobody_is_invited_to_what_is_closed_or_by_who_may_not(self):
		closed = factories.opportunity("Approved")
		self.assertRaises(invitations.NotOpen, self.invite, about=closed)
		theirs = factories.another(roles.COORDINATOR)
		factories.limit(theirs, factories.unit())
		for user in (theirs, factories.staff(roles.OWNER)):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				desk.invite(self.about.name, frappe.as_json(self.names))
		with self.as_user(factories.staff(roles.COORDINATOR)):
			for names, words in (("[]", ""), ('["x"]', ""), (frappe.as_json(self.names), "x" * 601)):
				with self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
					desk.invite(self.about.name, names, words)
		self.assertEqual(self.states(), {})

	def test_a_preview_says_how_it_goes_out_and_whom_it_does_not_reach(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			told = desk.preview(self.about.name, frappe.as_json(self.names), "<b>Come</b>")
		self.assertIn("&lt;b&gt;Come", told["body"])
		self.assertEqual(sum(way["count"] for way in told["ways"]), 3)
		self.assertIn(self.names[1], [row["name"] for row in told["unreached"]], "no postal address is known")

	def test_a_no_needs_no_reason_and_is_told_to_nobody(self):
		"""Row 0.14: no to an invitation costs nothing, keeps nothing but the state, and is not asked again."""
		person = self.people[0]
		doc = factories.involvement_invitation(person, self.about)
		with self.as_user(person.user):
			invitations.say_no(doc.name, person.name)
		self.assertEqual(frappe.db.get_value(INVITATION, doc.name, "status"), "Not going ahead")
		about = {"reference_doctype": INVITATION, "reference_name": doc.name}
		self.assertFalse(frappe.get_all("Comment", about))
		self.assertFalse(frappe.db.exists("Version", {"docname": doc.name}))
		self.assertFalse([df for df in doc.meta.fields if "reason" in df.fieldname or "show" in df.fieldname])
		with self.as_user(person.user):
			places.apply_for(self.about.name, person.name)
		self.assertEqual(frappe.db.get_value(INVITATION, doc.name, "status"), "Taken up")

	def test_nobody_answers_for_another(self):
		doc = factories.involvement_invitation(self.people[1], self.about)
		stranger = factories.participant(user=factories.user())
		with self.as_user(stranger.user):
			for answer in (invitations.say_no, lambda *about: invitations.know_more(*about, "")):
				self.assertRaises(
					(frappe.PermissionError, frappe.DoesNotExistError), answer, doc.name, stranger.name
				)
				self.assertRaises(frappe.PermissionError, answer, doc.name, self.people[1].name)
		self.assertEqual(frappe.db.get_value(INVITATION, doc.name, "status"), "Asked")

	def test_staff_write_down_what_they_were_told_on_the_phone(self):
		doc = factories.involvement_invitation(self.people[2], self.about)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			with self.assertRaisesRegex(frappe.ValidationError, "How the person told us"):
				lifecycle.apply(doc, "No thank you")
			doc.reload()
			lifecycle.apply(doc, "I would like to know more", recorded_how="Phone")
		self.assertEqual(
			(doc.status, doc.recorded_by), ("Would like to know more", factories.staff(roles.COORDINATOR))
		)

	def test_when_it_closes_what_was_not_answered_is_over(self):
		doc = factories.involvement_invitation(self.people[0], self.about)
		invitations.lapse()
		self.assertEqual(frappe.db.get_value(INVITATION, doc.name, "status"), "Asked")
		frappe.db.set_value("Involvement Opportunity", self.about.name, "status", "Closed to applications")
		invitations.lapse()
		self.assertEqual(frappe.db.get_value(INVITATION, doc.name, "status"), "Not going ahead")
