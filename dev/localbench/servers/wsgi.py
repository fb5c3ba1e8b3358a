"""Frappe's WSGI application with what a real bench leaves to nginx: static files, and one site for every host."""

import os

import frappe.app
from frappe.middlewares import StaticDataMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware

sites = os.getcwd()
frappe.app._site = os.environ["FRAPPE_SITE"]
application = SharedDataMiddleware(frappe.app.application, {"/assets": os.path.join(sites, "assets")})
application = StaticDataMiddleware(application, {"/files": sites})
