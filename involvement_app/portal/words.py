"""Dates, money and states as a person would say them."""

from datetime import date, datetime, time
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import comma_or, formatdate, get_datetime, getdate, now_datetime, today

from involvement_app.involvement_payments import lateness

APPLICATION = {
	"Applied": "We have your application",
	"Waiting list": "You are on the waiting list",
	"Offered": "We have offered you a place",
	"Accepted": "You have a place",
	"Not selected": "Not this time",
	"Not going ahead": "Not going ahead",
}
ENGAGEMENT = {
	"Confirmed": "You have a place",
	"Active": "Under way",
	"Completed": "Finished",
	"Ended early": "Ended early",
}
PAYMENT = {
	"Checked": "Being checked",
	"Returned": "Being looked at again",
	"Rejected": "Will not be paid",
	"Approved": "Agreed, on its way to you",
	"Scheduled": "On its way to you",
	"Paid": "Paid",
	"Failed at bank": "The bank sent it back to us. The money is not lost",
	"Reconciled": "Paid",
	"Void": "Cancelled",
}
# of what was paid too much and is taken back
CORRECTION = {
	"Checked": "Being looked at",
	"Returned": "Being looked at",
	"Rejected": "You keep it",
	"Approved": "Taken off a payment that comes to you, or paid back by you, as you like",
	"Scheduled": "Taken off a payment that is on its way",
	"Paid": "Taken off a payment",
	"Failed at bank": "Not taken off yet",
	"Reconciled": "Taken off a payment",
	"Repaid": "You paid it back. Thank you",
	"Written off": "You keep it",
	"Void": "You keep it",
}
EXPENSES = {
	"Submitted": "We have it",
	"Checked": "Being agreed",
	"Returned": "We have a question for you",
	"Rejected": "Will not be paid back",
	"Approved": "Agreed, on its way to you",
	"Scheduled": "On its way to you",
	"Paid": "Paid back",
	"Reconciled": "Paid back",
	"Failed at bank": "The bank sent it back to us",
	"Cancelled": "Will not be paid back",
}
CALLED_OFF = {
	"Paid anyway": "You are paid for it all the same.",
	"Not paid": "There is no payment for it.",
	"Decided later": "We write to you when we have decided about the payment.",
}
CHOICE = {
	"Full": "The full amount",
	"Lower amount": "A lower amount",
	"Give to a charity": "Given to a charity",
	"Decline": "No payment",
	"Expenses only": "Expenses only",
}
FEEDBACK = {
	"Initial": "Thanks, and what happens next",
	"Interim": "How far it is",
	"Full": "What came of it",
}
DECISION = {
	"Given": "You said yes.",
	"Refused": "You said no.",
	"Withdrawn": "You took your yes back.",
	"Notice given": "We gave you this.",
}
CHECK = {
	"Waiting": "We wait for the answer.",
	"Nothing stands in the way": "Nothing stands in the way.",
	"Talked over with the person": "We talked it over with you.",
}
AGREED = {"Given": "You agreed.", "Refused": "You said: not now.", "Withdrawn": "You no longer agreed."}
TOLD_US = {
	"Phone": "On the phone.",
	"In person": "In person.",
	"Post": "By post.",
	"E-mail": "By e-mail.",
	"Import": "From a list we had.",
	"Supporter": "Somebody who acts for you did this.",
	"Earlier record": "You told us this before. We had two records of you, and made them one.",
}
PAPER_FORMAT = {
	"Standard": "usual print",
	"Large print": "large print",
	"Easy read": "easy read",
	"Audio": "to listen to",
	"Video": "to watch",
	"Other": "another format",
}
# what a level means for somebody who says how far they would like to go
LEVEL = {
	"Informing": "Hear what is decided, and why",
	"Consultation": "Say what I think",
	"Engagement": "Say what I think, and change some of it",
	"Co-design": "Plan things together",
	"Co-production": "Plan, decide and do things together",
}
PANEL = {
	"Planned": "It is being planned. Please say whether you know a candidate.",
	"Convened": "Everybody is in. You can write questions now.",
	"Interviewing": "The interviews are on.",
	"Scoring": "It is time to score.",
	"Decided": "You have decided. Thank you.",
	"Fed back": "It is done. Thank you.",
	"Closed": "It is done. Thank you.",
	"Called off": "It was called off.",
}
SEAT = {"Lived experience": "lived experience", "Staff": "works here", "HR": "works in HR"}
CHANNEL = {
	"National press": "National newspapers and magazines",
	"Local press": "Local newspapers",
	"Broadcast": "Radio, television and podcasts",
	"Website": "Our website",
	"Print": "Our leaflets, posters and reports",
}
IDENTITY = {
	"Anonymous": "Without your name",
	"First name": "With your first name",
	"Full name": "With your full name",
}
STORY = {
	"Draft": "Not finished",
	"With the person": "Please read these words",
	"Agreed": "You agreed. We check it now",
	"Approved": "Ready, and not used yet",
	"In use": "In use",
	"Expired": "Its time is over",
	"Withdrawn": "Taken back",
}
AMBASSADOR = {
	"Approved": "Would you like to speak for us?",
	"Active": "You speak for us",
	"Paused": "You have a break from speaking for us",
}
ASSIGNMENT = {
	"Offered": "We ask you",
	"Accepted": "You said yes",
	"Briefed": "You said yes, and we talked it through",
	"Done": "You did it. Thank you",
	"Debriefed": "You did it. Thank you",
	"Outcome recorded": "You did it. Thank you",
	"Not going ahead": "Not going ahead",
}


def any_of(parts) -> str:
	"""“online, by telephone or by post”, of those that are not empty."""
	return comma_or([part for part in parts if part], add_quotes=False)


def application(status: str) -> str:
	return _(APPLICATION.get(status, status))


def engagement(status: str) -> str:
	return _(ENGAGEMENT.get(status, status))


def panel(status: str) -> str:
	return _(PANEL.get(status, status))


def seat(row) -> str:
	"""As what somebody sits on a panel."""
	parts = [_(SEAT[row.kind])]
	if row.role == "Chair":
		parts.append(_("chair"))
	if row.role == "Shadow":
		parts.append(_("watches and learns"))
	return ", ".join(parts)


def score(row) -> str:
	"""“2.5, could do the job”, or that they chose not to."""
	if row.answer != "Scored":
		return _("chose not to score")
	fits = _("could do the job") if row.appointable == "Appointable" else _("could not do the job")
	return f"{round(row.total, 2):g}, {fits}"


def payment(status: str, kind: str = "") -> str:
	return _((CORRECTION if kind == "Correction" else PAYMENT).get(status, status))


def coming(payment) -> str:
	"""When the money of `payment` ({due_on, not_before, pay_on, sent, charity}) comes, a sentence or two. A day that is over is
	no promise."""
	promised, now = lateness.promised_by(payment), getdate(today())
	by = getdate(payment.pay_on) if payment.pay_on else promised
	if not by:
		return ""
	late = _("It has taken longer than we promised. We are sorry.")
	if by < now:
		if payment.sent:
			return _("It was to be there by {0}. Please tell us if it is not.").format(day(by))
		return " ".join((late, _("It goes out as soon as we can.")))
	said = _("It should be there by {0}.") if payment.charity else _("You should have it by {0}.")
	return " ".join([said.format(day(by)), *([late] if promised and promised < by else [])])


def expenses(status: str) -> str:
	return _(EXPENSES.get(status, status))


def number(value) -> str:
	"""12.5; 12 where nothing follows."""
	return f"{float(value or 0):g}"


def choice(value: str) -> str:
	return _(CHOICE.get(value, value))


def paper_format(value: str) -> str:
	return _(PAPER_FORMAT.get(value, value))


def called_off(payment: str | None) -> str:
	"""What becomes of the payment for a date that was called off."""
	return _(CALLED_OFF.get(payment, payment)) if payment else ""


def feedback(kind: str) -> str:
	return _(FEEDBACK.get(kind, kind))


def level(name: str, definition: str) -> tuple[str, str, str | None]:
	"""(value, text, hint) to tick: in plain words, or as the organisation says it of a level of its own."""
	return (name, _(LEVEL[name]), None) if name in LEVEL else (name, _(name), _(definition))


def decision(value: str) -> str:
	return _(DECISION.get(value, value))


def check(outcome: str) -> str:
	return _(CHECK.get(outcome, outcome))


def channel(name: str) -> str:
	return _(CHANNEL.get(name, name))


def identity(name: str) -> str:
	return _(IDENTITY.get(name, name))


def ambassador(status: str) -> str:
	return _(AMBASSADOR.get(status, status))


def assignment(status: str) -> str:
	return _(ASSIGNMENT.get(status, status))


def story(status: str) -> str:
	return _(STORY.get(status, status))


def agreed(value: str) -> str:
	"""The same of an agreement."""
	return _(AGREED.get(value, value))


def told_us(method: str) -> str:
	return _(TOLD_US.get(method, method))


def day(value: date | datetime | str | None) -> str:
	"""Tuesday 14 July 2026"""
	return formatdate(getdate(value), "EEEE d MMMM yyyy") if value else ""


def short_day(value: date | datetime) -> str:
	"""14 Jul 2026, for a table on a phone"""
	return formatdate(getdate(value), "d MMM yyyy")


def month(value: date | datetime) -> str:
	"""July 2026"""
	return formatdate(getdate(value), "MMMM yyyy")


def clock(value: datetime | time) -> str:
	"""2pm, 2:30pm, midday, midnight"""
	if (value.hour, value.minute) in ((0, 0), (12, 0)):
		return _("midday") if value.hour else _("midnight")
	minutes = f":{value.minute:02d}" if value.minute else ""
	return f"{value.hour % 12 or 12}{minutes}{_('pm') if value.hour >= 12 else _('am')}"


def moment(value: datetime | str | None) -> str:
	"""Tuesday 14 July 2026, 2pm"""
	if not value:
		return ""
	value = get_datetime(value)
	return f"{day(value)}, {clock(value)}"


def span(start: datetime, end: datetime) -> str:
	"""Tuesday 14 July 2026, 2pm to 4:30pm"""
	start, end = get_datetime(start), get_datetime(end)
	if start.date() == end.date():
		return _("{0}, {1} to {2}").format(day(start), clock(start), clock(end))
	return _("{0} to {1}").format(moment(start), moment(end))


def deadline(value: datetime | str | None) -> str:
	"""A day when the time says nothing (the end of a day), else the moment."""
	if not value:
		return ""
	value = get_datetime(value)
	return day(value) if value.hour >= 23 or (value.hour, value.minute) == (0, 0) else moment(value)


def hours(value: float | None) -> str:
	"""1 hour, 2 hours 30 minutes, 30 minutes"""
	whole, minutes = divmod(round((value or 0) * 60), 60)
	parts = []
	if whole:
		parts.append(_("1 hour") if whole == 1 else _("{0} hours").format(whole))
	if minutes or not whole:
		parts.append(_("{0} minutes").format(minutes))
	return " ".join(parts)


def is_past(value) -> bool:
	return bool(value) and get_datetime(value) < now_datetime()


def blocks(text: str | None) -> list[list[str]]:
	"""Paragraphs of lines, as somebody typed them into a plain text field."""
	paragraphs = [block.strip("\n").split("\n") for block in (text or "").replace("\r\n", "\n").split("\n\n")]
	return [lines for lines in paragraphs if any(line.strip() for line in lines)]


def web_address(value: str | None) -> str | None:
	"""`value` if it is a link to the web, else None: no other scheme becomes a link."""
	return value if value and urlsplit(value).scheme in ("http", "https") else None


def reads_from_the_right() -> bool:
	from frappe.utils.jinja_globals import is_rtl

	return is_rtl()


def plain(problem: Exception) -> str:
	"""The words of an exception, without markup (Frappe's messages are HTML)."""
	import html

	return html.unescape(frappe.utils.strip_html(str(problem))).strip()
