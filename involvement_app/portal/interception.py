"""What Frappe answers at one of our addresses before it comes to us: a form whose session token is stale, a
request that is too large, a method nobody serves. People meet our words there too, and what they typed.

Frappe's own hook `after_request` hands over each finished answer of the site. Released versions of Frappe hand
over an answer to a request that is too large; 15.0.0-dev does not, and its bare page stays."""

import frappe
from werkzeug.wrappers import Response

from involvement_app.portal import PREFIX, dispatch

# for what stays Frappe's own page: its styles are inline, so without our policy
KEPT_SAFE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


def after_request(response: Response | None = None, request=None) -> None:
	"""Nothing is written here: Frappe has rolled back already where it refused."""
	if not (response and request) or getattr(response, "of_the_portal", False):
		return
	path = request.path.strip("/ ")
	if path.split("/", 1)[0] != PREFIX or request.method == "OPTIONS" or frappe.form_dict.get("cmd"):
		return
	_have_a_session()
	ours = dispatch.instead(path, response.status_code)
	if not ours:
		response.headers.update(KEPT_SAFE)
		return
	response.set_data(ours.get_data())
	response.status_code = ours.status_code
	response.headers.clear()
	response.headers.extend(ours.headers)


def _have_a_session() -> None:
	"""A request that Frappe refuses to read has none."""
	if not (getattr(frappe.local, "session", None) and frappe.session.get("user")):
		frappe.local.session = frappe._dict(user="Guest", sid="Guest", data=frappe._dict())
