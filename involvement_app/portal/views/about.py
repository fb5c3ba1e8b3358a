import re

import frappe
from frappe import _
from frappe.utils.html_utils import sanitize_html
from markupsafe import Markup

from involvement_app.portal.responses import page


def welcome(visit):
	signed_out = visit.asked("done") == "signed-out"
	return page(visit, "welcome.html", _("Take part"), signed_out=signed_out)


def privacy(visit):
	notice = frappe.get_cached_doc("Involvement Settings").privacy_notice
	return page(visit, "privacy.html", _("How we look after what we know about you"), notice=cleaned(notice))


def cleaned(html: str | None) -> Markup | None:
	"""Staff's own page, without anything active, and under our one main heading."""
	if not html or not frappe.utils.strip_html(html).strip():
		return None
	clean = sanitize_html(html, always_sanitize=True)
	return Markup(re.sub(r"(</?)h1\b", r"\1h2", clean, flags=re.IGNORECASE))
