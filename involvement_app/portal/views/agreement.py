"""How we work together: agree, or not now (domain 4.2). Nothing waits for an answer."""

from frappe import _

from involvement_app.involvement_app import agreement
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = "/take-part/my/agreement"
AGREE, NOT_NOW = "agree", "not-now"


def show(visit):
	return page(
		visit,
		"agreement.html",
		_("How we work together"),
		agreements=agreement.agreements(visit.participant),
		history=agreement.history(visit.participant),
		saved=visit.asked("done") == "saved",
		agree=AGREE,
		not_now=NOT_NOW,
	)


def answer(visit):
	purpose, said = visit.typed("purpose", 140), visit.typed("answer", 10)
	known = [each.statement.purpose for each in agreement.agreements(visit.participant)]
	if purpose not in known or said not in (AGREE, NOT_NOW):
		raise Refused(Problem(_("Choose one of the buttons below.")))
	agreement.answer(visit.participant, purpose, said == AGREE)
	return see_other(HERE, done="saved")
