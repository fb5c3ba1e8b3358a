import frappe
from frappe import _
from frappe.utils import cint, getdate

from involvement_app.involvement_app import rates
from involvement_app.involvement_payments import mileage
from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.lifecycle.engine import changed_content
from involvement_app.money import money

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_A_MILE = 5


class MileageRate(ServerManagedDocument):
	"""What a mile is worth, with its source and its days (domain 1.4; law 6)."""

	def validate(self):
		self.validate_figures()
		self.validate_days()
		self.validate_used()
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
		words = _("{0}: there is a rate for some of these days. End that one first.").format(_(self.mode))
		rates.refuse_overlap(self, "mode", words)

	def validate_used(self):
		"""What was approved at a rate does not change with it: after a claim before it is cancelled, its miles are worked
		out again at the rate of their day."""
		before = self.get_doc_before_save()
		last = before and mileage.last_approved_at(before)
		if not last:
			return
		changed = set(changed_content(self, before)) - {_(self.meta.get_label("valid_to"))}
		if changed:
			frappe.throw(
				_(
					"{0} cannot change once miles were approved at a rate. End this one with “Valid to”, and make a new rate."
				).format(", ".join(sorted(changed)))
			)
		if self.valid_to and getdate(self.valid_to) < last:
			frappe.throw(
				_(
					"Valid to: miles of {0} were approved at this rate. Choose that day or a later one."
				).format(frappe.format(last, "Date"))
			)
