import frappe
from frappe import _

from involvement_app.lifecycle import LifecycleDocument
from involvement_app.lifecycle.declaration import of
from involvement_app.permissions.holders import holders

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class StoryTakedown(LifecycleDocument):
	"""Made by `stories.end` alone; staff may hand it to somebody else."""

	def validate(self):
		if not self.is_new() and self.has_value_changed("assigned_user"):
			self.validate_who()

	def validate_who(self):
		roles = {role for step in of(self.doctype).transitions for role in step.roles}
		if self.assigned_user not in holders(*sorted(roles)).run(pluck=True):
			frappe.throw(_("Who takes it down: choose somebody who can see this list."))


def on_doctype_update():
	frappe.db.add_index("Story Takedown", ["status", "due_on"])
