"""A small charity whose relations change from one example to the next: three units, a few rows of every doctype with
a criterion, one colleague who is somebody else each time.

Rows and rights are written straight to the database: what is under test is who may read a row, not how it came to be."""

from dataclasses import dataclass

import frappe
from hypothesis import strategies as st

from involvement_app.involvement_app.doctype.access_requirement.criterion import LEADS, NAMED, TEAM
from involvement_app.setup import roles
from involvement_app.tests import factories

UNITS = ("county", "town", "elsewhere")  # the town is part of the county
ROWS = range(3)
STATUSES = ("Draft", "Submitted", "Published", "Completed", "Cancelled")
ME, OTHER = "me", "other"
TESTED = (
	"Involvement Participant",
	"Involvement Opportunity",
	"Involvement Application",
	"Involvement Engagement",
	"Involvement Invitation",
	"Involvement Session",
	"Involvement Message",
	"Involvement Payment",
	"Involvement Payment Batch",
	"Involvement Expense Claim",
	"Participant Import",
	"Participant Import Row",
	"Portal Token",
	"Experience Feedback",
	"Experience Feedback Receipt",
	"Wellbeing Support Plan",
	"Participant Bank Detail",
	"Bank File Layout",
	"Ledger Handover",
	"Payment Opening Total",
	"Consent Record",
	"Sensitive Access Log",
	"Involvement Preference",
	"Access Requirement",
	"Lived Experience Profile",
	"Personal Goal",
	"Expression of Interest",
	"Participant Merge",
	"Participant Supporter",
	"Training Course",
	"Training Record",
	"Reference Letter",
	"Participant Check",
	"Participant Question",
	"Participant Contact Note",
	"Past Involvement",
	"Opportunity Reviewer",
	"Opportunity Selector",
	"Selection Score",
	"Feedback Obligation",
	"Recruitment Panel",
	"Panel Score",
	"Recruitment Count",
	"Ambassador Role",
	"Ambassador Assignment",
	"Media Consent",
	"Participant Story",
	"Story Takedown",
)
# listed to fewer people than read the parent, and why
NARROWER = {
	"Involvement Opportunity Co-lead": "in lists for whoever may change the opportunity (docs/security.md)"
}
# child table → parent
CHILDREN = {
	"Involvement Participant Unit": "Involvement Participant",
	"Involvement Opportunity Date": "Involvement Opportunity",
	"Involvement Opportunity Gate": "Involvement Opportunity",
	"Involvement Opportunity Criterion": "Involvement Opportunity",
	"Involvement Opportunity Co-lead": "Involvement Opportunity",
	"Involvement Session Attendance": "Involvement Session",
	"Involvement Session Paper": "Involvement Session",
	"Involvement Session Task": "Involvement Session",
	"Involvement Payment Batch Line": "Involvement Payment Batch",
	"Payment Batch Reversal": "Involvement Payment Batch",
	"Involvement Expense Claim Line": "Involvement Expense Claim",
	"Payment Opening Payment": "Payment Opening Total",
	"Bank File Layout Column": "Bank File Layout",
	"Involvement Preference Type": "Involvement Preference",
	"Involvement Preference Level": "Involvement Preference",
	"Lived Experience Profile Area": "Lived Experience Profile",
	"Lived Experience Profile Skill": "Lived Experience Profile",
	"Participant Supporter Act": "Participant Supporter",
	"Training Course Need": "Training Course",
	"Training Course Facilitator": "Training Course",
	"Selection Score Line": "Selection Score",
	"Recruitment Panel Member": "Recruitment Panel",
	"Recruitment Panel Provision": "Recruitment Panel",
	"Recruitment Panel Question": "Recruitment Panel",
	"Recruitment Panel Criterion": "Recruitment Panel",
	"Recruitment Panel Candidate": "Recruitment Panel",
	"Panel Score Line": "Panel Score",
	"Participant Story Use": "Participant Story",
}

unit = st.sampled_from(UNITS)
who = st.sampled_from((ME, OTHER))


@dataclass(frozen=True)
class Colleague:
	"""`limits`: units they are limited to by User Permission; `narrow`: without what is below those units."""

	held: frozenset[str]
	limits: frozenset[str]
	narrow: bool
	holds_budget_of: frozenset[str]


@dataclass(frozen=True)
class Row:
	"""How row number n of every doctype is related to units and people."""

	unit: str | None
	units: frozenset[str]
	lead: str
	session_lead: str
	owner: str
	named_contact: str
	status: str
	shared_with: str


colleagues = st.builds(
	Colleague,
	held=st.frozensets(
		st.sampled_from((*sorted(roles.DESK_ROLES), "System Manager", "Sales User")), max_size=3
	),
	limits=st.frozensets(unit, max_size=2),
	narrow=st.booleans(),
	holds_budget_of=st.frozensets(unit, max_size=2),
)
rows = st.builds(
	Row,
	unit=st.one_of(st.none(), unit),
	units=st.frozensets(unit, max_size=2),
	lead=who,
	session_lead=who,
	owner=who,
	named_contact=who,
	status=st.sampled_from(STATUSES),
	shared_with=st.sampled_from((NAMED, TEAM, LEADS)),
)
worlds = st.tuples(colleagues, st.lists(rows, min_size=len(ROWS), max_size=len(ROWS)))


class World:
	def __init__(self):
		self.mark = frappe.generate_hash(length=6)
		self.people = {ME: factories.user(), OTHER: factories.staff(roles.OWNER)}
		county = factories.unit(is_group=1)
		self.units = {
			"county": county,
			"town": factories.unit(parent=county),
			"elsewhere": factories.unit(),
		}
		for number in ROWS:
			self._insert_rows(number)

	def name(self, doctype: str, number: int) -> str:
		return f"{self.mark} {doctype} {number}"

	def names(self, doctype: str) -> set[str]:
		return {self.name(doctype, number) for number in ROWS}

	def _insert_rows(self, number: int) -> None:
		links = {
			"participant": self.name("Involvement Participant", number),
			"kept": self.name("Involvement Participant", number),
			"opportunity": self.name("Involvement Opportunity", number),
			"application": self.name("Involvement Application", number),
			"engagement": self.name("Involvement Engagement", number),
			"session": self.name("Involvement Session", number),
			"panel": self.name("Recruitment Panel", number),
			"person_doctype": "Involvement Participant",
			"person": self.name("Involvement Participant", number),
			"recipient_doctype": "Involvement Participant" if number else "User",
			"recipient": self.name("Involvement Participant", number) if number else self.people[ME],
		}
		for doctype in TESTED:
			values = {key: value for key, value in links.items() if frappe.get_meta(doctype).has_field(key)}
			if doctype == "Involvement Participant":
				values |= {"person_doctype": "Contact", "person": self.name("Contact", number)}
			self._insert(doctype, self.name(doctype, number), **{**self._unique(doctype, number), **values})
		for child, parent in CHILDREN.items():
			self._insert(
				child,
				self.name(child, number),
				parent=self.name(parent, number),
				parenttype=parent,
				parentfield=next(
					df.fieldname for df in frappe.get_meta(parent).fields if df.options == child
				),
				idx=1,
			)

	def _unique(self, doctype: str, number: int) -> dict:
		"""A value of their own for unique fields that are not a link above; nothing else is needed."""
		return {
			df.fieldname: self.name(doctype, number) for df in frappe.get_meta(doctype).fields if df.unique
		}

	def _insert(self, doctype: str, name: str, **values) -> None:
		frappe.get_doc({"doctype": doctype, "name": name, **values}).db_insert()

	def become(self, colleague: Colleague, described: list[Row]) -> None:
		self._give(colleague)
		for number, row in enumerate(described):
			self._relate(number, row)

	def _give(self, colleague: Colleague) -> None:
		me = self.people[ME]
		frappe.db.delete("Has Role", {"parent": me})
		frappe.db.delete("User Permission", {"user": me})
		for role in colleague.held:
			self._insert(
				"Has Role",
				f"{self.mark} {role}",
				parent=me,
				parenttype="User",
				parentfield="roles",
				role=role,
			)
		for unit in colleague.limits:
			self._insert(
				"User Permission",
				f"{self.mark} {unit}",
				user=me,
				allow="Involvement Unit",
				for_value=self.units[unit],
				apply_to_all_doctypes=1,
				hide_descendants=int(colleague.narrow),
			)
		for unit, name in self.units.items():
			holder = me if unit in colleague.holds_budget_of else None
			frappe.db.set_value("Involvement Unit", name, "budget_holder", holder, update_modified=False)
		frappe.clear_cache(user=me)

	def _relate(self, number: int, row: Row) -> None:
		people, unit = self.people, self.units.get(row.unit)
		written = {
			"Involvement Participant": {"named_contact": people[row.named_contact]},
			"Involvement Opportunity": {
				"unit": unit,
				"lead": people[row.lead],
				"owner": people[row.owner],
				"status": row.status,
			},
			"Involvement Session": {"unit": unit, "lead": people[row.session_lead]},
			"Participant Import": {"owner": people[row.owner]},
			"Access Requirement": {"owner": people[row.owner], "share_with": row.shared_with},
			"Expression of Interest": {"unit": unit},
			"Feedback Obligation": {
				"unit": unit,
				"feedback_owner": people[row.owner],
				"participant": self.name("Involvement Participant", number)
				if row.session_lead == ME
				else None,
			},
			"Recruitment Panel": {
				"unit": unit,
				"opened_on": "2026-01-02 10:00:00" if row.lead == ME else None,
			},
			"Panel Score": {"unit": unit, "staff": people[row.owner]},
			**{
				doctype: {"unit": unit}
				for doctype in (
					"Involvement Application",
					"Involvement Engagement",
					"Involvement Payment",
					"Involvement Expense Claim",
					"Training Course",
					"Opportunity Reviewer",
					"Opportunity Selector",
					"Selection Score",
					"Recruitment Count",
				)
			},
		}
		seat = {"staff": people[row.session_lead]}
		frappe.db.set_value("Recruitment Panel Member", self.name("Recruitment Panel Member", number), seat)
		for doctype, values in written.items():
			frappe.db.set_value(doctype, self.name(doctype, number), values, update_modified=False)
		self._put_in_units(number, [self.units[name] for name in sorted(row.units)])

	def _put_in_units(self, number: int, names: list[str]) -> None:
		parent = self.name("Involvement Participant", number)
		frappe.db.delete("Involvement Participant Unit", {"parent": parent})
		for idx, name in enumerate(names, 1):
			self._insert(
				"Involvement Participant Unit",
				f"{parent} in {name}",
				parent=parent,
				parenttype="Involvement Participant",
				parentfield="units",
				idx=idx,
				unit=name,
			)
