import frappe
from frappe import _
from frappe.utils import flt, get_datetime, now_datetime

from involvement_app.involvement_app import added_dates, concerned, feedback, papers, promises, sessions
from involvement_app.involvement_app.holding import TOOK_PART
from involvement_app.lifecycle import LifecycleDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementSession(LifecycleDocument):
	def validate(self):
		self.validate_may_plan_for_it()
		self.set_from_opportunity()
		self.validate_times()
		self.set_attendance_names()
		self.validate_attendance()
		self.validate_own_row()
		self.validate_access_met()
		self.remember_hands()
		papers.validate(self)
		self.begin_checklist()
		self.sign_ticks()
		self.count_changes_for_calendars()
		sessions.forget_reminder(self)

	def before_insert(self):
		"""As `places.locked`: a yes at the same moment goes first, or counts this date too."""
		if not self.flags.asked_together:
			frappe.db.get_value("Involvement Opportunity", self.opportunity, "name", for_update=True)

	def after_insert(self):
		if not self.flags.asked_together:
			added_dates.check(self.opportunity, [self])

	def on_update(self):
		sessions.tell_if_moved(self)
		self.move_first_thanks()

	def move_first_thanks(self):
		before = self.get_doc_before_save()
		called_off = self.status == "Cancelled" and self.has_value_changed("status")
		if before and (called_off or get_datetime(before.starts_on) != get_datetime(self.starts_on)):
			feedback.follow_first_date(self)

	def begin_checklist(self):
		"""A new date begins with what its type of involvement asks for."""
		if not self.is_new() or self.checklist:
			return
		kind = frappe.db.get_value("Involvement Opportunity", self.opportunity, "opportunity_type")
		lines = frappe.get_cached_value("Involvement Type", kind, "session_checklist") if kind else None
		for line in (lines or "").splitlines():
			if line.strip():
				self.append("checklist", {"task": line.strip()[:140]})

	def sign_ticks(self):
		"""Who ticked it, and when; a tick that is taken away forgets both."""
		before = self.get_doc_before_save()
		stored = {row.name: row for row in before.checklist} if before else {}
		for row in self.checklist:
			old = stored.get(row.name)
			if old and bool(old.done) == bool(row.done):
				row.done_by, row.done_on = old.done_by, old.done_on
			else:
				row.done_by = frappe.session.user if row.done else None
				row.done_on = now_datetime() if row.done else None

	def sign_in_sheet(self) -> dict:
		"""{when, where, names} for the sheet at the door, which everybody there reads."""
		when = frappe.utils.format_datetime(self.starts_on, "EEEE d MMMM yyyy, HH:mm")
		return {"when": when, "where": self.place or "", "names": self._sign_in_names()}

	def _sign_in_names(self) -> list[str]:
		"""First name and the first letter of the last name, of everybody with a place."""
		engagement, participant, contact = (
			frappe.qb.DocType(name)
			for name in ("Involvement Engagement", "Involvement Participant", "Contact")
		)
		rows = (
			frappe.qb.from_(engagement)
			.join(participant)
			.on(participant.name == engagement.participant)
			.left_join(contact)
			.on((contact.name == participant.person) & (participant.person_doctype == "Contact"))
			.select(participant.preferred_name, contact.last_name)
			# places of this session's opportunity, for whoever may print it
			.where((engagement.opportunity == self.opportunity) & engagement.status.isin(TOOK_PART))
			.orderby(participant.preferred_name)
			.run()
		)
		return [_for_the_door(preferred, last) for preferred, last in rows]

	def count_changes_for_calendars(self):
		"""A calendar follows a change only if its number is higher than that of the last one."""
		before = self.get_doc_before_save()
		self.calendar_revision = (before and before.calendar_revision) or 0
		if before and sessions.differs(before, self):
			self.calendar_revision += 1

	def validate_may_plan_for_it(self):
		"""A session shows who takes part and leads to payments: it is planned by those who may change the opportunity."""
		if not self.is_new() or self.flags.ignore_permissions:
			return
		if not frappe.has_permission("Involvement Opportunity", "write", self.opportunity):
			frappe.throw(
				_("Opportunity: ask whoever leads {0} to add a session.").format(self.opportunity),
				frappe.PermissionError,
			)

	def set_from_opportunity(self):
		found = sessions.of_opportunity(self)
		title, self.unit, status, self.flags.others_begin, self.flags.somebody_speaks = found
		if self.is_new() and status in ("Completed", "Cancelled"):
			frappe.throw(
				_(
					"Opportunity: “{0}” is over ({1}), so no date can be added. Plan it again with “Plan it again” on its form."
				).format(title, _(status))
			)
		self.title = f"{title}, {frappe.utils.format_datetime(self.starts_on, 'd MMM yyyy, HH:mm')}"[:140]

	def validate_times(self):
		if get_datetime(self.ends_on) <= get_datetime(self.starts_on):
			frappe.throw(_("Ends on: the end has to be after the start."))

	def set_attendance_names(self):
		people = self.people() if self.attendance else {}
		for row in self.attendance:
			person = people.get(row.engagement)
			if not person:
				frappe.throw(
					_("Who took part, row {0}: {1} is no place in this opportunity.").format(
						row.idx, row.engagement
					)
				)
			row.participant, row.preferred_name = person

	def validate_attendance(self):
		seen = set()
		for row in self.attendance:
			# somebody who stopped and took a place again has two places, and was there once
			theirs = {row.engagement, row.participant} - {None, ""}
			if theirs & seen:
				frappe.throw(_("Who took part, row {0}: this person is there twice.").format(row.idx))
			seen |= theirs

	def validate_own_row(self):
		"""Attendance is what payment follows from, so nobody writes their own."""
		before = self.get_doc_before_save() or self
		if self.own_row() == before.own_row():
			return  # nobody's has changed
		people = {row.participant for doc in (self, before) for row in doc.attendance if row.participant}
		for own in concerned.among(frappe.session.user, people):
			if self.own_row(own) != before.own_row(own):
				frappe.throw(
					_(
						"You, or somebody you act for, take part in this session, so a colleague records your attendance."
					)
				)

	def own_row(self, participant: str | None = None) -> list[tuple]:
		"""What is paid for follows from it; without a participant, everybody's. Of whom it has no row, nothing."""
		rows = [
			(row.attendance or "", flt(row.hours), flt(row.preparation_hours))
			for row in self.attendance
			if participant in (None, row.participant)
		]
		times = [(str(self.starts_on), str(self.ends_on))] if self.status == "Held" else []
		return rows and times + rows

	def validate_access_met(self):
		"""Whether somebody had what they needed is for them to say: staff write down how they said it."""
		before = self.get_doc_before_save()
		stood = {row.name: row.access_met for row in before.attendance} if before else {}
		for row in self.attendance:
			if not row.access_met:
				row.access_told_how = None
			elif row.access_met != stood.get(row.name) and not row.access_told_how:
				frappe.throw(
					_(
						"Who took part, row {0}: choose how they told you whether they had what they needed."
					).format(row.idx)
				)

	def remember_hands(self):
		"""Whoever wrote what payments follow from approves none of them (architecture law 1), at whatever moment
		they wrote it."""
		before = self.get_doc_before_save()
		if self.what_is_paid_for() != (before.what_is_paid_for() if before else []):
			hands = {*(self.edited_by or "").split(), frappe.session.user}
			self.edited_by = "\n".join(sorted(hands))

	def what_is_paid_for(self) -> list[tuple]:
		return [
			(row.engagement, row.attendance or "", flt(row.hours), flt(row.preparation_hours))
			for row in self.attendance
		]

	def people(self) -> dict[str, tuple[str, str]]:
		"""Engagement → (participant, preferred name) of everybody who has or had a place in the opportunity."""
		engagement = frappe.qb.DocType("Involvement Engagement")
		participant = frappe.qb.DocType("Involvement Participant")
		rows = (
			frappe.qb.from_(engagement)
			.join(participant)
			.on(participant.name == engagement.participant)
			.select(engagement.name, participant.name, participant.preferred_name)
			.where(engagement.opportunity == self.opportunity)
			.run()
		)
		return {name: (code, preferred) for name, code, preferred in rows}

	@frappe.whitelist(methods=["POST"])
	def fill_attendance(self) -> int:
		"""Add everybody with a place who is not in the table yet, with the planned hours; answers how many."""
		self.check_permission("write")
		added = self.add_people()
		if added:
			self.save()
		return added

	def add_people(self, having: tuple[str, ...] = TOOK_PART) -> int:
		"""Rows for everybody whose place is in one of the states `having` and who has none yet; not saved. Answers how
		many."""
		present = {row.engagement for row in self.attendance}
		hours, preparation = self._planned()
		# get_all: places of this session's opportunity, which the reader may write
		living = frappe.get_all(
			"Involvement Engagement",
			filters={"opportunity": self.opportunity, "status": ["in", having]},
			fields=["name", "participant"],
			order_by="creation",
			as_list=True,
		)
		there = {row.participant for row in self.attendance}
		missing = [name for name, person in living if name not in present and person not in there]
		for name in missing:
			self.append("attendance", {"engagement": name, "hours": hours, "preparation_hours": preparation})
		return len(missing)

	def _planned(self) -> tuple[float, float]:
		"""(hours, hours of preparation) that whoever comes is paid for, as they were offered: those of the opportunity, shared
		over its dates."""
		opportunity = frappe.qb.DocType("Involvement Opportunity")
		[planned] = (  # bounded: the session's own
			frappe.qb.from_(opportunity)
			.select(
				opportunity.hours,
				opportunity.preparation_hours,
				promises.offered_length(opportunity.name).as_("offered_length"),
			)
			.where(opportunity.name == self.opportunity)
			.run(as_dict=True)
		)
		sessions = frappe.db.count(
			"Involvement Session", {"opportunity": self.opportunity, "status": ["!=", "Cancelled"]}
		)
		planned.update(starts_on=self.starts_on, ends_on=self.ends_on)
		# to the penny of what was offered, as hours are
		return promises.planned_hours(planned), round(flt(planned.preparation_hours) / max(sessions, 1), 6)


def _for_the_door(preferred_name: str, last_name: str | None) -> str:
	first, _space, rest = (preferred_name or "").strip().partition(" ")
	last = (rest.split() or [last_name or ""])[-1].strip()
	return f"{first} {last[0].upper()}." if last else first


def on_doctype_update():
	frappe.db.add_index("Involvement Session", ["opportunity", "status", "starts_on"])
