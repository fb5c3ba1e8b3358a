"""Small makers for payments and batches; people and opportunities come from `factories`."""

import frappe
from frappe.utils import add_to_date, getdate, now_datetime, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import advances, bank_file
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, as_user

PAYMENT = "Involvement Payment"
BATCH = "Involvement Payment Batch"
AS_PLANNED = object()


class PaymentTestCase(IntegrationTestCase):
	"""The staff are made once a class: users are dear."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		for role in (
			roles.COORDINATOR,
			roles.MANAGER,
			roles.OWNER,
			roles.BUDGET_HOLDER,
			roles.FINANCE_OFFICER,
			roles.FINANCE_AUTHORISER,
		):
			factories.staff(role)


def budget_holder() -> str:
	return factories.staff(roles.BUDGET_HOLDER)


def officer() -> str:
	return factories.staff(roles.FINANCE_OFFICER)


def authoriser() -> str:
	return factories.staff(roles.FINANCE_AUTHORISER)


def unit() -> str:
	return factories.unit(budget_holder=budget_holder())


def opportunity(sessions: int = 1, **kw):
	kw.setdefault("unit", unit())
	kw.setdefault("author", factories.staff(roles.OWNER))
	return factories.opportunity("Published", sessions=sessions, **kw)


def hold(
	opportunity, number: int = 0, attendance: str = "Attended", hours: float | None = 2, by: str | None = None
):
	"""The opportunity's session `number`, in the past and Held, with everybody `attendance` for `hours`."""
	name = frappe.get_all(
		"Involvement Session", {"opportunity": opportunity.name}, pluck="name", order_by="name"
	)[number]
	start = add_to_date(now_datetime().replace(microsecond=0), days=number - 30)
	frappe.db.set_value(
		"Involvement Session",
		name,
		{"starts_on": start, "ends_on": add_to_date(start, hours=2)},
		update_modified=False,
	)
	with as_user(by or factories.staff(roles.COORDINATOR)):
		session = frappe.get_doc("Involvement Session", name)
		session.fill_attendance()
		for row in session.attendance:
			row.attendance = attendance
			row.hours = row.hours if hours is AS_PLANNED else hours
		session.save()
		return lifecycle.apply(session, "Record attendance")


def payments(engagement=None, **filters) -> list:
	"""Payments, oldest session and revision first."""
	if engagement:
		filters["engagement"] = engagement.name
	names = frappe.get_all(PAYMENT, filters, pluck="name", order_by="session_on, revision, name")
	return [frappe.get_doc(PAYMENT, name) for name in names]


def checked(person=None, choice: str = "Full", amount=None, **kw):
	"""One payment, Checked: £30 for two hours of one person."""
	place = opportunity(**kw)
	engagement = factories.engagement(place, person or factories.participant(), choice, amount)
	hold(place)
	return payments(engagement)[0]


def approve(payment, by: str | None = None):
	with as_user(by or frappe.db.get_value("Involvement Unit", payment.unit, "budget_holder")):
		return lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), "Approve")


def approved(person=None, **kw):
	return approve(checked(person, **kw))


def approved_many(count: int, **kw) -> list:
	"""`count` approved payments out of one session."""
	place = opportunity(places=max(count, 2), budget=100000, **kw)
	for _number in range(count):
		factories.engagement(place, factories.participant())
	session = hold(place)
	return [approve(payment) for payment in payments(session=session.name)]


def batch(*of, by: str | None = None, on=None):
	with as_user(by or officer()):
		return frappe.get_doc(
			{
				"doctype": BATCH,
				"title": "Weekly payments",
				"payment_on": on or today(),
				"lines": [{"payment": payment.name} for payment in of],
			}
		).insert()


def take(batch, *actions: str):
	"""The batch after `actions`, each by the right person; freshly loaded."""
	for action in actions:
		_on_its_day(batch, action)
		step(batch, action)
	return frappe.get_doc(BATCH, batch.name)


def step(batch, action: str) -> None:
	with as_user(authoriser() if action == "Authorise" else officer()):
		lifecycle.apply(frappe.get_doc(BATCH, batch.name), action)


def _on_its_day(batch, action: str) -> None:
	"""Bacs has the money there days after the file: a batch of today is one of that day, which has come once it is confirmed."""
	if action == "Lock" and frappe.db.exists(
		"Bank File Layout", {"in_use": 1, "format": bank_file.STANDARD_18}
	):
		day = bank_file.there_on(getdate(today()), getdate(today()))
	elif action == "Confirm" and bank_file.is_bacs(frappe.get_doc(BATCH, batch.name)):
		day = today()
	else:
		return
	frappe.db.set_value(BATCH, batch.name, "payment_on", day)


# expenses

CLAIM = "Involvement Expense Claim"


def claimed(*lines: dict, person=None, by: str | None = None, **values):
	"""A claim of a unit whose budget holder is ours: £4.50 for ten miles unless there are other lines."""
	values.setdefault("unit", unit())
	return factories.expense_claim(person, *lines, by=by, **values)


def take_claim(claim, action: str, by: str, **values):
	with as_user(by):
		return lifecycle.apply(frappe.get_doc(CLAIM, claim.name), action, **values)


def checked_claim(*lines: dict, **values):
	claim = claimed(*lines, **values)
	return take_claim(claim, "Check", checker_of(claim))


def checker_of(claim) -> str:
	"""A coordinator; a manager where the coordinator wrote down that it was agreed."""
	coordinator = factories.staff(roles.COORDINATOR)
	agreed = any(line.agreed_by == coordinator for line in claim.lines)
	return factories.staff(roles.MANAGER) if agreed else coordinator


def approve_claim(claim, by: str | None = None):
	holder = frappe.db.get_value("Involvement Unit", claim.unit, "budget_holder")
	return take_claim(claim, "Approve", by or holder)


def approved_claim(*lines: dict, **values):
	return approve_claim(checked_claim(*lines, **values))


def advance(person, amount: float = 30, steps=("Lock", "Authorise", "Export", "Confirm"), **values):
	"""What somebody is given before they spend it, approved and taken through a batch by `steps`."""
	with as_user(factories.staff(roles.COORDINATOR)):
		name = advances.propose(
			person.name,
			amount,
			values.pop("needed_on", today()),
			"A train ticket",
			values.pop("unit", unit()),
		)
	doc = frappe.get_doc(PAYMENT, name)
	if steps:
		take(batch(approve(doc)), *steps)
	return frappe.get_doc(PAYMENT, name)


def payment_of(claim):
	return frappe.get_doc(PAYMENT, frappe.db.get_value(CLAIM, claim.name, "payment"))


def paper(doctype: str, name: str) -> str:
	"""A signed slip on a document: its address."""
	file = frappe.get_doc(
		doctype="File",
		file_name="slip.pdf",
		is_private=1,
		content=factories.pdf() + frappe.generate_hash().encode(),
		attached_to_doctype=doctype,
		attached_to_name=name,
	).insert(ignore_permissions=True)  # test set-up
	return file.file_url


def slip(claim) -> str:
	"""A signed slip on `claim`, and the day the cash was given."""
	url = paper(CLAIM, claim.name)
	frappe.db.set_value(CLAIM, claim.name, {"cash_slip": url, "cash_given_on": today()})
	return url
