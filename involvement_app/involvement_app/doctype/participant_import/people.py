"""One row of the list as a person: what the cells say, and what is wrong with them."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

import frappe
from frappe import _
from frappe.utils import validate_email_address

from involvement_app.involvement_app import joining, phones
from involvement_app.involvement_app.doctype.participant_import.csv_file import Sheet
from involvement_app.permissions import units

CHANNELS = {
	"Email": ("email", "e-mail", "mail"),
	"Text message": ("text", "sms", "text message", "txt"),
	"Phone": ("phone", "call", "telephone", "phone call"),
	"Post": ("post", "letter", "by post"),
}
FORMATS = {
	"Standard": ("standard", "normal", "none"),
	"Large print": ("large print", "large"),
	"Easy read": ("easy read", "easyread"),
	"Audio": ("audio", "spoken"),
}
LONGEST = 140


@dataclass
class Listed:
	"""`cells` as they came; the rest cleaned. `faults`: sentences naming the column."""

	line: int
	cells: list[str]
	first_name: str = ""
	last_name: str = ""
	preferred_name: str = ""
	pronouns: str = ""
	email: str = ""
	numbers: list[str] = field(default_factory=list)
	comparable: list[str] = field(default_factory=list)
	locality: str = ""
	units: list[str] = field(default_factory=list)
	preferred_channel: str = ""
	preferred_format: str = "Standard"
	access_note: str = ""
	external_reference: str = ""
	faults: list[str] = field(default_factory=list)

	def person(self) -> joining.Person:
		whole = " ".join(filter(None, (self.first_name, self.last_name)))
		return joining.Person(
			key=str(self.line),
			names=tuple(dict.fromkeys(filter(None, (whole, self.preferred_name)))),
			emails=(self.email,) if self.email else (),
			phones=tuple(self.comparable),
			locality=self.locality,
			reference=self.external_reference,
			listed=True,
		)

	def details(self) -> dict:
		"""Fields of the participant."""
		kept = (
			"pronouns",
			"locality",
			"preferred_channel",
			"preferred_format",
			"access_note",
			"external_reference",
		)
		return {name: getattr(self, name) or None for name in kept}


@dataclass
class Masters:
	"""What cells are checked against, read once a list. `own_units`: those the reader is limited to, or None."""

	localities: dict[str, str]
	units: dict[str, str]
	own_units: set[str] | None
	default_unit: str | None
	home: str

	@classmethod
	def load(cls, default_unit: str | None) -> "Masters":
		limited = units.is_limited(frappe.session.user)
		return cls(
			# get_all: names of masters, which everybody who may import may read
			localities=_by_key(frappe.get_all("Involvement Locality", pluck="name")),
			units=_by_key(frappe.get_all("Involvement Unit", pluck="name")),
			own_units=joining.permitted_units() if limited else None,
			default_unit=default_unit,
			home=phones.region(),
		)


def _by_key(names: list[str]) -> dict[str, str]:
	return {joining.name_key(name): name for name in names}


def read(sheet: Sheet, masters: Masters) -> list[Listed]:
	return [Reader(sheet, masters, line, cells).read() for line, cells in sheet.rows]


class Reader:
	def __init__(self, sheet: Sheet, masters: Masters, line: int, cells: list[str]):
		self.sheet, self.masters = sheet, masters
		self.row = Listed(line, cells)

	def read(self) -> Listed:
		self.check_width()
		self.read_name()
		self.read_email()
		self.read_phones()
		self.read_locality()
		self.read_units()
		self.read_choices()
		self.read_plain()
		return self.row

	def cell(self, name: str) -> str:
		position = self.sheet.fields.get(name)
		return self.row.cells[position] if position is not None and position < len(self.row.cells) else ""

	def label(self, name: str) -> str:
		return self.sheet.header[self.sheet.fields[name]]

	def fault(self, name: str, sentence: str) -> None:
		self.row.faults.append(f"{self.label(name)}: {sentence}")

	def check_width(self) -> None:
		if any(self.row.cells[len(self.sheet.header) :]):
			self.row.faults.append(_("The row has more cells than the first line has columns."))

	def read_name(self) -> None:
		first, last, known_as = (self.short(name) for name in ("first_name", "last_name", "preferred_name"))
		if not (first or last) and (whole := self.short("full_name")):
			first, last = _split(whole)
		if not re.search(r"\w", first + last + known_as):
			self.row.faults.append(_("The name is missing."))
		self.row.first_name, self.row.last_name = first or known_as, last
		if not first and last and not known_as:
			self.row.first_name, self.row.last_name = last, ""
		self.row.preferred_name = _preferred(self.row.first_name, self.row.last_name, known_as)
		if max(len(first) + len(last) + 1, len(self.row.preferred_name)) > LONGEST:
			self.row.faults.append(_("The whole name is longer than {0} letters.").format(LONGEST))

	def short(self, name: str) -> str:
		text = " ".join(self.cell(name).split())
		if len(text) > LONGEST:
			self.fault(name, _("longer than {0} letters.").format(LONGEST))
		if re.search("[<>]", text):  # the CRM takes no such name
			self.fault(name, _("“<” and “>” cannot be used here."))
		return text[:LONGEST]

	def read_email(self) -> None:
		text = self.cell("email")
		if not text:
			return
		if validate_email_address(text).lower() != text.lower() or len(text) > LONGEST:
			return self.fault("email", _("“{0}” is not an e-mail address.").format(text[:80]))
		self.row.email = text.lower()

	def read_phones(self) -> None:
		for name in ("mobile", "phone"):
			if text := self.cell(name):
				self.read_phone(name, text)

	def read_phone(self, name: str, text: str) -> None:
		try:
			number, written = phones.parse(text, self.masters.home)
		except phones.NotAPhoneNumber:
			return self.fault(name, _("“{0}” is not a telephone number.").format(text[:80]))
		if number not in self.row.comparable:
			self.row.comparable.append(number)
			self.row.numbers.append(written)

	def read_locality(self) -> None:
		if text := self.cell("locality"):
			self.row.locality = self.look_up("locality", text, self.masters.localities)

	def read_units(self) -> None:
		text = self.cell("unit")
		names = self.masters.units
		parts = [text] if joining.name_key(text) in names else re.split(r"[;,|/\n]", text)
		found = [self.look_up("unit", part.strip(), names) for part in parts if part.strip()]
		if not found and self.masters.default_unit:
			found = [self.masters.default_unit]
		self.row.units = list(dict.fromkeys(filter(None, found)))
		self.check_own_units()

	def check_own_units(self) -> None:
		own = self.masters.own_units
		if own is None:
			return
		if not self.row.units:
			self.row.faults.append(_("Unit: missing. Name one of your units, or choose one above."))
		for name in self.row.units:
			if name not in own:
				self.row.faults.append(_("Unit: “{0}” is not one of your units.").format(name))

	def look_up(self, name: str, text: str, masters: dict[str, str]) -> str:
		key = joining.name_key(text)
		if key not in masters:
			close = get_close_matches(key, masters, n=1, cutoff=0.75)
			hint = " " + _("Did you mean “{0}”?").format(masters[close[0]]) if close else ""
			self.fault(name, _("“{0}” is not in our list.").format(text[:80]) + hint)
		return masters.get(key, "")

	def read_choices(self) -> None:
		self.row.preferred_format = self.choice("preferred_format", FORMATS) or "Standard"
		self.row.preferred_channel = self.choice("preferred_channel", CHANNELS) or self.usual_channel()
		if self.row.preferred_channel == "Email" and not self.row.email and not self.cell("email"):
			self.fault("preferred_channel", _("e-mail, but there is no e-mail address."))

	def usual_channel(self) -> str:
		if self.row.email or self.cell("email"):
			return "Email"
		return "Phone" if self.row.numbers else "Post"

	def choice(self, name: str, choices: dict[str, tuple[str, ...]]) -> str:
		text = self.cell(name)
		for option, words in choices.items():
			if text.casefold() in words:
				return option
		if text:
			self.fault(name, _("“{0}” is not one of {1}.").format(text[:80], ", ".join(choices)))
		return ""

	def read_plain(self) -> None:
		self.row.pronouns = self.short("pronouns")
		self.row.external_reference = self.short("external_reference")
		self.row.access_note = self.cell("access_note")[:2000]


def _split(whole: str) -> tuple[str, str]:
	"""First name and the rest; “Surname, First” as many systems export it."""
	if "," in whole:
		last, _comma, first = whole.partition(",")
		return first.strip(), last.strip()
	first, _space, last = whole.partition(" ")
	return first, last


def _preferred(first: str, last: str, known_as: str) -> str:
	"""What the register shows: the name they go by, with the surname that tells two Sams apart."""
	if not known_as:
		return " ".join(filter(None, (first, last)))
	if last and joining.name_key(last) not in joining.name_key(known_as):
		return f"{known_as} {last}"
	return known_as
