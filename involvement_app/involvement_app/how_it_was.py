"""How it was for the people who took part (domain 4.4, Experience Feedback; rows 0.19 and 1.6).

After a session, or once they have taken part to the end, a person says on their page how it was: with their name or
without, once for each thing they take part in, and only what they like. What is said without a name cannot be traced:
the row says neither who nor when, its name is random, and that somebody has answered stands apart, as a keyed
fingerprint of their place (`receipt`) that leads to no answer.

Nobody reads rows. Whoever may read the opportunity sees them together, once enough people have answered (`threshold`, at
least five): those with a name when there are as many answers, those without when there are as many without a name, so
that nobody is found by counting off the others. Those without a name are shown in groups of as many, never one by one,
so that nobody is found by looking again after each session. Until then the form says how many are held back.

Colleagues who sat on a panel say how it was in the desk (`tell_as_staff`), under the same rules and in the same groups:
a row without a name does not say that it is a colleague's either.
"""

import hashlib
import hmac

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Count
from frappe.utils import cint, cstr
from frappe.utils.password import get_encryption_key
from pypika.terms import ExistsCriterion

from involvement_app import lifecycle
from involvement_app.involvement_app import panels
from involvement_app.involvement_app.holding import WAS_THERE
from involvement_app.involvement_app.participants import PARTICIPANT, participant_of
from involvement_app.involvement_app.small_numbers import SMALL
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import COORDINATOR, MANAGER

FEEDBACK, RECEIPT = "Experience Feedback", "Experience Feedback Receipt"
OPPORTUNITY, ENGAGEMENT = "Involvement Opportunity", "Involvement Engagement"
ITEMS = ("valued", "listened_to", "influenced", "part_of_a_team", "confidence", "wellbeing")
MOST_WORDS = 2000
MOST = 500


class SaidAlready(frappe.ValidationError):
	"""Once for each thing somebody takes part in."""


def threshold() -> int:
	"""Of Involvement Settings, and never fewer than five."""
	return max(SMALL, cint(frappe.get_cached_doc("Involvement Settings").experience_threshold))


# --- what the person does -----------------------------------------------------------------------------


def receipt(engagement: str) -> str:
	return hmac.new(
		get_encryption_key().encode(), f"how it was {engagement}".encode(), hashlib.sha256
	).hexdigest()


def was_there(engagement):
	"""Criterion over Involvement Engagement: they were at a session that was held, took part to the end, or sat on a
	panel whose members have heard what came of it."""
	row, session = (
		frappe.qb.DocType("Involvement Session Attendance"),
		frappe.qb.DocType("Involvement Session"),
	)
	held = ExistsCriterion(
		frappe.qb.from_(row)
		.join(session)
		.on((session.name == row.parent) & (row.parenttype == "Involvement Session"))
		.select(row.name)
		.where(
			(row.engagement == engagement.name) & row.attendance.isin(WAS_THERE) & (session.status == "Held")
		)
	)
	panel, seat = frappe.qb.DocType(panels.PANEL), frappe.qb.DocType(panels.MEMBER)
	sat = ExistsCriterion(
		frappe.qb.from_(seat)
		.join(panel)
		.on((panel.name == seat.parent) & (seat.parenttype == panels.PANEL))
		.select(seat.name)
		.where((panel.opportunity == engagement.opportunity) & (seat.participant == engagement.participant))
		.where(panel.status.isin(panels.AFTERWARDS))
	)
	return (engagement.status == "Completed") | held | sat


def to_tell(participant: str) -> list[frappe._dict]:
	"""[{name, title}] of the places of the session's own person that they can say it of, and have not. Two queries."""
	rows = [row for row in places(participant) if row.was_there]
	told = receipts([row.name for row in rows])
	return [row for row in rows if row.name not in told]


def places(participant: str, name: str | None = None) -> list[frappe._dict]:
	"""[{name, title, opportunity, unit, was_there}] of one person's own places, or of one of them."""
	engagement, opportunity = frappe.qb.DocType(ENGAGEMENT), frappe.qb.DocType(OPPORTUNITY)
	query = (
		frappe.qb.from_(engagement)
		.join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.select(engagement.name, engagement.opportunity, opportunity.title, opportunity.unit)
		.select(Case().when(was_there(engagement), 1).else_(0).as_("was_there"))
		.where(engagement.participant == participant)
		.orderby(opportunity.title)
		.limit(100)
	)
	return (query.where(engagement.name == name) if name else query).run(as_dict=True)


def receipts(engagements: list[str]) -> set[str]:
	"""Those of them whose holder has said how it was. One query."""
	keys = {receipt(name): name for name in engagements}
	if not keys:
		return set()
	# bounded to the fingerprints of one person's own places
	there = frappe.get_all(RECEIPT, {"once_key": ["in", list(keys)]}, pluck="once_key")
	return {keys[key] for key in there}


def tell(engagement: str, values: dict, with_name: bool) -> None:
	"""The session's own person says how it was. Raises SaidAlready, PermissionError, ValidationError."""
	participant = participant_of()
	place = next(iter(places(participant or "", engagement)), None)
	if not place:
		raise frappe.PermissionError
	# the row is the lock under which answers are counted
	frappe.db.get_value(OPPORTUNITY, place.opportunity, "name", for_update=True)
	if not place.was_there:
		frappe.throw(_("You can say how it was after you have been there."))
	name = frappe.db.get_value(PARTICIPANT, participant, "preferred_name") if with_name else None
	_keep(
		place,
		receipt(engagement),
		values,
		{"participant": participant, "preferred_name": name} if with_name else {},
	)


def tell_as_staff(panel, values: dict, with_name: bool) -> None:
	"""The session's own colleague says how a panel was. `panel` {name, opportunity, unit}: the caller has found their
	seat, and that it is over. Raises SaidAlready, ValidationError."""
	user = frappe.session.user
	# the row is the lock under which answers are counted
	frappe.db.get_value(OPPORTUNITY, panel.opportunity, "name", for_update=True)
	name = frappe.utils.get_fullname(user)
	_keep(panel, _seat(panel.name), values, {"staff": user, "preferred_name": name} if with_name else {})


def told_as_staff(panel: str) -> bool:
	return bool(frappe.db.exists(RECEIPT, {"once_key": _seat(panel)}))


def _seat(panel: str) -> str:
	return receipt(f"{panel} {frappe.session.user}")


def _keep(about, once_key: str, values: dict, who: dict) -> None:
	"""`about`: {opportunity, unit}, the opportunity's row locked. `who`: nothing for an answer without a name."""
	try:
		# bounded to a place or a seat of the session's own person; nobody holds a right on it
		frappe.get_doc({"doctype": RECEIPT, "once_key": once_key}).insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		raise SaidAlready
	doc = frappe.get_doc(
		{
			"doctype": FEEDBACK,
			"opportunity": about.opportunity,
			"unit": about.unit,
			**who,
			**{field: cstr(values.get(field)) or None for field in (*ITEMS, "access_met", "level_felt")},
			"what_to_change": values.get("what_to_change"),
		}
	)
	with lifecycle.server_side():
		# as above
		doc.insert(ignore_permissions=True)
	_show_if_enough(about.opportunity)


def given(participant: str) -> list[frappe._dict]:
	"""What the session's own person said with their name, as {title, …}."""
	row, opportunity = frappe.qb.DocType(FEEDBACK), frappe.qb.DocType(OPPORTUNITY)
	return (
		frappe.qb.from_(row)
		.join(opportunity)
		.on(opportunity.name == row.opportunity)
		.select(row.name, row.what_to_change, opportunity.title, *(row[field] for field in ITEMS))
		.where((row.participant == participant) & (row.participant == (participant_of() or "")))
		.orderby(opportunity.title)
		.limit(100)
		.run(as_dict=True)
	)


# --- who sees it, and when ------------------------------------------------------------------------------


def _show_if_enough(opportunity: str) -> None:
	"""Under the lock of the opportunity's row: those without a name in groups, those with one once there are enough."""
	enough = threshold()
	row = frappe.qb.DocType(FEEDBACK)
	nobody = [field.isnull() | (field == "") for field in (row.participant, row.staff)]
	unnamed = nobody[0] & nobody[1]
	of_this = row.opportunity == opportunity
	# past the snapshot: what was said at the same moment counts too
	every = frappe.qb.from_(row).select(Count(row.name)).where(of_this)
	held = every.where(unnamed & (row.shown == 0)).for_update().run()[0][0]
	# bounded to the answers of the opportunity that is locked; nobody's but the server's to show
	show = frappe.qb.update(row).set(row.shown, 1).where(of_this & (row.shown == 0))
	if held >= enough:
		show.where(unnamed).run()
	if every.for_update().run()[0][0] >= enough:
		show.where(unnamed.negate()).run()


@frappe.whitelist(methods=["GET"])
def said(opportunity: str) -> dict:
	"""{count, held, enough, items: [{label, mean, count}], access, words: [{words, name}]}: how it was, together, for who
	may read the opportunity; nothing but numbers of answers until there are enough. Raises PermissionError."""
	doc = frappe.get_doc(OPPORTUNITY, cstr(opportunity))
	doc.check_permission("read")
	user = frappe.session.user
	if not roles_of(user) & {COORDINATOR, MANAGER} and user not in (doc.lead, doc.feedback_owner):
		raise frappe.PermissionError
	# rows of this opportunity only: what is held back is counted here and not answered
	rows = frappe.get_all(
		FEEDBACK,
		{"opportunity": doc.name},
		["participant", "staff", "preferred_name", "shown", "access_met", "what_to_change", *ITEMS],
		order_by="name",
		limit=MOST,
	)
	shown = [row for row in rows if row.shown]
	enough = threshold()
	return {
		"count": len(rows),
		"held": len(rows) - len(shown),
		"enough": enough,
		"items": [_item(field, shown, enough) for field in ITEMS] if shown else [],
		"access": _counted(shown, enough),
		"words": [
			{"words": row.what_to_change, "name": row.preferred_name if row.participant or row.staff else ""}
			for row in shown
			if row.what_to_change
		],
	}


def _item(field: str, rows: list, enough: int) -> dict:
	answers = [cint(row[field]) for row in rows if row[field]]
	mean = round(sum(answers) / len(answers), 1) if len(answers) >= enough else None
	label = frappe.get_meta(FEEDBACK).get_label(field)
	return {"label": _(label), "mean": mean, "count": len(answers) if mean else 0}


def _counted(rows: list, enough: int) -> str:
	"""How many of those who said so had all they needed, where enough said so."""
	said = [row.access_met for row in rows if row.access_met]
	if len(said) < enough:
		return ""
	return _("{0} of {1} had what they needed").format(said.count("Yes"), len(said))
