"""A batch on its way to the bank: accounts that are there and were looked at, one file that is kept, copies that say so,
and what is paid by hand (domain 4.6, 4.12; 5.2; 5.3)."""

import base64
import contextlib
import csv
import io
from decimal import Decimal

import frappe
from frappe.utils import add_days, today
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app import lifecycle
from involvement_app.involvement_payments import (
	bank_details,
	bank_file,
	bank_returns,
	batches,
	file_totals,
	files_for_others,
	large,
	layouts,
	reconciliation,
	reversals,
	transfers,
	ways,
)
from involvement_app.involvement_payments.doctype.bank_file_layout.test_bank_file_layout import parse
from involvement_app.money import money, total
from involvement_app.patches.v1_0 import layouts_looked_at
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

BATCH, DETAIL, LINE, LOG = (
	"Involvement Payment Batch",
	"Participant Bank Detail",
	"Involvement Payment Batch Line",
	"Sensitive Access Log",
)


class BankFileTestCase(pay.PaymentTestCase):
	def made_once(self):
		super().made_once()
		frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
		self.payments = pay.approved_many(2)
		self.people = [frappe.get_doc("Involvement Participant", one.participant) for one in self.payments]

	def with_accounts(self, **layout):
		self.layout = factories.bank_file_layout(in_use=1, **layout)
		return [factories.participant_bank_detail(person, "Active") for person in self.people]

	def long_ago(self, *details) -> None:
		for detail in details:
			frappe.db.set_value(DETAIL, detail.name, "active_since", add_days(today(), -30))

	def batch(self, *actions: str):
		return pay.take(pay.batch(*self.payments), *actions)

	def exported(self):
		self.long_ago(*self.with_accounts())
		return self.batch("Lock", "Authorise", "Export")

	def rows(self, content: bytes) -> list:
		return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))

	def files(self, batch) -> list[str]:
		attached = {"attached_to_doctype": BATCH, "attached_to_name": batch.name}
		return frappe.get_all("File", attached, pluck="file_name", order_by="creation")


class TestAccounts(BankFileTestCase):
	def test_without_a_layout_no_account_is_needed(self):
		batch = self.batch("Lock", "Authorise", "Export")
		self.assertFalse(batch.file_layout)
		self.assertEqual(self.rows(batches.proven_content(batch))[-1][0], "Total")

	def test_a_line_without_a_verified_account_is_not_locked_and_is_named(self):
		"""Domain 4.12: what is not verified is not paid to."""
		self.layout = factories.bank_file_layout(in_use=1)
		factories.participant_bank_detail(self.people[0], "Active")
		factories.participant_bank_detail(self.people[1], "Pending")
		batch = pay.batch(*self.payments)
		with self.assertRaisesRegex(ways.NoAccount, "Row 2") as caught:
			pay.take(batch, "Lock")
		self.assertNotIn("Row 1", str(caught.exception))

	def test_a_row_that_was_taken_out_holds_up_no_new_account(self):
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock")
		self.assertTrue(bank_details._money_on_its_way(self.people[0].name))
		with self.as_user(pay.officer()):
			reversals.take_out(batch.name, self.payments[0].name, "The account is wrong")
		self.assertFalse(bank_details._money_on_its_way(self.people[0].name))
		self.assertTrue(bank_details._money_on_its_way(self.people[1].name))

	def test_the_layout_is_that_of_when_it_was_locked(self):
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock")
		self.assertEqual(batch.file_layout, self.layout.name)
		frappe.db.set_value("Bank File Layout", self.layout.name, "in_use", 0)
		self.assertIn("-", self.files(pay.take(batch, "Authorise", "Export"))[0])

	def test_nobody_sends_the_money_elsewhere_by_the_way_it_is_written(self):
		"""What the officer locked and another released is what is written: not a fixed account in the column of the number."""
		self.long_ago(*self.with_accounts())
		waiting = pay.batch(*self.payments)
		for action in ("", "Lock", "Authorise", "Export"):
			waiting = pay.take(waiting, action) if action else waiting
			with self.subTest(action), self.assertRaisesRegex(frappe.ValidationError, "stays as it is"):
				self.change_the_layout()
			with self.as_user(pay.authoriser()):
				layout = frappe.get_doc("Bank File Layout", self.layout.name)
				layout.title, layout.source = f"{layout.title} {action}", f"The guide, {action}"
				layout.save()

	def test_layouts_from_before_a_second_person_looked_at_them(self):
		"""What writes files stays in use and as it is; a batch on its way is written by it; who changed another does not put it
		in use."""
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock")
		other = factories.bank_file_layout()
		before = {"put_in_use_on": None, "put_in_use_by": None, "content_hash": None, "edited_by": None}
		frappe.db.set_value("Bank File Layout", {"name": ["in", [self.layout.name, other.name]]}, before)
		frappe.db.set_value(
			"Bank File Layout", other.name, "modified_by", pay.officer(), update_modified=False
		)
		frappe.db.set_value(BATCH, batch.name, "layout_hash", None)
		layouts_looked_at.execute()
		self.assertTrue(self.files(pay.take(batch, "Authorise", "Export")))
		with self.assertRaisesRegex(frappe.ValidationError, "stays as it is"):
			self.change_the_layout()
		with self.as_user(pay.officer()), self.assertRaises(lifecycle.StepNotPermitted):
			layouts.put_in_use(
				other.name, str(frappe.db.get_value("Bank File Layout", other.name, "modified"))
			)

	def change_the_layout(self) -> None:
		with self.as_user(pay.authoriser()):
			layout = frappe.get_doc("Bank File Layout", self.layout.name)
			layout.append("columns", {"holds": "Fixed words", "fixed_words": "11111111"})
			layout.save()

	def test_who_took_theirs_away_since_is_not_paid_to_it(self):
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock", "Authorise")
		with self.as_user(factories.staff(roles.COORDINATOR)):
			bank_details.take_away_for(self.people[1].name, "Phone")
		with self.assertRaisesRegex(ways.NoAccount, "Row 2"):
			pay.take(batch, "Export")

	def test_a_change_waits_while_money_is_on_its_way(self):
		old, _other = self.with_accounts()
		self.long_ago(old, _other)
		batch = self.batch("Lock")
		new = factories.participant_bank_detail(self.people[0], account_number="88837491", sort_code="107999")
		with self.as_user(pay.officer()):
			frappe.db.set_value(DETAIL, new.name, "usable_from", today())
			lifecycle.apply(frappe.get_doc(DETAIL, new.name), "Verify")
		bank_details.use_due()
		self.assertEqual(frappe.db.get_value(DETAIL, new.name, "status"), "Verified")
		pay.take(batch, "Authorise", "Export")
		bank_details.use_due()
		self.assertEqual(frappe.db.get_value(DETAIL, new.name, "status"), "Active")

	def test_one_reading_of_accounts_is_written_down_for_the_batch(self):
		before = frappe.db.count(LOG)
		batch = self.exported()
		self.assertEqual(frappe.db.count(LOG), before + 1)
		entry = frappe.get_last_doc(LOG, {"document_name": batch.name})
		self.assertEqual((entry.document_type, entry.user, entry.outcome), (BATCH, pay.officer(), "Read"))
		self.assertIn("2 accounts", entry.reason)

	def test_nobody_but_finance_reads_the_file(self):
		"""Domain 5.3: coordinators and bank details."""
		batch = self.exported()
		file = frappe.get_doc("File", {"attached_to_doctype": BATCH, "attached_to_name": batch.name})
		for user in (
			factories.staff(roles.COORDINATOR),
			factories.staff(roles.MANAGER),
			pay.budget_holder(),
			self.people[0].user or factories.participant(portal=True).user,
			factories.user(),
			"Guest",
		):
			with self.subTest(user), self.as_user(user):
				self.assertFalse(file.has_permission("read"))
				self.assertRaises(frappe.PermissionError, batches.download, batch.name)
				self.assertRaises(frappe.PermissionError, files_for_others.journal, batch.name)
		with self.as_user(pay.authoriser()):
			self.assertTrue(file.has_permission("read"))


class TestChangedAccounts(BankFileTestCase):
	def test_whoever_authorises_says_that_they_looked(self):
		"""Domain 4.6: a change within seven days flags the line."""
		old, _new = self.with_accounts()
		self.long_ago(old)
		batch = self.batch("Lock")
		self.assertEqual(batch.changed_accounts, 1)
		self.assertEqual([bool(line.bank_changed_on) for line in batch.lines], [False, True])
		with self.assertRaisesRegex(lifecycle.TransitionError, r"rows 2"):
			pay.take(batch, "Authorise")
		other = factories.another(roles.FINANCE_AUTHORISER)
		self.tick(batch, other)
		with self.assertRaises(lifecycle.TransitionError):
			pay.take(batch, "Authorise")
		self.tick(batch, pay.authoriser())
		self.assertEqual(pay.take(batch, "Authorise").changes_seen_by, pay.authoriser())

	def test_so_is_a_change_to_another_way(self):
		"""A cheque or cash is diverted more easily than a transfer."""
		frappe.db.set_single_value("Involvement Settings", "pay_by_voucher", 1)
		self.long_ago(*self.with_accounts())
		for way in ("Cheque", "Cash", "Voucher"):
			with self.subTest(way):
				factories.participant_bank_detail(self.people[0], "Active", way=way)
				batch = self.batch("Lock")
				self.assertEqual(batch.changed_accounts, 1)
				self.assertEqual([bool(line.bank_changed_on) for line in batch.lines], [True, False])
				with self.assertRaisesRegex(lifecycle.TransitionError, r"How these people are paid.*rows 1"):
					pay.take(batch, "Authorise")
				with self.as_user(pay.authoriser()):
					said = frappe.get_print(BATCH, batch.name, "Batch Cover Sheet")
				self.assertIn("How they are paid is new or was changed within seven days", said)
				self.assertIn(f"<td>{way}</td>", said)
				pay.take(batch, "Void")

	def tick(self, batch, user: str) -> None:
		with self.as_user(user):
			doc = frappe.get_doc(BATCH, batch.name)
			doc.changes_seen = 0
			doc.save()
			doc.changes_seen = 1
			doc.changes_seen_by = pay.authoriser()
			doc.save()

	def test_who_looked_is_not_what_a_request_says(self):
		self.with_accounts()
		batch = self.batch("Lock")
		with self.assertRaisesRegex(frappe.PermissionError, "whoever authorises"):
			self.tick(batch, pay.officer())
		other = factories.another(roles.FINANCE_AUTHORISER)
		self.tick(batch, other)
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "changes_seen_by"), other)


class TestTheFileOfALayout(BankFileTestCase):
	def test_batch_lines_and_file_agree_to_the_penny(self):
		for payment, amount in zip(self.payments, (0.1, 12.35), strict=True):
			frappe.db.set_value(pay.PAYMENT, payment.name, "amount", amount)
		batch = self.exported()
		_header, *rows = self.rows(batches.proven_content(batch))
		self.assertEqual([row[3] for row in rows], ["0.10", "12.35"])
		self.assertEqual(sum(Decimal(row[3]) for row in rows), money(batch.total))
		self.assertEqual(total(line.amount for line in batch.lines), money(batch.total))
		self.assertEqual({row[2] for row in rows}, {"66374958"})

	def test_each_payee_stands_in_one_row(self):
		second = pay.approved(self.people[0])
		self.payments.append(second)
		batch = self.exported()
		_header, *rows = self.rows(batches.proven_content(batch))
		self.assertEqual(sorted(row[3] for row in rows), ["30.00", "60.00"])

	def test_standard_18_pays_the_lines(self):
		factories.standard_18(in_use=1)
		self.long_ago(*[factories.participant_bank_detail(person, "Active") for person in self.people])
		batch = self.batch("Lock", "Authorise", "Export")
		found = parse(batches.proven_content(batch))
		self.assertEqual([credit["pence"] for credit in found["credits"]], [3000, 3000])
		self.assertEqual(found["totals"][0], int(money(batch.total) * 100))
		self.assertEqual(
			{credit["reference"] for credit in found["credits"]}, {line.reference for line in batch.lines}
		)

	def test_no_path_in_a_name(self):
		"""Domain 5.3: the name of a file is made of a batch's number alone."""
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock", "Authorise")
		hostile = frappe._dict(batch.as_dict(), name="../../../etc/cron.d/x", lines=batch.lines)
		name, _content = bank_file.write(hostile)
		self.assertRegex(name, r"\A[A-Za-z0-9-]+\.csv\Z")

	def test_who_gets_nothing_or_less_stops_the_file(self):
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock", "Authorise")
		for amount in (0, -5):
			line = frappe._dict(batch.lines[0].as_dict(), amount=amount)
			doc = frappe._dict(batch.as_dict(), lines=[line])
			with self.subTest(amount), self.assertRaises(bank_file.NothingToWrite):
				bank_file.write(doc)

	@settings(max_examples=15, deadline=None)
	@given(st.lists(st.integers(min_value=1, max_value=10_000_000), min_size=1, max_size=6))
	def test_whatever_the_amounts(self, pence):
		"""Batch = lines = file, to the penny."""
		lines = [
			frappe._dict(
				idx=n,
				payment=f"P-{n}",
				participant=f"C-{n % 3}",
				payee_name="",
				way="Bank",
				amount=each / 100,
				reference="R",
			)
			for n, each in enumerate(pence)
		]
		batch = frappe._dict(lines=lines, reversals=[], file_layout="A bank")
		rows = transfers.of(batch)
		self.assertEqual(len(rows), min(len(pence), 3))
		self.assertEqual(total(row.amount for row in rows), Decimal(sum(pence)) / 100)


class TestWhereTheMoneyGoes(BankFileTestCase):
	"""Attack: a layout that is changed once a batch was locked sends every line to one account."""

	def redirected(self, layout) -> None:
		"""As somebody with the database would: no form changes it."""
		for holds, words in (("Sort code", "112233"), ("Account number", "99999999")):
			frappe.db.set_value(
				"Bank File Layout Column",
				{"parent": layout.name, "holds": holds},
				{"holds": "Fixed words", "fixed_words": words},
			)
		frappe.clear_document_cache("Bank File Layout", layout.name)

	def test_nobody_changes_the_layout_of_a_locked_batch(self):
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock", "Authorise")
		with self.as_user(pay.authoriser()):
			layouts.take_out_of_use(self.layout.name)
		for user in (pay.authoriser(), pay.officer(), factories.staff(roles.MANAGER)):
			with self.subTest(user), self.as_user(user):
				doc = frappe.get_doc("Bank File Layout", self.layout.name)
				doc.in_use, doc.put_in_use_on, doc.content_hash = 0, None, None
				for column in doc.columns:
					if column.holds in ("Sort code", "Account number"):
						column.update({"holds": "Fixed words", "fixed_words": "112233"})
				self.assertRaises((frappe.ValidationError, frappe.PermissionError), doc.save)
		content = batches.proven_content(pay.take(batch, "Export"))
		self.assertEqual({row[2] for row in self.rows(content)[1:]}, {"66374958"})

	def test_one_that_was_changed_all_the_same_stops_each_step_and_says_what_to_do(self):
		"""Also past every rule: what was locked, and looked at, is asked for again."""
		self.long_ago(*self.with_accounts())
		for steps, refused in ((("Lock",), "Authorise"), (("Lock", "Authorise"), "Export")):
			with self.subTest(refused), self.changed_for_a_moment(*steps) as batch:
				with self.assertRaisesRegex(layouts.LayoutChanged, "make this batch void"):
					pay.take(batch, refused)
				voided = pay.take(batch, "Void")
				self.assertEqual(voided.status, "Void")
				self.assertFalse(self.files(voided))
				with self.assertRaisesRegex(layouts.LayoutChanged, "not what was looked at"):
					self.batch("Lock")

	@contextlib.contextmanager
	def changed_for_a_moment(self, *steps: str):
		batch = self.batch(*steps)
		columns = frappe.get_all("Bank File Layout Column", {"parent": self.layout.name}, ["name", "holds"])
		self.redirected(self.layout)
		yield batch
		for row in columns:
			frappe.db.set_value(
				"Bank File Layout Column", row.name, {"holds": row.holds, "fixed_words": None}
			)
		frappe.clear_document_cache("Bank File Layout", self.layout.name)

	def test_after_that_the_payments_go_with_a_layout_that_is_right(self):
		self.long_ago(*self.with_accounts())
		pay.take(self.batch("Lock"), "Void")
		self.redirected(self.layout)
		factories.bank_file_layout(in_use=1)
		batch = self.batch("Lock", "Authorise", "Export")
		self.assertEqual({row[2] for row in self.rows(batches.proven_content(batch))[1:]}, {"66374958"})

	def test_no_copy_by_another_layout_and_the_first_file_is_still_there(self):
		batch = self.exported()
		self.redirected(self.layout)
		with self.as_user(pay.officer()):
			with self.assertRaisesRegex(layouts.LayoutChanged, "Download the one"):
				bank_file.export_again(batch.name, "The bank's site lost the upload")
		self.assertEqual(self.files(batch), [f"{batch.name}.csv"])
		batch.reload()
		self.assertTrue(batches.proven_content(batch))

	def test_the_cover_sheet_says_who_wrote_it_and_who_looked(self):
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock")
		with self.as_user(pay.authoriser()):
			said = frappe.get_print(BATCH, batch.name, "Batch Cover Sheet")
		self.assertIn(f"written by {pay.authoriser()}, put in use by {pay.officer()}", said)
		self.assertIn(batch.layout_hash, said)

	def test_the_file_is_read_back_account_by_account(self):
		"""Two accounts that change places come to the same sum."""
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock", "Authorise")
		for column in ("Account number", "Sort code"):
			frappe.db.set_value(
				"Bank File Layout Column", {"parent": self.layout.name, "holds": column}, "most", 5
			)
			frappe.clear_document_cache("Bank File Layout", self.layout.name)
			with self.subTest(column), self.assertRaisesRegex(bank_file.NothingToWrite, "its own account"):
				bank_file.write(batch)
			frappe.db.set_value(
				"Bank File Layout Column", {"parent": self.layout.name, "holds": column}, "most", 0
			)
			frappe.clear_document_cache("Bank File Layout", self.layout.name)
		self.assertTrue(bank_file.write(batch))

	def test_bacs_records_are_read_back_too(self):
		row = bank_file.Row("IP-1", bank_details.Account("x", "Ann", "089999", "66374958"), Decimal(30), "R")
		layout = factories.standard_18()
		written = bank_file.standard_18(layout, [row], frappe._dict(name="IPB-1", payment_on=today()))
		how = frappe._dict(file_written='{"bacs": 1}')
		self.assertEqual(file_totals.credits(how, written), [("089999", "66374958", Decimal(30))])
		batch = frappe._dict(
			file_layout=layout.name,
			reversals=[],
			lines=[
				frappe._dict(
					payment="P", participant="IP-1", payee_name="", way="Bank", amount=30, reference="R"
				)
			],
		)
		self.assertEqual(bank_file._read_back(batch, written, [row]), written)
		with self.assertRaisesRegex(bank_file.NothingToWrite, "its own account"):
			bank_file._read_back(batch, written.replace(b"66374958", b"99999999"), [row])


class TestWrittenAgain(BankFileTestCase):
	REASON = "The bank's site lost the upload"

	def again(self, batch, reason=REASON, user=None) -> int:
		with self.as_user(user or pay.officer()):
			return bank_file.export_again(batch.name, reason)

	def test_with_a_reason_counted_marked_and_told(self):
		"""Domain 4.12: a re-export needs a reason and is watermarked."""
		batch = self.exported()
		first = batch.file_hash
		self.assertEqual(self.again(batch), 2)
		batch.reload()
		self.assertEqual((batch.export_count, batch.export_reason), (2, self.REASON))
		self.assertNotEqual(batch.file_hash, first)
		self.assertEqual(self.files(batch), [f"{batch.name}.csv", f"{batch.name}-copy-2.csv"])
		header = self.rows(batches.proven_content(batch))[0]
		self.assertIn("COPY 2", header[-1])
		told = frappe.get_last_doc("Involvement Message", {"template": bank_file.TEMPLATE})
		self.assertEqual(told.recipient, pay.authoriser())
		self.assertIn("s site lost the upload", told.body)

	def test_not_without_a_reason_nor_by_others_nor_before_or_after(self):
		batch = self.exported()
		for reason in ("", " ", "again"):
			with self.subTest(reason), self.assertRaises(frappe.ValidationError):
				self.again(batch, reason)
		for user in (pay.authoriser(), factories.staff(roles.MANAGER), pay.budget_holder(), "Guest"):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.again(batch, user=user)
		batch = pay.take(batch, "Confirm")
		with self.assertRaisesRegex(frappe.ValidationError, "only an exported batch"):
			self.again(batch)
		self.assertEqual(len(self.files(batch)), 1)

	def test_not_once_the_bank_has_answered(self):
		"""It has the file: a copy would pay everybody again."""
		batch = self.exported()
		first = batch.lines[0]
		content = base64.b64encode(f"Reference,Amount,Outcome\n{first.reference},30.00,Paid\n".encode())
		with self.as_user(pay.officer()):
			bank_returns.take_in(batch.name, content.decode())
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "status"), "Exported")
		with self.assertRaisesRegex(frappe.ValidationError, f"answered about {first.payment}"):
			self.again(batch)

	def test_nor_once_it_has_sent_one_back(self):
		batch = self.exported()
		with self.as_user(pay.officer()):
			reversals.sent_back(batch.name, batch.lines[1].payment, "Account closed")
		with self.assertRaisesRegex(frappe.ValidationError, f"answered about {batch.lines[1].payment}"):
			self.again(batch)
		self.assertEqual(len(self.files(batch)), 1)

	def test_the_plain_list_says_so_too(self):
		batch = self.batch("Lock", "Authorise", "Export")
		self.again(batch)
		batch.reload()
		self.assertEqual(self.rows(batches.proven_content(batch))[-1][0], "Total (COPY 2)")

	def test_standard_18_says_so_in_its_header(self):
		factories.standard_18(in_use=1)
		self.long_ago(*[factories.participant_bank_detail(person, "Active") for person in self.people])
		batch = self.batch("Lock", "Authorise", "Export")
		self.again(batch)
		batch.reload()
		self.assertEqual(parse(batches.proven_content(batch))["remark"], "COPY 2")

	def test_not_to_accounts_that_are_others_by_now(self):
		batch = self.exported()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			bank_details.take_away_for(self.people[0].name, "Phone")
		with self.assertRaises(ways.NoAccount):
			self.again(batch)


class TestByHand(BankFileTestCase):
	def made_once(self):
		super().made_once()
		by_hand = factories.participant_bank_detail(self.people[0], "Active", way="Cash")
		self.other = factories.participant_bank_detail(self.people[1], "Active")
		self.long_ago(by_hand, self.other)
		factories.bank_file_layout(in_use=1)

	def test_it_is_left_out_of_the_file_and_needs_its_proof(self):
		"""Domain 4.6: cash with a signature; cheque and voucher with their number."""
		batch = self.batch("Lock", "Authorise", "Export")
		self.assertEqual([line.way for line in batch.lines], ["Cash", "Bank"])
		self.assertEqual(len(self.rows(batches.proven_content(batch))), 2)
		with self.assertRaisesRegex(ways.NotProven, "rows 1"):
			pay.take(batch, "Confirm")
		for user in (pay.authoriser(), factories.staff(roles.COORDINATOR), "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				ways.prove(batch.name, 1, "V-17")
		with self.as_user(pay.officer()):
			for row, number, slip in (
				(2, "V-17", ""),
				(1, "", ""),
				(1, "", "/private/files/somebody-elses.pdf"),
				(9, "x", ""),
			):
				with self.subTest(f"{row} {number} {slip}"), self.assertRaises(frappe.ValidationError):
					ways.prove(batch.name, row, number, slip)
			with self.assertRaisesRegex(frappe.ValidationError, "the person signed"):
				ways.prove(batch.name, 1, "V-17")
			ways.prove(batch.name, 1, " V-17 ", pay.paper(BATCH, batch.name))
		batch = pay.take(batch, "Confirm")
		self.assertEqual((batch.lines[0].proof, batch.lines[0].proved_by), ("V-17", pay.officer()))

	def test_the_plain_list_leaves_it_out_too(self):
		frappe.db.set_value("Bank File Layout", {"in_use": 1}, "in_use", 0)
		batch = self.batch("Lock", "Authorise", "Export")
		lines = self.rows(batches.proven_content(batch))
		self.assertEqual((len(lines), lines[-1][1]), (3, "1"))

	def test_with_nobody_to_pay_by_bank_the_file_is_a_list_of_nobody(self):
		frappe.db.set_value(DETAIL, self.other.name, "way", "Cheque")
		batch = self.batch("Lock", "Authorise", "Export")
		(_header, sums) = self.rows(batches.proven_content(batch))
		self.assertEqual((sums[1], sums[4]), ("0", "0.00"))

	def test_what_goes_to_a_charity_does_not_go_to_the_persons_account(self):
		frappe.db.set_value(
			pay.PAYMENT, self.payments[1].name, {"charity": "Otters", "payment_choice": "Give to a charity"}
		)
		batch = self.batch("Lock")
		self.assertEqual((batch.lines[1].way, batch.lines[1].bank_detail), ("Charity", None))


class TestTheCoverSheet(BankFileTestCase):
	"""Domain 4.6: a change within seven days flags the line, also on the paper that is signed."""

	def sheet(self, batch) -> str:
		with self.as_user(pay.authoriser()):
			return frappe.get_print(BATCH, batch.name, "Batch Cover Sheet")

	def test_it_names_accounts_that_are_new_and_who_looked(self):
		long_ago, _new = self.with_accounts()
		self.long_ago(long_ago)
		batch = self.batch("Lock")
		said = self.sheet(batch)
		self.assertIn("How they are paid is new or was changed within seven days", said)
		self.assertIn(f"{self.layout.title}, written by {pay.authoriser()}", said)
		self.assertIn(f"<td>2</td><td>{self.payments[1].name}</td>", said)
		self.assertNotIn(f"<td>1</td><td>{self.payments[0].name}</td>", said)
		self.assertIn("Nobody has said yet", said)
		with self.as_user(pay.authoriser()):
			doc = frappe.get_doc(BATCH, batch.name)
			doc.changes_seen = 1
			doc.save()
		self.assertIn(f"Looked at by {pay.authoriser()}", self.sheet(batch))

	def test_without_any_it_says_nothing_of_it(self):
		self.long_ago(*self.with_accounts())
		self.assertNotIn(
			"How they are paid is new or was changed within seven days", self.sheet(self.batch("Lock"))
		)

	def test_what_is_paid_by_hand_stands_with_its_proof(self):
		details = self.with_accounts()
		self.long_ago(*details)
		frappe.db.set_value(DETAIL, details[0].name, "way", "Cheque")
		batch = self.batch("Lock", "Authorise", "Export")
		with self.as_user(pay.officer()):
			ways.prove(batch.name, 1, "<b>100234</b>")
		said = self.sheet(batch)
		self.assertIn("Paid by hand", said)
		self.assertIn("&lt;b&gt;100234", said)


class TestGivenToACharity(BankFileTestCase):
	"""Domain 4.6: the choice "give to a charity" is paid, and the person hears of it when it was."""

	def made_once(self):
		super().made_once()
		people = [factories.participant(), factories.participant()]
		self.payments = [pay.approved(people[0]), self.given(people[1])]
		self.people = people

	def given(self, person, charity="Otters"):
		place = pay.opportunity()
		engagement = factories.engagement(place, person, "Give to a charity", charity=charity)
		pay.hold(place)
		return pay.approve(pay.payments(engagement)[0])

	def told(self, template: str) -> list:
		return frappe.get_all(
			"Involvement Message", {"template": template, "recipient": self.people[1].name}, pluck="body"
		)

	def test_where_the_file_names_accounts_it_is_paid_by_hand_and_proven_before_anybody_is_told(self):
		batch = self.exported()
		self.assertEqual([line.way for line in batch.lines], ["Bank", "Charity"])
		self.assertNotIn("Otters", batches.proven_content(batch).decode())
		with self.assertRaisesRegex(ways.NotProven, "rows 2"):
			pay.take(batch, "Confirm")
		self.assertEqual(frappe.db.get_value(pay.PAYMENT, self.payments[1].name, "status"), "Scheduled")
		self.assertEqual(self.told("Involvement payment given"), [])
		for user in (pay.authoriser(), factories.staff(roles.COORDINATOR), pay.budget_holder(), "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				ways.prove(batch.name, 2, "Transfer 17")
		with self.as_user(pay.officer()):
			ways.prove(batch.name, 2, "Transfer 17")
		batch = pay.take(batch, "Confirm")
		self.assertEqual((batch.lines[1].proof, batch.lines[1].proved_by), ("Transfer 17", pay.officer()))
		(told,) = self.told("Involvement payment given")
		self.assertIn("Otters", told)
		self.assertEqual(reconciliation.reconcile(batch.name), [])

	def test_in_a_file_of_names_it_stands_with_the_charitys_name_and_needs_no_other_proof(self):
		batch = self.batch("Lock", "Authorise", "Export")
		(row,) = (row for row in self.rows(batches.proven_content(batch)) if row[2] == "Otters")
		self.assertEqual(row[4], "30.00")
		with self.as_user(pay.officer()), self.assertRaises(frappe.ValidationError):
			ways.prove(batch.name, 2, "Transfer 17")
		batch = pay.take(batch, "Confirm")
		self.assertEqual(reconciliation.reconcile(batch.name), [])

	def test_what_somebody_keeps_and_what_they_give_are_two_transfers(self):
		self.payments = [self.payments[0], self.given(self.people[0])]
		self.long_ago(*self.with_accounts())
		batch = self.batch("Lock", "Authorise", "Export")
		_header, *rows = self.rows(batches.proven_content(batch))
		self.assertEqual([row[3] for row in rows], ["30.00"])
		with self.assertRaises(ways.NotProven):
			pay.take(batch, "Confirm")


class TestFilesForOthers(BankFileTestCase):
	def journal(self, batch) -> list:
		return self.rows(files_for_others.journal_of(batch))

	def test_the_journal_balances_and_names_nobody(self):
		"""Domain 4.6, hand-over: codes as text, neutral words, no service user's name."""
		batch = self.batch("Lock", "Authorise", "Export")
		_header, *rows = self.journal(batch)
		debit, credit = (sum(Decimal(row[column]) for row in rows) for column in (5, 6))
		self.assertEqual((debit, credit), (money(batch.total), money(batch.total)))
		words = str(rows)
		for line in batch.lines:
			self.assertNotIn(line.payee_name, words)
			self.assertNotIn(line.participant, words)

	def test_no_journal_of_what_is_not_exported(self):
		batch = self.batch("Lock")
		with self.as_user(pay.officer()), self.assertRaises(frappe.ValidationError):
			files_for_others.journal(batch.name)


class TestOnTheQueue(BankFileTestCase):
	def test_the_job_takes_the_step_as_whoever_asked(self):
		batch = pay.batch(*self.payments)
		with self.as_user(pay.authoriser()):
			large.run(batch.name, "Lock")
		self.assertEqual(frappe.db.get_value(BATCH, batch.name, "status"), "Draft")

	def test_only_its_own_steps_and_only_for_who_may(self):
		batch = pay.batch(*self.payments)
		with self.as_user(pay.officer()), self.assertRaises(frappe.ValidationError):
			large.start(batch.name, "Authorise")
		for user in (factories.staff(roles.COORDINATOR), pay.budget_holder(), "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				large.start(batch.name, "Lock")
