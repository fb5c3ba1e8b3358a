import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from involvement_app.involvement_payments import bank_file, csv_file

MOST_TIMES = 200
OUR_NAME = "OUR NAME"  # in the examples

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class BankFileLayout(Document):
	"""Who exports does not say where an account number comes from: authorisers write layouts (domain 4.7)."""

	def validate(self):
		self.title = " ".join((self.title or "").split())
		if self.format == bank_file.CSV:
			self.validate_columns()
			self.validate_lines()
		self.validate_account()
		self.validate_only_one_in_use()

	def validate_columns(self):
		if any(cint(column.times) > MOST_TIMES for column in self.columns):
			frappe.throw(_("Times: {0} at most.").format(MOST_TIMES))
		if not self.in_use:
			return
		holds = [column.holds for column in bank_file.spread(self)]
		for groups in bank_file.NEEDED:
			if sum(name in groups for name in holds) != 1:
				frappe.throw(_("Columns: exactly one must hold {0}.").format(_(groups[0])))
		if any(column.holds == "Fixed words" and column.fixed_words == OUR_NAME for column in self.columns):
			frappe.throw(_("Fixed words: write the name you pay under in the place of {0}.").format(OUR_NAME))

	def validate_lines(self):
		for fieldname in ("first_lines", "last_lines"):
			text = self.get(fieldname) or ""
			left = re.sub(rf"\{{(?:{'|'.join(bank_file.IN_LINES)})\}}", "", text)
			if "{" in left or "}" in left:
				frappe.throw(
					_("{0}: in braces only {1}.").format(
						_(self.meta.get_label(fieldname)), ", ".join(bank_file.IN_LINES)
					)
				)
			if any(line.startswith(csv_file.FORMULA) for line in bank_file.lines(text)):
				frappe.throw(
					_("{0}: a row begins as a formula would.").format(_(self.meta.get_label(fieldname)))
				)

	def validate_account(self):
		bacs = self.format != bank_file.CSV
		needed = {"sort_code": 6, "account_number": 8} if bacs or self.holds_our_account() else {}
		if bacs:
			needed["service_user_number"] = 6
		for fieldname, length in needed.items():
			digits = re.sub(r"[\s\-]", "", self.get(fieldname) or "")
			self.set(fieldname, digits)
			if self.in_use and not re.fullmatch(rf"[0-9]{{{length}}}", digits):
				frappe.throw(_("{0}: write {1} digits.").format(_(self.meta.get_label(fieldname)), length))
		if bacs and self.in_use and not (self.service_user_name or "").strip():
			frappe.throw(_("Name on the bank statement: please write one."))

	def holds_our_account(self) -> bool:
		return (
			any(column.holds in bank_file.OUR_ACCOUNT for column in self.columns)
			or "{account}" in f"{self.first_lines}{self.last_lines}"
		)

	def validate_only_one_in_use(self):
		if not self.in_use:
			return
		other = frappe.db.get_value(
			"Bank File Layout", {"in_use": 1, "name": ["!=", self.name or ""]}, "title", for_update=True
		)
		if other:
			frappe.throw(
				_("In use: {0} is in use. Switch it off first.").format(frappe.utils.escape_html(other))
			)

	def on_trash(self):
		if frappe.db.exists("Involvement Payment Batch", {"file_layout": self.name}):
			frappe.throw(
				_("{0} wrote the file of a batch, so it stays. Switch it off instead.").format(self.title)
			)
