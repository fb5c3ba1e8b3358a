"""Domain 5.1: a batch of 5,000 payments is locked and its file written, to the penny. How long it takes is what
`benchmarks/run` says, beside the framework's own floor."""

import csv
import io
from decimal import Decimal

import frappe

from involvement_app.involvement_payments import batches
from involvement_app.money import money
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
