"""One document of each doctype that has a lifecycle, complete enough to pass the guards of every state, and who
there is to try. Put into a state straight in the database: how it got there is other tests' matter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import frappe
from frappe.utils import add_to_date, today

from involvement_app import lifecycle
from involvement_app.involvement_app import opportunities
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

NONSENSE = "Waved through"
BATCH_PATH = ("Lock", "Authorise", "Export", "Confirm")


@dataclass
class Ground:
	"""`people`: identity → user. `put(state)` brings the document there."""

	doctype: str
	name: str
	people: dict[str, str]
	put: Callable[[str], None]
	person: str | None = None  # the participant's user


def identities(everything: str) -> dict[str, str]:
	"""Who tries. `everything` holds every desk role, so that only the declaration stands in the way."""
	return {
		"everything": everything,
		"lead": factories.staff(roles.OWNER),
		"other lead": factories.another(roles.OWNER),
		"coordinator": factories.staff(roles.COORDINATOR),
		"manager": factories.staff(roles.MANAGER),
		"budget holder": pay.budget_holder(),
		"other budget holder": factories.another(roles.BUDGET_HOLDER),
		"finance officer": pay.officer(),
		"finance authoriser": pay.authoriser(),
		"desk user without a role": "it.support@example.com",
		"other participant": factories.participant(portal=True).user,
		"guest": "Guest",
		"administrator": "Administrator",
	}


def _write(doctype: str, name: str, values: dict) -> None:
	frappe.db.set_value(doctype, name, values, update_modified=False)


def _put(doctype: str, name: str, state: str) -> None:
	docstatus = lifecycle.of(doctype).by_name[state].docstatus
	_write(doctype, name, {"status": state, "docstatus": docstatus})


def opportunity(people) -> Ground:
	doc = factories.opportunity(author=people["lead"])
	_write(doc.doctype, doc.name, {"change_note": "A date is missing", "submitted_by": people["lead"]})
	starts, ends = doc.dates[0].starts_on, doc.dates[0].ends_on
	told = {"opportunity": doc.name, "kind": "Full", "status": "Kept", "once_key": f"{doc.name}|Full|1"}
	frappe.get_doc(doctype="Feedback Obligation", name=frappe.generate_hash(), **told).db_insert()

	def put(state: str) -> None:
		begun = state in ("Published", "Closed to applications")
		_write(
			"Involvement Opportunity Date",
			doc.dates[0].name,
			{
				"starts_on": add_to_date(starts, days=-40) if begun else starts,
				"ends_on": add_to_date(ends, days=-40) if begun else ends,
			},
		)
		dated = frappe.get_doc(doc.doctype, doc.name)
		published = {
			"published_on": add_to_date(starts, days=-80),
			"published_terms": opportunities.terms(dated),
		}
		_write(doc.doctype, doc.name, published if begun else dict.fromkeys(published))
		_put(doc.doctype, doc.name, state)

	return Ground(doc.doctype, doc.name, people, put)


def application(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.offer(factories.opportunity("Published"), person)
	_write(
		doc.doctype, doc.name, {"recorded_how": "Phone", "kind_words": "There were more people than places"}
	)
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def engagement(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.engagement(factories.opportunity("Published"), person)
	_write(doc.doctype, doc.name, {"recorded_how": "Phone"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def participant(people) -> Ground:
	doc = factories.participant(portal=True)
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), doc.user)


def session(people) -> Ground:
	place = pay.opportunity(author=people["lead"])
	factories.engagement(place, factories.participant())
	doc = pay.hold(place)
	# what was accrued when it was held would be settled again
	frappe.db.delete("Involvement Payment", {"session": doc.name})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def payment(people) -> Ground:
	person = factories.participant(portal=True)
	doc = pay.checked(person, unit=factories.unit(budget_holder=people["everything"]))
	# a correction, which may go every way a payment does, and two more
	correction = {"kind": "Correction", "amount": -30, "proof": "Line 4 of the statement"}
	# whose session is not paid by it
	correction |= {"dedupe_key": "a correction"}
	# and is paid on an invoice, which a person hands over
	correction |= {"payment_route": "Invoice", "handed_over_as": "INV 7", "went_out_on": today()}
	_write(doc.doctype, doc.name, {"note": "Three hours, surely?", **correction})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def batch(people) -> Ground:
	"""Its guards look at its payments, so it is brought to each state by its steps."""
	doc = pay.batch(pay.approved())

	def put(state: str) -> None:
		states = ("Draft", "Locked", "Authorised", "Exported", "Confirmed")
		steps = BATCH_PATH[: states.index(state)] if state in states else ("Lock", "Void")
		pay.take(doc, *steps)

	return Ground(doc.doctype, doc.name, people, put)


def claim(people) -> Ground:
	"""In cash, with its slip, so that each step of a role is open to somebody; its payment is where the claim is."""
	person = factories.participant(portal=True)
	unit = factories.unit(budget_holder=people["everything"])
	doc = factories.expense_claim(person, by=people["coordinator"], unit=unit, pay_by="Cash")
	lifecycle.apply(doc, "Check")
	pay.approve_claim(doc)
	pay.slip(doc)
	_write(
		doc.doctype,
		doc.name,
		{"note": "Which day was it?", "checked_by": people["manager"], "approved_by": people["manager"]},
	)
	payment = frappe.db.get_value(doc.doctype, doc.name, "payment")

	def put(state: str) -> None:
		followed = state if state in ("Scheduled", "Paid") else "Approved"
		_put("Involvement Payment", payment, followed)
		_put(doc.doctype, doc.name, state)

	return Ground(doc.doctype, doc.name, people, put, person.user)


def enquiry(people) -> Ground:
	doc = factories.expression_of_interest(email="somebody@example.org")
	answers = {"conversation": "Likes gardens", "signposted_to": "The advice line"}
	_write(doc.doctype, doc.name, {**answers, "participant": factories.participant().name})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def letter(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.reference_letter(person, letter="They listen well.", kind_words="We met you only once.")
	_write(doc.doctype, doc.name, {"recorded_how": "Phone"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def question(people) -> Ground:
	doc = factories.participant_question()
	_write(doc.doctype, doc.name, {"answer": "Yes, do"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def reviewer(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.opportunity_reviewer(factories.opportunity("Submitted"), person)
	_write(doc.doctype, doc.name, {"recorded_how": "Phone", "words": "Say who decides"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def selector(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.opportunity_selector(participant=person)
	_write(doc.doctype, doc.name, {"recorded_how": "Phone"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def obligation(people) -> Ground:
	person = factories.participant()
	place = factories.opportunity("Published", author=people["lead"])
	factories.engagement(place, person)
	_write(place.doctype, place.name, {"status": "Awaiting feedback"})
	doc = factories.promised(place)
	words = {"what_was_said": "Fewer words", "what_changed": "There are fewer", "reason": "Nobody knows"}
	# owed by somebody who does not try, so that it may be let go
	_write(doc.doctype, doc.name, {**words, "feedback_owner": "Administrator"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def invitation(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.involvement_invitation(person)
	_write(doc.doctype, doc.name, {"recorded_how": "Phone"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def panel(people) -> Ground:
	"""Everybody has scored, and who holds every role is its chair."""
	doc = factories.recruitment_panel("Scoring", colleagues=[people["everything"]])
	factories.all_scores(doc)
	for row in doc.members:
		chair = "Chair" if row.staff == people["everything"] else "Member"
		_write("Recruitment Panel Member", row.name, {"role": chair})
	for row in doc.candidates:
		_write("Recruitment Panel Candidate", row.name, {"outcome": "Appointed"})
	_write(doc.doctype, doc.name, {"feedback_words": "Thank you", "called_off_because": "The post is gone"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def story(people) -> Ground:
	"""Agreed to, with a use that a yes covers, and the signed paper on it."""
	person = factories.participant(portal=True)
	doc = factories.story(person, "In use")
	file = frappe.get_doc("File", {"file_url": doc.evidence})
	_write("File", file.name, {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name})
	_write(doc.doctype, doc.name, {"recorded_how": "Post", "recorded_by": None})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def takedown(people) -> Ground:
	doc = factories.takedown()
	_write(doc.doctype, doc.name, {"what_was_done": "The page is gone"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def ambassador(people) -> Ground:
	person = factories.participant(portal=True)
	doc = factories.ambassador(person, "Submitted")
	_write(doc.doctype, doc.name, {"recorded_how": "Phone", "edited_by": None})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def assignment(people) -> Ground:
	"""Of a place that is given back, with an offer that waits: so every guard but the declaration's is content."""
	person = factories.participant(portal=True)
	doc = factories.assignment(factories.ambassador(person), "Accepted")
	_write("Involvement Engagement", doc.engagement, {"status": "Ended early"})
	_write("Involvement Session", {"opportunity": doc.opportunity}, {"ends_on": "2026-01-01 12:00:00"})
	facts = {"briefed_on": "2026-01-01", "debriefed_on": "2026-01-02", "outcome": "Bid won"}
	words = {"questions": "Why here?", "support_words": "Sam comes along"}
	_write(doc.doctype, doc.name, {"recorded_how": "Phone", "takes_place_on": "2026-01-01", **facts, **words})

	def put(state: str) -> None:
		asked = "Offered" if state == "Proposed" else "Not going ahead"
		_write("Involvement Application", doc.application, {"status": asked})
		_put(doc.doctype, doc.name, state)

	return Ground(doc.doctype, doc.name, people, put, person.user)


def rate(people) -> Ground:
	name = factories.rate_rule(status="Draft")
	return Ground("Payment Rate Rule", name, people, partial(_put, "Payment Rate Rule", name))


def bank_detail(people) -> Ground:
	"""Of money that was paid before, so that no verification brings it into use by itself."""
	person = factories.participant(portal=True)
	doc = factories.participant_bank_detail(person)
	facts = {"usable_from": "2099-01-01", "note": "Somebody else had written it", "recorded_by": None}
	_write(doc.doctype, doc.name, facts)
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name), person.user)


def opening(people) -> Ground:
	doc = factories.payment_opening_total()
	_write(doc.doctype, doc.name, {"note": "Counted twice"})
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


def hand_over(people) -> Ground:
	doc = factories.ledger_handover(pay.batch(pay.approved()).name)
	return Ground(doc.doctype, doc.name, people, partial(_put, doc.doctype, doc.name))


GROUNDS = {
	"Ledger Handover": hand_over,
	"Payment Opening Total": opening,
	"Participant Bank Detail": bank_detail,
	"Ambassador Role": ambassador,
	"Ambassador Assignment": assignment,
	"Participant Story": story,
	"Story Takedown": takedown,
	"Payment Rate Rule": rate,
	"Recruitment Panel": panel,
	"Opportunity Reviewer": reviewer,
	"Opportunity Selector": selector,
	"Feedback Obligation": obligation,
	"Involvement Invitation": invitation,
	"Reference Letter": letter,
	"Participant Question": question,
	"Expression of Interest": enquiry,
	"Involvement Participant": participant,
	"Involvement Opportunity": opportunity,
	"Involvement Application": application,
	"Involvement Engagement": engagement,
	"Involvement Session": session,
	"Involvement Payment": payment,
	"Involvement Payment Batch": batch,
	"Involvement Expense Claim": claim,
}


def tools(doctype: str) -> dict[str, str]:
	"""What a site may set up without asking us."""
	short = frappe.scrub(doctype).replace("_", "-")
	form = frappe.get_doc(
		{
			"doctype": "Web Form",
			"title": f"{doctype} form",
			"route": f"test-{short}",
			"doc_type": doctype,
			"module": "Website",
			"published": 1,
			"login_required": 1,
			"allow_edit": 1,
			"allow_multiple": 1,
			"web_form_fields": [{"fieldname": "status", "fieldtype": "Data", "label": "Status"}],
		}
	).insert()
	board = frappe.get_doc(
		{
			"doctype": "Kanban Board",
			"kanban_board_name": f"{doctype} board",
			"reference_doctype": doctype,
			"field_name": "status",
			"columns": [{"column_name": state.name} for state in lifecycle.of(doctype).states],
		}
	).insert()
	run = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": doctype,
			"import_type": "Update Existing Records",
		}
	)
	# its file is made by each attempt; a newer Frappe asks the doctype for a leave that a site may give any day
	run.flags.ignore_mandatory = run.flags.ignore_validate = True
	run.insert()
	return {"Web Form": form.name, "Kanban Board": board.name, "Data Import": run.name}
