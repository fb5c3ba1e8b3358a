"""Where, as whom and until when somebody may be quoted or shown (domain 1.6, 4.4; row 1.5).

The yes itself is the consent `media`, by the mechanism for every consent: its words, its history, its withdrawal. Each
entry of Media Consent says how far that yes goes, for one channel: the newest entry of a channel counts, and it counts
only while the consent holds. Entries are written here alone and stay as they are; a no is an entry too.

What staff write down may carry the day on the paper, but no day before the words on it were asked, and none before the
person's last no: a no is never undone by an older paper. It covers nothing that was before it was written down, so that
no yes is made up afterwards for what has been used already.

Whatever changes, what is in use and no longer covered ends in the same request (`stories.follow`).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import add_days, cint, format_date, get_datetime, getdate, now_datetime, today
from pypika import Case
from pypika.terms import Criterion, ExistsCriterion, Term

from involvement_app import arguments, lifecycle
from involvement_app.involvement_app import young_people
from involvement_app.involvement_app.consents import MEDIA
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person, refuse_old_record
from involvement_app.involvement_app.participants import refuse_strangers as refuse_other_units
from involvement_app.involvement_privacy import consent
from involvement_app.permissions.files import own_private_file

CONSENT = "Media Consent"
PRESS = ("National press", "Local press", "Broadcast")
WEBSITE = "Website"
SOCIAL = ("Facebook", "Instagram", "LinkedIn", "X", "YouTube", "TikTok", "Other social media")
CHANNELS = (*PRESS, WEBSITE, "Print", *SOCIAL)
# from the least to the most that is told
IDENTITIES = ("Anonymous", "First name", "Full name")
EXTRAS = ("photo", "film", "journalist")
MOST_YEARS = 5
SOON_DAYS = 30
MOST_ENDING = 200


class NotCovered(frappe.ValidationError):
	"""No yes of the person goes that far."""


@dataclass(frozen=True)
class Scope:
	"""How far a yes goes, for each of the channels it is given for."""

	identity: str
	until: date | str
	photo: bool = False
	film: bool = False
	journalist: bool = False


# --- how things stand -------------------------------------------------------------------------------


def stood_on(participant: str, day) -> dict[str, frappe._dict]:
	"""As `standing`, on a day that is past: what they have said since does not undo what they agreed to then. A yes is
	there from the day it was written down, whatever day it carries; a no from the day they said it."""
	return _newest(participant, until=getdate(day))


def standing(participant: str, for_update: bool = False) -> dict[str, frappe._dict]:
	"""{channel: the entry that counts} of what this person says yes to now, also where its time is over. Two
	queries."""
	told = consent.state((PARTICIPANT, participant), MEDIA)
	return _newest(participant, for_update) if told and told.holds else {}


def _newest(participant: str, for_update: bool = False, until: date | None = None) -> dict[str, frappe._dict]:
	row = frappe.qb.DocType(CONSENT)
	fields = (
		"name",
		"channel",
		"decision",
		"identity",
		"until",
		"decided_on",
		"recorded_on",
		"method",
		*EXTRAS,
	)
	query = frappe.qb.from_(row).select(*(row[name] for name in fields)).where(row.participant == participant)
	if until:
		written = (row.decision == consent.GIVEN) & (row.recorded_on < add_days(until, 1))
		query = query.where(written | ((row.decision == consent.WITHDRAWN) & (row.decided_on <= until)))
	rows = (query.for_update() if for_update else query).run(as_dict=True)
	# of two entries of the very same moment the no counts
	moment = _said_on if until else _recorded_on
	rows.sort(key=lambda each: (moment(each), each.decision == consent.WITHDRAWN))
	newest = {each.channel: each for each in rows}
	return {channel: each for channel, each in newest.items() if each.decision == consent.GIVEN}


def _recorded_on(entry) -> datetime:
	return entry.recorded_on


def _said_on(entry) -> datetime:
	"""A no that was written down late was there from the end of the day it was said on."""
	if entry.decision == consent.GIVEN:
		return entry.recorded_on
	return min(entry.recorded_on, get_datetime(add_days(entry.decided_on, 1)))


def lacks(
	stands: dict[str, frappe._dict],
	channel: str,
	identity: str,
	until,
	extras: Iterable[str] = (),
	past: bool = False,
) -> str:
	"""What is missing of a yes to this, in a sentence; empty where nothing is. `stands`: of `standing`; of a day that is
	`past`, of `stood_on`."""
	entry = stands.get(channel)
	if past and not entry:
		return _("{0}: on {1} there was no yes of the person.").format(_(channel), format_date(until))
	if not entry or (not past and getdate(entry.until) < getdate(today())):
		return _("{0}: there is no yes of the person that counts today. Ask them for it first.").format(
			_(channel)
		)
	if getdate(until) > getdate(entry.until):
		return _(
			"{0}: their yes ends on {1}, and this goes on until {2}. Ask them again, or end it earlier."
		).format(_(channel), format_date(entry.until), format_date(until))
	if IDENTITIES.index(identity) > IDENTITIES.index(entry.identity):
		return _("{0}: their yes is for “{1}”, not for “{2}”.").format(
			_(channel), _(entry.identity), _(identity)
		)
	for name in extras:
		if not cint(entry[name]):
			label = frappe.get_meta(CONSENT).get_label(name)
			return _("{0}: they have not said yes to “{1}”.").format(_(channel), _(label))
	return ""


def live(participant: Term, channel: str, identity: Term) -> Criterion:
	"""For lists: this person says yes today to `channel`, shown as `identity` or as more."""
	yes, later = (frappe.qb.DocType(CONSENT).as_(alias) for alias in ("media_yes", "media_later"))

	def about(row) -> Criterion:
		return (row.participant == participant) & (row.channel == channel)

	is_later = (later.recorded_on > yes.recorded_on) | (
		(later.recorded_on == yes.recorded_on) & (later.decision == consent.WITHDRAWN)
	)
	overruled = ExistsCriterion(frappe.qb.from_(later).select(later.name).where(about(later) & is_later))
	stands = (yes.decision == consent.GIVEN) & (yes.until >= today()) & overruled.negate()
	enough = _rank(yes.identity) >= _rank(identity)
	covered = ExistsCriterion(frappe.qb.from_(yes).select(yes.name).where(about(yes) & stands & enough))
	return covered & consent.holds(MEDIA, PARTICIPANT, participant)


def ending_soon() -> list[str]:
	"""Entries that count and end within SOON_DAYS, for somebody to ask again. Names alone; who asks sees of them what they
	may read."""
	entry, later = (frappe.qb.DocType(CONSENT).as_(alias) for alias in ("media_entry", "media_after"))
	follows = (later.participant == entry.participant) & (later.channel == entry.channel)
	overruled = (
		frappe.qb.from_(later).select(later.name).where(follows & (later.recorded_on > entry.recorded_on))
	)
	return (
		frappe.qb.from_(entry)
		.select(entry.name)
		.where((entry.decision == consent.GIVEN) & (entry.until >= today()))
		.where((entry.until <= add_days(today(), SOON_DAYS)) & ExistsCriterion(overruled).negate())
		.orderby(entry.until)
		.limit(MOST_ENDING)
		.run(pluck=True)
	) or [""]


def _rank(identity: Term) -> Case:
	case = Case()
	for rank, name in enumerate(IDENTITIES):
		case = case.when(identity == name, rank)
	return case


# --- saying yes and no ------------------------------------------------------------------------------


def give(participant: str, channels: Iterable[str], scope: Scope, how: consent.How) -> None:
	"""Yes, for each of `channels`. The caller has asked whether the session user may speak for this person. Raises
	ValidationError in words for the field that is wrong."""
	channels = list(dict.fromkeys(channels))
	_check(channels, scope)
	_stop_what_is_ahead(participant, dict.fromkeys(channels, frappe._dict(asdict(scope))))
	fields = ["preferred_name", "merged_into", *young_people.ASKED]
	row = frappe.db.get_value(PARTICIPANT, participant, fields, as_dict=True, for_update=True)
	refuse_old_record(participant, row)
	young_people.refuse_waiting(row)
	person = (PARTICIPANT, participant)
	told = consent.statements().get(MEDIA)
	now = consent.state(person, MEDIA)
	_refuse_too_early(participant, how, told)
	if not told or not now or not now.holds or now.version < told.version:
		if not now or not now.holds:
			_close_what_was_left(participant, how)
		consent.give(person, MEDIA, how)
		told = consent.statements()[MEDIA]
	_write_each(participant, channels, consent.GIVEN, how, told, scope)
	_follow(participant)


def withdraw(participant: str, channels: Iterable[str], how: consent.How) -> None:
	"""No, for `channels`: at once, without a reason. With the last of them the consent as a whole is taken back. The
	caller has asked as for `give`."""
	_stop_what_is_ahead(participant, dict.fromkeys(channels))
	frappe.db.get_value(PARTICIPANT, participant, "name", for_update=True)
	stands = standing(participant)
	channels = [channel for channel in dict.fromkeys(channels) if channel in stands]
	if not channels:
		return
	if set(channels) == set(stands):
		consent.withdraw((PARTICIPANT, participant), MEDIA, how)  # `on_consent` writes the rest
		return
	told = _statement_of((PARTICIPANT, participant))
	_write_each(participant, channels, consent.WITHDRAWN, how, told)
	_follow(participant)


def withdraw_all(participant: str, how: consent.How) -> None:
	withdraw(participant, list(standing(participant)), how)


def on_consent(person: consent.Person, purpose: str, decision: str) -> None:
	"""Hook `involvement_consent_changed`: who takes back the consent as a whole takes back every channel."""
	if purpose != MEDIA or person[0] != PARTICIPANT:
		return
	if decision not in (consent.REFUSED, consent.WITHDRAWN):
		return
	said = consent.state(person, MEDIA)
	how = consent.How(said.method, said.decided_on)
	_stop_what_is_ahead(person[1], dict.fromkeys(CHANNELS))
	_close_what_was_left(person[1], how)
	_follow(person[1])


def _close_what_was_left(participant: str, how: consent.How) -> None:
	channels = list(_newest(participant))
	if channels:
		told = _statement_of((PARTICIPANT, participant))
		_write_each(participant, channels, consent.WITHDRAWN, how, told)


def _stop_what_is_ahead(participant: str, stands: dict[str, frappe._dict | None]) -> None:
	from involvement_app.involvement_app import ambassadors  # they ask us for what is covered

	ambassadors.stop_uncovered(participant, stands)


def _follow(participant: str) -> None:
	from involvement_app.involvement_app import ambassadors, stories  # they ask us for what is covered

	stories.follow(participant)
	ambassadors.follow(participant)


def _refuse_too_early(participant: str, how: consent.How, told) -> None:
	"""A yes with an earlier day, as on a paper: not before those words were asked, nor before the person's last no."""
	day = getdate(how.decided_on)
	if day >= getdate(today()):
		return
	asked_since = told and frappe.db.get_value("Consent Statement", told.name, "active_from")
	if asked_since and day < getdate(asked_since):
		frappe.throw(
			_("On: these words are asked since {0}, so nobody agreed to them before.").format(
				format_date(asked_since)
			)
		)
	row = frappe.qb.DocType(CONSENT)
	noes = frappe.qb.from_(row).select(Max(row.decided_on))
	noes = noes.where((row.participant == participant) & (row.decision == consent.WITHDRAWN))
	said_no = noes.run()[0][0]
	if said_no and day < getdate(said_no):
		frappe.throw(
			_("On: they said no on {0}, after this was signed. Ask them again.").format(format_date(said_no))
		)


def _check(channels: list[str], scope: Scope) -> None:
	if not channels or set(channels) - set(CHANNELS):
		frappe.throw(_("Where: choose one or more of the list."))
	if scope.identity not in IDENTITIES:
		frappe.throw(_("Shown as: choose one of {0}.").format(", ".join(_(name) for name in IDENTITIES)))
	if not scope.until:
		frappe.throw(_("Until: choose a day. People are asked again when it is over."))
	day, last = getdate(scope.until), getdate(today()) + timedelta(days=366 * MOST_YEARS)
	if not getdate(today()) <= day <= last:
		frappe.throw(_("Until: choose a day from today to {0}.").format(format_date(last)))


def _write_each(participant, channels, decision: str, how: consent.How, told, scope: Scope | None = None):
	consent.check_how(how)
	before = _last_moments(participant)
	evidence = own_private_file(how.evidence) if how.evidence else None
	values = {name: scope and getattr(scope, name) for name in ("identity", "until", *EXTRAS)}
	for channel in channels:
		# one by one: the few channels of one person, each a document of its own
		doc = frappe.new_doc(CONSENT)
		doc.update({key: value for key, value in values.items() if value is not None})
		doc.update(
			{
				"participant": participant,
				"preferred_name": frappe.get_cached_value(PARTICIPANT, participant, "preferred_name"),
				"decision": decision,
				"channel": channel,
				"decided_on": getdate(how.decided_on),
				"method": how.method,
				"given_by": how.given_by,
				"evidence": evidence,
				"note": how.note,
				"statement": told.name,
				"version": told.version,
				"text_hash": consent.fingerprint(told),
				"recorded_by": frappe.session.user,
				"recorded_on": _after(before.get(channel)),
			}
		)
		with lifecycle.server_side():
			doc.insert(ignore_permissions=True)  # nobody holds `create`; bounded by the callers


def _last_moments(participant: str) -> dict:
	# bounded to this person's own entries; oldest first, so that the newest of a channel is kept
	rows = frappe.get_all(
		CONSENT, {"participant": participant}, ["channel", "recorded_on"], order_by="recorded_on asc"
	)
	return {row.channel: row.recorded_on for row in rows}


def _after(before):
	"""Now, but later than what it follows: clocks go back, and two servers have two."""
	now = now_datetime()
	return max(now, get_datetime(before) + timedelta(microseconds=1)) if before else now


def _statement_of(person: consent.Person):
	"""The words they said yes to, which are those they take their yes back from."""
	now = consent.state(person, MEDIA)
	name = now.statement if now else consent.statements()[MEDIA].name
	return frappe.db.get_value("Consent Statement", name, list(consent.SHOWN), as_dict=True)


# --- of the portal and the desk -----------------------------------------------------------------------


def give_own(participant: str, channels: Iterable[str], scope: Scope) -> None:
	"""The session's own person says yes. Raises PermissionError for anybody else, a supporter too."""
	only_the_person(participant)
	give(participant, channels, scope, consent.How(consent.PORTAL))


def withdraw_own(participant: str, channels: Iterable[str] | None = None) -> None:
	"""One button: `channels`, or everything."""
	only_the_person(participant)
	stands = standing(participant) if channels is None else channels
	withdraw(participant, stands, consent.How(consent.PORTAL))


@frappe.whitelist(methods=["POST"])
def record_for(
	participant: str,
	decision: str,
	channels: str | list,
	method: str,
	identity: str = "Anonymous",
	until: str | None = None,
	photo: int = 0,
	film: int = 0,
	journalist: int = 0,
	decided_on: str | None = None,
	evidence: str | None = None,
	note: str | None = None,
) -> None:
	"""Staff write down what a person told them. For whoever may change the person's record; a yes needs the signed
	paper. Raises PermissionError, ValidationError."""
	if not frappe.has_permission(CONSENT, "read"):
		raise frappe.PermissionError
	refuse_other_units(participant, "write")
	if method == consent.PORTAL:
		frappe.throw(_("How: what a person says in the portal is written down by the portal."))
	chosen = arguments.names(channels, _("Where"))
	how = consent.How(method, decided_on, evidence=evidence, note=note)
	if decision == consent.WITHDRAWN:
		return withdraw(participant, chosen, how)
	if decision != consent.GIVEN:
		frappe.throw(_("What they decided: choose Given or Withdrawn."))
	if not evidence:
		frappe.throw(
			_("Evidence: attach what they signed. A yes to being quoted or shown is kept in writing.")
		)
	scope = Scope(identity, until or "", bool(cint(photo)), bool(cint(film)), bool(cint(journalist)))
	give(participant, chosen, scope, how)
