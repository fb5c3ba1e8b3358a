"""Examples after what two banks and others publish, beside those that were there."""

import frappe

from involvement_app.setup import masters


def execute() -> None:
	there = set(frappe.get_all("Bank File Layout", pluck="title"))  # bounded: migration
	masters.example_layouts(each for each in masters.LAYOUTS[3:] if each["title"] not in there)
