"""Our own rules, applied to everything, and each shown what it must find and what it must leave alone."""

import re
import textwrap
import unittest

from involvement_app.tests.gates import rules
from involvement_app.tests.gates.source import ROOT, Python, files, python_files

# functions that may be called without signing in: two of Frappe's own, answered the same for every address
OPEN_TO_GUESTS = {
	"involvement_app.portal.frappe_doors.reset_password",
	"involvement_app.portal.frappe_doors.send_login_link",
	"involvement_app.lifecycle.mail_links.apply_action",
	"involvement_app.lifecycle.mail_links.confirm_action",
}


def found(rule, text: str, name: str = "involvement_app/somewhere.py") -> list[int]:
	"""Lines of `text` that the rule complains of."""
	return sorted(finding.line for finding in rule(Python(name, textwrap.dedent(text).lstrip())))


class TestTheCode(unittest.TestCase):
	maxDiff = None

	def test_every_python_file_keeps_our_rules(self):
		strays = [
			str(finding)
			for file in python_files("involvement_app", "dev", "docs", "benchmarks")
			for finding in rules.findings(file)
		]
		self.assertEqual(strays, [])

	def test_scripts_translate_whole_sentences(self):
		strays = [
			str(finding)
			for path in files(".js")
			for finding in rules.unfinished_js_translation(
				path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
			)
		]
		self.assertEqual(strays, [])


class TestBypasses(unittest.TestCase):
	def test_a_bypass_without_a_reason_is_found(self):
		for line in (
			"doc.insert(ignore_permissions=True)",
			"doc.insert(ignore_permissions=own)",
			"doc.flags.ignore_permissions = True",
			"doc.flags.ignore_links = 1",
			"frappe.get_all('User')",
			"doc.db_set('status', 'Paid')",
			"self.doc.db_set('status', 'Paid')",
			"frappe.db.set_value('User', user, 'enabled', 0)",
			"frappe.db.delete('User')",
			"frappe.db.sql('select 1')",
			"frappe.db.commit()",
			"frappe.qb.update(table).set(table.a, 1).run()",
			"frappe.set_user('Administrator')",
		):
			with self.subTest(line):
				self.assertEqual(found(rules.unexplained_bypass, line), [1])

	def test_what_bypasses_nothing_is_left_alone(self):
		for line in (
			"doc.insert(ignore_permissions=False)",
			"frappe.delete_doc('User', user, ignore_missing=True)",
			"if doc.flags.ignore_permissions: pass",
			"frappe.get_list('User')",
		):
			with self.subTest(line):
				self.assertEqual(found(rules.unexplained_bypass, line), [])

	def test_a_reason_stands_on_the_statement_or_directly_above_it(self):
		explained = """
		doc.save(ignore_permissions=True)  # bounded by the link
		# rows of this person alone
		frappe.get_all("User")
		frappe.get_all(
			"User",
			pluck="name",  # a job's own list
		)
		"""
		self.assertEqual(found(rules.unexplained_bypass, explained), [])

	def test_a_reason_elsewhere_is_none(self):
		for text in (
			"# about something else\n\nfrappe.get_all('User')",
			"frappe.get_all('User')  # noqa: E501",
			"frappe.get_all('User')  # bounded",  # one word says nothing
			"frappe.get_all('User')\n# after the fact, too late",
			"if late:  # a reason for the condition alone\n\tpass\n\tfrappe.db.commit()",
		):
			with self.subTest(text):
				self.assertEqual(len(found(rules.unexplained_bypass, text)), 1)

	def test_a_docstring_that_says_bounded_is_a_reason_for_its_function_alone(self):
		text = '''
		def ours():
			"""Bounded: the rows of this person."""
			frappe.get_all("User")


		def theirs():
			"""Everybody."""
			frappe.get_all("User")
		'''
		self.assertEqual(found(rules.unexplained_bypass, text), [8])

	def test_a_module_may_say_it_once_only_for_what_runs_once(self):
		text = '"""Bounded: at uninstall."""\nfrappe.db.delete("User")'
		self.assertEqual(found(rules.unexplained_bypass, text, "involvement_app/setup/leftovers.py"), [])
		self.assertEqual(found(rules.unexplained_bypass, text, "involvement_app/messages/outbox.py"), [2])

	def test_a_test_may_read_as_administrator_and_not_commit_or_pass_the_fence_without_a_word(self):
		text = "frappe.get_all('User')\nfrappe.db.commit()\ndoc.insert(ignore_permissions=True)"
		self.assertEqual(found(rules.unexplained_bypass, text, "involvement_app/tests/test_x.py"), [2, 3])


class TestStatements(unittest.TestCase):
	def test_sql_put_together_from_strings_is_found(self):
		for text in (
			"frappe.db.sql(f'select * from `tab{doctype}`')",
			"frappe.db.sql('select %s' % name)",
			"frappe.db.sql('select {}'.format(name))",
			"frappe.db.sql('select ' + name)",
			"frappe.db.sql(query='select ' + name)",
			"frappe.db.sql(' '.join(parts))",
			"def f():\n\tquery = f'select {name}'\n\tfrappe.db.sql(query)",
			"def f():\n\tquery = 'select'\n\tquery += name\n\tfrappe.db.sql(query)",
			"frappe.db.sql_ddl(f'drop table {name}')",
			"frappe.local.db.sql(f'select {name}')",
		):
			with self.subTest(text):
				self.assertEqual(len(found(rules.sql_by_format, text)), 1)

	def test_a_constant_statement_with_parameters_is_left_alone(self):
		for text in (
			"frappe.db.sql('select %s', name)",
			"frappe.db.sql('select ' + '1')",
			"frappe.db.sql(STATEMENTS[level])",
		):
			with self.subTest(text):
				self.assertEqual(found(rules.sql_by_format, text), [])


class TestEndpoints(unittest.TestCase):
	def test_every_endpoint_is_on_the_reviewed_list_as_it_is(self):
		"""docs/security.md says by hand who may call it and what bounds it; a new one is somebody's decision."""
		text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
		section = re.search(r"<!-- functions -->(.*?)<!-- end of functions -->", text, re.DOTALL)[1]
		reviewed = {
			f"involvement_app.{path}": tuple(methods.split(", "))
			for path, methods, who, bound in re.findall(
				r"(?m)^\| `([\w.]+)` \| ([A-Z, ]+) \| (.+?) \| (.+?) \|$", section
			)
			if len(who) > 3 and len(bound) > 10
		}
		there = {endpoint.path: endpoint.methods for endpoint in self.endpoints()}
		self.assertEqual(there, reviewed)

	def test_no_endpoint_is_open_to_guests_but_the_listed(self):
		self.assertEqual({each.path for each in self.endpoints() if each.guest}, OPEN_TO_GUESTS)

	def endpoints(self) -> list[rules.Endpoint]:
		return [
			endpoint
			for file in python_files()
			if not file.is_test
			for _node, endpoint in rules.endpoints(file)
		]

	def test_a_guest_endpoint_is_recognised(self):
		for text, guest in (
			("@frappe.whitelist(methods=['GET'])\ndef f() -> None: pass", False),
			("@frappe.whitelist(methods=['GET'], allow_guest=False)\ndef f() -> None: pass", False),
			("@frappe.whitelist(methods=['GET'], allow_guest=True)\ndef f() -> None: pass", True),
			("@frappe.whitelist(methods=['GET'], allow_guest=OPEN)\ndef f() -> None: pass", True),
		):
			with self.subTest(text):
				((_node, endpoint),) = rules.endpoints(Python("involvement_app/x.py", text))
				self.assertEqual(endpoint.guest, guest)

	def test_a_method_of_a_document_is_an_endpoint_too(self):
		text = "class Form:\n\t@frappe.whitelist(methods=['POST'])\n\tdef fill(self) -> int: pass"
		((_node, endpoint),) = rules.endpoints(Python("involvement_app/x.py", text))
		self.assertEqual((endpoint.path, endpoint.methods), ("involvement_app.x.Form.fill", ("POST",)))
		self.assertEqual(found(rules.untyped_endpoint, text), [])

	def test_an_argument_or_answer_without_a_type_is_found(self):
		for words, answer in (("a", " -> int"), ("*a", " -> int"), ("**a", " -> int"), ("a: str", "")):
			with self.subTest(words):
				text = f"@frappe.whitelist(methods=['GET'])\ndef f({words}){answer}: pass"
				self.assertEqual(found(rules.untyped_endpoint, text), [2])

	def test_an_endpoint_that_names_no_methods_is_found(self):
		for mark in ("@frappe.whitelist()", "@frappe.whitelist", "@whitelist(allow_guest=True)"):
			with self.subTest(mark):
				text = f"{mark}\ndef f() -> int: pass"
				self.assertEqual(found(rules.endpoint_without_methods, text), [2])


class TestTranslations(unittest.TestCase):
	def test_a_value_inside_a_translation_is_found(self):
		for text in (
			"_(f'Hello {name}')",
			"_('Hello {0}'.format(name))",
			"_('Hello ' + name)",
			"_('Hello %s' % name)",
			"frappe._(f'Hello {name}')",
		):
			with self.subTest(text):
				self.assertEqual(found(rules.unfinished_translation, text), [1])

	def test_a_whole_sentence_is_left_alone(self):
		for text in ("_('Hello {0}').format(name)", "_(df.label)", "_('Hello ' 'you')"):
			with self.subTest(text):
				self.assertEqual(found(rules.unfinished_translation, text), [])

	def test_scripts(self):
		for text, count in (
			("__(`Hello ${name}`)", 1),
			('__("Hello " + name)', 1),
			('__(name + " said")', 1),
			('__("Hello {0}", [name])', 0),
			("__(`Hello`)", 0),
			("__(df.label)", 0),
		):
			with self.subTest(text):
				self.assertEqual(len(list(rules.unfinished_js_translation("x.js", text))), count)


class TestLoops(unittest.TestCase):
	def test_a_query_once_a_turn_is_found(self):
		for text in (
			"for name in names:\n\tfrappe.get_doc('User', name)",
			"for name in names:\n\tif name:\n\t\tfrappe.db.get_value('User', name)",
			"while more:\n\tfrappe.db.exists('User', name)",
			"docs = [frappe.get_doc('User', name) for name in names]",
			"docs = {name: frappe.db.get_value('User', name) for name in names}",
			"any(frappe.db.exists('User', name) for name in names)",
			"[name for name in names if frappe.db.exists('User', name)]",
			"for doc in docs:\n\tdoc.save()",
			"for name in names:\n\tfrappe.qb.from_(t).select(t.name).run()",
		):
			with self.subTest(text):
				self.assertEqual(len(found(rules.query_in_a_loop, text)), 1)

	def test_a_query_behind_a_function_of_the_module_is_found_too(self):
		text = """
		def walk(names):
			for name in names:
				one(name)


		def one(name):
			return other(name)


		def other(name):
			return frappe.get_doc("User", name)
		"""
		self.assertEqual(found(rules.query_in_a_loop, text), [3])

	def test_what_is_asked_once_or_of_the_cache_is_left_alone(self):
		for text in (
			"for name in frappe.get_list('User', pluck='name'):\n\tuse(name)",
			"[use(row) for row in frappe.get_list('User')]",
			"for name in names:\n\tfrappe.get_cached_doc('User', name)",
			"for name in names:\n\tfrappe.db.get_single_value('S', 'f', cache=True)",
			"for row in rows:\n\tfound.insert(0, row)",
			"for row in rows:\n\tdocs.append(frappe.get_doc({'doctype': 'User'}))",
			"for row in rows:\n\tdef later():\n\t\treturn frappe.get_doc('User', row)",
		):
			with self.subTest(text):
				self.assertEqual(found(rules.query_in_a_loop, text), [])

	def test_a_loop_that_says_why_is_left_alone(self):
		text = """
		# one by one: each has guards of its own
		for name in names:
			frappe.get_doc("User", name).save()
		"""
		self.assertEqual(found(rules.query_in_a_loop, text), [])

	def test_a_loop_that_says_nothing_is_not(self):
		for words in ("# one by one:", "# one by one: yes", "# each has guards of its own"):
			with self.subTest(words):
				text = f"{words}\nfor name in names:\n\tfrappe.get_doc('User', name)"
				self.assertEqual(found(rules.query_in_a_loop, text), [3])


if __name__ == "__main__":
	unittest.main()
