"""Who may begin, who may read, and what a decision needs (rows 3.11 and 4.8)."""

import frappe
from frappe.utils import add_days, today

from involvement_app import lifecycle
from involvement_app.involvement_app import panels
from involvement_app.involvement_app.panels import criteria, decisions, members, scores
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

WHY = "We agreed on a longer trial"


class PanelTestCase(IntegrationTestCase):
	def hr(self):
		return self.as_user(factories.staff(roles.HR_OFFICER))

	def step(self, panel, action: str, by: str | None = None, **values):
		with self.as_user(by or factories.staff(roles.HR_OFFICER)):
			return lifecycle.apply(frappe.get_doc(panel.doctype, panel.name), action, **values)

	def edit(self, panel, change, by: str | None = None):
		with self.as_user(by or factories.staff(roles.HR_OFFICER)):
			doc = frappe.get_doc(panel.doctype, panel.name)
			change(doc)
			return doc.save()

	def stored(self, panel, field: str = "status"):
		return frappe.db.get_value(panel.doctype, panel.name, field)

	def lived(self, panel) -> list[str]:
		return [row.participant for row in members.lived_voters(panel)]

	def chaired_by_staff(self, status: str = "Scoring"):
		"""(panel, the chair's user)."""
		panel = factories.recruitment_panel()
		chair = factories.staff(roles.PANEL_MEMBER)

		def swap(doc):
			for row in doc.members:
				row.role = "Chair" if row.staff == chair else "Member"

		panel = self.edit(panel, swap)
		for action in factories.PANEL_STEPS[
			: ("Planned", "Convened", "Interviewing", "Scoring").index(status)
		]:
			panel = self.step(panel, action)
		return panel, chair

	def decide(self, panel, chair: str, **chosen):
		with self.as_user(chair):
			decisions.decide(
				panel.name,
				{
					"C-1": ("Appointed", ""),
					"C-2": ("Reserve", ""),
					**{key.replace("_", "-"): value for key, value in chosen.items()},
				},
			)


class TestWhoReadsIt(PanelTestCase):
	def assertSees(self, user: str, doc, sees: bool) -> None:
		with self.subTest(user), self.as_user(user):
			self.assertEqual(frappe.has_permission(doc.doctype, "read", doc.name), sees)
			try:
				listed = doc.name in frappe.get_list(doc.doctype, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, sees)

	def test_members_of_staff_see_their_own_panel_alone(self):
		doc = factories.recruitment_panel()
		for user, sees in (
			(factories.staff(roles.HR_OFFICER), True),
			(factories.staff(roles.COORDINATOR), True),
			(factories.staff(roles.MANAGER), True),
			(factories.staff(roles.PANEL_MEMBER), True),
			(factories.another(roles.PANEL_MEMBER), False),
			*((user, False) for user in factories.others()),
		):
			self.assertSees(user, doc, sees)

	def test_a_panel_member_limited_to_another_unit_lists_no_row_of_it(self):
		doc = factories.recruitment_panel()
		user = factories.staff(roles.PANEL_MEMBER)
		factories.limit(user, factories.unit())
		self.assertSees(user, doc, False)
		with self.as_user(user):
			for table in ("Member", "Candidate", "Question", "Criterion", "Provision"):
				with self.subTest(table):
					rows = frappe.client.get_list(
						f"Recruitment Panel {table}", filters={"parent": doc.name}, parent="Recruitment Panel"
					)
					self.assertEqual(rows, [])

	def test_who_sits_on_it_changes_nothing_in_the_desk_but_by_their_own_functions(self):
		panel = factories.recruitment_panel()
		for role in (roles.PANEL_MEMBER, roles.COORDINATOR, roles.MANAGER):
			with self.subTest(role), self.assertRaises(frappe.PermissionError):
				self.edit(panel, lambda doc: doc.update({"post": "Another"}), by=factories.staff(role))


class TestBeginning(PanelTestCase):
	def test_places_of_the_opportunity_are_members_and_there_are_ten_provisions(self):
		"""Row 3.11: involvement in recruitment hangs on the spine: a place on the opportunity, with its terms."""
		about = factories.opportunity("Published", opportunity_type=factories.PANEL_TYPE, places=5)
		person = factories.place_on_a_panel(about)
		with self.hr():
			panel = frappe.get_doc(doctype=panels.PANEL, opportunity=about.name, post="Cook").insert()
		self.assertEqual([row.participant for row in panel.members], [person.name])
		self.assertEqual(len(panel.provisions), 10)
		self.assertEqual(panel.unit, about.unit)

	def test_it_needs_enough_members_with_lived_experience_who_are_trained_and_in_date(self):
		panel = factories.recruitment_panel()
		frappe.db.set_value(
			"Training Record", {"participant": self.lived(panel)[0]}, "valid_until", add_days(today(), -1)
		)
		with self.assertRaisesRegex(TransitionError, "2 members .* There are 1"):
			self.step(panel, "Convene")
		frappe.db.set_value("Training Record", {"participant": self.lived(panel)[0]}, "valid_until", None)
		self.edit(panel, lambda doc: doc.members[1].update({"role": "Shadow"}))
		with self.assertRaisesRegex(TransitionError, "There are 1"):
			self.step(panel, "Convene")
		frappe.db.set_single_value(
			"Involvement Settings", "min_panel_le_members", 0
		)  # never 0, whoever writes it
		self.edit(panel, lambda doc: doc.members[0].update({"role": "Shadow"}))
		self.edit(panel, lambda doc: doc.members[2].update({"role": "Chair"}))
		with self.assertRaisesRegex(TransitionError, "1 members .* There are 0"):
			self.step(panel, "Convene")
		settings = frappe.get_single("Involvement Settings")
		settings.min_panel_le_members = 0
		self.assertRaisesRegex(frappe.ValidationError, "at least 1", settings.save)

	def test_everybody_who_votes_declares_first_and_again_when_a_candidate_is_added(self):
		panel = self.step(factories.recruitment_panel(), "Convene")
		self.edit(panel, lambda doc: doc.append("candidates", {"reference": "C-9", "initials": "QZ"}))
		with self.assertRaisesRegex(TransitionError, "know a candidate"):
			self.step(panel, "Start interviews")
		with self.assertRaisesRegex(frappe.ValidationError, "row 1: choose how they told us"):
			self.edit(
				panel, lambda doc: doc.members[0].update({"interests_declared_on": today(), "told_how": ""})
			)

	def test_before_the_interviews_all_is_provided_and_owned(self):
		panel = self.step(factories.recruitment_panel(), "Convene")
		self.edit(panel, lambda doc: doc.provisions[4].update({"done": 0, "note": ""}))
		with self.assertRaisesRegex(TransitionError, "Open are rows 5"):
			self.step(panel, "Start interviews")
		self.edit(panel, lambda doc: doc.provisions[4].update({"note": "Everybody was trained in May"}))
		self.edit(panel, lambda doc: doc.criteria[1].update({"owned_by": ""}))
		with self.assertRaisesRegex(TransitionError, "row 2: name the member with lived experience"):
			self.step(panel, "Start interviews")

	def test_a_colleague_who_could_not_open_it_is_named_to_hr_once(self):
		panel = factories.recruitment_panel()
		shadow = factories.staff(roles.OWNER)
		frappe.clear_messages()
		row = {"kind": "Staff", "staff": shadow, "role": "Shadow"}
		self.edit(panel, lambda doc: doc.append("members", row))
		said = [each["message"] for each in frappe.get_message_log()]
		self.assertEqual(len([words for words in said if "cannot open this panel yet" in words]), 1, said)
		frappe.clear_messages()
		self.edit(panel, lambda doc: doc.update({"about": "Another word"}))
		self.assertEqual(frappe.get_message_log(), [])

	def test_bad_input_is_answered_with_the_row_and_nothing_is_lost(self):
		panel = factories.recruitment_panel()
		stranger = factories.participant(used_services=1)
		for change, words in (
			(lambda doc: doc.members[1].update({"role": "Chair"}), "one chair. Rows 1, 2"),
			(
				lambda doc: doc.append("members", {"kind": "Lived experience", "participant": stranger.name}),
				"row 4: this person has no place",
			),
			(
				lambda doc: doc.append("members", {"kind": "Staff", "staff": doc.members[2].staff}),
				"row 4: this is the person of row 3",
			),
			(lambda doc: doc.members[0].update({"stands_aside_for": "C-7"}), "no candidate is called C-7"),
			(lambda doc: doc.candidates[0].update({"initials": "Mary Smith"}), "row 1: initials only"),
			(lambda doc: doc.candidates[1].update({"reference": "C-1"}), "row 2: row 1 has this reference"),
			(lambda doc: doc.candidates[1].update({"reference": "c-1"}), "row 2: row 1 has this reference"),
			(
				lambda doc: doc.candidates[1].update({"reference": "MarySmith"}),
				"row 2: the reference needs a figure",
			),
			(lambda doc: doc.candidates[1].update({"outcome": "Appointed"}), "row 2: the outcome"),
			(lambda doc: doc.criteria[0].update({"weight": 9}), "row 1: counts 1 to 5"),
			(lambda doc: doc.criteria[0].update({"owned_by": doc.members[2].member_name}), "row 1: owned by"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				self.edit(panel, change)
		self.assertEqual(len(frappe.get_doc(panel.doctype, panel.name).members), 3)

	def test_once_scoring_began_nobody_joins_and_nothing_that_is_scored_changes(self):
		panel = factories.recruitment_panel("Scoring")
		for change, words in (
			(lambda doc: doc.append("candidates", {"reference": "C-3"}), "row 3: no candidate is added"),
			(lambda doc: doc.remove(doc.candidates[1]), "no candidate is added or taken away"),
			(lambda doc: doc.criteria[0].update({"weight": 5}), "row 1: what is scored stays"),
			(lambda doc: doc.members[1].update({"role": "Shadow"}), "row 2: nobody joins, leaves"),
			(lambda doc: doc.remove(doc.members[1]), "nobody joins, leaves"),
			(lambda doc: doc.members[1].update({"stands_aside_for": "C-1"}), "row 2: nobody joins"),
		):
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				self.edit(panel, change)
		self.edit(panel, lambda doc: doc.candidates[1].update({"outcome": "Withdrew"}))
		self.assertEqual(scores.bar(frappe.get_doc(panel.doctype, panel.name)), {"in": 0, "of": 3})

	def test_training_is_in_date_on_the_day_of_the_interviews_and_not_on_one_long_past(self):
		panel = factories.recruitment_panel(interviews_on=add_days(today(), -60))
		everybody = {"participant": ["in", self.lived(panel)]}
		frappe.db.set_value("Training Record", everybody, "completed_on", add_days(today(), -90))
		one = {"participant": self.lived(panel)[0]}
		frappe.db.set_value("Training Record", one, "valid_until", add_days(today(), -1))
		with self.assertRaisesRegex(TransitionError, "There are 1"):
			self.step(panel, "Convene")
		frappe.db.set_value("Training Record", one, "valid_until", None)
		self.step(panel, "Convene")
		self.step(panel, "Start interviews")
		frappe.db.set_value("Training Record", one, "valid_until", add_days(today(), -1))
		self.step(panel, "Start scoring")
		self.assertEqual(self.stored(panel), "Scoring")

	def test_somebody_with_lived_experience_scores_every_candidate(self):
		"""Row 4.8: nobody is chosen where all of them stand aside."""
		panel = factories.recruitment_panel()
		self.edit(panel, lambda doc: [row.update({"stands_aside_for": "C-2"}) for row in doc.members[:2]])
		self.step(panel, "Convene")
		self.step(panel, "Start interviews")
		with self.assertRaisesRegex(TransitionError, r"row 2 \(C-2\): every member with lived experience"):
			self.step(panel, "Start scoring")
		self.edit(panel, lambda doc: doc.members[1].update({"stands_aside_for": ""}))
		self.assertEqual(self.step(panel, "Start scoring").status, "Scoring")

	def test_a_member_who_is_called_something_else_now_keeps_what_they_own(self):
		person = factories.participant(used_services=1, portal=True)
		panel = factories.recruitment_panel("Scoring", people=(person, None))
		frappe.db.set_value("Involvement Participant", person.name, "preferred_name", "Robin Anew")
		factories.all_scores(panel)
		self.decide(panel, person.user)
		panel.reload()
		self.assertEqual(panel.status, "Decided")
		self.assertEqual(
			{(row.owned_by, row.participant) for row in panel.criteria}, {("Robin Anew", person.name)}
		)

	def test_scoring_starts_once_every_owner_has_said_yes(self):
		"""Row 3.11: who owns a criterion says yes to it, or puts it in their own words."""
		person = factories.participant(used_services=1, portal=True)
		panel = factories.recruitment_panel(people=(person, None))
		one, two = (row.name for row in panel.criteria)
		self.edit(panel, lambda doc: [row.update({"agreed_on": None}) for row in doc.criteria])
		self.step(panel, "Convene")
		self.step(panel, "Start interviews")
		with self.assertRaisesRegex(TransitionError, r"row 1 \(Listens\): .* has not said yes"):
			self.step(panel, "Start scoring")
		words = {**factories.WORDS_OF_SCORES, "criterion": "Listens to everybody"}
		with self.as_user(person.user):
			criteria.agree(panel.name, one, words)
		with self.assertRaisesRegex(TransitionError, r"row 2 \(Is on time\)"):
			self.step(panel, "Start scoring")
		yes = {"agreed_on": today()}
		with self.assertRaisesRegex(frappe.ValidationError, "row 2: choose how the owner told us"):
			self.edit(panel, lambda doc: doc.criteria[1].update(yes))
		panel = self.edit(panel, lambda doc: doc.criteria[1].update({**yes, "told_how": "Post"}))
		self.assertEqual(
			[(row.criterion, row.told_how, row.recorded_by) for row in panel.criteria],
			[("Listens to everybody", None, None), ("Is on time", "Post", factories.staff(roles.HR_OFFICER))],
		)
		self.assertEqual(self.step(panel, "Start scoring").status, "Scoring")
		with self.as_user(person.user), self.assertRaisesRegex(TransitionError, "Scoring has begun"):
			criteria.agree(panel.name, two, words)
		for change in ({"agreed_on": add_days(today(), -2)}, {"words_0": "Another"}):
			with self.assertRaisesRegex(frappe.ValidationError, "stays as it was"):
				self.edit(panel, lambda doc, change=change: doc.criteria[1].update(change))

	def test_whoever_else_changes_it_asks_the_owner_again(self):
		panel = factories.recruitment_panel()
		for change in (
			{"words_2": "Quite well"},
			{"weight": 4},
			{"criterion": "Listens well"},
			{"owned_by": panel.members[1].member_name},
		):
			with self.subTest(change):
				yes = {"agreed_on": today(), "told_how": "Phone"}
				self.edit(panel, lambda doc, yes=yes: doc.criteria[0].update(yes))
				doc = self.edit(panel, lambda doc, change=change: doc.criteria[0].update(change))
				row = doc.criteria[0]
				self.assertEqual((row.agreed_on, row.told_how, row.recorded_by), (None, None, None))
				self.assertTrue(doc.criteria[1].agreed_on)
		forged = {"agreed_on": add_days(today(), 1), "told_how": "Phone"}
		with self.assertRaisesRegex(
			frappe.ValidationError, "row 1: the owner said yes on a day that is past"
		):
			self.edit(panel, lambda doc: doc.criteria[0].update(forged))
		yes = {"agreed_on": today(), "told_how": "Phone", "recorded_by": factories.staff(roles.MANAGER)}
		row = self.edit(panel, lambda doc: doc.criteria[0].update(yes)).criteria[0]
		self.assertEqual(row.recorded_by, factories.staff(roles.HR_OFFICER))

	def test_nobody_says_yes_for_the_owner(self):
		person = factories.participant(used_services=1, portal=True)
		member = factories.participant(used_services=1, portal=True)
		panel = factories.recruitment_panel(people=(person, member))
		words = {**factories.WORDS_OF_SCORES, "criterion": "Mine now"}
		for user in (
			member.user,
			factories.participant(portal=True).user,
			factories.staff(roles.PANEL_MEMBER),
			factories.staff(roles.HR_OFFICER),
			*factories.others(),
			"Administrator",
			"Guest",
		):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				criteria.agree(panel.name, panel.criteria[0].name, words)
		other = factories.recruitment_panel(people=(person, None))
		with self.as_user(person.user), self.assertRaises(frappe.PermissionError):
			criteria.agree(panel.name, other.criteria[0].name, words)
		with self.as_user(person.user):
			criteria.agree(panel.name, panel.criteria[0].name, words)
		stored = frappe.get_doc(panel.doctype, panel.name).criteria[0]
		self.assertEqual((stored.criterion, str(stored.agreed_on)), ("Mine now", today()))
		self.assertEqual((stored.told_how, stored.recorded_by, stored.weight), (None, None, 1))

	def test_two_of_one_name_are_told_apart(self):
		"""Whose criterion it is, and whose score, is never the other Sam's."""
		one, two, third = (
			factories.participant(used_services=1, preferred_name=name) for name in ("Sam", "sam", "Sam (1)")
		)
		panel = factories.recruitment_panel(people=(one, two, third))
		names = {row.participant: row.member_name for row in panel.members if row.participant}
		self.assertEqual(len(set(names.values())), 3)
		self.assertEqual(names[third.name], "Sam (1)")
		self.assertEqual({names[one.name], names[two.name]}, {"Sam (2)", "sam (3)"})
		for person in (one, two):
			owner = {"owned_by": names[person.name]}
			doc = self.edit(panel, lambda doc, owner=owner: [row.update(owner) for row in doc.criteria])
			self.assertEqual({row.participant for row in doc.criteria}, {person.name})
		with self.assertRaisesRegex(frappe.ValidationError, r"row 1: owned by: choose one of Sam \(2\)"):
			self.edit(panel, lambda doc: doc.criteria[0].update({"owned_by": "Sam"}))

		def turn(doc):
			doc.members.reverse()
			for number, row in enumerate(doc.members, 1):
				row.idx = number

		turned = self.edit(panel, turn)
		self.assertEqual(
			{row.participant: row.member_name for row in turned.members if row.participant}, names
		)
		self.assertEqual(turned.criteria[0].participant, two.name)
		# who owned it before another Sam came keeps it
		frappe.db.set_value("Involvement Participant", third.name, "preferred_name", "Robin")
		alone = self.edit(
			panel, lambda doc: doc.remove(doc.members[[m.participant for m in doc.members].index(one.name)])
		)
		self.assertEqual((alone.criteria[0].owned_by, alone.criteria[0].participant), ("sam", two.name))

	def test_no_weight_stands_beside_a_member(self):
		"""Row 4.8: every vote weighs the same, because nothing could say otherwise."""
		fields = {
			df.fieldname for name in (panels.MEMBER, panels.SCORE) for df in frappe.get_meta(name).fields
		}
		self.assertFalse({name for name in fields if "weight" in name or "vote" in name})


class TestDeciding(PanelTestCase):
	def test_the_chair_decides_and_no_role_does(self):
		panel, chair = self.chaired_by_staff()
		factories.all_scores(panel)
		for user in (factories.staff(roles.HR_OFFICER), "Administrator", factories.staff(roles.MANAGER)):
			with self.subTest(user), self.assertRaises(StepNotPermitted):
				self.decide(panel, user)
		self.decide(panel, chair)
		self.assertEqual(self.stored(panel), "Decided")

	def test_a_chair_with_lived_experience_decides(self):
		"""Row 3.11: people with lived experience chair panels."""
		person = factories.participant(used_services=1, portal=True)
		panel = factories.decided_panel(people=(person, None))
		self.assertEqual(self.stored(panel, ["status", "chaired_by_lived_experience"]), ("Decided", 1))

	def test_without_a_score_or_a_choice_from_everybody_with_lived_experience_nothing_is_decided(self):
		"""Row 4.8: no path round the members with lived experience."""
		panel, chair = self.chaired_by_staff()
		one, two = self.lived(panel)
		for reference in ("C-1", "C-2"):
			factories.panel_score(panel, one, reference)
			factories.panel_score(panel, chair, reference)
		with self.assertRaisesRegex(TransitionError, "Not all scores are in"):
			self.decide(panel, chair)
		with self.as_user(chair):
			scores.close(panel.name, "She is ill, and agreed")
		with self.assertRaisesRegex(TransitionError, "Not there yet"):
			self.decide(panel, chair)
		with self.assertRaisesRegex(frappe.ValidationError, "scores are open"):
			factories.panel_score(panel, two, "C-1")
		for reference in ("C-1", "C-2"):
			factories.panel_score(panel, two, reference, answer="Chose not to score")
		self.decide(panel, chair)
		self.assertEqual(self.stored(panel), "Decided")

	def test_against_a_not_appointable_a_reason_is_written(self):
		panel, chair = self.chaired_by_staff()
		factories.panel_score(panel, self.lived(panel)[0], "C-1", appointable="Not appointable")
		for who, reference in sorted(scores.expected(panel) - {(self.lived(panel)[0], "C-1")}):
			factories.panel_score(panel, who, reference)
		with self.assertRaisesRegex(TransitionError, r"row 1 \(C-1\): .*Write the reason"):
			self.decide(panel, chair)
		self.decide(panel, chair, C_1=("Appointed", "We agreed on a longer trial"))
		self.assertEqual(self.stored(panel, "against_lived_experience"), 1)

	def test_an_outcome_for_everybody(self):
		panel, chair = self.chaired_by_staff()
		factories.all_scores(panel)
		with self.assertRaisesRegex(TransitionError, r"row 2 \(C-2\): choose the outcome"):
			self.decide(panel, chair, C_2=("", ""))

	def test_who_withdrew_is_appointed_by_nobody(self):
		panel, chair = self.chaired_by_staff()
		self.edit(panel, lambda doc: doc.candidates[1].update({"outcome": "Withdrew"}))
		with self.assertRaisesRegex(frappe.ValidationError, "row 2: they withdrew, and stay withdrawn"):
			self.edit(panel, lambda doc: doc.candidates[1].update({"outcome": ""}))
		for who, reference in sorted(scores.expected(frappe.get_doc(panel.doctype, panel.name))):
			factories.panel_score(panel, who, reference)
		for outcome in ("Appointed", "Not appointed", ""):
			with self.subTest(outcome), self.as_user(chair):
				doc = frappe.get_doc(panel.doctype, panel.name)
				doc.candidates[0].outcome, doc.candidates[1].outcome = "Reserve", outcome
				with self.assertRaisesRegex(TransitionError, r"row 2 \(C-2\): they withdrew"):
					lifecycle.apply(doc, "Decide")
		with self.assertRaisesRegex(TransitionError, r"row 1 \(C-1\): choose the outcome"):
			self.decide(panel, chair, C_1=("Withdrew", ""))
		self.decide(panel, chair)
		doc = frappe.get_doc(panel.doctype, panel.name)
		self.assertEqual([row.outcome for row in doc.candidates], ["Appointed", "Withdrew"])

	def test_scores_open_when_the_last_one_waited_for_withdraws(self):
		panel = factories.recruitment_panel("Scoring")
		for who, reference in sorted(scores.expected(panel)):
			if reference == "C-1":
				factories.panel_score(panel, who, reference)
		self.assertFalse(self.stored(panel, "opened_on"))
		doc = self.edit(panel, lambda doc: doc.candidates[1].update({"outcome": "Withdrew"}))
		self.assertTrue(self.stored(panel, "opened_on"))
		self.assertTrue(doc.opened_on)
		with self.hr():
			doc.save()  # the form goes on

	def test_nothing_opens_while_a_score_is_missing(self):
		panel = factories.recruitment_panel("Scoring")
		factories.panel_score(panel, self.lived(panel)[0], "C-1")
		self.edit(panel, lambda doc: doc.candidates[1].update({"outcome": "Withdrew"}))
		self.assertFalse(self.stored(panel, "opened_on"))

	def test_members_hear_what_came_of_it(self):
		panel, chair = self.chaired_by_staff()
		factories.all_scores(panel)
		self.decide(panel, chair)
		with self.assertRaises(TransitionError):
			self.step(panel, "Tell the members")
		self.step(panel, "Tell the members", feedback_words="Somebody starts in May")
		told = {"template": "Involvement panel thank you", "reference_name": panel.name}
		messages = frappe.get_all("Involvement Message", told, ["recipient", "subject", "body"])
		self.assertEqual({row.recipient for row in messages}, {*self.lived(panel), chair})
		for row in messages:
			self.assertIn("Somebody starts in May", row.body)
			self.assertNotIn("C-1", row.body)
			self.assertNotIn("panel", row.subject.lower())

	def fed_back(self, **person):
		"""A panel that decided against its first member with lived experience: (panel, that participant)."""
		panel, chair = self.chaired_by_staff()
		who = self.lived(panel)[0]
		frappe.db.set_value("Involvement Participant", who, person)
		factories.panel_score(panel, who, "C-1", appointable="Not appointable")
		for each, reference in sorted(scores.expected(panel) - {(who, "C-1")}):
			factories.panel_score(panel, each, reference)
		self.decide(
			panel, chair, C_1=("Reserve", f"{WHY} <b>again</b>"), C_2=("Reserve", "They asked for it")
		)
		self.step(panel, "Tell the members", feedback_words="Somebody starts in May")
		return panel, who

	def reasons(self, panel) -> list:
		told = {"reference_name": panel.name, "body": ["like", f"%{WHY}%"]}
		fields = ["name", "recipient", "channel", "address", "template", "subject", "short_text", "body"]
		return frappe.get_all("Involvement Message", told, fields)

	def test_whom_it_went_against_is_told_why_and_nobody_else_is(self):
		"""Row 4.8: the reason reaches that member, whichever way they hear from us."""
		for channel in ("Email", "Post", "Phone"):
			with self.subTest(channel):
				panel, who = self.fed_back(preferred_channel=channel)
				(row,) = self.reasons(panel)
				self.assertEqual((row.recipient, row.channel), (who, channel))
				self.assertIn("Of C-1 you said", row.body)
				self.assertNotIn("<b>again", row.body)
				self.assertNotIn("They asked for it", row.body)
				for words in (row.subject, row.short_text):
					self.assertIsNone(telling(words.split("http")[0]))
					self.assertNotIn(WHY, words)
					self.assertNotIn("C-1", words)

	def test_who_gets_text_messages_and_has_no_page_is_rung(self):
		panel, _who = self.fed_back(preferred_channel="Text message", user=None)
		self.assertEqual([row.channel for row in self.reasons(panel)], ["Phone"])
		login = factories.another(factories.PORTAL)
		panel, _who = self.fed_back(user=login, preferred_channel="Text message")
		self.assertEqual([row.channel for row in self.reasons(panel)], ["Text message"])

	def test_what_they_said_is_no_matter_of_whoever_looks_after_the_outbox(self):
		panel, _who = self.fed_back(preferred_channel="Email")
		(row,) = self.reasons(panel)
		frappe.db.set_value("Involvement Message", row.name, "address", "sam@example.com")
		for role in (roles.COORDINATOR, roles.MANAGER, roles.HR_OFFICER):
			with self.subTest(role), self.as_user(factories.staff(role)):
				self.assertFalse(frappe.has_permission("Involvement Message", "read", row.name))

	def test_nobody_is_told_why_where_it_went_with_everybody(self):
		panel, chair = self.chaired_by_staff()
		factories.all_scores(panel)
		self.decide(panel, chair, C_1=("Appointed", WHY))
		self.step(panel, "Tell the members", feedback_words="Somebody starts in May")
		self.assertEqual(self.reasons(panel), [])
