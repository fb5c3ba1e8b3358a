"""A whole course's people at once (rows 0.8, 3.13): staff choose them, paste their numbers, or take those who hold a
place, and each gets a Training Record. Who cannot is named with the reason; the others are written down all the same."""

import re

import frappe
from frappe import _
from frappe.utils import cstr, getdate, strip_html

from involvement_app.involvement_app.holding import TOOK_PART
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_app.training import COURSE, RECORD

MOST = 100
REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.DuplicateEntryError)


@frappe.whitelist(methods=["GET"])
def with_a_place(opportunity: str) -> list[dict]:
	"""[{name, preferred_name}] of the people with a place on `opportunity` whom the reader may see. Raises
	PermissionError."""
	_check(RECORD, "create")
	held = {"opportunity": cstr(opportunity), "status": ["in", TOOK_PART]}
	names = frappe.get_list("Involvement Engagement", filters=held, pluck="participant", limit=MOST)
	return _seen(names)


@frappe.whitelist(methods=["POST"])
def write_down(course: str, completed_on: str, participants: str) -> dict:
	"""`participants`: their numbers, apart by commas, spaces or new lines. Answers {made: [{name, participant,
	preferred_name}], refused: [{participant, preferred_name, why}]}. Raises PermissionError, ValidationError."""
	_check(RECORD, "create")
	_check(COURSE, "read", cstr(course))
	numbers = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", cstr(participants)))))
	_validate(completed_on, numbers)
	seen = {row.name: row.preferred_name for row in _seen(numbers)}
	made, refused = [], []
	for number in numbers:  # one by one: each fails alone and says why; at most MOST
		about = {"participant": number, "preferred_name": seen.get(number)}
		try:
			made.append({"name": _one(course, completed_on, number, seen), **about})
		except REFUSALS as problem:
			frappe.db.rollback(save_point="involvement_course_list")
			frappe.clear_messages()
			refused.append({**about, "why": strip_html(cstr(problem))})
	return {"made": made, "refused": refused}


def _check(doctype: str, right: str, name: str | None = None) -> None:
	# not `throw`: that is no PermissionError in every version
	if (name and not frappe.db.exists(doctype, name)) or not frappe.has_permission(doctype, right, name):
		raise frappe.PermissionError


def _validate(completed_on, numbers: list[str]) -> None:
	if not completed_on or not getdate(completed_on):
		frappe.throw(_("Completed on: say when."))
	if not numbers:
		frappe.throw(_("Participants: choose somebody, or paste their numbers."))
	if len(numbers) > MOST:
		frappe.throw(_("Participants: at most {0} at once. There are {1}.").format(MOST, len(numbers)))


def _one(course: str, completed_on: str, number: str, seen: dict[str, str]) -> str:
	frappe.db.savepoint("involvement_course_list")
	if number not in seen:  # the same for somebody else's person and for nobody
		frappe.throw(_("There is nobody with this number among your people."), frappe.PermissionError)
	doc = frappe.new_doc(RECORD, course=course, participant=number, completed_on=completed_on)
	return doc.insert().name


def _seen(names: list[str]) -> list[frappe._dict]:
	return frappe.get_list(
		PARTICIPANT,
		filters={"name": ["in", names or [""]]},
		fields=["name", "preferred_name"],
		order_by="preferred_name",
		limit=MOST,
	)
