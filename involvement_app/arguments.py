"""What a request hands to a function of ours as JSON: of the shape that is asked for, or refused in a sentence."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr


def names(given: Any, label: str) -> list[str]:
	"""A list of names, as JSON or already one; empty for nothing. `label`: translated. Raises ValidationError."""
	return [cstr(name) for name in _of(list, given, label)]


def values(given: Any, label: str) -> dict:
	"""The same of a dictionary of plain values."""
	found = _of(dict, given, label)
	if any(isinstance(value, list | dict) for value in found.values()):
		_refuse(label)
	return found


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
