import os
import re
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import add_days, cint, flt, get_datetime, get_system_timezone, getdate, today

from involvement_app.involvement_app import (
	co_leads,
	costs,
	feedback,
	gates,
	opportunities,
	overrides,
	promises,
	reviewers,
)
from involvement_app.involvement_app.plurals import counted
from involvement_app.lifecycle import LifecycleDocument, TransitionError
from involvement_app.lifecycle.engine import changed_content

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


OPEN_TO_EDITING = ("Draft", "Submitted", "Changes requested")
# whoever changes it then, hands it in again by the same save
SENT_BACK_FROM = ("Approved", "Published", "Closed to applications")
# what people applied under stays
FIXED_ONCE_PUBLISHED = ("unit", "selection_mode", "criteria")
# the ways to take part, in the order in which people read them
WAYS = ("in_person", "online", "by_telephone", "by_post", "one_to_one")
MOST_PLACES = 1000
MOST_DATES = 60
MOST_CRITERIA = 10
MOST_ESSENTIAL = 5
MOST_HOURS = 1000
MOST_MONEY = 1_000_000  # pounds
# letters: a sentence or two; a page
MOST_WORDS = {"Small Text": 2000, "Text": 4000}
MARKUP = re.compile(r"<[/!a-z]", re.IGNORECASE)
EASY_READ = (".pdf", ".docx", ".doc", ".odt")


class InvolvementOpportunity(LifecycleDocument):
	def validate(self):
		self.send_back()
		self.validate_frozen()
		self.validate_fixed()
		self.validate_words()
		self.validate_dates()
		self.validate_days()
		self.validate_places()
		self.validate_hours()
		self.validate_money()
		self.validate_ways()
		self.validate_criteria()
		co_leads.validate(self)
		self.validate_easy_read()
		self.set_level()
		self.set_usual_answers()
		self.validate_feedback_owner()
		self.set_money()
		self.set_gates()
		self.written_version = reviewers.version(self)

	def onload(self):
		self.set_onload("cost_in_words", costs.in_words(self))

	def send_back(self):
		"""A material change of what was approved is approved again (domain 4.3)."""
		before = self.get_doc_before_save()
		if before and before.status == self.status and self.status in SENT_BACK_FROM:
			if reviewers.version(self) != reviewers.version(before):
				self.status = "Submitted"

	def save_version(self):
		"""Who leads with us is on no trail: they may stop without one."""
		docs = [doc for doc in (self, self.get_doc_before_save()) if doc]
		rows = [doc.co_leads for doc in docs]
		for doc in docs:
			doc.co_leads = []
		try:
			super().save_version()
		finally:
			for doc, kept in zip(docs, rows, strict=True):
				doc.co_leads = kept

	def validate_feedback_owner(self):
		if self.feedback_owner not in (None, self.lead) and self.has_value_changed("feedback_owner"):
			feedback.refuse_who_cannot_tell(_(self.meta.get_label("feedback_owner")), self.feedback_owner)

	def validate_frozen(self):
		"""What was approved, and what people said yes to, does not change under them."""
		before = self.get_doc_before_save()
		if not before or before.status in OPEN_TO_EDITING:
			return
		if before.status in SENT_BACK_FROM and self.status == "Submitted":
			return
		labels = {_(self.meta.get_label(fieldname)) for fieldname in reviewers.IMMATERIAL}
		frozen = [label for label in changed_content(self, before) if label not in labels]
		if frozen:
			frappe.throw(
				_("{0} cannot change once an opportunity is {1}.").format(
					", ".join(frozen), _(before.status)
				),
				TransitionError,
			)

	def validate_fixed(self):
		"""Once it was published: its unit, how people are chosen, and the dates that became sessions."""
		before = self.get_doc_before_save()
		if not before or not before.published_on:
			return
		fixed = {_(self.meta.get_label(fieldname)) for fieldname in FIXED_ONCE_PUBLISHED}
		changed = fixed.intersection(changed_content(self, before))
		if changed:
			frappe.throw(
				_("{0} cannot change once an opportunity was published: people applied under it.").format(
					", ".join(sorted(changed))
				),
				TransitionError,
			)
		stood, now = ({opportunities.date_line(row) for row in doc.dates} for doc in (before, self))
		if opportunities.published_dates(before) & stood - now:
			frappe.throw(
				_(
					"Dates: those that were published are moved or called off on their Involvement Session, where everybody with a place is told. You can add dates here."
				),
				TransitionError,
			)

	def validate_words(self):
		validate_plain_words(self)
		for row in self.criteria:
			_validate_words(_("Criteria, row {0}").format(row.idx), row.criterion or "", None)

	def validate_dates(self):
		for row in self.dates:
			if get_datetime(row.ends_on) <= get_datetime(row.starts_on):
				frappe.throw(
					_("When and places, row {0}: the end has to be after the start.").format(row.idx)
				)
		starts = self.first_date()
		if starts and self.apply_by and getdate(self.apply_by) > starts:
			frappe.throw(
				_("Apply by: choose a day before the first date, {0}.").format(frappe.format(starts))
			)

	def validate_days(self):
		"""A day that has passed is a slip; one that passes while it waits is what the checklist is for."""
		before = self.get_doc_before_save()
		known = {_span(row) for row in before.dates} if before else set()
		new = [row for row in self.dates if _span(row) not in known]
		if new and len(self.dates) > MOST_DATES:
			frappe.throw(
				_("When and places: at most {0} dates. There are {1}.").format(MOST_DATES, len(self.dates))
			)
		for row in new:
			if getdate(row.starts_on) < getdate(today()):
				frappe.throw(
					_("When and places, row {0}: choose a day that is still to come.").format(row.idx)
				)
			if _clocks_change(row.starts_on, row.ends_on):
				frappe.throw(
					_(
						"When and places, row {0}: the clocks change in that time, so nobody would know when it starts or ends. Choose other times."
					).format(row.idx)
				)
		for fieldname in ("apply_by", "decision_date", "full_feedback_due"):
			day = self.get(fieldname)
			passed = day and getdate(day) < getdate(today())
			if passed and (not before or getdate(before.get(fieldname)) != getdate(day)):
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0}: choose a day that is still to come.").format(label))

	def validate_places(self):
		if not 1 <= cint(self.places) <= MOST_PLACES:
			frappe.throw(_("Places: write a number from 1 to {0}.").format(MOST_PLACES))
		if cint(self.places) < cint(self.places_confirmed) and self.has_value_changed("places"):
			frappe.throw(
				counted(
					cint(self.places_confirmed),
					_("Places: 1 person has a place already. Write 1 or more."),
					_("Places: {0} people have a place already. Write {0} or more."),
				)
			)
		if cint(self.lived_experience_places) > cint(self.places):
			frappe.throw(
				_("There are more places for people with lived experience than places. Raise “Places”.")
			)

	def validate_hours(self):
		for fieldname in ("hours", "preparation_hours"):
			if not 0 <= flt(self.get(fieldname)) <= MOST_HOURS:
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0}: write a number from 0 to {1}.").format(label, MOST_HOURS))

	def validate_money(self):
		for fieldname in ("budget", "access_costs"):
			within = 0 <= flt(self.get(fieldname)) <= MOST_MONEY
			if not within and self.has_value_changed(fieldname):
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0}: write an amount from £0 to £{1}.").format(label, f"{MOST_MONEY:,}"))

	def ways(self) -> list[str]:
		"""Fields of the ways in which one can take part."""
		return [fieldname for fieldname in WAYS if cint(self.get(fieldname))]

	def validate_ways(self):
		if not self.ways():
			frappe.throw(
				_(
					"Choose at least one way to take part: in person, online, by telephone, by post or one to one."
				)
			)

	def validate_criteria(self):
		essential = [row for row in self.criteria if cint(row.essential)]
		if len(essential) > MOST_ESSENTIAL:
			frappe.throw(
				_(
					"Criteria: at most {0} can be essential, so that nobody is kept away. Take out “{1}”, or make it not essential."
				).format(MOST_ESSENTIAL, essential[MOST_ESSENTIAL].criterion)
			)
		if len(self.criteria) > MOST_CRITERIA:
			frappe.throw(_("Criteria: at most {0}. There are {1}.").format(MOST_CRITERIA, len(self.criteria)))

	def validate_easy_read(self):
		"""It is handed to people in the portal: a private file that whoever chose it may read themself."""
		if not self.easy_read or not self.has_value_changed("easy_read"):
			return
		if os.path.splitext(self.easy_read)[1].lower() not in EASY_READ:
			frappe.throw(_("Easy-read version: choose a PDF, Word or OpenDocument file."))
		# get_all: who may read one of them is asked below
		files = frappe.get_all("File", {"file_url": self.easy_read, "is_private": 1}, pluck="name", limit=20)
		# one by one: the few records of one file
		if not any(frappe.has_permission("File", "read", name) for name in files):
			frappe.throw(_("Easy-read version: upload the file here, and leave it private."))

	def set_level(self):
		if not self.level:
			self.level = frappe.get_cached_value("Involvement Type", self.opportunity_type, "default_level")

	def set_usual_answers(self):
		"""What is mostly so, while somebody still writes; never beside a decision on what they wrote."""
		stored = self.get_doc_before_save()
		if stored and stored.status not in ("Draft", "Changes requested"):
			return
		self.cost_centre = self.cost_centre or frappe.get_cached_value(
			"Involvement Unit", self.unit, "cost_centre"
		)
		self.feedback_owner = self.feedback_owner or self.lead
		if self.decision_date and not self.full_feedback_due:
			days = cint(frappe.get_cached_doc("Involvement Settings").full_feedback_days)
			self.full_feedback_due = add_days(self.decision_date, days)

	def set_money(self):
		cost = costs.of_opportunity(self)
		self.offer_per_person, self.estimate = cost.time, cost.total
		last = self.last_date()
		self.payment_on = promises.paid_by(last) if last else None

	def set_gates(self):
		"""Afresh until it is published, that step included; then they stand as they were."""
		stored = self.get_doc_before_save()
		deciding = (*OPEN_TO_EDITING, "Approved")
		if not stored or stored.status in deciding or self.status == "Submitted":
			before = self if self.flags.overriding else stored
			unchanged = bool(stored) and not changed_content(self, stored)
			self.set("gates", overrides.carried_over(gates.checklist(self), before, unchanged))
			self.overrides = sum(bool(row.override_by) for row in self.gates)

	def first_date(self):
		return min((getdate(row.starts_on) for row in self.dates if row.starts_on), default=None)

	def last_date(self):
		return max((getdate(row.ends_on) for row in self.dates if row.ends_on), default=None)

	def every_date(self) -> list:
		days = {getdate(day) for row in self.dates for day in (row.starts_on, row.ends_on) if day}
		return sorted(days)

	def on_update(self):
		feedback.follow(self)
		reviewers.after_save(self)

	def on_trash(self):
		if self.status != "Draft":
			frappe.throw(_("Only a draft can be deleted. Use “Cancel opportunity” instead."))


def validate_plain_words(doc) -> None:
	"""What people read is short and plain: it is shown as it was typed."""
	for df in doc.meta.fields:
		words = doc.get(df.fieldname) if df.fieldtype in ("Data", *MOST_WORDS) else None
		# what stands already does not hold up a later step
		if words and not df.read_only and doc.has_value_changed(df.fieldname):
			_validate_words(_(df.label), words, MOST_WORDS.get(df.fieldtype))


def _validate_words(label: str, words: str, most: int | None) -> None:
	if MARKUP.search(words):
		frappe.throw(_("{0}: write plain words, without codes such as {1}.").format(label, "&lt;b&gt;"))
	if most and len(words) > most:
		frappe.throw(
			_("{0}: at most {1} letters, so that people can read it. It has {2}.").format(
				label, most, len(words)
			)
		)


def _span(row) -> tuple:
	return get_datetime(row.starts_on), get_datetime(row.ends_on)


def _clocks_change(start, end) -> bool:
	"""Whether the clocks go forward or back between them, or one of them does not exist or is there twice."""
	zone = ZoneInfo(get_system_timezone())
	moments = [get_datetime(moment).replace(tzinfo=zone) for moment in (start, end)]
	return len({moment.replace(fold=fold).utcoffset() for moment in moments for fold in (0, 1)}) > 1


def on_doctype_update():
	frappe.db.add_index("Involvement Opportunity", ["status", "visibility", "apply_by"])
