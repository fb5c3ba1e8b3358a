"""People's dates in their own calendar: with the mails about a place, and by a private link."""

import frappe
from frappe.utils import add_to_date, get_datetime
from icalendar import Calendar

from involvement_app.involvement_app import calendars, clashes, departures, places, sessions
from involvement_app.messages.neutral import telling
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.messages.outbox import OutboxCase, deliver_new, mail_of
from involvement_app.tests.portal.visitor import TwoPeople

SESSION = "Involvement Session"


def entry(content) -> frappe._dict:
	(found,) = Calendar.from_ical(content).walk("VEVENT")
	return frappe._dict({key.lower(): value for key, value in found.items()})


class TestWithTheMails(OutboxCase):
	def invitation(self, template: str) -> tuple[str, frappe._dict]:
		(file,) = mail_of(deliver_new(template)).iter_attachments()
		self.assertEqual(file.get_content_type(), "text/calendar")
		calendar = file.get_payload(decode=True)
		return file.get_param("method"), entry(calendar)

	def test_a_date_comes_with_the_yes_follows_a_move_and_goes_with_the_place(self):
		"""Row 0.10: dates are known in time and keep up with changes, in the calendar that people keep anyway."""
		self.configure(contact_email="hello@charity.example", sender_name="Otter Group")
		person = self.person()
		opportunity = factories.opportunity("Published", title="Mental health panel")
		place = factories.engagement(opportunity, person)
		name = frappe.db.get_value(SESSION, {"opportunity": opportunity.name})
		method, first = self.invitation("Involvement place confirmed")
		self.assertEqual(
			(method, int(first.sequence), str(first.summary)), ("REQUEST", 0, "Meeting with Otter Group")
		)
		self.assertEqual(str(first.location), "The Old Library")
		self.assertIn("RSVP=FALSE", first.attendee.params.to_ical().decode())
		words = " ".join(str(first[key]) for key in ("summary", "description", "location"))
		self.assertFalse(telling(words.replace(str(first.url), "")), words)
		doc = frappe.get_doc(SESSION, name)
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sessions.move(
				name,
				*(str(add_to_date(doc.get(at), days=7)) for at in ("starts_on", "ends_on")),
				place="Ward 4",
			)
		method, moved = self.invitation("Involvement date moved")
		self.assertEqual((method, moved.uid), ("REQUEST", first.uid))
		self.assertGreater(int(moved.sequence), int(first.sequence))
		self.assertEqual((moved.dtstart.dt - first.dtstart.dt).days, 7)
		self.assertNotIn("location", moved)  # it would tell
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.leave(place.name, "Phone")
		method, left = self.invitation("Involvement place given back")
		self.assertEqual((method, left.uid, str(left.status)), ("CANCEL", first.uid, "CANCELLED"))
		self.assertGreater(int(left.sequence), int(moved.sequence))

	def test_a_date_that_is_called_off_leaves_the_calendar_and_an_offer_brings_none(self):
		self.configure(contact_email="hello@charity.example")
		opportunity = factories.opportunity("Published", sessions=2)
		factories.engagement(opportunity, self.person())
		self.assertEqual(len(list(mail_of(deliver_new("Involvement place confirmed")).iter_attachments())), 2)
		factories.offer(opportunity, self.person())
		name = frappe.get_all(SESSION, {"opportunity": opportunity.name}, pluck="name", order_by="starts_on")[
			0
		]
		with self.as_user(factories.staff(roles.COORDINATOR)):
			sessions.cancel(name, "Not paid")
		told = frappe.get_all(
			"Involvement Message",
			{"template": "Involvement date called off", "reference_name": name},
			pluck="name",
		)
		files = {}
		for message in told:
			frappe.get_doc("Involvement Message", message)
			row = frappe.db.get_value("Involvement Message", message, "*", as_dict=True)
			files[row.recipient] = calendars.invitations(row)
		self.assertEqual(sorted(map(len, files.values())), [0, 1])
		(off,) = next(each for each in files.values() if each)
		self.assertEqual(str(entry(off["fcontent"]).status), "CANCELLED")

	def test_over_a_change_of_the_clocks_the_time_is_right(self):
		opportunity = factories.opportunity("Published")
		place = factories.engagement(opportunity, self.person())
		name = frappe.db.get_value(SESSION, {"opportunity": opportunity.name})
		for starts_on, ends_on, begins, hours in (
			("2027-03-28 00:30", "2027-03-28 03:30", "2027-03-28 00:30", 2),  # forward: an hour is missing
			("2027-10-30 23:30", "2027-10-31 02:30", "2027-10-30 22:30", 4),  # back: an hour is there twice
		):
			with self.subTest(starts_on):
				frappe.db.set_value(SESSION, name, {"starts_on": starts_on, "ends_on": ends_on})
				found = entry(calendars.as_file(place.participant))
				self.assertEqual(found.dtstart.dt.replace(tzinfo=None), get_datetime(begins))
				self.assertEqual(found.dtstart.to_ical()[-1:], b"Z")
				self.assertEqual((found.dtend.dt - found.dtstart.dt).seconds, hours * 3600)
				doc = frappe.get_doc(SESSION, name)
				doc.add_people()
				self.assertEqual(doc.attendance[0].hours, hours)


class TestTheLink(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.opportunity_ = factories.opportunity("Published", title="Mental health panel")
		cls.place = factories.engagement(cls.opportunity_, cls.me)

	def test_a_private_link_is_shown_for_a_moment_follows_and_can_be_ended(self):
		me = self.signed_in()
		self.assertEqual(me.submit("/take-part/my/calendar").goes_to, "/take-part/my/calendar?done=made")
		page = me.get("/take-part/my/calendar?done=made")
		link = next(e for e in page.all("p") if "portal-address" in (e.get("class") or "")).text
		secret = link.rsplit("/", 1)[1].removesuffix(".ics")
		self.assertNotIn(secret, me.get("/take-part/my/calendar").html)
		self.refresh()
		(kept,) = frappe.get_all("Portal Token", {"user": self.me.user, "purpose": "Calendar"}, ["*"])
		self.assertNotIn(secret, frappe.as_json(kept))
		(told,) = frappe.get_all(
			"Involvement Message",
			{"recipient": self.me.name, "template": "Involvement calendar link made"},
			["subject", "body"],
		)
		self.assertNotIn(secret, frappe.as_json(told))
		path = f"/take-part/calendar/{secret}.ics"
		answer = self.guest.get(path)
		self.assertEqual(
			(answer.status, answer.headers["Content-Type"]), (200, "text/calendar; charset=utf-8")
		)
		self.assertEqual(str(entry(answer.html).summary)[:7], "Meeting")
		self.assertFalse(telling(answer.html.replace("\r\n ", "").split("DESCRIPTION")[0]))
		# signing in by a link ends other links, not this one; the next page does not show it to another
		self.assertNotIn(secret, self.signed_in(self.other).get("/take-part/my/calendar?done=made").html)
		nobody = self.guest.get("/take-part/calendar/nobody-has-this.ics")
		self.assertEqual(nobody.status, 404)
		me.post("/take-part/my/calendar/end", me.get("/take-part/my/calendar").fields())
		ended = self.guest.get(path)
		self.assertEqual((ended.status, ended.text()), (404, nobody.text()))

	def test_leaving_ends_it_and_asking_too_often_is_refused(self):
		user = self.other.user
		secret = calendars.make_link(user)
		newer = calendars.make_link(user)
		self.assertIsNone(calendars.whose(secret))
		self.assertEqual(calendars.whose(newer), self.other.name)
		self.refresh()
		path = f"/take-part/calendar/{newer}.ics"
		self.assertEqual({self.guest.get(path).status for _each in range(30)}, {200})
		self.assertEqual(self.guest.get(path).status, 429)
		with self.as_user(user):
			departures.leave(self.other.name)
		self.assertIsNone(calendars.whose(newer))
		self.assertIsNone(calendars.link_since(user))


class TestPapers(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		opportunity = factories.opportunity("Published")
		cls.place = factories.engagement(opportunity, cls.me)
		cls.path = factories.session_paper(opportunity, cls.place.name)
		cls.elsewhere = factories.engagement(factories.opportunity("Published"), cls.other)

	def test_papers_are_read_by_whoever_has_the_place_and_nobody_else(self):
		me, other = self.signed_in(), self.signed_in(self.other)
		self.assertIn(self.path, me.get(f"/take-part/my/places/{self.place.name}").html)
		answer = me.get(self.path)
		self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/pdf"))
		through_their_own = self.path.replace(self.place.name, self.elsewhere.name)
		for visitor, path in ((other, self.path), (other, through_their_own), (self.guest, self.path)):
			self.assertIn(visitor.get(path).status, (303, 404))
			self.assertNotIn("%PDF", visitor.get(path).html)
		with self.as_user(self.me.user):
			places.leave(self.place.name)
		self.refresh()
		self.assertEqual(me.get(self.path).status, 404)


class TestTwoAtOnce(TwoPeople):
	@classmethod
	def arrange(cls):
		super().arrange()
		first = factories.opportunity("Published", days_ahead=20, title="Secret other thing")
		factories.engagement(first, cls.me)
		cls.same_time = factories.offer(factories.opportunity("Published", days_ahead=20), cls.me).name
		later = factories.opportunity("Published", days_ahead=20)
		for row in frappe.get_all(SESSION, {"opportunity": later.name}, ["name", "starts_on", "ends_on"]):
			moved = {at: add_to_date(row[at], hours=5) for at in ("starts_on", "ends_on")}
			frappe.db.set_value(SESSION, row.name, moved)
		cls.same_day = factories.offer(later, cls.me).name

	def test_the_same_time_is_refused_and_the_same_day_is_asked_about(self):
		"""Row 0.13: nobody is booked twice, and nobody else learns what they do elsewhere."""
		me = self.signed_in()
		answer = me.submit(f"/take-part/my/offers/{self.same_time}", choice="Full")
		self.assertEqual(answer.status, 422)
		self.assertIn("something else at the same time", answer.text())
		self.assertEqual(self.value("Involvement Application", self.same_time), "Offered")
		page = me.get(f"/take-part/my/offers/{self.same_day}")
		self.assertIn("something else on the same day", page.text())
		answer = me.submit(f"/take-part/my/offers/{self.same_day}", choice="Full")
		self.assertEqual(answer.status, 422)
		answer = me.submit(f"/take-part/my/offers/{self.same_day}", choice="Full", same_day="yes")
		self.assertEqual(answer.status, 303)
		self.refresh()
		with self.as_user(factories.staff(roles.COORDINATOR)):
			clash = clashes.of_application(self.same_time)
			with self.assertRaises(clashes.Overlap) as refused:
				places.accept(self.same_time, recorded_how="Phone")
			self.assertNotIn("Secret", f"{refused.exception} {clash}")
			self.assertEqual((len(clash["overlap"]), len(clash["same_day"])), (1, 1))
			places.accept(self.same_time, recorded_how="Phone", clash_note="One is by post")
		doc = frappe.get_doc("Involvement Application", self.same_time)
		self.assertEqual((doc.status, doc.clash_note), ("Accepted", "One is by post"))
		self.assertEqual(doc.clash_allowed_by, factories.staff(roles.COORDINATOR))
		with self.as_user(factories.another(roles.OWNER)), self.assertRaises(frappe.PermissionError):
			clashes.of_application(self.same_time)
