import frappe
from frappe import _
from frappe.utils import flt, getdate

from involvement_app.involvement_app import rates
from involvement_app.lifecycle import LifecycleDocument, TransitionError
from involvement_app.lifecycle.engine import changed_content
from involvement_app.money import money

MOST_HOURS = 24


class PaymentRateRule(LifecycleDocument):
	def validate(self):
		self.validate_amount()
		self.validate_hours()
		self.validate_period()
		self.validate_promised_terms()
		self.validate_approved()

	def validate_amount(self):
		if self.basis != "No payment" and money(self.amount) <= 0:
			frappe.throw(_("Amount: write what is paid {0}, above £0.00.").format(_(self.basis).lower()))
		if self.basis == rates.DAY and not 0 < money(self.half_day_amount) <= money(self.amount):
			frappe.throw(_("Amount for half a day: write more than £0.00, and no more than for a full day."))

	def validate_hours(self):
		needed = {rates.DAY: "half_day_hours", rates.BLOCK: "block_hours"}
		for fieldname in ("minimum_hours", "half_day_hours", "block_hours"):
			value, label = flt(self.get(fieldname)), _(self.meta.get_label(fieldname))
			if not 0 <= value <= MOST_HOURS:
				frappe.throw(_("{0}: write a number from 0 to {1}.").format(label, MOST_HOURS))
			if needed.get(self.basis) == fieldname and not value:
				frappe.throw(_("{0}: write how many, above 0.").format(label))

	def validate_period(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(
				_("Valid to: choose a day after {0}.").format(frappe.format(self.valid_from, "Date"))
			)

	def validate_promised_terms(self):
		"""What people were offered does not change under them: a new figure is a new rule."""
		if self.is_new() or not any(self.has_value_changed(fieldname) for fieldname in rates.TERMS.values()):
			return
		used = frappe.db.exists(
			"Involvement Opportunity", {"rate_rule": self.name, "status": ["!=", "Draft"]}
		)
		if used:
			frappe.throw(
				_("{0} is promised in {1}. Make a new rate, and end this one with “Valid to”.").format(
					self.name, used
				)
			)

	def validate_approved(self):
		"""What was approved is what was read: it can be ended, and no more."""
		before = self.get_doc_before_save()
		if not before or before.status != "Approved" or self.status != "Approved":
			return
		changed = set(changed_content(self, before)) - {_(self.meta.get_label("valid_to"))}
		if changed:
			frappe.throw(
				_(
					"{0} cannot change once a rate is approved. Make a new rate, and end this one with “Valid to”."
				).format(", ".join(sorted(changed))),
				TransitionError,
			)
		if self.has_value_changed("valid_to") and self.runs_longer_than(before):
			frappe.throw(
				_("Valid to: an approved rate can end earlier, not later. Make a new rate that follows it."),
				TransitionError,
			)

	def runs_longer_than(self, before) -> bool:
		if not before.valid_to:
			return False
		return not self.valid_to or getdate(self.valid_to) > getdate(before.valid_to)
