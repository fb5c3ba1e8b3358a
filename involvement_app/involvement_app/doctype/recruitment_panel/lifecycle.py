"""From the plan to the thanks (domain 4.4, 4.12). The chair decides, by being the chair: no role does."""

from involvement_app.involvement_app.panels import criteria, decisions, members, reminders
from involvement_app.lifecycle import Lifecycle, State, Transition
from involvement_app.lifecycle.guards import required
from involvement_app.setup.roles import HR_OFFICER

STAFF = (HR_OFFICER,)
LEADS = {"roles": STAFF, "relations": ("chair",)}

LIFECYCLE = Lifecycle(
	doctype="Recruitment Panel",
	states=(
		State("Planned"),
		State("Convened", colour="Blue"),
		State("Interviewing", colour="Blue"),
		State("Scoring", colour="Orange"),
		State("Decided", colour="Yellow"),
		State("Fed back", colour="Green"),
		State("Closed", colour="Green"),
		State("Called off"),
	),
	relations={"chair": members.is_chair},
	transitions=(
		Transition("Convene", ("Planned",), "Convened", roles=STAFF, said="convened the panel"),
		Transition("Start interviews", ("Convened",), "Interviewing", **LEADS),
		Transition("Start scoring", ("Interviewing",), "Scoring", **LEADS),
		Transition("Decide", ("Scoring",), "Decided", relations=("chair",)),
		Transition(
			"Tell the members",
			("Decided",),
			"Fed back",
			roles=STAFF,
			asks="feedback_words",
			said="told the members what came of it",
		),
		Transition("Close", ("Fed back",), "Closed", roles=STAFF),
		Transition(
			"Call off",
			("Planned", "Convened", "Interviewing", "Scoring"),
			"Called off",
			roles=STAFF,
			asks="called_off_because",
			warns="Members read why. What was scored is removed with the candidates' data.",
		),
		Transition("End", ("Planned", "Convened", "Interviewing", "Scoring"), "Called off", job=True),
	),
	guards={
		"Convened": (members.is_complete,),
		"Interviewing": (members.is_complete, members.is_provided, criteria.are_owned),
		"Scoring": (
			members.is_complete,
			criteria.are_owned,
			criteria.are_agreed,
			members.is_seen_by_lived_experience,
		),
		"Decided": (
			decisions.nothing_rides_along,
			decisions.scores_are_open,
			decisions.lived_experience_has_spoken,
			members.is_seen_by_lived_experience,
			decisions.everybody_has_an_outcome,
			decisions.reasons_are_written,
		),
		"Fed back": (required("feedback_words"),),
		"Called off": (required("called_off_because"),),
	},
	effects={
		"Convened": (members.note_who_sits, decisions.ask_members),
		"Scoring": (reminders.note_since_when, decisions.ask_for_scores),
		"Decided": (members.note_who_sits, decisions.note_the_decision),
		"Fed back": (decisions.tell_members,),
		"Called off": (decisions.note_when_data_goes,),
	},
)
