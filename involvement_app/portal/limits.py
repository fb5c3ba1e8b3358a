"""How often a form may be sent in a quarter of an hour: per form and per account first, then generously per
address, because a drop-in centre shares one. Each route says how often (`Route.most`). When Redis is away,
forms go on working and are not limited."""

import hashlib
from contextlib import suppress

import frappe
from redis.exceptions import RedisError

PER_ADDRESS = 100
SECONDS = 15 * 60
# for what must always work, whoever sends it and how often
ALWAYS = 0


class TooMany(Exception):
	"""This address has sent this form too often; it may try again later."""


def allows(form: str, account: str, most: int) -> bool:
	"""Whether `account` may use `form` once more. Raises TooMany for the sender's address.

	Whether the account exists plays no part."""
	if most == ALWAYS:
		return True
	if _count(f"{form}:from", frappe.local.request_ip or "") > PER_ADDRESS:
		raise TooMany
	return _count(form, account.lower()) <= most


def forget(form: str, account: str) -> None:
	"""It went well: earlier tries count for nothing."""
	with suppress(RedisError):
		frappe.cache.delete(_key(form, account.lower()))


def _key(form: str, who: str) -> str:
	return frappe.cache.make_key(f"take-part:{form}:{hashlib.sha256(who.encode()).hexdigest()}")


def _count(form: str, who: str) -> int:
	key = _key(form, who)
	with suppress(RedisError):
		# in one go: a counter that never ends would shut somebody out for good
		with frappe.cache.pipeline() as steps:
			steps.set(key, 0, ex=SECONDS, nx=True)
			steps.incr(key)
			return steps.execute()[-1]
	return 0
