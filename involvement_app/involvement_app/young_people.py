"""People under 18 (domain 4.2; row 0.16): with a parent or guardian who has said yes, and with as little kept as that needs.

A date of birth is kept only of somebody under 18, because the day they turn 18 ends the guardian's part; then it is
deleted, and so is who the guardian was. Without the guardian's yes nobody under 18 is Active, applies, is offered or
takes a place; who turns out to be under 18 waits as Interested, and keeps what they have. From which age somebody uses
the portal themself is in Involvement Settings.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_years, cint, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app.participants import PARTICIPANT

UNDER_18, NEXT_BAND = "Under 18", "18 to 24"
GROWN_UP = 18
GUARDIANS = ("guardian", "guardian_agreed_on", "guardian_told_how", "guardian_recorded_by")
ASKED = ("age_band", "guardian", "guardian_agreed_on")


class NeedsGuardian(frappe.ValidationError):
	"""Somebody under 18, and no parent or guardian has said yes."""


def years(born: date | str, on: date | str | None = None) -> int:
	"""How old somebody is on `on`, today by default; born on 29 February they are older on 1 March."""
	born, on = getdate(born), getdate(on or today())
	return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def waits(person) -> bool:
	"""Of a row or document with the keys of ASKED: under 18 without a guardian's yes."""
	return person.age_band == UNDER_18 and not (person.guardian and person.guardian_agreed_on)


# --- of the participant's form ----------------------------------------------------------------------


def check(doc) -> None:
	"""For `validate` of a participant."""
	_check_birth(doc)
	if doc.age_band != UNDER_18:
		_forget(doc)
		return
	_check_guardian(doc)
	if doc.is_new() and doc.status == "Active" and waits(doc):
		doc.status = "Interested"


def _check_birth(doc) -> None:
	if not doc.date_of_birth:
		return
	if getdate(doc.date_of_birth) > getdate(today()):
		frappe.throw(_("Date of birth: this day is still to come."))
	if years(doc.date_of_birth) < GROWN_UP:
		doc.age_band = UNDER_18
	elif doc.has_value_changed("date_of_birth"):
		frappe.throw(
			_("Date of birth: it is kept only of people under 18. Leave it empty and choose the age band.")
		)
	else:
		doc.age_band = NEXT_BAND


def _check_guardian(doc) -> None:
	if doc.guardian and doc.person_doctype == "Contact" and doc.guardian == doc.person:
		frappe.throw(_("Parent or guardian: this is the person themself."))
	if not doc.guardian_agreed_on:
		doc.guardian_told_how = doc.guardian_recorded_by = None
		return
	if getdate(doc.guardian_agreed_on) > getdate(today()):
		frappe.throw(_("They said yes on: this day is still to come."))
	if not (doc.guardian and doc.guardian_told_how):
		frappe.throw(_("They said yes on: write down who the parent or guardian is, and how they told us."))
	if any(map(doc.has_value_changed, GUARDIANS[:3])):
		doc.guardian_recorded_by = frappe.session.user


def _forget(doc) -> None:
	"""What is kept because somebody is under 18 goes when they are not."""
	for field in ("date_of_birth", *GUARDIANS):
		doc.set(field, None)


def step_back(doc) -> None:
	"""For `on_update`: who is Active and turns out to need a guardian's yes waits for it; nothing they have is lost."""
	if doc.status != "Active" or not waits(doc):
		return
	with lifecycle.as_job():
		lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), "Wait for a guardian")
	doc.reload()


# --- what waits for the guardian --------------------------------------------------------------------


def guardian_has_agreed(doc, move=None) -> None:
	"""Guard, of the participant's Active and of an application's Offered and Accepted. Raises NeedsGuardian."""
	person = doc if doc.doctype == PARTICIPANT else doc.flags.person
	if not person:
		person = frappe.db.get_value(PARTICIPANT, doc.participant, ["preferred_name", *ASKED], as_dict=True)
	refuse_waiting(person)


def refuse_waiting(person) -> None:
	"""`person`: preferred_name and the keys of ASKED. Raises NeedsGuardian."""
	if waits(person):
		frappe.throw(
			_(
				"{0} is under 18. First write down their parent or guardian, and when and how the guardian said yes, on their record."
			).format(person.preferred_name),
			NeedsGuardian,
		)


def too_young_for_the_portal(born: date | str | None) -> bool:
	least = cint(frappe.get_cached_doc("Involvement Settings").portal_from_age)
	return bool(born and least) and years(born) < least


# --- growing up ---------------------------------------------------------------------------------------


def grow_up() -> None:
	"""Daily: who is 18 today needs no guardian any more, and nothing of it is kept."""
	from involvement_app.involvement_app.places import each_alone

	# Frappe counts an empty day as long past
	due = [["date_of_birth", "is", "set"], ["date_of_birth", "<=", add_years(today(), -GROWN_UP)]]
	names = frappe.get_all(PARTICIPANT, due, pluck="name")  # a job's own list, no reader
	each_alone(names, _grow_up, "{0} could not grow up")


def _grow_up(name: str) -> None:
	frappe.get_doc(PARTICIPANT, name, for_update=True).save(ignore_permissions=True)  # a job: `check` does it
