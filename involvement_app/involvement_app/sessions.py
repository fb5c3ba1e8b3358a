"""A date that is called off or moved: everybody who holds a place, or has an offer of one, hears of it in their own way
(domain 4.3, 4.10).

They hear of it whatever writes it: the form's dialog, a list, the API. What becomes of the payment for a date that is
called off is decided then, or said to be decided later, and told in the message; who takes no money hears nothing of
money. Paid anyway means: as if everybody with a place had been there for the planned hours.

The session's row is the lock: a yes at the same moment (`places.accept`) takes it too, so whoever got a place before is
told, and whoever comes after is answered that there is no date left.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder.functions import Min
from frappe.utils import cstr, format_datetime, get_datetime, now_datetime

from involvement_app import lifecycle, messages
from involvement_app.involvement_app.holding import LIVING, promised_money
from involvement_app.involvement_app.participants import participant_of, recipients
from involvement_app.messages.channels import channel

SESSION = "Involvement Session"
PAID, NOT_PAID, LATER = "Paid anyway", "Not paid", "Decided later"
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


def of_opportunity(doc) -> tuple[str, str, str, datetime | None]:
	"""(title, unit and status of its opportunity, when the first of the others begins that are not called off)."""
	opportunity, other = frappe.qb.DocType("Involvement Opportunity"), frappe.qb.DocType(SESSION)
	others = (
		frappe.qb.from_(other)
		.select(Min(other.starts_on))
		.where((other.opportunity == doc.opportunity) & (other.status != "Cancelled"))
		.where(other.name != cstr(doc.name))
	)
	return (
		frappe.qb.from_(opportunity)
		.select(opportunity.title, opportunity.unit, opportunity.status, others)
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
	_tell(
		"Involvement date moved",
		doc,
		places if only_link else [*places, *offers],
		old=_said(before),
		new="" if only_link else _said(doc),
		new_link=new_link and bool(new[-1]),
	)


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
	# one by one: each is told in their own way
	for row in hearers:
		messages.send(
			template,
			("Involvement Participant", row.participant),
			{"payment": row.payment, **said, "link": frappe.utils.get_url(row.page)},
			about=doc,
			known=people.get(row.participant),
		)
