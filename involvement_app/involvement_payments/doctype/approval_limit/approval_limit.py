import frappe
from frappe import _

from involvement_app.involvement_app.participants import participant_of
from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.money import money, pounds
from involvement_app.permissions import roles_of

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ApprovalLimit(ServerManagedDocument):
	"""Up to what amount somebody approves a payment or releases a batch (`approval_limits`)."""

	def validate(self):
		self.validate_amount()
		self.validate_user()
		self.validate_once()
		self.set_title()

	def validate_amount(self):
		if money(self.up_to) <= 0:
			frappe.throw(_("Up to: write an amount above £0.00."))

	def validate_user(self):
		"""Nobody says how far they may go themself, by name or for everybody of a role of theirs."""
		if any(self.binds_who_writes(row) for row in (self, self.get_doc_before_save()) if row):
			frappe.throw(
				_("Somebody else writes down your own limit: this one holds for you."), frappe.PermissionError
			)
		if self.user and self.role not in roles_of(self.user):
			frappe.throw(_("Only this person: {0} is no {1}.").format(self.user, _(self.role)))
		if self.user and participant_of(self.user):
			frappe.throw(_("Only this person: choose a member of staff."))

	def binds_who_writes(self, row) -> bool:
		user = frappe.session.user
		if user == "Administrator":  # holds every role, and decides on no money
			return False
		return row.user == user or (not row.user and row.role in roles_of(user))

	def validate_once(self):
		"""One row for the same people and unit: bounded to the few there are."""
		same = {"role": self.role, "name": ["!=", self.name or ""]}
		rows = frappe.get_all("Approval Limit", same, ["user", "unit"])
		if (self.user or "", self.unit or "") in {(row.user or "", row.unit or "") for row in rows}:
			frappe.throw(_("There is a limit for them already: change that one."))

	def set_title(self):
		self.title = _("{0}, up to {1}").format(_(self.role), pounds(self.up_to))
