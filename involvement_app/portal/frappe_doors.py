"""Frappe's own sign-in page asks two functions for mail that tell whether an address is known. Here they answer
the same for every address, and look it up on the queue (law 10). What they send stays Frappe's, but to a
participant the portal's own link, which works without scripts."""

import inspect

import frappe
from frappe import _
from frappe.core.doctype.user import user as users
from frappe.rate_limiter import rate_limit
from frappe.www import login

from involvement_app.portal import links

HOUR = 60 * 60


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=users.get_password_reset_limit, seconds=24 * HOUR)
def reset_password(user: str) -> None:
	"""Instead of frappe.core.doctype.user.user.reset_password."""
	_later("send_new_password", user)
	frappe.msgprint(
		_("If we know this address, an e-mail with instructions is on its way."), title=_("Check your e-mail")
	)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=5, seconds=HOUR)
def send_login_link(email: str) -> None:
	"""Instead of frappe.www.login.send_login_link."""
	_later("send_sign_in", email)


def _later(job: str, address: str) -> None:
	frappe.enqueue(f"{__name__}.{job}", queue="short", now=bool(frappe.flags.in_test), address=address)


def send_new_password(address: str) -> None:
	"""The job: the portal's link to a participant, Frappe's to another user, nothing to a stranger."""
	if links.reachable(address):
		links.send(address, links.NEW_PASSWORD)
	elif frappe.db.exists("User", address):
		inspect.unwrap(users.reset_password)(address)


def send_sign_in(address: str) -> None:
	"""The job: as Frappe does it, and nothing to a stranger."""
	if links.reachable(address):
		links.send(address, links.SIGN_IN)
	elif frappe.db.exists("User", address):
		inspect.unwrap(login.send_login_link)(address)
