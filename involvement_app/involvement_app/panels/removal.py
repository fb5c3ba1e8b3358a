"""When candidates' data goes (domain 1.7: six months after the decision, or as Involvement Settings say), and that it is
gone: scores, the list of candidates, reasons, files, comments, every mention in what stays of the panel, and what lies
beside it (`beside.py`). A panel that never decides has a day, too: as long after it was last changed, or after its
interviews. Then it is called off.

It is looked for again afterwards, in the rows and in what the framework keeps about them. While anything is found
nothing counts as removed, and the panel stays on “To do today”."""

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from involvement_app import lifecycle
from involvement_app.involvement_app import panels, places
from involvement_app.involvement_app.panels import beside
from involvement_app.involvement_app.panels.beside import mentions, references, without

MOST = 200
# what the framework keeps about a document: doctype → the fields that name it
KEPT_ABOUT = {
	# first: that a file went is said in a comment that names it
	"File": ("attached_to_doctype", "attached_to_name"),
	"Version": ("ref_doctype", "docname"),
	"Comment": ("reference_doctype", "reference_name"),
	"Deleted Document": ("deleted_doctype", "deleted_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"Notification Log": ("document_type", "document_name"),
	"ToDo": ("reference_type", "reference_name"),
	"View Log": ("reference_doctype", "reference_name"),
	"Tag Link": ("document_type", "document_name"),
}
# the timeline's own words about steps, which name nobody
OURS = ("Workflow", "Info", "Created")
TEXT = ("Data", "Small Text", "Text", "Long Text")
# where the framework copies the words of comments and tags onto the panel's own row
COPIED = ("_comments", "_user_tags")
TABLES = ("Member", "Provision", "Question", "Criterion")


class StillThere(frappe.ValidationError):
	"""Something about a candidate was found after it should have gone."""


def remove_due() -> None:
	"""Daily: the panels whose day has come."""
	panel = frappe.qb.DocType(panels.PANEL)
	# not `get_all`: to its “<=” a panel without a day is due, too
	due = (panel.remove_candidates_on <= today()) & panel.candidates_removed_on.isnull()
	names = frappe.qb.from_(panel).select(panel.name).where(due).limit(MOST).run(pluck=True)
	places.each_alone(names, _end, "The candidates of {0} could not be removed")


def _end(name: str) -> None:
	# locked here, and again in what follows: who changes it at this moment has moved its day
	panel = frappe.get_doc(panels.PANEL, name, for_update=True)
	day = panel.remove_candidates_on
	if panel.candidates_removed_on or not day or getdate(day) > getdate(today()):
		return
	if panel.status in panels.UNDECIDED:
		words = _(
			"Nothing was decided for a long time, so it has ended. What was kept about candidates is gone."
		)
		with lifecycle.as_job():
			lifecycle.apply(panel, "End", called_off_because=words)
	remove(name)


def remove(name: str) -> None:
	"""Raises StillThere, naming where."""
	panel = frappe.get_doc(panels.PANEL, name, for_update=True)
	# one letter is a word, and names nobody
	marks = [
		word for row in panel.candidates for word in (row.reference, row.initials) if len(word or "") > 1
	]
	about = _about(panel)
	_delete_rows(panel, about)
	_scrub(panel, marks)
	beside.remove(panel, marks)
	# bounded to this panel, whose row is locked
	frappe.db.set_value(panels.PANEL, name, dict.fromkeys(COPIED), update_modified=False)
	found = left(panel.name, about, marks)
	if found:
		raise StillThere(_("Still there: {0}").format(", ".join(found)))
	# bounded to this panel, whose row is locked
	frappe.db.set_value(panels.PANEL, name, "candidates_removed_on", now_datetime(), update_modified=False)


def _about(panel) -> list[tuple[str, list[str]]]:
	# bounded to one panel
	scores = frappe.get_all(panels.SCORE, {"panel": panel.name}, pluck="name")
	return [(panels.PANEL, [panel.name]), (panels.SCORE, scores)]


def _delete_rows(panel, about: list) -> None:
	for doctype, names in about:
		# one by one: two doctypes, and what hangs on them
		for kept, (kind, name) in KEPT_ABOUT.items():
			_delete_kept(kept, {kind: doctype, name: ["in", names or [""]]})
	scores = about[1][1] or [""]
	# bounded to the scores of this panel
	frappe.db.delete(panels.LINE, {"parent": ["in", scores], "parenttype": panels.SCORE})
	# as above
	frappe.db.delete(panels.SCORE, {"name": ["in", scores]})
	# bounded to the candidates of this panel
	frappe.db.delete(panels.CANDIDATE, {"parent": panel.name, "parenttype": panels.PANEL})


def _delete_kept(kept: str, filters: dict) -> None:
	if kept == "File":
		# bounded to the files of one panel; through its controller, which takes them from the disk
		for name in frappe.get_all(kept, filters, pluck="name"):
			# one by one: each is a file of its own
			frappe.delete_doc(kept, name, ignore_permissions=True, delete_permanently=True)
		return
	if kept == "Comment":
		filters = {**filters, "comment_type": ["not in", OURS]}
	# bounded to what the framework keeps about one panel and its scores
	frappe.db.delete(kept, filters)


def _scrub(panel, marks: list[str]) -> None:
	"""What stays says “[a candidate]” where somebody wrote a reference or initials."""
	rows = [
		panel,
		*(row for table in ("members", "provisions", "questions", "criteria") for row in panel.get(table)),
	]
	for row in rows:
		changed = {
			df.fieldname: without(row.get(df.fieldname), _marks_in(df.fieldname, marks))
			for df in row.meta.fields
			if df.fieldtype in TEXT and mentions(row.get(df.fieldname), _marks_in(df.fieldname, marks))
		}
		if row.doctype == panels.MEMBER:
			changed["stands_aside_for"] = None
		if changed:
			# one by one: the few rows of one panel
			frappe.db.set_value(row.doctype, row.name, changed, update_modified=False)


def _marks_in(fieldname: str, marks: list[str]) -> list[str]:
	"""The job's name was there before its candidates: “HR officer” names nobody with these initials."""
	return references(marks) if fieldname == "post" else marks


def left(name: str, about: list, marks: list[str]) -> list[str]:
	"""Where something is still found: in the columns of the panel and its tables, in scores, and in what the framework
	keeps about them."""
	found = []
	for doctype, filters in (
		(panels.SCORE, {"panel": name}),
		(panels.LINE, {"parent": ["in", about[1][1] or [""]]}),
		(panels.CANDIDATE, {"parent": name}),
	):
		# one by one: each table is looked at
		if frappe.db.exists(doctype, filters):
			found.append(doctype)
	for kept, (kind, key) in KEPT_ABOUT.items():
		for doctype, names in about:
			filters = {kind: doctype, key: ["in", names or [""]]}
			if kept == "Comment":
				filters["comment_type"] = ["not in", OURS]
			# one by one: each table is looked at
			if frappe.db.exists(kept, filters):
				found.append(f"{kept} ({doctype})")
	copied = frappe.db.get_value(panels.PANEL, name, COPIED, as_dict=True)
	found += [f"{panels.PANEL}: {field}" for field in COPIED if copied[field]]
	opportunity = frappe.db.get_value(panels.PANEL, name, "opportunity")
	found += beside.left(frappe._dict(name=name, opportunity=opportunity), marks)
	return found + _mentioned(name, marks)


def _mentioned(name: str, marks: list[str]) -> list[str]:
	found = []
	for doctype, filters in (
		(panels.PANEL, {"name": name}),
		*((f"Recruitment Panel {table}", {"parent": name}) for table in TABLES),
	):
		fields = [df.fieldname for df in frappe.get_meta(doctype).fields if df.fieldtype in TEXT]
		# one by one: each table is looked at; bounded to the rows of one panel
		for row in frappe.get_all(doctype, filters, fields):
			found += [
				f"{doctype}: {field}" for field in fields if mentions(row[field], _marks_in(field, marks))
			]
	return found
