"""Somebody says that they would like to take part (Expression of Interest; domain 4.2, 4.8, 4.12; rows 0.20, 1.9).

From the portal, or written down for them; answered by a person. Who looks like somebody we know is worked out when
staff look, and told to staff alone: what the portal answers never depends on it. Joining puts them on the register
with what they were told (`joining.register`), or links the record they have. An enquiry that came to nothing is
deleted after the days in Involvement Settings, with every message about it.
"""

from contextlib import contextmanager

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, get_url, now_datetime, validate_email_address

from involvement_app import arguments, lifecycle, messages
from involvement_app.involvement_app import joining, portal_access
from involvement_app.involvement_app.participants import home_country, reach_us, refuse_old_record
from involvement_app.involvement_privacy import consent
from involvement_app.messages import Recipient

ENQUIRY, PARTICIPANT = "Expression of Interest", "Involvement Participant"
PORTAL = "Portal"
JOINED = "Joined"
PAGE = "/take-part"
MOST_ALIKE = 20
AT_ONCE = 500
REACHED = (
	"person_name",
	"preferred_channel",
	"email",
	"phone",
	"address_line1",
	"address_line2",
	"city",
	"pincode",
)


class AlreadyThere(frappe.ValidationError):
	"""They would be on the register twice."""


# --- how they are reached -------------------------------------------------------------------------


def is_an_address(email: str) -> bool:
	return "," not in email and bool(validate_email_address(email))


def ways(enquiry) -> list[str]:
	"""The channels by which somebody can be reached with what they gave, the quickest first."""
	by_phone = ["Phone", "Text message"] if enquiry.phone else []
	return [
		*(["Email"] if enquiry.email else []),
		*by_phone,
		*(["Post"] if enquiry.address_line1 and enquiry.city else []),
	]


def recipient(name: str) -> Recipient:
	"""Hook involvement_recipients: who wrote, reached as they wished. Raises DoesNotExistError."""
	row = frappe.db.get_value(ENQUIRY, name, REACHED, as_dict=True)
	if not row:
		raise frappe.DoesNotExistError(name)
	return Recipient(row.person_name, row.preferred_channel or "Phone", _address(row))


def _address(row) -> str | None:
	if row.preferred_channel == "Email":
		return row.email
	if row.preferred_channel == "Post":
		lines = (row.person_name, row.address_line1, row.address_line2, row.city, row.pincode)
		return "\n".join(line for line in lines if line)
	return row.phone


def tell(enquiry, template: str) -> None:
	"""Their answer; nothing where they left us no way to reach them."""
	if ways(enquiry):
		messages.send(
			template, (ENQUIRY, enquiry.name), {**_ours(), "words": enquiry.signposted_to}, about=enquiry
		)


def _ours() -> dict:
	settings = frappe.get_cached_doc("Involvement Settings")
	return {
		"organisation": settings.organisation_name or _("us"),
		"contact": reach_us(),
		"link": get_url(PAGE),
	}


# --- from the portal ------------------------------------------------------------------------------


def take(values: dict) -> str:
	"""Keep what somebody wrote in the portal; answers its name. Raises ValidationError."""
	with _from_the_portal():
		# bounded: a new row with the fields of that form, which its controller checks; nothing is read
		return (
			frappe.get_doc({"doctype": ENQUIRY, **values, "unit": _unit_of(values.get("locality"))})
			.insert(ignore_permissions=True)
			.name
		)


@contextmanager
def _from_the_portal():
	before = is_from_the_portal()
	frappe.local.involvement_enquiry_from_portal = True
	try:
		yield
	finally:
		frappe.local.involvement_enquiry_from_portal = before


def is_from_the_portal() -> bool:
	return getattr(frappe.local, "involvement_enquiry_from_portal", False)


def _unit_of(locality: str | None) -> str | None:
	"""The unit of that place, where there is exactly one."""
	if not locality:
		return None
	found = frappe.get_all(  # names of units, for the row to be written
		"Involvement Unit", {"locality": locality, "is_group": 0}, pluck="name", limit=2
	)
	return found[0] if len(found) == 1 else None


# --- who they might be ----------------------------------------------------------------------------


@frappe.whitelist(methods=["GET"])
def alike(enquiry: str) -> dict:
	"""{people: [{doctype, name, title, status, signs}], hidden}: whom the writer looks like, the surest first, as far
	as the reader may open them; `hidden`: there are others. The number of queries does not depend on how many.
	Raises PermissionError."""
	doc = frappe.get_doc(ENQUIRY, cstr(enquiry))
	doc.check_permission("read")
	found = joining.alike(_person(doc))[:MOST_ALIKE]
	people, hidden = _shown(found)
	return {"people": [*people, *_other_enquiries(doc)], "hidden": hidden}


def _person(doc) -> joining.Person:
	return joining.Person(
		key=doc.name,
		names=(doc.person_name,),
		emails=(doc.email,) if doc.email else (),
		phones=(doc.phone_key,) if doc.phone_key else (),
		locality=doc.locality,
	)


def _shown(found: list) -> tuple[list[dict], bool]:
	participants = {other.participant for other, _signs in found if other.participant}
	contacts = {other.contact for other, _signs in found if not other.participant}
	readable = _readable(PARTICIPANT, participants) | _readable("Contact", contacts)
	found = list({other.key: (other, signs) for other, signs in reversed(found)}.values())[::-1]
	lines = [
		{
			"doctype": PARTICIPANT if other.participant else "Contact",
			"name": other.key,
			"title": other.names[-1],
			"status": other.status,
			"signs": [_(sign) for sign in signs],
		}
		for other, signs in found
		if other.key in readable
	]
	return lines, len(lines) < len(found)


def _readable(doctype: str, names: set[str]) -> set[str]:
	if not names or not frappe.has_permission(doctype, "read"):
		return set()
	return set(frappe.get_list(doctype, {"name": ["in", sorted(names)]}, pluck="name", limit=len(names)))


def _other_enquiries(doc) -> list[dict]:
	signs = {joining.EMAIL: "email", joining.PHONE: "phone_key", joining.NAME: "person_name"}
	shared = {sign: field for sign, field in signs.items() if doc.get(field)}
	rows = frappe.get_list(
		ENQUIRY,
		filters={"name": ["!=", doc.name]},
		or_filters={field: doc.get(field) for field in shared.values()},
		fields=["name", "person_name", "status", *shared.values()],
		limit=MOST_ALIKE,
	)
	return [
		{
			"doctype": ENQUIRY,
			"name": row.name,
			"title": row.person_name,
			"status": row.status,
			"signs": [
				_(sign)
				for sign, field in shared.items()
				if cstr(row[field]).casefold() == cstr(doc.get(field)).casefold()
			],
		}
		for row in rows
	]


# --- joining --------------------------------------------------------------------------------------


@frappe.whitelist(methods=["GET"])
def before_joining(enquiry: str) -> dict:
	"""What the form asks with: {statements: [{purpose, title, kind, plain_text}], crm: doctypes a person may be kept
	in}. Raises PermissionError."""
	frappe.get_doc(ENQUIRY, cstr(enquiry)).check_permission("write")
	joining.check_may_add()
	shown = ("purpose", "title", "kind", "plain_text")
	return {
		"statements": [{name: row[name] for name in shown} for row in _asked_of_who_joins()],
		"crm": joining.crm_doctypes(),
	}


def _asked_of_who_joins() -> list[frappe._dict]:
	"""The notices that everybody is given, then what people are asked."""
	rows = consent.statements().values()
	notices = [row for row in rows if row.needed_for_joining]
	return notices + [row for row in rows if row.kind == consent.CONSENT and not row.needed_for_joining]


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def join(
	enquiry: str,
	participant: str | None = None,
	person_doctype: str | None = None,
	person: str | None = None,
	preferred_name: str | None = None,
	unit: str | None = None,
	locality: str | None = None,
	preferred_channel: str | None = None,
	notice_method: str | None = None,
	notice_on: str | None = None,
	told_by: str | None = None,
	decisions: str | dict | None = None,
	invite: bool | int | str = False,
	namesake_because: str | None = None,
) -> dict:
	"""The writer is on the register: as `participant` who is there already; as the CRM record (`person_doctype`,
	`person`); else as a new one, linked to the Contact that is surely theirs or to one that is made. They were given
	the privacy notice (`notice_method`, `notice_on`, `told_by`) and decided (`decisions`: {purpose: decision}). Who is
	surely on the register is not put on it twice, unless `namesake_because` says why they are somebody else.

	Answers {participant, new, note}: `note` says what is left to do. Raises PermissionError, ValidationError; nothing
	is kept of what is refused."""
	joining.check_may_add()
	told = _told(notice_method, notice_on, told_by, decisions)
	there = participant and _known(cstr(participant), told)
	doc = frappe.get_doc(ENQUIRY, cstr(enquiry), for_update=True)
	doc.check_permission("write")
	_check_open(doc)
	details = {
		"preferred_name": preferred_name,
		"unit": unit,
		"locality": locality,
		"preferred_channel": preferred_channel,
		"namesake_because": " ".join(cstr(namesake_because).split()),
	}
	who = there or _registered(doc, told, person_doctype, person, details)
	_carry_over(doc, who)
	with lifecycle.server_side():
		doc.participant = who.name
		lifecycle.apply(doc, "Join")
	note = _invited(who) if cint(invite) else None
	if not (there or who.user):
		messages.send("Involvement enquiry welcome", (PARTICIPANT, who.name), _ours(), about=who)
	return {"participant": who.name, "new": not there, "note": note or _left_to_do(doc, who, bool(there))}


def _told(method, on, told_by, decisions) -> consent.Joining | None:
	chosen = arguments.values(decisions, _("What they decided"))
	told = joining.notice_given(method or None, on, told_by=told_by)
	return told and consent.Joining(told.how, {key: value for key, value in chosen.items() if value})


def _needs_the_notice(told) -> None:
	if not told:
		frappe.throw(
			_(
				"How they were given the privacy notice: choose one. Read it to them or hand it out first; it takes two minutes."
			)
		)


def _check_open(doc) -> None:
	if doc.status == JOINED:
		frappe.throw(
			_("They have joined already, as {0}.").format(doc.participant), lifecycle.TransitionError
		)


def _known(name: str, told):
	"""The participant who is there, with what they were told now. Locked first: lock order, participant before the
	document itself."""
	there = frappe.get_doc(PARTICIPANT, name, for_update=True)
	there.check_permission("write")
	refuse_old_record(name)
	who = (PARTICIPANT, there.name)
	if consent.missing(who):
		_needs_the_notice(told)
	if told:
		consent.record_joining(who, told)
		there.reload()
	if there.status == "Interested":
		lifecycle.apply(there, "Welcome")
	elif there.status != "Active":
		frappe.throw(
			_("{0} has the status “{1}”. Open that record and choose “{2}” first, if they want to.").format(
				there.preferred_name,
				_(there.status),
				_("Resume") if there.status == "Paused" else _("Come back"),
			)
		)
	return there


def _carry_over(doc, who) -> None:
	"""When and how it is safe to reach them, as they said it last, below what we knew."""
	known = who.safe_contact_notes or ""
	if doc.safe_contact and doc.safe_contact not in known:
		who.safe_contact_notes = "\n".join(filter(None, (known, doc.safe_contact)))
		who.save()


def _registered(doc, told, person_doctype, person, details: dict):
	"""A new participant. Their CRM record is read, never written (law 9)."""
	_needs_the_notice(told)
	_refuse_twice(doc, details["namesake_because"])
	unit = doc.unit = details["unit"] or doc.unit
	joining.check_unit(unit)
	kind = cstr(person_doctype) or "Contact"
	record = _chosen_record(kind, cstr(person)) if person else _record_of(doc)
	name = " ".join(cstr(details["preferred_name"] or doc.person_name).split())
	try:
		return joining.register(
			record,
			name,
			_("Enquiry ({0})").format(_(doc.came_by)),
			[unit] if unit else [],
			told,
			person_doctype=kind,
			locality=details["locality"] or doc.locality,
			safe_contact_notes=doc.safe_contact,
			preferred_channel=details["preferred_channel"] or doc.preferred_channel or "Post",
		)
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		frappe.throw(
			_(
				"This CRM record is on the register already. Choose the person under “Who they are” instead, or ask an Involvement Manager if you cannot see them."
			)
		)


def _refuse_twice(doc, namesake_because: str) -> None:
	"""Whoever is surely there (`joining.compare`) is that participant, whatever CRM record was chosen for them; a
	namesake is somebody's decision, with their reason."""
	(finding,) = joining.compare([_person(doc)])
	if finding.verdict != joining.KNOWN:
		return
	if namesake_because:
		doc.namesake_because = namesake_because
		return
	there = finding.other.participant
	if there and joining.openable([finding]):
		frappe.throw(
			_(
				"{0} is on the register already, as {1}. Choose them under “Who they are”. If this is somebody else of the same name, write down under “Another person, because” how you know."
			).format(finding.other.names[-1], there),
			AlreadyThere,
		)
	frappe.throw(
		_(
			"Somebody whom you cannot see is on the register with the same name and the same e-mail address or phone number. Ask an Involvement Manager, or write down under “Another person, because” how you know that this is somebody else."
		),
		AlreadyThere,
	)


def _chosen_record(kind: str, name: str) -> str:
	if kind not in joining.crm_doctypes():
		frappe.throw(
			_("Kind of CRM record: choose one of {0}.").format(", ".join(map(_, joining.crm_doctypes())))
		)
	if not frappe.db.exists(kind, name) or not frappe.has_permission(kind, "read", name):
		frappe.throw(_("CRM record: choose one that you may open."), frappe.PermissionError)
	return name


def _record_of(doc) -> str:
	"""The Contact that is surely theirs and not on the register; else a new one with what they gave."""
	(finding,) = joining.compare([_person(doc)])
	if finding.verdict == joining.NEW and finding.contact:
		return finding.contact
	first, _space, last = doc.person_name.partition(" ")
	contact = joining.new_contact(first, last or None, doc.email or None, [doc.phone] if doc.phone else [])
	if doc.address_line1 and doc.city:
		_new_address(doc, contact)
	return contact


def _new_address(doc, contact: str) -> None:
	address = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": doc.person_name,
			"address_type": "Personal",
			"address_line1": doc.address_line1,
			"address_line2": doc.address_line2,
			"city": doc.city,
			"pincode": doc.pincode,
			"country": home_country(),
			"links": [{"link_doctype": "Contact", "link_name": contact}],
		}
	)
	# as `joining.new_contact`: the CRM record that whoever joins needs, with what they gave
	address.insert(ignore_permissions=True)


def _invited(who) -> str | None:
	"""Invite them; what stands in the way is said, and they have joined all the same."""
	frappe.db.savepoint("involvement_enquiry")
	try:
		portal_access.invite(who.name)
	except (portal_access.CannotInvite, frappe.PermissionError) as problem:
		frappe.db.rollback(save_point="involvement_enquiry")
		frappe.clear_last_message()
		return _("They have joined. They were not invited to the portal: {0}").format(problem)
	who.reload()
	return None


def _left_to_do(doc, who, there: bool) -> str | None:
	"""What staff do by hand: an existing CRM record is not changed by us."""
	reached = messages.dispatcher.recipient(PARTICIPANT, who.name)
	if reached.address:
		return None
	return _(
		"Their CRM record has nothing for “{0}”. Add it there, or choose another preferred channel on their record."
	).format(_(reached.channel))


# --- and away again -------------------------------------------------------------------------------


def forget() -> int:
	"""Daily job: delete enquiries that came to nothing and on which nothing has happened for as many days as Involvement
	Settings say, with the messages to the writer. Answers how many."""
	names = _past(keep_days())
	gone = 0
	# one by one: each with what hangs on it, and one that fails keeps no other
	for name in names:
		gone += _forget(name)
	return gone


def keep_days() -> int:
	return cint(frappe.db.get_single_value("Involvement Settings", "keep_enquiries_days"))


def _past(days: int) -> list[str]:
	if not days:
		return []
	return frappe.get_all(  # the job's own list, no reader
		ENQUIRY,
		{"status": ["!=", JOINED], "modified": ["<", add_days(now_datetime(), -days)]},
		pluck="name",
		order_by="modified",
		limit=AT_ONCE,
	)


def past_their_time(grace: int = 2) -> int:
	"""How many should be gone, `grace` days ago and earlier."""
	days = keep_days()
	return days and frappe.db.count(
		ENQUIRY, {"status": ["!=", JOINED], "modified": ["<", add_days(now_datetime(), -days - grace)]}
	)


def _forget(name: str) -> bool:
	frappe.db.savepoint("involvement_enquiry")
	try:
		# bounded to the messages to the writer of this enquiry, which nobody may delete otherwise
		frappe.db.delete("Involvement Message", {"recipient_doctype": ENQUIRY, "recipient": name})
		# a job without a reader; no copy is kept of what is deleted
		frappe.delete_doc(ENQUIRY, name, ignore_permissions=True, force=True, delete_permanently=True)
	except Exception:  # whatever keeps one, the others go, and the health page counts it
		frappe.db.rollback(save_point="involvement_enquiry")
		frappe.log_error("An enquiry could not be deleted", frappe.get_traceback())
		return False
	return True


def unanswered() -> int:
	"""How many are past the day by which somebody should have answered."""
	return frappe.db.count(ENQUIRY, {"status": "New", "acknowledge_by": ["<", frappe.utils.today()]})
