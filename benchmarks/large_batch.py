"""A batch of 5,000 payments, each to an account of its own: locked, and its file written (domain 5.1: under 20 seconds).
The floor is what Frappe's `bulk_insert` needs for as many rows, and the disk for as many bytes."""

import os

import frappe
from frappe.utils import add_days, today

from benchmarks.stopwatch import Work
from involvement_app import lifecycle
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

LINES = 5000
BATCH, LINE, DETAIL = "Involvement Payment Batch", "Involvement Payment Batch Line", "Participant Bank Detail"
ROW = 60  # bytes of a payee in the file


def draft(lines: int = LINES) -> str:
	"""A draft of `lines` approved payments of as many people with accounts, copied from one that was made by the rules."""
	if not frappe.db.exists("Bank File Layout", {"in_use": 1}):
		factories.bank_file_layout(in_use=1)
	person = factories.participant()
	payment, detail = pay.approved(person), factories.participant_bank_detail(person, "Active")
	# a site of the benchmark's own, or a test's savepoint
	frappe.db.set_value(DETAIL, detail.name, "active_since", add_days(today(), -60))
	batch = pay.batch(payment)
	people = copies(person, lines, lambda n: {"person": f"large {n}"})
	copies(detail, lines, lambda n: {"participant": people[n]})
	payments = copies(payment, lines, lambda n: {"participant": people[n]})
	copies(
		batch.lines[0],
		lines - 1,
		lambda n: {"payment": payments[n + 1], "participant": people[n + 1], "idx": n + 2},
	)
	# as above: the one line that was there
	frappe.db.set_value(LINE, batch.lines[0].name, {"payment": payments[0], "participant": people[0]})
	return batch.name


def copies(doc, count: int, changes) -> list[str]:
	"""Straight into the table, without what is unique."""
	row = frappe.db.get_value(doc.doctype, doc.name, "*", as_dict=True)
	row.update({df.fieldname: None for df in doc.meta.fields if df.unique})
	mark = frappe.generate_hash(length=6)
	names = [f"LARGE-{mark}-{number:05}" for number in range(count)]
	rows = (tuple({**row, **changes(number), "name": name}.values()) for number, name in enumerate(names))
	# a site of the benchmark's own, or a test's savepoint
	frappe.db.bulk_insert(doc.doctype, list(row), rows, chunk_size=2000)
	return names


def lock_and_write(name: str) -> None:
	lifecycle.apply(frappe.get_doc(BATCH, name), "Lock")
	# somebody else authorises: not what is measured
	frappe.db.set_value(
		BATCH, name, {"status": "Authorised", "authorised_by": "Administrator"}, update_modified=False
	)
	lifecycle.apply(frappe.get_doc(BATCH, name), "Export")


def size(world, lines: int) -> int:
	"""A small world, as the tests have, has a small batch."""
	return lines if world.people >= 500 else world.lines


def locked_and_written(lines: int = LINES):
	return lambda world: Work(
		lock_and_write, lambda: draft(size(world, lines)), world.staff(roles.FINANCE_OFFICER)
	)


def rows_and_bytes(lines: int = LINES):
	def floor(world) -> Work:
		line, count = frappe.get_doc(LINE, {"parent": world.batch.name}), size(world, lines)

		def do(_nothing):
			copies(line, count, lambda n: {"parent": "nobody", "idx": n})
			path = frappe.get_site_path("private", "files", "benchmark.csv")
			with open(path, "wb") as file:
				file.write(b"x" * ROW * count)
			os.remove(path)

		return Work(do)

	return floor
