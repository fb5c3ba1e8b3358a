import frappe
from frappe import _
from frappe.utils import cint

from involvement_app.involvement_app import participants, reviewers, selection, selectors, young_people
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

OF_THE_APPLICATION = ["opportunity", "unit", "participant", "status"]


class SelectionScore(ServerManagedDocument):
	"""One selector's own score of one application. Kept without versions."""

	def validate(self):
		self.validate_application()
		self.validate_selector()
		self.validate_own()
		self.validate_once()
		self.validate_scores()

	def before_insert(self):
		if not self.scores and not self.knows_them:
			self.set(
				"scores",
				[{"criterion": name} for name in selection.criteria(self._application().opportunity)],
			)

	def _application(self):
		return frappe.db.get_value(selection.APPLICATION, self.application, OF_THE_APPLICATION, as_dict=True)

	def validate_application(self):
		if not self.flags.ignore_permissions:  # a selector reads it on their page, without a name
			frappe.get_doc(selection.APPLICATION, self.application).check_permission("read")
		found = self._application()
		self.opportunity, self.unit, self.participant = found.opportunity, found.unit, found.participant
		if found.status not in selection.WAITS:
			frappe.throw(
				_("Application: {0} is {1}, so nobody chooses any more.").format(
					self.application, _(found.status)
				)
			)
		mode = frappe.db.get_value(selection.OPPORTUNITY, self.opportunity, "selection_mode")
		if mode != selection.CRITERIA:
			frappe.throw(_("Application: people are not chosen by criteria here ({0}).").format(_(mode)))

	def validate_selector(self):
		if self.selector_kind != selection.LIVED_EXPERIENCE:
			self.selector = self.recorded_how = None
		elif not self.selector:
			frappe.throw(_("Selector with lived experience: choose who scores."))
		else:
			self.validate_lived_experience()
		if self.is_new():
			self.selector_user = frappe.session.user
		own = participants.participant_of(self.selector_user)
		if own and selection.has_asked(self.opportunity, own):
			frappe.throw(_("You applied for this yourself, so others choose."))

	def validate_lived_experience(self):
		if selectors.scores_for_themself(self):
			self.recorded_how = None
			return
		if not self.recorded_how:
			frappe.throw(
				_("How the person told us: please choose, so that this is never shown as their own act.")
			)
		if not self.is_new():
			return
		participants.refuse_strangers(self.selector, "read")
		person = frappe.db.get_value("Involvement Participant", self.selector, reviewers.ASKED, as_dict=True)
		reviewers.refuse_without_lived_experience(self.selector, person)
		young_people.refuse_waiting(person)
		if selection.has_asked(self.opportunity, self.selector):
			frappe.throw(
				_("Selector with lived experience: this person applied themself, so somebody else chooses.")
			)

	def validate_own(self):
		if not self.is_new() and self.selector_user != frappe.session.user:
			frappe.throw(_("A score is changed by who wrote it down."), frappe.PermissionError)

	def validate_once(self):
		# by person: nobody counts twice, once as staff and once with lived experience
		who = self.selector or participants.participant_of(self.selector_user) or self.selector_user
		self.own_key = f"{self.application}|{who}"
		there = frappe.db.get_value(selection.SCORE, {"own_key": self.own_key})
		if there and there != self.name:
			frappe.throw(_("This selector has scored this application already: {0}.").format(there))

	def validate_scores(self):
		if cint(self.knows_them):
			self.set("scores", [])
			self.total = None
			return
		asked = selection.criteria(self.opportunity)
		if [row.criterion for row in self.scores] != asked:
			frappe.throw(_("Scores: one row for each essential criterion: {0}.").format("; ".join(asked)))
		open_rows = [str(row.idx) for row in self.scores if row.score in (None, "")]
		if open_rows:
			frappe.throw(_("Scores: please choose for row {0}.").format(", ".join(open_rows)))
		self.total = sum(cint(row.score) for row in self.scores)


def on_doctype_update():
	frappe.db.add_index("Selection Score", ["opportunity", "application"])
