"""A plan for a hard day: written by the person, read by those who are there with them and only then, and every reading
written down where the person sees it (domain 4.2, Wellbeing Support Plan).

Keeping it rests on their yes (consents.WELLBEING): a no deletes it at once, and so does leaving."""

import frappe
from frappe import _
from frappe.utils import cint, cstr

from involvement_app import arguments
from involvement_app.involvement_app import assisted, consents
from involvement_app.involvement_app.doctype.wellbeing_support_plan.sensitive import FIELDS, is_beside
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person
from involvement_app.involvement_privacy import sensitive

PLAN = "Wellbeing Support Plan"
TICKS = ("may_contact_supporter",)
WORDS = tuple(field for field in FIELDS if field not in (*TICKS, "reviewed_on"))


def write(participant: str, values: dict) -> None:
	"""The session's own person writes the whole of their plan. Raises NotAgreed."""
	only_the_person(participant)
	_save(participant, values)


@frappe.whitelist(methods=["POST"])
def write_for(participant: str, values: str | dict, recorded_how: str) -> None:
	"""Staff write down what somebody tells them; what they do not mention stays as it is, and is not shown. Raises
	PermissionError, NotAgreed, ValidationError when there is nothing to write."""
	participant = cstr(participant)
	frappe.get_doc(PARTICIPANT, participant).check_permission("write")
	values = arguments.values(values, _("What they told you"))
	told = {field: cstr(values[field]).strip() for field in WORDS if cstr(values.get(field)).strip()}
	told.update({field: cint(values[field]) for field in TICKS if field in values})
	if not any(field in told for field in WORDS):
		frappe.throw(_("Write down at least one thing that they told you."))
	_save(participant, {**told, "recorded_how": recorded_how})


def _save(participant: str, values: dict) -> None:
	"""The callers have asked whose plan it is."""
	consents.require(participant, consents.WELLBEING)
	assisted.save_one(PLAN, participant, values, asked=True)


def take_away(participant: str) -> None:
	"""The person wants it kept no longer: it goes, without a copy."""
	only_the_person(participant)
	consents.forget_wellbeing_plan(participant)


@frappe.whitelist(methods=["POST"])
def read(participant: str, reason: str) -> dict:
	"""For the desk: {lines: [{label, value}]}, {none: sentence} or, with status 403, {refused: sentence}."""
	participant = cstr(participant)
	name = frappe.db.get_value(PLAN, {"participant": participant})
	if not name and is_beside(frappe.session.user, participant):
		return {"none": _("They have not written a plan.")}
	answer = sensitive.read(PLAN, name or participant, reason)
	if "refused" in answer:
		answer["when"] = _(
			"A plan is open to the named contact and to whoever leads a session, from the day before until the day after."
		)
		return answer
	meta = frappe.get_meta(PLAN)
	return {"lines": [_line(meta.get_field(field), answer["values"][field]) for field in FIELDS]}


def _line(df, value) -> dict:
	if df.fieldtype == "Check":
		value = _("Yes") if value else _("No")
	elif df.fieldtype == "Date":
		value = frappe.format(value, "Date") if value else ""
	return {"label": _(df.label), "value": value or ""}
