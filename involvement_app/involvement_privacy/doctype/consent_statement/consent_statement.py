import re

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import add_days, getdate

from involvement_app.lifecycle import ServerManagedDocument

# what somebody was told when they decided
TOLD = ("title", "purpose", "version", "kind", "active_from", "legal_basis", "plain_text", "easy_read")


class ConsentStatement(ServerManagedDocument):
	"""What people are told or asked, in words that stay as they are once somebody has decided about them. Another
	text is another version (domain 4.1)."""

	def autoname(self):
		self.name = f"{self.purpose}-{self.next_version()}"

	def validate(self):
		self.validate_purpose()
		self.set_version()
		self.validate_unused()
		self.set_first_day()
		self.validate_dates()

	def validate_purpose(self):
		if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", self.purpose or ""):
			frappe.throw(_("Purpose: use small letters, digits and hyphens, for example text-messages."))

	def set_version(self):
		if self.is_new():
			self.version = self.next_version()

	def next_version(self) -> int:
		table = frappe.qb.DocType("Consent Statement")
		last = frappe.qb.from_(table).select(Max(table.version)).where(table.purpose == self.purpose).run()
		return (last[0][0] or 0) + 1

	def validate_unused(self):
		changed = [fieldname for fieldname in TOLD if self.has_value_changed(fieldname)]
		if changed and not self.is_new() and self.is_used():
			frappe.throw(
				_(
					"{0}: somebody has decided about this text, so it stays as it is. Use the button New version."
				).format(_(self.meta.get_label(changed[0])))
			)

	def set_first_day(self):
		"""The first version may have been in use always; a later one begins on a day."""
		if self.version > 1 and not self.active_from:
			self.active_from = frappe.utils.today()

	def validate_dates(self):
		if self.active_to and self.active_from and getdate(self.active_to) < getdate(self.active_from):
			frappe.throw(_("Used until: choose a day that is not before “Used from”."))

	def is_used(self) -> bool:
		return bool(frappe.db.exists("Consent Record", {"statement": self.name}))

	def before_rename(self, *args, **kwargs):
		frappe.throw(_("A statement keeps its name: people have decided about it by that name."))

	def on_trash(self):
		if self.is_used():
			frappe.throw(_("Somebody has decided about this text, so it cannot be deleted."))

	def after_insert(self):
		self.end_earlier_versions()

	def end_earlier_versions(self):
		"""The day before this one begins is their last."""
		if self.version == 1:
			return
		table = frappe.qb.DocType("Consent Statement")
		last_day = add_days(self.active_from, -1)
		still_used = table.active_to.isnull() | (table.active_to > last_day)
		# bounded to the day that earlier versions of this purpose go out of use
		frappe.qb.update(table).set(table.active_to, last_day).where(
			(table.purpose == self.purpose) & (table.version < self.version) & still_used
		).run()


@frappe.whitelist(methods=["POST"])
def new_version(name: str) -> dict:
	"""A draft of the next version for the form to open: the old words, to be changed and saved. Raises
	PermissionError."""
	old = frappe.get_doc("Consent Statement", name)
	old.check_permission("create")
	new = frappe.copy_doc(old)
	new.update({"active_from": frappe.utils.today(), "active_to": None, "version": None})
	return new.as_dict(no_nulls=True)


def on_doctype_update():
	frappe.db.add_unique("Consent Statement", ["purpose", "version"])


def create_if_absent(purpose: str, **values) -> None:
	"""For installing: the first version of a purpose that this site has none of."""
	if frappe.db.exists("Consent Statement", {"purpose": purpose}):
		return
	frappe.get_doc({"doctype": "Consent Statement", "purpose": purpose, **values}).insert(
		ignore_permissions=True  # install, as Administrator
	)
