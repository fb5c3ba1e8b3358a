import frappe
from frappe import _

from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementParticipant(LifecycleDocument):
	def validate(self):
		self.validate_person()
		self.set_joined_on()

	def validate_person(self):
		if not self.has_value_changed("person"):
			return
		other = frappe.db.get_value(
			"Involvement Participant",
			{"person_doctype": self.person_doctype, "person": self.person, "name": ["!=", self.name]},
		)
		if other:
			frappe.throw(
				_("CRM record: {0} is already on the register as {1}. Open that record instead.").format(
					self.person, other
				),
				frappe.DuplicateEntryError,
			)

	def set_joined_on(self):
		if self.status == "Active" and not self.joined_on:
			self.joined_on = frappe.utils.today()


def on_doctype_update():
	"""One record per CRM person: the database has the last word."""
	frappe.db.add_unique("Involvement Participant", ["person_doctype", "person"])
