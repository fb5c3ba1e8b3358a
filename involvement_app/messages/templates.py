"""Message texts: shipped as declarations, installed as Email Templates, edited by the site."""

from dataclasses import dataclass

import frappe

from involvement_app.site_memory import recall, remember

ADDED = "involvement_email_templates"


@dataclass(frozen=True)
class Template:
	"""`subject` is read by anybody who sees the phone: neutral words only (law 12). `body` is Jinja over
	escaped values, simple HTML."""

	name: str
	subject: str
	body: str


def declared() -> dict[str, Template]:
	found = [t for path in frappe.get_hooks("involvement_messages") for t in frappe.get_attr(path)]
	return {template.name: template for template in found}


def install_templates() -> None:
	added = recall(ADDED, [])
	# one by one: a handful, during install and migrate
	for template in declared().values():
		if not frappe.db.exists("Email Template", template.name):
			frappe.get_doc(
				doctype="Email Template",
				name=template.name,
				subject=template.subject,
				use_html=1,
				response_html=template.body,
			).insert(ignore_permissions=True)  # install and migrate, as Administrator
			added.append(template.name)
	remember(ADDED, added)


def remove_templates() -> None:
	# one by one: a handful, during uninstall
	for name in recall(ADDED, []):
		frappe.delete_doc("Email Template", name, ignore_missing=True, force=True)
	remember(ADDED, None)


def render(name: str, context: dict) -> tuple[str, str]:
	"""(subject, body) of the template with every value of `context` escaped."""
	subject, use_html, html, text = frappe.get_cached_value(
		"Email Template", name, ["subject", "use_html", "response_html", "response"]
	)
	safe = {key: frappe.utils.escape_html(str(value)) for key, value in context.items() if value is not None}
	subject = " ".join(frappe.utils.strip_html(frappe.render_template(subject, safe)).split())
	return subject, frappe.render_template(html if use_html else text, safe)
