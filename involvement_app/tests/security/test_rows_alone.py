"""Rows of tables are written with the document they belong to, by no door alone (law 2; domain 4.6, 5.3): Frappe would let
whoever may write a document save, insert and delete its rows past its rules, its lifecycle and its versions."""

import frappe
import frappe.client
from frappe.model.base_document import get_controller

from involvement_app.lifecycle import ServerManagedDocument
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

WORDS = "document that it belongs to"


def put(row, **values) -> None:
	"""As `PUT /api/resource/…` does."""
	doc = frappe.get_doc(row.doctype, row.name, for_update=True)
	doc.update(values)
	doc.save()


def save(row, **values) -> None:
	frappe.client.save({**frappe.get_doc(row.doctype, row.name).as_dict(convert_dates_to_str=True), **values})


def insert(row, **values) -> None:
	"""As `POST /api/resource/…` does."""
	copy = frappe.copy_doc(frappe.get_doc(row.doctype, row.name))
	copy.update(
		{"parent": row.parent, "parenttype": row.parenttype, "parentfield": row.parentfield, **values}
	)
	copy.insert()


def delete(row, **_values) -> None:
	frappe.delete_doc(row.doctype, row.name)


def rename(row, **_values) -> None:
	frappe.get_doc(row.doctype, row.name).rename(f"{row.name}x", force=True)


DOORS = (put, save, insert, delete, rename)


class TestRowsAlone(pay.PaymentTestCase):
	def assertNoDoor(self, row, user: str, **values) -> None:
		before = frappe.get_all(row.doctype, {"parent": row.parent}, ["*"], order_by="name")
		for door in DOORS:
			with self.subTest(f"{row.doctype}: {door.__name__}, {user}"), self.as_user(user):
				frappe.db.savepoint("alone")
				with self.assertRaises(frappe.PermissionError) as refused:
					door(row, **values)
				if door in (put, save):  # for the others some have no right to begin with
					self.assertIn(WORDS, str(refused.exception))
				frappe.db.rollback(save_point="alone")
		self.assertEqual(frappe.get_all(row.doctype, {"parent": row.parent}, ["*"], order_by="name"), before)

	def test_nothing_of_a_batch_that_was_locked(self):
		batch = pay.take(pay.batch(pay.approved(), pay.approved()), "Lock", "Authorise")
		for user in (pay.officer(), pay.authoriser()):
			self.assertNoDoor(batch.lines[0], user, payee_name="Mallory", way="Cheque", proof="1")

	def test_nothing_of_what_was_taken_out(self):
		from involvement_app.involvement_payments import reversals

		batch = pay.take(pay.batch(pay.approved(), pay.approved()), "Lock")
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, batch.lines[0].payment, "Looked at again")
		batch.reload()
		self.assertNoDoor(batch.reversals[0], pay.officer(), kind="Sent back by the bank")

	def test_nothing_of_a_claim_that_was_checked(self):
		claim = pay.checked_claim()
		for user in (claim.checked_by, pay.budget_holder(), factories.staff(roles.MANAGER)):
			self.assertNoDoor(claim.lines[0], user, amount=45, miles=100)
		self.assertEqual(pay.approve_claim(claim).to_pay, claim.to_pay)

	def test_nothing_of_who_was_there(self):
		place = pay.opportunity()
		engagement = factories.engagement(place, factories.participant())
		session = pay.hold(place)
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)):
			self.assertNoDoor(session.attendance[0], user, hours=6)
		self.assertEqual([row.amount for row in pay.payments(engagement)], [30])

	def test_no_table_of_ours_is_an_exception(self):
		modules = frappe.get_all("Module Def", {"app_name": "involvement_app"}, pluck="name")
		tables = frappe.get_all("DocType", {"istable": 1, "module": ["in", modules]}, pluck="name")
		self.assertGreater(len(tables), 25)
		for doctype in tables:
			row = frappe.new_doc(doctype)
			row.update({"parent": "a", "parenttype": "Involvement Unit", "parentfield": "b", "name": "alone"})
			for door in (row.insert, row.save, row.delete, lambda row=row: row.run_method("before_discard")):
				with (
					self.subTest(doctype, door=getattr(door, "__name__", "")),
					self.assertRaisesRegex(frappe.PermissionError, WORDS),
				):
					if door == row.save:
						row.db_insert()
					door()
			frappe.db.delete(doctype, {"parent": "a"})


class TestNamesOfRows(pay.PaymentTestCase):
	"""A row that carries the name of a row of another document is a new one: Frappe would move that row, or write over it."""

	def rows(self, doc, table: str) -> list:
		return frappe.get_all(
			doc.meta.get_field(table).options,
			{"parent": doc.name, "parenttype": doc.doctype, "parentfield": table},
			["*"],
			order_by="idx",
		)

	def assertNotTaken(self, table: str, theirs, mine, user: str, **values) -> None:
		"""`mine` is saved with a row of `theirs` (changed as `values` say) and then without it."""
		before, own = self.rows(theirs, table), [row.name for row in self.rows(mine, table)]
		for marked in ({}, {"__islocal": 1}):
			with self.subTest(f"{mine.doctype}: {table}", **marked), self.as_user(user):
				stored = frappe.get_doc(mine.doctype, mine.name).as_dict(convert_dates_to_str=True)
				foreign = {
					**stored[table][0],
					"name": before[0].name,
					"idx": len(own) + 1,
					**values,
					**marked,
				}
				frappe.client.save(frappe.as_json({**stored, table: [*stored[table], foreign]}))
				self.assertEqual(self.rows(theirs, table), before)
				names = [row.name for row in self.rows(mine, table)]
				self.assertEqual(names[:-1], own)
				self.assertNotIn(before[0].name, names)
				stored = frappe.get_doc(mine.doctype, mine.name).as_dict(convert_dates_to_str=True)
				frappe.client.save(frappe.as_json({**stored, table: stored[table][:-1]}))
				self.assertEqual(self.rows(theirs, table), before)
				self.assertEqual([row.name for row in self.rows(mine, table)], own)

	def test_no_line_of_another_batch(self):
		paths = (
			(),
			("Lock", "Authorise"),
			("Lock", "Authorise", "Export"),
			("Lock", "Authorise", "Export", "Confirm"),
		)
		for path in paths:
			theirs = pay.take(pay.batch(pay.approved()), *path)
			more = pay.approved().name
			self.assertNotTaken("lines", theirs, pay.batch(pay.approved()), pay.officer(), payment=more)

	def test_no_line_of_another_claim(self):
		line = factories.agreed(12)
		coordinator, manager = factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)
		theirs = pay.approve_claim(pay.take_claim(pay.claimed(line), "Check", manager))
		self.assertNotTaken("lines", theirs, pay.claimed(line), coordinator, amount=1)

	def test_nobody_s_attendance_in_another_session(self):
		sessions, places = [], []
		for _each in range(2):
			place = pay.opportunity()
			for _person in range(2):
				places.append(factories.engagement(place, factories.participant()))
			sessions.append(pay.hold(place))
		theirs, mine = sessions
		with self.as_user(factories.staff(roles.COORDINATOR)):
			mine.reload()
			mine.attendance = mine.attendance[:1]
			mine.save()
		left = next(place for place in places[2:] if place.name != mine.attendance[0].engagement)
		self.assertNotTaken(
			"attendance", theirs, mine, factories.staff(roles.COORDINATOR), engagement=left.name, hours=0
		)

	def test_no_payment_of_before_of_another_opening(self):
		theirs, mine = (
			factories.payment_opening_total(recent=[{"came_on": frappe.utils.today(), "amount": 10}])
			for _each in range(2)
		)
		self.assertNotTaken("recent", theirs, mine, pay.officer(), amount=5)

	def test_every_document_of_ours_with_a_table_looks_at_their_names(self):
		modules = frappe.get_all("Module Def", {"app_name": "involvement_app"}, pluck="name")
		ours = frappe.get_all("DocType", {"istable": 0, "module": ["in", modules]}, pluck="name")
		with_tables = [doctype for doctype in ours if frappe.get_meta(doctype).get_table_fields()]
		self.assertGreater(len(with_tables), 12)
		for doctype in with_tables:
			with self.subTest(doctype):
				self.assertTrue(issubclass(get_controller(doctype), ServerManagedDocument))
