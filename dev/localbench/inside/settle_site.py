"""settle_site.py SITE: what the setup wizard would ask, answered. Bounded: a new site of the local bench; a script
has no request that would commit for it."""

import sys

import frappe

SETTINGS = {
	"setup_complete": 1,
	"country": "United Kingdom",
	"language": "en",
	"time_zone": "Europe/London",
	"date_format": "dd-mm-yyyy",
	"number_format": "#,###.##",
	"enable_telemetry": 0,
	"enable_onboarding": 0,
	"disable_system_update_notification": 1,
}

frappe.init(site=sys.argv[1])
frappe.connect()
for field, value in SETTINGS.items():
	frappe.db.set_single_value("System Settings", field, value)
	frappe.db.set_default(field, value)
frappe.db.set_default("desktop:home_page", "workspace")
frappe.db.set_default("currency", "GBP")
frappe.db.set_value("Currency", "GBP", "enabled", 1)
frappe.db.commit()
frappe.clear_cache()
