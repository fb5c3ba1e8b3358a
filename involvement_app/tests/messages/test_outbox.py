"""What waits says why; what stands in the way of a message stops nothing else (domain 4.10)."""

from datetime import datetime, time, timedelta
from itertools import pairwise

import frappe
import frappe.client
from frappe.utils import add_to_date, get_datetime, now_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app import messages
from involvement_app.lifecycle import TransitionError
from involvement_app.messages import desk, outbox, quiet
from involvement_app.messages.lifecycle import LIFECYCLE
from involvement_app.portal import links
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import DEEP, IntegrationTestCase, counted_queries
from involvement_app.tests.messages.outbox import (
	OUTBOX,
	TEMPLATE,
	OutboxCase,
	deliver_new,
	html_of,
	mail_of,
)


class TestWaiting(OutboxCase):
	def test_a_mail_is_handed_over_and_waits_for_its_end(self):
		name = self.message()
		self.assertTrue(outbox.deliver(name))
		row = self.row(name)
		self.assertEqual((row.status, row.error), ("Handed over", None))
		self.assertEqual(mail_of(name)["Subject"], "About the offer you replied to")

	def test_without_an_account_it_waits_and_says_so_as_long_as_it_takes(self):
		self.no_account()
		name = self.message()
		for _round in range(outbox.MOST_ATTEMPTS + 1):
			self.due(name)
			messages.flush()
		row = self.row(name)
		self.assertEqual((row.status, row.attempts), ("Waiting", 0))
		self.assertIn("No outgoing e-mail account", row.error)

	def test_a_state_change_goes_through_without_an_account(self):
		"""Row 0.14: an offer is made although nobody can be told yet."""
		self.no_account()
		opportunity = factories.opportunity("Published")
		made = factories.offer(opportunity, factories.participant())
		messages.flush()
		self.assertEqual(frappe.db.get_value("Involvement Application", made.name, "status"), "Offered")
		row = self.row(frappe.db.get_value(OUTBOX, {"reference_name": made.name}))
		self.assertEqual(row.status, "Waiting")

	def test_an_address_that_appears_later_is_used(self):
		person = self.person(email=False)
		name = self.message(person)
		self.assertIn("no e-mail address", self.row(name).error)
		messages.flush()
		self.assertEqual(self.row(name).status, "Waiting")
		frappe.db.set_value("Contact", person.person, "email_id", "sam@example.org")
		self.due(name)
		messages.flush()
		self.assertEqual((self.row(name).status, self.row(name).address), ("Handed over", "sam@example.org"))

	def test_who_wants_a_phone_call_waits_for_a_person(self):
		row = self.row(self.message(self.person("Phone")))
		messages.flush()
		self.assertEqual((row.status, row.channel, row.address), ("Waiting", "Phone", "07700 900123"))
		self.assertIn("Mark as told", row.error)

	def test_it_goes_by_the_way_the_person_wants_now(self):
		person = self.person()
		name = self.message(person)
		frappe.db.set_value("Involvement Participant", person.name, "preferred_channel", "Phone")
		messages.flush()
		self.assertEqual((self.row(name).channel, self.row(name).status), ("Phone", "Waiting"))

	def test_what_is_a_week_late_is_not_sent(self):
		self.no_account()
		name = self.message()
		messages.flush()
		self.age(name, days=8)
		self.due(name)
		messages.flush()
		row = self.row(name)
		self.assertEqual(row.status, "Not sent")
		self.assertIn("No outgoing e-mail account", row.error)

	def test_one_that_fails_waits_longer_and_the_next_still_goes(self):
		first, second = self.message(), self.message()
		frappe.db.set_value(OUTBOX, first, "recipient_doctype", "DocType")  # nobody answers for these
		messages.flush()
		self.assertEqual(self.row(second).status, "Handed over")
		waits = []
		for attempt in range(outbox.MOST_ATTEMPTS):
			row = self.row(first)
			self.assertEqual((row.status, row.attempts), ("Waiting", attempt + 1))
			self.assertTrue(row.error)
			waits.append(get_datetime(row.send_after) - now_datetime())
			if attempt == outbox.MOST_ATTEMPTS - 2:
				break
			self.due(first)
			messages.flush()
		self.assertTrue(all(later > sooner * 1.9 for sooner, later in pairwise(waits)))
		self.due(first)
		messages.flush()
		self.assertEqual(self.row(first).status, "Not sent")

	def test_who_is_gone_from_the_register_gets_nothing(self):
		name = self.message()
		frappe.db.set_value(OUTBOX, name, "recipient", "IP-NOBODY")
		messages.flush()
		self.assertEqual(self.row(name).status, "Cancelled")

	def test_putting_a_message_in_the_outbox_asks_the_database_little(self):
		person = self.person()
		self.message(person)
		with counted_queries() as queries:
			self.message(person)
		self.assertLessEqual(len(queries), 4, queries)


class TestPause(OutboxCase):
	"""Row 0.13: who has paused hears only what is owed to them."""

	def test_a_paused_person_gets_no_invitation(self):
		self.assertIsNone(self.message(self.person(status="Paused"), owed=False))

	def test_a_paused_person_gets_what_is_owed(self):
		name = self.message(self.person(status="Paused"))
		messages.flush()
		self.assertEqual(self.row(name).status, "Handed over")

	def test_a_pause_holds_for_what_waits_already(self):
		person = self.person()
		invitation, debt = self.message(person, owed=False), self.message(person)
		frappe.db.set_value("Involvement Participant", person.name, "status", "Paused")
		messages.flush()
		self.assertEqual((self.row(invitation).status, self.row(debt).status), ("Cancelled", "Handed over"))

	def test_who_has_left_gets_only_what_is_owed(self):
		person = self.person(status="Left")
		self.assertIsNone(self.message(person, owed=False))
		self.assertTrue(self.message(person))


class TestQuietHours(OutboxCase):
	def quiet_now(self) -> datetime:
		"""Quiet hours that began an hour ago; answers when they end."""
		now = now_datetime()
		end = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
		self.configure(quiet_from=f"{now - timedelta(hours=1):%H:%M:%S}", quiet_until=f"{end:%H:%M:%S}")
		return end

	def test_a_mail_waits_for_their_end(self):
		end = self.quiet_now()
		name = self.message()
		messages.flush()
		row = self.row(name)
		self.assertEqual((row.status, get_datetime(row.send_after), row.attempts), ("Waiting", end, 0))
		self.assertIn("Quiet hours", row.error)

	def test_a_link_to_sign_in_goes_at_once(self):
		self.quiet_now()
		person = factories.participant(portal=True)
		links.send(person.user, links.SIGN_IN)
		name = frappe.get_last_doc(OUTBOX, {"recipient": person.user}).name
		messages.flush()
		self.assertEqual(self.row(name).status, "Handed over")

	def test_when_they_have_ended_it_goes(self):
		self.quiet_now()
		name = self.message()
		messages.flush()
		self.configure(quiet_from=None)
		self.due(name)
		messages.flush()
		self.assertEqual(self.row(name).status, "Handed over")


class TestQuietHoursOfTheClock(IntegrationTestCase):
	EXAMPLES = settings(max_examples=500 if DEEP else 100, deadline=None, database=None)
	moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1))
	times = st.times().map(lambda at: at.replace(microsecond=0))

	def test_from_evening_to_morning(self):
		at = lambda *words: quiet.after_quiet(datetime(*words), time(20), time(8))  # noqa: E731
		self.assertEqual(at(2026, 3, 28, 19, 59), datetime(2026, 3, 28, 19, 59))
		self.assertEqual(at(2026, 3, 28, 20, 0), datetime(2026, 3, 29, 8, 0))
		self.assertEqual(at(2026, 3, 29, 0, 30), datetime(2026, 3, 29, 8, 0))  # clocks go forward that night
		self.assertEqual(at(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 8, 0))  # the hour that comes twice
		self.assertEqual(at(2026, 10, 25, 8, 0), datetime(2026, 10, 25, 8, 0))

	def test_within_one_day(self):
		self.assertEqual(
			quiet.after_quiet(datetime(2026, 5, 1, 12, 30), time(12), time(13)), datetime(2026, 5, 1, 13)
		)
		self.assertEqual(
			quiet.after_quiet(datetime(2026, 5, 1, 13), time(12), time(13)), datetime(2026, 5, 1, 13)
		)

	@EXAMPLES
	@given(moments, times, times)
	def test_what_may_go_is_never_quiet_and_never_more_than_a_day_later(self, moment, start, end):
		allowed = quiet.after_quiet(moment, start, end)
		self.assertTrue(moment <= allowed <= moment + timedelta(days=1))
		self.assertEqual(quiet.after_quiet(allowed, start, end), allowed)
		if allowed != moment:
			self.assertEqual(allowed.time(), end)


class TestLinksThatSignIn(OutboxCase):
	def made_once(self):
		super().made_once()
		self.user = factories.participant(portal=True).user

	def test_the_outbox_never_holds_one(self):
		before = frappe.db.count("Portal Token")
		links.send(self.user, links.SIGN_IN)
		name = frappe.get_last_doc(OUTBOX, {"recipient": self.user}).name
		self.assertEqual(frappe.db.count("Portal Token"), before)
		outbox.deliver(name)
		self.assertNotIn(links.PLACES[links.SIGN_IN], frappe.as_json(self.row(name).as_dict()))
		token = html_of(name).split(links.PLACES[links.SIGN_IN] + "/")[1].split('"')[0]
		self.assertEqual(links.works(token, links.SIGN_IN), self.user)

	def test_email_queue_forgets_it_once_it_is_sent(self):
		links.send(self.user, links.NEW_PASSWORD)
		name = deliver_new("Involvement new password link")
		queued = self.row(name).email_queue
		frappe.db.set_value("Email Queue", queued, "status", "Sent")
		outbox.follow()
		self.assertEqual(self.row(name).status, "Sent")
		self.assertFalse(frappe.db.get_value("Email Queue", queued, "message"))

	def test_one_that_failed_is_taken_back_and_made_anew(self):
		links.send(self.user, links.SIGN_IN)
		name = deliver_new("Involvement sign-in link")
		queued = self.row(name).email_queue
		frappe.db.set_value("Email Queue", queued, "status", "Error")
		outbox.follow()
		row = self.row(name)
		self.assertEqual((row.status, row.email_queue), ("Waiting", None))
		self.assertFalse(frappe.db.exists("Email Queue", queued))

	def test_after_an_hour_nobody_waits_for_it_any_more(self):
		links.send(self.user, links.SIGN_IN)
		name = frappe.get_last_doc(OUTBOX, {"recipient": self.user}).name
		self.age(name, hours=2)
		messages.flush()
		self.assertEqual(self.row(name).status, "Not sent")


class TestFollowing(OutboxCase):
	"""A mail is followed through Email Queue to its end."""

	def handed_over(self) -> tuple[str, str]:
		name = self.message()
		outbox.deliver(name)
		return name, self.row(name).email_queue

	def test_what_frappe_sent_is_sent(self):
		name, queued = self.handed_over()
		frappe.db.set_value("Email Queue", queued, "status", "Sent")
		outbox.follow()
		self.assertEqual(self.row(name).status, "Sent")
		self.assertTrue(self.row(name).sent_on)

	def test_what_frappe_gave_up_is_tried_again_and_then_not_sent(self):
		name, queued = self.handed_over()
		for attempt in range(outbox.MOST_ATTEMPTS):
			self.assertEqual(self.row(name).status, "Handed over")
			self.assertEqual(frappe.db.get_value("Email Queue", queued, "status"), "Not Sent", attempt)
			frappe.db.set_value(
				"Email Queue",
				queued,
				{"status": "Error", "error": "Traceback\n  File x\nsmtplib.Bad: mailbox full"},
			)
			outbox.follow()
			self.assertIn("mailbox full", self.row(name).error)
		self.assertEqual(self.row(name).status, "Not sent")
		self.assertEqual(frappe.db.get_value("Email Queue", queued, "status"), "Error")

	def test_a_mail_that_is_gone_is_not_called_sent(self):
		name, queued = self.handed_over()
		frappe.db.delete("Email Queue", {"name": queued})
		outbox.follow()
		self.assertEqual(self.row(name).status, "Not sent")

	def test_one_that_was_cut_off_while_it_was_sent_says_so(self):
		name, queued = self.handed_over()
		frappe.db.set_value("Email Queue", queued, "status", "Sending")
		outbox.follow()
		self.assertEqual(self.row(name).status, "Handed over")
		past = add_to_date(now_datetime(), minutes=-outbox.LOST_MINUTES - 1)
		frappe.db.set_value(
			"Email Queue", queued, {"status": "Sending", "modified": past}, update_modified=False
		)
		outbox.follow()
		self.assertIn("may have arrived", self.row(name).error)

	def test_frappes_own_flush_leaves_it_to_us_at_first(self):
		_name, queued = self.handed_over()
		self.assertGreater(frappe.db.get_value("Email Queue", queued, "send_after"), now_datetime())


class TestStepsOfThePeopleWhoLookAfterIt(OutboxCase):
	def setUp(self):
		super().setUp()
		self.coordinator = factories.staff(roles.COORDINATOR)

	def take(self, action: str, *names: str, user: str | None = None):
		with self.as_user(user or self.coordinator):
			return desk.take(action, list(names))

	def test_try_again_begins_anew(self):
		name = self.message()
		frappe.db.set_value(OUTBOX, name, {"status": "Not sent", "attempts": 8, "error": "x"})
		self.age(name, days=20)
		self.take("Try again", name)
		row = self.row(name)
		self.assertEqual((row.status, row.attempts, row.handled_by), ("Waiting", 0, self.coordinator))
		messages.flush()
		self.assertEqual(self.row(name).status, "Handed over")

	def test_cancelled_is_not_sent(self):
		name = self.message()
		self.take("Cancel", name)
		messages.flush()
		self.assertEqual(self.row(name).status, "Cancelled")

	def test_told_by_phone(self):
		name = self.message(self.person("Phone"))
		self.take("Mark as told", name)
		self.assertEqual((self.row(name).status, self.row(name).handled_by), ("Sent", self.coordinator))

	def test_what_came_back_is_not_sent(self):
		name = self.message()
		frappe.db.set_value(OUTBOX, name, {"status": "Sent", "sent_on": now_datetime()})
		self.take("It came back", name)
		self.assertEqual((self.row(name).status, self.row(name).sent_on), ("Not sent", None))

	def test_all_or_none(self):
		waiting, sent = self.message(), self.message()
		frappe.db.set_value(OUTBOX, sent, "status", "Sent")
		with self.assertRaises(outbox.NotPossibleNow):
			self.take("Cancel", waiting, sent)
		self.assertEqual(self.row(waiting).status, "Waiting")

	def test_every_step_is_refused_from_every_other_state(self):
		name = self.message(self.person("Phone"))
		states = frappe.get_meta(OUTBOX).get_field("status").options.split("\n")
		for action, step in outbox.STEPS.items():
			for state in set(states) - set(step.sources):
				frappe.db.set_value(OUTBOX, name, "status", state)
				with self.subTest(f"{action} from {state}"), self.assertRaises(outbox.NotPossibleNow):
					self.take(action, name)

	def test_a_mail_is_not_marked_as_posted(self):
		name = self.message()
		frappe.db.set_value(OUTBOX, name, "status", "Printed")
		with self.assertRaises(outbox.NotPossibleNow):
			self.take("Mark as posted", name)

	def test_nobody_else_takes_a_step(self):
		name = self.message()
		others = [
			factories.staff(role)
			for role in (roles.OWNER, roles.BUDGET_HOLDER, roles.FINANCE_OFFICER, factories.PORTAL)
		]
		for user in (*others, factories.user(), "Guest"):
			for call in (lambda: desk.take("Cancel", [name]), lambda: desk.steps(name), desk.problems):
				with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
					call()
		self.assertEqual(self.row(name).status, "Waiting")

	def test_nobody_writes_a_row(self):
		name = self.message()
		for user in (self.coordinator, factories.staff(roles.MANAGER)):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				row = self.row(name)
				row.body = "Something else"
				row.save()

	def test_administrator_writes_no_state_either(self):
		name = self.message()
		with self.assertRaises(TransitionError):
			frappe.client.set_value(OUTBOX, name, "status", "Sent")
		self.assertEqual(self.row(name).status, "Waiting")

	def test_the_job_takes_declared_steps_alone(self):
		states = [state.name for state in LIFECYCLE.states]
		declared = {
			(source, step.to) for step in LIFECYCLE.transitions if step.job for source in step.sources
		}
		name = self.message()
		for source in states:
			for to in set(states) - {source}:
				frappe.db.set_value(OUTBOX, name, "status", source)
				with self.subTest(f"{source} to {to}"):
					if (source, to) in declared:
						outbox._write(self.row(name), {"status": to})
					else:
						with self.assertRaises(TransitionError):
							outbox._write(self.row(name), {"status": to})

	def test_what_a_site_lacks_is_said_at_the_top_of_the_list(self):
		self.no_account()
		self.configure("SMS Settings", sms_gateway_url=None)
		with self.as_user(self.coordinator):
			self.assertEqual(len(desk.problems()), 1)
		self.message(self.person("Text message"))
		with self.as_user(self.coordinator):
			texts = [problem["text"] for problem in desk.problems()]
		self.assertIn("No outgoing e-mail account", texts[0])
		self.assertIn("No text message service", texts[1])


class TestUnits(OutboxCase):
	"""A coordinator who is limited to units sees what waits for the people of those."""

	def made_once(self):
		super().made_once()
		self.mine, self.theirs = factories.unit(), factories.unit()
		self.limited = factories.another(roles.COORDINATOR)
		self.limit(self.limited, self.mine)
		self.own = self.message(self.person(units=(self.mine,)))
		self.others = self.message(self.person(units=(self.theirs,)))
		self.nobodys = self.message(self.person())

	def limit(self, user: str, unit: str) -> None:
		frappe.get_doc(doctype="User Permission", user=user, allow="Involvement Unit", for_value=unit).insert(
			ignore_permissions=True
		)  # the test's own set-up
		self.addCleanup(frappe.cache.hdel, "user_permissions", user)

	def seen(self, user: str) -> set[str]:
		with self.as_user(user):
			listed = set(frappe.get_list(OUTBOX, pluck="name", limit=0)) & {
				self.own,
				self.others,
				self.nobodys,
			}
			for name in (self.own, self.others, self.nobodys):
				self.assertEqual(frappe.has_permission(OUTBOX, "read", self.row(name)), name in listed)
		return listed

	def test_only_their_own_units(self):
		self.assertEqual(self.seen(self.limited), {self.own})

	def test_who_is_not_limited_sees_all(self):
		for user in (factories.staff(roles.COORDINATOR), factories.staff(roles.MANAGER)):
			self.assertEqual(self.seen(user), {self.own, self.others, self.nobodys})

	def test_the_others_see_none(self):
		for user in (factories.staff(roles.OWNER), factories.staff(roles.FINANCE_OFFICER)):
			with self.as_user(user), self.assertRaises(frappe.PermissionError):
				frappe.get_list(OUTBOX)

	def test_a_step_on_another_units_message_is_refused(self):
		with self.as_user(self.limited), self.assertRaises(frappe.PermissionError):
			desk.take("Cancel", [self.own, self.others])
		self.assertEqual(self.row(self.own).status, "Waiting")


class TestKeeping(OutboxCase):
	def sent(self, days: int, status: str = "Sent") -> str:
		name = self.message()
		frappe.db.set_value(OUTBOX, name, "status", status)
		self.age(name, days=days)
		return name

	def test_the_words_are_emptied_and_that_it_was_sent_stays(self):
		self.configure(keep_messages_days=90)
		old, young, waiting = self.sent(91), self.sent(89), self.sent(91, "Waiting")
		messages.forget_texts()
		row = self.row(old)
		self.assertEqual((row.body, row.short_text, row.subject, row.address), (None, None, None, None))
		self.assertEqual((row.status, row.template), ("Sent", TEMPLATE))
		self.assertTrue(row.recipient)
		self.assertTrue(self.row(young).body)
		self.assertTrue(self.row(waiting).body)

	def test_without_its_words_nothing_empty_is_sent(self):
		name = self.message()
		frappe.db.set_value(OUTBOX, name, "body", None)
		messages.flush()
		self.assertEqual(self.row(name).status, "Not sent")

	def test_a_site_may_keep_them(self):
		self.configure(keep_messages_days=0)
		old = self.sent(900)
		messages.forget_texts()
		self.assertTrue(self.row(old).body)
