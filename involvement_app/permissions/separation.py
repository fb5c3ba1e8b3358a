"""How far duties are kept apart (domain 4.7): Strict, or Two people for a charity that has no more.

At both levels whoever is paid does not decide on it, and whoever made a thing (created it, handed it in, changed it,
recorded or locked it) does not authorise it: two people, always. What Two people gives up is RELAXED and nothing
else: a lifecycle wraps such a guard in `strictly`, under one of these names."""

from collections.abc import Callable
from functools import wraps

import frappe

STRICT, TWO_PEOPLE = "Strict", "Two people"

# name → what one person may then do
RELAXED = {
	"lead and approver of an opportunity": "The lead approves what somebody else created, handed in and last changed.",
	"lead and approver of a payment": "The lead of a session approves its payments, when somebody else recorded it.",
	"who agreed beforehand and checker of a claim": "Who wrote down that spending was agreed beforehand checks the claim.",
	"checker and approver of a claim": "Who checked a claim of expenses approves it, when somebody else handed it in.",
	"approver and authoriser of a payment": "Who checked, recorded or approved a payment releases a batch that somebody else made and locked.",
	"approver and releaser of a payment elsewhere": "Who checked, recorded or approved a payment says that what somebody else handed over to payroll or on an invoice was paid.",
}


def strictly(name: str, guard: Callable) -> Callable:
	"""`guard` at the level Strict. Raises KeyError where RELAXED does not know `name`."""
	RELAXED[name]

	@wraps(guard)
	def guarded(doc, move) -> None:
		if level() == STRICT:
			guard(doc, move)

	guarded.relaxed_as = name
	return guarded


def level() -> str:
	"""Strict, unless Involvement Settings say Two people."""
	chosen = frappe.get_cached_doc("Involvement Settings").separation
	return TWO_PEOPLE if chosen == TWO_PEOPLE else STRICT
