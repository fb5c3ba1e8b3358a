"""Every doctype says where a person is in it and what erasure does (hook `involvement_personal_data`)."""

import frappe

from involvement_app.involvement_app import consents
from involvement_app.involvement_privacy import consent, personal_data, sensitive
from involvement_app.involvement_privacy.personal_data import NotPersonal, PersonalData
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

REGISTER = "Involvement Participant"


def our_doctypes() -> set[str]:
	modules = frappe.get_module_list("involvement_app")
	return set(frappe.get_all("DocType", {"module": ["in", modules]}, pluck="name"))


class TestDeclarations(IntegrationTestCase):
	def test_every_doctype_of_ours_is_declared(self):
		self.assertEqual(our_doctypes() - set(personal_data.declarations()), set())

	def test_every_field_is_declared_and_every_declared_field_is_there(self):
		faults = [
			fault
			for doctype, declaration in personal_data.declarations().items()
			for fault in personal_data.faults(doctype, declaration)
		]
		self.assertEqual(faults, [])

	def test_who_is_nobody_gives_a_reason(self):
		for doctype, declaration in personal_data.declarations().items():
			if isinstance(declaration, NotPersonal):
				with self.subTest(doctype):
					self.assertTrue(declaration.reason)

	def test_what_is_left_out_is_noticed(self):
		"""The check can fail: on a field left out, on one that is not there, on one said twice, on a doctype that
		leads to somebody and says it does not."""
		rows = personal_data.by_link("participant")
		for declaration, word in (
			(PersonalData(rows, deleted=("what_helps",)), "is not declared"),
			(PersonalData(rows, deleted=("no_such",)), "does not exist"),
			(PersonalData(rows, deleted=("supporter",), other=("supporter",)), "declared twice"),
			(NotPersonal("nothing here"), "it is about somebody"),
		):
			with self.subTest(word):
				found = personal_data.faults("Wellbeing Support Plan", declaration)
				self.assertIn(word, " ".join(found))


class TestFinding(IntegrationTestCase):
	"""A small world with two people in it: all rows of the one, none of the other."""

	def made_once(self):
		super().made_once()
		self.opportunity = factories.opportunity("Published", places=4)
		self.one, self.other = (self.person() for _each in range(2))
		factories.held_session(self.opportunity)

	def person(self):
		doc = factories.participant(
			units=(factories.unit(),), portal=True, named_contact=factories.staff(roles.COORDINATOR)
		)
		consent.give((REGISTER, doc.name), consents.WELLBEING, consent.How("Phone"))
		plan = factories.wellbeing_plan(doc)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sensitive.look_up(plan.doctype, plan.name, "Getting ready")
		factories.participant_bank_detail(doc)
		factories.preference(doc, types=[{"opportunity_type": "Forum"}], levels=[{"level": "Co-design"}])
		factories.access_requirement(doc)
		factories.experience_profile(
			doc,
			areas=[{"area": factories._master("Lived Experience Area", area_name="Finding a home")}],
			skills=[{"skill": factories._master("Involvement Skill", skill_name="Listening")}],
		)
		factories.goal(doc)
		course = factories.training_course(facilitators=[{"participant": doc.name}])
		factories.training_record(course, doc)
		factories.reference_letter(doc)
		factories.takedown(doc)
		factories.assignment(factories.ambassador(doc))
		factories.participant_question(doc)
		factories.participant_contact_note(doc)
		factories.past_involvement(doc)
		factories.feedback_obligation(participant=doc)
		factories.participant_check(doc)
		factories.involvement_invitation(doc, self.opportunity)
		factories.engagement(self.opportunity, doc)
		factories.supporter(doc)
		factories.expense_claim(doc)
		factories.payment_opening_total(doc, recent=[{"came_on": frappe.utils.today(), "amount": 20}])
		factories.opportunity_reviewer(participant=doc)
		factories.opportunity_selector(participant=doc)
		factories.experience_feedback(self.opportunity, doc)
		factories.co_lead(factories.opportunity(), doc)
		self.chosen_by_criteria(doc)
		self.sits_on_a_panel(doc)
		self.enquiry(doc)
		self.message_to_login(doc)
		self.import_row(doc)
		return doc

	def chosen_by_criteria(self, doc):
		chosen = factories.opportunity(
			"Published", selection_mode="Criteria", criteria=[{"criterion": "Likes small groups"}]
		)
		factories.selection_score(factories.application(chosen, doc), 2)

	def sits_on_a_panel(self, doc):
		panel = factories.recruitment_panel("Scoring", people=(doc, factories.participant()))
		# as if they had written it
		frappe.db.set_value("Recruitment Panel Question", panel.questions[0].name, "participant", doc.name)
		factories.panel_score(panel, doc.name)

	def enquiry(self, doc):
		asked = factories.expression_of_interest()
		frappe.db.set_value(asked.doctype, asked.name, {"status": "Joined", "participant": doc.name})

	def message_to_login(self, doc):
		frappe.get_doc(
			doctype="Involvement Message", recipient_doctype="User", recipient=doc.user, subject="Sign in"
		).insert(ignore_permissions=True)  # a factory
		frappe.get_doc(
			doctype="Portal Token",
			user=doc.user,
			purpose="Sign in",
			token_hash=frappe.generate_hash(),
			expires_on=frappe.utils.now_datetime(),
		).insert(ignore_permissions=True)  # a factory

	def import_row(self, doc):
		run = frappe.get_doc(doctype="Participant Import", title="A list").insert()
		row = frappe.new_doc("Participant Import Row")
		row.update({"participant_import": run.name, "participant": doc.name, "result": "Imported"})
		row.insert(ignore_permissions=True)  # a factory

	def test_every_doctype_about_people_has_a_row_of_theirs(self):
		factories.participant_merge(self.one, factories.participant(told=False))
		found = personal_data.find((REGISTER, self.one.name))
		declared = {
			name
			for name, declaration in personal_data.declarations().items()
			if isinstance(declaration, PersonalData)
		}
		# a payment in a batch takes finance a day; its criterion is proved on the row below
		self.assertEqual(declared - set(found), {"Involvement Payment Batch Line", "Payment Batch Reversal"})

	def test_nobody_elses_row_is_among_them(self):
		mine = personal_data.find((REGISTER, self.one.name))
		theirs = personal_data.find((REGISTER, self.other.name))
		shared = {
			doctype: set(names) & set(theirs.get(doctype, ()))
			for doctype, names in mine.items()
			if set(names) & set(theirs.get(doctype, ()))
		}
		self.assertEqual(shared, {})

	def test_as_many_rows_as_the_tables_hold(self):
		"""What is found of the two, and of everybody else, is all there is of each doctype that names people."""
		for doctype, fieldname in (
			("Involvement Application", "participant"),
			("Involvement Engagement", "participant"),
			("Involvement Payment", "participant"),
			("Involvement Session Attendance", "participant"),
			("Consent Record", "person"),
			("Sensitive Access Log", "person"),
		):
			with self.subTest(doctype):
				stored = frappe.get_all(doctype, {fieldname: self.one.name}, pluck="name", order_by="name")
				self.assertEqual(personal_data.find((REGISTER, self.one.name))[doctype], stored)
				self.assertTrue(stored)

	def test_lines_of_a_batch_are_found_by_their_payment(self):
		payment = frappe.db.get_value("Involvement Payment", {"participant": self.one.name})
		line = frappe.new_doc("Involvement Payment Batch Line")
		line.update({"payment": payment, "parent": "IPB-TEST", "parenttype": "Involvement Payment Batch"})
		line.parentfield = "lines"
		line.db_insert()
		find = personal_data.find
		self.assertEqual(find((REGISTER, self.one.name))["Involvement Payment Batch Line"], [line.name])
		self.assertNotIn("Involvement Payment Batch Line", find((REGISTER, self.other.name)))

	def test_what_was_taken_back_from_a_batch_is_found_by_its_payment(self):
		payment = frappe.db.get_value("Involvement Payment", {"participant": self.one.name})
		row = frappe.new_doc("Payment Batch Reversal")
		row.update({"payment": payment, "parent": "IPB-TEST", "parenttype": "Involvement Payment Batch"})
		row.parentfield = "reversals"
		row.db_insert()
		find = personal_data.find
		self.assertEqual(find((REGISTER, self.one.name))["Payment Batch Reversal"], [row.name])
		self.assertNotIn("Payment Batch Reversal", find((REGISTER, self.other.name)))

	def test_a_person_of_another_register_is_somebody_else(self):
		self.assertEqual(personal_data.find(("Contact", self.one.name)), {})

	def test_one_query_a_doctype(self):
		about = [d for d in personal_data.declarations().values() if isinstance(d, PersonalData)]
		with counted_queries() as queries:
			personal_data.find((REGISTER, self.one.name))
		# and one: had they an earlier record?
		self.assertEqual(len(queries), len(about) + 1)
