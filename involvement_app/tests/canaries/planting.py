"""A small world of linked records with a canary in every field that can hold one.

Ann belongs to unit A, Bob to unit B. Opportunities:
  a      unit A, lead_a, Public:     Ann took part and is paid; Bob has only asked
  b      unit B, lead_b, Registered: Bob took part and is paid
  c      unit A, lead_b, Invited:    Bob took part and is paid
  draft  unit B, lead_b
The records come through their controllers; the canaries are then written straight into the database, so that no
validation shapes them. Committed, because the crawler comes over HTTP; `World.clear` takes all of it away."""

import itertools
import json
import os
import random
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe.model.naming import set_new_name
from frappe.utils.password import update_password

from involvement_app.involvement_app import places
from involvement_app.involvement_app.doctype.access_requirement.criterion import LEADS, NAMED, TEAM
from involvement_app.setup import roles
from involvement_app.tests import factories, payment_factories
from involvement_app.tests.canaries import doctypes
from involvement_app.tests.canaries.doctypes import child_doctypes, main_doctypes, our_doctypes, singles
from involvement_app.tests.compat import as_user
from involvement_app.tests.people import lists

TEXT = {
	"Data",
	"Small Text",
	"Text",
	"Long Text",
	"Text Editor",
	"Code",
	"HTML Editor",
	"Markdown Editor",
	"JSON",
}
AMOUNT = {"Currency"}
PASSWORD = "three plain words"

# No canary here, with the reason. {doctype: {fieldname: why}}
EXEMPT: dict[str, dict[str, str]] = {
	"Involvement Opportunity": {
		"published_terms": "JSON that is read back; it repeats fields that are planted",
	},
	"Involvement Message": {"template": "names a template of the code; nothing of a person"},
	"Involvement Engagement": {
		"rate_basis": "one of few fixed words, which the rate is worked out from",
		"round_up_to": "as rate_basis",
	},
	"Involvement Payment": {
		"rate_basis": "one of three fixed words, which the rate is worked out from",
		"payment_choice": "one of four fixed words",
	},
	"Participant Bank Detail": {
		"sealed": "ciphertext, which is opened again; what is in it is looked for in its own tests",
		"last_three": "three digits: no room for a canary",
		"live_key": "a key that names a participant's code, kept unique",
	},
	"Payment Opening Total": {"live_key": "as of a bank detail"},
	"Involvement Payment Batch": {
		"control_hash": "the file is only handed out while it fits; a hash of what has canaries",
		"file_hash": "as control_hash",
		"file_written": "separators and the place of a column, by which a file is read again",
	},
}

# what else the world and the crawl leave behind
FRAMEWORKS = (
	"Access Log",
	"Activity Log",
	"Auto Email Report",
	"Comment",
	"Communication",
	"Communication Link",
	"Contact",
	"Contact Email",
	"Contact Phone",
	"Deleted Document",
	"Document Follow",
	"DocShare",
	"Dynamic Link",
	"Email Queue",
	"Email Queue Recipient",
	"Error Log",
	"Event",
	"Notification Log",
	"Prepared Report",
	"Report",
	"Route History",
	"Scheduled Job Log",
	"Tag",
	"Tag Link",
	"ToDo",
	"User Permission",
	"Version",
	"View Log",
	"Workflow Action",
	"Workflow Action Permitted Role",
)


@dataclass(frozen=True)
class Canary:
	"""`doctype`, `name`, `fieldname`: where it is kept. `about`: the document it belongs to: itself, the parent of
	a child row, or what a comment, file or version hangs on. `permlevel` as in the DocType."""

	token: str
	doctype: str
	name: str
	fieldname: str
	about: tuple[str, str]
	permlevel: int = 0

	def __str__(self) -> str:
		return f"{self.doctype} {self.name} {self.fieldname}" + (
			f" (of {' '.join(self.about)})" if self.about != (self.doctype, self.name) else ""
		)


@dataclass(frozen=True)
class Identity:
	name: str
	user: str
	portal: bool = False


class Registry:
	"""Canaries by token. Words look like `qzkf00012zq`, amounts like 84700012."""

	def __init__(self):
		self.salt = "".join(random.choices("abcdefghkmnp", k=2))
		self.number = random.randint(10, 98)
		self.count = itertools.count(1)
		self.by_token: dict[str, Canary] = {}

	def word(self, *where, **kw) -> str:
		return self._keep(f"qz{self.salt}{next(self.count):05d}zq", *where, **kw)

	def amount(self, *where, **kw) -> int:
		"""An eight-figure amount; found again with or without thousands' commas."""
		return int(self._keep(f"8{self.number}{next(self.count):05d}", *where, **kw))

	def unused(self) -> str:
		"""A token like the others that stands for nothing."""
		return f"qz{self.salt}99999zq"

	def _keep(self, token: str, doctype, name, fieldname, about=None, permlevel=0) -> str:
		self.by_token[token] = Canary(token, doctype, name, fieldname, about or (doctype, name), permlevel)
		return token

	def __iter__(self):
		return iter(self.by_token.values())

	def __len__(self):
		return len(self.by_token)


class World:
	"""`identities`, `canaries`, `documents` ([(doctype, name)] of ours) and `label`: what entitlement.py calls them."""

	def __init__(self):
		doctypes.forget()
		self.canaries = Registry()
		self.identities: dict[str, Identity] = {}
		self.label: dict[tuple[str, str], str] = {}
		self.files: list[tuple[str, str]] = []  # (file_url, File name)
		self.attached: dict[tuple[str, str], tuple[str, str]] = {}  # of each file, the document it hangs on
		self.reports: list[str] = []
		self.versions: list[str] = []
		self.share_with: dict[str, str] = {}  # Access Requirement → what was agreed

		self.before, self.singles = self._memory()

	def _memory(self) -> tuple[dict, dict]:
		"""What is there before the world: kept in a file, so that the next run takes away what a killed one left."""
		# a site's own: two processes plant at the same time, each on its site
		memory = Path(os.environ["INVOLVEMENT_ARTEFACTS"], f"canaries-{frappe.local.site}.json")
		self.killed = memory.exists()
		if self.killed:
			before, rows = json.loads(memory.read_text())
		else:
			before = {doctype: frappe.get_all(doctype, pluck="name") for doctype in self._tables()}
			rows = {doctype: _single_rows(doctype) for doctype in singles()}
			memory.write_text(json.dumps([before, rows], default=str))
		self.memory = memory
		return {doctype: set(names) for doctype, names in before.items()}, rows

	def plant(self) -> None:
		if self.killed:
			self.clear(forget=False)
		factories.empty_hands()
		self._people()
		self._records()
		self._name_everything()
		self._hang_things_on_documents()
		self._messages_are_done_with()
		self._fill_fields()
		frappe.db.commit()  # the crawler has connections of its own

	def _messages_are_done_with(self) -> None:
		"""The worker writes address and error of a message anew as it tries to send it."""
		names = self.new_rows("Involvement Message")
		frappe.db.set_value("Involvement Message", {"name": ["in", names]}, "status", "Sent")  # of this world

	@staticmethod
	def _tables() -> list[str]:
		there = [doctype for doctype in FRAMEWORKS if frappe.db.table_exists(doctype)]
		return [d for d in our_doctypes() if d not in singles()] + there + ["File"]

	# --- who ---------------------------------------------------------------------------------------

	def _people(self) -> None:
		staff, another = factories.staff, factories.another
		users = {
			"lead_a": staff(roles.OWNER),
			"lead_b": another(roles.OWNER),
			"coordinator": staff(roles.COORDINATOR),
			"coordinator_a": another(roles.COORDINATOR),
			"manager": staff(roles.MANAGER),
			"budget_a": staff(roles.BUDGET_HOLDER),
			"budget_b": another(roles.BUDGET_HOLDER),
			"officer": staff(roles.FINANCE_OFFICER),
			"authoriser": staff(roles.FINANCE_AUTHORISER),
			"protection": staff(roles.DATA_PROTECTION),
			"hr": staff(roles.HR_OFFICER),
			"scorer": staff(roles.PANEL_MEMBER),
			"comms": staff(roles.COMMUNICATIONS),
			"care": "care.worker@example.com",
			"it": "it.support@example.com",
			"ann": another(factories.PORTAL),
			"bob": another(factories.PORTAL),
			"customer": "shop.customer@example.com",
		}
		for name, user_roles in (("care", ("Sales User", "Inbox User")), ("customer", ())):
			if not frappe.db.exists("User", users[name]):  # they stay, as the pool does: users are dear
				factories.user(*user_roles, email=users[name])
		for name, user in users.items():
			update_password(user, PASSWORD)
			self.identities[name] = Identity(name, user, portal=name in ("ann", "bob"))
		self.identities["guest"] = Identity("guest", "Guest")

	def user(self, name: str) -> str:
		return self.identities[name].user

	# --- what --------------------------------------------------------------------------------------

	def _records(self) -> None:
		self._masters()
		self.ann, self.bob = self._person("ann", self.unit_a), self._person("bob", self.unit_b)
		factories.limit(self.user("coordinator_a"), self.unit_a)
		common = {
			"rate_rule": self.rate,
			"opportunity_type": self.kind,
			"level": self.level,
			"reason_below_co_design": "The law fixes the rest",
		}
		self.opportunities = {
			"a": self._opportunity("a", self.unit_a, "lead_a", visibility="Public", **common),
			"b": self._opportunity("b", self.unit_b, "lead_b", visibility="Registered", **common),
			"c": self._opportunity("c", self.unit_a, "lead_b", visibility="Invited", **common),
			"draft": factories.opportunity("Draft", unit=self.unit_b, author=self.user("lead_b"), **common),
		}
		self._enquiries()
		factories.participant_merge(self.ann, factories.participant(units=(self.unit_a,), told=False))
		for person in (self.ann, self.bob):
			question = factories.participant_question(person)
			frappe.db.set_value(question.doctype, question.name, "status", "Answered")  # test set-up
			factories.participant_contact_note(person, shared=1)
			factories.past_involvement(person)
		factories.opportunity_reviewer(self.opportunities["draft"], self.bob)
		factories.involvement_invitation(self.ann, self.opportunities["a"], words="Would you?")
		factories.involvement_invitation(self.bob, self.opportunities["c"], words="Would you?")
		factories.approval_limit(unit=self.unit_a, up_to=900)
		factories.benefit_threshold()
		factories.expense_type()
		factories.mileage_rate()
		for person, unit in ((self.ann, self.unit_a), (self.bob, self.unit_b)):
			factories.expense_claim(person, unit=unit)
		factories.bank_file_layout()
		recent = [{"came_on": frappe.utils.today(), "amount": 20}]
		factories.payment_opening_total(self.ann, recent=recent)
		factories.recruitment_count(unit=self.unit_a)
		factories.application(self.opportunities["a"], self.bob, hopes="To be heard")
		factories.co_lead(self.opportunities["a"], self.bob)
		self._score("a", self.bob)
		self._selector()
		self._how_it_was()
		self.payments = {
			key: self._took_part(self.opportunities[key], person, holder)
			for key, person, holder in (
				("a", self.ann, "budget_a"),
				("b", self.bob, "budget_b"),
				("c", self.bob, "budget_a"),
			)
		}
		self._panel("a", self.ann)
		for key, person in (("a", None), ("b", None), ("a", self.ann)):
			# as "a/ann" the one that is owed to Ann alone
			told = factories.feedback_obligation(self.opportunities[key], person)
			frappe.db.set_value(
				told.doctype, told.name, "status", "Kept" if person else "Not possible"
			)  # test set-up
		self.batch = payment_factories.batch(*(self.payments[key] for key in "ab"))
		self.batch = payment_factories.take(self.batch, "Lock", "Authorise", "Export")
		frappe.get_doc(
			doctype="Payment Batch Reversal",
			name=frappe.generate_hash(length=10),
			parent=self.batch.name,
			parenttype=self.batch.doctype,
			parentfield="reversals",
			idx=1,
			payment=self.payments["b"].name,
			kind="Sent back by the bank",
			amount=-30,
			reason="Closed",
		).db_insert()
		self.draft_batch = payment_factories.batch(self.payments["c"])
		factories.ledger_handover(self.batch.name)
		self._import()
		self._token()
		self._privacy()

	def _masters(self) -> None:
		self.locality = factories.locality(f"Town {frappe.generate_hash(length=6)}")
		self.theme = factories.theme(f"Week {frappe.generate_hash(length=6)}")
		self.unit_a = factories.unit(budget_holder=self.user("budget_a"), locality=self.locality)
		self.unit_b = factories.unit(budget_holder=self.user("budget_b"))
		self.rate = factories.rate_rule()
		self.level = factories._master(
			"Participation Level",
			level_name=f"Level {frappe.generate_hash(length=6)}",
			rank=0,
			level_group="Doing with",
			definition="We decide together",
		)
		self.area = factories._master(
			"Lived Experience Area", area_name=f"Area {frappe.generate_hash(length=6)}"
		)
		self.skill = factories._master(
			"Involvement Skill", skill_name=f"Skill {frappe.generate_hash(length=6)}"
		)
		self.need = factories._master(
			"Access Need Type", need_name=f"Need {frappe.generate_hash(length=6)}", category="Other"
		)
		self.kind = factories._master(
			"Involvement Type",
			type_name=f"Kind {frappe.generate_hash(length=6)}",
			category="Consultation",
			default_level=self.level,
			session_checklist="Hearing loop",
		)

		factories.opportunity_template(self.kind, level=self.level, rate_rule=self.rate)

	def _person(self, name: str, unit: str):
		person = factories.participant(units=(unit,), access_note="Short breaks", locality=self.locality)
		frappe.db.set_value(
			person.doctype, person.name, "user", self.user(name)
		)  # the login of this identity
		return frappe.get_doc(person.doctype, person.name)

	def _opportunity(self, key: str, unit: str, lead: str, **kw):
		return payment_factories.opportunity(unit=unit, author=self.user(lead), **self._about(), **kw)

	def _score(self, key: str, person) -> None:
		"""As if people had been chosen by criteria there."""
		opportunity = self.opportunities[key].name
		kind = ("Involvement Opportunity", opportunity, "selection_mode")
		before = frappe.db.get_value(*kind)
		frappe.db.set_value(*kind, "Criteria", update_modified=False)  # test set-up
		asked = {"opportunity": opportunity, "participant": person.name}
		score = factories.selection_score(frappe.get_doc("Involvement Application", asked), 2, 2, 2, 2, 2)
		frappe.db.set_value(
			score.doctype, score.name, "selector_user", self.user("coordinator")
		)  # test set-up
		frappe.db.set_value(*kind, before, update_modified=False)  # test set-up

	def _how_it_was(self) -> None:
		opportunity = self.opportunities["a"]
		factories.experience_feedback(opportunity, self.bob, what_to_change="More breaks")
		frappe.get_doc(
			{"doctype": "Experience Feedback Receipt", "once_key": frappe.generate_hash(length=64)}
		).insert(ignore_permissions=True)  # test set-up

	def _panel(self, key: str, person) -> None:
		"""As if opportunity a chose staff; Ann and one colleague sit on it, and have scored one of two candidates."""
		opportunity = self.opportunities[key]
		kind = (opportunity.doctype, opportunity.name, "opportunity_type")
		frappe.db.set_value(*kind, "Recruitment panel", update_modified=False)  # test set-up
		settings = "Involvement Settings", None, "min_panel_le_members"
		frappe.db.set_value(*settings, 1)  # test set-up
		doc = factories.recruitment_panel(
			"Scoring", [person], [self.user("scorer")], opportunity, called_off_because="Nothing"
		)
		factories.panel_score(doc, person.name)
		factories.panel_score(doc, self.user("scorer"))
		frappe.db.set_value(*settings, 2)  # test set-up
		frappe.db.set_value(*kind, self.kind, update_modified=False)  # test set-up

	def _selector(self) -> None:
		draft = self.opportunities["draft"]
		kind = (draft.doctype, draft.name, "selection_mode")
		before = frappe.db.get_value(*kind)
		frappe.db.set_value(*kind, "Criteria", update_modified=False)  # test set-up
		factories.opportunity_selector(draft, self.bob)
		frappe.db.set_value(*kind, before, update_modified=False)  # test set-up

	def _about(self) -> dict:
		return {
			"locality": self.locality,
			"theme": self.theme,
			"criteria": [{"criterion": "You have waited for an answer"}],
		}

	def _took_part(self, opportunity, person, holder: str):
		offered = factories.offer(opportunity, person, hopes="To be heard", access_needs="Short breaks")
		with as_user(self.user("coordinator")):
			places.accept(offered.name, "Full", recorded_how="Phone")
		factories.session_paper(opportunity, person.name)
		payment_factories.hold(opportunity)
		name = frappe.db.get_value(
			"Involvement Payment",
			{"unit": opportunity.unit, "participant": person.name, "batch": ["is", "not set"]},
			order_by="creation desc",
		)
		return payment_factories.approve(frappe.get_doc("Involvement Payment", name), self.user(holder))

	def _enquiries(self) -> None:
		"""Of people who joined in unit A and in unit B; of somebody nobody has taken on yet."""
		for unit, person in ((self.unit_a, self.ann), (self.unit_b, self.bob)):
			doc = factories.expression_of_interest(unit=unit, email="someone@example.org")
			values = {"status": "Joined", "participant": person.name}
			frappe.db.set_value(doc.doctype, doc.name, values)  # test set-up
		doc = factories.expression_of_interest(email="someone@example.org")
		frappe.db.set_value(doc.doctype, doc.name, "unit", None)  # test set-up

	def _import(self) -> None:
		with as_user(self.user("coordinator")):
			self.import_ = lists.checked(
				lists.table("Cara,Example,cara@example.org,,", "Dan,,not an address,,")
			)

	def _token(self) -> None:
		frappe.get_doc(
			doctype="Portal Token",
			user=self.user("ann"),
			purpose="Sign in",
			token_hash=frappe.generate_hash(),
			expires_on="2099-01-01",
		).insert(ignore_permissions=True)  # test set-up

	def _privacy(self) -> None:
		self.course = factories.training_course(
			facilitators=[{"participant": self.ann.name, "does": "Leads the practice"}],
			needed_for=[{"opportunity_type": self.kind, "comes_first": 0}],
		)
		factories.training_record(self.course, staff=self.user("lead_a"))
		statement = frappe.get_doc(
			doctype="Consent Statement",
			title="How we use what you tell us",
			purpose=f"Canaries {frappe.generate_hash(length=6)}",
			kind="Consent",
			plain_text="We keep it",
		)
		_put_down(statement)
		for person in (self.ann, self.bob):
			factories.preference(
				person, types=[{"opportunity_type": self.kind}], levels=[{"level": self.level}]
			)
			factories.experience_profile(person, areas=[{"area": self.area}], skills=[{"skill": self.skill}])
			factories.goal(person)
			factories.training_record(self.course, person)
			factories.reference_letter(person, ready=True)
			role = factories.ambassador(person)
			factories.assignment(role, place=self.opportunities["draft"])
			# in a newspaper until its yes was taken back
			factories.takedown(person)
			factories.participant_check(person)
			for share_with in (NAMED, TEAM, LEADS):
				need = factories.access_requirement(person, self.need, share_with=share_with)
				self.share_with[need.name] = share_with
				_owned_by(need, person.user)
			factories.wellbeing_plan(person)
			factories.participant_bank_detail(person)
			factories.supporter(person).append(
				"acts", {"what": "Applied", "done_on": frappe.utils.now_datetime()}
			).db_insert()
			about = {"person_doctype": person.doctype, "person": person.name}
			_put_down(
				frappe.get_doc(doctype="Consent Record", statement=statement.name, decision="Given", **about)
			)
			_put_down(
				frappe.get_doc(
					doctype="Sensitive Access Log",
					user=self.user("coordinator"),
					document_type=person.doctype,
					document_name=person.name,
					**about,
				)
			)

	# --- what entitlement.py calls them ------------------------------------------------------------

	def new_rows(self, doctype: str) -> list[str]:
		return [
			name
			for name in frappe.get_all(doctype, pluck="name", order_by="creation")
			if name not in self.before[doctype]
		]

	def _name_everything(self) -> None:
		person = {self.ann.name: "ann", self.bob.name: "bob"}
		opportunity = {doc.name: key for key, doc in self.opportunities.items()}
		for doctype in main_doctypes():
			for name in [doctype] if doctype in singles() else self.new_rows(doctype):
				values = frappe.get_doc(doctype, name)
				self.label[(doctype, name)] = "/".join(
					part
					for part in (
						opportunity.get(values.get("opportunity"))
						or opportunity.get(name)
						or self._opportunity_of(values, opportunity),
						person.get(values.get("participant"))
						or person.get(name)
						or person.get(values.get("person")),
						self._recipient(values, person),
						self.share_with.get(name),
					)
					if part
				)

	@staticmethod
	def _opportunity_of(values, opportunity: dict) -> str | None:
		engagement = values.get("engagement")
		return engagement and opportunity.get(
			frappe.db.get_value("Involvement Engagement", engagement, "opportunity")
		)

	@staticmethod
	def _recipient(values, person: dict) -> str | None:
		if values.doctype != "Involvement Message":
			return None
		return person.get(values.recipient, "a user")

	@property
	def documents(self) -> list[tuple[str, str]]:
		return list(self.label)

	# --- comments, files, versions -----------------------------------------------------------------

	def _hang_things_on_documents(self) -> None:
		for doctype, name in self.documents:
			if doctype in singles():
				continue
			self._hang(
				"Comment",
				doctype,
				name,
				"content",
				comment_type="Comment",
				reference_doctype=doctype,
				reference_name=name,
			)
			self._hang(
				"Communication",
				doctype,
				name,
				"content",
				communication_type="Communication",
				communication_medium="Email",
				subject="About this",
				reference_doctype=doctype,
				reference_name=name,
			)
			self._version(doctype, name)
			self._file(doctype, name)
		for doctype in our_doctypes():
			if doctype not in singles():
				self._report_of_names(doctype)
				if doctype in main_doctypes():
					self._report(doctype)

	def _hang(self, kind: str, doctype: str, name: str, fieldname: str, **values) -> None:
		word = self.canaries.word(kind, f"about {name}", fieldname, (doctype, name))
		_put_down(frappe.get_doc({"doctype": kind, fieldname: word, **values}))

	def _version(self, doctype: str, name: str) -> None:
		fields = [df for df in frappe.get_meta(doctype).fields if df.fieldtype in TEXT]
		shown = next((df for df in fields if not df.permlevel), frappe._dict(fieldname="owner", permlevel=0))
		hidden = [df for df in fields if df.permlevel]
		changed = [
			[
				df.fieldname,
				"",
				self.canaries.word(
					"Version", f"of {name}", df.fieldname, (doctype, name), permlevel=df.permlevel or 0
				),
			]
			for df in [shown, *hidden]
		]
		data = json.dumps({"changed": changed})
		version = frappe.get_doc(doctype="Version", ref_doctype=doctype, docname=name, data=data)
		_put_down(version)
		self.versions.append(version.name)

	def _file(self, doctype: str, name: str) -> None:
		own = frappe.generate_hash(length=10)
		about = (doctype, name)
		doc = frappe.get_doc(
			doctype="File",
			file_name=f"{self.canaries.word('File', own, 'file_name', about)}.txt",
			content=self.canaries.word("File", own, "content", about),
			is_private=1,
			attached_to_doctype=doctype,
			attached_to_name=name,
		)
		doc.flags.name_set, doc.name = True, own
		doc.insert(ignore_permissions=True)  # test set-up
		self.files.append((doc.file_url, doc.name))
		self.attached[self.files[-1]] = about

	def _report(self, doctype: str) -> None:
		"""A saved Report Builder report, as anybody on the desk may make one."""
		columns = [
			[df.fieldname, doctype] for df in frappe.get_meta(doctype).fields if df.fieldtype in TEXT | AMOUNT
		]
		doc = frappe.get_doc(
			doctype="Report",
			report_name=f"Canaries in {doctype}",
			ref_doctype=doctype,
			report_type="Report Builder",
			is_standard="No",
			json=json.dumps(
				{"fields": [["name", doctype], *columns], "filters": [], "order_by": "creation desc"}
			),
		).insert(ignore_permissions=True)  # test set-up
		self.reports.append(doc.name)

	def _report_of_names(self, doctype: str) -> None:
		"""As somebody may write one about something else, open to everybody; names are no secret."""
		doc = frappe.get_doc(
			doctype="Report",
			report_name=f"Names of {doctype}",
			ref_doctype="Report",
			report_type="Query Report",
			is_standard="No",
			query=f"SELECT name AS `Name:Data:100` FROM `tab{doctype}`",
		).insert(ignore_permissions=True)  # test set-up
		self.reports.append(doc.name)

	@staticmethod
	def names_of(doctype: str) -> str:
		"""The report of the names of `doctype`'s rows; any other for one that has no rows."""
		return f"Names of {'Involvement Participant' if doctype in singles() else doctype}"

	# --- the canaries ------------------------------------------------------------------------------

	def _fill_fields(self) -> None:
		for doctype in main_doctypes():
			if doctype in singles():
				self._fill(doctype, doctype, (doctype, doctype))
				continue
			for name in self.new_rows(doctype):
				self._fill(doctype, name, (doctype, name))
		for doctype in child_doctypes():
			for row in frappe.get_all(doctype, ["name", "parenttype", "parent"]):
				if row.name not in self.before[doctype]:
					self._fill(doctype, row.name, (row.parenttype, row.parent))
		for name in self.new_rows("Contact"):
			self._fill_contact(name)

	def _fill(self, doctype: str, name: str, about: tuple[str, str]) -> None:
		single = doctype in singles()
		stored = frappe.db.get_singles_dict(doctype) if single else _stored(doctype, name)
		values = {}
		for df in plantable(doctype):
			where = (doctype, name, df.fieldname, about, df.permlevel or 0)
			if df.fieldtype in AMOUNT:
				values[df.fieldname] = self.canaries.amount(*where)
			else:
				values[df.fieldname] = _dressed(df, stored.get(df.fieldname), self.canaries.word(*where))
		if doctype == about[0] and not single:
			values["_comments"] = json.dumps(
				[{"comment": self.canaries.word(doctype, name, "_comments", about)}]
			)
			values["_user_tags"] = "," + self.canaries.word(doctype, name, "_user_tags", about)
		# db: past every validation, so that nothing shapes a canary
		if single:
			for fieldname, value in values.items():
				frappe.db.set_single_value(doctype, fieldname, value, update_modified=False)
		elif values:
			frappe.db.set_value(doctype, name, values, update_modified=False)

	def _fill_contact(self, name: str) -> None:
		"""The CRM's own record: what of it comes out through us."""
		frappe.db.set_value(
			"Contact",
			name,
			{
				"first_name": self.canaries.word("Contact", name, "first_name"),
				"last_name": self.canaries.word("Contact", name, "last_name"),
			},
			update_modified=False,
		)

	# --- and away again ----------------------------------------------------------------------------

	def clear(self, forget: bool = True) -> None:
		frappe.db.rollback()
		for name in frappe.get_all("File", pluck="name"):
			if name not in self.before["File"]:
				frappe.delete_doc(
					"File", name, force=True, ignore_permissions=True
				)  # with what is on the disk
		for doctype in self._tables():
			frappe.db.delete(doctype, {"name": ["not in", self.before[doctype] or [""]]})
		frappe.db.delete("Has Role", {"parenttype": "Report", "parent": ["in", self.reports or [""]]})
		for doctype, rows in self.singles.items():
			frappe.db.delete("Singles", {"doctype": doctype})
			for field, value in rows:
				table = frappe.qb.DocType("Singles")
				frappe.qb.into(table).columns("doctype", "field", "value").insert(doctype, field, value).run()
		for identity in self.identities.values():
			frappe.db.delete("__Auth", {"doctype": "User", "name": identity.user})
			frappe.db.delete("Sessions", {"user": identity.user})
		frappe.db.commit()  # as the class found it
		frappe.clear_cache()
		if forget:
			self.memory.unlink()


def _owned_by(doc, user: str) -> None:
	"""As if they had written it in the portal."""
	frappe.db.set_value(doc.doctype, doc.name, "owner", user, update_modified=False)


def _put_down(doc) -> None:
	"""Straight into the table: what the framework does on insert of a comment or a version is not wanted here."""
	set_new_name(doc)
	doc.owner = doc.modified_by = "Administrator"
	doc.db_insert()


def _stored(doctype: str, name: str) -> dict:
	return frappe.db.get_value(doctype, name, "*", as_dict=True)


def _single_rows(doctype: str) -> tuple:
	table = frappe.qb.DocType("Singles")
	return frappe.qb.from_(table).select(table.field, table.value).where(table.doctype == doctype).run()


def plantable(doctype: str) -> list:
	"""The fields of `doctype` that hold a canary."""
	exempt = EXEMPT.get(doctype, {})
	return [
		df
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype in TEXT | AMOUNT and df.fieldname not in exempt and not df.get("is_virtual")
	]


def _dressed(df, stored, token: str) -> str:
	"""The token in the shape the field needs."""
	if df.options == "Email" or "@" in str(stored or ""):
		return f"{token}@example.org"
	if df.options == "URL":
		return f"https://example.org/{token}"
	if df.fieldtype == "JSON" or df.options == "JSON":
		return _in_json(stored, token)
	return token if df.fieldtype == "Data" else f"About {token}."


def _in_json(stored, token: str) -> str:
	kept = frappe.parse_json(stored or "{}")
	if isinstance(kept, list):
		return json.dumps([*kept, token])
	return json.dumps({**{key: value for key, value in kept.items()}, token: token})
