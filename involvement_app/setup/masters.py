"""Starting values a site may edit or delete: inserted only where there are none yet."""

import frappe

TYPES = (
	("Consultation", "Consultation", "Engagement", 0),
	("Survey", "Consultation", "Consultation", 1),
	("Co-production group", "Co-production group", "Co-production", 0),
	("Forum", "Forum", "Engagement", 0),
	("Mystery shopping", "Mystery shopping", "Engagement", 0),
	("Recruitment panel", "Recruitment panel", "Co-production", 0),
	("Ambassador", "Ambassador", "Engagement", 0),
	("Team or board meeting", "Team or board representation", "Engagement", 0),
	("Communications review", "Communications review", "Consultation", 0),
	("Policy review", "Document or policy review", "Co-design", 0),
	("Training", "Training", "Co-design", 0),
)


def create() -> None:
	if not frappe.db.count("Involvement Type"):
		for name, category, level, is_survey in TYPES:
			frappe.get_doc(
				doctype="Involvement Type",
				type_name=name,
				category=category,
				default_level=level,
				is_survey=is_survey,
			).insert(ignore_permissions=True)  # install, as Administrator


def settings_defaults() -> None:
	"""A Single has no row until it is first saved, and then its defaults count for nothing."""
	settings = frappe.get_single("Involvement Settings")
	if not settings.reply_days:
		for df in settings.meta.fields:
			if df.default and not settings.get(df.fieldname):
				settings.set(df.fieldname, df.default)
		settings.flags.ignore_permissions = True  # install, as Administrator
		settings.save()
