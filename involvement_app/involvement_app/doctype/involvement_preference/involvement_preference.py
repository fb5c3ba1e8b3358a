import frappe
from frappe import _
from frappe.utils import cint, flt

from involvement_app.involvement_app import assisted, preferences
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementPreference(ServerManagedDocument):
	"""What one person said they would like. Never kept as a version: what they no longer want is nobody's business."""

	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_hours()
		self.validate_cap()
		assisted.note_who_told(self)
		self.ticked = preferences.ticks(self)

	def validate_hours(self):
		if not 0 <= flt(self.hours_a_month) <= 744:
			frappe.throw(_("Hours a month at most: write a number from 0 to 744."))

	def validate_cap(self):
		if not flt(self.own_payment_cap):
			self.own_payment_cap = 0
			self.cap_period = self.cap_weekday = self.cap_month_day = None
			return
		if self.cap_period == "Week":
			self.cap_weekday, self.cap_month_day = self.cap_weekday or "Monday", None
		elif self.cap_period == "Month":
			self.cap_month_day, self.cap_weekday = cint(self.cap_month_day) or 1, None
			if not 1 <= self.cap_month_day <= 31:
				frappe.throw(_("Their month starts on day: write a number from 1 to 31."))
		else:
			frappe.throw(_("In each: choose whether the limit is for a week or a month."))
