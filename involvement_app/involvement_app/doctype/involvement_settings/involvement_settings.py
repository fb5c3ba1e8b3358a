import frappe
from frappe import _
from frappe.model.document import Document

from involvement_app.messages.neutral import telling


class InvolvementSettings(Document):
	def validate(self):
		self.validate_lived_experience()
		self.validate_neutral()

	def validate_lived_experience(self):
		if (self.min_lived_experience_places or 0) < 1:
			frappe.throw(
				_("Lived-experience places: at least 1, so that nobody decides about people without them.")
			)

	def validate_neutral(self):
		"""A bank statement and a sender's name are read by others (law 12, domain 1.7)."""
		for fieldname in ("payment_reference", "sender_name"):
			if telling(self.get(fieldname)):
				frappe.throw(
					_(
						"{0}: choose words that say nothing about care or health. Other people read them."
					).format(_(self.meta.get_label(fieldname)))
				)
