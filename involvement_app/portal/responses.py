"""What leaves the portal: pages, redirects, and the headers on both."""

from functools import cache
from urllib.parse import urlencode

import frappe
from frappe import _
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.wrappers import Response

from involvement_app import money
from involvement_app.pdf import pdf_of
from involvement_app.portal import forms, words

LEAVE_TO = "https://www.bbc.co.uk/weather"

HEADERS = {
	"Cache-Control": "no-store",
	"Content-Security-Policy": (
		"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	),
	"Cross-Origin-Opener-Policy": "same-origin",
	# not no-referrer: browsers would then send `Origin: null` with our own forms
	"Referrer-Policy": "same-origin",
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "DENY",
}


def page(visit, template: str, title: str, status: int = 200, **context) -> Response:
	"""The page `template` with everything in it escaped."""
	html = (
		environment()
		.get_template(template)
		.render(
			visit=visit,
			title=title,
			settings=visit.settings,
			organisation=visit.settings.organisation_name or _("Take part"),
			with_money=visit.with_money,
			proof=forms.proof(visit),
			session_seconds=_session_seconds(visit),
			leave_to=LEAVE_TO,
			lang=frappe.local.lang or "en",
			direction="rtl" if words.reads_from_the_right() else "ltr",
			style=_asset("involvement_portal.bundle.css"),
			script=_asset("involvement_portal.bundle.js"),
			**context,
		)
	)
	response = Response(html, status=status, mimetype="text/html")
	if not visit.signed_in:
		forms.keep_guest_token(response)
	return response


# a sheet to print: its own styles and nothing that is active
SHEET = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def sheet(visit, html: str, title: str, pdf_name: str | None = None) -> Response:
	"""Something to print or to save: nothing on it but what it says. `html` is escaped already. With `pdf_name` a PDF
	to keep, where the site can make one, else the page."""
	text = (
		environment()
		.get_template("sheet.html")
		.render(
			html=Markup(html),
			title=title,
			lang=frappe.local.lang or "en",
			direction="rtl" if words.reads_from_the_right() else "ltr",
		)
	)
	content = pdf_of(text) if pdf_name else None
	response = Response(content or text, mimetype="application/pdf" if content else "text/html")
	if content:
		response.headers["Content-Disposition"] = f'attachment; filename="{pdf_name}.pdf"'
	response.headers["Content-Security-Policy"] = SHEET
	return response


def see_other(path: str, **query: str) -> Response:
	"""A redirect that is always followed with GET, inside this site."""
	location = f"{path}?{urlencode(query)}" if query else path
	response = Response(status=303)
	response.autocorrect_location_header = False
	response.headers["Location"] = location
	return response


def sealed(response: Response, visit, public: bool) -> Response:
	"""With the headers of every answer; a file brings a stricter policy of its own."""
	for name, value in HEADERS.items():
		response.headers.setdefault(name, value)
	if not public:
		response.headers["X-Robots-Tag"] = "noindex"
	if visit.drops_cookie:
		response.delete_cookie(visit.drops_cookie, path="/take-part")
	response.of_the_portal = True  # interception.py leaves it as it is
	return response


def _session_seconds(visit) -> int:
	"""How long this person stays signed in without opening another page; 0 for guests."""
	if not visit.signed_in:
		return 0
	return frappe.sessions.get_expiry_in_seconds(frappe.session.data.session_expiry)


@cache
def environment() -> Environment:
	"""Compiled templates, the same for every site: nothing of a site or a person is kept in it."""
	env = Environment(
		autoescape=True,
		trim_blocks=True,
		lstrip_blocks=True,
		loader=ChoiceLoader(
			[
				PackageLoader("involvement_app", "portal/templates"),
				PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
			]
		),
	)
	env.globals.update({"_": _, "words": words, "pounds": money.pounds})
	env.filters.update({"blocks": words.blocks, "web_address": words.web_address})
	return env


def _asset(bundle: str) -> str | None:
	"""The built file's address; None when it was not built, and the page does without."""
	from frappe.utils.jinja_globals import bundled_asset

	try:
		address = bundled_asset(bundle)
	except Exception:  # a bench without assets.json: no reason to keep somebody out
		return None
	return address if "/assets/" in address else None
