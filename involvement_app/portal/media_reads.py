"""What the portal may see of stories: what is public now, or rows of one participant, who was found from the
session."""

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Count
from frappe.utils import today
from pypika import Case

from involvement_app.involvement_app import media, stories

MOST = 100
_STORY = ("name", "status", "prompt", "words", "identity", "shown_name", "agreed_on", "agreed_version")


def voices() -> list[frappe._dict]:
	"""What anybody may read: in use on our page of voices today, with a yes of the person that counts in this moment for
	the website and the name that is shown, in the very words they agreed to. One statement."""
	story, use = frappe.qb.DocType("Participant Story"), frappe.qb.DocType("Participant Story Use")
	rows = (
		frappe.qb.from_(story)
		.join(use)
		.on(use.parent == story.name)
		.select(*(story[name] for name in _STORY))
		.distinct()
		.where((story.status == stories.IN_USE) & (use.voices == 1) & (use.channel == media.WEBSITE))
		.where(use.ended_on.isnull() & (use.used_from <= today()))
		.where(use.used_to.isnull() | (use.used_to >= today()))
		.where(media.live(story.participant, media.WEBSITE, story.identity))
		.orderby(story.agreed_on, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)
	return _said([row for row in rows if row.agreed_version == stories.fingerprint(row)])


def _said(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""With `said`: the words as they were typed, for a page that escapes them."""
	for row in rows:
		row.said = stories.spoken(row.words)
	return rows


def own_stories(participant: str) -> list[frappe._dict]:
	"""The reader's own, the newest first, with how many places each is used in."""
	story, use = frappe.qb.DocType("Participant Story"), frappe.qb.DocType("Participant Story Use")
	rows = (
		frappe.qb.from_(story)
		.left_join(use)
		.on((use.parent == story.name) & use.ended_on.isnull())
		.select(story.name, story.status, story.prompt, story.words, Count(use.name).as_("places"))
		.where(story.participant == participant)
		.groupby(story.name, story.status, story.prompt, story.words, story.creation)
		.orderby(Case().when(story.status == "Withdrawn", 1).else_(0))
		.orderby(story.creation, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)
	return _said(rows)


def own_story(name: str, participant: str) -> frappe._dict | None:
	"""One of the reader's own, with `uses`."""
	story, use = frappe.qb.DocType("Participant Story"), frappe.qb.DocType("Participant Story Use")
	rows = (
		frappe.qb.from_(story)
		.left_join(use)
		.on(use.parent == story.name)
		.select(*(story[field] for field in _STORY), story.told_how)
		.select(use.channel, use.place, use.link, use.voices, use.used_from, use.used_to, use.ended_on)
		.select(use.ended_why, use.name.as_("use_name"))
		.where((story.name == name) & (story.participant == participant))
		.orderby(use.idx)
		.limit(MOST)
		.run(as_dict=True)
	)
	if not rows:
		return None
	rows[0].uses = [row for row in rows if row.use_name]
	return _said(rows[:1])[0]


def own_roles(participant: str) -> list[frappe._dict]:
	"""The reader's own, from the moment they may answer: what is not approved yet is not asked of them."""
	role, user = frappe.qb.DocType("Ambassador Role"), frappe.qb.DocType("User")
	fields = ("name", "status", "purpose", "will_talk", "wont_talk", "ends_on", "training", "trained_on")
	return (
		frappe.qb.from_(role)
		.left_join(user)
		.on(user.name == role.support_person)
		.select(*(role[name] for name in fields), user.full_name.as_("supporter"))
		.where((role.participant == participant) & role.status.isin(("Approved", "Active", "Paused")))
		.orderby(role.creation, order=Order.desc)
		.limit(MOST)
		.run(as_dict=True)
	)


# what is only proposed is not asked of anybody yet
_ASKED = ("Offered", "Accepted", "Briefed", "Done", "Debriefed", "Outcome recorded")


def own_assignments(participant: str) -> list[frappe._dict]:
	row = frappe.qb.DocType("Ambassador Assignment")
	return (
		frappe.qb.from_(row)
		.select(row.name, row.title, row.status, row.takes_place_on)
		.where((row.participant == participant) & row.status.isin(_ASKED))
		.orderby(row.takes_place_on, order=Order.desc)
		.orderby(row.name)
		.limit(MOST)
		.run(as_dict=True)
	)


def own_assignment(name: str, participant: str) -> frappe._dict | None:
	"""One of the reader's own that they were asked about."""
	row, user = frappe.qb.DocType("Ambassador Assignment"), frappe.qb.DocType("User")
	fields = (
		"name",
		"title",
		"status",
		"kind",
		"takes_place_on",
		"audience",
		"channel",
		"identity",
		*media.EXTRAS,
		"brief",
		"questions",
		"support_words",
		"briefed_on",
		"debriefed_on",
		"debrief_declined_on",
		"outcome",
		"outcome_words",
		"yes_missing",
		"application",
		"engagement",
	)
	rows = (
		frappe.qb.from_(row)
		.left_join(user)
		.on(user.name == row.support_person)
		.select(*(row[field] for field in fields), user.full_name.as_("supporter"))
		.where((row.name == name) & (row.participant == participant) & (row.application.isnotnull()))
		.run(as_dict=True)
	)
	return rows[0] if rows else None
