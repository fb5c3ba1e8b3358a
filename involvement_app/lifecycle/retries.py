"""What happens when two people want the same rows at the same moment."""

from functools import wraps

import frappe

RETRIED = (1213, 1020)  # deadlock; row changed since the snapshot (MariaDB 11.6 and later)


def retry_on_deadlock(function):
	"""For our own entry points only (a portal POST, a form's button): a deadlock rolls the whole transaction
	back, so all of it is done again, at most three times."""

	@wraps(function)
	def wrapper(*args, **kwargs):
		for attempt in (1, 2, 3):
			try:
				return function(*args, **kwargs)
			except Exception as problem:
				if attempt == 3 or not lost_a_race(problem):
					raise
				frappe.db.rollback()

	return wrapper


def lost_a_race(problem: Exception) -> bool:
	return isinstance(problem, frappe.QueryDeadlockError) or bool(problem.args and problem.args[0] in RETRIED)
