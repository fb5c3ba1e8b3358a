import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import consents, selection, selectors, supporters, young_people
from involvement_app.involvement_app.matching import invitations
from involvement_app.involvement_app.opportunities import OPEN
from involvement_app.involvement_app.participants import is_participant, refuse_old_record
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


LIVE = ("Applied", "Waiting list", "Offered", "Accepted")


class AlreadyApplied(frappe.DuplicateEntryError):
	pass


class NotOpen(frappe.ValidationError):
	pass


class InvolvementApplication(LifecycleDocument):
	"""One person asking to take part in one opportunity; at most one lives at a time (law 5)."""

	def validate(self):
		if self.is_new():
			self.validate_opportunity_is_open()
			person = self.who_applies()
			self.validate_participant_may_apply(person)
			self.set_who_entered_it(person)
			self.validate_only_one_lives()
		self.validate_consent()
		self.set_live_key()

	def after_insert(self):
		invitations.taken_up(self.opportunity, self.participant)
		if self.flags.by_criteria:
			selectors.not_for_applicants(self)

	def validate_opportunity_is_open(self):
		opportunity = frappe.db.get_value(
			"Involvement Opportunity",
			self.opportunity,
			["status", "apply_by", "unit", "selection_mode"],
			as_dict=True,
		)
		self.flags.by_criteria = opportunity.selection_mode == selection.CRITERIA
		if opportunity.status not in OPEN:
			frappe.throw(_("This opportunity is not taking applications now."), NotOpen)
		if opportunity.apply_by and getdate(opportunity.apply_by) < getdate(today()):
			frappe.throw(
				_("The last day to apply was {0}.").format(frappe.format(opportunity.apply_by, "Date")),
				NotOpen,
			)
		self.unit = opportunity.unit

	def who_applies(self):
		"""Their record; of whoever speaks for themself, or is spoken for, no more of it than is asked here."""
		if is_participant(self, frappe.session.user) or supporters.acts_for(self.participant):
			fields = ["preferred_name", "merged_into", "status", *young_people.ASKED]
			return frappe.db.get_value("Involvement Participant", self.participant, fields, as_dict=True)
		return frappe.get_doc("Involvement Participant", self.participant)

	def validate_participant_may_apply(self, person):
		refuse_old_record(self.participant, person)
		young_people.refuse_waiting(person)
		if person.status in ("Paused", "Left"):
			frappe.throw(
				_("{0} is {1}. They can come back whenever they like, and then apply.").format(
					self.participant, _(person.status)
				)
			)

	def set_who_entered_it(self, person):
		if is_participant(self, frappe.session.user):
			self.recorded_by = self.recorded_how = None
			return
		if supporters.acts_for(self.participant):
			self.recorded_by, self.recorded_how = frappe.session.user, supporters.TOLD
			return
		# nobody is entered by staff who may not see them
		person.check_permission("read")
		if not self.recorded_how:
			frappe.throw(
				_("How the person told us: please choose, so that this is never shown as their own act.")
			)
		self.recorded_by = frappe.session.user

	def validate_only_one_lives(self):
		if frappe.db.exists("Involvement Application", {"live_key": self.key()}):
			frappe.throw(_("There is already an application for this opportunity."), AlreadyApplied)

	def validate_consent(self):
		if not self.has_value_changed("access_needs"):
			return
		if not is_participant(self, frappe.session.user):  # what they write themself is theirs to give
			consents.refuse_after_a_no(self, "access_needs", self.participant)

	def set_live_key(self):
		self.live_key = self.key() if self.status in LIVE else None

	def key(self) -> str:
		return f"{self.opportunity}|{self.participant}"


def on_doctype_update():
	frappe.db.add_index("Involvement Application", ["opportunity", "status"])
	frappe.db.add_index("Involvement Application", ["status", "reply_by"])
