"""How hard a text is to read: Flesch-Kincaid, by our own count of syllables (domain 4.5, G11). It knows words and
sentences, not what is said, so it warns and never refuses."""

import re
from dataclasses import dataclass

from frappe import _

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
	def said(self) -> str:
		if self.age is None:
			return _("{0} words").format(self.words)
		return _("{0} words, reading age {1}").format(self.words, self.age)


def of_opportunity(opportunity) -> Measure:
	parts = (str(opportunity.get(fieldname) or "").strip() for fieldname in FIELDS)
	# each field is a text of its own, whether or not somebody put a full stop
	return measure("\n".join(part for part in parts if part))


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
