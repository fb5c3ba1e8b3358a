import frappe
from frappe import _
from frappe.utils import cstr

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import members, scores
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_WORDS = 2000


class PanelScore(ServerManagedDocument):
	"""What one member of a panel thinks of one candidate. Kept without versions, and said on no socket."""

	def before_insert(self):
		if not self.scores and self.answer != panels.CHOSE_NOT:
			self.set("scores", [{"criterion": row.criterion} for row in self.the_panel().criteria])

	def the_panel(self):
		if not self.flags.panel:
			if not frappe.db.exists(panels.PANEL, self.panel):
				frappe.throw(_("Recruitment panel: you are no member of this panel."), frappe.PermissionError)
			self.flags.panel = scores.locked(self.panel)
		return self.flags.panel

	def validate(self):
		panel = self.the_panel()
		self.validate_own()
		row = scores.seat(self, panel)
		self.unit, self.kind, self.member_name = panel.unit, row.kind, row.member_name
		self.candidate = cstr(self.candidate).strip()
		scores.refuse_while_closed(self, panel)
		scores.refuse_candidate(self, panel, row)
		self.validate_once(row)
		scores.mark(self, panel)
		self.validate_words()

	def validate_own(self):
		if self.is_new() and not self.participant:
			self.staff = frappe.session.user
		if not self.participant and self.staff != frappe.session.user:
			frappe.throw(_("A score is changed by who wrote it down."), frappe.PermissionError)

	def validate_once(self, row):
		self.own_key = scores.key(self.panel, members.key_of(row), self.candidate)
		there = frappe.db.get_value(panels.SCORE, {"own_key": self.own_key}, for_update=True)
		if there and there != self.name:
			frappe.throw(
				_("Candidate: you have scored {0} already. Open that score to change it.").format(
					self.candidate
				)
			)

	def validate_words(self):
		self.words = cstr(self.words).strip()
		if len(self.words) > MOST_WORDS:
			frappe.throw(
				_("In your words: at most {0} letters. It has {1}.").format(MOST_WORDS, len(self.words))
			)

	def after_insert(self):
		scores.open_if_all_are_in(self.the_panel())

	def on_trash(self):
		frappe.throw(_("A score stays until the candidates' data goes."))

	def notify_update(self):
		"""Frappe tells every open list who has just written one; nobody is to know."""


def on_doctype_update():
	frappe.db.add_index("Panel Score", ["panel", "candidate"])
