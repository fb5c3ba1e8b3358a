"""Lists of people for tests: files attached as a coordinator attaches them, and the masters they speak of."""

import csv
import io
from pathlib import Path

import frappe

from involvement_app.involvement_app.doctype.participant_import import importing, participant_import
from involvement_app.tests import factories
from involvement_app.tests.data import make_people_500

FIVE_HUNDRED = Path(make_people_500.__file__).with_name("people_500.csv")


def masters() -> None:
	for town in make_people_500.TOWNS:
		factories.locality(town)
	for service in make_people_500.SERVICES:
		factories.unit(service)


def attached(content: bytes | str, **values):
	"""A Participant Import of the session user with this file, not checked yet."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{frappe.generate_hash(length=6)}.csv",
			"is_private": 1,
			"content": content,
		}
	).insert()
	return frappe.get_doc({"doctype": "Participant Import", "file": file.file_url, **values}).insert()


def checked(content: bytes | str, **values):
	doc = attached(content, **values)
	participant_import.check(doc.name)
	return fresh(doc)


def imported(content: bytes | str, **values):
	doc = checked(content, **values)
	if doc.good_rows:
		participant_import.start(doc.name)
		work_off(doc.name)
	return fresh(doc)


def fresh(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def work_off(name: str) -> int:
	"""Do what the queue does; answers the number of jobs."""
	attempt = frappe.db.get_value("Participant Import", name, "attempt")
	jobs = 1
	while importing.step(name, attempt):
		jobs += 1
	return jobs


def table(*rows: str, header: str = "First name,Surname,E-mail,Mobile,Town") -> str:
	return "\n".join([header, *rows])


def reasons(doc) -> dict[int, str]:
	"""{line: reason} of the faulty rows."""
	return {row["line"]: row["reason"] for row in participant_import.report(doc.name)["faulty"]}


def cells(content: bytes, separator: str = ",") -> list[list[str]]:
	return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def people(doc) -> list[frappe._dict]:
	source = participant_import.report(doc.name)["source"]
	return frappe.get_all(
		"Involvement Participant", filters={"source": source}, fields=["*"], order_by="name", limit=0
	)
