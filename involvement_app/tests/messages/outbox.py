"""What tests of the outbox share."""

import email
import email.policy

import frappe
from frappe.utils import add_to_date, now_datetime

from involvement_app import messages
from involvement_app.messages import outbox
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

OUTBOX = "Involvement Message"
TEMPLATE = "Involvement place taken"
CONTEXT = {"title": "Shape the welcome leaflet", "link": "https://take-part.example/my"}


class OutboxCase(IntegrationTestCase):
	"""No quiet hours, whatever the clock says while the tests run."""

	def setUp(self):
		super().setUp()
		self.configure(quiet_from=None, quiet_until=None)

	def configure(self, doctype: str = "Involvement Settings", **values) -> None:
		self.addCleanup(frappe.clear_document_cache, doctype, doctype)
		for fieldname, value in values.items():
			frappe.db.set_single_value(doctype, fieldname, value)
		frappe.clear_document_cache(doctype, doctype)

	def person(self, channel: str = "Email", status: str = "Active", **kw):
		"""Sam Example, with an e-mail address and a mobile number unless told otherwise."""
		address, phone = kw.pop("email", None), kw.pop("phone", "07700 900123")
		person = factories.participant(
			person=factories.contact("Sam", email=address, phone=phone),
			preferred_name=kw.pop("preferred_name", "Sam"),
			preferred_channel=channel,
			**kw,
		)
		if status != "Active":
			frappe.db.set_value("Involvement Participant", person.name, "status", status)
		return person

	def message(self, person=None, template: str = TEMPLATE, **kw) -> str:
		person = person or self.person()
		return messages.send(
			template, (person.doctype, person.name), {**CONTEXT, **kw.pop("context", {})}, **kw
		)

	def row(self, name: str):
		return frappe.get_doc(OUTBOX, name)

	def age(self, name: str, **by) -> None:
		"""As if it had been waiting that long."""
		past = add_to_date(now_datetime(), **{unit: -n for unit, n in by.items()})
		frappe.db.set_value(
			OUTBOX, name, {"creation": past, "waits_since": past, "modified": past}, update_modified=False
		)

	def due(self, name: str) -> None:
		frappe.db.set_value(OUTBOX, name, "send_after", add_to_date(now_datetime(), seconds=-1))

	def no_account(self) -> None:
		frappe.db.set_value("Email Account", {"default_outgoing": 1}, "default_outgoing", 0)
		self.forget_account()

	def forget_account(self) -> None:
		frappe.local.outgoing_email_account = {}


def mail_of(name: str) -> email.message.EmailMessage:
	"""The mail that Email Queue holds for a message of the outbox."""
	queued = frappe.db.get_value(OUTBOX, name, "email_queue")
	raw = frappe.db.get_value("Email Queue", queued, "message")
	return email.message_from_string(raw, policy=email.policy.default)


def html_of(name: str) -> str:
	return mail_of(name).get_body(("html",)).get_content()


def deliver_new(template: str) -> str:
	"""Hand over the newest message of `template`; answers its name."""
	name = frappe.get_last_doc(OUTBOX, {"template": template}).name
	outbox.deliver(name)
	return name
