"""How hard a text is to read: Flesch-Kincaid, by our own count of syllables (domain 4.5, G11). It knows words and
sentences, not what is said, so it warns and never refuses."""

import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cstr

# the words an opportunity is read in
FIELDS = (
	"purpose",
	"what_can_change",
	"what_cannot_change",
	"benefit_to_participants",
	"description",
	"role_description",
	"time_commitment",
	"access_statement",
)
EASY_AGE = 11
PAGE = 500  # words on one page
ENOUGH = 30  # fewer words say nothing of how they read
MOST_MEASURED = 50_000  # letters
VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Measure:
	words: int
	age: int | None  # reading age in years; None for too few words

	@property
	def easy(self) -> bool:
		return self.age is None or self.age <= EASY_AGE

	@property
	def fits_a_page(self) -> bool:
		return self.words <= PAGE

	@property
	def advice(self) -> str:
		"""For whoever wrote it."""
		if self.age is None:
			return _("There are too few words to say how hard it is to read.")
		if self.easy and self.fits_a_page:
			return _("It fits one page, and is easy to read.")
		if self.easy:
			return _("It is longer than one page. Leave out what people need not know.")
		if self.fits_a_page:
			return _("It is hard to read for many people. Use shorter words and sentences.")
		return _("It is longer than one page, and hard to read. Leave out what people need not know.")

	@property
	def said(self) -> str:
		if self.age is None:
			return _("{0} words").format(self.words)
		return _("{0} words, reading age {1}").format(self.words, self.age)


def of_opportunity(opportunity) -> Measure:
	parts = (str(opportunity.get(fieldname) or "").strip() for fieldname in FIELDS)
	# each field is a text of its own, whether or not somebody put a full stop
	return measure("\n".join(part for part in parts if part))


@frappe.whitelist(methods=["POST"])
def how_it_reads(words: str) -> dict:
	"""{said, advice, fine} of what somebody is writing, a field on each line; nothing is kept. Raises
	PermissionError."""
	if not frappe.has_permission("Involvement Opportunity", "create"):
		raise frappe.PermissionError
	measured = measure(cstr(words)[:MOST_MEASURED])
	return {"said": measured.said, "advice": measured.advice, "fine": measured.easy and measured.fits_a_page}


def measure(text: str) -> Measure:
	words = re.findall(r"[a-z']+", text.lower())
	sentences = max(sum(bool(re.search(r"\w", part)) for part in re.split(r"[.!?\n]+", text)), 1)
	if len(words) < ENOUGH:
		return Measure(len(words), None)
	syllables = sum(_syllables(word) for word in words)
	grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
	return Measure(len(words), max(round(grade) + 5, 5))


def _syllables(word: str) -> int:
	count = len(VOWELS.findall(word))
	if word.endswith("e") and not word.endswith("le"):
		count -= 1
	return max(count, 1)
