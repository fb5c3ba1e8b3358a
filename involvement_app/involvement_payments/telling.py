"""What people hear once a batch has paid them: what came, and what was taken off it.

Time and expenses are told apart. What is taken back from somebody goes off what came in the same transfer, so the sum that is
named is the one that they find in their account."""

import frappe

from involvement_app import messages
from involvement_app.involvement_app.participants import PARTICIPANT, recipients
from involvement_app.involvement_payments.claims import CLAIM, HERE, KIND
from involvement_app.involvement_payments.states import ADVANCE
from involvement_app.money import money, pounds, total

PORTAL = "/take-part/my"


def paid(batch, lines, payments: dict, paid_on) -> None:
	"""Everybody is told of all their lines, with their expenses and with what was for time. `payments`: by name."""
	theirs: dict[tuple, list] = {}
	for line in lines:
		payment = payments[line.payment]
		theirs.setdefault((line.participant, payment.charity), []).append(
			frappe._dict(name=payment.name, kind=payment.kind, claim=payment.claim, amount=money(line.amount))
		)
	people = recipients({participant for participant, _charity in theirs})
	covered = _covered([row for rows in theirs.values() for row in rows])
	for (participant, charity), rows in theirs.items():  # one by one: each is told in their own way
		of_claims, others = [row for row in rows if row.claim], [row for row in rows if not row.claim]
		known = people.get(participant)
		for part, rest in ((of_claims, others), (others, of_claims)):
			if total(row.amount for row in rest) <= 0:
				sums = (
					part + rest
				)  # one sum: what came of the rest does not make up for what was taken off it
			else:
				sums, rest = part, []
			if total(row.amount for row in part) <= 0 or total(row.amount for row in sums) <= 0:
				continue  # taken off what else came, as they were told when it was agreed
			words = {
				"amount": pounds(total(row.amount for row in sums)),
				"beside": _pounds(row.amount for row in rest if row.amount > 0),
				"taken_off": _pounds(-row.amount for row in sums if row.amount < 0),
				"paid_on": frappe.utils.format_date(paid_on, "d MMMM yyyy"),
			}
			if part is of_claims:
				_expenses(participant, part, words, covered, known)
			else:
				_time(batch, participant, part, words, charity, known)


def _pounds(amounts) -> str:
	found = total(amounts)
	return pounds(found) if found else ""


def _covered(rows: list) -> dict:
	"""Payment of a claim → what was given beforehand covered so much of the claim; one query, none without a claim."""
	names = [row.name for row in rows if row.kind == KIND]
	found = names and frappe.get_all(  # bounded: of payments that the caller moved
		CLAIM, {"payment": ["in", names], "advance": [">", 0]}, ["payment", "advance"]
	)
	return {row.payment: money(row.advance) for row in found or ()}


def _expenses(participant: str, rows: list, words: dict, covered: dict, known) -> None:
	messages.send(
		"Involvement expenses paid",
		(PARTICIPANT, participant),
		{
			**words,
			"covered": _pounds(covered.get(row.name, 0) for row in rows),
			"link": frappe.utils.get_url(HERE),
		},
		about=frappe._dict(doctype=CLAIM, name=rows[0].claim),
		known=known,
	)


def _time(batch, participant: str, rows: list, words: dict, charity: str | None, known) -> None:
	messages.send(
		"Involvement payment given" if charity else "Involvement payment made",
		(PARTICIPANT, participant),
		{
			**words,
			"charity": charity or "",
			"beforehand": _pounds(row.amount for row in rows if row.kind == ADVANCE),
			"for_time": _pounds(row.amount for row in rows if row.kind != ADVANCE and row.amount > 0),
			"link": frappe.utils.get_url(PORTAL),
		},
		about=batch,
		known=known,
	)
