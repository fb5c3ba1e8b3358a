"""The rows. A later one is one more entry: a name, what Frappe alone does with as much, what we do.

What asks for no rights here is the floor, or preparation, on a site made for the run."""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe.desk import desktop
from frappe.desk.doctype.number_card import number_card
from frappe.desk.form.load import getdoc
from frappe.desk.search import search_link
from frappe.model.workflow import apply_workflow
from frappe.query_builder.functions import Count, Max
from frappe.website.serve import get_response

from benchmarks import large_batch
from benchmarks.stopwatch import Work
from involvement_app import health, lifecycle
from involvement_app.involvement_app import at_a_glance, flags, opportunities, places, to_do
from involvement_app.involvement_app.matching import desk as matching
from involvement_app.involvement_app.report.access_needs_and_whether_they_were_met import (
	access_needs_and_whether_they_were_met as access_needs,
)
from involvement_app.involvement_app.report.people_by_state_and_type import people_by_state_and_type
from involvement_app.involvement_app.report.reach_by_locality_and_age_band import (
	reach_by_locality_and_age_band as reach,
)
from involvement_app.messages import outbox
from involvement_app.permissions import doors
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.budgets import twins


@dataclass(frozen=True)
class Row:
	"""`floor` and `ours`: functions of the world that answer Work; a row may do without a floor."""

	name: str
	ours: Callable
	floor: Callable | None = None


# Documents


def read(doctype: str, pick: Callable, twin: bool = False) -> Callable:
	def work(world):
		doc = world.twins[doctype] if twin else pick(world)
		return Work(lambda _nothing: frappe.get_doc(doc.doctype, doc.name))

	return work


def saved(doctype: str, pick: Callable, role: str, twin: bool = False, **values) -> Callable:
	"""Loaded, changed and saved."""

	def work(world):
		doc = world.twins[doctype] if twin else pick(world)

		def save(_nothing):
			frappe.get_doc(doc.doctype, doc.name).update(values).save()

		return Work(save, user=world.staff(role))

	return work


def applied(world) -> Work:
	return Work(
		lambda _nothing: places.apply_for(world.opportunity.name, world.me.name, hopes="To learn"),
		user=world.me.user,
	)


def applied_twin(world) -> Work:
	return Work(
		twins.insert,
		lambda: frappe.get_doc(twins.values(world.applied)),
	)


def accepted(world) -> Work:
	return Work(lambda _nothing: places.accept(world.offered.name), user=world.me.user)


def waiting_list(world) -> Work:
	def step(_nothing):
		doc = frappe.get_doc("Involvement Application", world.applied.name)
		lifecycle.apply(doc, "Put on the waiting list")

	return Work(step, user=world.staff(roles.COORDINATOR))


def step(doctype: str, action: str, role: str, pick: Callable) -> Callable:
	"""With a Workflow: the same step through Frappe's own function, ours and the twin's."""

	def work(world):
		doc = pick(world)
		return Work(
			lambda _nothing: apply_workflow(frappe.get_doc(doc.doctype, doc.name).as_dict(), action),
			user=world.staff(role),
		)

	return work


# Lists


def listed(doctype: str, role: str, start: int = 0, **filters) -> Callable:
	def work(world):
		return Work(
			lambda _nothing: frappe.get_list(
				doctype, filters=filters, fields=["*"], limit_start=start, limit=20
			),
			user=world.staff(role),
		)

	return work


def listed_without_criterion(doctype: str, start: int = 0, **filters) -> Callable:
	def work(world):
		return Work(
			# the floor: the same rows without asking who reads
			lambda _nothing: frappe.get_all(
				doctype, filters=filters, fields=["*"], limit_start=start, limit=20
			)
		)

	return work


def criterion_of_budget_holder(world) -> Work:
	"""Within one unit of twenty, found by a sub-select."""
	unit = frappe.db.get_value("Involvement Payment", {"status": "Checked"}, "unit")
	holder = world.staff(roles.BUDGET_HOLDER)

	def prepare():
		frappe.db.set_value("Involvement Unit", unit, "budget_holder", holder)  # on a site made for the run

	return Work(
		lambda _nothing: frappe.get_list("Involvement Payment", fields=["*"], limit=20), prepare, user=holder
	)


# What a coordinator has on the screen


def asked(do: Callable, role: str = roles.COORDINATOR) -> Callable:
	"""A function of ours that a screen calls, as this member of staff."""
	return lambda world: Work(lambda _nothing: do(world), user=world.staff(role))


def matched(world) -> None:
	matching.look(world.opportunity.name)


def matched_counts(world) -> None:
	matching.counts(world.opportunity.name)


def beside_their_wishes() -> tuple:
	"""The same people beside what they said and when they were last asked, without a reason, a rule or a reader."""
	person, wish = frappe.qb.DocType("Involvement Participant"), frappe.qb.DocType("Involvement Preference")
	asked = frappe.qb.DocType("Involvement Invitation")
	last = frappe.qb.from_(asked).select(asked.participant, Max(asked.creation).as_("last_on"))
	last = last.groupby(asked.participant).as_("last")
	query = (
		frappe.qb.from_(person)
		.left_join(wish)
		.on(wish.participant == person.name)
		.left_join(last)
		.on(last.participant == person.name)
		.where(person.status.isin(("Interested", "Active", "Paused")))
	)
	return query, person, wish, last


def matched_bare(_world) -> Work:
	"""In an order."""
	query, person, wish, last = beside_their_wishes()
	query = (
		query.select(person.name, person.preferred_name, wish.topics_never).orderby(last.last_on).limit(50)
	)
	return Work(lambda _nothing: query.run())


def matched_counts_bare(_world) -> Work:
	"""Counted by one thing they said, and how many were asked."""
	query, _person, wish, last = beside_their_wishes()
	query = query.select(wish.contact_frequency, Count("*"), Count(last.last_on)).groupby(
		wish.contact_frequency
	)
	return Work(lambda _nothing: query.run())


def cards(_world) -> None:
	# one by one: three cards, as the page asks
	for name in ("Enquiries to answer", "Questions to answer", "People who take part"):
		card = frappe.get_doc("Number Card", name)
		number_card.get_result(card.as_dict(), card.filters_json)


def charts(_world) -> None:
	# one by one: two charts, as the page asks
	for name in ("People by state", "Enquiries by month"):
		doors.get_chart(chart_name=name)


def workspace(_world) -> None:
	page = {"name": "Involvement", "title": "Involvement", "public": 1}
	frappe.call(desktop.get_desktop_page, page=frappe.as_json(page))


def counted_bare(_world) -> Work:
	"""The same three figures, without asking who reads."""

	def count(_nothing):
		frappe.db.count("Expression of Interest", {"status": "New"})
		frappe.db.count("Participant Question", {"status": "To answer"})
		frappe.db.count("Involvement Participant", {"status": "Active"})

	return Work(count)


def searched(_world) -> None:
	doors.search_link("Involvement Participant", "Person 4")


def searched_bare(_world) -> Work:
	"""Frappe's own search over the same rows, for somebody of whom no right is asked."""
	return Work(lambda _nothing: search_link("Involvement Participant", "Person 4"))


def opened(world) -> None:
	"""What the form asks for: the document, the flags above it, what comes next and what we owe."""
	frappe.local.response = frappe._dict(docs=[])
	doors.getdoc(world.me.doctype, world.me.name)
	flags.about(world.me.doctype, world.me.name)
	at_a_glance.about(world.me.name)


def opened_twin(world) -> Work:
	twin = world.twins["Involvement Participant"]

	def show(_nothing):
		frappe.local.response = frappe._dict(docs=[])
		getdoc(twin.doctype, twin.name)

	return Work(show)


# Pages


def page(path: str, guest: bool = False) -> Callable:
	def work(world):
		def show(_nothing):
			frappe.utils.set_request(method="GET", path=path.format(**places_of(world)))
			response = get_response()
			assert response.status_code == 200, f"{path}: {response.status_code}"

		return Work(show, user="Guest" if guest else world.me.user)

	return work


def places_of(world) -> dict[str, str]:
	return {"opportunity": world.opportunity.name, "offer": world.offered.name, "place": world.engaged.name}


# Jobs


def job(do: Callable) -> Callable:
	return lambda _world: Work(lambda _nothing: do())


# What is picked


def me(world):
	return world.me


def an_application(world):
	return world.applied


def a_published(world):
	return world.opportunity


def a_batch(world):
	return world.batch


ABOUT = page("/about", guest=True)

ROWS = (
	Row(
		"get_doc, an opportunity with its rows",
		read("Involvement Opportunity", a_published),
		read("Involvement Opportunity", a_published, twin=True),
	),
	Row(
		"a participant is saved",
		saved("Involvement Participant", me, roles.COORDINATOR, preferred_name="Somebody else"),
		saved("Involvement Participant", me, roles.COORDINATOR, twin=True, preferred_name="Somebody else"),
	),
	Row("a person applies", applied, applied_twin),
	Row("a person accepts the offer (place, terms, counter)", accepted),
	Row(
		"a step without Workflow: waiting list",
		waiting_list,
		saved("Involvement Application", an_application, roles.COORDINATOR, twin=True, status="Waiting list"),
	),
	Row(
		"a step with Workflow: opportunity handed in",
		step("Involvement Opportunity", "Submit for approval", roles.OWNER, lambda world: world.draft),
		step(
			"Involvement Opportunity",
			"Submit for approval",
			roles.OWNER,
			lambda world: world.twins["Involvement Opportunity"],
		),
	),
	Row(
		"a batch of 20 is locked",
		step("Involvement Payment Batch", "Lock", roles.FINANCE_OFFICER, a_batch),
		step(
			"Involvement Payment Batch",
			"Lock",
			roles.FINANCE_OFFICER,
			lambda world: world.twins["Involvement Payment Batch"],
		),
	),
	Row(
		"a batch of 500 is locked and its file written",
		large_batch.locked_and_written(500),
		large_batch.rows_and_bytes(500),
	),
	Row(
		"a batch of 5,000 is locked and its file written",
		large_batch.locked_and_written(),
		large_batch.rows_and_bytes(),
	),
	Row(
		"list of participants, coordinator",
		listed("Involvement Participant", roles.COORDINATOR),
		listed_without_criterion("Involvement Participant"),
	),
	Row(
		"list of engagements, lead (by sub-select)",
		listed("Involvement Engagement", roles.OWNER),
		listed_without_criterion("Involvement Engagement"),
	),
	Row(
		"list of payments, budget holder of one unit",
		criterion_of_budget_holder,
		listed_without_criterion("Involvement Payment"),
	),
	Row(
		"list of applications with a status",
		listed("Involvement Application", roles.COORDINATOR, status="Applied"),
		listed_without_criterion("Involvement Application", status="Applied"),
	),
	Row(
		"list of applications, page 50",
		listed("Involvement Application", roles.COORDINATOR, start=1000),
		listed_without_criterion("Involvement Application", start=1000),
	),
	Row(
		"list of messages, coordinator",
		listed("Involvement Message", roles.COORDINATOR),
		listed_without_criterion("Involvement Message"),
	),
	Row(
		"list of questions, coordinator",
		listed("Participant Question", roles.COORDINATOR, status="To answer"),
		listed_without_criterion("Participant Question", status="To answer"),
	),
	Row(
		"list of contact notes, coordinator",
		listed("Participant Contact Note", roles.COORDINATOR),
		listed_without_criterion("Participant Contact Note"),
	),
	Row("who may be invited: the first fifty, and why", asked(matched), matched_bare),
	Row("who may be invited: how many, by reason", asked(matched_counts), matched_counts_bare),
	Row("to do today, coordinator", asked(lambda _world: to_do.rows())),
	Row("workspace Involvement, its blocks", asked(workspace)),
	Row("workspace Involvement, its three cards", asked(cards), counted_bare),
	Row("workspace Involvement, its two charts", asked(charts)),
	Row("link search for a participant", asked(searched), searched_bare),
	Row("form of a participant is opened", asked(opened), opened_twin),
	Row("report: people by state and type", asked(lambda _world: people_by_state_and_type.execute())),
	Row("report: reach by locality and age band", asked(lambda _world: reach.execute())),
	Row("report: access needs", asked(lambda _world: access_needs.execute())),
	Row("job: what of the outbox is due", job(lambda: outbox._due("Waiting"))),
	Row("job: what became of mails", job(outbox.follow)),
	Row("job: words of old messages are forgotten", job(outbox.forget_texts)),
	Row("job: offers lapse", job(places.lapse_offers)),
	Row("job: opportunities move on", job(opportunities.move_on)),
	Row("health page, all checks", job(health.findings)),
	Row("portal: first page, guest", page("/take-part", guest=True), ABOUT),
	Row("portal: opportunities, guest", page("/take-part/opportunities", guest=True), ABOUT),
	Row("portal: one opportunity, guest", page("/take-part/opportunities/{opportunity}", guest=True), ABOUT),
	Row("portal: my page", page("/take-part/my"), ABOUT),
	Row("portal: an offer", page("/take-part/my/offers/{offer}"), ABOUT),
	Row("portal: messages", page("/take-part/my/messages"), ABOUT),
	Row("portal: my payments", page("/take-part/my/payments"), ABOUT),
)


def made_anew() -> None:
	"""Between rows: staff of the pool are free again."""
	factories.empty_hands()
