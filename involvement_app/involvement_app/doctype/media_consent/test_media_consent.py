"""A yes to being quoted or shown is the person's, in writing, for a place, a name and a time; and stays as it was."""

import frappe
from frappe.utils import add_days, now_datetime, today

from involvement_app.involvement_app import media
from involvement_app.involvement_privacy import consent
from involvement_app.involvement_privacy.append_only import WrittenOnce
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

CONSENT = "Media Consent"


class TestMediaConsent(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		self.me = factories.participant(portal=True)

	def scope(self, **values) -> media.Scope:
		return media.Scope(**{"identity": "First name", "until": add_days(today(), 30), **values})

	def entries(self) -> list[str]:
		return frappe.get_all(CONSENT, {"participant": self.me.name}, pluck="name")

	def test_each_place_for_itself_and_back_with_one_button(self):
		with self.as_user(self.me.user):
			media.give_own(self.me.name, ["Website", "Print"], self.scope(photo=True))
			stands = media.standing(self.me.name)
			self.assertEqual(set(stands), {"Website", "Print"})
			self.assertEqual(
				(stands["Print"].identity, stands["Print"].photo, stands["Print"].film), ("First name", 1, 0)
			)
			media.withdraw_own(self.me.name, ["Print"])
			self.assertEqual(set(media.standing(self.me.name)), {"Website"})
			media.withdraw_own(self.me.name)
			self.assertEqual(media.standing(self.me.name), {})
		person = (self.me.doctype, self.me.name)
		self.assertEqual(consent.state(person, "media").decision, "Withdrawn")
		self.assertEqual(len(self.entries()), 4)

	def test_what_it_covers(self):
		factories.media_consent(self.me, "Local press", identity="First name", days=30, journalist=1)
		stands = media.standing(self.me.name)
		for asked, says in (
			(("Local press", "First name", add_days(today(), 30), ("journalist",)), ""),
			(("Local press", "Anonymous", today(), ()), ""),
			(("Local press", "Full name", today(), ()), "not for “Full name”"),
			(("Local press", "First name", add_days(today(), 31), ()), "their yes ends on"),
			(("Local press", "First name", today(), ("film",)), "have not said yes"),
			(("National press", "Anonymous", today(), ()), "no yes of the person"),
		):
			with self.subTest(says=says, asked=asked):
				found = media.lacks(stands, *asked)
				self.assertIn(says, found)
				self.assertEqual(bool(found), bool(says))

	def set_in_code(self, doc):
		doc.db_set("until", "2099-01-01")  # refused: the test

	def save(self, doc):
		doc.update({"identity": "Full name"}).save()

	def delete(self, doc):
		frappe.delete_doc(CONSENT, doc.name)

	def rename(self, doc):
		frappe.rename_doc(CONSENT, doc.name, "other")

	def copy(self, doc):
		frappe.get_doc({**doc.as_dict(), "name": None, "recorded_on": "2020-01-01"}).insert()

	def make_anew(self, doc):
		frappe.get_doc(
			doctype=CONSENT,
			participant=self.me.name,
			decision="Given",
			channel="Print",
			identity="Full name",
			until="2099-01-01",
			decided_on="2020-01-01",
			recorded_on=now_datetime(),
			statement=doc.statement,
		).insert()

	def test_nobody_writes_changes_or_deletes_an_entry(self):
		"""Not even Administrator, by any way of the document API; and none is made with an earlier day."""
		factories.media_consent(self.me)
		name = self.entries()[0]
		for user in ("Administrator", factories.staff(roles.MANAGER), factories.staff(roles.COMMUNICATIONS)):
			with self.subTest(user), self.as_user(user):
				for act in (self.set_in_code, self.save, self.delete, self.rename, self.copy, self.make_anew):
					with (
						self.subTest(act.__name__),
						self.assertRaises((WrittenOnce, frappe.PermissionError, frappe.ValidationError)),
					):
						act(frappe.get_doc(CONSENT, name))
		self.assertEqual(self.entries(), [name])
		self.assertEqual(frappe.db.get_value(CONSENT, name, "identity"), "Anonymous")

	def test_a_yes_is_asked_for_in_clear_words(self):
		with self.as_user(self.me.user):
			for channels, scope, says in (
				([], self.scope(), "Where"),
				(["The moon"], self.scope(), "Where"),
				(["Website"], self.scope(identity="Nickname"), "Shown as"),
				(["Website"], self.scope(until=""), "Until"),
				(["Website"], self.scope(until=add_days(today(), -1)), "Until"),
				(["Website"], self.scope(until="2099-01-01"), "Until"),
			):
				with self.subTest(says), self.assertRaisesRegex(frappe.ValidationError, says):
					media.give_own(self.me.name, channels, scope)
		self.assertEqual(self.entries(), [])

	def test_staff_write_down_what_was_signed_and_never_as_if_from_the_portal(self):
		until = str(add_days(today(), 30))
		coordinator = factories.staff(roles.COORDINATOR)
		with self.as_user(coordinator):
			paper = factories.paper()
			for values, says in (
				({"method": "Portal", "evidence": paper}, "written down by the portal"),
				({"method": "Post"}, "Evidence"),
				(
					{"method": "Post", "evidence": paper, "decided_on": str(add_days(today(), 1))},
					"still to come",
				),
			):
				with self.subTest(says), self.assertRaisesRegex(frappe.ValidationError, says):
					media.record_for(
						self.me.name, "Given", ["Print"], identity="Anonymous", until=until, **values
					)
			# a no needs no paper
			media.record_for(self.me.name, "Given", ["Print"], "Post", "Anonymous", until, evidence=paper)
			media.record_for(self.me.name, "Withdrawn", ["Print"], "Phone")
		self.assertEqual(media.standing(self.me.name), {})
		elsewhere = factories.another(roles.COORDINATOR)
		factories.limit(elsewhere, factories.unit())
		for user in (elsewhere, factories.staff(roles.COMMUNICATIONS), self.me.user, *factories.others()):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				media.record_for(self.me.name, "Given", ["Print"], "Post", "Anonymous", until, evidence=paper)

	def test_nobody_says_yes_for_somebody_else_in_the_portal(self):
		other = factories.participant(portal=True)
		for act in (
			lambda: media.give_own(self.me.name, ["Print"], self.scope()),
			lambda: media.withdraw_own(self.me.name),
		):
			with self.as_user(other.user), self.assertRaises(frappe.PermissionError):
				act()

	def test_without_the_consent_as_a_whole_no_entry_counts(self):
		"""Also where the listener that writes the entries failed."""
		factories.media_consent(self.me)
		frappe.db.delete(CONSENT, {"participant": self.me.name, "decision": "Withdrawn"})
		consent._write(
			(self.me.doctype, self.me.name),
			consent.statements()["media"],
			"Withdrawn",
			consent.How("Phone"),
			None,
			consent.state((self.me.doctype, self.me.name), "media"),
		)
		self.assertEqual(media.standing(self.me.name), {})
