from math import ceil
from urllib.parse import urlencode, urlsplit

import frappe
from frappe import _
from frappe.utils import cint, flt, get_url_to_form

from involvement_app import lifecycle
from involvement_app.involvement_app import places, promises, readability, training
from involvement_app.periods import hours_between
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.views import files
from involvement_app.portal.visit import Missing, Problem, Refused

MOST_HOPES = 2000
A_MINUTE = 1 / 60  # in hours
NAMED_CONTACT = "My named contact"


def index(visit):
	types, localities = reads.filters_in_use(visit.participant)
	wanted = {
		"type": _one_of(visit.asked("type"), types),
		"place": _one_of(visit.asked("place"), localities),
		"online": "1" if visit.asked("online") == "1" else "",
		"paid": "1" if visit.asked("paid") == "1" and visit.with_money else "",
	}
	count = reads.count_open(visit.participant, wanted)
	pages = max(ceil(count / reads.PAGE), 1)
	number = min(max(cint(visit.asked("page")), 1), pages)
	title = _("Opportunities") if number == 1 else _("Opportunities, page {0} of {1}").format(number, pages)
	return page(
		visit,
		"opportunities.html",
		title,
		opportunities=reads.open_opportunities(visit.participant, wanted, number) if count else [],
		count=count,
		wanted=wanted,
		types=types,
		localities=localities,
		number=number,
		pages=pages,
		address_of=lambda number: _address(wanted, number),
	)


def _one_of(value: str, known: list[str]) -> str:
	return value if value in known else ""


def _address(wanted: dict, number: int) -> str:
	query = {name: value for name, value in wanted.items() if value}
	return "/take-part/opportunities?" + urlencode({**query, "page": number})


def one(visit, name):
	opportunity = visit.found(reads.opportunity, name)
	application = reads.live_application(name, visit.participant) if visit.participant else None
	dates = reads.dates(name)
	to_come = promises.still_to_come(dates)
	if to_come:
		opportunity.payment_on = promises.paid_by(max(each.ends_on for each in to_come))
	return page(
		visit,
		"opportunity.html",
		opportunity.title,
		opportunity=opportunity,
		dates=dates,
		other_dates=_are_others(to_come, opportunity),
		application=application,
		to_do=_to_do(visit, name) if opportunity.on_offer or application else [],
	)


def _are_others(to_come, opportunity) -> bool:
	"""Whether the dates to come are not those that the payment was worked out for."""
	hours = sum(hours_between(each.starts_on, each.ends_on) for each in to_come)
	return bool(to_come) and abs(hours - flt(opportunity.offered_length)) > A_MINUTE


def preview(visit, name):
	"""The very page people will see, whatever the state, and how it reads: for staff who may read it in the desk."""
	opportunity = reads.opportunity_for_staff(name)
	if not opportunity:
		raise Missing
	return page(
		visit,
		"opportunity.html",
		opportunity.title,
		opportunity=opportunity,
		dates=reads.dates(name) or reads.planned_dates(name),
		application=None,
		to_do=[],
		measured=readability.of_opportunity(opportunity),
		form=urlsplit(get_url_to_form("Involvement Opportunity", name)).path,
	)


def easy_read(visit, name):
	"""The easy-read version, to whoever sees the opportunity itself, here or in the desk."""
	opportunity = reads.opportunity(name, visit.participant) or reads.opportunity_for_staff(name)
	if not opportunity:
		raise Missing
	file = reads.easy_read(opportunity)
	if not file:
		raise Missing
	return files.download(file, "easy-read")


def _to_do(visit, name: str) -> list:
	"""What comes first for this reader."""
	return training.still_to_do(visit.participant, name) if visit.participant else []


def apply_page(visit, name):
	opportunity = visit.found(reads.opportunity, name)
	application = reads.live_application(name, visit.participant)
	if application:
		return see_other(f"/take-part/my/offers/{application.name}")
	if not opportunity.on_offer:
		return see_other(f"/take-part/opportunities/{name}")
	person, needs = reads.for_applying(visit.participant)
	told, kept_back = _what_they_need(visit, person, needs)
	return page(
		visit,
		"apply.html",
		_("Apply to take part"),
		opportunity=opportunity,
		person=person,
		needs=told,
		kept_back=kept_back,
		most=MOST_HOPES,
		to_do=_to_do(visit, name),
	)


def _what_they_need(visit, person, needs: list) -> tuple[str, int]:
	"""(what the form begins with, how much of it only their named contact may know and is therefore left out). A
	supporter sees it where the person lets them write it down."""
	if visit.acting and not visit.acting.may_needs:
		return "", 0
	shared = [need for need in needs if need.share_with != NAMED_CONTACT]
	lines = [f"{_(need.need)}: {need.detail}" if need.detail else _(need.need) for need in shared]
	return "\n".join(filter(None, (person.access_note, *lines))), len(needs) - len(shared)


@lifecycle.retry_on_deadlock
def apply(visit, name):
	opportunity = visit.found(reads.opportunity, name)
	if visit.standing in ("Paused", "Left"):
		raise Refused(Problem(_("You are taking a break. Come back on “My page”, and then apply.")))
	application = reads.live_application(name, visit.participant)
	if application:
		return see_other(f"/take-part/my/offers/{application.name}")
	if not opportunity.on_offer:
		raise Refused(Problem(_("Applications for this have just closed.")))
	hopes = visit.typed("hopes", MOST_HOPES, _("What you would like to get out of it"))
	needs = visit.typed("access_needs", MOST_HOPES, _("What would make it easier for you"))
	try:
		places.apply_for(name, visit.participant, hopes=hopes, access_needs=needs)
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):  # sent twice at the same moment
		raise Refused(Problem(_("We already have your application.")))
	return see_other("/take-part/my", done="applied")
