import unittest
from datetime import date, datetime
from types import SimpleNamespace

from involvement_app.portal import words
from involvement_app.portal.rich_text import rebuilt
from involvement_app.portal.visit import tidy


class TestWords(unittest.TestCase):
	def test_times_are_said_as_people_say_them(self):
		for (hour, minute), said in {
			(0, 0): "midnight",
			(0, 30): "12:30am",
			(9, 5): "9:05am",
			(12, 0): "midday",
			(12, 15): "12:15pm",
			(14, 0): "2pm",
			(23, 59): "11:59pm",
		}.items():
			self.assertEqual(words.clock(SimpleNamespace(hour=hour, minute=minute)), said)

	def test_several_ways_are_said_as_people_say_them(self):
		for parts, said in (
			([], ""),
			(["online", None], "online"),
			(["Otterford", "", "online", "by post"], "Otterford, online or by post"),
		):
			self.assertEqual(words.any_of(parts), said)

	def test_days_have_their_weekday(self):
		self.assertEqual(words.day(date(2026, 7, 14)), "Tuesday 14 July 2026")
		self.assertEqual(words.day(None), "")

	def test_a_span_names_the_day_once(self):
		start, end = datetime(2026, 7, 14, 14), datetime(2026, 7, 14, 16, 30)
		self.assertEqual(words.span(start, end), "Tuesday 14 July 2026, 2pm to 4:30pm")

	def test_hours_are_said_without_decimals(self):
		for value, said in {
			1: "1 hour",
			2.5: "2 hours 30 minutes",
			0.5: "30 minutes",
			1.75: "1 hour 45 minutes",
		}.items():
			self.assertEqual(words.hours(value), said)

	def test_plain_text_becomes_paragraphs_of_lines(self):
		self.assertEqual(words.blocks("a\r\nb\n\n\nc\n\n \n"), [["a", "b"], ["c"]])
		self.assertEqual(words.blocks(None), [])

	def test_only_the_web_is_an_address(self):
		self.assertEqual(words.web_address("https://example.org"), "https://example.org")
		for other in ("javascript:alert(1)", "data:text/html,x", "//example.org", "", None):
			self.assertIsNone(words.web_address(other))

	def test_typed_text_is_tidied_and_keeps_every_script(self):
		self.assertEqual(tidy(" a\x00\x1b\r\nb "), "a\nb")
		for text in ("👩🏽‍🦽 café", "שלום", "مرحبا", "a\n\nb"):
			self.assertEqual(tidy(text), text)


class TestRichText(unittest.TestCase):
	def test_keeps_what_it_knows(self):
		html = '<h1>A</h1><p>b <b>c</b><br><a href="https://example.org/?a=1&amp;b=2">d</a></p><ul><li>e</li></ul>'
		self.assertEqual(
			rebuilt(html),
			'<h2>A</h2><p>b <strong>c</strong><br><a class="govuk-link" href="https://example.org/?a=1&amp;b=2" '
			'rel="noreferrer">d</a></p><ul><li>e</li></ul>',
		)

	def test_drops_the_rest_and_keeps_its_words(self):
		for html, left in {
			'<p onclick="x" style="y">a</p>': "<p>a</p>",
			"<script>alert(1)</script><p>a</p>": "<p>a</p>",
			'<form action="//x"><input name="q">a</form>': "a",
			'<a href="javascript:alert(1)">a</a>': "a",
			'<a href="JaVaScRiPt:alert(1)">a</a>': "a",
			"<!-- <p>x</p> -->a": "a",
			"<svg><script>alert(1)</script></svg>a": "a",
			"a &lt;script&gt; b": "a &lt;script&gt; b",
			"<b <script>a": "<strong>a</strong>",
			"[1]": "[1]",
		}.items():
			with self.subTest(html):
				self.assertEqual(rebuilt(html), left)

	def test_no_words_are_no_notice(self):
		for html in (None, "", "<p><br></p>", '<div class="ql-editor read-mode"><p> </p></div>'):
			self.assertIsNone(rebuilt(html))
