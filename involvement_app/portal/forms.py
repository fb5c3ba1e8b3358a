"""Proof that a form was sent from our own page.

Signed in: Frappe's session token, which the page carries as `csrf_token`. Frappe checks it only once the
session has one, so it is made when the first page is shown and checked here again.
Guests share one session, so for them: a signed cookie that the form repeats, and the Origin header.
"""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

import frappe
from frappe.utils.password import get_encryption_key

from involvement_app.portal import kept

COOKIE = "take_part_form"
FIELD = "csrf_token"
ACTING = "acting_by"


class Forged(Exception):
	"""The form did not come from a page we gave to this browser."""


def token(visit) -> str:
	"""For the hidden field. Called before anything is written: making a session token commits."""
	return frappe.sessions.get_csrf_token() if visit.signed_in else _guest_token()


def proof(visit) -> dict[str, str]:
	"""{name: value} of the hidden fields of a form on this page."""
	fields = {FIELD: token(visit)}
	if visit.signed_in:
		fields[kept.FIELD] = kept.seal(visit)
	if acting_by(visit):
		fields[ACTING] = acting_by(visit)
	return fields


def acting_by(visit) -> str:
	"""By which row the reader acts for somebody; a form says so too, for a page may be open since before."""
	return visit.acting.name if visit.acting else ""


def check(visit) -> None:
	"""Raises Forged unless the POST carries this visitor's token."""
	sent = visit.request.form.get(FIELD, "")
	if visit.signed_in:
		expected = frappe.session.data.get(FIELD) or ""
	else:
		_check_origin(visit.request)
		expected = visit.request.cookies.get(COOKIE, "")
		if not _is_ours(expected):
			raise Forged
	if not (sent and expected and hmac.compare_digest(sent.encode(), expected.encode())):
		raise Forged


def keep_guest_token(response) -> None:
	"""Give the browser the cookie that the guest forms of this page repeat."""
	request = frappe.local.request
	if request.cookies.get(COOKIE) != _guest_token():
		response.set_cookie(
			COOKIE,
			_guest_token(),
			path="/take-part",
			secure=request.scheme == "https",
			httponly=True,
			samesite="Lax",
		)


def _guest_token() -> str:
	"""This browser's token: the one it has, or a new one for the length of this request."""
	sent = frappe.local.request.cookies.get(COOKIE, "")
	if _is_ours(sent):
		return sent
	made = getattr(frappe.local, "involvement_guest_token", None)
	if not made:
		nonce = secrets.token_hex(16)
		made = frappe.local.involvement_guest_token = f"{nonce}.{_signature(nonce)}"
	return made


def _is_ours(value: str) -> bool:
	nonce, _dot, signature = value.partition(".")
	return hmac.compare_digest(signature.encode(), _signature(nonce).encode())


def _signature(nonce: str) -> str:
	return hmac.new(
		get_encryption_key().encode(), f"take-part form {nonce}".encode(), hashlib.sha256
	).hexdigest()


def _check_origin(request) -> None:
	"""Browsers send Origin with a POST; where one does not, the cookie decides alone."""
	origin = request.headers.get("Origin")
	# the port is left out: a proxy often does not pass it on
	if origin and urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname:
		raise Forged
