import frappe
from frappe import _

from involvement_app.involvement_app import concerned, consents, eligibility, young_people
from involvement_app.involvement_app.assisted import note_whoever_told
from involvement_app.involvement_app.participants import THEIR_OWN
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementParticipant(LifecycleDocument):
	def validate(self):
		self.validate_person()
		self.validate_consent()
		self.validate_whose_money()
		young_people.check(self)
		self.set_joined_on()
		self.set_whose_word()

	def on_update(self):
		young_people.step_back(self)

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

	def validate_consent(self):
		if not self.is_new():  # who is new has said nothing yet
			consents.refuse_after_a_no(self, "access_note", self.name)

	def validate_whose_money(self):
		"""Whether somebody is paid is not for them to write, nor for whoever acts for them (domain 1.4, 4.6). That they
		work here they may say: it takes nothing but their own money away."""
		changed = not self.is_new() and [*filter(self.has_value_changed, eligibility.FIELDS)]
		if not changed or (changed == ["is_staff"] and self.is_staff):
			return
		if concerned.concerned_in(frappe.session.user, self.name):
			frappe.throw(
				_("{0}: this is about your own payments, so a colleague writes it down.").format(
					", ".join(_(self.meta.get_label(field)) for field in changed)
				),
				frappe.PermissionError,
			)

	def set_whose_word(self):
		"""What people may write about themselves (THEIR_OWN): by them, or entered for them."""
		if self.is_new() or any(map(self.has_value_changed, THEIR_OWN)):
			note_whoever_told(self)
		self.recorded_how = None

	def set_joined_on(self):
		if self.status == "Active" and not self.joined_on:
			self.joined_on = frappe.utils.today()


def on_doctype_update():
	"""One record per CRM person: the database has the last word."""
	frappe.db.add_unique("Involvement Participant", ["person_doctype", "person"])
