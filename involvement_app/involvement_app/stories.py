"""Stories: what people tell in their own words, used only as they agreed to it (domain 4.4, 4.12; row 1.5).

The person agrees to the final words, as they will be read and with the name that is shown; communications approve;
then a story is used where the person's media consent covers it, each use a row. A change of the words makes the
agreement void. What is agreed to is remembered by a fingerprint, so also words that were changed past every hook are
neither approved nor shown.

When a yes is taken back, or its time is over, the uses it covered end in the same request, and each becomes a task to
take it down, with somebody and a day (`Involvement Settings`: takedown_working_days). Our own page of voices needs no
task: it asks for a live yes each time it is shown.
"""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime, today

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import media
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person
from involvement_app.involvement_app.prints import person_name
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.permissions.files import own_private_file
from involvement_app.permissions.holders import holders
from involvement_app.setup.roles import COMMUNICATIONS
from involvement_app.working_days import add_working_days

STORY, TAKEDOWN = "Participant Story", "Story Takedown"
CONTENT = ("prompt", "words", "identity", "shown_name")
IN_USE = "In use"
# the words may still change; what was agreed to goes back to a draft by it
AGREED = ("With the person", "Agreed", "Approved")
LIVING = ("Draft", "With the person", "Agreed", "Approved", "In use")
MOST_WORDS = 4000
MOST_LIVING = 20
OWN_WORDS = "In their own words"
MY_STORIES = "/take-part/my/stories"


class TooManyStories(frappe.ValidationError):
	pass


class OtherWords(frappe.ValidationError):
	"""The words are no longer those that the person read."""


def stored(words: str | None) -> str:
	"""As a database field: angle brackets that somebody typed would be taken for HTML by the framework, in the desk as
	well. `spoken` turns them back where everything is escaped, so what was typed is what is read."""
	return (words or "").strip().replace("<", "&lt;").replace(">", "&gt;")


def spoken(words: str | None) -> str:
	return (words or "").replace("&lt;", "<").replace("&gt;", ">")


def fingerprint(story) -> str:
	"""What a person agrees to, of a document or a row with the fields CONTENT."""
	return hashlib.sha256(json.dumps([story.get(name) or "" for name in CONTENT]).encode()).hexdigest()


def name_to_show(participant: str, identity: str) -> str:
	"""As they would like to be called; a first name is the first word of it."""
	name = person_name(participant).strip()
	if identity == "Full name":
		return _full_name(participant, name)
	return name.split()[0] if identity == "First name" and name else ""


def _full_name(participant: str, name: str) -> str:
	"""With the surname that the CRM keeps, where they go by a first name alone."""
	doctype, person = frappe.db.get_value(PARTICIPANT, participant, ["person_doctype", "person"])
	if " " in name or not person or not frappe.get_meta(doctype).has_field("last_name"):
		return name
	return " ".join(filter(None, (name, frappe.db.get_value(doctype, person, "last_name"))))


# --- the person's own act -----------------------------------------------------------------------------


def write_own(participant: str, values: dict, name: str | None = None) -> str:
	"""The session's own person writes a story, or changes one that is not in use; answers its name. Raises
	TooManyStories, DoesNotExistError, PermissionError."""
	only_the_person(participant)
	if name:
		doc = _own(participant, name)
	else:
		frappe.db.get_value(PARTICIPANT, participant, "name", for_update=True)
		living = {"participant": participant, "status": ["in", LIVING]}
		if frappe.db.count(STORY, living) >= MOST_LIVING:
			raise TooManyStories
		doc = frappe.new_doc(STORY, participant=participant)
	doc.update({key: values[key] for key in ("prompt", "words", "identity") if key in values})
	doc.flags.ignore_permissions = True  # bounded to the session's own person
	doc.save()
	return doc.name


def agree_own(participant: str, name: str, read: str) -> None:
	"""The person agrees to the words they read: `read` is their fingerprint. Raises OtherWords where they have been
	changed meanwhile."""
	only_the_person(participant)
	doc = _own(participant, name)
	if read != fingerprint(doc):
		raise OtherWords
	lifecycle.apply(doc, "Agree to the words")


def withdraw_own(participant: str, name: str) -> None:
	"""Taken back at once, without a reason."""
	only_the_person(participant)
	doc = _own(participant, name)
	if doc.status != "Withdrawn":
		lifecycle.apply(doc, "Withdraw")


def _own(participant: str, name: str):
	found = frappe.db.get_value(STORY, {"name": name, "participant": participant})
	if not found:
		raise frappe.DoesNotExistError
	return frappe.get_doc(STORY, found, for_update=True)


# --- of the lifecycle ---------------------------------------------------------------------------------


def agreed_by_whom(doc, move) -> None:
	"""Guard: the person's own act, or their signature on paper, which staff write down with the paper. Nobody else
	agrees for them."""
	doc.recorded_by = doc.told_how = None
	if move.by != "role":
		doc.evidence = doc.recorded_how = None
		return
	if doc.recorded_how not in ("In person", "Post"):
		frappe.throw(
			_(
				"How the person told us: they agree on their page, or sign the words on paper, in person or by post."
			),
			TransitionError,
		)
	if fingerprint(doc.get_doc_before_save()) != fingerprint(doc):
		frappe.throw(_("The words: save them first. What is signed is what stood there."), TransitionError)
	if not doc.evidence:
		frappe.throw(
			_("Their signature: attach the words with their signature. Nobody agrees for somebody else."),
			TransitionError,
		)
	doc.evidence = own_private_file(doc.evidence, (doc.doctype, doc.name))
	doc.recorded_by, doc.told_how, doc.recorded_how = move.user, doc.recorded_how, None


def words_are_there(doc, move) -> None:
	if not (doc.words or "").strip():
		frappe.throw(_("The words: there is nothing to agree to yet."), TransitionError)


def note_agreement(doc, move) -> None:
	doc.agreed_on, doc.agreed_version = now_datetime(), fingerprint(doc)


def forget_agreement(doc, move) -> None:
	doc.agreed_on = doc.agreed_version = doc.approved_by = None


def words_are_agreed(doc, move) -> None:
	"""Guard of Approved and In use: these very words, with this name."""
	if not doc.agreed_version or doc.agreed_version != fingerprint(doc):
		frappe.throw(
			_("The person has not agreed to these words. Take it back to a draft, and ask them."),
			TransitionError,
		)


def not_by_the_same(doc, move) -> None:
	"""Guard of Approved: whoever wrote the agreement down, and whose story it is, leaves this to somebody else."""
	own = frappe.db.get_value(PARTICIPANT, doc.participant, "user")
	if move.transition.action == "Approve" and move.user in (doc.get_doc_before_save().recorded_by, own):
		frappe.throw(
			_("You wrote down that they agree, or it is your own story, so somebody else approves it."),
			StepNotPermitted,
		)


def remember_approver(doc, move) -> None:
	if move.transition.action == "Approve":
		doc.approved_by = move.user


def has_a_use(doc, move) -> None:
	if not open_uses(doc):
		frappe.throw(
			_("Where it is used: write down at least one place before “{0}”.").format(
				_(move.transition.action)
			),
			TransitionError,
		)
	check_covered(doc, open_uses(doc))


def tell_the_person(template: str):
	def effect(doc, move) -> None:
		link = frappe.utils.get_url(f"{MY_STORIES}/{doc.name}")
		messages.send(template, (PARTICIPANT, doc.participant), {"link": link}, about=doc)

	return effect


def end_all(doc, move) -> None:
	"""Effect of the states in which nothing is used: what was, comes down."""
	if move.source == IN_USE:
		end(doc, open_uses(doc), _why(move))


def _why(move) -> str:
	return {
		"Withdrawn": "The person took it back",
		"Expired": "Its time is over",
	}.get(move.to, "It was taken out of use")


# --- uses ---------------------------------------------------------------------------------------------


def open_uses(doc) -> list:
	return [row for row in doc.uses if not row.ended_on]


def keep_uses(doc) -> None:
	"""For `validate`: what was in use stays written down, and how it ended is ours to write."""
	before = doc.get_doc_before_save()
	stored = {row.name: row for row in before.uses} if before else {}
	if not getattr(frappe.local, "involvement_server_side", False):
		for row in doc.uses:
			was = stored.get(row.name)
			for name in ("ended_on", "ended_why", "put_by"):
				row.set(name, was.get(name) if was else None)
			row.put_by = row.put_by or frappe.session.user
	gone = set(stored) - {row.name for row in doc.uses}
	if before and before.status in (IN_USE, "Expired", "Withdrawn") and gone:
		frappe.throw(
			_(
				"Where it is used: a row stays, so that everybody knows where it was. To end a use, write its last day into “To”."
			)
		)
	for row in doc.uses:
		was = stored.get(row.name)
		if was and was.ended_on and _facts(row) != _facts(was):
			frappe.throw(_("Where it is used, row {0}: this use has ended. Add a new row.").format(row.idx))


def _facts(row) -> tuple:
	return (row.channel, row.place, cint(row.voices), row.link, str(row.used_from), str(row.used_to))


def validate_uses(doc) -> None:
	"""For `validate`: dates in order, within the yes of the person wherever the story is in use."""
	if not open_uses(doc):
		return
	stands = media.standing(doc.participant, for_update=True)
	for row in open_uses(doc):
		if cint(row.voices) and row.channel != media.WEBSITE:
			frappe.throw(
				_(
					"Where it is used, row {0}: our page of voices is on the website. Choose “Website”."
				).format(row.idx)
			)
		entry = stands.get(row.channel)
		if not row.used_to and entry:
			row.used_to = entry.until
		if row.used_to and getdate(row.used_to) < getdate(row.used_from):
			frappe.throw(_("Where it is used, row {0}: the last day is before the first.").format(row.idx))
	before = doc.get_doc_before_save()
	if before and before.status == IN_USE == doc.status:
		check_covered(doc, [row for row in open_uses(doc) if not _is_over(row)], stands)


def _is_over(row) -> bool:
	return bool(row.used_to) and getdate(row.used_to) < getdate(today())


def check_covered(doc, uses: list, stands: dict | None = None) -> None:
	"""Raises media.NotCovered for a use that no yes of the person covers to its end."""
	stands = media.standing(doc.participant, for_update=True) if stands is None else stands
	begun = _new_in_the_past(doc, uses)
	for row in uses:
		missing = media.lacks(stands, row.channel, doc.identity, row.used_to or row.used_from)
		if not missing and row in begun:
			# one by one: nearly always none, and then one
			then = media.stood_on(doc.participant, row.used_from)
			missing = media.lacks(then, row.channel, doc.identity, row.used_from, past=True)
		if missing:
			frappe.throw(
				_("Where it is used, row {0}: {1}").format(row.idx, missing),
				media.NotCovered,
				title=_("No yes for this"),
			)


def _new_in_the_past(doc, uses: list) -> list:
	"""Those of `uses` that are said now to have begun earlier: a yes that was written down since does not cover it."""
	before = doc.get_doc_before_save()
	known = {row.name: _facts(row)[:5] for row in before.uses} if before and before.status == IN_USE else {}
	return [
		row
		for row in uses
		if getdate(row.used_from) < getdate(today()) and known.get(row.name) != _facts(row)[:5]
	]


def end(doc, uses: list, why: str) -> None:
	"""These uses are over, and what others show has to come down. The caller saves `doc`."""
	days = cint(frappe.get_cached_doc("Involvement Settings").takedown_working_days) or 5
	for row in uses:
		row.ended_on, row.ended_why = today(), why
		if not cint(row.voices) and getdate(row.used_from) <= getdate(today()):
			# one by one: the few uses of one story, each a task and a message
			_open_takedown(doc, row, why, add_working_days(today(), days))


def _open_takedown(doc, row, why: str, due_on) -> None:
	takedown = frappe.get_doc(
		{
			"doctype": TAKEDOWN,
			"participant": doc.participant,
			"preferred_name": doc.preferred_name,
			"story": doc.name,
			"channel": row.channel,
			"place": row.place,
			"link": row.link,
			"why": why,
			"assigned_user": _who_takes_down(doc, row),
			"due_on": due_on,
		}
	)
	with lifecycle.server_side():
		takedown.insert(ignore_permissions=True)  # one by one; bounded: follows from the end of a use
	messages.send(
		"Involvement takedown",
		("User", takedown.assigned_user),
		{
			"link": frappe.utils.get_url_to_form(TAKEDOWN, takedown.name),
			"due_on": frappe.utils.format_date(due_on, "d MMMM yyyy"),
		},
		about=takedown,
	)


def _who_takes_down(doc, row) -> str:
	"""Who put it there, else who approved it, else a communications officer: somebody who still has that part."""
	able = set(holders(COMMUNICATIONS).run(pluck=True))
	known = [user for user in (row.put_by, doc.approved_by) if user in able]
	return next(iter([*known, *sorted(able - {"Administrator"})]), "Administrator")


# --- what changes around a story ------------------------------------------------------------------------


def follow(participant: str, why: str = "The yes for it ended") -> None:
	"""What is in use and no longer covered ends now, or with the yes where that ends sooner; a story that is used nowhere
	any more is withdrawn. For whoever has just changed a yes of this person, or a job."""
	story = frappe.qb.DocType(STORY)
	names = (
		frappe.qb.from_(story)
		.select(story.name)
		.where((story.participant == participant) & (story.status == IN_USE))
		.orderby(story.name)
		.for_update()
		.run(pluck=True)
	)
	stands = media.standing(participant) if names else {}
	for name in names:
		# one by one: the few stories of one person in use, each with tasks of its own
		doc = frappe.get_doc(STORY, name, for_update=True)
		over = _uncovered(doc, stands)
		if _shorten(doc, stands) or over:
			_end_some(doc, over, why)


def _uncovered(doc, stands: dict) -> list:
	return [
		row
		for row in open_uses(doc)
		if media.lacks(stands, row.channel, doc.identity, max(getdate(row.used_from), getdate(today())))
	]


def _shorten(doc, stands: dict) -> bool:
	longer = [
		row
		for row in open_uses(doc)
		if row.channel in stands and row.used_to and getdate(row.used_to) > getdate(stands[row.channel].until)
	]
	for row in longer:
		row.used_to = stands[row.channel].until
	return bool(longer)


def _end_some(doc, over: list, why: str, action: str = "Consent ended") -> None:
	with lifecycle.as_job(), lifecycle.server_side():
		end(doc, over, why)
		if not open_uses(doc):
			lifecycle.apply(doc, action)
			return
		doc.flags.ignore_permissions = True  # bounded: the uses that are over
		doc.save()


def withdraw_all(participant: str) -> None:
	"""Everything this person told and has not taken back: for who leaves, or is erased."""
	living = {"participant": participant, "status": ["in", LIVING]}
	names = frappe.get_all(STORY, living, pluck="name", order_by="name")  # bounded to one person's own
	for name in names:
		# one by one: the few stories of one person, each with tasks of its own
		_withdraw(name)


def _withdraw(name: str) -> None:
	with lifecycle.as_job():
		lifecycle.apply(frappe.get_doc(STORY, name, for_update=True), "Withdraw")


def after_merge(kept: str, merged: str, moved: dict) -> None:
	"""Hook `involvement_merged`: what the record that stays says no to is not used under the name of the other."""
	follow(kept)


def move_on() -> None:
	"""Daily: what was to end today or before ends."""
	from involvement_app.involvement_app.places import each_alone

	use, story = frappe.qb.DocType("Participant Story Use"), frappe.qb.DocType(STORY)
	names = (
		frappe.qb.from_(use)
		.join(story)
		.on(story.name == use.parent)
		.select(story.name)
		.distinct()
		.where((story.status == IN_USE) & use.ended_on.isnull() & (use.used_to < today()))
		.orderby(story.name)
		.run(pluck=True)
	)
	each_alone(names, _move_on, "{0} could not expire")


def _move_on(name: str) -> None:
	doc = frappe.get_doc(STORY, name, for_update=True)
	over = [row for row in open_uses(doc) if _is_over(row)]
	if doc.status == IN_USE and over:
		_end_some(doc, over, "Its time is over", "Expire")
