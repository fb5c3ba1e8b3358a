"""A date that is called off or moved: everybody who holds a place, or has an offer of one, hears of it in their own way
(domain 4.3, 4.10).

They hear of it whatever writes it: the form's dialog, a list, the API. What becomes of the payment for a date that is
called off is decided then, or said to be decided later, and told in the message; who takes no money hears nothing of
money. Paid anyway means: as if everybody with a place had been there for the planned hours.

Who has something else at the new time, or on that day, is told so with it, and staff are told who to ask. An offer is
answered before the date it is for: where a date is brought forward, or the last one is called off, the reply-by of open
offers comes forward too, and people hear of it in the same message (`bring_forward`).

The session's row is the lock: a yes at the same moment (`places.accept`) takes it too, so whoever got a place before is
told, and whoever comes after is answered that there is no date left.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Min
from frappe.utils import add_to_date, cstr, format_datetime, get_datetime, now_datetime

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import clashes, promises, rates
from involvement_app.involvement_app.holding import LIVING, PAID_ANYWAY, promised_money
from involvement_app.involvement_app.participants import participant_of, recipients
from involvement_app.involvement_app.places import each_alone
from involvement_app.messages.channels import channel
from involvement_app.money import pounds

SESSION = "Involvement Session"
PAID, NOT_PAID, LATER = PAID_ANYWAY, "Not paid", "Decided later"
PAYMENT = (PAID, NOT_PAID, LATER)


# What the form's dialogs call


@frappe.whitelist(methods=["GET"])
def who_hears(session: str) -> dict:
	"""{places, offers, paid, by_hand, last}: how many hold a place or an offer, how many of them were promised money,
	how many are told by post or phone, and whether it is the only date to come. Raises PermissionError."""
	doc = _opened(session, "read")
	places, offers = _hearers(doc, lock=False)
	people = recipients({row.participant for row in (*places, *offers)})
	others = {"opportunity": doc.opportunity, "status": "Planned", "name": ["!=", doc.name]}
	return {
		"places": len(places),
		"offers": len(offers),
		"paid": len(promised_money(places)),
		"by_hand": sum(channel(person.channel).by_hand for person in people.values()),
		"last": not frappe.db.exists(SESSION, others),
	}


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def cancel(session: str, payment: str | None = None, words: str | None = None) -> None:
	"""Call the date off. `payment`: one of PAYMENT, asked for where somebody was promised money. Raises
	PermissionError, TransitionError."""
	doc = _opened(session, "write")
	if payment:
		_check(payment, PAYMENT)
	elif promised_money(_hearers(doc)[0]):
		frappe.throw(_("Payment: choose what happens to it, so that people can be told."))
	doc.flags.words_for_people = words
	_promise(doc, payment)
	with lifecycle.server_side():
		lifecycle.apply(doc, "Cancel session", cancelled_payment=payment)


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def decide_payment(session: str, payment: str) -> None:
	"""What was left open when the date was called off; a no may still become a yes, a yes stays. Raises
	PermissionError."""
	doc = _opened(session, "write")
	_check(payment, (PAID, NOT_PAID))
	if doc.status != "Cancelled" or doc.cancelled_payment not in (LATER, NOT_PAID):
		frappe.throw(_("Payment: there is nothing to decide about this date any more."))
	if doc.cancelled_payment == payment:
		frappe.throw(_("Payment: this is what people were told already."))
	_promise(doc, payment)
	doc.cancelled_payment = payment
	with lifecycle.server_side():
		doc.save()
	_tell("Involvement date payment", doc, promised_money(_hearers(doc)[0]), payment=payment)


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def move(
	session: str,
	starts_on: str,
	ends_on: str,
	place: str | None = None,
	online_link: str | None = None,
	words: str | None = None,
) -> None:
	"""Another time or place for a date that is still planned. Raises PermissionError, ValidationError."""
	doc = _opened(session, "write")
	if doc.status != "Planned":
		frappe.throw(_("This date is {0}: it cannot be moved any more.").format(_(doc.status)))
	start, end = _moment(starts_on, _("Starts on")), _moment(ends_on, _("Ends on"))
	if start <= now_datetime():
		frappe.throw(_("Starts on: choose a time that is still to come."))
	stood = _where_and_when(doc)
	doc.update({"starts_on": start, "ends_on": end, "place": place, "online_link": online_link})
	if _where_and_when(doc) == stood:
		frappe.throw(_("Nothing is different yet: change the time or the place."))
	doc.flags.words_for_people = words
	doc.save()


def _opened(session: str, right: str):
	doc = frappe.get_doc(SESSION, cstr(session), for_update=right == "write")
	doc.check_permission(right)
	return doc


def _check(payment: str, choices: tuple[str, ...]) -> None:
	if payment not in choices:
		frappe.throw(_("Payment: please choose one of: {0}.").format(", ".join(map(_, choices))))


def _promise(doc, payment: str | None) -> None:
	"""Who is paid for it follows from the rows of the session, as for one that was held. Raises ValidationError where
	it would be one's own."""
	places = {row.place: row.participant for row in _hearers(doc)[0]}
	if payment and participant_of() in places.values():
		frappe.throw(_("You take part in this session, so a colleague decides about the payment."))
	if payment == PAID:
		doc.set("attendance", [row for row in doc.attendance if row.engagement in places])
		doc.add_people(LIVING)


def _moment(value: str, label: str) -> datetime:
	try:
		return get_datetime(value).replace(tzinfo=None)
	except Exception:  # whatever stands where a day and time should be
		frappe.throw(_("{0}: write a day and a time.").format(label))


# Whatever writes it


def of_opportunity(doc) -> tuple[str, str, str, datetime | None, str | None]:
	"""(title, unit and status of its opportunity, when the first of the others begins that are not called off, an
	ambassador's assignment there, if any)."""
	opportunity, other = frappe.qb.DocType("Involvement Opportunity"), frappe.qb.DocType(SESSION)
	others = (
		frappe.qb.from_(other)
		.select(Min(other.starts_on))
		.where((other.opportunity == doc.opportunity) & (other.status != "Cancelled"))
		.where(other.name != cstr(doc.name))
	)
	asked = frappe.qb.DocType("Ambassador Assignment")
	# whether there is one; who saves the date learns nothing of it
	speaks = frappe.qb.from_(asked).select(Min(asked.name)).where(asked.opportunity == doc.opportunity)
	return (
		frappe.qb.from_(opportunity)
		.select(opportunity.title, opportunity.unit, opportunity.status, others, speaks)
		.where(opportunity.name == doc.opportunity)
		.run()[0]
	)


def called_off(doc, change) -> None:
	"""Effect of Cancelled."""
	if change.by == "job":
		return  # the whole opportunity is called off, and people are told of that
	places, offers = _hearers(doc)
	paid = {row.place for row in promised_money(places)}
	doc.cancelled_payment = (doc.cancelled_payment or LATER) if paid else None
	told = [{**row, "payment": doc.cancelled_payment if row.place in paid else ""} for row in places]
	bring_forward(doc, offers)
	_tell("Involvement date called off", doc, [frappe._dict(row) for row in (*told, *offers)])


def tell_if_moved(doc) -> None:
	"""After a save: the date is still to come, and when or where it is has changed."""
	before = doc.get_doc_before_save()
	if not before or (before.status, doc.status) != ("Planned", "Planned"):
		return
	old, new = _where_and_when(before), _where_and_when(doc)
	if old == new or get_datetime(doc.ends_on) < now_datetime():
		return
	new_link = old[-1] != new[-1]
	only_link = old[:-1] == new[:-1]
	places, offers = _hearers(doc)
	if new[0] < old[0]:
		bring_forward(doc, offers)
	if old[:2] != new[:2]:
		_note_clashes(doc, places)
	_tell(
		"Involvement date moved",
		doc,
		places if only_link else [*places, *offers],
		old=_said(before),
		new="" if only_link else _said(doc),
		new_link=new_link and bool(new[-1]),
	)


def bring_forward(doc, offers: list[frappe._dict]) -> None:
	"""Open offers are answered by the evening before the date they are for; where no date is left, today. `offers`, as
	`hearers` locked them, then say until when, in `reply_by`."""
	latest = _latest_reply(doc) if offers else None
	if not latest:
		return
	# one by one: the few offers that are open, each a document with rules of its own
	for row in offers:
		application = frappe.get_doc("Involvement Application", row.name, for_update=True)
		if not application.reply_by or get_datetime(application.reply_by) <= latest:
			continue
		application.reply_by = latest
		# bounded to the open offers of the date that is moved, by whoever may move it
		application.flags.ignore_permissions = True
		with lifecycle.server_side():
			application.save()
		row.reply_by = format_datetime(latest, "EEEE d MMMM yyyy, HH:mm")


def _latest_reply(doc) -> datetime | None:
	"""The evening before the first date; before the last, once the first is over. Of a date that is being called off
	nothing changes while a later one is left."""
	session = frappe.qb.DocType(SESSION)
	rows = (
		frappe.qb.from_(session)
		.select(session.name, session.starts_on, session.status)
		.where((session.opportunity == doc.opportunity) & session.status.isin(("Planned", "Held")))
		.orderby(session.starts_on)
		.run(as_dict=True)
	)
	rows = [row for row in rows if row.name != doc.name or doc.status != "Cancelled"]
	now = now_datetime()
	to_come = [row.starts_on for row in rows if row.status == "Planned" and row.starts_on > now]
	if not to_come:
		return now.replace(hour=23, minute=59, second=0, microsecond=0)
	if doc.status == "Cancelled":
		return _evening_before(to_come[-1]) if get_datetime(doc.starts_on) > to_come[-1] else None
	return _evening_before(to_come[0] if len(to_come) == len(rows) else to_come[-1])


def _evening_before(start: datetime) -> datetime:
	evening = (start - timedelta(days=1)).replace(hour=23, minute=59, second=0, microsecond=0)
	return evening if evening > now_datetime() else start


def _note_clashes(doc, places: list[frappe._dict]) -> None:
	"""`places` then say what else the person has at the new time, or that day; whoever moves it is told whom to ask."""
	found = clashes.of_a_moved_date(doc, {row.participant for row in places})
	same_time, same_day = [], []
	for row in places:
		overlapping, beside = found.get(row.participant, ([], []))
		row.clash = "; ".join(map(clashes.said, (overlapping or beside)[:3]))
		row.overlaps = bool(overlapping)
		if row.clash:
			(same_time if overlapping else same_day).append(row.participant)
	if not same_time and not same_day:
		return
	names = {name: person.name for name, person in recipients({*same_time, *same_day}).items()}
	for who, words in (
		(same_time, _("Something else at the same time, so ask them which one they would like: {0}.")),
		(same_day, _("Something else on the same day, so ask them whether both are fine: {0}.")),
	):
		if who:
			said = ", ".join(sorted(frappe.utils.escape_html(names[name]) for name in who))
			frappe.msgprint(words.format(said), title=_("Two dates at once"), indicator="orange")


def differs(before, doc) -> bool:
	"""In what a calendar shows of it."""
	return (before.status, *_where_and_when(before)) != (doc.status, *_where_and_when(doc))


def _where_and_when(doc) -> tuple:
	times = (get_datetime(doc.starts_on), get_datetime(doc.ends_on))
	return (*times, (doc.place or "").strip(), (doc.online_link or "").strip())


def _said(doc) -> str:
	return ", ".join(filter(None, (_when(doc), doc.place)))


def _when(doc) -> str:
	start, end = get_datetime(doc.starts_on), get_datetime(doc.ends_on)
	until = "HH:mm" if start.date() == end.date() else "EEEE d MMMM yyyy, HH:mm"
	return _("{0} to {1}").format(
		format_datetime(start, "EEEE d MMMM yyyy, HH:mm"), format_datetime(end, until)
	)


def _hearers(doc, lock: bool = True) -> tuple[list[frappe._dict], list[frappe._dict]]:
	return hearers(doc.opportunity, lock)


def hearers(opportunity: str, lock: bool = True) -> tuple[list[frappe._dict], list[frappe._dict]]:
	"""Who holds a place, and who has an offer, as it is now, past the snapshot: {participant, place, offered_amount,
	payment_choice, page}. Applications are locked after the session, here as in `places.accept`."""
	application = frappe.qb.DocType("Involvement Application")
	engagement = frappe.qb.DocType("Involvement Engagement")
	query = (
		frappe.qb.from_(application)
		.left_join(engagement)
		.on((engagement.application == application.name) & engagement.status.isin(LIVING))
		.select(
			application.name,
			application.participant,
			engagement.name.as_("place"),
			engagement.offered_amount,
			engagement.payment_choice,
		)
		.where(application.opportunity == opportunity)
		.where((application.status == "Offered") | engagement.name.isnotnull())
	)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	for row in rows:
		row.page = f"/take-part/my/places/{row.place}" if row.place else f"/take-part/my/offers/{row.name}"
	return [row for row in rows if row.place], [row for row in rows if not row.place]


def tell_of_new(made: list, words: str) -> int:
	"""Everybody with a place or an offer hears of these dates of one opportunity in one message; answers how many."""
	places, offers = hearers(made[0].opportunity)
	made[0].flags.words_for_people = words
	dates = "\n".join(_said(doc) for doc in made)
	_note_pay(made, places)
	_tell("Involvement dates added", made[0], [*places, *offers], dates=dates, number=len(made))
	return len(places) + len(offers)


def _note_pay(made: list, places: list[frappe._dict]) -> None:
	"""`places` then say what each of these dates brings the person, and by when. Of whoever is paid alone."""
	paid = promised_money(places)
	if not paid:
		return
	fields = ["name", "offered_amount", "chosen_amount", "payment_choice", "payment_on", "rate_rule"]
	# places of one opportunity, each told of their own
	terms = frappe.get_all(
		"Involvement Engagement", {"name": ["in", [row.place for row in paid]]}, [*fields, *rates.SNAPSHOT]
	)
	dates = promises.dates_of([made[0].opportunity], [row.name for row in terms])
	new = {doc.name: doc for doc in made}
	pay = {}
	for row in terms:
		most = row.chosen_amount if row.payment_choice == "Lower amount" else None
		comes = [each for each in promises.of(row, dates, most).comes if each.session in new]
		pay[row.name] = "\n".join(
			_("{0}: {1}, by {2}").format(
				frappe.utils.format_date(new[each.session].starts_on, "d MMMM yyyy"),
				pounds(each.amount),
				frappe.utils.format_date(each.on, "d MMMM yyyy"),
			)
			for each in comes
		)
	for row in paid:
		row.pay = pay[row.place]


REMIND_HOURS = 48


def remind() -> None:
	"""Hourly: two days before, everybody with a place hears of it once, with whom to talk to."""
	session = frappe.qb.DocType(SESSION)
	now = now_datetime()
	rows = (
		frappe.qb.from_(session)
		.select(session.name)
		.where((session.status == "Planned") & session.people_reminded_on.isnull())
		.where(session.starts_on[now : add_to_date(now, hours=REMIND_HOURS)])
		.orderby(session.starts_on)
		.limit(500)
		.run(pluck=True)
	)
	each_alone(rows, _remind, "{0}: people could not be reminded")


def _remind(name: str) -> None:
	doc = frappe.get_doc(SESSION, name, for_update=True)
	if doc.status != "Planned" or doc.people_reminded_on:
		return
	support = frappe.db.get_value("Involvement Opportunity", doc.opportunity, "support_contact")
	places = hearers(doc.opportunity)[0]
	# bounded: of the session that is locked above
	frappe.db.set_value(SESSION, name, "people_reminded_on", now_datetime(), update_modified=False)
	_tell(
		"Involvement date soon",
		doc,
		places,
		where=doc.place or "",
		online="yes" if (doc.online_link or "").strip() else "",
		support=support or "",
		needs=_with_needs({row.participant for row in places}),
	)


def _with_needs(participants: set[str]) -> set[str]:
	"""Who has told us what they need: they are told that we have it, and not what it is."""
	# of the people with a place in what is coming; names alone
	return set(
		frappe.get_all(
			"Access Requirement",
			{"participant": ["in", sorted(participants) or [""]]},
			pluck="participant",
			distinct=True,
		)
	)


def forget_reminder(doc) -> None:
	"""For `validate`: a date that moves is reminded of anew."""
	before = doc.get_doc_before_save()
	if before and get_datetime(before.starts_on) != get_datetime(doc.starts_on):
		doc.people_reminded_on = None


def _tell(template: str, doc, hearers: list[frappe._dict], **said) -> None:
	if not hearers:
		return
	people = recipients({row.participant for row in hearers})
	said = {
		"title": frappe.db.get_value("Involvement Opportunity", doc.opportunity, "title"),
		"when": _when(doc),
		"words": doc.flags.words_for_people or "",
		**said,
	}
	needs = said.pop("needs", ())
	# one by one: each is told in their own way
	for row in hearers:
		messages.send(
			template,
			("Involvement Participant", row.participant),
			{
				"payment": row.payment,
				"reply_by": row.reply_by or "",
				"clash": row.clash or "",
				"pay": row.pay or "",
				"overlaps": row.overlaps or False,
				"has_needs": row.participant in needs,
				**said,
				"link": frappe.utils.get_url(row.page),
			},
			about=doc,
			known=people.get(row.participant),
		)
