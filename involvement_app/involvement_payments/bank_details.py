"""How people are paid, and where (domain 4.6, 4.12, bank detail).

An account is sealed with the site's key the moment it comes in; its last three digits are what is left in the clear.
Whoever enters it, another person verifies it. Where it changes what was there before, it is used only after a
cooling-off time; until then the earlier one is. The person is told of every change, also where they were reached
before it and at the address they sign in with. Taking away works at once.

A voucher counts as a payment. Cheque, cash and voucher are paid by hand, each with a proof of its own (`by_hand.py`).
"""

import json
import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, format_date, getdate, now_datetime, today
from frappe.utils.password import decrypt, encrypt
from pypika.terms import ExistsCriterion

from involvement_app import arguments, lifecycle, messages
from involvement_app.involvement_app import concerned, places
from involvement_app.involvement_app.participants import (
	PARTICIPANT,
	earlier_records,
	only_the_person,
	reach_us,
	recipient,
	records_of,
	refuse_strangers,
)
from involvement_app.involvement_payments import bacs, modulus, payees, without_money
from involvement_app.involvement_privacy import sensitive
from involvement_app.messages import Recipient
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_AUTHORISER, FINANCE_OFFICER

DETAIL = "Participant Bank Detail"
BANK, CHEQUE, CASH, VOUCHER = "Bank", "Cheque", "Cash", "Voucher"
NO_VOUCHERS = "Not vouchers"  # of a participant
WAYS = (BANK, CHEQUE, CASH, VOUCHER)
FIELDS = ("account_name", "sort_code", "account_number")
WAITING = ("Pending", "Verified")
LIVING = (*WAITING, "Active")
TEMPLATE = "Involvement payment way changed"
LONGEST_NAME = 70
NO_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class NotAnAccount(frappe.ValidationError):
	"""What was entered cannot be an account: `field` says where."""

	def __init__(self, words: str = "", field: str = ""):
		super().__init__(words)
		self.field = field


@dataclass(frozen=True)
class Account:
	"""`detail` is the name of the row it comes from."""

	detail: str
	account_name: str
	sort_code: str
	account_number: str


# Entering


def enter(participant: str, way: str, account: dict | None = None) -> str:
	"""The session's own person says how they want to be paid. Raises NotAnAccount, PermissionError."""
	only_the_person(participant)
	return _enter(participant, way, account or {})


@frappe.whitelist(methods=["POST"])
def write_for(participant: str, way: str, account: str | dict, recorded_how: str) -> None:
	"""Staff write down what somebody tells them, and are shown nothing of what is there; another person verifies it.
	For finance, and for whoever may change the person's record. Raises PermissionError, ValidationError."""
	participant, values = _may_write_for(cstr(participant)), arguments.values(account, _("The account"))
	try:
		name = _enter(participant, cstr(way), values, recorded_how=recorded_how)
	except NotAnAccount as problem:
		frappe.throw(str(problem))
	_within_their_units(name)


@frappe.whitelist(methods=["POST"])
def take_away_for(participant: str, recorded_how: str) -> int:
	"""Staff write down that somebody wants theirs kept no longer; answers how many went. Raises PermissionError."""
	participant = _may_write_for(cstr(participant))
	if not cstr(recorded_how):
		frappe.throw(
			_("How the person told us: please choose, so that this is never shown as their own act.")
		)
	with lifecycle.as_job():
		return _take_away(participant, recorded_how=recorded_how)


def take_away(participant: str) -> int:
	"""The session's own person wants theirs kept no longer. It works at once."""
	only_the_person(participant)
	return _take_away(participant)


def _take_away(participant: str, **values) -> int:
	living = _living(participant)
	for doc in living:
		lifecycle.apply(doc, "Take away", **values)
	# an old record's is still there while money is on its way to it
	# one by one: as a rule there is none
	for record in earlier_records(participant):
		living += (theirs := _living(record))
		with lifecycle.as_job():
			for doc in theirs:
				lifecycle.apply(doc, "Take away", **values)
	return len(living)


def _may_write_for(participant: str) -> str:
	if concerned.concerned_in(frappe.session.user, participant):
		raise frappe.PermissionError
	if not roles_of(frappe.session.user) & {FINANCE_OFFICER, FINANCE_AUTHORISER}:
		refuse_strangers(participant, "write")
	elif not frappe.db.exists(PARTICIPANT, participant):
		raise frappe.PermissionError
	return participant


def _within_their_units(name: str) -> None:
	"""Finance that is limited to units enters nothing it could not see afterwards."""
	finance = roles_of(frappe.session.user) & {FINANCE_OFFICER, FINANCE_AUTHORISER}
	if finance and not frappe.has_permission(DETAIL, "read", name):
		raise frappe.PermissionError


def _enter(participant: str, way: str, account: dict, recorded_how: str | None = None) -> str:
	"""The callers have asked whose it is."""
	if without_money.is_so():
		raise NotAnAccount(_("No money is paid through this site."), "way")
	if way not in offered():
		raise NotAnAccount(_("Choose how you would like to be paid."), "way")
	values = tidied(account) if way == BANK else {}
	# the locked row keeps two changes of one person apart
	eligibility = frappe.db.get_value(PARTICIPANT, participant, "payment_eligibility", for_update=True)
	if way == VOUCHER and eligibility == NO_VOUCHERS:
		raise NotAnAccount(_("This cannot be paid by voucher. Choose another way, or ask us."), "way")
	for waiting in _living(participant, WAITING):
		with lifecycle.as_job():
			lifecycle.apply(waiting, "Supersede")
	way_of_telling = recipient(participant)
	doc = frappe.new_doc(DETAIL, participant=participant, way=way, recorded_how=recorded_how)
	doc.flags.entered = True
	doc.flags.ignore_permissions = True  # nobody may create one but here, where it was asked whose it is
	with lifecycle.server_side():
		doc.update(
			{
				"payee_name": payees.of({participant})[participant].payee_name,
				"sealed": sealed(values) if values else None,
				"last_three": values["account_number"][-3:] if values else None,
				"warning": _warning(values),
				"is_change": cint(_was_paid_before(participant)),
				"usable_from": today(),
				"live_key": f"{participant}|waiting",
				"route_channel": way_of_telling.channel,
				"route_address": way_of_telling.address,
			}
		)
		if doc.is_change:
			doc.usable_from = add_days(today(), cooling_off())
		doc.insert()
	return doc.name


def tidied(account: dict) -> dict:
	"""Six and eight digits, and a name. Raises NotAnAccount naming the field."""
	name = " ".join(NO_CONTROL.sub(" ", cstr(account.get("account_name"))).split())
	if not 1 <= len(name) <= LONGEST_NAME or not bacs.text(name).strip():
		raise NotAnAccount(_("Write the name on the account, as it is on your card."), "account_name")
	sort_code = re.sub(r"[\s\-–.]", "", cstr(account.get("sort_code")))
	if not re.fullmatch(r"[0-9]{6}", sort_code) or sort_code == "000000":
		raise NotAnAccount(_("Write the sort code as six digits, like 12-34-56."), "sort_code")
	number = re.sub(r"[\s\-]", "", cstr(account.get("account_number")))
	if not re.fullmatch(r"[0-9]{6,8}", number) or not number.strip("0"):
		raise NotAnAccount(_("Write the account number: up to eight digits."), "account_number")
	return {"account_name": name, "sort_code": sort_code, "account_number": number.zfill(8)}


def _warning(values: dict) -> str | None:
	if values and not modulus.fits(values["sort_code"], values["account_number"]):
		return _(
			"This number does not fit the sort code, by the table of the banks ({0}). Ask the person to look again."
		).format(modulus.of_which_day()[0])
	return None


def _was_paid_before(participant: str) -> bool:
	earlier = {"participant": ["in", sorted(records_of(participant))], "active_since": ["is", "set"]}
	return bool(frappe.db.exists(DETAIL, earlier))


def offered() -> tuple[str, ...]:
	settings = frappe.get_cached_doc("Involvement Settings")
	by_hand = {CHEQUE: settings.pay_by_cheque, CASH: settings.pay_by_cash, VOUCHER: settings.pay_by_voucher}
	return (BANK, *(way for way, on in by_hand.items() if on))


def on_participant(doc, method=None) -> None:
	"""Involvement Participant, on_update: whoever writes that somebody gets no vouchers hears what follows from it. How they are
	paid is said to who may read it."""
	before = doc.get_doc_before_save()
	if not before or doc.payment_eligibility != NO_VOUCHERS or before.payment_eligibility == NO_VOUCHERS:
		return
	if _by_voucher(participant=doc.name):
		words = _(
			"{0}: their way of payment is a voucher. Ask for another one: no batch is locked with a voucher for them."
		).format(doc.name)
	else:
		words = _(
			"{0} gets no vouchers from now on. If they were paid by voucher, finance asks for another way before the next payment."
		).format(frappe.utils.escape_html(doc.preferred_name or doc.name))
	frappe.msgprint(words, title=_("No vouchers"), indicator="orange")


def on_settings(doc, method=None) -> None:
	"""Involvement Settings, on_update: who was paid by voucher until they were switched off. Finance hears who, others how many."""
	if doc.pay_by_voucher or not doc.has_value_changed("pay_by_voucher"):
		return
	count = frappe.db.count(
		DETAIL, {"way": VOUCHER, "status": ["in", LIVING]}
	)  # bounded: a number, of nobody
	if not count:
		return
	words = _(
		"People paid by voucher until now: {0}. They choose another way: no batch is locked with a voucher any more."
	).format(count)
	names = ", ".join(sorted(_by_voucher())[:50])
	frappe.msgprint(
		" ".join(filter(None, (words, names))), title=_("Vouchers are switched off"), indicator="orange"
	)


def _by_voucher(**filters) -> set[str]:
	"""Participants whose way is a voucher, as far as the reader may see that."""
	if not frappe.has_permission(DETAIL, "read"):
		return set()
	filters |= {"way": VOUCHER, "status": ["in", LIVING]}
	return set(frappe.get_list(DETAIL, filters=filters, pluck="participant", limit=0))


def cooling_off() -> int:
	"""Days from a change to its first use."""
	return cint(frappe.get_cached_doc("Involvement Settings").bank_cooling_off_days)


def _living(participant: str, states: tuple[str, ...] = LIVING) -> list:
	# bounded to the rows of one person, at most one that waits and one in use: the callers have asked whose
	names = frappe.get_all(DETAIL, {"participant": participant, "status": ["in", states]}, pluck="name")
	# one by one: two at most
	return [frappe.get_doc(DETAIL, name) for name in names]


# Sealed


def sealed(values: dict) -> str:
	return encrypt(json.dumps([values[field] for field in FIELDS]))


def opened(detail) -> dict:
	"""The account of a row in the clear, for `sensitive.look_up` and `accounts`. Raises ValidationError where the
	site's key is not the one it was sealed with."""
	if not detail.sealed:
		return dict.fromkeys(FIELDS)
	return dict(zip(FIELDS, json.loads(decrypt(detail.sealed)), strict=True))


def in_use(participants: set[str]) -> dict[str, frappe._dict]:
	"""Participant → {name, way, active_since, is_change, last_three} of what is in use; nothing sealed."""
	return _in_use(participants)


def accounts(participants: set[str], about: tuple[str, str]) -> dict[str, Account]:
	"""Participant → account, for a file that is written; one query, and one row of the access log that names the
	document it is for."""
	rows = _in_use(participants, "sealed")
	found = {
		participant: Account(row.name, **opened(row)) for participant, row in rows.items() if row.way == BANK
	}
	sensitive.log_many(about, _("{0} accounts, for the bank file").format(len(found)), FIELDS)
	return found


def _in_use(participants: set[str], *more: str) -> dict[str, frappe._dict]:
	detail = frappe.qb.DocType(DETAIL)
	fields = ("name", "participant", "way", "active_since", "is_change", "last_three", *more)
	rows = (
		frappe.qb.from_(detail)
		.select(*(detail[field] for field in fields))
		.where((detail.status == "Active") & detail.participant.isin(sorted(participants) or [""]))
		.run(as_dict=True)
	)
	return {row.participant: row for row in rows}


# Guards and effects of the lifecycle


def not_the_payee(doc, move) -> None:
	if concerned.concerned_in(move.user, doc.participant):
		frappe.throw(
			_("These are your own details, or of somebody you act for, so somebody else verifies them."),
			lifecycle.StepNotPermitted,
		)


def with_a_reason(doc, move) -> None:
	if move.by == "role" and not doc.note:
		frappe.throw(_("Please fill in {0} before “{1}”.").format(_("Why it was set aside"), _("Set aside")))


def stamp_verified(doc, move) -> None:
	doc.verified_by, doc.verified_on = move.user, now_datetime()


def begin(doc, move) -> None:
	for earlier in _living(doc.participant, ("Active",)):
		lifecycle.apply(earlier, "Supersede")
	doc.active_since, doc.live_key = now_datetime(), f"{doc.participant}|active"


def forget_account(doc, move) -> None:
	"""What is no longer used is not kept: the file it was paid by says where the money went."""
	doc.sealed = doc.live_key = None


def tell_taken_away(doc, move) -> None:
	tell(doc, taken_away=True)


def tell(doc, taken_away: bool = False) -> None:
	"""Where the person is reached now, where they were before, and where they sign in: whoever takes over one of
	these does not silence the others."""
	now = recipient(doc.participant)
	routes = {(now.channel, now.address): now}
	before = frappe.get_all(
		DETAIL,
		# bounded to the rows of one person; only the way they were told by is read
		{"participant": doc.participant, "route_address": ["is", "set"]},
		["route_channel", "route_address"],
		order_by="creation desc",
		limit=5,
	)
	login = frappe.db.get_value(PARTICIPANT, doc.participant, "user")
	earlier = [(row.route_channel, row.route_address) for row in before] + (
		[("Email", login)] if login else []
	)
	known = {address for _channel, address in routes if address}
	for channel, address in earlier:
		if address not in known:
			known.add(address)
			routes[channel, address] = Recipient(now.name, channel, address, now.paused, now.large_print)
	words = {
		"day": format_date(today(), "d MMMM yyyy"),
		"taken_away": "yes" if taken_away else "",
		"contact": reach_us(),
		"link": frappe.utils.get_url("/take-part/my"),
	}
	for route in routes.values():
		messages.send(TEMPLATE, (PARTICIPANT, doc.participant), words, known=route, stays=route is not now)


# Into use


def use_if_due(doc) -> bool:
	"""A change waits until it is due, and while money is on its way to the account it replaces."""
	if (
		doc.status != "Verified"
		or getdate(doc.usable_from) > getdate(today())
		or _money_on_its_way(doc.participant)
	):
		return False
	with lifecycle.as_job():
		lifecycle.apply(frappe.get_doc(DETAIL, doc.name), "Use from now on")
	return True


def _use_if_due(name: str) -> None:
	use_if_due(frappe.get_doc(DETAIL, name, for_update=True))


def _money_on_its_way(participant: str) -> bool:
	line, batch = (
		frappe.qb.DocType(doctype)
		for doctype in ("Involvement Payment Batch Line", "Involvement Payment Batch")
	)
	reversal = frappe.qb.DocType("Payment Batch Reversal")
	taken_out = (
		frappe.qb.from_(reversal)
		.select(reversal.name)
		.where((reversal.parent == line.parent) & (reversal.payment == line.payment))
	)
	rows = (
		frappe.qb.from_(line)
		.join(batch)
		.on(batch.name == line.parent)
		.select(line.name)
		.where((line.participant == participant) & batch.status.isin(("Locked", "Authorised")))
		.where(ExistsCriterion(taken_out).negate())
		.limit(1)
		.run()
	)
	return bool(rows)


def use_due() -> None:
	"""Hourly: what was verified and has waited long enough comes into use; an old record's goes when no money is on its
	way to it any more."""
	due = {"status": "Verified", "usable_from": ["<=", today()]}
	names = frappe.get_all(DETAIL, due, pluck="name", limit=1000)  # bounded: a scheduled job
	places.each_alone(names, _use_if_due, "The bank detail {0} could not be brought into use")
	_end_of_old_records()


def end_of_merged(kept: str, merged: str, moved: dict[str, list[str]]) -> None:
	"""Hook involvement_merged: nobody's account is moved to another record. The person says it again. A locked batch still
	pays to the account that it was locked with."""
	_end(merged, WAITING if _money_on_its_way(merged) else LIVING)


def _end_of_old_records() -> None:
	detail, person = frappe.qb.DocType(DETAIL), frappe.qb.DocType(PARTICIPANT)
	rows = (
		frappe.qb.from_(detail)
		.join(person)
		.on(person.name == detail.participant)
		.select(detail.participant)
		.where((detail.status == "Active") & person.merged_into.isnotnull())
		.limit(1000)
		.run(pluck=True)
	)
	# one by one: people whose records were merged while a batch was locked, few
	for participant in rows:
		if not _money_on_its_way(participant):
			_end(participant, ("Active",))


def _end(participant: str, states: tuple[str, ...]) -> None:
	with lifecycle.as_job():
		for doc in _living(participant, states):
			lifecycle.apply(doc, "Supersede")
