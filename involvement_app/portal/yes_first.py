"""What has to be said yes to before something is kept: the statement is shown with the form, and its box sent along."""

from frappe import _

from involvement_app.involvement_app import consents
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_privacy import consent
from involvement_app.portal.visit import Problem, Refused


def statement(visit, purpose: str):
	"""What is still to be said yes to; None where they have."""
	agreed = consents.agreed(visit.participant, purpose)
	return None if agreed else consent.statements().get(purpose)


def take(visit, purpose: str) -> None:
	"""Their yes, which came with the form. Raises Refused where it is missing."""
	if not statement(visit, purpose):
		return
	if visit.acting:  # a yes is the person's own
		raise Refused(Problem(_("They have to say yes to this themself first, on their own page or to us.")))
	if visit.typed("agree", 4) != "yes":
		raise Refused(Problem(_("Tick the box if we may keep this"), "agree"))
	consent.give((PARTICIPANT, visit.participant), purpose, consent.How(consent.PORTAL))
