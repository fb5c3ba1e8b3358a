import frappe
from frappe import _
from frappe.utils import add_months, cint, format_date, getdate, today

from involvement_app.involvement_app import assisted, prints
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

TOLD = "The person told us"


def once_key(whose: str, course: str, completed_on) -> str:
	"""The same person, the same course, the same day: once."""
	return f"{whose}|{course}|{getdate(completed_on)}"


class TrainingRecord(ServerManagedDocument):
	"""One person, participant or staff, who completed one course on one day."""

	def validate(self):
		self.validate_whose()
		self.validate_day()
		self.set_valid_until()
		self.set_who_entered_it()
		self.validate_once()

	def validate_whose(self):
		if bool(self.participant) == bool(self.staff):
			frappe.throw(_("Participant, or a member of staff: choose one of the two."))
		if self.participant and self.has_value_changed("participant"):
			assisted.refuse_strangers(self, of_another=True)
		if self.staff and frappe.db.get_value("User", self.staff, "user_type") != "System User":
			frappe.throw(
				_(
					"Member of staff: {0} does not work here. For somebody who takes part, choose Participant."
				).format(self.staff)
			)
		if self.staff:
			self.preferred_name = None

	def validate_day(self):
		if getdate(self.completed_on) > getdate(today()):
			frappe.throw(_("Completed on: {0} is still to come.").format(format_date(self.completed_on)))

	def set_valid_until(self):
		"""By the course as it is on the day of the entry: a later change of the course takes nothing back."""
		if not (self.is_new() or self.has_value_changed("completed_on") or self.has_value_changed("course")):
			return
		months = cint(frappe.db.get_value("Training Course", self.course, "valid_months"))
		self.valid_until = add_months(self.completed_on, months) if months else None
		self.reminded_on = None

	def set_who_entered_it(self):
		if not self.is_their_word():
			return
		if self.known_from == TOLD and self.participant:
			assisted.note_who_told(self)
			return
		self.recorded_by, self.recorded_on = frappe.session.user, frappe.utils.now_datetime()
		self.recorded_how = self.told_how = None

	def is_their_word(self) -> bool:
		about = ("participant", "staff", "course", "completed_on", "known_from")
		return self.is_new() or any(map(self.has_value_changed, about))

	def validate_once(self):
		self.once_key = once_key(self.participant or self.staff, self.course, self.completed_on)
		same = {"once_key": self.once_key, "name": ["!=", self.name or ""]}
		if frappe.db.exists("Training Record", same):
			frappe.throw(
				_("{0}, {1}: this is written down already.").format(
					_(self.course), format_date(self.completed_on)
				),
				frappe.DuplicateEntryError,
			)

	def before_print(self, settings=None):
		"""What the certificate says; nothing that tells where somebody was, beyond what staff wrote."""
		self.certificate = frappe._dict(
			name=prints.person_name(self.participant) or prints.staff_name(self.staff),
			course=_(self.course),
			covers=frappe.db.get_value("Training Course", self.course, "covers"),
			on=format_date(self.completed_on, "d MMMM yyyy"),
			until=format_date(self.valid_until, "d MMMM yyyy") if self.valid_until else "",
			by=prints.organisation(),
		)


def on_doctype_update():
	frappe.db.add_index("Training Record", ["participant", "course"])
