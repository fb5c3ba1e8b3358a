"""CSV files as charities export them: any usual separator, UTF-8 with or without BOM, UTF-16 or Windows-1252,
quotes, line breaks inside cells. And the way back, safe to open in a spreadsheet."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from frappe import _

from involvement_app.involvement_app.doctype.participant_import import columns

SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}
MOST_ROWS = 2000
MOST_BYTES = 5 * 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARKS = (
	(codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
	(codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
	(codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


class Unreadable(frappe.ValidationError):
	"""The file as a whole cannot be read; the message says what is wrong and what to do."""


@dataclass
class Sheet:
	"""`rows`: (line in the file, cells). `fields`: field → position of its column. `ignored`: columns that
	are not imported."""

	header: list[str]
	fields: dict[str, int]
	ignored: list[str]
	rows: list[tuple[int, list[str]]]
	separator: str
	encoding: str


def read(content: bytes, known: dict = columns.COLUMNS) -> Sheet:
	"""`known`: the columns this list may have. Raises Unreadable."""
	lines, separator, encoding = table(content, known)
	if not lines:
		raise Unreadable(
			_("The file is empty. It needs a first line with column names and a line for each person.")
		)
	header = lines[0][1]
	fields, ignored, problems = columns.recognise(header, known)
	if problems:
		raise Unreadable("\n".join(problems))
	_check_size(lines)
	return Sheet(header, fields, ignored, lines[1:], separator, encoding)


def table(content: bytes, known: dict) -> tuple[list[tuple[int, list[str]]], str, str]:
	"""(rows as (line in the file, cells), separator, encoding). Raises Unreadable."""
	_check_kind(content)
	text, encoding = _decode(content)
	text = re.sub(r"\A\s*sep=.\r?\n", "", text)  # a line Excel writes for itself
	separator = _separator(text, known)
	return _lines(text, separator), separator, encoding


def _check_kind(content: bytes) -> None:
	if len(content) > MOST_BYTES:
		raise Unreadable(_("The file is larger than 5 MB. Please split it."))
	if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
		raise Unreadable(
			_("This is a workbook, not a CSV file. In Excel choose “Save as” and then “CSV UTF-8”.")
		)


def _decode(content: bytes) -> tuple[str, str]:
	for mark, encoding, label in BYTE_ORDER_MARKS:
		if content.startswith(mark):
			return _strictly(content, encoding), label
	try:
		return content.decode("utf-8"), "UTF-8"
	except UnicodeDecodeError:
		# what Excel for Windows writes in the countries we serve; a guess from so few accented letters would be worse
		return _strictly(content, "cp1252"), "Windows-1252"


def _strictly(content: bytes, encoding: str) -> str:
	try:
		return content.decode(encoding)
	except UnicodeDecodeError:
		raise Unreadable(
			_("The letters of this file cannot be read. Save it again as “CSV UTF-8” and attach that.")
		)


def _separator(text: str, known_columns: dict) -> str:
	"""The one that makes most of the first line's cells columns we know (csv.Sniffer weighs frequencies and is
	misled by commas inside cells)."""
	first = next((line for line in text.splitlines() if line.strip(" ;,\t|")), "")

	spelt = columns.fields(known_columns)

	def known(separator: str) -> tuple[int, int]:
		cells = next(csv.reader([first], delimiter=separator), [])
		return sum(columns.key(cell) in spelt for cell in cells), len(cells)

	return max(SEPARATORS, key=known)


def _lines(text: str, separator: str) -> list[tuple[int, list[str]]]:
	reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
	lines, line, start = [], 1, 1
	try:
		for cells in reader:
			start, line = line, reader.line_num + 1
			if any(cell.strip() for cell in cells):
				lines.append((start, [clean(cell) for cell in cells]))
	except csv.Error:
		raise Unreadable(_("Line {0} cannot be read: a cell in it is far too long.").format(reader.line_num))
	_check_quotes(text, start)
	return lines


def _check_quotes(text: str, start: int) -> None:
	"""A quotation mark left open swallows every person after it."""
	last = io.StringIO(text, newline="").readlines()[start - 1 :]
	if sum(line.count('"') for line in last) % 2:
		raise Unreadable(
			_(
				"A quotation mark in line {0} is never closed, so the rest of the file cannot be told apart."
			).format(start)
		)


def _check_size(lines: list) -> None:
	if len(lines) - 1 > MOST_ROWS:
		raise Unreadable(
			_("The file has {0} people. Please import at most {1} at a time.").format(
				len(lines) - 1, MOST_ROWS
			)
		)


def clean(cell: str) -> str:
	"""The cell without what nobody typed: control and direction-changing characters, odd spaces, our own
	apostrophe before a formula sign."""
	text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n"))
	text = "".join(char for char in text if char in "\n\t\u200c\u200d" or not _is_hidden(char))
	text = re.sub(r"[^\S\n]+", " ", text).strip()
	return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _is_hidden(char: str) -> bool:
	return unicodedata.category(char) in ("Cc", "Cf", "Cs") and not "\U000e0020" <= char <= "\U000e007f"


def write(header: list[str], rows: Iterable[list], separator: str = ",") -> bytes:
	"""UTF-8 with BOM, so that every spreadsheet reads the letters; no cell is a formula."""
	out = io.StringIO(newline="")
	writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
	writer.writerow([harmless(cell) for cell in header])
	writer.writerows([harmless(cell) for cell in row] for row in rows)
	return out.getvalue().encode("utf-8-sig")


def harmless(cell) -> str:
	text = "" if cell is None else str(cell)
	return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
