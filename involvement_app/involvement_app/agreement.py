"""The involvement agreement: how people and staff work together, in words that tie nobody to anything (domain 1.4, 4.2).

Its text is a Consent Statement of the kind Agreement, so every version stays as it was, and what people answered to
which is kept. They agree, or not now; no answer changes what they may do, and nothing asks for one first. A new
version is asked about again. What came by post or in person staff write down on the participant, as with consents."""

from dataclasses import dataclass

import frappe

from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person
from involvement_app.involvement_privacy import consent


@dataclass(frozen=True)
class Agreement:
	"""One agreement in use, and how the person answered: `now` is None where they have not."""

	statement: frappe._dict
	now: consent.State | None

	@property
	def answered(self) -> bool:
		"""To the words as they are today."""
		return bool(self.now) and self.now.version == self.statement.version

	@property
	def agreed(self) -> bool:
		return bool(self.now) and self.now.holds


def agreements(participant: str) -> list[Agreement]:
	"""Those in use. Two queries."""
	now = consent.states((PARTICIPANT, participant))
	told = consent.statements().values()
	return [Agreement(row, now.get(row.purpose)) for row in told if row.kind == consent.AGREEMENT]


def history(participant: str) -> list[frappe._dict]:
	"""What the person answered to agreements, to every version, newest first."""
	found = consent.history((PARTICIPANT, participant))
	return [row for row in found if row.kind == consent.AGREEMENT]


def answer(participant: str, purpose: str, agrees: bool) -> None:
	"""The person agrees, or not now. Raises PermissionError, DoesNotExistError."""
	only_the_person(participant)
	found = next((each for each in agreements(participant) if each.statement.purpose == purpose), None)
	if not found:
		raise frappe.DoesNotExistError
	if found.answered and found.agreed == agrees:
		return  # the button was pressed twice
	no = consent.WITHDRAWN if found.answered else consent.REFUSED
	decision = consent.GIVEN if agrees else no
	consent.record((PARTICIPANT, participant), {purpose: decision}, consent.How(consent.PORTAL))
