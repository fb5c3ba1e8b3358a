"""Which layout writes the file for the bank: put in use by somebody who did not write it, the same from then on, and kept
with each batch by its hash from Lock to the last file (domain 4.7, 5.3: nobody says alone where money goes)."""

import json

import frappe
from frappe import _
from frappe.utils import cast, cstr, now_datetime

from involvement_app import lifecycle
from involvement_app.involvement_payments import csv_file
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

LAYOUT = "Bank File Layout"
# what a file is written by. A field that comes later is left out while it says what was so before: hashes are kept
SAID = (
	"format",
	"delimiter",
	"quoting",
	"with_header",
	"extension",
	"date_format",
	"amount_format",
	"encoding",
	"first_lines",
	"last_lines",
	"sort_code",
	"account_number",
	"service_user_number",
	"service_user_name",
	"record_length",
)
OF_A_COLUMN = ("heading", "holds", "fixed_words", "most", "times")
# what is no part of a file
BESIDE = ("title", "source")


class LayoutChanged(frappe.ValidationError):
	"""A layout says something else than what was looked at, or than when its batch was locked."""


def in_use() -> str | None:
	return frappe.db.get_value(LAYOUT, {"in_use": 1})


def fingerprint(layout) -> str:
	"""Of all that a layout says about files: columns in their order, form, rows before and after, and our account."""
	said = {**_values(layout, SAID), "columns": [_values(column, OF_A_COLUMN) for column in layout.columns]}
	return csv_file.fingerprint(json.dumps(said, sort_keys=True).encode())


def _values(doc, names: tuple[str, ...]) -> dict[str, str]:
	values = {name: cast(doc.meta.get_field(name).fieldtype, doc.get(name)) for name in names}
	return {name: cstr(value) for name, value in values.items() if value}


# Into use


@frappe.whitelist(methods=["POST"])
def put_in_use(layout: str, modified: str) -> None:
	"""Finance looks at what somebody else wrote, and puts it in use in the place of the one before. `modified`: of what they
	looked at. Raises PermissionError, StepNotPermitted, ValidationError."""
	doc = frappe.get_doc(LAYOUT, cstr(layout), for_update=True)
	doc.check_permission("read")
	if not roles_of(frappe.session.user) & {FINANCE_OFFICER, FINANCE_AUTHORISER}:
		raise frappe.PermissionError
	if frappe.session.user in doc.hands():
		frappe.throw(
			_(
				"You wrote or changed this layout, so somebody else in finance looks at it and puts it in use."
			),
			lifecycle.StepNotPermitted,
		)
	if cstr(doc.modified) != cstr(modified):
		frappe.throw(_("Somebody has changed this layout since you opened it. Look at it once more."))
	other = in_use()
	if other and other != doc.name:
		_save(frappe.get_doc(LAYOUT, other, for_update=True), in_use=0)
	_save(
		doc,
		in_use=1,
		put_in_use_by=frappe.session.user,
		put_in_use_on=now_datetime(),
		content_hash=doc.content_hash or fingerprint(doc),
	)


@frappe.whitelist(methods=["POST"])
def take_out_of_use(layout: str) -> None:
	"""Batches that are locked from now on have a plain list. Raises PermissionError."""
	doc = frappe.get_doc(LAYOUT, cstr(layout), for_update=True)
	doc.check_permission("write")
	_save(doc, in_use=0)


def _save(doc, **values) -> None:
	doc.update(values)
	doc.flags.only_its_use = True
	with lifecycle.server_side():
		doc.save(ignore_permissions=True)  # bounded: the callers have asked, and only its use is written


# With a batch


def fix(batch, name: str | None) -> None:
	"""At Lock: what writes its file, as somebody looked at it. Raises LayoutChanged."""
	batch.file_layout, batch.layout_hash = name, None
	if not name:
		return
	layout = frappe.get_doc(LAYOUT, name)
	batch.layout_hash = fingerprint(layout)
	if batch.layout_hash != layout.content_hash:
		frappe.throw(
			_(
				"The layout {0} is not what was looked at when it was put in use. Find out who changed it, then write another and have somebody else put that in use."
			).format(frappe.utils.escape_html(layout.title)),
			LayoutChanged,
		)


def as_locked(batch, move) -> None:
	"""Guard: the file is written as the layout said when the batch was locked. Raises LayoutChanged."""
	if not batch.file_layout:
		return
	layout = frappe.get_doc(LAYOUT, batch.file_layout)
	if batch.layout_hash == fingerprint(layout):
		return
	words = (
		_(
			"The layout {0} is not what it was when {1} was locked, so no further file is written. Download the one that was exported, and find out who changed the layout."
		)
		if batch.export_count
		else _(
			"The layout {0} is not what it was when {1} was locked, so no file is written. Find out who changed it, have another put in use, make this batch void, and put its payments into a new one."
		)
	)
	frappe.throw(words.format(frappe.utils.escape_html(layout.title), batch.name), LayoutChanged)


def said_of(batch) -> str:
	"""For whoever authorises: which layout, by whose hands."""
	if not batch.file_layout:
		return ""
	layout = frappe.get_doc(LAYOUT, batch.file_layout)
	return _("{0}, written by {1}, put in use by {2}").format(
		layout.title, ", ".join(sorted(layout.hands())), layout.put_in_use_by or _("nobody we know of")
	)
