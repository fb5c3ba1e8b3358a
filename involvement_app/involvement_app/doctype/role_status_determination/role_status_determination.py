import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.involvement_app import rates, role_status
from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import HR_OFFICER

exclude_from_linked_with = True  # Frappe shows linked rows to anybody
DECISION = ("opportunity_type", "unit", "outcome", "valid_from", "decided_by", "decided_on", "evidence")


class RoleStatusDetermination(ServerManagedDocument):
	"""What a paid role counts as, from when, and who decided it on what (domain 1.4, 4.1)."""

	def onload(self):
		self.set_onload("by_hr", role_status.is_hr_s() and HR_OFFICER not in roles_of())

	def validate(self):
		self.validate_is_hr_s()
		self.validate_words()
		self.validate_days()
		self.validate_decision_stands()
		self.validate_no_overlap()

	def validate_is_hr_s(self):
		"""HR decides what a role counts as (domain 1.4); managers where nobody holds that role."""
		user = frappe.session.user
		if user != "Administrator" and HR_OFFICER not in roles_of() and role_status.is_hr_s():
			frappe.throw(
				_("HR officers decide what a role counts as. Please ask one of them."), frappe.PermissionError
			)

	def validate_words(self):
		self.title = " ".join((self.title or "").split())
		for fieldname in ("title", "decided_by", "evidence"):
			if not (self.get(fieldname) or "").strip():
				frappe.throw(_("Please fill in {0}.").format(_(self.meta.get_label(fieldname))))

	def validate_days(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("Valid to: choose a day after {0}.").format(frappe.format(self.valid_from, "Date"))
			)
		if getdate(self.decided_on) > getdate():
			frappe.throw(_("Decided on: choose a day that is not still to come."))

	def validate_decision_stands(self):
		"""People were promised money under it: another decision is another row."""
		changed = [fieldname for fieldname in DECISION if self.has_value_changed(fieldname)]
		if self.is_new() or not changed:
			return
		if frappe.db.exists("Involvement Engagement", {"role_determination": self.name}):
			frappe.throw(
				_(
					"{0}: people have places under this decision. End it with “Valid to”, and add a new one."
				).format(_(self.meta.get_label(changed[0])))
			)

	def validate_no_overlap(self):
		"""Bounded to the rows of one type, which are locked: of two that are saved at once, the second sees the first."""
		table = frappe.qb.DocType(self.doctype)
		others = (
			frappe.qb.from_(table)
			.select(table.name, table.title, table.unit, table.valid_from, table.valid_to)
			.where((table.opportunity_type == self.opportunity_type) & (table.name != (self.name or "")))
			.for_update()
			.run(as_dict=True)
		)
		for row in others:
			if (row.unit or "") == (self.unit or "") and rates.overlaps(row, self.as_dict()):
				frappe.throw(
					_(
						"“{0}” counts on some of these days already. End it the day before this one begins."
					).format(row.title)
				)

	def on_trash(self):
		if frappe.db.exists("Involvement Engagement", {"role_determination": self.name}):
			frappe.throw(_("People have places under this decision, so it stays."))
