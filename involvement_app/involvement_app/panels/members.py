"""Who sits on a panel, who votes, and what has to be there before it begins (domain 1.6, 4.4).

Nothing says how much a vote counts, so all count the same. A shadow watches and learns, and has no vote. The chair may
be anybody who votes, with lived experience too."""

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate, today

from involvement_app.involvement_app import holding, how_it_was, panels, reviewers, training
from involvement_app.involvement_app.participants import PARTICIPANT, participant_of
from involvement_app.lifecycle import TransitionError
from involvement_app.setup.roles import COORDINATOR, HR_OFFICER, MANAGER, PANEL_MEMBER

READERS = (HR_OFFICER, COORDINATOR, MANAGER, PANEL_MEMBER)
PROVISIONS = (
	"Money: what members with lived experience are offered for their time, travel and other costs",
	"Clear roles: who does what on the day",
	"Their part in the interview: which questions they ask",
	"Their part in the decision: how they score, and that every vote weighs the same",
	"Training before the panel",
	"Orientation: meeting the others, seeing the place",
	"Information: the job, the timetable and the papers in good time",
	"Plain words: letters and terms explained",
	"Support: somebody to talk to before, on the day and after",
	"Other needs: times, breaks, access and technology",
)


def key_of(row) -> str:
	"""Who a row of the table of members is."""
	return row.participant or row.staff


def voters(panel) -> list:
	return [row for row in panel.members if row.role != panels.SHADOW]


def lived_voters(panel) -> list:
	return [row for row in voters(panel) if row.kind == panels.LIVED_EXPERIENCE]


def of_user(panel, user: str | None = None):
	"""The row of `user` (the session's), as staff or as the participant they are; None for who is no member."""
	user = user or frappe.session.user
	as_staff = next((row for row in panel.members if row.staff and row.staff == user), None)
	participant = None if as_staff else participant_of(user)
	return as_staff or next(
		(row for row in panel.members if participant and row.participant == participant), None
	)


def is_chair(panel, user: str) -> bool:
	"""The relation “chair” of the lifecycle."""
	row = of_user(panel, user)
	return bool(row) and row.role == panels.CHAIR


def panels_of(user: str):
	"""Names of the panels on which a member of staff sits, as a query to stand inside a criterion."""
	row = frappe.qb.DocType(panels.MEMBER)
	return (
		frappe.qb.from_(row).select(row.parent).where((row.staff == user) & (row.parenttype == panels.PANEL))
	)


def aside(row) -> list[str]:
	"""References of the candidates whom this member does not score."""
	return [word.strip() for word in cstr(row.stands_aside_for).split(",") if word.strip()]


# --- of Recruitment Panel -----------------------------------------------------------------------------


def take_places(panel) -> None:
	"""Who holds a place on the opportunity sits on the panel."""
	there = {row.participant for row in panel.members}
	# bounded to the places of this opportunity
	names = frappe.get_all(
		"Involvement Engagement",
		{"opportunity": panel.opportunity, "status": ["in", holding.LIVING]},
		pluck="participant",
		order_by="creation",
	)
	for name in names:
		if name not in there:
			row = {"kind": panels.LIVED_EXPERIENCE, "participant": name, "role": panels.ORDINARY}
			panel.append("members", row)


def name_members(panel) -> None:
	"""What members are called, read from their records and never from a request."""
	people = _of_all(panel, "participant", PARTICIPANT, ["preferred_name", *reviewers.ASKED])
	colleagues = _of_all(panel, "staff", "User", ["full_name", "user_type"])
	for row in panel.members:
		if row.kind == panels.LIVED_EXPERIENCE:
			_refuse_unless(row.participant, row, _("choose the participant"))
			row.staff = None
			row.member_name = people[row.participant].preferred_name if row.participant in people else None
		else:
			_refuse_unless(row.staff, row, _("choose the member of staff"))
			row.participant = None
			row.member_name = colleagues[row.staff].full_name if row.staff in colleagues else None
	_refuse_strangers(panel, people, colleagues)
	_tell_apart(panel)
	_say_who_cannot_read(panel)


def _tell_apart(panel) -> None:
	"""Two who are called Sam are Sam (1) and Sam (2), whatever the order of the rows."""
	called: dict[str, list] = {}
	for row in panel.members:
		called.setdefault(cstr(row.member_name).casefold(), []).append(row)
	for rows in [rows for rows in called.values() if len(rows) > 1]:
		number = 0
		for row in sorted(rows, key=key_of):
			number += 1
			while f"{row.member_name} ({number})".casefold() in called:
				number += 1  # somebody may be called just that
			row.member_name = f"{row.member_name} ({number})"


def _say_who_cannot_read(panel) -> None:
	"""A colleague without the role sits on it and opens nothing: said to HR, who asks for the role."""
	before = panel.get_doc_before_save()
	known = {row.staff for row in before.members} if before else set()
	new = {row.staff: row.member_name for row in panel.members if row.staff and row.staff not in known}
	if not new or frappe.flags.in_import:
		return
	holds = {"parent": ["in", sorted(new)], "parenttype": "User", "role": ["in", READERS]}
	# bounded to the members of this panel
	able = set(frappe.get_all("Has Role", holds, pluck="parent"))
	unable = [name for staff, name in new.items() if staff not in able]
	if unable:
		frappe.msgprint(
			_(
				"Members: {0} cannot open this panel yet. Ask whoever looks after logins to give them the role “{1}”."
			).format(", ".join(frappe.utils.escape_html(cstr(name)) for name in unable), _(PANEL_MEMBER)),
			title=_("A role is missing"),
			indicator="orange",
		)


def _of_all(panel, fieldname: str, doctype: str, fields: list[str]) -> dict:
	names = [row.get(fieldname) for row in panel.members if row.get(fieldname)]
	# bounded to the members of this panel
	rows = frappe.get_all(doctype, {"name": ["in", names or [""]]}, ["name", *fields])
	return {row.name: row for row in rows}


def _refuse_strangers(panel, people: dict, colleagues: dict) -> None:
	"""New rows alone: who has left since stays on what they did."""
	before = panel.get_doc_before_save()
	known = {key_of(row) for row in before.members} if before else set()
	new = [row for row in panel.members if key_of(row) not in known]
	asked = [row.participant for row in new if row.participant]
	held = set(
		# bounded to the places of this opportunity
		frappe.get_all(
			"Involvement Engagement",
			{
				"opportunity": panel.opportunity,
				"participant": ["in", asked or [""]],
				"status": ["in", holding.TOOK_PART],
			},
			pluck="participant",
		)
		if asked
		else ()
	)
	for row in new:
		if row.staff:
			colleague = colleagues.get(row.staff)
			works = colleague and colleague.user_type == "System User"
			_refuse_unless(works, row, _("this is nobody who works here"))
			continue
		_refuse_unless(row.participant in people, row, _("there is no such participant"))
		_refuse_unless(
			row.participant in held,
			row,
			_(
				"this person has no place on the opportunity. Offer them one first, so that support and costs are agreed"
			),
		)
		reviewers.refuse_without_lived_experience(row.participant, people[row.participant])


def _refuse_unless(holds, row, words: str) -> None:
	if not holds:
		frappe.throw(_("Members, row {0}: {1}.").format(row.idx, words))


def refuse_twice(panel) -> None:
	seen = {}
	for row in panel.members:
		# somebody on the staff with lived experience has one vote, too
		who = participant_of(row.staff) if row.staff else row.participant
		who = who or key_of(row)
		if who in seen:
			_refuse_unless(False, row, _("this is the person of row {0}").format(seen[who]))
		seen[who] = row.idx


def refuse_two_chairs(panel) -> None:
	chairs = [str(row.idx) for row in panel.members if row.role == panels.CHAIR]
	if len(chairs) > 1:
		frappe.throw(_("Members: a panel has one chair. Rows {0} say Chair.").format(", ".join(chairs)))


def note_who_declared(panel) -> None:
	"""What staff write down for a member says so (law 8)."""
	before = panel.get_doc_before_save()
	earlier = {key_of(row): row for row in before.members} if before else {}
	references = {row.reference for row in panel.candidates}
	for row in panel.members:
		was = earlier.get(key_of(row))
		_refuse_unknown(row, references)
		if was and _declared(row) == _declared(was):
			row.recorded_by, row.told_how = was.recorded_by, was.told_how
			continue
		if not row.interests_declared_on:
			row.recorded_by = row.told_how = None
		elif of_user(panel) and key_of(of_user(panel)) == key_of(row):
			row.recorded_by = row.told_how = None
		else:
			_refuse_unless(
				row.told_how,
				row,
				_("choose how they told us which candidates they know, or that they know none"),
			)
			row.recorded_by = frappe.session.user
		if row.interests_declared_on and getdate(row.interests_declared_on) > getdate(today()):
			_refuse_unless(False, row, _("interests are declared on a day that is past, or today"))


def _declared(row) -> tuple:
	return (row.interests_declared_on and getdate(row.interests_declared_on), aside(row))


def _refuse_unknown(row, references: set[str]) -> None:
	unknown = [name for name in aside(row) if name not in references]
	_refuse_unless(not unknown, row, _("no candidate is called {0}").format(", ".join(unknown)))


def forget_declarations(panel) -> None:
	"""A candidate who was not there when they declared: everybody is asked again, what they said stays."""
	before = panel.get_doc_before_save()
	if not before:
		return
	earlier = {row.reference for row in before.candidates}
	if {row.reference for row in panel.candidates} - earlier:
		declared = {key_of(row): row.interests_declared_on for row in before.members}
		for row in panel.members:
			# a declaration made in this same save has seen the new candidate
			if row.interests_declared_on == declared.get(key_of(row)):
				row.interests_declared_on = None


# --- what has to be there -----------------------------------------------------------------------------


def enough(panel) -> int:
	"""The least number of trained members with lived experience who vote; never 0."""
	return max(cint(frappe.get_cached_doc("Involvement Settings").min_panel_le_members), 1)


def is_complete(panel, move=None) -> None:
	"""Guard of Convened and of every state up to Decided: one chair who votes; everybody who votes has declared; and
	enough of those with lived experience are trained and in date."""
	if [row.role for row in panel.members].count(panels.CHAIR) != 1:
		_not_yet(_("Members: choose one chair."))
	silent = [row.member_name for row in voters(panel) if not row.interests_declared_on]
	if silent:
		_not_yet(
			_("Not everybody has said yet whether they know a candidate: {0}.").format(
				", ".join(map(cstr, silent))
			)
		)
	ready = _trained(panel, _day_of_training(panel, move))
	if len(ready) < enough(panel):
		_not_yet(
			_(
				"{0} members with lived experience who vote are needed, with their panel training in date. There are {1}."
			).format(enough(panel), len(ready))
		)


def _day_of_training(panel, move):
	"""The day on which the training is to be in date. Interviews that are still to come are not over because a day in
	the past is written down; once they are over, what was in date on their day counts."""
	day = getdate(panel.interviews_on or today())
	return day if move and move.to == panels.SCORING else max(day, getdate(today()))


def _trained(panel, day) -> set[str]:
	lived = [row.participant for row in lived_voters(panel)]
	kind = frappe.db.get_value(panels.OPPORTUNITY, panel.opportunity, "opportunity_type")
	if not frappe.db.exists(training.NEED, {"opportunity_type": kind, "comes_first": 1}):
		_not_yet(
			_(
				"No training comes before {0} yet. Write it down under “Training Course”, with the box “comes first”."
			).format(_(kind))
		)
	return training.trained(lived, kind, day)


def is_provided(panel, move) -> None:
	"""Guard of Interviewing: the ten things are there, or it is written down why not."""
	missing = [str(row.idx) for row in panel.provisions if not (cint(row.done) or cstr(row.note).strip())]
	if missing or len(panel.provisions) < len(PROVISIONS):
		_not_yet(
			_("What members need: tick what is done, or write why not. Open are rows {0}.").format(
				", ".join(missing)
			)
		)


def is_seen_by_lived_experience(panel, move) -> None:
	"""Guard of Scoring and Decided: nobody is chosen, or turned away, without a member with lived experience."""
	for candidate in panel.candidates:
		if candidate.outcome == panels.WITHDREW:
			continue
		if all(candidate.reference in aside(row) for row in lived_voters(panel)):
			_not_yet(
				_(
					"Candidates, row {0} ({1}): every member with lived experience who votes stands aside. Ask one more who does not know them."
				).format(candidate.idx, candidate.reference)
			)


def note_who_sits(panel, move) -> None:
	"""Effect: for the report, which outlives who sat on it."""
	panel.lived_experience_members = len(lived_voters(panel))
	chairs = [row.kind for row in panel.members if row.role == panels.CHAIR]
	panel.chaired_by_lived_experience = int(chairs == [panels.LIVED_EXPERIENCE])
	panel.candidates_count = len(panel.candidates)


def _not_yet(words: str) -> None:
	frappe.throw(words, TransitionError, title=_("Not yet"))


# --- what members write themselves --------------------------------------------------------------------


def write_question(name: str, words: str) -> None:
	"""The session's own member writes a question. Raises PermissionError, TransitionError."""
	panel = own_panel(name)
	panel.append("questions", {"question": cstr(words).strip()})
	panel.flags.ignore_permissions = True  # bounded to the session's own seat: one row more, in their name
	panel.save()


def declare(name: str, known: list[str]) -> None:
	"""The session's own member says which candidates they know: of these they stand aside. Raises PermissionError,
	TransitionError."""
	panel = own_panel(name)
	row = of_user(panel)
	row.interests_declared_on, row.stands_aside_for = today(), ", ".join(known)
	panel.flags.ignore_permissions = True  # bounded to the session's own seat
	panel.save()


def own_panel(name: str):
	"""The panel, locked, on which the session's own member writes before scoring. Raises PermissionError,
	TransitionError."""
	panel = frappe.get_doc(panels.PANEL, name, for_update=True)
	if not of_user(panel):
		raise frappe.PermissionError
	if panel.status not in panels.BEFORE_SCORING:
		_not_yet(_("Scoring has begun, so this stays as it is."))
	return panel


# --- how it was for colleagues (participants say so on their page) ---------------------------------------


def may_tell(panel) -> bool:
	"""Whether the reader sat on it as a colleague, it is over, and they have not said yet how it was."""
	row = of_user(panel)
	over = bool(row and row.staff) and panel.status in panels.AFTERWARDS
	return over and not how_it_was.told_as_staff(panel.name)


def tell_how_it_was(panel, values: dict, with_name: bool) -> None:
	"""The session's own colleague. Raises PermissionError, TransitionError, ValidationError."""
	row = of_user(panel)
	if not row or not row.staff:
		raise frappe.PermissionError
	if panel.status not in panels.AFTERWARDS:
		_not_yet(_("You can say how it was once the members have heard what came of it."))
	try:
		how_it_was.tell_as_staff(panel, values, with_name)
	except how_it_was.SaidAlready:
		frappe.throw(_("You have told us how it was. Thank you."), how_it_was.SaidAlready)
