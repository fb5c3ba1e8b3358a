"""What a panel scores, owned by members with lived experience (domain 1.6, 4.4; row 3.11).

HR writes down who owns what. Before scoring starts each owner says yes to it or puts it in their own words, on their
page; where they told us in another way, HR writes down when and how. Whoever else changes it afterwards asks them
again."""

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate, today

from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import members
from involvement_app.lifecycle import TransitionError

MOST_WEIGHT = 5
MOST_WORDS = 140
WORDS = tuple(f"words_{score}" for score in range(panels.MOST_SCORE + 1))
# what a yes is said to
WHAT = ("criterion", "weight", "participant", *WORDS)


# --- of Recruitment Panel -----------------------------------------------------------------------------


def validate(panel) -> None:
	before = panel.get_doc_before_save()
	earlier = {row.name: row for row in before.criteria} if before else {}
	_refuse_twice(panel)
	own = members.of_user(panel)
	for row in panel.criteria:
		row.weight = cint(row.weight) or 1
		if not 1 <= row.weight <= MOST_WEIGHT:
			panel.refuse("criteria", row, _("counts 1 to {0} times").format(MOST_WEIGHT))
		_name_owner(panel, row, earlier.get(row.name))
		_note_yes(panel, row, earlier.get(row.name), own)


def _refuse_twice(panel) -> None:
	seen = set()
	for row in panel.criteria:
		row.criterion = cstr(row.criterion).strip()
		if row.criterion in seen:
			panel.refuse("criteria", row, _("this is there already"))
		seen.add(row.criterion)


def _name_owner(panel, row, was) -> None:
	"""Members' names are told apart (`members.name_members`), so each leads to one of them."""
	lived = {each.member_name: each.participant for each in panel.members if each.participant}
	names = {participant: name for name, participant in lived.items()}
	row.owned_by = cstr(row.owned_by).strip()
	if was and was.participant in names and row.owned_by == was.owned_by:
		# whoever owns it may be called something else by now
		row.owned_by, row.participant = names[was.participant], was.participant
		return
	if row.owned_by and row.owned_by not in lived:
		panel.refuse("criteria", row, _("owned by: choose one of {0}").format(", ".join(lived)))
	row.participant = lived.get(row.owned_by)


def _note_yes(panel, row, was, own) -> None:
	"""What staff write down for an owner says so (law 8)."""
	by_owner = bool(own and own.participant and own.participant == row.participant)
	same_day = was and _day(row) == _day(was)
	says_so_now = by_owner and not row.told_how
	if same_day and _what(row) == _what(was) and not says_so_now:
		row.told_how, row.recorded_by = was.told_how, was.recorded_by
		return
	if (same_day and not by_owner) or not row.participant:
		_ask_again(row, was)
	if not row.agreed_on or by_owner:
		row.told_how = row.recorded_by = None
	else:
		if not row.told_how:
			panel.refuse("criteria", row, _("choose how the owner told us that they agree"))
		row.recorded_by = frappe.session.user
	if row.agreed_on and getdate(row.agreed_on) > getdate(today()):
		panel.refuse("criteria", row, _("the owner said yes on a day that is past, or today"))


def _ask_again(row, was) -> None:
	if was and was.agreed_on:
		frappe.msgprint(
			_("What is scored, row {0}: it changed, so whoever owns it is asked again.").format(row.idx),
			alert=True,
		)
	row.agreed_on = None


def _day(row):
	return row.agreed_on and getdate(row.agreed_on)


def _what(row) -> tuple:
	return tuple(cstr(row.get(field)) for field in WHAT)


# --- guards -------------------------------------------------------------------------------------------


def are_owned(panel, move) -> None:
	"""Guard of Interviewing: what is scored is owned by members with lived experience, and every score has words."""
	if not panel.criteria:
		_not_yet(_("What is scored: write at least one criterion."))
	lived = {row.participant for row in members.lived_voters(panel)}
	for row in panel.criteria:
		if row.participant not in lived:
			_not_yet(
				_("What is scored, row {0}: name the member with lived experience who owns it.").format(
					row.idx
				)
			)
		if not all(cstr(row.get(field)).strip() for field in WORDS):
			_not_yet(_("What is scored, row {0}: say in words what 0, 1, 2 and 3 mean.").format(row.idx))
	if not panel.candidates:
		_not_yet(_("Candidates: write down at least one, by reference and initials."))


def are_agreed(panel, move) -> None:
	"""Guard of Scoring: whoever owns one has said yes to it, or put it in their words."""
	for row in panel.criteria:
		if not row.agreed_on:
			_not_yet(
				_(
					"What is scored, row {0} ({1}): {2} has not said yes to it yet. They do so on their page; if they told you, write down when and how."
				).format(row.idx, row.criterion, row.owned_by)
			)


def _not_yet(words: str) -> None:
	frappe.throw(words, TransitionError, title=_("Not yet"))


# --- what an owner does -------------------------------------------------------------------------------


def agree(name: str, row_name: str, words: dict) -> None:
	"""The session's own member says yes to what they own, in `words` (criterion, words_0 …). Raises PermissionError for
	who does not own it, TransitionError, ValidationError."""
	panel = members.own_panel(name)
	own = members.of_user(panel)
	row = next((row for row in panel.criteria if row.name == row_name), None)
	if not row or not own.participant or row.participant != own.participant:
		raise frappe.PermissionError
	row.update(
		{field: " ".join(cstr(words.get(field)).split())[:MOST_WORDS] for field in ("criterion", *WORDS)}
	)
	row.update({"agreed_on": today(), "told_how": None})
	panel.flags.ignore_permissions = True  # bounded to what the session's own member owns
	panel.save()
