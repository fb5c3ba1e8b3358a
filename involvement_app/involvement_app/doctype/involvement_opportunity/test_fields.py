from datetime import datetime

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today

from involvement_app import lifecycle
from involvement_app.lifecycle import TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.portal.visitor import PortalTestCase

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
		enough = factories.opportunity("Submitted", level="Co-design")
		self.assertFalse(enough.reason_below_co_design)

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
		self.refused("Why we are doing this: at most 2000 letters", purpose="word " * 10_000)
		self.refused("Your role: at most 4000 letters", role_description="word " * 10_000)
		self.refused("Title: write plain words", title="<b>Come</b>")
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


class TestEasyRead(PortalTestCase):
	def attached(self, doc, name: str = "easy.pdf"):
		return frappe.get_doc(
			{
				"doctype": "File",
				"file_name": name,
				"content": b"%PDF-1.4 easy words " + frappe.generate_hash(length=8).encode(),
				"is_private": 1,
				"attached_to_doctype": doc.doctype,
				"attached_to_name": doc.name,
			}
		).insert(ignore_permissions=True)  # a factory

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
