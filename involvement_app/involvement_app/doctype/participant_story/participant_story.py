import frappe
from frappe import _

from involvement_app.involvement_app import assisted, stories
from involvement_app.lifecycle import LifecycleDocument, TransitionError

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ParticipantStory(LifecycleDocument):
	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_words()
		self.set_shown_name()
		self.void_agreement()
		stories.keep_uses(self)
		stories.validate_uses(self)

	def validate_words(self):
		self.words = stories.stored(self.words)
		if len(self.words) > stories.MOST_WORDS and self.has_value_changed("words"):
			frappe.throw(
				_("{0}: at most {1} letters, so that people can read it. It has {2}.").format(
					_(self.meta.get_label("words")), stories.MOST_WORDS, len(self.words)
				)
			)

	def set_shown_name(self):
		"""What the person agrees to is the name as well; a later change of it is not shown without them."""
		if self.is_new() or self.status in ("Draft", "With the person") or self.has_value_changed("identity"):
			self.shown_name = stories.name_to_show(self.participant, self.identity)

	def void_agreement(self):
		"""Any change of what is read makes the person's agreement void."""
		before = self.get_doc_before_save()
		if not before or stories.fingerprint(before) == stories.fingerprint(self):
			return
		if before.status in stories.AGREED and self.status == before.status:
			self.status = "Draft"
		elif before.status not in ("Draft", "With the person"):
			frappe.throw(
				_(
					"The words cannot change while the story is {0}. Take it out of use or back to a draft first; then the person agrees again."
				).format(_(before.status)),
				TransitionError,
			)


def on_doctype_update():
	frappe.db.add_index("Participant Story", ["participant", "status"])
