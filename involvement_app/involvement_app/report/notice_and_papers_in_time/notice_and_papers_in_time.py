"""Whether people have notice of a date, and its papers, in time (domain 4.9, no. 5; row 0.10), of the dates that the caller
may see. Notice is counted in working days from the day on which the opportunity was published, or the date added to it."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import cint, format_date, get_datetime, get_first_day, getdate

from involvement_app.involvement_app import papers
from involvement_app.involvement_app.dates_of_reports import between, of_unit
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
	"""The caller's own rows: `get_list` asks for their rights and units."""
	found = frappe.get_list(
		"Involvement Session",
		filters=[["status", "!=", "Cancelled"], between(filters), *of_unit(filters)],
		fields=FIELDS,
		order_by="starts_on asc",
		limit=0,
	)
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
	def column(fieldname: str, fieldtype: str, label: str, width: int, **more) -> dict:
		return {"fieldname": fieldname, "fieldtype": fieldtype, "label": label, "width": width, **more}

	return [
		column("name", "Link", _("Date"), 110, options="Involvement Session"),
		column("title", "Data", _("Title"), 320),
		column("unit", "Link", _("Unit"), 150, options="Involvement Unit"),
		column("starts_on", "Datetime", _("Starts on"), 160),
		column("notice", "Int", _("Working days of notice"), 170),
		column("notice_in_time", "Data", _("Enough notice"), 130),
		column("papers_due_on", "Date", _("Papers due on"), 120),
		column("papers_ready_on", "Datetime", _("Papers ready on"), 160),
		column("papers_in_time", "Data", _("Papers in time"), 130),
	]


def _chart(rows: list[dict]) -> dict:
	months = defaultdict(list)
	for row in rows:
		months[get_first_day(row["starts_on"])].append(row)
	ordered = sorted(months)
	return {
		"data": {
			"labels": [format_date(month, "MMMM yyyy") for month in ordered],
			"datasets": [
				{"name": name, "values": [_share(months[month], field) for month in ordered]}
				for name, field in (
					(_("Enough notice, %"), "notice_in_time"),
					(_("Papers in time, %"), "papers_in_time"),
				)
			],
		},
		"type": "bar",
	}


def _share(rows: list[dict], field: str) -> int | None:
	"""In per cent of those of which something can be said."""
	said = [row[field] for row in rows if row[field] is not None]
	return round(100 * sum(said) / len(said)) if said else None
