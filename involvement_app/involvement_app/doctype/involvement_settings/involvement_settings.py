import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from involvement_app.messages.neutral import telling
from involvement_app.permissions import roles_of
from involvement_app.permissions.separation import STRICT
from involvement_app.setup.roles import DESK_ROLES


class InvolvementSettings(Document):
	def validate(self):
		self.validate_lived_experience()
		self.validate_panels()
		self.validate_days()
		self.validate_neutral()
		self.validate_separation()

	def validate_lived_experience(self):
		if (self.min_lived_experience_places or 0) < 1:
			frappe.throw(
				_("Lived-experience places: at least 1, so that nobody decides about people without them.")
			)

	def validate_panels(self):
		if (self.min_panel_le_members or 0) < 1:
			frappe.throw(
				_(
					"Members with lived experience on a panel: at least 1, so that no panel chooses staff without them."
				)
			)
		if (self.panel_candidate_days or 0) < 1:
			frappe.throw(_("Days until candidate data goes: at least 1."))

	def validate_days(self):
		"""None at all would be no time to stop a changed account, and no promise (domain 4.6, 4.12)."""
		least = _("{0}: at least 1.")
		for fieldname, words in {
			"bank_cooling_off_days": _(
				"{0}: at least 1, so that people can stop a change that they did not ask for."
			),
			"payment_working_days": least,
			"claim_months": least,
		}.items():
			if cint(self.get(fieldname)) < 1:
				frappe.throw(words.format(_(self.meta.get_label(fieldname))))

	def validate_neutral(self):
		"""A bank statement and a sender's name are read by others (law 12, domain 1.7)."""
		for fieldname in ("payment_reference", "sender_name"):
			if telling(self.get(fieldname)):
				frappe.throw(
					_(
						"{0}: choose words that say nothing about care or health. Other people read them."
					).format(_(self.meta.get_label(fieldname)))
				)

	def validate_separation(self):
		"""Whoever gains from a looser rule does not loosen it; anybody who may write here may tighten it."""
		self.separation = self.separation or STRICT
		before = self.get_doc_before_save()
		if self.separation in (STRICT, before and before.separation) or _gains_nothing(frappe.session.user):
			return
		frappe.throw(
			_(
				"Separation: ask a system manager who holds no Involvement role. Who gains from fewer checks does not choose them."
			),
			frappe.PermissionError,
		)


def _gains_nothing(user: str) -> bool:
	if user == "Administrator":
		return True
	held = roles_of(user)
	return "System Manager" in held and not held & DESK_ROLES
