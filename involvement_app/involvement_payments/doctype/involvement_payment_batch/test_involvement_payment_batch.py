import csv
import io
from decimal import Decimal

import frappe
import frappe.client
from frappe.utils import add_days, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_payments import bank_file, batches, corrections, csv_file, transfers
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.money import money, total
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay
from involvement_app.tests.compat import IntegrationTestCase, counted_queries

BATCH, PAYMENT = pay.BATCH, pay.PAYMENT
PATH = ("Lock", "Authorise", "Export", "Confirm")


class TwoApproved(pay.PaymentTestCase):
	"""Two approved payments of £30, one person each."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.names = [payment.name for payment in pay.approved_many(2)]

	def setUp(self):
		super().setUp()
		self.payments = [frappe.get_doc(PAYMENT, name) for name in self.names]

	def take(self, batch, action, user, **values):
		with self.as_user(user):
			return lifecycle.apply(frappe.get_doc(BATCH, batch.name), action, **values)

	def statuses(self) -> list:
		return [frappe.db.get_value(PAYMENT, name, ["status", "batch"]) for name in self.names]


class TestTheWayOfABatch(TwoApproved):
	def test_from_draft_to_paid(self):
		batch = pay.batch(*self.payments)
		self.assertEqual((batch.status, batch.total, batch.line_count), ("Draft", 60, 2))
		self.assertEqual(self.statuses(), [("Approved", None)] * 2)

		batch = pay.take(batch, "Lock")
		self.assertEqual((batch.status, batch.docstatus, batch.locked_by), ("Locked", 1, pay.officer()))
		self.assertEqual(self.statuses(), [("Scheduled", batch.name)] * 2)

		batch = pay.take(batch, "Authorise", "Export")
		self.assertEqual((batch.authorised_by, batch.exported_by), (pay.authoriser(), pay.officer()))
		self.assertTrue(batch.file_hash)

		pay.take(batch, "Confirm")
		self.assertEqual(self.statuses(), [("Paid", batch.name)] * 2)

	def test_paid_on_is_the_day_the_bank_paid_whoever_clicks_when(self):
		for late, payment in ((2, self.payments[0]), (0, self.payments[1])):
			batch = pay.take(pay.batch(payment), "Lock", "Authorise", "Export")
			frappe.db.set_value(BATCH, batch.name, "payment_on", add_days(today(), -late))
			pay.take(batch, "Confirm")
		days = [frappe.db.get_value(PAYMENT, name, "paid_on") for name in self.names]
		self.assertEqual(days, [getdate(add_days(today(), -2)), getdate(today())])

	def test_everybody_is_told_once_in_neutral_words(self):
		pay.take(batch := pay.batch(*self.payments), *PATH)
		told = frappe.get_all(
			"Involvement Message",
			{"reference_doctype": BATCH, "reference_name": batch.name},
			["recipient", "subject", "body"],
		)
		self.assertCountEqual(
			[row.recipient for row in told], [payment.participant for payment in self.payments]
		)
		self.assertIn("£30.00", told[0].body)
		self.assertNotRegex(told[0].subject.lower(), "involve|health|care")

	def test_an_empty_batch_is_not_locked(self):
		with self.assertRaisesRegex(transfers.NotReady, "at least one payment"):
			pay.take(pay.batch(), "Lock")

	def test_what_is_not_approved_has_no_place_in_it(self):
		with self.assertRaisesRegex(transfers.NotReady, "Checked, not Approved"):
			pay.batch(pay.checked())

	def test_a_payment_is_in_it_once(self):
		with self.assertRaisesRegex(transfers.NotReady, "twice"):
			pay.batch(self.payments[0], self.payments[0])

	def test_a_payment_is_in_one_batch_at_most(self):
		one, other = pay.batch(*self.payments), pay.batch(self.payments[0])
		pay.take(one, "Lock")
		with self.assertRaisesRegex(transfers.NotReady, f"is in batch {one.name}"):
			pay.take(other, "Lock")
		self.assertEqual(frappe.db.get_value(BATCH, other.name, "status"), "Draft")

	def test_a_payment_voided_since_stops_the_lock_and_is_named(self):
		batch = pay.batch(*self.payments)
		with self.as_user(pay.officer()):
			lifecycle.apply(frappe.get_doc(PAYMENT, self.names[1]), "Void", note="Paid in cash")
		with self.assertRaisesRegex(frappe.ValidationError, f"Row 2.*{self.names[1]}"):
			pay.take(batch, "Lock")
		self.assertEqual(frappe.db.get_value(PAYMENT, self.names[0], "status"), "Approved")

	def test_void_gives_the_payments_back(self):
		for actions in (("Lock",), ("Lock", "Authorise")):
			with self.subTest(actions):
				batch = pay.take(pay.batch(*self.payments), *actions, "Void")
				self.assertEqual((batch.status, batch.docstatus, batch.line_count), ("Void", 2, 2))
				self.assertEqual(self.statuses(), [("Approved", None)] * 2)

	def test_not_after_the_export(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")
		for user in (pay.officer(), pay.authoriser()):
			with self.subTest(user), self.as_user(user), self.assertRaises(TransitionError):
				frappe.get_doc(BATCH, batch.name).cancel()

	def test_steps_are_not_skipped(self):
		batch = pay.batch(*self.payments)
		for status in ("Authorised", "Exported", "Confirmed", "Void"):
			with self.subTest(status), self.as_user(pay.officer()):
				with self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
					frappe.client.set_value(BATCH, batch.name, "status", status)

	def test_the_trail_counts_the_payments(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		comments = frappe.get_all(
			"Comment",
			{"reference_doctype": BATCH, "reference_name": batch.name, "comment_type": "Info"},
			pluck="content",
		)
		self.assertTrue(any(line.startswith("Schedule: 2 × Involvement Payment: ") for line in comments))


class TestMakerAndAuthoriser(TwoApproved):
	def both(self, **kw) -> str:
		return factories.user(roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER, **kw)

	def assertOwnWork(self, batch, user, words):
		with self.assertRaisesRegex(StepNotPermitted, words):
			self.take(batch, "Authorise", user)
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "status"), "Locked")

	def test_an_officer_does_not_authorise(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		with self.assertRaises(StepNotPermitted):
			self.take(batch, "Authorise", factories.user(roles.FINANCE_OFFICER))

	def test_an_authoriser_does_not_lock_export_or_confirm(self):
		batch = pay.batch(*self.payments)
		for action, then in (("Lock", "Lock"), ("Export", "Authorise"), ("Confirm", "Export")):
			if action != "Lock":
				pay.take(batch, *(("Lock", "Authorise") if then == "Authorise" else ("Export",)))
			with self.subTest(action), self.assertRaises((StepNotPermitted, frappe.PermissionError)):
				self.take(batch, action, pay.authoriser())

	def test_who_made_it_does_not_authorise(self):
		both = self.both()
		self.assertOwnWork(
			pay.take(pay.batch(*self.payments, by=both), "Lock"), both, "created, lead or changed"
		)

	def test_who_locked_it_does_not_authorise(self):
		both = self.both()
		batch = self.take(pay.batch(*self.payments), "Lock", both)
		self.assertOwnWork(batch, both, "created, lead or changed")

	def test_who_changed_its_lines_does_not_authorise(self):
		both = self.both()
		batch = pay.batch(*self.payments)
		with self.as_user(both):
			doc = frappe.get_doc(BATCH, batch.name)
			doc.lines.pop()
			doc.save()
		self.assertOwnWork(pay.take(batch, "Lock"), both, "created, lead or changed")

	def test_who_approved_a_line_does_not_authorise(self):
		both = factories.user(roles.BUDGET_HOLDER, roles.FINANCE_AUTHORISER)
		payment = pay.approved(unit=factories.unit(budget_holder=both))
		self.assertOwnWork(
			pay.take(pay.batch(payment, *self.payments), "Lock"), both, "You approved a payment"
		)

	def test_who_is_paid_does_not_authorise(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		person = frappe.get_doc("Involvement Participant", self.payments[1].participant)
		factories.signs_in_as(person, pay.authoriser())
		self.assertOwnWork(batch, pay.authoriser(), "a payment to you")

	def test_writing_the_status_is_no_way_round_it(self):
		both = self.both()
		batch = pay.take(pay.batch(*self.payments, by=both), "Lock")
		for write in (
			lambda: frappe.client.set_value(BATCH, batch.name, "status", "Authorised"),
			lambda: frappe.client.set_value(
				BATCH, batch.name, {"status": "Authorised", "locked_by": "x", "edited_by": ""}
			),
			lambda: frappe.client.save(
				frappe.as_json({**_dict(batch), "status": "Authorised", "owner": "x@example.com"})
			),
		):
			with self.as_user(both), self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
				write()
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "status"), "Locked")

	def test_nobody_else_sees_a_batch(self):
		batch = pay.batch(*self.payments)
		for user in (
			pay.budget_holder(),
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			factories.participant(portal=True).user,
			factories.user(),
			"Guest",
		):
			with self.subTest(user), self.as_user(user):
				self.assertFalse(frappe.has_permission(BATCH, "read", batch.name))
				with self.assertRaises(frappe.PermissionError):
					frappe.get_list(BATCH)
				with self.assertRaises(frappe.PermissionError):
					batches.download(batch.name)


class TestLinesSayWhatPaymentsSay(TwoApproved):
	FORGED = {"amount": 9999, "payee_name": "Mallory", "participant": "IP-99999", "reference": "GIFT"}

	def test_a_draft_takes_nothing_from_the_request(self):
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(
				{
					"doctype": BATCH,
					"payment_on": today(),
					"total": 1,
					"control_hash": "x",
					"lines": [{"payment": self.names[0], **self.FORGED}],
				}
			).insert()
		self.assertEqual((doc.total, doc.control_hash), (30, None))
		line, payment = doc.lines[0], self.payments[0]
		self.assertEqual(
			(line.amount, line.payee_name, line.participant), (30, payment.payee_name, payment.participant)
		)

	def test_nor_does_the_lock(self):
		batch = pay.batch(*self.payments)
		with self.as_user(pay.officer()):
			values = _dict(batch)
			values["lines"][0].update(self.FORGED)
			frappe.client.submit(frappe.as_json(values))
		batch = frappe.get_doc(BATCH, batch.name)
		self.assertEqual((batch.status, batch.total, batch.lines[0].amount), ("Locked", 60, 30))

	def test_no_field_of_a_line_is_a_request_s(self):
		"""Nor a proof of what is paid by hand: it is written down on its own (`ways.prove`)."""
		mallory = pay.authoriser()
		forged = {
			**self.FORGED,
			"way": "Cheque",
			"bank_detail": "x",
			"bank_changed_on": "2026-01-01",
			"handed_over_on": "2026-01-01",
			"proof": "999",
			"proof_file": "/private/files/none.pdf",
			"proved_by": mallory,
		}
		ours = {df.fieldname for df in frappe.get_meta(f"{BATCH} Line").fields if df.read_only}
		self.assertEqual(ours, set(forged))
		plain = pay.batch(self.payments[0])
		says = {field: plain.lines[0].get(field) or None for field in forged}
		values = {"doctype": BATCH, "title": "x", "payment_on": today()}
		with self.as_user(pay.officer()):
			name = frappe.client.insert({**values, "lines": [{"payment": self.names[0], **forged}]})["name"]
			for door in (lambda _values: None, frappe.client.save, frappe.client.submit):
				stored = _dict(frappe.get_doc(BATCH, name))
				stored["lines"][0].update(forged)
				door(frappe.as_json(stored))
				(line,) = frappe.get_doc(BATCH, name).lines
				self.assertEqual({field: line.get(field) or None for field in forged}, says)
		self.assertEqual(frappe.db.get_value(BATCH, name, "status"), "Locked")

	def test_whoever_releases_money_does_not_say_what_is_in_a_batch(self):
		batch = pay.batch(self.payments[0])
		tries = (
			lambda doc: doc.append("lines", {"payment": self.names[1]}),
			lambda doc: doc.set("lines", []),
			lambda doc: doc.set("payment_on", add_days(today(), 9)),
		)
		with self.as_user(pay.authoriser()):
			for tamper in tries:
				doc = frappe.get_doc(BATCH, batch.name)
				tamper(doc)
				with self.assertRaises(frappe.PermissionError):
					doc.save()
			with self.assertRaises(frappe.PermissionError):
				frappe.get_doc(BATCH, batch.name).add_approved_payments()

	def test_a_new_name_is_no_other_payee(self):
		person = frappe.get_doc("Involvement Participant", self.payments[0].participant)
		pay.take(pay.batch(self.payments[0]), *PATH)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(self.names[0], 10, "Two hours were one", "Phone")
		pay.approve(frappe.get_doc(PAYMENT, correction))
		frappe.db.set_value("Contact", person.person, "first_name", "Married")
		new = pay.approved(person)
		self.assertNotEqual(new.payee_name, self.payments[0].payee_name)
		with self.as_user(pay.officer()):
			batch = frappe.get_doc(doctype=BATCH, title="Next", payment_on=today()).insert()
			batch.add_approved_payments()
		self.assertLessEqual({new.name, correction}, {line.payment for line in batch.lines})
		batch = pay.take(batch, "Lock")
		self.assertEqual(
			[line.amount for line in transfers.of(batch) if line.participant == person.name], [20]
		)

	def test_who_reads_some_units_reads_no_batch_with_others(self):
		batch = pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")
		file = frappe.get_doc("File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name})
		elsewhere = pay.take(
			pay.batch(other := pay.approved(unit=factories.unit(budget_holder=pay.budget_holder()))), "Lock"
		)
		self.assertNotEqual(other.unit, self.payments[0].unit)
		user = factories.another(roles.FINANCE_OFFICER)
		factories.limit(user, other.unit)
		with self.as_user(user):
			self.assertEqual(frappe.get_list(BATCH, pluck="name"), [elsewhere.name])
			rows = frappe.get_list(f"{BATCH} Line", parent_doctype=BATCH, pluck="parent")
			self.assertEqual(set(rows), {elsewhere.name})
			self.assertFalse(frappe.has_permission(BATCH, "read", batch.name))
			self.assertFalse(file.has_permission("read"))
			with self.assertRaises(frappe.PermissionError):
				batches.download(batch.name)

	def test_what_is_in_a_draft_is_not_counted_twice_for_what_is_taken_back(self):
		person = frappe.get_doc("Involvement Participant", self.payments[0].participant)
		pay.take(pay.batch(self.payments[0]), *PATH)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			(correction,) = corrections.propose(self.names[0], 30, "Nobody was there", "Phone")
		pay.approve(frappe.get_doc(PAYMENT, correction))
		batch = pay.batch(less := pay.approved(person), self.payments[1])
		frappe.db.set_value(PAYMENT, less.name, "amount", 20)
		with self.as_user(pay.officer()):
			batch = frappe.get_doc(BATCH, batch.name)
			batch.add_approved_payments()
		self.assertNotIn(correction, [line.payment for line in batch.lines])

	def test_lines_are_immutable_once_locked(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		for user in (pay.officer(), pay.authoriser()):
			for tamper in (_forge_amounts, _drop_a_line, _add_a_line):
				with self.subTest(tamper.__name__, user=user), self.as_user(user):
					values = _dict(batch)
					tamper(values["lines"])
					_try(lambda v=values: frappe.client.save(frappe.as_json(v)))
					line = batch.lines[0].name
					_try(
						lambda n=line: frappe.client.set_value(
							"Involvement Payment Batch Line", n, "amount", 9999
						)
					)
					_try(lambda n=line: frappe.client.delete("Involvement Payment Batch Line", n))
				self.assertEqual(_lines(batch.name), _lines_of(batch))

	def test_not_even_along_with_a_void(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		with self.as_user(pay.officer()):
			values = _dict(batch)
			_forge_amounts(values["lines"])
			doc = frappe.get_doc({**values, "docstatus": 2})
			doc.save()
		self.assertEqual(_lines(batch.name), _lines_of(batch))
		self.assertEqual(self.statuses(), [("Approved", None)] * 2)

	def test_a_line_changed_behind_the_desk_is_never_authorised_exported_or_confirmed(self):
		batch = pay.batch(*self.payments)
		for done, action in ((("Lock",), "Authorise"), (("Authorise",), "Export"), (("Export",), "Confirm")):
			batch = pay.take(batch, *done)
			line = batch.lines[0].name
			with self.subTest(action):
				frappe.db.set_value("Involvement Payment Batch Line", line, "amount", 31)
				way_on = "Ask your bank" if action == "Confirm" else "make it void"
				with self.assertRaisesRegex(batches.BatchChanged, way_on):
					pay.take(batch, action)
				frappe.db.set_value("Involvement Payment Batch Line", line, "amount", 30)

	def test_nor_is_one_whose_payment_was_changed_behind_the_desk(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		for fieldname, value in (("amount", 31), ("participant", "IP-99999"), ("batch", None)):
			with self.subTest(fieldname):
				before = frappe.db.get_value(PAYMENT, self.names[0], fieldname)
				frappe.db.set_value(PAYMENT, self.names[0], fieldname, value)
				with self.assertRaises(batches.BatchChanged):
					pay.take(batch, "Authorise")
				frappe.db.set_value(PAYMENT, self.names[0], fieldname, before)

	def test_the_control_hash_is_over_payment_participant_amount_and_reference_in_order(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.assertEqual(batch.control_hash, batches.control_hash(batch.lines))
		self.assertNotEqual(batch.control_hash, batches.control_hash(batch.lines[::-1]))
		for fieldname, value in (
			("payment", "x"),
			("participant", "x"),
			("amount", 30.01),
			("reference", "x"),
		):
			other = [frappe._dict(line.as_dict()) for line in batch.lines]
			other[1][fieldname] = value
			self.assertNotEqual(batch.control_hash, batches.control_hash(other), fieldname)


class TestAddApprovedPayments(TwoApproved):
	def add(self, batch, user=None) -> int:
		with self.as_user(user or pay.officer()):
			return frappe.get_doc(BATCH, batch.name).add_approved_payments()

	def test_due_first_and_only_what_is_approved_and_free(self):
		taken = pay.approved()
		pay.take(pay.batch(taken), "Lock")
		pay.checked()
		frappe.db.set_value(PAYMENT, self.names[1], "due_on", add_days(today(), -60))
		batch = pay.batch()
		self.add(batch)
		lines = [line.payment for line in frappe.get_doc(BATCH, batch.name).lines]
		self.assertEqual([name for name in lines if name in self.names], [self.names[1], self.names[0]])
		self.assertNotIn(taken.name, lines)

	def test_twice_adds_nothing(self):
		batch = pay.batch(self.payments[0])
		self.add(batch)
		self.assertEqual(self.add(batch), 0)

	def test_not_to_a_locked_batch(self):
		with self.assertRaisesRegex(frappe.ValidationError, "only be added to a draft"):
			self.add(pay.take(pay.batch(*self.payments), "Lock"))

	def test_not_by_others(self):
		batch = pay.batch()
		for user in (pay.budget_holder(), factories.staff(roles.MANAGER), "Guest"):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.add(batch, user)

	def test_only_units_the_officer_may_see(self):
		officer = factories.user(roles.FINANCE_OFFICER)
		frappe.get_doc(
			{
				"doctype": "User Permission",
				"user": officer,
				"allow": "Involvement Unit",
				"for_value": factories.unit(),
			}
		).insert()
		batch = pay.batch(by=officer)
		self.assertEqual(self.add(batch, officer), 0)


class TestTheFile(TwoApproved):
	NAMES = (
		'Ann "Quote" O’Neil',
		"two\nlines",
		"Zoë 🎉",
		"=1+1",
		"+44",
		"-1",
		"@sum",
		"\tTab",
		"\rReturn",
		"  =2+2",
		"مريم",
	)

	def exported(self):
		return pay.take(pay.batch(*self.payments), "Lock", "Authorise", "Export")

	def rows(self, content: bytes) -> list:
		return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))

	def test_it_equals_the_approved_payments_to_the_penny(self):
		for payment, amount in zip(self.payments, (0.1, 12.35), strict=True):
			frappe.db.set_value(PAYMENT, payment.name, "amount", amount)
		batch = self.exported()
		header, *lines, last = self.rows(bank_file.proven(batch)[1])
		self.assertEqual(tuple(header), csv_file.COLUMNS)
		self.assertEqual(
			{row[0]: Decimal(row[4]) for row in lines},
			{self.names[0]: Decimal("0.10"), self.names[1]: Decimal("12.35")},
		)
		self.assertEqual((last[0], last[1], Decimal(last[4])), ("Total", "2", money(batch.total)))
		self.assertEqual(
			sum(Decimal(row[4]) for row in lines), total(p.amount for p in map(self.fresh, self.names))
		)

	def fresh(self, name):
		return frappe.get_doc(PAYMENT, name)

	def test_names_survive_quotes_new_lines_and_emoji(self):
		for name in self.NAMES[:3] + self.NAMES[-1:]:
			with self.subTest(name):
				self.assertEqual(self.rows(self.file_for(name))[1][2], name)

	def test_no_cell_begins_a_formula(self):
		for name in self.NAMES[3:-1]:
			with self.subTest(name):
				cell = self.rows(self.file_for(name))[1][2]
				self.assertEqual(cell, "'" + name)

	def file_for(self, name: str) -> bytes:
		line = frappe._dict(
			payment="IPAY-1", participant="IP-1", payee_name=name, reference="FEES 1", amount=30
		)
		return csv_file.render([line], "2026-05-01")

	def test_a_hostile_name_goes_all_the_way_neutralised(self):
		contact = frappe.db.get_value("Involvement Participant", self.payments[0].participant, "person")
		frappe.db.set_value("Contact", contact, "first_name", '=HYPERLINK("http://evil.example")')
		frappe.db.set_value(PAYMENT, self.names[0], "payee_name", '=HYPERLINK("http://evil.example")')
		lines = self.rows(bank_file.proven(self.exported())[1])
		self.assertTrue(lines[1][2].startswith("'=HYPERLINK"))

	def test_it_is_a_private_file_on_the_batch(self):
		batch = self.exported()
		file = frappe.get_doc("File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name})
		self.assertEqual((file.is_private, csv_file.fingerprint(_bytes(file))), (1, batch.file_hash))
		self.assertTrue(file.file_url.startswith("/private/files/"))

	def test_a_download_is_the_very_same_file_every_time(self):
		batch = self.exported()
		for _again in range(2):
			with self.as_user(pay.officer()):
				batches.download(batch.name)
			self.assertEqual(csv_file.fingerprint(frappe.response.filecontent), batch.file_hash)
			self.assertEqual(frappe.response.filename, f"{batch.name}.csv")
		self.addCleanup(frappe.response.clear)

	def test_a_file_that_is_not_what_was_exported_is_not_handed_out(self):
		batch = self.exported()
		file = frappe.get_doc("File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name})
		with open(file.get_full_path(), "ab") as stored:
			stored.write(b"Mallory")
		with self.as_user(pay.officer()), self.assertRaises(batches.BatchChanged):
			batches.download(batch.name)

	def test_there_is_none_before_the_export(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		with self.as_user(pay.officer()), self.assertRaisesRegex(frappe.ValidationError, "no file yet"):
			batches.download(batch.name)


class TestQueryBudget(pay.PaymentTestCase):
	"""Locking, exporting and voiding cost the same for one line and for many (domain 5.1).
	(What a Workflow costs a step depends on how many users hold the next role: the same for both.)"""

	def statements(self, lines: int) -> dict[str, int]:
		batch, found = pay.batch(*pay.approved_many(lines)), {}
		for action in ("Lock", "Authorise", "Export"):
			with self.as_user(pay.authoriser() if action == "Authorise" else pay.officer()):
				doc = frappe.get_doc(BATCH, batch.name)
				with counted_queries() as queries:
					lifecycle.apply(doc, action)
			found[action] = len(queries)
		return found

	def test_a_step_costs_nothing_a_line(self):
		self.statements(1)  # warms the caches
		one, many = self.statements(1), self.statements(6)
		for action in one:
			with self.subTest(action):
				self.assertLessEqual(many[action], one[action] + 1)


class TestLinesAreWrittenAtOnce(TwoApproved):
	"""In the place of Frappe's statement a line: the same rows come of it."""

	def stored(self, batch) -> list[tuple]:
		return frappe.get_all(
			"Involvement Payment Batch Line",
			{"parent": batch.name, "parentfield": "lines", "parenttype": BATCH},
			["payment", "idx", "amount", "docstatus", "modified_by"],
			order_by="idx",
			as_list=True,
		)

	def test_added_changed_and_taken_away(self):
		batch = pay.batch(self.payments[0])
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(BATCH, batch.name)
			doc.append("lines", {"payment": self.names[1]})
			doc.save()
			kept = doc.lines[1].name
			doc.lines.pop(0)
			doc.lines[0].idx = 1
			doc.save()
		self.assertEqual(self.stored(batch), ((self.names[1], 1, 30, 0, pay.officer()),))
		self.assertEqual(frappe.get_doc(BATCH, batch.name).lines[0].name, kept)

	def test_the_lines_go_with_their_batch(self):
		batch = pay.take(pay.batch(*self.payments), "Lock")
		self.assertEqual([row[3] for row in self.stored(batch)], [1, 1])
		batch = pay.take(batch, "Void")
		self.assertEqual([row[3] for row in self.stored(batch)], [2, 2])

	def test_a_name_in_a_request_takes_nobodys_line(self):
		theirs, mine = pay.batch(self.payments[0]), pay.batch(self.payments[1])
		before = self.stored(theirs)
		with self.as_user(pay.officer()):
			doc = frappe.get_doc(BATCH, mine.name)
			doc.lines[0].name = theirs.lines[0].name
			doc.save()
		self.assertEqual(self.stored(theirs), before)
		self.assertEqual([row[0] for row in self.stored(mine)], [self.names[1]])

	def test_a_name_that_occurs_twice_is_two_lines_and_the_first_keeps_it(self):
		batch = pay.batch(self.payments[0])
		values = _dict(batch)
		kept = values["lines"][0]["name"]
		values["lines"].append({**values["lines"][0], "idx": 2, "payment": self.names[1]})
		with self.as_user(pay.officer()):
			frappe.client.save(frappe.as_json(values))
		self.assertEqual([row[0] for row in self.stored(batch)], self.names)
		self.assertEqual(frappe.get_doc(BATCH, batch.name).lines[0].name, kept)
		values = _dict(batch)
		values["lines"][1]["name"] = kept
		with self.as_user(pay.officer()):
			frappe.client.submit(frappe.as_json(values))
		self.assertEqual([row[0] for row in self.stored(batch)], self.names)
		self.assertEqual(pay.take(batch, "Authorise").status, "Authorised")


class TestReference(IntegrationTestCase):
	def test_neutral_short_and_in_the_banks_alphabet(self):
		self.assertEqual(batches.reference("EXPENSES AND FEES", "IPAY-00012"), "EXPENSES AND 00012")
		self.assertEqual(batches.reference("Café (petty) cash!", "IPAY-1234567"), "CAFE PETTY 1234567")
		self.assertEqual(batches.reference("", "IPAY-00012"), "00012")
		self.assertEqual(batches.reference("=cmd", "IPAY-00012"), "CMD 00012")

	def test_never_longer_than_eighteen(self):
		for number in (1, 99999, 123456789012):
			self.assertLessEqual(len(batches.reference("EXPENSES AND FEES", f"IPAY-{number:05}")), 18)


def _dict(doc) -> dict:
	return frappe.get_doc(doc.doctype, doc.name).as_dict(convert_dates_to_str=True)


def _lines(name: str) -> list:
	return _lines_of(frappe.get_doc(BATCH, name))


def _lines_of(batch) -> list:
	return [(line.name, line.payment, line.payee_name, line.amount, line.reference) for line in batch.lines]


def _forge_amounts(lines: list) -> None:
	for line in lines:
		line.update({"amount": 9999, "payee_name": "Mallory"})


def _drop_a_line(lines: list) -> None:
	lines.pop()


def _add_a_line(lines: list) -> None:
	lines.append({**lines[0], "name": None, "__islocal": 1})


def _bytes(file) -> bytes:
	with open(file.get_full_path(), "rb") as stored:
		return stored.read()


def _try(call):
	"""Refused or put back: both are right; what counts is what is stored."""
	try:
		call()
	except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError):
		pass
