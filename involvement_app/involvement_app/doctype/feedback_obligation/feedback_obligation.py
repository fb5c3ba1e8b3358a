import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import assisted, feedback, participants
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

WORDS = ("promised", "what_was_said", "what_changed", "what_could_not_change", "reason")
MOST = 4000


class FeedbackObligation(LifecycleDocument):
	"""What we owe people after they took part, and what they were told (domain 4.3; row 3.14). Kept without versions."""

	def validate(self):
		self.validate_to_whom()
		self.validate_may_promise()
		self.validate_owner()
		self.remember_who_owed_it()
		self.validate_days()
		self.validate_words()
		self.set_from_opportunity()
		self.set_usual_words()
		self.keep_what_was_told()

	def validate_to_whom(self):
		if not self.opportunity and not self.participant:
			frappe.throw(_("Opportunity: choose what it is about, or one person it is owed to."))
		if not self.is_new() or not self.participant or self.flags.ignore_permissions:
			return
		# before anything else is said of them: who asked, and what became of it, is not every lead's to know
		participants.refuse_strangers(self.participant, "read")
		if self.opportunity and not self._has_asked():
			frappe.throw(_("To one person alone: this person takes no part in this opportunity."))

	def _has_asked(self) -> bool:
		about = {"opportunity": self.opportunity, "participant": self.participant}
		return bool(frappe.db.exists("Involvement Application", about))

	def validate_may_promise(self):
		"""A promise binds who leads the opportunity, or speaks to the person: they make it."""
		if not self.is_new() or self.flags.ignore_permissions:
			return
		if not self.opportunity:
			return assisted.refuse_strangers(self)
		if not frappe.has_permission(feedback.OPPORTUNITY, "write", self.opportunity):
			frappe.throw(
				_("Opportunity: ask whoever leads {0} to promise this.").format(self.opportunity),
				frappe.PermissionError,
			)

	def validate_owner(self):
		if not self.has_value_changed("feedback_owner") or self.flags.ignore_permissions:
			return
		if self.participant and not self._may_know_the_person():
			frappe.throw(_("Who tells them: choose a colleague who may see this person."))
		feedback.refuse_who_cannot_tell(_("Who tells them"), self.feedback_owner)

	def remember_who_owed_it(self):
		"""Nobody lets themself off by giving it to somebody else first."""
		if self.has_value_changed("feedback_owner"):
			before = self.get_doc_before_save()
			hands = {*(self.owed_by or "").split(), self.feedback_owner}
			if before:
				hands |= {before.feedback_owner, frappe.session.user}
			self.owed_by = " ".join(sorted(hands - {None}))

	def _may_know_the_person(self) -> bool:
		return frappe.has_permission(
			"Involvement Participant", "read", self.participant, user=self.feedback_owner
		)

	def validate_days(self):
		for fieldname in ("due_on", "next_on"):
			passed = self.get(fieldname) and getdate(self.get(fieldname)) < getdate(today())
			# what a published opportunity promised stands, whatever the day
			if passed and self.has_value_changed(fieldname) and not self.flags.ignore_permissions:
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0}: choose a day that is still to come.").format(label))

	def validate_words(self):
		for fieldname in WORDS:
			if len(self.get(fieldname) or "") > MOST:
				label = _(self.meta.get_label(fieldname))
				frappe.throw(
					_("{0}: at most {1} letters, so that people can read it. It has {2}.").format(
						label, MOST, len(self.get(fieldname))
					)
				)
		assisted.point_out_health(self, *WORDS)

	def set_from_opportunity(self):
		if not self.is_new():
			return
		about, self.unit = (
			frappe.db.get_value(feedback.OPPORTUNITY, self.opportunity, ["title", "unit"])
			if self.opportunity
			else (None, None)
		)
		self.title = (f"{_(self.kind)}: {about}" if about else _(self.kind))[:140]

	def set_usual_words(self):
		self.promised = self.promised or feedback.promised_words(self.kind)
		if self.kind != feedback.FULL and not self.next_on and self.opportunity:
			self.next_on = self._next_promise()

	def _next_promise(self):
		"""When the next of the same opportunity is due."""
		later = {
			"opportunity": self.opportunity,
			"status": feedback.OWED,
			"due_on": [">", max(getdate(self.due_on), getdate(today()))],
			"name": ["!=", self.name or ""],
		}
		return frappe.db.get_value(feedback.OBLIGATION, later, "due_on", order_by="due_on asc")

	def keep_what_was_told(self):
		"""What people were told stays as they were told it."""
		before = self.get_doc_before_save()
		if not before or before.status == feedback.OWED:
			return
		for fieldname in (*WORDS, "next_on"):
			if self.has_value_changed(fieldname) and self.status != feedback.OWED:
				label = _(self.meta.get_label(fieldname))
				frappe.throw(
					_(
						"{0}: people have read it like this. Add another Feedback Obligation to say more."
					).format(label)
				)

	def on_trash(self):
		frappe.throw(
			_("What was promised to people is not deleted. Tell them, or say why it is not possible.")
		)


def on_doctype_update():
	frappe.db.add_index("Feedback Obligation", ["opportunity", "status"])
	frappe.db.add_index("Feedback Obligation", ["status", "due_on"])
