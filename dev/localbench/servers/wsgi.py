"""Frappe's WSGI application with what a real bench leaves to nginx: static files, and one site for every host."""

import os

import frappe.app
from frappe.middlewares import StaticDataMiddleware
from frappe.utils import jinja
from werkzeug.middleware.shared_data import SharedDataMiddleware

frappes_own = jinja.get_jenv


def jenv():
	"""No nginx joins the realtime server to this port: pages look for it on its own, as under `bench start`."""
	environment = frappes_own()
	environment.globals["dev_server"] = 1
	return environment


jinja.get_jenv = jenv
sites = os.getcwd()
frappe.app._site = os.environ["FRAPPE_SITE"]
application = SharedDataMiddleware(frappe.app.application, {"/assets": os.path.join(sites, "assets")})
application = StaticDataMiddleware(application, {"/files": sites})
