import frappe
from frappe import _
from frappe.utils import today

from involvement_app.involvement_payments import advances, claims, receipts
from involvement_app.involvement_payments.claims import (
	belonging,
	cash,
	contents,
	dates,
	likeness,
	miles,
	payments,
	people,
)
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementExpenseClaim(LifecycleDocument):
	"""What one person spent to take part and is paid back (`claims`)."""

	def _save(self, *args, **kwargs):
		if self.docstatus.is_submitted() or self.status == "Approved":
			locked = people.lock_person(self.participant)  # before its own row (law 5)
			self.flags.concerned = locked[0] if locked else None
			# `nothing_else_changes` and `keep_lines`: every link was asked for when it was written
			self.flags.ignore_links = True
		return super()._save(*args, **kwargs)

	def before_insert(self):
		claims.refuse_without_money()

	def validate(self):
		if self.docstatus.is_submitted():
			self.keep_lines()
			return
		self.validate_participant()
		contents.as_it_was_checked(self)
		belonging.place(self)
		if self.is_new() or self.status == "Checked":
			advances.take_off(self)
		contents.keep_the_server_s(self)
		receipts.take_in(self)
		contents.check_lines(self)
		contents.work_out(self)
		contents.show(self)
		likeness.look_again(self)

	def validate_participant(self):
		if self.is_new():
			belonging.of_whom_they_may_write(self)
			belonging.note_who_wrote(self)
			self.claimed_on, self.once_key = today(), self.flags.once_key
			self.due_on = dates.promised_for(self.claimed_on)
		elif self.has_value_changed("participant"):
			frappe.throw(_("Participant: a claim stays with the person it was made for."))

	def keep_lines(self):
		"""What was checked is what is approved; from then on it is fixed, whatever a request sends along."""
		before = self.get_doc_before_save()
		self.set("lines", before.lines)
		if before.status != "Approved":  # handed out, or on its way otherwise
			self.cash_given_on, self.cash_slip = before.cash_given_on, before.cash_slip

	def before_update_after_submit(self):
		super().before_update_after_submit()
		self.keep_lines()

	def before_cancel(self):
		self.keep_lines()
		super().before_cancel()

	def on_update(self):
		receipts.keep_new(self)

	def on_update_after_submit(self):
		if self.status == "Paid" and self.get_doc_before_save().status == "Approved":
			cash.pay_in_cash(self)

	def on_cancel(self):
		payments.withdraw_payment(self)
		miles.miles_no_longer_count(self)


def on_doctype_update():
	frappe.db.add_index("Involvement Expense Claim", ["status", "claimed_on"])
	frappe.db.add_index("Involvement Expense Claim", ["cash_slip(140)"])
