"""The one gate through which a state changes (architecture law 1; what the framework leaves open is
in docs/security.md)."""

from contextlib import contextmanager

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_name, has_approval_access
from frappe.utils import cast, cint, now

from involvement_app.lifecycle.declaration import Lifecycle, Move, Transition, of
from involvement_app.lifecycle.retries import lost_a_race


class TransitionError(frappe.ValidationError):
	"""There is no such step, or a guard's condition does not hold."""


class StepNotPermitted(frappe.PermissionError):
	"""The step exists, but not for this person."""


@contextmanager
def server_side():
	"""Read-only fields set inside are ours, not a request's."""
	before = getattr(frappe.local, "involvement_server_side", False)
	frappe.local.involvement_server_side = True
	try:
		yield
	finally:
		frappe.local.involvement_server_side = before


@contextmanager
def as_job():
	"""Steps declared for a job are open inside. For scheduled jobs and listeners, never for a request's
	own words: nothing a client sends reaches this flag."""
	before = getattr(frappe.local, "involvement_job", False)
	frappe.local.involvement_job = True
	try:
		yield
	finally:
		frappe.local.involvement_job = before


def restore_read_only(doc: Document) -> None:
	if getattr(frappe.local, "involvement_server_side", False):
		return
	before = doc.get_doc_before_save()
	for df in doc.meta.get("fields", {"read_only": 1}):
		if df.fieldname == "status" or df.fieldtype in ("HTML", "Section Break", "Column Break", "Tab Break"):
			continue
		if _was_just_fetched(doc, df):
			continue
		if df.fieldtype in ("Table", "Table MultiSelect"):
			doc.set(df.fieldname, before.get(df.fieldname) if before else [])
		else:
			doc.set(df.fieldname, before.get(df.fieldname) if before else _default(df))


def _was_just_fetched(doc: Document, df) -> bool:
	"""The framework has read it through the link a moment ago, past what the request sent. It does not on submit, on
	cancel, and later, nor where a field is fetched only while it is empty."""
	link = (df.fetch_from or "").split(".")[0]
	if not link or not doc.get(link) or doc.flags.ignore_links or df.get("fetch_if_empty"):
		return False
	return cint(doc.docstatus) == 0 and doc.get("_action") != "cancel"


def _default(df):
	return cint(df.default) if df.fieldtype in ("Int", "Check") else (df.default or None)


def enforce(doc: Document, framework_check=None) -> None:
	"""Refuse a write whose `status` or docstatus does not follow the declaration.

	Raises TransitionError (no such step, guard) or StepNotPermitted (not this person's step)."""
	life = of(doc.doctype)
	before = doc.get_doc_before_save()
	if not before:
		return _check_first_state(doc, life)
	_name_the_state(doc, before, life)
	if doc.status == before.status:
		_check_docstatus(doc, life)
		return _remember_editor(doc, before, life)
	move = _move(doc, before, life)
	_check_docstatus(doc, life)
	if move.by == "role" and framework_check and get_workflow_name(doc.doctype):
		framework_check()
	for guard in life.guards.get(move.to, ()):
		guard(doc, move)
	_remember_editor(doc, before, life, move.transition.asks)
	_begin(doc, move)
	for effect in life.effects.get(move.to, ()):
		effect(doc, move)


def _begin(doc, move: Move) -> None:
	doc.flags.involvement_move = move
	doc.flags.involvement_savepoint = f"involvement_{frappe.generate_hash(length=10)}"
	frappe.db.savepoint(doc.flags.involvement_savepoint)


@contextmanager
def all_or_nothing(doc: Document):
	"""A step whose effects or listeners fail leaves nothing behind, also where the caller swallows the error
	and commits (`frappe.client.bulk_update`)."""
	try:
		yield
	except Exception as problem:
		savepoint = doc.flags.pop("involvement_savepoint", None)
		doc.flags.pop("involvement_move", None)
		if savepoint and not lost_a_race(problem):  # a deadlock took the whole transaction with it
			frappe.db.rollback(save_point=savepoint)
		raise
	finally:
		doc.flags.pop("involvement_savepoint", None)


def tell_timeline(doc: Document) -> None:
	"""What happened, in the declaration's words; steps of the person themself and of jobs stay unsaid."""
	move = doc.flags.pop("involvement_move", None)
	doc.flags.involvement_told = bool(move and move.by == "role" and move.transition.said)
	if doc.flags.involvement_told:
		_timeline_row(doc.doctype, doc.name, "Workflow", _(move.transition.said))


def _timeline_row(doctype: str, name: str, kind: str, words: str) -> None:
	row = frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": kind,
			"comment_email": frappe.session.user,
			"owner": frappe.session.user,
			"modified_by": frappe.session.user,
			"reference_doctype": doctype,
			"reference_name": name,
			"content": words,
		}
	)
	row.db_insert()  # one INSERT of our own words: nobody is mentioned, no parent to look up


def _check_first_state(doc, life: Lifecycle) -> None:
	if not doc.status:
		doc.status = life.first
	if doc.status not in (life.first, *life.initial) or doc.docstatus != 0:
		frappe.throw(
			_("Status: a new {0} starts as {1}, not {2}. Save it first, then use its buttons.").format(
				_(doc.doctype), _(life.first), _(doc.status)
			),
			TransitionError,
		)


def _name_the_state(doc, before, life: Lifecycle) -> None:
	"""Submit and Cancel name no state: take the only one they can mean, or ask for the button."""
	if doc.status != before.status or doc.docstatus == before.docstatus:
		return
	targets = {t.to for t in life.leaving(before.status) if life.by_name[t.to].docstatus == doc.docstatus}
	if len(targets) != 1:
		frappe.throw(
			_(
				"{0} {1} cannot be submitted or cancelled while it is {2}. Use the buttons on the form."
			).format(_(doc.doctype), doc.name, _(before.status)),
			TransitionError,
		)
	doc.status = targets.pop()


def _check_docstatus(doc, life: Lifecycle) -> None:
	state = life.by_name.get(doc.status)
	if not state:
		frappe.throw(
			_("Status: {0} is not a status of {1}.").format(doc.status, _(doc.doctype)), TransitionError
		)
	if cint(doc.docstatus) != state.docstatus:
		frappe.throw(
			_("Status: {0} cannot be written directly. Use the buttons on the form.").format(_(doc.status)),
			TransitionError,
		)


def _move(doc, before, life: Lifecycle) -> Move:
	steps = life.between(before.status, doc.status)
	if not steps:
		frappe.throw(
			_("{0} {1} cannot go from {2} to {3}.").format(
				_(doc.doctype), doc.name, _(before.status), _(doc.status)
			),
			TransitionError,
		)
	in_job = getattr(frappe.local, "involvement_job", False)
	asked = doc.flags.get("involvement_action")  # where two steps lead to the same state

	def turn(step: Transition) -> tuple:
		return step.action != asked, not (step.job and in_job)

	for step in sorted(steps, key=turn):
		if by := _permitted(step, before, life):
			return Move(step, before.status, by, frappe.session.user)
	_refuse(doc, steps)


def _refuse(doc, steps: list[Transition]) -> None:
	frappe.throw(
		_("{0} {1}: “{2}” is a step for {3}.").format(
			_(doc.doctype), doc.name, _(steps[0].action), _who(steps)
		),
		StepNotPermitted,
	)


def _permitted(step: Transition, stored, life: Lifecycle) -> str | None:
	"""How the session user may take `step` on the stored document (not on what a request claims)."""
	user = frappe.session.user
	if step.job and getattr(frappe.local, "involvement_job", False):
		return "job"
	if set(_roles(step, stored, life)) & set(frappe.get_roles(user)):
		return "role"
	if any(life.relations[name](stored, user) for name in step.relations):
		return "relation"
	return None


def _roles(step: Transition, stored, life: Lifecycle) -> tuple[str, ...]:
	"""A site may change who takes a desk step in its Workflow; a step we declare for no role stays so."""
	workflow = step.roles and life.workflow and get_workflow_name(life.doctype)
	if not workflow:
		return step.roles
	return tuple(
		row.allowed
		for row in frappe.get_cached_doc("Workflow", workflow).transitions
		if row.state == stored.status
		and row.next_state == step.to
		# Frappe asks this of its own button alone
		and has_approval_access(frappe.session.user, stored, row)
	)


def _who(steps: list[Transition]) -> str:
	names = [_(role) for step in steps for role in step.roles]
	names += [_(relation) for step in steps for relation in step.relations]
	return ", ".join(dict.fromkeys(names)) or _("the system")


def _remember_editor(doc, before, life: Lifecycle, asked: str = "") -> None:
	"""`asked`: the field whose words the step asks for. Why something is sent back is no edit of it."""
	if before.status not in life.before_approval or not doc.meta.has_field("edited_by"):
		return
	if changed_content(doc, before, asked):
		editors = {*(doc.edited_by or "").split(), frappe.session.user}
		doc.edited_by = "\n".join(sorted(editors))


def changed_content(doc: Document, before: Document, but: str = "") -> list[str]:
	"""Labels of the fields a person may edit that differ from the stored document, `but` one."""
	return [
		_(df.label)
		for df in doc.meta.fields
		if not df.read_only and df.fieldname not in ("change_note", but) and _differs(doc, before, df)
	]


def _differs(doc, before, df) -> bool:
	if df.fieldtype in ("Table", "Table MultiSelect"):
		return _rows(doc, df) != _rows(before, df)
	if df.fieldtype in ("Section Break", "Column Break", "Tab Break", "HTML"):
		return False
	return cast(df.fieldtype, doc.get(df.fieldname)) != cast(df.fieldtype, before.get(df.fieldname))


def _rows(doc, df) -> list[tuple]:
	return [
		tuple(str(cast(f.fieldtype, row.get(f.fieldname))) for f in row.meta.fields if not f.read_only)
		for row in doc.get(df.fieldname) or []
	]


def actions(doc: Document) -> list[Transition]:
	"""The steps the session user may take on the stored `doc` now (guards may still refuse)."""
	life = of(doc.doctype)
	return [step for step in life.leaving(doc.status) if _permitted(step, doc, life) in ("role", "relation")]


def apply(doc: Document, action: str, **values) -> Document:
	"""Take the step `action`, setting `values` (field → value) in the same write.

	Raises TransitionError when the present state has no such step, and what `enforce` raises."""
	life = of(doc.doctype)
	step = next((t for t in life.leaving(doc.status) if t.action == action), None)
	if not step:
		frappe.throw(
			_("{0} {1} is {2}: “{3}” is not possible now.").format(
				_(doc.doctype), doc.name, _(doc.status), _(action)
			),
			TransitionError,
		)
	by = _permitted(step, doc, life)
	if not by:
		_refuse(doc, [step])
	doc.update(values)
	doc.status = step.to
	doc.flags.involvement_action = action
	if by in ("relation", "job"):
		# bounded by the relation, or by the job that holds as_job: `enforce` checks both again on the stored row
		doc.flags.ignore_permissions = True
	old, new = cint(doc.docstatus), life.by_name[step.to].docstatus
	if old == new:
		doc.save()
		return doc
	doc.flags.asked_again = True  # by Frappe, for submit or cancel, once the row is locked
	try:
		doc.submit() if new == 1 else doc.cancel()
	finally:
		doc.flags.asked_again = False
	return doc


def move_many(
	doctype: str, names: list[str], action: str, trail: tuple[str, str], values: dict | None = None
) -> int:
	"""The set-based step for jobs: lock the rows, check their states and the step's guard (`Transition.many`) as
	a query, one UPDATE naming the old states, one comment on `trail` (doctype, name) naming the rows. All rows
	move or none does.

	The caller holds `as_job`. Guards and effects that look at one document do not run: only a step that declares
	`many` can be taken so. Returns the number of rows. Raises TransitionError naming the rows that may not move."""
	life = of(doctype)
	step = _set_based(life, action)
	if not getattr(frappe.local, "involvement_job", False):
		frappe.throw(_("This step belongs to a job."), StepNotPermitted)
	table = frappe.qb.DocType(doctype)
	_refuse_strays(doctype, names, step, table, trail)
	# bounded: the rows were locked, their states and the step's guard checked above
	query = (
		frappe.qb.update(table)
		.set(table.status, step.to)
		.set(table.docstatus, life.by_name[step.to].docstatus)
		.set(table.modified, now())
		.set(table.modified_by, frappe.session.user)
		.where(table.name.isin(names) & table.status.isin(step.sources))
	)
	for fieldname, value in (values or {}).items():
		query = query.set(table[fieldname], value)
	query.run()
	words = _("{0}: {1} × {2}: {3}").format(_(action), len(names), _(doctype), ", ".join(names))
	_timeline_row(*trail, "Info", words)
	return len(names)


def _set_based(life: Lifecycle, action: str) -> Transition:
	step = next((t for t in life.transitions if t.action == action and t.job and t.many), None)
	if not step:
		frappe.throw(
			_("{0}: “{1}” is not a step for many rows at once.").format(_(life.doctype), _(action)),
			TransitionError,
		)
	return step


def _refuse_strays(doctype: str, names: list[str], step: Transition, table, trail: tuple[str, str]) -> None:
	locked = dict(
		frappe.qb.from_(table)
		.select(table.name, table.status)
		.where(table.name.isin(names))
		.for_update()
		.run()
	)
	ready = set(
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.name.isin(names) & table.status.isin(step.sources) & step.many(table, trail))
		.for_update()
		.run(pluck=True)
	)
	strays = [
		f"{name} ({_(locked[name]) if name in locked else _('gone')})" for name in names if name not in ready
	]
	if strays:
		frappe.throw(
			_("{0}: these are not ready for “{1}”: {2}").format(
				_(doctype), _(step.action), ", ".join(strays[:20])
			),
			TransitionError,
		)
