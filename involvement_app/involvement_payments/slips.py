"""A proof is of one hand-over (domain 4.6: cheque and voucher with their number, cash with a signature). A number is used once
for each way; a signed slip is a photo or a PDF of a paper, is on one row or claim, and is nothing that we wrote ourselves."""

import hashlib
import io

import frappe
import pypdf
from frappe import _
from frappe.utils import cstr

from involvement_app import clean_files
from involvement_app.involvement_payments import receipts, transfers
from involvement_app.involvement_payments.claims import CLAIM
from involvement_app.involvement_payments.payees import CHARITY
from involvement_app.involvement_payments.states import RECEIVED

BATCH, LINE = "Involvement Payment Batch", "Involvement Payment Batch Line"


def wrong_number(batch, lines: list, number: str) -> str | None:
	"""Why `number` cannot be what `lines` were paid with, which are one cheque, voucher or transfer."""
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(line.name)
		.where((line.proof == number) & (line.way == lines[0].way))
		.for_update()  # of two who write one number at once, the second reads what the first wrote
		.run(pluck=True)
	)
	if (there := _used_by(rows, batch, lines)) is None:
		return None
	return _("The number {0} is the proof of Row {1} of {2} already. Write the number of this one.").format(
		frappe.utils.escape_html(number), there.idx, there.parent
	)


def wrong_slip(doc, url: str, lines: list = ()) -> str | None:
	"""Why the file `url` cannot be the signed slip on `doc`, a batch (of its `lines`, which are one hand-over) or a claim."""
	name = frappe.db.get_value(
		"File",
		{
			"file_url": url,
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"is_private": 1,
		},
	)
	if not name:
		return (
			_("Signed slip: attach it to this claim.")
			if doc.doctype == CLAIM
			else _("Signed slip: attach it to this batch first, as a private file.")
		)
	content = _content(name)
	if not clean_files.is_paper(content):
		return _("Signed slip: choose a photo or a PDF of the paper that was signed.")
	if doc.doctype == CLAIM:
		return _a_receipt(doc, content) or _used(doc, url, lines)
	return _a_cover_sheet(doc, content) or _used(doc, url, lines)


def _content(name: str) -> bytes:
	try:
		content = frappe.get_doc("File", name).get_content()
	except OSError:
		return b""
	return content.encode() if isinstance(content, str) else content


def _a_receipt(claim, content: bytes) -> str | None:
	fingerprint = hashlib.sha256(content).hexdigest()
	for line in claim.lines:
		if fingerprint in receipts.prints_of(line):
			return _(
				"Signed slip: this is the receipt of row {0}. Attach the paper that the person signed."
			).format(line.idx)
	return None


def _a_cover_sheet(batch, content: bytes) -> str | None:
	if batch.control_hash and batch.control_hash in _text_of(content):
		return _(
			"Signed slip: this is the cover sheet of {0}. Attach the paper that the person signed."
		).format(batch.name)
	return None


def _text_of(content: bytes) -> str:
	"""What the first pages of a PDF say, without spaces: long words are broken where the line ends."""
	if not content.startswith(b"%PDF-"):
		return ""
	try:
		pages = pypdf.PdfReader(io.BytesIO(content)).pages[:3]
		return "".join("".join(page.extract_text() for page in pages).split())
	except Exception:  # a parser of other people's files can fail in any way
		return ""


def _used(doc, url: str, lines: list) -> str | None:
	# bounded: only the row or the claim that holds this very file is named
	rows = frappe.get_all(LINE, {"proof_file": url}, pluck="name", limit=50)
	if there := _used_by(rows, doc, lines):
		return _("Signed slip: this is the slip of Row {0} of {1}. Each hand-over has its own.").format(
			there.idx, there.parent
		)
	# bounded: as above
	claims = frappe.get_all(
		CLAIM,
		{"cash_slip": url, "status": ["in", RECEIVED], "name": ["!=", doc.name]},
		pluck="name",
		limit=1,
	)
	if claims:
		return _("Signed slip: this is the slip of {0}. Each hand-over has its own.").format(claims[0])
	return None


def _used_by(names: list[str], doc, lines: list) -> frappe._dict | None:
	"""Of the lines `names` one that still stands and is another hand-over than `lines`."""
	names = sorted(set(names) - {line.name for line in lines})
	if not names:
		return None
	line, batch, back = (frappe.qb.DocType(doctype) for doctype in (LINE, BATCH, "Payment Batch Reversal"))
	rows = (
		frappe.qb.from_(line)
		.join(batch)
		.on(batch.name == line.parent)
		.left_join(back)
		.on(
			(back.parent == line.parent) & (back.payment == line.payment) & (back.kind == transfers.TAKEN_OUT)
		)
		.select(line.parent, line.idx, line.way, line.payee_name)
		.where(line.name.isin(names) & (batch.docstatus == 1) & back.name.isnull())
		.orderby(line.parent, line.idx)
		.run(as_dict=True)
	)
	return next((row for row in rows if not _one_gift(row, doc, lines)), None)


def _one_gift(row, doc, lines: list) -> bool:
	"""What several people of a batch give to one charity may go there as one transfer."""
	return (
		bool(lines)
		and row.way == lines[0].way == CHARITY
		and (row.parent, cstr(row.payee_name)) == (doc.name, cstr(lines[0].payee_name))
	)
