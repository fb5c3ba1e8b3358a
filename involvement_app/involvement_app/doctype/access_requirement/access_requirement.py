import frappe
from frappe import _
from frappe.utils import add_months, today

from involvement_app.involvement_app import assisted, consents
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_privacy import consent
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MONTHS_TO_REVIEW = 12


class AccessRequirement(ServerManagedDocument):
	"""One thing that somebody needs to take part (NHS England DAPB1605: identified, recorded, flagged, shared, met,
	reviewed). Never kept as a version: a need that is gone, or taken back, is gone."""

	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_consent()
		self.set_review()
		if self.is_their_word():
			assisted.note_who_told(self)

	def validate_consent(self):
		"""It says something about somebody's health, so a no stands above it (domain 1.7)."""
		if not self.is_new():
			return
		standing = consent.state((PARTICIPANT, self.participant), consents.ACCESS)
		if standing and not standing.holds:
			frappe.throw(
				_("They said no to us keeping what they need. Ask them first, and write down their answer.")
			)

	def set_review(self):
		if not self.review_on:
			self.review_on = add_months(today(), MONTHS_TO_REVIEW)
		if self.has_value_changed("review_on"):
			self.review_asked_on = None

	def is_their_word(self) -> bool:
		return self.is_new() or any(map(self.has_value_changed, ("need", "detail", "share_with")))


def on_doctype_update():
	frappe.db.add_index("Access Requirement", ["review_on", "review_asked_on"])
