"""Doctypes are named along the directions that imports follow too; each exception has a reason and still stands."""

import unittest
from collections.abc import Iterator

from involvement_app.tests.gates import directions
from involvement_app.tests.gates.directions import APP, MECHANISMS, PAYMENTS, PORTAL, VOICE, may_know
from involvement_app.tests.gates.source import ROOT, Python, doctypes, files, hooks, python_files


def against_the_direction(found: Iterator[directions.Knowledge]) -> Iterator[directions.Knowledge]:
	ours = doctypes()
	for each in found:
		room = directions.room_of_file(each.file, ours)
		if room and not may_know(room, directions.room_of_doctype(ours[each.doctype])):
			yield each


def everything() -> Iterator[directions.Knowledge]:
	names = set(doctypes())
	for file in python_files():
		yield from directions.in_python(file, names)
	for ending, reader in (
		(".js", directions.in_text),
		(".html", directions.in_text),
		(".json", directions.in_json),
	):
		for path in files(ending):
			yield from reader(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"), names)


class TestDirections(unittest.TestCase):
	maxDiff = None

	def test_no_room_names_a_doctype_it_may_not_know(self):
		strays = [
			str(each)
			for each in against_the_direction(everything())
			if (each.file, each.doctype) not in directions.EXCEPTIONS
		]
		self.assertEqual(strays, [])

	def test_every_exception_still_stands(self):
		there = {(each.file, each.doctype) for each in against_the_direction(everything())}
		self.assertEqual(set(directions.EXCEPTIONS) - there, set())

	def test_a_hook_sends_a_doctype_only_where_it_may_be_known(self):
		ours, strays = doctypes(), []
		for hook, doctype, path in directions.hook_paths(hooks()):
			file = directions.file_of(path, ROOT)
			self.assertTrue(file, f"{hook}: {path} is no file")
			room = directions.room_of_file(file.relative_to(ROOT).as_posix(), ours)
			if doctype in ours and not may_know(room, directions.room_of_doctype(ours[doctype])):
				strays.append(f"{hook}: {doctype}: {path}")
		self.assertEqual(strays, [])

	def test_every_file_and_doctype_has_a_room(self):
		ours = doctypes()
		for path in (*files(".py"), *files(".js"), *files(".html"), *files(".json")):
			name = path.relative_to(ROOT).as_posix()
			with self.subTest(name):
				directions.room_of_file(name, ours)
		self.assertEqual(set(directions.OF_THE_MECHANISMS) - set(ours), set())
		self.assertEqual(set(map(directions.room_of_doctype, ours.values())) - set(directions.KNOWS), set())


class TestTheReading(unittest.TestCase):
	"""Planted faults: each is seen, and goes against the direction."""

	def strays(self, found) -> list[str]:
		return [each.doctype for each in against_the_direction(found)]

	def test_a_name_in_python(self):
		names = set(doctypes())
		for text in (
			"frappe.get_doc('Involvement Payment', name)",
			"frappe.qb.DocType('Involvement Payment')",
			"FILTERS = {'doctype': 'Involvement Payment'}",
			"frappe.db.sql('select name from `tabInvolvement Payment`')",
			"redirect('/app/involvement-payment/' + name)",
		):
			for file in ("involvement_app/involvement_app/places.py", "involvement_app/lifecycle/engine.py"):
				with self.subTest(f"{file}: {text}"):
					found = directions.in_python(Python(file, text), names)
					self.assertEqual(self.strays(found), ["Involvement Payment"])

	def test_what_runs_along_the_direction_is_left_alone(self):
		names = set(doctypes())
		for file, text in (
			("involvement_app/involvement_payments/accrual.py", "'Involvement Session'"),
			("involvement_app/portal/reads.py", "'Involvement Payment'"),
			("involvement_app/messages/dispatcher.py", "'Involvement Settings'"),
			("involvement_app/lifecycle/engine.py", '"""About Involvement Payment."""'),
			("involvement_app/involvement_app/places.py", "'Involvement Payments of all kinds'"),
			("involvement_app/involvement_app/test_places.py", "'Involvement Payment'"),
		):
			with self.subTest(f"{file}: {text}"):
				self.assertEqual(self.strays(directions.in_python(Python(file, text), names)), [])

	def test_a_name_in_a_script_or_a_page(self):
		file = "involvement_app/involvement_app/doctype/involvement_session/involvement_session.js"
		for text in (
			'frappe.new_doc("Involvement Payment");',
			"frappe.set_route('/app/involvement-payment')",
		):
			with self.subTest(text):
				found = directions.in_text(file, text, set(doctypes()))
				self.assertEqual(self.strays(found), ["Involvement Payment"])

	def test_a_link_or_table_option(self):
		file = "involvement_app/involvement_app/doctype/involvement_session/involvement_session.json"
		text = (
			'{"doctype": "DocType", "name": "Involvement Session", "fields": '
			'[{"fieldtype": "Link", "options": "Involvement Payment", "label": "Involvement Payment"}]}'
		)
		self.assertEqual(
			self.strays(directions.in_json(file, text, set(doctypes()))), ["Involvement Payment"]
		)

	def test_a_shortcut_on_a_workspace(self):
		file = "involvement_app/involvement_app/workspace/involvement/involvement.json"
		for text in (
			'{"shortcuts": [{"link_to": "Involvement Payment", "type": "DocType"}]}',
			r'{"content": "[{\"data\": {\"doctype\": \"Involvement Payment\"}}]"}',
		):
			with self.subTest(text):
				found = directions.in_json(file, text, set(doctypes()))
				self.assertEqual(self.strays(found), ["Involvement Payment"])

	def test_a_hook(self):
		planted = {
			"doc_events": {
				"Involvement Payment": {"on_update": "involvement_app.involvement_app.places.offer"}
			},
			"after_job": ["involvement_app.portal.links.forget_old"],
			"_private": ["involvement_app.nowhere"],
		}
		self.assertEqual(
			list(directions.hook_paths(planted)),
			[
				("doc_events", "Involvement Payment", "involvement_app.involvement_app.places.offer"),
				("after_job", None, "involvement_app.portal.links.forget_old"),
			],
		)
		self.assertFalse(may_know(APP, PAYMENTS))
		self.assertIsNone(directions.file_of("involvement_ap.places.offer", ROOT))

	def test_the_directions_themselves(self):
		for room, other, allowed in (
			(PAYMENTS, APP, True),
			(APP, PAYMENTS, False),
			(PAYMENTS, VOICE, False),
			(VOICE, PAYMENTS, False),
			(PORTAL, PAYMENTS, True),
			(PAYMENTS, PORTAL, False),
			(APP, MECHANISMS, True),
			(MECHANISMS, APP, False),
		):
			with self.subTest(f"{room} and {other}"):
				self.assertEqual(may_know(room, other), allowed)

	def test_a_new_room_needs_a_place(self):
		with self.assertRaises(KeyError):
			directions.room_of_file("involvement_app/newcomer/code.py", doctypes())


if __name__ == "__main__":
	unittest.main()
