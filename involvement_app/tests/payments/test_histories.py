"""Whatever happens to the payments of one place, and in whatever order, they come to what is owed (domain 4.6, 5.2): sessions that
are recorded otherwise, batches, a bank that sends back, what was too much and is taken back, another choice. Figures only, as
`settlement.plan` and `overpaid` are, with no word of theirs in what is expected at the end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import frappe
from hypothesis import given, settings
from hypothesis import strategies as st

from involvement_app.involvement_payments import overpaid, settlement, states
from involvement_app.money import money, total
from involvement_app.tests.compat import IntegrationTestCase

RATE = 15
FIGURES = (*settlement.FACTS, "session")
# which of the things that can happen next, and a figure that some of them need
HAPPENS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3)), min_size=12, max_size=40)
CHOSEN = (20, 40, 60)


@dataclass
class History:
	choice: str = "Full"
	chosen: int = 0
	chooses: bool = False
	basis: str = "Per hour"
	hours: dict = field(default_factory=lambda: {"IS-0": 2, "IS-1": 0})
	rows: list = field(default_factory=list)

	@property
	def terms(self) -> dict:
		return {
			"name": "IE-1",
			"payment_choice": self.choice,
			"chosen_amount": self.chosen,
			"rate_basis": self.basis,
			"rate_amount": RATE,
			"minimum_hours": 0,
			"preparation_paid": 0,
		}

	@property
	def attended(self) -> list:
		return [
			frappe._dict(
				session=session,
				hours=hours,
				preparation_hours=0,
				starts_on=datetime(2026, 5, 1) + timedelta(days=number),
				unit="Unit",
				recorded_by=None,
				edited_by=None,
			)
			for number, (session, hours) in enumerate(self.hours.items())
			if hours
		]

	def worth(self, session: str | None = None):
		if self.basis == "Per task":
			return money(RATE if any(self.hours.values()) else 0)
		return money(RATE * (sum(self.hours.values()) if session is None else self.hours[session]))

	def got(self, session: str | None = None):
		came = [row for row in self.rows if row.status in (*states.ON_ITS_WAY, states.REPAID)]
		return total(row.amount for row in came if session in (None, row.session))

	# what follows of itself

	def settle(self) -> None:
		plan = settlement.plan(self.terms, self.attended, [frappe._dict(row) for row in self.rows])
		by_name = {row.name: row for row in self.rows}
		for row in plan.withdraw:
			assert by_name[row["name"]].status in states.CHANGEABLE
			by_name[row["name"]].update(status="Void", withdrawn=1)
		for row, values in plan.change:
			assert by_name[row["name"]].status in states.OPEN
			by_name[row["name"]].update({name: values[name] for name in FIGURES}, status="Checked")
		for values in plan.make:
			self.add(states.KIND, values, revision=values["revision"])
		keys = [(row.session, row.kind, row.revision, row.corrects) for row in self.rows]
		assert len(keys) == len(set(keys)), "one for each session, kind and revision"

	def add(self, kind: str, values: dict, **more) -> None:
		row = frappe._dict(kind=kind, status="Checked", withdrawn=0, owner=None, edited_by=None, due_on=None)
		row.update(name=f"IPAY-{len(self.rows):05}", corrects=None)
		row.update({name: values[name] for name in FIGURES})
		row.update(more)
		self.rows.append(row)

	def take_back(self, payment, amount) -> None:
		there = [row for row in self.rows if row.corrects == payment.name]
		left = money(payment.amount) + total(row.amount for row in there if row.status != "Void")
		back = min(amount, left)
		if back <= 0:
			return
		rows = [frappe._dict(row) for row in self.rows]
		worth = overpaid.explained_by(self.terms, self.attended, rows, payment.session, back)
		figures = {"amount": -float(back), "offered_amount": -float(worth), "hours": 0}
		self.add(states.CORRECTION, {**payment, **figures}, corrects=payment.name, revision=len(there))
		self.settle()

	# what somebody does

	def possible(self) -> list:
		found = [self.record]
		if self.chooses and not any(self.is_late(row) for row in self.rows):
			found.append(self.choose)
		for row in self.rows:
			found += [(self.move, row, status) for status in self.next_of(row)]
		return found + [self.correct] * 3 if self.too_much() else found

	def too_much(self) -> list[str]:
		return overpaid._beyond(self.terms, self.attended, [frappe._dict(row) for row in self.rows])

	def next_of(self, row) -> tuple:
		if row.status == "Checked":
			return ("Approved",)
		if row.status == "Approved":
			return ("Scheduled",)
		if row.status == "Scheduled":
			return ("Paid", "Approved", "Failed at bank")
		return {"Failed at bank": ("Approved",), "Paid": ("Failed at bank",)}.get(row.status, ())

	def is_late(self, row) -> bool:
		"""As the person is told: it is in a batch, or something of it was taken back already."""
		taken = {each.corrects for each in self.rows if each.status in states.GONE_OUT}
		return row.kind == states.KIND and (
			row.status in ("Scheduled", "Failed at bank")
			or (row.status in states.CHANGEABLE and row.name in taken)
		)

	def happens(self, which: int, figure: int) -> None:
		possible = self.possible()
		what = possible[which % len(possible)]
		if isinstance(what, tuple):
			what[0](*what[1:])
		else:
			what(figure)

	def record(self, figure: int) -> None:
		session = list(self.hours)[figure % 2]
		self.hours[session] = (self.hours[session] + 1 + figure) % 4
		self.settle()

	def choose(self, figure: int) -> None:
		self.choice, self.chosen = ("Lower amount", CHOSEN[figure - 1]) if figure else ("Full", 0)
		self.settle()

	def move(self, row, status: str) -> None:
		row.status, waits_again = status, status == "Approved" and row.status != "Checked"
		if waits_again and row.kind == states.KIND:
			self.settle()

	def correct(self, _figure: int = 0) -> None:
		"""To do of coordinators: what was paid beyond what it is worth."""
		for name in self.too_much():
			newest = next(row for row in self.rows if row.name == name)
			one = [row for row in self.rows if self.basis == "Per task" or row.session == newest.session]
			too_much = total(
				row.amount
				for row in one
				if (row.status != "Void" if row.corrects else row.status in states.RECEIVED)
			) - self.worth(None if self.basis == "Per task" else newest.session)
			for row in reversed(
				[each for each in one if each.status in states.RECEIVED and not each.corrects]
			):
				before = len(self.rows)
				self.take_back(row, too_much)
				if len(self.rows) > before and self.rows[before].corrects:
					too_much += money(self.rows[before].amount)

	def ends(self) -> None:
		"""Everything that waits is paid, until nothing waits."""
		for _round in range(40):
			before = [dict(row) for row in self.rows]
			for row in list(self.rows):
				if row.status == "Failed at bank":
					self.move(row, "Approved")
			for row in self.rows:
				if row.status in (*states.CHANGEABLE, "Scheduled"):
					row.status = "Paid"
			self.settle()
			self.correct()
			if [dict(row) for row in self.rows] == before:
				return
		raise AssertionError("it comes to no end")


class TestHistories(IntegrationTestCase):
	def lived(self, happens, **how) -> History:
		history = History(**how)
		history.settle()
		for which, figure in happens:
			history.happens(which, figure)
		history.ends()
		return history

	@settings(max_examples=400, deadline=None)
	@given(HAPPENS)
	def test_each_session_is_paid_what_it_is_worth(self, happens):
		history = self.lived(happens)
		for session in history.hours:
			self.assertEqual(history.got(session), history.worth(session))

	@settings(max_examples=200, deadline=None)
	@given(HAPPENS)
	def test_a_task_is_paid_once(self, happens):
		history = self.lived(happens, basis="Per task")
		self.assertEqual(history.got(), history.worth())

	@settings(max_examples=400, deadline=None)
	@given(HAPPENS, st.sampled_from(CHOSEN))
	def test_of_a_lower_amount_all_of_it_and_no_more(self, happens, chosen):
		history = self.lived(happens, choice="Lower amount", chosen=chosen)
		self.assertEqual(history.got(), min(money(chosen), history.worth()))

	@settings(max_examples=400, deadline=None)
	@given(HAPPENS)
	def test_with_another_choice_on_the_way(self, happens):
		"""Never more than it is worth in all, and of a lower amount never less than that."""
		history = self.lived(happens, chooses=True)
		self.assertLessEqual(history.got(), history.worth())
		if history.choice == "Lower amount":
			self.assertGreaterEqual(history.got(), min(money(history.chosen), history.worth()))
