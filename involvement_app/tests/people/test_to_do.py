"""“To do today”: what waits, the reader's own alone, at the same cost however much it is; and the workspace's figures."""

import json

import frappe
from frappe.desk.doctype.number_card import number_card
from frappe.utils import add_days, add_to_date, now_datetime, today

from involvement_app.involvement_app import to_do
from involvement_app.permissions import doors
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries


class TestToDo(IntegrationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		factories.empty_hands()
		cls.here, cls.elsewhere = factories.unit(), factories.unit()
		cls.coordinator, cls.newcomer = (factories.another(roles.COORDINATOR) for _each in range(2))
		cls.limit(cls.coordinator, cls.here)
		cls.made = {unit: cls.everything(unit) for unit in (cls.here, cls.elsewhere)}

	@classmethod
	def tearDownClass(cls):
		super().tearDownClass()
		frappe.clear_cache(user=cls.coordinator)  # others of the pool are not limited

	@classmethod
	def limit(cls, user: str, unit: str) -> None:
		factories.limit(user, unit)

	@classmethod
	def everything(cls, unit: str) -> dict[str, str]:
		"""One of each kind in this unit: {kind: name}."""
		me = factories.participant(units=(unit,))
		to_tell = factories.participant(units=(unit,), preferred_channel="Post", told=False)
		enquiry = factories.expression_of_interest(unit=unit, told_on=add_days(today(), -20))
		talk = factories.expression_of_interest(unit=unit)
		frappe.db.set_value(talk.doctype, talk.name, "status", "In conversation")
		question = factories.participant_question(me, asked_on=add_days(today(), -30))
		note = factories.participant_contact_note(
			me, happened_on=add_days(today(), -9), follow_up_on=add_days(today(), -3), follow_up="Ring again"
		)
		factories.participant_contact_note(me)  # nothing is to follow
		need = factories.access_requirement(me)
		frappe.db.set_value(need.doctype, need.name, "review_on", today())
		opportunity = factories.opportunity("Published", unit=unit)
		offer = factories.offer(opportunity, me)
		frappe.db.set_value(offer.doctype, offer.name, "reply_by", add_to_date(now_datetime(), hours=20))
		application = factories.application(factories.opportunity("Published", unit=unit), me)
		plan = factories.opportunity("Submitted", unit=unit, level="Co-design")
		past = factories.opportunity("Published", unit=unit)
		(session,) = frappe.get_all("Involvement Session", {"opportunity": past.name}, pluck="name")
		frappe.db.set_value("Involvement Session", session, "ends_on", add_days(now_datetime(), -1))
		(off,) = frappe.get_all("Involvement Session", {"opportunity": opportunity.name}, pluck="name")
		frappe.db.set_value(
			"Involvement Session", off, {"status": "Cancelled", "cancelled_payment": "Decided later"}
		)
		letter, lost = (cls.message(to_tell, status) for status in ("Waiting", "Not sent"))
		return {
			"enquiries": enquiry.name,
			"talks": talk.name,
			"questions": question.name,
			"follow-ups": note.name,
			"needs": need.name,
			"offers": offer.name,
			"applications": application.name,
			"free": application.opportunity,
			"reviews": factories.opportunity_reviewer(plan, me).name,
			"attendance": session,
			"called-off": off,
			"letters": factories.reference_letter(me).name,
			"takedowns": factories.takedown(me).name,
			"consents": cls.ends_soon(me),
			"outcomes": cls.took_place(me, unit),
			"publish": factories.opportunity("Approved", unit=unit).name,
			"notice": to_tell.name,
			"post": letter,
			"not-sent": lost,
		}

	@classmethod
	def ends_soon(cls, me) -> str:
		factories.media_consent(me, "Print", days=10)
		return frappe.db.get_value("Media Consent", {"participant": me.name, "channel": "Print"})

	@classmethod
	def took_place(cls, me, unit: str) -> str:
		doc = factories.assignment(factories.ambassador(me), "Accepted", about={"unit": unit})
		frappe.db.set_value(doc.doctype, doc.name, "takes_place_on", add_days(today(), -2))
		return doc.name

	@classmethod
	def message(cls, to, status: str) -> str:
		row = frappe.get_doc(
			doctype="Involvement Message",
			recipient_doctype=to.doctype,
			recipient=to.name,
			channel="Post",
			status=status,
			waits_since=now_datetime(),
		)
		row.set_new_name()
		row.db_insert()
		return row.name

	def seen_by(self, user: str) -> list[dict]:
		with self.as_user(user):
			return to_do.rows()["rows"]

	def test_what_waits_for_a_manager_is_on_a_managers_list(self):
		manager = factories.another(roles.MANAGER)
		self.limit(manager, self.here)
		plan = frappe.db.get_value("Opportunity Reviewer", self.made[self.here]["reviews"], "opportunity")
		kinds = [(row["kind"], row["name"]) for row in self.seen_by(manager)]
		self.assertIn(("approve", plan), kinds)
		self.assertNotIn("approve", [row["kind"] for row in self.seen_by(self.coordinator)])
		frappe.db.set_value("Involvement Opportunity", self.made[self.here]["free"], "places", 0)
		self.assertNotIn("free", [row["kind"] for row in self.seen_by(manager)])
		frappe.clear_cache(user=manager)  # others of the pool are not limited

	def test_each_sees_what_they_can_do_of_stories_and_ambassadors(self):
		role = factories.ambassador(status="Submitted")
		words = factories.story(status="Agreed")
		officer, manager = factories.staff(roles.COMMUNICATIONS), factories.staff(roles.MANAGER)
		seen = {
			user: {(row["kind"], row["name"]) for row in self.seen_by(user)} for user in (officer, manager)
		}
		self.assertIn(("ambassadors", role.name), seen[manager])
		self.assertNotIn(("ambassadors", role.name), seen[officer])
		self.assertIn(("words", words.name), seen[officer])
		self.assertNotIn(("words", words.name), seen[manager])
		self.assertIn(("takedowns", self.made[self.here]["takedowns"]), seen[officer])
		self.assertLessEqual(
			{kind for kind, _name in seen[officer]}, {"words", "takedowns", "consents", "outcomes"}
		)

	def test_all_that_waits_stands_on_one_page_the_oldest_first(self):
		"""Row 1.9: who asked or wrote is not forgotten: what waits for somebody stands on one list, with its day."""
		rows = self.seen_by(self.coordinator)
		mine = {row["kind"]: row["name"] for row in rows}
		self.assertEqual(mine, self.made[self.here])
		self.assertEqual(
			[row["kind"] for row in rows][:4], ["questions", "enquiries", "follow-ups", "attendance"]
		)
		groups = [row["group"] for row in rows]
		self.assertEqual(groups, sorted(groups, key=("late", "today", "soon", "open").index))
		self.assertEqual([row["kind"] for row in rows if row["title"] == row["name"]], [], "a name, no code")
		kinds = {kind["key"] for kind in self.kinds(self.coordinator)}
		self.assertEqual(kinds, set(mine))

	def kinds(self, user: str) -> list[dict]:
		with self.as_user(user):
			return to_do.rows()["kinds"]

	def test_of_the_readers_units_alone_and_for_nobody_else(self):
		"""Row 0.14: care staff see nothing at all of it."""
		elsewhere = set(self.made[self.elsewhere].values())
		self.assertFalse(elsewhere & {row["name"] for row in self.seen_by(self.coordinator)})
		self.assertLessEqual(elsewhere, {row["name"] for row in self.seen_by(factories.staff(roles.MANAGER))})
		care = factories.user("Sales User", "Desk User") if frappe.db.exists("Role", "Desk User") else None
		for user in (
			care or factories.user("Sales User"),
			factories.staff(roles.OWNER),
			factories.staff(factories.PORTAL),
		):
			with self.subTest(user), self.as_user(user):
				self.assertRaises(frappe.PermissionError, to_do.rows)
				self.assertFalse(frappe.get_doc("Page", "involvement-to-do").is_permitted())

	def test_it_costs_the_same_for_one_and_for_many(self):
		def asked() -> int:
			with self.as_user(self.coordinator), counted_queries() as queries:
				to_do.rows()
			return len(queries)

		few = (asked(), asked())[1]
		me = frappe._dict(doctype="Involvement Participant", name=self.made[self.here]["notice"])
		for _each in range(to_do.MOST + 1):
			self.message(me, "Waiting")
		for _each in range(5):
			factories.participant_question(factories.participant(units=(self.here,)))
			factories.expression_of_interest(unit=self.here)
		self.assertEqual(asked(), few)
		(post,) = (kind for kind in self.kinds(self.coordinator) if kind["key"] == "post")
		self.assertEqual((post["count"], post["more"]), (to_do.MOST, True))

	def test_an_empty_list_is_empty(self):
		self.limit(self.newcomer, factories.unit())
		self.assertEqual(self.seen_by(self.newcomer), [])

	# the workspace's own figures

	def test_cards_and_charts_count_what_the_reader_may_read(self):
		"""Row 0.14: no figure on the workspace counts people whom the reader may not see."""
		for card in (
			"Enquiries to answer",
			"Questions to answer",
			"Attendance to record",
			"People who take part",
		):
			doc = frappe.get_doc("Number Card", card)
			filters = json.loads(doc.filters_json)
			with self.subTest(card), self.as_user(self.coordinator):
				mine = number_card.get_result(doc.as_dict(), filters)
				own = frappe.get_list(doc.document_type, filters=filters, pluck="name", limit=0)
				self.assertEqual(mine, len(own))
			with self.as_user(factories.staff(roles.MANAGER)):
				self.assertGreater(number_card.get_result(doc.as_dict(), filters), mine)
		for chart in ("People by state", "Enquiries by month"):
			with self.subTest(chart):
				doctype = frappe.db.get_value("Dashboard Chart", chart, "document_type")
				with self.as_user(factories.staff(roles.MANAGER)):
					every = self.total(doors.get_chart(chart_name=chart, from_date="", to_date=""))
				with self.as_user(self.coordinator):
					mine = self.total(doors.get_chart(chart_name=chart))
					self.assertEqual(mine, len(frappe.get_list(doctype, pluck="name", limit=0)))
				self.assertGreater(every, mine, "not from a cache that all share")

	def total(self, chart: dict) -> float:
		return sum(sum(dataset["values"]) for dataset in chart["datasets"])

	def test_what_the_workspace_names_is_there_and_shown(self):
		workspace = frappe.get_doc("Workspace", "Involvement")
		shown = {
			value
			for block in json.loads(workspace.content)
			for key, value in block["data"].items()
			if key in ("shortcut_name", "card_name", "number_card_name", "chart_name")
		}
		there = {row.label for row in (*workspace.shortcuts, *workspace.number_cards, *workspace.charts)}
		there |= {row.label for row in workspace.links if row.type == "Card Break"}
		self.assertEqual(shown, there)

	def test_who_may_not_read_has_neither_card_nor_chart(self):
		for user in (factories.user("Sales User"), "it.support@example.com"):
			with self.subTest(user), self.as_user(user):
				for doctype, name in (
					("Number Card", "Enquiries to answer"),
					("Dashboard Chart", "People by state"),
				):
					self.assertFalse(frappe.has_permission(doctype, "read", name))
				self.assertRaises(frappe.PermissionError, doors.get_chart, chart_name="People by state")
		with self.as_user(self.coordinator):
			self.assertTrue(frappe.has_permission("Number Card", "read", "Enquiries to answer"))
