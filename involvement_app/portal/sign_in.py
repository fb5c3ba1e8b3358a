"""Signing in and out, through Frappe's own login manager."""

import frappe
from frappe.twofactor import should_run_2fa
from frappe.utils.password import passlibctx

# longer ones are refused unread: hashing them would be work for nothing
LONGEST_PASSWORD = 512


class NotSignedIn(Exception):
	"""Wrong, unknown, locked or disabled: always the same answer."""


class NeedsAnotherWay(Exception):
	"""The account has a second factor, or its password is too old: Frappe's own page knows what to do."""


def with_password(address: str, password: str) -> None:
	"""Begin a session. Raises NotSignedIn, NeedsAnotherWay. Commits, as every sign-in does."""
	manager = frappe.local.login_manager
	if (
		not password
		or len(password) > LONGEST_PASSWORD
		or frappe.get_system_settings("disable_user_pass_login")
	):
		raise NotSignedIn
	if not _has_password(address):
		# an unknown address, and one that was invited and has no password yet, take as long as the others
		passlibctx.dummy_verify()
	try:
		manager.authenticate(user=address, pwd=password)
	except (frappe.AuthenticationError, frappe.SecurityException):
		frappe.clear_messages()
		raise NotSignedIn
	if should_run_2fa(manager.user) or manager.force_user_to_reset_password():
		raise NeedsAnotherWay
	manager.post_login()


def _has_password(address: str) -> bool:
	auth = frappe.qb.Table("__Auth")
	rows = frappe.qb.from_(auth).select(auth.name)
	rows = rows.where((auth.doctype == "User") & (auth.name == address) & (auth.fieldname == "password"))
	return bool(rows.run())


def as_user(user: str) -> None:
	"""Begin a session for somebody who has proved who they are with a link. Raises NotSignedIn."""
	try:
		frappe.local.login_manager.login_as(user)
	except frappe.AuthenticationError:
		raise NotSignedIn


def out() -> None:
	"""End the session, for good."""
	frappe.local.login_manager.logout()
	# Frappe writes the session of a request back to its cache at the end, which would revive it
	frappe.session.user = "Guest"
