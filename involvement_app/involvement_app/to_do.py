"""“To do today” of a coordinator, a manager, an HR officer, whoever decides on money or pays it: what waits for somebody, the oldest first, on one page (domain 4.10; rows 0.14, 1.9
and 3.14). Each kind is one question to the database, through the reader's own rights and units, whatever the number
of rows; what the reader may not read does not count."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from involvement_app.involvement_app import media, places
from involvement_app.messages.channels import passed_on_by_hand
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import (
	BUDGET_HOLDER,
	COMMUNICATIONS,
	COORDINATOR,
	FINANCE_OFFICER,
	HR_OFFICER,
	MANAGER,
)

PARTICIPANT = "Involvement Participant"
ENQUIRY = "Expression of Interest"
MOST = 50
SOON_DAYS = 2
PAPERS_DAYS = 7
DEBRIEF_DAYS = 14
LATE, TODAY, SOON, OPEN = "late", "today", "soon", "open"
OFFICE = {COORDINATOR, MANAGER, HR_OFFICER, COMMUNICATIONS}
# those who decide on money and pay it: what is theirs alone
READERS = OFFICE | {BUDGET_HOLDER, FINANCE_OFFICER}


@dataclass(frozen=True)
class Kind:
	"""`label`: English, translated where it is shown. `due`: the field of the day by which, or (`dated` False) since
	when it waits. `title`: the field that says who or what; `person`: the field that links to whom it is about,
	where there is no such title. `detail`: a few more words."""

	key: str
	label: str
	doctype: str
	filters: tuple
	due: str
	title: str = ""
	person: str = ""
	detail: str = ""
	dated: bool = True
	only: str | tuple[str, ...] = ""  # the role or roles that can do it, where not every reader can


def kinds() -> tuple[Kind, ...]:
	now, day = now_datetime(), today()
	soon = add_to_date(now, days=SOON_DAYS)
	return (
		Kind(
			"enquiries",
			"Enquiry to acknowledge",
			ENQUIRY,
			(("status", "=", "New"),),
			"acknowledge_by",
			title="person_name",
		),
		Kind(
			"questions",
			"Question to answer",
			"Participant Question",
			(("status", "=", "To answer"),),
			"answer_by",
			person="participant",
		),
		Kind(
			"follow-ups",
			"To follow up",
			"Participant Contact Note",
			# Frappe counts an empty day as long past
			(
				("followed_up", "=", 0),
				("follow_up_on", "is", "set"),
				("follow_up_on", "<=", add_days(day, SOON_DAYS)),
			),
			"follow_up_on",
			person="participant",
			detail="follow_up",
		),
		Kind(
			"feedback",
			"People to tell what came of it",
			"Feedback Obligation",
			(("status", "=", "Owed"), ("due_on", "<=", add_days(day, SOON_DAYS))),
			"due_on",
			title="title",
			detail="preferred_name",
		),
		Kind(
			"attendance",
			"Attendance to record",
			"Involvement Session",
			(("status", "=", "Planned"), ("ends_on", "<", now)),
			"ends_on",
			title="title",
		),
		Kind(
			"papers",
			"Papers to attach",
			"Involvement Session",
			(
				("status", "=", "Planned"),
				("papers_due_on", "is", "set"),
				("papers_due_on", "<=", add_days(day, PAPERS_DAYS)),
				("papers_ready_on", "is", "not set"),
				("ends_on", ">=", now),
			),
			"papers_due_on",
			title="title",
		),
		Kind(
			"check-ins",
			"Ask people how they are before the date",
			"Involvement Session",
			(
				("status", "=", "Planned"),
				("checked_in", "=", 0),
				("starts_on", ">", now),
				("starts_on", "<=", soon),
			),
			"starts_on",
			title="title",
		),
		Kind(
			"debriefs",
			"Offer a talk afterwards",
			"Involvement Session",
			(
				("status", "=", "Held"),
				("debriefed", "=", 0),
				("ends_on", ">=", add_to_date(now, days=-DEBRIEF_DAYS)),
			),
			"ends_on",
			title="title",
			dated=False,
		),
		Kind(
			"called-off",
			"Payment to decide for a date called off",
			"Involvement Session",
			(("status", "=", "Cancelled"), ("cancelled_payment", "=", "Decided later")),
			"modified",
			title="title",
			dated=False,
		),
		Kind(
			"offers",
			"Offer without an answer yet",
			"Involvement Application",
			(("status", "=", "Offered"), ("reply_by", "is", "set"), ("reply_by", "<=", soon)),
			"reply_by",
			person="participant",
		),
		Kind(
			"needs",
			"Ask again what they need",
			"Access Requirement",
			(("review_on", "is", "set"), ("review_on", "<=", day)),
			"review_on",
			person="participant",
			detail="need",
		),
		Kind(
			"talks",
			"Enquiry to go on with",
			ENQUIRY,
			(("status", "in", ("Acknowledged", "In conversation")),),
			"told_on",
			title="person_name",
			dated=False,
		),
		Kind(
			"applications",
			"Application to answer",
			"Involvement Application",
			(("status", "=", "Applied"),),
			"creation",
			person="participant",
			dated=False,
		),
		Kind(
			"letters",
			"Letter to write for somebody",
			"Reference Letter",
			(("status", "=", "Asked for"),),
			"asked_on",
			person="participant",
			dated=False,
		),
		Kind(
			"post",
			"To post, or to tell on the phone",
			"Involvement Message",
			(("status", "in", ("Waiting", "Printed")), ("channel", "in", passed_on_by_hand())),
			"creation",
			person="recipient",
			detail="channel",
			dated=False,
		),
		Kind(
			"not-sent",
			"Message that did not arrive",
			"Involvement Message",
			(("status", "=", "Not sent"),),
			"creation",
			person="recipient",
			detail="channel",
			dated=False,
		),
		Kind(
			"approve",
			"Opportunity to approve",
			"Involvement Opportunity",
			(("status", "=", "Submitted"),),
			"modified",
			title="title",
			dated=False,
			only=MANAGER,
		),
		Kind(
			"authority",
			"Authority to pay a trustee to confirm",
			PARTICIPANT,
			(
				("trustee_or_connected", "=", 1),
				("authority_reference", "is", "set"),
				("authority_confirmed_by", "is", "not set"),
				("status", "in", ("Interested", "Active", "Paused")),
			),
			"modified",
			title="preferred_name",
			dated=False,
			only=MANAGER,
		),
		Kind(
			"convene",
			"Panel to convene",
			"Recruitment Panel",
			(("status", "=", "Planned"),),
			"interviews_on",
			title="post",
			only=HR_OFFICER,
		),
		Kind(
			"scores",
			"Scores to wait for",
			"Recruitment Panel",
			(("status", "=", "Scoring"), ("opened_on", "is", "not set")),
			"scores_due_on",
			title="post",
			only=HR_OFFICER,
		),
		Kind(
			"decided",
			"Members to tell what the panel decided",
			"Recruitment Panel",
			(("status", "=", "Decided"),),
			"decided_on",
			title="post",
			dated=False,
			only=HR_OFFICER,
		),
		Kind(
			"candidates",
			"Candidate data that should be gone",
			"Recruitment Panel",
			(
				("remove_candidates_on", "is", "set"),
				("remove_candidates_on", "<", day),
				("candidates_removed_on", "is", "not set"),
			),
			"remove_candidates_on",
			title="post",
			only=HR_OFFICER,
		),
		Kind(
			"free",
			"Place to offer",
			"Involvement Opportunity",
			(("name", "in", places.with_a_free_place()),),
			"modified",
			title="title",
			dated=False,
		),
		Kind(
			"takedowns",
			"To take down",
			"Story Takedown",
			(("status", "=", "To do"),),
			"due_on",
			title="preferred_name",
			detail="place",
		),
		Kind(
			"consents",
			"Ask again where they may be quoted",
			"Media Consent",
			(("name", "in", media.ending_soon()),),
			"until",
			title="preferred_name",
			detail="channel",
		),
		Kind(
			"new-days",
			"Yes to ask for again: the day has moved",
			"Ambassador Assignment",
			(("status", "in", ("Accepted", "Briefed")), ("yes_missing", "is", "set")),
			"takes_place_on",
			title="title",
			detail="preferred_name",
		),
		Kind(
			"ambassadors",
			"Ambassador to approve",
			"Ambassador Role",
			(("status", "=", "Submitted"),),
			"modified",
			title="preferred_name",
			dated=False,
			only=MANAGER,
		),
		Kind(
			"words",
			"Words to approve",
			"Participant Story",
			(("status", "=", "Agreed"),),
			"agreed_on",
			title="preferred_name",
			dated=False,
			only=COMMUNICATIONS,
		),
		Kind(
			"outcomes",
			"What came of it to record",
			"Ambassador Assignment",
			(
				("status", "in", ("Accepted", "Briefed", "Done", "Debriefed")),
				("takes_place_on", "is", "set"),
				("takes_place_on", "<", day),
			),
			"takes_place_on",
			title="title",
			detail="preferred_name",
			dated=False,
		),
		Kind(
			"reviews",
			"Yes of a reviewer to wait for",
			"Opportunity Reviewer",
			(("status", "=", "Asked"),),
			"asked_on",
			title="opportunity_title",
			dated=False,
		),
		Kind(
			"publish",
			"Opportunity to publish",
			"Involvement Opportunity",
			(("status", "=", "Approved"),),
			"modified",
			title="title",
			dated=False,
		),
		Kind(
			"notice",
			"Privacy notice to be given",
			PARTICIPANT,
			(("privacy_notice_due", "=", 1), ("status", "not in", ("Left", "Merged"))),
			"creation",
			title="preferred_name",
			dated=False,
		),
	)


@frappe.whitelist(methods=["GET"])
def rows() -> dict:
	"""{rows: [{kind, doctype, name, title, detail, due, group}], kinds: [{key, label, count, more}], today}. `group`:
	late, today, soon, or open (no day was promised). The oldest first; of each kind MOST at the most, `more` says
	that there are others. Raises PermissionError for who is none of READERS."""
	if not READERS & roles_of():
		raise frappe.PermissionError(
			_(
				"This list is for coordinators, managers, HR officers, communications officers, budget holders and finance officers."
			)
		)
	others = [kind for path in frappe.get_hooks("involvement_to_do") for kind in frappe.get_attr(path)()]
	# one by one: a dozen kinds, whatever the number of rows
	found = [(kind, _of(kind)) for kind in (*kinds(), *others)]
	names = _names(found)
	lines = [_line(kind, row, names) for kind, listed in found for row in listed[:MOST]]
	order = (LATE, TODAY, SOON, OPEN)
	lines.sort(key=lambda line: (order.index(line["group"]), line["due"], line["title"]))
	return {
		"rows": lines,
		"kinds": [
			{
				"key": kind.key,
				"label": _(kind.label),
				"count": min(len(listed), MOST),
				"more": len(listed) > MOST,
			}
			for kind, listed in found
			if listed
		],
		"today": today(),
	}


def _of(kind: Kind) -> list[frappe._dict]:
	"""The reader's own rows of this kind: `get_list` asks for their rights and units."""
	theirs = {kind.only} if isinstance(kind.only, str) and kind.only else set(kind.only) or OFFICE
	if not theirs & roles_of() or not frappe.has_permission(kind.doctype, "read"):
		return []
	fields = {"name", kind.due, kind.title, kind.person, kind.detail} - {""}
	return frappe.get_list(
		kind.doctype,
		filters=[list(each) for each in kind.filters],
		fields=sorted(fields),
		order_by=f"{kind.due} asc",
		limit=MOST + 1,
	)


def _names(found: list) -> dict[str, str]:
	"""What people are called of whom a row has only the record's name, as far as the reader may read them."""
	asked = {row[kind.person] for kind, listed in found if kind.person for row in listed}
	names = {}
	# one by one: two doctypes
	for doctype, fieldname in ((PARTICIPANT, "preferred_name"), (ENQUIRY, "person_name")):
		if not frappe.has_permission(doctype, "read"):
			continue
		people = frappe.get_list(
			doctype, filters={"name": ["in", sorted(asked) or [""]]}, fields=["name", fieldname], limit=0
		)
		names.update({row.name: row[fieldname] for row in people})
	return names


def _line(kind: Kind, row, names: dict[str, str]) -> dict:
	title = row[kind.title] if kind.title else names.get(row[kind.person])
	return {
		"kind": kind.key,
		"doctype": kind.doctype,
		"name": row.name,
		"title": title or row.name,
		"detail": (_(row[kind.detail]) if kind.detail and row[kind.detail] else ""),
		"due": str(getdate(row[kind.due])) if row[kind.due] else "",
		"group": _group(kind, row[kind.due]),
	}


def _group(kind: Kind, due) -> str:
	if not kind.dated or not due:
		return OPEN
	days = (getdate(due) - getdate(today())).days
	return LATE if days < 0 else TODAY if days == 0 else SOON


def labels() -> list[str]:
	"""Every label, so that the translation tools find it."""
	return [
		_("Enquiry to acknowledge"),
		_("Question to answer"),
		_("To follow up"),
		_("People to tell what came of it"),
		_("Attendance to record"),
		_("Papers to attach"),
		_("Ask people how they are before the date"),
		_("Offer a talk afterwards"),
		_("Payment to decide for a date called off"),
		_("Offer without an answer yet"),
		_("Ask again what they need"),
		_("Enquiry to go on with"),
		_("Application to answer"),
		_("Letter to write for somebody"),
		_("To post, or to tell on the phone"),
		_("Message that did not arrive"),
		_("Opportunity to approve"),
		_("Place to offer"),
		_("Yes of a reviewer to wait for"),
		_("Opportunity to publish"),
		_("Privacy notice to be given"),
		_("Panel to convene"),
		_("Scores to wait for"),
		_("Members to tell what the panel decided"),
		_("Candidate data that should be gone"),
		_("To take down"),
		_("Ask again where they may be quoted"),
		_("Yes to ask for again: the day has moved"),
		_("Ambassador to approve"),
		_("Words to approve"),
		_("What came of it to record"),
	]
