"""A person at the portal, through Frappe's whole application: cookies, sessions, commits and rollbacks are real.

The application runs in a context of its own (its own `frappe.local` and database connection), so a class
commits what its visitors are to see, and takes its rows away afterwards."""

import contextvars
import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import frappe
import html5lib
from frappe.utils.password import update_password
from werkzeug.test import Client

from involvement_app.involvement_app import places
from involvement_app.portal import routes
from involvement_app.setup import roles
from involvement_app.tests import factories
from involvement_app.tests.compat import IntegrationTestCase

PASSWORD = "three plain words"
MADE = (
	"Expression of Interest",
	"Involvement Participant",
	"Involvement Participant Unit",
	"Consent Record",
	"Wellbeing Support Plan",
	"Participant Bank Detail",
	"Sensitive Access Log",
	"Involvement Preference",
	"Involvement Preference Type",
	"Involvement Preference Level",
	"Access Requirement",
	"Lived Experience Profile",
	"Lived Experience Profile Area",
	"Lived Experience Profile Skill",
	"Lived Experience Area",
	"Involvement Skill",
	"Personal Goal",
	"Participant Supporter",
	"Participant Supporter Act",
	"Training Course",
	"Training Course Need",
	"Training Course Facilitator",
	"Training Record",
	"Past Involvement",
	"Ambassador Role",
	"Ambassador Assignment",
	"Involvement Payment Batch",
	"Involvement Payment Batch Line",
	"Media Consent",
	"Participant Story",
	"Participant Story Use",
	"Story Takedown",
	"Reference Letter",
	"Participant Check",
	"Participant Question",
	"Participant Contact Note",
	"Feedback Obligation",
	"Involvement Opportunity",
	"Involvement Opportunity Date",
	"Involvement Opportunity Gate",
	"Involvement Opportunity Criterion",
	"Involvement Opportunity Co-lead",
	"Opportunity Reviewer",
	"Panel Score Line",
	"Panel Score",
	"Recruitment Panel Candidate",
	"Recruitment Panel Criterion",
	"Recruitment Panel Question",
	"Recruitment Panel Provision",
	"Recruitment Panel Member",
	"Recruitment Panel",
	"Opportunity Selector",
	"Experience Feedback",
	"Experience Feedback Receipt",
	"Selection Score",
	"Selection Score Line",
	"Involvement Invitation",
	"Involvement Application",
	"Involvement Engagement",
	"Involvement Session",
	"Involvement Session Attendance",
	"Involvement Session Paper",
	"Involvement Session Task",
	"Involvement Payment",
	"Involvement Expense Claim",
	"Involvement Expense Claim Line",
	"Expense Type",
	"Involvement Message",
	"Involvement Unit",
	"Involvement Locality",
	"Involvement Theme",
	"Payment Rate Rule",
	"Role Status Determination",
	"Benefit Threshold",
	"Portal Token",
	"Contact",
	"Contact Email",
	"Contact Phone",
	"Version",
	"Comment",
	"Activity Log",
	"Workflow Action",
	"Email Queue",
	"Email Queue Recipient",
	"Error Log",
	"File",
)
WHAT_PEOPLE_MAKE = (
	"Expression of Interest",
	"Involvement Application",
	"Involvement Engagement",
	"Involvement Payment",
	"Involvement Expense Claim",
	"Involvement Expense Claim Line",
	"Involvement Message",
	"Portal Token",
	"Reference Letter",
	"Version",
	"Comment",
	"File",
)
HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass
class Page:
	status: int
	headers: object
	html: str
	path: str

	@property
	def goes_to(self) -> str:
		return self.headers.get("Location", "")

	@cached_property
	def tree(self):
		"""Raises where the page is not well-formed HTML5."""
		return html5lib.HTMLParser(strict=True).parse(self.html)

	def all(self, tag: str) -> list:
		return list(self.tree.iter(HTML + tag))

	def text(self) -> str:
		return " ".join(" ".join(self.tree.find(f".//{HTML}main").itertext()).split())

	def forms(self) -> list:
		return [form for form in self.all("form") if not form.get("action", "").endswith("/sign-out")]

	def fields(self) -> dict[str, str]:
		"""What the page's own form would send as it stands."""
		found = {}
		for form in self.forms():
			for field in form.iter():
				if field.tag == HTML + "textarea":
					found[field.get("name")] = "".join(field.itertext())
				elif field.tag == HTML + "input" and field.get("name"):
					if field.get("type") not in ("radio", "checkbox") or "checked" in field.attrib:
						found[field.get("name")] = field.get("value", "")
		return found


class Visitor:
	def __init__(self):
		self.site = frappe.local.site
		os.environ.setdefault("SITES_PATH", os.path.abspath(frappe.local.sites_path))
		from frappe.app import application

		self.client = Client(application)

	def get(self, path: str, **kw) -> Page:
		return self._open("GET", path, **kw)

	def post(self, path: str, fields: dict | None = None, **kw) -> Page:
		"""Exactly these fields."""
		return self._open("POST", path, data=fields or {}, **kw)

	def submit(self, path: str, **fields) -> Page:
		"""Open the page, fill in its form, send it."""
		page = self.get(path)
		assert page.status == 200, f"{path} answers {page.status}"
		return self.post(path, {**page.fields(), **fields})

	def _open(self, method: str, path: str, **kw) -> Page:
		headers = {"X-Frappe-Site-Name": self.site, **kw.pop("headers", {})}
		response = contextvars.Context().run(self.client.open, path, method=method, headers=headers, **kw)
		self._forget_deleted_cookies()
		return Page(
			response.status_code,
			response.headers,
			response.get_data().decode(errors="replace"),
			urlsplit(path).path,
		)

	def _forget_deleted_cookies(self) -> None:
		"""As a browser does: Frappe deletes a cookie with yesterday's date, which this client does not heed."""
		for cookie in list(self.client._cookies.values()):
			if not cookie.value:
				self.client.delete_cookie(cookie.key, domain=cookie.domain, path=cookie.path)

	def cookie(self, name: str) -> str | None:
		for path in ("/", "/take-part"):
			if cookie := self.client.get_cookie(name, path=path):
				return cookie.value
		return None

	def sign_in(self, user: str) -> "Visitor":
		page = self.submit("/take-part/sign-in", email=user, password=PASSWORD)
		assert page.status == 303, page.text()
		return self


@contextmanager
def more_pages(*extra):
	"""Pages that only a test has, beside the portal's own. Nothing of the site can switch them on."""
	before = routes.ROUTES
	routes.ROUTES = (*before, *extra)
	try:
		yield
	finally:
		routes.ROUTES = before


class PortalTestCase(IntegrationTestCase):
	"""A small world that visitors share: `me` and `other`, each with an application, an offer, a place and a
	payment; and opportunities for the public, for the registered and for the invited."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.cache.delete_keys("take-part:")
		cls.before = {doctype: set(frappe.get_all(doctype, pluck="name")) for doctype in MADE}
		cls.arrange()
		frappe.db.commit()  # the application has a connection of its own

	@classmethod
	def arrange(cls) -> None:
		factories.empty_hands()
		rate = factories.rate_rule()
		factories.locality()
		cls.me, cls.other = (cls.person() for _each in range(2))
		cls.open, cls.asked, cls.offering, cls.running = (
			cls.opportunity(rate_rule=rate, locality="Otterford") for _each in range(4)
		)
		cls.registered = cls.opportunity(rate_rule=rate, visibility="Registered")
		cls.invited = cls.opportunity(rate_rule=rate, visibility="Invited")
		cls.draft = factories.opportunity("Draft", rate_rule=rate)
		cls.mine, cls.theirs = (cls.belongings(person) for person in (cls.me, cls.other))
		factories.held_session(cls.running)

	@classmethod
	def person(cls):
		participant = factories.participant(portal=True, access_note="Short breaks, please")
		update_password(participant.user, PASSWORD)
		return participant

	@classmethod
	def opportunity(cls, **kw):
		# each on days of its own: nobody is in two places at once
		cls.opportunities = getattr(cls, "opportunities", 0) + 1
		weeks, day = divmod(cls.opportunities, 7)
		kw.setdefault("days_ahead", 28 + day + 14 * weeks)
		return factories.opportunity("Published", sessions=kw.pop("sessions", 2), **kw)

	@classmethod
	def opportunity_to_plan(cls):
		return factories.opportunity("Draft", rate_rule=cls.draft.rate_rule)

	@classmethod
	def asked_to_review(cls, person) -> str:
		plan = factories.opportunity("Submitted", rate_rule=cls.draft.rate_rule, level="Co-design")
		return factories.opportunity_reviewer(plan, person).name

	@classmethod
	def on_panels(cls, person) -> dict[str, str]:
		"""The chair of three: everybody scores and nobody has yet; the scores are open; it is over."""
		about = cls.opportunity(opportunity_type=factories.PANEL_TYPE, places=5)
		people = (person, factories.place_on_a_panel(about))
		early, panel, opened, over = (
			factories.recruitment_panel(people=people, about=about) for _each in range(4)
		)
		now = frappe.utils.now_datetime()
		for doc, values in (
			(panel, {"status": "Scoring"}),
			(opened, {"status": "Scoring", "opened_on": now}),
			(over, {"status": "Fed back", "opened_on": now, "feedback_words": "She starts in May"}),
		):
			frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)  # test set-up
		# people have names; those of the tests have addresses
		frappe.db.set_value("Recruitment Panel Question", {"parent": panel.name}, "author", "Sam")
		return {
			"early_panel": early.name,
			"early_criterion": early.criteria[0].name,
			"panel": panel.name,
			"open_panel": opened.name,
			"past_panel": over.name,
		}

	@classmethod
	def asked_to_choose(cls, person) -> tuple[str, str]:
		"""(the request, an application that waits for their score)"""
		doc = factories.chosen_by_criteria(rate_rule=cls.draft.rate_rule, visibility="Invited")
		waits = factories.application(doc, factories.participant(), hopes="I know what helps")
		return factories.opportunity_selector(doc, person).name, waits.name

	@classmethod
	def asked_about_expenses(cls, person) -> str:
		doc = factories.expense_claim(person, factories.journey(), factories.agreed())
		values = {"status": "Returned", "note": "Which day was the taxi?"}
		frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)  # test set-up
		return doc.name

	@classmethod
	def belongings(cls, person) -> frappe._dict:
		return frappe._dict(
			application=factories.application(cls.asked, person, hopes="To be heard").name,
			offer=factories.offer(cls.offering, person).name,
			place=factories.engagement(cls.running, person).name,
			invitation=factories.involvement_invitation(person, cls.registered, words="Would you?").name,
			leads=factories.co_lead(cls.opportunity_to_plan(), person).name,
			review=cls.asked_to_review(person),
			**cls.on_panels(person),
			**dict(zip(("chooses", "to_score"), cls.asked_to_choose(person), strict=True)),
			need=factories.access_requirement(person).name,
			claim=cls.asked_about_expenses(person),
			question=factories.participant_question(person, question="Where is it?").name,
			past=factories.past_involvement(person).name,
			check=factories.participant_check(person).name,
			story=factories.story(person, "In use").name,
			occasion=factories.assignment(
				factories.ambassador(person), "Offered", place=cls.opportunity()
			).name,
		)

	@classmethod
	def tearDownClass(cls):
		frappe.db.rollback()
		cls.put_back()
		frappe.db.commit()  # as the class found it
		cls.forget_documents()
		super().tearDownClass()

	@classmethod
	def forget_documents(cls) -> None:
		"""What went without its controller is still in the cache. (To clear all of it would have every class read every
		doctype anew.)"""
		for doctype in (*MADE, "User"):
			frappe.clear_document_cache(doctype)
		for user in (cls.me.user, cls.other.user):
			frappe.clear_cache(user=user)

	@classmethod
	def put_back(cls) -> None:
		"""What the class committed, undone in one transaction of its own. A class that commits more adds to it."""
		for doctype in MADE:
			frappe.db.delete(doctype, {"name": ["not in", cls.before[doctype] or [""]]})
		cls.forget_sign_ins(cls.me.user, cls.other.user)
		for user in (cls.me.user, cls.other.user):
			frappe.db.set_value("User", user, "enabled", 1)

	@classmethod
	def forget_sign_ins(cls, *users: str) -> None:
		for user in users:
			frappe.db.delete("__Auth", {"doctype": "User", "name": user})
			frappe.db.delete("Sessions", {"user": user})

	def setUp(self):
		super().setUp()
		self.guest = Visitor()

	def tearDown(self):
		frappe.db.rollback()  # a refresh took the savepoint away
		frappe.db.savepoint("involvement_test")
		super().tearDown()

	def refresh(self) -> None:
		"""See what visitors have committed, and let them see what the test has made."""
		frappe.db.commit()  # the application has a connection of its own; the class takes its rows away

	def signed_in(self, person=None) -> Visitor:
		return Visitor().sign_in((person or self.me).user)

	def new_offer(self, **kw) -> str:
		"""An offer to `me` in an opportunity of its own."""
		name = factories.offer(self.opportunity(**kw), self.me).name
		self.refresh()
		return name

	def new_place(self, **kw) -> str:
		name = factories.engagement(self.opportunity(**kw), self.me).name
		self.refresh()
		return name

	def accept_by_phone(self, application: str) -> None:
		with self.as_user(factories.staff(roles.COORDINATOR)):
			places.accept(application, recorded_how="Phone")
		self.refresh()

	def value(self, doctype: str, name: str, fieldname="status"):
		self.refresh()
		return frappe.db.get_value(doctype, name, fieldname)

	def guest_pages(self) -> list[str]:
		return [
			"/take-part",
			"/take-part/privacy",
			"/take-part/voices",
			"/take-part/join",
			"/take-part/join/sent",
			"/take-part/opportunities",
			"/take-part/opportunities?place=Otterford&online=1",
			f"/take-part/opportunities/{self.open.name}",
			"/take-part/sign-in",
			"/take-part/sign-in/link",
			"/take-part/sign-in/password",
			"/take-part/sign-in/sent",
			"/take-part/sign-in/link/no-such-token",
			"/take-part/nowhere",
		]

	def participant_pages(self) -> list[str]:
		mine = self.mine
		return [
			"/take-part/my",
			"/take-part/my?done=accepted",
			"/take-part/my/calendar",
			"/take-part/my/feedback",
			f"/take-part/my/leading/{mine.leads}",
			f"/take-part/my/reviews/{mine.review}",
			f"/take-part/my/reviews/{mine.review}/no-thank-you",
			"/take-part/my/panels",
			f"/take-part/my/panels/{mine.panel}",
			f"/take-part/my/panels/{mine.panel}/questions",
			f"/take-part/my/panels/{mine.panel}/interests",
			f"/take-part/my/panels/{mine.early_panel}",
			f"/take-part/my/panels/{mine.early_panel}/criteria",
			f"/take-part/my/panels/{mine.early_panel}/criteria/{mine.early_criterion}",
			f"/take-part/my/panels/{mine.panel}/score/C-1",
			f"/take-part/my/panels/{mine.panel}/close",
			f"/take-part/my/panels/{mine.open_panel}",
			f"/take-part/my/panels/{mine.open_panel}/decide",
			f"/take-part/my/panels/{mine.past_panel}",
			f"/take-part/my/choosing/{mine.chooses}",
			f"/take-part/my/choosing/{mine.chooses}/{mine.to_score}",
			f"/take-part/my/choosing/{mine.chooses}/no-thank-you",
			"/take-part/my/payments",
			"/take-part/my/payments/how",
			"/take-part/my/payments/how?done=sent",
			"/take-part/my/payments/statement",
			"/take-part/my/payments/self-check",
			"/take-part/my?done=paused",
			"/take-part/my/break",
			"/take-part/my/leave",
			"/take-part/my/details",
			"/take-part/my/experience",
			"/take-part/my/goals",
			"/take-part/my/expenses",
			"/take-part/my/expenses?done=sent",
			"/take-part/my/expenses/new",
			"/take-part/my/expenses/new?by=miles",
			f"/take-part/my/expenses/{mine.claim}",
			"/take-part/my/training",
			"/take-part/my/training?done=asked",
			"/take-part/my/preferences",
			"/take-part/my/preferences?done=saved",
			"/take-part/my/access",
			"/take-part/my/access?done=saved",
			"/take-part/my/access/new",
			f"/take-part/my/access/{mine.need}",
			f"/take-part/my/places/{mine.place}/access",
			"/take-part/my/wellbeing-plan",
			"/take-part/my/wellbeing-plan?done=saved",
			"/take-part/my/agreement",
			"/take-part/my/messages",
			"/take-part/my/messages?done=sent",
			"/take-part/my/history",
			"/take-part/my/stories",
			f"/take-part/my/stories/{mine.story}",
			"/take-part/my/ambassador",
			f"/take-part/my/ambassador/{mine.occasion}",
			"/take-part/my/media",
			"/take-part/my/media?done=given",
			"/take-part/my/consents",
			"/take-part/my/consents?done=saved",
			"/take-part/my/supporters",
			"/take-part/my/supporters?done=added",
			"/take-part/acting",
			f"/take-part/opportunities/{self.open.name}/apply",
			f"/take-part/opportunities/{self.asked.name}",
			f"/take-part/my/invitations/{mine.invitation}",
			f"/take-part/my/offers/{mine.application}",
			f"/take-part/my/offers/{mine.offer}",
			f"/take-part/my/offers/{mine.offer}/no-thank-you",
			f"/take-part/my/places/{mine.place}",
			f"/take-part/my/places/{mine.place}?done=choice",
			f"/take-part/my/places/{mine.place}/leave",
			f"/take-part/my/places/{mine.place}/how-it-was",
		]

	def rows(self) -> dict:
		"""Everything that people make, and when it last changed; of messages only that they are there, because the
		queue's worker goes on with those of earlier requests."""
		self.refresh()
		return {
			doctype: frappe.get_all(
				doctype,
				fields=["name"] if doctype == "Involvement Message" else ["name", "modified"],
				order_by="name",
			)
			for doctype in WHAT_PEOPLE_MAKE
		}

	def end_session(self, sid: str) -> None:
		"""As Frappe finds it when somebody was away for too long."""
		session = frappe.cache.hget("session", sid)
		session["data"]["last_updated"] = "2020-01-01 12:00:00"
		frappe.cache.hset("session", sid, session)
		# Sessions is no doctype; one session of this visitor
		frappe.db.sql("UPDATE `tabSessions` SET lastupdate = '2020-01-01' WHERE sid = %s", sid)
		self.refresh()


class TwoPeople(PortalTestCase):
	"""`me` and `other` and nothing else: for what needs no opportunity."""

	@classmethod
	def arrange(cls) -> None:
		factories.empty_hands()
		cls.me, cls.other = (cls.person() for _each in range(2))
