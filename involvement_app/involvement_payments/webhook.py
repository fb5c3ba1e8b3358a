"""A confirmed batch told to another ledger (domain 4.6, webhook): sums by account, cost centre and project, never a
name, signed, once.

The step Confirm writes a row of the outbox (Ledger Handover) in its own transaction. A job sends it, with the
batch's name as `Idempotency-Key`, so that whoever receives it twice books it once, and
`Involvement-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 with the shared secret over `<seconds>.<body>`. What is not
answered with 2xx is tried again, ever later, MOST_TRIES times.

An address inside the network is refused unless `involvement_webhook_inside` is set in the site's configuration: the
name is resolved once, every address it has must be public, and the connection goes to one that was looked at, so that
no second answer of the name server leads elsewhere. Redirects are not followed. Whether it was accepted is the status
alone, and a ledger that sends its answer a letter at a time is not waited for.
"""

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import frappe
import requests
from frappe import _
from frappe.utils import cint, cstr, getdate, now_datetime
from redis.exceptions import RedisError
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from involvement_app import lifecycle
from involvement_app.involvement_payments import ledger
from involvement_app.money import CURRENCY

HAND_OVER = "Ledger Handover"
MOST_TRIES = 8
FIRST_WAIT = 5  # minutes, twice as long each time
TIMEOUT = (5, 20)  # seconds to connect, and from one piece of the answer to the next
LONGEST_TALK = 40  # seconds in all
LONGEST_ANSWER = 500
INSIDE = "involvement_webhook_inside"
GLOBAL_UNICAST = ipaddress.ip_network(
	"2000::/3"
)  # what IANA has given out; all else is inside, or nothing yet
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address stands in its last four bytes


class NotAllowed(Exception):
	"""An address that nothing is sent to."""


class _Pinned(HTTPAdapter):
	"""Talks to the address that was looked at, and still asks for the certificate of the name."""

	def __init__(self, host: str):
		self.host = host
		super().__init__()

	def init_poolmanager(self, *args, **kwargs):
		super().init_poolmanager(*args, server_hostname=self.host, assert_hostname=self.host, **kwargs)


# Into the outbox


def queue(batch) -> None:
	"""In the transaction of the step Confirm; nothing where no address is set, or there is nothing to post."""
	address = cstr(frappe.get_cached_doc("Involvement Settings").ledger_webhook_address).strip()
	if not address or frappe.db.exists(HAND_OVER, {"batch": batch.name}):
		return
	lines = ledger.lines(batch)
	if not lines:
		return
	doc = frappe.new_doc(HAND_OVER)
	doc.flags.of_the_batch = True
	with lifecycle.server_side():
		doc.update(
			{"batch": batch.name, "address": address, "body": body(batch, lines), "next_try": now_datetime()}
		)
		doc.insert(ignore_permissions=True)  # nobody holds `create`: made by the step Confirm alone
	frappe.db.after_commit.add(wake)


def body(batch, lines: list[ledger.Line]) -> str:
	"""The same batch always gives the same words: a receiver can compare them."""
	return json.dumps(
		{
			"batch": batch.name,
			"paid_on": getdate(batch.payment_on).isoformat(),
			"currency": CURRENCY,
			"reference": frappe.get_cached_doc("Involvement Settings").payment_reference or "",
			"lines": [
				{
					"account": line.account,
					"cost_centre": line.cost_centre,
					"project": line.project,
					"debit": str(line.debit),
					"credit": str(line.credit),
				}
				for line in lines
			],
		},
		sort_keys=True,
	)


def wake() -> None:
	try:
		frappe.enqueue(
			"involvement_app.involvement_payments.webhook.work",
			queue="short",
			job_id="involvement-ledger-handover",
			deduplicate=True,
		)
	except RedisError:
		frappe.logger("involvement").warning("the queue is away; the scheduler hands over to the ledger")


# Out of it


def work() -> None:
	"""The job, also the scheduler's: send what is due, each in a transaction of its own."""
	due = {"status": "Waiting", "next_try": ["<=", now_datetime()]}
	names = frappe.get_all(
		HAND_OVER, due, pluck="name", order_by="creation", limit=50
	)  # bounded: a job's own list
	# one by one: each is a talk with another machine
	for name in names:
		send(name)
		frappe.db.commit()  # what has left cannot be taken back


def send(name: str) -> bool:
	"""Whether it was accepted."""
	doc = frappe.get_doc(HAND_OVER, name, for_update=True)
	if doc.status != "Waiting":
		return False
	accepted, answer = _post(doc)
	with lifecycle.server_side(), lifecycle.as_job():
		doc.attempts, doc.answer = cint(doc.attempts) + 1, answer[:LONGEST_ANSWER]
		if accepted:
			lifecycle.apply(doc, "Accepted")
		elif doc.attempts >= MOST_TRIES:
			lifecycle.apply(doc, "Give up")
		else:
			doc.next_try = now_datetime() + timedelta(minutes=FIRST_WAIT * 2 ** (doc.attempts - 1))
			doc.save(ignore_permissions=True)  # bounded: the job's own row
	return accepted


def _post(doc) -> tuple[bool, str]:
	content = doc.body.encode()
	try:
		answer = post(doc.address, content, headers(doc.batch, content))
	except NotAllowed as problem:
		return False, str(problem)
	except (requests.RequestException, HTTPError) as problem:
		return False, type(problem).__name__
	return 200 <= answer[0] < 300, f"{answer[0]} {answer[1]}"


def headers(batch: str, content: bytes) -> dict[str, str]:
	at = str(int(time.time()))
	return {
		"Content-Type": "application/json",
		"Idempotency-Key": batch,
		"Involvement-Signature": f"t={at},v1={signature(secret(), at, content)}",
	}


def secret() -> str:
	settings = frappe.get_cached_doc("Involvement Settings")
	found = settings.get_password("ledger_webhook_secret", raise_exception=False)
	if not found:
		raise NotAllowed(_("There is no secret to sign with: write one into Involvement Settings."))
	return found


def signature(secret: str, at: str, content: bytes) -> str:
	return hmac.new(secret.encode(), at.encode() + b"." + content, hashlib.sha256).hexdigest()


def post(address: str, content: bytes, headers: dict) -> tuple[int, str]:
	"""(status, the first words of the answer). Raises NotAllowed, requests.RequestException."""
	try:
		parts = urlsplit(address)
		seen = _address_of(parts)
	except ValueError:
		raise NotAllowed(_("This is not an address of a ledger.")) from None
	target = urlunsplit((parts.scheme, _with_port(seen, parts.port), parts.path or "/", parts.query, ""))
	host = parts.netloc.rsplit("@", 1)[-1]
	return _within(LONGEST_TALK, lambda: _talk(target, parts.hostname, content, {**headers, "Host": host}))


def _talk(target: str, hostname: str, content: bytes, headers: dict) -> tuple[int, str]:
	with requests.Session() as session:
		session.trust_env = False  # no proxy, no .netrc: what was looked at is what is talked to
		session.mount("https://", _Pinned(hostname))
		with session.post(
			target, data=content, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
		) as answer:
			return answer.status_code, _words(answer)


def _words(answer: requests.Response) -> str:
	try:
		return answer.raw.read(LONGEST_ANSWER, decode_content=True).decode("utf-8", "replace")
	except (HTTPError, OSError):
		return ""  # the status has been said


def _within(seconds: float, talk: Callable) -> tuple[int, str]:
	"""What `talk` answers; requests.Timeout where it takes longer. Its time-outs are from one piece to the next, so a
	letter every few seconds would hold the job and its row for hours. The thread goes with the job's process."""
	found: list = []

	def run():
		try:
			found.append((talk(), None))
		except Exception as problem:
			found.append((None, problem))

	thread = threading.Thread(target=run, daemon=True)
	thread.start()
	thread.join(seconds)
	if not found:
		raise requests.Timeout
	answer, problem = found[0]
	if problem:
		raise problem
	return answer


def _address_of(parts) -> str:
	"""The public address behind a name, every one of which has to be."""
	inside = bool(frappe.conf.get(INSIDE))
	if parts.scheme != "https" and not (inside and parts.scheme == "http"):
		raise NotAllowed(_("Only https addresses are sent to."))
	if not parts.hostname or parts.username or parts.password:
		raise NotAllowed(_("This is not an address of a ledger."))
	try:
		found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
	except (OSError, UnicodeError, ValueError):
		raise NotAllowed(_("The name of the ledger leads nowhere.")) from None
	addresses = [ipaddress.ip_address(entry[4][0].split("%")[0]) for entry in found]
	if not inside and not all(is_public(address) for address in addresses):
		raise NotAllowed(_("An address inside the network is not sent to."))
	return str(addresses[0])


def is_public(address) -> bool:
	"""Neither private, loopback, link-local, reserved nor multicast, also when wrapped into IPv6."""
	translated = address in NAT64 and ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
	for inner in (getattr(address, "ipv4_mapped", None), getattr(address, "sixtofour", None), translated):
		if inner:
			return is_public(inner)
	if address.version == 6 and address not in GLOBAL_UNICAST:
		return False
	return address.is_global and not address.is_multicast and not getattr(address, "teredo", None)


def _with_port(address: str, port: int | None) -> str:
	host = f"[{address}]" if ":" in address else address
	return f"{host}:{port}" if port else host


# Effects of the lifecycle


def begin_anew(doc, move) -> None:
	doc.attempts, doc.next_try, doc.answer = 0, now_datetime(), None
	frappe.db.after_commit.add(wake)


def stamp(doc, move) -> None:
	doc.handed_over_on, doc.next_try = now_datetime(), None
