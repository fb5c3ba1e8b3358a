"""What a request hands to a function of ours as JSON or as a file: of the shape that is asked for, or refused in a sentence."""

import base64
import binascii
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

MOST_BYTES = 2 * 1024 * 1024


def names(given: Any, label: str) -> list[str]:
	"""A list of names, as JSON or already one; empty for nothing. `label`: translated. Raises ValidationError."""
	return [cstr(name) for name in _of(list, given, label)]


def values(given: Any, label: str) -> dict:
	"""The same of a dictionary of plain values."""
	found = _of(dict, given, label)
	if any(isinstance(value, list | dict) for value in found.values()):
		_refuse(label)
	return found


def file(given: Any, refused: type = frappe.ValidationError) -> bytes:
	"""The bytes of a file as a browser sends it, in base64. Raises `refused`."""
	text = cstr(given).rsplit(",", 1)[-1]  # a browser puts the type of the file in front
	if len(text) > MOST_BYTES * 4 // 3 + 4:
		frappe.throw(_("The file is larger than 2 MB. Is it the right file?"), refused)
	try:
		return base64.b64decode(text, validate=True)
	except (binascii.Error, ValueError):
		frappe.throw(_("The file did not arrive whole. Please choose it again."), refused)


def _of(shape: type, given: Any, label: str) -> Any:
	try:
		found = frappe.parse_json(given) if given else shape()
	except ValueError:
		found = given
	if found is None:
		return shape()
	if not isinstance(found, shape):
		_refuse(label)
	return found


def _refuse(label: str) -> None:
	frappe.throw(_("{0}: this cannot be read. Load the page again, and try once more.").format(label))
