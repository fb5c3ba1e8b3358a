import os

import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import joining
from involvement_app.involvement_app.doctype.participant_import import csv_file, importing, rows
from involvement_app.involvement_privacy import consent
from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.permissions.files import own_private_file

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


CHOICES = ("kind", "file", "unit", "allow_alike")
NOTICE = ("notice_given", "notice_method", "notice_on")


class ParticipantImport(ServerManagedDocument):
	"""A list of people on its way onto the register: Draft → Checked → Importing → Done. `stage` and the
	counts are the server's; the rows of the file stand in Participant Import Row until they are imported."""

	def validate(self):
		self.set_title()
		self.validate_file()
		self.validate_notice()
		self.keep_what_was_imported()
		self.start_afresh()

	def set_title(self):
		before = self.get_doc_before_save()
		ours = (_("List of people"), os.path.basename(before.file or "") if before else None)
		if not self.title or self.title in ours:
			self.title = os.path.basename(self.file or "") or ours[0]

	def validate_file(self):
		if self.file and self.has_value_changed("file"):
			self.file = own_private_file(self.file, (self.doctype, self.name))

	def validate_notice(self):
		if not self.notice_given:
			self.update({"notice_method": None, "notice_on": None})
		elif not (self.notice_method and self.notice_on):
			frappe.throw(_("Privacy notice: say how and when the people on this list were given it."))
		elif getdate(self.notice_on) > getdate(today()):
			frappe.throw(_("Given on: this day is still to come."))

	def told(self) -> consent.Joining | None:
		"""What the importer says of everybody on the list; nothing is assumed."""
		if not self.notice_given:
			return None
		return joining.notice_given(self.notice_method, self.notice_on, note=rows.source(self))

	def keep_what_was_imported(self):
		changed = self.choices_changed() or any(self.has_value_changed(name) for name in NOTICE)
		if self.stage in ("Importing", "Done") and changed and not self.is_new():
			frappe.throw(
				_(
					"This list has been imported. Please start a new import for another file or other choices."
				),
				title=_("Already imported"),
			)

	def choices_changed(self) -> bool:
		return not self.is_new() and any(self.has_value_changed(fieldname) for fieldname in CHOICES)

	def start_afresh(self):
		if self.choices_changed():
			self.update(
				{"stage": "Draft", "good_rows": 0, "faulty_rows": 0, "problem": None, "columns_found": None}
			)

	def on_update(self):
		if self.stage == "Draft":
			rows.forget(self.name)

	def on_trash(self):
		if self.stage == "Importing":
			frappe.throw(_("This list is being imported. Wait until it is done."))
		rows.forget(self.name)


@frappe.whitelist(methods=["POST"])
def check(name: str) -> dict:
	"""Read the file and judge its rows; nobody is added yet. Answers `report`. A file that cannot be read is
	no error here: what is wrong with it is kept on the document. Raises PermissionError, ValidationError."""
	doc = _open(name)
	if doc.stage not in ("Draft", "Checked"):
		frappe.throw(_("This list has been imported. Please start a new import."))
	if not doc.file:
		frappe.throw(_("CSV file: attach the list first."), title=_("No file"))
	try:
		sheet = csv_file.read(rows.content(doc), rows.known_columns(doc))
	except csv_file.Unreadable as problem:
		rows.record_problem(doc, str(problem))
	else:
		rows.record(doc, sheet)
	return rows.report(doc)


@frappe.whitelist(methods=["POST"])
def start(name: str) -> dict:
	"""Import the good rows on the queue, or carry on where a lost job stopped. Answers `report`.
	Raises PermissionError, ValidationError."""
	doc = _open(name)
	importing.start(doc)
	return rows.report(doc)


@frappe.whitelist(methods=["GET"])
def report(name: str) -> dict:
	"""What the page shows: see `rows.report`. Raises PermissionError."""
	doc = frappe.get_doc("Participant Import", name)
	doc.check_permission("read")
	return rows.report(doc)


@frappe.whitelist(methods=["GET"])
def faulty_rows(name: str) -> None:
	"""Download: the faulty rows with their own columns, and Line and Reason. Raises PermissionError."""
	doc = frappe.get_doc("Participant Import", name)
	doc.check_permission("read")
	frappe.response.update(
		{"type": "download", "filename": f"{doc.name}-to-be-mended.csv", "filecontent": rows.faulty_csv(doc)}
	)


def _open(name: str) -> ParticipantImport:
	joining.check_may_add()
	doc = frappe.get_doc("Participant Import", name, for_update=True)
	doc.check_permission("write")
	return doc
