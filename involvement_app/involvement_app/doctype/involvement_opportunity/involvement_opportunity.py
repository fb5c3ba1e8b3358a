import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate

from involvement_app.involvement_app import gates, rates
from involvement_app.lifecycle import LifecycleDocument, TransitionError
from involvement_app.lifecycle.engine import changed_content
from involvement_app.money import money, times
from involvement_app.working_days import add_working_days

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


OPEN_TO_EDITING = ("Draft", "Submitted", "Changes requested")
# what may still be put right once somebody has agreed to the rest
ALWAYS_EDITABLE = ("lead", "support_contact", "access_statement", "change_note")
MOST_PLACES = 1000


class InvolvementOpportunity(LifecycleDocument):
	def validate(self):
		self.validate_frozen()
		self.validate_dates()
		self.validate_places()
		self.validate_ways()
		self.set_level()
		self.set_money()
		self.set_gates()

	def validate_frozen(self):
		"""What was approved, and what people said yes to, does not change under them."""
		before = self.get_doc_before_save()
		if not before or before.status in OPEN_TO_EDITING:
			return
		labels = {_(self.meta.get_label(fieldname)) for fieldname in ALWAYS_EDITABLE}
		frozen = [label for label in changed_content(self, before) if label not in labels]
		if frozen:
			frappe.throw(
				_("{0} cannot change once an opportunity is {1}.").format(
					", ".join(frozen), _(before.status)
				),
				TransitionError,
			)

	def validate_dates(self):
		for row in self.dates:
			if get_datetime(row.ends_on) <= get_datetime(row.starts_on):
				frappe.throw(
					_("When and places, row {0}: the end has to be after the start.").format(row.idx)
				)
		starts = self.first_date()
		if starts and self.apply_by and getdate(self.apply_by) > starts:
			frappe.throw(
				_("Apply by: choose a day before the first date, {0}.").format(frappe.format(starts))
			)

	def validate_places(self):
		if not 1 <= cint(self.places) <= MOST_PLACES:
			frappe.throw(_("Places: write a number from 1 to {0}.").format(MOST_PLACES))
		if cint(self.lived_experience_places) > cint(self.places):
			frappe.throw(
				_("There are more places for people with lived experience than places. Raise “Places”.")
			)

	def validate_ways(self):
		if not (self.online or self.in_person):
			frappe.throw(_("Choose at least one way to take part: online or in person."))

	def set_level(self):
		if not self.level:
			self.level = frappe.get_cached_value("Involvement Type", self.opportunity_type, "default_level")

	def set_money(self):
		"""Gate G4: places × (worth of one person's time + expenses allowance per session)."""
		terms = rates.snapshot(self.rate_rule)
		sessions = len(self.dates)
		self.offer_per_person = rates.worth_in_all(terms, sessions, self.hours, self.preparation_hours)
		settings = frappe.get_cached_doc("Involvement Settings")
		expenses = times(settings.travel_allowance, sessions) if self.expenses_covered else money(0)
		self.estimate = times(money(self.offer_per_person) + expenses, cint(self.places))
		last = self.last_date()
		self.payment_on = add_working_days(last, cint(settings.payment_working_days)) if last else None

	def set_gates(self):
		"""Afresh until it is published, that step included; then they stand as they were."""
		stored = self.get_doc_before_save()
		if not stored or stored.status in (*OPEN_TO_EDITING, "Approved"):
			self.set("gates", gates.checklist(self))

	def first_date(self):
		return min((getdate(row.starts_on) for row in self.dates if row.starts_on), default=None)

	def last_date(self):
		return max((getdate(row.ends_on) for row in self.dates if row.ends_on), default=None)

	def on_trash(self):
		if self.status != "Draft":
			frappe.throw(_("Only a draft can be deleted. Use “Cancel opportunity” instead."))


def on_doctype_update():
	frappe.db.add_index("Involvement Opportunity", ["status", "visibility", "apply_by"])
