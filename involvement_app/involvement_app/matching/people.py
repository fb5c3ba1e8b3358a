"""Who fits, who does not and why: two statements over everybody the reader may see, and a few small ones before them,
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
from pypika.terms import Criterion, ExistsCriterion, LiteralValue, NullValue, ValueWrapper

from involvement_app.involvement_app import preferences, training
from involvement_app.involvement_app.doctype.involvement_participant.criterion import criterion
from involvement_app.involvement_app.holding import LIVING, TOOK_PART
from involvement_app.involvement_app.matching import topics
from involvement_app.involvement_app.matching.work import Work
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.money import money
from involvement_app.permissions import EVERYTHING, roles_of

INVITATION = "Involvement Invitation"
TABLES = frozenset(
	{
		PARTICIPANT,
		"Involvement Preference",
		"Involvement Preference Type",
		"Involvement Preference Level",
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
least = CustomFunction("LEAST", ["one", "other"])
minutes_between = CustomFunction("TIMESTAMPDIFF", ["unit", "earlier", "later"])


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
		"""Those who fit, in order, with what speaks for each."""
		return self._rows(self.reason.isnull(), limit, start)

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
		for table in self.here.values():
			query = query.left_join(table).on(table.link == person.name)
		return query.where(self._registered & seen)

	def _rows(self, which: Criterion, limit: int, start: int) -> list[frappe._dict]:
		person, wish = self.who, self.wish
		asked_on, points = self.last_asked.as_("asked_on"), self.points.as_("points")
		return (
			self._from(self.seen)
			.select(
				person.name,
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
				asked_on,
				points,
			)
			.where(which)
			.orderby(points, order=Order.desc)
			.orderby(asked_on)
			# nobody is first because of their name or the day they joined
			.orderby(crc32(Concat(person.name, self.work.name)))
			.limit(limit)
			.offset(start)
			.run(as_dict=True)
		)

	# each of these is asked of one person at a time, by an index, and only where what comes before has not decided

	@property
	def kind(self) -> tuple:
		return "Involvement Preference Type", "opportunity_type", self.work.opportunity_type

	@property
	def level(self) -> tuple:
		return "Involvement Preference Level", "level", self.work.level or ""

	def _ticked(self, child: str, field: str, value: str | None = None) -> Criterion:
		"""They ticked `value`; without one: they ticked any."""
		row = frappe.qb.DocType(child)
		query = frappe.qb.from_(row).select(row.name).where(row.parent == self.wish.name)
		return ExistsCriterion(query.where(row[field] == value) if value is not None else query)

	def _ticked_others(self, child: str, field: str, value: str) -> Criterion:
		return self._ticked(child, field, value).negate() & self._ticked(child, field)

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
	def here(self) -> dict:
		"""Who has to do with this very work: {reason: table}."""
		return {
			"place": self._here("Involvement Engagement"),
			"applied": self._here("Involvement Application"),
			"invited": self._here(INVITATION),
		}

	def _here(self, doctype: str):
		row = frappe.qb.DocType(doctype)
		query = (
			frappe.qb.from_(row).select(row.participant.as_("link")).where(row.opportunity == self.work.name)
		)
		return query.groupby(row.participant).as_(f"here_{doctype.split()[-1].lower()}")

	@cached_property
	def reason(self):
		"""The first that keeps them away, what matters most first; NULL for who fits."""
		person, wish = self.who, self.wish
		case = (
			Case().when(person.status == "Paused", "paused").when(person.status != "Active", "not_welcomed")
		)
		for reason, table in self.here.items():
			case = case.when(table.link.isnotnull(), reason)
		for reason, rule in (
			("never", person.name.isin(self.topics[0]) if self.topics[0] else None),
			("they_ask", wish.contact_frequency == "Only when they ask us"),
			("asked_lately", self._asked_lately()),
			("type", self._ticked_others(*self.kind)),
			("level", self._ticked_others(*self.level) if self.work.level else None),
			("way", self._other_way()),
			("times", self._other_times()),
			("hours", self._too_many_hours()),
			("payment", person.name.isin(self.at_their_limit) if self.at_their_limit else None),
			(
				"training",
				training.lacks_training(person.name, self.work.opportunity_type, self.work.trained_on),
			),
		):
			if rule is not None:
				case = case.when(rule, reason)
		return case.else_(NullValue())

	def _asked_lately(self) -> Criterion:
		row, often = frappe.qb.DocType(INVITATION), self.wish.contact_frequency
		since = Case()
		for answer, day in since_when(self.settings, self.now).items():
			since = since.when(Coalesce(often, "") == answer, day)
		query = frappe.qb.from_(row).select(row.name).where(row.participant == self.who.name)
		return ExistsCriterion(query.where(row.creation > since.else_(self.now)))

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
		wanted = self.topics[1]
		waited = least(days_between(self.now, self.last_asked), LONG_DAYS) / LONG_DAYS
		return (
			_one_if(self._ticked(*self.kind)) * weight["points_type"]
			+ _one_if(self._ticked(*self.level)) * weight["points_level"]
			+ (_one_if(person.name.isin(wanted)) * weight["points_topic"] if wanted else 0)
			+ (
				_one_if(person.locality == self.work.locality) * weight["points_near"]
				if self.work.locality
				else 0
			)
			+ Coalesce(waited, 1) * weight["points_waited"]
			+ _one_if(self.been.negate()) * weight["points_new"]
		)

	# --- what the database cannot compare -----------------------------------------------------------

	@cached_property
	def topics(self) -> tuple[list[str], list[str]]:
		"""(who never wants to be asked about this, who wants it): those whose words meet, of the few that the database
		finds."""
		if not self.work.stems:
			return [], []
		wish, of_this = self.wish, topics.pattern(set(self.work.stems))
		rows = (
			frappe.qb.from_(wish)
			.select(wish.participant, wish.topics_never, wish.topics_wanted)
			.where(wish.topics_never.regexp(of_this) | wish.topics_wanted.regexp(of_this))
			.run()
		)
		stems = set(self.work.stems)
		never = [person for person, avoided, _wanted in rows if topics.shared(avoided, stems)]
		wanted = [person for person, _avoided, wanted in rows if topics.shared(wanted, stems)]
		return never, wanted

	@cached_property
	def at_their_limit(self) -> list[str]:
		"""Whose own limit on payment is reached already in the week or month when this would be paid. Whom it would take
		over the limit is still asked: they may take less, or nothing."""
		if not (self.work.pays and self.work.payment_on):
			return []
		wish, place = self.wish, frappe.qb.DocType("Involvement Engagement")
		around = [add_days(self.work.payment_on, -31), add_days(self.work.payment_on, 31)]
		rows = (
			frappe.qb.from_(wish)
			.join(place)
			.on(place.participant == wish.participant)
			.select(
				wish.participant, wish.own_payment_cap, wish.cap_period, wish.cap_weekday, wish.cap_month_day
			)
			.select(place.payment_on, preferences.chosen(place).as_("amount"))
			.where((wish.own_payment_cap > 0) & place.status.isin(TOOK_PART))
			.where(place.payment_on[around[0] : around[1]])
			.run(as_dict=True)
		)
		promised, caps = {}, {}
		for row in rows:
			period = preferences.period(row, self.work.payment_on)
			if period.start <= row.payment_on <= period.end:
				promised[row.participant] = promised.get(row.participant, money(0)) + money(row.amount or 0)
				caps[row.participant] = money(row.own_payment_cap)
		return sorted(name for name, amount in promised.items() if amount >= caps[name])


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
