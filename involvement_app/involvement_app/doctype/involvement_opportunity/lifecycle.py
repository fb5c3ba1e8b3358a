"""From a draft to feedback given (domain 4.3). Approval stands in a Frappe Workflow made from this."""

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import (
	feedback,
	gates,
	opportunities,
	opportunity_templates,
	rates,
	reviewers,
	selection,
)
from involvement_app.involvement_app.holding import LIVING
from involvement_app.lifecycle import Lifecycle, State, StepNotPermitted, Transition, TransitionError
from involvement_app.lifecycle.guards import not_own_work, nothing_else_changes, required
from involvement_app.permissions import separation
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import COORDINATOR, MANAGER, OWNER

STAFF = (COORDINATOR, MANAGER)
AUTHORS = (OWNER, COORDINATOR, MANAGER)
MOST_TOLD = 20
BEFORE_THE_END = (
	"Draft",
	"Submitted",
	"Changes requested",
	"Approved",
	"Published",
	"Closed to applications",
	"In progress",
)


def gates_pass(doc, move) -> None:
	failed = gates.failures(doc)
	if failed:
		lines = "".join(f"<li>{row.gate}: {row.how_to_fix}</li>" for row in failed)
		frappe.throw(
			_("The checklist is not complete yet:") + f"<ul>{lines}</ul>", TransitionError, title=_("Not yet")
		)


def says_why_below_co_design(doc, move) -> None:
	"""Row 0.4: always aiming for a co-productive approach, and honest where it is not."""
	rank = frappe.get_cached_value("Participation Level", doc.level, "rank")
	if rank < gates.CO_DESIGN and not (doc.reason_below_co_design or "").strip():
		frappe.throw(
			_("Please fill in {0} before “{1}”: {2} is less than co-design.").format(
				_(doc.meta.get_label("reason_below_co_design")), _(move.transition.action), _(doc.level)
			),
			TransitionError,
		)


def rate_counts(doc, move) -> None:
	"""Approved, for this unit, on these days (domain 4.1)."""
	wrong = rates.problem(doc.rate_rule, doc.unit, doc.first_date(), doc.last_date())
	if wrong:
		frappe.throw(_("Rate: {0}").format(wrong), TransitionError)


def no_gaps(doc, move) -> None:
	"""What a template left for the author."""
	labels = ", ".join(_(label) for label in opportunity_templates.gaps(doc))
	if labels:
		frappe.throw(
			_("Fill in what stands in [square brackets], or take it out: {0}.").format(labels),
			TransitionError,
		)


def sessions_are_over(doc, move) -> None:
	open_sessions = frappe.get_all(  # rows of this opportunity only
		"Involvement Session",
		filters={"opportunity": doc.name, "status": "Planned"},
		fields=["name", "ends_on"],
	)
	if open_sessions:
		frappe.throw(
			_("Record who took part first: {0}.").format(", ".join(row.name for row in open_sessions)),
			TransitionError,
		)


def first_session_began(doc, move) -> None:
	first = opportunities.first_session(doc.name) or doc.first_date()
	if first and get_datetime(first) > now_datetime():
		frappe.throw(_("The first date is {0}.").format(frappe.format(first, "Date")), TransitionError)


def not_the_lead(doc, move) -> None:
	if doc.get_doc_before_save().lead == move.user:
		frappe.throw(_("You lead {0}, so somebody else decides on it.").format(doc.name), StepNotPermitted)


def was_never_published(doc, move) -> None:
	if doc.published_on:
		frappe.throw(
			_("{0} was published, so it is no draft any more. Change it as it is, and save.").format(
				doc.name
			),
			TransitionError,
		)


def remember_submitter(doc, move) -> None:
	doc.submitted_by, doc.approved_by, doc.change_note = move.user, None, None


def keep_the_note(doc, move) -> None:
	line = "{0}, {1}: {2}".format(
		frappe.format(now_datetime(), "Date"), frappe.utils.get_fullname(move.user), doc.change_note
	)
	doc.earlier_notes = "\n".join(filter(None, (doc.earlier_notes, line)))


def tell_approvers(doc, move) -> None:
	"""Managers without a hand in it who may see it; from the mail it is one tap to the form."""
	stored = doc.get_doc_before_save()
	# one by one: the few managers of a charity, each limited to units of their own
	for user in sorted(set(holders(MANAGER).run(pluck=True)) - reviewers.hands(doc) - {"Administrator"})[
		:MOST_TOLD
	]:
		if frappe.has_permission(doc.doctype, "read", stored, user=user):
			messages.send(
				"Involvement to approve",
				("User", user),
				{"title": doc.title, "link": frappe.utils.get_url_to_form(doc.doctype, doc.name)},
				about=doc,
			)


def remember_approver(doc, move) -> None:
	# whoever edited it on the way here has been kept from this step; what comes later starts anew
	doc.approved_by, doc.edited_by = move.user, None


def publish(doc, move) -> None:
	"""For the first time, or again: then with the dates that are new, and who has a place is told what is different."""
	made = opportunities.make_sessions(doc)
	if doc.published_on:
		opportunities.tell_what_changed(doc, made)
	doc.published_on = doc.published_on or now_datetime()
	doc.published_terms = opportunities.terms(doc)
	feedback.promise(doc)


def tell_author(template):
	def effect(doc, move) -> None:
		for user in {doc.lead, doc.submitted_by or doc.owner} - {move.user, "Administrator"}:
			messages.send(
				template,
				("User", user),
				{
					"title": doc.title,
					"note": doc.change_note or "",
					"link": frappe.utils.get_url_to_form(doc.doctype, doc.name),
				},
				about=doc,
			)

	return effect


def call_off(doc, move) -> None:
	"""Everybody who asked or said yes is told; planned sessions go; what is owed for held ones stays."""
	with lifecycle.as_job():
		# one by one: calling off is rare, and each document writes its own trail
		for name in _names("Involvement Session", doc, ["Planned"]):
			lifecycle.apply(frappe.get_doc("Involvement Session", name, for_update=True), "Cancel session")
		# one by one: as above, and each person is told
		for name in _names(
			"Involvement Application", doc, ["Applied", "Waiting list", "Offered", "Accepted"]
		):
			application = frappe.get_doc("Involvement Application", name, for_update=True)
			lifecycle.apply(application, "Close")
			messages.send(
				"Involvement called off",
				("Involvement Participant", application.participant),
				{"title": doc.title, "link": frappe.utils.get_url("/take-part/my")},
				about=application,
			)
		# one by one: as above
		for name in _names("Involvement Engagement", doc, LIVING):
			lifecycle.apply(frappe.get_doc("Involvement Engagement", name, for_update=True), "Called off")


def _names(doctype, opportunity, statuses) -> list[str]:
	"""Rows of this opportunity only, as they are now and not as the snapshot has them: who got a place a moment ago
	hears of it too."""
	row = frappe.qb.DocType(doctype)
	return (
		frappe.qb.from_(row)
		.select(row.name)
		.where((row.opportunity == opportunity.name) & row.status.isin(statuses))
		.orderby(row.name)
		.for_update()
		.run(pluck=True)
	)


LIFECYCLE = Lifecycle(
	doctype="Involvement Opportunity",
	workflow="Involvement Opportunity",
	states=(
		State("Draft", pending=True),
		State("Submitted", pending=True, colour="Orange"),
		State("Changes requested", pending=True, colour="Yellow"),
		State("Approved", colour="Blue"),
		State("Published", colour="Green"),
		State("Closed to applications", colour="Cyan"),
		State("In progress", colour="Purple"),
		State("Awaiting feedback", colour="Orange"),
		State("Completed", colour="Green"),
		State("Cancelled", colour="Red"),
	),
	transitions=(
		Transition(
			"Submit for approval",
			("Draft", "Changes requested"),
			"Submitted",
			roles=AUTHORS,
			said="asked for approval",
		),
		Transition("Take back", ("Submitted",), "Draft", roles=AUTHORS, said="took this back to work on it"),
		Transition("Approve", ("Submitted",), "Approved", roles=(MANAGER,), said="approved this"),
		Transition(
			"Ask for changes",
			("Submitted", "Approved"),
			"Changes requested",
			roles=(MANAGER,),
			said="asked for changes",
		),
		# whoever changes it after the approval does this by saving; the button is for a second thought
		Transition(
			"Send back for approval",
			("Approved", "Published", "Closed to applications"),
			"Submitted",
			roles=AUTHORS,
			said="asked for approval again",
		),
		Transition("Publish", ("Approved",), "Published", roles=STAFF, said="published this"),
		Transition(
			"Close to applications",
			("Published",),
			"Closed to applications",
			roles=STAFF,
			job=True,
			said="closed this to applications",
		),
		Transition(
			"Start",
			("Published", "Closed to applications"),
			"In progress",
			roles=STAFF,
			job=True,
			said="started this",
		),
		Transition(
			"Sessions are over",
			("In progress",),
			"Awaiting feedback",
			roles=AUTHORS,
			job=True,
			said="said that the sessions are over",
		),
		Transition("Complete", ("Awaiting feedback",), "Completed", roles=AUTHORS, said="completed this"),
		Transition("Cancel opportunity", BEFORE_THE_END, "Cancelled", roles=STAFF, said="cancelled this"),
	),
	guards={
		"Draft": (was_never_published,),
		"Submitted": (
			required(
				"decision_maker",
				"decision_date",
				"benefit_to_participants",
				"access_statement",
				"support_contact",
			),
			says_why_below_co_design,
			no_gaps,
			selection.criteria_are_there,
			rate_counts,
			gates_pass,
		),
		"Changes requested": (required("change_note"),),
		"Approved": (
			not_own_work("submitted_by"),
			separation.strictly("lead and approver of an opportunity", not_the_lead),
			nothing_else_changes,
			gates_pass,
			reviewers.said_yes,
		),
		"Published": (nothing_else_changes, rate_counts, gates_pass),
		"In progress": (first_session_began,),
		"Awaiting feedback": (sessions_are_over,),
		"Completed": (feedback.is_given,),
	},
	effects={
		"Submitted": (remember_submitter, tell_approvers),
		"Changes requested": (
			keep_the_note,
			tell_author("Involvement changes wanted"),
		),
		"Approved": (remember_approver, tell_author("Involvement approved")),
		"Published": (publish,),
		"Awaiting feedback": (feedback.complete_places,),
		"Cancelled": (call_off, feedback.call_off),
	},
)
