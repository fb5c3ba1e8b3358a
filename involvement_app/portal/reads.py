"""What the portal may see. A participant's login holds no role, so each function is bounded by what it says:
published opportunities, or rows of one participant, who was found from the session."""

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Coalesce, Count, Date, Min
from frappe.utils import add_days, now_datetime, today
from pypika import Case
from pypika.terms import ExistsCriterion, ValueWrapper

from involvement_app.involvement_app import co_leads, feedback, promises, rates, selection
from involvement_app.involvement_app.holding import LIVING, OPEN_APPLICATION
from involvement_app.involvement_app.opportunities import OPEN
from involvement_app.involvement_app.participants import THEIR_OWN, every_record
from involvement_app.involvement_payments.states import CORRECTION, KIND
from involvement_app.permissions import EVERYTHING
from involvement_app.portal import panel_reads

PAGE = 10
OPEN_INVITATION = ("Asked", "Would like to know more")
# how long an answer stays on "my page"
REMEMBERED_DAYS = 90
# More than one person will ever have; a query without a bound is never right.
MOST = 100
MOST_PLACES = 500


def _on_offer(opportunity, participant: str | None):
	"""Published and still open: Public for anybody, Registered too for somebody who takes part, Invited for those who
	were invited."""
	shown = opportunity.visibility.isin(("Public", "Registered") if participant else ("Public",))
	if participant:
		shown = shown | ((opportunity.visibility == "Invited") & _invited_to(opportunity, participant))
	return (
		opportunity.status.isin(OPEN)
		& shown
		& (opportunity.apply_by.isnull() | (opportunity.apply_by >= today()))
	)


def _invited_to(opportunity, participant: str):
	"""`participant` was asked about it, whatever they said."""
	invitation = frappe.qb.DocType("Involvement Invitation").as_("asked")
	return ExistsCriterion(
		frappe.qb.from_(invitation)
		.select(invitation.name)
		.where((invitation.opportunity == opportunity.name) & (invitation.participant == participant))
		.where(invitation.status != "To send")
	)


def _flag(criterion):
	return Case().when(criterion, 1).else_(0)


def _asked_for(opportunity, participant: str):
	"""`participant` has applied for it, whatever came of that."""
	application = frappe.qb.DocType("Involvement Application").as_("own")
	return ExistsCriterion(
		frappe.qb.from_(application)
		.select(application.name)
		.where((application.opportunity == opportunity.name) & (application.participant == participant))
	)


def _narrowed(query, opportunity, wanted: dict):
	if wanted.get("type"):
		query = query.where(opportunity.opportunity_type == wanted["type"])
	if wanted.get("place"):
		query = query.where(opportunity.locality == wanted["place"])
	if wanted.get("online"):
		query = query.where(opportunity.online == 1)
	if wanted.get("paid"):
		query = query.where(opportunity.offer_per_person > 0)
	return query


def _own(doctype: str, participant: str):
	"""(query, table, opportunity): the reader's own rows of `doctype`, joined to what they are about."""
	table = frappe.qb.DocType(doctype)
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	query = (
		frappe.qb.from_(table)
		.join(opportunity)
		.on(opportunity.name == table.opportunity)
		.where(table.participant == participant)
	)
	return query, table, opportunity


def open_opportunities(participant: str | None, wanted: dict, page: int) -> list[dict]:
	"""One page of what is on offer to this reader, soonest closing first. Bounded by `_on_offer`."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	session = frappe.qb.DocType("Involvement Session")
	first = (
		frappe.qb.from_(session)
		.select(Min(session.starts_on))
		.where((session.opportunity == opportunity.name) & (session.status == "Planned"))
	)
	query = (
		frappe.qb.from_(opportunity)
		.select(
			opportunity.name,
			opportunity.title,
			opportunity.opportunity_type,
			opportunity.locality,
			opportunity.what_can_change,
			opportunity.online,
			opportunity.in_person,
			opportunity.apply_by,
			opportunity.offer_per_person,
			opportunity.expenses_covered,
			first.as_("first_on"),
		)
		.where(_on_offer(opportunity, participant))
		.orderby(Coalesce(opportunity.apply_by, "9999-12-31"))
		.orderby(opportunity.name)
		.limit(PAGE)
		.offset((page - 1) * PAGE)
	)
	return _narrowed(query, opportunity, wanted).run(as_dict=True)


def count_open(participant: str | None, wanted: dict) -> int:
	"""How many `open_opportunities` there are in all."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	query = frappe.qb.from_(opportunity).select(Count("*")).where(_on_offer(opportunity, participant))
	return _narrowed(query, opportunity, wanted).run()[0][0]


def filters_in_use(participant: str | None) -> tuple[list[str], list[str]]:
	"""(types, places) that at least one opportunity on offer to this reader has."""
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	rows = (
		frappe.qb.from_(opportunity)
		.select(opportunity.opportunity_type, opportunity.locality)
		.distinct()
		.where(_on_offer(opportunity, participant))
		.run()
	)
	return sorted({kind for kind, _place in rows}), sorted({place for _kind, place in rows if place})


def opportunity(name: str, participant: str | None) -> dict | None:
	"""One opportunity with its level, rate and criteria: on offer to this reader, or one they have asked for."""
	table = frappe.qb.DocType("Involvement Opportunity")
	may_see = _on_offer(table, participant)
	if participant:
		may_see = may_see | _asked_for(table, participant)
	return _opportunity(table, (table.name == name) & may_see, participant)


def opportunity_for_staff(name: str) -> dict | None:
	"""The same in any state and as if it were on offer, for staff who may read it in the desk by their own right."""
	doctype = "Involvement Opportunity"
	# one statement: in the list is what may be read (law 2)
	if not frappe.has_permission(doctype, "read") or not frappe.get_list(doctype, {"name": name}, limit=1):
		return None
	table = frappe.qb.DocType(doctype)
	found = _opportunity(table, table.name == name, None)
	if found:
		found.on_offer = 1
	return found


def _opportunity(table, which, participant: str | None) -> dict | None:
	"""With `criteria`, in one statement: a row for each of the few there are."""
	criterion = frappe.qb.DocType("Involvement Opportunity Criterion")
	level = frappe.qb.DocType("Participation Level")
	rate = frappe.qb.DocType("Payment Rate Rule")
	rows = (
		frappe.qb.from_(table)
		.left_join(level)
		.on(level.name == table.level)
		.left_join(rate)
		.on(rate.name == table.rate_rule)
		.left_join(criterion)
		.on((criterion.parent == table.name) & (criterion.parenttype == "Involvement Opportunity"))
		.select(
			table.name,
			table.title,
			table.opportunity_type,
			table.locality,
			table.partner_organisation,
			table.theme,
			table.role_description,
			table.time_commitment,
			table.easy_read,
			table.status,
			table.visibility,
			table.written_version,
			table.purpose,
			table.what_can_change,
			table.what_cannot_change,
			table.decision_maker,
			table.decision_date,
			table.benefit_to_participants,
			table.description,
			table.access_statement,
			table.online,
			table.in_person,
			table.by_telephone,
			table.by_post,
			table.one_to_one,
			table.support_contact,
			table.places,
			table.places_confirmed,
			table.selection_mode,
			table.apply_by,
			table.hours,
			table.preparation_hours,
			table.expenses_covered,
			table.offer_per_person,
			promises.offered_length(table.name).as_("offered_length"),
			table.payment_on,
			level.name.as_("level"),
			level.definition.as_("level_means"),
			rate.basis,
			rate.amount,
			rate.minimum_hours,
			rate.preparation_paid,
			rate.block_hours,
			rate.half_day_hours,
			rate.half_day_amount,
			_flag(_on_offer(table, participant)).as_("on_offer"),
			_flag(_led_by(table)).as_("co_led"),
			criterion.criterion,
			criterion.essential,
		)
		.where(which)
		.orderby(criterion.idx)
		.run(as_dict=True)
	)
	if not rows:
		return None
	rows[0].criteria = [row for row in rows if row.criterion]
	return rows[0]


def easy_read(opportunity: dict) -> dict | None:
	"""The File of the easy-read version of an opportunity that the reader may see."""
	if not opportunity.easy_read:
		return None
	about = {"attached_to_doctype": "Involvement Opportunity", "attached_to_name": opportunity.name}
	return frappe.db.get_value(
		"File",
		{"file_url": opportunity.easy_read, "is_private": 1, **about},
		["name", "file_url"],
		as_dict=True,
	)


def dates(opportunity: str, called_off: bool = False) -> list[dict]:
	"""When and where; the online link is for those with a place, and so is what was called off. For an opportunity the
	reader may see."""
	session = frappe.qb.DocType("Involvement Session")
	shown = ("Planned", "Held", "Cancelled") if called_off else ("Planned", "Held")
	return (
		frappe.qb.from_(session)
		.select(
			session.name,
			session.starts_on,
			session.ends_on,
			session.place,
			session.online_link,
			session.status,
			session.cancelled_payment,
		)
		.where((session.opportunity == opportunity) & session.status.isin(shown))
		.orderby(session.starts_on)
		.orderby(session.name)
		.limit(MOST)
		.run(as_dict=True)
	)


def planned_dates(opportunity: str) -> list[dict]:
	"""When and where it is planned to be, before there are sessions. For an opportunity the reader may see."""
	date = frappe.qb.DocType("Involvement Opportunity Date")
	return (
		frappe.qb.from_(date)
		.select(date.starts_on, date.ends_on, date.place)
		.where((date.parent == opportunity) & (date.parenttype == "Involvement Opportunity"))
		.orderby(date.starts_on)
		.limit(MOST)
		.run(as_dict=True)
	)


def _led_by(opportunity, participant: str | None = None):
	"""`participant`, or anybody with lived experience, leads it with us."""
	row = frappe.qb.DocType("Involvement Opportunity Co-lead")
	query = frappe.qb.from_(row).select(row.name)
	query = query.where((row.parent == opportunity.name) & (row.parenttype == "Involvement Opportunity"))
	return ExistsCriterion(query.where(row.participant == participant) if participant else query)


def led_with_us(name: str, participant: str) -> dict | None:
	"""The whole of what the reader leads with us, in any state, as people read it."""
	table = frappe.qb.DocType("Involvement Opportunity")
	return _opportunity(table, (table.name == name) & _led_by(table, participant), participant)


def review(name: str, participant: str) -> dict | None:
	"""One of the reader's own reviews: {name, opportunity, status, words}."""
	fields = ["name", "opportunity", "status", "words", "answered_on"]
	return frappe.db.get_value(
		"Opportunity Reviewer", {"name": name, "participant": participant}, fields, as_dict=True
	)


def reviewed(review: dict, participant: str) -> dict:
	"""The whole of what the reader was asked to look at, as people will read it."""
	table = frappe.qb.DocType("Involvement Opportunity")
	return _opportunity(table, table.name == review.opportunity, participant)


def person(participant: str) -> dict:
	"""The reader's own name, state and access note."""
	fields = ["preferred_name", "status", "access_note"]
	return frappe.db.get_value("Involvement Participant", participant, fields, as_dict=True)


def for_applying(participant: str) -> tuple[dict, list[dict]]:
	"""(the reader's own state and access note, [{need, detail, share_with}] of what they need). One statement."""
	person, need = frappe.qb.DocType("Involvement Participant"), frappe.qb.DocType("Access Requirement")
	rows = (
		frappe.qb.from_(person)
		.left_join(need)
		.on(need.participant == person.name)
		.select(person.status, person.access_note, need.need, need.detail, need.share_with)
		.where(person.name == participant)
		.orderby(need.creation)
		.limit(MOST)
		.run(as_dict=True)
	)
	return rows[0], [row for row in rows if row.need]


def live_application(opportunity: str, participant: str) -> dict | None:
	"""The reader's own application for this opportunity that is still open or was accepted."""
	return frappe.db.get_value(
		"Involvement Application",
		{"live_key": f"{opportunity}|{participant}", "participant": participant},
		["name", "status"],
		as_dict=True,
	)


# what stands on “My page”
APPLICATION, INVITATION, PLACE, REVIEW, LEADS = "application", "invitation", "place", "review", "leads"
PANEL = "panel"
CHOOSES = "chooses"


def mine(participant: str, themself: bool = True) -> list[dict]:
	"""The reader's own, newest first, as {kind, name, status, reply_by, offered_amount, payment_on, title}: open
	applications and answers of the last weeks; what they were invited to and can still say yes to; places. `themself`:
	what they were asked to look at, what they choose for, the panels on which they sit and what they lead with us,
	too. One statement."""
	rows = _applications(participant).union_all(_invitations(participant)).union_all(_places(participant))
	if themself:
		rows = rows.union_all(_reviews(participant)).union_all(_leading(participant))
		rows = rows.union_all(_choosing(participant)).union_all(_panels(participant))
	rows = rows.as_("mine")
	return (
		frappe.qb.from_(rows)
		.select("*")
		.orderby(rows.creation, order=Order.desc)
		.limit(2 * MOST)
		.run(as_dict=True)
	)


def _mine(query, kind: str, row, opportunity, **values):
	"""The columns of `mine`."""
	columns = {
		"status": row.status,
		"reply_by": opportunity.apply_by,
		"offered_amount": ValueWrapper(0),
		"payment_on": opportunity.payment_on,
	} | values
	return query.select(
		ValueWrapper(kind).as_("kind"),
		row.name,
		*(column.as_(name) for name, column in columns.items()),
		opportunity.title,
		row.creation,
	)


def _applications(participant: str):
	query, row, opportunity = _own("Involvement Application", participant)
	recently = row.modified >= add_days(today(), -REMEMBERED_DAYS)
	answered = row.status.isin(("Not selected", "Not going ahead")) & recently
	offer = {name: row[name] for name in ("reply_by", "offered_amount", "payment_on")}
	return _mine(query, APPLICATION, row, opportunity, **offer).where(
		row.status.isin(OPEN_APPLICATION) | answered
	)


def _invitations(participant: str):
	query, row, opportunity = _own("Involvement Invitation", participant)
	still_open = opportunity.apply_by.isnull() | (opportunity.apply_by >= today())
	return _mine(query, INVITATION, row, opportunity, offered_amount=opportunity.offer_per_person).where(
		row.status.isin(OPEN_INVITATION) & opportunity.status.isin(OPEN) & still_open
	)


def _places(participant: str):
	query, row, opportunity = _own("Involvement Engagement", participant)
	return _mine(query, PLACE, row, opportunity)


def _reviews(participant: str):
	query, row, opportunity = _own("Opportunity Reviewer", participant)
	return _mine(query, REVIEW, row, opportunity).where(
		(row.status == "Asked") & (opportunity.status == "Submitted")
	)


def _panels(participant: str):
	query, panel, opportunity = panel_reads.on_my_page(participant)
	return _mine(query, PANEL, panel, opportunity)


def _choosing(participant: str):
	query, row, opportunity = _own("Opportunity Selector", participant)
	return _mine(query, CHOOSES, row, opportunity).where(
		(row.status == "Asked") & opportunity.status.notin(selection.OVER)
	)


def _leading(participant: str):
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	query = frappe.qb.from_(opportunity)
	return _mine(query, LEADS, opportunity, opportunity).where(
		_led_by(opportunity, participant) & opportunity.status.notin(co_leads.OVER)
	)


def invitation(name: str, participant: str) -> dict | None:
	"""One of the reader's own that has been sent, with what it is about."""
	query, table, opportunity = _own("Involvement Invitation", participant)
	rows = (
		query.select(
			table.name,
			table.opportunity,
			table.status,
			table.words,
			opportunity.title,
			opportunity.what_can_change,
			opportunity.description,
			opportunity.time_commitment,
			opportunity.locality,
			opportunity.online,
			opportunity.in_person,
			opportunity.by_telephone,
			opportunity.by_post,
			opportunity.one_to_one,
			opportunity.apply_by,
			opportunity.offer_per_person,
			opportunity.expenses_covered,
			opportunity.support_contact,
			_flag(_on_offer(opportunity, participant)).as_("on_offer"),
		)
		.where((table.name == name) & (table.status != "To send"))
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def application(name: str, participant: str) -> dict | None:
	"""One of the reader's own, with its opportunity and the place it led to."""
	query, table, opportunity = _own("Involvement Application", participant)
	rate = frappe.qb.DocType("Payment Rate Rule")
	engagement = frappe.qb.DocType("Involvement Engagement")
	rows = (
		query.left_join(rate)
		.on(rate.name == opportunity.rate_rule)
		.left_join(engagement)
		.on(engagement.application == table.name)
		.select(
			table.name,
			table.opportunity,
			table.status,
			table.reply_by,
			table.offered_amount,
			table.payment_on,
			table.kind_words,
			table.hopes,
			table.access_needs,
			opportunity.title,
			opportunity.status.as_("opportunity_status"),
			opportunity.hours,
			opportunity.preparation_hours,
			Coalesce(table.rate_rule, opportunity.rate_rule).as_("rate_rule"),
			opportunity.offer_per_person,
			promises.offered_length(opportunity.name).as_("offered_length"),
			opportunity.expenses_covered,
			opportunity.support_contact,
			_flag(_on_offer(opportunity, participant)).as_("on_offer"),
			rate.basis,
			rate.amount,
			rate.preparation_paid,
			rate.block_hours,
			rate.half_day_hours,
			rate.half_day_amount,
			engagement.name.as_("engagement"),
		)
		.where(table.name == name)
		.limit(1)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def engagements(participant: str) -> list[dict]:
	"""The reader's own places, newest first."""
	query, engagement, opportunity = _own("Involvement Engagement", participant)
	return (
		query.select(engagement.name, engagement.status, engagement.creation, opportunity.title)
		.orderby(engagement.creation, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)


def engagement(name: str, participant: str) -> dict | None:
	"""One of the reader's own places, with what was promised and how far paying for it is."""
	query, table, opportunity = _own("Involvement Engagement", participant)
	rows = (
		query.select(
			table.name,
			table.opportunity,
			table.application,
			table.status,
			table.offered_amount,
			table.payment_choice,
			table.chosen_amount,
			table.charity,
			table.creation,
			table.payment_on,
			table.rate_basis.as_("basis"),
			table.rate_amount.as_("amount"),
			*(table[fieldname] for fieldname in rates.SNAPSHOT),
			opportunity.title,
			opportunity.hours,
			opportunity.preparation_hours,
			opportunity.rate_rule,
			opportunity.offer_per_person,
			promises.offered_length(opportunity.name).as_("offered_length"),
			opportunity.expenses_covered,
			opportunity.support_contact,
		)
		.where(table.name == name)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def coming_sessions(participant: str) -> list[dict]:
	"""Planned sessions of places the reader has."""
	engagement = frappe.qb.DocType("Involvement Engagement")
	session = frappe.qb.DocType("Involvement Session")
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	return (
		frappe.qb.from_(engagement)
		.join(session)
		.on(session.opportunity == engagement.opportunity)
		.join(opportunity)
		.on(opportunity.name == engagement.opportunity)
		.select(
			engagement.name.as_("engagement"),
			opportunity.title,
			session.starts_on,
			session.ends_on,
			session.place,
			session.online_link,
		)
		.where(
			(engagement.participant == participant)
			& engagement.status.isin(LIVING)
			& (session.status == "Planned")
			& (session.ends_on >= now_datetime())
		)
		.orderby(session.starts_on)
		.orderby(session.name)
		.limit(20)
		.run(as_dict=True)
	)


def payments(participant: str, page: int = 1, size: int = PAGE, engagement: str | None = None) -> list[dict]:
	"""The reader's own payments for time, and what was taken back of any, newest first, without those that a later choice
	replaced; one row more than `size` when there is another page. They are the reader's by their place: what was paid under an earlier record of
	theirs keeps that record's number (merging.py)."""
	payment = frappe.qb.DocType("Involvement Payment")
	place = frappe.qb.DocType("Involvement Engagement")
	opportunity = frappe.qb.DocType("Involvement Opportunity")
	query = (
		frappe.qb.from_(payment)
		.left_join(place)
		.on(place.name == payment.engagement)
		.left_join(opportunity)
		.on(opportunity.name == place.opportunity)
		.select(
			payment.name,
			payment.amount,
			payment.status,
			payment.due_on,
			payment.paid_on,
			payment.session_on,
			payment.payment_choice,
			payment.charity,
			payment.not_before,
			payment.pay_on,
			sent_to_the_bank(payment),
			payment.note,
			payment.kind,
			payment.correction_reason,
			payment.claim,
			payment.engagement,
			opportunity.title,
		)
		.where(payment.withdrawn == 0)
		.where(
			((place.participant == participant) & (payment.kind == KIND))
			| ((payment.kind == CORRECTION) & payment.participant.isin(every_record(participant)))
		)
	)
	query = newest_first(
		query, Coalesce(payment.session_on, Date(payment.creation)), payment.name, page, size
	)
	return (query.where(payment.engagement == engagement) if engagement else query).run(as_dict=True)


def sent_to_the_bank(payment):
	"""A term: whether the file of its batch was written, so that the money is on its way in earnest."""
	batch = frappe.qb.DocType("Involvement Payment Batch")
	written = frappe.qb.from_(batch).select(batch.name)
	written = written.where((batch.name == payment.batch) & (batch.status == "Exported"))
	return _flag(ExistsCriterion(written)).as_("sent")


def newest_first(query, on, name, page: int, size: int):
	"""One page of a long list, and one row more where there is another page."""
	newest = query.orderby(on, order=Order.desc).orderby(name, order=Order.desc)
	return newest.limit(size + 1).offset((page - 1) * size)


def localities() -> list[str]:
	"""Where the charity works: names of places, the same for everybody."""
	return frappe.get_all(  # a list of places, about nobody
		"Involvement Locality", pluck="name", order_by="name", limit=MOST_PLACES
	)


def preference(participant: str) -> dict:
	"""What the reader said they would like; empty where they have said nothing yet."""
	row = frappe.db.get_value("Involvement Preference", {"participant": participant}, "*", as_dict=True)
	return row or frappe._dict()


def ways_of_taking_part(participant: str) -> list[dict]:
	"""[{name, text, chosen}] of every type, with the reader's own ticks."""
	kind = frappe.qb.DocType("Involvement Type")
	own = ("Involvement Preference", "Involvement Preference Type", "opportunity_type")
	return _ticked(kind, kind.name, own, participant, kind.name)


def levels(participant: str) -> list[dict]:
	"""[{name, text, chosen}] of the levels at which people are listened to, with the reader's own ticks."""
	level = frappe.qb.DocType("Participation Level")
	own = ("Involvement Preference", "Involvement Preference Level", "level")
	return _ticked(
		level, level.rank, own, participant, level.definition, within=level.level_group != "Doing to"
	)


def areas(participant: str) -> list[dict]:
	"""[{name, text, chosen}] of the words for what people know from their own life, with the reader's own ticks."""
	area = frappe.qb.DocType("Lived Experience Area")
	own = ("Lived Experience Profile", "Lived Experience Profile Area", "area")
	return _ticked(area, area.name, own, participant, area.name)


def skills(participant: str) -> list[dict]:
	"""[{name, text, chosen}] of the skills, with the reader's own ticks."""
	skill = frappe.qb.DocType("Involvement Skill")
	own = ("Lived Experience Profile", "Lived Experience Profile Skill", "skill")
	return _ticked(skill, skill.name, own, participant, skill.name)


def profile(participant: str) -> dict:
	"""What the reader wrote about what they know; empty where they have written nothing."""
	row = frappe.db.get_value("Lived Experience Profile", {"participant": participant}, "*", as_dict=True)
	return row or frappe._dict()


def goals(participant: str) -> list[dict]:
	"""The reader's own goals."""
	goal = frappe.qb.DocType("Personal Goal")
	query = frappe.qb.from_(goal).select(goal.name, goal.goal, goal.reached)
	return query.where(goal.participant == participant).orderby(goal.creation).limit(MOST).run(as_dict=True)


def _ticked(
	master, order, own: tuple[str, str, str], participant: str, text, within=EVERYTHING
) -> list[dict]:
	"""Rows of `master` with the ticks of the reader's own document: `own` is (doctype, its child table, field)."""
	doctype, child, field = own
	tick, document = frappe.qb.DocType(child), frappe.qb.DocType(doctype)
	chosen = ExistsCriterion(
		frappe.qb.from_(tick)
		.join(document)
		.on(document.name == tick.parent)
		.select(tick.name)
		.where((document.participant == participant) & (tick[field] == master.name))
	)
	return (
		frappe.qb.from_(master)
		.select(master.name, text.as_("text"), _flag(chosen).as_("chosen"))
		.where(within)
		.orderby(order)
		.limit(MOST)
		.run(as_dict=True)
	)


def access_requirements(participant: str) -> list[dict]:
	"""What the reader needs, and who may see it."""
	return _needs(participant).run(as_dict=True)


def access_requirement(name: str, participant: str) -> dict | None:
	"""One of the reader's own needs."""
	need = frappe.qb.DocType("Access Requirement")
	rows = _needs(participant).where(need.name == name).run(as_dict=True)
	return rows[0] if rows else None


def _needs(participant: str):
	need, person, user = (
		frappe.qb.DocType(doctype) for doctype in ("Access Requirement", "Involvement Participant", "User")
	)
	return (
		frappe.qb.from_(need)
		.join(person)
		.on(person.name == need.participant)
		.left_join(user)
		.on(user.name == person.named_contact)
		.select(
			need.name,
			need.need,
			need.detail,
			need.agreed,
			need.share_with,
			need.review_asked_on,
			need.recorded_by,
			need.recorded_on,
			need.told_how,
			user.full_name.as_("named_contact"),
		)
		.where(need.participant == participant)
		.orderby(need.creation)
		.limit(MOST)
	)


def wellbeing_plan(participant: str) -> dict:
	"""What the reader wrote for a hard day; empty where they have written nothing. Reading one's own is not logged."""
	row = frappe.db.get_value("Wellbeing Support Plan", {"participant": participant}, "*", as_dict=True)
	return row or frappe._dict()


def readers_of_plan(participant: str) -> list[dict]:
	"""[{full_name, read_on, reason}]: which staff have read the reader's plan, newest first."""
	log, user = frappe.qb.DocType("Sensitive Access Log"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(log)
		.left_join(user)
		.on(user.name == log.user)
		.select(user.full_name, log.read_on, log.reason)
		.where((log.person_doctype == "Involvement Participant") & (log.person == participant))
		.where((log.document_type == "Wellbeing Support Plan") & (log.outcome == "Read"))
		.where(log.user != frappe.session.user)
		.orderby(log.read_on, order=Order.desc)
		.limit(PAGE)
		.run(as_dict=True)
	)


def named_contact(participant: str) -> str | None:
	"""The name of the member of staff whom the reader can turn to."""
	person, user = frappe.qb.DocType("Involvement Participant"), frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(person)
		.join(user)
		.on(user.name == person.named_contact)
		.select(user.full_name)
		.where(person.name == participant)
		.run()
	)
	return rows[0][0] if rows else None


def kinds_of_needs() -> list[str]:
	"""To choose from; about nobody."""
	kind = frappe.qb.DocType("Access Need Type")
	return frappe.qb.from_(kind).select(kind.name).orderby(kind.creation).limit(MOST).run(pluck=True)


def details(participant: str) -> dict:
	"""What the reader may write about themself."""
	return frappe.db.get_value(
		"Involvement Participant",
		participant,
		[*THEIR_OWN, "recorded_by", "recorded_on", "told_how"],
		as_dict=True,
	)


def languages() -> list[tuple[str, str]]:
	"""(code, name) of every language that the site knows; about nobody."""
	language = frappe.qb.DocType("Language")
	query = frappe.qb.from_(language).select(language.name, language.language_name)
	return list(query.orderby(language.language_name).limit(500).run())


def trainings(participant: str) -> list[dict]:
	"""The courses that the reader completed, the newest first."""
	return _trainings(participant).run(as_dict=True)


def training_record(name: str, participant: str) -> dict | None:
	"""One of the reader's own."""
	record = frappe.qb.DocType("Training Record")
	rows = _trainings(participant).where(record.name == name).run(as_dict=True)
	return rows[0] if rows else None


def _trainings(participant: str):
	record, course = frappe.qb.DocType("Training Record"), frappe.qb.DocType("Training Course")
	return (
		frappe.qb.from_(record)
		.join(course)
		.on(course.name == record.course)
		.select(record.name, record.course, record.completed_on, record.valid_until, course.covers)
		.where(record.participant == participant)
		.orderby(record.completed_on, order=Order.desc)
		.limit(MOST)
	)


def letters(participant: str) -> list[dict]:
	"""The letters that the reader asked for, the newest first; not those they took back."""
	letter = frappe.qb.DocType("Reference Letter")
	query = _letters(participant).where(letter.status != "Taken back")
	return query.orderby(letter.creation, order=Order.desc).limit(MOST).run(as_dict=True)


def letter(name: str, participant: str) -> dict | None:
	"""One of the reader's own."""
	table = frappe.qb.DocType("Reference Letter")
	rows = _letters(participant).where(table.name == name).run(as_dict=True)
	return rows[0] if rows else None


def _letters(participant: str):
	letter = frappe.qb.DocType("Reference Letter")
	fields = (
		"name",
		"status",
		"wanted_for",
		"kind_words",
		"asked_on",
		"ready_on",
		"recorded_by",
		"told_how",
	)
	return (
		frappe.qb.from_(letter)
		.select(*(letter[field] for field in fields))
		.where(letter.participant == participant)
	)


def questions(participant: str) -> list[dict]:
	"""What the reader asked, and our answers; newest first."""
	question, user = frappe.qb.DocType("Participant Question"), frappe.qb.DocType("User")
	answered = question.status == "Answered"
	return (
		frappe.qb.from_(question)
		.left_join(user)
		.on((user.name == question.answered_by) & answered)
		.select(
			question.name,
			question.status,
			question.asked_on,
			question.question,
			question.told_how,
			question.answer_by,
			_flag(question.answer_by < today()).as_("late"),
			# what is still being written is not the reader's yet
			Case().when(answered, question.answer).else_("").as_("answer"),
			question.answered_on,
			user.first_name.as_("answered_by"),
		)
		.where(question.participant == participant)
		.orderby(question.creation, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)


def open_question(name: str, participant: str) -> dict | None:
	"""One of the reader's own that is not answered yet."""
	own = {"name": name, "participant": participant, "status": "To answer"}
	return frappe.db.get_value("Participant Question", own, ["name", "status"], as_dict=True)


def shared_notes(participant: str) -> list[dict]:
	"""What staff wrote to the reader, and what they wrote down about talks and share with them; newest first."""
	note, user = frappe.qb.DocType("Participant Contact Note"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(note)
		.left_join(user)
		.on(user.name == note.by)
		.select(note.happened_on, note.sent_on, note.summary, user.first_name.as_("by_name"))
		.where((note.participant == participant) & (note.shared == 1))
		.orderby(note.happened_on, order=Order.desc)
		.orderby(note.creation, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)


def feedback_for(participant: str, themself: bool = True) -> list[dict]:
	"""What we owe the reader after they took part, and what they were told: owed first, by the day, then the newest.
	Of what they have a place in, or were there for; never what is owed to somebody else alone, and what is owed to them
	alone only to `themself`."""
	owed, opportunity = frappe.qb.DocType("Feedback Obligation"), frappe.qb.DocType("Involvement Opportunity")
	engagement, person = frappe.qb.DocType("Involvement Engagement"), frappe.qb.DocType("User")
	theirs = frappe.qb.from_(engagement).select(engagement.opportunity)
	theirs = theirs.where((engagement.participant == participant) & feedback.takes_part(engagement))
	everybody = owed.participant.isnull() | (owed.participant == "")
	in_common = everybody & owed.opportunity.isin(theirs)
	waits = owed.status == feedback.OWED
	return (
		frappe.qb.from_(owed)
		.left_join(opportunity)
		.on(opportunity.name == owed.opportunity)
		.left_join(person)
		.on((person.name == owed.kept_by) & waits.negate())
		.select(
			owed.name,
			owed.kind,
			owed.status,
			owed.promised,
			owed.due_on,
			owed.next_on,
			owed.kept_on,
			opportunity.title,
			person.first_name.as_("kept_by"),
			_flag(waits & (owed.due_on < today())).as_("late"),
			# what is still being written is not the reader's yet
			*(
				Case().when(waits, "").else_(owed[field]).as_(field)
				for field in ("what_was_said", "what_changed", "what_could_not_change", "reason")
			),
		)
		.where((owed.participant == participant) | in_common if themself else in_common)
		.where(owed.status != feedback.NOT_NEEDED)
		.orderby(_flag(waits), order=Order.desc)
		.orderby(Case().when(waits, owed.due_on))
		.orderby(owed.kept_on, order=Order.desc)
		.orderby(owed.name)
		.limit(MOST)
		.run(as_dict=True)
	)


def past_involvement(participant: str) -> list[dict]:
	"""What the reader did before the register was kept, the newest first."""
	past = frappe.qb.DocType("Past Involvement")
	return (
		frappe.qb.from_(past)
		.select(past.title, past.took_part_on, past.part, past.hours)
		.where(past.participant == participant)
		.orderby(past.took_part_on, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)


def checks(participant: str) -> list[dict]:
	"""Of checks of the reader: why, the outcome word and the day; nothing else of them, to nobody."""
	check = frappe.qb.DocType("Participant Check")
	return (
		frappe.qb.from_(check)
		.select(check.eligibility, check.outcome, check.checked_on)
		.where(check.participant == participant)
		.orderby(check.creation, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)
