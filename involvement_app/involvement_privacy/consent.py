"""What people were told, and what they said yes or no to (domain 1.7, 4.2, 4.11).

A person is (doctype, name): this module knows no register. Every decision is a row of Consent Record, written
once. How things stand for a purpose is its newest row and nothing else, so a no holds from the moment it is
written, in the same request. Whoever has something to do then listens through the hook
`involvement_consent_changed`: functions (person, purpose, decision), called in the same transaction.

`give` and `withdraw` have the same shape, and neither asks for more than the other.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.utils import cstr, get_datetime, getdate, now_datetime, today
from pypika.terms import Criterion, ExistsCriterion, Term

from involvement_app import arguments, lifecycle
from involvement_app.permissions.files import own_private_file

Person = tuple[str, str]

GIVEN, REFUSED, WITHDRAWN, NOTICE_GIVEN = "Given", "Refused", "Withdrawn", "Notice given"
NOTICE, CONSENT, AGREEMENT = "Privacy notice", "Consent", "Agreement"
_ANSWERS = {GIVEN, REFUSED, WITHDRAWN}
FITTING = {NOTICE: {NOTICE_GIVEN}, CONSENT: _ANSWERS, AGREEMENT: _ANSWERS}
SHOWN = ("name", "purpose", "version", "title", "kind", "plain_text", "easy_read", "needed_for_joining")
PORTAL, IMPORTED, EARLIER = "Portal", "Import", "Earlier record"
METHODS = (PORTAL, "Phone", "In person", "Post", "E-mail", IMPORTED)


@dataclass(frozen=True)
class State:
	"""The newest row of a purpose: how things stand."""

	purpose: str
	decision: str
	statement: str
	version: int
	decided_on: date
	recorded_on: datetime
	method: str
	given_by: str | None = None

	@property
	def holds(self) -> bool:
		return self.decision in (GIVEN, NOTICE_GIVEN)


@dataclass(frozen=True)
class How:
	"""By which way a decision reached us. `given_by`: who said it, where that was not the person themself;
	`told_by`: who told or asked them; `evidence`: address of an uploaded file of the session user's."""

	method: str
	decided_on: date | str | None = None
	given_by: str | None = None
	told_by: str | None = None
	evidence: str | None = None
	note: str | None = None


@dataclass(frozen=True)
class Joining:
	"""What somebody who joins was told and said: the privacy notice they were given, and {purpose: decision}."""

	how: How
	consents: dict[str, str] = field(default_factory=dict)


# --- how things stand ---------------------------------------------------------------------------


def states(person: Person) -> dict[str, State]:
	"""{purpose: State} of everything `person` was ever told or asked. One query."""
	newest: dict[str, State] = {}
	for row in _history(person):
		newest[row.purpose] = State(
			row.purpose,
			row.decision,
			row.statement,
			row.version,
			row.decided_on,
			row.recorded_on,
			row.method,
			row.given_by,
		)
	return newest


def state(person: Person, purpose: str) -> State | None:
	return states(person).get(purpose)


def holds(purpose: str, person_doctype: str, name: Term) -> Criterion:
	"""For lists: the row whose name is `name` stands at yes for `purpose`.

	query.where(consent.holds("text-messages", "Involvement Participant", participant.name))
	"""
	yes, later = (
		frappe.qb.DocType("Consent Record").as_(alias) for alias in ("consent_yes", "consent_later")
	)

	def about(row) -> Criterion:
		return (row.person_doctype == person_doctype) & (row.person == name) & (row.purpose == purpose)

	# two entries of the very same moment: the no counts
	is_later = (later.recorded_on > yes.recorded_on) | (
		(later.recorded_on == yes.recorded_on) & later.decision.isin((REFUSED, WITHDRAWN))
	)
	overruled = ExistsCriterion(frappe.qb.from_(later).select(later.name).where(about(later) & is_later))
	standing = about(yes) & yes.decision.isin((GIVEN, NOTICE_GIVEN)) & overruled.negate()
	return ExistsCriterion(frappe.qb.from_(yes).select(yes.name).where(standing))


def history(person: Person, limit: int = 100) -> list[frappe._dict]:
	"""The newest entries about `person`, newest first, with the title of what they were told. The caller has
	asked who may see them."""
	row, statement = frappe.qb.DocType("Consent Record"), frappe.qb.DocType("Consent Statement")
	return (
		frappe.qb.from_(row)
		.join(statement)
		.on(statement.name == row.statement)
		.select(row.purpose, row.decision, row.decided_on, row.recorded_on, row.method, row.given_by)
		.select(row.recorded_by, row.version, statement.title, statement.kind)
		.where(_is_about(row, person))
		.orderby(row.recorded_on, order=Order.desc)
		.limit(limit)
		.run(as_dict=True)
	)


def _history(person: Person) -> list[frappe._dict]:
	"""Oldest first; of two entries of the very same moment the no is last."""
	row = frappe.qb.DocType("Consent Record")
	fields = (
		"purpose",
		"decision",
		"statement",
		"version",
		"decided_on",
		"recorded_on",
		"method",
		"given_by",
	)
	found = (
		frappe.qb.from_(row)
		.select(*(row[name] for name in fields))
		.where(_is_about(row, person))
		.run(as_dict=True)
	)
	return sorted(found, key=lambda each: (each.recorded_on, each.decision in (REFUSED, WITHDRAWN)))


def _is_about(row, person: Person) -> Criterion:
	return (row.person_doctype == person[0]) & (row.person == person[1])


# --- what people are told -----------------------------------------------------------------------


def statements(day: date | str | None = None) -> dict[str, frappe._dict]:
	"""{purpose: the statement used on `day`}, today by default. One query."""
	day = getdate(day or today())
	table = frappe.qb.DocType("Consent Statement")
	found = (
		frappe.qb.from_(table)
		.select(*(table[name] for name in SHOWN))
		.where(table.active_from.isnull() | (table.active_from <= day))
		.where(table.active_to.isnull() | (table.active_to >= day))
		.orderby(table.version)
		.run(as_dict=True)
	)
	return {row.purpose: row for row in found}


def asked(person: Person) -> list[tuple[frappe._dict, State | None]]:
	"""What `person` may answer or take back, each with how it stands: the statements in use, and those no longer in
	use to which they once said yes."""
	told, now = statements(), states(person)
	told |= _agreed(each for purpose, each in now.items() if purpose not in told)
	return [(row, now.get(row.purpose)) for row in told.values()]


def missing(person: Person) -> list[str]:
	"""Purposes of the notices that everybody who joins is given, and this person was not."""
	told = states(person)
	return [
		row.purpose for row in statements().values() if row.needed_for_joining and row.purpose not in told
	]


# --- writing it down ----------------------------------------------------------------------------


def give(person: Person, purpose: str, how: How) -> None:
	"""`person` says yes."""
	record(person, {purpose: GIVEN}, how)


def withdraw(person: Person, purpose: str, how: How) -> None:
	"""`person` takes their yes back."""
	record(person, {purpose: WITHDRAWN}, how)


def record(person: Person, decisions: dict[str, str], how: How) -> None:
	"""Write down `decisions`, {purpose: decision}, and tell those who listen.

	The caller has asked whether the session user may speak for `person`: their own session, or the right to
	change their record. Raises ValidationError for a purpose nobody is asked about, a decision that does not
	fit it, or a day to come."""
	check_how(how)
	before = states(person)
	told = _told(decisions, before)
	evidence = own_private_file(how.evidence) if how.evidence else None
	for purpose, decision in decisions.items():
		# one by one: two or three entries, each a document of its own
		_write(person, told[purpose], decision, how, evidence, before.get(purpose))
	for purpose, decision in decisions.items():
		_tell(person, purpose, decision)


def record_joining(person: Person, joining: Joining | None) -> None:
	"""Write down what somebody who joins was told and said. Nothing is pretended: without `joining` nothing is
	written, and `missing` names the notices still to be given."""
	if not joining:
		return
	notices = {row.purpose: NOTICE_GIVEN for row in statements().values() if row.needed_for_joining}
	record(person, {**notices, **joining.consents}, joining.how)


def inherited(person: Person, old: Person) -> dict[str, State]:
	"""{purpose: how it stands with `old`} of what `carry_over` would write down for `person`. Their own no is never
	overruled; of a yes and a no the later one counts; what they were never asked is as it was. Two queries."""
	now = states(person)
	return {
		purpose: was
		for purpose, was in states(old).items()
		if purpose not in now
		or (not was.holds and now[purpose].holds and was.recorded_on > now[purpose].recorded_on)
	}


def carry_over(person: Person, old: Person, note: str) -> None:
	"""`old` is an earlier record of `person`. Its entries stay as they are; what still holds of them becomes an entry of
	`person`'s, with the words, the day and whoever said it as they were. The caller has asked who may merge."""
	was = inherited(person, old)
	if not was:
		return
	told = {
		row.name: row
		for row in frappe.get_all(  # the statements these entries name
			"Consent Statement",
			filters={"name": ["in", [each.statement for each in was.values()]]},
			fields=list(SHOWN),
		)
	}
	before = states(person)
	# one by one: two or three entries, each a document of its own
	for purpose, each in was.items():
		how = How(EARLIER, each.decided_on, each.given_by, note=note)
		_write(person, told[each.statement], each.decision, how, None, before.get(purpose))
	for purpose, each in was.items():
		_tell(person, purpose, each.decision)


def check_how(how: How) -> None:
	"""Raises ValidationError for a way that there is not, and a day to come."""
	if how.method not in METHODS:
		frappe.throw(_("How: choose one of {0}.").format(", ".join(_(method) for method in METHODS)))
	if getdate(how.decided_on) > getdate(today()):
		frappe.throw(_("On: this day is still to come."))


def _told(decisions: dict[str, str], before: dict[str, State]) -> dict[str, frappe._dict]:
	"""{purpose: the statement a decision is about}: a no takes back what was agreed to, also when that is no longer
	in use. “Not now” to an agreement is an answer to its words of today."""
	told = statements()
	not_now = {
		purpose
		for purpose, row in told.items()
		if row.kind == AGREEMENT and decisions.get(purpose) == REFUSED
	}
	noes = [purpose for purpose, decision in decisions.items() if decision in (REFUSED, WITHDRAWN)]
	noes = [purpose for purpose in noes if purpose not in not_now]
	told.update(_agreed(before[purpose] for purpose in noes if purpose in before))
	for purpose, decision in decisions.items():
		if purpose not in told:
			frappe.throw(_("Nobody is asked about “{0}” at the moment.").format(purpose))
		if decision not in FITTING[told[purpose].kind]:
			frappe.throw(_("“{0}” does not fit “{1}”.").format(_(decision), _(told[purpose].kind)))
	return told


def _agreed(standing: Iterable[State]) -> dict[str, frappe._dict]:
	"""{purpose: what was agreed to}, of those of `standing` that are a yes."""
	names = [each.statement for each in standing if each.holds]
	if not names:
		return {}
	found = frappe.get_all(  # the statements this person's own entries name
		"Consent Statement", filters={"name": ["in", names]}, fields=list(SHOWN)
	)
	return {row.purpose: row for row in found}


def _write(person: Person, told, decision: str, how: How, evidence: str | None, before: State | None) -> None:
	doc = frappe.new_doc("Consent Record")
	doc.update(
		{
			"person_doctype": person[0],
			"person": person[1],
			"decision": decision,
			"decided_on": getdate(how.decided_on),
			"method": how.method,
			"given_by": how.given_by,
			"told_by": how.told_by,
			"statement": told.name,
			"purpose": told.purpose,
			"version": told.version,
			"text_hash": fingerprint(told),
			"recorded_by": frappe.session.user,
			"recorded_on": _after(before),
			"evidence": evidence,
			"note": how.note,
		}
	)
	with lifecycle.server_side():
		doc.insert(ignore_permissions=True)  # nobody holds `create`; bounded by the caller of `record`


def _after(before: State | None) -> datetime:
	"""Now, but later than what it follows: clocks go back, and two servers have two."""
	now = now_datetime()
	return max(now, get_datetime(before.recorded_on) + timedelta(microseconds=1)) if before else now


def fingerprint(statement) -> str:
	words = "\n\n".join((cstr(statement.plain_text), cstr(statement.easy_read)))
	return hashlib.sha256(words.encode()).hexdigest()


# --- telling others -----------------------------------------------------------------------------


def _tell(person: Person, purpose: str, decision: str) -> None:
	for listener in frappe.get_hooks("involvement_consent_changed"):
		if decision in (REFUSED, WITHDRAWN):
			_tell_of_a_no(listener, person, purpose, decision)
		else:
			frappe.get_attr(listener)(person, purpose, decision)


def _tell_of_a_no(listener: str, person: Person, purpose: str, decision: str) -> None:
	"""A no holds whatever a listener makes of it: one that fails is undone by itself and called again."""
	frappe.db.savepoint("involvement_consent")
	try:
		frappe.get_attr(listener)(person, purpose, decision)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise  # the whole transaction is gone, the entry with it
	except Exception:
		frappe.db.rollback(save_point="involvement_consent")
		frappe.log_error("A consent was withdrawn and a listener failed", frappe.get_traceback())
		frappe.enqueue(
			"involvement_app.involvement_privacy.consent.tell_again",
			enqueue_after_commit=True,
			listener=listener,
			person=list(person),
			purpose=purpose,
		)


def tell_again(listener: str, person: Iterable[str], purpose: str) -> None:
	"""On the queue: `listener` failed when a no was recorded. Nothing is done if it is a yes again."""
	person = tuple(person)
	now = state(person, purpose)
	if now and not now.holds:
		frappe.get_attr(listener)(person, purpose, now.decision)


# --- for the forms of the desk ------------------------------------------------------------------


@frappe.whitelist(methods=["GET"])
def about(person_doctype: str, person: str) -> dict:
	"""{asked: [{purpose, title, kind, decision, decided_on, method, newer}], missing: titles}: what a form shows of the
	consents of a person whom the reader may read. Raises PermissionError."""
	if not frappe.has_permission("Consent Record", "read"):
		raise frappe.PermissionError
	_check_person(person_doctype, person, "read")
	found = asked((person_doctype, person))
	return {
		"asked": [_line(row, now) for row, now in found],
		"missing": [row.title for row, now in found if row.needed_for_joining and not now],
	}


def _line(statement, now: State | None) -> dict:
	line = {name: statement[name] for name in ("purpose", "title", "kind")}
	if now:
		newer = now.version < statement.version
		line.update(decision=now.decision, decided_on=now.decided_on, method=now.method, newer=newer)
	return line


@frappe.whitelist(methods=["POST"])
def record_for(
	person_doctype: str,
	person: str,
	decisions: str | dict,
	method: str,
	decided_on: str | None = None,
	given_by: str | None = None,
	told_by: str | None = None,
	evidence: str | None = None,
	note: str | None = None,
) -> None:
	"""Staff write down what a person told them: `decisions` is {purpose: decision}. For whoever may change the
	person's record. Raises PermissionError, ValidationError."""
	_check_person(person_doctype, person, "write")
	if method == PORTAL:
		frappe.throw(_("How: what a person says in the portal is written down by the portal."))
	chosen = arguments.values(decisions, _("What they decided"))
	if not chosen:
		frappe.throw(_("Choose what they decided."))
	record((person_doctype, person), chosen, How(method, decided_on, given_by, told_by, evidence, note))


def _check_person(person_doctype: str, person: str, right: str) -> None:
	if person_doctype not in frappe.get_hooks("involvement_people"):
		raise frappe.PermissionError
	# without throw: the framework's own words would name the record
	if not frappe.db.exists(person_doctype, person) or not frappe.has_permission(
		person_doctype, right, person
	):
		raise frappe.PermissionError
