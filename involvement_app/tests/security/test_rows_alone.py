"""Rows of tables are written with the document they belong to, by no door alone (law 2; domain 4.6, 5.3): Frappe would let
whoever may write a document save, insert and delete its rows past its rules, its lifecycle and its versions."""

import frappe
import frappe.client

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
