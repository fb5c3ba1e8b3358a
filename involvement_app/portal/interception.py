"""Two of Frappe's hooks around a request.

`before_request`: Frappe takes a session's id from the address too, and moves it into the browser's cookie: who
opens a link made by somebody else would find themselves signed in as that person, and write what concerns them
into that person's page. The cookie stays as it was for sessions of website users.

`after_request`: what Frappe answers at one of our addresses before it comes to us: a form whose session token is
stale, a request that is too large, a method nobody serves. People meet our words there too, and what they typed.
Released versions of Frappe hand over an answer to a request that is too large; 15.0.0-dev does not, and its bare
page stays."""

import frappe
from werkzeug.wrappers import Response

from involvement_app.portal import PREFIX, dispatch

# for what stays Frappe's own page: its styles are inline, so without our policy
KEPT_SAFE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


def before_request() -> None:
	"""A session named in the request is good for that request at most."""
	named = frappe.local.request.values.get("sid")  # newer Frappe takes it out of form_dict
	if named and named != frappe.local.request.cookies.get("sid") and _is_a_website_users():
		frappe.local.cookie_manager.cookies.clear()


def _is_a_website_users() -> bool:
	return frappe.session.user != "Guest" and frappe.session.data.get("user_type") == "Website User"


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
