"""A page of the portal takes at most six statements, Frappe's own included, and no more for many rows than for few."""

import frappe

from involvement_app.portal.routes import ROUTES
from involvement_app.tests.budgets import history
from involvement_app.tests.budgets.counting import BudgetAssertions, counted
from involvement_app.tests.portal.visitor import PortalTestCase, Visitor

MOST = 6
EARLIER = 40


class TestPortalPages(BudgetAssertions, PortalTestCase):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.payment = frappe.db.get_value("Involvement Payment", {"participant": cls.me.name})

	def statements(self, visitor: Visitor, path: str) -> list[str]:
		"""Of a request of its own with a database connection of its own, once the caches are warm: Frappe notes some
		things about a session a request late."""
		for _warming in range(2):
			visitor.get(path)
		with counted() as found:
			page = visitor.get(path)
		self.assertIn(page.status, (200, 404, 410), path)
		return found

	def pages(self) -> list[tuple[Visitor, str]]:
		member = self.signed_in()
		return [(self.guest, path) for path in self.guest_pages()] + [
			(member, path)
			for path in (*self.participant_pages(), *self.guest_pages())
			if "sign-in" not in path
		]

	def test_every_page_that_can_be_shown_is_measured(self):
		"""A new route without an example here fails."""
		from involvement_app.portal.dispatch import find

		shown = {
			find(path.partition("?")[0])[0].pattern
			for _visitor, path in self.pages()
			if "nowhere" not in path
		}
		self.assertEqual(
			{route.pattern for route in ROUTES if route.show} - shown, {"sign-in/new-password/{token}"}
		)

	def test_at_most_six_and_no_growth(self):
		pages = self.pages()
		few = {(visitor, path): self.statements(visitor, path) for visitor, path in pages}
		self.add_history()
		for (visitor, path), before in few.items():
			with self.subTest(path):
				many = self.statements(visitor, path)
				self.assertWithin(many, [], MOST, path)
				self.assertSameCount(before, many, path)

	def add_history(self) -> None:
		mine = self.mine
		history.copies("Involvement Application", mine.application, EARLIER, status="Not selected")
		history.copies("Involvement Engagement", mine.place, EARLIER, status="Completed")
		history.copies("Involvement Payment", self.payment, EARLIER, status="Paid", docstatus=1)
		history.copies("Involvement Opportunity", self.open.name, EARLIER)
		self.refresh()
