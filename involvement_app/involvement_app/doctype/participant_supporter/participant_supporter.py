import frappe
from frappe import _
from frappe.utils import add_months, getdate, today

from involvement_app.involvement_app import portal_access, supporters
from involvement_app.involvement_app.assisted import note_who_told, refuse_strangers
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody
LONGEST = 12  # months


class ParticipantSupporter(ServerManagedDocument):
	"""Somebody whom a person has asked to act for them, for a time."""

	def validate(self):
		refuse_strangers(self)
		self.set_ended()
		self.validate_who()
		self.validate_what()
		self.validate_until()
		self.set_login()
		self.validate_once()
		note_who_told(self)

	def set_ended(self):
		if self.flags.ending:
			self.ended_on, self.ended_by = frappe.utils.now_datetime(), frappe.session.user
		elif not self.is_new() and self.get_doc_before_save().ended_on:
			frappe.throw(_("This has ended. If they are to act again, write it down anew."))

	def validate_who(self):
		self.supporter_name = " ".join((self.supporter_name or "").split())
		self.email = (self.email or "").strip().lower()
		if not self.is_new() and any(map(self.has_value_changed, ("participant", "email"))):
			frappe.throw(_("E-mail address: another person is another entry. End this one first."))
		if self.email and not frappe.utils.validate_email_address(self.email):
			frappe.throw(_("E-mail address: write it like name@example.com."))

	def validate_what(self):
		if not any(self.get(field) for field in supporters.MAY):
			frappe.throw(_("What they may do: tick at least one."))

	def validate_until(self):
		if self.flags.ending or not self.has_value_changed("until"):
			return
		if getdate(self.until) < getdate(today()):
			frappe.throw(_("Until: this day is over. Choose one that is still to come."))
		if getdate(self.until) > getdate(add_months(today(), LONGEST)):
			frappe.throw(_("Until: choose a day within the next {0} months.").format(LONGEST))

	def set_login(self):
		if self.is_new() and self.email:
			self.user = portal_access.login_of_supporter(self.email, self.supporter_name, self.participant)

	def validate_once(self):
		if not self.is_new():
			return
		rows = [row for row in supporters.own(self.participant) if row.live]
		if self.email and any(row.email == self.email for row in rows):
			frappe.throw(_("E-mail address: they may act for this person already."))
		if len(rows) >= supporters.MOST:
			frappe.throw(_("There are {0} already. End one of them first.").format(supporters.MOST))

	def after_insert(self):
		supporters.welcome(self)


def on_doctype_update():
	frappe.db.add_index("Participant Supporter", ["user", "until"])
