"""Whose word it is: the person's own, or what staff entered for them, by whom, how and when (law 8, domain 4.0
no. 10). “How the person told us” is asked for with every change, so what was said of one never stands for the next."""

import frappe
from frappe import _

from involvement_app.involvement_app import participants, supporters
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	is_participant,
	refuse_old_record,
)
from involvement_app.messages.neutral import about_health


def note_who_told(doc) -> None:
	"""For `validate`: fields recorded_how (the question), told_how, recorded_by and, where it has one, recorded_on."""
	if is_participant(doc, frappe.session.user):
		doc.recorded_by = doc.recorded_how = doc.told_how = doc.recorded_on = None
		return
	if supporters.acts_for(doc.participant):
		doc.recorded_how = supporters.TOLD
	if not doc.recorded_how:
		frappe.throw(
			_("How the person told us: please choose, so that this is never shown as their own act.")
		)
	doc.recorded_by, doc.told_how, doc.recorded_how = frappe.session.user, doc.recorded_how, None
	doc.recorded_on = frappe.utils.now_datetime()


def note_whoever_told(doc) -> None:
	"""The same for a form that staff also correct and complete: entered by whom and when in any case, and how the
	person told them where they say so."""
	own = is_participant(doc, frappe.session.user)
	doc.recorded_by = None if own else frappe.session.user
	doc.told_how = None if own else doc.recorded_how
	doc.recorded_on = None if own else frappe.utils.now_datetime()


def refuse_strangers(doc, of_another: bool = False) -> None:
	"""For `validate` of a new row, or one that is now `of_another` person: staff write about those whose record they
	may change."""
	if doc.flags.ignore_permissions or not (doc.is_new() or of_another):
		return
	participants.refuse_strangers(doc.participant, "write")
	refuse_old_record(doc.participant)


def point_out_health(doc, *fieldnames: str) -> None:
	"""For `validate`: what staff write about somebody is best without illnesses and treatments. Said, not refused."""
	for fieldname in fieldnames:
		found = doc.has_value_changed(fieldname) and about_health(doc.get(fieldname))
		if found:
			frappe.msgprint(
				_("{0}: “{1}” is about health. Leave it out unless they asked you to write it.").format(
					_(doc.meta.get_label(fieldname)), frappe.utils.escape_html(found)
				),
				indicator="orange",
				alert=True,
			)


def save_one(doctype: str, participant: str, values: dict, asked: bool = False) -> None:
	"""The one row of `doctype` about this person, made where it is not there. The person's own act in the portal, or
	entered by staff (`recorded_how`), who need the right to; `asked`: the caller has asked whether they may, because
	nobody holds a right on `doctype`."""
	frappe.db.get_value(PARTICIPANT, participant, "name", for_update=True)
	name = frappe.db.get_value(doctype, {"participant": participant})
	doc = frappe.get_doc(doctype, name) if name else frappe.new_doc(doctype, participant=participant)
	doc.update(values)
	# bounded to the session's own person, or the one they act for; everybody else needs the right, or was asked
	doc.flags.ignore_permissions = asked or supporters.speaks_for(participant)
	doc.save()
