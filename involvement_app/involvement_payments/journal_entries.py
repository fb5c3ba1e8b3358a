"""ERPNext on the same site: one Journal Entry for each confirmed batch (domain 4.6). Without ERPNext there is no trace
of this: no field, no button, nothing asks.

- Made on the queue once the batch is confirmed and kept, under the batch's lock, once: the batch keeps its name, and a
  unique field of the Journal Entry the batch's.
- What the ledger refuses (a closed period, a code it does not know) is written on the batch, and tried again by
  finance; the batch itself stays confirmed, because the money has gone. Where the period of the payment stays closed,
  finance names a later day.
- Somebody cancels the entry in the ledger: the batch says so, and may be posted again. Somebody amends it: the batch
  follows to the new one. One or the other: never both beside each other.
- Amounts are pounds: books and accounts in another currency are refused.
- Sums by account, cost centre and project; no party, no name (`ledger.lines`)."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.utils import cstr, formatdate, getdate

from involvement_app.health import Check, Finding, fail, ok, warn
from involvement_app.involvement_payments import ledger
from involvement_app.money import CURRENCY, money, pounds, total
from involvement_app.permissions import roles_of
from involvement_app.setup.roles import FINANCE_OFFICER

BATCH = "Involvement Payment Batch"
ENTRY = "Journal Entry"
FIELD = "involvement_batch"
FIELDS = {
	ENTRY: [
		{
			"fieldname": FIELD,
			"fieldtype": "Data",
			"label": "Payment batch",
			"read_only": 1,
			"no_copy": 1,
			"unique": 1,
			"insert_after": "user_remark",
		}
	]
}
WITH_A_NAME = ("Receivable", "Payable")
CODES = ("ledger_time_account", "ledger_expenses_account", "ledger_control_account")
MAY_BE_EMPTY = ("ledger_expenses_account",)  # expenses then go where time goes


class NotInTheLedger(frappe.ValidationError):
	"""The ledger does not know a code, or refuses the entry."""


def is_here() -> bool:
	return "erpnext" in frappe.get_installed_apps()


def create(app: str | None = None) -> None:
	"""At install and migrate, and when another app is installed."""
	if is_here():
		# of the ledger's doctype: one field, as it stands above
		create_custom_fields(FIELDS, ignore_validate=True)


def remove(app: str | None = None) -> None:
	"""At uninstall, and when ERPNext has gone from beside us: the ledger keeps its entries, and the batch's name as
	their remark."""
	if app and is_here():
		return  # another app has gone
	frappe.delete_doc("Custom Field", f"{ENTRY}-{FIELD}", ignore_missing=True, force=True)
	if is_here() and frappe.db.has_column(ENTRY, FIELD):
		# bounded: the one column that was ours; Frappe keeps those of fields that are deleted
		frappe.db.sql_ddl("ALTER TABLE `tabJournal Entry` DROP COLUMN `involvement_batch`")
		frappe.clear_cache()  # which knows the columns


def is_used() -> bool:
	"""ERPNext is here, and finance has said which accounts a batch goes to."""
	settings = frappe.get_cached_doc("Involvement Settings")
	return is_here() and settings.finance_mode != "None" and bool(settings.ledger_company)


# Codes are words; what they name is asked of the ledger


def check_settings(doc, method=None) -> None:
	"""Involvement Settings, validate: what is written down is known to the ledger. Raises NotInTheLedger naming the
	fields."""
	if is_here() and doc.finance_mode != "None" and (problems := _problems(doc)):
		frappe.throw("<br>".join(problems), NotInTheLedger)


def _problems(settings) -> list[str]:
	if not settings.ledger_company:
		return []
	if not frappe.db.exists("Company", settings.ledger_company):
		return [
			_("Company in the ledger: there is no company “{0}” in ERPNext.").format(
				frappe.utils.escape_html(settings.ledger_company)
			)
		]
	if (
		kept_in := frappe.get_cached_value("Company", settings.ledger_company, "default_currency")
	) != CURRENCY:
		return [
			_("Company in the ledger: {0} keeps its books in {1}; what is paid here is in {2}.").format(
				settings.ledger_company, kept_in, CURRENCY
			)
		]
	accounts = _accounts({settings.get(field) for field in CODES}, settings.ledger_company)
	problems = [_problem_of(settings, field, accounts.get(settings.get(field))) for field in CODES]
	return [problem for problem in problems if problem]


def _problem_of(settings, field: str, account: frappe._dict | None) -> str | None:
	label, code = _(settings.meta.get_label(field)), settings.get(field)
	if not code:
		return None if field in MAY_BE_EMPTY else _("{0}: please name an account.").format(label)
	if not account:
		return _("{0}: {1} has no account “{2}” that can be posted to.").format(
			label, settings.ledger_company, frappe.utils.escape_html(code)
		)
	if account.account_type in WITH_A_NAME:
		return _(
			"{0}: “{1}” is a {2} account, which asks for a name on each line. Please choose another."
		).format(label, account.name, _(account.account_type))
	if account.account_currency != CURRENCY:
		return _("{0}: “{1}” is kept in {2}; what is paid here is in {3}.").format(
			label, account.name, account.account_currency, CURRENCY
		)
	return None


def _accounts(codes: set, company: str) -> dict[str, frappe._dict]:
	"""code → account: by its name, its number, or its name without the company's letters."""
	names = ("name", "account_number", "account_name")
	usable = {"company": company, "is_group": 0, "disabled": 0}
	return _known("Account", codes, names, usable, "account_type", "account_currency")


def _cost_centres(codes: set, company: str) -> dict[str, frappe._dict]:
	names = ("name", "cost_center_number", "cost_center_name")
	return _known("Cost Center", codes, names, {"company": company, "is_group": 0, "disabled": 0})


def _projects(codes: set, company: str) -> dict[str, frappe._dict]:
	return _known("Project", codes, ("name", "project_name"), {"company": ["in", ("", company)]})


def _known(doctype: str, codes: set, names: tuple, filters: dict, *more: str) -> dict[str, frappe._dict]:
	codes = sorted(code for code in codes if code)
	if not codes:
		return {}
	# bounded: names of accounts, which whoever may write the settings or post a batch works with
	rows = frappe.get_all(
		doctype,
		filters=filters,
		or_filters={name: ["in", codes] for name in names},
		fields=[*names, *more],
		order_by="name",
	)
	# the whole name counts before what it is made of
	return {row[name]: row for name in reversed(names) for row in reversed(rows) if row[name]}


# Posting


def on_batch(batch) -> None:
	"""The batch was confirmed: posted once that is kept."""
	if is_used():
		frappe.enqueue(
			"involvement_app.involvement_payments.journal_entries.post",
			batch=batch.name,
			job_id=f"involvement-ledger-{batch.name}",
			deduplicate=True,
			enqueue_after_commit=True,
		)


def post(batch: str, posting_on=None) -> str | None:
	"""The Journal Entry of a confirmed batch, made now or before, of the day of payment or `posting_on`; None when there is nothing to
	post, and when the ledger refuses it, and the batch then says why."""
	doc = frappe.get_doc(BATCH, batch, for_update=True)
	if doc.status != "Confirmed" or doc.route == "Payroll" or not is_used():
		return None
	if made := _living(doc.name):
		_follow(doc.name, journal_entry=made, ledger_note=None)
		return made
	if draft := _being_amended(doc):
		_follow(
			doc.name,
			ledger_note=_("{0} is being amended in the ledger: submit it there, or delete it.").format(draft),
		)
		return None
	frappe.db.savepoint("involvement_ledger")
	try:
		entry = _make(doc, posting_on or doc.payment_on)
	except Exception as problem:  # whatever the ledger says against it
		frappe.db.rollback(save_point="involvement_ledger")
		frappe.clear_messages()
		_follow(doc.name, ledger_note=_said(problem))
		return None
	_follow(doc.name, journal_entry=entry, ledger_note=None)
	return entry


def nothing_to_post(batch) -> bool:
	"""As much came back as went out, on each account."""
	return not batch.journal_entry and not ledger.lines(batch)


def _living(batch: str) -> str | None:
	return frappe.db.get_value(ENTRY, {"involvement_batch": batch, "docstatus": 1})


def _being_amended(batch) -> str | None:
	return batch.journal_entry and frappe.db.get_value(
		ENTRY, {"amended_from": batch.journal_entry, "docstatus": 0}
	)


def _make(batch, posting_on) -> str | None:
	lines = ledger.lines(batch)
	if not lines:
		return None
	settings = frappe.get_cached_doc("Involvement Settings")
	if problems := _problems(settings):
		raise NotInTheLedger(" ".join(problems))
	entry = frappe.get_doc(
		{
			"doctype": ENTRY,
			"voucher_type": "Journal Entry",
			"company": settings.ledger_company,
			"posting_date": posting_on,
			"user_remark": batch.name,
			"involvement_batch": batch.name,
			"accounts": _rows(lines, settings.ledger_company),
		}
	)
	entry.flags.ignore_permissions = True  # bounded: the sums of a batch that finance has confirmed
	entry.flags.involvement_batch = batch.name
	entry.insert()
	entry.submit()
	return entry.name


def _rows(lines: list[ledger.Line], company: str) -> list[dict]:
	accounts = _accounts({line.account for line in lines}, company)
	centres = _cost_centres({line.cost_centre for line in lines}, company)
	projects = _projects({line.project for line in lines}, company)
	usual = frappe.get_cached_value("Company", company, "cost_center")
	dimensions = _dimensions(company)
	return [
		dimensions
		| {
			"account": _named(
				accounts, line.account, _("Account “{0}” is not in the ledger, or closed there.")
			),
			"cost_center": _named(
				centres,
				line.cost_centre,
				_("Cost centre “{0}” is not in the ledger, or closed there. Correct it on the unit."),
			)
			or usual,
			"project": _named(
				projects,
				line.project,
				_("Project “{0}” is not in the ledger. Correct it on the opportunity."),
			),
			"debit_in_account_currency": float(line.debit),
			"credit_in_account_currency": float(line.credit),
		}
		for line in lines
	]


def _dimensions(company: str) -> dict[str, str]:
	"""Further accounting dimensions, each as the company has it by default: a form fills them in, we do too."""
	dimension, usual = (
		frappe.qb.DocType("Accounting Dimension"),
		frappe.qb.DocType("Accounting Dimension Detail"),
	)
	rows = (
		frappe.qb.from_(dimension)
		.join(usual)
		.on(usual.parent == dimension.name)
		.select(dimension.fieldname, usual.default_dimension)
		.where((dimension.disabled == 0) & (usual.company == company) & (usual.default_dimension != ""))
		.run()
	)
	return dict(rows)


def _named(known: dict, code: str, sentence: str) -> str | None:
	if code and code not in known:
		raise NotInTheLedger(sentence.format(code))
	return known[code].name if code else None


def _follow(batch: str, **values) -> None:
	# bounded: where the batch stands in the ledger; what was locked is not touched
	frappe.db.set_value(BATCH, batch, values, update_modified=False)


def _said(problem: Exception) -> str:
	# sentences that stand on lines of their own
	words = " ".join(frappe.utils.strip_html(cstr(problem).replace("<", " <")).split())
	return words[:500] or type(problem).__name__


@frappe.whitelist(methods=["POST"])
def post_again(batch: str, posting_on: str | None = None) -> dict:
	"""Finance tries once more, after the period was opened or a code was mended; or of a later day, where the period
	stays closed. Answers {journal_entry, ledger_note}. Raises PermissionError."""
	doc = frappe.get_doc(BATCH, cstr(batch))
	doc.check_permission("write")
	if FINANCE_OFFICER not in roles_of(frappe.session.user):
		frappe.throw(_("Finance officers post batches to the ledger."), frappe.PermissionError)
	if doc.status != "Confirmed" or not is_used():
		frappe.throw(
			_("{0} is not to be posted: only a confirmed batch is, where ERPNext is set up.").format(doc.name)
		)
	day = getdate(cstr(posting_on) or doc.payment_on)
	if day < getdate(doc.payment_on):
		frappe.throw(
			_("It is posted on {0} or later: the day of payment.").format(formatdate(doc.payment_on))
		)
	post(doc.name, day)
	return frappe.db.get_value(BATCH, doc.name, ["journal_entry", "ledger_note"], as_dict=True)


# What finance does in the ledger is followed back


def keep_ours(entry, method=None) -> None:
	"""Journal Entry, before_validate. Which batch an entry is of is ours to say, whatever a request sends."""
	before = entry.get_doc_before_save()
	entry.involvement_batch = entry.flags.involvement_batch or (before and before.get("involvement_batch"))


def on_cancel(entry, method=None) -> None:
	"""Journal Entry, on_cancel. Its batch may be posted again, and has to agree anew."""
	batch = entry.get("involvement_batch")
	if not batch:
		return
	# the unique field is given free for the entry that takes its place, and still says whose this one was
	_belongs_to(entry, f"{batch} {entry.name}")
	_follow(batch, ledger_note=_("{0} was cancelled in the ledger.").format(entry.name), reconciled_on=None)


def on_submit(entry, method=None) -> None:
	"""Journal Entry, on_submit: one that amends ours is ours. Raises NotInTheLedger where the batch was posted again
	in the meantime: its sums would count twice."""
	if not entry.amended_from or entry.get("involvement_batch"):
		return
	was = frappe.db.get_value(ENTRY, entry.amended_from, "involvement_batch")
	if not was:
		return
	batch = was.removesuffix(f" {entry.amended_from}")
	if living := _living(batch):
		frappe.throw(
			_("{0} is in the ledger already, as {1}. Delete this draft, or cancel {1} first.").format(
				batch, living
			),
			NotInTheLedger,
		)
	_belongs_to(entry, batch)
	_follow(batch, journal_entry=entry.name, ledger_note=None, reconciled_on=None)


def _belongs_to(entry, batch: str) -> None:
	entry.involvement_batch = batch
	# bounded: our own field of an entry that finance has just taken a step with
	frappe.db.set_value(ENTRY, entry.name, "involvement_batch", batch, update_modified=False)


# Compared


def total_of(batch) -> Decimal | None:
	"""What the ledger shows against the control account for `batch`; None where there is no ledger. A batch that is
	not in the ledger yet shows nothing there: nought."""
	if not is_used():
		return None
	settings = frappe.get_cached_doc("Involvement Settings")
	control = settings.ledger_control_account
	account = _accounts({control}, settings.ledger_company).get(control)
	# bounded: one sum of one entry
	rows = frappe.get_all(
		"GL Entry",
		filters={
			"voucher_type": ENTRY,
			"voucher_no": _living(batch.name) or "",
			"account": account.name if account else "",
			"is_cancelled": 0,
		},
		fields=["credit", "debit"],
	)
	return total(money(row.credit) - money(row.debit) for row in rows)


def in_the_ledger() -> Finding:
	"""Is every confirmed batch in the ledger, with the sum it has?"""
	if not is_used():
		return ok(_("No ledger is kept on this site, or it is not set up."))
	if problems := _problems(frappe.get_cached_doc("Involvement Settings")):
		return fail(" ".join(problems), _("Correct the codes."), "involvement-settings")
	# bounded: names of batches
	missing = frappe.get_all(
		BATCH, filters={"status": "Confirmed", "ledger_note": ["is", "set"]}, fields=["name", "total"]
	)
	if missing:
		return warn(
			_("{0} confirmed batches ({1}) are not in the ledger: {2}.").format(
				len(missing),
				pounds(total(row.total for row in missing)),
				", ".join(row.name for row in missing),
			),
			_("Read why on each batch, and press “Post to the ledger”."),
			"involvement-payment-batch",
		)
	return ok(_("Every confirmed batch is in the ledger."))


CHECKS = (Check("Is every confirmed batch in the ledger?", in_the_ledger),)
