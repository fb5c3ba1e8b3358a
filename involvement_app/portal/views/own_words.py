"""What one knows from one's own life, and one's goals (rows 0.6, 0.7, 0.11, 3.7)."""

from frappe import _

from involvement_app.involvement_app import own_words
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

EXPERIENCE, GOALS = "/take-part/my/experience", "/take-part/my/goals"
MOST = 2000


def experience_page(visit):
	own = reads.profile(visit.participant)
	areas, skills = reads.areas(visit.participant), reads.skills(visit.participant)
	return page(
		visit,
		"experience.html",
		_("What you know and can do"),
		own=own,
		areas=[(row.name, _(row.name)) for row in areas],
		skills=[(row.name, _(row.name)) for row in skills],
		ticked_areas=visit.ticked("areas", [row.name for row in areas if row.chosen]),
		ticked_skills=visit.ticked("skills", [row.name for row in skills if row.chosen]),
		saved=visit.asked("done") == "saved",
	)


def save_experience(visit):
	areas, skills = (
		visit.ticked_of(name, [row.name for row in read(visit.participant)])
		for name, read in (("areas", reads.areas), ("skills", reads.skills))
	)
	own_words.save_profile(
		visit.participant,
		{
			"experience": visit.typed("experience", MOST, _("What you know")),
			"skill_words": visit.typed("skill_words", MOST, _("What you are good at")),
			"areas": [{"area": area} for area in areas],
			"skills": [{"skill": skill} for skill in skills],
		},
	)
	return see_other(EXPERIENCE, done="saved")


def goals_page(visit):
	return page(
		visit,
		"goals.html",
		_("My goals"),
		goals=reads.goals(visit.participant),
		saved=visit.asked("done") == "saved",
	)


def save_goal(visit):
	"""A new goal, or with `name` one that is reached, not reached after all, or to be taken away."""
	name, what = visit.typed("name", 140), visit.typed("what", 20)
	if not name:
		_add(visit)
	elif what == "forget":
		own_words.forget_goal(visit.participant, name)
	else:
		own_words.change_goal(visit.participant, name, reached=what == "reached")
	return see_other(GOALS, done="saved")


def _add(visit) -> None:
	words = visit.typed("goal", MOST, _("Your goal"))
	if not words:
		raise Refused(Problem(_("Write your goal"), "goal"))
	try:
		own_words.add_goal(visit.participant, words)
	except own_words.TooManyGoals:
		raise Refused(Problem(_("That is enough for now. Take one away first."), "goal"))
