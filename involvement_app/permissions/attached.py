"""What the framework keeps about a document of ours follows the document: its files and its tags.

Frappe lists tags for anybody, and files for whoever may read *some* document of the doctype. Here: for whoever may
read this one (hooks `permission_query_conditions`, `has_permission`, `doc_events`)."""

from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file import file as frappe_file
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.doctype.number_card import number_card
from pypika.terms import PseudoColumn

from involvement_app.permissions.columns import hidden_from, unescaped

# doctype → (the field that names the doctype, the field that names the document)
KEPT_ABOUT = {
	"File": ("attached_to_doctype", "attached_to_name"),
	"Tag Link": ("document_type", "document_name"),
}


MODULES = ("Involvement App", "Involvement Payments", "Involvement Voice", "Involvement Privacy")


def is_of_our_modules(doctype: str | None) -> bool:
	"""A doctype of ours, masters and settings included."""
	return bool(doctype) and frappe.get_meta(doctype).module in MODULES


def _ours() -> list[str]:
	"""Every doctype that rows may hang on; of masters, all rows are for whoever may read one."""
	return [*frappe.get_hooks("involvement_unshared"), *frappe.get_hooks("involvement_masters")]


def file_conditions(user: str | None = None, **kwargs) -> str:
	return _conditions("File", user)


def tag_conditions(user: str | None = None, **kwargs) -> str:
	return _conditions("Tag Link", user)


def _conditions(kind: str, user: str | None) -> str:
	"""Rows about nothing of ours, and rows about what the reader may list."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	row = frappe.qb.DocType(kind)
	about, name = (row[fieldname] for fieldname in KEPT_ABOUT[kind])
	rule = about.isnull() | about.notin(_ours())
	if kind == "File":
		rule = rule & ((row.owner == user) | row.file_url.isnull() | row.file_url.notin(_addresses_of_ours()))
	for doctype in _ours():  # one by one: of the doctype alone, from cached rights
		if frappe.has_permission(doctype, "read", user=user):
			rule = rule | ((about == doctype) & _is_listed(name, doctype, user, kind))
	return f"({rule.get_sql(with_namespace=True, quote_char='`', secondary_quote_char=chr(39))})"


def _addresses_of_ours():
	"""Sub-select. A mail, or whoever made the file their own, keeps a second row of a file: that one is its owner's."""
	file = frappe.qb.DocType("File").as_("file_of_ours")
	mine = file.attached_to_doctype.isin(_ours()) & file.file_url.isnotnull()
	return frappe.qb.from_(file).select(file.file_url).where(mine)


def _is_listed(name, doctype: str, user: str, kind: str):
	if frappe.get_meta(doctype).issingle:
		return name == doctype
	return name.isin(_listed(doctype, user, _kept_back_by(doctype, user) if kind == "File" else None))


def _kept_back_by(doctype: str, user: str) -> str | None:
	"""The tick of a row (hook `involvement_files_kept_back`) by which its files are for those alone who may read the tick:
	a receipt says where somebody was, and when."""
	for field in frappe.get_hooks("involvement_files_kept_back").get(doctype, ()):
		if field in hidden_from(doctype, user):
			return field
	return None


def may_read_files_of(doctype: str, name: str, user: str | None = None) -> bool:
	"""Whoever may read the document, but for what is kept back."""
	user = user or frappe.session.user
	if not frappe.has_permission(doctype, "read", name, user=user):
		return False
	field = _kept_back_by(doctype, user)
	return not (field and frappe.db.get_value(doctype, name, field))


def may_read_file(doc, ptype=None, user=None, **kwargs) -> bool:
	"""has_permission of File: as Frappe says, which asks the document, but for what is kept back."""
	user = user or frappe.session.user
	if not frappe_file.has_permission(doc, ptype, user):
		return False
	about, name = doc.attached_to_doctype, doc.attached_to_name
	field = _kept_back_by(about, user) if about and name else None
	return not (field and frappe.db.get_value(about, name, field))


def _listed(doctype: str, user: str, but: str | None = None):
	"""Sub-select of the names that `user` finds in the list, by the doctype's own conditions, without those ticked `but`."""
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name)
	if but:
		query = query.where(table[but] == 0)
	for path in frappe.get_hooks("permission_query_conditions").get(doctype, ()):
		if condition := frappe.get_attr(path)(user):
			query = query.where(PseudoColumn(condition))
	return query


def may_read_tag(doc, ptype=None, user=None, **kwargs) -> bool:
	"""has_permission of Tag Link."""
	user = user or frappe.session.user
	if user == "Administrator" or doc.is_new() or doc.document_type not in _ours():
		return True
	there = frappe.db.exists(doc.document_type, doc.document_name)
	return bool(there) and frappe.has_permission(doc.document_type, "read", doc.document_name, user=user)


def may_see_card(doc, ptype=None, user=None, **kwargs) -> bool:
	"""A number card: of ours, for whoever may read what it counts. Frappe shows every card to a System Manager, whose
	workspace then says “not permitted” for each."""
	return bool(number_card.has_permission(doc, ptype, user)) and _may_count(doc, user)


def may_see_chart(doc, ptype=None, user=None, **kwargs) -> bool:
	"""A dashboard chart: the same."""
	return bool(dashboard_chart.has_permission(doc, ptype, user)) and _may_count(doc, user)


def _may_count(doc, user: str | None) -> bool:
	counted = doc.document_type
	return not is_of_our_modules(counted) or bool(frappe.has_permission(counted, "read", user=user))


def guard_file(doc, method=None) -> None:
	"""File, validate: private where it hangs on a document of ours; and whoever knows the address of such a file
	does not make it their own by writing the address down. (What is uploaded gets the address of an equal file from
	Frappe itself; whoever brings the content has it.)"""
	if doc.is_folder:
		return
	if not doc.is_private and is_of_our_modules(doc.attached_to_doctype):
		frappe.throw(_("Files on {0} are private.").format(_(doc.attached_to_doctype)))
	if _written_down(doc.file_url) if doc.is_new() else doc.has_value_changed("file_url"):
		_refuse_claim(doc)
	if doc.is_new() and doc.attached_to_doctype == "Communication" and getattr(frappe.local, "request", None):
		_refuse_mail(doc)


def _written_down(url: str | None) -> bool:
	"""Whether the request names this address."""
	if not url or not getattr(frappe.local, "request", None):
		return False
	return url.rsplit("/", 1)[-1] in unquote(unescaped(frappe.as_json(frappe.local.form_dict)))


def _refuse_claim(doc) -> None:
	rows = _kept_by_us(doc)
	# one by one: the few records of one file
	if rows and not any(may_read_files_of(row.attached_to_doctype, row.attached_to_name) for row in rows):
		raise frappe.PermissionError


def _kept_by_us(doc) -> list:
	"""The records of ours that this private file hangs on already."""
	if not (doc.file_url or "").startswith("/private/"):
		return []
	about = ["attached_to_doctype", "attached_to_name"]
	# get_all: every record of this address, whoever may read it
	others = frappe.get_all("File", {"file_url": doc.file_url, "name": ["!=", doc.name or ""]}, about)
	return [row for row in others if is_of_our_modules(row.attached_to_doctype)]


def _refuse_mail(doc) -> None:
	"""A mail from the desk names a file, and keeps a second record of it for whoever may read the mail: System Managers,
	and others of the CRM. (A mail that comes in, by a job, brings the content.)"""
	if kept := _kept_by_us(doc):
		frappe.throw(
			_(
				"{0} is kept with {1} {2}, and an e-mail written here would show it to others. "
				"Send it from your own mail program, or on paper."
			).format(doc.file_name, _(kept[0].attached_to_doctype), kept[0].attached_to_name),
			frappe.PermissionError,
			title=_("This file cannot go with this e-mail"),
		)


def guard_comment(doc, method=None) -> None:
	"""Comment, before_insert: words and likes on a document of ours, or on a Contact, come from whoever may read it, in
	their own name. Frappe's function for comments on web pages takes them from anybody who is signed in, about any
	document, in any name. (What the framework and we note there are other kinds of comment.)"""
	if doc.comment_type not in ("Comment", "Like") or frappe.session.user == "Administrator":
		return
	about = doc.reference_doctype
	if about != "Contact" and not is_of_our_modules(about):
		return
	if not frappe.has_permission(about, "read", doc.reference_name):
		raise frappe.PermissionError
	doc.comment_email, doc.comment_by = frappe.session.user, frappe.utils.get_fullname()


def never_follow(doc, method=None) -> None:
	"""Document Follow after_insert: gone again without a word, so that no change is mailed. Frappe follows by itself
	what somebody creates, comments on or likes; a refusal would stop that work."""
	if doc.ref_doctype in frappe.get_hooks("involvement_unshared"):
		frappe.db.delete("Document Follow", {"name": doc.name})  # the row just made, no other


def refuse_prepared(doc, method=None) -> None:
	"""Prepared Report, Auto Email Report, before_validate: none about rows of ours. The first keeps what one reader
	was shown and hands it to every reader of the report; the second mails what the user it names may read, to whom
	its maker likes."""
	report = doc.get("report_name") or doc.get("report")
	if is_of_our_modules(frappe.db.get_value("Report", report, "ref_doctype")):
		frappe.throw(
			_("Reports about involvement are shown to each reader on the site; they are not kept or mailed."),
			frappe.PermissionError,
		)
