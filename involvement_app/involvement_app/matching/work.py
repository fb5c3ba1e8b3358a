"""What an opportunity asks of people, read once: its kind, days, place, hours and words."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe.utils import add_months, flt, get_datetime, get_first_day, getdate, now_datetime

from involvement_app.involvement_app import training
from involvement_app.involvement_app.matching import topics
from involvement_app.involvement_app.opportunities import OPEN
from involvement_app.money import money

OPPORTUNITY = "Involvement Opportunity"
NOON, EVENING = 12, 17
SATURDAY = 5


@dataclass(frozen=True)
class Work:
	"""`days`: when each begins that is still to come; `slots`: of each (time of day, whether at a weekend). `month`: the first day of the month that asks
	for most hours, and the `hours` it asks for. `pays`: what is offered to each."""

	name: str
	title: str
	what_can_change: str
	status: str
	apply_by: date | None
	opportunity_type: str
	level: str | None
	locality: str | None
	at_home: bool
	in_person: bool
	days: tuple[datetime, ...]
	slots: frozenset[tuple[str, bool]]
	month: date
	hours: float
	pays: float
	payment_on: date | None
	stems: frozenset[str]
	trained_on: date

	@property
	def is_open(self) -> bool:
		"""Whether somebody who is invited now could say yes."""
		return self.status in OPEN and not (self.apply_by and getdate(self.apply_by) < getdate())

	@property
	def next_month(self) -> date:
		return getdate(add_months(self.month, 1))


def read(name: str) -> Work:
	"""The caller has asked whether the reader may see it. Raises DoesNotExistError."""
	fields = (
		"name title status apply_by opportunity_type level locality unit theme online in_person by_telephone by_post "
		"one_to_one purpose what_can_change description role_description hours preparation_hours offer_per_person "
		"payment_on"
	).split()
	row = frappe.db.get_value(OPPORTUNITY, name, fields, as_dict=True)
	if not row:
		raise frappe.DoesNotExistError
	spans = _spans(name)
	month, hours = _fullest_month(spans, flt(row.hours) + flt(row.preparation_hours))
	words = " ".join(
		row[field] or ""
		for field in ("title", "theme", "purpose", "what_can_change", "description", "role_description")
	)
	return Work(
		name=row.name,
		title=row.title,
		what_can_change=row.what_can_change or "",
		status=row.status,
		apply_by=row.apply_by,
		opportunity_type=row.opportunity_type,
		level=row.level,
		locality=row.locality
		or (row.unit and frappe.get_cached_value("Involvement Unit", row.unit, "locality")),
		at_home=bool(row.online or row.by_telephone or row.by_post),
		in_person=bool(row.in_person or row.one_to_one),
		days=tuple(starts for starts, _ends in spans),
		slots=frozenset(_slot(starts) for starts, _ends in spans),
		month=month,
		hours=hours,
		pays=flt(row.offer_per_person) if money(row.offer_per_person) else 0.0,
		payment_on=row.payment_on,
		stems=frozenset(topics.meaning(words)),
		trained_on=training.day_of(name),
	)


def _spans(name: str) -> list[tuple[datetime, datetime]]:
	"""The days still to come: the sessions, or before there are any the dates that are written down."""
	ahead = {"starts_on": [">=", now_datetime()]}
	fields, order = ["starts_on", "ends_on"], "starts_on"
	sessions = {**ahead, "opportunity": name, "status": "Planned"}
	# bounded to one opportunity, which the reader may see
	rows = frappe.get_all("Involvement Session", sessions, fields, order_by=order, limit=100)
	if not rows:
		dates = {**ahead, "parent": name, "parenttype": OPPORTUNITY}
		# bounded to the same
		rows = frappe.get_all("Involvement Opportunity Date", dates, fields, order_by=order, limit=100)
	return [(get_datetime(row.starts_on), get_datetime(row.ends_on or row.starts_on)) for row in rows]


def _slot(starts: datetime) -> tuple[str, bool]:
	time = "mornings" if starts.hour < NOON else "afternoons" if starts.hour < EVENING else "evenings"
	return time, starts.weekday() >= SATURDAY


def _fullest_month(spans, otherwise: float) -> tuple[date, float]:
	"""(first day, hours); without days the hours that the opportunity names, this month."""
	hours: Counter = Counter()
	for starts, ends in spans:
		hours[getdate(get_first_day(starts))] += (ends - starts).total_seconds() / 3600
	if not hours:
		return getdate(get_first_day(getdate())), otherwise
	return max(hours.items(), key=lambda each: (each[1], -each[0].toordinal()))
