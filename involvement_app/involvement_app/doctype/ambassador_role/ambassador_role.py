import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.involvement_app import assisted
from involvement_app.lifecycle import LifecycleDocument, TransitionError
from involvement_app.lifecycle.engine import changed_content

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

OPEN_TO_EDITING = ("Draft", "Submitted")
# of the day, and how they told us: no part of what was approved
IMMATERIAL = ("support_person", "training", "recorded_how", "ends_on")


class AmbassadorRole(LifecycleDocument):
	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_term()
		self.validate_frozen()
		self.set_trained_on()

	def validate_term(self):
		if not (self.has_value_changed("starts_on") or self.has_value_changed("ends_on")):
			return  # what stands already does not hold up a later step
		if self.starts_on and self.ends_on and getdate(self.ends_on) < getdate(self.starts_on):
			frappe.throw(_("To: the last day is before the first."))

	def validate_frozen(self):
		"""What was approved, and what they said yes to, does not change under them."""
		before = self.get_doc_before_save()
		if not before or before.status in OPEN_TO_EDITING:
			return
		labels = {_(self.meta.get_label(fieldname)) for fieldname in IMMATERIAL}
		frozen = [label for label in changed_content(self, before) if label not in labels]
		if frozen:
			frappe.throw(
				_("{0} cannot change once a role is {1}. End it, and write a new one.").format(
					", ".join(frozen), _(before.status)
				),
				TransitionError,
			)

	def set_trained_on(self):
		done = {"participant": self.participant, "course": self.training}
		self.trained_on = (
			frappe.db.get_value("Training Record", done, "completed_on", order_by="completed_on desc")
			if self.training
			else None
		)


def on_doctype_update():
	frappe.db.add_index("Ambassador Role", ["participant", "status"])
