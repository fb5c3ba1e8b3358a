import frappe
from frappe import _

from involvement_app.involvement_app import assisted
from involvement_app.involvement_app.participants import refuse_old_record
from involvement_app.involvement_payments import bank_details
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ParticipantBankDetail(LifecycleDocument):
	"""How somebody is paid. The account is sealed: no form, list, report or version holds it in the clear."""

	def validate(self):
		if self.is_new():
			self.validate_came_in_sealed()
			refuse_old_record(self.participant)
			assisted.note_who_told(self)

	def validate_came_in_sealed(self):
		"""A form or an import could not seal it."""
		if not self.flags.entered:
			frappe.throw(
				_("How somebody is paid is written down with the button “Write down for them”."),
				frappe.PermissionError,
			)

	def after_insert(self):
		bank_details.tell(self)

	def on_update(self):
		if self.has_value_changed("status") and self.status == "Verified":
			bank_details.use_if_due(self)


def on_doctype_update():
	frappe.db.add_index("Participant Bank Detail", ["participant", "status"])
