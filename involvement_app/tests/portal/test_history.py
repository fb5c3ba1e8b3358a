"""What one did before the register was kept, and what is kept of a check, on one's own page."""

from frappe.utils import add_days, today

from involvement_app.portal import words
from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import TwoPeople

HERE = "/take-part/my/history"


class TestHistory(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		factories.past_involvement(cls.me, title="Chose <b>the</b> manager", part="On the panel", hours=1.5)
		factories.past_involvement(cls.other, title="Theirs alone")
		cls.check = factories.participant_check(
			cls.me,
			level="Enhanced with barred lists",
			outcome="Talked over with the person",
			checked_on=add_days(today(), -400),
			renew_on=add_days(today(), 300),
		)
		factories.participant_check(cls.other, eligibility="Visits young people at home alone")

	def test_what_was_written_about_one_is_read_by_that_person_who_can_say_that_it_is_wrong(self):
		"""Row 0.11: what somebody did before is shown to them, and one link begins the question that puts it right."""
		visitor = self.signed_in()
		self.assertIn(HERE, visitor.get("/take-part/my").html)
		page = visitor.get(HERE)
		text = page.text()
		for said in ("Chose <b>the</b> manager", "On the panel", "1 hour 30 minutes", "Tuesday 16 May 2023"):
			self.assertIn(said, text)
		self.assertNotIn("Theirs alone", text)
		target = f"{HERE.replace('history', 'messages')}?about=history"
		self.assertIn(target, [link.get("href") for link in page.all("a")])
		asked = visitor.get(target)
		self.assertIn("What you wrote about what I did before", asked.fields()["question"])
		self.assertEqual(visitor.get(f"{target}%3Cb%3E").fields()["question"], "")

	def test_of_a_check_one_reads_why_the_outcome_and_the_day_and_no_more(self):
		"""Row 4.2: a check is no secret from the person, and no more is kept in sight than they need."""
		page = self.signed_in().get(HERE)
		text = page.text()
		for said in (
			"We talked it over with you.",
			self.check.eligibility,
			words.day(self.check.checked_on),
			"It is no mark against you.",
		):
			self.assertIn(said, text)
		for hidden in ("barred", "Enhanced", self.check.recorded_by, words.day(self.check.renew_on)):
			self.assertNotIn(hidden, page.html)
		self.assertNotIn("Visits young people", page.html)
