"""What a claim may hold, line by line (domain 4.6), what of it budget holders read, and what it comes to."""

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import concerned
from involvement_app.involvement_payments import mileage
from involvement_app.involvement_payments.claims import OWN_MONEY, TYPE
from involvement_app.money import money, pounds, total

# what people write, of the claim and of its lines
OF_ALL = ("unit", "session", "engagement", "late_reason", "answer")
WRITTEN = (
	"expense_type",
	"spent_on",
	"description",
	"amount",
	"paid_by",
	"receipt",
	"from_place",
	"to_place",
	"mode",
	"miles",
	"passengers",
	"agreed_with",
	"agreed",
	"agreed_on",
)
MOST_LINES = 30
MOST_A_LINE = 5000


class NoProof(frappe.ValidationError):
	"""A line has no receipt, no miles and no yes from before: a round sum."""


def show(doc) -> None:
	"""What budget holders read of a claim and its lines; of a visit nothing (`visits`)."""
	doc.shown = None if doc.visit else _lines_of(doc.late_reason, doc.answer)
	for line in doc.lines:
		words = line.description or " – ".join(filter(None, (line.from_place, line.to_place)))
		line.shown = None if doc.visit else _lines_of(words, line.agreed_with)
		line.shown_on = None if doc.visit else line.spent_on


def _lines_of(*words: str | None) -> str | None:
	return "\n".join(filter(None, words)) or None


def keep_the_server_s(doc) -> None:
	"""What the server wrote on the lines stays as it is stored, whatever a request sends."""
	before = {row.name: row for row in (doc.get_doc_before_save() or {}).get("lines", [])}
	for line in doc.lines:
		stored = before.get(line.name) or frappe._dict()
		for fieldname in ("mileage_key", "miles_before", "agreed_by"):
			line.set(fieldname, stored.get(fieldname))
		if not line.agreed:
			line.agreed_by = line.agreed_on = None
		elif not line.agreed_by or _is_more(line, stored):
			line.agreed_by = _who_agrees(doc, line)


def _is_more(line, stored) -> bool:
	"""A yes is for what was known: another amount, day or kind needs another."""
	return any(
		str(line.get(name) or "") != str(stored.get(name) or "")
		for name in ("expense_type", "spent_on", "agreed_on")
	) or money(line.amount) > money(stored.get("amount"))


def _who_agrees(doc, line) -> str | None:
	"""Staff alone, about somebody else: nobody agrees to their own."""
	if doc.flags.ignore_permissions or concerned.concerned_in(frappe.session.user, doc.participant):
		line.agreed, line.agreed_on = 0, None
		return None
	return frappe.session.user


def check_lines(doc) -> None:
	"""Each line is dated, of a kind in use, and has its proof. Raises NoProof."""
	if not 0 < len(doc.lines) <= MOST_LINES:
		frappe.throw(_("Lines: one at least, and {0} at most.").format(MOST_LINES))
	types = types_of({line.expense_type for line in doc.lines})
	for line in doc.lines:
		kind = types.get(line.expense_type)
		if not kind:
			frappe.throw(_("Row {0}: choose what it was for.").format(line.idx))
		_check_line(line, kind)
	doc.flags.types = types


def _check_line(line, kind) -> None:
	if getdate(line.spent_on) > getdate(today()):
		frappe.throw(_("Row {0}: the date is still to come.").format(line.idx))
	if kind.basis == "Mileage":
		_check_miles(line)
		return
	line.mode = line.miles = line.passengers = None
	if not 0 < money(line.amount) <= MOST_A_LINE:
		frappe.throw(
			_("Row {0}: write an amount above £0.00 and up to {1}.").format(line.idx, pounds(MOST_A_LINE))
		)
	if has_no_proof(line, kind):
		frappe.throw(
			_(
				"Row {0}: attach the receipt, or say with whom it was agreed beforehand. We cannot pay a round sum."
			).format(line.idx),
			NoProof,
		)


def _check_miles(line) -> None:
	if line.mode not in mileage.MODES:
		frappe.throw(_("Row {0}: choose how you travelled.").format(line.idx))
	if not mileage.in_tenths(line.miles):
		frappe.throw(
			_(
				"Row {0}, Miles: {1} is finer than a tenth of a mile. Write one figure after the point."
			).format(line.idx, line.miles)
		)
	if not 0 < mileage.exact(line.miles) <= mileage.MOST_MILES:
		frappe.throw(_("Row {0}: write the miles, up to {1}.").format(line.idx, mileage.MOST_MILES))
	if not 0 <= cint(line.passengers) <= 8 or (cint(line.passengers) and line.mode == "Bicycle"):
		frappe.throw(_("Row {0}: write how many people you took along.").format(line.idx))
	if not (line.from_place and line.to_place):
		frappe.throw(_("Row {0}: write where you travelled from and to.").format(line.idx))


def has_no_proof(line, kind) -> bool:
	if line.receipt_print or line.agreed or line.agreed_with:
		return False
	return money(line.amount) > money(kind.receipt_over) or not (
		line.description or (line.from_place and line.to_place)
	)


def types_of(names) -> dict[str, frappe._dict]:
	"""Kinds of expenses by name, from the cache; what does not exist is left out."""
	found = {}
	# one by one: a handful, and no query once they are cached
	for name in filter(None, names):
		try:
			found[name] = frappe.get_cached_doc(TYPE, name)
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
	return found


def work_out(doc) -> None:
	"""Mileage by estimate, where it is new or differs; and what there is to pay."""
	before = {row.name: row for row in (doc.get_doc_before_save() or {}).get("lines", [])}
	fresh = []
	for line in of_miles(doc):
		stored = before.get(line.name)
		if stored and _journey(stored) == _journey(line):
			line.amount, line.miles_before = stored.amount, stored.miles_before
		else:
			fresh.append(line)
	mileage.estimate(doc.participant, fresh)
	add_up(doc)


def of_miles(doc) -> list:
	return [line for line in doc.lines if line.mode]  # `_check_line` takes it from every other


def _journey(line) -> tuple:
	return (
		line.expense_type,
		getdate(line.spent_on),
		line.mode,
		mileage.exact(line.miles),
		cint(line.passengers),
	)


def add_up(doc) -> None:
	doc.total = float(total(line.amount for line in doc.lines))
	doc.to_pay = float(max(beyond_advance(doc), money(0)))


def of_their_own(doc):
	return total(line.amount for line in doc.lines if line.paid_by == OWN_MONEY)


def beyond_advance(doc):
	"""What they spent beyond what they were given; below nothing where some of it is left."""
	return of_their_own(doc) - money(doc.advance)


def as_it_was_checked(doc) -> None:
	"""Nobody adds to what somebody has checked, or says anew what was agreed or where it belongs: it is returned first."""
	before = doc.get_doc_before_save()
	if not before or (before.status, doc.status) != ("Checked", "Checked"):
		return
	if _typed(before) != _typed(doc):
		frappe.throw(
			_(
				"{0} was checked as it stands. Press “Return” first, change it, and have it checked again."
			).format(doc.name),
			lifecycle.TransitionError,
		)


def _typed(doc) -> list[tuple]:
	"""What people wrote. Miles are worth what others come to as well, so their amount is not."""
	return [
		tuple(cstr(doc.get(field) or "") for field in OF_ALL),
		*(
			tuple(_as_said(line, field) for field in WRITTEN if not (line.mode and field == "amount"))
			for line in doc.lines
		),
	]


def _as_said(line, field: str):
	"""A browser sends ten miles as 10, the database keeps 10.0."""
	value = line.get(field)
	if field == "amount":
		return money(value)
	if field in ("miles", "passengers", "agreed"):
		return mileage.exact(value or 0)
	return cstr(value or "")
