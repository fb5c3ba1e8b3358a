"""Links by e-mail that sign in or set a new password: once, for half an hour.

Only the link's hash is kept. A new password and leaving end it too. The page it opens changes nothing (mail scanners open links too): the button on
it does. Whether an address is known shows neither in the answer nor in the time it takes, because the
looking up is done on the queue."""

import hashlib
import secrets

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime
from redis.exceptions import RedisError

from involvement_app import messages

SIGN_IN = "Sign in"
NEW_PASSWORD = "Reset password"
MINUTES = 30
PLACES = {SIGN_IN: "/take-part/sign-in/link", NEW_PASSWORD: "/take-part/sign-in/new-password"}
MAILS = {SIGN_IN: "Involvement sign-in link", NEW_PASSWORD: "Involvement new password link"}


def ask(address: str, purpose: str) -> None:
	"""Have the link sent if `address` is a participant's; the same for every address."""
	job = {"address": address, "purpose": purpose}
	try:
		frappe.enqueue(
			"involvement_app.portal.links.send", queue="short", now=bool(frappe.flags.in_test), **job
		)
	except RedisError:
		send(**job)


def send(address: str, purpose: str) -> None:
	"""The job: a message with a new link to the participant with this address, or nothing. The link itself is made
	when the message is handed over (`late_link` of its template), so the outbox never holds one."""
	user = reachable(address)
	if user:
		messages.send(MAILS[purpose], ("User", user), {"minutes": MINUTES})


def sign_in_link(user: str) -> str:
	return frappe.utils.get_url(f"{PLACES[SIGN_IN]}/{make(user, SIGN_IN)}")


def new_password_link(user: str) -> str:
	return frappe.utils.get_url(f"{PLACES[NEW_PASSWORD]}/{make(user, NEW_PASSWORD)}")


def reachable(address: str) -> str | None:
	"""The enabled website user with this address who takes part, or acts for somebody. A member of staff who takes part too signs in
	with their password, as for the desk: a link alone opens no desk."""
	user = frappe.qb.DocType("User")
	participant, supporter = (
		frappe.qb.DocType(doctype) for doctype in ("Involvement Participant", "Participant Supporter")
	)
	ours = [
		user.name.isin(frappe.qb.from_(table).select(table.user).where(table.user == address))
		for table in (participant, supporter)
	]
	rows = (
		frappe.qb.from_(user)
		.select(user.name)
		.where((user.name == address) & (user.enabled == 1) & (user.user_type == "Website User"))
		.where(ours[0] | ours[1])
		.run()
	)
	return rows[0][0] if rows else None


def make(user: str, purpose: str) -> str:
	"""A new token for `user`; the only moment it is known."""
	token = secrets.token_urlsafe(32)
	frappe.get_doc(
		{
			"doctype": "Portal Token",
			"user": user,
			"purpose": purpose,
			"token_hash": _hash(token),
			"bound_to": _state_of(user),
			"expires_on": add_to_date(now_datetime(), minutes=MINUTES),
		}
	).insert(ignore_permissions=True)  # nobody holds rights on it; it goes to the owner of the address only
	return token


def works(token: str, purpose: str) -> str | None:
	"""The user `token` would sign in now, without using it."""
	return _user_of(_row(token, purpose))


def use(token: str, purpose: str) -> str | None:
	"""The user `token` signs in, and from now on nobody: locked, so that of two clicks one wins. Other links of
	the same person stop working with it."""
	user = _user_of(_row(token, purpose, for_update=True))
	if user:
		table = frappe.qb.DocType("Portal Token")
		# bounded: links of this one person
		frappe.qb.update(table).set(table.used_on, now_datetime()).where(
			(table.user == user) & table.purpose.isin(tuple(PLACES)) & table.used_on.isnull()
		).run()
	return user


def _row(token: str, purpose: str, for_update: bool = False):
	# bounded by a hash nobody can guess
	return frappe.db.get_value(
		"Portal Token",
		{"token_hash": _hash(token), "purpose": purpose},
		["user", "bound_to", "expires_on", "used_on"],
		as_dict=True,
		for_update=for_update,
	)


def _user_of(row) -> str | None:
	if not row or row.used_on or get_datetime(row.expires_on) < now_datetime():
		return None
	return reachable(row.user) if row.bound_to == _state_of(row.user) else None


def _state_of(user: str) -> str:
	"""Changes with the password, by whatever door it is changed, and when the person leaves or comes back: links
	made before that stop working."""
	auth = frappe.qb.Table("__Auth")
	participant = frappe.qb.DocType("Involvement Participant")
	passwords = (
		frappe.qb.from_(auth)
		.select(auth.password)
		.where((auth.doctype == "User") & (auth.name == user) & (auth.fieldname == "password"))
		.run()
	)
	left = (
		frappe.qb.from_(participant)
		.select(participant.status == "Left")
		.where(participant.user == user)
		.run()
	)
	return hashlib.sha256(repr((user, passwords, left)).encode()).hexdigest()


def _hash(token: str) -> str:
	return hashlib.sha256(token.encode()).hexdigest()


def forget_old() -> None:
	"""Daily: links that no longer work. Bounded: past their hour since yesterday."""
	frappe.db.delete("Portal Token", {"expires_on": ["<", add_to_date(now_datetime(), days=-1)]})
