"""What somebody wrote before they were signed out, until they have signed in again (domain 4.8).

A form for participants carries a seal: whom it was shown to and on which page, in a token that only this site
can make or read. When such a form arrives after the session has ended, what was typed is kept for half an hour
in the cache, never in the database and so in no backup, enciphered with a key of which one half is the site's
and the other is a cookie of that browser. It is shown again to the person of the seal, and never sent by itself.
It is gone when the form is sent, on signing out, and when somebody else signs in there."""

import base64
import hashlib
import hmac
import json
import secrets
from contextlib import suppress

import frappe
from cryptography.fernet import Fernet, InvalidToken
from frappe.utils.password import get_encryption_key
from redis.exceptions import RedisError
from werkzeug.datastructures import MultiDict

COOKIE = "take_part_kept"
FIELD = "shown_to"
MINUTES = 30
# how long a page may lie open: a seal says whom it was for, and lets nobody in
SEAL_DAYS = 14
MOST = 60_000  # characters of one form, far more than any of ours takes
# secrets and tokens, which are of no use later
NEVER = {"csrf_token", FIELD, "password", "sort_code", "account_number"}


def seal(visit) -> str:
	"""For the hidden field of a form: who is reading this page."""
	return _cipher("seal").encrypt(json.dumps([visit.user, visit.path]).encode()).decode()


def sealed_for(visit) -> str | None:
	"""The user whom this page was shown to with the form that has now been sent; None when that cannot be told."""
	try:
		sent = visit.request.form.get(FIELD, "").encode()
		user, path = json.loads(_cipher("seal").decrypt(sent, ttl=SEAL_DAYS * 86400))
	except InvalidToken:
		return None
	return user if path == visit.path else None


def keep(visit) -> str | None:
	"""Keep what was sent without a session; the secret for this browser's cookie, or None if there is nothing
	to keep, it is not known for whom, or the cache is away."""
	user = sealed_for(visit)
	fields = [(name, text) for name, text in visit.request.form.items(multi=True) if name not in NEVER]
	if not user or not any(text for _name, text in fields):
		return None
	if sum(len(name) + len(text) for name, text in fields) > MOST:
		return None
	secret = secrets.token_urlsafe(32)
	content = _cipher(secret).encrypt(json.dumps([user, visit.path, fields]).encode())
	with suppress(RedisError):
		frappe.cache.set(_key(secret), content, ex=MINUTES * 60)
		return secret
	return None


def remember(response, secret: str) -> None:
	"""Give this browser its half of the key."""
	response.set_cookie(
		COOKIE,
		secret,
		max_age=MINUTES * 60,
		path="/take-part",
		secure=frappe.local.request.scheme == "https",
		httponly=True,
		samesite="Lax",
	)


def of(visit) -> MultiDict:
	"""What this person wrote on this page. Somebody else's vanishes at this."""
	user, path, fields = _open(visit)
	if user and user != visit.user:
		forget(visit)
	if (user, path) != (visit.user, visit.path):
		return MultiDict()
	return MultiDict(tuple(field) for field in fields)


def page_of(visit, user: str) -> str | None:
	"""Where `user`, who has just signed in, goes on writing. Somebody else's vanishes at this."""
	owner, path, _fields = _open(visit)
	if owner and owner != user:
		forget(visit)
	return f"/{path}" if owner == user else None


def sent(visit) -> None:
	"""The form of this page has arrived."""
	user, path, _fields = _open(visit)
	if (user, path) == (visit.user, visit.path):
		forget(visit)


def forget(visit) -> None:
	"""Here and in the browser."""
	secret = visit.request.cookies.get(COOKIE)
	if not secret:
		return
	visit.drops_cookie = COOKIE
	with suppress(RedisError):
		frappe.cache.delete(_key(secret))


def _open(visit) -> tuple[str | None, str | None, list]:
	"""(user, path, fields) of what this browser's cookie opens."""
	secret = visit.request.cookies.get(COOKIE)
	if not secret:
		return None, None, []
	try:
		content = frappe.cache.get(_key(secret))
		user, path, fields = json.loads(_cipher(secret).decrypt(content or b""))
	except (RedisError, InvalidToken):
		return None, None, []
	return user, path, fields


def _key(secret: str) -> str:
	return frappe.cache.make_key(f"take-part:kept:{hashlib.sha256(secret.encode()).hexdigest()}")


def _cipher(half: str) -> Fernet:
	whole = hmac.new(get_encryption_key().encode(), f"take-part kept {half}".encode(), hashlib.sha256)
	return Fernet(base64.urlsafe_b64encode(whole.digest()))
