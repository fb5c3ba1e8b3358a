"""Days and months of the settings that could be none: the cooling-off time and the promise become one day, the time to claim what
held all along. Bounded: three fields of one row."""

import frappe
from frappe.utils import cint

SETTINGS = "Involvement Settings"
LEAST = {"bank_cooling_off_days": 1, "payment_working_days": 1, "claim_months": 3}


def execute() -> None:
	there = frappe.db.get_singles_dict(SETTINGS)
	defaults = {field.fieldname: field.default for field in frappe.get_meta(SETTINGS).fields}
	said = []
	# one by one: three settings
	for fieldname, least in LEAST.items():
		if cint(there.get(fieldname)) >= 1:
			continue
		value = least if fieldname in there else cint(defaults[fieldname])
		frappe.db.set_single_value(SETTINGS, fieldname, value, update_modified=False)
		label = frappe.get_meta(SETTINGS).get_label(fieldname)
		said.append(f"{label}: {value}, for it cannot be {cint(there.get(fieldname))} any more")
	if said:
		print("Involvement Settings: " + "; ".join(said))
		# bounded: migration; whoever opens the settings reads it there
		frappe.get_doc(SETTINGS).add_comment("Info", "; ".join(said))
