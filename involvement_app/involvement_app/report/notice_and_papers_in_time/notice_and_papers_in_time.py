"""Whether people have notice of a date, and its papers, in time (domain 4.9, no. 5; row 0.10), of the dates that the caller
may see. Notice is counted in working days from the day on which the opportunity was published, or the date added to it."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import cint, format_date, get_datetime, get_first_day, getdate

from involvement_app.involvement_app import papers
from involvement_app.involvement_app.report_rows import bars, column, dates
from involvement_app.working_days import closed, working_days_between

FIELDS = [
	"name",
	"title",
	"unit",
	"opportunity",
	"starts_on",
	"status",
	"creation",
	"papers_due_on",
	"papers_ready_on",
]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	rows = _rows(frappe._dict(filters or {}))
	chart = _chart(rows)
	said = {True: _("Yes"), False: _("No"), None: ""}
	shown = [
		{**row, "notice_in_time": said[row["notice_in_time"]], "papers_in_time": said[row["papers_in_time"]]}
		for row in rows
	]
	return _columns(), shown, None, chart


def _rows(filters) -> list[dict]:
	found = dates(filters, FIELDS)
	published = _published({row.opportunity for row in found})
	wanted = cint(frappe.get_cached_doc("Involvement Settings").notice_working_days)
	rows = []
	for row in found:
		known = max(filter(None, (published.get(row.opportunity), get_datetime(row.creation))))
		notice = working_days_between(getdate(known), getdate(row.starts_on), closed)
		rows.append(
			{
				**row,
				"notice": notice,
				"notice_in_time": notice >= wanted,
				"papers_in_time": papers.in_time(row),
			}
		)
	return rows


def _published(opportunities: set[str]) -> dict:
	# a day alone, of opportunities whose dates the caller may see
	found = frappe.get_all(
		"Involvement Opportunity", {"name": ["in", sorted(opportunities) or [""]]}, ["name", "published_on"]
	)
	return {row.name: row.published_on for row in found}


def _columns() -> list[dict]:
	return [
		column("name", _("Date"), "Link", 110, options="Involvement Session"),
		column("title", _("Title"), "Data", 320),
		column("unit", _("Unit"), "Link", 150, options="Involvement Unit"),
		column("starts_on", _("Starts on"), "Datetime", 160),
		column("notice", _("Working days of notice"), "Int", 170),
		column("notice_in_time", _("Enough notice"), "Data", 130),
		column("papers_due_on", _("Papers due on"), "Date", 120),
		column("papers_ready_on", _("Papers ready on"), "Datetime", 160),
		column("papers_in_time", _("Papers in time"), "Data", 130),
	]


def _chart(rows: list[dict]) -> dict:
	months = defaultdict(list)
	for row in rows:
		months[get_first_day(row["starts_on"])].append(row)
	ordered = sorted(months)
	return bars(
		[format_date(month, "MMMM yyyy") for month in ordered],
		*(
			(name, [_share(months[month], field) for month in ordered])
			for name, field in (
				(_("Enough notice, %"), "notice_in_time"),
				(_("Papers in time, %"), "papers_in_time"),
			)
		),
		stacked=False,
	)


def _share(rows: list[dict], field: str) -> int | None:
	"""In per cent of those of which something can be said."""
	said = [row[field] for row in rows if row[field] is not None]
	return round(100 * sum(said) / len(said)) if said else None
