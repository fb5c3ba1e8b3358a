import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import assisted, questions
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ParticipantQuestion(LifecycleDocument):
	"""What somebody asked us, and our answer (domain 4.8, 4.10; row 1.9). Kept without versions."""

	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_question()
		self.validate_asked_on()
		self.set_clock()
		self.keep_the_answer()
		assisted.point_out_health(self, "answer")

	def validate_question(self):
		self.question, self.answer = (self.question or "").strip(), (self.answer or "").strip()
		if not self.question:
			frappe.throw(_("Question: write what they asked."))
		if self.is_new():
			assisted.note_who_told(self)

	def validate_asked_on(self):
		self.asked_on = self.asked_on or today()
		if getdate(self.asked_on) > getdate(today()):
			frappe.throw(_("Asked on: this day is still to come."))

	def set_clock(self):
		if self.is_new():
			self.answer_by = questions.answer_by(self.asked_on)

	def keep_the_answer(self):
		"""What the person was told stays as they were told it."""
		before = self.get_doc_before_save()
		if before and before.status != "To answer" and self.has_value_changed("answer"):
			frappe.throw(
				_("Answer: the person has read it like this. Write down a new question to add something.")
			)


def on_doctype_update():
	frappe.db.add_index("Participant Question", ["status", "answer_by"])
