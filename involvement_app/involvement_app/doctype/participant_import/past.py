"""A list of past involvement: a line for each person and occasion. Whoever it is about is on the register already, and
is found there as `joining` finds people; what is there already is not written twice."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import frappe
from frappe import _
from frappe.utils import flt, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import joining
from involvement_app.involvement_app.doctype.participant_import.csv_file import Sheet
from involvement_app.involvement_app.doctype.participant_import.people import Listed, Masters, Reader
from involvement_app.involvement_app.doctype.past_involvement.past_involvement import once_key

KIND = "Past involvement"
PAST = "Past Involvement"
# as they are written where we work: the day first
DAYS = (
	"%Y-%m-%d",
	"%d/%m/%Y",
	"%d.%m.%Y",
	"%d-%m-%Y",
	"%d/%m/%y",
	"%d %B %Y",
	"%d %b %Y",
	"%Y-%m-%d %H:%M:%S",
)
FIRST_YEAR = 1950
MOST_HOURS = 1000


@dataclass
class Past(Listed):
	"""Somebody, and what they did."""

	title: str = ""
	took_part_on: str = ""
	hours: float = 0
	part: str = ""
	opportunity_type: str = ""

	def person(self) -> joining.Person:
		"""Not `listed`: the same person may stand in many lines."""
		return replace(super().person(), listed=False)


def read(sheet: Sheet, masters: Masters) -> list[Past]:
	# get_all: names of masters, which everybody who may import may read
	names = frappe.get_all("Involvement Type", pluck="name")
	types = {joining.name_key(name): name for name in names}
	return [_PastReader(sheet, masters, types, line, cells).read() for line, cells in sheet.rows]


class _PastReader(Reader):
	def __init__(self, sheet: Sheet, masters: Masters, types: dict[str, str], line: int, cells: list[str]):
		super().__init__(sheet, masters, line, cells)
		self.types = types
		self.row = Past(line, cells)

	def read(self) -> Past:
		self.check_width()
		self.read_name()
		self.read_email()
		self.read_phones()
		self.read_units()
		self.row.external_reference = self.short("external_reference")
		self.read_title()
		self._read_day()
		self.read_hours()
		self.row.part = self.short("part")
		if text := self.cell("opportunity_type"):
			self.row.opportunity_type = self.look_up("opportunity_type", text, self.types)
		return self.row

	def read_title(self) -> None:
		self.row.title = self.short("title")
		if not self.row.title:
			self.fault("title", _("say what it was."))

	def _read_day(self) -> None:
		text = " ".join(self.cell("took_part_on").split())
		day = day_of(text)
		if not day:
			return self.fault(
				"took_part_on", _("“{0}” is not a date. Write it like 16/05/2023.").format(text[:80])
			)
		if day > getdate(today()):
			self.fault("took_part_on", _("this day is still to come."))
		self.row.took_part_on = str(day)

	def read_hours(self) -> None:
		text = self.cell("hours")
		if not text:
			return
		try:
			self.row.hours = float(text.replace(",", "."))
		except ValueError:
			return self.fault("hours", _("“{0}” is not a number of hours.").format(text[:80]))
		if not 0 <= self.row.hours <= MOST_HOURS:
			self.fault("hours", _("choose a number from 0 to {0}.").format(MOST_HOURS))


def day_of(text: str) -> date | None:
	"""As people here write a day; None for what is none."""
	for form in DAYS:
		try:
			day = datetime.strptime(text, form).date()
		except ValueError:
			continue
		if day.year >= FIRST_YEAR:
			return day
	return None


def judge(listed: list[Past]) -> list[joining.Finding | None]:
	"""Add to the faults of the sound rows who is not there for sure, and what is there already. The number of queries
	does not depend on how many rows there are."""
	sound = [row for row in listed if not row.faults]
	findings = dict(zip(map(id, sound), joining.compare([row.person() for row in sound]), strict=True))
	openable = joining.openable(findings.values())
	for row in sound:
		if fault := _who_fault(findings[id(row)], openable):
			row.faults.append(fault)
	_refuse_twice([row for row in sound if not row.faults], findings)
	return [findings.get(id(row)) for row in listed]


def _who_fault(finding: joining.Finding, openable: set[str]) -> str | None:
	there = finding.other.participant if finding.other else None
	if finding.verdict == joining.NEW or not there:
		return _("Nobody of this name is on the register. Import them as people first.")
	if there not in openable:
		return _("This person is in a part of the register you cannot open.")
	if finding.verdict != joining.KNOWN:
		return _(
			"It is not sure who this is. Add their e-mail address, telephone or reference, as the register has it."
		)
	return None


def _refuse_twice(rows: list[Past], findings: dict) -> None:
	keys = {id(row): _key(row, findings[id(row)]) for row in rows}
	there = set(
		frappe.get_all(  # keys of rows about people the reader may open
			PAST, filters={"once_key": ["in", list(keys.values()) or [""]]}, pluck="once_key", limit=0
		)
	)
	for row in rows:
		if keys[id(row)] in there:
			row.faults.append(_("This is written down already, or stands in an earlier line."))
		there.add(keys[id(row)])


def _key(row: Past, finding: joining.Finding) -> str:
	return once_key(finding.other.participant, row.title, row.took_part_on)


def add(row: Past, finding: joining.Finding, source: str) -> str:
	"""Written as the importer, with their rights; answers the participant."""
	doc = frappe.get_doc(
		{
			"doctype": PAST,
			"participant": finding.other.participant,
			"title": row.title,
			"took_part_on": row.took_part_on,
			"hours": flt(row.hours),
			"part": row.part or None,
			"opportunity_type": row.opportunity_type or None,
			"unit": row.units[0] if row.units else None,
			"source": source,
		}
	)
	with lifecycle.server_side():
		doc.insert()
	return doc.participant
