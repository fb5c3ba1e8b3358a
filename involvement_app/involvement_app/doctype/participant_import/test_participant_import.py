"""A list of people as charities export it, onto the register."""

import time
import unicodedata
from collections import Counter

import frappe

from involvement_app.involvement_app.doctype.participant_import import (
	csv_file,
	importing,
	participant_import,
	rows,
)
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase, counted_queries
from involvement_app.tests.data import make_people_500
from involvement_app.tests.people import lists
from involvement_app.tests.people.lists import table


class ImportTestCase(IntegrationTestCase):
	def setUp(self):
		super().setUp()
		lists.masters()
		frappe.set_user(factories.staff(roles.COORDINATOR))


class TestReadingTheFile(ImportTestCase):
	def assertReads(self, content: bytes | str, expected: str = "José Núñez") -> str:
		doc = lists.checked(content)
		self.assertIsNone(doc.problem)
		self.assertEqual(participant_import.report(doc.name)["first"][0]["name"], expected)
		return doc.columns_found

	def assertProblem(self, content: bytes | str, *words: str):
		doc = lists.checked(content)
		for word in words:
			self.assertIn(word, doc.problem or "")
		self.assertEqual((doc.stage, doc.good_rows, doc.faulty_rows), ("Draft", 0, 0))
		self.assertTrue(doc.file, "the file stays attached")
		return doc

	def test_semicolons_commas_tabs_and_bars(self):
		for separator, word in csv_file.SEPARATORS.items():
			with self.subTest(word):
				content = table("José|Núñez|||", header="First name|Surname|E-mail|Mobile|Town").replace(
					"|", separator
				)
				self.assertIn(word, self.assertReads(content))

	def test_commas_inside_cells_do_not_mislead(self):
		self.assertReads('Forename;Surname;Notes\nJosé;Núñez;"a, b, c, d, e, f"\n')

	def test_utf_8_with_and_without_mark_utf_16_and_windows_1252(self):
		for encoding, label in (
			("utf-8", "UTF-8"),
			("utf-8-sig", "UTF-8"),
			("utf-16", "UTF-16"),
			("cp1252", "Windows-1252"),
		):
			with self.subTest(encoding):
				self.assertIn(label, self.assertReads(table("José,Núñez,,,").encode(encoding)))

	def test_windows_and_old_mac_line_ends_and_the_line_excel_adds(self):
		self.assertReads("sep=;\r\n" + table("José,Núñez,,,").replace(",", ";").replace("\n", "\r\n"))

	def test_letters_in_another_normal_form_are_the_same_letters(self):
		self.assertReads(unicodedata.normalize("NFD", table("José,Núñez,,,")))

	def test_right_to_left_names_and_emoji_arrive_unchanged(self):
		self.assertReads(table("مریم,رضایی,,,"), "مریم رضایی")
		self.assertReads(table("Daisy 🌼,O'Neill,,,"), "Daisy 🌼 O'Neill")

	def test_a_character_that_turns_the_direction_of_text_is_dropped(self):
		self.assertReads(table("José\u202e,Núñez\x00,,,"))

	def test_headers_in_other_words(self):
		for header in (
			"Forename,Family name,Email,Mobile phone,City",
			"FIRST NAME,LAST_NAME,e-mail address,Cell,Locality",
			"Given name,Surname *,Mail,Mobile no.,Town/City",
		):
			with self.subTest(header):
				doc = lists.checked(table("Ada,Abara,ada@example.org,07700 900001,Otterford", header=header))
				row = participant_import.report(doc.name)["first"][0]
				self.assertEqual(
					(row["name"], row["email"], row["phone"], row["locality"]),
					("Ada Abara", "ada@example.org", "07700 900001", "Otterford"),
				)

	def test_one_column_for_the_whole_name(self):
		doc = lists.imported('Name\nAda Abara\n"Farrant, Femi"\nMadonna\n')
		contacts = [
			frappe.db.get_value("Contact", p.person, ["first_name", "last_name"]) for p in lists.people(doc)
		]
		self.assertEqual(contacts, [("Ada", "Abara"), ("Femi", "Farrant"), ("Madonna", "")])

	def test_a_misspelt_header_is_named_with_what_was_expected(self):
		self.assertProblem(table("Ada,Abara", header="First name,Surnmae"), "“Surnmae”", "“Surname”")

	def test_no_column_for_the_name_says_what_is_expected_and_what_was_found(self):
		self.assertProblem(
			"Telephone,Town\n07700 900001,Otterford", "First name", "Full name", "Telephone, Town"
		)

	def test_two_columns_of_one_meaning_are_both_named(self):
		self.assertProblem(
			"Name,E-mail,Email address\nAda,a@example.org,b@example.org", "“E-mail”", "“Email address”"
		)

	def test_a_wrong_header_of_the_five_hundred_loses_nothing_and_can_be_mended(self):
		whole = lists.FIVE_HUNDRED.read_bytes()
		doc = self.assertProblem(whole.replace(b"Forename;", b"Forname;", 1), "“Forname”", "“Forename”")
		doc.file = lists.attached(whole).file
		doc.save()
		participant_import.check(doc.name)
		doc = lists.fresh(doc)
		self.assertEqual((doc.problem, doc.good_rows), (None, 470))

	def test_an_empty_file_a_workbook_and_an_open_quotation_mark(self):
		self.assertProblem(b" \n", "empty")
		self.assertProblem(b"PK\x03\x04\x00\x01", "CSV UTF-8")
		self.assertProblem(table('Ada,"Abara,,,', "Femi,Farrant,,,"), "line 2", "never closed")

	def test_a_column_we_do_not_import_is_said_to_be_left_out(self):
		self.assertIn("Not imported: Shoe size", lists.checked("Name,Shoe size\nAda,7").columns_found)

	def test_too_many_people_are_refused_before_anything_is_read(self):
		self.assertProblem("Name\n" + "Ada\n" * (csv_file.MOST_ROWS + 1), "at most 2000")


class TestFaultyRows(ImportTestCase):
	def assertFault(self, row: str, words: str, **kw):
		doc = lists.checked(table(row, **kw))
		self.assertEqual((doc.good_rows, doc.faulty_rows), (0, 1))
		self.assertIn(words, lists.reasons(doc)[2])

	def test_a_missing_name(self):
		self.assertFault(" ,,ada@example.org,,", "The name is missing")

	def test_a_bad_email(self):
		for text in (
			"no",
			"a@b",
			"ada(at)example.org",
			"a@example.org b@example.org",
			"'a@example.org; b@example.org'",
		):
			with self.subTest(text):
				self.assertFault(f"Ada,Abara,{text},,", "is not an e-mail address")

	def test_a_bad_phone(self):
		for text in ("4.47701E+11", "ask mum", "12345", "07700 900000 / 07700 900001", "07700 900123 ext 4"):
			with self.subTest(text):
				self.assertFault(f"Ada,Abara,,{text},", "is not a telephone number")

	def test_an_unknown_locality_with_a_hint(self):
		self.assertFault("Ada,Abara,,,Oterford", "“Oterford” is not in our list. Did you mean “Otterford”?")

	def test_an_unknown_unit(self):
		self.assertFault("Ada,Ward 7", "Service: “Ward 7” is not in our list", header="Name,Service")

	def test_a_choice_that_does_not_exist(self):
		self.assertFault("Ada,Pigeon", "“Pigeon” is not one of Email", header="Name,Contact preference")

	def test_email_preferred_without_an_address(self):
		self.assertFault("Ada,Email", "there is no e-mail address", header="Name,Contact preference")

	def test_a_name_too_long_for_the_register(self):
		self.assertFault("A" * 141 + ",Abara,,,", "longer than 140")

	def test_a_row_with_too_many_cells(self):
		self.assertFault("Ada,Abara,,,Otterford,more", "more cells")

	def test_every_fault_of_a_row_is_told_at_once(self):
		doc = lists.checked(table("Ada,,no,none,Nowhere"))
		self.assertEqual(len(lists.reasons(doc)[2].split("\n")), 3)

	def test_the_same_person_twice_in_the_file_names_the_other_line(self):
		doc = lists.checked(table("Ada,Abara,ada@example.org,,", "ADA,Abara-Jones,Ada@Example.org,,"))
		self.assertEqual(doc.good_rows, 1)
		self.assertIn("The same person as in line 2", lists.reasons(doc)[3])

	def test_somebody_on_the_register_is_named_with_their_status(self):
		person = factories.participant(
			person=factories.contact("Ada", email="ada@example.org"), preferred_name="Ada"
		)
		doc = lists.checked(table("Ada,Example,ada@example.org,,"))
		self.assertIn(
			f"Already on the register as Ada, {person.name} (Active): the same e-mail", lists.reasons(doc)[2]
		)

	def test_line_numbers_count_the_lines_of_the_file(self):
		doc = lists.checked('Name,Access needs\nAda,"one\ntwo\nthree"\n\n,nobody\n')
		self.assertEqual(list(lists.reasons(doc)), [6])


class TestLookingAlike(ImportTestCase):
	def setUp(self):
		super().setUp()
		contact = factories.contact("Ada", email="shared@example.org", phone="07700 900777")
		self.person = factories.participant(
			person=contact, preferred_name="Ada Example", locality="Otterford"
		)

	def assertAlike(self, row: str, words: str):
		doc = lists.checked(table(row))
		self.assertIn(f"Looks like Ada Example, {self.person.name} (Active): {words}", lists.reasons(doc)[2])
		self.assertEqual(lists.checked(table(row), allow_alike=1).good_rows, 1)

	def test_the_same_email_under_another_name(self):
		self.assertAlike("Tom,Example,shared@example.org,,", "the same e-mail address")

	def test_the_same_telephone_however_it_is_written(self):
		for number in ("+44 (0)7700 900-777", "00447700900777", "7700900777"):
			with self.subTest(number):
				self.assertAlike(f"Tom,Other,,{number},", "the same telephone")

	def test_the_same_name_and_locality(self):
		self.assertAlike("ada,  EXAMPLE,,,Otterford", "the same name")

	def test_the_same_name_elsewhere_is_somebody_else(self):
		self.assertEqual(lists.checked(table("Ada,Example,,,Didham")).good_rows, 1)

	def test_the_tick_never_lets_the_same_person_in(self):
		doc = lists.checked(table("Ada,Example,shared@example.org,,"), allow_alike=1)
		self.assertEqual(doc.good_rows, 0)

	def test_a_couple_sharing_an_address_are_two_people_with_two_contacts(self):
		doc = lists.imported(table("Tom,Example,shared@example.org,,"), allow_alike=1)
		(tom,) = lists.people(doc)
		self.assertNotEqual(tom.person, self.person.person)


class TestImporting(ImportTestCase):
	def test_a_good_row_becomes_an_active_participant_with_a_contact(self):
		"""Row 0.14: people without e-mail are normal users (domain 4.0 point 10)."""
		header = "Forename,Surname,Known as,Pronouns,Mobile,Town,Service,Access needs,Ref"
		row = 'Ada,Abara,Sunny ☀️,she/her,07700900001,OTTERFORD,"Wellbeing Hub, Talking Space",Quiet room,A-1'
		doc = lists.imported(table(row, header=header))
		(person,) = lists.people(doc)
		self.assertEqual(
			(
				person.preferred_name,
				person.status,
				person.locality,
				person.preferred_channel,
				person.external_reference,
			),
			("Sunny ☀️ Abara", "Active", "Otterford", "Phone", "A-1"),
		)
		self.assertEqual(str(person.joined_on), frappe.utils.today())
		contact = frappe.get_doc("Contact", person.person)
		self.assertEqual(
			(contact.full_name, contact.mobile_no, contact.email_id), ("Ada Abara", "07700 900001", "")
		)
		units = frappe.get_all(
			"Involvement Participant Unit", filters={"parent": person.name}, pluck="unit", order_by="idx"
		)
		self.assertEqual(units, ["Wellbeing Hub", "Talking Space"])

	def test_rows_that_name_no_unit_take_the_one_of_the_list(self):
		doc = lists.imported("Name\nAda Abara", unit="Talking Space")
		self.assertEqual(
			frappe.db.get_value(
				"Involvement Participant Unit", {"parent": lists.people(doc)[0].name}, "unit"
			),
			"Talking Space",
		)

	def test_the_contact_of_the_same_person_is_linked_and_not_changed(self):
		contact = factories.contact("Ada", email="ada@example.org")
		before = frappe.get_doc("Contact", contact).as_dict()
		doc = lists.imported(table("Ada,Elsewhere,ADA@example.org,07700900001,"))
		self.assertEqual([person.person for person in lists.people(doc)], [contact])
		self.assertEqual(frappe.get_doc("Contact", contact).as_dict(), before)
		self.assertFalse(
			frappe.db.exists("Comment", {"reference_doctype": "Contact", "reference_name": contact})
		)

	def test_the_address_of_somebody_else_in_the_crm_is_not_taken_for_theirs(self):
		factories.contact("Ada", email="ada@example.org")
		doc = lists.checked(table("Tom,Example,ada@example.org,,"))
		self.assertIn("under another name", lists.reasons(doc)[2])

	def test_nobody_is_added_before_the_import_is_started(self):
		before = frappe.db.count("Involvement Participant")
		lists.checked(lists.FIVE_HUNDRED.read_bytes())
		self.assertEqual(frappe.db.count("Involvement Participant"), before)

	def test_somebody_added_meanwhile_is_not_added_again(self):
		doc = lists.checked(table("Ada,Example,ada@example.org,,", "Tom,Other,,,"))
		person = factories.participant(person=factories.contact("Ada", email="ada@example.org"))
		participant_import.start(doc.name)
		lists.work_off(doc.name)
		doc = lists.fresh(doc)
		self.assertEqual((doc.stage, doc.imported_rows, doc.faulty_rows), ("Done", 1, 1))
		self.assertIn(person.name, lists.reasons(doc)[2])

	def test_a_row_the_register_refuses_does_not_stop_the_others(self):
		doc = lists.checked(table("Ada,Abara,,,Otterford", "Tom,Other,,,Didham"))
		with self.as_user("Administrator"):
			frappe.delete_doc("Involvement Locality", "Didham")
		contacts = frappe.db.count("Contact")
		participant_import.start(doc.name)
		lists.work_off(doc.name)
		doc = lists.fresh(doc)
		self.assertEqual((doc.imported_rows, doc.faulty_rows), (1, 1))
		self.assertIn("Didham", lists.reasons(doc)[3])
		self.assertEqual(frappe.db.count("Contact"), contacts + 1, "nothing of the refused row is left")

	def test_the_same_file_again_doubles_nobody(self):
		content = table("Ada,Abara,ada@example.org,,", "Tom,Other,,07700900002,", "Una,Khan,,,Otterford")
		lists.imported(content)
		before = frappe.db.count("Contact"), frappe.db.count("Involvement Participant")
		again = lists.imported(content)
		self.assertEqual((again.good_rows, again.imported_rows, again.faulty_rows), (0, 0, 3))
		self.assertEqual((frappe.db.count("Contact"), frappe.db.count("Involvement Participant")), before)

	def test_what_the_cells_said_is_not_kept_once_imported(self):
		doc = lists.imported(table("Ada,Abara,ada@example.org,,", ",,nobody@example.org,,"))
		kept = frappe.get_all(
			rows.ROW, filters={"participant_import": doc.name}, fields=["result", "data"], order_by="line"
		)
		self.assertEqual([bool(row.data) for row in kept], [False, True])


class TestStoppingAndCarryingOn(ImportTestCase):
	def setUp(self):
		super().setUp()
		self.doc = lists.checked(
			"Name\n" + "\n".join(f"Person{n} Numbered" for n in range(importing.STEP + 20))
		)
		participant_import.start(self.doc.name)
		self.doc.reload()

	def names(self) -> list[str]:
		return [person.preferred_name for person in lists.people(self.doc)]

	def test_each_job_does_some_rows_and_says_how_far_it_is(self):
		importing.step(self.doc.name, 1)
		self.doc.reload()
		self.assertEqual(
			(self.doc.stage, self.doc.imported_rows, self.doc.good_rows), ("Importing", importing.STEP, 20)
		)

	def test_a_job_killed_in_the_middle_is_carried_on_and_nobody_is_there_twice(self):
		importing.step(self.doc.name, 1)
		self.kill_in_the_middle()
		self.assertEqual(len(self.names()), importing.STEP)
		self.lose_the_job()
		participant_import.start(self.doc.name)
		lists.work_off(self.doc.name)
		self.assertEqual(lists.fresh(self.doc).stage, "Done")
		self.assertEqual(
			Counter(self.names()), Counter(f"Person{n} Numbered" for n in range(importing.STEP + 20))
		)

	def kill_in_the_middle(self):
		"""What the database does when the worker is gone: the transaction ends unfinished."""
		frappe.db.savepoint("before_the_kill")
		for row in rows.take(self.doc.name, 10):
			person = importing.Listed(**frappe.parse_json(row.data))
			(finding,) = rows.judge(self.doc, [person])
			importing._import(self.doc, row.name, person, finding)
		self.assertEqual(len(self.names()), importing.STEP + 10)
		frappe.db.rollback(save_point="before_the_kill")

	def lose_the_job(self):
		past = frappe.utils.add_to_date(None, seconds=-rows.STALLED_AFTER - 1, as_datetime=True)
		frappe.db.set_value("Participant Import", self.doc.name, "moved_on", past, update_modified=False)

	def test_a_job_that_was_replaced_stops_when_it_comes_back(self):
		self.lose_the_job()
		participant_import.start(self.doc.name)
		self.assertIsNone(importing.step(self.doc.name, 1))
		self.assertEqual(self.names(), [])

	def test_starting_twice_starts_once(self):
		participant_import.start(self.doc.name)
		self.assertEqual(lists.fresh(self.doc).attempt, 1)

	def test_a_list_being_imported_keeps_its_file_and_is_not_deleted(self):
		self.doc.allow_alike = 1
		with self.assertRaisesRegex(frappe.ValidationError, "start a new import"):
			self.doc.save()
		with (
			self.as_user(factories.staff(roles.MANAGER)),
			self.assertRaisesRegex(frappe.ValidationError, "being imported"),
		):
			frappe.delete_doc("Participant Import", self.doc.name)

	def test_after_another_choice_the_file_is_checked_anew(self):
		doc = lists.checked("Name\nAda")
		doc.allow_alike = 1
		doc.save()
		self.assertEqual((doc.stage, doc.good_rows), ("Draft", 0))
		with self.assertRaisesRegex(frappe.ValidationError, "Check the file first"):
			participant_import.start(doc.name)

	def test_a_deleted_list_takes_its_rows_with_it(self):
		doc = lists.checked("Name\nAda")
		with self.as_user(factories.staff(roles.MANAGER)):
			frappe.delete_doc("Participant Import", doc.name)
		self.assertEqual(frappe.db.count(rows.ROW, {"participant_import": doc.name}), 0)


class TestTheFaultyRowsComeBack(ImportTestCase):
	HEADER = "Forename;E-mail;Mobile;Shoe size"

	def given_back(self, *lines: str) -> list[list[str]]:
		doc = lists.checked("\n".join([self.HEADER, *lines]))
		return lists.cells(rows.faulty_csv(doc), ";")

	def test_with_their_own_columns_and_line_and_reason(self):
		header, row = self.given_back("Ada;ada@example.org;;7", "Tom;nothing;07700900001;9")
		self.assertEqual(header, ["Forename", "E-mail", "Mobile", "Shoe size", "Line", "Reason"])
		self.assertEqual(
			row, ["Tom", "nothing", "07700900001", "9", "3", "E-mail: “nothing” is not an e-mail address."]
		)

	def test_no_cell_is_a_formula(self):
		_header, *given = self.given_back(
			'=HYPERLINK("http://example.org");no;;+1',
			"@SUM(A1);no;;-1",
			"\t=1+1;no;;|x",
		)
		for row in given:
			for cell in row:
				self.assertFalse(cell.startswith(csv_file.FORMULA), cell)
		self.assertEqual(given[0][0], '\'=HYPERLINK("http://example.org")')

	def test_mended_they_can_be_imported_and_a_plus_is_a_plus_again(self):
		doc = lists.checked(f"{self.HEADER}\nTom;nothing;+44 7700 900001;9")
		mended = rows.faulty_csv(doc).decode("utf-8-sig").replace("nothing", "tom@example.org")
		self.assertIn("'+44", mended)
		again = lists.imported(mended)
		self.assertEqual(again.imported_rows, 1, lists.reasons(again))
		self.assertNotIn("Not imported: Line", again.columns_found)
		self.assertEqual(
			frappe.db.get_value("Contact", lists.people(again)[0].person, "mobile_no"), "07700 900001"
		)

	def test_letters_of_every_script_survive(self):
		_header, row = self.given_back("מרים 🌼;no;;x")
		self.assertEqual(row[0], "מרים 🌼")

	def test_the_download_is_a_file_with_a_neutral_name(self):
		doc = lists.checked(table(",,no,,"))
		participant_import.faulty_rows(doc.name)
		self.assertEqual(frappe.response["filename"], f"{doc.name}-to-be-mended.csv")
		self.assertTrue(frappe.response["filecontent"].startswith(b"\xef\xbb\xbf"))


class TestFiveHundred(ImportTestCase):
	def test_470_are_imported_and_30_come_back_in_well_under_a_minute(self):
		started = time.process_time()  # ours alone: the wall clock of a busy machine says nothing
		doc = lists.imported(lists.FIVE_HUNDRED.read_bytes())
		self.assertLess(time.process_time() - started, 30)
		self.assertEqual((doc.stage, doc.imported_rows, doc.faulty_rows), ("Done", 470, 30))
		self.assertEqual(len(lists.people(doc)), 470)
		header, *given = lists.cells(rows.faulty_csv(doc), ";")
		self.assertEqual(len(given), 30)
		self.assertEqual(header[:3], ["Ref", "Forename", "Surname"])

	def test_the_file_is_what_its_script_makes(self):
		made = [make_people_500.HEADER, *make_people_500.people()]
		self.assertEqual(lists.cells(lists.FIVE_HUNDRED.read_bytes(), ";"), made)

	def test_each_kind_of_fault_is_told_apart(self):
		doc = lists.checked(lists.FIVE_HUNDRED.read_bytes())
		words = (
			"The name is missing",
			"is not an e-mail address",
			"is not a telephone number",
			"Town: ",
			"Service: ",
			"The same person as in line",
		)
		found = Counter(word for reason in lists.reasons(doc).values() for word in words if word in reason)
		self.assertEqual(found, dict.fromkeys(words, 5))

	def test_checking_takes_as_many_queries_for_500_as_for_5(self):
		whole = lists.FIVE_HUNDRED.read_text("utf-8-sig").split("\n")
		small, large = lists.attached("\n".join(whole[:8])), lists.attached("\n".join(whole))
		with counted_queries() as few:
			participant_import.check(small.name)
		with counted_queries() as many:
			participant_import.check(large.name)
		self.assertLessEqual(len(many), len(few) + 2)

	def test_a_row_is_imported_in_a_bounded_number_of_queries(self):
		doc = lists.checked(lists.FIVE_HUNDRED.read_bytes())
		participant_import.start(doc.name)
		with counted_queries() as queries:
			importing.step(doc.name, 1)
		self.assertLess(len(queries) / importing.STEP, 18)


class TestWhoMayImport(ImportTestCase):
	def setUp(self):
		super().setUp()
		self.doc = lists.checked("Name\nAda")

	def test_nobody_but_coordinators_and_managers(self):
		for user in factories.others():
			for call in (
				participant_import.check,
				participant_import.start,
				participant_import.report,
				participant_import.faulty_rows,
			):
				with (
					self.subTest(user=user, call=call.__name__),
					self.as_user(user),
					self.assertRaises(frappe.PermissionError),
				):
					call(self.doc.name)

	def test_another_coordinator_does_not_see_my_list_and_a_manager_does(self):
		with self.as_user(factories.another(roles.COORDINATOR)), self.assertRaises(frappe.PermissionError):
			participant_import.report(self.doc.name)
		with self.as_user(factories.staff(roles.MANAGER)):
			self.assertEqual(participant_import.report(self.doc.name)["good_rows"], 1)

	def test_nobody_reads_the_rows_on_their_own(self):
		row = frappe.db.get_value(rows.ROW, {"participant_import": self.doc.name})
		for user in (*factories.others(), factories.staff(roles.MANAGER), factories.staff(roles.COORDINATOR)):
			with self.subTest(user), self.as_user(user):
				self.assertFalse(frappe.has_permission(rows.ROW, "read", row))
				self.assertRaises(frappe.PermissionError, frappe.get_list, rows.ROW)

	def test_a_coordinator_of_some_units_adds_people_to_those(self):
		limited = factories.user(roles.COORDINATOR)
		for unit in ("Talking Space", "Peer Support Team"):
			with self.as_user("Administrator"):
				factories.limit(limited, unit)
		frappe.set_user(limited)
		doc = lists.checked("Name,Service\nAda,Talking Space\nTom,Wellbeing Hub\nUna,")
		self.assertEqual(doc.good_rows, 1)
		self.assertIn("not one of your units", lists.reasons(doc)[3])
		self.assertIn("Unit: missing", lists.reasons(doc)[4])

	def test_somebody_of_other_units_is_not_named_to_a_coordinator_of_some(self):
		limited = factories.user(roles.COORDINATOR)
		with self.as_user("Administrator"):
			factories.limit(limited, "Talking Space")
		person = factories.participant(person=factories.contact("Ada", email="ada@example.org"))
		frappe.set_user(limited)
		reason = lists.reasons(lists.checked(table("Ada,Example,ada@example.org,,")))[2]
		self.assertIn("a part of the register you cannot open", reason)
		self.assertNotIn(person.name, reason)

	def test_a_request_cannot_write_stage_or_counts(self):
		self.doc.update({"stage": "Done", "imported_rows": 7, "attempt": 9})
		self.doc.save()
		self.assertEqual((self.doc.stage, self.doc.imported_rows, self.doc.attempt), ("Checked", 0, 0))

	def test_somebody_elses_file_is_not_opened_by_its_address(self):
		with self.as_user("Administrator"):
			secret = frappe.get_doc(
				{"doctype": "File", "file_name": "pay.csv", "is_private": 1, "content": "Name\nBoss"}
			).insert()
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc({"doctype": "Participant Import", "file": secret.file_url}).insert()

	def test_a_file_uploaded_as_public_is_made_private(self):
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{frappe.generate_hash(length=6)}.csv",
				"is_private": 0,
				"content": "Name\nAda Public",
			}
		).insert()
		doc = frappe.get_doc({"doctype": "Participant Import", "file": file.file_url}).insert()
		self.assertTrue(doc.file.startswith("/private/files/"))
		self.assertEqual(participant_import.check(doc.name)["good_rows"], 1)

	def test_markup_in_a_name_is_a_fault_and_elsewhere_it_is_text(self):
		doc = lists.imported(
			"Name,Access needs\n<img src=x onerror=alert(1)> Ada,\nTom,<img src=x onerror=alert(1)>quiet\n"
		)
		self.assertIn("“<” and “>” cannot be used here", lists.reasons(doc)[2])
		self.assertNotIn("onerror", lists.people(doc)[0].access_note)
