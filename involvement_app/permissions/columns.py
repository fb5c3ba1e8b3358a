"""Columns a reader may not see do not sort, group or filter for them either.

Frappe takes a column of a higher level out of what a list shows, but a filter by it still tells (`payee_name like
'A%'`: is the row there?). And a column "through a link" (`participant.access_note`) asks for the right on the other
doctype, not for its rows. Both are refused where a list of ours is asked for by a request; `permissions.pair` calls
this with every list. What the desk's own lists ask for is not: the title of a link that is shown by its title
(`opportunity.title as opportunity_title`)."""

import json
import re

import frappe

# what shapes a query, in any endpoint of the framework
SHAPING = (
	"filters",
	"or_filters",
	"order_by",
	"group_by",
	"sort_field",
	"current_filters",
	"export_filters",
	"field",
	"searchfield",
	"aggregate_on_field",
	"chart",
)
SHOWN = ("fields", "filter_fields", "fieldname", "field_map", "stats")
ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")


def refuse_hidden(doctype: str, user: str) -> None:
	"""Raises PermissionError where the request sorts or filters rows of `doctype` by what `user` may not see."""
	if not getattr(frappe.local, "request", None) or not frappe.local.form_dict:
		return
	shape = _words(SHAPING)
	hidden, shown = _hidden(doctype, user), _words(SHOWN)
	if _names(hidden, shape) or _more_than_one(hidden, shown) or _through_a_link(doctype, shape + shown):
		raise frappe.PermissionError


def _words(keys: tuple[str, ...]) -> str:
	given = (frappe.local.form_dict.get(key) for key in keys)
	text = " ".join(
		each if isinstance(each, str) else json.dumps(each, default=str) for each in given if each
	)
	return unescaped(text)


def unescaped(text: str) -> str:
	"""JSON within JSON, with what it spells as \\u0041 spelt out."""
	return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _hidden(doctype: str, user: str) -> set[str]:
	"""Of the doctype, and of its child tables, whose columns shape a list of it too."""
	meta = frappe.get_meta(doctype)
	tables = [frappe.get_meta(df.options) for df in meta.get_table_fields()]
	high = [df for each in (meta, *tables) for df in each.get_high_permlevel_fields()]
	levels = _levels(meta, user) if high else ()
	return {df.fieldname for df in high if df.permlevel not in levels}


def _levels(meta, user: str) -> set[int]:
	"""A child table's are those of what it is in."""
	if not meta.istable:
		return set(meta.get_permlevel_access("read", user=user))
	# bounded: about no row, and asked of the few tables that hide a column
	parents = frappe.get_all("DocField", {"fieldtype": "Table", "options": meta.name}, pluck="parent")
	return {
		level
		# one by one: a table is in one doctype, seldom two
		for parent in parents
		for level in frappe.get_meta(parent).get_permlevel_access("read", user=user)
	}


def hidden_from(doctype: str, user: str) -> set[str]:
	"""The columns of `doctype` that `user` may not read."""
	return _hidden(doctype, user)


def _names(fieldnames: set[str], text: str) -> bool:
	return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in fieldnames)


def _more_than_one(fieldnames: set[str], text: str) -> bool:
	"""Frappe 15 takes a hidden column out of what is shown, and then skips the one that stands after it."""
	named = "|".join(map(re.escape, sorted(fieldnames)))
	return bool(named) and len(re.findall(rf"\b(?:{named})\b", text, re.IGNORECASE)) > 1


def _through_a_link(doctype: str, text: str) -> bool:
	ours = set(frappe.get_hooks("involvement_unshared"))
	return any(
		re.search(rf"\b{re.escape(df.fieldname)}`?\.`?\w", _without_title(df, text), re.IGNORECASE)
		for df in frappe.get_meta(doctype).get_link_fields()
		if df.options in ours
	)


def _without_title(df, text: str) -> str:
	"""`text` without what every list of the desk asks for where `df` is a link that is shown by its title."""
	meta = frappe.get_meta(df.options)
	if not meta.show_title_field_in_link:
		return text
	name, title = re.escape(df.fieldname), re.escape(meta.title_field)
	return re.sub(rf'"{name}\.{title} as {name}_{title}"', '""', text)
