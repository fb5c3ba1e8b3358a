"""Recruitment panels: people with lived experience choose new staff, with an equal vote (domain 1.6, 4.4; rows 3.11
and 4.8).

A panel belongs to an opportunity of the category *Recruitment panel*: who takes part with lived experience holds a
place there, so payment, access, papers and support come from there. `members.py` says who votes and who may begin,
`criteria.py` what is scored and who owns it, `scores.py` how scores are written and stay hidden, `decisions.py` what a
decision needs, `removal.py` and `beside.py` when candidates' data goes."""

from frappe import _
from frappe.utils import getdate

PANEL = "Recruitment Panel"
MEMBER = "Recruitment Panel Member"
CANDIDATE = "Recruitment Panel Candidate"
SCORE = "Panel Score"
LINE = "Panel Score Line"
OPPORTUNITY = "Involvement Opportunity"
CATEGORY = "Recruitment panel"
LIVED_EXPERIENCE, STAFF, HR = "Lived experience", "Staff", "HR"
CHAIR, ORDINARY, SHADOW = "Chair", "Member", "Shadow"
APPOINTED, RESERVE, NOT_APPOINTED, WITHDREW = "Appointed", "Reserve", "Not appointed", "Withdrew"
AS_IF_APPOINTABLE = (APPOINTED, RESERVE)
SCORED, CHOSE_NOT = "Scored", "Chose not to score"
APPOINTABLE, NOT_APPOINTABLE = "Appointable", "Not appointable"
SCORING = "Scoring"
# the members know what came of it
AFTERWARDS = ("Fed back", "Closed")
BEFORE_SCORING = ("Planned", "Convened", "Interviewing")
UNDECIDED = (*BEFORE_SCORING, SCORING)
MOST_SCORE = 3


def quarter(day) -> str:
	day = getdate(day)
	return _("{0}, quarter {1}").format(day.year, (day.month + 2) // 3)
