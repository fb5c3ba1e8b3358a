"""The columns a list of people may have, under the names charities give them."""

import re
import unicodedata
from difflib import get_close_matches

from frappe import _

# field → its names; the first is the one we ask for
COLUMNS = {
	"first_name": ("First name", "Forename", "Given name", "Christian name", "First", "Firstname"),
	"last_name": ("Last name", "Surname", "Family name", "Last", "Second name"),
	"full_name": ("Full name", "Name", "Contact name", "Person", "Member name", "Client name"),
	"preferred_name": (
		"Preferred name",
		"Known as",
		"Likes to be called",
		"Nickname",
		"Preferred first name",
	),
	"pronouns": ("Pronouns", "Pronoun"),
	"email": ("E-mail", "Email address", "E-mail address", "Mail", "Primary email", "Email 1"),
	"mobile": ("Mobile", "Mobile phone", "Mobile number", "Mobile no", "Cell", "Cell phone", "Mob"),
	"phone": (
		"Phone",
		"Telephone",
		"Tel",
		"Tel no",
		"Phone number",
		"Telephone number",
		"Landline",
		"Home phone",
	),
	"locality": ("Locality", "Town", "City", "Area", "Town/City", "Place", "Post town", "District"),
	"unit": ("Unit", "Service", "Team", "Units", "Services", "Project", "Branch"),
	"preferred_channel": (
		"Preferred channel",
		"Contact preference",
		"Preferred contact",
		"Contact by",
		"Channel",
	),
	"preferred_format": ("Preferred format", "Format", "Information format"),
	"access_note": (
		"Access needs",
		"What helps",
		"Access",
		"Access requirements",
		"Support needs",
		"Adjustments",
	),
	"external_reference": (
		"Reference",
		"Ref",
		"ID",
		"Member ID",
		"Person ID",
		"Client ID",
		"Contact ID",
		"Record ID",
	),
}
# what a list of past involvement has beside who it was
EVENT = {
	"title": ("What it was", "Activity", "Event", "Title", "Opportunity", "What", "What they did"),
	"took_part_on": ("Took part on", "Date", "Day", "On", "When", "Start date", "Event date"),
	"hours": ("Hours", "Hours given", "Duration", "Time"),
	"part": ("Took part as", "Role", "Part", "Position"),
	"opportunity_type": ("Type", "Kind", "Type of involvement", "Category"),
}
WHO = ("first_name", "last_name", "full_name", "preferred_name", "email", "mobile", "phone", "unit")
PAST = {**{name: COLUMNS[name] for name in (*WHO, "external_reference")}, **EVENT}
NAMES = ("first_name", "last_name", "full_name", "preferred_name")
# what our own list of faulty rows adds: that file may come back mended
OURS = ("Line", "Reason")


def key(header: str) -> str:
	return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", header).casefold())


def fields(known: dict) -> dict[str, str]:
	"""Spelling → field."""
	return {key(name): field for field, names in known.items() for name in names}


OWN_KEYS = {key(name) for name in OURS}


def recognise(header: list[str], known: dict = COLUMNS) -> tuple[dict[str, int], list[str], list[str]]:
	"""(field → position, headers that are not imported, what is wrong with the header in sentences)."""
	spelt = fields(known)
	found: dict[str, int] = {}
	unknown, problems = [], []
	for position, name in enumerate(header):
		field = spelt.get(key(name))
		if field and field in found:
			problems.append(_twice(header[found[field]], name, known[field][0]))
		elif field:
			found[field] = position
		elif name and key(name) not in OWN_KEYS:
			unknown.append(name)
	problems += [problem for name in unknown if (problem := _misspelt(name, found, known))]
	if not any(field in found for field in NAMES):
		problems.append(_no_name(header))
	if known is PAST:
		problems += [_missing(name, header) for name in ("title", "took_part_on") if name not in found]
	return found, unknown, problems


def _twice(first: str, second: str, both: str) -> str:
	return _("The columns “{0}” and “{1}” both mean {2}. Keep one of them, or give one another name.").format(
		first, second, both
	)


def _misspelt(name: str, found: dict[str, int], known: dict) -> str | None:
	"""A header close to one we know is a slip, and would lose a whole column."""
	spelt = fields(known)
	spellings = {key(spelling): spelling for names in known.values() for spelling in names}
	for close in get_close_matches(key(name), spellings, n=1, cutoff=0.8):
		if spelt[close] not in found:
			return _(
				"The column “{0}” is not known. Did you mean “{1}”? Change the first line of the file."
			).format(name, spellings[close])
	return None


def _missing(name: str, header: list[str]) -> str:
	return _("There is no column for “{0}”. The first line of the file has: {1}.").format(
		_(EVENT[name][0]), ", ".join(filter(None, header))[:300] or _("nothing")
	)


def _no_name(header: list[str]) -> str:
	return _(
		"There is no column for the name. Expected one of: {0}. The first line of the file has: {1}."
	).format(
		", ".join(COLUMNS[field][0] for field in NAMES), ", ".join(filter(None, header))[:300] or _("nothing")
	)
