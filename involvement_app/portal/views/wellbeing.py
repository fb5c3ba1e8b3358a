"""My wellbeing plan: written by the person, read by those who are with them at a session, and by whom."""

from frappe import _

from involvement_app.involvement_app import consents, wellbeing
from involvement_app.portal import reads, yes_first
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused

HERE = "/take-part/my/wellbeing-plan"
MOST, MOST_SHORT = 2000, 140


def boxes() -> list[tuple[str, str, str]]:
	"""(field, question, an example) of what one may write; none has to be."""
	return [
		("what_helps", _("What helps you?"), _("For example: ten minutes outside.")),
		(
			"what_to_look_out_for",
			_("How can we see that things are hard for you?"),
			_("For example: I go quiet."),
		),
		("please_do", _("What can we do then?"), ""),
		("please_do_not", _("What should we not do?"), ""),
		("topics_to_avoid", _("What do you not want to talk about?"), ""),
		("afterwards", _("What is good for you afterwards?"), _("For example: a text the next day.")),
	]


def show(visit):
	plan = reads.wellbeing_plan(visit.participant)
	return page(
		visit,
		"wellbeing.html",
		_("My wellbeing plan"),
		plan=plan,
		boxes=boxes(),
		may_contact=visit.ticked("may_contact_supporter", ["yes"] if plan.may_contact_supporter else []),
		statement=yes_first.statement(visit, consents.WELLBEING),
		readers=reads.readers_of_plan(visit.participant) if plan else [],
		done={"saved": _("It is saved."), "gone": _("It is gone. We no longer keep it.")}.get(
			visit.asked("done")
		),
	)


def save(visit):
	values = {field: visit.typed(field, MOST, question) for field, question, _example in boxes()}
	values["supporter"] = visit.typed("supporter", MOST_SHORT, _("Who we may contact"))
	values["supporter_contact"] = visit.typed("supporter_contact", MOST_SHORT, _("How we reach them"))
	if not any(values.values()):
		raise Refused(Problem(_("Write something in one of the boxes"), boxes()[0][0]))
	values["may_contact_supporter"] = int("yes" in visit.ticked("may_contact_supporter", []))
	yes_first.take(visit, consents.WELLBEING)
	wellbeing.write(visit.participant, values)
	return see_other(HERE, done="saved")


def remove(visit):
	wellbeing.take_away(visit.participant)
	return see_other(HERE, done="gone")
