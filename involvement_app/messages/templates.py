"""Message texts: shipped as declarations, installed as Email Templates, edited by the site."""

import hashlib
import html
import re
from dataclasses import dataclass

import frappe
from frappe import _

from involvement_app.messages.neutral import telling
from involvement_app.site_memory import recall, remember

ADDED = "involvement_email_templates"
# {name: fingerprint} of what was shipped last: what still has it, no site has edited
LAST = "involvement_email_templates_shipped"
# stands where a link comes that is made only when the message is handed over
LATE_LINK = "⟦link⟧"
# what a subject or a text message may show: it is read over somebody's shoulder
SHOWN_TO_ANYBODY = {"name", "link", "reply_by", "paid_on", "session_on", "minutes"}
VALUE = re.compile(r"{{-?\s*([\w.]+)|{%-?\s*\w+\s+([\w.]+)")


@dataclass(frozen=True)
class Template:
	"""`subject` and `text` (the same in short, for a text message) are read by anybody who sees the phone: neutral
	words only (law 12). `body` is Jinja over escaped values, simple HTML. Without a `text`, the one that all share.

	`late_link`: dotted path of a function(recipient's name) → address, called when the message is handed over; a
	link that signs in is nowhere before that. `attaches`: dotted path of a function(the outbox's row) → what goes with a
	mail (`Outgoing.attachments`), called then too. `any_hour`: the person waits for it. `hours`: later than this it is
	not worth having and is not sent. `private`: that it goes to this person tells something of them that others are not
	to know, so the outbox shows its row to nobody, unless somebody passes it on by hand."""

	name: str
	subject: str
	body: str
	text: str = ""
	late_link: str = ""
	attaches: str = ""
	any_hour: bool = False
	hours: int = 7 * 24
	private: bool = False


@dataclass(frozen=True)
class Words:
	"""A rendered message."""

	subject: str
	body: str
	text: str


SHARED_TEXT = Template(
	"Involvement message",
	"A message for you",
	"""<p>Hello {{ name }},</p>
<p>There is something new for you.</p>
<p><a href="{{ link }}">See your page</a></p>""",
	"Hello {{ name }}. There is something new for you: {{ link }}",
)


def declared() -> dict[str, Template]:
	found = [t for path in frappe.get_hooks("involvement_messages") for t in frappe.get_attr(path)]
	return {template.name: template for template in [SHARED_TEXT, *found]}


def of(name: str) -> Template:
	"""What was declared of the template; a plain one where an app that declared it is gone."""
	return declared().get(name) or Template(name, "", "")


def private() -> list[str]:
	"""Names of the templates that are between us and the person."""
	return [template.name for template in declared().values() if template.private]


def text_name(name: str) -> str:
	"""The Email Template that holds a template's text message."""
	return f"{name} (text message)"


def _shipped() -> list[tuple[str, str, str]]:
	"""(name, subject, content) of every Email Template we install."""
	rows = []
	for template in declared().values():
		rows.append((template.name, template.subject, template.body))
		if template.text:
			rows.append((text_name(template.name), template.subject, template.text))
	return rows


def install_templates() -> None:
	"""What is missing is added, what is still as it was shipped is brought to today's text, what a site has edited
	stays: where a release changes that too, who runs migrate is told."""
	added, last = recall(ADDED, []), shipped_last()
	# one by one: a handful, during install and migrate
	for name, subject, content in _shipped():
		ship, stored = _fingerprint(subject, content), fingerprint_of(name)
		if stored is None:
			_add(name, subject, content)
			added.append(name)
		elif stored != ship and stored == last.get(name):
			_renew(name, subject, content)
		elif stored != ship:
			if last.get(name, ship) != ship:
				print(
					f"Email Template {name}: kept as this site wrote it. This release words it anew. Please look at it."
				)
			continue
		last[name] = ship
	remember(ADDED, added)
	remember_shipped(last)


def _add(name: str, subject: str, content: str) -> None:
	frappe.get_doc(
		doctype="Email Template", name=name, subject=subject, use_html=1, response_html=content
	).insert(ignore_permissions=True)  # install and migrate, as Administrator


def _renew(name: str, subject: str, content: str) -> None:
	# bounded to one of ours that nobody has edited
	frappe.db.set_value("Email Template", name, {"subject": subject, "use_html": 1, "response_html": content})


def installed_by_us() -> list[str]:
	return recall(ADDED, [])


def shipped_last() -> dict[str, str]:
	return recall(LAST, {})


def remember_shipped(fingerprints: dict[str, str]) -> None:
	remember(LAST, fingerprints)


def fingerprint_of(name: str) -> str | None:
	"""Of the text a site has now; None where there is none."""
	fields = ["subject", "use_html", "response_html", "response"]
	row = frappe.db.get_value("Email Template", name, fields)
	return row and _fingerprint(row[0], row[2] if row[1] else row[3])


def _fingerprint(subject: str | None, content: str | None) -> str:
	return hashlib.sha256(f"{subject}\n{content}".encode()).hexdigest()


def remove_templates() -> None:
	# one by one: a handful, during uninstall
	for name in installed_by_us():
		frappe.delete_doc("Email Template", name, ignore_missing=True, force=True)
	remember(ADDED, None)
	remember(LAST, None)


def check_neutral(doc, method=None) -> None:
	"""Email Template, validate: a site may write what it likes, but nothing that tells where others can read it."""
	if not any(doc.name == name for name, _subject, _content in _shipped()):
		return
	refuse_telling(_("Subject"), doc.subject)
	if doc.name.endswith(text_name("")):
		refuse_telling(_("Text message"), doc.response_html if doc.use_html else doc.response)


def refuse_telling(where: str, words: str | None) -> None:
	values = {first or second for first, second in VALUE.findall(words or "")}
	if found := telling(VALUE.sub("", words or "")) or next(iter(values - SHOWN_TO_ANYBODY), None):
		frappe.throw(
			_(
				"{0}: “{1}” could tell somebody else about the person. Other people see this. Use neutral words."
			).format(where, found)
		)


def render(name: str, context: dict) -> Words:
	"""The template's words with every value of `context` escaped. Raises KeyError for one that nobody declared."""
	template = declared()[name]
	if template.late_link:
		context = {**context, "link": LATE_LINK}
	safe = {key: frappe.utils.escape_html(str(value)) for key, value in context.items() if value is not None}
	subject, body = _filled(name, template.subject, template.body, safe)
	with_text = template if template.text else SHARED_TEXT
	_subject, text = _filled(text_name(with_text.name), with_text.subject, with_text.text, safe)
	return Words(_plain(subject), body, _plain(text))


def _filled(name: str, subject: str, content: str, safe: dict) -> tuple[str, str]:
	"""The site's Email Template with the values; the shipped one where the site has deleted or broken it, because no
	state change fails for that."""
	edited = _stored(name) or (subject, content)
	try:
		return _fill(*edited, safe)
	except Exception:  # whatever Jinja finds wrong with it
		frappe.clear_last_message()
		frappe.log_error(f"Email Template {name} cannot be filled in: the shipped words were sent")
		return _fill(subject, content, safe)


def _stored(name: str) -> tuple[str, str] | None:
	row = frappe.get_cached_value(
		"Email Template", name, ["subject", "use_html", "response_html", "response"]
	)
	if not row:
		return None
	subject, use_html, as_html, as_text = row
	return subject, as_html if use_html else as_text


def _fill(subject: str, content: str, safe: dict) -> tuple[str, str]:
	return frappe.render_template(subject, safe), frappe.render_template(content, safe)


def _plain(words: str) -> str:
	"""On one line, without markup; the values as they are, since nothing reads this as HTML."""
	return " ".join(html.unescape(frappe.utils.strip_html(words)).split())
