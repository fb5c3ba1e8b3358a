"""Places are counted under one lock: who is in, who waits, who leaves (domain 4.3, 5.2; law 5).

Everything that takes or frees a place locks the opportunity's row first, then the participant's, then the
document itself, and reads the counter from the locked row: never from a snapshot. The documents refuse to
enter such a state by any other way (`places_are_locked`).

Who acts: the person themself, or a coordinator for them, who then says how the person told us.
"""

from contextlib import contextmanager, suppress

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import add_to_date, cint, get_datetime, now_datetime

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import (
	caps,
	clashes,
	eligibility,
	preferences,
	promises,
	rates,
	role_status,
	selection,
	supporters,
	training,
	young_people,
)
from involvement_app.involvement_app.participants import recipient
from involvement_app.money import money, pounds

# a place that is free again goes to who waits, also when nobody new can apply
MOST_FREE = 200
OFFERS_ON = ("Published", "Closed to applications")
CHARITY = "Give to a charity"
CHOICES = ("Full", "Lower amount", CHARITY, "Decline", "Expenses only")
MOST_CHARITY = 140


class NoFreePlace(frappe.ValidationError):
	pass


class AskFirst(frappe.ValidationError):
	"""Somebody has to be asked before they are offered money."""


class RateSwitchedOff(frappe.ValidationError):
	"""What the opportunity would be paid at is not offered any more."""


class NoDateLeft(frappe.ValidationError):
	"""Every date was called off."""


class ChoiceError(frappe.ValidationError):
	pass


@contextmanager
def locked(opportunity: str):
	"""The opportunity's row (the fields below) as it is now, locked to the end of the transaction."""
	row = frappe.db.get_value(
		"Involvement Opportunity",
		opportunity,
		[
			"name",
			"title",
			"status",
			"places",
			"places_confirmed",
			"selection_mode",
			"payment_on",
			"offer_per_person",
			"hours",
			"preparation_hours",
			"rate_rule",
			"opportunity_type",
			"level",
			"unit",
		],
		as_dict=True,
		for_update=True,
	)
	if not row:
		frappe.throw(_("This opportunity is no longer there."), frappe.DoesNotExistError)
	held = getattr(frappe.local, "involvement_places", ())
	frappe.local.involvement_places = (*held, opportunity)
	try:
		yield row
	finally:
		frappe.local.involvement_places = held


def places_are_locked(doc, move) -> None:
	"""Guard: this step changes who has a place, so it goes through this module."""
	if doc.opportunity not in getattr(frappe.local, "involvement_places", ()):
		frappe.throw(
			_(
				"Places are counted when you use the button “{0}”. Status cannot be changed on its own."
			).format(_(move.transition.action)),
			lifecycle.TransitionError,
		)


def told_by_the_person(doc, move) -> None:
	"""Guard: what staff enter for a person is recorded as entered for them (law 8, domain 4.0 no. 10)."""
	if supporters.acts_for(doc.participant):
		doc.recorded_by, doc.recorded_how = move.user, supporters.TOLD
		return
	if move.by == "relation":
		doc.recorded_by = doc.recorded_how = None
	if move.by != "role":
		return
	if not doc.get("recorded_how"):
		frappe.throw(
			_("How the person told us: please choose, so that this is never shown as their own act.")
		)
	doc.recorded_by = move.user


# What the form's buttons call: the answers stand in the form's fields


def offer_from_form(doc) -> None:
	offer(doc.name)


def accept_from_form(doc) -> None:
	accept(
		doc.name,
		doc.payment_choice or "Full",
		doc.chosen_amount,
		doc.recorded_how,
		clash_note=doc.clash_note,
		charity=doc.charity,
		advice_read=bool(doc.advice_told),
	)


def decline_from_form(doc) -> None:
	decline(doc.name, doc.recorded_how)


def leave_from_form(doc) -> None:
	leave(doc.name, doc.recorded_how)


# Applying


def apply_for(
	opportunity: str,
	participant: str,
	hopes: str = "",
	access_needs: str = "",
	recorded_how: str | None = None,
):
	"""A new Application for the person themself, or entered for them. Raises ValidationError with the reason."""
	application = frappe.get_doc(
		{
			"doctype": "Involvement Application",
			"opportunity": opportunity,
			"participant": participant,
			"hopes": hopes,
			"access_needs": access_needs,
			"recorded_how": recorded_how,
		}
	)
	# bounded by participant: the session's own, or whom they act for; everybody else needs create rights
	application.insert(ignore_permissions=supporters.speaks_for(participant))
	return application


# Offering


def offer(application: str, reply_by=None):
	"""Offer a place: amount, payment date and reply-by go with it. Returns the Application.

	Offers never exceed free places, except where the first to say yes is in (selection mode First come) or
	everybody is (Everyone); with Criteria the score decides whose turn it is. Nobody jumps the waiting list. Raises
	NoFreePlace, NoDateLeft, AskFirst, RateSwitchedOff, selection.NotTheirTurn."""
	with locked(_opportunity_of(application)) as opportunity:
		dates = _dates_left(
			opportunity,
			_(
				"“{0}” has no date any more, the last one was called off. Add a date before you offer a place."
			),
		)
		doc = frappe.get_doc("Involvement Application", application, for_update=True)
		paid = _may_be_offered(doc, opportunity)
		amount, payment_on = 0, opportunity.payment_on
		if paid:
			_refuse_a_rate_switched_off(opportunity)
			amount, payment_on = promises.offered(opportunity, dates)
		if opportunity.selection_mode == selection.CRITERIA:
			_refuse_more_offers_than_places(opportunity)
		_refuse_before_their_turn(doc, opportunity)
		if paid:
			_warn_of_our_limit(doc.participant, opportunity, dates)
		days = cint(frappe.db.get_single_value("Involvement Settings", "reply_days", cache=True)) or 7
		with lifecycle.server_side():
			lifecycle.apply(
				doc,
				"Offer a place",
				offered_on=now_datetime(),
				reply_by=reply_by or doc.reply_by or _end_of_day(days),
				offered_amount=amount,
				rate_rule=opportunity.rate_rule,
				payment_on=payment_on,
			)
	messages.send(
		"Involvement offer",
		("Involvement Participant", doc.participant),
		{
			"title": opportunity.title,
			"reply_by": frappe.utils.format_datetime(doc.reply_by, "d MMMM yyyy, HH:mm"),
			"amount": pounds(doc.offered_amount) if money(doc.offered_amount) else "",
			"payment_on": frappe.utils.format_date(doc.payment_on, "d MMMM yyyy") if doc.payment_on else "",
			"link": frappe.utils.get_url(f"/take-part/my/offers/{doc.name}"),
		},
		about=doc,
		owed=False,
	)
	return doc


def _warn_of_our_limit(participant: str, opportunity, dates) -> None:
	"""Staff are told as they offer money; the place may be taken without."""
	if caps.are_set():
		full = frappe._dict(
			offered_amount=opportunity.offer_per_person,
			payment_on=opportunity.payment_on,
			rate_rule=opportunity.rate_rule,
		)
		caps.say(caps.beyond(participant, full, "Full", None, promises.to_come(opportunity, dates)))


def _may_be_offered(application, opportunity) -> bool:
	"""Whether the offer is of money; an offer of a place it is in any case. Raises AskFirst."""
	if not money(opportunity.offer_per_person):
		return True
	stands = eligibility.of([application.participant])[application.participant]
	if stands == eligibility.ASK:
		frappe.throw(
			_(
				"Payment: {0} is “Ask first”. Ask the person, write the answer under “Payment” on their record, and then offer the place."
			).format(application.participant),
			AskFirst,
		)
	return stands == eligibility.PAID and role_status.pays(opportunity)


def _refuse_a_rate_switched_off(opportunity) -> None:
	if not money(opportunity.offer_per_person):
		return
	if why := rates.problem(opportunity.rate_rule, opportunity.unit, None, None):
		frappe.throw(why, RateSwitchedOff)


def _end_of_day(days: int):
	"""The last minute of the day that is `days` from now: nobody has to count hours."""
	return add_to_date(now_datetime(), days=days).replace(hour=23, minute=59, second=0, microsecond=0)


def _refuse_before_their_turn(application, opportunity) -> None:
	if application.status not in selection.WAITS or opportunity.selection_mode == selection.EVERYONE:
		return
	if opportunity.selection_mode == selection.CRITERIA:
		able = _able(opportunity, selection.WAITS)
		return selection.choose(application, opportunity, able)
	waiting = _able(opportunity, ("Waiting list",))
	if waiting and application.name != waiting[0]:
		frappe.throw(
			_("{0} has waited longer. Offer the place there first.").format(waiting[0]),
			selection.NotTheirTurn,
			title=_("Not yet"),
		)


def _refuse_more_offers_than_places(opportunity) -> None:
	if cint(opportunity.places_confirmed) + _offered(opportunity.name) >= cint(opportunity.places):
		frappe.throw(
			_(
				"All {0} places are taken or offered. Wait for an answer, or put this person on the waiting list."
			).format(opportunity.places),
			NoFreePlace,
		)


def _offered(opportunity: str) -> int:
	"""How many offers wait for an answer, as it is now."""
	application = frappe.qb.DocType("Involvement Application")
	return len(
		frappe.qb.from_(application)
		.select(application.name)
		.where((application.opportunity == opportunity) & (application.status == "Offered"))
		.for_update()
		.run()
	)


# Answering


def accept(
	application: str,
	choice: str = "Full",
	amount=None,
	recorded_how: str | None = None,
	same_day_is_fine: bool = False,
	clash_note: str | None = None,
	charity: str | None = None,
	advice_read: bool = False,
) -> str:
	"""Yes to an offer. Answers "Accepted", or "Waiting list" when the last place went a moment before.

	`choice` is one of CHOICES, `amount` goes with Lower amount, `charity` with its own; for the other two see
	`clashes.check`. Raises ChoiceError, NoDateLeft, Overlap, SameDay, caps.OverOurLimit, TransitionError."""
	name, participant = frappe.db.get_value(
		"Involvement Application", application, ["opportunity", "participant"]
	) or (None, None)
	with locked(name) as opportunity:
		fields = [*eligibility.FIELDS, "preferred_name", *young_people.ASKED]
		person = frappe.db.get_value(
			"Involvement Participant", participant, fields, as_dict=True, for_update=True
		)
		# before the application: whoever calls a date off holds the session, and then asks who has an offer
		dates = _dates_left(opportunity)
		doc = frappe.get_doc("Involvement Application", application, for_update=True)
		doc.flags.person = person
		if not _has_place(opportunity):
			return _wait(doc, opportunity)
		if choice != "Decline" and eligibility.outcome(person) != eligibility.PAID:
			choice, amount = "Expenses only", None
		if doc.status == "Offered":  # else the step itself says what is wrong
			clashes.check(doc, dates, same_day_is_fine, clash_note)
			if caps.are_set():
				caps.check(participant, doc, choice, amount, promises.to_come(opportunity, dates))
		chosen, given_to = (
			checked_choice(choice, amount, doc.offered_amount),
			checked_charity(choice, charity),
		)
		# where no money is paid nobody reads the choice, but it is kept
		doc.flags.levels_are_ours = True
		lifecycle.apply(
			doc,
			"Accept",
			payment_choice=choice,
			chosen_amount=chosen,
			charity=given_to,
			recorded_how=recorded_how,
		)
		if recorded_how:  # by staff; the person's own page has said it
			amount = theirs(choice, chosen, doc.offered_amount)
			preferences.warn(participant, amount, doc.payment_on, opportunity.name, choice == "Lower amount")
		place = _engage(doc, opportunity, advice_read)
		_count(opportunity, +1)
	_confirm(place, opportunity, dates)
	return "Accepted"


def _confirm(place, opportunity, dates: list[frappe._dict]) -> None:
	"""Told in the person's own way, with the dates for their calendar."""
	to_come = [row for row in dates if row.ends_on >= now_datetime()]
	messages.send(
		"Involvement place confirmed",
		("Involvement Participant", place.participant),
		{
			"title": opportunity.title,
			"dates": "\n".join(", ".join(filter(None, (clashes.said(row), row.place))) for row in to_come),
			"link": frappe.utils.get_url(f"/take-part/my/places/{place.name}"),
		},
		about=place,
	)


def _dates_left(opportunity, words: str | None = None) -> list[frappe._dict]:
	"""What is still to come, of how many that are `standing`; where staff write down afterwards who was there, all that stands.
	The sessions' rows are locked: who calls one off at this moment goes first, or tells this person too."""
	session = frappe.qb.DocType("Involvement Session")
	rows = (
		frappe.qb.from_(session)
		.select(session.name, session.status, session.starts_on, session.ends_on, session.place)
		.where(session.opportunity == opportunity.name)
		.orderby(session.starts_on)
		.for_update()
		.run(as_dict=True)
	)
	states = {row.status for row in rows}
	if "Cancelled" in states and "Planned" not in states:
		words = words or _(
			"We are sorry: “{0}” has no date any more, the last one was called off. You do not have to do anything."
		)
		frappe.throw(words.format(opportunity.title), NoDateLeft)
	stand = [row for row in rows if row.status != "Cancelled"]
	opportunity.standing = len(stand)
	return promises.still_to_come(stand) or stand


def _has_place(opportunity) -> bool:
	return opportunity.selection_mode == "Everyone" or cint(opportunity.places_confirmed) < cint(
		opportunity.places
	)


def _wait(doc, opportunity) -> str:
	_refuse_strangers(doc)
	with lifecycle.as_job():
		lifecycle.apply(doc, "Put on the waiting list")
	messages.send(
		"Involvement place taken",
		("Involvement Participant", doc.participant),
		{"title": opportunity.title, "link": frappe.utils.get_url("/take-part/my")},
		about=doc,
	)
	return "Waiting list"


def _refuse_strangers(doc) -> None:
	"""What follows is done as a job, so who asks for it is checked here."""
	if not supporters.speaks_for(doc.participant):
		doc.check_permission("write")


def checked_choice(choice: str, amount, offered) -> float | None:
	"""The amount that goes with Lower amount, None with the others. Raises ChoiceError."""
	if choice not in CHOICES:
		frappe.throw(_("Please choose one of: {0}.").format(", ".join(map(_, CHOICES))), ChoiceError)
	if choice != "Lower amount":
		return None
	chosen = money(amount)
	if not 0 < chosen <= money(offered):
		frappe.throw(
			_("Lower amount: please write an amount above £0.00 and up to {0}.").format(pounds(offered)),
			ChoiceError,
		)
	return float(chosen)


def checked_charity(choice: str, charity: str | None) -> str | None:
	"""Who gets the money where it is given away, None with the other choices. Raises ChoiceError."""
	if choice != CHARITY:
		return None
	name = " ".join((charity or "").split())
	if not name:
		frappe.throw(_("Charity: please write which one."), ChoiceError)
	if len(name) > MOST_CHARITY:
		frappe.throw(_("Charity: at most {0} letters.").format(MOST_CHARITY), ChoiceError)
	if "<" in name or ">" in name:
		frappe.throw(
			_("Charity: please write its name without signs such as {0}.").format("&lt;"), ChoiceError
		)
	return name


def worth(choice: str, amount, offered):
	"""What a choice makes of an offer, in pounds, whoever gets it."""
	if choice in ("Full", CHARITY):
		return money(offered)
	return money(amount) if choice == "Lower amount" else money(0)


def theirs(choice: str, amount, offered):
	"""The same of what comes to the person themself."""
	return money(0) if choice == CHARITY else worth(choice, amount, offered)


def _engage(application, opportunity, advice_read: bool):
	engagement = frappe.get_doc(
		{
			"doctype": "Involvement Engagement",
			"opportunity": application.opportunity,
			"participant": application.participant,
			"unit": application.unit,
			"application": application.name,
			"offered_amount": application.offered_amount,
			"payment_choice": application.payment_choice,
			"chosen_amount": application.chosen_amount,
			"charity": application.charity,
			"advice_read_on": now_datetime() if advice_read else None,
			"advice_given_by": application.recorded_by if advice_read else None,
			"payment_on": application.payment_on,
			# what was offered, whatever rate the opportunity has by now
			**rates.snapshot(application.rate_rule or opportunity.rate_rule),
			**role_status.of_a_place(opportunity, application.offered_amount),
		}
	)
	engagement.flags.ignore_links = True  # every link was read from its own row, most of them locked
	with lifecycle.server_side():
		# bounded: the application just passed the guards of Accept
		return engagement.insert(ignore_permissions=True)


def _count(opportunity, change: int) -> None:
	# bounded: the row is locked by whoever calls this
	frappe.db.set_value(
		"Involvement Opportunity",
		opportunity.name,
		"places_confirmed",
		cint(opportunity.places_confirmed) + change,
		update_modified=False,
	)
	opportunity.places_confirmed = cint(opportunity.places_confirmed) + change


def decline(application: str, recorded_how: str | None = None) -> None:
	"""No, at any moment before a yes, without a reason (rows 0.13, 0.14)."""
	with locked(_opportunity_of(application)):
		doc = frappe.get_doc("Involvement Application", application, for_update=True)
		lifecycle.apply(doc, "No thank you", recorded_how=recorded_how)


def leave(engagement: str, recorded_how: str | None = None) -> None:
	"""A person who has a place stops; the place is free again at once, what is owed to them stays."""
	name = frappe.db.get_value("Involvement Engagement", engagement, "opportunity")
	with locked(name) as opportunity:
		doc = frappe.get_doc("Involvement Engagement", engagement, for_update=True)
		lifecycle.apply(doc, "Stop taking part", recorded_how=recorded_how)
		_count(opportunity, -1)
		if doc.application:
			application = frappe.get_doc("Involvement Application", doc.application, for_update=True)
			with lifecycle.as_job():
				lifecycle.apply(application, "Close")
	_take_out_of_the_calendar(doc, opportunity)


def take_back(engagement: str) -> None:
	"""A place that ends because something else did (a role is over): for jobs and listeners, in nobody's name. The
	caller holds `lifecycle.as_job`."""
	with locked(frappe.db.get_value("Involvement Engagement", engagement, "opportunity")) as opportunity:
		doc = frappe.get_doc("Involvement Engagement", engagement, for_update=True)
		lifecycle.apply(doc, "Called off")
		_count(opportunity, -1)
		if doc.application:
			application = frappe.get_doc("Involvement Application", doc.application, for_update=True)
			lifecycle.apply(application, "Close")
	_take_out_of_the_calendar(doc, opportunity)


def _take_out_of_the_calendar(engagement, opportunity) -> None:
	"""Whoever had the dates by mail; on paper there is nothing to take back, and stopping needs no answer."""
	person = recipient(engagement.participant)
	if person.channel != "Email":
		return
	messages.send(
		"Involvement place given back",
		("Involvement Participant", engagement.participant),
		{"title": opportunity.title, "link": frappe.utils.get_url("/take-part/my")},
		about=engagement,
		known=person,
	)


def change_choice(
	engagement: str,
	choice: str,
	amount=None,
	recorded_how: str | None = None,
	charity: str | None = None,
	advice_read: bool = False,
) -> None:
	"""Another choice about payment, possible until the payment is in a batch. Staff say each time how the person
	told them. Raises ChoiceError, caps.OverOurLimit."""
	if caps.are_set():
		caps.lock(frappe.db.get_value("Involvement Engagement", engagement, "participant"))
	doc = frappe.get_doc("Involvement Engagement", engagement, for_update=True)
	chosen = checked_choice(choice, amount, doc.offered_amount)
	if supporters.speaks_for(doc.participant):
		# bounded: the person's own engagement, or of whom they act for
		doc.flags.ignore_permissions = True
	else:
		doc.check_permission("write")
		doc.recorded_how = recorded_how
	doc.payment_choice, doc.chosen_amount, doc.charity = choice, chosen, checked_charity(choice, charity)
	doc.advice_told = int(advice_read)
	doc.save()


def lapse_offers() -> None:
	"""Hourly: an offer without an answer is Not going ahead, which is no mark against anybody."""
	names = frappe.get_all(  # a job's own list, no reader
		"Involvement Application",
		# Frappe counts an empty day as long past
		filters=[["status", "=", "Offered"], ["reply_by", "is", "set"], ["reply_by", "<", now_datetime()]],
		pluck="name",
	)
	each_alone(names, _lapse, "{0} could not lapse")


def each_alone(names: list[str], act, title: str) -> None:
	"""`act` for each of a job's `names`: whatever is wrong with one, the others go on."""
	# one by one: each under locks of its own
	for name in names:
		frappe.db.savepoint("involvement_each")
		try:
			act(name)
		except frappe.QueryDeadlockError:
			raise  # the whole transaction is gone: the next run tries again
		except Exception:  # said in the Error Log
			frappe.db.rollback(save_point="involvement_each")
			frappe.clear_messages()
			frappe.log_error(title.format(name))


def _lapse(application: str) -> None:
	with locked(_opportunity_of(application)), lifecycle.as_job():
		doc = frappe.get_doc("Involvement Application", application, for_update=True)
		if doc.status != "Offered" or get_datetime(doc.reply_by) >= now_datetime():
			return
		lifecycle.apply(doc, "No thank you")
	messages.send(
		"Involvement offer over",
		("Involvement Participant", doc.participant),
		{
			"title": frappe.db.get_value("Involvement Opportunity", doc.opportunity, "title"),
			"link": frappe.utils.get_url("/take-part/opportunities"),
		},
		about=doc,
		owed=False,
	)


def with_a_free_place() -> list[str]:
	"""Opportunities with more free places than offers, where somebody has asked: for somebody to look at. Names alone;
	who asks sees of them what they may read."""
	opportunity, application = (
		frappe.qb.DocType(f"Involvement {name}") for name in ("Opportunity", "Application")
	)
	asked = Sum(Case().when(application.status.isin(selection.WAITS), 1).else_(0))
	offered = Sum(Case().when(application.status == "Offered", 1).else_(0))
	return (
		frappe.qb.from_(opportunity)
		.join(application)
		.on(application.opportunity == opportunity.name)
		.select(opportunity.name)
		.where(opportunity.status.isin(OFFERS_ON))
		.groupby(opportunity.name, opportunity.places, opportunity.places_confirmed)
		.having((asked > 0) & (opportunity.places_confirmed + offered < opportunity.places))
		.orderby(opportunity.name)
		.limit(MOST_FREE)
		.run(pluck=True)
	) or [""]


def offer_on() -> None:
	"""Hourly: a place that is free again is offered to whoever has waited longest and is not taking a break. An offer,
	never a booking: it has a reply-by like any other (domain 4.0 no. 1)."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	application = frappe.qb.DocType("Involvement Application")
	query = frappe.qb.from_(opportunity).join(application).on(application.opportunity == opportunity.name)
	waiting = (
		query.select(opportunity.name)
		.distinct()
		.where(
			opportunity.status.isin(OFFERS_ON)
			& (opportunity.places_confirmed < opportunity.places)
			& (application.status == "Waiting list")
		)
	)
	each_alone(
		waiting.orderby(opportunity.name).run(pluck=True), _offer_on, "{0}: no place could be offered on"
	)


def _offer_on(name: str) -> None:
	with locked(name) as opportunity, lifecycle.as_job():
		free = cint(opportunity.places) - cint(opportunity.places_confirmed) - _offered(name)
		for application in _next(opportunity, free) if opportunity.status in OFFERS_ON else ():
			# they keep their turn until somebody has asked, scored, or found a date or a rate
			with suppress(AskFirst, NoDateLeft, RateSwitchedOff, selection.NotTheirTurn):
				offer(application)  # one by one: each is told


def _next(opportunity, most: int) -> list[str]:
	"""Who has waited longest; by score where people are chosen by criteria."""
	if most < 1:
		return []
	waiting = _able(opportunity, ("Waiting list",))
	if opportunity.selection_mode == selection.CRITERIA:
		waiting = selection.in_order(opportunity.name, waiting)
	return waiting[:most]


def _able(opportunity, states: tuple[str, ...]) -> list[str]:
	"""Applications in one of `states`, the oldest first, of those who can take a place up: who still lacks a training
	that comes first, or takes a break, keeps their place in the queue."""
	application = frappe.qb.DocType("Involvement Application")
	participant = frappe.qb.DocType("Involvement Participant")
	untrained = training.lacks_training(
		participant.name, opportunity.opportunity_type, training.day_of(opportunity.name)
	)
	return (
		frappe.qb.from_(application)
		.join(participant)
		.on(participant.name == application.participant)
		.select(application.name)
		.where((application.opportunity == opportunity.name) & application.status.isin(states))
		.where(participant.status.isin(("Interested", "Active")) & untrained.negate())
		# who waits for a guardian's yes keeps their turn (young_people.py)
		.where(
			(Coalesce(participant.age_band, "") != young_people.UNDER_18)
			| participant.guardian_agreed_on.isnotnull()
		)
		.orderby(application.creation)
		.orderby(application.name)
		.run(pluck=True)
	)


def _opportunity_of(application: str) -> str:
	return frappe.db.get_value("Involvement Application", application, "opportunity")
