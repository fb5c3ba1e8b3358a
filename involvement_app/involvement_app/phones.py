"""Phone numbers as people write them, and as one can compare them."""

import frappe
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult


class NotAPhoneNumber(frappe.ValidationError):
	pass


def region() -> str:
	"""The country whose numbers are written without +: the site's, or Great Britain."""
	country = frappe.db.get_single_value("System Settings", "country", cache=True)
	code = country and frappe.db.get_value("Country", country, "code", cache=True)
	return (code or "gb").upper()


def parse(text: str, home: str) -> tuple[str, str]:
	"""(the number in E.164 to compare with, the number as people of `home` write it).

	A number is good when it has a possible length: ranges change faster than any list of them. Raises
	NotAPhoneNumber; so does an extension, for which a CRM phone has no room."""
	try:
		number = phonenumbers.parse(text, home)
	except NumberParseException:
		raise NotAPhoneNumber(text)
	possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
	if not possible or number.extension:
		raise NotAPhoneNumber(text)
	own = number.country_code == phonenumbers.country_code_for_region(home)
	written = PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL
	return phonenumbers.format_number(number, PhoneNumberFormat.E164), phonenumbers.format_number(
		number, written
	)


def comparable(text: str | None, home: str) -> str | None:
	"""E.164 of a number somebody typed into the CRM; None for what is not a number."""
	try:
		return parse(text or "", home)[0]
	except NotAPhoneNumber:
		return None


def spellings(e164: str) -> set[str]:
	"""The digits somebody may have typed for this number: +44 7700…, 0044…, 07700…, +44 (0)7700…"""
	number = phonenumbers.parse(e164)
	national = phonenumbers.national_significant_number(number)
	code = str(number.country_code)
	return {f"{code}{national}", f"00{code}{national}", f"0{national}", national, f"{code}0{national}"}
