"""Who the session's person is, and how a participant wants to hear from us (domain 4.2)."""

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_default_address
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint

from involvement_app.involvement_app import consents
from involvement_app.messages import Recipient

PARTICIPANT = "Involvement Participant"
AWAY = ("Paused", "Left", "Merged")
NOBODY = (None, None, None)
BY_PHONE = ("Text message", "Phone")


def participant_of(user: str | None = None) -> str | None:
	"""The participant record of `user` (the session's by default), or None. One query a request."""
	return _known_as(user)[0]


def standing_of(user: str | None = None) -> str | None:
	"""Their state, found by the same query."""
	return _known_as(user)[1]


def birth_of(user: str | None = None):
	"""Their date of birth, which is kept only of people under 18; found by the same query."""
	return _known_as(user)[2]


def _known_as(user: str | None) -> tuple:
	user = user or frappe.session.user
	if user in ("Guest", "Administrator"):
		return NOBODY
	known = _known()
	if user not in known:
		known[user] = _look_up(user)
	return known[user]


def _look_up(user: str) -> tuple:
	"""A login of an old record still leads to its person (merging.py)."""
	row = frappe.db.get_value(PARTICIPANT, {"user": user}, ["name", "status", "merged_into", "date_of_birth"])
	if row and row[2]:
		row = frappe.db.get_value(PARTICIPANT, row[2], ["name", "status", "merged_into", "date_of_birth"])
	return (row[0], row[1], row[3]) if row else NOBODY


def records_of(participant: str) -> set[str]:
	"""Every record of this person: their own, and those that were merged into it."""
	return {participant, *earlier_records(participant)}


def every_record(participant: str):
	"""The same as a sub-select."""
	person = frappe.qb.DocType(PARTICIPANT)
	return (
		frappe.qb.from_(person)
		.select(person.name)
		.where((person.name == participant) | (person.merged_into == participant))
	)


def earlier_records(participant: str) -> list[str]:
	# bounded to the records of one person
	return frappe.get_all(PARTICIPANT, {"merged_into": participant}, pluck="name")


def kept_of(participants: set[str]) -> dict[str, str]:
	"""Of those that are old records: the record each has become. One query."""
	# bounded to the records asked about
	rows = frappe.get_all(
		PARTICIPANT,
		{"name": ["in", sorted(participants) or [""]], "merged_into": ["is", "set"]},
		["name", "merged_into"],
	)
	return {row.name: row.merged_into for row in rows}


def refuse_strangers(participant: str, right: str) -> None:
	"""Raises PermissionError unless the reader holds `right` over this record; the same where there is none."""
	if not frappe.db.exists(PARTICIPANT, participant) or not frappe.has_permission(
		PARTICIPANT, right, participant
	):
		frappe.throw(_("Participant: this person is not one of yours."), frappe.PermissionError)


class OldRecord(frappe.ValidationError):
	"""This record was merged into another."""


def refuse_old_record(participant: str, known: frappe._dict | None = None) -> None:
	"""Nothing new is written about somebody under an old record. `known`: the fields asked for, where the caller has
	them. Raises OldRecord."""
	fields = ["preferred_name", "merged_into"]
	row = known or frappe.db.get_value(PARTICIPANT, participant, fields, as_dict=True)
	if row and row.merged_into:
		frappe.throw(
			_("Participant: {0} is an old record of {1}. Choose {2} instead.").format(
				participant, row.preferred_name, row.merged_into
			),
			OldRecord,
		)


def _known() -> dict:
	if not hasattr(frappe.local, "involvement_participant_of"):
		frappe.local.involvement_participant_of = {}
	return frappe.local.involvement_participant_of


def forget_known() -> None:
	"""After a participant is linked to a user within the same request."""
	frappe.local.involvement_participant_of = {}


# as what somebody takes part: one or more of these
LIVED_EXPERIENCE = ("uses_services", "used_services", "is_carer", "is_parent", "is_staff")
OTHERS = ("is_stakeholder", "is_community")
TYPES = (*LIVED_EXPERIENCE, *OTHERS)
# what people may write about themselves; their e-mail address and telephone number are the CRM's
THEIR_OWN = (
	"preferred_name",
	"pronouns",
	"preferred_channel",
	"preferred_format",
	"language",
	"interpreter",
	"safe_contact_notes",
	"access_note",
	*TYPES,
	"age_band",
)


def only_the_person(participant: str) -> None:
	"""What nobody does for somebody, a supporter neither. Raises PermissionError."""
	if participant != participant_of():
		raise frappe.PermissionError


def write_own(participant: str, values: dict) -> None:
	"""The session's own person changes what is theirs to change. Raises PermissionError for anybody else."""
	only_the_person(participant)
	if set(values) - set(THEIR_OWN):
		raise frappe.PermissionError
	doc = frappe.get_doc(PARTICIPANT, participant, for_update=True)
	# that they work here decides who pays them: theirs to say, and taken back by staff alone
	doc.update({**values, "is_staff": 1} if doc.is_staff else values)
	doc.flags.ignore_permissions = True  # bounded to the session's own person
	doc.save()


def has_lived_experience(person) -> bool:
	"""`person`: with the fields TYPES. Who has said nothing of it is asked for no proof."""
	said = [field for field in TYPES if cint(person.get(field))]
	return not said or any(field in LIVED_EXPERIENCE for field in said)


def user_of(participant: str) -> str | None:
	return frappe.db.get_value("Involvement Participant", participant, "user")


def is_participant(doc, user: str) -> bool:
	"""The relation "participant" of a lifecycle: `user` is the person `doc` is about."""
	participant = doc.name if doc.doctype == "Involvement Participant" else doc.participant
	return bool(participant) and participant == participant_of(user)


def recipient(name: str) -> Recipient:
	"""Name, channel and address of a participant, read from the CRM record that keeps them. Who has paused or left
	hears only what is owed to them. Raises DoesNotExistError when there is no such participant."""
	found = recipients({name})
	if name not in found:
		raise frappe.DoesNotExistError(name)
	return found[name]


def recipients(names: set[str]) -> dict[str, Recipient]:
	"""The same of several at once, by participant: one query, and further ones only for those who hear by post or
	whom the CRM keeps as something else than a Contact. Who is written to under an old record is reached as they are
	now."""
	asked = frappe.qb.DocType(PARTICIPANT).as_("asked")
	query = with_recipient(frappe.qb.from_(asked).select(asked.name), asked)
	return recipients_in(query.where(asked.name.isin(sorted(names))).run(as_dict=True))


def with_recipient(query, asked):
	"""`query`, which selects the name of the participant `asked` as `name`, and with it what `recipients_in` makes
	a recipient of: for a question that is asked anyway."""
	participant = frappe.qb.DocType(PARTICIPANT).as_("participant")
	contact = frappe.qb.DocType("Contact")
	return (
		query.left_join(participant)
		.on(participant.name == Coalesce(asked.merged_into, asked.name))
		.left_join(contact)
		.on((contact.name == participant.person) & (participant.person_doctype == "Contact"))
		.select(
			participant.preferred_name,
			participant.preferred_channel,
			participant.preferred_format,
			participant.status,
			participant.person_doctype,
			participant.person,
			contact.email_id,
			contact.mobile_no,
		)
	)


def recipients_in(rows: list) -> dict[str, Recipient]:
	_keep_to_consent(rows)
	# one by one: the few who hear by post, or whom the CRM keeps as something else
	return {
		row.name: Recipient(
			row.preferred_name,
			row.preferred_channel or "Email",
			_address(row),
			paused=row.status in AWAY,
			large_print=row.preferred_format == "Large print",
		)
		for row in rows
	}


def reach_us() -> str:
	"""How people reach the organisation, for the end of a message: on paper and on the phone no link helps."""
	settings = frappe.get_cached_doc("Involvement Settings")
	return ", ".join(filter(None, (settings.contact_phone, settings.contact_email)))


def _keep_to_consent(rows: list[frappe._dict]) -> None:
	"""Who said no to text messages is rung up."""
	texted = {row.name for row in rows if row.preferred_channel == "Text message"}
	refused = consents.texts_refused(texted)
	for row in rows:
		if row.name in refused:
			row.preferred_channel = "Phone"


def _address(row) -> str | None:
	if row.preferred_channel == "Post":
		return postal_address(row.person_doctype, row.person, row.preferred_name)
	if row.person_doctype == "Contact":
		return row["mobile_no" if row.preferred_channel in BY_PHONE else "email_id"]
	if row.preferred_channel in BY_PHONE:
		if not frappe.get_meta(row.person_doctype).has_field("mobile_no"):
			return None
		return frappe.db.get_value(row.person_doctype, row.person, "mobile_no")
	return email_of(row.person_doctype, row.person)


def email_of(person_doctype: str, person: str) -> str | None:
	"""From the record that the CRM keeps: a Contact or Customer calls it `email_id`, a CRM Lead `email`."""
	meta = frappe.get_meta(person_doctype)
	fieldname = next((name for name in ("email_id", "email") if meta.has_field(name)), None)
	return fieldname and frappe.db.get_value(person_doctype, person, fieldname)


def postal_address(person_doctype: str, person: str, preferred_name: str) -> str | None:
	"""The lines for the window of an envelope, from the CRM's Address of this person; None where there is none."""
	meta = frappe.get_meta(person_doctype)
	own = meta.has_field("address") and meta.get_field("address").options == "Address"
	name = own and frappe.db.get_value(person_doctype, person, "address")
	name = name or get_default_address(person_doctype, person)
	place = name and frappe.db.get_value(
		"Address",
		name,
		["address_line1", "address_line2", "city", "county", "pincode", "country"],
		as_dict=True,
	)
	if not place:
		return None
	at_home = home_country()
	lines = [_name_on_envelope(meta, person, preferred_name), place.address_line1, place.address_line2]
	lines += [place.city, place.county, place.pincode, place.country if place.country != at_home else None]
	return "\n".join(line.strip() for line in lines if line and line.strip())


def home_country() -> str:
	"""Left out of letters' addresses."""
	return frappe.db.get_default("country") or "United Kingdom"


def _name_on_envelope(meta, person: str, preferred_name: str) -> str:
	"""The name the person wants; with their surname where that is a first name alone."""
	if " " in preferred_name.strip() or not meta.has_field("last_name"):
		return preferred_name
	last_name = frappe.db.get_value(meta.name, person, "last_name")
	return f"{preferred_name} {last_name}" if last_name else preferred_name
