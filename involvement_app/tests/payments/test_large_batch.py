"""Domain 5.1: a batch of 5,000 payments is locked and its file written, to the penny. How long it takes is what
`benchmarks/run` says, beside the framework's own floor."""

import csv
import io
from contextlib import nullcontext
from decimal import Decimal

import frappe

from involvement_app.involvement_payments import batches, large
from involvement_app.money import money
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import DEEP

LINES = 5000 if DEEP else 300


class TestLargeBatch(pay.PaymentTestCase):
	def test_it_is_to_the_penny(self):
		from benchmarks import large_batch

		name = large_batch.draft(LINES)
		with self.as_user(pay.officer()):
			large_batch.lock_and_write(name)
		batch = frappe.get_doc("Involvement Payment Batch", name)
		rows = list(csv.reader(io.StringIO(batches.proven_content(batch).decode(), newline="")))
		self.assertEqual(len(rows), LINES + 1)
		self.assertEqual(sum(Decimal(row[3]) for row in rows[1:]), money(batch.total))


class TestOnTheQueue(pay.PaymentTestCase):
	def run_and_listen(self, name: str, raises=None) -> dict:
		"""What the page is told last."""
		told, real = [], frappe.publish_realtime
		frappe.publish_realtime = lambda event, message, **kw: told.append(message)
		try:
			with self.as_user(pay.officer()), self.assertRaises(raises) if raises else nullcontext():
				large.run(name, "Lock")
		finally:
			frappe.publish_realtime = real
		return told[-1]

	def test_it_says_who_was_left_out_and_whom_to_ask_and_the_batch_keeps_it(self):
		person = factories.participant()
		factories.preference(person, own_payment_cap=10, cap_period="Week", cap_weekday="Monday")
		batch = pay.batch(pay.approved(person), pay.approved())
		end = self.run_and_listen(batch.name)
		self.assertEqual((end["percent"], end["problem"]), (100, ""))
		self.assertRegex(end["notes"], "Row 1.*Ask them")
		comments = frappe.get_all(
			"Comment",
			{"reference_doctype": pay.BATCH, "reference_name": batch.name, "comment_type": "Info"},
			pluck="content",
		)
		self.assertEqual(sum("Ask them" in comment for comment in comments), 1)

	def test_an_error_that_nobody_foresaw_ends_the_bar_and_is_said(self):
		batch, fill = pay.batch(pay.approved()), batches.fill

		def broken(*args, **kw):
			raise frappe.QueryTimeoutError("too long")

		batches.fill = broken
		try:
			end = self.run_and_listen(batch.name, raises=frappe.QueryTimeoutError)
		finally:
			batches.fill = fill
		self.assertEqual(end["percent"], 100)
		self.assertIn("nothing was changed", end["problem"])
		self.assertEqual(frappe.db.get_value(pay.BATCH, batch.name, "status"), "Draft")
