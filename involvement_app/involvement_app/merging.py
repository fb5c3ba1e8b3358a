"""Two records of one person become one (domain 4.0 no. 9, 4.2).

Somebody with the right to both looks first: what would go along, what would be filled in, what stands in the way.
The record that stays keeps its name, its CRM record and its number. Everything that belongs to the person goes along
(merge_rows.py); the other record stays as an old one, *Merged*, with what is never rewritten: entries of consent, the
log of who read what, payments that are in a locked batch. No CRM record is changed or renamed. One row of Participant
Merge says who did it, why, and which rows went along.

Nothing is decided for the person: what cannot be both (two places in one opportunity, a break on one record only)
stands in the way until somebody has asked them. What they said no to stays a no.

Lock order: opportunities, both participants, the documents (architecture law 5).
"""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cstr, now_datetime
from pypika import Order

from involvement_app import lifecycle
from involvement_app.involvement_app import (
	concerned,
	consents,
	eligibility,
	joining,
	merge_rows,
	participants,
)
from involvement_app.involvement_app.departures import everything_locked
from involvement_app.involvement_app.holding import LIVING, OPEN_APPLICATION
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_privacy import consent

APPLICATION, ENGAGEMENT, LOG = "Involvement Application", "Involvement Engagement", "Participant Merge"
# filled in where the record that stays says nothing
FILLED = (
	"pronouns",
	"named_contact",
	"locality",
	"preferred_format",
	"language",
	"age_band",
	"external_reference",
	"authority_reference",
	"date_of_birth",
	"guardian",
	"guardian_agreed_on",
	"guardian_told_how",
)
# true of the person if either record says so
TICKED = (
	"uses_services",
	"used_services",
	"is_carer",
	"is_parent",
	"is_staff",
	"is_stakeholder",
	"is_community",
	"interpreter",
	"trustee_or_connected",
)
# two warnings are two warnings
ADDED = ("safe_contact_notes", "access_note")
AWAY = ("Paused", "Left")
MOST_CONFLICTS = 20


class StandsInTheWay(frappe.ValidationError):
	"""The two records cannot become one before somebody has decided something."""


@dataclass(frozen=True)
class Conflict:
	"""What stands in the way and what to do; `doctype`, `name`: where."""

	text: str
	doctype: str | None = None
	name: str | None = None


# --- what the desk asks ---------------------------------------------------------------------------


@frappe.whitelist(methods=["GET"])
def preview(kept: str, merged: str) -> dict:
	"""What merging would do: {records: the two, [{name, title, facts: [{label, value}]}], rows: [{label, kept, merged,
	moves}], filled: [{label, value}], notes: [text], conflicts: [{text, doctype, name}]}. The number of queries does
	not depend on how much there is. Raises PermissionError."""
	one, other = _both(kept, merged)
	lines = merge_rows.count(one.name, other.name)
	return {
		"records": _side_by_side(one, other),
		"rows": _shown(lines),
		"filled": [{"label": label, "value": value} for label, value in _labelled(_filled(one, other))],
		"notes": _one_of_two(one, other, lines) + _notes(one, other),
		"conflicts": [vars(conflict) for conflict in _conflicts(one, other)],
	}


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def merge(kept: str, merged: str, why: str) -> dict:
	"""`merged` is an earlier record of the person of `kept`, as `why` says. Answers {log, moved: how many rows}. Raises
	PermissionError, StandsInTheWay; nothing is kept of what is refused."""
	_both(kept, merged)
	why = cstr(why).strip()
	if not why:
		frappe.throw(_("How you know that they are one person: please write it down."))
	with everything_locked(kept, merged):
		one, other = _both(kept, merged, for_update=True)
		if conflicts_now := _conflicts(one, other):
			frappe.throw("<br>".join(conflict.text for conflict in conflicts_now), StandsInTheWay)
		filled = _filled(one, other)
		with lifecycle.server_side(), lifecycle.as_job():
			moved = merge_rows.move(one.name, other.name, one.preferred_name)
			_become_one(one, other, filled)
			consent.carry_over(
				_person(one), _person(other), _("From {0}, the same person").format(other.name)
			)
			_tell(one.name, other.name, moved)
			log = _write_down(one, other, why, moved, filled)
	participants.forget_known()
	return {"log": log, "moved": sum(map(len, moved.values()))}


def _both(kept: str, merged: str, for_update: bool = False) -> tuple:
	"""Both records, when the session user may merge them. Raises PermissionError."""
	joining.check_may_add()
	one, other = _record(cstr(kept), for_update), _record(cstr(merged), for_update)
	if concerned.among(frappe.session.user, {one.name, other.name}):
		frappe.throw(
			_("This is your own record, or that of somebody you act for. Please ask a colleague."),
			frappe.PermissionError,
		)
	return one, other


def _record(name: str, for_update: bool):
	# without throw: the framework's own words would name the record
	if not frappe.db.exists(PARTICIPANT, name) or not frappe.has_permission(PARTICIPANT, "write", name):
		frappe.throw(_("Record: choose one that you may change."), frappe.PermissionError)
	return frappe.get_doc(PARTICIPANT, name, for_update=for_update)


# --- what stands in the way -----------------------------------------------------------------------


def _conflicts(one, other) -> list[Conflict]:
	if basic := _not_two_records(one, other):
		return [basic]
	found = [conflict for conflict in (_standing(one, other), _logins(one, other)) if conflict]
	for path in frappe.get_hooks("involvement_merge_conflicts"):
		found += frappe.get_attr(path)(one.name, other.name)
	return found[:MOST_CONFLICTS]


def _not_two_records(one, other) -> Conflict | None:
	if one.name == other.name:
		return Conflict(_("This is one record. Choose another one."))
	old = next((doc for doc in (one, other) if doc.merged_into), None)
	if old:
		return Conflict(
			_("{0} was merged before. Choose {1} instead.").format(old.name, old.merged_into),
			PARTICIPANT,
			old.merged_into,
		)


def _standing(one, other) -> Conflict | None:
	"""A break or a goodbye is the person's own word; only an old goodbye is overtaken by their joining again."""
	if one.status == other.status or {one.status, other.status} <= {"Interested", "Active"}:
		return None
	if other.status == "Left":
		return None
	if one.status == "Left":
		return Conflict(
			_("{0} has left. Keep {1} instead: swap the two.").format(one.name, other.name),
			PARTICIPANT,
			one.name,
		)
	away = one if one.status in AWAY else other
	return Conflict(
		_(
			"{0} is taking a break, the other record is not. Ask the person, and choose “Resume” or “Pause”, so that both say the same."
		).format(away.name),
		PARTICIPANT,
		away.name,
	)


def _logins(one, other) -> Conflict | None:
	if one.user and other.user and _is_staff(one.user) and _is_staff(other.user):
		return Conflict(
			_(
				"Both records sign in, each with a login of the desk: {0} and {1}. Ask your system manager which of the two is used, and have the other switched off."
			).format(one.user, other.user)
		)


def _is_staff(user: str) -> bool:
	login = frappe.db.get_value("User", user, ["user_type", "enabled"], as_dict=True)
	return bool(login and login.enabled and login.user_type == "System User")


def conflicts(kept: str, merged: str) -> list[Conflict]:
	"""Hook involvement_merge_conflicts: both ask for, or take part in, the same opportunity. Two that have run their
	course are history."""
	own, theirs = (frappe.qb.DocType(APPLICATION).as_(alias) for alias in ("own", "theirs"))
	own_place, their_place = (
		frappe.qb.DocType(ENGAGEMENT).as_(alias) for alias in ("own_place", "their_place")
	)
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	rows = (
		frappe.qb.from_(theirs)
		.join(own)
		.on((own.opportunity == theirs.opportunity) & (own.participant == kept))
		.join(opportunity)
		.on(opportunity.name == theirs.opportunity)
		.left_join(own_place)
		.on((own_place.application == own.name) & own_place.status.isin(LIVING))
		.left_join(their_place)
		.on((their_place.application == theirs.name) & their_place.status.isin(LIVING))
		.select(
			opportunity.title,
			own.name.as_("own"),
			own.status.as_("own_status"),
			own_place.name.as_("own_place"),
			theirs.name.as_("theirs"),
			theirs.status.as_("their_status"),
			their_place.name.as_("their_place"),
		)
		.where(theirs.participant == merged)
		.where(own.live_key.isnotnull() & theirs.live_key.isnotnull())
		.orderby(theirs.creation, order=Order.asc)
		.limit(MOST_CONFLICTS)
		.run(as_dict=True)
	)
	return [conflict for row in rows if (conflict := _two_at_once(row))]


def _two_at_once(row) -> Conflict | None:
	for place, application, status in (
		(row.their_place, row.theirs, row.their_status),
		(row.own_place, row.own, row.own_status),
	):
		if place:
			return Conflict(
				_(
					"Both have asked for “{0}”, or have a place there. One person needs one: ask them, open {1} and choose “Stop taking part”. What is owed to them stays."
				).format(row.title, place),
				ENGAGEMENT,
				place,
			)
		if status in OPEN_APPLICATION:
			return Conflict(
				_(
					"Both have asked for “{0}”, or have a place there. One person needs one: ask them, open {1} and choose “No thank you”."
				).format(row.title, application),
				APPLICATION,
				application,
			)


# --- what the preview says ------------------------------------------------------------------------


def _side_by_side(one, other) -> list[dict]:
	reached = participants.recipients({one.name, other.name})
	return [
		{"name": doc.name, "title": doc.preferred_name, "facts": _facts(doc, reached[doc.name])}
		for doc in (one, other)
	]


def _facts(doc, reached) -> list[dict]:
	label = doc.meta.get_label
	return [
		{"label": _(label("preferred_name")), "value": doc.preferred_name},
		{"label": _(label("status")), "value": _(doc.status)},
		{"label": _(label("person")), "value": doc.person},
		{"label": _("Reached by {0}").format(_(reached.channel)), "value": reached.address},
		{"label": _(label("locality")), "value": doc.locality},
		{"label": _(label("units")), "value": ", ".join(row.unit for row in doc.units)},
		{"label": _(label("named_contact")), "value": doc.named_contact},
		{"label": _(label("user")), "value": doc.user},
		{
			"label": _(label("joined_on")),
			"value": frappe.format(doc.joined_on, "Date") if doc.joined_on else "",
		},
		{"label": _(label("source")), "value": doc.source},
	]


def _shown(lines: list[merge_rows.Line]) -> list[dict]:
	"""Counts only; child rows go with what they stand in, except attendance, which is what somebody looks for."""
	names = {PARTICIPANT, LOG, "Participant Import Row"}
	return [
		{"label": _(line.doctype), "kept": line.kept, "merged": line.old, "moves": line.moves}
		for line in lines
		if line.doctype not in names and (line.kept or line.old)
	]


def _one_of_two(one, other, lines: list[merge_rows.Line]) -> list[str]:
	"""What both have and a person has once: which of the two counts from now on, so that nobody decides unknowingly."""
	day = frappe.utils.format_date
	return [
		_(
			"{0}: both have one. That of {1} counts (last changed on {2}); that of {3} (last changed on {4}) stays with the old record and is no longer shown. Ask the person which is right. If it is the other one, swap the two, or write it down anew."
		).format(_(line.doctype), one.name, day(line.kept_on), other.name, day(line.old_on))
		for line in lines
		if line.once and line.kept and line.old and line.doctype != PARTICIPANT
	]


def _notes(one, other) -> list[str]:
	notes = [
		_("Both CRM records stay as they are: {0} and {1}.").format(one.person, other.person or "–"),
		_(
			"{0} stays as an old record, with what is never rewritten: entries of consent and payments that are in a locked batch. They are found there and on the person's own page."
		).format(other.name),
	]
	if one.user and other.user:
		notes.append(_("Both logins go on working, and both open the record that stays."))
	now = consent.states(_person(one))
	for purpose, was in consent.inherited(_person(one), _person(other)).items():
		notes.append(_carried(purpose, was))
	for purpose, was in consent.states(_person(other)).items():
		if was.holds and purpose in now and not now[purpose].holds:
			notes.append(
				_(
					"Consent “{0}”: yes on {1}, no on the record that stays. It stays a no until you have asked them."
				).format(purpose, other.name)
			)
	return notes


def _carried(purpose: str, was: consent.State) -> str:
	if was.holds:
		return _("Consent “{0}”: “{1}” is carried over.").format(purpose, _(was.decision))
	if purpose in consents.FORGET:
		return _(
			"Consent “{0}”: their no is carried over, and what is kept on that ground is deleted."
		).format(purpose)
	return _("Consent “{0}”: their no is carried over.").format(purpose)


# --- one record of the two ------------------------------------------------------------------------


def _filled(one, other) -> dict:
	"""{fieldname: value} of what the record that stays takes over."""
	values = {field: other.get(field) for field in FILLED if other.get(field) and not one.get(field)}
	values |= {field: 1 for field in TICKED if other.get(field) and not one.get(field)}
	values |= {field: _both_say(one, other, field) for field in _to_add(one, other)}
	if other.joined_on and (not one.joined_on or str(other.joined_on) < str(one.joined_on)):
		values["joined_on"] = other.joined_on
	if other.payment_eligibility and one.payment_eligibility in (None, "", eligibility.PAID):
		values["payment_eligibility"] = other.payment_eligibility
	there = {row.unit for row in one.units}
	if more := [row.unit for row in other.units if row.unit not in there]:
		values["units"] = more
	return values


def _to_add(one, other) -> list[str]:
	fields = [
		field for field in ADDED if other.get(field) and cstr(other.get(field)) not in cstr(one.get(field))
	]
	if "access_note" in fields:
		stands = consent.state(_person(one), consents.ACCESS)
		if stands and not stands.holds:  # nobody types again what they did not want kept
			fields.remove("access_note")
	return fields


def _both_say(one, other, field: str) -> str:
	return "\n".join(filter(None, (one.get(field), other.get(field))))


def _labelled(values: dict) -> list[tuple[str, str]]:
	meta = frappe.get_meta(PARTICIPANT)
	return [
		(_(meta.get_label(field)), _as_text(meta.get_field(field), value)) for field, value in values.items()
	]


def _as_text(df, value) -> str:
	if isinstance(value, list):
		return ", ".join(value)
	return _("Yes") if df.fieldtype == "Check" else cstr(frappe.format(value, df.fieldtype))


def _become_one(one, other, filled: dict) -> None:
	"""The old record first: a login and a name in a unique key are given up before they are taken."""
	login = _login_that_stays(one, other)
	lifecycle.apply(other, "Merge", merged_into=one.name, user=_login_left(one, other, login))
	one.reload()
	for unit in filled.get("units", ()):
		one.append("units", {"unit": unit})
	one.update({field: value for field, value in filled.items() if field != "units"})
	one.user = login
	one.flags.ignore_permissions = True  # bounded: `_both` asked for write on this record
	one.save()


def _login_that_stays(one, other) -> str | None:
	"""One that opens the desk too decides who may not approve what: it is the person's, not the old record's."""
	if one.user and other.user and _is_staff(other.user):
		return other.user
	return one.user or other.user


def _login_left(one, other, login: str | None) -> str | None:
	if not (one.user and other.user):
		return None
	if login == one.user:
		return other.user
	# bounded to the record that stays, which takes the other login in a moment
	frappe.db.set_value(PARTICIPANT, one.name, "user", None, update_modified=False)
	return one.user


def _tell(kept: str, merged: str, moved: dict[str, list[str]]) -> None:
	for path in frappe.get_hooks("involvement_merged"):
		frappe.get_attr(path)(kept, merged, moved)


def _write_down(one, other, why: str, moved: dict, filled: dict) -> str:
	log = frappe.new_doc(LOG)
	log.update(
		{
			"kept": one.name,
			"merged": other.name,
			"why": why,
			"merged_by": frappe.session.user,
			"merged_on": now_datetime(),
			"rows_moved": frappe.as_json(moved),
			"filled": ", ".join(label for label, _value in _labelled(filled)),
		}
	)
	log.insert(ignore_permissions=True)  # nobody holds `create`: bounded by `_both`
	one.add_comment("Info", _("merged {0} into this record").format(other.name))
	other.add_comment("Info", _("merged this record into {0}").format(one.name))
	return log.name


def _person(doc) -> consent.Person:
	return doc.doctype, doc.name


# --- hooks ----------------------------------------------------------------------------------------


def earlier_records(person: consent.Person) -> list[consent.Person]:
	"""Hook involvement_same_person."""
	if person[0] != PARTICIPANT:
		return []
	return [(PARTICIPANT, name) for name in participants.earlier_records(person[1])]
