import frappe
from frappe import _
from frappe.utils import format_date, getdate

from involvement_app.involvement_payments import (
	bank_file,
	batches,
	journal_entries,
	large,
	layouts,
	payees,
	rows_at_once,
	transfers,
	ways,
	webhook,
)
from involvement_app.lifecycle import LifecycleDocument
from involvement_app.money import pounds

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


MOST_LINES = 5000


class InvolvementPaymentBatch(LifecycleDocument):
	def validate(self):
		if self.docstatus == 0:
			batches.put_together_by_finance(self)
			self.validate_lines()

	def validate_lines(self):
		batches.refuse_doubles(self)
		batches.fill(self)

	def before_submit(self):
		batches.refuse_doubles(self)

	def before_update_after_submit(self):
		super().before_update_after_submit()
		self.keep_lines()
		ways.note_who_looked(self)

	def before_cancel(self):
		self.keep_lines()
		super().before_cancel()

	def keep_lines(self):
		"""Locked is locked, whatever a request sends along (Frappe compares them on an update, not on a cancel)."""
		self.set("lines", self.get_doc_before_save().lines)

	def on_submit(self):
		large.tick(self, 80)
		batches.schedule(self)

	def on_update_after_submit(self):
		if not self.has_value_changed("status"):
			return
		if self.status == "Exported":
			bank_file.keep(self)
		elif self.status == "Confirmed":
			batches.mark_paid(self)
			if not transfers.through_payroll(self):  # payroll has a journal of its own
				journal_entries.on_batch(self)
				webhook.queue(self)

	def on_cancel(self):
		batches.release(self)

	def update_child_table(self, fieldname, df=None):
		if fieldname != "lines":
			super().update_child_table(fieldname, df)
		elif self.docstatus == 0 or self._action in ("submit", "cancel"):
			rows_at_once.write(self, fieldname)
		# else: keep_lines has put them back to what is stored

	def _validate_links(self):
		# Frappe asks twice a line: `fill` asks for all of them at once, and later they are what was locked. What was taken out
		# may have been withdrawn since
		rows = self.lines, self.reversals
		self.lines, self.reversals = [], []
		try:
			super()._validate_links()
		finally:
			self.lines, self.reversals = rows

	def onload(self):
		if self.status == "Draft":
			self.set_onload("waiting", batches.waiting_said())
		elif self.status == "Confirmed":
			used = journal_entries.is_used() and not transfers.through_payroll(self)
			self.set_onload("ledger", used)
			self.set_onload("nothing_to_post", used and journal_entries.nothing_to_post(self))

	def cover_sheet(self) -> frappe._dict:
		"""For print: what is paid out, and by whose hands."""
		standing = transfers.standing(self)
		return frappe._dict(
			pay_on=format_date(self.payment_on, "d MMMM yyyy"),
			total=pounds(self.total),
			to_pay=pounds(self.to_pay),
			transfers=len(transfers.of(self)),
			layout=layouts.said_of(self),
			pounds=pounds,
			new_accounts=[line for line in standing if line.bank_changed_on],
			by_hand=[line for line in standing if line.handed_over_on or ways.by_hand(self, line)],
			looked_at=self.changes_seen and self.changes_seen_by,
			hands=[
				(_("Locked by"), self.locked_by, self.get_formatted("locked_on")),
				(_("Authorised by"), self.authorised_by, self.get_formatted("authorised_on")),
				(_("Exported by"), self.exported_by, self.get_formatted("exported_on")),
			],
		)

	def remittances(self) -> frappe._dict:
		"""For print: a slip for each transfer that the file holds, in words that tell nobody else anything (law 12)."""
		settings = frappe.get_cached_doc("Involvement Settings")
		return frappe._dict(
			pay_on=format_date(self.payment_on, "d MMMM yyyy"),
			organisation=settings.sender_name,
			slips=[
				frappe._dict(payee_name=line.payee_name, amount=pounds(line.amount), reference=line.reference)
				for line in bank_file.in_the_file(self)
				if not transfers.through_payroll(self)
			],
		)

	@frappe.whitelist(methods=["POST"])
	def add_approved_payments(self) -> int:
		"""Add the approved payments that are in no batch, due first; answers how many. At most MOST_LINES in all."""
		self.check_permission("write")
		if self.status != "Draft":
			frappe.throw(
				_("{0} is {1}: payments can only be added to a draft.").format(self.name, _(self.status))
			)
		here = {line.payment for line in self.lines}
		free = frappe.get_list(
			"Involvement Payment",
			filters=batches.free(self),
			fields=["name", "not_before", "participant", "payee_name", "charity", "amount"],
			order_by="due_on asc, name asc",
			limit=MOST_LINES,
		)
		payees.follow(free)
		ready = [
			frappe._dict(row, payment=row.name)
			for row in free
			if row.name not in here
			and (
				not row.not_before
				or not self.payment_on
				or getdate(row.not_before) <= getdate(self.payment_on)
			)
		]
		there = [row.payment for row in payees.with_something_left(self.lines, ready)]
		added = there[: max(MOST_LINES - len(here), 0)]
		added += self.handed_over(here)[: max(MOST_LINES - len(here) - len(added), 0)]
		for name in added:
			self.append("lines", {"payment": name})
		if added:
			self.save()
		return len(added)

	def handed_over(self, here: set[str]) -> list[str]:
		"""Paid in cash, or paid back, in the month of this batch, and in no ledger yet."""
		if not self.payment_on or transfers.through_payroll(self):
			return []
		names = []
		for filters in (batches.handed_over(self.payment_on), batches.paid_back(self.payment_on)):
			names += frappe.get_list(  # one by one: two kinds
				"Involvement Payment",
				filters=filters,
				pluck="name",
				order_by="paid_on asc, name asc",
				limit=MOST_LINES,
			)
		return [name for name in names if name not in here]
