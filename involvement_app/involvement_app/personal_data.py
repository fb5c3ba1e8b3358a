"""What this module holds about a participant, where, and what erasure does with it (hook
`involvement_personal_data`; domain 4.11). Staff are named in many fields: as staff, which is no part of this."""

from functools import partial

import frappe

from involvement_app.involvement_privacy.personal_data import (
	NotPersonal,
	PersonalData,
	by_link,
	by_parent,
)

ENQUIRY = "Expression of Interest"


def _own(person, table):
	return table.name == person[1]


def _of_their_login(person, table):
	return table.user.isin(_logins(person))


def _messages(person, table):
	"""To them, as participant or as the login they have, and letters about them to anybody."""
	to_them = (table.recipient_doctype == person[0]) & (table.recipient == person[1])
	to_login = (table.recipient_doctype == "User") & table.recipient.isin(_logins(person))
	about_them = (table.reference_doctype == person[0]) & (table.reference_name == person[1])
	enquiry = frappe.qb.DocType(ENQUIRY)
	asked = frappe.qb.from_(enquiry).select(enquiry.name).where(enquiry.participant == person[1])
	as_enquirer = (table.recipient_doctype == ENQUIRY) & table.recipient.isin(asked)
	return to_them | to_login | about_them | as_enquirer


def _enquiries(person, table):
	leads_there = {ENQUIRY: table.name, "Involvement Participant": table.participant}.get(person[0])
	return table.name.isnull() if leads_there is None else leads_there == person[1]


def _logins(person):
	participant = frappe.qb.DocType("Involvement Participant")
	return (
		frappe.qb.from_(participant)
		.select(participant.user)
		.where((participant.name == person[1]) & participant.user.isnotnull())
	)


def _imports(person, table):
	"""The lists that brought them: the file and its header are on the Participant Import."""
	row = frappe.qb.DocType("Participant Import Row")
	return table.name.isin(
		frappe.qb.from_(row).select(row.participant_import).where(row.participant == person[1])
	)


def _scores(person, table):
	"""Of what they asked for, and those they gave: neither is whole without the other."""
	return (table.participant == person[1]) | (table.selector == person[1])


def _merges(person, table):
	return (table.kept == person[1]) | (table.merged == person[1])


OfParticipant = partial(PersonalData, of="Involvement Participant")

DECLARATIONS = {
	"Involvement Participant": OfParticipant(
		_own,
		renamed=("preferred_name",),
		blanked=(
			"pronouns",
			"person_doctype",
			"person",
			"user",
			"named_contact",
			"locality",
			"preferred_channel",
			"preferred_format",
			"safe_contact_notes",
			"language",
			"access_note",
			"source",
			"external_reference",
			"moved_how",
			"moved_told_how",
			"stories_when_leaving",
			"guardian",
			"guardian_told_how",
			"payment_eligibility",
			"authority_reference",
			"recorded_how",
			"told_how",
		),
		other=(
			"moved_by",
			"recorded_by",
			"guardian_recorded_by",
			"authority_recorded_by",
			"authority_confirmed_by",
			"authority_confirmed_on",
		),
		kept=("status", "units", "joined_on", "age_band", "merged_into"),
	),
	# of somebody who joined, or of somebody who never did: then the enquiry itself is the person
	"Expression of Interest": PersonalData(
		_enquiries,
		renamed=("person_name",),
		blanked=(
			"phone",
			"phone_key",
			"email",
			"preferred_channel",
			"safe_contact",
			"address_line1",
			"address_line2",
			"city",
			"pincode",
			"message",
			"conversation",
			"signposted_to",
			"namesake_because",
		),
		kept=("status", "participant", "unit", "locality", "came_by"),
		other=("recorded_by",),
	),
	"Involvement Participant Unit": OfParticipant(
		by_parent("Involvement Participant", _own),
		kept=("unit",),
	),
	"Involvement Application": OfParticipant(
		by_link("participant"),
		blanked=("hopes", "access_needs", "kind_words", "recorded_how", "clash_note"),
		kept=(
			"participant",
			"status",
			"payment_choice",
			"live_key",
			"opportunity",
			"chosen_amount",
			"charity",
		),
		other=("unit", "rate_rule", "recorded_by", "clash_allowed_by"),
	),
	"Involvement Invitation": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("recorded_how",),
		kept=("participant", "opportunity", "status", "once_key", "channel"),
		# the same for everybody who was asked with them
		other=("words", "run", "recorded_by"),
	),
	"Involvement Engagement": OfParticipant(
		by_link("participant"),
		blanked=("recorded_how", "told_how"),
		kept=(
			"participant",
			"status",
			"application",
			"participant_role",
			"payment_choice",
			"chosen_amount",
			"charity",
			"advice_read_on",
			"opportunity",
		),
		other=(
			"unit",
			"rate_rule",
			"rate_basis",
			"round_up_to",
			"role_determination",
			"payment_route",
			"recorded_by",
			"advice_given_by",
		),
	),
	"Involvement Opportunity Co-lead": OfParticipant(
		by_link("participant"), deleted=("participant", "told_how", "agreed_on")
	),
	"Involvement Session Attendance": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("access_words", "access_told_how"),
		kept=("engagement", "participant", "attendance", "hours", "preparation_hours", "access_met"),
	),
	"Involvement Message": OfParticipant(
		_messages,
		deleted=(
			"recipient_doctype",
			"recipient",
			"channel",
			"address",
			"template",
			"subject",
			"body",
			"short_text",
			"email_queue",
			"print_run",
			"error",
			"reference_doctype",
			"reference_name",
		),
		other=("status", "handled_by"),
	),
	"Portal Token": OfParticipant(_of_their_login, deleted=("user", "purpose", "token_hash", "bound_to")),
	"Wellbeing Support Plan": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"what_helps",
			"what_to_look_out_for",
			"please_do",
			"please_do_not",
			"topics_to_avoid",
			"supporter",
			"supporter_contact",
			"afterwards",
			"recorded_how",
			"told_how",
			"recorded_by",
		),
	),
	"Involvement Preference": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"contact_frequency",
			"ticked",
			"topics_wanted",
			"topics_never",
			"times_note",
			"way",
			"cap_period",
			"cap_weekday",
			"recorded_how",
			"told_how",
			"recorded_by",
		),
	),
	"Involvement Preference Type": OfParticipant(
		by_parent("Involvement Preference", by_link("participant")),
		deleted=("opportunity_type",),
	),
	"Involvement Preference Level": OfParticipant(
		by_parent("Involvement Preference", by_link("participant")),
		deleted=("level",),
	),
	"Lived Experience Profile": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"experience",
			"skill_words",
			"recorded_how",
			"told_how",
			"recorded_by",
		),
	),
	"Lived Experience Profile Area": OfParticipant(
		by_parent("Lived Experience Profile", by_link("participant")),
		deleted=("area",),
	),
	"Lived Experience Profile Skill": OfParticipant(
		by_parent("Lived Experience Profile", by_link("participant")),
		deleted=("skill",),
	),
	"Personal Goal": OfParticipant(by_link("participant"), deleted=("participant", "goal")),
	"Access Requirement": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"need",
			"share_with",
			"detail",
			"agreed",
			"recorded_how",
			"told_how",
			"recorded_by",
		),
	),
	# the list names other people too: its file goes with the first of them who asks
	"Participant Import": OfParticipant(
		_imports,
		blanked=("title", "file", "problem", "columns_found", "header"),
		other=("unit", "stage", "notice_method", "kind"),
	),
	"Participant Import Row": OfParticipant(
		by_link("participant"),
		deleted=("participant_import", "preferred_name", "reason", "data", "participant", "result"),
	),
	# of the person; who acts for them is named there
	"Participant Supporter": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"supporter_name",
			"email",
			"user",
			"recorded_how",
			"told_how",
			"recorded_by",
			"ended_by",
		),
	),
	"Participant Supporter Act": NotPersonal("a day and a word, which go with the row of whose act it was"),
	"Participant Merge": OfParticipant(
		_merges,
		blanked=("why", "filled"),
		kept=("kept", "merged", "rows_moved"),
		other=("merged_by",),
	),
	"Involvement Opportunity": NotPersonal("work that is planned, by staff"),
	"Involvement Opportunity Date": NotPersonal("when and where"),
	"Involvement Opportunity Gate": NotPersonal("a checklist"),
	"Involvement Opportunity Criterion": NotPersonal("what is asked of whoever takes part, not of anybody"),
	"Involvement Session": NotPersonal("when and where; who was there is in its attendance"),
	"Involvement Session Paper": NotPersonal("what everybody with a place reads"),
	"Involvement Session Task": NotPersonal("what staff have to do, and who did it"),
	"Involvement Settings": NotPersonal("choices of the organisation"),
	"Involvement Opportunity Template": NotPersonal("words to start from"),
	"Involvement Type": NotPersonal("a list to choose from"),
	"Involvement Unit": NotPersonal("a part of the organisation"),
	"Involvement Locality": NotPersonal("a list to choose from"),
	"Involvement Theme": NotPersonal("a list to choose from"),
	"Access Need Type": NotPersonal("a list to choose from"),
	"Lived Experience Area": NotPersonal("a list to choose from"),
	"Involvement Skill": NotPersonal("a list to choose from"),
	"Participation Level": NotPersonal("a list to choose from"),
	"Payment Rate Rule": NotPersonal("rates"),
	"Training Course": NotPersonal("what is taught; who helps to lead it is in its facilitators"),
	"Training Course Need": NotPersonal("what it comes before"),
	"Training Course Facilitator": OfParticipant(by_link("participant"), deleted=("participant", "does")),
	"Training Record": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"course",
			"once_key",
			"known_from",
			"recorded_how",
			"told_how",
			"recorded_by",
		),
		other=("staff",),
	),
	"Participant Check": OfParticipant(
		by_link("participant"),
		deleted=("participant", "preferred_name", "level", "eligibility", "outcome", "opportunity_type"),
		other=("recorded_by",),
	),
	"Ambassador Role": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("purpose", "will_talk", "wont_talk", "recorded_how", "told_how"),
		kept=("participant", "status", "training"),
		other=("support_person", "submitted_by", "approved_by", "edited_by", "recorded_by"),
	),
	"Ambassador Assignment": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("how_it_was", "support_words", "questions", "yes_missing", "recorded_how", "told_how"),
		kept=("participant", "role", "status", "opportunity", "application", "engagement", "identity"),
		other=(
			"title",
			"kind",
			"audience",
			"channel",
			"brief",
			"support_person",
			"outcome",
			"outcome_words",
			"recorded_by",
		),
	),
	# what they said yes and no to stays as the proof that it was asked
	"Media Consent": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("given_by", "evidence", "note"),
		kept=("participant", "decision", "channel", "identity", "method"),
		other=("statement", "text_hash", "recorded_by"),
	),
	# its uses end first (stories.withdraw_all), so that what is out comes down
	"Participant Story": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("words", "shown_name", "evidence", "recorded_how", "told_how", "agreed_version"),
		kept=("participant", "status", "prompt", "identity"),
		other=("approved_by", "recorded_by"),
	),
	"Participant Story Use": OfParticipant(
		by_parent("Participant Story", by_link("participant")),
		kept=("channel", "place", "link"),
		other=("ended_why", "put_by"),
	),
	"Story Takedown": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		kept=("participant", "story", "status", "channel", "place", "link"),
		other=("assigned_user", "why", "what_was_done", "done_by"),
	),
	"Reference Letter": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"status",
			"wanted_for",
			"letter",
			"kind_words",
			"recorded_how",
			"told_how",
			"recorded_by",
		),
		other=("signed_by",),
	),
	"Participant Question": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("question", "answer", "recorded_how", "told_how"),
		kept=("participant", "status"),
		other=("recorded_by", "answered_by"),
	),
	"Participant Contact Note": OfParticipant(
		by_link("participant"),
		deleted=("participant", "preferred_name", "by", "how", "summary", "follow_up"),
	),
	"Past Involvement": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("title", "part", "once_key"),
		kept=("participant", "opportunity_type"),
		other=("unit", "source"),
	),
	"Opportunity Reviewer": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"opportunity",
			"opportunity_title",
			"status",
			"words",
			"earlier_words",
			"recorded_how",
			"recorded_by",
		),
		other=("unit", "read_version"),
	),
	# of the applicant; who scored with lived experience is named there
	"Selection Score": PersonalData(
		_scores,
		of="Involvement Participant",
		deleted=(
			"application",
			"preferred_name",
			"participant",
			"selector",
			"recorded_how",
			"scores",
			"total",
			"knows_them",
			"own_key",
		),
		other=("selector_user", "selector_kind", "opportunity", "unit"),
	),
	"Selection Score Line": OfParticipant(
		by_parent("Selection Score", _scores), deleted=("score",), other=("criterion",)
	),
	# most are owed to everybody of an opportunity, and about nobody
	"Feedback Obligation": OfParticipant(
		by_link("participant"),
		renamed=("preferred_name",),
		blanked=("promised", "what_was_said", "what_changed", "what_could_not_change", "reason"),
		kept=("participant", "opportunity", "status"),
		other=("title", "unit", "kind", "feedback_owner", "owed_by", "kept_by", "once_key"),
	),
	# with their name; one without leads to nobody
	"Experience Feedback": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"what_to_change",
			"valued",
			"listened_to",
			"influenced",
			"part_of_a_team",
			"confidence",
			"wellbeing",
			"access_met",
			"level_felt",
		),
		other=("opportunity", "unit", "staff"),
	),
	"Experience Feedback Receipt": NotPersonal(
		"a keyed fingerprint of a place: it leads neither to a person nor to what was said"
	),
	"Recruitment Panel": NotPersonal("what staff plan; who sits on it is in its members"),
	"Recruitment Panel Provision": NotPersonal("a checklist"),
	"Recruitment Panel Candidate": NotPersonal(
		"a reference and initials; who that is, the register does not know"
	),
	"Recruitment Panel Member": OfParticipant(
		by_link("participant"),
		renamed=("member_name",),
		blanked=("stands_aside_for", "told_how"),
		kept=("participant", "kind", "role"),
		other=("staff", "recorded_by"),
	),
	"Recruitment Panel Question": OfParticipant(
		by_link("participant"), renamed=("author",), kept=("participant", "question"), other=("staff",)
	),
	"Recruitment Panel Criterion": OfParticipant(
		by_link("participant"),
		renamed=("owned_by",),
		blanked=("told_how",),
		kept=("participant", "criterion", "agreed_on"),
		other=("words_0", "words_1", "words_2", "words_3", "recorded_by"),
	),
	"Panel Score": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"member_name",
			"panel",
			"candidate",
			"answer",
			"appointable",
			"scores",
			"words",
			"total",
			"told_how",
			"own_key",
		),
		other=("unit", "kind", "staff", "recorded_by"),
	),
	"Panel Score Line": OfParticipant(
		by_parent("Panel Score", by_link("participant")), deleted=("score",), other=("criterion",)
	),
	"Opportunity Selector": OfParticipant(
		by_link("participant"),
		deleted=(
			"participant",
			"preferred_name",
			"opportunity",
			"opportunity_title",
			"status",
			"wanted_on",
			"reminded_on",
			"recorded_how",
			"recorded_by",
		),
		other=("unit",),
	),
	"Role Status Determination": NotPersonal("what a role counts as; decided for all who take it"),
	"Recruitment Count": NotPersonal("how many recruitments a unit had; no field is about a person"),
}
