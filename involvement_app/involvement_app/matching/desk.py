"""What the page “Who may be invited” asks for. Every answer is bounded to who the reader may see; of the others there
is a number and nothing else."""

from collections import Counter

import frappe
from frappe import _
from frappe.utils import cint, cstr

from involvement_app import arguments, lifecycle
from involvement_app.involvement_app import eligibility
from involvement_app.involvement_app.doctype.participant_import import csv_file
from involvement_app.involvement_app.matching import invitations, reasons, work
from involvement_app.involvement_app.matching.people import INVITATION, WEIGHTS, People
from involvement_app.involvement_app.participants import PARTICIPANT, recipients
from involvement_app.messages import templates
from involvement_app.messages.channels import channel

PAGE = 50
MOST_WORDS = 600
MOST_EXPORTED = 5000


@frappe.whitelist(methods=["GET"])
def look(opportunity: str, start: str | int = 0) -> dict:
	"""{title, is_open, rows, weights, states}. `rows`: PAGE of those who fit, from `start`. Raises PermissionError."""
	people = _people(opportunity)
	return {
		"title": people.work.title,
		"is_open": people.work.is_open,
		"rows": [_row(row, people.work) for row in people.fitting(PAGE, max(cint(start), 0))],
		"weights": [
			{"label": _(people.settings.meta.get_label(name)), "points": cint(people.settings.get(name))}
			for name in WEIGHTS
		],
		"states": _states(opportunity),
	}


@frappe.whitelist(methods=["GET"])
def counts(opportunity: str) -> dict:
	"""{fits, beyond, away: [{reason, words, count}]}: how many of each. A question of its own, so that the list need not
	wait for it. Raises PermissionError."""
	people = _people(opportunity)
	found = people.counts()
	return {
		"fits": found.get(None, 0),
		"beyond": people.beyond(),
		"away": [
			{"reason": reason, "words": words, "count": found[reason]}
			for reason, words in reasons.away().items()
			if found.get(reason)
		],
	}


@frappe.whitelist(methods=["GET"])
def away(opportunity: str, reason: str, start: str | int = 0) -> list[dict]:
	"""[{name, preferred_name, detail}]: PAGE of those whom `reason` keeps away, and whom the reader may see. Raises
	PermissionError."""
	people = _people(opportunity)
	if reason not in reasons.away():
		raise frappe.PermissionError
	return [
		{
			"name": row.name,
			"preferred_name": row.preferred_name,
			"detail": ", ".join(reasons.what_meets(row, people.work)) if reason == "never" else "",
		}
		for row in people.kept_away(reason, PAGE, max(cint(start), 0))
	]


@frappe.whitelist(methods=["GET"])
def preview(opportunity: str, names: str, words: str = "") -> dict:
	"""{subject, body, ways: [{words, count}], unreached: [{name, preferred_name, why}]}: the message as the first of
	`names` would read it, and how it goes to all of them. Raises PermissionError, ValidationError."""
	people = _people(opportunity)
	chosen = _chosen(people, names)
	known = recipients(set(chosen))
	first, login = known[chosen[0]], invitations.taking_part({chosen[0]}).get(chosen[0])
	said = invitations.said_to(invitations.words_of(people.work), eligibility.of(chosen[:1])[chosen[0]])
	context = {**said, "words": _words(words), "link": frappe.utils.get_url("/take-part/my") if login else ""}
	told = templates.render(invitations.TEMPLATE, {"name": first.name, **context})
	by_way: dict[str, int] = {}
	for name in chosen:
		by_way[known[name].channel] = by_way.get(known[name].channel, 0) + 1
	return {
		"subject": told.subject,
		"body": told.body,
		"ways": [
			{"words": words, "count": by_way[way]}
			for way, words in reasons.channels().items()
			if by_way.get(way)
		],
		"unreached": [
			{
				"name": name,
				"preferred_name": known[name].name,
				"why": channel(known[name].channel).unaddressed(),
			}
			for name in chosen
			if not known[name].address
		],
	}


@frappe.whitelist(methods=["POST"])
@lifecycle.retry_on_deadlock
def invite(opportunity: str, names: str, words: str = "") -> dict:
	"""{run, asked, left_out: [{name, why}]}. Who does not fit any more is left out, with the reason. Raises
	PermissionError, NotOpen, ValidationError."""
	people = _people(opportunity, "write")
	asked = invitations.invite(people.work.name, _chosen(people, names), _words(words))
	said = reasons.away()
	return {
		"run": asked.run,
		"asked": asked.count,
		"left_out": [
			{"name": name, "why": said.get(reason) or _("Not among your people")}
			for name, reason in asked.left_out.items()
		],
	}


@frappe.whitelist(methods=["GET"])
def progress(opportunity: str) -> dict:
	"""{status: how many} of the invitations to it that the reader may see. Raises PermissionError."""
	_people(opportunity)
	return _states(opportunity)


@frappe.whitelist(methods=["GET"])
def export(opportunity: str) -> None:
	"""The list of those who fit, with the reasons, as a CSV file: for who may export people. Raises PermissionError."""
	people = _people(opportunity)
	if not frappe.has_permission(PARTICIPANT, "export"):
		raise frappe.PermissionError(_("You may not export people."))
	lines = [_row(row, people.work) for row in people.fitting(MOST_EXPORTED)]
	frappe.response.filename = "who-may-be-invited.csv"
	frappe.response.filecontent = csv_file.write(
		[_("Number"), _("Preferred name"), _("Why"), _("How")],
		[[line["name"], line["preferred_name"], "; ".join(line["why"]), line["how"]] for line in lines],
	)
	frappe.response.type = "download"


def _people(opportunity: str, right: str = "read") -> People:
	"""For who may read the opportunity and people's preferences, and (`right` write) invite. Raises PermissionError."""
	name = cstr(opportunity)
	may = (
		frappe.db.exists(work.OPPORTUNITY, name)
		and frappe.has_permission(work.OPPORTUNITY, "read", name)
		and frappe.has_permission("Involvement Preference", "read")
		and frappe.has_permission(INVITATION, right)
	)
	if not may:
		raise frappe.PermissionError
	return People(work.read(name), frappe.session.user)


def _row(row, about: work.Work) -> dict:
	return {
		"name": row.name,
		"preferred_name": row.preferred_name,
		"why": reasons.for_them(row, about),
		"know": reasons.to_know(row, about),
		"how": reasons.how(row),
	}


def _chosen(people: People, names: str) -> list[str]:
	"""Those of `names` whom the reader may see. Raises PermissionError when there is another, ValidationError."""
	chosen = list(dict.fromkeys(arguments.names(names, _("People"))))
	if not chosen:
		frappe.throw(_("People: choose somebody first."))
	if len(chosen) > invitations.MOST:
		frappe.throw(_("People: at most {0} at a time. You chose {1}.").format(invitations.MOST, len(chosen)))
	if set(chosen) - set(people.reasons_of(chosen)):
		raise frappe.PermissionError
	return chosen


def _words(words: str) -> str:
	words = cstr(words).strip()
	if len(words) > MOST_WORDS:
		frappe.throw(_("A few words from you: use {0} letters or fewer.").format(MOST_WORDS))
	return words


def _states(opportunity: str) -> dict[str, int]:
	return dict(Counter(frappe.get_list(INVITATION, {"opportunity": opportunity}, pluck="status", limit=0)))
