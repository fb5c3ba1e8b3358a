"""Who one is to us and how one wants to hear from us (domain 4.2, 4.8; rows 0.12, 0.16, 0.18)."""

import frappe
from frappe import _

from involvement_app.involvement_app import participants
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = "/take-part/my/details"
MOST_NAME, MOST_NOTES = 140, 2000


def show(visit):
	own = reads.details(visit.participant)
	# staff alone take it back: see `participants.write_own`
	kinds = [kind for kind in _kinds() if not (kind[0] == "is_staff" and own.is_staff)]
	return page(
		visit,
		"details.html",
		_("My details"),
		own=own,
		kinds=[(field, text, _hint(visit, field)) for field, text in kinds],
		ticked=visit.ticked("kinds", [field for field, _text in kinds if own[field]]),
		interpreter=visit.ticked("interpreter", ["yes"] if own.interpreter else []),
		channels=_options("preferred_channel"),
		formats=_options("preferred_format"),
		ages=_options("age_band"),
		languages=reads.languages(),
		saved=visit.asked("done") == "saved",
	)


def _kinds() -> list[tuple[str, str]]:
	return [
		("uses_services", _("I use services now")),
		("used_services", _("I have used services")),
		("is_carer", _("I look after somebody")),
		("is_parent", _("I am a parent")),
		("is_staff", _("I work here and have been through this myself")),
		("is_stakeholder", _("I come from another organisation")),
		("is_community", _("I live nearby and would like to help")),
	]


def _hint(visit, field: str) -> str:
	if field != "is_staff" or not visit.with_money:
		return ""
	return _(
		"Your work pays you, so you are not paid here as well. We pay back what you spend. Ask us if this changes."
	)


def _options(field: str) -> list[tuple[str, str]]:
	options = frappe.get_meta(participants.PARTICIPANT).get_options(field).split("\n")
	return [(value, _(value)) for value in options if value]


def save(visit):
	name = " ".join(visit.typed("preferred_name", MOST_NAME, _("Your name")).split())
	if not name:
		raise Refused(Problem(_("Write the name you would like us to use"), "preferred_name"))
	kinds = visit.ticked("kinds", [])
	participants.write_own(
		visit.participant,
		{
			"preferred_name": name,
			"pronouns": visit.typed("pronouns", MOST_NAME, _("Pronouns")),
			**{field: _chosen(visit, field) for field in ("preferred_channel", "preferred_format")},
			"age_band": _one_of(visit, "age_band", [value for value, _text in _options("age_band")]),
			"language": _one_of(visit, "language", [value for value, _text in reads.languages()]) or None,
			"interpreter": int(bool(visit.ticked("interpreter", []))),
			"safe_contact_notes": visit.typed("safe_contact_notes", MOST_NOTES, _("What you wrote")),
			**{field: int(field in kinds) for field, _text in _kinds()},
		},
	)
	return see_other(HERE, done="saved")


def _one_of(visit, name: str, values: list[str]) -> str:
	typed = visit.typed(name, MOST_NAME)
	return typed if typed in values else ""


def _chosen(visit, name: str) -> str:
	chosen = _one_of(visit, name, [value for value, _text in _options(name)])
	if not chosen:
		raise Refused(Problem(_("Choose one"), name))
	return chosen
