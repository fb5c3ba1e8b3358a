"""Why somebody is in the list, or not, in words that could be read to them."""

from frappe import _
from frappe.utils import date_diff, flt, format_date, today

from involvement_app.involvement_app.matching import topics
from involvement_app.involvement_app.matching.people import LONG_DAYS
from involvement_app.involvement_app.matching.work import Work
from involvement_app.money import money, pounds


def away() -> dict[str, str]:
	"""{reason: why somebody is not in the list}, in the order in which they are asked."""
	return {
		"paused": _("They are taking a break"),
		"not_welcomed": _("They have not been welcomed yet, or wait for a parent or guardian"),
		"place": _("They have, or had, a place on it"),
		"applied": _("They have applied, or have answered already"),
		"invited": _("They are invited already, or have answered"),
		"never": _("They never want to be asked about this"),
		"they_ask": _("They ask us, and do not want to be asked"),
		"asked_lately": _("They were asked not long ago, and do not want to be asked more often"),
		"type": _("They want other ways of taking part"),
		"level": _("They want other levels"),
		"way": _("It is online and they want to meet, or the other way round"),
		"times": _("It is at times they did not choose"),
		"hours": _("It would be more hours in the month than they want"),
		"payment": _("Their own limit on payment is reached in that time"),
		"training": _("A training comes first"),
	}


def what_meets(row, work: Work) -> list[str]:
	"""The words of somebody who never wants to be asked about this, that are in it."""
	return sorted(topics.shared(row.topics_never, set(work.stems)))


def for_them(row, work: Work) -> list[str]:
	"""What speaks for asking this person of `People.fitting`."""
	said = []
	if row.type:
		said.append(_("wants this: {0}").format(_(work.opportunity_type)))
	if row.level:
		said.append(_("wants this level: {0}").format(_(work.level)))
	if wanted := topics.shared(row.topics_wanted, set(work.stems)):
		said.append(_("likes this topic: {0}").format(", ".join(sorted(wanted))))
	if work.locality and row.locality == work.locality:
		said.append(_("is in {0}").format(_(work.locality)))
	said.append(_asked(row.asked_on))
	if not row.been:
		said.append(_("has not taken part in anything yet"))
	return said


def _asked(asked_on) -> str:
	if not asked_on:
		return _("was never asked before")
	days = date_diff(today(), asked_on)
	if days >= LONG_DAYS:
		return _("was last asked more than half a year ago")
	return _("was last asked on {0}").format(format_date(asked_on))


def to_know(row, work: Work) -> list[str]:
	"""What whoever asks them should know: nothing of it keeps them away."""
	notes = []
	if row.times_note:
		notes.append(_("About times they wrote: {0}").format(row.times_note))
	if row.topics_never:
		notes.append(_("Never to ask them about: {0}").format(row.topics_never))
	if work.pays and flt(row.own_payment_cap) and money(row.own_payment_cap) < money(work.pays):
		notes.append(
			_("Their own limit on payment is {0}: they may take less, or nothing").format(
				pounds(row.own_payment_cap)
			)
		)
	return notes


def channels() -> dict[str, str]:
	return {
		"Email": _("by e-mail"),
		"Text message": _("by text message"),
		"Post": _("by letter"),
		"Phone": _("on the phone: you ring them"),
	}


def how(row) -> str:
	"""By which channel and in which format."""
	way = channels().get(row.preferred_channel or "Email", "")
	if row.preferred_format in (None, "", "Standard"):
		return way
	return f"{way} ({_(row.preferred_format)})"
