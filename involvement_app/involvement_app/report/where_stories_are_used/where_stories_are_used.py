"""Where people's words are and were, from when to when, and what still has to come down (row 1.5): of the people whom
the caller may see."""

from collections import Counter

import frappe
from frappe import _
from frappe.utils import getdate

from involvement_app.involvement_app import media, report_rows
from involvement_app.involvement_app.report_rows import column
from involvement_app.involvement_app.stories import STORY, TAKEDOWN

USE = "Participant Story Use"
FIELDS = ["parent", "channel", "place", "link", "used_from", "used_to", "ended_on", "ended_why"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	rows = _rows(filters)
	return _columns(), rows, None, _chart(rows)


def _rows(filters) -> list[dict]:
	"""The caller's own: `get_list` asks for their rights and units, of the story and of its uses."""
	first, last = report_rows.period(filters)
	names = dict(frappe.get_list(STORY, fields=["name", "preferred_name"], limit=0, as_list=True))
	uses = frappe.get_list(
		USE,
		filters={"used_from": ["<=", last]},
		fields=FIELDS,
		parent_doctype=STORY,
		order_by="used_from desc",
		limit=0,
	)
	waits = {
		(row.story, row.channel, row.place)
		for row in frappe.get_list(
			TAKEDOWN, filters={"status": "To do"}, fields=["story", "channel", "place"], limit=0
		)
	}
	return [
		{
			**use,
			"preferred_name": names[use.parent],
			"to_come_down": _("Yes") if (use.parent, use.channel, use.place) in waits else "",
		}
		for use in uses
		if use.parent in names and (not use.ended_on or getdate(use.ended_on) >= first)
	]


def _columns() -> list[dict]:
	return [
		column("preferred_name", _("Preferred name"), "Data", 160),
		column("channel", _("Where"), "Data", 130),
		column("place", _("What exactly"), "Data", 180),
		column("link", _("Link"), "Data", 180),
		column("used_from", _("From"), "Date", 110),
		column("used_to", _("To"), "Date", 110),
		column("ended_on", _("Ended on"), "Date", 110),
		column("ended_why", _("Why it ended"), "Data", 170),
		column("to_come_down", _("Still to come down"), "Data", 140),
		column("parent", _("Story"), "Link", 120, options=STORY),
	]


def _chart(rows: list[dict]) -> dict:
	open_ = Counter(row["channel"] for row in rows if not row["ended_on"])
	ended = Counter(row["channel"] for row in rows if row["ended_on"])
	channels = [channel for channel in media.CHANNELS if channel in open_ or channel in ended]
	return report_rows.bars(
		[_(channel) for channel in channels],
		(_("In use"), [open_[channel] for channel in channels]),
		(_("Ended"), [ended[channel] for channel in channels]),
		colors=["green", "grey"],
	)
