"""Planned → Held or Cancelled. Held means: it took place and we know who took part (domain 4.3)."""

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from involvement_app.involvement_app import concerned, sessions
from involvement_app.involvement_app.access import ask_whether_met
from involvement_app.lifecycle import Lifecycle, State, Transition, TransitionError
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

STAFF = (OWNER, COORDINATOR, MANAGER)


def it_has_begun(doc, move) -> None:
	if get_datetime(doc.starts_on) > now_datetime():
		frappe.throw(_("This session has not begun yet."), TransitionError)


def everybody_is_recorded(doc, move) -> None:
	open_rows = [str(row.idx) for row in doc.attendance if not row.attendance]
	if open_rows:
		frappe.throw(
			_("Who took part: please choose for row {0}.").format(", ".join(open_rows)), TransitionError
		)


def nobody_records_themself(doc, move) -> None:
	"""Attendance is what payment follows from."""
	if concerned.among(move.user, {row.participant for row in doc.attendance}):
		frappe.throw(
			_("You, or somebody you act for, take part in this session, so a colleague records who came."),
			TransitionError,
		)


LIFECYCLE = Lifecycle(
	doctype="Involvement Session",
	states=(
		State("Planned", colour="Blue"),
		State("Held", colour="Green"),
		State("Cancelled", colour="Red"),
	),
	transitions=(
		Transition("Record attendance", ("Planned",), "Held", roles=STAFF, said="recorded who took part"),
		Transition(
			"Cancel session",
			("Planned",),
			"Cancelled",
			roles=STAFF,
			job=True,
			warns="Cancel this session? Everybody with a place is told.",
			said="cancelled this session",
		),
	),
	effects={"Held": (ask_whether_met,), "Cancelled": (sessions.called_off,)},
	guards={"Held": (it_has_begun, everybody_is_recorded, nobody_records_themself)},
)
