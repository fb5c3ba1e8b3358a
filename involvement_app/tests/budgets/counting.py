"""SQL statements of one piece of work, as a request does it: its own caches empty, Redis warm, no commit."""

import os
import re
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import frappe

from involvement_app.tests.compat import as_user

# what ends or marks a transaction belongs to the request around the work
AROUND = re.compile(r"\s*(commit|rollback|start transaction|savepoint|release)\b", re.IGNORECASE)


@contextmanager
def counted():
	"""Inside, every statement of this process, on whatever connection, is appended to the list that this answers."""
	statements: list[str] = []
	database = frappe.local.db.__class__
	own = database.__dict__.get("sql")
	sql = database.sql

	def counting(self, query, *args, **kwargs):
		if kwargs.get("run", True) and not AROUND.match(str(query)):
			statements.append(" ".join(str(query).split()))
		return sql(self, query, *args, **kwargs)

	database.sql = counting
	try:
		yield statements
	finally:
		if own:
			database.sql = own
		else:
			del database.sql


def begin_request() -> None:
	"""What Frappe and we keep for the length of a request is forgotten; what Redis holds stays."""
	from involvement_app.involvement_app.participants import forget_known

	frappe.local.cache.clear()
	frappe.local.role_permissions = {}
	frappe.local.user_perms = None
	frappe.local.new_doc_templates = {}
	getattr(frappe.local.db, "value_cache", {}).clear()  # whatever its shape: Frappe 16 nests it
	forget_known()


def statements(work: Callable, prepare: Callable = lambda: None, user: str = "Administrator") -> list[str]:
	"""What `work(prepare())` asks of the database as `user`, the second time: the first one warms the caches.
	Nothing of it stays."""
	for _warming in (True, False):
		frappe.db.savepoint("involvement_budget")
		found = taken(work, prepare(), user)
		frappe.db.rollback(save_point="involvement_budget")
	return found


def taken(work: Callable, subject=None, user: str = "Administrator") -> list[str]:
	"""What `work(subject)` asks of the database this once, and it stays."""
	with as_user(user):
		begin_request()
		with counted() as found:
			work(subject)
	if not found:
		raise AssertionError("nothing was counted: somebody has put a `sql` of their own on the connection")
	return found


def _note(what: str, ours: int, floor: int, allowance: int) -> None:
	"""A line in the folder of artefacts, for whoever writes docs/scaling.md."""
	if folder := os.environ.get("INVOLVEMENT_ARTEFACTS"):
		with Path(folder, "budgets.tsv").open("a") as notes:
			notes.write(f"{what}\t{floor}\t{allowance}\t{ours}\n")


class BudgetAssertions:
	"""For a test case: `ours` and `floor` are lists of statements, as `statements` answers them."""

	def assertWithin(self, ours: list[str], floor: list[str], allowance: int, what: str = "") -> None:
		"""No more than the floor and `allowance`; the message shows every statement."""
		_note(what, len(ours), len(floor), allowance)
		if len(ours) > len(floor) + allowance:
			self.fail(
				f"{what}: {len(ours)} statements, floor {len(floor)} + {allowance}\n"
				+ "\n".join(f"  ours   {line[:230]}" for line in ours)
				+ "\n"
				+ "\n".join(f"  floor  {line[:230]}" for line in floor)
			)

	def assertSameCount(self, few: list[str], many: list[str], what: str = "") -> None:
		"""It does not grow."""
		if len(few) != len(many):
			more = [line for line in many if line not in few] or many
			self.fail(
				f"{what}: {len(few)} statements grew to {len(many)}\n"
				+ "\n".join(f"  {line[:230]}" for line in more)
			)
