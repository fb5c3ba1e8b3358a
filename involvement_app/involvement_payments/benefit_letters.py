"""A letter that somebody can show to Jobcentre Plus, or put into their Universal Credit journal (domain 1.3 no. 4): what they do
is occasional and no job, what they were paid and when, expenses apart. It says what is so and claims no rule.

People make it themselves in the portal; staff print it where the person asked them to, and that is written down."""

import frappe
from frappe import _
from frappe.utils import cstr, today

from involvement_app.involvement_app.participants import PARTICIPANT
from involvement_app.involvement_payments import payees, statements
from involvement_app.money import pounds
from involvement_app.pdf import pdf_of
from involvement_app.setup.roles import COORDINATOR, MANAGER

TEMPLATE = "involvement_app/involvement_payments/benefit_letter.html"
HOW = ("Phone", "In person", "Post", "E-mail", "Supporter")


def html(participant: str, day=None) -> str:
	"""The letter about `participant` for the tax year of `day`, escaped. Who may have it is asked by the caller."""
	settings = frappe.get_cached_doc("Involvement Settings")
	statement = statements.of_tax_year(participant, day or today())
	start_day = statements.month_day(participant)
	return frappe.render_template(
		TEMPLATE,
		{
			"statement": statement,
			"start_day": start_day,
			"months": statement.months(start_day),
			"name": payees.named([statement.before.person])[participant].payee_name,
			"organisation": settings.organisation_name or "",
			"contact": ", ".join(filter(None, (settings.contact_phone, settings.contact_email))),
			"note": settings.benefit_letter_note or "",
			"today": _day(today()),
			"day": _day,
			"pounds": pounds,
		},
	)


def _day(day) -> str:
	return frappe.utils.format_date(day, "d MMMM yyyy")


@frappe.whitelist(methods=["POST"])
def print_for(participant: str, asked_how: str) -> None:
	"""The letter as a PDF, for somebody who asked staff for it (`asked_how`); a line on the record says so. Raises
	PermissionError, ValidationError."""
	doc = frappe.get_doc(PARTICIPANT, cstr(participant))
	doc.check_permission("write")
	if not {COORDINATOR, MANAGER} & set(frappe.get_roles()):
		raise frappe.PermissionError
	if frappe.get_cached_doc("Involvement Settings").finance_mode == "None":
		frappe.throw(_("No money is paid through this site."))
	if asked_how not in HOW:
		frappe.throw(_("How the person asked: please choose, so that everybody knows it was their wish."))
	page = html(doc.name)
	doc.add_comment(
		"Info", _("printed a letter about payments, as the person asked ({0})").format(_(asked_how))
	)
	content = pdf_of(page)
	frappe.response.filename = f"{doc.name}-letter.{'pdf' if content else 'html'}"
	frappe.response.filecontent = content or page.encode()
	frappe.response.type = "download"
