"""The ways a message reaches somebody, behind one interface.

To add one: a module with a `Channel` of its own, and a line in `channel`."""

from dataclasses import dataclass


class TryLater(Exception):
	"""It could not be handed over now; `str()` says why in plain words. Counts as an attempt."""


class Refused(Exception):
	"""It will never be taken like this: no further attempt."""


@dataclass(frozen=True)
class Outgoing:
	"""What a channel is given. `text` is the short text for a telephone, `body` is HTML; `attachments`: {fname,
	fcontent, content_type} each, for a mail."""

	name: str
	address: str
	subject: str
	body: str
	text: str
	attachments: tuple[dict, ...] = ()


class Channel:
	"""`by_hand`: a person passes it on and says so. `unaddressed`: what the outbox says of somebody without an
	address for this channel."""

	by_hand = False

	def waits_for(self) -> str:
		"""By hand: what the outbox says while it waits for somebody."""
		return ""

	def unaddressed(self) -> str:
		raise NotImplementedError

	def site_problem(self) -> str | None:
		"""What the site lacks before anything can be sent this way. Not an attempt: it waits until that is mended."""
		return None

	def hand_over(self, message: Outgoing) -> dict:
		"""Give it away; answers the outbox row's new values. Raises TryLater or Refused."""
		raise NotImplementedError


def channel(name: str) -> Channel:
	return _channels()[name]


def passed_on_by_hand() -> list[str]:
	"""The names of the channels where somebody prints, or tells."""
	return [name for name, way in _channels().items() if way.by_hand]


def _channels() -> dict[str, Channel]:
	from involvement_app.messages.channels import email, letter, phone, text_message

	return {
		"Email": email.CHANNEL,
		"Text message": text_message.CHANNEL,
		"Phone": phone.CHANNEL,
		"Post": letter.CHANNEL,
	}
