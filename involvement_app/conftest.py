"""pytest on a real site: connects once; each test class rolls its own changes back (tests/compat.py)."""

import os
from functools import lru_cache

import pytest
import sqlparse
from hypothesis import HealthCheck, settings

# how quickly a busy machine makes examples is not what a property is about
settings.register_profile("suite", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

SITE = os.environ.get("INVOLVEMENT_TEST_SITE")


# Frappe takes the name of every column apart before each read, a quarter of what a test takes: the same words
# always give the same words.
sqlparse.format = lru_cache(maxsize=4096)(sqlparse.format)


def pytest_configure(config):
	if not SITE:
		raise pytest.UsageError(
			"Run the tests with dev/test, or on your own bench with: bench run-tests --app involvement_app"
		)


@pytest.fixture(scope="session", autouse=True)
def site():
	import frappe

	os.chdir(os.environ["INVOLVEMENT_SITES_PATH"])  # Frappe writes its logs to ../logs
	frappe.init(site=SITE, sites_path=".")
	frappe.connect()
	frappe.flags.in_test = True
	frappe.local.lang = "en"
	frappe.clear_cache()
	yield SITE
	frappe.db.rollback()
	frappe.destroy()
