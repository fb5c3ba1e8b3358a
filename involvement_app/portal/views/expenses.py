"""Money back for what one spent to take part: a ticket and its photo, miles, care for somebody (domain 1.3, 4.6). Three
questions for a bus ticket; nothing looks like a form for staff."""

import re
import secrets

from frappe import _
from frappe.utils import cint, getdate, today

from involvement_app.involvement_payments import claims, mileage, receipts
from involvement_app.involvement_payments.claims import contents, dates, sending
from involvement_app.money import NotMoney, money
from involvement_app.portal import drafts, expense_reads, uploads, words
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = "/take-part/my/expenses"
MOST_LINES = 5
MOST_WORDS = 500
MOST_PLACE = 140
# what a row of the form is for
TICKET, MILES = "ticket", "miles"
RECEIPTS = [f"receipt{number}" for number in range(1, MOST_LINES + 1)]


def done(what: str) -> str | None:
	return {
		"sent": _("Thank you. We have it. We look at it and tell you."),
		"again": _("Thank you. We look at it again and tell you."),
	}.get(what)


def show(visit):
	visit.needs_money()
	found = expense_reads.own(visit.participant, visit.page_number)
	return page(
		visit,
		"expenses.html",
		_("My expenses"),
		claims=found[: expense_reads.PAGE],
		advance=expense_reads.open_advance(visit.participant),
		more=len(found) > expense_reads.PAGE,
		done=done(visit.asked("done")),
	)


def new(visit):
	visit.needs_money()
	return _form(visit, _rows(visit))


def add(visit):
	"""Send the claim, or show one more row: another ticket, or miles."""
	visit.needs_money()
	rows = _rows(visit)
	more = visit.typed("more", 10)
	if more:
		return _form(visit, _one_more(visit, rows, MILES if more == MILES else TICKET))
	types = {row.name: row for row in expense_reads.types()}
	filled = [number for number in range(1, len(rows) + 1) if not _empty(visit, number, rows[number - 1])]
	lines, files, problems = [], {}, []
	for number in filled or [1]:
		try:
			_take_line(visit, number, types, lines, files)
		except Refused as refused:
			problems += refused.problems
	once = uploads.form_of(visit) or secrets.token_hex(
		16
	)  # whoever leaves it out sends a new claim each time
	if problems:
		if sending.was_sent(visit.participant, once):  # the first press has taken the photos with it
			return see_other(HERE, done="sent")
		raise Refused(*problems)
	session = visit.typed("session", 140)
	if session not in {row.name for row in expense_reads.sessions(visit.participant)}:
		session = None
	try:
		sending.send(visit.participant, lines, files, once, session=session)
	except sending.SentTwice:
		pass  # the first press has done it
	except receipts.UsedBefore as problem:
		raise _used_before(problem, filled)
	drafts.forget_once_taken(visit, once, *RECEIPTS)
	return see_other(HERE, done="sent")


def one(visit, name):
	visit.needs_money()
	claim = visit.found(expense_reads.one, name)
	form = uploads.form_of(visit) or secrets.token_hex(16)
	return page(
		visit,
		"expense.html",
		_("Expenses of {0}").format(words.day(claim.claimed_on)),
		claim=claim,
		once=form,
		photos=_photos(visit, form, len(claim.lines)) if claim.status == "Returned" else {},
	)


def answer(visit, name):
	"""What staff asked about is put right, and it goes to them again."""
	visit.needs_money()
	claim = visit.found(expense_reads.one, name)
	if claim.status != "Returned":
		return see_other(f"{HERE}/{name}")
	said = visit.typed("answer", MOST_WORDS, _("Your answer"))
	lines, files, problems = [], {}, []
	for number, line in enumerate(claim.lines, 1):
		try:
			lines.append(_changed(visit, number, line))
			files.update(_photo(visit, number, number))
		except Refused as refused:
			problems += refused.problems
	if not said and not files:
		problems.append(Problem(_("Write an answer, or add a photo"), "answer"))
	if problems:
		raise Refused(*problems)
	try:
		sending.send_again(visit.participant, name, lines, files, said)
	except receipts.UsedBefore as problem:
		raise _used_before(problem, range(1, len(lines) + 1))
	drafts.forget_once_taken(
		visit, uploads.form_of(visit), *(f"receipt{number}" for number in range(1, len(lines) + 1))
	)
	return see_other(HERE, done="again")


# --- the form -------------------------------------------------------------------------------------------


def _form(visit, rows: list[str]):
	sessions, types = expense_reads.sessions(visit.participant), expense_reads.types()
	asked = visit.asked("session")
	chosen = next((row for row in sessions if row.name == asked), sessions[0] if sessions else None)
	form = uploads.form_of(visit) or secrets.token_hex(16)
	return page(
		visit,
		"expense_new.html",
		_("Claim money back"),
		rows=rows,
		most=MOST_LINES,
		tickets=[row for row in types if row.basis != "Mileage"],
		by_miles=[row for row in types if row.basis == "Mileage"],
		sessions=sessions,
		session=chosen.name if chosen else "",
		day=getdate(chosen.starts_on if chosen else today()).isoformat(),
		modes=[(mode, _(mode)) for mode in mileage.MODES],
		once=form,
		photos=_photos(visit, form, len(rows)),
		months=cint(visit.settings.claim_months) or dates.MONTHS,
	)


def _photos(visit, form: str, count: int) -> dict:
	"""{number of the row: what its picture is} of those that wait with us."""
	found = {}
	for number in range(1, count + 1):
		file = uploads.waiting(visit, form, f"receipt{number}")
		if file:
			found[number] = uploads.small(file)
	return found


def _rows(visit) -> list[str]:
	"""What each row of the form is for: TICKET or MILES."""
	count = min(max(cint(visit.kept("count", "1")), 1), MOST_LINES)
	first = visit.kept("by1", visit.asked("by"))
	rest = [visit.kept(f"by{number}") for number in range(2, count + 1)]
	return [MILES if by == MILES else TICKET for by in (first, *rest)]


def _one_more(visit, rows: list[str], kind: str) -> list[str]:
	"""An empty last row becomes one of this kind; nobody is shown two empty ones."""
	if _empty(visit, len(rows), rows[-1]):
		return [*rows[:-1], kind]
	return [*rows, kind][:MOST_LINES]


def _empty(visit, number: int, kind: str) -> bool:
	asked = ("mode", "miles", "from", "to") if kind == MILES else ("type", "amount", "agreed")
	if any(visit.kept(f"{name}{number}") for name in (*asked, "words")):
		return False
	field = f"receipt{number}"
	chosen = visit.request.files.get(field)
	return not ((chosen and chosen.filename) or drafts.of(visit, uploads.form_of(visit), field))


def _take_line(visit, number: int, types: dict, lines: list, files: dict) -> None:
	"""One row of the form. Raises Refused."""
	kind = types.get(visit.typed(f"type{number}", 140))
	if not kind:
		raise Refused(Problem(_("Choose what you paid for"), f"type{number}"))
	problems, line = [], {"expense_type": kind.name, "paid_by": claims.OWN_MONEY}
	for read in (_day_spent, _journey if kind.basis == "Mileage" else _amount):
		try:
			line.update(read(visit, number))
		except Refused as refused:
			problems += refused.problems
	line["description"] = visit.typed(f"words{number}", MOST_WORDS, _("What you wrote"))
	line["agreed_with"] = visit.typed(f"agreed{number}", MOST_PLACE, _("Who said yes"))
	try:
		given = _photo(visit, number, len(lines) + 1)
	except Refused as refused:
		given, problems = {}, problems + refused.problems
	if not problems and kind.basis != "Mileage" and not given and not line["agreed_with"]:
		if contents.has_no_proof(_Line(line), contents.types_of({kind.name})[kind.name]):
			problems.append(
				Problem(
					_("Add a photo of the ticket or receipt, or tell us who said yes to it before"),
					f"receipt{number}",
				)
			)
	if problems:
		raise Refused(*problems)
	files.update(given)
	lines.append(line)


class _Line(dict):
	"""A row of the form, asked like a row of a claim."""

	__getattr__ = dict.get


def _day_spent(visit, number: int) -> dict:
	field = f"day{number}"
	try:
		day = getdate(visit.typed(field, 20) or None)
	except Exception:  # whatever somebody typed where the browser has no calendar
		day = None
	if not day:
		raise Refused(Problem(_("Write the date, like 2026-03-31"), field))
	if day > getdate(today()):
		raise Refused(Problem(_("Choose a date that is not still to come"), field))
	return {"spent_on": day}


def _amount(visit, number: int, field: str | None = None) -> dict:
	field = field or f"amount{number}"
	typed = visit.typed(field, 20).replace("£", "").replace(",", "").strip()
	try:
		amount = money(typed)
	except NotMoney:
		amount = None
	if not typed or amount is None or not 0 < amount <= contents.MOST_A_LINE:
		raise Refused(Problem(_("Write how much you paid, like 3.50"), field))
	return {"amount": float(amount)}


def _journey(visit, number: int) -> dict:
	problems = []
	mode = visit.typed(f"mode{number}", 40)
	if mode not in mileage.MODES:
		problems.append(Problem(_("Choose how you travelled"), f"mode{number}"))
	places = {}
	for field, label in (("from", _("Where from")), ("to", _("Where to"))):
		places[f"{field}_place"] = visit.typed(f"{field}{number}", MOST_PLACE, label)
		if not places[f"{field}_place"]:
			problems.append(
				Problem(
					_("Write where you came from") if field == "from" else _("Write where you went"),
					f"{field}{number}",
				)
			)
	miles = None
	try:
		miles = _miles(visit, number)
	except Refused as refused:
		problems += refused.problems
	if problems:
		raise Refused(*problems)
	passengers = min(cint(visit.typed(f"passengers{number}", 3)), 8) if mode != "Bicycle" else 0
	return {"mode": mode, "miles": miles, "passengers": max(passengers, 0), **places}


def _miles(visit, number: int) -> float:
	"""Raises Refused."""
	field = f"miles{number}"
	typed = visit.typed(field, 10)
	miles = float(typed) if re.fullmatch(r"\d{1,4}(\.\d+)?", typed, re.ASCII) else 0
	if not 0 < miles <= mileage.MOST_MILES:
		raise Refused(Problem(_("Write how many miles, like 12.5"), field))
	if not mileage.in_tenths(typed):
		raise Refused(
			Problem(_("{0} miles: write only one number after the point, like 12.5").format(typed), field)
		)
	return miles


def _photo(visit, number: int, row: int) -> dict:
	"""Row of the claim → the photo chosen in row `number` of the form, now or before. Raises Refused."""
	found = uploads.chosen(visit, uploads.form_of(visit), f"receipt{number}")
	return {row: found} if found else {}


def _changed(visit, number: int, line) -> dict:
	values = {"name": line.name}
	if line.mode:
		return {**values, "miles": _miles(visit, number)}
	return {**values, **_amount(visit, number)}


def _used_before(problem: receipts.UsedBefore, numbers) -> Refused:
	"""Said of the row of the form: `numbers` of those that became the rows of the claim."""
	row = re.search(r"\d+", str(problem))
	if not row:
		return Refused(Problem(str(problem)))
	number = list(numbers)[int(row.group()) - 1]
	return Refused(Problem(str(problem).replace(row.group(), str(number), 1), f"receipt{number}"))
