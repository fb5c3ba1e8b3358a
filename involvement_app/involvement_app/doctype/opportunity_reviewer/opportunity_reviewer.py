import frappe
from frappe import _

from involvement_app.involvement_app import assisted, reviewers, young_people
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_WORDS = 2000


class OpportunityReviewer(LifecycleDocument):
	"""Somebody with lived experience whose yes stands beside the manager's (domain 4.3). Kept without versions; they
	may say no without a reason, and nothing is counted."""

	def validate(self):
		if self.is_new():
			self.validate_still_open()
			self.validate_person()
			self.validate_once()
		self.validate_words()

	def after_insert(self):
		reviewers.ask_if_handed_in(self)

	def validate_still_open(self):
		# locked: two who name the same person at one moment ask them once
		opportunity = frappe.get_doc(reviewers.OPPORTUNITY, self.opportunity, for_update=True)
		opportunity.check_permission("read")
		if opportunity.status not in reviewers.BEFORE_APPROVAL:
			frappe.throw(
				_("Opportunity: {0} is {1}, so nobody has to be asked any more.").format(
					opportunity.name, _(opportunity.status)
				)
			)
		self.unit = opportunity.unit

	def validate_person(self):
		assisted.refuse_strangers(self)
		person = frappe.db.get_value(
			"Involvement Participant", self.participant, reviewers.ASKED, as_dict=True
		)
		young_people.refuse_waiting(person)
		reviewers.refuse_who_cannot(self.opportunity, self.participant, person)

	def validate_once(self):
		living = {"opportunity": self.opportunity, "participant": self.participant}
		living["status"] = ["!=", "Not reviewing"]
		if frappe.db.get_value("Opportunity Reviewer", living, "name", for_update=True):  # past the snapshot
			frappe.throw(_("Participant: this person is a reviewer of this opportunity already."))

	def validate_words(self):
		self.words = (self.words or "").strip()
		if len(self.words) > MOST_WORDS:
			frappe.throw(
				_("{0}: at most {1} letters. It has {2}.").format(
					_(self.meta.get_label("words")), MOST_WORDS, len(self.words)
				)
			)
		before = self.get_doc_before_save()
		if before and before.status != "Asked" and self.has_value_changed("words"):
			if self.status == before.status:
				frappe.throw(_("What they would change: what they said stays as they said it."))


def on_doctype_update():
	frappe.db.add_index("Opportunity Reviewer", ["opportunity", "status"])
	frappe.db.add_index("Opportunity Reviewer", ["participant", "status"])
