"""What the framework keeps about our documents, and what it tells of columns one may not see
(permissions/attached.py, columns.py, doors.py). Each was open over HTTP when tests/canaries found it."""

import json

import frappe
from frappe.desk import query_report
from frappe.handler import execute_cmd

from involvement_app.permissions import doors
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.compat import IntegrationTestCase
from involvement_app.tests.security.caller import goal_of


class RequestTestCase(IntegrationTestCase):
	def call(self, user: str, cmd: str, **arguments):
		"""As a request reaches it, overrides included."""
		frappe.utils.set_request(method="POST", path="/")
		frappe.local.response = frappe._dict(docs=[])
		with self.as_user(user):
			frappe.local.form_dict = frappe._dict(arguments)
			return execute_cmd(cmd) or frappe.local.response

	def assertRefused(self, user: str, cmd: str, **arguments):
		with self.assertRaises(frappe.PermissionError):
			self.call(user, cmd, **arguments)

	def tearDown(self):
		frappe.local.form_dict = frappe._dict()
		if hasattr(frappe.local, "request"):
			del frappe.local.request
		super().tearDown()


class TestFiguresOfRows(RequestTestCase):
	"""Counts and charts tell no more than the list does."""

	def made_once(self):
		super().made_once()
		self.mine, self.other = (
			factories.opportunity("Published", author=author)
			for author in (factories.staff(roles.OWNER), factories.another(roles.OWNER))
		)
		for opportunity in (self.mine, self.other):
			factories.engagement(opportunity, factories.participant())
		self.lead = self.mine.lead

	def test_states_are_counted_of_ones_own_rows(self):
		cmd = "frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"
		arguments = {"doctype": "Involvement Engagement", "states": "[]"}
		with self.as_user(self.lead):
			own = len(frappe.get_list("Involvement Engagement", limit=0))
		rows = self.call(self.lead, cmd, workflow_state_field="status", **arguments)
		self.assertEqual(sum(row["count"] for row in rows), own)
		self.assertRefused(self.lead, cmd, workflow_state_field="participant", **arguments)

	def test_a_heat_map_of_rows_of_ours_is_refused(self):
		chart = {
			"document_type": "Involvement Participant",
			"chart_type": "Count",
			"type": "Heatmap",
			"based_on": "creation",
		}
		for user in (factories.staff(roles.BUDGET_HOLDER), factories.another(factories.PORTAL)):
			self.assertRefused(
				user,
				"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
				chart=json.dumps(chart),
				no_cache="1",
			)

	def test_a_goal_counts_no_rows_of_ours(self):
		user = factories.another(factories.PORTAL)
		cmd, arguments = goal_of("Involvement Participant", user)
		self.assertRefused(user, cmd, **arguments)

	def test_assigned_to_is_counted_of_ones_own_rows(self):
		frappe.get_doc(
			doctype="ToDo",
			allocated_to=self.lead,
			reference_type="Involvement Engagement",
			reference_name=frappe.db.get_value("Involvement Engagement", {"opportunity": self.other.name}),
			description="Ring them",
		).db_insert()
		rows = self.call(
			self.lead,
			"frappe.desk.listview.get_group_by_count",
			doctype="Involvement Engagement",
			current_filters="[]",
			field="assigned_to",
		)
		self.assertEqual([row for row in rows if isinstance(row, dict)], [])


class TestWhatHangsOnADocument(RequestTestCase):
	def made_once(self):
		super().made_once()
		self.person = factories.participant(preferred_name="Canary Wren")
		self.stranger = factories.staff(roles.OWNER)  # reads the doctype, not this person
		self.office = factories.staff(roles.COORDINATOR)

	def file(self, **kw):
		values = {
			"doctype": "File",
			"file_name": f"{frappe.generate_hash(length=8)}.txt",
			"content": frappe.generate_hash(),
			"is_private": 1,
			"attached_to_doctype": self.person.doctype,
			"attached_to_name": self.person.name,
		}
		return frappe.get_doc({**values, **kw})

	def test_files_are_listed_for_who_may_read_the_document(self):
		file = self.file().insert()
		for user, seen in (
			(self.office, True),
			(self.stranger, False),
			(factories.another(factories.PORTAL), False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(file.name in frappe.get_list("File", pluck="name", limit=0), seen)

	def test_files_of_masters_too(self):
		for doctype, name in (
			("Involvement Unit", factories.unit()),
			("Involvement Settings", "Involvement Settings"),
		):
			file = self.file(attached_to_doctype=doctype, attached_to_name=name).insert()
			for user, seen in (
				(factories.staff(roles.MANAGER), True),
				(factories.another(factories.PORTAL), False),
			):
				with self.subTest(f"{doctype} {user}"), self.as_user(user):
					self.assertEqual(file.name in frappe.get_list("File", pluck="name", limit=0), seen)

	def test_a_second_row_of_a_file_is_its_owners(self):
		"""Mailing a file makes one, about the mail."""
		file = self.file().insert()
		with self.as_user(self.office):
			copy = frappe.get_doc(
				doctype="File", file_name=file.file_name, file_url=file.file_url, is_private=1
			).insert()
		for user, seen in (
			(self.office, True),
			(self.stranger, False),
			(factories.another(factories.PORTAL), False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(copy.name in frappe.get_list("File", pluck="name", limit=0), seen)

	def test_nor_found_by_a_link_search(self):
		file = self.file().insert()
		for user, seen in ((self.office, True), (self.stranger, False)):
			found = self.call(
				user,
				"frappe.desk.search.search_link",
				doctype="File",
				txt=file.name,
				ignore_user_permissions="1",
			)
			self.assertEqual(file.name in str(found), seen, user)

	def test_rows_of_masters_are_counted_for_their_readers(self):
		for doctype in ("Involvement Unit", "Payment Rate Rule", "Involvement Session Attendance"):
			self.assertRefused(
				factories.another(factories.PORTAL), "frappe.client.get_count", doctype=doctype
			)

	def test_nobody_claims_a_file_by_its_address(self):
		file = self.file().insert()
		claim = {"doctype": "File", "file_name": "mine.txt", "is_private": 1}
		spelt = file.file_url.replace("/", "\\u002f")
		for url in (json.dumps(file.file_url), f'"{spelt}"'):
			doc = json.dumps(claim)[:-1] + f', "file_url": {url}}}'
			for user in (self.stranger, factories.another(factories.PORTAL)):
				with self.subTest(user=user, url=url):
					self.assertRefused(user, "frappe.client.insert", doc=doc)
			self.assertTrue(self.call(self.office, "frappe.client.insert", doc=doc))

	def test_nor_by_attaching_it_to_a_mail(self):
		file = self.file().insert()
		mail = {"content": "see", "subject": "this", "recipients": "a@example.com"}
		self.assertRefused(
			self.stranger,
			"frappe.core.doctype.communication.email.make",
			attachments=json.dumps([file.name]),
			**mail,
		)

	def test_it_goes_with_no_mail_that_is_written_in_the_desk(self):
		"""Whoever may read the mail may open the files that went with it."""
		file = self.file().insert()
		mail = {"content": "see", "subject": "this", "recipients": "a@example.com"}
		with self.assertRaisesRegex(
			frappe.PermissionError, f"kept with .*{self.person.name}.*own mail program"
		):
			self.call(
				self.office,
				"frappe.core.doctype.communication.email.make",
				attachments=json.dumps([file.name]),
				**mail,
			)

	def test_an_equal_file_may_come_in_with_a_mail(self):
		file = self.file(content="the blank form").insert()
		mail = frappe.get_doc(
			doctype="Communication", subject="the form", content="see", sent_or_received="Received"
		).insert()
		again = self.file(
			content="the blank form", attached_to_doctype="Communication", attached_to_name=mail.name
		).insert()
		self.assertEqual(again.file_url, file.file_url)

	def test_the_same_content_may_be_uploaded_twice(self):
		"""A blank form, by two people who do not see each other's records."""
		file = self.file(content="the blank form").insert()
		with self.as_user(self.stranger):
			again = self.file(
				content="the blank form", attached_to_doctype=None, attached_to_name=None
			).insert()
			self.assertEqual(again.file_url, file.file_url)
			self.assertTrue(again.has_permission("read"))

	def test_nor_by_changing_the_address_of_their_own(self):
		file = self.file().insert()
		with self.as_user(self.stranger):
			own = self.file(attached_to_doctype=None, attached_to_name=None).insert()
			own.file_url = file.file_url
			with self.assertRaises(frappe.PermissionError):
				own.save()

	def test_a_public_file_on_a_document_of_ours_is_refused(self):
		with self.assertRaisesRegex(frappe.ValidationError, "private"):
			self.file(is_private=0).insert()

	def test_a_tag_is_put_by_who_may_change_the_document(self):
		tag = {"tag": "wren", "dt": self.person.doctype, "dn": self.person.name}
		for user in (
			self.stranger,
			factories.staff(roles.FINANCE_OFFICER),
			factories.another(factories.PORTAL),
		):
			self.assertRefused(user, "frappe.desk.doctype.tag.tag.add_tag", **tag)
			self.assertRefused(user, "frappe.desk.doctype.tag.tag.remove_tag", **tag)
			self.assertRefused(
				user,
				"frappe.desk.doctype.tag.tag.add_tags",
				tags='["wren"]',
				dt=tag["dt"],
				docs=json.dumps([tag["dn"]]),
			)

	def test_a_tag_names_the_document_to_its_readers_alone(self):
		tag = {"tag": "wren", "dt": self.person.doctype, "dn": self.person.name}
		self.call(self.office, "frappe.desk.doctype.tag.tag.add_tag", **tag)
		link = frappe.get_doc("Tag Link", {"document_name": self.person.name})
		self.assertEqual(link.title, "Canary Wren")
		for user, seen in (
			(self.office, True),
			(self.stranger, False),
			(factories.another(factories.PORTAL), False),
		):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(link.name in frappe.get_list("Tag Link", pluck="name", limit=0), seen)
				self.assertEqual(frappe.has_permission("Tag Link", "read", link.name), seen)
		names = self.call(
			self.stranger,
			"frappe.desk.doctype.tag.tag.get_tagged_docs",
			doctype=self.person.doctype,
			tag="%wren%",
		)
		self.assertNotIn(self.person.name, str(names))

	def test_nobody_likes_what_they_may_not_read(self):
		self.assertRefused(
			self.stranger,
			"frappe.desk.like.toggle_like",
			doctype=self.person.doctype,
			name=self.person.name,
			add="Yes",
		)

	def test_words_and_likes_come_from_who_may_read_it_in_their_own_name(self):
		"""As Frappe's function for comments on web pages writes them: by anybody, on anything, in any name."""
		forged = {"comment_email": "x@y.example", "comment_by": "The director"}
		rule = frappe.get_doc("Payment Rate Rule", factories.rate_rule())
		with self.as_user(factories.another(factories.PORTAL)):
			for doc in (self.person, frappe.get_doc("Contact", self.person.person), rule):
				for kind in ("Comment", "Like"):
					with self.assertRaises(frappe.PermissionError):
						doc.add_comment(kind, "Forged", **forged)
		with self.as_user(self.office):
			self.person.add_comment("Comment", "Ours", **forged)
		(row,) = frappe.get_all("Comment", {"content": "Ours"}, ["comment_email", "comment_by"])
		self.assertEqual(
			(row.comment_email, row.comment_by), (self.office, frappe.utils.get_fullname(self.office))
		)

	def test_files_are_zipped_for_who_may_read_them(self):
		file = self.file().insert()
		for user in (self.stranger, factories.another(factories.PORTAL)):
			self.assertRefused(user, "frappe.core.api.file.zip_files", files=json.dumps([file.name]))
		self.assertTrue(
			self.call(self.office, "frappe.core.api.file.zip_files", files=json.dumps([file.name]))
		)

	def test_links_of_a_document_are_for_its_readers(self):
		where = {"doctype": self.person.doctype, "docname": self.person.name}
		self.assertRefused(self.stranger, "frappe.desk.form.linked_with.get", **where)
		self.call(self.office, "frappe.desk.form.linked_with.get", **where)

	def test_a_title_is_for_the_readers_of_the_document(self):
		draft = factories.opportunity(author=factories.another(roles.OWNER))
		title = {"doctype": draft.doctype, "docname": draft.name}
		cmd = "frappe.desk.search.get_link_title"
		self.assertEqual(self.call(self.stranger, cmd, **title), draft.name)
		self.assertEqual(self.call(self.stranger, cmd, **{**title, "docname": "IO-99999"}), "IO-99999")
		self.assertEqual(self.call(self.office, cmd, **title), draft.title)

	def test_details_of_a_contact_are_for_who_may_read_contacts(self):
		for user in (self.stranger, factories.another(factories.PORTAL)):
			self.assertRefused(
				user,
				"frappe.contacts.doctype.contact.contact.get_contact_details",
				contact=self.person.person,
			)

	def test_changes_of_our_documents_are_mailed_to_nobody(self):
		for user in (self.stranger, self.office):
			with self.as_user(user):
				frappe.get_doc(
					doctype="Document Follow",
					ref_doctype=self.person.doctype,
					ref_docname=self.person.name,
					user=user,
				).insert(ignore_permissions=True)  # as Frappe does by itself for what somebody makes
			self.assertFalse(frappe.db.exists("Document Follow", {"ref_docname": self.person.name}))


class TestColumns(RequestTestCase):
	"""Domain 5.3: no oracle by a field of a higher level."""

	def setUp(self):
		super().setUp()
		self.payment = payment_factories.checked()
		self.holder, self.officer = payment_factories.budget_holder(), payment_factories.officer()

	def test_a_hidden_column_neither_filters_nor_sorts_nor_groups(self):
		filters = [["Involvement Payment", "payee_name", "like", "A%"]]
		for shape in (
			{"filters": json.dumps(filters)},
			{"filters": filters},
			{"filters": '{"\\u0070ayee_name": ["like", "A%"]}'},
			{"or_filters": json.dumps(filters)},
			{"order_by": "`tabInvolvement Payment`.`payee_name` desc"},
		):
			with self.subTest(shape):
				self.assertRefused(
					self.holder, "frappe.client.get_list", doctype="Involvement Payment", **shape
				)
		for cmd, shape in (
			("frappe.desk.reportview.get", {"group_by": "payee_name", "fields": '["name"]'}),
			("frappe.desk.reportview.get_count", {"filters": json.dumps(filters), "fields": "[]"}),
			("frappe.desk.listview.get_group_by_count", {"field": "payee_name", "current_filters": "[]"}),
			("frappe.client.get_count", {"filters": json.dumps(filters)}),
		):
			with self.subTest(cmd):
				self.assertRefused(self.holder, cmd, doctype="Involvement Payment", **shape)

	def test_it_does_for_who_may_see_it(self):
		name = frappe.db.get_value("Involvement Payment", self.payment.name, "payee_name")
		rows = self.call(
			self.officer,
			"frappe.client.get_list",
			doctype="Involvement Payment",
			filters=json.dumps({"payee_name": name}),
			order_by="payee_name",
		)
		self.assertIn(self.payment.name, [row.name for row in rows])

	def test_rows_behind_a_link_are_not_read_through_it(self):
		coordinator = factories.another(roles.COORDINATOR)
		factories.limit(coordinator, self.payment.unit)
		for field in (
			"participant.access_note",
			"participant.access_note as note",
		):
			with self.subTest(field):
				self.assertRefused(
					coordinator,
					"frappe.client.get_list",
					doctype="Involvement Payment",
					fields=json.dumps(["name", field]),
				)

	def test_every_list_of_the_desk_opens(self):
		"""What Frappe's list view asks for, the title of a link among it, for somebody who may read the doctype."""
		asked = 0
		for doctype in frappe.get_hooks("involvement_unshared"):
			reader = self.reader_of(doctype)
			if not reader or frappe.get_meta(doctype).istable:
				continue
			with self.subTest(doctype):
				self.call(reader, "frappe.desk.reportview.get", doctype=doctype, **self.list_of(doctype))
				asked += 1
		self.assertGreater(asked, 20)

	def test_every_report_of_the_desk_opens(self):
		"""Its script and its rows, as the desk asks for them: Frappe finds both by the report's own name."""
		reports = frappe.get_all(
			"Report", {"module": ("like", "Involvement%"), "is_standard": "Yes"}, pluck="name"
		)
		self.assertGreater(len(reports), 20)
		for report in reports:
			may_run = [row.role for row in frappe.get_doc("Report", report).roles]
			reader = factories.staff(next(role for role in roles.DESK_ROLES if role in may_run))
			with self.subTest(report):
				self.call(reader, "frappe.desk.query_report.get_script", report_name=report)
				answer = self.call(reader, "frappe.desk.query_report.run", report_name=report, filters="{}")
				self.assertTrue(answer["columns"])

	def test_a_title_is_for_looking_at_and_not_for_asking(self):
		shape = {"doctype": "Involvement Session", "fields": json.dumps(["name"])}
		for more in (
			{"order_by": "opportunity.title asc"},
			{"filters": json.dumps([["opportunity.title", "like", "A%"]])},
			{"fields": json.dumps(["name", "opportunity.budget as opportunity_title"])},
			{"fields": json.dumps(["name", "opportunity.title as a"])},
		):
			with self.subTest(more):
				self.assertRefused(factories.staff(roles.MANAGER), "frappe.client.get_list", **shape | more)

	def reader_of(self, doctype: str) -> str | None:
		may_read = {
			row.role for row in frappe.get_meta(doctype).permissions if row.read and not row.permlevel
		}
		return next((factories.staff(role) for role in roles.DESK_ROLES if role in may_read), None)

	def list_of(self, doctype: str) -> dict:
		meta = frappe.get_meta(doctype)
		table = f"`tab{doctype}`"
		fields = [f"{table}.`{name}`" for name in ("name", "owner", "modified", "_user_tags", "docstatus")]
		for df in meta.get("fields", {"in_list_view": 1}):
			fields.append(f"{table}.`{df.fieldname}`")
			linked = df.fieldtype == "Link" and frappe.get_meta(df.options)
			if linked and linked.show_title_field_in_link:
				fields.append(f"{df.fieldname}.{linked.title_field} as {df.fieldname}_{linked.title_field}")
		return {
			"fields": json.dumps(fields),
			"filters": "[]",
			"order_by": f"{table}.`{meta.sort_field or 'modified'}` desc",
			"start": 0,
			"page_length": 20,
			"view": "List",
			"group_by": f"{table}.`name`",
			"with_comment_count": 1,
		}

	def test_old_values_of_a_hidden_column_are_not_in_the_history(self):
		frappe.get_doc(
			doctype="Version",
			ref_doctype="Involvement Payment",
			docname=self.payment.name,
			data=json.dumps({"changed": [["payee_name", "Canary Wren", "B"], ["note", "before", "after"]]}),
		).insert(ignore_permissions=True)  # test set-up
		for cmd in ("frappe.desk.form.load.getdoc", "frappe.desk.form.load.get_docinfo"):
			arguments = {"doctype": "Involvement Payment", "name": self.payment.name}
			self.call(self.holder, cmd, **arguments)
			self.assertNotIn("Canary Wren", str(frappe.local.response.docinfo))
			self.assertIn("before", str(frappe.local.response.docinfo))
			self.call(self.officer, cmd, **arguments)
			self.assertIn("Canary Wren", str(frappe.local.response.docinfo))


class TestReports(RequestTestCase):
	"""Doors that the canaries found open: a column of one's own choice, another's name, what is kept or mailed."""

	COLUMN = "frappe.desk.query_report.get_data_for_custom_field"
	RUN = "frappe.desk.query_report.run"
	EXPORT = "frappe.desk.query_report.export_query"

	def setUp(self):
		super().setUp()
		self.opportunity = factories.opportunity("Published")
		self.lead = self.opportunity.lead
		self.known = factories.participant(access_note="Short breaks")
		self.stranger = factories.participant(access_note="Canary")
		factories.engagement(self.opportunity, self.known)

	def report(self, **kw):
		values = {
			"doctype": "Report",
			"report_name": f"Report {frappe.generate_hash(length=6)}",
			"ref_doctype": "Report",
			"report_type": "Query Report",
			"is_standard": "No",
			"query": "SELECT name AS `Name:Data:100` FROM `tabInvolvement Participant`",
		}
		return frappe.get_doc({**values, **kw}).insert()

	def column(self) -> dict:
		return {
			"doctype": "Involvement Participant",
			"fieldname": "access_note",
			"link_field": "name",
			"insert_after_index": 0,
		}

	def test_a_column_comes_from_the_readers_own_rows(self):
		values = self.call(self.lead, self.COLUMN, doctype="Involvement Participant", field="access_note")
		self.assertEqual(values[self.known.name], "Short breaks")
		self.assertNotIn(self.stranger.name, values)

	def test_a_column_of_a_higher_level_is_not_told(self):
		payment = payment_factories.checked()
		manager = factories.staff(roles.MANAGER)
		self.assertRefused(manager, self.COLUMN, doctype=payment.doctype, field="payee_name")

	def test_columns_of_other_doctypes_stay_frappes_matter(self):
		user = factories.staff(roles.MANAGER)
		values = self.call(user, self.COLUMN, doctype="Report", field="report_type")
		self.assertIn("Report Builder", values.values())

	def test_no_column_of_ours_beside_another_report(self):
		report = self.report()
		for cmd in (self.RUN, self.EXPORT):
			for columns in ([self.column()], json.dumps([self.column()])):
				with self.subTest(cmd):
					self.assertRefused(
						self.lead, cmd, report_name=report.name, filters="{}", custom_columns=columns
					)
		self.assertTrue(self.call(self.lead, self.RUN, report_name=report.name, filters="{}")["result"])

	def test_nor_one_that_is_kept_with_it(self):
		kept = self.report(
			report_type="Custom Report",
			reference_report=self.report().name,
			json=json.dumps({"columns": [self.column()], "filters": {}}),
		)
		self.assertRefused(self.lead, self.RUN, report_name=kept.name, filters="{}")

	def test_a_report_runs_for_whoever_asks(self):
		seen = []

		def run(report_name, filters=None, user=None):
			seen.append(user)

		self.addCleanup(setattr, query_report, "run", query_report.run)
		query_report.run = run
		report = self.report().name
		with self.as_user(self.lead):
			doors.run_report(report_name=report, user="Administrator")
		self.assertEqual(seen, [None])

	def test_nothing_of_ours_is_prepared_or_mailed(self):
		report = self.report(ref_doctype="Involvement Participant", report_type="Report Builder", query=None)
		make = "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report"
		self.assertRefused(factories.staff(roles.MANAGER), make, report_name=report.name, filters="{}")
		mailed = frappe.get_doc(
			doctype="Auto Email Report",
			report=report.name,
			user=factories.staff(roles.MANAGER),
			email_to="somebody@example.com",
			format="CSV",
			frequency="Daily",
		)
		self.assertRaises(frappe.PermissionError, mailed.insert)


class TestWordsAboutADocument(RequestTestCase):
	def test_a_contacts_telephone_is_for_who_may_read_the_contact(self):
		person = factories.participant()
		arguments = {
			"contact_name": person.person,
			"ref_doctype": person.doctype,
			"ref_name": person.name,
		}
		cmd = "frappe.core.doctype.sms_settings.sms_settings.get_contact_number"
		self.assertRefused(factories.another(factories.PORTAL), cmd, **arguments)

	def test_a_mail_written_beforehand_is_for_who_may_read_the_document(self):
		person = factories.participant(access_note="Canary")
		self.assertRefused(
			factories.staff("System Manager"),
			"frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview",
			reference_dt=person.doctype,
			reference_doc=person.name,
			message="{{ doc.access_note }}",
		)
