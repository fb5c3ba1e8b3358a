"""What people write about themselves that is more than a detail: what they know from their own life, and their goals
(rows 0.6, 0.7, 0.11 and 3.7; domain 4.2). A goal is the person's alone: no member of staff reads it."""

import frappe

from involvement_app.involvement_app import assisted
from involvement_app.involvement_app.participants import PARTICIPANT, only_the_person

PROFILE = "Lived Experience Profile"
GOAL = "Personal Goal"
MOST_GOALS = 20


class TooManyGoals(frappe.ValidationError):
	pass


def save_profile(participant: str, values: dict) -> None:
	"""The session's own person writes what they know and can do. One row a person, also when it is sent twice."""
	only_the_person(participant)
	assisted.save_one(PROFILE, participant, values)


def add_goal(participant: str, words: str) -> None:
	"""Raises TooManyGoals."""
	only_the_person(participant)
	frappe.db.get_value(PARTICIPANT, participant, "name", for_update=True)
	if frappe.db.count(GOAL, {"participant": participant}) >= MOST_GOALS:
		raise TooManyGoals
	# bounded to the session's own person
	frappe.get_doc(doctype=GOAL, participant=participant, goal=words).insert(ignore_permissions=True)


def change_goal(participant: str, name: str, reached: bool) -> None:
	# bounded to the session's own person's row
	frappe.db.set_value(GOAL, _own_goal(participant, name), "reached", int(reached))


def forget_goal(participant: str, name: str) -> None:
	# bounded to the session's own person's row; on the table, so that no copy is kept
	frappe.db.delete(GOAL, {"name": _own_goal(participant, name)})


def _own_goal(participant: str, name: str) -> str:
	only_the_person(participant)
	if not frappe.db.exists(GOAL, {"name": name, "participant": participant}):
		raise frappe.DoesNotExistError
	return name
