"""Somebody acts for a person, because the person says so (domain 4.7, Supporter or proxy; 4.0 no. 10).

The person gives it in the portal, or tells staff, who write it down as told: to whom, for what, until when. It ends by
itself, and at once when the person says so. A supporter signs in as themself, says for whom they act, and from then on
sees and does what the row allows, and nothing else: of money what was spent and is claimed back, where the person asked
for that, never a payment, a limit of theirs or a bank account; never a yes or no to how we use what
somebody told us, never a break or a goodbye. What they do is recorded as done by them, never as the person's own act.

That a supporter acts is known from the session (`portal/visit.py`) and asked of the database with every request; who
writes asks `acts_for` here, which is true inside such a request alone. The portal calls `note_act` after each form that a
supporter has sent (`portal/dispatch.py`): the person reads on their page what was done for them, and hears of it.
"""

from contextlib import contextmanager

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.utils import cstr, getdate, now_datetime, today

from involvement_app import messages
from involvement_app.involvement_app import portal_access
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	is_participant,
	only_the_person,
	participant_of,
	reach_us,
)

SUPPORTER = "Participant Supporter"
# what somebody may be asked to do: {fieldname}
MAY = ("may_places", "may_wishes", "may_needs", "may_expenses")
TOLD = "Supporter"
ACT = "Participant Supporter Act"
PAGE = "/take-part/acting"
MOST = 5
MOST_ACTS = 60


# --- who acts for whom ----------------------------------------------------------------------------


def for_whom(user: str | None = None) -> list[frappe._dict]:
	"""[{name, participant, preferred_name, until, may_…}] of everybody for whom `user` (the session's by default) may
	act today. One query."""
	user = user or frappe.session.user
	if user in ("Guest", "Administrator"):
		return []
	return _live(user).run(as_dict=True)


def one(name: str) -> frappe._dict | None:
	"""One of them, of the session's user; None when it has ended, or was never theirs."""
	row = frappe.qb.DocType(SUPPORTER)
	rows = _live(frappe.session.user).where(row.name == name).run(as_dict=True)
	return rows[0] if rows else None


def _live(user: str):
	row, person = frappe.qb.DocType(SUPPORTER), frappe.qb.DocType(PARTICIPANT)
	return (
		frappe.qb.from_(row)
		.join(person)
		.on(person.name == row.participant)
		.select(row.name, row.user, row.participant, row.until, person.preferred_name, person.status)
		.select(*(row[field] for field in MAY))
		.where((row.user == user) & row.ended_on.isnull() & (row.until >= today()))
		.where(person.status.isin(("Interested", "Active", "Paused")))
		.orderby(person.preferred_name)
	)


@contextmanager
def acting(row: frappe._dict | None):
	"""Inside, the session's user acts by `row` (of `one`), or as themself."""
	before = _now()
	frappe.local.involvement_acting = row
	try:
		yield
	finally:
		frappe.local.involvement_acting = before


def _now() -> frappe._dict | None:
	return getattr(frappe.local, "involvement_acting", None)


def acts_for(participant: str | None) -> bool:
	"""Whether what is being done now is done for `participant` by their supporter."""
	row = _now()
	return bool(row and participant) and row.participant == participant and row.user == frappe.session.user


def by_which(participant: str | None) -> str | None:
	"""The row by which `participant`'s supporter acts now."""
	return _now().name if acts_for(participant) else None


def speaks_for(participant: str | None) -> bool:
	"""The session's own person, or the one they act for."""
	return bool(participant) and (participant == participant_of() or acts_for(participant))


# --- given, and taken back ------------------------------------------------------------------------


def own(participant: str) -> list[frappe._dict]:
	"""The person's supporters, those who may act now first."""
	row = frappe.qb.DocType(SUPPORTER)
	fields = (
		"name",
		"supporter_name",
		"email",
		"until",
		"ended_on",
		"recorded_by",
		"told_how",
		"recorded_on",
	)
	rows = (
		frappe.qb.from_(row)
		.select(*(row[field] for field in (*fields, *MAY)))
		.where(row.participant == participant)
		.orderby(row.creation)
		.limit(50)
		.run(as_dict=True)
	)
	for each in rows:
		each.live = not each.ended_on and getdate(each.until) >= getdate(today())
	return sorted(rows, key=lambda each: not each.live)


def give(participant: str, values: dict) -> str:
	"""The person asks somebody to act for them; answers its name. Raises PermissionError, ValidationError."""
	only_the_person(participant)  # a supporter appoints nobody
	doc = frappe.new_doc(SUPPORTER, participant=participant, **values)
	return doc.insert(ignore_permissions=True).name  # bounded to the session's own person


def end(participant: str, name: str) -> None:
	"""The person takes it back: from this moment. Raises PermissionError, DoesNotExistError."""
	only_the_person(participant)
	doc = frappe.get_doc(SUPPORTER, name, for_update=True)
	if doc.participant != participant:
		raise frappe.DoesNotExistError
	_end(doc)


@frappe.whitelist(methods=["POST"])
def end_for(name: str, recorded_how: str) -> None:
	"""Staff end it for the person, who told them so in this way. Raises PermissionError, ValidationError."""
	doc = frappe.get_doc(SUPPORTER, cstr(name), for_update=True)
	doc.check_permission("write")
	doc.recorded_how = recorded_how
	_end(doc)


def _end(doc) -> None:
	if doc.ended_on:
		return
	doc.flags.ending = True
	doc.ended_on, doc.ended_by = now_datetime(), frappe.session.user
	doc.flags.ignore_permissions = True  # bounded by who called: the person, or staff who may change it
	doc.save()


# --- what they did ----------------------------------------------------------------------------------


def did() -> dict[str, str]:
	"""{what: as the person is told}: neutral words, which also stand in the message."""
	return {
		"Applied": _("They applied for something for you."),
		"Answered an offer": _("They answered an offer for you."),
		"Changed a place": _("They changed something about a place of yours."),
		"Preferences": _("They wrote down what you would like."),
		"Access requirement": _("They wrote down what makes it easier for you."),
		"Expenses": _("They asked for money back for you."),
	}


def note_act(what: str) -> None:
	"""The session's user has just done `what` (of `did`) for whom they act for. Who has a page is sent one message a
	day, since all of it stands there; everybody else hears of each. It is owed to them, also during a break."""
	row = _now()
	doc = frappe.get_doc(SUPPORTER, row.name, for_update=True)
	told_today = any(getdate(each.done_on) == getdate(today()) for each in doc.acts)
	doc.append("acts", {"what": what, "done_on": now_datetime()}).db_insert()
	# the row counts as changed: a form that is open in the desk does not write over it
	doc.db_set("modified", now_datetime(), update_modified=False)
	has_a_page = frappe.db.get_value(PARTICIPANT, row.participant, "user")
	if has_a_page and told_today:
		return
	messages.send(
		"Involvement done for you",
		(PARTICIPANT, row.participant),
		{
			"who": doc.supporter_name,
			"what": did()[what],
			"link": frappe.utils.get_url("/take-part/my/supporters"),
			"contact": reach_us(),
		},
		about=doc,
	)


def acts(participant: str) -> dict[str, list[frappe._dict]]:
	"""{row: [{what, done_on}]} of the person's supporters, the newest first. One query."""
	act, row = frappe.qb.DocType(ACT), frappe.qb.DocType(SUPPORTER)
	found = (
		frappe.qb.from_(act)
		.join(row)
		.on(row.name == act.parent)
		.select(act.parent, act.what, act.done_on)
		.where(row.participant == participant)
		.orderby(act.done_on, order=Order.desc)
		.limit(MOST_ACTS)
		.run(as_dict=True)
	)
	by_row: dict[str, list[frappe._dict]] = {}
	for each in found:
		by_row.setdefault(each.parent, []).append(each)
	return by_row


def welcome(doc) -> None:
	"""Tell the supporter, in words that say nothing about the person but their name."""
	if not doc.user:
		return
	messages.send(
		"Involvement supporter",
		("User", doc.user),
		{
			"who": frappe.db.get_value(PARTICIPANT, doc.participant, "preferred_name"),
			"until": frappe.utils.format_date(doc.until, "d MMMM yyyy"),
			"link": frappe.utils.get_url(portal_access.SIGN_IN),
		},
		about=doc,
	)


def end_for_oneself(kept: str, merged: str, moved: dict) -> None:
	"""Hook involvement_merged: who acted for somebody and turns out to be that person needs no such row."""
	row, person = frappe.qb.DocType(SUPPORTER), frappe.qb.DocType(PARTICIPANT)
	logins = frappe.qb.from_(person).select(person.user).where(person.name.isin((kept, merged)))
	own = [user for user in logins.run(pluck=True) if user] or [""]
	# bounded to live rows of that person that name a login of theirs
	(
		frappe.qb.update(row)
		.set(row.ended_on, now_datetime())
		.set(row.ended_by, frappe.session.user)
		.where((row.participant == kept) & row.user.isin(own) & row.ended_on.isnull())
		.run()
	)


def speaks_as_participant(doc, user: str) -> bool:
	"""Relation of a lifecycle: the person themself, or who acts for them in this request."""
	return is_participant(doc, user) or (user == frappe.session.user and acts_for(doc.participant))
