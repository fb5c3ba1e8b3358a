"""Law 11: each doctype lands complete. One small check each: a doctype and the tree it stands in, faults out.

What a site has to say is asked elsewhere: rights on the site (tests/security/test_role_matrix.py), a canary in every
field (tests/canaries/), demo rows (tests/test_demo.py)."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from involvement_app.tests.gates import source
from involvement_app.tests.gates.source import PACKAGE, ROOT, DocType

# masters: short lists that staff keep, read by role alone, without a criterion and about nobody
MASTERS = {
	"Involvement Settings": "one document, read by role",
	"Involvement Opportunity Template": "words to start from",
	"Involvement Type": "kinds of opportunities",
	"Involvement Unit": "the organisation's own tree; staff are limited to it, not it to staff",
	"Involvement Locality": "places",
	"Involvement Theme": "what opportunities belong together",
	"Access Need Type": "kinds of needs to choose from",
	"Lived Experience Area": "words to choose from",
	"Involvement Skill": "skills to choose from",
	"Participation Level": "the seven rungs, the same everywhere",
	"Payment Rate Rule": "what time is worth, open to whoever plans",
	"Benefit Threshold": "public figures, for whoever speaks with people about money",
	"Expense Type": "what can be claimed back, to choose from",
	"Mileage Rate": "what a mile is worth, the same for everybody",
	"Approval Limit": "up to what amount staff decide, open to whoever decides on money",
	"Role Status Determination": "what a paid role counts as, open to whoever plans",
	"Consent Statement": "the words everybody is told",
}
# where the tests are, if not in a test_<doctype>.py beside it
TESTED = {
	"Access Need Type": "tests/portal/test_access.py",
	"Lived Experience Area": "tests/portal/test_own_words.py",
	"Involvement Skill": "tests/portal/test_own_words.py",
	"Lived Experience Profile": "tests/portal/test_own_words.py",
	"Personal Goal": "tests/portal/test_own_words.py",
	"Consent Record": "tests/privacy/test_consent.py",
	"Involvement Engagement": "tests/payments/test_accrual.py",
	"Involvement Locality": "tests/security/test_role_matrix.py",
	"Involvement Theme": "involvement_app/doctype/involvement_opportunity/test_fields.py",
	"Involvement Message": "involvement_app/doctype/involvement_application/test_involvement_application.py",
	"Involvement Participant": "tests/people/test_joining.py",
	"Involvement Settings": "tests/test_install.py",
	"Involvement Type": "tests/security/test_role_matrix.py",
	"Involvement Unit": "tests/security/test_rows.py",
	"Participant Import Row": "tests/races/test_people.py",
	"Participation Level": "tests/test_install.py",
	"Portal Token": "tests/portal/test_sign_in.py",
	"Sensitive Access Log": "tests/privacy/test_sensitive.py",
	"Experience Feedback Receipt": "involvement_app/doctype/experience_feedback/test_experience_feedback.py",
	"Wellbeing Support Plan": "tests/privacy/test_sensitive.py",
	"Ledger Handover": "tests/payments/test_webhook.py",
}
# in the demo through what others do, so it need not name them: through what
MADE_BY_OTHERS = {
	"Access Need Type": "install",
	"Experience Feedback": "people say how it was",
	"Experience Feedback Receipt": "people say how it was",
	"Bank File Layout": "install",
	"Benefit Threshold": "install",
	"Expense Type": "install",
	"Mileage Rate": "install",
	"Consent Statement": "install",
	"Involvement Engagement": "a yes to an offer",
	"Media Consent": "a yes in the portal",
	"Involvement Settings": "install",
	"Involvement Opportunity Template": "install",
	"Involvement Type": "install",
	"Participation Level": "a fixture",
}
# not in the demo: why (tests/test_demo.py counts the rows of all others)
NOT_IN_THE_DEMO = {
	"Ledger Handover": "nothing of a demonstration leaves the machine",
	"Portal Token": "somebody asks for a link",
	"Participant Import": "somebody uploads a file",
	"Participant Import Row": "an import, as above",
}
# a filter without an index: (doctype, field) → why
UNINDEXED = {
	("Involvement Message", "channel"): "four values: an index would not be used",
	("Involvement Participant", "preferred_channel"): "four values: an index would not be used",
	("Participant Import", "stage"): "a few lists a year",
}
# its titles may be read by anybody with a login: why
TITLED = {"Involvement Opportunity": "says what is planned, and names nobody"}
# no entry on a workspace: why
OFF_THE_WORKSPACE = {
	"Wellbeing Support Plan": "nobody holds a right on it",
	"Personal Goal": "nobody holds a right on it",
	"Participant Import Row": "shown inside its import",
	"Portal Token": "nobody holds a right on it",
	"Experience Feedback": "nobody holds a right on it",
	"Experience Feedback Receipt": "nobody holds a right on it",
}
# a list nobody sees, so it need not say what to do when it is empty
NO_LIST = {
	"Involvement Settings": "one document",
	"Participant Import Row": "nobody holds a right on it",
	"Portal Token": "nobody holds a right on it",
	"Experience Feedback": "nobody holds a right on it",
	"Experience Feedback Receipt": "nobody holds a right on it",
}
STANDARD_FIELDS = {"name", "creation", "modified", "idx", "owner"}


@dataclass(frozen=True)
class Tree:
	"""A checkout, read once."""

	root: Path = ROOT

	@cached_property
	def doctypes(self) -> dict[str, DocType]:
		return source.doctypes(self.root)

	@cached_property
	def hooks(self) -> dict:
		return source.hooks(self.root)

	@cached_property
	def matrix(self) -> dict:
		return json.loads(self.text("permissions/matrix.json"))

	@cached_property
	def retention(self) -> dict[str, str]:
		"""Doctype → kept until, as docs/retention.md says by hand."""
		page = (self.root / "docs" / "retention.md").read_text(encoding="utf-8")
		return dict(re.findall(r"(?m)^\| ([A-Z][\w ]+?) \| (.+?) \|", page.split("|---|", 1)[1]))

	@cached_property
	def personal_data(self) -> set[str] | None:
		"""Doctypes that a module declares; None before there is such a hook."""
		paths = self.hooks.get("involvement_personal_data")
		if paths is None:
			return None
		return {name for path in paths for name in self._keys(path)}

	def _keys(self, path: str) -> Iterator[str]:
		"""The keys of a dict in a module, read and not run."""
		module, _dot, variable = path.rpartition(".")
		text = (self.root / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
		for node in ast.parse(text).body:
			target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
			if isinstance(target, ast.Name) and target.id == variable and isinstance(node.value, ast.Dict):
				yield from (key.value for key in node.value.keys if isinstance(key, ast.Constant))

	@cached_property
	def demo(self) -> str:
		return "\n".join(
			path.read_text(encoding="utf-8")
			for path in source.files(".py", f"{PACKAGE}/demo", root=self.root)
		)

	@cached_property
	def on_workspaces(self) -> set[str]:
		found = set()
		for path in source.files(".json", root=self.root):
			if path.parent.parent.name == "workspace":
				data = json.loads(path.read_text(encoding="utf-8"))
				found |= {row.get("link_to") for row in [*data["links"], *data["shortcuts"]]}
		return found

	def text(self, name: str) -> str:
		path = self.root / PACKAGE / name
		return path.read_text(encoding="utf-8") if path.exists() else ""

	def doctypes_of(self, check) -> list[DocType]:
		"""The doctypes that a check is for."""
		return [
			each for each in self.doctypes.values() if check in (CHILDREN if each.is_child else DOCUMENTS)
		]

	def parents(self, doctype: DocType) -> list[str]:
		"""The doctypes that hold this child table."""
		return [
			each.name
			for each in self.doctypes.values()
			if any(
				df["fieldtype"].startswith("Table") and df.get("options") == doctype.name
				for df in each.fields
			)
		]


# --- the checks: each yields what is missing -----------------------------------------------------


def matrix_row(doctype: DocType, tree: Tree) -> Iterator[str]:
	if doctype.name not in tree.matrix:
		yield "no row in permissions/matrix.json"


def criterion(doctype: DocType, tree: Tree) -> Iterator[str]:
	if doctype.name in MASTERS:
		return
	undeclared = tree.hooks.get("involvement_undeclared", ())  # denied to everybody, for want of a word
	for hook in ("permission_query_conditions", "has_permission"):
		if doctype.name not in tree.hooks[hook] or doctype.name in undeclared:
			yield f"not in {hook}: a criterion.py, and a line in _criteria of hooks.py"
	if doctype.name not in tree.hooks["involvement_unshared"]:
		yield "not in involvement_unshared: it could be shared past its criterion"


def hidden_from_links(doctype: DocType, tree: Tree) -> Iterator[str]:
	"""Frappe shows rows that link to a document to anybody who may read the document."""
	if doctype.name not in MASTERS and "exclude_from_linked_with = True" not in doctype.controller:
		yield "no exclude_from_linked_with = True in its controller"


def no_titles(doctype: DocType, tree: Tree) -> Iterator[str]:
	"""Frappe serves link titles to anybody."""
	if doctype.name not in {*MASTERS, *TITLED} and doctype.data.get("show_title_field_in_link"):
		yield "show_title_field_in_link is set"


def parents_rows(doctype: DocType, tree: Tree) -> Iterator[str]:
	"""Of a child table: the API writes and lists it on its own, so its rows follow the parent's rules and its criterion."""
	if "(RowDocument)" not in doctype.controller:
		yield "its controller is no RowDocument: rows could be written past their document"
	if set(tree.parents(doctype)) <= set(MASTERS):
		return
	if doctype.name not in tree.hooks["permission_query_conditions"]:
		yield "its rows follow no criterion: child_conditions(…) in the parent's criterion.py, and a line in hooks.py"


def personal_data(doctype: DocType, tree: Tree) -> Iterator[str]:
	if tree.personal_data is not None and doctype.name not in tree.personal_data:
		yield "no entry in its module's personal_data.py"


def canary(doctype: DocType, tree: Tree) -> Iterator[str]:
	expected = tree.text("tests/canaries/entitlement.py")
	if expected and f'"{doctype.name}":' not in expected:
		yield "no canary: a row in tests/canaries/planting.py, and who may see it in entitlement.py"


def retention_line(doctype: DocType, tree: Tree) -> Iterator[str]:
	if doctype.name not in tree.retention:
		yield "no line in docs/retention.md"


def demo_rows(doctype: DocType, tree: Tree) -> Iterator[str]:
	elsewhere = {*MADE_BY_OTHERS, *NOT_IN_THE_DEMO}
	if doctype.name not in elsewhere and f'"{doctype.name}"' not in tree.demo:
		yield "no demo rows (demo/replay.py)"


def indexed_filters(doctype: DocType, tree: Tree) -> Iterator[str]:
	if doctype.is_single or doctype.name in MASTERS:
		return  # short lists
	leading = set(re.findall(r"add_(?:index|unique)\(\s*\"[^\"]+\",\s*\[\s*\"(\w+)\"", doctype.controller))
	for df in doctype.fields:
		indexed = df.get("search_index") or df.get("unique") or df["fieldname"] in leading
		if df.get("in_standard_filter") and not indexed and (doctype.name, df["fieldname"]) not in UNINDEXED:
			yield f"filter {df['fieldname']} has no index: search_index, or on_doctype_update"


def sorted_list(doctype: DocType, tree: Tree) -> Iterator[str]:
	known = STANDARD_FIELDS | {df["fieldname"] for df in doctype.fields}
	if doctype.data.get("sort_field") not in known or doctype.data.get("sort_order") not in ("ASC", "DESC"):
		yield "no sort_field and sort_order"


def indicators(doctype: DocType, tree: Tree) -> Iterator[str]:
	status = doctype.field("status")
	if not status or status["fieldtype"] != "Select":
		return
	options = [option for option in status["options"].split("\n") if option]
	coloured = [state["title"] for state in doctype.data.get("states") or () if state.get("color")]
	if options != coloured:
		yield f"states (colours of the list) do not match the options of status: {options} and {coloured}"


def lifecycle(doctype: DocType, tree: Tree) -> Iterator[str]:
	"""Buttons come from the declaration."""
	status = doctype.field("status")
	if not status or status["fieldtype"] != "Select" or doctype.name == "Involvement Message":
		return  # declared in messages/lifecycle.py: its rows are no documents that somebody saves
	if doctype.name not in tree.hooks["involvement_lifecycles"]:
		yield "a status without a lifecycle: lifecycle.py, and a line in involvement_lifecycles"
	if "LifecycleDocument" not in doctype.controller:
		yield "its controller is no LifecycleDocument"
	if not status.get("read_only"):
		yield "status is not read_only: people move it by buttons"


def empty_list(doctype: DocType, tree: Tree) -> Iterator[str]:
	words = (doctype.data.get("description") or "").split()
	if doctype.name not in NO_LIST and (len(words) < 8 or not words[-1].endswith(".")):
		yield "no description: what is in this list, and what to do while it is empty"


def on_a_workspace(doctype: DocType, tree: Tree) -> Iterator[str]:
	if doctype.name not in OFF_THE_WORKSPACE and doctype.name not in tree.on_workspaces:
		yield "on no workspace"


def tests(doctype: DocType, tree: Tree) -> Iterator[str]:
	beside = doctype.beside(f"test_{doctype.path.stem}.py")
	elsewhere = TESTED.get(doctype.name)
	if beside:
		if not re.search(r"\bdef test_\w+", beside):
			yield f"test_{doctype.path.stem}.py holds no test"
	elif not elsewhere or not tree.text(elsewhere):
		yield f"no test_{doctype.path.stem}.py beside it"


DOCUMENTS = (
	matrix_row,
	criterion,
	hidden_from_links,
	no_titles,
	personal_data,
	canary,
	retention_line,
	demo_rows,
	indexed_filters,
	sorted_list,
	indicators,
	lifecycle,
	empty_list,
	on_a_workspace,
	tests,
)
CHILDREN = (parents_rows, hidden_from_links, personal_data, sorted_list)


def faults(doctype: DocType, tree: Tree) -> list[str]:
	"""What `doctype` still lacks, a line each."""
	checks = CHILDREN if doctype.is_child else DOCUMENTS
	return [f"{doctype.name}: {fault}" for check in checks for fault in check(doctype, tree)]
