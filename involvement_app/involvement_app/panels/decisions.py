"""What a panel decides, and what it needs for that (domain 4.4; rows 3.11, 4.8).

No panel decides before everybody with lived experience who votes has scored every candidate, or has said that they
choose not to; and where it goes against one of them who said “not appointable”, the chair writes why, and that member
reads it: on their page, and in a message of their own, which reaches those without a page too."""

from dataclasses import replace

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, get_url, get_url_to_form, getdate, now_datetime, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import members, scores
from involvement_app.involvement_app.participants import PARTICIPANT, reach_us, recipients
from involvement_app.lifecycle import TransitionError

OUTCOMES = (panels.APPOINTED, panels.RESERVE, panels.NOT_APPOINTED)
MOST_WORDS = 2000


def decide(name: str, chosen: dict) -> None:
	"""The session's own chair decides. `chosen`: {reference: (outcome, reason)}. Raises StepNotPermitted,
	TransitionError naming what is missing."""
	panel = scores.locked(name)
	for row in scores.candidates(panel):
		outcome, reason = chosen.get(row.reference) or ("", "")
		row.outcome, row.reason = cstr(outcome), cstr(reason).strip()[:MOST_WORDS]
	lifecycle.apply(panel, "Decide")


# --- guards -------------------------------------------------------------------------------------------


def scores_are_open(panel, move) -> None:
	if not panel.get_doc_before_save().opened_on:
		frappe.throw(
			_("Not all scores are in. Wait for them, or close scoring with a reason."),
			TransitionError,
			title=_("Not yet"),
		)


def lived_experience_has_spoken(panel, move) -> None:
	"""Of what is stored: a score, or a recorded choice, from every one of them for every candidate."""
	stored = panel.get_doc_before_save()
	there = scores.given(panel.name)
	lived = {members.key_of(row): row.member_name for row in members.lived_voters(stored)}
	missing = [
		f"{lived[who]} ({reference})"
		for who, reference in sorted(scores.expected(stored))
		if who in lived and (who, reference) not in there
	]
	if not lived or missing:
		frappe.throw(
			_(
				"Members with lived experience score, or say that they choose not to. Not there yet: {0}."
			).format(", ".join(missing) or _("anybody")),
			TransitionError,
			title=_("Not yet"),
		)


def everybody_has_an_outcome(panel, move) -> None:
	"""Who has withdrawn before, and they alone, stay as they are."""
	was = {row.reference: row.outcome for row in panel.get_doc_before_save().candidates}
	for row in panel.candidates:
		gone = was.get(row.reference) == panels.WITHDREW
		if gone and row.outcome != panels.WITHDREW:
			frappe.throw(
				_("Candidates, row {0} ({1}): they withdrew, and stay withdrawn.").format(
					row.idx, row.reference
				),
				TransitionError,
			)
		if not gone and row.outcome not in OUTCOMES:
			frappe.throw(
				_("Candidates, row {0} ({1}): choose the outcome.").format(row.idx, row.reference),
				TransitionError,
			)


def reasons_are_written(panel, move) -> None:
	against = against_lived_experience(panel)
	for row in panel.candidates:
		if row.reference in against and not cstr(row.reason).strip():
			frappe.throw(
				_(
					"Candidates, row {0} ({1}): a member with lived experience said “not appointable”. Write the reason; they read it."
				).format(row.idx, row.reference),
				TransitionError,
			)


def against_lived_experience(panel) -> dict[str, set[str]]:
	"""{reference: participants} who said “not appointable” of somebody who is appointed, or in reserve."""
	chosen = {row.reference for row in panel.candidates if row.outcome in panels.AS_IF_APPOINTABLE}
	lived = {row.participant for row in members.lived_voters(panel)}
	found: dict[str, set[str]] = {}
	for (who, reference), score in scores.given(panel.name).items():
		if who in lived and reference in chosen and score.appointable == panels.NOT_APPOINTABLE:
			found.setdefault(reference, set()).add(who)
	return found


def nothing_rides_along(panel, move) -> None:
	"""What is decided on is what was scored: with the decision come outcomes and reasons, and nothing else."""
	before = panel.get_doc_before_save()
	for table in ("members", "criteria", "candidates"):
		if _plain(panel, table) != _plain(before, table):
			frappe.throw(
				_("{0}: save this first, then decide.").format(_(panel.meta.get_label(table))),
				TransitionError,
			)


def _plain(panel, table: str) -> list[tuple]:
	# what people are called follows their own records, and is no part of what was scored
	left_out = ("outcome", "reason", "member_name", "owned_by")
	return [
		tuple(cstr(row.get(df.fieldname)) for df in row.meta.fields if df.fieldname not in left_out)
		for row in panel.get(table)
	]


# --- effects ------------------------------------------------------------------------------------------


def note_the_decision(panel, move) -> None:
	panel.decided_on = now_datetime()
	panel.against_lived_experience = int(bool(against_lived_experience(panel)))
	note_when_data_goes(panel, move)


def note_when_data_goes(panel, move) -> None:
	if move.by == "job":  # its day has come
		panel.ended_undecided = 1
		return
	panel.remove_candidates_on = add_days(today(), _days())


def note_when_it_would_go(panel) -> None:
	"""While nothing is decided: as long after today, or after what is planned. Each change moves it on."""
	if panel.status not in panels.UNDECIDED:
		return
	planned = (panel.interviews_on, panel.scores_due_on)
	last = max(getdate(day) for day in (today(), *planned) if day)
	panel.remove_candidates_on = add_days(last, _days()) if panel.candidates else None


def _days() -> int:
	return cint(frappe.get_cached_doc("Involvement Settings").panel_candidate_days)


def ask_members(panel, move) -> None:
	"""Effect of Convened."""
	_tell(panel, "Involvement panel convened")


def ask_for_scores(panel, move) -> None:
	"""Effect of Scoring."""
	_tell(panel, "Involvement panel scoring")


def tell_members(panel, move) -> None:
	"""Effect of Fed back: what came of it, thank you, and how it was; and to whom it went against, why."""
	panel.fed_back_on = now_datetime()
	_tell(panel, "Involvement panel thank you", asks="?how_it_was=1", words=panel.feedback_words)
	_tell_why(panel)


def _tell_why(panel) -> None:
	"""Only whom it went against: what they said of somebody is theirs to tell."""
	against = against_lived_experience(panel)
	if not against:
		return
	people = recipients({who for those in against.values() for who in those})
	logins = _with_a_page(people)
	# one by one: the few members of one panel, each in their own way
	for row in panel.candidates:
		for who in sorted(against.get(row.reference, ())):
			rung = people[who].channel == "Text message" and who not in logins
			# a text message says nothing and leads to a page; who has none is rung
			known = replace(people[who], channel="Phone") if rung else people[who]
			context = {"link": _page(panel), "contact": reach_us(), "about": row.reference, "why": row.reason}
			messages.send(
				"Involvement panel reason", (PARTICIPANT, who), context, about=panel, known=known, stays=rung
			)


def _with_a_page(people: dict) -> set[str]:
	theirs = {"name": ["in", list(people) or [""]], "user": ["is", "set"]}
	# bounded to the members of one panel
	return set(frappe.get_all(PARTICIPANT, theirs, pluck="name"))


def _page(panel) -> str:
	return get_url(f"/take-part/my/panels/{panel.name}")


def _tell(panel, template: str, asks: str = "", **words) -> None:
	"""`asks`: for colleagues, what the form opens with."""
	# one by one: the few members of one panel, each in their own way
	for row in panel.members:
		if row.participant:
			link, to = _page(panel), (PARTICIPANT, row.participant)
		else:
			link, to = get_url_to_form(panels.PANEL, panel.name) + asks, ("User", row.staff)
		messages.send(template, to, {"link": link, "contact": reach_us(), **words}, about=panel)
