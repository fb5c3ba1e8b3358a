"""The decision register (rows 3.1 and 3.2): what is decided, by whom and when, and whether people with lived experience
had a part in it: of the opportunities that the caller may see, once they are published. A part has who holds a place,
or took part to the end; fewer than the Settings ask for is one voice among many (domain 4.5, G5)."""

from collections import Counter

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_months, cint, getdate, today

from involvement_app.involvement_app.holding import TOOK_PART
from involvement_app.involvement_app.report_rows import OPPORTUNITY, bars, column, of_unit, period

MONTHS_ON = 3
DECIDED_WITH = ("Published", "Closed to applications", "In progress", "Awaiting feedback", "Completed")
ENOUGH, FEW, NOBODY = "Enough voices", "Too few", "Nobody"


def execute(filters: dict | None = None) -> tuple[list, list, None, dict, list]:
	rows = _rows(frappe._dict(filters or {}))
	return _columns(), rows, None, _chart(rows), _summary(rows)


def _rows(filters) -> list[dict]:
	between = period(filters, add_months(today(), MONTHS_ON))
	wanted = [["status", "in", DECIDED_WITH], ["decision_date", "between", between], *of_unit(filters)]
	if filters.organisation_level:
		wanted.append(["organisation_level", "=", filters.organisation_level])
	# the caller's own rows: `get_list` asks for their rights and units
	decisions = frappe.get_list(
		OPPORTUNITY,
		filters=wanted,
		fields=[
			"name as opportunity",
			"title",
			"unit",
			"organisation_level",
			"level",
			"decision_maker",
			"decision_date",
			"partner_organisation",
			"status",
		],
		order_by="decision_date, name",
		limit=0,
	)
	people = _people([row.opportunity for row in decisions])
	enough = max(cint(frappe.get_cached_doc("Involvement Settings").min_lived_experience_places), 1)
	return [row | _part(people.get(row.opportunity, 0), enough) for row in decisions]


def _people(opportunities: list[str]) -> dict[str, int]:
	"""How many had a part in each. One query; a number says less than the row of the opportunity that is read already."""
	if not opportunities:
		return {}
	place = frappe.qb.DocType("Involvement Engagement")
	return dict(
		frappe.qb.from_(place)
		.select(place.opportunity, Count(place.participant).distinct())
		.where(place.opportunity.isin(opportunities) & place.status.isin(TOOK_PART))
		.groupby(place.opportunity)
		.run()
	)


def _part(people: int, enough: int) -> dict:
	return {"people": people, "part": _(ENOUGH if people >= enough else FEW if people else NOBODY)}


def _columns() -> list[dict]:
	return [
		column("opportunity", _("Decision about"), "Link", 120, options=OPPORTUNITY),
		column("title", _("Title"), "Data", 240),
		column("decision_maker", _("Who decides"), "Data", 180),
		column("decision_date", _("When they decide"), "Date", 130),
		column("people", _("People with lived experience"), "Int", 210),
		column("part", _("Their part"), "Data", 130),
		column("level", _("Level of participation"), "Link", 170, options="Participation Level"),
		column("unit", _("Unit"), "Link", 140, options="Involvement Unit"),
		column("partner_organisation", _("Together with"), "Data", 170),
		column("organisation_level", _("Where in the organisation"), "Data", 190),
		column("status", _("Status"), "Data", 130),
	]


def _summary(rows: list[dict]) -> list[dict]:
	with_people = sum(bool(row["people"]) for row in rows)
	share = round(100 * with_people / len(rows)) if rows else 0
	return [
		{"label": _("Decisions"), "value": len(rows), "datatype": "Int"},
		{"label": _("With people with lived experience"), "value": with_people, "datatype": "Int"},
		{"label": _("That is"), "value": f"{share} %" if rows else "–", "datatype": "Data"},
	]


def _chart(rows: list[dict]) -> dict:
	"""By quarter of a year, in order: how many decisions, and who was there."""
	quarters = sorted({_quarter(row["decision_date"]) for row in rows})
	counted = Counter((_quarter(row["decision_date"]), row["part"]) for row in rows)
	return bars(
		[_("{0}, quarter {1}").format(year, quarter) for year, quarter in quarters],
		*((_(part), [counted[quarter, _(part)] for quarter in quarters]) for part in (ENOUGH, FEW, NOBODY)),
		colors=["#28a745", "#ffa00a", "#ff5858"],
	)


def _quarter(day) -> tuple[int, int]:
	day = getdate(day)
	return day.year, (day.month + 2) // 3
