import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app.participants import records_of, refuse_old_record
from involvement_app.involvement_payments import claims, mileage, opening_totals
from involvement_app.involvement_payments.claims import people
from involvement_app.lifecycle import LifecycleDocument, TransitionError
from involvement_app.lifecycle.engine import changed_content
from involvement_app.money import money, total
from involvement_app.periods import tax_year

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_HOURS = 200
MOST_MILES = 50000  # of one year


class PaymentOpeningTotal(LifecycleDocument):
	"""What one person was paid in one tax year before this system was used. One that counts for each person and year is
	a unique key in the database (law 5)."""

	def _save(self, *args, **kwargs):
		if self.status != "Draft":
			people.lock_person(self.participant)  # before its own row, as a claim with miles does (law 5)
		return super()._save(*args, **kwargs)

	def validate(self):
		self.validate_decided()
		if self.status == "Draft":
			claims.refuse_without_money()
			self.validate_year()
			self.validate_amounts()
			self.validate_recent()
			self.validate_miles()
			self.validate_person()
		if self.status != "Withdrawn" and self.was_draft():
			self.validate_one()
		self.live_key = f"{self.participant}|{self.year_start}" if self.status != "Withdrawn" else None

	def was_draft(self) -> bool:
		before = self.get_doc_before_save()
		return not before or before.status == "Draft"

	def validate_one(self):
		"""Also beside what came with a record that was merged into theirs."""
		there = frappe.db.get_value(  # whether there is one; who writes has the right to all
			self.doctype,
			{
				"participant": ["in", sorted(records_of(self.participant))],
				"year_start": self.year_start,
				"status": ["!=", "Withdrawn"],
				"name": ["!=", self.name or ""],
			},
		)
		if there:
			frappe.throw(
				_(
					"Tax year from: {0} is there for this person and tax year. Withdraw one of the two: there is one for each person and year."
				).format(there),
				frappe.UniqueValidationError,
			)

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
		"""What limits still count is part of what they were paid, each on a day of that year."""
		year = tax_year(self.year_start)
		last = min(year.end, getdate(today()))
		for row in self.recent:
			amount, hours = money(row.amount), row.hours or 0
			if amount <= 0:
				frappe.throw(_("Row {0}: write an amount above £0.00.").format(row.idx))
			if not row.came_on or not year.start <= getdate(row.came_on) <= last:
				frappe.throw(
					_("Row {0}: it came on a day of that tax year, not one to come.").format(row.idx)
				)
			if not 0 <= hours <= MOST_HOURS:
				frappe.throw(_("Row {0}: hours from 0 to {1}.").format(row.idx, MOST_HOURS))
			row.amount = float(amount)
		if total(row.amount for row in self.recent) > money(self.amount_time):
			frappe.throw(_("What came last is more than they were paid for their time."))

	def validate_miles(self):
		for fieldname in opening_totals.MILES:
			miles, label = self.get(fieldname), _(self.meta.get_label(fieldname))
			if not 0 <= mileage.exact(miles) <= MOST_MILES:
				frappe.throw(_("{0}: miles from 0 to {1}.").format(label, MOST_MILES))
			if not mileage.in_tenths(miles):
				frappe.throw(
					_("{0}: {1} is finer than a tenth of a mile. Write one figure after the point.").format(
						label, miles
					)
				)
			self.set(fieldname, float(mileage.exact(miles)))

	def validate_person(self):
		if self.is_new() or self.has_value_changed("participant"):
			refuse_old_record(self.participant)

	def on_update(self):
		if self.status == "Draft":
			self.check_permission("read")  # of people within the writer's own units
		self.settle_miles()

	def settle_miles(self):
		"""Miles that count now, or count no longer, come before those of approved claims."""
		before = self.get_doc_before_save()
		was, now = before and before.status == "Approved", self.status == "Approved"
		if was != now:
			opening_totals.settle_miles(self)

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
