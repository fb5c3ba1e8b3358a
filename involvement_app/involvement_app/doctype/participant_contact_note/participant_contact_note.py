import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import assisted
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ParticipantContactNote(ServerManagedDocument):
	"""A call, a visit or a letter, in a few neutral words (domain 4.2). It stands here and never on the timeline of the
	CRM's record (law 9); the person reads it where it is shared with them. Kept without versions."""

	def validate(self):
		assisted.refuse_strangers(self)
		self.validate_summary()
		self.validate_dates()
		self.keep_what_was_sent()
		assisted.point_out_health(self, "summary", "follow_up")

	def validate_summary(self):
		self.summary = (self.summary or "").strip()
		if not self.summary:
			frappe.throw(_("What was said, in short: a few words are enough."))

	def validate_dates(self):
		if getdate(self.happened_on) > getdate(today()):
			frappe.throw(_("Date: this day is still to come. What is to happen goes under “Follow up on”."))
		if not self.follow_up_on:
			self.followed_up = 0
		elif getdate(self.follow_up_on) < getdate(self.happened_on):
			frappe.throw(_("Follow up on: choose a day after you spoke, or leave it empty."))

	def keep_what_was_sent(self):
		"""What the person was told stays as they were told it, where they can read it."""
		before = self.get_doc_before_save()
		if before and before.sent_on and (self.has_value_changed("summary") or not self.shared):
			frappe.throw(
				_("What was said, in short: it was sent to the person like this. Write to them again.")
			)


def on_doctype_update():
	frappe.db.add_index("Participant Contact Note", ["followed_up", "follow_up_on"])
