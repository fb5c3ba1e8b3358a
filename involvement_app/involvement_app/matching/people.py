"""Who fits, who does not and why: two statements over everybody the reader may see, and a few small ones beside them,
whatever the number of people.

`TABLES` and `OF_A_PERSON` are everything that matching knows of people. Age, ethnicity, health, lived experience,
access needs and equality answers are not among them: they decide about nobody (domain 1.7; decision 11)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import frappe
from frappe.query_builder import CustomFunction, Order
from frappe.query_builder.functions import Coalesce, Concat, Count, Max, Sum
from frappe.utils import add_days, add_months, cint, now_datetime
from pypika import Case
from pypika.terms import Criterion, ExistsCriterion, Function, LiteralValue, NullValue, ValueWrapper

from involvement_app.involvement_app import preferences, training
from involvement_app.involvement_app.doctype.involvement_participant.criterion import criterion
from involvement_app.involvement_app.holding import LIVING, TOOK_PART
from involvement_app.involvement_app.matching import topics
from involvement_app.involvement_app.matching.work import Work
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.permissions import EVERYTHING, roles_of

INVITATION = "Involvement Invitation"
TABLES = frozenset(
	{
		PARTICIPANT,
		"Involvement Preference",
		INVITATION,
		"Involvement Application",
		"Involvement Engagement",
		"Involvement Session",
		"Training Course Need",
		"Training Record",
		# the reader's own units
		"Involvement Participant Unit",
		"Involvement Unit",
		"User Permission",
	}
)
OF_A_PERSON = frozenset(
	{"name", "preferred_name", "status", "locality", "preferred_channel", "preferred_format"}
)
ON_THE_REGISTER = ("Interested", "Active", "Paused")
# after so many days without being asked there is nothing more to gain by waiting
LONG_DAYS = 180
WEIGHTS = ("points_type", "points_level", "points_topic", "points_near", "points_waited", "points_new")

crc32 = CustomFunction("CRC32", ["words"])
days_between = CustomFunction("DATEDIFF", ["later", "earlier"])
locate = CustomFunction("LOCATE", ["sign", "words"])
greatest = CustomFunction("GREATEST", ["one", "other"])
least = CustomFunction("LEAST", ["one", "other"])
minutes_between = CustomFunction("TIMESTAMPDIFF", ["unit", "earlier", "later"])


def the_nth(number, *values):
	return Function("ELT", number, *values)


def place_among(value, *values):
	return Function("FIELD", value, *values)


@dataclass
class People:
	"""Everybody whom `reader` may see, looked at for one piece of work. Reads once, when it is first asked."""

	work: Work
	reader: str

	def __post_init__(self):
		self.who, self.wish = frappe.qb.DocType(PARTICIPANT), frappe.qb.DocType("Involvement Preference")
		self.settings = frappe.get_cached_doc("Involvement Settings")
		self.now = now_datetime()

	# --- what is asked for ------------------------------------------------------------------------

	def counts(self) -> dict[str | None, int]:
		"""How many, by the reason that keeps them away; None: those who fit."""
		reason = self.reason.as_("reason")
		return dict(self._from(self.seen).select(reason, Count("*")).groupby(reason).run())

	def beyond(self) -> int:
		"""How many the reader may not see: a number and nothing else."""
		if self.seen is EVERYTHING:
			return 0
		known = frappe.qb.from_(self.who).select(self.who.name).where(self.seen)
		query = frappe.qb.from_(self.who).select(Count("*"))
		return query.where(self._registered & self.who.name.notin(known)).run()[0][0]

	def fitting(self, limit: int, start: int = 0) -> list[frappe._dict]:
		"""Those who fit, in order, with what speaks for each. First who, and then what is said of these few: what people
		wrote is not sorted along."""
		rows = self._in_order().where(self.reason.isnull()).limit(limit).offset(start).run()
		return self._rows([row[0] for row in rows]) if rows else []

	def kept_away(self, reason: str, limit: int, start: int = 0) -> list[frappe._dict]:
		"""Those whom `reason` keeps away, by name."""
		person, wish = self.who, self.wish
		return (
			self._from(self.seen)
			.select(person.name, person.preferred_name, wish.topics_never)
			.where(self.reason == reason)
			.orderby(person.preferred_name)
			.orderby(person.name)
			.limit(limit)
			.offset(start)
			.run(as_dict=True)
		)

	def reasons_of(self, names: list[str]) -> dict[str, str | None]:
		"""Of `names`, as far as the reader may see them: what keeps each away; None: they fit."""
		query = self._from(self.seen).select(self.who.name, self.reason.as_("reason"))
		return dict(query.where(self.who.name.isin(names)).run())

	# --- the pieces -------------------------------------------------------------------------------

	@cached_property
	def seen(self) -> Criterion:
		if self.reader == "Administrator":
			return EVERYTHING
		return criterion(self.reader, roles_of(self.reader), self.who)

	@property
	def _registered(self) -> Criterion:
		return self.who.status.isin(ON_THE_REGISTER)

	def _from(self, seen: Criterion):
		"""Everybody, beside what they said and what there was with them."""
		person, wish = self.who, self.wish
		query = frappe.qb.from_(person).left_join(wish).on(wish.participant == person.name)
		return query.where(self._registered & seen)

	def _in_order(self):
		person, points, asked_on = self.who, self.points.as_("points"), self.last_asked.as_("asked_on")
		return (
			self._from(self.seen)
			.select(person.name, points, asked_on)
			.orderby(points, order=Order.desc)
			.orderby(asked_on)
			# nobody is first because of their name or the day they joined
			.orderby(crc32(Concat(person.name, self.work.name)))
		)

	def _rows(self, names: list[str]) -> list[frappe._dict]:
		person, wish = self.who, self.wish
		query = self._in_order().select(
			person.preferred_name,
			person.preferred_channel,
			person.preferred_format,
			person.locality,
			wish.topics_wanted,
			wish.topics_never,
			wish.times_note,
			wish.own_payment_cap,
			_one_if(self._ticked(*self.kind)).as_("type"),
			_one_if(self._ticked(*self.level)).as_("level"),
			_one_if(self.been).as_("been"),
		)
		return query.where(person.name.isin(names)).run(as_dict=True)

	# each of these is asked of one person at a time, of their own row or by an index, and only where what comes before
	# has not decided

	@property
	def kind(self) -> tuple[str, str]:
		return "types", self.work.opportunity_type

	@property
	def level(self) -> tuple[str, str]:
		return "levels", self.work.level or ""

	def _ticked(self, which: str, value: str | None) -> Criterion:
		"""They ticked `value`; None: they ticked any."""
		return locate(preferences.tick(which, value), self.wish.ticked) > 0

	def _ticked_others(self, which: str, value: str) -> Criterion:
		return self._ticked(which, None) & self._ticked(which, value).negate()

	@property
	def last_asked(self):
		row = frappe.qb.DocType(INVITATION)
		return frappe.qb.from_(row).select(Max(row.creation)).where(row.participant == self.who.name)

	@property
	def been(self) -> Criterion:
		"""They have taken part in something."""
		row = frappe.qb.DocType("Involvement Engagement")
		return ExistsCriterion(frappe.qb.from_(row).select(row.name).where(row.participant == self.who.name))

	@property
	def booked(self):
		"""Hours that are promised already in the month in which this asks for most."""
		place, session = frappe.qb.DocType("Involvement Engagement"), frappe.qb.DocType("Involvement Session")
		minutes = minutes_between(LiteralValue("MINUTE"), session.starts_on, session.ends_on)
		return (
			frappe.qb.from_(place)
			.join(session)
			.on(session.opportunity == place.opportunity)
			.select(Sum(minutes) / 60)
			.where((place.participant == self.who.name) & place.status.isin(LIVING))
			.where((session.starts_on >= self.work.month) & (session.starts_on < self.work.next_month))
			.where(session.status != "Cancelled")
		)

	@cached_property
	def here(self) -> dict[str, list[str]]:
		"""Who has to do with this very work already, by the reason to leave them alone."""
		return {
			"place": self._about_this("Involvement Engagement"),
			"applied": self._about_this("Involvement Application"),
			"invited": self._about_this(INVITATION),
		}

	def _about_this(self, doctype: str) -> list[str]:
		# names that are only compared with people the reader may see (`seen`)
		return frappe.get_all(doctype, {"opportunity": self.work.name}, pluck="participant", distinct=True)

	@cached_property
	def reason(self):
		"""The first that keeps them away, what matters most first; NULL for who fits."""
		person, wish = self.who, self.wish
		case = (
			Case().when(person.status == "Paused", "paused").when(person.status != "Active", "not_welcomed")
		)
		for reason, names in self.here.items():
			if names:
				case = case.when(person.name.isin(names), reason)
		for reason, rule in (
			("never", wish.topics_never.regexp(self.topic) if self.topic else None),
			("they_ask", wish.contact_frequency == "Only when they ask us"),
			("asked_lately", self._asked_lately()),
			("type", self._ticked_others(*self.kind)),
			("level", self._ticked_others(*self.level) if self.work.level else None),
			("way", self._other_way()),
			("times", self._other_times()),
			("hours", self._too_many_hours()),
			("payment", self._at_their_limit()),
			("training", self._lacks_training()),
		):
			if rule is not None:
				case = case.when(rule, reason)
		return case.else_(NullValue())

	def _asked_lately(self) -> Criterion:
		often = Coalesce(self.wish.contact_frequency, "")
		return Criterion.any(
			(often == answer) & self.who.name.isin(self._asked_since(day))
			for answer, day in since_when(self.settings, self.now).items()
			if day < self.now
		)

	def _asked_since(self, day: datetime):
		row = frappe.qb.DocType(INVITATION)
		return frappe.qb.from_(row).select(row.participant).where(row.creation > day)

	def _lacks_training(self) -> Criterion | None:
		kind = self.work.opportunity_type
		if not frappe.db.exists("Training Course Need", {"opportunity_type": kind, "comes_first": 1}):
			return None
		return training.lacks_training(self.who.name, kind, self.work.trained_on)

	def _other_way(self) -> Criterion | None:
		if self.work.at_home == self.work.in_person:
			return None
		return self.wish.way == ("In person" if self.work.at_home else "Online")

	def _other_times(self) -> Criterion | None:
		"""None of the days is at a time they ticked; who ticked none is free at any."""
		wish = self.wish
		if not self.work.slots:
			return None
		no_time = (wish.mornings == 0) & (wish.afternoons == 0) & (wish.evenings == 0)
		free = ValueWrapper(1) == 0
		for time, at_weekend in sorted(self.work.slots):
			on_time = wish[time] == 1
			free = free | ((wish.weekends == 1) & (on_time | no_time) if at_weekend else on_time)
		return (no_time & (wish.weekends == 0)).negate() & free.negate()

	def _too_many_hours(self) -> Criterion:
		most = self.wish.hours_a_month
		return (most > 0) & (Coalesce(self.booked, 0) + self.work.hours > most)

	@cached_property
	def points(self):
		person, weight = self.who, {name: cint(self.settings.get(name)) for name in WEIGHTS}
		waited = least(days_between(self.now, self.last_asked), LONG_DAYS) / LONG_DAYS
		return (
			_one_if(self._ticked(*self.kind)) * weight["points_type"]
			+ _one_if(self._ticked(*self.level)) * weight["points_level"]
			+ (
				_one_if(self.wish.topics_wanted.regexp(self.topic)) * weight["points_topic"]
				if self.topic
				else 0
			)
			+ (
				_one_if(person.locality == self.work.locality) * weight["points_near"]
				if self.work.locality
				else 0
			)
			+ Coalesce(waited, 1) * weight["points_waited"]
			+ _one_if(self.been.negate()) * weight["points_new"]
		)

	@cached_property
	def topic(self) -> str:
		return topics.pattern(set(self.work.stems))

	def _at_their_limit(self) -> Criterion | None:
		"""Their own limit on payment is reached already in the week or month when this would be paid. Whom it would take
		over the limit is still asked: they may take less, or nothing."""
		day = self.work.payment_on
		if not (self.work.pays and day):
			return None
		wish, place = self.wish, frappe.qb.DocType("Involvement Engagement")
		start, end = (self._period(day, side) for side in ("start", "end"))
		promised = (
			frappe.qb.from_(place)
			.select(Sum(preferences.chosen(place)))
			.where((place.participant == self.who.name) & place.status.isin(TOOK_PART))
			.where((place.payment_on >= start) & (place.payment_on <= end))
		)
		return (wish.own_payment_cap > 0) & (Coalesce(promised, 0) >= wish.own_payment_cap)

	def _period(self, day, side: str):
		"""When the week or month begins, or ends, as each counts them."""
		wish, fields = self.wish, frappe._dict
		months = [
			getattr(preferences.period(fields(cap_period="Month", cap_month_day=number), day), side)
			for number in range(1, 32)
		]
		weeks = [
			getattr(preferences.period(fields(cap_weekday=weekday), day), side)
			for weekday in preferences.WEEKDAYS
		]
		which_day = greatest(Coalesce(wish.cap_month_day, 1), 1)
		which_weekday = greatest(place_among(Coalesce(wish.cap_weekday, ""), *preferences.WEEKDAYS), 1)
		return (
			Case()
			.when(wish.cap_period == "Month", the_nth(which_day, *months))
			.else_(the_nth(which_weekday, *weeks))
		)


def since_when(settings, now: datetime) -> dict[str, datetime]:
	"""By how often somebody wants to be asked: asked after this moment is too lately. "": they have not said."""
	return {
		"": add_days(now, -cint(settings.invite_every_days)),
		"Whenever something fits": now,
		"At most once a week": add_days(now, -7),
		"At most once a month": add_months(now, -1),
	}


def _one_if(rule: Criterion):
	return Case().when(rule, 1).else_(0)
