"""Text messages through the gateway that the site names in Frappe's SMS Settings.

This calls the gateway itself. Frappe's `send_sms` would keep words and number in SMS Log, in a list that has nothing
to do with us (the outbox is the only log); its `send_request` waits for ever for a gateway that never answers, and
every other message with it."""

import frappe
import requests
from frappe import _
from frappe.core.doctype.sms_settings.sms_settings import get_headers
from frappe.utils import now_datetime

from involvement_app.messages.channels import Channel, Outgoing, Refused, TryLater

NOT_IN_A_NUMBER = str.maketrans("", "", " -()./")
SECONDS = 20  # to be reached, and again to answer
# the gateway says: this number or text will never do
FINAL = {400, 404, 410, 422}


class TextMessage(Channel):
	def unaddressed(self) -> str:
		return _("There is no mobile number for this person")

	def site_problem(self) -> str | None:
		if frappe.db.get_single_value("SMS Settings", "sms_gateway_url"):
			return None
		return _("No text message service is set up (SMS Settings)")

	def hand_over(self, message: Outgoing) -> dict:
		if not message.text:  # written before there were text messages
			raise Refused(_("There is no short text for it. Please tell them yourself."))
		gateway = frappe.get_cached_doc("SMS Settings")
		headers = get_headers(gateway)
		words = {row.parameter: row.value for row in gateway.parameters if not row.header}
		words[gateway.message_parameter] = message.text
		words[gateway.receiver_parameter] = message.address.translate(NOT_IN_A_NUMBER)
		try:
			_ask(gateway, words, headers)
		except requests.HTTPError as answer:
			_refuse(answer.response.status_code)
		except requests.RequestException as problem:
			# never its own words: they hold the address with number, text and the gateway's key
			raise TryLater(
				_("The text message service cannot be reached ({0})").format(type(problem).__name__)
			)
		return {"status": "Sent", "sent_on": now_datetime(), "error": None}


def _ask(gateway, words: dict, headers: dict) -> None:
	"""As the settings say: in the address, as a form or as JSON. Raises requests.RequestException."""
	if headers.get("Content-Type") == "application/json":
		place = "json"
	else:
		place = "data" if gateway.use_post else "params"
	requests.request(
		"POST" if gateway.use_post else "GET",
		gateway.sms_gateway_url,
		headers=headers,
		timeout=SECONDS,
		**{place: words},
	).raise_for_status()


def _refuse(status: int) -> None:
	words = _("The text message service refused it ({0})").format(status)
	raise (Refused if status in FINAL else TryLater)(words)


CHANNEL = TextMessage()
