"""The letter run: what waits for the post becomes one PDF, every letter on pages of its own, the address where a
window envelope shows it. Printing posts nothing: somebody puts the letters in the post and says so.

The PDF comes from the site's own Frappe (wkhtmltopdf on 15, or what 16 is set to). Where that cannot make one, the
same pages go to the browser's print dialogue."""

from functools import cache

import frappe
from bs4 import BeautifulSoup
from frappe import _
from frappe.utils import format_date, now_datetime, today
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from involvement_app.messages.channels import channel
from involvement_app.messages.dispatcher import recipient
from involvement_app.messages.outbox import NotPossibleNow, as_addressed
from involvement_app.pdf import pdf_of

MOST = 200
ACTIVE = ["script", "style", "iframe", "object", "embed", "svg", "img", "link", "meta", "form", "base"]


def start_run(names: list[str]) -> dict:
	"""{run, printed, left_out: [{name, why}]}. Letters among `names` that wait and have an address become Printed,
	with the address as it is now; the others keep waiting, with the reason. Rows are locked.

	Raises NotPossibleNow when there is nothing to print."""
	table = frappe.qb.DocType("Involvement Message")
	rows = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.status,
			table.recipient_doctype,
			table.recipient,
			table.channel,
			table.address,
			table.address_stays,
		)
		.where(table.name.isin(names))
		.for_update()
		.run(as_dict=True)
	)
	run, printed, left_out = frappe.generate_hash(length=12), 0, []
	# one by one: each to somebody else, MOST at a time
	for row in rows:
		person = as_addressed(row, recipient(row.recipient_doctype, row.recipient))
		why = _left_out(row, person)
		if why:
			left_out.append({"name": row.name, "why": why})
		else:
			_print(row.name, run, person)
			printed += 1
	if not printed:
		reasons = "<br>".join(f"{row['name']}: {frappe.utils.escape_html(row['why'])}" for row in left_out)
		frappe.throw(_("There is no letter to print among these.") + f"<br>{reasons}", NotPossibleNow)
	return {"run": run, "printed": printed, "left_out": left_out}


def _left_out(row, person) -> str | None:
	if row.status != "Waiting":
		return _("It does not wait any more: {0}").format(_(row.status))
	if person.channel != "Post":
		return _("This person does not want letters, but: {0}").format(_(person.channel))
	return None if person.address else channel("Post").unaddressed()


def _print(name: str, run: str, person) -> None:
	frappe.db.set_value(  # locked above; nobody may write these rows but by such a step
		"Involvement Message",
		name,
		{
			"status": "Printed",
			"print_run": run,
			"channel": "Post",
			"address": person.address,
			"large_print": int(person.large_print),
			"handled_by": frappe.session.user,
			"error": _("Printed. When it is in the post, choose “Mark as posted”."),
		},
	)


def answer(rows: list, as_page: bool = False) -> None:
	"""Set the response: the PDF, or the page."""
	page = html_of(rows)
	content = None if as_page else pdf_of(page)
	if not content:
		return _answer_page(page)
	frappe.response.filename = f"letters-{now_datetime():%Y-%m-%d-%H%M}.pdf"
	frappe.response.filecontent = content
	frappe.response.type = "pdf"


def _answer_page(page: str) -> None:
	frappe.response.filename = "letters.html"
	frappe.response.filecontent = page.encode()
	frappe.response.type = "download"
	frappe.response.content_type = "text/html"
	frappe.response.display_content_as = "inline"


def html_of(rows: list) -> str:
	"""One page of HTML with every letter of `rows` (address, subject, body, large_print)."""
	settings = frappe.get_cached_doc("Involvement Settings")
	head, foot = _letterhead()
	return (
		_environment()
		.get_template("letters.html")
		.render(
			letters=[
				{**row, "lines": row.address.splitlines(), "words": Markup(on_paper(row.body or ""))}
				for row in rows
			],
			head=Markup(head),  # written by those who write the site's Letter Head
			foot=Markup(foot),
			today=format_date(today(), "d MMMM yyyy"),
			phone=settings.contact_phone,
			email=settings.contact_email,
			_=_,
		)
	)


def on_paper(body: str) -> str:
	"""`body` with every link's address written out, because paper cannot be clicked, and nothing that loads or runs."""
	soup = BeautifulSoup(body, "html.parser")
	for tag in soup.find_all(ACTIVE):
		tag.decompose()
	for link in soup.find_all("a"):
		address, words = link.get("href", ""), link.get_text()
		link.replace_with(words if address in ("", words) else f"{words}: {address}")
	for tag in soup.find_all(True):
		tag.attrs = {}
	return str(soup)


def _letterhead() -> tuple[str, str]:
	"""(head, foot) of the site's default Letter Head."""
	row = frappe.db.get_value(
		"Letter Head", {"is_default": 1, "disabled": 0}, ["content", "footer"], as_dict=True
	)
	return (row.content or "", row.footer or "") if row else ("", "")


@cache
def _environment() -> Environment:
	return Environment(autoescape=True, loader=PackageLoader("involvement_app", "messages/paper"))
