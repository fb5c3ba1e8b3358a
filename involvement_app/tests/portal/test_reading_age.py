"""Pages of the portal are read by people of whom some find reading hard (law 12: reading age 9 to 11).

Flesch-Kincaid over what our templates say on each page, by textstat, which needs no download. A grade is a school
year: a child in grade 6 is 11 or 12. Every heading, line, label and button counts as a sentence of its own. Left out:
what staff and people wrote themselves."""

import unittest

from involvement_app.tests.portal.visitor import HTML, PortalTestCase, Visitor

try:
	from textstat import textstat
except ImportError:
	textstat = None

MOST_GRADE = 6.0
SAID = {"h1", "h2", "h3", "p", "li", "dt", "label", "legend", "button", "summary"}
# what these pages say is the organisation's or an opportunity's own
NOT_OURS = ("/take-part/privacy", "/take-part/opportunities/", "/take-part/my/consents")


def sentences(page) -> list[str]:
	"""What the page says, each thing once."""
	main = page.tree.find(f".//{HTML}main")
	said = []
	for element in main.iter():
		tag = str(element.tag).removeprefix(HTML)
		if tag in SAID and not any(
			str(inner.tag).removeprefix(HTML) in SAID for inner in list(element.iter())[1:]
		):
			words = " ".join("".join(element.itertext()).split())
			said.append(words if words.endswith((".", "?", "!")) else f"{words}.")
		elif "govuk-hint" in element.get("class", "").split():
			said.append(" ".join("".join(element.itertext()).split()))
	return [words for words in dict.fromkeys(said) if len(words) > 2]


def grade(text: str) -> float:
	return textstat.flesch_kincaid_grade(text)


@unittest.skipUnless(textstat, "textstat is not installed: dev/test brings it")
class TestReadingAge(PortalTestCase):
	def test_every_page_can_be_read_at_eleven(self):
		self.refresh()
		member, guest = Visitor().sign_in(self.me.user), Visitor()
		pages = [(guest, path) for path in self.guest_pages()]
		pages += [(member, path) for path in self.participant_pages()]
		for visitor, path in pages:
			if path.startswith(NOT_OURS):
				continue
			with self.subTest(path):
				said = sentences(visitor.get(path))
				found = grade(" ".join(said))
				self.assertLessEqual(found, MOST_GRADE, said)

	def test_the_measure_tells_easy_from_hard(self):
		self.assertLess(grade("You can say no. You do not need a reason. Nobody asks why."), 3)
		self.assertGreater(
			grade("Participation necessitates comprehensive consideration of organisational prerequisites."),
			12,
		)
