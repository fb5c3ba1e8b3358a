import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app.participants import refuse_old_record
from involvement_app.involvement_payments import claims
from involvement_app.lifecycle import LifecycleDocument, TransitionError
from involvement_app.lifecycle.engine import changed_content
from involvement_app.money import money
from involvement_app.periods import tax_year

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class PaymentOpeningTotal(LifecycleDocument):
	"""What one person was paid in one tax year before this system was used. One that counts for each person and year is
	a unique key in the database (law 5)."""

	def validate(self):
		self.validate_decided()
		if self.status == "Draft":
			claims.refuse_without_money()
			self.validate_year()
			self.validate_amounts()
			self.validate_recent()
			self.validate_person()
		self.live_key = f"{self.participant}|{self.year_start}" if self.status != "Withdrawn" else None

	def validate_year(self):
		self.year_start = tax_year(self.year_start).start
		if self.year_start > getdate(today()):
			frappe.throw(_("Tax year from: this tax year is still to come."))

	def validate_amounts(self):
		time, expenses = money(self.amount_time), money(self.amount_expenses)
		if time < 0 or expenses < 0 or not time + expenses:
			frappe.throw(_("Write at least one amount above £0.00, and none below it."))
		self.amount_time, self.amount_expenses = float(time), float(expenses)

	def validate_recent(self):
		"""What limits still count is part of what they were paid, on a day of that year."""
		amount, hours = money(self.recent_amount), self.recent_hours or 0
		if not amount and not self.recent_on and not hours:
			return
		year = tax_year(self.year_start)
		if not 0 < amount <= money(self.amount_time):
			frappe.throw(_("Their last payment for time: above £0.00, and at most what they were paid."))
		if not self.recent_on or not year.start <= getdate(self.recent_on) <= min(year.end, getdate(today())):
			frappe.throw(_("It came on: choose a day of that tax year that is not to come."))
		if not 0 <= hours <= 200:
			frappe.throw(_("For so many hours: from 0 to 200."))

	def validate_person(self):
		if self.is_new() or self.has_value_changed("participant"):
			refuse_old_record(self.participant)

	def validate_decided(self):
		"""What was approved is what was read."""
		before = self.get_doc_before_save()
		if not before or before.status == "Draft":
			return
		changed = set(changed_content(self, before))
		if self.status == "Withdrawn" and before.status == "Approved":
			changed -= {_(self.meta.get_label("note"))}
		if changed:
			frappe.throw(
				_("{0} cannot change once it is decided. Withdraw this one, and write it anew.").format(
					", ".join(sorted(changed))
				),
				TransitionError,
			)


def on_doctype_update():
	frappe.db.add_index("Payment Opening Total", ["participant", "year_start"])
