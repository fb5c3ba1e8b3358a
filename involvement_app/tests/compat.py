"""What differs between the Frappe versions we run on, in one place."""

import copy
import os

import frappe
from frappe.cache_manager import user_cache_keys
from frappe.core.doctype.user_permission.user_permission import get_user_permissions

try:
	from frappe.tests import IntegrationTestCase as _Base
	from frappe.tests import change_settings
except ImportError:  # Frappe 15
	from frappe.tests.utils import FrappeTestCase as _Base
	from frappe.tests.utils import change_settings

from contextlib import contextmanager

# dev/deep: everything that dev/test takes a sample of
DEEP = os.environ.get("INVOLVEMENT_DEEP") == "1"

__all__ = [
	"DEEP",
	"CommittingTestCase",
	"IntegrationTestCase",
	"as_user",
	"change_settings",
	"counted_queries",
]


@contextmanager
def as_user(user: str):
	"""Run as `user`, then as whoever it was before."""
	before = frappe.session.user
	_become(user)
	try:
		yield
	finally:
		_become(before)


def _become(user: str) -> None:
	"""What came out of Redis is kept there for everybody: it need not come again for each."""
	if frappe.local.new_doc_templates is not _templates.get(frappe.session.user, (None, None))[1]:
		_templates.clear()  # Frappe has forgotten them: a doctype is another by now
	known = frappe.local.cache
	frappe.set_user(user)
	frappe.local.cache = known
	frappe.local.new_doc_templates = _templates_of(user)
	_forget_person()


# by user: (what a new document's first values follow from, {doctype: a new one})
_templates: dict[str, tuple] = {}


def _templates_of(user: str) -> dict:
	"""A request has one user, a test many: Frappe would make each doctype's template anew for each step of each."""
	follow_from = (frappe.utils.nowdate(), get_user_permissions(user), frappe.defaults.get_defaults(user))
	if user not in _templates or _templates[user][0] != follow_from:
		_templates[user] = (follow_from, {})
	return _templates[user][1]


@contextmanager
def counted_queries():
	"""Inside, every SQL statement is appended to the list that this answers."""
	queries: list[str] = []
	sql = frappe.db.sql

	def counting(query, *args, **kwargs):
		queries.append(str(query))
		return sql(query, *args, **kwargs)

	frappe.db.sql = counting
	try:
		yield queries
	finally:
		del frappe.local.db.sql  # the class's own again, so that counting on the class (budgets) sees it


def _forget_person() -> None:
	from involvement_app.involvement_app.participants import forget_known

	forget_known()


class IntegrationTestCase(_Base):
	"""Every test leaves the site as it found it: one savepoint a test, rolled back. What all tests of a class begin with is
	made once, beneath that savepoint (`made_once`)."""

	def made_once(self) -> None:
		"""Makes rows, and keeps what tests need of them on `self`: before the first test of a class; each test gets copies.
		Clean-ups run at the end of the class. No commit, no patch, no change of user that is to last (`setUp`)."""

	@classmethod
	def setUpClass(cls):
		refuse_live_site()
		super().setUpClass()
		frappe.set_user("Administrator")
		from involvement_app.tests import factories  # it needs this module

		factories.fill_pool()

	def setUp(self):
		super().setUp()
		frappe.set_user("Administrator")
		_forget_person()
		_templates.clear()
		self._begin_with_what_is_made()
		frappe.db.savepoint("involvement_test")

	def _begin_with_what_is_made(self) -> None:
		from involvement_app.tests import factories  # it needs this module

		of_class = type(self)
		if "_made" not in vars(of_class):
			before, cleanups = set(vars(self)), len(self._cleanups)
			factories.empty_hands()
			try:
				self.made_once()
			except BaseException:
				frappe.db.rollback()  # unittest calls no tearDown after this
				raise
			for clean_up in self._cleanups[cleanups:]:
				of_class.addClassCleanup(clean_up[0], *clean_up[1], **clean_up[2])
			del self._cleanups[cleanups:]
			frappe.set_user("Administrator")
			_forget_person()
			of_class._made = {name: value for name, value in vars(self).items() if name not in before}
			of_class._hands = factories.in_hands()
		factories.empty_hands(of_class._hands)
		vars(self).update(copy.deepcopy(of_class._made))

	def tearDown(self):
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="involvement_test")
		_forget_what_was_undone()
		frappe.clear_messages()
		super().tearDown()

	def as_user(self, user: str):
		return as_user(user)


def _forget_what_was_undone() -> None:
	"""Redis does not roll back: roles and limits of users, and documents, as the test saw them."""
	frappe.cache.delete_value(list(user_cache_keys))
	frappe.cache.delete_keys("document_cache::")


class CommittingTestCase(IntegrationTestCase):
	"""For what other connections or commands must see: the test commits, and takes its rows away itself."""

	@classmethod
	def tearDownClass(cls):
		_forget_consents_of_nobody()
		super().tearDownClass()

	def made_once(self) -> None:
		"""Nothing: it would not outlive the first test."""

	def tearDown(self):
		frappe.db.rollback()  # the commits took the savepoint away
		frappe.db.savepoint("involvement_test")
		super().tearDown()


def _forget_consents_of_nobody() -> None:
	"""Every participant of the factories was told; what a class committed goes with the people it took away."""
	consent, person = frappe.qb.DocType("Consent Record"), frappe.qb.DocType("Involvement Participant")
	frappe.qb.from_(consent).delete().where(
		(consent.person_doctype == "Involvement Participant")
		& consent.person.notin(frappe.qb.from_(person).select(person.name))
	).run()
	frappe.db.commit()  # the class has committed too


def refuse_live_site() -> None:
	"""The suite makes and removes people and payments: only on a site that says it is for tests and holds none."""
	if frappe.conf.get("involvement_test_site"):
		return
	held = frappe.db.count("Involvement Participant")
	if held or not frappe.conf.allow_tests:
		raise RuntimeError(
			f"This site holds {held} participants and is not marked as a test site. "
			"Run the tests on a site of their own: bench --site TEST-SITE set-config involvement_test_site 1"
		)
