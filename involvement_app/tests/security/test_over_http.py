"""What the site answers over HTTP: nothing of ours to a portal user, a guest, a desk user without a role of ours;
to each role what the matrix says (law 3, domain 5.3)."""

import json
import unittest
from collections.abc import Iterator
from itertools import islice

import frappe
from frappe.utils.password import update_password

from involvement_app import catalogue
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP
from involvement_app.tests.portal.visitor import MADE, PASSWORD, PortalTestCase
from involvement_app.tests.security.caller import NEEDS_A_SERVER, URL, Answer, Caller

METHOD = "/api/method/"
SINGLES = {"Involvement Settings"}
# whose names stand in any sentence; a template is called as its type
PLAIN_WORDS = {"Participation Level", "Involvement Type", "Involvement Opportunity Template"}
# what a caller may ask for without knowing a name: (what, method, path, values); {0} stands for the doctype
LISTS = (
	("resource", "GET", "/api/resource/{0}", {"limit_page_length": 0}),
	("client.get_list", "GET", METHOD + "frappe.client.get_list", {"doctype": "{0}", "parent": "{1}"}),
	("client.get_count", "GET", METHOD + "frappe.client.get_count", {"doctype": "{0}"}),
	("client.get_value", "GET", METHOD + "frappe.client.get_value", {"doctype": "{0}", "fieldname": "name", "parent": "{1}"}),
	("reportview.get", "POST", METHOD + "frappe.desk.reportview.get", {"doctype": "{0}", "fields": '["name"]', "parent": "{1}"}),
	("reportview.get_list", "POST", METHOD + "frappe.desk.reportview.get_list", {"doctype": "{0}", "fields": '["name"]'}),
	("reportview.get_count", "POST", METHOD + "frappe.desk.reportview.get_count", {"doctype": "{0}", "distinct": "false"}),
	(
		"reportview.export",
		"POST",
		METHOD + "frappe.desk.reportview.export_query",
		{"doctype": "{0}", "fields": '["name"]', "file_format_type": "CSV", "title": "x"},
	),
	("sidebar stats", "GET", METHOD + "frappe.desk.reportview.get_sidebar_stats", {"doctype": "{0}", "stats": '["_user_tags"]'}),
	("group by", "GET", METHOD + "frappe.desk.listview.get_group_by_count", {"doctype": "{0}", "current_filters": "[]", "field": "owner"}),
	("search", "GET", METHOD + "frappe.desk.search.search_link", {"doctype": "{0}", "txt": ""}),
	("search widget", "GET", METHOD + "frappe.desk.search.search_widget", {"doctype": "{0}", "txt": "", "ignore_user_permissions": 1}),
	("report", "GET", METHOD + "frappe.desk.query_report.run", {"report_name": "{0}"}),
	("template", "GET", METHOD + "frappe.core.doctype.data_import.data_import.download_template", {"doctype": "{0}", "export_records": "all", "export_fields": '{{"{0}": ["name"]}}'}),
	("global search", "GET", METHOD + "frappe.utils.global_search.search", {"text": "canary", "doctype": "{0}"}),
	("tree", "GET", METHOD + "frappe.desk.treeview.get_children", {"doctype": "{0}", "parent": ""}),
)  # fmt: skip
# and with one: {2} stands for the name of a row
ROWS = (
	("resource", "GET", "/api/resource/{0}/{2}", {}),
	("client.get", "GET", METHOD + "frappe.client.get", {"doctype": "{0}", "name": "{2}"}),
	("client.get_value", "GET", METHOD + "frappe.client.get_value", {"doctype": "{0}", "fieldname": "owner", "filters": "{2}", "parent": "{1}"}),
	("client.validate_link", "GET", METHOD + "frappe.client.validate_link", {"doctype": "{0}", "docname": "{2}", "fields": '["owner"]'}),
	("form", "GET", METHOD + "frappe.desk.form.load.getdoc", {"doctype": "{0}", "name": "{2}"}),
	("docinfo", "GET", METHOD + "frappe.desk.form.load.get_docinfo", {"doctype": "{0}", "name": "{2}"}),
	("print", "GET", "/printview", {"doctype": "{0}", "name": "{2}"}),
	("pdf", "GET", METHOD + "frappe.utils.print_format.download_pdf", {"doctype": "{0}", "name": "{2}"}),
	("html", "GET", METHOD + "frappe.www.printview.get_html_and_style", {"doc": "{0}", "name": "{2}"}),
	("linked", "GET", METHOD + "frappe.desk.form.linked_with.get", {"doctype": "{0}", "docname": "{2}"}),
	("preview", "GET", METHOD + "frappe.desk.link_preview.get_preview_data", {"doctype": "{0}", "docname": "{2}"}),
	("steps", "GET", METHOD + "involvement_app.lifecycle.desk.steps", {"doctype": "{0}", "name": "{2}"}),
	("transitions", "POST", METHOD + "frappe.model.workflow.get_transitions", {"doc": '{{"doctype": "{0}", "name": "{2}"}}'}),
	("files", "GET", METHOD + "frappe.core.api.file.get_attached_images", {"doctype": "{0}", "names": '["{2}"]'}),
	("users", "GET", METHOD + "frappe.share.get_users", {"doctype": "{0}", "name": "{2}"}),
)  # fmt: skip
WRITES = (
	("create", "POST", "/api/resource/{0}", {}),
	("update", "PUT", "/api/resource/{0}/{2}", {"modified_by": "Guest"}),
	("delete", "DELETE", "/api/resource/{0}/{2}", {}),
	("client.insert", "POST", METHOD + "frappe.client.insert", {"doc": '{{"doctype": "{0}"}}'}),
	("client.set_value", "POST", METHOD + "frappe.client.set_value", {"doctype": "{0}", "name": "{2}", "fieldname": "docstatus", "value": 1}),
	("client.delete", "POST", METHOD + "frappe.client.delete", {"doctype": "{0}", "name": "{2}"}),
	("client.cancel", "POST", METHOD + "frappe.client.cancel", {"doctype": "{0}", "name": "{2}"}),
	("savedocs", "POST", METHOD + "frappe.desk.form.save.savedocs", {"doc": '{{"doctype": "{0}", "name": "{2}"}}', "action": "Save"}),
	("bulk", "POST", METHOD + "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs", {"doctype": "{0}", "docnames": '["{2}"]', "action": "submit"}),
	("share", "POST", METHOD + "frappe.share.add", {"doctype": "{0}", "name": "{2}"}),
	("assign", "POST", METHOD + "frappe.desk.form.assign_to.add", {"doctype": "{0}", "name": "{2}", "assign_to": '["{3}"]'}),
	("follow", "POST", METHOD + "frappe.desk.form.document_follow.follow_document", {"doctype": "{0}", "doc_name": "{2}", "user": "{3}"}),
	("step", "POST", METHOD + "involvement_app.lifecycle.desk.take", {"doctype": "{0}", "name": "{2}", "action": "Approve"}),
	("rename", "POST", METHOD + "frappe.model.rename_doc.update_document_title", {"doctype": "{0}", "docname": "{2}", "name": "renamed"}),
	("tag", "POST", METHOD + "frappe.desk.doctype.tag.tag.add_tag", {"dt": "{0}", "dn": "{2}", "tag": "x"}),
	("comment", "POST", METHOD + "frappe.desk.form.utils.add_comment", {"reference_doctype": "{0}", "reference_name": "{2}", "content": "x", "comment_email": "{3}", "comment_by": "x"}),
)  # fmt: skip
# dev/test makes every call, each for one doctype in SHARE; dev/deep makes them all
SHARE = 1 if DEEP else 13  # no divisor of the number of calls


@unittest.skipUnless(URL, NEEDS_A_SERVER)
class HttpTestCase(PortalTestCase):
	"""A row of every doctype of ours, and staff with passwords."""

	made = (*MADE, "Involvement Payment Batch", "Involvement Payment Batch Line", "Participant Import", "Participant Import Row", "ToDo", "DocShare", "Document Follow", "Notification Log")  # fmt: skip

	@classmethod
	def arrange(cls):
		cls.more_before = {doctype: set(frappe.get_all(doctype, pluck="name")) for doctype in cls.made}
		cls.mark = frappe.generate_hash(length=5)
		super().arrange()
		holder = factories.staff(roles.BUDGET_HOLDER)
		frappe.db.set_value("Involvement Unit", {"name": ["!=", ""]}, "budget_holder", holder)
		cls.put("Involvement Payment Batch", title="Canary batch", owner=holder)
		cls.put(
			"Involvement Payment Batch Line",
			parent=cls.called("Involvement Payment Batch"),
			parenttype="Involvement Payment Batch",
			parentfield="lines",
			payee_name="Canary",
		)
		cls.put("Participant Import")
		cls.put("Participant Import Row", participant_import=cls.called("Participant Import"))
		cls.put("Portal Token", user=cls.other.user, token_hash=cls.called("Portal Token"))
		cls.rows = {doctype: cls.one(doctype) for doctype in catalogue.doctypes()}
		cls.names = {
			name
			for doctype in catalogue.doctypes()
			if doctype not in {*SINGLES, *PLAIN_WORDS}
			for name in frappe.get_all(doctype, pluck="name", limit=20)
		}

	@classmethod
	def put(cls, doctype: str, **values) -> None:
		values = {
			key: value for key, value in values.items() if key in frappe.get_meta(doctype).get_valid_columns()
		}
		frappe.get_doc({"doctype": doctype, "name": cls.called(doctype), **values}).db_insert()
		cls.put_rows = (*cls.put_rows, doctype)

	@classmethod
	def called(cls, doctype: str) -> str:
		return f"canary {cls.mark} {doctype}"

	@classmethod
	def one(cls, doctype: str) -> str:
		if doctype in SINGLES:
			return doctype
		found = frappe.get_all(doctype, pluck="name", order_by="creation desc", limit=1)
		if not found:
			cls.put(doctype, parent=cls.me.name, parenttype=cls.me.doctype)
		return found[0] if found else cls.called(doctype)

	@classmethod
	def put_back(cls) -> None:
		for doctype, before in cls.more_before.items():
			frappe.db.delete(doctype, {"name": ["not in", before or [""]]})
		for doctype in cls.put_rows:
			frappe.db.delete(doctype, {"name": cls.called(doctype)})
		cls.forget_sign_ins(*cls.with_passwords)
		super().put_back()

	with_passwords: tuple[str, ...] = ()
	put_rows: tuple[str, ...] = ()

	@classmethod
	def account(cls, user: str) -> Caller:
		update_password(user, PASSWORD)
		cls.with_passwords = (*cls.with_passwords, user)
		frappe.db.commit()  # the server has a connection of its own
		return Caller(user, PASSWORD)

	def ask(self, caller: Caller, call: tuple, doctype: str, me: str) -> Answer:
		_what, method, path, values = call
		fill = (doctype, self.parent_of(doctype) or "", self.rows[doctype], me)
		return caller.call(
			method,
			path.format(*fill),
			{key: value.format(*fill) if isinstance(value, str) else value for key, value in values.items()},
		)

	def parent_of(self, doctype: str) -> str | None:
		return frappe.db.get_value("DocField", {"options": doctype, "fieldtype": "Table"}, "parent")

	def fingerprint(self) -> dict:
		"""All rows of ours, with when and by whom they were last written."""
		self.refresh()
		return {
			doctype: sorted(frappe.get_all(doctype, fields=["name", "modified", "docstatus"], as_list=True))
			for doctype in catalogue.doctypes()
			if doctype not in SINGLES
		}

	def pairs(self, calls: tuple, offset: int = 0) -> Iterator[tuple]:
		"""(call, doctype): every call, every doctype; in dev/test a share of the pairs, the same each time."""
		every = ((call, doctype) for doctype in catalogue.doctypes() for call in calls)
		return islice(every, offset % SHARE, None, SHARE) if SHARE > 1 else every


class TestOverHttp(HttpTestCase):
	"""A participant, a desk user with another role of the CRM, a guest: nothing. Each role: what the matrix says."""

	@classmethod
	def arrange(cls):
		super().arrange()
		cls.care_worker = factories.user("Sales User")

	@classmethod
	def put_back(cls) -> None:
		super().put_back()
		# the one user this class made
		frappe.delete_doc("User", cls.care_worker, force=True, ignore_permissions=True)

	def identities(self) -> list[tuple[str, Caller]]:
		return [
			(self.me.user, self.account(self.me.user)),
			(self.care_worker, self.account(self.care_worker)),
			("Guest", Caller()),
		]

	def test_no_list_search_report_or_export_holds_a_row(self):
		for offset, (user, caller) in enumerate(self.identities()):
			for call, doctype in self.pairs(LISTS, offset):
				with self.subTest(f"{user}: {call[0]} {doctype}"):
					answer = self.ask(caller, call, doctype, user)
					told = [
						name
						for name in self.names
						if json.dumps(name)[1:-1] in answer.text and name != doctype
					]
					self.assertEqual(told, [], answer.text[:300])
					if call[0].endswith("get_count"):
						self.assertFalse(answer.rows, answer.text[:300])

	def test_no_row_is_read_printed_or_previewed(self):
		for offset, (user, caller) in enumerate(self.identities()):
			for call, doctype in self.pairs(ROWS, offset):
				with self.subTest(f"{user}: {call[0]} {doctype}"):
					answer = self.ask(caller, call, doctype, user)
					self.assertFalse(answer.rows, f"{answer.status} {answer.text[:300]}")

	def test_nothing_is_written_shared_assigned_or_followed(self):
		before = self.fingerprint()
		for offset, (user, caller) in enumerate(self.identities()):
			for call, doctype in self.pairs(WRITES, offset):
				with self.subTest(f"{user}: {call[0]} {doctype}"):
					answer = self.ask(caller, call, doctype, user)
					if call[0] != "bulk":  # which answers the names it failed on
						self.assertFalse(answer.rows, f"{answer.status} {answer.text[:300]}")
		self.assertEqual(self.fingerprint(), before)
		for hanger in ("DocShare", "ToDo", "Document Follow", "Tag Link", "Comment"):
			field = {"DocShare": "share_doctype", "ToDo": "reference_type", "Document Follow": "ref_doctype", "Tag Link": "document_type", "Comment": "reference_doctype"}[hanger]  # fmt: skip
			made = frappe.get_all(hanger, {field: ["in", list(catalogue.doctypes())], "owner": ["in", [self.me.user, self.care_worker, "Guest"]]})  # fmt: skip
			self.assertEqual(made, [], hanger)

	# Frappe prints for whoever may read: its right to print hides a button
	READS = (
		("read", LISTS[0]),
		("export", LISTS[7]),
		("read", ROWS[0]),
		("read", ROWS[4]),
		("read", ROWS[6]),
	)

	def expected(self, doctype: str, role: str, right: str) -> bool:
		return right in catalogue.matrix()[doctype].get(role, "").split()

	def test_lists_documents_prints_and_exports(self):
		for offset, role in enumerate(sorted(roles.DESK_ROLES)):
			user = factories.staff(role)
			caller = self.account(user)
			for (right, call), doctype in self.pairs(self.READS, offset):
				if doctype in SINGLES or doctype not in catalogue.matrix():
					continue
				with self.subTest(f"{role}: {call[0]} {doctype}"):
					answer = self.ask(caller, call, doctype, user)
					allowed = self.expected(doctype, role, right) and (
						call in LISTS or self.sees(user, doctype)
					)
					self.assertEqual(answer.status == 200, allowed, f"{answer.status} {answer.text[:200]}")

	# "write" asks with an old time of change: whoever may is told so, and nothing is written
	RIGHTS = (
		("write", ("update", "PUT", "/api/resource/{0}/{2}", {"modified": "2001-01-01 00:00:00"})),
		("create", WRITES[0]),
		("delete", WRITES[2]),
	)

	def test_who_may_change_make_and_remove_rows(self):
		"""Every role over HTTP as the matrix says. Making and removing is asked of those who may not: the right
		answer to the others would do it."""
		before = self.fingerprint()
		for offset, role in enumerate(sorted(roles.DESK_ROLES)):
			user = factories.staff(role)
			caller = self.account(user)
			for (right, call), doctype in self.pairs(self.RIGHTS, offset):
				parent = self.parent_of(doctype)  # whose rows go with it
				ruled = (parent, "write") if parent else (doctype, right)
				in_matrix = ruled[0] in catalogue.matrix() and self.expected(ruled[0], role, ruled[1])
				if doctype in SINGLES or (in_matrix and (parent or right != "write")):
					continue
				with self.subTest(f"{role}: {right} {doctype}"):
					answer = self.ask(caller, call, doctype, user)
					said = f"{answer.status} {answer.text[:200]}"
					if in_matrix and self.sees(user, doctype, right):
						self.assertIn("TimestampMismatchError", answer.text, said)
					else:
						self.assertEqual(answer.status, 403, said)
		self.assertEqual(self.fingerprint(), before)

	def sees(self, user: str, doctype: str, right: str = "read") -> bool:
		with self.as_user(user):
			return frappe.has_permission(doctype, right, doc=self.rows[doctype])
