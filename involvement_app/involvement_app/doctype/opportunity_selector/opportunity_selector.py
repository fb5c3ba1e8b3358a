import frappe
from frappe import _

from involvement_app.involvement_app import assisted, reviewers, selection, selectors, young_people
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class OpportunitySelector(LifecycleDocument):
	"""Somebody with lived experience who chooses with staff who takes part (domain 4.3). Kept without versions; they
	may say no without a reason, and nothing is counted."""

	def validate(self):
		if self.is_new():
			self.validate_opportunity()
			self.validate_person()
			self.validate_once()

	def after_insert(self):
		selectors.tell_if_wanted(self)

	def validate_opportunity(self):
		# locked: two who name the same person at one moment ask them once
		opportunity = frappe.get_doc(selection.OPPORTUNITY, self.opportunity, for_update=True)
		opportunity.check_permission("read")
		if opportunity.selection_mode != selection.CRITERIA:
			frappe.throw(
				_("Opportunity: people are not chosen by criteria here ({0}).").format(
					_(opportunity.selection_mode)
				)
			)
		if opportunity.status in selection.OVER:
			frappe.throw(
				_("Opportunity: {0} is {1}, so nobody chooses any more.").format(
					opportunity.name, _(opportunity.status)
				)
			)
		self.unit = opportunity.unit

	def validate_person(self):
		assisted.refuse_strangers(self)
		person = frappe.db.get_value(
			"Involvement Participant", self.participant, reviewers.ASKED, as_dict=True
		)
		reviewers.refuse_without_lived_experience(self.participant, person)
		young_people.refuse_waiting(person)
		if selection.has_asked(self.opportunity, self.participant):
			frappe.throw(_("Participant: this person applied themself, so somebody else chooses."))

	def validate_once(self):
		living = {"opportunity": self.opportunity, "participant": self.participant, "status": "Asked"}
		# past the snapshot
		if frappe.db.get_value("Opportunity Selector", living, "name", for_update=True):
			frappe.throw(_("Participant: this person chooses here already."))


def on_doctype_update():
	frappe.db.add_index("Opportunity Selector", ["opportunity", "status"])
	frappe.db.add_index("Opportunity Selector", ["participant", "status"])
