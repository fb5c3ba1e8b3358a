"""What a server of the bench reads before it forks, so that no job and no request reads it again: a job of ours takes
a few hundredths of a second, to read Frappe and the app takes some seconds."""

import importlib
import pkgutil

import frappe.app
import frappe.core.doctype.docfield.docfield
import frappe.core.doctype.docperm.docperm
import frappe.model.delete_doc
import frappe.utils.logger  # noqa: F401

import involvement_app

TESTS = ("tests", "conftest", "testing")


def read_app() -> None:
	for module in pkgutil.walk_packages(involvement_app.__path__, f"{involvement_app.__name__}."):
		if not any(part in TESTS or part.startswith("test_") for part in module.name.split(".")):
			importlib.import_module(module.name)


read_app()
