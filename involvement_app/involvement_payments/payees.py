"""The name a payment is made out to: the one in the CRM, for a bank knows no preferred names. Of two records that were
merged, the one that stays is who is paid: it has the account and the limit."""

import frappe
from frappe import _
from frappe.utils import now

from involvement_app import lifecycle
from involvement_app.involvement_app.concerned import among
from involvement_app.involvement_app.participants import kept_of
from involvement_app.money import money

CHARITY = "Charity"
FIELDS = ("name", "user", "preferred_name", "person_doctype", "person")


def of(participants: set[str]) -> dict[str, frappe._dict]:
	"""Participant → {user, payee_name}; the preferred name where the CRM record has none."""
	participant = frappe.qb.DocType("Involvement Participant")
	rows = (
		frappe.qb.from_(participant)
		.select(*(participant[field] for field in FIELDS))
		.where(participant.name.isin(sorted(participants)))
		.run(as_dict=True)
	)
	return named(rows)


def named(rows: list) -> dict[str, frappe._dict]:
	"""The same of rows of participants that the caller has read (FIELDS)."""
	# one by one: a query per CRM doctype in use, nearly always Contact alone
	names = {
		doctype: _names(doctype, {row.person for row in rows if row.person_doctype == doctype})
		for doctype in {row.person_doctype for row in rows}
	}
	return {
		row.name: frappe._dict(
			user=row.user, payee_name=names[row.person_doctype].get(row.person) or row.preferred_name
		)
		for row in rows
	}


def _names(doctype: str, people: set[str]) -> dict[str, str]:
	fields = _name_fields(doctype)
	if not fields:
		return {}
	person = frappe.qb.DocType(doctype)
	rows = (
		frappe.qb.from_(person)
		.select(person.name, *(person[fieldname] for fieldname in fields))
		.where(person.name.isin(sorted(people)))
		.run()
	)
	return {name: " ".join(" ".join(part for part in parts if part).split()) for name, *parts in rows}


def _name_fields(doctype: str) -> list[str]:
	meta = frappe.get_meta(doctype)
	parts = [
		fieldname for fieldname in ("first_name", "middle_name", "last_name") if meta.has_field(fieldname)
	]
	title = meta.get_title_field()
	return parts or ([title] if title != "name" else [])


def of_line(line) -> tuple:
	"""Whose money a line of a batch, or a payment for one, is: (participant, charity). Their name may have changed since."""
	if line.get("way"):
		return line.participant, line.payee_name if line.way == CHARITY else ""
	return line.participant, line.get("charity") or ""


def refuse_own(participants: set[str]) -> None:
	"""For what the session's user does beside the steps of a lifecycle. Raises StepNotPermitted."""
	if among(frappe.session.user, participants):
		is_own()


def is_own() -> None:
	"""Raises StepNotPermitted."""
	frappe.throw(
		_("This is your own payment, or of somebody you act for, so somebody else decides on it."),
		lifecycle.StepNotPermitted,
	)


def with_something_left(lines, ready) -> list:
	"""Those of `ready` that may join `lines`: what is taken back only where more than that goes to the same payee."""
	left = {}
	to_come = [line for line in lines if not line.handed_over_on]
	for row in (*to_come, *(row for row in ready if money(row.amount) > 0)):
		left[of_line(row)] = left.get(of_line(row), money(0)) + money(row.amount)
	found = []
	for row in ready:
		if money(row.amount) < 0:
			if left.get(of_line(row), money(0)) + money(row.amount) <= 0:
				continue
			left[of_line(row)] += money(row.amount)
		found.append(row)
	return found


def follow(payments: list, write: bool = False) -> None:
	"""Make `payments` ({name, participant, payee_name, charity}), which are approved and in no batch, out to who their
	person is now, and mark those (`followed`). `write`: in the table too; the caller has locked them."""
	now_known_as = kept_of({payment.participant for payment in payments})
	theirs = {}
	for payment in payments:
		if kept := now_known_as.get(payment.participant):
			theirs.setdefault((kept, payment.charity), []).append(payment)
	names = of({kept for kept, _charity in theirs}) if theirs else {}
	table = frappe.qb.DocType("Involvement Payment")
	for (kept, charity), rows in theirs.items():  # one by one: people whose records were merged, few
		payee_name = charity or names[kept].payee_name
		for row in rows:
			row.participant, row.payee_name, row.followed = kept, payee_name, True
		if write:
			# bounded: rows that are locked for a batch; the same person under the code that stays
			frappe.qb.update(table).set(table.participant, kept).set(table.payee_name, payee_name).set(
				table.modified, now()
			).where(table.name.isin([row.name for row in rows])).run()
