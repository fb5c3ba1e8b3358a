import frappe
import frappe.utils.fixtures
from frappe import _

from involvement_app import setup
from involvement_app.lifecycle import workflow

OLDEST_FRAPPE = 15


def before_install() -> None:
	refuse_old_frappe(frappe.__version__)


def refuse_old_frappe(version: str) -> None:
	"""Raises ValidationError for a Frappe before 15."""
	if int(version.split(".")[0]) < OLDEST_FRAPPE:
		frappe.throw(
			_("Involvement App needs Frappe {0} or newer; this bench has {1}.").format(OLDEST_FRAPPE, version)
		)


def after_install() -> None:
	# fixtures are synced after this hook, and the first masters link to the levels
	frappe.utils.fixtures.sync_fixtures("involvement_app")
	for step in (*setup.STEPS, *setup.ONCE):
		step()


def after_migrate() -> None:
	for step in setup.STEPS:
		step()
	workflow.report()
