import frappe
from frappe import _
from frappe.utils import cint, getdate

from involvement_app.involvement_app import rates
from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.money import money

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_A_MILE = 5


class MileageRate(ServerManagedDocument):
	"""What a mile is worth, with its source and its days (domain 1.4; law 6)."""

	def validate(self):
		self.validate_figures()
		self.validate_days()
		self.validate_no_overlap()

	def validate_figures(self):
		if not 0 < money(self.per_mile) <= MOST_A_MILE:
			frappe.throw(_("A mile: write an amount above £0.00 and up to £5.00."))
		for fieldname in ("per_mile_after", "per_passenger"):
			if not 0 <= money(self.get(fieldname)) <= MOST_A_MILE:
				frappe.throw(_("{0}: write up to £5.00.").format(_(self.meta.get_label(fieldname))))
		if not cint(self.threshold_miles):
			self.per_mile_after = 0

	def validate_days(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("Valid to: choose a day after {0}.").format(frappe.format(self.valid_from, "Date"))
			)

	def validate_no_overlap(self):
		"""Bounded to the few rows of one way of travelling."""
		others = frappe.get_all(
			"Mileage Rate", {"mode": self.mode, "name": ["!=", self.name or ""]}, ["valid_from", "valid_to"]
		)
		if any(rates.overlaps(row, self.as_dict()) for row in others):
			frappe.throw(
				_("{0}: there is a rate for some of these days. End that one first.").format(_(self.mode))
			)
