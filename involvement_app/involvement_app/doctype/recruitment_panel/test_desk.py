"""What the forms of a panel ask for, by everybody who is not to: wrong role, another's panel, no login (rows 3.11, 4.8)."""

import frappe

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import desk, members, scores
from involvement_app.setup import roles
from involvement_app.tests import factories

SAID = {"answer": "Scored", "appointable": "Appointable", "words": "Kind"}


class TestDeskFunctions(PanelTestCase):
	def made_once(self):
		super().made_once()
		self.member, self.chair = factories.another(roles.PANEL_MEMBER), factories.staff(roles.PANEL_MEMBER)
		self.login = factories.another(factories.PORTAL)
		self.elsewhere = factories.another(roles.PANEL_MEMBER)
		factories.recruitment_panel(colleagues=[self.elsewhere])

	def panel(self, status: str):
		panel = factories.recruitment_panel(colleagues=[self.chair, self.member])

		def swap(doc):
			for row in doc.members:
				row.role = "Chair" if row.staff == self.chair else "Member"

		panel = self.edit(panel, swap)
		lived = self.lived(panel)[0]
		frappe.db.set_value("Involvement Participant", {"user": self.login}, "user", None)
		frappe.db.set_value("Involvement Participant", lived, "user", self.login)
		for action in factories.PANEL_STEPS[: ("Planned", "Scoring").index(status) * 3]:
			panel = self.step(panel, action)
		return panel

	def calls(self, panel) -> dict:
		lived = self.lived(panel)[1]
		outcomes = {row.reference: "Appointed" for row in panel.candidates}
		marks = {row.criterion: "2" for row in panel.criteria}
		return {
			"take_places": lambda: desk.take_places(panel.name),
			"declare": lambda: desk.declare(panel.name, ["C-1"]),
			"ask": lambda: desk.ask(panel.name, "Why us?"),
			"close": lambda: desk.close(panel.name, "In a hurry"),
			"decide": lambda: desk.decide(panel.name, outcomes, {}),
			"write_down": lambda: desk.write_down(panel.name, lived, "C-1", "Phone", SAID, marks),
		}

	def standing(self, panel) -> tuple:
		doc = frappe.get_doc(panel.doctype, panel.name)
		return (doc.as_json(), len(scores.given(panel.name)))

	def refused(self, panel, function: str, users) -> None:
		before = self.standing(panel)
		for user in users:
			with self.subTest(function, user=user), self.as_user(user):
				with self.assertRaises(frappe.PermissionError):
					self.calls(panel)[function]()
			frappe.clear_messages()
		self.assertEqual(self.standing(panel), before, function)

	def strangers(self) -> tuple:
		limited = factories.another(roles.HR_OFFICER)
		factories.limit(limited, factories.unit())
		return (
			"Guest",
			factories.user(),
			factories.another(factories.PORTAL),
			self.login,  # who sits on it does so on their page
			self.elsewhere,
			limited,
			*factories.others(),
		)

	def test_before_scoring_each_is_for_whom_it_is(self):
		panel = self.panel("Planned")
		offices = (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER))
		strangers = self.strangers()
		hr = factories.staff(roles.HR_OFFICER)
		self.refused(panel, "take_places", (*strangers, *offices, self.member, self.chair))
		for function in ("ask", "declare"):
			self.refused(panel, function, (*strangers, *offices, hr, "Administrator"))
		later = factories.place_on_a_panel(frappe.get_doc(panels.OPPORTUNITY, panel.opportunity))
		with self.hr():
			desk.take_places(panel.name)
		self.assertIn(later.name, self.lived(frappe.get_doc(panel.doctype, panel.name)))
		with self.as_user(self.member):
			desk.ask(panel.name, "Why us?")
			desk.declare(panel.name, ["C-1"])
		doc = frappe.get_doc(panel.doctype, panel.name)
		self.assertEqual((doc.questions[-1].question, doc.questions[-1].staff), ("Why us?", self.member))

	def test_while_it_scores_each_is_for_whom_it_is(self):
		"""Row 4.8: the chair closes and decides; HR writes down, and never who votes."""
		panel = self.panel("Scoring")
		offices = (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER))
		strangers = self.strangers()
		hr = factories.staff(roles.HR_OFFICER)
		for function in ("close", "decide"):
			self.refused(panel, function, (*strangers, *offices, hr, self.member, "Administrator"))
		self.refused(panel, "write_down", (*strangers, *offices, self.member, self.chair))
		with self.hr():
			self.calls(panel)["write_down"]()
		with self.as_user(self.chair):
			desk.close(panel.name, "Two are ill")
		doc = frappe.get_doc(panel.doctype, panel.name)
		self.assertEqual((doc.close_reason, len(scores.given(panel.name))), ("Two are ill", 1))

	def test_what_is_asked_for_in_another_way_is_refused_in_a_sentence(self):
		panel = self.panel("Scoring")
		lived = self.lived(panel)[1]
		marks = {row.criterion: "2" for row in panel.criteria}
		with self.hr():
			for told_how, said, given, words in (
				("By hearsay", SAID, marks, "How the person told us"),
				("Phone", "[1]", marks, "Answer: this cannot be read"),
				("Phone", SAID, "{", "Scores: this cannot be read"),
				("Phone", SAID, {**marks, "Is on time": "9"}, "choose 0, 1, 2 or 3"),
			):
				with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
					desk.write_down(panel.name, lived, "C-1", told_how, said, given)
			with self.assertRaises(frappe.PermissionError):
				desk.write_down(panel.name, factories.participant().name, "C-1", "Phone", SAID, marks)
			with self.assertRaises(frappe.PermissionError):
				desk.write_down(panel.name, self.member, "C-1", "Phone", SAID, marks)
		with self.as_user(self.chair), self.assertRaisesRegex(frappe.ValidationError, "cannot be read"):
			desk.decide(panel.name, "[]]", {})
		self.assertEqual(scores.given(panel.name), {})

	def test_a_panel_that_is_not_there_is_not_found(self):
		for function in ("take_places", "declare", "ask", "close"):
			with self.subTest(function), self.hr(), self.assertRaises(frappe.DoesNotExistError):
				getattr(desk, function)("RP-none", *([""] if function != "take_places" else []))


class TestAuthors(PanelTestCase):
	"""Whose question it is (row 3.11)."""

	def row(self, panel) -> tuple:
		row = frappe.get_doc(panel.doctype, panel.name).questions[-1]
		return (row.question, row.participant, row.staff, row.author)

	def test_staff_who_sit_on_it_and_hr_are_authors_of_their_own(self):
		member, hr = factories.staff(roles.PANEL_MEMBER), factories.staff(roles.HR_OFFICER)
		panel = factories.recruitment_panel(colleagues=[member])
		with self.as_user(member):
			desk.ask(panel.name, "What did you learn last?")
		name = frappe.db.get_value("User", member, "full_name")
		self.assertEqual(self.row(panel), ("What did you learn last?", None, member, name))
		self.edit(panel, lambda doc: doc.append("questions", {"question": "Can you drive?"}))
		name = frappe.db.get_value("User", hr, "full_name")
		self.assertEqual(self.row(panel), ("Can you drive?", None, hr, name))

	def test_a_forged_author_is_put_right(self):
		person = factories.participant(used_services=1, portal=True)
		panel = factories.recruitment_panel(people=(person, None))
		hr = factories.staff(roles.HR_OFFICER)
		name = frappe.db.get_value("User", hr, "full_name")
		forged = {"participant": person.name, "staff": None, "author": person.preferred_name}
		self.edit(panel, lambda doc: doc.append("questions", {"question": "Are you ill?", **forged}))
		self.assertEqual(self.row(panel), ("Are you ill?", None, hr, name))
		with self.as_user(person.user):
			members.write_question(panel.name, "What helps you?")
		own = ("What helps you?", person.name, None, person.preferred_name)
		self.assertEqual(self.row(panel), own)
		claimed = {"participant": None, "staff": hr, "author": "HR"}
		self.edit(panel, lambda doc: doc.questions[-1].update(claimed))
		self.assertEqual(self.row(panel), own)
		# whoever rewords it is its author from then on
		self.edit(panel, lambda doc: doc.questions[-1].update({"question": "What helps?", **forged}))
		self.assertEqual(self.row(panel), ("What helps?", None, hr, name))
