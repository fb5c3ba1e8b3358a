"""The doors of the site: each surface is a function that yields the requests by which it could be asked.

Scopes: a surface is asked once for the whole world (`world`), for each doctype (`doctype`), for each document
(`document`), for each that the identity may not read (`denied`), for each of Frappe's own doctypes that keep things
about our documents (`log`), for each file (`file`), or, as an oracle, for each field (`field`): twice, with the
canary and with a word that is nowhere, and the two answers must be the same.

A surface of documents or doctypes that says `every` is a gate of its own for each row; the others ask Frappe or our
`has_permission` about the one row or doctype they are given before anything else, so plans.py takes one for each
kind of answer. An Ask that is `of` a field has a sister for every other field."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import frappe

from involvement_app.tests.canaries.doctypes import main_doctypes, parents_of, singles
from involvement_app.tests.security.caller import goal_of

EVERY_ROW = {"limit_page_length": "0", "limit": "0", "page_length": "1000"}
# Frappe's own, with what they say about documents
LOGS = (
	"Access Log",
	"Activity Log",
	"Auto Email Report",
	"Comment",
	"Communication",
	"Contact",
	"Deleted Document",
	"Document Follow",
	"DocShare",
	"Email Queue",
	"Energy Point Log",
	"Error Log",
	"Event",
	"File",
	"Milestone",
	"Note",
	"Notification Log",
	"Prepared Report",
	"Report",
	"Route History",
	"Tag",
	"Tag Link",
	"ToDo",
	"Version",
	"View Log",
	"Workflow Action",
)


@dataclass(frozen=True)
class Ask:
	path: str
	values: dict = field(default_factory=dict)
	method: str = "GET"
	of: str = ""
	as_json: bool = False

	def send(self, client):
		if self.as_json:
			return client.send(self.method, self.path, json=self.values)
		values = {
			key: value if isinstance(value, str) else json.dumps(value) for key, value in self.values.items()
		}
		if self.method == "GET":
			return client.send("GET", self.path, params=values)
		return client.send(self.method, self.path, data=values)


@dataclass(frozen=True)
class Surface:
	name: str
	scope: str
	asks: Callable[..., Iterator[Ask]]
	every: bool = False


SURFACES: list[Surface] = []


def surface(scope: str, name: str | None = None, every: bool = False):
	def keep(function):
		SURFACES.append(Surface(name or function.__name__.replace("_", " "), scope, function, every))
		return function

	return keep


def call(cmd: str, /, post: bool = False, **values) -> Ask:
	return Ask(f"/api/method/{cmd}", values, "POST" if post else "GET")


def of(fieldname: str, *asks: Ask) -> Iterator[Ask]:
	return (replace(ask, of=fieldname) for ask in asks)


# --- of a doctype --------------------------------------------------------------------------------


def columns(doctype: str) -> list[str]:
	"""Every column of the doctype, its own name spelt out, and those of its child tables."""
	meta = frappe.get_meta(doctype)
	found = [f"`tab{doctype}`.`name`", *(f"`tab{doctype}`.`{name}`" for name in _stored(meta))]
	for table in meta.get_table_fields():
		found += [f"`tab{table.options}`.`{name}`" for name in _stored(frappe.get_meta(table.options))]
	return found


def _stored(meta) -> list[str]:
	return [df.fieldname for df in meta.fields if df.fieldtype in frappe.model.data_fieldtypes]


def through_links(doctype: str) -> list[str]:
	"""`participant.access_note`: columns of what a Link field leads to."""
	return [
		f"{df.fieldname}.{name}"
		for df in frappe.get_meta(doctype).get_link_fields()
		if df.options.startswith(("Involvement", "Participant", "Payment"))
		for name in _stored(frappe.get_meta(df.options))
	]


@surface("doctype", every=True)
def resource_list(doctype):
	yield Ask(f"/api/resource/{doctype}", {"fields": ["*"], **EVERY_ROW})
	for parent in parents_of(doctype):
		yield Ask(f"/api/resource/{doctype}", {"fields": ["*"], "parent": parent, **EVERY_ROW})


@surface("doctype", every=True)
def resource_list_v2(doctype):
	yield Ask(f"/api/v2/document/{doctype}", {"fields": ["*"], "limit": "0"})


@surface("doctype")
def client_list(doctype):
	yield call("frappe.client.get_list", doctype=doctype, fields=["*"], **EVERY_ROW)
	for each in through_links(doctype):
		yield from of(
			each, call("frappe.client.get_list", doctype=doctype, fields=["name", each], **EVERY_ROW)
		)


@surface("doctype")
def client_list_of_a_child_table(doctype):
	for table in frappe.get_meta(doctype).get_table_fields():
		for parent in (doctype, "User", "Contact"):
			yield call(
				"frappe.client.get_list", doctype=table.options, parent=parent, fields=["*"], **EVERY_ROW
			)
			yield call("frappe.client.get_value", doctype=table.options, parent=parent, fieldname=["*"])
		yield call("frappe.desk.reportview.get", doctype=table.options, parent_doctype=doctype, fields=["*"])


@surface("doctype")
def client_single_value(doctype):
	for name in _stored(frappe.get_meta(doctype)) if doctype in singles() else ():
		yield from of(name, call("frappe.client.get_single_value", doctype=doctype, field=name))


@surface("doctype")
def report_view(doctype):
	everything = {"doctype": doctype, "start": "0", "page_length": "1000", "view": "Report"}
	yield call("frappe.desk.reportview.get", **everything, fields=columns(doctype))
	yield call("frappe.desk.reportview.get_list", **everything, fields=["*"])


@surface("doctype")
def report_view_statistics(doctype):
	meta = frappe.get_meta(doctype)
	yield call(
		"frappe.desk.reportview.get_stats", doctype=doctype, stats=["_user_tags", *_stored(meta)], filters=[]
	)
	yield call(
		"frappe.desk.reportview.get_sidebar_stats",
		doctype=doctype,
		stats=["_user_tags", *_stored(meta)],
		filters=[],
	)
	yield call(
		"frappe.desk.reportview.get_filter_dashboard_data",
		doctype=doctype,
		stats=[{"name": name, "type": "Data"} for name in _stored(meta)],
		filters=[],
	)


@surface("doctype")
def grouped(doctype):
	for name in _stored(frappe.get_meta(doctype)):
		yield from of(
			name,
			call("frappe.desk.listview.get_group_by_count", doctype=doctype, current_filters=[], field=name),
			call(
				"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
				doctype=doctype,
				workflow_state_field=name,
				states=["nothing"],
			),
		)


@surface("doctype")
def charts(doctype):
	for name in _stored(frappe.get_meta(doctype)):
		chart = {"document_type": doctype, "filters_json": "[]", "name": "x"}
		grouped_by = {"chart_type": "Group By", "group_by_type": "Count", "group_by_based_on": name}
		heat = {"chart_type": "Sum", "type": "Heatmap", "based_on": "creation", "value_based_on": name}
		card = {"document_type": doctype, "aggregate_function_based_on": name}
		yield from of(
			name,
			*(
				call(
					"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
					chart={**chart, **kind},
					no_cache="1",
				)
				for kind in (grouped_by, heat)
			),
			*(
				call(
					"frappe.desk.doctype.number_card.number_card.get_result",
					doc={**card, "function": function},
					filters=[],
				)
				for function in ("Sum", "Maximum")
			),
		)


@surface("doctype")
def exports_of_a_list(doctype):
	yield call(
		"frappe.desk.reportview.export_query",
		doctype=doctype,
		file_format_type="CSV",
		title=doctype,
		fields=columns(doctype),
	)
	yield call(
		"frappe.desk.reportview.export_query",
		doctype=doctype,
		file_format_type="Excel",
		title=doctype,
		fields=columns(doctype),
	)


@surface("doctype")
def exports_of_a_doctype(doctype):
	yield call(
		"frappe.core.doctype.data_export.exporter.export_data",
		doctype=doctype,
		parent_doctype=doctype,
		all_doctypes="true",
		with_data="1",
		file_type="CSV",
	)
	yield call(
		"frappe.core.doctype.data_import.data_import.download_template",
		doctype=doctype,
		export_fields={
			doctype: ["name", *_stored(frappe.get_meta(doctype))],
			**{
				df.fieldname: _stored(frappe.get_meta(df.options))
				for df in frappe.get_meta(doctype).get_table_fields()
			},
		},
		export_records="all",
	)


@surface("doctype")
def link_search(doctype):
	for name in ("name", *_stored(frappe.get_meta(doctype))):
		ask = call(
			"frappe.desk.search.search_widget",
			doctype=doctype,
			txt="",
			searchfield=name,
			filter_fields=[name],
			ignore_user_permissions="1",
			page_length="1000",
		)
		yield from of(name, ask)
	yield call(
		"frappe.desk.search.search_link",
		doctype=doctype,
		txt="",
		ignore_user_permissions="1",
		page_length="1000",
	)
	yield call("frappe.desk.search.search_link", doctype=doctype, txt="q", page_length="1000")


@surface("doctype")
def doctype_page(doctype):
	yield call("frappe.desk.form.load.getdoctype", doctype=doctype, with_parent="1")
	yield call("frappe.desk.form.linked_with.get_linked_doctypes", doctype=doctype)
	yield call("frappe.desk.listview.get_list_settings", doctype=doctype)
	yield call("frappe.desk.doctype.kanban_board.kanban_board.get_kanban_boards", doctype=doctype)


@surface("doctype")
def calendar_and_tree(doctype):
	for name in _stored(frappe.get_meta(doctype)):
		ask = call(
			"frappe.desk.calendar.get_events",
			doctype=doctype,
			start="2000-01-01",
			end="2099-01-01",
			field_map={"start": "creation", "end": "creation", "title": name},
		)
		yield from of(name, ask)
	yield call("frappe.desk.treeview.get_children", doctype=doctype, parent="")
	yield call(
		"frappe.desk.treeview.get_all_nodes",
		doctype=doctype,
		label="x",
		parent="",
		tree_method="frappe.desk.treeview.get_children",
	)
	yield call("frappe.geo.utils.get_coords", doctype=doctype, filters=[], type="coordinates")


@surface("doctype")
def tags(doctype):
	yield call("frappe.desk.doctype.tag.tag.get_tags", doctype=doctype, txt="")
	yield call("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=doctype, tag="%")


@surface("doctype")
def saved_report(doctype, world):
	report = f"Canaries in {doctype}"
	for user in ("manager", "officer", "coordinator"):
		yield call("frappe.desk.query_report.run", report_name=report, user=world.user(user), filters={})
	yield call(
		"frappe.desk.query_report.export_query",
		report_name=report,
		file_format_type="CSV",
		filters={},
		visible_idx=[],
	)
	yield Ask(f"/api/resource/Report/{report}")


@surface("doctype")
def column_of_ones_own_choice(doctype, world):
	"""A reader adds a column to a report, by the names that it shows."""
	for name in _stored(frappe.get_meta(doctype)):
		column = {"doctype": doctype, "fieldname": name, "link_field": "name", "insert_after_index": 0}
		report = {"report_name": world.names_of(doctype), "filters": {}, "custom_columns": [column]}
		cmd = "/api/method/frappe.desk.query_report."
		yield from of(
			name,
			call("frappe.desk.query_report.get_data_for_custom_field", doctype=doctype, field=name),
			Ask(f"{cmd}run", report, "POST", as_json=True),
			Ask(f"{cmd}export_query", {**report, "file_format_type": "CSV", "visible_idx": []}, "POST"),
		)


@surface("doctype")
def prepared_report(doctype):
	"""Made now, and found by whoever asks next: saved report, rows of the framework."""
	report = f"Canaries in {doctype}"
	make = "frappe.core.doctype.prepared_report.prepared_report."
	yield call(f"{make}make_prepared_report", post=True, report_name=report, filters={})
	yield call(f"{make}get_reports_in_queued_state", report_name=report, filters={})
	prepared = {"doctype": "Prepared Report", "report_name": report, "filters": "{}"}
	yield Ask("/api/resource/Prepared Report", prepared, "POST")


@surface("doctype")
def mailed_report(doctype, world, user):
	"""In the name of somebody who may read more, to oneself."""
	report = f"Canaries in {doctype}"
	values = {
		"report": report,
		"report_type": "Report Builder",
		"user": world.user("manager"),
		"email_to": user,
		"format": "CSV",
		"frequency": "Daily",
	}
	yield Ask("/api/resource/Auto Email Report", values, "POST")
	for action in ("download", "send_now"):
		yield call(f"frappe.email.doctype.auto_email_report.auto_email_report.{action}", name=report)


@surface("doctype")
def framework_report(doctype, world):
	for report in ("Addresses And Contacts", "Permitted Documents For User"):
		yield call(
			"frappe.desk.query_report.run",
			report_name=report,
			user=world.user("manager"),
			filters={"reference_doctype": doctype, "doctype": doctype, "user": world.user("manager")},
		)


@surface("doctype")
def website_list(doctype):
	yield call("frappe.www.list.get", doctype=doctype, limit="1000")
	yield call("frappe.www.list.get_list_data", doctype=doctype, limit="1000")
	yield call("frappe.website.doctype.web_form.web_form.get_form_data", doctype=doctype)
	yield call(
		"frappe.website.doctype.web_form.web_form.get_link_options",
		web_form_name="x",
		doctype=doctype,
		allow_read_on_all_link_options="1",
	)


# --- of a document -------------------------------------------------------------------------------


@surface("document", every=True)
def resource(doctype, name):
	yield Ask(f"/api/resource/{doctype}/{name}")


@surface("document")
def resource_v2(doctype, name):
	yield Ask(f"/api/v2/document/{doctype}/{name}")


@surface("document")
def client_document(doctype, name):
	yield call("frappe.client.get", doctype=doctype, name=name)
	yield call("frappe.client.get", doctype=doctype, filters={"name": name})
	yield call("frappe.client.get_value", doctype=doctype, filters={"name": name}, fieldname=["*"])
	for each in _stored(frappe.get_meta(doctype)):
		yield from of(each, call("frappe.client.get_value", doctype=doctype, filters=name, fieldname=each))
	yield call(
		"frappe.client.validate_link", doctype=doctype, docname=name, fields=_stored(frappe.get_meta(doctype))
	)
	yield call("frappe.client.is_document_amended", doctype=doctype, docname=name)
	yield call("frappe.client.get_doc_permissions", doctype=doctype, docname=name)


@surface("document", every=True)
def form(doctype, name):
	yield call("frappe.desk.form.load.getdoc", doctype=doctype, name=name)


@surface("document")
def around_a_document(doctype, name):
	yield call("frappe.desk.form.load.get_docinfo", doctype=doctype, name=name)
	yield call("frappe.desk.form.load.get_communications", doctype=doctype, name=name)
	yield call("frappe.desk.form.linked_with.get", doctype=doctype, docname=name)
	yield call("frappe.desk.form.linked_with.get_submitted_linked_docs", doctype=doctype, name=name)
	yield call("frappe.desk.form.utils.get_next", doctype=doctype, value=name, prev="0")
	yield call("frappe.desk.notifications.get_open_count", doctype=doctype, name=name)
	yield call("frappe.desk.link_preview.get_preview_data", doctype=doctype, docname=name)
	yield call("frappe.desk.search.get_link_title", doctype=doctype, docname=name)
	yield call("frappe.desk.form.document_follow.get_follow_users", doctype=doctype, doc_name=name)
	yield call("frappe.share.get_users", doctype=doctype, name=name)
	yield call("frappe.core.api.file.get_attached_images", doctype=doctype, names=[name])
	yield call(
		"frappe.utils.diff.version_query",
		doctype="Version",
		txt="",
		searchfield="name",
		start="0",
		page_len="50",
		filters={"ref_doctype": doctype, "docname": name},
	)
	yield call("frappe.model.workflow.get_transitions", doc={"doctype": doctype, "name": name})
	yield call(
		"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions",
		doctype=doctype,
		docname=name,
	)


@surface("document")
def a_tag_put_on_it(doctype, name):
	"""The tag's row copies the title of the document."""
	yield call("frappe.desk.doctype.tag.tag.add_tag", post=True, tag="canary", dt=doctype, dn=name)
	yield call("frappe.desk.doctype.tag.tag.get_documents_for_tag", tag="canary")
	yield Ask("/api/resource/Tag Link", {"fields": ["*"], "limit_page_length": "0"})


@surface("document")
def following_it(doctype, name):
	yield call(
		"frappe.desk.form.document_follow.update_follow",
		post=True,
		doctype=doctype,
		doc_name=name,
		following="1",
	)
	yield Ask("/api/resource/Document Follow", {"fields": ["*"], "limit_page_length": "0"})


@surface("document")
def printed(doctype, name):
	yield Ask("/printview", {"doctype": doctype, "name": name})
	yield call("frappe.www.printview.get_html_and_style", doc=doctype, name=name)
	yield call("frappe.www.printview.get_rendered_raw_commands", doc=doctype, name=name)
	yield call("frappe.printing.page.print.print.get_print_settings_to_show", doctype=doctype, docname=name)


@surface("document")
def printed_as_sent(doctype, name):
	"""The document is in the request, as a form that is not saved yet."""
	for more in ({}, {"__islocal": 1}):
		yield call("frappe.www.printview.get_html_and_style", doc={"doctype": doctype, "name": name, **more})


@surface("document")
def printed_as_pdf(doctype, name):
	yield call("frappe.utils.print_format.download_pdf", doctype=doctype, name=name)
	yield call("frappe.utils.print_format.download_multi_pdf", doctype=doctype, name=[name])
	yield call("frappe.utils.weasyprint.download_pdf", doctype=doctype, name=name, print_format="Standard")


def a_mail(to: str, **more) -> Ask:
	"""Written by hand in the desk, to oneself."""
	words = {"content": "see", "subject": "this", "recipients": to}
	return call("frappe.core.doctype.communication.email.make", post=True, **words, **more)


@surface("document")
def mailed(doctype, name, user):
	"""With the document as a PDF; what is put in the queue is carried and looked at by mailbox.py."""
	document = {"doctype": doctype, "name": name, "print_format": "Standard"}
	yield a_mail(user, **document, attachments=[])
	yield a_mail(user, **document, attachments=[], send_email="1")


@surface("document")
def method_of_a_forged_document(doctype, name, world):
	"""`run_doc_method` takes the document from the request."""
	stored = frappe.db.get_value(doctype, name, "*", as_dict=True) if doctype not in singles() else {}
	# what an attacker knows: names of records, and dates
	links = {
		df.fieldname: stored.get(df.fieldname)
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype in ("Link", "Dynamic Link", "Datetime", "Date", "Select") and stored.get(df.fieldname)
	}
	for method in WHITELISTED_METHODS.get(doctype, ()):
		for forged in (
			{**links, "doctype": doctype, "name": "new-1", "__islocal": 1},
			{**links, "doctype": doctype, "name": name, "__islocal": 1},
		):
			yield call("run_doc_method", post=True, method=method, docs=_plain(forged))
		yield call("run_doc_method", post=True, method=method, dt=doctype, dn=name)
		yield Ask(f"/api/resource/{doctype}/{name}", {"run_method": method}, "POST")


WHITELISTED_METHODS = {
	"Involvement Session": ("fill_attendance",),
	"Involvement Payment Batch": ("add_approved_payments",),
}


def _plain(values: dict) -> dict:
	return {
		key: value if isinstance(value, (int, float, str)) else str(value) for key, value in values.items()
	}


@surface("document")
def lifecycle_buttons(doctype, name):
	yield call("involvement_app.lifecycle.desk.steps", doctype=doctype, name=name)


@surface("document", "import", every=True)
def import_report(doctype, name):
	if doctype == "Participant Import":
		module = "involvement_app.involvement_app.doctype.participant_import.participant_import"
		yield call(f"{module}.report", name=name)
		yield call(f"{module}.faulty_rows", name=name)


@surface("document")
def who_an_enquirer_might_be(doctype, name):
	if doctype == "Expression of Interest":
		yield call("involvement_app.involvement_app.enquiries.alike", enquiry=name)
		yield call("involvement_app.involvement_app.enquiries.before_joining", enquiry=name)


@surface("document", "logged reading", every=True)
def logged_reading(doctype, name):
	if doctype == "Participant Bank Detail":
		yield call(
			"involvement_app.involvement_privacy.sensitive.read",
			post=True,
			doctype=doctype,
			name=name,
			reason="Wanted to know",
		)
	if doctype == "Wellbeing Support Plan":
		why = {"reason": "Wanted to know"}
		yield call(
			"involvement_app.involvement_privacy.sensitive.read", post=True, doctype=doctype, name=name, **why
		)
		participant = frappe.db.get_value(doctype, name, "participant")
		yield call(
			"involvement_app.involvement_app.wellbeing.read", post=True, participant=participant, **why
		)


@surface("document", every=True)
def batch_file(doctype, name):
	if doctype == "Involvement Payment Batch":
		yield call("involvement_app.involvement_payments.batches.download", batch=name)


@surface("document", "portal page of a record", every=True)
def portal_record(doctype, name):
	for path in PORTAL_PAGES.get(doctype, ()):
		yield Ask("/take-part/" + path.format(name))


PORTAL_PAGES = {
	"Involvement Opportunity": ("opportunities/{}", "opportunities/{}/apply"),
	"Involvement Application": ("my/offers/{}", "my/offers/{}/no-thank-you"),
	"Involvement Engagement": ("my/places/{}", "my/places/{}/leave"),
}


@surface("document")
def words_about_a_document(doctype, name, world):
	"""Reviews, mails written beforehand, telephone numbers, the live channel of the document."""
	yield call(
		"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews", doctype=doctype, docname=name
	)
	yield call(
		"frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview",
		reference_dt=doctype,
		reference_doc=name,
		message="{{ doc.as_json() }}",
	)
	yield call(
		"frappe.core.doctype.sms_settings.sms_settings.get_contact_number",
		contact_name=world.ann.person,
		ref_doctype=doctype,
		ref_name=name,
	)
	yield call("frappe.realtime.can_subscribe_doc", doctype=doctype, docname=name)
	yield call("frappe.model.workflow.get_common_transition_actions", docs=[{"name": name}], doctype=doctype)
	yield call("frappe.contacts.doctype.address.address.get_default_address", doctype=doctype, name=name)


@surface("document", "page of the website")
def website_page(doctype, name):
	route = doctype.lower().replace(" ", "-")
	for path in (f"/{doctype}/{name}", f"/app/{route}/{name}", f"/{route}/{name}"):
		yield Ask(path)
	yield call("frappe.website.doctype.web_form.web_form.get_form_data", doctype=doctype, docname=name)


@surface("denied")
def refusals(doctype, name):
	"""What one may not read one may try to change: the refusal names no word of it."""
	document = {"doctype": doctype, "name": name}
	yield call("frappe.client.set_value", post=True, **document, fieldname="idx", value="1")
	yield call("frappe.client.save", post=True, doc=document)
	yield call("frappe.client.submit", post=True, doc=document)
	yield call("frappe.client.cancel", post=True, **document)
	yield call("frappe.client.bulk_update", post=True, docs=[{**document, "docname": name, "idx": 1}])
	yield call("frappe.desk.form.save.savedocs", post=True, doc={**document, "idx": 1}, action="Save")
	yield Ask(f"/api/resource/{doctype}/{name}", {"idx": "1"}, "PUT")
	yield call("frappe.model.workflow.apply_workflow", post=True, doc=document, action="Approve")
	for table in frappe.get_meta(doctype).get_table_fields():
		row = {
			"doctype": table.options,
			"parenttype": doctype,
			"parent": name,
			"parentfield": table.fieldname,
		}
		yield call("frappe.client.insert", post=True, doc=row)
	yield call("frappe.desk.form.assign_to.add", post=True, **document, assign_to=["care.worker@example.com"])
	yield call("frappe.share.add", post=True, **document, user="care.worker@example.com")
	yield call(
		"frappe.desk.form.utils.add_comment",
		post=True,
		reference_doctype=doctype,
		reference_name=name,
		content="Seen",
		comment_email="care.worker@example.com",
		comment_by="Care",
	)
	file = {"filename": "a.txt", "filedata": "a", "is_private": "1"}
	yield call("frappe.client.attach_file", post=True, doctype=doctype, docname=name, **file)
	yield call(
		"frappe.model.rename_doc.update_document_title", post=True, **document, docname=name, title="x"
	)


# --- files ---------------------------------------------------------------------------------------


@surface("file")
def file_by_address(url, name):
	yield Ask(url)
	yield call("frappe.handler.download_file", file_url=url)
	yield call("frappe.core.doctype.file.file.download_file", file_url=url)
	yield call("frappe.utils.file_manager.download_file", file_url=url)
	yield Ask(f"{url}?fid={name}")


@surface("file")
def file_record(url, name):
	yield Ask(f"/api/resource/File/{name}")
	yield call("frappe.client.get", doctype="File", name=name)
	yield call("frappe.core.api.file.get_files_by_search_text", text=url.rsplit("/", 1)[-1][:12])
	yield call("frappe.core.api.file.zip_files", files=[name])
	yield call("frappe.core.api.file.unzip_file", post=True, name=name)


@surface("file")
def file_claimed_by_its_address(url, name, user):
	"""Somebody makes a File of their own with the address of another's, and is its owner."""
	yield call("upload_file", post=True, file_url=url, is_private="1", file_name="mine.txt")
	yield Ask("/api/resource/File", {"file_url": url, "is_private": "1", "file_name": "mine.txt"}, "POST")
	yield Ask(url)
	yield a_mail(user, attachments=[name], send_email="1")
	yield Ask(url)


# --- once ----------------------------------------------------------------------------------------


@surface("log", "rows of the framework")
def log_rows(doctype):
	yield Ask(f"/api/resource/{doctype}", {"fields": ["*"], "limit_page_length": "0"})
	yield call("frappe.desk.reportview.get", doctype=doctype, fields=["*"], page_length="1000")
	yield call(
		"frappe.desk.search.search_link",
		doctype=doctype,
		txt="",
		ignore_user_permissions="1",
		page_length="1000",
	)


@surface("world")
def desk_start_page(world):
	yield Ask("/app")


@surface("world")
def desk(world):
	yield call("frappe.desk.notifications.get_notifications")
	yield call("frappe.desk.doctype.notification_log.notification_log.get_notification_logs", limit="100")
	yield call("frappe.desk.doctype.event.event.get_events", start="2000-01-01", end="2099-01-01")
	yield call("frappe.desk.search.get_names_for_mentions", search_term="")
	yield call("frappe.email.get_contact_list", txt="", page_length="1000")
	yield call("frappe.core.api.file.get_files_in_folder", folder="Home/Attachments", page_length="1000")
	yield call("frappe.core.api.file.get_files_in_folder", folder="Home", page_length="1000")
	yield call("frappe.desk.doctype.tag.tag.get_tags_list_for_awesomebar")
	yield call("frappe.desk.doctype.route_history.route_history.frequently_visited_links")
	yield call("frappe.core.doctype.user_permission.user_permission.get_user_permissions")
	for workspace in ("Involvement", "Involvement Money"):
		page = {"name": workspace, "title": workspace, "public": 1}
		yield call("frappe.desk.desktop.get_desktop_page", page=page)
	for card in frappe.get_all("Number Card", {"module": ["like", "Involvement%"]}, pluck="name"):
		yield call("frappe.client.get", doctype="Number Card", name=card)


@surface("world")
def feeds(world, user):
	"""What is told without being asked for, and what people did lately. The app has no feed of its own."""
	yield Ask("/rss")
	yield Ask("/blog")
	yield call("frappe.desk.notifications.get_notification_info")
	yield call("frappe.desk.doctype.notification_settings.notification_settings.get_subscribed_documents")
	profile = "frappe.desk.page.user_profile.user_profile"
	for whose in {user, world.user("coordinator"), world.user("ann")}:
		yield call(f"{profile}.get_energy_points_list", start="0", limit="100", user=whose)
		yield call(f"{profile}.get_energy_points_percentage_chart_data", user=whose, field="reason")
		yield call("frappe.desk.form.load.get_user_info_for_viewers", users=[whose])
	yield call(
		"frappe.desk.leaderboard.get_energy_point_leaderboard", date_range=["2000-01-01", "2099-01-01"]
	)
	for fieldname in ("data", "content"):
		yield call(
			"frappe.utils.diff.get_version_diff",
			from_version=world.versions[0],
			to_version=world.versions[-1],
			fieldname=fieldname,
		)


@surface("world")
def global_search(world):
	yield call("frappe.utils.global_search.search", text="qz", limit="1000")
	for doctype in main_doctypes():
		yield call("frappe.utils.global_search.search", text="qz", doctype=doctype, limit="1000")


@surface("world")
def website_search(world):
	yield call("frappe.utils.global_search.web_search", text="qz", limit="1000")
	yield call("frappe.www.search.get_search_results", text="qz")
	yield call("frappe.search.web_search", query="qz")
	yield Ask("/search", {"q": "qz"})
	yield Ask("/sitemap.xml")
	yield Ask("/robots.txt")


@surface("world", "portal")
def portal(world):
	for path in (
		"",
		"/privacy",
		"/opportunities",
		"/opportunities?online=1",
		"/sign-in",
		"/sign-in/link",
		"/sign-in/password",
		"/sign-in/sent",
		"/sign-in/link/nothing",
		"/my",
		"/my?done=accepted",
		"/my/payments",
		"/my/history",
		"/voices",
		"/my/stories",
		"/my/media",
		"/my/ambassador",
		*(f"/my/ambassador/{name}" for name in world.new_rows("Ambassador Assignment")),
		*(f"/my/stories/{name}" for name in world.new_rows("Participant Story")),
		f"/my?participant={world.bob.name}",
		f"/my/payments?participant={world.bob.name}",
		"/nowhere",
	):
		yield Ask("/take-part" + path)


@surface("world")
def contacts(world):
	for person in (world.ann.person, world.bob.person):
		yield call("frappe.contacts.doctype.contact.contact.get_contact_details", contact=person)
		yield call(
			"frappe.contacts.doctype.contact.contact.contact_query",
			doctype="Contact",
			txt="",
			searchfield="name",
			start="0",
			page_len="100",
			filters={"link_doctype": "Involvement Participant", "link_name": world.ann.name},
		)
		yield call("frappe.desk.form.linked_with.get", doctype="Contact", docname=person)
		yield call(
			"frappe.desk.notifications.get_open_count",
			doctype="Contact",
			name=person,
			items=["Involvement Participant"],
		)
		yield call("involvement_app.involvement_app.joining.preview_contacts", post=True, contacts=[person])


@surface("world")
def the_users_of_participants(world):
	for user in (world.user("ann"), world.user("bob")):
		yield Ask(f"/api/resource/User/{user}")
		yield call("frappe.desk.form.linked_with.get", doctype="User", docname=user)
		yield call("frappe.desk.form.load.getdoc", doctype="User", name=user)


# --- oracles: is there a row with this? ----------------------------------------------------------


def _like(doctype: str, fieldname: str, word: str) -> list:
	return [[doctype, fieldname, "like", f"%{word}%"]]


@surface("field")
def filtered_lists(doctype, main, fieldname, word):
	filters = _like(doctype, fieldname, word)
	yield Ask(f"/api/resource/{main}", {"filters": filters})
	yield Ask(f"/api/resource/{main}", {"or_filters": filters})
	yield call("frappe.client.get_list", doctype=main, filters=filters)
	yield call("frappe.client.get_value", doctype=main, filters=filters, fieldname="name")
	yield call("frappe.desk.reportview.get", doctype=main, fields=["name"], filters=filters)


@surface("field")
def filtered_counts(doctype, main, fieldname, word):
	filters = _like(doctype, fieldname, word)
	yield call("frappe.client.get_count", doctype=main, filters=filters)
	yield call("frappe.desk.reportview.get_count", doctype=main, fields=[], filters=filters)
	yield call("frappe.desk.reportview.get_stats", doctype=main, stats=["status"], filters=filters)
	yield call(
		"frappe.desk.listview.get_group_by_count", doctype=main, current_filters=filters, field="owner"
	)
	yield call(
		"frappe.desk.listview.get_group_by_count", doctype=main, current_filters=filters, field="assigned_to"
	)


@surface("field")
def filtered_charts(doctype, main, fieldname, word):
	filters = _like(doctype, fieldname, word)
	yield call(
		"frappe.desk.doctype.number_card.number_card.get_result",
		doc={"document_type": main, "function": "Count"},
		filters=filters,
	)
	for more in (
		{"chart_type": "Count", "type": "Heatmap", "based_on": "creation"},
		{
			"chart_type": "Count",
			"type": "Line",
			"based_on": "creation",
			"timespan": "Last Year",
			"time_interval": "Yearly",
		},
		{"chart_type": "Group By", "group_by_type": "Count", "group_by_based_on": "docstatus"},
	):
		yield call(
			"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
			chart={"document_type": main, "name": "x", "filters_json": json.dumps(filters), **more},
			no_cache="1",
		)


@surface("field")
def filtered_goal(doctype, main, fieldname, word, user="Guest"):
	filters = {fieldname: ["like", f"%{word}%"], "modified_by": ["like", "%"]}
	cmd, arguments = goal_of(doctype, user, filters=filters)
	yield call(cmd, **arguments)


@surface("field")
def filtered_search(doctype, main, fieldname, word):
	filters = _like(doctype, fieldname, word)
	yield call(
		"frappe.desk.search.search_link", doctype=main, txt="", filters=filters, ignore_user_permissions="1"
	)
	yield call(
		"frappe.desk.search.search_widget", doctype=main, txt="", filters=filters, ignore_user_permissions="1"
	)
	yield call(
		"frappe.desk.calendar.get_events",
		doctype=main,
		start="2000-01-01",
		end="2099-01-01",
		field_map={"start": "creation", "end": "creation", "title": "name"},
		filters=filters,
	)
	yield call("frappe.desk.form.utils.get_next", doctype=main, value="nothing", prev="0", filters=filters)
