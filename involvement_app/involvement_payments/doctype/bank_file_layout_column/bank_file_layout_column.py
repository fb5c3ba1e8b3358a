import frappe
from frappe import _
from frappe.model.document import Document

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class BankFileLayoutColumn(Document):
	def validate(self):
		# a layout that is saved does not ask its rows: this is a request for one alone, past the rules of the layout
		frappe.throw(_("A column is changed in its layout."), frappe.PermissionError)

	on_trash = validate
