from datetime import datetime

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today
from frappe.utils.password import update_password

from involvement_app import lifecycle
from involvement_app.involvement_app import costs, departures, opportunities, plan_again
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import PASSWORD, TwoPeople, Visitor

SLIP = frappe.ValidationError


class TestWhatIsWritten(IntegrationTestCase):
	def test_less_than_co_design_says_why(self):
		"""Row 0.4: always aiming for a co-productive approach: whoever claims less says why before it is handed in."""
		doc = factories.opportunity(level="Consultation", reason_below_co_design="")
		with self.as_user(doc.lead):
			with self.assertRaisesRegex(TransitionError, "Why less than co-design"):
				lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Submit for approval")
			read = frappe.get_doc(doc.doctype, doc.name)
			read.reason_below_co_design = "The law fixes the rest"
			read.save()
			self.assertEqual(lifecycle.apply(read, "Submit for approval").status, "Submitted")
		enough = factories.opportunity("Submitted", level="Co-design", reason_below_co_design="")
		self.assertEqual(enough.status, "Submitted")

	def test_any_of_five_ways_will_do_and_none_will_not(self):
		"""Row 0.15: in a way that suits them: in person, online, by telephone, by post, one to one."""
		for way in ("online", "by_telephone", "by_post", "one_to_one"):
			ways = {"in_person": 0, "by_telephone": 0, way: 1}
			self.assertEqual(factories.opportunity(**ways).ways(), [way])
		with self.assertRaisesRegex(SLIP, "by telephone, by post or one to one"):
			factories.opportunity(in_person=0, by_telephone=0)

	def test_a_sixth_essential_criterion_is_refused_by_name(self):
		"""Row 0.15: nobody is kept away by a long list."""
		needs = [{"criterion": f"Need {n}"} for n in range(1, 6)]
		helpful = [{"criterion": "Nice to have", "essential": 0}]
		self.assertEqual(len(factories.opportunity(criteria=needs + helpful).criteria), 6)
		with self.assertRaisesRegex(SLIP, "“Need 6”"):
			factories.opportunity(criteria=[*needs, {"criterion": "Need 6"}])

	def test_what_is_mostly_so_is_filled_in(self):
		"""Row 1.8: a theme (Involvement Theme), and what the unit and the lead answer by themselves."""
		unit = factories.unit(cost_centre="CC-7")
		doc = factories.opportunity(
			unit=unit, theme=factories.theme(), partner_organisation="Otterford Council"
		)
		self.assertEqual(
			(doc.cost_centre, doc.feedback_owner, str(doc.full_feedback_due)),
			("CC-7", doc.lead, add_days(str(doc.decision_date), 30)),
		)
		doc.cost_centre = "CC-8"
		doc.save()
		self.assertEqual(doc.cost_centre, "CC-8")


class TestBadInput(IntegrationTestCase):
	def refused(self, words: str, **values) -> None:
		with self.subTest(words), self.assertRaisesRegex(SLIP, words):
			factories.opportunity(**values)

	def test_a_slip_is_named_with_its_field(self):
		yesterday, soon = add_days(today(), -1), add_days(today(), 40)
		past = add_to_date(now_datetime(), days=-2)
		self.refused("Apply by: choose a day that is still", apply_by=yesterday)
		self.refused("When they decide: choose a day that is still", decision_date=yesterday)
		self.refused("Apply by: choose a day before", apply_by=soon)
		self.refused(
			"row 1: choose a day that is still",
			dates=[{"starts_on": past, "ends_on": add_to_date(past, hours=1)}],
		)
		self.refused("Places: write a number from 1", places=0)
		self.refused("Places|negative", places=-3)
		self.refused("Hours per person: write a number from 0 to 1000", hours=1_000_000)
		self.refused("Budget: write an amount from £0 to £1,000,000", budget=10_000_000)
		self.refused("Budget|negative", budget=-1)
		self.refused("Access costs we know of: write an amount", access_costs=2_000_000)
		self.refused("Why we are doing this: at most 2000 letters", purpose="word " * 10_000)
		self.refused("Your role: at most 4000 letters", role_description="word " * 10_000)
		self.refused("Title: write plain words", title="<b>Come</b>")
		self.refused("Title: write plain words", title="Help <img src=x onerror=alert(1) ")
		self.refused("What you would do: write plain words", description="<script>alert(1)</script>")
		self.refused("Criteria, row 1: write plain words", criteria=[{"criterion": "<i>Kind</i>"}])
		self.refused("at most 60 dates", sessions=61)
		under = factories.opportunity(purpose="For people < 25 and > 16, and 3 <3")
		self.assertIn("25 and", under.purpose)

	def test_a_session_does_not_run_over_the_change_of_the_clocks(self):
		zone = frappe.utils.get_system_timezone()
		frappe.db.set_single_value("System Settings", "time_zone", "Europe/London")
		self.addCleanup(frappe.db.set_single_value, "System Settings", "time_zone", zone)
		frappe.clear_document_cache("System Settings", "System Settings")
		year = now_datetime().year + 1
		night = next(
			datetime(year, 10, day) for day in range(31, 24, -1) if datetime(year, 10, day).weekday() == 6
		)
		for start, end in ((0.5, 1.5), (1.25, 1.75), (-1, 5)):
			dates = [{"starts_on": add_to_date(night, hours=start), "ends_on": add_to_date(night, hours=end)}]
			self.refused("row 1: the clocks change", dates=dates, decision_date=None)
		after = {"starts_on": add_to_date(night, hours=9), "ends_on": add_to_date(night, hours=11)}
		self.assertEqual(len(factories.opportunity(dates=[after], decision_date=None).dates), 1)


class TestCoLeads(IntegrationTestCase):
	def test_co_production_names_somebody_with_lived_experience(self):
		"""Rows 1.1 and 2.2: partnership with people who use services; co-production is not claimed by staff alone."""
		doc = factories.opportunity(level="Co-production")
		with self.as_user(doc.lead), self.assertRaisesRegex(TransitionError, "under “Co-leads”"):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Submit for approval")
		doc = factories.co_lead(doc)
		with self.as_user(doc.lead):
			lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Submit for approval")
		# what is not built yet is said, and not passed over
		row = next(row for row in frappe.get_doc(doc.doctype, doc.name).gates if row.gate == "G10")
		self.assertEqual(row.result, "Pass")
		self.assertIn("when decisions are kept here", row.value)
		below = factories.opportunity(level="Co-design")
		self.assertEqual(next(row for row in below.gates if row.gate == "G10").result, "Warn")

	def test_who_may_be_named(self):
		doc = factories.opportunity()
		person = factories.participant()
		with self.as_user(doc.lead):
			mine = frappe.get_doc(doc.doctype, doc.name)
			mine.append("co_leads", {"participant": person.name, "told_how": "Phone", "agreed_on": today()})
			self.assertRaises(frappe.PermissionError, mine.save)  # nobody they may see
		later = add_days(today(), 1)
		frappe.db.set_value(person.doctype, person.name, "is_community", 1)  # test set-up
		for values, words in (
			({"agreed_on": today()}, "row 1: choose somebody with lived experience"),
			({"agreed_on": later, "participant": factories.participant().name}, "row 1: “Said yes on”"),
		):
			with self.subTest(words), self.as_user(factories.staff(roles.COORDINATOR)):
				mine = frappe.get_doc(doc.doctype, doc.name)
				mine.append("co_leads", {"participant": person.name, "told_how": "Phone", **values})
				self.assertRaisesRegex(SLIP, words, mine.save)

	def test_whoever_leaves_leads_nothing_and_a_copy_takes_nobody_over(self):
		person = factories.participant()
		doc = factories.co_lead(factories.opportunity(), person)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			made = plan_again.plan_again(doc.name)["name"]
			departures.leave(person.name, "Phone")
		for name in (doc.name, made):
			self.assertEqual(frappe.get_doc(doc.doctype, name).co_leads, [])


class TestPlannedAgain(IntegrationTestCase):
	def test_a_draft_of_the_same_words_four_weeks_later(self):
		"""Row 4.1: opportunities grow: what was written for last time is the start of the next."""
		doc = factories.opportunity(
			"Published",
			sessions=2,
			days_ahead=30,
			budget=5001,
			apply_by=add_days(today(), 20),
			criteria=[{"criterion": "You like gardens"}],
			theme=factories.theme(),
		)
		factories.engagement(doc, factories.participant())
		coordinator = factories.staff(roles.COORDINATOR)
		with self.as_user(coordinator):
			told = plan_again.plan_again(doc.name, str(add_days(doc.first_date(), 28)))
		made = frappe.get_doc(doc.doctype, told["name"])
		for fieldname in (
			"title",
			"purpose",
			"budget",
			"rate_rule",
			"theme",
			"level",
			"places",
			"decision_maker",
		):
			self.assertEqual(made.get(fieldname), doc.get(fieldname), fieldname)
		self.assertEqual([row.criterion for row in made.criteria], ["You like gardens"])
		self.assertEqual((made.status, made.lead, made.owner), ("Draft", coordinator, coordinator))
		self.assertEqual((made.places_confirmed, made.overrides, made.approved_by), (0, 0, None))
		self.assertEqual(
			[(row.starts_on, row.ends_on) for row in made.dates],
			[(add_days(row.starts_on, 28), add_days(row.ends_on, 28)) for row in doc.dates],
		)
		self.assertEqual(str(made.apply_by), str(add_days(doc.apply_by, 28)))
		self.assertEqual(str(made.decision_date), str(add_days(doc.decision_date, 28)))
		self.assertFalse(made.published_on or made.submitted_by or made.edited_by)
		self.assertIn("Not taken over: who took part", " ".join(told["left_out"]))
		self.assertIn("You lead it", " ".join(told["left_out"]))
		note = {"reference_name": made.name, "comment_type": "Info"}
		self.assertIn(doc.name, " ".join(frappe.get_all("Comment", note, pluck="content")))

	def test_without_a_first_date_the_days_are_left_out_and_said_so(self):
		doc = factories.opportunity(rate_rule=factories.rate_rule(valid_to=today()))
		frappe.db.set_value(
			"Payment Rate Rule", doc.rate_rule, "valid_to", add_days(today(), -1)
		)  # test set-up
		with self.as_user(doc.lead):
			told = plan_again.plan_again(doc.name)
			self.assertRaisesRegex(SLIP, "First date: choose", plan_again.plan_again, doc.name, "2020-01-01")
		made = frappe.get_doc(doc.doctype, told["name"])
		self.assertEqual((made.dates, made.apply_by, made.decision_date), ([], None, None))
		self.assertIn("Left out: the dates, “When they decide”", " ".join(told["left_out"]))
		self.assertIn("Choose another rate rule", " ".join(told["look_at"]))

	def test_only_from_what_one_may_read(self):
		draft = factories.opportunity()
		for who in (factories.another(roles.OWNER), factories.staff(roles.BUDGET_HOLDER), "Guest"):
			for name in (draft.name, "IO-99999"):
				with self.subTest(who), self.as_user(who), self.assertRaises(frappe.PermissionError):
					plan_again.plan_again(name)


class TestCosts(IntegrationTestCase):
	def test_the_sum_is_said_in_words_and_the_budget_is_held_to_it(self):
		"""Row 0.10: planned well: places × (time with preparation + expenses + access), said as a sentence."""
		doc = factories.opportunity(sessions=2, places=3, preparation_hours=1, budget=300)
		# 3 × (5 h × £15 + 2 × £10 expenses + 2 × £5 access)
		self.assertEqual(doc.estimate, 315)
		said = costs.in_words(doc)
		self.assertIn("3 places × (£75.00 for 4 hours and 1 hours of preparation", said)
		self.assertIn("£20.00 for expenses + £10.00 for access) = £315.00.", said)
		self.assertIn("The budget is £300.00: £15.00 too little.", said)
		self.assertIn("£315.00", next(row for row in doc.gates if row.gate == "G4").how_to_fix)
		for values, total, words in (
			({"access_costs": 20}, 315, "£10.00 for access)"),
			({"access_costs": 400}, 685, ") + £400.00 for access = £685.00."),
			({"access_costs": 0, "expenses_covered": 0}, 255, "The budget of £300.00 covers it."),
			({"rate_rule": factories.rate_rule("No payment", 0)}, 30, "3 places × (no payment + £10.00"),
			({"rate_rule": factories.rate_rule("Flat per session", 12)}, 102, "£24.00 for their time"),
		):
			with self.subTest(words):
				doc.update(values)
				doc.save()
				self.assertEqual(doc.estimate, total)
				self.assertIn(words, costs.in_words(doc))


class TestAsPeopleSeeIt(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.open, cls.registered, cls.invited = (
			cls.opportunity(visibility=who) for who in ("Public", "Registered", "Invited")
		)
		cls.draft = factories.opportunity("Draft")

	def attached(self, doc, name: str = "easy.pdf"):
		return frappe.get_doc(
			{
				"doctype": "File",
				"file_name": name,
				"content": factories.pdf(),
				"is_private": 1,
				"attached_to_doctype": doc.doctype,
				"attached_to_name": doc.name,
			}
		).insert(ignore_permissions=True)  # a factory

	def refused(self, field: str) -> str:
		"""What is said to who hands in an opportunity without `field`."""
		doc = factories.opportunity()
		with self.as_user(doc.lead):
			doc = frappe.get_doc(doc.doctype, doc.name)
			doc.set(field, None)
			doc.save()
			with self.assertRaises(frappe.ValidationError) as said:
				lifecycle.apply(doc, "Submit for approval")
		return str(said.exception)

	def test_how_accessible_it_is_and_who_supports_people(self):
		"""Row 4.3: an accessible, welcoming and safe environment: nothing is handed in that does not say so, and people
		read it before they apply."""
		for field, label in (("access_statement", "Access"), ("support_contact", "Who to talk to")):
			with self.subTest(field):
				self.assertIn(label, self.refused(field))
		told = {"access_statement": "Step-free, and breaks", "support_contact": "Sam, at the front desk"}
		path = f"/take-part/opportunities/{factories.opportunity('Published', **told).name}"
		self.refresh()
		page = self.guest.get(path)
		for words in told.values():
			self.assertIn(words, page.html)

	def test_a_consultation_says_who_decides_and_what_people_can_change(self):
		"""Row 4.4: consultations on the design and development of services: before people answer, they read what is
		open, what is not, who decides and when."""
		for field in ("what_can_change", "what_cannot_change", "decision_maker", "decision_date"):
			with self.subTest(field):
				self.assertTrue(self.refused(field))
		doc = factories.opportunity("Published", opportunity_type="Consultation", decision_maker="The board")
		self.refresh()
		page = self.guest.get(f"/take-part/opportunities/{doc.name}")
		for words in (doc.what_can_change, doc.what_cannot_change, "The board", "Consultation"):
			self.assertIn(words, page.html)
		self.assertIn(frappe.utils.format_date(doc.decision_date, "d MMMM yyyy"), page.html)

	def test_it_is_shown_where_the_opportunity_is(self):
		"""Row 0.15: an easy-read version, for whoever sees the opportunity and nobody else."""
		doc = factories.opportunity()
		url = self.attached(doc).file_url
		doc = frappe.get_doc(doc.doctype, doc.name)
		doc.easy_read = url
		doc.save()
		path = f"/take-part/opportunities/{doc.name}"
		self.refresh()
		self.assertEqual(self.guest.get(f"{path}/easy-read").status, 404)
		frappe.db.set_value(doc.doctype, doc.name, "status", "Published")  # test set-up
		self.refresh()
		self.assertIn("Read about it in easy read", self.guest.get(path).text())
		file = self.guest.get(f"{path}/easy-read")
		self.assertEqual((file.status, file.headers["Content-Type"]), (200, "application/pdf"))
		self.assertIn("attachment", file.headers["Content-Disposition"])
		# another document's file is not handed out, whatever the field says
		secret = self.attached(factories.participant()).file_url
		frappe.db.set_value(doc.doctype, doc.name, "easy_read", secret)
		self.refresh()
		self.assertEqual(self.guest.get(f"{path}/easy-read").status, 404)

	def test_staff_see_the_very_page_before_it_is_published(self):
		"""Row 0.5: inclusive and meaningful: one page in plain English, looked at before anybody else sees it."""
		author = factories.another(roles.OWNER)
		update_password(author, PASSWORD)
		doc = factories.opportunity(author=author, criteria=[{"criterion": "You like gardens"}])
		path = f"/take-part/opportunities/{doc.name}"
		self.refresh()
		lead = Visitor().sign_in(author)
		page = lead.get(f"{path}/preview")
		self.assertEqual(page.status, 200)
		for words in (
			"This is how people will see it",
			"How it reads:",
			"You like gardens",
			"The Old Library",
		):
			self.assertIn(words, page.text())
		self.assertFalse([link for link in page.all("a") if (link.get("href") or "").endswith("/apply")])
		for visitor in (self.guest, self.signed_in()):
			self.assertEqual(visitor.get(f"{path}/preview").status, 404)
			self.assertEqual(visitor.get(path).status, 404)
		opportunities.make_sessions(frappe.get_doc(doc.doctype, doc.name))
		frappe.db.set_value(
			doc.doctype, doc.name, {"status": "Published", "lead": "", "owner": "Administrator"}
		)
		self.refresh()
		public = self.guest.get(path)
		self.assertEqual(*([part.text for part in seen.all("h2")] for seen in (page, public)))
		# by their own right in the desk: a draft of somebody else is not theirs
		frappe.db.set_value(doc.doctype, doc.name, "status", "Draft")
		self.refresh()
		self.assertEqual(lead.get(f"{path}/preview").status, 404)
		self.forget_sign_ins(author)

	def test_who_an_opportunity_is_for_holds_by_every_way_in(self):
		"""Row 0.13: public, registered, invited: in the list, on its page, its file, its preview, and in applying."""
		me, stranger = self.signed_in(), Visitor().sign_in(self.other.user)
		form = me.get(f"/take-part/opportunities/{self.open.name}/apply").fields()
		listed = [visitor.get("/take-part/opportunities").html for visitor in (self.guest, me)]
		before = self.rows()["Involvement Application"]
		for doc, for_guests, for_members in (
			(self.open, True, True),
			(self.registered, False, True),
			(self.invited, False, False),
			(self.draft, False, False),
		):
			doc = frappe.get_doc(doc.doctype, doc.name)
			frappe.db.set_value(
				doc.doctype, doc.name, "easy_read", self.attached(doc).file_url
			)  # test set-up
			self.refresh()
			path = f"/take-part/opportunities/{doc.name}"
			self.assertEqual([f'{path}"' in html for html in listed], [for_guests, for_members])
			for visitor, sees in ((self.guest, for_guests), (me, for_members), (stranger, for_members)):
				for way in ("", "/easy-read"):
					with self.subTest(doc.visibility, way=way):
						self.assertEqual(visitor.get(path + way).status, 200 if sees else 404)
				self.assertEqual(visitor.get(f"{path}/preview").status, 404)
			if not for_members:
				self.assertEqual(me.get(f"{path}/apply").status, 404)
				self.assertEqual(me.post(f"{path}/apply", form).status, 404)
			self.assertEqual(self.guest.post(f"{path}/apply", form).status, 303)  # signs in first
		self.assertEqual(self.rows()["Involvement Application"], before)

	def test_who_leads_it_with_us_reads_the_draft_and_stops_when_they_like(self):
		"""Row 2.2: an equal role in designing: the plan is theirs to read from the first draft; row 0.14: a no costs
		nothing."""
		doc = factories.co_lead(factories.opportunity(level="Co-production"), self.me)
		self.refresh()
		path = f"/take-part/my/leading/{doc.name}"
		me = self.signed_in()
		self.assertIn(path, me.get("/take-part/my").html)
		self.assertIn("staff together with people with lived experience", me.get(path).text())
		other = Visitor().sign_in(self.other.user)
		self.assertEqual((other.get(path).status, other.post(path, {}).status), (404, 403))
		self.assertEqual(other.post(path, other.get("/take-part/my/details").fields()).status, 404)
		self.assertEqual(other.get(f"{path}/easy-read").status, 404)
		self.assertEqual(me.submit(path).goes_to, "/take-part/my?done=not-leading")
		self.refresh()
		stood, doc = doc, frappe.get_doc(doc.doctype, doc.name)
		self.assertEqual((doc.co_leads, next(r for r in doc.gates if r.gate == "G10").result), ([], "Fail"))
		self.assertEqual(me.get(path).status, 404)
		trail = {"ref_doctype": doc.doctype, "docname": doc.name}
		self.assertNotIn(self.me.name, str(frappe.get_all("Version", trail, pluck="data")))
		told = {"recipient": doc.lead, "template": "Involvement co-lead stopped"}
		self.assertNotIn(self.me.preferred_name, frappe.get_value("Involvement Message", told, "body"))
		with self.assertRaises(frappe.TimestampMismatchError):
			stood.save()  # a form that was open does not write them in again

	def test_only_a_file_that_the_author_may_read(self):
		doc = factories.opportunity()
		secret = self.attached(factories.participant()).file_url
		public = "/files/leaflet.pdf"
		for address, words in (
			(secret, "upload the file here"),
			(public, "upload the file here"),
			("/private/files/a.html", "choose a PDF"),
		):
			doc = frappe.get_doc(doc.doctype, doc.name)
			doc.easy_read = address
			with self.as_user(factories.staff(roles.OWNER)), self.assertRaisesRegex(SLIP, words):
				doc.save()
