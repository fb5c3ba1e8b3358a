"""What Frappe makes from our hooks and does not take away with the app. Bounded: rows that name us, at uninstall."""

import shutil

import frappe

from involvement_app.clean_files import WAITING


def remove() -> None:
	frappe.db.delete(
		"Portal Menu Item", {"route": "/take-part", "parent": "Portal Settings", "parentfield": "menu"}
	)
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "involvement_app.%"]})
	frappe.db.delete("Singles", {"doctype": "Involvement Settings"})
	frappe.db.delete("Version", {"ref_doctype": ["like", "Involvement %"]})
	frappe.db.delete("Onboarding Step", {"name": ["in", _first_steps() or [""]]})
	forget_series(series())
	shutil.rmtree(frappe.get_site_path("private", WAITING), ignore_errors=True)


def forget_series(prefixes) -> None:
	counted = frappe.qb.DocType("Series")
	frappe.qb.from_(counted).delete().where(counted.name.isin([*prefixes, ""])).run()


def series() -> dict[str, str]:
	"""prefix → our doctype that is numbered with it."""
	modules = frappe.get_module_list("involvement_app")
	numbered = {"module": ["in", modules], "autoname": ["like", "%.#%"]}
	rows = frappe.get_all("DocType", numbered, ["name", "autoname"])  # our own files
	return {row.autoname.split(".#")[0]: row.name for row in rows}


def _first_steps() -> list[str]:
	"""Of our Module Onboarding, which goes with its module."""
	modules = frappe.get_module_list("involvement_app")
	ours = frappe.get_all("Module Onboarding", {"module": ["in", modules]}, pluck="name")
	return frappe.get_all("Onboarding Step Map", {"parent": ["in", ours]}, pluck="step")
