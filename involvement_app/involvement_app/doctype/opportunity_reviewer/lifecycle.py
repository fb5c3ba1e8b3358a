"""Named → Asked → Yes or Changes wanted, and no at any moment without a reason (domain 4.3; row 0.14). What is said
counts for what was read: after a change they are asked again."""

from frappe.utils import now_datetime

from involvement_app.involvement_app import reviewers
from involvement_app.involvement_app.places import told_by_the_person
from involvement_app.involvement_app.supporters import speaks_as_participant
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import COORDINATOR, MANAGER

STAFF = (COORDINATOR, MANAGER)
SAYS = {"roles": STAFF, "relations": ("participant",)}


def told_us(doc, move) -> None:
	if move.transition.action != "Take back the request":
		told_by_the_person(doc, move)


def note_the_answer(doc, move) -> None:
	doc.answered_on = now_datetime()
	doc.read_version = reviewers.version_of(doc.opportunity)
	if move.to == "Yes":
		doc.words = None


def keep_what_was_said(doc, move) -> None:
	if doc.words:
		doc.earlier_words = "\n".join(filter(None, (doc.earlier_words, doc.words)))
	doc.words = doc.recorded_how = doc.recorded_by = doc.answered_on = doc.read_version = None


LIFECYCLE = Lifecycle(
	doctype="Opportunity Reviewer",
	states=(
		State("Named"),
		State("Asked", colour="Orange"),
		State("Yes", colour="Green"),
		State("Changes wanted", colour="Yellow"),
		State("Not reviewing"),
	),
	relations={"participant": speaks_as_participant},
	transitions=(
		Transition("Ask", ("Named",), "Asked", job=True),
		Transition("Yes", ("Asked",), "Yes", **SAYS),
		Transition("Ask for changes", ("Asked",), "Changes wanted", asks="words", **SAYS),
		Transition("No thank you", ("Named", "Asked"), "Not reviewing", job=True, **SAYS),
		Transition("Take back the request", ("Named", "Asked"), "Not reviewing", roles=STAFF),
		Transition("Changed since", ("Yes", "Changes wanted"), "Named", job=True),
	),
	guards={
		"Yes": (reviewers.is_being_decided, reviewers.not_their_own_plan, told_us),
		"Changes wanted": (
			required("words"),
			reviewers.is_being_decided,
			reviewers.not_their_own_plan,
			told_us,
		),
		"Not reviewing": (told_us,),
	},
	effects={
		"Named": (keep_what_was_said,),
		"Asked": (reviewers.ask,),
		"Yes": (note_the_answer,),
		"Changes wanted": (note_the_answer, reviewers.tell_the_author),
	},
)
