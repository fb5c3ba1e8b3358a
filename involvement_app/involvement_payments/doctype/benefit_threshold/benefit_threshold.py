import frappe
from frappe import _
from frappe.utils import flt, getdate

from involvement_app.involvement_app import rates
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class BenefitThreshold(ServerManagedDocument):
	"""A public figure with its source and its years; it informs and decides nothing (domain 1.3)."""

	def validate(self):
		self.validate_figure()
		self.validate_days()
		self.validate_no_overlap()

	def validate_figure(self):
		most = 100 if self.unit == "Per cent" else 100_000
		if not 0 < flt(self.figure) <= most:
			frappe.throw(_("Figure: write a number above 0 and up to {0}.").format(f"{most:,}"))

	def validate_days(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("Valid to: choose a day after {0}.").format(frappe.format(self.valid_from, "Date"))
			)
		if self.checked_on and getdate(self.checked_on) > getdate():
			frappe.throw(_("Checked on: choose a day that is not still to come."))

	def validate_no_overlap(self):
		words = _("{0}: there is a figure for some of these days. End that one first.").format(self.code)
		rates.refuse_overlap(self, "code", words)
