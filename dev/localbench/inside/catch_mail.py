"""catch_mail.py SITE PORT SCHEDULER: the site's outgoing mail goes to the catcher; the scheduler runs or rests."""

import sys

import frappe

site, port, scheduler = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
NAME = "Local mail catcher"

frappe.init(site=site)
frappe.connect()
account = frappe.get_doc("Email Account", NAME) if frappe.db.exists("Email Account", NAME) else None
if not account:
	account = frappe.new_doc("Email Account", email_account_name=NAME)
account.update(
	{
		"email_id": "involvement@example.org",
		"enable_outgoing": 1,
		"default_outgoing": 1,
		"smtp_server": "127.0.0.1",
		"smtp_port": port,
		"no_smtp_authentication": 1,
		"use_tls": 0,
		"use_ssl_for_outgoing": 0,
		"awaiting_password": 1,
	}
)
# The catcher need not be up yet, so no connection is tried.
frappe.flags.in_test = True
account.save()
# a site of the local bench, by a script of its own: nobody else would commit it
frappe.db.set_single_value("System Settings", "enable_scheduler", scheduler)
frappe.db.commit()  # as above
frappe.clear_cache()
