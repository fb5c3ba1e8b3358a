"""Topics are people's own words. What somebody never wants to be asked about keeps an invitation away as soon as one
of their words that means something is in the opportunity's words: better asked once too seldom than hurt."""

import re

WORD = re.compile(r"[^\W\d_]{3,}")
# say nothing about a topic: of the language, and of every opportunity
PLAIN = frozenset(
	"""about after again all also always and another any anybody anyone anything are around ask asked asking bad because
been before being between both but can cannot could did does doing done don down each either else ever every everyone
everything few for from general get give good great had has have having help her here him his how into involved
involving its just kind kinds know like likes long look lot made make makes many matter may maybe more most much must
near need needs never new not nothing off old one ones only other our out over own part please quite rather really same
say see set she should small some somebody someone something still stuff such talk talking than that the their them then
there these they thing things this those through time times too under until use used using very want wants was way ways
well were what when where which while who whom whose why will with without work working would yes yet you your
activities activity board change changes consultation decide decision decisions discuss discussion event events
experience experiences feedback forum group groups help idea ideas involvement join meeting meetings opinion
opportunities opportunity organisation participant participants participate people person place plan planning
programme project projects question questions review reviewing reviews role roles service services session sessions
share sharing staff support survey take taking team teams topic topics training view views voice week year""".split()
)
# more than any opportunity says; what is longer is not read to the end
MOST_WORDS = 400


def meaning(words: str | None) -> set[str]:
	"""The words that say what something is about, each in its plainest form."""
	found = (word for word in WORD.findall((words or "").casefold()) if word not in PLAIN)
	return {stem for stem in map(_stem, found) if stem not in PLAIN}


def _stem(word: str) -> str:
	"""Without the ending of a plural: “hospitals” and “hospital” are one."""
	if len(word) > 4 and word.endswith("ies"):
		return word[:-3] + "y"
	if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
		return word[:-1]
	return word


def pattern(stems: set[str]) -> str:
	"""For the database: any word that `shared` would find. Letters alone, so nothing in it is a sign; "" for none."""
	words = sorted(word for stem in sorted(stems)[:MOST_WORDS] for word in _words_of(stem))
	return rf"(?<!\p{{L}})(?:{'|'.join(words)})(?!\p{{L}})" if words else ""


def _words_of(stem: str) -> list[str]:
	alike = (stem, f"{stem}s", f"{stem[:-1]}ies" if stem.endswith("y") else stem)
	return [word for word in dict.fromkeys(alike) if meaning(word) == {stem}]


def shared(words: str | None, stems: set[str]) -> set[str]:
	return meaning(words) & stems
