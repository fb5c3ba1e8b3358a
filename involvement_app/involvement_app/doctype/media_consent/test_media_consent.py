"""A yes to being quoted or shown is the person's, in writing, for a place, a name and a time; and stays as it was."""

import frappe
from frappe import client
from frappe.utils import add_days, getdate, now_datetime, today

from involvement_app.involvement_app import media
from involvement_app.involvement_privacy import consent
from involvement_app.involvement_privacy.append_only import WrittenOnce
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

CONSENT = "Media Consent"


class TestMediaConsent(IntegrationTestCase):
	def made_once(self):
		super().made_once()
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

	def test_a_paper_may_carry_the_day_it_was_signed(self):
		"""Row 1.5: with who wrote it down and when beside it; not before the words were asked, nor before their last no."""
		said = str(add_days(today(), -10))
		factories.media_consent(self.me, "Print", decided_on=said)
		entry = frappe.get_doc(CONSENT, self.entries()[0])
		self.assertEqual(str(entry.decided_on), said)
		self.assertEqual(entry.recorded_by, factories.staff(roles.COORDINATOR))
		self.assertEqual(str(getdate(entry.recorded_on)), today())
		frappe.db.set_value("Consent Statement", entry.statement, "active_from", add_days(today(), -5))
		frappe.clear_document_cache("Consent Statement", entry.statement)
		with self.assertRaisesRegex(frappe.ValidationError, "nobody agreed to them before"):
			factories.media_consent(self.me, "Print", decided_on=said)
		factories.media_consent(self.me, "Print", decided_on=str(add_days(today(), -4)))

	def test_an_older_paper_undoes_no_no(self):
		factories.media_consent(self.me, "Print", "Website")
		with self.as_user(self.me.user):
			media.withdraw_own(self.me.name, ["Print"])
		before = self.entries()
		for channels in (["Print"], ["Website", "Print"], ["National press"]):
			with self.subTest(channels), self.assertRaisesRegex(frappe.ValidationError, "they said no on"):
				factories.media_consent(self.me, *channels, decided_on=str(add_days(today(), -1)))
		self.assertEqual(self.entries(), before)
		self.assertEqual(set(media.standing(self.me.name)), {"Website"})
		factories.media_consent(self.me, "Print")  # signed today, after it
		self.assertEqual(set(media.standing(self.me.name)), {"Website", "Print"})

	def test_what_stood_on_a_day_is_what_was_written_down_by_then(self):
		factories.media_consent(self.me, "Print", decided_on=str(add_days(today(), -10)))
		self.assertEqual(media.stood_on(self.me.name, add_days(today(), -1)), {})
		self.assertEqual(set(media.stood_on(self.me.name, today())), {"Print"})
		name = self.entries()[0]
		frappe.db.set_value(CONSENT, name, "recorded_on", add_days(now_datetime(), -9))
		self.assertEqual(set(media.stood_on(self.me.name, add_days(today(), -8))), {"Print"})
		# a no counts from the day they said it, however late it is written down
		with self.as_user(factories.staff(roles.COORDINATOR)):
			media.record_for(
				self.me.name, "Withdrawn", ["Print"], "Phone", decided_on=str(add_days(today(), -5))
			)
		self.assertEqual(set(media.stood_on(self.me.name, add_days(today(), -6))), {"Print"})
		self.assertEqual(media.stood_on(self.me.name, add_days(today(), -5)), {})

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

	def through_the_api(self, doc):
		client.set_value(CONSENT, doc.name, "decided_on", "2020-01-01")

	def through_a_bulk_update(self, doc):
		client.save({**doc.as_dict(no_default_fields=False), "until": "2099-01-01"})

	def delete_through_the_api(self, doc):
		client.delete(CONSENT, doc.name)

	def delete_by_force(self, doc):
		frappe.delete_doc(
			CONSENT, doc.name, force=1, ignore_permissions=True, ignore_on_trash=True
		)  # refused: the test

	def insert_through_the_api(self, doc):
		client.insert({**doc.as_dict(), "name": None, "channel": "Print", "decided_on": "2020-01-01"})

	def insert_past_what_is_required(self, doc):
		made = frappe.get_doc({**doc.as_dict(), "name": None, "channel": "Print", "decided_on": "2020-01-01"})
		made.insert(ignore_mandatory=True, ignore_permissions=True)  # refused: the test

	def test_nobody_writes_changes_or_deletes_an_entry(self):
		"""Not even Administrator, by any way of the document API; and none is made with an earlier day."""
		factories.media_consent(self.me)
		name = self.entries()[0]
		for user in ("Administrator", factories.staff(roles.MANAGER), factories.staff(roles.COMMUNICATIONS)):
			with self.subTest(user), self.as_user(user):
				for act in (
					self.set_in_code,
					self.save,
					self.delete,
					self.rename,
					self.copy,
					self.make_anew,
					self.through_the_api,
					self.through_a_bulk_update,
					self.delete_through_the_api,
					self.delete_by_force,
					self.insert_through_the_api,
					self.insert_past_what_is_required,
				):
					frappe.db.savepoint("act")
					with (
						self.subTest(act.__name__),
						self.assertRaises((WrittenOnce, frappe.PermissionError, frappe.ValidationError)),
					):
						act(frappe.get_doc(CONSENT, name))
					frappe.db.rollback(save_point="act")
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
