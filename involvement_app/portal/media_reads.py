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
