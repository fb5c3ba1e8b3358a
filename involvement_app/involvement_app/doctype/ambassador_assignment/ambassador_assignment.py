import frappe
from frappe import _

from involvement_app.involvement_app import ambassadors
from involvement_app.lifecycle import LifecycleDocument, TransitionError

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

# what the person says yes to
TERMS = ("kind", "title", "opportunity", "audience", "channel", "identity", "photo", "film", "journalist")


class AmbassadorAssignment(LifecycleDocument):
	def validate(self):
		self.set_person()
		self.validate_media()
		self.validate_terms()
		self.set_date()

	def set_person(self):
		"""Whose role it is; whoever proposes something may read the role."""
		if not self.is_new():
			return
		role = frappe.get_doc(ambassadors.ROLE, self.role)
		if not self.flags.ignore_permissions:
			role.check_permission("read")
		self.participant, self.preferred_name = role.participant, role.preferred_name

	def validate_media(self):
		if self.kind != ambassadors.MEDIA:
			self.channel = self.identity = None
			self.photo = self.film = self.journalist = 0
			return
		for fieldname in ("channel", "identity"):
			if not self.get(fieldname):
				frappe.throw(_("{0}: choose one for the media.").format(_(self.meta.get_label(fieldname))))

	def validate_terms(self):
		"""What was offered stays as they read it."""
		before = self.get_doc_before_save()
		if not before or before.status == "Proposed":
			return
		changed = [name for name in TERMS if self.has_value_changed(name)]
		if changed:
			labels = ", ".join(_(self.meta.get_label(name)) for name in changed)
			frappe.throw(
				_("{0} cannot change once it was offered. Stop it, and propose it anew.").format(labels),
				TransitionError,
			)

	def set_date(self):
		self.takes_place_on = ambassadors.date_of(self.opportunity)


def on_doctype_update():
	frappe.db.add_index("Ambassador Assignment", ["participant", "status"])
