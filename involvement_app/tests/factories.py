"""Small makers of real documents, through their controllers. Names are unique, so tests can run in any order."""

import io
import itertools
from contextlib import contextmanager

import frappe
import pypdf
from frappe.utils import add_days, add_to_date, now_datetime, today

from involvement_app import lifecycle
from involvement_app.involvement_app import (
	ambassadors,
	eligibility,
	media,
	merging,
	places,
	reviewers,
	selection,
	supporters,
)
from involvement_app.involvement_app.matching import invitations
from involvement_app.involvement_app.panels import decisions as panel_decisions
from involvement_app.involvement_app.panels import members as panel_members
from involvement_app.involvement_app.panels import scores as panel_scores
from involvement_app.involvement_payments import bank_details, layouts
from involvement_app.involvement_privacy import consent
from involvement_app.setup import roles
from involvement_app.tests.compat import as_user

_number = itertools.count(1)


def _unique(word: str) -> str:
	return f"{word} {next(_number)} {frappe.generate_hash(length=5)}"


def user(*role_names: str, first_name: str | None = None, email: str | None = None) -> str:
	"""A user with exactly these roles; answers the name."""
	email = email or f"{frappe.generate_hash(length=8)}@example.com"
	doc = frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": first_name or email.split("@")[0],
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in role_names],
		}
	)
	doc.flags.no_welcome_mail = True
	with _caches_kept():
		doc.insert(ignore_permissions=True)  # a factory
	assert {row.role for row in doc.roles} == set(role_names), (
		"Frappe added a role to the first user of the site"
	)
	return doc.name


@contextmanager
def _caches_kept():
	"""With each user saved, Frappe forgets all it knows of the site (a default for everybody is set again), and what
	follows reads every doctype anew: a second or more. While it installs, it does not."""
	before = frappe.flags.in_install
	frappe.flags.in_install = True
	try:
		yield
	finally:
		frappe.flags.in_install = before


def give_role(user: str, role: str) -> None:
	"""One role more, for the length of a test."""
	with _caches_kept():
		frappe.get_doc("User", user).add_roles(role)


POOL = 4
PORTAL = "Portal login"  # no role at all: a participant's login holds none
_taken: dict[str, int] = {}


def fill_pool() -> None:
	"""Once a test site: a few users of each role that tests share, because making a user takes Frappe a second.
	They hold nothing; what tests attach to them is rolled back."""
	wanted = {
		_pooled_name(role, number): role
		for role in sorted(roles.DESK_ROLES | {PORTAL})
		for number in range(1, POOL + 1)
	}
	there = set(frappe.get_all("User", {"name": ["in", list(wanted)]}, pluck="name"))
	missing = [name for name in wanted if name not in there]
	if not missing:
		return
	_have_a_system_manager()
	for name in missing:
		_with_role(wanted[name], name)
	frappe.db.commit()  # the pool outlives the test class that happens to come first


def _have_a_system_manager() -> None:
	"""Frappe 15 makes the first System User of a site a System Manager, silently: not one of ours, please."""
	name = "it.support@example.com"
	if not frappe.db.exists("User", name):
		user = frappe.get_doc({"doctype": "User", "email": name, "first_name": "IT", "send_welcome_email": 0})
		user.append("roles", {"role": "System Manager"})
		user.insert(ignore_permissions=True)  # a factory


def _with_role(role: str, email: str | None = None) -> str:
	return user(*([] if role == PORTAL else [role]), email=email)


def _pooled_name(role: str, number: int) -> str:
	return f"{frappe.scrub(role).replace('_', '.')}.{number}@example.com"


def empty_hands(but: dict[str, int] | None = None) -> None:
	"""A new test: nobody of the pool is in use, but those its class has `in_hands` already."""
	_taken.clear()
	_taken.update(but or {})


def in_hands() -> dict[str, int]:
	"""How many users of each role are in use."""
	return dict(_taken)


def another(role: str) -> str:
	"""A user of `role` whom this test has not used yet."""
	_taken[role] = _taken.get(role, 1) + 1
	return _pooled_name(role, _taken[role]) if _taken[role] <= POOL else _with_role(role)


def staff(role: str) -> str:
	"""The test's usual user of `role`: the same one at every call."""
	return _pooled_name(role, 1)


def others() -> tuple[str, ...]:
	"""Everybody else: of each kind of user that has nothing to do with the register, one."""
	return (
		staff(roles.OWNER),
		staff(roles.FINANCE_OFFICER),
		staff(roles.BUDGET_HOLDER),
		user("Sales User"),
		another(PORTAL),
		"Guest",
	)


def locality(name: str = "Otterford") -> str:
	return _master("Involvement Locality", locality_name=name)


def unit(name: str | None = None, budget_holder: str | None = None, parent: str | None = None, **kw) -> str:
	return _master(
		"Involvement Unit",
		unit_name=name or _unique("Unit"),
		budget_holder=budget_holder,
		parent_involvement_unit=parent,
		**kw,
	)


def limit(user: str, unit: str):
	"""`user` sees this unit and what is below it alone; answers the permission."""
	return frappe.get_doc(
		doctype="User Permission", user=user, allow="Involvement Unit", for_value=unit
	).insert(ignore_permissions=True)  # a factory


def theme(name: str = "Co-production week") -> str:
	return _master("Involvement Theme", theme_name=name)


def opportunity_template(kind: str = "Consultation", **kw):
	values = {"template_name": _unique("Template"), "title": "Shape [what]", "places": 5, **kw}
	return _master("Involvement Opportunity Template", opportunity_type=kind, **values)


def _master(doctype: str, **values) -> str:
	doc = frappe.get_doc({"doctype": doctype, **values})
	name = values[doc.meta.autoname.split(":")[1]]
	if not frappe.db.exists(doctype, name):
		doc.insert(ignore_permissions=True)  # a factory
	return name


def rate_rule(basis: str = "Per hour", amount: float = 15, status: str = "Approved", **kw) -> str:
	name = _unique("Rate")
	values = {"valid_from": "2026-04-01", "source": "Agreed by the trustees", "role_level": name, **kw}
	_master("Payment Rate Rule", rule_name=name, basis=basis, amount=amount, **values)
	if status != "Draft":
		# how it came there is other tests' matter
		frappe.db.set_value("Payment Rate Rule", name, "status", status, update_modified=False)
		frappe.clear_document_cache("Payment Rate Rule", name)
	return name


def contact(first_name: str | None = None, email: str | None = None, phone: str | None = None) -> str:
	doc = frappe.get_doc(
		{"doctype": "Contact", "first_name": first_name or _unique("Alex"), "last_name": "Example"}
	)
	if email is not False:
		doc.append(
			"email_ids",
			{"email_id": email or f"{frappe.generate_hash(length=8)}@example.org", "is_primary": 1},
		)
	if phone:
		doc.append("phone_nos", {"phone": phone, "is_primary_mobile_no": 1})
	return doc.insert(ignore_permissions=True).name  # a factory


def joining(**consents: str) -> consent.Joining:
	"""Told in person, today; `consents`: purpose (with underscores) → decision."""
	decisions = {purpose.replace("_", "-"): decision for purpose, decision in consents.items()}
	return consent.Joining(consent.How("In person", told_by="Sam"), decisions)


def signs_in_as(person, user: str):
	"""A participant who is that user, a colleague perhaps."""
	with lifecycle.server_side():
		person.user = user
		person.save()
	return person


def takes_part(user: str):
	return signs_in_as(participant(), user)


def participant(
	units: tuple[str, ...] = (), portal: bool = False, status: str = "Active", told: bool = True, **kw
):
	"""A participant with a Contact; `portal=True` gives them a portal user, `told=False` leaves the privacy notice
	still to be given."""
	kw.setdefault("preferred_name", _unique("Alex"))
	doc = frappe.get_doc(
		{
			"doctype": "Involvement Participant",
			"person_doctype": "Contact",
			"person": kw.pop("person", None) or contact(kw["preferred_name"]),
			"status": status,
			"units": [{"unit": name} for name in units],
			**kw,
		}
	)
	if portal:
		doc.user = another(PORTAL)
	with lifecycle.server_side():
		doc.insert(ignore_permissions=True)  # a factory
	consent.record_joining((doc.doctype, doc.name), joining() if told else None)
	if (doc.authority_reference or "").strip():
		with as_user(staff(roles.MANAGER)):
			eligibility.confirm_authority(doc.name)
		doc.reload()
	doc.privacy_notice_due = int(not told)
	return doc


def wellbeing_plan(participant, **kw):
	values = {
		"what_helps": "A cup of tea and ten minutes",
		"supporter": "Their sister",
		"recorded_how": "Phone",
		**kw,
	}
	return frappe.get_doc(
		{"doctype": "Wellbeing Support Plan", "participant": participant.name, **values}
	).insert(ignore_permissions=True)  # a factory: nobody holds a right on it


def opportunity(status: str = "Draft", days_ahead: int = 28, sessions: int = 1, **kw):
	"""An opportunity that passes its checklist, moved along its lifecycle to `status` by the right people."""
	start = add_to_date(now_datetime().replace(hour=10, minute=0, second=0, microsecond=0), days=days_ahead)
	author = kw.pop("author", None) or staff(roles.OWNER)
	values = {
		"doctype": "Involvement Opportunity",
		"title": _unique("Shape the welcome leaflet"),
		"opportunity_type": "Consultation",
		"unit": kw.pop("unit", None) or unit(),
		"lead": author,
		# from co-design up it needs a reviewer's yes: `reviewers_yes`
		"level": "Consultation",
		"reason_below_co_design": "The law fixes the rest",
		"purpose": "To make the leaflet clear for new people",
		"what_can_change": "Words, pictures and order",
		"what_cannot_change": "The opening hours",
		"decision_maker": "The service manager",
		"decision_date": add_days(today(), days_ahead + 60),
		"benefit_to_participants": "Meet people and learn how leaflets are made",
		"access_statement": "Step-free, and breaks when you like",
		"support_contact": "Sam at the front desk, 01865 555 0100",
		"description": "Read two drafts and say what you think",
		"in_person": 1,
		"by_telephone": 1,
		"places": 3,
		"lived_experience_places": 2,
		"rate_rule": kw.pop("rate_rule", None) or rate_rule(),
		"hours": 2 * sessions,
		"budget": 5000,
		"dates": [
			{
				"starts_on": add_to_date(start, days=7 * n),
				"ends_on": add_to_date(start, days=7 * n, hours=2),
				"place": "The Old Library",
			}
			for n in range(sessions)
		],
		**kw,
	}
	role_is_decided(values["opportunity_type"])
	with as_user(author):
		doc = frappe.get_doc(values).insert()
	for action, actor in PATH.get(status, ()):
		with as_user(author if actor == "author" else staff(actor)):
			doc = lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)
		if action == "Submit for approval" and reviewers.are_needed(doc) and status != "Submitted":
			reviewers_yes(doc)
	return doc


_SUBMITTED = (("Submit for approval", "author"),)
_APPROVED = (*_SUBMITTED, ("Approve", roles.MANAGER))
_PUBLISHED = (*_APPROVED, ("Publish", roles.COORDINATOR))
PATH = {"Submitted": _SUBMITTED, "Approved": _APPROVED, "Published": _PUBLISHED}


def co_lead(opportunity, participant=None):
	"""Somebody who said on the telephone that they lead it with us; answers the opportunity."""
	with as_user(staff(roles.COORDINATOR)):
		doc = frappe.get_doc(opportunity.doctype, opportunity.name)
		row = {"participant": (participant or globals()["participant"]()).name, "told_how": "Phone"}
		doc.append("co_leads", {**row, "agreed_on": today()})
		return doc.save()


def application(opportunity, participant, **kw):
	"""An application as the coordinator enters it for somebody who phoned."""
	with as_user(staff(roles.COORDINATOR)):
		return places.apply_for(opportunity.name, participant.name, recorded_how="Phone", **kw)


def offer(opportunity, participant, **kw):
	made = application(opportunity, participant, **kw)
	with as_user(staff(roles.COORDINATOR)):
		return places.offer(made.name)


def engagement(opportunity, participant, choice: str = "Full", amount=None, charity: str | None = None):
	"""A confirmed place: applied, offered, accepted (by phone, through the coordinator)."""
	made = offer(opportunity, participant)
	with as_user(staff(roles.COORDINATOR)):
		# most opportunities of tests are on the same day at the same time
		places.accept(
			made.name, choice, amount, recorded_how="Phone", clash_note="They can do both", charity=charity
		)
	return frappe.get_doc("Involvement Engagement", {"application": made.name})


def pdf() -> bytes:
	"""A whole one, as releases of Frappe look inside; never the same twice."""
	writer, made = pypdf.PdfWriter(), io.BytesIO()
	writer.add_blank_page(width=100, height=100)
	writer.add_metadata({"/Title": frappe.generate_hash(length=8)})
	writer.write(made)
	return made.getvalue()


def session_paper(opportunity, place: str) -> str:
	"""A paper of the opportunity's last date; answers where whoever has `place` reads it."""
	name = frappe.db.get_value(
		"Involvement Session", {"opportunity": opportunity.name}, order_by="starts_on desc"
	)
	file = frappe.get_doc(
		doctype="File",
		file_name="agenda.pdf",
		content=pdf(),
		is_private=1,
		attached_to_doctype="Involvement Session",
		attached_to_name=name,
	).insert(ignore_permissions=True)  # a factory
	with as_user(staff(roles.COORDINATOR)):
		session = frappe.get_doc("Involvement Session", name)
		paper = session.append("papers", {"title": "Agenda", "format": "Easy read", "file": file.file_url})
		session.save()
	return f"/take-part/my/places/{place}/papers/{paper.name}"


def held_session(opportunity, attendance: str = "Attended", by: str | None = None):
	"""The opportunity's first session, moved into the past and recorded as Held with everybody `attendance`."""
	name = frappe.get_all(
		"Involvement Session", {"opportunity": opportunity.name}, pluck="name", order_by="starts_on"
	)[0]
	past = add_to_date(now_datetime().replace(microsecond=0), days=-1)
	frappe.db.set_value(
		"Involvement Session",
		name,
		{"starts_on": past, "ends_on": add_to_date(past, hours=2)},
		update_modified=False,
	)
	with as_user(by or staff(roles.COORDINATOR)):
		session = frappe.get_doc("Involvement Session", name)
		session.fill_attendance()
		for row in session.attendance:
			row.attendance = attendance
		session.save()
		return lifecycle.apply(session, "Record attendance")


def expression_of_interest(**values):
	"""An enquiry as a coordinator writes it down after a phone call."""
	values = {
		"person_name": _unique("Ada Example"),
		"unit": values.pop("unit", None) or unit(),
		"came_by": "Phone",
		**values,
	}
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc({"doctype": "Expression of Interest", **values}).insert()


def preference(participant, **values):
	"""What somebody would like, as the coordinator enters it for them."""
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Involvement Preference",
				"participant": participant.name,
				"recorded_how": "Phone",
				"topics_wanted": "Food and gardens",
				"topics_never": "My family",
				**values,
			}
		).insert()


def access_requirement(participant, need: str = "Breaks", **values):
	"""Something that somebody needs, as the coordinator enters it for them."""
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Access Requirement",
				"participant": participant.name,
				"need": need,
				"detail": "Ten minutes every hour",
				"recorded_how": "Phone",
				**values,
			}
		).insert()


def experience_profile(participant, **values):
	"""What somebody knows and can do, as the coordinator enters it for them."""
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Lived Experience Profile",
				"participant": participant.name,
				"experience": "Two years in supported housing",
				"skill_words": "Listening",
				"recorded_how": "Phone",
				**values,
			}
		).insert()


def goal(participant, words: str = "Speak in front of people once"):
	return frappe.get_doc(doctype="Personal Goal", participant=participant.name, goal=words).insert(
		ignore_permissions=True  # a factory: nobody holds a right on it
	)


def participant_merge(kept=None, merged=None):
	"""Two records of one person, merged by a coordinator; answers the row that says so."""
	kept, merged = kept or participant(), merged or participant()
	with as_user(staff(roles.COORDINATOR)):
		done = merging.merge(kept.name, merged.name, "They told us on the phone")
	return frappe.get_doc("Participant Merge", done["log"])


def supporter(participant, email: str | None = None, **values):
	"""Somebody who acts for `participant` until next month, as a coordinator writes it down."""
	may = dict.fromkeys(supporters.MAY, 1)
	values = {**may, "until": add_days(today(), 30), **values}
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Participant Supporter",
				"participant": participant.name,
				"supporter_name": "Robin",
				"email": email,
				"recorded_how": "In person",
				**values,
			}
		).insert()


def training_course(name: str | None = None, **values):
	"""`comes_first`: types of opportunity for which no place is offered before it."""
	needs = [{"opportunity_type": kind, "comes_first": 1} for kind in values.pop("comes_first", ())]
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Training Course",
				"course_name": name or _unique("Speaking up"),
				"covers": "How to say what you think. One afternoon.",
				"needed_for": needs,
				**values,
			}
		).insert()


def training_record(course, participant=None, **values):
	"""Somebody completed `course`: a participant, or `staff`."""
	if participant:
		values["participant"] = participant.name
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc({"doctype": "Training Record", "course": course.name, **values}).insert()


def reference_letter(participant, ready: bool = False, **values):
	"""A letter that somebody asked for by phone; `ready`: written and signed."""
	with as_user(staff(roles.COORDINATOR)):
		doc = frappe.get_doc(
			{
				"doctype": "Reference Letter",
				"participant": participant.name,
				"wanted_for": "For a college place",
				"recorded_how": "Phone",
				**values,
			}
		).insert()
		return lifecycle.apply(doc, "Make it ready", letter="They listen well.") if ready else doc


def participant_question(participant=None, **values):
	"""Asked on the phone, written down by the coordinator."""
	participant = participant or globals()["participant"](units=(unit(),))
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Participant Question",
				"participant": participant.name,
				"question": "May I bring my dog?",
				"recorded_how": "Phone",
				**values,
			}
		).insert()


def participant_contact_note(participant=None, **values):
	"""What the coordinator wrote down after a call."""
	participant = participant or globals()["participant"](units=(unit(),))
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Participant Contact Note",
				"participant": participant.name,
				"by": staff(roles.COORDINATOR),
				"happened_on": today(),
				"how": "Phone",
				"summary": "Rang about the next dates",
				**values,
			}
		).insert()


def past_involvement(participant, **values):
	"""What somebody did years ago, as the coordinator writes it down."""
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Past Involvement",
				"participant": participant.name,
				"title": "Named the new building",
				"took_part_on": "2023-05-16",
				**values,
			}
		).insert()


def participant_check(participant, **values):
	"""A check that waits for its outcome, as a manager writes it down."""
	with as_user(staff(roles.MANAGER)):
		return frappe.get_doc(
			{
				"doctype": "Participant Check",
				"participant": participant.name,
				"level": "Enhanced",
				"opportunity_type": "Mystery shopping",
				"eligibility": "Works alone with young people every week",
				**values,
			}
		).insert()


def feedback_obligation(opportunity=None, participant=None, **values):
	"""Something more that is promised: to everybody of `opportunity`, or to one person alone."""
	owner = opportunity.lead if opportunity else staff(roles.COORDINATOR)
	values = {"kind": "Interim", "due_on": add_days(today(), 10), "feedback_owner": owner, **values}
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Feedback Obligation",
				"opportunity": opportunity and opportunity.name,
				"participant": participant and participant.name,
				**values,
			}
		).insert()


def promised(opportunity, kind: str = "Full"):
	"""What publishing it wrote down."""
	return frappe.get_doc("Feedback Obligation", {"opportunity": opportunity.name, "kind": kind})


def involvement_invitation(person=None, about=None, words: str = "", **values):
	"""One that has been sent, whatever the person would like: what is asked before is matching's to test."""
	person, about = person or participant(), about or opportunity("Published")
	with as_user(staff(roles.COORDINATOR)):
		invitations._write_down(about.name, [person.name], words, "run")
	invitations.send_batch("run")
	doc = frappe.get_doc("Involvement Invitation", {"opportunity": about.name, "participant": person.name})
	if values:
		frappe.db.set_value(doc.doctype, doc.name, values)  # test set-up
		doc.reload()
	return doc


def opportunity_reviewer(opportunity=None, participant=None, **values):
	"""Somebody with lived experience who is asked about a plan, as a coordinator names them."""
	opportunity = opportunity or globals()["opportunity"]()
	participant = participant or globals()["participant"]()
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Opportunity Reviewer",
				"opportunity": opportunity.name,
				"participant": participant.name,
				**values,
			}
		).insert()


def reviewers_yes(opportunity, participant=None):
	"""A yes that a coordinator without a hand in it wrote down for them."""
	doc = opportunity_reviewer(opportunity, participant)
	with as_user(staff(roles.COORDINATOR)):
		doc = frappe.get_doc(doc.doctype, doc.name)
		return lifecycle.apply(doc, "Yes", recorded_how="Phone")


def selection_score(application, *scores: int, **values):
	"""What a coordinator thinks of an application, one number for each essential criterion."""
	asked = selection.criteria(application.opportunity)
	rows = [{"criterion": name, "score": str(n)} for name, n in zip(asked, scores, strict=False)]
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{"doctype": "Selection Score", "application": application.name, "scores": rows, **values}
		).insert()


PANEL_TYPE = "Recruitment panel"
PANEL_STEPS = ("Convene", "Start interviews", "Start scoring")
WORDS_OF_SCORES = {"words_0": "Not there", "words_1": "A little", "words_2": "Well", "words_3": "Very well"}


def place_on_a_panel(about, person=None, **kw):
	"""Somebody with lived experience who is trained, and has a place on the opportunity."""
	person = person or participant(used_services=1, **kw)
	need = {"opportunity_type": PANEL_TYPE, "comes_first": 1, "parenttype": "Training Course"}
	course = frappe.db.get_value("Training Course Need", need, "parent")
	course = (
		frappe.get_doc("Training Course", course) if course else training_course(comes_first=(PANEL_TYPE,))
	)
	if not frappe.db.exists("Training Record", {"course": course.name, "participant": person.name}):
		training_record(course, person)
	if not frappe.db.exists(
		"Involvement Engagement", {"opportunity": about.name, "participant": person.name}
	):
		engagement(about, person)
	return person


def recruitment_panel(status: str = "Planned", people=None, colleagues=None, about=None, **values):
	"""A panel of `people` (the first is the chair) and of `colleagues` (users), brought to `status` up to Scoring."""
	about = about or opportunity("Published", opportunity_type=PANEL_TYPE, places=5)
	people = [place_on_a_panel(about, person) for person in people or (None, None)]
	colleagues = [staff(roles.PANEL_MEMBER)] if colleagues is None else colleagues
	with as_user(staff(roles.HR_OFFICER)):
		doc = frappe.get_doc(
			{
				"doctype": "Recruitment Panel",
				"opportunity": about.name,
				"post": _unique("Support worker"),
				**values,
			}
		)
		said = {"interests_declared_on": today(), "told_how": "Phone"}
		for person in people:
			role = "Member" if doc.members else "Chair"
			doc.append(
				"members", {"kind": "Lived experience", "participant": person.name, "role": role, **said}
			)
		for user in colleagues:
			doc.append("members", {"kind": "Staff", "staff": user, **said})
		for reference in ("C-1", "C-2"):
			doc.append("candidates", {"reference": reference, "initials": "AB"})
		panel_members.name_members(doc)  # two of one name are told apart
		for n in range(2):
			criterion = {
				"criterion": ("Listens", "Is on time")[n],
				"weight": 1 + n,
				"owned_by": next(row.member_name for row in doc.members if row.participant == people[0].name),
				"agreed_on": today(),
				"told_how": "Phone",
			}
			doc.append("criteria", {**criterion, **WORDS_OF_SCORES})
		doc.append("questions", {"question": "What would you do on your first day?"})
		doc.insert()
		for row in doc.provisions:
			row.done = 1
		doc.save()
		states = ("Planned", "Convened", "Interviewing", "Scoring")
		for action in PANEL_STEPS[: states.index(status)]:
			doc = lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)
	return doc


def panel_score(
	panel, who: str, reference: str = "C-1", marks=(2, 2), appointable: str = "Appointable", **values
):
	"""As `who` (a participant, or a user of the staff) writes it down; of a participant without a login, HR does."""
	values = {"answer": "Scored", "appointable": appointable, "words": "Kind", **values}
	values["scores"] = {row.criterion: str(mark) for row, mark in zip(panel.criteria, marks, strict=True)}
	if not frappe.db.exists("Involvement Participant", who):
		with as_user(who):
			return panel_scores.put(panel.name, reference, values)
	with as_user(staff(roles.HR_OFFICER)):
		return panel_scores.put(panel.name, reference, values, participant=who, told_how="In person")


def all_scores(panel, **values) -> None:
	"""Everybody who votes scores every candidate."""
	for row in panel_members.voters(panel):
		for candidate in panel.candidates:
			panel_score(panel, row.participant or row.staff, candidate.reference, **values)


def decided_panel(outcome: str = "Appointed", panel=None, **values):
	panel = panel or recruitment_panel("Scoring", **values)
	all_scores(panel)
	panel.reload()
	chair = next(row for row in panel.members if row.role == "Chair")
	user = chair.staff or frappe.db.get_value("Involvement Participant", chair.participant, "user")
	with as_user(user):
		chosen = {row.reference: (outcome, "") for row in panel.candidates}
		panel_decisions.decide(panel.name, chosen)
	panel.reload()
	return panel


def paper(name: str = "signed.pdf") -> str:
	"""The address of a signed paper that the session user has uploaded."""
	doc = frappe.get_doc(doctype="File", file_name=name, content=pdf(), is_private=1)
	return doc.insert(ignore_permissions=True).file_url  # a factory


def media_consent(participant, *channels: str, identity: str = "Anonymous", days: int = 90, **extras):
	"""What somebody signed on paper, as the coordinator writes it down."""
	with as_user(staff(roles.COORDINATOR)):
		media.record_for(
			participant.name,
			"Given",
			list(channels or ("Website",)),
			"Post",
			identity,
			str(add_days(today(), days)),
			evidence=paper(),
			**extras,
		)


STORY_STEPS = {
	"Agreed": ("They signed on paper",),
	"Approved": ("They signed on paper", "Approve"),
	"In use": ("They signed on paper", "Approve", "Put into use"),
}


def story(participant=None, status: str = "Draft", uses=({"voices": 1},), **values):
	"""A story on its way to `status`, agreed to on paper. With uses, and a yes that covers them."""
	participant = participant or globals()["participant"]()
	uses = [{"channel": "Website", "used_from": today(), **use} for use in uses]
	with as_user(staff(roles.COORDINATOR)):
		doc = frappe.get_doc(
			{
				"doctype": "Participant Story",
				"participant": participant.name,
				"words": _unique("It makes me feel part of something."),
				"prompt": "Being involved makes me feel…",
				**values,
			}
		).insert()
	if status in ("Approved", "In use"):
		media_consent(participant, *{use["channel"] for use in uses}, identity=doc.identity)
	for action in STORY_STEPS.get(status, ()):
		on_paper = action == "They signed on paper"
		with as_user(staff(roles.COORDINATOR if on_paper else roles.COMMUNICATIONS)):
			doc = frappe.get_doc(doc.doctype, doc.name)
			if action == "Put into use":
				doc.set("uses", [])
				for use in uses:
					doc.append("uses", use)
				doc.save()
			signed = {"recorded_how": "Post", "evidence": paper()} if on_paper else {}
			doc = lifecycle.apply(doc, action, **signed)
	return doc


def takedown(participant=None):
	"""What is to come down of a story in a newspaper whose yes was taken back."""
	doc = story(participant, "In use", uses=({"channel": "Local press", "place": "The Gazette"},))
	media.withdraw_all(doc.participant, consent.How("Phone"))
	return frappe.get_doc("Story Takedown", {"story": doc.name})


def opportunity_selector(opportunity=None, participant=None, **values):
	"""Somebody with lived experience who chooses with staff, as a coordinator names them."""
	opportunity = opportunity or chosen_by_criteria()
	participant = participant or globals()["participant"]()
	with as_user(staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Opportunity Selector",
				"opportunity": opportunity.name,
				"participant": participant.name,
				**values,
			}
		).insert()


def chosen_by_criteria(**values):
	"""An opportunity whose places go by score."""
	criteria = [{"criterion": "Likes small groups"}, {"criterion": "Knows our hub"}]
	return opportunity("Published", **{"selection_mode": "Criteria", "criteria": criteria, **values})


def experience_feedback(opportunity, participant=None, **values):
	"""How it was for somebody, with their name or without, past the page that asks who was there."""
	values = {"valued": "4", **values}
	if participant:
		values |= {"participant": participant.name, "preferred_name": participant.preferred_name}
	doc = frappe.get_doc(
		{
			"doctype": "Experience Feedback",
			"opportunity": opportunity.name,
			"unit": opportunity.unit,
			**values,
		}
	)
	with lifecycle.server_side():
		return doc.insert(ignore_permissions=True)  # a factory


ROLE_STEPS = {
	"Submitted": (("Submit for approval", roles.COORDINATOR),),
	"Approved": (("Submit for approval", roles.COORDINATOR), ("Approve", roles.MANAGER)),
	"Active": (
		("Submit for approval", roles.COORDINATOR),
		("Approve", roles.MANAGER),
		("Accept", roles.COORDINATOR),
	),
}


def ambassador(participant=None, status: str = "Active", **values):
	"""Somebody's role on its way to `status`; their yes came by telephone."""
	participant = participant or globals()["participant"]()
	with as_user(staff(roles.COORDINATOR)):
		doc = frappe.get_doc(
			{
				"doctype": "Ambassador Role",
				"participant": participant.name,
				"purpose": "To tell funders what it is like",
				"will_talk": "How the groups work",
				"wont_talk": "Their family",
				"support_person": staff(roles.COORDINATOR),
				**values,
			}
		).insert()
	for action, role in ROLE_STEPS.get(status, ()):
		with as_user(staff(role)):
			told = {"recorded_how": "Phone"} if action == "Accept" else {}
			doc = lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action, **told)
	return doc


def assignment(role=None, status: str = "Proposed", place=None, **values):
	"""An occasion for an ambassador, on an opportunity of its own; `status` may be Offered or Accepted."""
	role = role or ambassador()
	place = place or opportunity("Published", places=2, **values.pop("about", {}))
	with as_user(staff(roles.COORDINATOR)):
		doc = frappe.get_doc(
			{
				"doctype": "Ambassador Assignment",
				"role": role.name,
				"title": _unique("A talk in town"),
				"kind": "Funder meeting",
				"opportunity": place.name,
				"audience": "Twelve people of the fund",
				"brief": "Ten minutes, then questions",
				**values,
			}
		).insert()
		if status in ("Offered", "Accepted"):
			ambassadors.offer(doc)
			doc.reload()
		if status == "Accepted":
			places.accept(doc.application, recorded_how="Phone", clash_note="They can do both")
			doc.reload()
	return doc


def role_status_determination(opportunity_type: str | None = None, outcome: str = "Ad hoc, gross", **values):
	"""Written by a manager; of a type of its own, unless another is given."""
	kind = opportunity_type or _master("Involvement Type", type_name=_unique("Kind"), category="Other")
	values = {
		"title": _unique("Panel member"),
		"valid_from": "2025-04-06",
		"decided_by": "Head of people",
		"decided_on": "2025-04-01",
		"evidence": "The tool of 1 April, kept with the contracts",
		**values,
	}
	with as_user(staff(roles.HR_OFFICER)):
		return frappe.get_doc(
			{"doctype": "Role Status Determination", "opportunity_type": kind, "outcome": outcome, **values}
		).insert()


def role_is_decided(opportunity_type: str) -> None:
	"""Gate G9 passes for roles of that type, as on a site that is set up."""
	doctype = "Role Status Determination"
	if not frappe.db.exists(doctype, {"opportunity_type": opportunity_type}):
		role_status_determination(opportunity_type)


def approval_limit(role: str = roles.BUDGET_HOLDER, up_to: float = 100, **values):
	with as_user(staff(roles.MANAGER)):
		return frappe.get_doc({"doctype": "Approval Limit", "role": role, "up_to": up_to, **values}).insert()


def benefit_threshold(figure: float = 710, **values):
	values = {
		"code": _unique("code"),
		"title": _unique("A figure"),
		"unit": "Pounds a month",
		"valid_from": "2026-04-06",
		"source": "The act of 2026",
		"checked_on": today(),
		"checked_by": "Sam",
		**values,
	}
	with as_user(staff(roles.MANAGER)):
		return frappe.get_doc({"doctype": "Benefit Threshold", "figure": figure, **values}).insert()


def expense_type(**values):
	values = {"type_name": _unique("Expense Type"), "basis": "Amount", **values}
	with as_user(staff(roles.MANAGER)):
		return frappe.get_doc({"doctype": "Expense Type", **values}).insert()


def mileage_rate(**values):
	values = {
		"mode": "Car or van",
		"per_mile": 0.45,
		"valid_from": "2001-04-06",
		"valid_to": "2002-04-05",
		**values,
	}
	with as_user(staff(roles.MANAGER)):
		return frappe.get_doc({"doctype": "Mileage Rate", "source": "gov.uk", **values}).insert()


BUS = "Bus, tram or train"
MILES = "Car, motorcycle or bicycle"
CARE = "Care for somebody while you are with us"


def journey(miles: float = 10, mode: str = "Car or van", **values) -> dict:
	"""A line of a claim, by mileage."""
	return {
		"expense_type": MILES,
		"spent_on": today(),
		"mode": mode,
		"miles": miles,
		"from_place": "Otterford",
		"to_place": "The hub",
		**values,
	}


def agreed(amount: float = 12, **values) -> dict:
	"""A line that staff said yes to beforehand."""
	return {
		"expense_type": "Taxi",
		"spent_on": today(),
		"amount": amount,
		"agreed_with": "Casey",
		"agreed": 1,
		"agreed_on": today(),
		**values,
	}


def expense_claim(participant=None, *lines: dict, by: str | None = None, **values):
	"""Of somebody, entered for them: £4.50 for ten miles unless there are other lines."""
	with as_user(by or staff(roles.COORDINATOR)):
		return frappe.get_doc(
			{
				"doctype": "Involvement Expense Claim",
				"participant": (participant or globals()["participant"]()).name,
				"unit": values.pop("unit", None) or unit(budget_holder=staff(roles.BUDGET_HOLDER)),
				"recorded_how": "Phone",
				"lines": [dict(line) for line in lines or (journey(),)],
				**values,
			}
		).insert()


# fits its sort code by the published table of weights
ACCOUNT = {"account_name": "A Person", "sort_code": "08-99-99", "account_number": "66374958"}


def participant_bank_detail(participant, status: str = "Pending", way: str = "Bank", **account):
	"""How `participant` is paid, written down for them by a coordinator, and taken on to `status`."""
	with as_user(staff(roles.COORDINATOR)):
		name = bank_details._enter(
			participant.name, way, {**ACCOUNT, **account} if way == "Bank" else {}, recorded_how="Phone"
		)
	if status in ("Verified", "Active"):
		if status == "Verified":
			later = frappe.utils.add_days(frappe.utils.today(), 3)
			frappe.db.set_value("Participant Bank Detail", name, "usable_from", later)
		else:
			frappe.db.set_value("Participant Bank Detail", name, "usable_from", frappe.utils.today())
		with as_user(staff(roles.FINANCE_OFFICER)):
			lifecycle.apply(frappe.get_doc("Participant Bank Detail", name), "Verify")
	return frappe.get_doc("Participant Bank Detail", name)


COLUMNS = ("Sort code", "Account name", "Account number", "Amount", "Reference")


def bank_file_layout(columns=COLUMNS, **values):
	"""A layout of columns, switched off unless `in_use`: then the officer has looked at what the authoriser wrote."""
	used = values.pop("in_use", 0)
	values = {"title": _unique("Layout"), "format": "CSV", **values}
	rows = [column if isinstance(column, dict) else {"holds": column} for column in columns]
	with as_user(staff(roles.FINANCE_AUTHORISER)):
		doc = frappe.get_doc({"doctype": "Bank File Layout", "columns": rows, **values}).insert()
	if used:
		with as_user(staff(roles.FINANCE_OFFICER)):
			layouts.put_in_use(doc.name, doc.modified)
		doc.reload()
	return doc


def standard_18(**values):
	payer = {
		"service_user_number": "123456",
		"service_user_name": "Any Charity",
		"sort_code": "20-00-00",
		"account_number": "55779911",
	}
	return bank_file_layout((), format="Bacs Standard 18", **{**payer, **values})


def ledger_handover(batch: str, **values):
	"""What waits to be sent, as the step Confirm makes it."""
	doc = frappe.new_doc("Ledger Handover")
	doc.flags.of_the_batch = True
	facts = {"address": "https://ledger.example.com/in", "body": "{}", "next_try": now_datetime(), **values}
	with lifecycle.server_side():
		doc.update({"batch": batch, **facts})
		return doc.insert(ignore_permissions=True)  # a factory: nobody holds `create`


def payment_opening_total(person=None, **values):
	"""£120 for time and £30 of expenses, this tax year, Draft."""
	values = {
		"participant": (person or participant()).name,
		"year_start": frappe.utils.today(),
		"amount_time": 120,
		"amount_expenses": 30,
		"source": "The ledger of last year",
		**values,
	}
	with as_user(staff(roles.FINANCE_OFFICER)):
		return frappe.get_doc({"doctype": "Payment Opening Total", **values}).insert()


def recruitment_count(**values):
	"""How many recruitments a unit had in a quarter, as HR writes it down."""
	told = {"quarter_from": today(), "recruitments": 4, "source": "The posts list of HR"}
	values = {**told, "unit": values.pop("unit", None) or unit(), **values}
	with as_user(staff(roles.HR_OFFICER)):
		return frappe.get_doc({"doctype": "Recruitment Count", **values}).insert()
