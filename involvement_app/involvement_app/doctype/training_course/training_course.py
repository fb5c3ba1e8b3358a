import frappe
from frappe import _
from frappe.utils import cint

from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_MONTHS = 120


class TrainingCourse(ServerManagedDocument):
	"""A course, what it covers in plain words, and what it comes before."""

	def validate(self):
		self.validate_months()
		self.validate_needed_for()
		self.validate_facilitators()

	def validate_months(self):
		if not 0 <= cint(self.valid_months) <= MOST_MONTHS:
			frappe.throw(
				_("Counts for, in months: write a number from 0 (no end) to {0}.").format(MOST_MONTHS)
			)

	def validate_needed_for(self):
		self.refuse_twice("needed_for", "opportunity_type", _("Needed for"))

	def validate_facilitators(self):
		self.refuse_twice("facilitators", "participant", _("Participants who help to lead it"))
		before = self.get_doc_before_save()
		known = {row.participant for row in before.facilitators} if before else set()
		for row in self.facilitators:  # one by one: a handful; each has to be somebody the writer may see
			if row.participant not in known and not frappe.has_permission(
				PARTICIPANT, "read", row.participant
			):
				frappe.throw(
					_("Participants who help to lead it, row {0}: this person is not one of yours.").format(
						row.idx
					),
					frappe.PermissionError,
				)

	def refuse_twice(self, table: str, fieldname: str, label: str):
		seen = set()
		for row in self.get(table):
			if row.get(fieldname) in seen:
				frappe.throw(
					_("{0}, row {1}: {2} stands there already.").format(label, row.idx, row.get(fieldname))
				)
			seen.add(row.get(fieldname))
