import re

import frappe
from frappe import _
from frappe.utils import format_date, getdate, now_datetime, today

from involvement_app.involvement_app import assisted
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

WAITING = "Waiting"
# a certificate's number is twelve digits; nothing else here is that long
NUMBER = re.compile(r"\d(?:[ -]?\d){7,}")
REASON = 20  # letters, fewer are no reason


class ParticipantCheck(ServerManagedDocument):
	"""That a role was checked, and an outcome word (domain 1.5). Holds nobody back by itself and is shown beside no
	application: people decide what follows, with the person. Never kept as a version."""

	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_reason()
		self.validate_outcome()
		self.validate_renewal()
		self.set_who_entered_it()

	def validate_reason(self):
		if len((self.eligibility or "").strip()) < REASON:
			frappe.throw(
				_("Why this role may be checked: say which activity makes it eligible, in a sentence.")
			)
		if NUMBER.search(self.eligibility):
			frappe.throw(_("Why this role may be checked: leave out the number. It is not kept here."))

	def validate_outcome(self):
		if self.outcome == WAITING:
			self.checked_on = self.renew_on = None
		elif not self.checked_on:
			frappe.throw(_("Checked on: say when."))
		if self.checked_on and getdate(self.checked_on) > getdate(today()):
			frappe.throw(_("Checked on: {0} is still to come.").format(format_date(self.checked_on)))

	def validate_renewal(self):
		if self.renew_on and getdate(self.renew_on) <= getdate(self.checked_on):
			frappe.throw(_("Renew on: choose a day after “Checked on”."))
		if self.has_value_changed("renew_on"):
			self.reminded_on = None

	def set_who_entered_it(self):
		self.recorded_by, self.recorded_on = frappe.session.user, now_datetime()
