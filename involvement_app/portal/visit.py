"""One request to the portal: who asks, for what, and what they sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import frappe
from frappe import _
from frappe.utils import cint
from werkzeug.datastructures import MultiDict

from involvement_app.involvement_app import participants, supporters

# What the two free-text boxes of a form hold at most, in characters.
MOST_TEXT = 4000


@dataclass(frozen=True)
class Problem:
	"""Something to put right. `field` is the name of the input it belongs to, None for the whole form."""

	text: str
	field: str | None = None


class Refused(Exception):
	"""The form cannot be taken as it is; the page is shown again with these problems and what was typed."""

	status = 422

	def __init__(self, *problems: Problem):
		super().__init__(*(problem.text for problem in problems))
		self.problems = list(problems)


class Missing(Exception):
	"""There is no such page for this person: the same answer whether or not the record exists."""


@dataclass
class Visit:
	path: str
	problems: list[Problem] = field(default_factory=list)
	# what this person wrote here before they were signed out (kept.py)
	brought_back: MultiDict = field(default_factory=MultiDict)
	too_often: bool = False  # this account has sent this form as often as it may (limits.py)
	drops_cookie: str | None = None
	# field → what was chosen there, read and made anew once (uploads.py)
	made_anew: dict[str, list] = field(default_factory=dict)

	@property
	def request(self):
		return frappe.local.request

	@property
	def is_post(self) -> bool:
		return self.request.method == "POST"

	@property
	def user(self) -> str:
		return frappe.session.user

	@property
	def signed_in(self) -> bool:
		return self.user != "Guest"

	@cached_property
	def participant(self) -> str | None:
		"""Whom this visit is about, from the session, never from the request: the reader themself, or the one they act
		for now."""
		return self.acting.participant if self.acting else self.own_participant

	@property
	def own_participant(self) -> str | None:
		return participants.participant_of() if self.signed_in else None

	@cached_property
	def acting(self):
		"""By which row of Participant Supporter they act for somebody, asked anew with each request; None: as
		themself."""
		return supporters.one(self._acting_by) if self._acting_by else None

	@property
	def acting_ended(self) -> bool:
		"""They were acting for somebody, and may no longer. Nothing is then done as themself by mistake."""
		return bool(self._acting_by) and not self.acting

	@property
	def _acting_by(self) -> str | None:
		return frappe.session.data.get("involvement_acting") if self.signed_in else None

	@property
	def standing(self) -> str | None:
		"""Active, Paused, …: the person's state; no query of its own."""
		if self.acting:
			return self.acting.status
		return participants.standing_of() if self.participant else None

	def typed(self, name: str, most: int = MOST_TEXT, label: str | None = None) -> str:
		"""What was typed into `name`, tidied. Raises Refused when it is longer than `most` characters."""
		text = tidy(self.request.form.get(name, ""))
		if len(text) > most:
			raise Refused(
				Problem(
					_("{0} is too long. Use {1} letters or fewer.").format(
						label or _("What you wrote"), most
					),
					name,
				)
			)
		return text

	def secret(self, name: str) -> str:
		"""A password or token: as it was typed."""
		return self.request.form.get(name, "")

	def kept(self, name: str, otherwise: str | None = "") -> str:
		"""For filling an input again: what was sent, else what the page starts with."""
		sent = self.request.form if self.is_post else self.brought_back
		return tidy(sent[name]) if name in sent else otherwise or ""

	def ticked(self, name: str, otherwise: list[str]) -> list[str]:
		"""For ticking boxes again: those that were sent, else those the page starts with."""
		sent = self.request.form if self.is_post else self.brought_back
		return [tidy(value) for value in sent.getlist(name)] if sent else otherwise

	def ticked_of(self, name: str, known: list[str]) -> list[str]:
		"""What was ticked of what there is, each once."""
		return [value for value in dict.fromkeys(self.ticked(name, [])) if value in known]

	def found(self, read: Callable[[str, str | None], dict | None], name: str) -> dict:
		"""What `read` finds under `name` for this person. Raises Missing."""
		row = read(name, self.participant)
		if not row:
			raise Missing
		return row

	def asked(self, name: str) -> str:
		"""A value from the address (filters, page numbers)."""
		return tidy(self.request.args.get(name, ""))[:140]

	@property
	def settings(self):
		return frappe.get_cached_doc("Involvement Settings")

	@property
	def with_money(self) -> bool:
		"""Finance mode None hides payments everywhere."""
		return self.settings.finance_mode != "None"

	def needs_money(self) -> None:
		"""For pages about money. Raises Missing in finance mode None."""
		if not self.with_money:
			raise Missing

	@property
	def page_number(self) -> int:
		"""Which page of a long list was asked for."""
		return min(max(cint(self.asked("page")), 1), 1000)

	@property
	def errors(self) -> dict[str, str]:
		"""The first problem of each field."""
		return {problem.field: problem.text for problem in reversed(self.problems) if problem.field}


def tidy(text: str) -> str:
	"""Without control characters, with one kind of line end."""
	text = text.replace("\r\n", "\n").replace("\r", "\n")
	return "".join(
		sign for sign in text if sign == "\n" or sign.isprintable() or sign in "\u200d\u200e\u200f\t"
	).strip()
