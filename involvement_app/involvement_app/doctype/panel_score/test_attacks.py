"""Reading another's score before all are in, by every door of the framework; and what a panel must never pay (row 4.8)."""

import json

import frappe
import frappe.client
from frappe.desk import reportview
from frappe.utils import today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import desk, scores
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories

SECRET = "Zebrafish words"


def printed_by_the_desk(doctype: str, name: str, print_format: str | None = None) -> str:
	"""What the desk's print view asks for."""
	door = frappe.get_attr("frappe.www.printview.get_html_and_style")
	return door(doc=doctype, name=name, print_format=print_format)["html"]


class TestAttacks(PanelTestCase):
	def made_once(self):
		super().made_once()
		self.one, self.two = factories.staff(roles.PANEL_MEMBER), factories.another(roles.PANEL_MEMBER)
		self.panel = factories.recruitment_panel("Scoring", colleagues=[self.one, self.two])
		self.score = factories.panel_score(self.panel, self.one, words=SECRET)

	def answers(self, door) -> str:
		try:
			return json.dumps(door(), default=str)
		except (frappe.PermissionError, frappe.DoesNotExistError):
			return ""
		finally:
			frappe.local.form_dict = frappe._dict()

	def doors(self) -> dict:
		name = self.score.name
		fields = ["name", "words", "total", "staff", "owner", "modified"]

		def report():
			frappe.local.form_dict = frappe._dict(
				doctype=panels.SCORE, fields=json.dumps(fields), start=0, page_length=20
			)
			return reportview.get()

		def count():
			return frappe.get_attr("involvement_app.permissions.doors.get_count")(
				panels.SCORE, {"words": ["like", "Zebra%"]}
			)

		def search():
			return frappe.get_attr("involvement_app.permissions.doors.search_link")(panels.SCORE, name)

		def printed():
			return printed_by_the_desk(panels.SCORE, name)

		return {
			"get_list": lambda: frappe.client.get_list(panels.SCORE, fields=fields),
			"get": lambda: frappe.client.get(panels.SCORE, name),
			"get_value": lambda: frappe.client.get_value(panels.SCORE, "words", name),
			"lines": lambda: frappe.client.get_list(panels.LINE, fields=["*"], parent=panels.SCORE),
			"report": report,
			"count": lambda: {"counted": n} if (n := count()) else "",
			"search": search,
			"print": printed,
			"standing": lambda: desk.standing(self.panel.name),
			"panel": lambda: frappe.client.get(panels.PANEL, self.panel.name),
			"decision record": lambda: printed_by_the_desk(panels.PANEL, self.panel.name, "Decision record"),
		}

	def test_no_door_shows_it_to_anybody_else(self):
		"""Row 4.8: hidden on every path."""
		own = {}
		with self.as_user(self.one):
			for name, door in self.doors().items():
				own[name] = self.answers(door)
		self.assertIn(SECRET, own["get_list"] + own["get"])
		for user in (
			self.two,
			factories.staff(roles.HR_OFFICER),
			factories.staff(roles.MANAGER),
			factories.another(factories.PORTAL),
		):
			with self.as_user(user):
				for name, door in self.doors().items():
					with self.subTest(user=user, door=name):
						said = self.answers(door)
						self.assertNotIn(SECRET, said)
						self.assertNotIn(self.score.name, said)
						self.assertNotIn("counted", said)

	def test_the_outbox_the_timeline_and_versions_tell_nothing(self):
		for doctype, fields in (
			("Involvement Message", ["subject", "body"]),
			("Comment", ["content"]),
			("Version", ["data"]),
			("Notification Log", ["subject"]),
		):
			with self.subTest(doctype):
				said = json.dumps(frappe.get_all(doctype, fields=fields, limit=0), default=str)
				self.assertNotIn(SECRET, said)
				self.assertNotIn(self.score.name, said)

	def test_the_bar_tells_neither_who_nor_when(self):
		with self.as_user(self.two):
			standing = desk.standing(self.panel.name)
			panel = frappe.client.get(panels.PANEL, self.panel.name)
		self.assertEqual(standing["bar"], {"in": 1, "of": 8})
		self.assertEqual(standing["results"], [])
		self.assertEqual(standing["scored"], [])
		self.assertEqual(str(panel["modified"]), str(self.panel.modified))

	def test_a_candidate_is_a_reference_and_initials_and_nothing_else(self):
		"""What there is of candidates leads to nobody: no name, no link to an application for the job. (With Frappe
		HR there is one more, of level 1: test_hrms.)"""
		fields = {
			df.fieldname: df.fieldtype for df in frappe.get_meta(panels.CANDIDATE).fields if not df.permlevel
		}
		self.assertEqual(set(fields), {"reference", "initials", "outcome", "reason"})
		self.assertNotIn("Link", fields.values())

	def test_a_trustee_is_paid_for_no_panel(self):
		"""Domain 1.4: a trustee sits on a panel as others do, and no money follows."""
		about = factories.opportunity(
			"Published",
			opportunity_type=factories.PANEL_TYPE,
			places=5,
			unit=factories.unit(budget_holder=payment_factories.budget_holder()),
		)
		trustee = factories.place_on_a_panel(
			about, factories.participant(used_services=1, trustee_or_connected=1)
		)
		other = factories.place_on_a_panel(about)
		factories.recruitment_panel("Scoring", (trustee, other), about=about)
		payment_factories.hold(about)
		paid = frappe.get_all("Involvement Payment", {"unit": about.unit}, pluck="participant")
		self.assertEqual(paid, [other.name])

	def test_a_member_who_left_the_panel_mid_way_reads_no_score(self):
		"""Whoever is on no panel reads none, whatever their role."""
		self.assertFalse(scores.own_of(self.panel, factories.another(roles.PANEL_MEMBER)))
		with self.as_user(factories.another(roles.PANEL_MEMBER)), self.assertRaises(frappe.PermissionError):
			desk.standing(self.panel.name)

	def test_declaring_for_somebody_else_is_not_possible(self):
		panel = factories.recruitment_panel(colleagues=[self.one])
		with self.as_user(self.two), self.assertRaises(frappe.PermissionError):
			desk.declare(panel.name, ["C-1"])
		with self.as_user(self.one):
			desk.declare(panel.name, ["C-1"])
		row = next(row for row in frappe.get_doc(panel.doctype, panel.name).members if row.staff == self.one)
		self.assertEqual(
			(row.stands_aside_for, str(row.interests_declared_on), row.recorded_by), ("C-1", today(), None)
		)
