import frappe
from frappe.utils import format_date, today

from involvement_app.involvement_app import assisted, letters_of_reference, prints
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ReferenceLetter(LifecycleDocument):
	def validate(self):
		assisted.refuse_strangers(self)
		self.set_asked_on()
		if self.is_their_word():
			assisted.note_who_told(self)
		letters_of_reference.refuse_changes(self)

	def set_asked_on(self):
		if self.is_new():
			self.asked_on = today()

	def is_their_word(self) -> bool:
		return self.is_new() or self.has_value_changed("wanted_for")

	def after_insert(self):
		letters_of_reference.tell_the_named_contact(self)

	def before_print(self, settings=None):
		"""What the letter says beside its own words."""
		self.printed = frappe._dict(
			name=prints.person_name(self.participant),
			on=format_date(self.ready_on or today(), "d MMMM yyyy"),
			signed=prints.staff_name(self.signed_by),
			by=prints.organisation(),
			ready=self.status == letters_of_reference.READY,
		)


def on_doctype_update():
	frappe.db.add_index("Reference Letter", ["participant", "status"])
