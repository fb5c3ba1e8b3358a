"""Nothing of a score leaves its own rows before all are in: by mail, socket, log, search or print; and what others are
answered, and what it costs to answer them, is the same whoever has scored (row 4.8)."""

import json
from contextlib import contextmanager

import frappe
import frappe.client
from frappe import realtime
from frappe.desk import reportview
from frappe.utils import global_search
from frappe.utils.background_jobs import get_redis_connection_without_auth

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.doctype.recruitment_panel.test_recruitment_panel import PanelTestCase
from involvement_app.involvement_app.panels import desk, scores
from involvement_app.permissions import doors
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import counted_queries

SECRET = "Zebrafish words"
OWN_ROWS = {"tabPanel Score", "tabPanel Score Line"}
# what only says again the name that one brings
ASKED_BY_NAME = ("link title", "validate link")
TEXT_TYPES = ("varchar", "text", "mediumtext", "longtext", "json", "char", "tinytext")


@contextmanager
def what_goes_out():
	"""Everything that is said on a socket meanwhile, or would be at the commit."""
	said: list[str] = []
	before = len(getattr(frappe.local, "_realtime_log", []))
	with get_redis_connection_without_auth().pubsub() as listener:
		listener.subscribe("events")
		listener.get_message(timeout=5)  # that we listen now
		yield said
		said += [frappe.as_json(each) for each in getattr(frappe.local, "_realtime_log", [])[before:]]
		while message := listener.get_message(ignore_subscribe_messages=True, timeout=0.3):
			said.append(frappe.as_unicode(message["data"]))


def where_is(*words: str) -> set[str]:
	"""Every table that holds one of `words` in a column of text, past every right."""
	columns: dict[str, list[str]] = {}
	# of the database itself, which no right covers
	for table, column in frappe.db.sql(
		"""select table_name, column_name from information_schema.columns
		where table_schema = database() and data_type in %s""",
		(TEXT_TYPES,),
	):
		columns.setdefault(table, []).append(column)
	found = set()
	for name, fields in columns.items():
		table = frappe.qb.Table(name)
		# one by one: every table there is
		holds = [table[field].like(f"%{word}%") for field in fields for word in words]
		condition = holds[0]
		for other in holds[1:]:
			condition |= other
		if frappe.qb.from_(table).select(table[fields[0]]).where(condition).limit(1).run():
			found.add(name)
	return found


class TestHidden(PanelTestCase):
	def made_once(self):
		super().made_once()
		self.one, self.two = factories.staff(roles.PANEL_MEMBER), factories.another(roles.PANEL_MEMBER)
		self.person = factories.participant(used_services=1, portal=True)
		self.panel = factories.recruitment_panel(
			"Scoring", people=(self.person, None), colleagues=[self.one, self.two]
		)

	def score(self, who: str | None = None, reference: str = "C-1"):
		return factories.panel_score(self.panel, who or self.one, reference, words=SECRET)

	def test_it_is_in_no_other_table_of_the_database(self):
		"""Row 4.8: no mail, no message, no version, no log, no comment, no search index."""
		first = self.score()
		own = scores.put  # the person's own, in the portal
		with self.as_user(self.person.user):
			own(
				self.panel.name,
				"C-2",
				{
					"answer": "Scored",
					"appointable": "Not appointable",
					"words": SECRET,
					"scores": {row.criterion: "0" for row in self.panel.criteria},
				},
			)
		changed = self.score()
		self.assertEqual(changed.name, first.name)
		global_search.sync_global_search()
		self.assertEqual(where_is(SECRET) - OWN_ROWS, set())
		self.assertEqual(where_is(first.name) - OWN_ROWS, set())
		# and this look does find what is there
		self.assertIn("tabRecruitment Panel", where_is(self.panel.name))
		self.assertIn("tabPanel Score", where_is(SECRET))

	def test_no_socket_says_that_there_is_one(self):
		with what_goes_out() as said:
			score = self.score()
			self.score(reference="C-2")
			with self.as_user(self.one):
				score.reload()
				score.words = f"{SECRET}, and more"
				score.save()
			frappe.publish_realtime("involvement_heard", {"we": "listen"})
		self.assertTrue([each for each in said if "involvement_heard" in each])
		for secret in (SECRET, score.name, panels.SCORE, self.one, self.panel.name):
			self.assertFalse([each for each in said if secret in each], secret)
		with what_goes_out() as said:
			self.edit(self.panel, lambda doc: doc.update({"about": "A new word"}))
		self.assertTrue([each for each in said if self.panel.name in each], "what others may know is said")

	def test_nobody_else_may_listen_to_it(self):
		score = self.score()
		# version 16 calls the same door by another name
		door = getattr(realtime, "can_subscribe_doc", None) or realtime.has_permission
		for user in self.everybody_else():
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				door(panels.SCORE, score.name)

	def test_a_candidate_of_another_panel_is_found_by_no_search(self):
		"""Row 4.8: not by who sits on another; HR officers, who may, find it by the same searches."""
		panel = factories.recruitment_panel(
			post="Zebrawood keeper", colleagues=[factories.another(roles.PANEL_MEMBER)]
		)
		named = {"reference": "ZEB-77", "initials": "ZQX"}
		self.edit(panel, lambda doc: doc.candidates[0].update(named))
		candidate = frappe.db.get_value(panels.CANDIDATE, {"parent": panel.name, **named})
		searches = {
			"autocomplete": lambda: doors.search_link(panels.PANEL, "Zebra"),
			"by reference": lambda: doors.search_link(panels.CANDIDATE, "ZEB"),
			"the table": lambda: doors.search_widget(
				panels.CANDIDATE, "ZQX", searchfield="initials", filters=json.dumps({"initials": "ZQX"})
			),
			"panels by candidate": lambda: frappe.client.get_list(
				panels.PANEL, filters=json.dumps([[panels.CANDIDATE, "reference", "=", "ZEB-77"]])
			),
			"rows": lambda: frappe.client.get_list(
				panels.CANDIDATE, filters=json.dumps({"reference": "ZEB-77"}), parent=panels.PANEL
			),
			"global search": lambda: global_search.search("ZEB-77"),
		}

		def answer(name: str) -> str:
			# releases of Frappe differ in where an answer stands
			frappe.response.pop("results", None)
			return frappe.as_json([searches[name](), frappe.response.get("results")])

		with self.as_user(factories.staff(roles.HR_OFFICER)):
			for name, found in (
				("autocomplete", panel.name),
				("panels by candidate", panel.name),
				("rows", candidate),
			):
				self.assertIn(found, answer(name), name)
		for user in (self.two, self.person.user, *factories.others()):
			for name in searches:
				with self.subTest(f"{user}: {name}"), self.as_user(user):
					try:
						said = answer(name)
					except (frappe.PermissionError, frappe.ValidationError):
						continue
					for secret in (panel.name, candidate, "ZEB-77", "ZQX"):
						self.assertNotIn(secret, said)

	def everybody_else(self) -> tuple[str, ...]:
		return (
			self.two,
			self.person.user,
			factories.staff(roles.HR_OFFICER),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			*factories.others(),
		)

	def doors(self, name: str) -> dict:
		"""More ways that the desk has of asking about a row, than `test_attacks` opens."""
		score = {"doctype": panels.SCORE}

		def list_of(method, **asked):
			frappe.local.form_dict = frappe._dict(score, **asked)
			answer = method()
			return [answer, frappe.response.get("result"), frappe.response.get("filecontent")]

		def export():
			asked = {"fields": json.dumps(["name", "words"]), "file_format_type": "CSV", "title": "Scores"}
			return list_of(reportview.export_query, **asked)

		def report_builder():
			return list_of(reportview.get, fields=json.dumps(["name", "words", "total"]), view="Report")

		def stats():
			return reportview.get_stats(json.dumps(["candidate", "member_name"]), panels.SCORE)

		def pdf():
			frappe.get_attr("frappe.utils.print_format.download_pdf")(panels.SCORE, name)
			return frappe.response.get("filecontent") and "a file"

		return {
			"link title": lambda: doors.get_link_title(panels.SCORE, name),
			"autocomplete": lambda: doors.search_link(panels.SCORE, "Zebra"),
			"search": lambda: doors.search_widget(
				panels.SCORE, "Zebra", searchfield="words", filters=json.dumps({"words": ["like", "Zebra%"]})
			),
			"validate link": lambda: frappe.client.validate_link(
				panels.SCORE, name, json.dumps(["words", "total"])
			),
			"global search": lambda: global_search.search("Zebrafish"),
			"by group": lambda: doors.get_group_by_count(panels.SCORE, "[]", "member_name"),
			"stats": stats,
			"form": lambda: doors.getdoc(panels.SCORE, name) or frappe.response.get("docs"),
			"timeline": lambda: doors.get_docinfo(panels.SCORE, name) or frappe.response.get("docinfo"),
			"linked": lambda: doors.get_linked(panels.PANEL, self.panel.name),
			"export": export,
			"report builder": report_builder,
			"pdf": pdf,
			"pack": lambda: frappe.get_attr("frappe.www.printview.get_html_and_style")(
				doc=panels.PANEL, name=self.panel.name, print_format="Panel pack"
			)["html"],
		}

	def answer(self, door) -> str:
		try:
			return json.dumps(door(), default=str)
		except (frappe.PermissionError, frappe.DoesNotExistError, frappe.ValidationError) as refused:
			return f"refused: {type(refused).__name__}"
		finally:
			frappe.local.form_dict = frappe._dict()
			frappe.clear_messages()
			for key in ("docs", "docinfo", "result", "filecontent"):
				frappe.response.pop(key, None)

	def test_no_further_door_of_the_desk_shows_it(self):
		name = self.score().name
		for user in self.everybody_else():
			with self.as_user(user):
				for label, door in self.doors(name).items():
					said = self.answer(door)
					with self.subTest(label, user=user):
						for secret in (SECRET, "Kind and", "a file"):
							self.assertNotIn(secret, said)
						if label not in ASKED_BY_NAME:
							self.assertNotIn(name, said)

	def test_whoever_has_scored_others_are_answered_the_same_at_the_same_cost(self):
		"""Row 4.8: neither what a page says, nor how much it asks of the database, tells whose score is there."""
		asked = {
			"standing": lambda: desk.standing(self.panel.name),
			"sheet": lambda: desk.sheet(self.panel.name),
			"panel": lambda: frappe.client.get(panels.PANEL, self.panel.name),
			"list": lambda: frappe.client.get_list(panels.PANEL, fields=["*"], limit_page_length=0),
			"scores": lambda: frappe.client.get_list(panels.SCORE, fields=["*"], limit_page_length=0),
			"members": lambda: frappe.client.get_list(
				panels.MEMBER, fields=["*"], parent=panels.PANEL, limit_page_length=0
			),
		}
		silent = self.two
		others = [(who, reference) for who, reference in sorted(scores.expected(self.panel)) if who != silent]
		found = {}
		for who, reference in others:
			frappe.db.savepoint("nobody")
			self.score(who, reference)
			with self.as_user(silent):
				for label, door in asked.items():
					self.answer(door)  # what Frappe keeps is there by now
					with counted_queries() as statements:
						said = self.answer(door)
					found.setdefault(label, {})[who, reference] = (said, len(statements))
			frappe.db.rollback(save_point="nobody")
		self.assertGreater(len(others), 4)
		for label, answers in found.items():
			with self.subTest(label):
				self.assertEqual(len(set(answers.values())), 1, answers)
		self.assertIn('"in": 1', found["standing"][others[0]][0])

	def test_its_name_is_told_to_nobody_and_made_by_chance(self):
		"""Frappe refuses a name that is there in other words than one that is not, so names must not be guessable."""
		ours = [self.score(reference=reference).name for reference in ("C-1", "C-2")]
		theirs = self.score(self.two).name
		for name in (*ours, theirs):
			self.assertRegex(name, r"^[0-9a-z]{10}$")
		self.assertEqual(len({*ours, theirs}), 3)
		self.assertEqual(frappe.get_meta(panels.SCORE).autoname, "hash")
		with self.as_user(self.two):
			self.assertEqual(frappe.get_list(panels.SCORE, pluck="name", limit=0), [theirs])
