import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from involvement_app.involvement_app import assisted, enquiries, joining, phones
from involvement_app.lifecycle import LifecycleDocument
from involvement_app.permissions import units
from involvement_app.working_days import add_working_days, closed

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

LONGEST = 140


class ExpressionofInterest(LifecycleDocument):
	"""Somebody who would like to take part (domain 4.2, 4.12). Nothing of it is counted against anybody, and it keeps
	no versions."""

	def validate(self):
		self.tidy()
		self.check_email()
		self.check_phone()
		self.check_told_on()
		self.set_channel()
		self.check_unit()
		self.set_who_entered_it()
		self.set_clock()
		assisted.point_out_health(self, "conversation", "signposted_to")

	def tidy(self):
		for fieldname in (
			"person_name",
			"email",
			"phone",
			"address_line1",
			"address_line2",
			"city",
			"pincode",
		):
			self.set(fieldname, " ".join((self.get(fieldname) or "").split()))
		if not self.person_name:
			frappe.throw(_("Name: write the name they gave. One name is enough."))
		if len(self.person_name) > LONGEST:
			frappe.throw(
				_("Name: it has {0} letters, there is room for {1}. Shorten it; the rest fits below.").format(
					len(self.person_name), LONGEST
				)
			)

	def check_email(self):
		if self.email and not enquiries.is_an_address(self.email):
			frappe.throw(
				_("E-mail address: “{0}” is not one. Check it, or leave it empty.").format(self.email)
			)

	def check_phone(self):
		self.phone_key = None
		if not self.phone:
			return
		try:
			self.phone_key, self.phone = phones.parse(self.phone, phones.region())
		except phones.NotAPhoneNumber:
			frappe.throw(
				_(
					"Phone: “{0}” cannot be dialled. Write one number with its area code, like 01632 960000; an extension or a second number goes under “{1}”."
				).format(self.phone, _(self.meta.get_label("safe_contact"))),
				phones.NotAPhoneNumber,
			)

	def check_told_on(self):
		self.told_on = self.told_on or today()
		if getdate(self.told_on) > getdate(today()):
			frappe.throw(_("They told us on: this day is still to come."))

	def set_channel(self):
		"""The way they chose, if we can take it; else the first that we can."""
		there = enquiries.ways(self)
		if self.preferred_channel not in there and there:
			self.preferred_channel = there[0]

	def check_unit(self):
		"""Somebody limited to some units writes down for one of those: elsewhere they could not see it again."""
		if not self.has_value_changed("unit") or not units.is_limited(frappe.session.user):
			return
		mine = joining.permitted_units()
		if not self.unit and len(mine) == 1:
			self.unit = next(iter(mine))
		joining.check_unit(self.unit)

	def set_who_entered_it(self):
		"""What staff write down is theirs, never shown as the person's own act."""
		if not self.is_new():
			return
		if enquiries.is_from_the_portal():
			self.came_by, self.recorded_by = enquiries.PORTAL, None
			return
		if self.came_by == enquiries.PORTAL:
			frappe.throw(_("How they told us: what comes from the portal, the portal writes down itself."))
		self.recorded_by = frappe.session.user

	def set_clock(self):
		if self.is_new() or (self.status == "New" and self.has_value_changed("told_on")):
			days = cint(frappe.get_cached_doc("Involvement Settings").acknowledge_working_days)
			self.acknowledge_by = add_working_days(self.told_on, days, closed)


def on_doctype_update():
	frappe.db.add_index("Expression of Interest", ["status", "modified"])
