import re

import frappe
from frappe import _
from frappe.utils import cstr

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import criteria, decisions, desk, members, scores
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody

MOST_INITIALS = 4


class RecruitmentPanel(LifecycleDocument):
	"""A panel that chooses somebody for a post. Kept without versions: they would keep candidates' data."""

	def before_insert(self):
		self.hr_officer = self.hr_officer or frappe.session.user
		if not self.members:
			members.take_places(self)
		self.set("provisions", [{"provision": words} for words in members.PROVISIONS])

	def validate(self):
		self.validate_opportunity()
		self.validate_candidates()
		self.validate_members()
		self.validate_provisions()
		self.validate_questions()
		criteria.validate(self)
		self.validate_what_is_settled()
		decisions.note_when_it_would_go(self)

	def on_update(self):
		"""The last scores that were waited for may have been of somebody who withdraws now."""
		before = self.get_doc_before_save()
		if not before or before.status != panels.SCORING:
			return
		if len(scores.candidates(self)) < len(scores.candidates(before)):
			scores.open_if_all_are_in(self)
			# the form goes on with what is stored now
			self.update(frappe.db.get_value(panels.PANEL, self.name, ["opened_on", "modified"], as_dict=True))

	def decision_record(self) -> list:
		"""For its print format: the results, for who may read the scores."""
		return desk.record(self)

	def validate_opportunity(self):
		row = frappe.db.get_value(
			panels.OPPORTUNITY, self.opportunity, ["unit", "opportunity_type"], as_dict=True
		)
		category = row and frappe.get_cached_value("Involvement Type", row.opportunity_type, "category")
		if category != panels.CATEGORY:
			frappe.throw(_("Opportunity: choose one whose type is a recruitment panel."))
		if self.is_new():
			frappe.get_doc(panels.OPPORTUNITY, self.opportunity).check_permission("read")
		self.unit = row.unit

	def validate_members(self):
		members.name_members(self)
		members.refuse_twice(self)
		members.refuse_two_chairs(self)
		members.forget_declarations(self)
		members.note_who_declared(self)

	def validate_candidates(self):
		seen = {}
		for row in self.candidates:
			row.reference, row.initials = cstr(row.reference).strip(), cstr(row.initials).strip().upper()
			if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,19}", row.reference):
				self.refuse(
					"candidates", row, _("the reference is letters, figures, dots and dashes, twenty at most")
				)
			if not re.search(r"\d", row.reference):
				self.refuse("candidates", row, _("the reference needs a figure, so that it is nobody's name"))
			key = row.reference.casefold()  # the database takes C-1 and c-1 for the same
			if key in seen:
				self.refuse("candidates", row, _("row {0} has this reference already").format(seen[key]))
			if not re.fullmatch(
				rf"[^\W\d_]{{0,{MOST_INITIALS}}}", row.initials.replace(".", "").replace(" ", "")
			):
				self.refuse("candidates", row, _("initials only, four letters at most, never a name"))
			seen[key] = row.idx
		self.validate_outcomes()

	def validate_outcomes(self):
		"""Outcomes come with the decision. Who withdraws does so at any time before."""
		before = self.get_doc_before_save()
		if before and before.status != "Decided" and self.status == "Decided":
			return  # the guards of this step look at them
		earlier = {row.reference: row for row in before.candidates} if before else {}
		begun = before and before.status not in panels.BEFORE_SCORING
		settled = begun and before.status != panels.SCORING
		for row in self.candidates:
			was = earlier.get(row.reference) or frappe._dict(outcome="", reason="")
			if (cstr(row.outcome), cstr(row.reason)) == (cstr(was.outcome), cstr(was.reason)):
				continue
			if begun and was.outcome == panels.WITHDREW:
				self.refuse("candidates", row, _("they withdrew, and stay withdrawn once scoring began"))
			withdraws = {cstr(row.outcome), cstr(was.outcome)} <= {"", panels.WITHDREW}
			if settled or not withdraws or cstr(row.reason) != cstr(was.reason):
				self.refuse(
					"candidates", row, _("the outcome and its reason come from the chair, with the decision")
				)

	def validate_provisions(self):
		for row, words in zip(self.provisions, members.PROVISIONS, strict=False):
			row.provision = words
		if not self.is_new() and len(self.provisions) != len(members.PROVISIONS):
			frappe.throw(_("What members need: the ten stay. Write why one is not needed."))

	def validate_questions(self):
		"""Each keeps who wrote it; new ones are the session's own."""
		before = self.get_doc_before_save()
		earlier = {row.name: row for row in before.questions} if before else {}
		own = members.of_user(self)
		for row in self.questions:
			was = earlier.get(row.name)
			if was and cstr(was.question) == cstr(row.question):
				row.update({field: was.get(field) for field in ("participant", "staff", "author")})
				continue
			row.participant = own.participant if own else None
			row.staff = None if row.participant else frappe.session.user
			row.author = own.member_name if own else frappe.utils.get_fullname()

	def validate_what_is_settled(self):
		"""From scoring on, nobody joins or leaves, and what is scored stays as it was."""
		before = self.get_doc_before_save()
		if not before or before.status in panels.BEFORE_SCORING:
			return
		for table, fields, words in (
			(
				"candidates",
				("reference", "initials"),
				_("no candidate is added or taken away once scoring began"),
			),
			(
				"criteria",
				(*criteria.WHAT, "agreed_on", "told_how"),
				_("what is scored stays as it was when scoring began"),
			),
		):
			self.refuse_changed(table, fields, before, words)
		self.refuse_other_members(before)

	def refuse_changed(self, table: str, fields: tuple, before, words: str) -> None:
		earlier = [tuple(cstr(row.get(field)) for field in fields) for row in before.get(table)]
		for row in self.get(table):
			if tuple(cstr(row.get(field)) for field in fields) not in earlier:
				self.refuse(table, row, words)
		if len(self.get(table)) != len(earlier):
			frappe.throw(f"{_(self.meta.get_label(table))}: {words}.")

	def refuse_other_members(self, before) -> None:
		"""While they score, another voter may take the chair: nothing else."""
		earlier = {members.key_of(row): row for row in before.members}
		words = _("nobody joins, leaves or gets another vote once scoring began")
		for row in self.members:
			was = earlier.get(members.key_of(row))
			shadow = was and panels.SHADOW in (row.role, was.role) and row.role != was.role
			settled = before.status != panels.SCORING and was and row.role != was.role
			declared = was and (row.kind, cstr(row.stands_aside_for)) != (
				was.kind,
				cstr(was.stands_aside_for),
			)
			if not was or shadow or settled or declared or (before.opened_on and row.role != was.role):
				self.refuse("members", row, words)
		if len(self.members) != len(earlier):
			frappe.throw(_("Members: {0}.").format(words))

	def refuse(self, table: str, row, words: str) -> None:
		frappe.throw(
			_("{0}, row {1}: {2}.").format(_(self.meta.get_label(table)), row.idx, words),
			title=_("Please look again"),
		)
