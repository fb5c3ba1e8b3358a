"""Where people may be quoted or shown, and until when (domain 4.4): the entry that counts of each person and channel, of
the people whom the caller may see. What ends soon is asked again, or ends by itself."""

from collections import Counter

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate, today

from involvement_app.involvement_app import media, report_rows
from involvement_app.involvement_app.report_rows import column

SOON_DAYS = 60
LASTS, SOON, OVER = "Lasts", "Ends soon", "Is over"
FIELDS = ["name", "participant", "preferred_name", "channel", "decision", "identity", "until", "recorded_on"]


def execute(filters: dict | None = None) -> tuple[list, list, None, dict]:
	filters = frappe._dict(filters or {})
	rows = _rows(cint(filters.days) or SOON_DAYS, filters.channel)
	shown = [row for row in rows if not filters.state or row["state"] == filters.state]
	return _columns(), [{**row, "state": _(row["state"])} for row in shown], None, _chart(rows)


def _rows(days: int, channel: str | None) -> list[dict]:
	"""The caller's own: `get_list` asks for their rights and units. The newest of a person and channel counts."""
	found = frappe.get_list(
		media.CONSENT,
		filters=[["channel", "=", channel]] if channel else [],
		fields=FIELDS,
		order_by="recorded_on asc",
		limit=0,
	)
	newest = {(row.participant, row.channel): row for row in found}
	rows = [{**row, "state": _state(row, days)} for row in newest.values() if row.decision == "Given"]
	return sorted(rows, key=lambda row: (row["until"], row["preferred_name"] or "", row["channel"]))


def _state(row, days: int) -> str:
	until = getdate(row.until)
	if until < getdate(today()):
		return OVER
	return SOON if until <= getdate(add_days(today(), days)) else LASTS


def _columns() -> list[dict]:
	return [
		column("preferred_name", _("Preferred name"), "Data", 170),
		column("channel", _("Where"), "Data", 150),
		column("identity", _("Shown as"), "Data", 120),
		column("until", _("Until"), "Date", 120),
		column("state", _("How it stands"), "Data", 120),
		column("name", _("Entry"), "Link", 120, options=media.CONSENT),
	]


def _chart(rows: list[dict]) -> dict:
	counts = Counter((row["channel"], row["state"]) for row in rows)
	channels = [channel for channel in media.CHANNELS if any(row["channel"] == channel for row in rows)]
	return report_rows.bars(
		[_(channel) for channel in channels],
		*((_(state), [counts[(channel, state)] for channel in channels]) for state in (LASTS, SOON, OVER)),
		colors=["green", "orange", "grey"],
	)
