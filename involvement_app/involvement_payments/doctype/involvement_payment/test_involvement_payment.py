import frappe
import frappe.client
from frappe.utils import add_days, format_date, today

from involvement_app import lifecycle
from involvement_app.lifecycle import StepNotPermitted, TransitionError
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests import payment_factories as pay

PAYMENT = pay.PAYMENT


def outbox(payment) -> list:
	return frappe.get_all(
		"Involvement Message",
		{"reference_doctype": PAYMENT, "reference_name": payment.name},
		["recipient", "subject", "body"],
	)


class TestWhoApprovesAPayment(pay.PaymentTestCase):
	def take(self, payment, action, user, **values):
		with self.as_user(user):
			return lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), action, **values)

	def assertRefused(self, payment, user):
		with self.assertRaises(frappe.PermissionError):
			self.take(payment, "Approve", user)
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Checked")

	def test_the_budget_holder_of_the_unit_approves(self):
		payment = self.take(pay.checked(), "Approve", pay.budget_holder())
		self.assertEqual(
			(payment.status, payment.docstatus, payment.approved_by), ("Approved", 1, pay.budget_holder())
		)
		self.assertTrue(payment.approved_on)

	def test_another_unit_s_budget_holder_does_not(self):
		self.assertRefused(pay.checked(), factories.user(roles.BUDGET_HOLDER))

	def test_another_unit_s_budget_holder_does_not_even_when_finance_lets_them_read_all(self):
		both = factories.user(roles.BUDGET_HOLDER, roles.FINANCE_OFFICER)
		payment = pay.checked()
		with self.assertRaisesRegex(StepNotPermitted, "Only the budget holder of"):
			self.take(payment, "Approve", both)

	def test_coordinators_managers_and_finance_do_not(self):
		payment = pay.checked()
		for role in (roles.COORDINATOR, roles.MANAGER, roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER):
			with self.subTest(role):
				self.assertRefused(payment, factories.user(role))

	def test_a_portal_user_a_plain_desk_user_and_a_guest_do_not(self):
		person = factories.participant(portal=True)
		payment = pay.checked(person)
		for user in (person.user, factories.user(), "Guest"):
			with self.subTest(user):
				self.assertRefused(payment, user)

	def test_the_payee_never_approves(self):
		holder = factories.user(roles.BUDGET_HOLDER)
		person = factories.participant()
		payment = pay.checked(person, unit=factories.unit(budget_holder=holder))
		factories.signs_in_as(person, holder)
		with self.assertRaisesRegex(StepNotPermitted, "your own payment"):
			self.take(payment, "Approve", holder)

	def test_who_recorded_the_attendance_never_approves(self):
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER)
		place = pay.opportunity(unit=factories.unit(budget_holder=both))
		engagement = factories.engagement(place, factories.participant())
		pay.hold(place, by=both)
		with self.assertRaisesRegex(StepNotPermitted, "somebody else decides"):
			self.take(pay.payments(engagement)[0], "Approve", both)

	def test_who_led_the_session_never_approves(self):
		both = factories.user(roles.OWNER, roles.BUDGET_HOLDER)
		place = pay.opportunity(unit=factories.unit(budget_holder=both), author=both)
		engagement = factories.engagement(place, factories.participant())
		pay.hold(place)
		with self.assertRaisesRegex(StepNotPermitted, "You led this session"):
			self.take(pay.payments(engagement)[0], "Approve", both)

	def test_who_corrected_the_attendance_never_approves(self):
		both = factories.user(roles.COORDINATOR, roles.BUDGET_HOLDER)
		place = pay.opportunity(unit=factories.unit(budget_holder=both))
		engagement = factories.engagement(place, factories.participant())
		session = pay.hold(place)
		with self.as_user(both):
			session = frappe.get_doc(session.doctype, session.name)
			session.attendance[0].hours = 3
			session.save()
		with self.assertRaisesRegex(StepNotPermitted, "somebody else decides"):
			self.take(pay.payments(engagement)[0], "Approve", both)

	def test_nobody_creates_a_payment_by_hand(self):
		values = pay.checked().as_dict()
		for user in (pay.officer(), pay.budget_holder(), factories.staff(roles.MANAGER)):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				frappe.get_doc({**values, "name": None, "revision": 7, "docstatus": 0}).insert()

	def test_submitting_without_a_button_is_the_same_approval(self):
		payment = pay.checked()
		with self.as_user(pay.budget_holder()):
			doc = frappe.get_doc(PAYMENT, payment.name)
			doc.submit()
		self.assertEqual((doc.status, doc.approved_by), ("Approved", pay.budget_holder()))
		with self.as_user(factories.user(roles.BUDGET_HOLDER)), self.assertRaises(frappe.PermissionError):
			frappe.get_doc(PAYMENT, pay.checked().name).submit()


class TestOtherDecisions(pay.PaymentTestCase):
	def take(self, payment, action, user=None, **values):
		with self.as_user(user or pay.budget_holder()):
			return lifecycle.apply(frappe.get_doc(PAYMENT, payment.name), action, **values)

	def test_return_reject_and_void_need_a_reason(self):
		for payment, action in (
			(pay.checked(), "Return"),
			(pay.checked(), "Reject"),
			(pay.approved(), "Void"),
		):
			with self.subTest(action), self.assertRaisesRegex(TransitionError, "Please fill in Reason"):
				self.take(payment, action)

	def test_no_note_rides_along_with_an_approval(self):
		payment = pay.checked()
		with self.assertRaisesRegex(TransitionError, "Save your changes to"):
			self.take(payment, "Approve", note="Half of it is for the taxi")
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Checked")

	def test_the_person_is_told_in_neutral_words_on_the_outside(self):
		for payment, action in (
			(pay.checked(), "Return"),
			(pay.checked(), "Reject"),
			(pay.approved(), "Void"),
		):
			with self.subTest(action):
				self.take(payment, action, note="Were you there <b>all</b> morning?")
				message = outbox(payment)[0]
				self.assertEqual(message.recipient, payment.participant)
				self.assertIn("Were you there &lt;b&gt;all&lt;/b&gt; morning?", message.body)
				self.assertIn("£30.00", message.body)
				self.assertNotRegex(message.subject.lower(), "involve|health|care|session")

	def test_the_person_is_told_what_is_agreed_and_when_it_comes(self):
		payment = pay.checked()
		due_on = add_days(today(), 4)
		frappe.db.set_value(PAYMENT, payment.name, "due_on", due_on)
		payment = self.take(payment, "Approve")
		(message,) = outbox(payment)
		self.assertEqual(message.recipient, payment.participant)
		for words in ("£30.00", format_date(payment.session_on, "d MMMM yyyy"), "with you by"):
			self.assertIn(words, message.body)
		self.assertIn(format_date(due_on, "d MMMM yyyy"), message.body)
		self.assertNotRegex(message.subject.lower(), "involve|health|care|session")

	def test_a_day_that_has_gone_by_is_not_promised_again(self):
		payment = pay.checked()
		frappe.db.set_value(PAYMENT, payment.name, "due_on", add_days(today(), -1))
		(message,) = outbox(self.take(payment, "Approve"))
		self.assertIn("We are sorry", message.body)
		self.assertNotIn("by {}".format(format_date(add_days(today(), -1), "d MMMM yyyy")), message.body)

	def test_what_a_person_wished_later_is_promised_for_that_day(self):
		payment = pay.checked()
		later = add_days(today(), 20)
		frappe.db.set_value(PAYMENT, payment.name, {"due_on": today(), "not_before": later})
		(message,) = outbox(self.take(payment, "Approve"))
		self.assertIn(format_date(later, "d MMMM yyyy"), message.body)

	def test_who_was_told_of_their_claim_is_not_told_of_its_payment(self):
		self.assertEqual(outbox(pay.payment_of(pay.approved_claim())), [])

	def test_what_goes_to_a_charity_is_said_so(self):
		payment = pay.checked()
		frappe.db.set_value(
			PAYMENT, payment.name, {"charity": "Kindly <b>Trust</b>", "payment_choice": "Give to a charity"}
		)
		(message,) = outbox(self.take(payment, "Approve"))
		self.assertIn("It goes to Kindly &lt;b&gt;Trust&lt;/b&gt;", message.body)

	def test_a_coordinator_answers_and_sends_it_again(self):
		payment = self.take(pay.checked(), "Return", note="Two hours or three?")
		payment = self.take(payment, "Check again", factories.staff(roles.COORDINATOR))
		self.assertEqual((payment.status, payment.note), ("Checked", None))
		self.assertEqual(self.take(payment, "Approve").status, "Approved")

	def test_only_who_checks_attendance_sends_it_again(self):
		payment = self.take(pay.checked(), "Return", note="Two hours or three?")
		for user in (pay.budget_holder(), pay.officer(), factories.staff(factories.PORTAL)):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.take(payment, "Check again", user)

	def test_finance_or_the_budget_holder_voids_what_is_approved(self):
		for user in (pay.officer(), pay.budget_holder()):
			with self.subTest(user):
				payment = self.take(pay.approved(), "Void", user, note="Paid in cash on the day")
				self.assertEqual((payment.status, payment.docstatus), ("Void", 2))

	def test_another_unit_s_budget_holder_voids_nothing(self):
		with self.assertRaises(frappe.PermissionError):
			self.take(pay.approved(), "Void", factories.user(roles.BUDGET_HOLDER), note="Mine?")

	def test_what_is_in_a_batch_is_not_void_any_more(self):
		payment = pay.approved()
		pay.take(pay.batch(payment), "Lock")
		with self.assertRaisesRegex(TransitionError, "not possible now"):
			self.take(payment, "Void", note="Too late")
		with self.as_user(pay.officer()), self.assertRaises((TransitionError, frappe.PermissionError)):
			frappe.get_doc(PAYMENT, payment.name).cancel()

	def test_steps_of_a_batch_are_not_a_person_s(self):
		payment = pay.approved()
		for action, user in (
			("Schedule", pay.budget_holder()),
			("Schedule", pay.officer()),
			("Withdraw", pay.budget_holder()),
		):
			with (
				self.subTest(action, user=user),
				self.assertRaises((frappe.PermissionError, TransitionError)),
			):
				self.take(payment, action, user)
		self.assertEqual(frappe.db.get_value(PAYMENT, payment.name, "status"), "Approved")


class TestFiguresAreTheServers(pay.PaymentTestCase):
	FORGED = {
		"amount": 9999,
		"participant": "somebody else",
		"payee_name": "Mallory",
		"unit": "other",
		"batch": "IPB-99999",  # no batch of another test, whose absence Frappe would remember
		"approved_by": "mallory@example.com",
		"edited_by": "",
		"paid_on": "2026-01-01",
		"dedupe_key": "another",
		"withdrawn": 1,
		"handed_over_as": "INV 7",
		"went_out_on": "2026-01-01",
	}

	def assertUntouched(self, payment):
		stored = frappe.get_doc(PAYMENT, payment.name)
		for fieldname in self.FORGED:
			self.assertEqual(stored.get(fieldname), payment.get(fieldname), fieldname)

	def try_all(self, payment, user):
		with self.as_user(user):
			for fieldname, value in self.FORGED.items():
				_try(lambda f=fieldname, v=value: frappe.client.set_value(PAYMENT, payment.name, f, v))
			_try(lambda: frappe.client.save(frappe.as_json({**_dict(payment), **self.FORGED})))
			_try(
				lambda: frappe.client.bulk_update(
					frappe.as_json([{"doctype": PAYMENT, "docname": payment.name, **self.FORGED}])
				)
			)

	def test_before_approval(self):
		payment = frappe.get_doc(PAYMENT, pay.checked().name)
		for user in (pay.budget_holder(), pay.officer(), factories.staff(roles.MANAGER)):
			with self.subTest(user):
				self.try_all(payment, user)
				self.assertUntouched(payment)

	def test_after_approval(self):
		payment = frappe.get_doc(PAYMENT, pay.approved().name)
		for user in (pay.budget_holder(), pay.officer()):
			with self.subTest(user):
				self.try_all(payment, user)
				self.assertUntouched(payment)

	def test_after_the_lock_and_once_it_is_paid(self):
		"""Domain 5.3: `set_value` on the amount of what is in a batch."""
		batch = pay.batch(pay.approved())
		for steps in (("Lock",), ("Authorise", "Export"), ("Confirm",)):
			batch = pay.take(batch, *steps)
			payment = frappe.get_doc(PAYMENT, batch.lines[0].payment)
			for user in (
				pay.budget_holder(),
				pay.officer(),
				pay.authoriser(),
				factories.staff(roles.MANAGER),
			):
				with self.subTest(f"{payment.status} {user}"):
					self.try_all(payment, user)
					self.assertUntouched(payment)

	def test_a_key_of_their_own(self):
		"""Domain 5.2: the key is worked out, whatever comes along; a second one is the database's to refuse."""
		payment = pay.checked()
		forged = {**_dict(payment), "dedupe_key": "another", "name": None, "__islocal": 1}
		for user in (pay.officer(), pay.budget_holder(), factories.staff(roles.COORDINATOR)):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				frappe.client.insert(frappe.as_json(forged))
		again = frappe.copy_doc(payment)
		again.dedupe_key = "another"
		frappe.db.savepoint("refused")
		with self.assertRaises(frappe.UniqueValidationError), lifecycle.server_side():
			again.insert()
		frappe.db.rollback(save_point="refused")
		self.assertEqual(len(pay.payments(session=payment.session)), 1)

	def test_a_forged_amount_does_not_ride_along_with_the_approval(self):
		payment = pay.checked()
		with self.as_user(pay.budget_holder()):
			frappe.client.submit(frappe.as_json({**_dict(payment), "amount": 9999}))
		stored = frappe.get_doc(PAYMENT, payment.name)
		self.assertEqual((stored.status, stored.amount), ("Approved", 30))

	def test_a_status_is_not_written(self):
		payment = pay.checked()
		for status in ("Approved", "Scheduled", "Paid", "Void", "Nonsense"):
			refused = self.assertRaises((frappe.ValidationError, frappe.PermissionError))
			with self.subTest(status), self.as_user(pay.budget_holder()), refused:
				frappe.client.set_value(PAYMENT, payment.name, "status", status)


class TestWhoSeesPayments(pay.PaymentTestCase):
	def sees(self, user, payment) -> bool:
		with self.as_user(user):
			try:
				listed = payment.name in frappe.get_list(PAYMENT, pluck="name", limit=0)
			except frappe.PermissionError:
				listed = False
			self.assertEqual(listed, frappe.has_permission(PAYMENT, "read", payment.name), user)
			return listed

	def test_finance_management_and_the_unit_s_budget_holder(self):
		payment = pay.checked()
		for role in (roles.FINANCE_OFFICER, roles.FINANCE_AUTHORISER, roles.MANAGER, roles.COORDINATOR):
			self.assertTrue(self.sees(factories.user(role), payment), role)
		self.assertTrue(self.sees(pay.budget_holder(), payment))

	def test_nobody_else(self):
		person = factories.participant(portal=True)
		payment = pay.checked(person)
		others = (
			person.user,
			factories.user(),
			factories.user(roles.OWNER),
			factories.user(roles.BUDGET_HOLDER),
			"Guest",
		)
		for user in others:
			self.assertFalse(self.sees(user, payment), user)

	def test_user_permissions_on_units_narrow_it(self):
		payment, other = pay.checked(), pay.checked(unit=factories.unit(budget_holder=pay.budget_holder()))
		officer = factories.user(roles.FINANCE_OFFICER)
		frappe.get_doc(
			{
				"doctype": "User Permission",
				"user": officer,
				"allow": "Involvement Unit",
				"for_value": other.unit,
			}
		).insert()
		self.assertTrue(self.sees(officer, other))
		self.assertFalse(self.sees(officer, payment))

	def test_the_payee_s_name_is_finance_s_alone(self):
		payment = pay.checked()
		for user, shown in ((pay.officer(), True), (pay.authoriser(), True), (pay.budget_holder(), False)):
			with self.subTest(user), self.as_user(user):
				doc = frappe.get_doc(PAYMENT, payment.name)
				doc.apply_fieldlevel_read_permissions()
				self.assertEqual(bool(doc.get("payee_name")), shown)


def _dict(doc) -> dict:
	return frappe.get_doc(doc.doctype, doc.name).as_dict(convert_dates_to_str=True)


def _try(call):
	"""Refused or put back: both are right; what counts is what is stored."""
	try:
		call()
	except (frappe.ValidationError, frappe.PermissionError):
		pass
