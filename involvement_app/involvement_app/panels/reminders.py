"""A member who has not scored is reminded, once, and nobody learns of whom (domain 4.4, 4.8; row 4.8).

What a panel's record says is that reminders went out, and when: the same whoever was reminded, and where nobody had to
be. The message is `private`: the outbox shows its row to nobody. Where a colleague rings somebody or posts it, whoever
passes it on would learn whose score is missing; so all members who hear from us in that way get the same words,
whether theirs is in or not."""

import frappe
from frappe.utils import get_url, get_url_to_form, getdate, now_datetime, today

from involvement_app import messages
from involvement_app.involvement_app import panels, places
from involvement_app.involvement_app.panels import members, scores
from involvement_app.involvement_app.participants import PARTICIPANT, reach_us, recipients
from involvement_app.messages.channels import passed_on_by_hand
from involvement_app.working_days import add_working_days

AFTER_WORKING_DAYS = 2
TEMPLATE = "Involvement panel scores reminder"
MOST = 200


def note_since_when(panel, move) -> None:
	"""Effect of Scoring."""
	panel.scoring_since, panel.scores_reminded_on = now_datetime(), None


def remind() -> None:
	"""Daily: the panels that have been scoring for some days."""
	waits = {
		"status": panels.SCORING,
		"opened_on": ["is", "not set"],
		"scores_reminded_on": ["is", "not set"],
	}
	# a job's own list, no reader
	rows = frappe.get_all(
		panels.PANEL, waits, ["name", "scoring_since"], limit=MOST, order_by="scoring_since asc"
	)
	due = [row.name for row in rows if _is_due(row.scoring_since)]
	places.each_alone(due, _remind, "{0}: members could not be reminded")


def _is_due(since) -> bool:
	return not since or add_working_days(getdate(since), AFTER_WORKING_DAYS) <= getdate(today())


def _remind(name: str) -> None:
	panel = scores.locked(name)
	if panel.status != panels.SCORING or panel.opened_on or panel.scores_reminded_on:
		return
	# bounded to this panel, whose row is locked
	frappe.db.set_value(panels.PANEL, name, "scores_reminded_on", now_datetime(), update_modified=False)
	silent = {who for who, _reference in scores.expected(panel) - set(scores.given(name))}
	lived = recipients({row.participant for row in members.lived_voters(panel) if row.participant})
	by_hand = passed_on_by_hand()
	# one by one: the few members of one panel, each in their own way
	for row in members.voters(panel):
		person = lived.get(row.participant)
		told_by_somebody = person and (person.channel in by_hand or not person.address)
		if told_by_somebody or members.key_of(row) in silent:
			_tell(panel, row, person)


def _tell(panel, row, person) -> None:
	"""Without `about`: what leads to the panel would say whose row it is."""
	to = (PARTICIPANT, row.participant) if row.participant else ("User", row.staff)
	link = (
		get_url(f"/take-part/my/panels/{panel.name}")
		if row.participant
		else get_url_to_form(panels.PANEL, panel.name)
	)
	messages.send(TEMPLATE, to, {"link": link, "contact": reach_us()}, owed=False, known=person)
