"""A new document starts where its lifecycle starts: whoever makes it, by whatever path (insert, copy, amend, import)."""

import itertools
import json

import frappe

from involvement_app import lifecycle
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, IntegrationTestCase
from involvement_app.tests.lifecycle import ground
from involvement_app.tests.lifecycle.in_process import become, call, import_rows, one_request, rest, undone


def client_insert(doc, doctype):
	call("frappe.client.insert", doc=json.dumps(doc))


def client_insert_many(doc, doctype):
	call("frappe.client.insert_many", docs=json.dumps([doc]))


def client_save_as_new(doc, doctype):
	call("frappe.client.save", doc=json.dumps({**doc, "__islocal": 1}))


def client_submit_as_new(doc, doctype):
	call("frappe.client.submit", doc=json.dumps({**doc, "__islocal": 1}))


def form_save(doc, doctype):
	new = {**doc, "__islocal": 1, "__unsaved": 1, "name": "new-1"}
	call("frappe.desk.form.save.savedocs", doc=json.dumps(new), action="Save")


def form_submit(doc, doctype):
	new = {**doc, "__islocal": 1, "__unsaved": 1, "name": "new-1"}
	call("frappe.desk.form.save.savedocs", doc=json.dumps(new), action="Submit")


def rest_post(doc, doctype):
	rest("POST", f"/api/resource/{doctype}", doc)


def in_code(doc, doctype):
	frappe.get_doc(doc).insert()


def data_import(doc, doctype):
	fields = [df for df in frappe.get_meta(doctype).fields if isinstance(doc.get(df.fieldname), str)]
	run = frappe.new_doc("Data Import", reference_doctype=doctype, import_type="Insert New Records")
	run.submit_after_import = 1
	run.db_insert()
	import_rows(doctype, [[df.label for df in fields], [doc[df.fieldname] for df in fields]], run)


WAYS = (
	client_insert,
	client_insert_many,
	client_save_as_new,
	client_submit_as_new,
	form_save,
	form_submit,
	rest_post,
	in_code,
	data_import,
)
OWN = (
	"name",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"live_key",
	"dedupe_key",
	"application",
	"person",
)


class TestNewDocuments(IntegrationTestCase):
	def test_none_is_born_in_a_later_state(self):
		everything = factories.user(*sorted(roles.DESK_ROLES))
		tried = 0
		for doctype, make in ground.GROUNDS.items():
			with undone():
				become("Administrator")
				here = make(ground.identities(everything))
				tried += self.born(here, lifecycle.of(doctype), (everything, "Administrator"))
		print(f"\n{tried} documents tried to be born later", end="")

	def born(self, here, life, users) -> int:
		doc = json.loads(frappe.get_doc(here.doctype, here.name).as_json())
		copy = {key: value for key, value in doc.items() if key not in OWN and value is not None}
		later = [state for state in life.states if state.name not in (life.first, *life.initial)]
		tries = list(itertools.product(users, later, WAYS, (False, True)))
		tries = tries if DEEP else tries[:: 13 if len(tries) > 100 else 5]
		for user, state, way, amended in tries:
			new = {**copy, "status": state.name, "docstatus": state.docstatus}
			if amended:
				new["amended_from"] = here.name
			with (
				undone(),
				self.subTest(doctype=here.doctype, way=way.__name__, state=state.name, user=user),
			):
				before = set(frappe.get_all(here.doctype, pluck="name"))
				with one_request(user):
					way(new, here.doctype)
				born = frappe.get_all(
					here.doctype, {"name": ["not in", before]}, ["status", "docstatus"], as_list=True
				)
				allowed = {(name, 0) for name in (life.first, *life.initial)}
				self.assertLessEqual(set(map(tuple, born)), allowed)
		return len(tries)
