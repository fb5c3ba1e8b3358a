import re

import frappe
from frappe import _
from frappe.utils import cint

from involvement_app.involvement_payments import bank_file, csv_file, layouts
from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.messages.neutral import telling

MOST_TIMES = 200
OUR_NAME = "OUR NAME"  # in the examples

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class BankFileLayout(ServerManagedDocument):
	"""Who exports does not say where an account number comes from: authorisers write layouts, and somebody else puts them in
	use (domain 4.7)."""

	def validate(self):
		self.title = " ".join((self.title or "").split())
		if self.format == bank_file.CSV:
			self.validate_columns()
			self.validate_lines()
		self.validate_account()
		self.validate_neutral()
		self.validate_only_one_in_use()
		if not self.flags.only_its_use:
			self.validate_stays()
			self.edited_by = "\n".join(sorted({*(self.edited_by or "").split(), frappe.session.user}))

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

	def validate_neutral(self):
		"""The bank reads the file, and others the statement (law 12, domain 1.7). What is in use from before may be switched off."""
		before = self.get_doc_before_save()
		same = before and layouts.fingerprint(self) == layouts.fingerprint(before)
		if same and (before.in_use or not self.in_use):
			return
		for where, words in self.words():
			if telling(words):
				frappe.throw(
					_(
						"{0}: choose words that say nothing about care or health. Other people read them."
					).format(where)
				)

	def words(self):
		"""(where they stand, the words) of all that a file says besides payments."""
		if self.format != bank_file.CSV:
			yield _(self.meta.get_label("service_user_name")), self.service_user_name
			return
		for fieldname in ("first_lines", "last_lines"):
			for number, line in enumerate(bank_file.lines(self.get(fieldname)), 1):
				yield _("{0}, line {1}").format(_(self.meta.get_label(fieldname)), number), line
		for column in self.columns:
			if column.holds == "Fixed words":
				yield _("Columns, row {0}, Fixed words").format(column.idx), column.fixed_words
			if self.with_header:
				yield _("Columns, row {0}, Heading").format(column.idx), column.heading or column.holds

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

	def validate_stays(self):
		before = self.get_doc_before_save()
		if before and before.put_in_use_on and layouts.fingerprint(self) != layouts.fingerprint(before):
			frappe.throw(
				_("{0} has been in use, so it stays as it is. Duplicate it and change the copy.").format(
					frappe.utils.escape_html(before.title)
				)
			)

	def hands(self) -> set[str]:
		"""Whoever wrote any of it."""
		return {self.owner, *(self.edited_by or "").split()}

	def on_trash(self):
		if frappe.db.exists("Involvement Payment Batch", {"file_layout": self.name}):
			frappe.throw(
				_("{0} wrote the file of a batch, so it stays. Switch it off instead.").format(self.title)
			)
