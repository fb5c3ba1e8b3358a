"""Asking those who were chosen: once each, never more often than they like, in their own way (domain 4.10; rows 0.13,
0.14).

Choosing writes a row for each (To send) while their records are locked, so two members of staff together ask nobody
more often than one may. The job sends what is written down, a batch a transaction: message and state are kept together
or not at all, so whatever stops it, the next run goes on where it stopped and nobody is asked twice. The hourly run
finds what a job has left."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_months, format_date, format_datetime, get_url, now_datetime
from redis.exceptions import RedisError

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import eligibility, participants, places, questions
from involvement_app.involvement_app.doctype.involvement_invitation.involvement_invitation import once_key
from involvement_app.involvement_app.doctype.involvement_invitation.lifecycle import (
	KNOW_MORE,
	LAPSE,
	LIFECYCLE,
	NO,
	SEND,
	TAKE_UP,
)
from involvement_app.involvement_app.matching import work
from involvement_app.involvement_app.matching.people import INVITATION, People, since_when
from involvement_app.involvement_app.opportunities import OPEN
from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.money import money, pounds

TEMPLATE = "Involvement invitation"
JOB = "involvement_app.involvement_app.matching.invitations.send_all"
# asked by one click, and sent in one transaction
MOST, BATCH = 500, 50
DATES_TOLD = 5


class NotOpen(frappe.ValidationError):
	"""Nobody could say yes to it now."""


class Asked(NamedTuple):
	"""`run`: what was sent together; `left_out`: {participant: reason}; None is not among the reader's people."""

	run: str
	count: int
	left_out: dict[str, str | None]


# --- choosing -----------------------------------------------------------------------------------------


def invite(opportunity: str, names: list[str], words: str = "") -> Asked:
	"""Write down that `names` are asked, as far as they may be, and have it sent. The caller has asked whether the
	session's user may. Raises NotOpen."""
	with places.locked(opportunity):
		asked_for = work.read(opportunity)
		refuse_closed(asked_for)
		left_out = _left_out(asked_for, names)
		chosen = [name for name in names if name not in left_out]
		run = frappe.generate_hash(length=12)
		_write_down(opportunity, chosen, words, run)
	if chosen:
		wake(run)
	return Asked(run, len(chosen), left_out)


def refuse_closed(asked_for: work.Work) -> None:
	if not asked_for.is_open:
		frappe.throw(
			_("“{0}” takes no applications now, so nobody can be invited to it.").format(asked_for.title),
			NotOpen,
		)


def _left_out(asked_for: work.Work, names: list[str]) -> dict[str, str | None]:
	fits = People(asked_for, frappe.session.user).reasons_of(names)
	now_away = _as_they_are_now(asked_for.name, names)
	return {
		name: now_away.get(name) or fits.get(name)
		for name in names
		if name not in fits or fits[name] or name in now_away
	}


def _as_they_are_now(opportunity: str, names: list[str]) -> dict[str, str]:
	"""What keeps somebody away that may have changed a moment ago: their records are locked, and read as they are,
	not as this transaction first saw them."""
	person, wish, row = (
		frappe.qb.DocType(doctype) for doctype in (PARTICIPANT, "Involvement Preference", INVITATION)
	)
	states = frappe.qb.from_(person).select(person.name, person.status).where(person.name.isin(names))
	states = dict(states.orderby(person.name).for_update().run())
	often = frappe.qb.from_(wish).select(wish.participant, wish.contact_frequency)
	often = dict(often.where(wish.participant.isin(names)).for_update().run())
	since = since_when(frappe.get_cached_doc("Involvement Settings"), now_datetime())
	earliest = min([*since.values(), add_months(now_datetime(), -1)])
	rows = (
		frappe.qb.from_(row)
		.select(row.participant, row.opportunity, row.creation)
		.where(row.participant.isin(names) & ((row.creation > earliest) | (row.opportunity == opportunity)))
		.for_update()
		.run()
	)
	away = {name: "paused" for name, status in states.items() if status != "Active"}
	for name, about, asked_on in rows:
		if about == opportunity:
			away[name] = "invited"
		elif asked_on > since.get(often.get(name) or "", now_datetime()):
			away.setdefault(name, "asked_lately")
	return away


def _write_down(opportunity: str, names: list[str], words: str, run: str) -> None:
	now, user = now_datetime(), frappe.session.user
	called = dict(
		frappe.get_all(  # bounded to those who were just found to be the reader's own people
			PARTICIPANT, {"name": ["in", names or [""]]}, ["name", "preferred_name"], as_list=True
		)
	)
	fields = ["name", "creation", "modified", "owner", "modified_by", "opportunity", "participant"]
	fields += ["preferred_name", "status", "words", "once_key", "run"]
	rows = [
		(
			*(frappe.generate_hash(length=10), now, now, user, user, opportunity, name),
			*(called[name], LIFECYCLE.first, words, once_key(opportunity, name), run),
		)
		for name in names
	]
	# many at once; the rows obey what the controller would ask: one key a person and opportunity, the first state
	frappe.db.bulk_insert(INVITATION, fields, rows)


def wake(run: str) -> None:
	"""Have them sent once this is kept; while the queue is away, the hourly run does it."""

	def send():
		try:
			frappe.enqueue(
				JOB, queue="long", job_id=f"involvement-invitations-{run}", deduplicate=True, run=run
			)
		except RedisError:
			frappe.logger("involvement").warning("the queue is away; the hourly run sends the invitations")

	frappe.db.after_commit.add(send)


# --- sending ------------------------------------------------------------------------------------------


def send_all(run: str | None = None) -> int:
	"""The job, and the hourly run: send what is written down. Commits after each batch, because what is in the outbox
	may leave at any moment. Returns how many were asked."""
	asked, after = 0, ("", "")
	# one by one: batches, each whole
	while after:
		sent, after = send_batch(run, after)
		asked += sent
		frappe.db.commit()  # a batch is whole
	return asked


def send_batch(run: str | None = None, after: tuple = ("", "")) -> tuple[int, tuple | None]:
	"""(how many were asked, where to go on; None at the end). `after`: (creation, name) of the last one looked at."""
	rows = _locked(run, after)
	if not rows:
		return 0, None
	people = taking_part({row.participant for row in rows})
	known = participants.recipients(set(people) or {""})
	stands = eligibility.of(set(people))
	# one by one: most often there is one
	works = {name: _told(name) for name in {row.opportunity for row in rows}}
	by_way: dict[tuple[str, str], list[str]] = {}
	gone = []
	# one by one: each is told in their own way
	for row in rows:
		told, person = works[row.opportunity], known.get(row.participant)
		if not told or not person:
			gone.append(row.name)
		elif _sent(row, said_to(told, stands[row.participant]), person, people[row.participant]):
			by_way.setdefault((row.opportunity, person.channel), []).append(row.name)
	with lifecycle.as_job():
		# one by one: a handful of channels
		for (opportunity, channel), names in by_way.items():
			values = {"asked_on": now_datetime(), "channel": channel}
			lifecycle.move_many(INVITATION, names, SEND, ("Involvement Opportunity", opportunity), values)
	# bounded to rows locked above: who cannot be asked any more was not asked, and nothing is kept of it
	frappe.db.delete(INVITATION, {"name": ["in", gone or [""]]})
	_tell_progress(rows)
	return sum(map(len, by_way.values())), (rows[-1].creation, rows[-1].name)


def _locked(run: str | None, after: tuple) -> list[frappe._dict]:
	row = frappe.qb.DocType(INVITATION)
	query = (
		frappe.qb.from_(row)
		.select(row.name, row.creation, row.opportunity, row.participant, row.words, row.owner, row.run)
		.where(row.status == LIFECYCLE.first)
		.orderby(row.creation)
		.orderby(row.name)
		.limit(BATCH)
		.for_update()
	)
	if after[1]:
		created, name = after
		query = query.where((row.creation > created) | ((row.creation == created) & (row.name > name)))
	return (query.where(row.run == run) if run else query).run(as_dict=True)


def taking_part(names: set[str]) -> dict[str, str | None]:
	"""{participant: their login} of those who are Active."""
	rows = frappe.get_all(  # a job's own list, no reader
		PARTICIPANT, {"name": ["in", sorted(names)], "status": "Active"}, ["name", "user"], as_list=True
	)
	return dict(rows)


def _sent(row, told: dict, person, login: str | None) -> bool:
	"""Whatever is wrong with one, the others are asked; the next run tries it again."""
	frappe.db.savepoint("involvement_invitation")
	try:
		about = frappe._dict(doctype=INVITATION, name=row.name)
		link = get_url(f"/take-part/my/invitations/{row.name}") if login else ""
		context = {**told, "words": row.words, "link": link}
		return bool(
			messages.send(TEMPLATE, (PARTICIPANT, row.participant), context, about, owed=False, known=person)
		)
	except frappe.QueryDeadlockError:
		raise  # the whole transaction is gone: the next run tries again
	except Exception:  # said in the Error Log
		frappe.db.rollback(save_point="involvement_invitation")
		frappe.log_error(f"Invitation {row.name} could not be sent")
		return False


def _told(opportunity: str) -> dict | None:
	"""What the message says of it; None when nobody can say yes any more."""
	asked_for = work.read(opportunity)
	return words_of(asked_for) if asked_for.is_open else None


def words_of(asked_for: work.Work) -> dict:
	"""The values of the message, but for the person's own."""
	return {
		"title": asked_for.title,
		"what_can_change": asked_for.what_can_change,
		"when": "; ".join(
			format_datetime(day, "EEEE d MMMM yyyy, HH:mm") for day in asked_for.days[:DATES_TOLD]
		),
		"where": _where(asked_for),
		"amount": pounds(asked_for.pays) if money(asked_for.pays) else "",
		"apply_by": format_date(asked_for.apply_by, "d MMMM yyyy") if asked_for.apply_by else "",
		"contact": participants.reach_us(),
	}


def said_to(told: dict, stands: str) -> dict:
	"""Who is not paid reads nothing of money."""
	return told if stands == eligibility.PAID else {**told, "amount": ""}


def _where(asked_for: work.Work) -> str:
	ways = []
	if asked_for.in_person:
		ways.append((asked_for.locality and _(asked_for.locality)) or _("in person"))
	if asked_for.at_home:
		ways.append(_("from home"))
	return _(" or ").join(ways)


def _tell_progress(rows: list[frappe._dict]) -> None:
	"""To those who wait for it on their screen."""
	row = frappe.qb.DocType(INVITATION)
	runs = {each.run: each for each in rows if each.run}
	counted = (
		frappe.qb.from_(row)
		.select(row.run, row.status, Count("*"))
		.where(row.run.isin(list(runs) or [""]))
		.groupby(row.run, row.status)
		.run()
	)
	# one by one: most often there is one
	for run, each in runs.items():
		waiting = sum(n for of, status, n in counted if of == run and status == LIFECYCLE.first)
		every = sum(n for of, _status, n in counted if of == run)
		frappe.publish_realtime(
			"involvement_invitations",
			{"run": run, "opportunity": each.opportunity, "waiting": waiting, "sent": every - waiting},
			user=each.owner,
			after_commit=True,
		)


# --- answers ------------------------------------------------------------------------------------------


def say_no(name: str, participant: str) -> None:
	"""No thank you, at any time before the end, without a reason. Bounded to the person, or who acts for them."""
	doc = _own(name, participant)
	if doc.status != "Not going ahead":
		lifecycle.apply(doc, NO)


def know_more(name: str, participant: str, words: str) -> None:
	"""The person would like to know more: somebody answers within the days promised for questions. Raises TooMany."""
	doc = _own(name, participant)
	title = frappe.db.get_value("Involvement Opportunity", doc.opportunity, "title")
	asks = _("I would like to know more about “{0}”.").format(title)
	questions.ask(participant, f"{asks}\n{words}".strip())
	if doc.status == "Asked":
		lifecycle.apply(doc, KNOW_MORE)


def _own(name: str, participant: str):
	doc = frappe.get_doc(INVITATION, name, for_update=True)
	if doc.participant != participant:
		raise frappe.DoesNotExistError
	return doc


def taken_up(opportunity: str, participant: str) -> None:
	"""They have applied. One statement, for whoever was asked and whoever was not."""
	step = next(step for step in LIFECYCLE.transitions if step.action == TAKE_UP)
	row = frappe.qb.DocType(INVITATION)
	# bounded to one person's own row, in the states from which the declaration has this step
	(
		frappe.qb.update(row)
		.set(row.status, step.to)
		.where((row.once_key == once_key(opportunity, participant)) & row.status.isin(step.sources))
		.run()
	)


def lapse() -> None:
	"""Daily: what nobody can say yes to any more is over, which is no mark against anybody."""
	row, opportunity = frappe.qb.DocType(INVITATION), frappe.qb.DocType("Involvement Opportunity")
	step = next(step for step in LIFECYCLE.transitions if step.action == LAPSE)
	closed = (
		frappe.qb.from_(row)
		.join(opportunity)
		.on(opportunity.name == row.opportunity)
		.select(row.opportunity, row.name)
		.where(row.status.isin(step.sources) & opportunity.status.notin(OPEN))
		.where(opportunity.status != "Draft")
		.orderby(row.opportunity)
		.limit(5000)
		.run()
	)
	by_opportunity: dict[str, list[str]] = {}
	for about, name in closed:
		by_opportunity.setdefault(about, []).append(name)
	places.each_alone(
		list(by_opportunity),
		lambda about: _lapse(about, by_opportunity[about]),
		"{0}: invitations could not end",
	)


def _lapse(opportunity: str, names: list[str]) -> None:
	with lifecycle.as_job():
		lifecycle.move_many(INVITATION, names, LAPSE, ("Involvement Opportunity", opportunity))
