"""Frappe's WSGI application with what a real bench leaves to nginx: static files, and one site for every host."""

import contextlib
import os
from pathlib import Path

import frappe.app
from frappe.utils import jinja, pdf
from werkzeug.middleware.shared_data import SharedDataMiddleware

frappes_own = jinja.get_jenv


def jenv():
	"""No nginx joins the realtime server to this port: pages look for it on its own, as under `bench start`."""
	environment = frappes_own()
	environment.globals["dev_server"] = 1
	return environment


jinja.get_jenv = jenv
# This commit of Frappe bends the standard output of the whole process for each PDF (releases no longer do): two
# threads that print at once wait for each other for good, until no thread is left to answer anybody.
pdf.pipe_to_log = lambda _log: contextlib.nullcontext()
if "DEV_SERVER" not in os.environ:  # that one reads anew what changes
	import preload  # noqa: F401
sites, site = Path.cwd(), os.environ["FRAPPE_SITE"]
frappe.app._site = site
static = {"/assets": str(sites / "assets"), "/files": str(sites / site / "public" / "files")}
application = SharedDataMiddleware(frappe.app.application, static)
