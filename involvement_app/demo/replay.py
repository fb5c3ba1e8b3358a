"""History, event after event: the clock is moved, the right person acts, the controllers decide.

Every event is a function of what was there before it; what would happen after today is left for you to do.
Bounded: a command on the server, for a site without people; each event is done by the user who would do it."""

import base64
import heapq
import itertools
from collections import Counter
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import frappe
import frappe.utils.password
from frappe.utils import get_quarter_start, getdate, now_datetime, today

from involvement_app import lifecycle
from involvement_app.demo import people
from involvement_app.demo.story import (
	BELOW_CO_DESIGN,
	CO_DESIGN_AND_UP,
	NEEDS,
	NOT_YET,
	RATES,
	REVIEWERS_ANSWERED,
	REVIEWERS_WAITED_FOR,
	STORIES,
	THEME,
	WHERE,
	Story,
)
from involvement_app.involvement_app import (
	ambassadors,
	consents,
	eligibility,
	enquiries,
	feedback,
	how_it_was,
	media,
	merging,
	opportunities,
	places,
	questions,
	reviewers,
	selection,
	sessions,
	stories,
)
from involvement_app.involvement_app.matching import invitations, work
from involvement_app.involvement_app.matching.people import People
from involvement_app.involvement_app.panels import decisions as panel_decisions
from involvement_app.involvement_app.panels import scores as panel_scores
from involvement_app.involvement_app.participants import forget_known
from involvement_app.involvement_payments import (
	advances,
	bank_details,
	batches,
	corrections,
	other_books,
	own_limits,
	reconciliation,
	reversals,
)
from involvement_app.involvement_privacy import consent, sensitive
from involvement_app.periods import tax_year
from involvement_app.setup import roles

HISTORY = timedelta(days=330)
# how many steps after their yes
OCCASION_STEPS = {"Briefed": 1, "Done": 2, "Debriefed": 3, "Outcome recorded": 4}
MONTHLY = 28
INITIAL_WORDS = {
	"what_was_said": "You told us what works and what does not. We have written all of it down.",
	"what_changed": "We read it with the team next week, and decide what comes next.",
}
FULL_WORDS = {
	"what_was_said": "It should be easier to find, easier to read, and somebody should answer the phone.",
	"what_changed": "The new version is short and has pictures. It is used from this month.",
	"what_could_not_change": "The opening hours stay: there is no money for another evening.",
}


class Replay:
	def __init__(self, password: str | None):
		self.today = now_datetime().replace(microsecond=0)
		self.password = password
		self.queue: list = []
		self.order = itertools.count()
		self.introduced: list[tuple] = []
		self.participants: list[str] = []
		self.users: dict[str, str] = {}

	def at(self, when: datetime, actor: str, act, *args) -> None:
		heapq.heappush(self.queue, (when, next(self.order), actor, act, args))

	def run(self) -> None:
		import time_machine  # only the demo moves the clock: setup.py, extra "demo"

		start = self.today - HISTORY
		with time_machine.travel(_aware(start), tick=True) as clock:
			self.prepare()
			while self.queue:
				when, _order, actor, act, args = heapq.heappop(self.queue)
				if when > self.today:
					continue
				clock.move_to(_aware(when))
				self.act_as(actor)
				act(*args)
		frappe.set_user("Administrator")
		opportunities.move_on()

	def act_as(self, actor: str) -> None:
		frappe.set_user(actor)
		forget_known()

	# Before anything happens

	def prepare(self) -> None:
		frappe.set_user("Administrator")
		for name in people.AREAS:
			_insert("Lived Experience Area", area_name=name)
		for name in people.SKILLS:
			_insert("Involvement Skill", skill_name=name)
		for name in people.LOCALITIES:
			_insert("Involvement Locality", locality_name=name)
		_insert("Involvement Theme", theme_name=THEME, description="A week of doing things together.")
		for key, (first, last, role) in people.STAFF.items():
			self.make_user(people.staff_user(key), first, last, role)
		for name, parent, locality, cost_centre in people.UNITS:
			_insert(
				"Involvement Unit",
				unit_name=name,
				parent_involvement_unit=parent,
				is_group=0 if parent else 1,
				locality=locality,
				cost_centre=cost_centre,
				budget_holder=people.staff_user("budget"),
			)
		self.rates()
		came = self.today - HISTORY + timedelta(days=1)
		# logins one after another: with each of them Frappe forgets what it knows of every doctype
		for number, row in enumerate(people.PARTICIPANTS):
			self.at(came + timedelta(minutes=number), "Administrator", self.introduce, number, *row)
		for number, row in enumerate(people.PARTICIPANTS):
			when = came + timedelta(hours=1, minutes=number)
			self.at(when, people.staff_user("coordinator"), self.join, number, *row)
		for number, enquiry in enumerate(people.ENQUIRIES):
			when = self.today - timedelta(days=enquiry["days"], minutes=number)
			came_by_portal = enquiry["came_by"] == enquiries.PORTAL
			actor = "Guest" if came_by_portal else people.staff_user("coordinator")
			self.at(when, actor, self.enquire, when, enquiry)
		for days, course, holders in people.TRAINED:
			when = self.today - timedelta(days=days)
			self.at(when, people.staff_user("coordinator"), self.teach, course, holders)
		for number, check in people.CHECKS.items():
			self.at(self.today - timedelta(days=200), people.staff_user("manager"), self.check, number, check)
		for number, days, last in people.AMBASSADORS:
			when = self.today - timedelta(days=days, minutes=number)
			self.at(when, people.staff_user("coordinator"), self.appoint, number, last)
		for order, occasion in enumerate(people.OCCASIONS):
			when = self.today - timedelta(days=occasion[2] + 40, minutes=order)
			self.at(when, people.staff_user("lead"), self.plan_occasion, order, *occasion)
		for number, told in enumerate(people.TOLD):
			when = self.today - timedelta(days=told["days"], minutes=number)
			self.at(when, people.staff_user("coordinator"), self.tell_story, told)
		for number, letter in enumerate(people.LETTERS):
			when = self.today - timedelta(days=letter["days"], minutes=number)
			self.at(when, people.staff_user("coordinator"), self.ask_for_letter, letter)
		for number, question in people.QUESTIONS:
			asked = self.today - timedelta(days=question["days"], minutes=number)
			self.at(asked, people.staff_user("coordinator"), self.ask, asked, number, question)
		for number, note in people.CONTACT_NOTES:
			when = self.today - timedelta(days=note["days"], minutes=number)
			self.at(when, people.staff_user("coordinator"), self.note, number, note)
		self.at(self.today - timedelta(days=15), people.staff_user("coordinator"), self.merge, *people.TWICE)
		self.at(self.today - timedelta(days=6), people.staff_user("coordinator"), self.promise_alone)
		for order, way in enumerate(people.PAID_BY):
			self.say_how_paid(order, **way)
		for number, (amount, *steps) in enumerate(people.PAID_BEFORE):
			self.at(
				self.today - timedelta(days=20, minutes=number),
				people.staff_user("finance"),
				self.write_opening_total,
				number,
				amount,
				steps,
			)
		for story in STORIES:
			Chapter(self, story).begin()
		self.at(self.today - timedelta(days=120, hours=30), people.staff_user("hr"), self.choose_staff)
		self.at(self.today - timedelta(hours=20), people.staff_user("hr"), self.count_recruitments)
		self.claims()
		self.money()

	def rates(self) -> None:
		"""Who writes a rate does not approve it; what a paid role counts as is decided for each type."""
		for name, basis, amount, minimum, role_level in RATES:
			rule = _insert(
				"Payment Rate Rule",
				rule_name=name,
				basis=basis,
				amount=amount,
				minimum_hours=minimum,
				role_level=role_level,
				preparation_paid=1,
				valid_from=getdate(self.today - HISTORY),
				source="Agreed by the trustees for this demonstration",
			)
			if role_level != NOT_YET:
				self.act_as(people.staff_user("manager"))
				lifecycle.apply(frappe.get_doc(rule.doctype, rule.name), "Approve")
				self.act_as("Administrator")
		_insert("Approval Limit", role=roles.BUDGET_HOLDER, up_to=500)
		for kind in sorted({story.kind for story in STORIES}):
			_insert(
				"Role Status Determination",
				title=f"{kind}: people who take part",
				opportunity_type=kind,
				outcome=people.OUTCOMES.get(kind, "Ad hoc, gross"),
				valid_from=getdate(self.today - HISTORY),
				decided_by="Head of people",
				decided_on=getdate(self.today - HISTORY),
				evidence="HMRC's questions were answered for this demonstration; the answers are kept with the contracts.",
			)

	def make_user(self, name: str, first: str, last: str, role: str | None = None) -> str:
		# the CRM's own role lets a coordinator see the contacts that become participants
		# and who watches a panel reads it
		also = {roles.COORDINATOR: ["Sales User"], roles.OWNER: [roles.PANEL_MEMBER]}
		held = [role, *also.get(role, [])] if role else []
		_insert(
			"User",
			email=name,
			first_name=first,
			last_name=last,
			send_welcome_email=0,
			roles=[{"role": each} for each in held],
		)
		# Frappe 15 makes the first desk user of a site a System Manager: not one of an invented charity
		frappe.db.delete("Has Role", {"parent": name, "role": ["not in", held or [""]]})
		if not held:  # nor one whose login opens the desk
			frappe.db.set_value("User", name, "user_type", "Website User")
		if self.password:
			frappe.utils.password.update_password(name, self.password)
		return name

	def introduce(self, number, first, last, locality, unit, channel, easier) -> None:
		"""What the CRM and the site know of a person before they join: a contact and, of some, a login."""
		contact = {"first_name": first, "last_name": last}
		mail = people.address(first, last, number)
		if channel not in ("Post", "Phone"):
			contact["email_ids"] = [{"email_id": mail, "is_primary": 1}]
		if channel in ("Phone", "Text message"):
			contact["phone_nos"] = [{"phone": f"01865 5550{number:02}", "is_primary_mobile_no": 1}]
		person = _insert("Contact", **contact)
		if channel == "Post":
			self.give_address(person.name, f"{first} {last}", number, locality)
		user = self.make_user(mail, first, last) if number < people.PORTAL_USERS else None
		self.introduced.append((person.name, user, self.young(number, last)))

	def join(self, number, first, last, locality, unit, channel, easier) -> None:
		person, user, young = self.introduced[number]
		with lifecycle.server_side():
			doc = _insert(
				"Involvement Participant",
				preferred_name=first,
				person_doctype="Contact",
				person=person,
				user=user,
				status="Interested" if number in people.INTERESTED else "Active",
				locality=locality,
				units=[{"unit": unit}],
				preferred_channel=channel,
				access_note=easier,
				named_contact=people.staff_user("coordinator"),
				source="Invented for the demonstration",
				**people.PAYING.get(number, {}),
				**young,
			)
		self.participants.append(doc.name)
		self.users[doc.name] = user
		self.tell(number, (doc.doctype, doc.name), user)
		if number in people.CONFIRMED:
			manager = people.staff_user("manager")
			self.at(now_datetime(), manager, eligibility.confirm_authority, doc.name)
		if number in people.PAUSED:
			self.at(self.today - timedelta(days=20), people.staff_user("coordinator"), _step, doc, "Pause")
		if number in people.LEFT:
			self.at(self.today - timedelta(days=30), people.staff_user("coordinator"), _step, doc, "Leave")

	def merge(self, kept: int, merged: int, why: str) -> None:
		done = merging.merge(self.participants[kept], self.participants[merged], why)
		assert frappe.db.exists("Participant Merge", done["log"])

	# People who would like to join

	def enquire(self, when: datetime, enquiry: dict) -> None:
		"""Written down, then answered step by step by the coordinator."""
		told = {key: value for key, value in enquiry.items() if key not in ("days", "steps")}
		if told["came_by"] == enquiries.PORTAL:
			name = enquiries.take({key: value for key, value in told.items() if key != "came_by"})
		else:
			name = _insert("Expression of Interest", **told).name
		for number, (action, values) in enumerate(enquiry["steps"], start=1):
			later = when + timedelta(days=2 * number)
			self.at(later, people.staff_user("coordinator"), self.answer, name, action, values)

	def answer(self, name: str, action: str, values: dict) -> None:
		doc = frappe.get_doc(enquiries.ENQUIRY, name)
		if action == "Join":
			how = {"notice_method": "Phone", "told_by": "Devon Clarke", "unit": doc.unit or "Otterford Hub"}
			enquiries.join(name, **how, **values)
		else:
			lifecycle.apply(doc, action, **values)

	# Questions, and what was said

	def ask(self, asked: datetime, number: int, question: dict) -> None:
		"""By the person where they have a login, else written down for them; then answered or closed."""
		who, user = self.participants[number], self.users[self.participants[number]]
		if user:
			self.act_as(user)
			name = questions.ask(who, question["question"])
		else:
			told = {"question": question["question"], "recorded_how": "Phone"}
			name = _insert("Participant Question", participant=who, **told).name
		for action, values in question["steps"]:
			later = asked + timedelta(days=1)
			self.at(
				later, people.staff_user("coordinator"), self.take, questions.QUESTION, name, action, values
			)

	def take(self, doctype: str, name: str, action: str, values: dict) -> None:
		lifecycle.apply(frappe.get_doc(doctype, name), action, **values)

	def promise_alone(self) -> None:
		"""To one person, who said something nobody could answer on the day."""
		_insert(
			"Feedback Obligation",
			participant=self.participants[0],
			kind="Full",
			due_on=getdate(self.today - timedelta(days=1)),
			feedback_owner=people.staff_user("coordinator"),
			promised="Why the bus to Whitmere House stops so far away, and whether that can change.",
		)

	def note(self, number: int, note: dict) -> None:
		values = {key: value for key, value in note.items() if key not in ("days", "follow_up_in")}
		if "follow_up_in" in note:
			values["follow_up_on"] = getdate(now_datetime() + timedelta(days=note["follow_up_in"]))
		_insert(
			"Participant Contact Note",
			participant=self.participants[number],
			by=people.staff_user("coordinator"),
			happened_on=getdate(now_datetime()),
			**values,
		)

	def young(self, number: int, last: str) -> dict:
		if number not in people.YOUNG:
			return {}
		age, agreed = people.YOUNG[number]
		day = getdate(self.today)
		told = {"age_band": "Under 18", "date_of_birth": day.replace(year=day.year - age, day=1)}
		told["guardian"] = _insert("Contact", first_name="Robin", last_name=last).name
		if agreed:
			told |= {"guardian_agreed_on": getdate(now_datetime()), "guardian_told_how": "In person"}
		return told

	def give_address(self, contact: str, title: str, number: int, locality: str) -> None:
		"""So that a letter can be printed."""
		_insert(
			"Address",
			address_title=title,
			address_type="Personal",
			address_line1=f"{number + 3} Weavers Row",
			city=locality,
			pincode=f"ZZ{number} 1AA",
			country="United Kingdom",
			links=[{"link_doctype": "Contact", "link_name": contact}],
		)

	# Training, and letters about what people did

	def teach(self, course: str, holders: tuple) -> None:
		"""The course, where it is the first time, and who completed it: participants by number, staff by key."""
		known = people.COURSES[course]
		helpers = [
			{"participant": self.participants[number], "does": does} for number, does in known["helpers"]
		]
		_insert(
			"Training Course",
			course_name=course,
			facilitators=helpers,
			**{key: value for key, value in known.items() if key != "helpers"},
		)
		for holder in holders:
			staff = isinstance(holder, str)
			whose = (
				{"staff": people.staff_user(holder)} if staff else {"participant": self.participants[holder]}
			)
			_insert("Training Record", course=course, completed_on=now_datetime().date(), **whose)

	def check(self, number: int, values: dict) -> None:
		_insert(
			"Participant Check",
			participant=self.participants[number],
			checked_on=now_datetime().date(),
			renew_on=(now_datetime() + timedelta(days=3 * 365)).date(),
			**values,
		)

	def ask_for_letter(self, letter: dict) -> None:
		participant = self.participants[letter["number"]]
		with _AsPerson(self, participant) as told:
			doc = frappe.get_doc(
				doctype="Reference Letter",
				participant=participant,
				wanted_for=letter["wanted_for"],
				recorded_how=told,
			)
			# as the portal does for the session's own person; else the coordinator
			doc.insert(ignore_permissions=not told)
		if letter["step"]:
			action, values = letter["step"]
			later = now_datetime() + timedelta(days=2)
			self.at(later, people.staff_user("coordinator"), self.answer_letter, doc.name, action, values)

	def answer_letter(self, name: str, action: str, values: dict) -> None:
		lifecycle.apply(frappe.get_doc("Reference Letter", name), action, **values)

	# Ambassadors

	def appoint(self, number: int, last: str) -> None:
		doc = _insert(
			"Ambassador Role",
			participant=self.participants[number],
			purpose="To tell others what it is like to take part here.",
			will_talk="The groups, what changed, and what they learned",
			wont_talk="Their family and their health",
			support_person=people.staff_user("coordinator"),
		)
		now = now_datetime()
		if last == "Draft":
			return
		lifecycle.apply(doc, "Submit for approval")
		if last == "Submitted":
			return
		manager = people.staff_user("manager")
		self.at(now + timedelta(days=1), manager, self.take, "Ambassador Role", doc.name, "Approve", {})
		says = {
			"Active": ("Accept",),
			"Paused": ("Accept", "Pause"),
			"Ended": ("Accept", "End"),
			"Not going ahead": ("No thank you",),
		}
		for days, action in enumerate(says.get(last, ()), 2):
			user = self.users[self.participants[number]]
			told = {} if user else {"recorded_how": "Phone"}
			who = user or people.staff_user("coordinator")
			self.at(now + timedelta(days=days), who, self.take, "Ambassador Role", doc.name, action, told)

	def plan_occasion(self, order: int, title: str, kind: str, days: int, last: str) -> None:
		start = (self.today - timedelta(days=days)).replace(hour=18, minute=30, second=0)
		doc = _insert(
			"Involvement Opportunity",
			title=title,
			opportunity_type="Ambassador",
			unit=people.UNITS[1][0],
			lead=people.staff_user("lead"),
			level="Consultation",
			reason_below_co_design=BELOW_CO_DESIGN["Consultation"],
			visibility="Invited",
			purpose="So that others hear it from somebody who takes part.",
			what_can_change="What they understand, and what they do with it",
			what_cannot_change="Their rules",
			decision_maker="Those who listen",
			decision_date=getdate(start + timedelta(days=30)),
			benefit_to_participants="Speak for yourself and others, with somebody at your side.",
			description="A short talk, and questions that you know beforehand.",
			access_statement="A step-free room, a microphone, and a break when you like.",
			support_contact="Devon Clarke, 01865 555 0100",
			in_person=1,
			by_telephone=1,
			dates=[{"starts_on": start, "ends_on": start + timedelta(hours=1), "place": "The Old Library"}],
			places=2,
			lived_experience_places=2,
			rate_rule=RATES[0][0],
			hours=1,
			expenses_covered=1,
			budget=500,
		)
		lifecycle.apply(doc, "Submit for approval")
		now = now_datetime()
		coordinator = people.staff_user("coordinator")
		at = partial(self.take, "Involvement Opportunity", doc.name)
		self.at(now + timedelta(hours=2), people.staff_user("manager"), at, "Approve", {})
		self.at(now + timedelta(hours=4), coordinator, at, "Publish", {})
		self.at(now + timedelta(hours=5), coordinator, self.propose, doc.name, title, kind, start, last)

	def propose(self, opportunity: str, title: str, kind: str, start: datetime, last: str) -> None:
		participant = self.participants[people.AMBASSADORS[0][0]]
		role = frappe.db.get_value("Ambassador Role", {"participant": participant, "status": "Active"})
		channel = "Broadcast" if last == "Day moved" else "Local press"
		press = {"channel": channel, "identity": "First name", "journalist": 1}
		doc = _insert(
			"Ambassador Assignment",
			role=role,
			title=title,
			kind=kind,
			opportunity=opportunity,
			audience="A dozen people who have not met us",
			brief="Ten minutes on what changed here because people spoke up. Then questions.",
			questions="What changed because of you? What would you do first?",
			support_person=people.staff_user("coordinator"),
			**(press if kind == "Media" else {}),
		)
		if last == "Proposed":
			return
		ambassadors.offer(doc)
		if last == "Offered":
			return
		user, now = self.users[participant], now_datetime()
		reaches = start if last == "Day moved" else start + timedelta(days=30)
		self.at(now + timedelta(days=1), user, self.say_yes, doc.name, reaches)
		if last == "Day moved":
			coordinator = people.staff_user("coordinator")
			self.at(now + timedelta(days=2), coordinator, self.move_occasion, opportunity)
		if last == "Not going ahead":
			self.at(now + timedelta(days=2), user, ambassadors.stop_own, participant, doc.name)
		for when, action, values in (
			(
				start - timedelta(days=14),
				"We talked it through",
				{"briefed_on": getdate(start - timedelta(days=14))},
			),
			(start + timedelta(hours=2), "It took place", {}),
			(
				start + timedelta(days=2),
				"We talked about it",
				{"debriefed_on": getdate(start + timedelta(days=2))},
			),
			(start + timedelta(days=5), "Record what came of it", {"outcome": "Bid won"}),
		)[: OCCASION_STEPS.get(last, 0)]:
			comms = people.staff_user("comms")
			self.at(
				max(when, now + timedelta(days=2)), comms, self.take, doc.doctype, doc.name, action, values
			)

	def move_occasion(self, opportunity: str) -> None:
		"""A week beyond what they said yes to: they are asked again."""
		session = frappe.get_doc("Involvement Session", {"opportunity": opportunity})
		later = [str(moment + timedelta(days=7)) for moment in (session.starts_on, session.ends_on)]
		sessions.move(session.name, *later, session.place, words="The studio is not free that evening.")

	def say_yes(self, name: str, reaches: datetime) -> None:
		doc = frappe.get_doc("Ambassador Assignment", name)
		if doc.kind == ambassadors.MEDIA:
			scope = media.Scope("First name", getdate(reaches), journalist=True)
			media.give_own(doc.participant, [doc.channel], scope)
		places.accept(doc.application, same_day_is_fine=True)

	# Stories, and where people may be quoted

	def tell_story(self, told: dict) -> None:
		participant = self.participants[told["number"]]
		uses = told.get("uses", ({"channel": "Website", "voices": 1},))
		until = (
			self.today - timedelta(days=told["until"])
			if "until" in told
			else now_datetime() + timedelta(days=360)
		)
		scope = media.Scope(told.get("identity", "Anonymous"), until.date())
		words = {key: told[key] for key in ("prompt", "words", "identity") if key in told}
		with _AsPerson(self, participant):
			name = stories.write_own(participant, words)
			if told["steps"] is not None:
				media.give_own(participant, sorted({use["channel"] for use in uses}), scope)
				read = stories.fingerprint(frappe.get_doc("Participant Story", name))
				stories.agree_own(participant, name, read)
		later = now_datetime() + timedelta(days=1)
		comms = people.staff_user("comms")
		if told.get("ask"):
			self.at(later, comms, self.take, "Participant Story", name, "Ask the person", {})
		if told["steps"]:
			self.at(later, comms, self.use_story, name, told["steps"], uses)
		if "back" in told:
			user, when = self.users[participant], self.today - timedelta(days=told["back"])
			self.at(when, user, stories.withdraw_own, participant, name)
		if "until" in told:
			over = until + timedelta(days=1)
			self.at(over, "Administrator", stories.move_on)
			self.at(over + timedelta(days=2), comms, self.take_down, name)

	def use_story(self, name: str, steps: tuple, uses: tuple) -> None:
		for action in steps:
			doc = frappe.get_doc("Participant Story", name)
			if action == "Put into use":
				for use in uses:
					doc.append("uses", {"used_from": now_datetime().date(), **use})
				doc.save()
			lifecycle.apply(doc, action)

	def take_down(self, story: str) -> None:
		names = frappe.get_all("Story Takedown", {"story": story}, pluck="name")
		for name in names:
			self.take("Story Takedown", name, "It is down", {"what_was_done": "The post is deleted"})

	# What people were told and said

	def tell(self, number: int, person: tuple[str, str], user: str | None) -> None:
		"""Everybody but the last few was given the notice; some agreed to more, some changed their mind."""
		if number in people.NOT_YET_TOLD:
			return
		agreed = {consents.ACCESS: consent.GIVEN if number % 7 else consent.REFUSED}
		if number % 3 == 0:
			agreed[consents.TEXTS] = consent.GIVEN
		how = consent.How("In person", told_by="Devon Clarke")
		consent.record_joining(person, consent.Joining(how, agreed))
		if number % 9 == 0:
			later = (self.today - timedelta(days=40), user or people.staff_user("coordinator"))
			self.at(*later, self.change_their_mind, person, consent.PORTAL if user else "Phone")
		if number in people.PREFERENCES:
			_insert(
				"Involvement Preference",
				participant=person[1],
				recorded_how="Phone",
				**people.PREFERENCES[number],
			)
		if profile := people.PROFILES.get(number):
			_insert("Lived Experience Profile", participant=person[1], recorded_how="Phone", **profile)
		if supporter := people.SUPPORTERS.get(number):
			until = getdate(self.today + timedelta(days=supporter["days"]))
			told = {key: value for key, value in supporter.items() if key != "days"}
			# written down a while ago: the day it ends may be over by now
			when = self.today - timedelta(days=60)
			self.at(when, people.staff_user("coordinator"), self.ask_supporter, person[1], until, told)
		if goal := people.GOALS.get(number):
			_insert("Personal Goal", participant=person[1], goal=goal)
		if number in people.PAST:
			_insert("Past Involvement", participant=person[1], **people.PAST[number])
		if need := people.NEEDS.get(number):
			_insert("Access Requirement", participant=person[1], recorded_how="In person", **need)
		if number in people.WITH_PLAN:
			self.at(self.today - timedelta(days=60), user, self.write_plan, person)

	def ask_supporter(self, participant: str, until, told: dict) -> None:
		_insert("Participant Supporter", participant=participant, until=until, recorded_how="Phone", **told)

	def change_their_mind(self, person: tuple[str, str], method: str) -> None:
		consent.withdraw(person, consents.TEXTS, consent.How(method))

	def write_plan(self, person: tuple[str, str]) -> None:
		consent.give(person, consents.WELLBEING, consent.How(consent.PORTAL))
		plan = _insert("Wellbeing Support Plan", participant=person[1], **people.PLAN)
		self.act_as(people.staff_user("finance"))
		sensitive.look_up(plan.doctype, plan.name, "Wanted to know")

	# Panels that choose staff: one in every state

	def choose_staff(self) -> None:
		about = frappe.db.get_value("Involvement Opportunity", {"opportunity_type": "Recruitment panel"})
		for post, steps, called_off in people.PANELS:
			doc = self.panel(about, post)
			for action in people.PANEL_STEPS[:steps]:
				self.step_panel(doc.name, action)
			if called_off:
				doc.reload()
				lifecycle.apply(doc, "Call off", called_off_because="The post is not filled this year.")

	def count_recruitments(self) -> None:
		"""Most were without a panel here; the newest quarter is still to be counted."""
		decided = {"decided_on": ["is", "set"], "post": ["in", [post for post, *_how in people.PANELS]]}
		found = frappe.get_all("Recruitment Panel", decided, ["unit", "decided_on"])  # the demo's own
		known = Counter((row.unit, get_quarter_start(row.decided_on)) for row in found)
		for number, ((unit, quarter), panels) in enumerate(sorted(known.items())):
			told = {"recruitments": panels + 2 + number, "source": "The list of posts that HR keeps"}
			_insert("Recruitment Count", unit=unit, quarter_from=quarter, **told)

	def panel(self, about: str, post: str):
		doc = _insert(
			"Recruitment Panel",
			opportunity=about,
			post=post,
			about="Somebody who is there when it matters.",
			candidates=[
				{"reference": f"{number}", "initials": name} for number, name in ((101, "KL"), (102, "TB"))
			],
			questions=[{"question": "What would you do if nobody talks to you on your first day?"}],
		)
		doc.append("members", {"kind": "Staff", "staff": people.staff_user("panel"), "role": "Chair"})
		doc.append("members", {"kind": "Staff", "staff": people.staff_user("lead"), "role": "Shadow"})
		for row in doc.members:
			row.update({"interests_declared_on": getdate(now_datetime()), "told_how": "In person"})
		doc.save()
		if post == people.CHAIRED_BY_SOMEBODY_WITH_LIVED_EXPERIENCE:
			chair = next(row for row in doc.members if self.users.get(row.participant))
			for row in doc.members:
				row.role = "Chair" if row is chair else row.role.replace("Chair", "Member")
		owner = next(row.member_name for row in doc.members if row.participant)
		for criterion, weight in people.PANEL_CRITERIA:
			words = {"criterion": criterion, "weight": weight, "owned_by": owner, **people.PANEL_SCORES}
			said_yes = {"agreed_on": getdate(now_datetime()), "told_how": "In person"}
			doc.append("criteria", words | said_yes)
		for row in doc.provisions:
			row.done = 1
		doc.save()
		return doc

	def step_panel(self, name: str, action: str) -> None:
		if action == "Decide":
			self.act_as(people.staff_user("panel"))
			panel_decisions.decide(
				name,
				{
					"101": ("Appointed", "We heard your doubt, and ask for a longer trial."),
					"102": ("Reserve", "Nearly as good."),
				},
			)
			self.act_as(people.staff_user("hr"))
			return
		words = (
			{"feedback_words": "Somebody is chosen and starts in May. Thank you."}
			if action == "Tell the members"
			else {}
		)
		doc = frappe.get_doc("Recruitment Panel", name)
		lifecycle.apply(doc, action, **words)
		if action == "Start scoring":
			self.score_candidates(doc)

	def score_candidates(self, doc) -> None:
		"""All but one for the panel that is scoring still."""
		sheets = sorted(panel_scores.expected(doc))
		for number, (who, reference) in enumerate(sheets):
			if doc.post == people.PANELS[3][0] and number == 0:
				continue
			marks = {row.criterion: str(1 + (number + row.idx) % 3) for row in doc.criteria}
			fits = "Not appointable" if number == 1 else "Appointable"
			values = {"answer": "Scored", "appointable": fits, "scores": marks}
			if who == people.staff_user("panel"):
				self.act_as(who)
				made = panel_scores.put(doc.name, reference, values)
				self.act_as(people.staff_user("hr"))
			else:
				made = panel_scores.put(doc.name, reference, values, participant=who, told_how="In person")
			assert made.doctype == "Panel Score"

	# Expenses: a paid one each month, and this week every state that a person may find theirs in

	def claims(self) -> None:
		for order, (number, hours, last, line) in enumerate(people.CLAIMS):
			when = self.today - timedelta(hours=hours, minutes=order)
			self.at(when, people.staff_user("coordinator"), self.claim, number, when, last, line)

		when = self.today - timedelta(hours=30)
		self.at(when, people.staff_user("coordinator"), self.ask_for_an_advance, 8, 24)

	def ask_for_an_advance(self, number: int, amount: float) -> None:
		day = getdate(self.today + timedelta(days=3))
		advances.propose(self.participants[number], amount, str(day), "The train to the regional meeting")

	def claim(self, number: int, when: datetime, last: str, line: dict) -> None:
		participant = self.participants[number]
		values = {"spent_on": getdate(when - timedelta(days=2)), **line}
		if line.get("agreed"):
			values["agreed_on"] = getdate(when - timedelta(days=4))
		doc = _insert(
			"Involvement Expense Claim",
			participant=participant,
			unit="Otterford Hub",
			recorded_how="Phone",
			pay_by="Cash" if last == "Cash" else "Bank transfer",
			lines=[values],
		)
		# whoever wrote down that it was agreed does not check it
		office = people.staff_user("manager" if line.get("agreed") else "coordinator")
		holder = people.staff_user("budget")
		cancelled = {"note": "Claimed twice by mistake."}
		steps = {
			"Checked": ((office, "Check", {}),),
			"Returned": ((office, "Return", {"note": "Which day was this?"}),),
			"Rejected": ((office, "Check", {}), (holder, "Reject", {"note": "We booked this taxi for you."})),
			"Approved": ((office, "Check", {}), (holder, "Approve", {})),
			"Cash": ((office, "Check", {}), (holder, "Approve", {})),  # and then `give_cash`
			"Cancelled": (
				(office, "Check", {}),
				(holder, "Approve", {}),
				(holder, "Cancel claim", cancelled),
			),
		}
		for minutes, (actor, action, note) in enumerate(steps.get(last, ()), start=1):
			self.at(
				when + timedelta(minutes=10 * minutes), actor, self.take, doc.doctype, doc.name, action, note
			)
		if last == "Cash":
			self.at(when + timedelta(hours=1), people.staff_user("finance"), self.give_cash, doc.name)

	def give_cash(self, claim: str) -> None:
		"""Against a slip that the person signed."""
		slip = _insert(
			"File",
			file_name="signed slip.png",
			# the same picture, and each a paper of its own: one slip proves one hand-over
			content=base64.b64decode(people.SIGNED_SLIP) + claim.encode(),
			is_private=1,
			attached_to_doctype="Involvement Expense Claim",
			attached_to_name=claim,
		)
		doc = frappe.get_doc("Involvement Expense Claim", claim)
		lifecycle.apply(doc, "Record cash", cash_given_on=getdate(), cash_slip=slip.file_url)

	# Money: once a fortnight all the way, and this week every step of the way

	def money(self) -> None:
		for fortnight in range(1, 23):
			self.pay_day(self.today - timedelta(weeks=2 * fortnight))
		self.at(self.today - timedelta(hours=44), people.staff_user("budget"), self.decide_this_weeks)
		for number, last_step in enumerate(("Void", "Exported", "Authorised", "Locked", "Draft")):
			self.one_of_this_week(self.today - timedelta(hours=40 - 2 * number), last_step)

	def say_how_paid(self, order: int, number: int, days: int, way: str, last: str, account=None) -> None:
		"""Told to the coordinator by telephone, verified by finance the day after, on to the state `last`."""
		when = self.today - timedelta(days=days, minutes=order)
		self.at(when, people.staff_user("coordinator"), self.write_how_paid, number, way, account)
		if last in ("Verified", "Active"):
			self.at(when + timedelta(days=1), people.staff_user("finance"), self.verify_how_paid, number)
		if last == "Active":
			self.at(when + timedelta(days=5), "Administrator", bank_details.use_due)
		if last == "Taken away":
			self.at(
				when + timedelta(days=1), people.staff_user("coordinator"), self.take_away_how_paid, number
			)

	def write_opening_total(self, number: int, amount: int, steps: list) -> None:
		when = self.today - timedelta(days=19)
		doc = _insert(
			"Payment Opening Total",
			participant=self.participants[number],
			year_start=self.today.date(),
			amount_time=amount,
			amount_expenses=amount / 10,
			recent=[{"came_on": max(tax_year(self.today.date()).start, getdate()), "amount": 20, "hours": 2}],
			miles_car=amount,
			source="The spreadsheet that was kept before",
		)
		for number, action in enumerate(steps):
			self.at(
				when + timedelta(hours=number),
				people.staff_user("authoriser"),
				self.decide_opening_total,
				doc.name,
				action,
			)

	def decide_opening_total(self, name: str, action: str) -> None:
		note = {"note": "Counted twice in the spreadsheet"} if action == "Withdraw" else {}
		lifecycle.apply(frappe.get_doc("Payment Opening Total", name), action, **note)

	def write_how_paid(self, number: int, way: str, account: dict | None) -> None:
		bank_details.write_for(self.participants[number], way, account or {}, "Phone")

	def verify_how_paid(self, number: int) -> None:
		waiting = {"participant": self.participants[number], "status": "Pending"}
		_step(frappe.get_doc("Participant Bank Detail", waiting), "Verify")

	def take_away_how_paid(self, number: int) -> None:
		assert bank_details.take_away_for(self.participants[number], "Phone") == 1

	def pay_day(self, day: datetime) -> None:
		finance, authoriser = people.staff_user("finance"), people.staff_user("authoriser")
		batch: list = []
		self.at(day, people.staff_user("budget"), self.approve_all)
		self.at(day + timedelta(hours=2), finance, self.make_batch, batch)
		self.at(day + timedelta(hours=2, minutes=30), finance, self.hand_over_invoices)
		self.at(day + timedelta(hours=2, minutes=40), authoriser, self.say_invoices_were_paid)
		self.at(day + timedelta(hours=2, minutes=50), finance, self.look_in_the_ledger)
		for hours, actor, action in (
			(3, finance, "Lock"),
			(27, authoriser, "Authorise"),
			(28, finance, "Export"),
			(52, finance, "Confirm"),
		):
			self.at(day + timedelta(hours=hours), actor, self.step_batch, batch, action)
		if day > self.today - timedelta(weeks=3):
			self.at(day + timedelta(hours=80), finance, self.sent_back, batch)
			self.too_much(day + timedelta(hours=82), batch)
		else:
			self.at(day + timedelta(hours=60), "Administrator", reconciliation.run)

	def by_invoice(self, status: str, **filters) -> list:
		filters = {"status": status, "payment_route": "Invoice", **filters}
		names = frappe.get_list("Involvement Payment", filters, pluck="name", order_by="name", limit=0)
		return [frappe.get_doc("Involvement Payment", name) for name in names]

	def hand_over_invoices(self) -> None:
		for doc in self.by_invoice("Approved"):
			with suppress(own_limits.OverTheirOwnLimit):  # it waits
				lifecycle.apply(doc, "Hand over", handed_over_as=f"INV {doc.name}")

	def say_invoices_were_paid(self) -> None:
		for doc in self.by_invoice("Scheduled"):
			lifecycle.apply(doc, "Paid elsewhere", went_out_on=getdate())

	def look_in_the_ledger(self) -> None:
		"""Of all but one."""
		paid = self.by_invoice("Paid", paid_on=getdate(), book_number=["is", "not set"])
		for doc in paid[1:] or paid:
			other_books.agree(doc.name, f"PI {doc.name}", today(), doc.amount)

	def too_much(self, start: datetime, batch: list) -> None:
		"""Somebody was paid too much, twice over: one part is paid back, the other they keep."""
		made: list = []
		proof, why = (
			{"proof": "Line 4 of the bank's statement."},
			{"note": "It was our mistake, and hard for them."},
		)
		steps = (
			("finance", self.propose_corrections, batch, made),
			("budget", self.end_corrections, made, "Approve", {}, {}),
			("finance", self.end_corrections, made, "Paid back", proof, None),
			("manager", self.end_corrections, made, "Write off", None, why),
		)
		for minutes, (actor, step, *rest) in enumerate(steps):
			self.at(start + timedelta(minutes=minutes), people.staff_user(actor), step, *rest)

	def propose_corrections(self, batch: list, made: list) -> None:
		if not batch:
			return
		last = frappe.get_doc("Involvement Payment Batch", batch[0]).lines[-1].payment
		for why in ("The session was shorter than planned.", "The break was counted twice."):
			made += corrections.propose(last, 5, why, "Phone")

	def end_corrections(self, made: list, action: str, *values: dict | None) -> None:
		"""The same step for each; None: not for this one."""
		for name, each in zip(made, values, strict=False):
			if each is not None:
				lifecycle.apply(frappe.get_doc("Involvement Payment", name), action, **each)

	def sent_back(self, batch: list) -> None:
		"""Two of the last that were paid: one is looked into still, the other has been put right."""
		if not batch:
			return
		lines = frappe.get_doc("Involvement Payment Batch", batch[0]).lines[:2]
		for line in lines:
			reversals.sent_back(batch[0], line.payment, "The account is closed.")
		_step(frappe.get_doc("Involvement Payment", lines[-1].payment), "Pay again")

	def approve_all(self) -> None:
		for name in self.checked():
			_step(frappe.get_doc("Involvement Payment", name), "Approve")

	def checked(self) -> list[str]:
		# the budget holder's own list
		return frappe.get_list(
			"Involvement Payment", {"status": "Checked"}, pluck="name", order_by="name", limit=0
		)

	def decide_this_weeks(self) -> None:
		returned, rejected, void, _left, *others = self.checked()
		note = {"note": "The hours on the sheet and the session do not agree."}
		lifecycle.apply(frappe.get_doc("Involvement Payment", returned), "Return", **note)
		lifecycle.apply(
			frappe.get_doc("Involvement Payment", rejected), "Reject", note="Paid in cash on the day."
		)
		for name in (void, *others):
			_step(frappe.get_doc("Involvement Payment", name), "Approve")
		lifecycle.apply(
			frappe.get_doc("Involvement Payment", void), "Void", note="Approved twice by mistake."
		)

	def one_of_this_week(self, start: datetime, last_step: str) -> None:
		finance, authoriser = people.staff_user("finance"), people.staff_user("authoriser")
		batch: list = []
		self.at(start, finance, self.make_batch, batch, 1)
		steps = {
			"Locked": ((finance, "Lock"),),
			"Void": ((finance, "Lock"), (finance, "Void")),
			"Authorised": ((finance, "Lock"), (authoriser, "Authorise")),
			"Exported": ((finance, "Lock"), (authoriser, "Authorise"), (finance, "Export")),
		}
		for minutes, (actor, action) in enumerate(steps.get(last_step, ()), start=1):
			self.at(start + timedelta(minutes=minutes), actor, self.step_batch, batch, action)

	def make_batch(self, batch: list, most: int | None = None) -> None:
		doc = frappe.get_doc(
			doctype="Involvement Payment Batch",
			title=f"Week of {frappe.utils.format_date(now_datetime(), 'd MMM')}",
			payment_on=getdate(now_datetime() + timedelta(days=2)),
		)
		# finance's own list; what stands in another draft is left to that one
		taken = frappe.get_all("Involvement Payment Batch Line", {"docstatus": 0}, pluck="payment")
		free = frappe.get_list(
			"Involvement Payment",
			{**batches.free(), "name": ["not in", taken or [""]]},
			pluck="name",
			limit=most or 0,
		)
		if free:
			for name in free:
				doc.append("lines", {"payment": name})
			batch.append(doc.insert().name)

	def step_batch(self, batch: list, action: str) -> None:
		if batch:
			_step(frappe.get_doc("Involvement Payment Batch", batch[0]), action)


class Chapter:
	"""One opportunity, from the first draft to feedback given."""

	def __init__(self, replay: Replay, story: Story):
		self.replay, self.story = replay, story
		self.planned = datetime.combine(getdate(replay.today + timedelta(days=story.first)), time(10, 30))
		self.first = self.planned
		while self.first.weekday() > 4:
			self.first += timedelta(days=1)
		self.name = None

	def day(self, before: int, hour: int = 11) -> datetime:
		# what came before it was as long ago on every day of the week, also where a weekend puts the date off
		start = self.planned if before > 0 else self.first
		return datetime.combine((start - timedelta(days=before)).date(), time(hour, 0))

	def at(self, before: int, actor: str, act, *args, hour: int = 11) -> None:
		self.replay.at(self.day(before, hour), people.staff_user(actor), act, *args)

	def begin(self) -> None:
		stop, written = self.story.stop, max(48, self.story.first + 4)
		self.at(written, "lead", self.write, hour=9)
		if self.story.level == "Co-production":
			self.at(written, "coordinator", self.name_co_lead, hour=12)
		if stop == "Draft":
			self.at(written - 1, "coordinator", self.name_a_reviewer)
			return
		self.at(written - 1, "lead", self.step, "Submit for approval")
		if self.story.level in CO_DESIGN_AND_UP:
			# whoever names a co-lead has a hand in the plan, and writes no answer down
			who = "manager" if stop == "Submitted" else "coordinator"
			self.at(written - 1, who, self.hear_reviewers, hour=13)
		if stop == "Submitted":
			return
		if stop == "Changes requested":
			self.at(
				written - 2,
				"manager",
				self.step,
				"Ask for changes",
				"Please say who supports people on the day.",
			)
			return
		self.at(written - 2, "manager", self.step, "Approve")
		if stop == "Approved":
			return
		self.at(written - 3, "coordinator", self.step, "Publish", hour=15)
		self.people_apply(written - 4)
		if self.story.invited:
			self.at(self.story.first + 2, "coordinator", self.invite)
			self.replay.at(self.day(self.story.first + 2, 12), "Administrator", invitations.send_batch)
			self.at(self.story.first + 1, "coordinator", self.hear)
		if stop == "Cancelled":
			self.at(self.story.first + 1, "coordinator", self.step, "Cancel opportunity")
			return
		for number in range(self.story.sessions):
			when = self.first + timedelta(days=number * self.story.every, hours=4)
			self.replay.at(when, people.staff_user("lead"), self.hold, number)
		if self.story.called_off is not None:
			self.at(-12, "coordinator", self.call_off_a_date)
		if self.story.moved is not None:
			self.at(-9, "lead", self.move_a_date)
		self.replay.at(self.first + timedelta(hours=1), "Administrator", opportunities.move_on)
		if self.story.moved is None:  # people of that one wait longer than was promised
			self.at(-4, "lead", self.give_feedback, feedback.INITIAL, INITIAL_WORDS)
		if self.story.every == MONTHLY:
			self.at(-70, "coordinator", self.let_go)
		last = self.first + timedelta(days=(self.story.sessions - 1) * self.story.every)
		self.replay.at(last + timedelta(days=1), "Administrator", opportunities.move_on)
		self.replay.at(last + timedelta(days=30), people.staff_user("lead"), self.complete)

	def write(self) -> None:
		story = self.story
		doc = _insert(
			"Involvement Opportunity",
			title=story.title,
			opportunity_type=story.kind,
			unit=story.unit,
			locality=frappe.db.get_value("Involvement Unit", story.unit, "locality"),
			lead=people.staff_user("lead"),
			level=story.level,
			organisation_level=WHERE.get(story.kind),
			visibility=story.visibility,
			purpose=story.purpose,
			what_can_change=story.can_change,
			what_cannot_change=story.cannot_change,
			decision_maker="The service manager, with the group",
			decision_date=getdate(self.first + timedelta(days=30 + story.sessions * story.every)),
			benefit_to_participants="Meet people, learn something, see what changed.",
			description=story.doing,
			access_statement="Step-free building, breaks when you like, papers in the format you choose.",
			reason_below_co_design=BELOW_CO_DESIGN.get(story.level),
			theme=THEME if story.level == "Co-production" else None,
			online=story.online,
			in_person=story.in_person,
			by_telephone=1,
			by_post=int(story.kind == "Survey"),
			criteria=NEEDS if story.mode == "Criteria" else [],
			time_commitment="Papers come a week before. Somebody can go through them with you.",
			support_contact="Devon Clarke, 01865 555 0100",
			dates=[self.date(number) for number in range(story.sessions)],
			places=story.places,
			lived_experience_places=min(2, story.places),
			apply_by=getdate(self.day(5)),
			selection_mode=story.mode,
			rate_rule=story.rate,
			hours=story.hours * story.sessions,
			preparation_hours=story.preparation,
			expenses_covered=1,
			budget=3000,
		)
		self.name = doc.name

	def name_co_lead(self) -> None:
		doc = frappe.get_doc("Involvement Opportunity", self.name)
		row = {"participant": self.person(3), "told_how": "In person", "agreed_on": getdate()}
		doc.append("co_leads", row)
		doc.save()

	def name_a_reviewer(self) -> None:
		"""They are asked when it is handed in."""
		_insert("Opportunity Reviewer", opportunity=self.name, participant=self.person(1))

	def hear_reviewers(self) -> None:
		"""A yes beside the manager's; where the plan still waits for one, every other answer too."""
		asked = REVIEWERS_ANSWERED if self.story.stop != "Submitted" else REVIEWERS_WAITED_FOR
		for number, action, words in asked:
			doc = _insert("Opportunity Reviewer", opportunity=self.name, participant=self.person(number))
			if action:
				self.hear_reviewer(doc.name, number, action, words)

	def hear_reviewer(self, name: str, number: int, action: str, words: str | None) -> None:
		"""Who has a page answers there; for the others a coordinator writes it down."""
		user = frappe.db.get_value("Involvement Participant", self.person(number), "user")
		if user:
			colleague = frappe.session.user
			self.replay.act_as(user)
			reviewers.answer(name, action, words, reviewers.version_of(self.name))
			self.replay.act_as(colleague)
			return
		doc = frappe.get_doc("Opportunity Reviewer", name)
		lifecycle.apply(doc, action, recorded_how="Phone", words=words)

	def date(self, number: int) -> dict:
		start = self.first + timedelta(days=number * self.story.every)
		return {
			"starts_on": start,
			"ends_on": start + timedelta(hours=self.story.hours),
			"place": "The Old Library, Otterford" if self.story.in_person else "",
			"online_link": "https://meet.example.org/room" if self.story.online else "",
		}

	def step(self, action: str, note: str | None = None) -> None:
		doc = frappe.get_doc("Involvement Opportunity", self.name)
		lifecycle.apply(doc, action, **({"change_note": note} if note else {}))

	def people_apply(self, published: int) -> None:
		"""Half a day apart, the first `yes` people accept, the others ask, wait, or say no."""
		crowd = self.crowd()
		for position, person in enumerate(crowd):
			hour, late = 9 + position, position - self.story.yes
			before = published - position % 5
			if late > 0 and 0 < self.story.first < published:
				before = self.story.first + 3  # these asked three days ago, and their answer is still to come
			self.at(before, "coordinator", self.ask, person, hour=hour)
			if late <= 1:
				self.at(before - 1, "coordinator", self.offer, person, hour=hour)
			if late < 0:
				self.at(before - 2, "coordinator", self.accept, person, position, hour=hour)
			elif late == 0:
				self.at(before - 3, "coordinator", self.decline, person, hour=hour)
			elif self.story.mode == "Everyone":
				continue
			elif late == 2:
				self.at(before - 1, "coordinator", self.wait, person, hour=hour)
			elif late == 3:
				self.at(before - 2, "coordinator", self.not_this_time, person, hour=hour)

	def crowd(self) -> list[int]:
		start = STORIES.index(self.story) * 3
		ready = [n for n in range(len(people.PARTICIPANTS)) if n not in self.away()]
		chosen = [ready[(start + n) % len(ready)] for n in range(self.story.yes + self.story.more)]
		return sorted(set(chosen) | {0} if self.story.first > -100 else set(chosen))

	@staticmethod
	def away() -> set[int]:
		return {*people.PAUSED, *people.LEFT, *people.INTERESTED, people.TWICE[1]}

	def invite(self) -> None:
		fit = People(work.read(self.name), frappe.session.user).fitting(self.story.invited)
		invitations.invite(
			self.name, [row.name for row in fit], "We thought of you because of what you like."
		)

	def hear(self) -> None:
		"""One says no, one would like to know more, one asks for a place, the others have not answered."""
		asked = {"opportunity": self.name, "status": "Asked"}
		names = frappe.get_all(  # this opportunity's
			"Involvement Invitation", asked, pluck="name", order_by="name"
		)
		for name, action in zip(names, ("No thank you", "I would like to know more"), strict=False):
			lifecycle.apply(frappe.get_doc("Involvement Invitation", name), action, recorded_how="Phone")
		keen = frappe.db.get_value("Involvement Invitation", names[-1], "participant")
		places.apply_for(self.name, keen, hopes="To show new staff what helps.", recorded_how="Phone")

	def ask(self, number: int) -> None:
		with self.as_person(number) as how:
			places.apply_for(
				self.name, self.person(number), hopes="To be heard and to learn.", recorded_how=how
			)

	def offer(self, number: int) -> None:
		if self.story.mode == selection.CRITERIA:
			self.score(number)
		try:
			places.offer(self.application(number))
		except (places.NoFreePlace, selection.NotTheirTurn):
			frappe.clear_messages()

	def score(self, best: int) -> None:
		"""Every application that waits, by the coordinator and by somebody with lived experience."""
		crowd = self.crowd()
		chooser = next(n for n in range(len(people.PARTICIPANTS)) if n not in {*crowd, *self.away()})
		best_one = self.application(best)
		self.name_a_selector(chooser)
		for name in selection.scored(self.name):
			if frappe.db.exists("Selection Score", {"application": name}):
				continue
			marks = ("3", "3") if name == best_one else ("2", "1")
			rows = [
				{"criterion": criterion, "score": mark}
				for criterion, mark in zip(selection.criteria(self.name), marks, strict=True)
			]
			_insert("Selection Score", application=name, scores=rows)
			_insert(
				"Selection Score",
				application=name,
				scores=rows,
				selector_kind=selection.LIVED_EXPERIENCE,
				selector=self.person(chooser),
				recorded_how="In person",
			)

	def name_a_selector(self, chooser: int) -> None:
		"""Asked, taken back because it was too early, and asked again."""
		asked = {"opportunity": self.name, "participant": self.person(chooser)}
		if frappe.db.exists("Opportunity Selector", asked):
			return
		_step(_insert("Opportunity Selector", **asked), "Take back the request")
		_insert("Opportunity Selector", **asked)

	def wait(self, number: int) -> None:
		_step(frappe.get_doc("Involvement Application", self.application(number)), "Put on the waiting list")

	def not_this_time(self, number: int) -> None:
		if not self.application(number):
			return  # it was called off meanwhile
		lifecycle.apply(
			frappe.get_doc("Involvement Application", self.application(number)),
			"Not this time",
			kind_words="There were more people than places, and others live nearer. The autumn forum has room.",
		)

	def accept(self, number: int, position: int) -> None:
		application = self.application(number)
		offered = frappe.db.get_value(
			"Involvement Application", application, ["status", "offered_amount"], as_dict=True
		)
		if offered.status != "Offered":
			return
		choice, amount = ("Full", None)
		if position % 4 == 1 and offered.offered_amount:
			choice, amount = "Lower amount", round(offered.offered_amount / 2, 2)
		elif position % 4 == 3:
			choice = "Expenses only"
		with self.as_person(number) as how:
			places.accept(application, choice, amount, recorded_how=how, same_day_is_fine=True)

	def decline(self, number: int) -> None:
		with self.as_person(number) as how:
			places.decline(self.application(number), recorded_how=how)

	def session(self, number: int):
		names = frappe.get_all(  # this opportunity's sessions
			"Involvement Session", {"opportunity": self.name}, pluck="name", order_by="name"
		)
		return frappe.get_doc("Involvement Session", names[number])

	def call_off_a_date(self) -> None:
		words = "The boiler in the hall has broken down."
		sessions.cancel(self.session(self.story.called_off).name, sessions.LATER, words)

	def move_a_date(self) -> None:
		session = self.session(self.story.moved)
		later = [str(time + timedelta(days=7)) for time in (session.starts_on, session.ends_on)]
		words = "The hall is needed for the election."
		sessions.move(session.name, *later, session.place, session.online_link, words)

	def hold(self, number: int) -> None:
		session = self.session(number)
		if session.status == "Cancelled":
			return
		session.fill_attendance()
		if number == 0:
			self.read_plans(session)
		for row in session.attendance:
			row.attendance = ("Attended", "Attended", "Attended", "Sent apologies", "Left early")[
				(row.idx + number) % 5
			]
		session.staff_hours_planned, session.staff_hours = 5, 4 + number % 4
		session.checked_in = 1
		session.save()
		if session.attendance:
			lifecycle.apply(session, "Record attendance")
		else:
			lifecycle.apply(session, "Cancel session")

	def read_plans(self, session) -> None:
		present = [row.participant for row in session.attendance]
		plans = frappe.get_all("Wellbeing Support Plan", {"participant": ["in", present]}, pluck="name")
		for plan in plans:  # one by one: each reading is written down
			sensitive.look_up("Wellbeing Support Plan", plan, "What is good for them after today")

	def give_feedback(self, kind: str, words: dict) -> None:
		about = {"opportunity": self.name, "kind": kind, "status": feedback.OWED}
		name = frappe.db.get_value(feedback.OBLIGATION, about, order_by="due_on asc")
		if name:
			lifecycle.apply(frappe.get_doc(feedback.OBLIGATION, name), "Tell people", **words)

	def let_go(self) -> None:
		about = {"opportunity": self.name, "kind": feedback.INTERIM, "status": feedback.OWED}
		name = frappe.db.get_value(feedback.OBLIGATION, about, order_by="due_on asc")
		doc = frappe.get_doc(feedback.OBLIGATION, name)
		words = "The person who was to write it was away. You hear all of it in the full answer."
		lifecycle.apply(doc, "Cannot be given", reason=words)

	def complete(self) -> None:
		if frappe.db.get_value("Involvement Opportunity", self.name, "status") == "Awaiting feedback":
			self.give_feedback(feedback.FULL, FULL_WORDS)
			self.step("Complete")
			self.people_say_how_it_was()

	def people_say_how_it_was(self) -> None:
		"""Those who have a page: the first with their name, the others without."""
		places = frappe.get_all(
			"Involvement Engagement",
			{"opportunity": self.name, "status": "Completed"},
			["name", "participant"],
		)
		colleague = frappe.session.user
		for number, place in enumerate(places):
			user = frappe.db.get_value("Involvement Participant", place.participant, "user")
			if user:
				self.replay.act_as(user)
				answers = {"valued": "5", "listened_to": "4", "influenced": "3", "part_of_a_team": "4"}
				words = {"what_to_change": "A longer break, and the papers a little earlier."}
				how_it_was.tell(place.name, answers | words, with_name=not number)
		self.replay.act_as(colleague)

	def person(self, number: int) -> str:
		return self.replay.participants[number]

	def application(self, number: int) -> str:
		"""The person's living application, if they have one."""
		return frappe.db.get_value(
			"Involvement Application", {"live_key": f"{self.name}|{self.person(number)}"}
		)

	def as_person(self, number: int):
		return _AsPerson(self.replay, self.person(number))


class _AsPerson:
	"""Who has a portal user acts themself; for the others the coordinator writes down what they said."""

	def __init__(self, replay: Replay, participant: str):
		self.replay, self.user = replay, replay.users[participant]

	def __enter__(self) -> str | None:
		self.before = frappe.session.user
		if not self.user:
			return "Phone"
		self.replay.act_as(self.user)
		return None

	def __exit__(self, *problem) -> None:
		self.replay.act_as(self.before)


# masters and CRM records of an invented charity; everything else is made by whoever may make it
GIVEN = (
	"User",
	"Contact",
	"Address",
	"Payment Rate Rule",
	"Role Status Determination",
	"Approval Limit",
	"Involvement Unit",
	"Involvement Locality",
	"Involvement Theme",
	# written by the person in the portal, where nobody holds a right
	"Wellbeing Support Plan",
	"Personal Goal",
	# words to choose from, which managers keep
	"Lived Experience Area",
	"Involvement Skill",
)


def _insert(doctype: str, **values):
	doc = frappe.get_doc({"doctype": doctype, **values})
	autoname = doc.meta.autoname or ""
	if autoname.startswith("field:") and frappe.db.exists(doctype, doc.get(autoname[6:])):
		return doc
	return doc.insert(ignore_permissions=doctype in GIVEN)


def _step(doc, action: str) -> None:
	lifecycle.apply(frappe.get_doc(doc.doctype, doc.name), action)


def _aware(moment: datetime) -> datetime:
	"""In the site's time zone, and never on the very second: Frappe 15 takes a document saved at microsecond 0
	for one that somebody else has changed."""
	return moment.replace(microsecond=137, tzinfo=ZoneInfo(frappe.utils.get_system_timezone()))
