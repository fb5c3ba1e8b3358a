"""How often a form may be sent: per form and per account typed, then generously per address, because a
drop-in centre shares one."""

import hashlib
from contextlib import suppress

import frappe
from redis.exceptions import RedisError

PER_ADDRESS = 100


class TooMany(Exception):
	"""This address has sent this form too often; it may try again later."""


def allows(form: str, account: str, most: int, seconds: int) -> bool:
	"""Whether `account` may use `form` once more. Raises TooMany for the sender's address.

	Whether the account exists plays no part."""
	if _count(f"{form}:from", frappe.local.request_ip or "", seconds) > PER_ADDRESS:
		raise TooMany
	return _count(form, account.lower(), seconds) <= most


def forget(form: str, account: str) -> None:
	"""It went well: earlier tries count for nothing."""
	with suppress(RedisError):
		frappe.cache.delete(_key(form, account.lower()))


def _key(form: str, who: str) -> str:
	return frappe.cache.make_key(f"take-part:{form}:{hashlib.sha256(who.encode()).hexdigest()}")


def _count(form: str, who: str, seconds: int) -> int:
	key = _key(form, who)
	with suppress(RedisError):
		times = frappe.cache.incr(key)
		if times == 1:
			frappe.cache.expire(key, seconds)
		return times
	return 0
