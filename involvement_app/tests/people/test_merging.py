"""Two records of one person become one (domain 4.0 no. 9, 4.2; issue: a merge of two people with live engagements)."""

import frappe

from involvement_app.involvement_app import consents, enquiries, merging, participants, places
from involvement_app.involvement_privacy import consent, personal_data
from involvement_app.portal import reads
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.compat import counted_queries
from involvement_app.tests.payment_factories import PAYMENT, PaymentTestCase

REGISTER = "Involvement Participant"
WHY = "She told us on the phone"


class MergingTestCase(PaymentTestCase):
	def made_once(self):
		super().made_once()
		self.kept = factories.participant(preferred_name="Samira", units=(factories.unit(),))
		self.old = factories.participant(
			preferred_name="Sam",
			units=(factories.unit(),),
			portal=True,
			pronouns="she/her",
			safe_contact_notes="No voicemail",
			is_carer=1,
		)

	def merge(self, kept=None, old=None, user=None):
		with self.as_user(user or factories.staff(roles.COORDINATOR)):
			return merging.merge((kept or self.kept).name, (old or self.old).name, WHY)

	def preview(self):
		with self.as_user(factories.staff(roles.COORDINATOR)):
			return merging.preview(self.kept.name, self.old.name)

	def now(self, doc):
		return frappe.get_doc(doc.doctype, doc.name)

	def row(self, doc) -> dict:
		return frappe.db.get_value(doc.doctype, doc.name, "*", as_dict=True)


class TestMerging(MergingTestCase):
	def plant(self) -> list:
		"""A row of each kind that only the old record has."""
		need = factories.access_requirement(self.old)
		factories.preference(self.old)
		factories.experience_profile(self.old)
		asked = factories.expression_of_interest()
		frappe.db.set_value(asked.doctype, asked.name, {"status": "Joined", "participant": self.old.name})
		return [
			factories.application(factories.opportunity("Published"), self.old),
			need,
			factories.goal(self.old),
			factories.wellbeing_plan(self.old),
			frappe.get_doc(asked.doctype, asked.name),
			frappe.get_doc("Involvement Preference", {"participant": self.old.name}),
		]

	def test_everything_goes_along_and_the_crm_learns_nothing(self):
		rows = self.plant()
		contacts = [self.row(frappe.get_doc("Contact", doc.person)) for doc in (self.kept, self.old)]
		own = factories.experience_profile(self.kept, skill_words="Trains")
		form = frappe.get_doc(rows[0].doctype, rows[0].name)  # open in somebody's browser
		shown = {line["label"]: line for line in self.preview()["rows"]}
		done = self.merge()
		kept, old = self.now(self.kept), self.now(self.old)
		for doc in rows:
			self.assertEqual(self.row(doc).participant, kept.name, doc.doctype)
			self.assertEqual(shown[doc.doctype]["moves"], 1, doc.doctype)
		self.assertEqual(self.row(rows[5]).preferred_name, "Samira")
		self.assertEqual(self.row(rows[0]).live_key, f"{rows[0].opportunity}|{kept.name}")
		self.assertEqual((kept.preferred_name, kept.person), ("Samira", self.kept.person))
		self.assertEqual((kept.pronouns, kept.is_carer), ("she/her", 1))
		self.assertEqual(kept.safe_contact_notes, "No voicemail")
		self.assertEqual({row.unit for row in kept.units}, {self.kept.units[0].unit, self.old.units[0].unit})
		self.assertEqual((kept.user, old.user), (self.old.user, None))
		self.assertEqual((old.status, old.merged_into, old.person), ("Merged", kept.name, self.old.person))
		self.assertEqual(
			contacts, [self.row(frappe.get_doc("Contact", doc.person)) for doc in (self.kept, self.old)]
		)
		log = frappe.get_doc("Participant Merge", done["log"])
		self.assertEqual((log.kept, log.merged, log.why), (kept.name, old.name, WHY))
		self.assertEqual(log.merged_by, factories.staff(roles.COORDINATOR))
		self.assertEqual(frappe.parse_json(log.rows_moved)["Personal Goal"], [rows[2].name])
		# what a person has once: both have it, so each stays where it is
		self.assertEqual(self.row(own).skill_words, "Trains")
		self.assertTrue(frappe.db.exists(own.doctype, {"participant": old.name, "skill_words": "Listening"}))
		self.assertNotIn(own.doctype, frappe.parse_json(log.rows_moved))
		# an open form cannot write the old record back, and nothing looks as if it had happened now
		self.assertEqual((self.row(form).modified - form.modified).total_seconds(), 0.000001)
		form.hopes = "To be heard"
		self.assertRaises(frappe.TimestampMismatchError, form.save)

	def test_what_counts_once_for_a_person_counts_once_for_the_one_they_are(self):
		"""A course and something of years ago: the key names the record that stays; what both have said stays twice
		nowhere, and the preview counts what the merge does."""
		course = factories.training_course()
		there = []
		for day, make in (
			("completed_on", lambda whose, **kw: factories.training_record(course, whose, **kw)),
			("took_part_on", factories.past_involvement),
		):
			same, both, goes = make(self.kept), make(self.old), make(self.old, **{day: "2020-02-03"})
			(shown,) = [line for line in self.preview()["rows"] if line["label"] == both.doctype]
			self.assertEqual((shown["kept"], shown["merged"], shown["moves"]), (1, 2, 1))
			there.append((make, day, same, both, goes))
		self.merge()
		for make, day, same, both, goes in there:
			with self.subTest(both.doctype):
				self.assertEqual(self.row(both).participant, self.old.name)
				self.assertEqual(self.row(same).once_key, same.once_key)
				moved = self.now(goes)
				self.assertEqual(moved.participant, self.kept.name)
				before = moved.once_key
				moved.save()
				self.assertEqual(moved.once_key, before)
				with self.assertRaises((frappe.DuplicateEntryError, frappe.UniqueValidationError)):
					make(self.kept, **{day: "2020-02-03"})

	def test_nobody_acts_for_themself_afterwards(self):
		"""Issue: a supporter who is also a participant; here it turns out that both are one person."""
		other = factories.another(factories.PORTAL)
		own, theirs = (factories.supporter(self.kept, user) for user in (self.old.user, other))
		self.merge()
		self.assertTrue(self.row(own).ended_on)
		self.assertIsNone(self.row(theirs).ended_on)

	def test_of_what_one_has_once_the_preview_says_which_counts(self):
		for make in (factories.preference, factories.wellbeing_plan):
			make(self.kept), make(self.old)
		factories.experience_profile(self.old)
		notes = [note for note in self.preview()["notes"] if "both have one" in note]
		self.assertEqual(
			sorted(note.split(":")[0] for note in notes), ["Involvement Preference", "Wellbeing Support Plan"]
		)
		for note in notes:
			self.assertIn(f"That of {self.kept.name} counts", note)
			self.assertIn(f"that of {self.old.name}", note)

	def test_both_logins_lead_to_the_record_that_stays(self):
		frappe.db.set_value(REGISTER, self.kept.name, "user", factories.another(factories.PORTAL))
		self.merge()
		for user in (self.row(self.kept).user, self.row(self.old).user):
			with self.as_user(user):
				self.assertEqual(participants.participant_of(), self.kept.name)
		self.assertEqual(
			participants.recipient(self.old.name).name, participants.recipient(self.kept.name).name
		)

	def test_what_it_costs_does_not_depend_on_how_much_there_is(self):
		def asked() -> int:
			with counted_queries() as queries:
				self.preview()
			return len(queries)

		asked()
		factories.goal(self.old)
		one = asked()
		for _each in range(5):
			factories.goal(self.old)
		self.assertEqual(asked(), one)

	def test_only_who_may_change_both_merges_and_nobody_their_own(self):
		mine = frappe.get_doc("User Permission", self.limited_to(self.kept))
		for user in (
			mine.user,
			factories.staff(roles.OWNER),
			self.old.user,
			factories.staff(roles.FINANCE_OFFICER),
		):
			with self.subTest(user):
				self.assertRaises(frappe.PermissionError, self.merge, user=user)
		me = factories.staff(roles.COORDINATOR)
		frappe.db.set_value(REGISTER, self.old.name, "user", me)
		self.assertRaises(frappe.PermissionError, self.merge, user=me)
		self.assertEqual(self.row(self.old).status, "Active")

	def limited_to(self, doc) -> str:
		return factories.limit(factories.another(roles.COORDINATOR), doc.units[0].unit).name

	def test_nothing_new_is_written_under_an_old_record_and_it_is_merged_once(self):
		self.merge()
		opportunity = factories.opportunity("Published")
		self.assertRaises(participants.OldRecord, factories.application, opportunity, self.old)
		self.assertRaises(participants.OldRecord, factories.access_requirement, self.old)
		self.assertRaises(merging.StandsInTheWay, self.merge)
		self.assertRaises(merging.StandsInTheWay, self.merge, self.old, factories.participant())
		self.assertRaises(merging.StandsInTheWay, self.merge, self.kept, self.kept)

	def test_the_crm_may_then_merge_its_two_records_and_a_third_takes_the_old_one_along(self):
		"""Law 9: before, it is refused in words that tell nothing; after, nothing of ours is in its way."""
		one, two = self.kept.person, self.old.person
		with self.assertRaisesRegex(frappe.ValidationError, "both in use"):
			frappe.rename_doc("Contact", two, one, merge=True)
		self.merge()
		frappe.rename_doc("Contact", two, one, merge=True)
		self.assertEqual((self.row(self.kept).person, self.row(self.old).person), (one, None))
		third = factories.participant()
		self.merge(third, self.kept)
		self.assertEqual(self.row(self.old).merged_into, third.name)
		found = personal_data.find((REGISTER, third.name))
		self.assertEqual(set(found[REGISTER]), {third.name, self.kept.name, self.old.name})
		self.assertEqual(len(found["Participant Merge"]), 2)


class TestWhatStandsInTheWay(MergingTestCase):
	def refused(self, words: str):
		conflicts = self.preview()["conflicts"]
		self.assertEqual(len(conflicts), 1)
		self.assertIn(words, conflicts[0]["text"])
		with self.assertRaisesRegex(merging.StandsInTheWay, words):
			self.merge()
		self.assertEqual(self.row(self.old).status, self.old.status)
		self.assertFalse(frappe.db.exists("Participant Merge", {"merged": self.old.name}))
		return conflicts[0]

	def test_two_live_places_in_one_opportunity_are_said_and_nothing_is_lost(self):
		opportunity = factories.opportunity("Published", places=3)
		own, theirs = (factories.engagement(opportunity, doc) for doc in (self.kept, self.old))
		conflict = self.refused("Stop taking part")
		self.assertEqual((conflict["doctype"], conflict["name"]), (theirs.doctype, theirs.name))
		self.assertEqual(self.row(theirs).participant, self.old.name)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.leave(theirs.name, "Phone")
		self.merge()
		self.assertEqual(self.row(theirs).participant, self.kept.name)
		self.assertEqual((self.row(own).status, self.row(theirs).status), ("Confirmed", "Ended early"))
		self.assertEqual(
			frappe.db.get_value("Involvement Opportunity", opportunity.name, "places_confirmed"), 1
		)

	def test_two_open_applications_for_one_opportunity(self):
		opportunity = factories.opportunity("Published")
		own, theirs = (factories.application(opportunity, doc) for doc in (self.kept, self.old))
		self.refused("No thank you")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.decline(theirs.name, "Phone")
		self.merge()
		self.assertEqual(self.row(own).live_key, f"{opportunity.name}|{self.kept.name}")
		self.assertEqual(self.row(theirs).live_key, None)

	def test_a_break_is_the_persons_word_so_they_are_asked(self):
		frappe.db.set_value(REGISTER, self.old.name, "status", "Paused")
		self.old.reload()
		self.refused("taking a break")

	def test_an_old_goodbye_is_overtaken_and_a_new_one_is_not(self):
		frappe.db.set_value(REGISTER, self.kept.name, "status", "Left")
		self.refused("has left")
		self.merge(self.old, self.kept)
		self.assertEqual(self.row(self.kept).status, "Merged")

	def test_one_person_is_not_paid_twice_for_one_session(self):
		opportunity = payment_factories.opportunity()
		places_ = [factories.engagement(opportunity, doc) for doc in (self.kept, self.old)]
		payment_factories.hold(opportunity)
		for place in places_:  # both have run their course
			frappe.db.set_value(place.doctype, place.name, "status", "Completed")
		self.refused("paid twice")


class TestPayments(MergingTestCase):
	def test_locked_payments_stay_as_they_are_and_are_found(self):
		locked = payment_factories.approved(self.old)
		batch = payment_factories.take(payment_factories.batch(locked), "Lock")
		approved = payment_factories.approved(self.old)
		waits = payment_factories.checked(self.old)
		before = self.row(self.now(locked))
		self.merge()
		self.assertEqual(self.row(locked), before)
		frappe.db.set_value(REGISTER, self.kept.name, "user", payment_factories.authoriser())
		with self.assertRaisesRegex(frappe.PermissionError, "a payment to you"):
			payment_factories.take(batch, "Authorise")
		frappe.db.set_value(REGISTER, self.kept.name, "user", None)
		payment_factories.take(batch, "Authorise", "Export")  # the control hash still fits
		withdrawn = self.row(approved)
		self.assertEqual(
			(withdrawn.status, withdrawn.withdrawn, withdrawn.participant), ("Void", 1, self.old.name)
		)
		(anew,) = frappe.get_all(
			PAYMENT,
			{"engagement": approved.engagement, "status": "Checked"},
			["participant", "amount", "revision"],
		)
		self.assertEqual((anew.participant, anew.amount, anew.revision), (self.kept.name, approved.amount, 1))
		self.assertEqual(self.row(waits).participant, self.kept.name)
		self.assertIn("Samira", self.row(waits).payee_name)
		own = {row.name for row in reads.payments(self.kept.name)}
		self.assertLessEqual({locked.name, waits.name}, own)
		self.assertNotIn(approved.name, own)

	def test_expenses_go_along_and_what_was_decided_stays(self):
		waits, claim = (
			payment_factories.claimed(person=self.old),
			payment_factories.approved_claim(factories.journey(20), person=self.old),
		)
		payment = payment_factories.payment_of(claim)
		self.merge()
		self.assertEqual(
			(self.row(waits).participant, self.row(claim).participant), (self.kept.name, self.kept.name)
		)
		self.assertEqual((self.row(payment).status, self.row(claim).status), ("Approved", "Approved"))
		more = payment_factories.approved_claim(person=self.kept)
		self.assertEqual(more.lines[0].miles_before, 20)


class TestConsents(MergingTestCase):
	def say(self, doc, purpose: str, decision: str):
		consent.record((REGISTER, doc.name), {purpose: decision}, consent.How("Phone"))

	def states(self, doc) -> dict:
		return {name: each.decision for name, each in consent.states((REGISTER, doc.name)).items()}

	def entries(self, doc) -> list:
		return frappe.get_all("Consent Record", {"person": doc.name}, "*", order_by="name")

	def test_entries_stay_as_they_are_and_what_holds_is_carried_over(self):
		"""Row 0.14: a no stays a no, on whichever record it was said; a yes never overrules one."""
		self.say(self.kept, consents.ACCESS, "Given")
		factories.access_requirement(self.kept)
		self.say(self.old, consents.ACCESS, "Refused")
		self.say(self.kept, consents.TEXTS, "Refused")
		self.say(self.old, consents.TEXTS, "Given")
		self.say(self.old, consents.WELLBEING, "Given")
		old, own = self.entries(self.old), self.entries(self.kept)
		notes = " ".join(self.preview()["notes"])
		self.assertIn("their no is carried over", notes)
		self.assertIn("stays a no until you have asked", notes)
		self.merge()
		now = self.states(self.kept)
		self.assertEqual(
			(now[consents.ACCESS], now[consents.TEXTS], now[consents.WELLBEING]),
			("Refused", "Refused", "Given"),
		)
		self.assertFalse(frappe.db.exists("Access Requirement", {"participant": self.kept.name}))
		self.assertEqual(self.entries(self.old), old)
		after = self.entries(self.kept)
		self.assertEqual([row for row in after if row.method != consent.EARLIER], own)
		carried = next(row for row in after if row.purpose == consents.WELLBEING)
		was = next(row for row in old if row.purpose == consents.WELLBEING)
		for field in ("statement", "version", "text_hash", "decided_on", "given_by"):
			self.assertEqual(carried[field], was[field])
		self.assertEqual(carried.recorded_by, factories.staff(roles.COORDINATOR))


class TestJoiningTwice(MergingTestCase):
	HOW = {"notice_method": "Phone", "told_by": "Sam"}

	def enquiry(self, **kw):
		mail = frappe.db.get_value("Contact", self.kept.person, "email_id")
		return factories.expression_of_interest(person_name="Samira Example", email=mail, **kw)

	def join(self, doc, user=None, **kw):
		with self.as_user(user or factories.staff(roles.COORDINATOR)):
			return enquiries.join(doc.name, **self.HOW, **kw)

	def test_nobody_joins_twice_unless_somebody_says_why_they_are_two(self):
		"""Row 0.20: an existing person is linked, not put on the register a second time; a namesake is a decision."""
		before = frappe.db.count(REGISTER)
		crm = factories.contact("Samira")
		factories.give_role(factories.staff(roles.COORDINATOR), "Sales User")
		asked = self.enquiry()
		for chosen in ({}, {"person_doctype": "Contact", "person": crm}):
			with self.subTest(chosen), self.assertRaisesRegex(enquiries.AlreadyThere, self.kept.name):
				self.join(asked, **chosen)
		self.assertEqual(frappe.db.count(REGISTER), before)
		done = self.join(asked, namesake_because="  Mother and   daughter ")
		self.assertTrue(done["new"])
		self.assertEqual(self.row(asked).namesake_because, "Mother and daughter")

	def test_who_cannot_see_them_is_told_only_that_there_is_somebody(self):
		elsewhere = factories.unit()
		user = factories.another(roles.COORDINATOR)
		factories.limit(user, elsewhere)
		asked = self.enquiry(unit=elsewhere)
		with self.assertRaises(enquiries.AlreadyThere) as refused:
			self.join(asked, user)
		self.assertNotIn(self.kept.name, str(refused.exception))

	def test_an_old_record_stands_for_the_person(self):
		mail = frappe.db.get_value("Contact", self.old.person, "email_id")
		self.merge()
		asked = factories.expression_of_interest(person_name="Sam Example", email=mail)
		with self.assertRaisesRegex(enquiries.AlreadyThere, self.kept.name):
			self.join(asked)
		self.assertRaises(participants.OldRecord, self.join, asked, participant=self.old.name)
		self.assertEqual(self.join(asked, participant=self.kept.name)["participant"], self.kept.name)
