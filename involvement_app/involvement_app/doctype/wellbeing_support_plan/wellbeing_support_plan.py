import frappe
from frappe import _
from frappe.utils import today

from involvement_app.involvement_app import assisted, consents
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class WellbeingSupportPlan(ServerManagedDocument):
	"""What helps somebody, in their own words and written by them (domain 4.2). Nobody holds a right on it: it is
	read through `involvement_privacy.sensitive` alone, and never kept as a version."""

	def validate(self):
		self.validate_person()
		consents.refuse_after_a_no(self, "participant", self.participant, consents.WELLBEING)
		assisted.note_who_told(self)
		self.reviewed_on = today()

	def validate_person(self):
		"""It goes when somebody leaves, and none is kept under an old record (domain 1.7)."""
		if frappe.db.get_value("Involvement Participant", self.participant, "status") in ("Left", "Merged"):
			frappe.throw(
				_("Participant: a plan is kept only of somebody who takes part. They can come back first.")
			)
