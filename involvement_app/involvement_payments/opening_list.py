"""Opening totals out of a spreadsheet (issue 7): a CSV file with a row for each person and tax year, and a further row for each
further payment of the last week or month. Everything is looked at first; where anything is wrong nothing is taken in, and
every fault names its row and column. What is taken in are drafts, which a second person approves like every other."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, cstr

from involvement_app import arguments
from involvement_app.involvement_app.doctype.participant_import import columns as headers
from involvement_app.involvement_app.doctype.participant_import import csv_file as sheets
from involvement_app.involvement_app.doctype.participant_import.past import day_of
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import mileage, without_money
from involvement_app.involvement_payments.opening_totals import MILES, OPENING
from involvement_app.periods import tax_year

COLUMNS = {
	"participant": ("Participant code", "Code", "Participant"),
	"year_start": ("Tax year from", "Tax year", "Year"),
	"amount_time": ("For their time", "Time", "Paid for time"),
	"amount_expenses": ("Expenses paid back", "Expenses"),
	"miles_car": ("Miles by car or van", "By car or van", "Miles by car", "Car miles"),
	"miles_motorcycle": ("Miles by motorcycle", "By motorcycle", "Motorcycle miles"),
	"miles_bicycle": ("Miles by bicycle", "By bicycle", "Bicycle miles"),
	"source": ("Where the figures come from", "Source"),
	"came_on": ("It came on", "Came on", "Paid on"),
	"amount": ("Amount for time", "Amount that came", "Payment"),
	"hours": ("For so many hours", "Hours"),
}
NEEDED = ("participant", "year_start", "source")
DAYS, POUNDS, NUMBERS = (
	("year_start", "came_on"),
	("amount_time", "amount_expenses", "amount"),
	("miles_car", "miles_motorcycle", "miles_bicycle", "hours"),
)
OF_A_PAYMENT = ("came_on", "amount", "hours")
MOST_ROWS = 1000
MOST_SAID = 100
NUMBER = re.compile(r"-?(\d{1,7}|\d{1,3}(,\d{3}){1,2})(\.\d{1,4})?", re.ASCII)


class NotAList(frappe.ValidationError):
	"""The file as a whole is of no use, or a row of it is; the message names the row and the column."""


@dataclass
class Listed:
	"""One person and tax year, out of its first row `number`."""

	number: int
	values: dict
	recent: list[dict] = field(default_factory=list)


@frappe.whitelist(methods=["POST"])
def take_in(content: str, only_look: str | int = 0) -> dict:
	"""{people, payments, problems}: how many opening totals, with how many payments in them, and what is wrong, a sentence
	each. With a problem, or `only_look`, nothing is kept. `content`: the file in base64. Raises PermissionError, NotAList."""
	if without_money.is_so() or not frappe.has_permission(OPENING, "create"):
		raise frappe.PermissionError
	listed, problems = _read(_table(arguments.file(content, NotAList)))
	frappe.db.savepoint("opening_list")
	if not problems:
		problems = _insert(listed)
	if problems or cint(only_look):
		frappe.db.rollback(save_point="opening_list")
	return {
		"people": len(listed),
		"payments": sum(len(each.recent) for each in listed),
		"problems": _said(problems),
	}


def _said(problems: list[str]) -> list[str]:
	said = [frappe.utils.escape_html(words) for words in problems[:MOST_SAID]]
	if len(problems) > MOST_SAID:
		said.append(_("… and {0} more.").format(len(problems) - MOST_SAID))
	return said


def _insert(listed: list[Listed]) -> list[str]:
	# whether they are there; who may not see them hears the same as of somebody who is not
	known = set(
		frappe.get_all(
			PARTICIPANT,
			{"name": ["in", sorted({each.values["participant"] for each in listed})]},
			pluck="name",
		)
	)
	problems = []
	for each in listed:  # one by one: each is a document that says what is wrong with it
		try:
			if each.values["participant"] not in known:
				raise frappe.PermissionError
			frappe.get_doc({"doctype": OPENING, **each.values, "recent": each.recent}).insert()
		except frappe.UniqueValidationError:
			problems.append(
				_fault(each.number, "year_start", _("this person has an opening total for this tax year"))
			)
		except frappe.PermissionError:
			problems.append(_fault(each.number, "participant", _("there is no such person in your list")))
		except frappe.ValidationError as problem:
			words = frappe.utils.strip_html(cstr(problem)).strip() or _("this cannot be written")
			problems.append(_("Row {0}: {1}").format(each.number, words))
	frappe.clear_messages()
	return problems


# The file


def _table(content: bytes) -> tuple[dict[str, int], list]:
	"""(field → position, rows as (number, cells))."""
	try:
		table, _separator, _encoding = sheets.table(content, COLUMNS)
	except sheets.Unreadable as problem:
		_refuse(cstr(problem))
	if len(table) < 2:
		_refuse(_("The file has no rows. It needs a first line with column names."))
	if len(table) - 1 > MOST_ROWS:
		_refuse(
			_("The file has {0} rows. Please take in at most {1} at a time.").format(
				len(table) - 1, MOST_ROWS
			)
		)
	header, *rows = table
	return _places(header[1]), rows


def _places(header: list[str]) -> dict[str, int]:
	spelt, places = headers.fields(COLUMNS), {}
	for position, name in enumerate(header):
		found = spelt.get(headers.key(name))
		if not found and name:
			# a column that nobody reads would be lost without a word
			_refuse(
				_("The column “{0}” is not known. Known are: {1}.").format(
					name[:80], ", ".join(_(names[0]) for names in COLUMNS.values())
				)
			)
		if found in places:
			_refuse(_("The column “{0}” stands there twice.").format(_(COLUMNS[found][0])))
		if found:
			places[found] = position
	for name in NEEDED:
		if name not in places:
			_refuse(_("There is no column “{0}”.").format(_(COLUMNS[name][0])))
	return places


def _refuse(words: str) -> None:
	frappe.throw(frappe.utils.escape_html(words), NotAList)


def _read(table: tuple) -> tuple[list[Listed], list[str]]:
	places, rows = table
	found: dict[tuple, Listed] = {}
	problems: list[str] = []
	for number, cells in rows:
		texts = {name: cells[at] for name, at in places.items() if at < len(cells) and cells[at]}
		values, faults = _values(number, texts)
		problems += faults
		if faults:
			continue
		payment = {name: values.pop(name) for name in OF_A_PAYMENT if name in values}
		key = values["participant"], values["year_start"]
		first = found.get(key)
		if not first:
			first = found[key] = Listed(number, values)
			problems += [
				_fault(number, name, _("please fill it in")) for name in NEEDED if not values.get(name)
			]
		else:
			problems += _of_a_further_row(number, values, first, payment)
		if payment:
			problems += _of_a_payment(number, payment)
			first.recent.append(payment)
	return list(found.values()), problems


def _of_a_further_row(number: int, values: dict, first: Listed, payment: dict) -> list[str]:
	"""It brings a payment, and no second figure for the year."""
	problems = [
		_fault(number, name, _("row {0} says another for this person and tax year").format(first.number))
		for name, value in values.items()
		if first.values.get(name) != value
	]
	if not payment:
		problems.append(
			_fault(number, "participant", _("this person and tax year stand in row {0}").format(first.number))
		)
	return problems


def _of_a_payment(number: int, payment: dict) -> list[str]:
	return [
		_fault(number, name, _("please fill it in"))
		for name in ("came_on", "amount")
		if payment.get(name) is None
	]


def _values(number: int, texts: dict[str, str]) -> tuple[dict, list[str]]:
	values, faults = {}, []
	for name, text in texts.items():
		try:
			values[name] = _value(name, text)
		except ValueError as problem:
			faults.append(_fault(number, name, str(problem)))
	faults += [_fault(number, name, _("please fill it in")) for name in NEEDED[:2] if not texts.get(name)]
	if not faults:
		values["year_start"] = tax_year(values["year_start"]).start
	return values, faults


def _value(name: str, text: str):
	"""Raises ValueError with what is wrong."""
	if name in DAYS:
		if not (day := day_of(text)):
			raise ValueError(_("“{0}” is not a day, such as 06/04/2026").format(text[:80]))
		return day
	if name in POUNDS:
		amount = _number(text.replace("£", ""))
		if amount is None:
			raise ValueError(_("“{0}” is not an amount, such as 120.50").format(text[:80]))
		if amount != amount.quantize(Decimal("0.01")):
			raise ValueError(_("“{0}” is not in whole pennies").format(text[:80]))
		return float(amount)
	if name in NUMBERS:
		number = _number(text)
		if number is None:
			raise ValueError(_("“{0}” is not a number").format(text[:80]))
		if name in MILES and not mileage.in_tenths(number):
			raise ValueError(_("“{0}” is finer than a tenth of a mile").format(text[:80]))
		return float(number)
	return text


def _number(text: str) -> Decimal | None:
	"""A comma stands between thousands alone: “12,50” is not taken for 1250."""
	bare = text.replace(" ", "")
	return Decimal(bare.replace(",", "")) if NUMBER.fullmatch(bare) else None


def _fault(number: int, name: str, words: str) -> str:
	return _("Row {0}, {1}: {2}.").format(number, _(COLUMNS[name][0]), words)
