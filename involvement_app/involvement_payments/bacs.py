"""A batch as a Bacs Standard 18 file (domain 4.6, hand-over BACS): labels of 80 characters, a record of 100 for each
payee, or of 106 with a processing day of its own, a contra record that balances them, and control totals.

After “BACS Interchange Standards” (Standard 18, v18/9, 1 October 2002), which is not public; field by field as these
public descriptions of it give them, which agree with each other:

- HSBC, Message Implementation Guide, BACS Standard 18, August 2012
- Bank of Ireland, BACS File Specification (labels VOL1, HDR1, HDR2, UHL1, EOF1, EOF2, UTL1)
- FinDock, Bacs Direct Debit collection file, https://docs.findock.com/payment-processors/bacs-dd-collection-file
- IBM Sterling, Domestic format for the United Kingdom (100 or 106 bytes of input),
  https://www.ibm.com/docs/en/ste/10.1.2?topic=support-domestic-format-united-kingdom

What a bank's own software wants besides (a certificate, a serial number) is the bank's. Try it with a file of one
pound before the first real one.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from frappe import _

from involvement_app.money import money

CREDIT, CONTRA = "99", "17"
LABEL = 80
MOST_PENCE = 10**11 - 1
NOT_ALLOWED = re.compile(r"[^A-Z0-9.&/\- ]+")
# letters of the Latin alphabet that are not one of A to Z with a mark: without them Łukasz would be Ukasz
LETTERS = str.maketrans(
	{
		"Æ": "AE",
		"æ": "ae",
		"Œ": "OE",
		"œ": "oe",
		"Ø": "O",
		"ø": "o",
		"Ł": "L",
		"ł": "l",
		"Đ": "D",
		"đ": "d",
		"Ð": "D",
		"ð": "d",
		"Þ": "Th",
		"þ": "th",
		"ß": "ss",
		"ẞ": "SS",
		"Ħ": "H",
		"ħ": "h",
		"ı": "i",
		"‘": "'",
		"’": "'",
		"–": "-",
		"‐": "-",
	}
)


class NotAFile(ValueError):
	"""What should be written has no place in the format."""


@dataclass(frozen=True)
class Payer:
	"""Who pays: as their bank has registered them. `service_user`: six digits; `name`: theirs, or a neutral one."""

	service_user: str
	name: str
	sort_code: str
	account_number: str


@dataclass(frozen=True)
class Credit:
	"""One payee; `amount` in pounds."""

	name: str
	sort_code: str
	account_number: str
	amount: Decimal
	reference: str


def write(
	payer: Payer,
	credits: list[Credit],
	processing_day: date,
	written_on: date,
	serial: int,
	each_its_day: bool = False,
	remark: str = "",
) -> bytes:
	"""`serial`: one for each file of a day, 1 to 999999. `processing_day`: the working day before the money is there.
	`each_its_day`: records of 106 characters. `remark`: in the part of the header that is the user's own. Raises
	NotAFile."""
	_check(payer, credits, serial)
	total = sum(_pence(credit.amount) for credit in credits)
	day = julian(processing_day) if each_its_day else ""
	records = [_credit(payer, credit, day) for credit in credits]
	records.append(_contra(payer, total, day))
	labels = _Labels(payer, processing_day, written_on, serial, each_its_day, text(remark, 26))
	lines = [*labels.opening(), *records, *labels.closing(total, len(credits))]
	return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def total(content: bytes) -> Decimal:
	"""What the credits of a file come to, read from its records. Raises ValueError where it is no such file, or its
	contra record or control totals say otherwise."""
	lines = content.decode("ascii").split("\r\n")
	records = _records(content)
	pence = {
		code: sum(int(line[35:46]) for line in records if line[15:17] == code) for code in (CREDIT, CONTRA)
	}
	control = next((line for line in lines if line.startswith("UTL1")), "")
	if not records or {*pence.values(), int(control[4:17]), int(control[17:30])} != {pence[CREDIT]}:
		raise ValueError("The records and the control totals do not agree.")
	return money(Decimal(pence[CREDIT]) / 100)


def credits(content: bytes) -> list[tuple[str, str, Decimal]]:
	"""(sort code, account number, amount) of each payee's record. Raises ValueError."""
	return [
		(line[:6], line[6:14], money(Decimal(int(line[35:46])) / 100))
		for line in _records(content)
		if line[15:17] == CREDIT
	]


def _records(content: bytes) -> list[str]:
	return [line for line in content.decode("ascii").split("\r\n") if len(line) in (100, 106)]


def _check(payer: Payer, credits: list[Credit], serial: int) -> None:
	_digits(payer.service_user, 6)
	if not credits:
		raise NotAFile(_("There is nobody to pay."))
	if not 1 <= serial <= 999999:
		raise NotAFile(_("The number of the file is not between 1 and 999999."))


@dataclass(frozen=True)
class _Labels:
	payer: Payer
	processing_day: date
	written_on: date
	serial: int
	each_its_day: bool
	remark: str

	def opening(self) -> list[str]:
		volume = f"VOL1{self.serial:06}".ljust(41) + self.payer.service_user
		return [
			f"{volume:<79}1",
			self._file("HDR1"),
			self._records("HDR2"),
			self._user_header(),
		]

	def closing(self, total: int, credits: int) -> list[str]:
		if total >= 10**13:
			raise NotAFile(_("The total is too large for the format."))
		# the contra record is the one debit, of the same sum
		totals = f"UTL1{total:013}{total:013}{1:07}{credits:07}"
		return [self._file("EOF1"), self._records("EOF2"), totals.ljust(LABEL)]

	def _file(self, label: str) -> str:
		user = self.payer.service_user
		identifier = f"A{user}S  1{user}"
		return (
			f"{label}{identifier}{self.serial:06}00010001{'':6}"
			f"{julian(self.written_on)}{julian(self.processing_day)} 000000"
		).ljust(LABEL)

	def _records(self, label: str) -> str:
		length = 106 if self.each_its_day else 100
		return f"{label}F{length * 20:05}{length:05}{'':35}00".ljust(LABEL)

	def _user_header(self) -> str:
		work = "4 MULTI  " if self.each_its_day else "1 DAILY  "
		return f"UHL1{julian(self.processing_day)}999999    00000000{work}001{'':14}{self.remark}".ljust(
			LABEL
		)


def _credit(payer: Payer, credit: Credit, day: str) -> str:
	pence = _pence(credit.amount)
	if not 0 < pence <= MOST_PENCE:
		raise NotAFile(_("An amount is not above nothing, or too large for the format."))
	return (
		f"{_digits(credit.sort_code, 6)}{_digits(credit.account_number, 8)}0{CREDIT}"
		f"{_digits(payer.sort_code, 6)}{_digits(payer.account_number, 8)}{'':4}{pence:011}"
		f"{text(payer.name)}{text(credit.reference)}{_named(credit.name)}{day}"
	)


def _contra(payer: Payer, total: int, day: str) -> str:
	own = f"{_digits(payer.sort_code, 6)}{_digits(payer.account_number, 8)}"
	if total > MOST_PENCE:
		raise NotAFile(_("The total is too large for the format."))
	return f"{own}0{CONTRA}{own}{'':4}{total:011}{text(payer.name)}{text('CONTRA')}{text(payer.name)}{day}"


def julian(day: date) -> str:
	"""A space, the year's last two digits, and the day of the year."""
	return f" {day:%y%j}"


def text(words: str, length: int = 18) -> str:
	"""In the alphabet of the format, filled or cut to `length`."""
	return capitals(words)[:length].ljust(length)


def capitals(words: str) -> str:
	"""In the alphabet of the format: capitals, digits, full stop, ampersand, slash, hyphen, space."""
	return " ".join(NOT_ALLOWED.sub(" ", a_to_z(words).upper().replace("'", "")).split())


def a_to_z(words: str) -> str:
	"""Letters without their marks; what has none of A to Z behind it goes."""
	plain = unicodedata.normalize("NFKD", (words or "").translate(LETTERS))
	return plain.encode("ascii", "ignore").decode()


def _named(name: str) -> str:
	"""A name that the alphabet cannot write at all would be a payment to nobody."""
	words = text(name)
	if not words.strip():
		raise NotAFile(_("The name on an account has no letter from A to Z."))
	return words


def _pence(amount: Decimal) -> int:
	return int(money(amount) * 100)


def _digits(value: str, length: int) -> str:
	if not re.fullmatch(rf"[0-9]{{{length}}}", value or ""):
		raise NotAFile(_("A sort code, an account number or the service user number is not made of digits."))
	return value
