"""What each identity's mailbox received: the app's own mails about the world, and what the desk sent.

The mails are made by the code that makes them for real, about documents whose fields hold canaries, are handed over
by the outbox, carried by Frappe, and read from the mail catcher. A subject or a header holds no canary but the
charity's own name and address; a text those that its reader may hear (`mail` in entitlement.py)."""

import email
import email.policy
import os
from types import SimpleNamespace

import frappe
import requests

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import places, portal_access
from involvement_app.involvement_app.doctype.involvement_application.lifecycle import say_it_kindly
from involvement_app.involvement_app.doctype.involvement_opportunity.lifecycle import tell_author
from involvement_app.involvement_payments import batches, telling
from involvement_app.involvement_payments.doctype.involvement_payment.lifecycle import tell
from involvement_app.messages.dispatcher import recipient
from involvement_app.portal import links
from involvement_app.tests.canaries import search
from involvement_app.tests.compat import as_user

# what the charity itself writes on its letters: From and Reply-To
LETTERHEAD = {("Involvement Settings", "sender_name"), ("Involvement Settings", "contact_email")}
SOMEBODY = SimpleNamespace(user="Administrator")


def everything_the_app_mails(world) -> None:
	"""Each template about a document whose fields hold canaries, by the code that sends it."""
	for key in ("a", "b", "c"):
		opportunity = _stored(world.opportunities[key])
		for template in ("Involvement approved", "Involvement changes wanted"):
			tell_author(template)(opportunity, SOMEBODY)
	for name in _of(world, "Involvement Application", "a/bob"):
		say_it_kindly(frappe.get_doc("Involvement Application", name), SOMEBODY)
		with as_user(world.user("coordinator")):
			places.offer(name)
	for payment in world.payments.values():
		for template in ("Involvement payment returned", "Involvement payment not made"):
			tell(template)(_stored(payment), SOMEBODY)
	batch = _stored(world.batch)
	for line in batch.lines:
		line.participant = frappe.db.get_value("Involvement Payment", line.payment, "participant")
	telling.paid(batch, batch.lines, batches._payments(batch), "2026-01-01")
	for person in (world.ann, world.bob):
		portal_access._tell(_stored(person))
	for purpose in links.MAILS:
		links.send(world.user("ann"), purpose)
	with as_user(world.user("manager")):
		lifecycle.apply(_stored(world.opportunities["c"]), "Cancel opportunity")


def _stored(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def _of(world, doctype: str, label: str) -> list[str]:
	return [name for (of, name), each in world.label.items() if of == doctype and each == label]


class Mailboxes:
	def __init__(self, world):
		self.world = world
		self.url = f"{os.environ['INVOLVEMENT_MAIL_URL']}/api/messages"
		self.session = requests.Session()
		self.session.trust_env = False  # no proxy stands between the test and its own server
		self.owner = {identity.user.lower(): name for name, identity in world.identities.items()}
		for name, person in (("ann", world.ann), ("bob", world.bob)):
			self.owner[recipient(person.doctype, person.name).address.lower()] = name

	def empty(self) -> None:
		self.session.delete(self.url)

	def carry(self) -> None:
		"""As the worker would: the outbox's mails, then what else waits in the queue. Frappe sends nothing in a
		test, which this is not for as long as it takes."""
		for name in ("quiet_from", "quiet_until"):
			frappe.db.set_single_value("Involvement Settings", name, None)  # the tests run at night too
		frappe.db.commit()  # the outbox commits after each mail, because what has left cannot be taken back
		frappe.flags.in_test = False
		try:
			messages.work()
			# one by one: each mail is a talk with the mail server
			for name in frappe.get_all("Email Queue", {"status": "Not Sent"}, pluck="name"):
				frappe.get_doc("Email Queue", name).send()
		finally:
			frappe.flags.in_test = True
		frappe.db.commit()  # as above

	def received(self) -> list[tuple[str, dict]]:
		"""[(identity, message)]; who is none of ours is a guest."""
		return [
			(self.owner.get(address.lower(), "guest"), message)
			for message in self.session.get(self.url).json()
			for address in message["to"]
		]

	def whole(self, message: dict) -> bytes:
		"""All of it, with what is attached unpacked."""
		raw = self.session.get(f"{self.url}/{message['id']}").content
		parts = email.message_from_bytes(raw, policy=email.policy.default).walk()
		return b"\n".join(part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart())

	def canaries(self):
		"""[(identity, "subject" or "mail", canary)]"""
		for identity, message in self.received():
			head = "\n".join([message["subject"], *(": ".join(each) for each in message["headers"])])
			for where, told in (("subject", search.tokens(head.encode())), ("mail", self._tokens(message))):
				for token in told:
					canary = self.world.canaries.by_token.get(token)
					if canary and (canary.doctype, canary.fieldname) not in LETTERHEAD:
						yield identity, where, canary

	def _tokens(self, message: dict) -> set[str]:
		raw = self.whole(message)
		return search.tokens(raw) | search.tokens(f"{message['text']}{message['html']}".encode())
