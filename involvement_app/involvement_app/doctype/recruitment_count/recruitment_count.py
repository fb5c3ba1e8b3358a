import frappe
from frappe import _
from frappe.utils import add_months, cint, get_quarter_start, getdate, today

from involvement_app.involvement_app import panels
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class RecruitmentCount(ServerManagedDocument):
	"""How many recruitments a unit had in a quarter, whether or not a panel here chose (domain 5.5): what the share with
	lived experience is a share of."""

	def validate(self):
		self.set_quarter()
		self.validate_once()
		self.validate_number()

	def set_quarter(self):
		if getdate(self.quarter_from) > getdate(today()):
			frappe.throw(_("Quarter: this day is still to come."))
		self.quarter_from = get_quarter_start(self.quarter_from)
		self.title = panels.quarter(self.quarter_from)

	def validate_once(self):
		asked = {"unit": self.unit, "quarter_from": self.quarter_from, "name": ["!=", self.name]}
		if frappe.db.exists(self.doctype, asked):
			frappe.throw(
				_("{0}, {1}: the number is written down already. Change that one.").format(
					self.unit, self.title
				)
			)

	def validate_number(self):
		"""Panels that decided are recruitments, too."""
		if cint(self.recruitments) < 0:
			frappe.throw(_("Recruitments in all: write 0 or more."))
		decided = [
			["unit", "=", self.unit],
			["decided_on", ">=", self.quarter_from],
			["decided_on", "<", add_months(self.quarter_from, 3)],
		]
		known = frappe.db.count(panels.PANEL, decided)
		if cint(self.recruitments) < known:
			frappe.throw(
				_("Recruitments in all: {0} panels decided in that quarter, so it is {0} or more.").format(
					known
				)
			)


def on_doctype_update():
	frappe.db.add_unique("Recruitment Count", ["unit", "quarter_from"])
