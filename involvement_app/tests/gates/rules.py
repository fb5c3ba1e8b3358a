"""Our own rules for Python and JavaScript, one small function each: source in, findings out.

A *reason* is a comment on the statement's own lines or directly above it, or the word “bounded” in the
docstring of the function around it (or, in what runs once, of the module). A query in a loop needs a comment that begins with “one by one:”, on the
statement, above it, or on the line of the loop."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from involvement_app.tests.gates.source import Python

# what runs once, over a handful of rows: install, patches, the demo, the tools
ONCE = ("involvement_app/setup/", "involvement_app/demo/", "involvement_app/patches/", "dev/", "docs/")
ONE_BY_ONE = "one by one:"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS)

# calls that ask nobody's rights or run no controller
UNASKED = {
	"frappe.get_all",
	"frappe.db.get_all",
	"frappe.db.set_value",
	"frappe.db.set_single_value",
	"frappe.db.delete",
	"frappe.db.truncate",
	"frappe.db.bulk_insert",
	"frappe.db.bulk_update",
	"frappe.db.sql",
	"frappe.db.multisql",
	"frappe.db.sql_ddl",
	"frappe.db.commit",
	"frappe.db.auto_commit_on_many_writes",
	"frappe.qb.update",
	"frappe.qb.into",
	"frappe.set_user",
}
IGNORING = {
	"ignore_permissions",
	"ignore_user_permissions",
	"ignore_links",
	"ignore_mandatory",
	"ignore_validate",
	"ignore_version",
}
# a test is Administrator and reads what it likes; what it hides from the fence or leaves behind needs a reason
UNASKED_IN_TESTS = {"frappe.db.commit", "frappe.db.truncate", "frappe.db.sql_ddl", "frappe.db.sql"}

QUERIES = {
	*(UNASKED - {"frappe.set_user", "frappe.db.commit"}),
	"frappe.get_doc",
	"frappe.get_list",
	"frappe.get_value",
	"frappe.get_last_doc",
	"frappe.get_single",
	"frappe.delete_doc",
	"frappe.rename_doc",
	"frappe.client.get_value",
	"frappe.db.get_value",
	"frappe.db.get_values",
	"frappe.db.get_list",
	"frappe.db.exists",
	"frappe.db.count",
	"frappe.db.get_single_value",
	"frappe.has_permission",
}
# methods of documents and of a built query
QUERY_METHODS = {
	"save",
	"insert",
	"submit",
	"cancel",
	"delete",
	"reload",
	"db_set",
	"db_insert",
	"db_update",
	"run",
}
NOT_A_QUERY = ("subprocess", "frappe.call", "self.fail", "os", "shutil", "sys")


@dataclass(frozen=True)
class Finding:
	rule: str
	file: str
	line: int
	what: str

	def __str__(self) -> str:
		return f"{self.file}:{self.line}: {self.rule}: {self.what}"


# --- reading a tree -----------------------------------------------------------------------------


@cache
def parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
	return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def above(file: Python, node: ast.AST) -> Iterator[ast.AST]:
	"""What `node` stands in, innermost first."""
	known = parents(file.tree)
	while node := known.get(node):
		yield node


def dotted(node: ast.AST) -> str:
	"""`frappe.db.sql` for that expression; what is not a plain name is left out: `x().save` is `.save`."""
	if isinstance(node, ast.Name):
		return node.id
	if isinstance(node, ast.Attribute):
		return f"{dotted(node.value)}.{node.attr}"
	return ""


def calls(file: Python) -> Iterator[ast.Call]:
	return (node for node in file.nodes if isinstance(node, ast.Call))


def statement(file: Python, node: ast.AST) -> ast.AST:
	"""The statement around an expression."""
	while not isinstance(node, ast.stmt):
		node = parents(file.tree)[node]
	return node


def own_lines(file: Python, node: ast.AST) -> range:
	"""The lines of the statement around `node`: of a compound statement, the head."""
	around = statement(file, node)
	body = getattr(around, "body", None)
	last = body[0].lineno - 1 if body else around.end_lineno
	return range(around.lineno, max(last, around.lineno) + 1)


def remarks(file: Python, lines: range) -> list[str]:
	"""The comments on these lines and in the block directly above them."""
	first = lines.start
	while first - 1 in file.comment_lines:
		first -= 1
	return [file.comments[line] for line in range(first, lines.stop) if line in file.comments]


def has_reason(file: Python, node: ast.AST) -> bool:
	if any(len(words.split()) > 1 for words in remarks(file, own_lines(file, node))):
		return True
	around = next((place for place in above(file, node) if isinstance(place, FUNCTIONS)), None)
	said = (ast.get_docstring(around) or "") if around else ""
	if file.name.startswith(ONCE):
		said += ast.get_docstring(file.tree) or ""
	return "bounded" in said.lower()


# --- bypasses, commits, SQL ---------------------------------------------------------------------


def unexplained_bypass(file: Python) -> Iterator[Finding]:
	"""What goes past permissions, controllers or the end of the transaction says what bounds it."""
	for node in file.nodes:
		what = _bypass(node, file.is_test)
		if what and not has_reason(file, node):
			yield Finding("unexplained bypass", file.name, node.lineno, what)


def _bypass(node: ast.AST, in_test: bool) -> str | None:
	if isinstance(node, ast.keyword):
		if in_test and node.arg == "ignore_user_permissions":
			return None  # an attacker asks for it
		is_on = not (isinstance(node.value, ast.Constant) and node.value.value in (False, 0, None))
		return node.arg if is_on and node.arg in IGNORING else None
	if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_flag(node):
		return f"flags.{node.attr}"
	if isinstance(node, ast.Call):
		name = dotted(node.func)
		unasked = UNASKED_IN_TESTS if in_test else UNASKED
		return name.lstrip(".") if name in unasked or name.endswith(".db_set") else None
	return None


def _is_flag(node: ast.Attribute) -> bool:
	return node.attr.startswith("ignore_") and dotted(node.value).endswith("flags")


def sql_by_format(file: Python) -> Iterator[Finding]:
	"""A statement put together from strings: values go in as parameters, names through the query builder."""
	for call in calls(file):
		if not re.search(r"(^|\.)db\.(sql|multisql|sql_ddl|sql_list)$", dotted(call.func)):
			continue
		query = next((word.value for word in call.keywords if word.arg == "query"), None)
		query = query or (call.args[0] if call.args else None)
		if query is not None and _is_put_together(file, query, call):
			yield Finding("SQL by format", file.name, call.lineno, ast.unparse(query)[:80])


def _is_put_together(file: Python, node: ast.AST, call: ast.Call) -> bool:
	if isinstance(node, ast.JoinedStr):
		return any(isinstance(part, ast.FormattedValue) for part in node.values)
	if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
		return not _is_plain(node)
	if isinstance(node, ast.Call):
		return isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join", "replace")
	if isinstance(node, ast.Name):
		return any(_is_put_together(file, value, call) for value in _given(file, node.id, call))
	return False


def _is_plain(node: ast.AST) -> bool:
	"""Strings that only stand one after another."""
	if isinstance(node, ast.BinOp):
		return isinstance(node.op, ast.Add) and _is_plain(node.left) and _is_plain(node.right)
	return isinstance(node, ast.Constant)


def _given(file: Python, name: str, call: ast.Call) -> Iterator[ast.AST]:
	"""What is assigned to `name` in the function around `call`."""
	around = next((place for place in above(file, call) if isinstance(place, FUNCTIONS)), file.tree)
	for node in ast.walk(around):
		if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
			targets = node.targets if isinstance(node, ast.Assign) else [node.target]
			if any(isinstance(target, ast.Name) and target.id == name for target in targets):
				yield (
					ast.BinOp(ast.Name(name), ast.Add(), node.value)
					if isinstance(node, ast.AugAssign)
					else node.value
				)


# --- what the browser may call ------------------------------------------------------------------


@dataclass(frozen=True)
class Endpoint:
	"""A whitelisted function; a method of a document is called with `run_doc_method`."""

	path: str
	methods: tuple[str, ...]
	guest: bool
	line: int


def endpoints(file: Python) -> Iterator[tuple[ast.FunctionDef, Endpoint]]:
	for node in file.nodes:
		if isinstance(node, FUNCTIONS):
			for decorator in node.decorator_list:
				name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
				if name.split(".")[-1] == "whitelist":
					yield node, _endpoint(file, node, decorator)


def _endpoint(file: Python, node: ast.FunctionDef, decorator: ast.AST) -> Endpoint:
	words = {word.arg: word.value for word in getattr(decorator, "keywords", ())}
	methods = words.get("methods")
	guest = words.get("allow_guest")
	classes = [place.name for place in above(file, node) if isinstance(place, ast.ClassDef)]
	module = file.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
	return Endpoint(
		".".join([module, *reversed(classes), node.name]),
		tuple(item.value for item in methods.elts) if isinstance(methods, ast.List | ast.Tuple) else (),
		guest is not None and not (isinstance(guest, ast.Constant) and not guest.value),
		node.lineno,
	)


def untyped_endpoint(file: Python) -> Iterator[Finding]:
	"""Every argument and the answer of a whitelisted function is annotated."""
	for node, endpoint in endpoints(file):
		arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
		arguments += [word for word in (node.args.vararg, node.args.kwarg) if word]
		bare = [word.arg for word in arguments if not word.annotation and word.arg not in ("self", "cls")]
		if bare or not node.returns:
			what = (
				f"{endpoint.path}({', '.join(bare)}){'' if node.returns else ' without the type it answers'}"
			)
			yield Finding("untyped endpoint", file.name, node.lineno, what)


def endpoint_without_methods(file: Python) -> Iterator[Finding]:
	for node, endpoint in endpoints(file):
		if not endpoint.methods:
			yield Finding("endpoint without methods=", file.name, node.lineno, endpoint.path)


# --- text for people ----------------------------------------------------------------------------


def unfinished_translation(file: Python) -> Iterator[Finding]:
	"""What stands inside `_()` is looked up as it is: put values in afterwards."""
	for call in calls(file):
		if dotted(call.func) in ("_", "frappe._", "_lt", "frappe._lt") and call.args:
			text = call.args[0]
			formatted = isinstance(text, ast.Call) and dotted(text.func).endswith("format")
			formatted |= isinstance(text, ast.Call) and getattr(text.func, "attr", "") == "format"
			joined = isinstance(text, ast.BinOp) and isinstance(text.op, ast.Add | ast.Mod)
			if isinstance(text, ast.JoinedStr) or formatted or joined:
				yield Finding("value inside _()", file.name, call.lineno, ast.unparse(text)[:80])


# --- queries in loops ---------------------------------------------------------------------------


def query_in_a_loop(file: Python) -> Iterator[Finding]:
	"""One query for all rows, or a remark that begins with “one by one:” and says why not."""
	asking = functions_that_ask(file.tree)
	for call in calls(file):
		name = is_query(call) or (dotted(call.func) if dotted(call.func) in asking else None)
		loop = name and _loop_around(file, call)
		if loop and not _one_by_one(file, call, loop):
			yield Finding("query in a loop", file.name, call.lineno, name)


def is_query(call: ast.Call) -> str | None:
	"""The name of what goes to the database, by the look of it."""
	name = dotted(call.func)
	if name.startswith(NOT_A_QUERY) or _is_cached(call) or _is_new_document(name, call):
		return None
	if name in QUERIES:
		return name
	method = getattr(call.func, "attr", "")
	if method not in QUERY_METHODS or (method in ("insert", "delete") and call.args):
		return None  # list.insert(0, x), set.delete(x)
	return f".{method}"


def _is_new_document(name: str, call: ast.Call) -> bool:
	"""`frappe.get_doc` of values makes a document and asks for none."""
	given = isinstance(call.args[0], ast.Dict) if call.args else True
	return name == "frappe.get_doc" and given


def _is_cached(call: ast.Call) -> bool:
	return any(word.arg == "cache" for word in call.keywords)


@cache
def functions_that_ask(tree: ast.Module) -> set[str]:
	"""Functions of this module that query, themselves or through one another."""
	inside = {node.name: node for node in tree.body if isinstance(node, FUNCTIONS)}
	called = {
		name: {is_query(call) or dotted(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
		for name, node in inside.items()
	}
	asking = {
		name
		for name, node in inside.items()
		if any(is_query(call) for call in ast.walk(node) if isinstance(call, ast.Call))
	}
	while more := {name for name in inside if name not in asking and called[name] & asking}:
		asking |= more
	return asking


def _loop_around(file: Python, call: ast.Call) -> ast.AST | None:
	"""The loop that runs `call` once a turn; what a loop goes through is asked once."""
	inner: ast.AST = call
	for place in above(file, call):
		if isinstance(place, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
			return None
		if (
			isinstance(place, ast.For | ast.AsyncFor)
			and inner is not place.iter
			and inner not in place.orelse
		):
			return place
		if isinstance(place, ast.While):
			return place
		if isinstance(place, COMPREHENSIONS) and inner is not place.generators[0]:
			return place
		if isinstance(place, ast.comprehension):
			if inner is not place.iter:
				return place
			owner = parents(file.tree)[place]
			if owner.generators[0] is not place:
				return owner
		inner = place
	return None


def _one_by_one(file: Python, call: ast.Call, loop: ast.AST) -> bool:
	said = [*remarks(file, own_lines(file, call)), *remarks(file, own_lines(file, loop))]
	return any(words.lower().startswith(ONE_BY_ONE) and len(words) > len(ONE_BY_ONE) + 8 for words in said)


# --- JavaScript and templates -------------------------------------------------------------------


def _line(text: str, place: int) -> int:
	return text.count("\n", 0, place) + 1


JS_TRANSLATION = re.compile(
	r"""(?<![\w$.])__\(\s*(?:`[^`]*\$\{|(?:"[^"\n]*"|'[^'\n]*')\s*\+|[\w.]+\s*\+\s*["'`])"""
)
JINJA_TRANSLATION = re.compile(r"""(?<![\w.])_\(\s*(?:"[^"]*"|'[^']*')\s*(?:~|%|\+|\.format|\|\s*format)""")
JINJA_SAFE = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")


def unfinished_js_translation(name: str, text: str) -> Iterator[Finding]:
	for hit in JS_TRANSLATION.finditer(text):
		yield Finding("value inside __()", name, _line(text, hit.start()), hit[0].strip()[:80])


def unfinished_template_translation(name: str, text: str) -> Iterator[Finding]:
	for hit in JINJA_TRANSLATION.finditer(text):
		yield Finding("value inside _()", name, _line(text, hit.start()), hit[0].strip()[:80])


def unescaped_template(name: str, text: str) -> Iterator[Finding]:
	for hit in JINJA_SAFE.finditer(text):
		yield Finding("unescaped", name, _line(text, hit.start()), hit[0])


PYTHON = (
	unexplained_bypass,
	sql_by_format,
	untyped_endpoint,
	endpoint_without_methods,
	unfinished_translation,
	query_in_a_loop,
)


def findings(file: Python) -> Iterator[Finding]:
	"""All of them; tests loop over what they prove."""
	for rule in PYTHON:
		if rule is not query_in_a_loop or not (file.is_test or file.name.startswith(ONCE)):
			yield from rule(file)
