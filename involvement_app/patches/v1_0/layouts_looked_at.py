"""Layouts from before somebody else had to put them in use: those that wrote files stay as they are, and stay in use. Whoever
changed one of the others last does not put it in use. A batch on its way keeps its layout as it is today."""

import frappe

from involvement_app.involvement_payments import layouts
from involvement_app.involvement_payments.batches import BATCH


def execute() -> None:
	written = {"file_layout": ["is", "set"]}
	named = frappe.get_all(BATCH, written, pluck="file_layout", distinct=True)  # bounded: migration
	# one by one: a handful of layouts; bounded: migration
	for name in frappe.get_all(layouts.LAYOUT, {"put_in_use_on": ["is", "not set"]}, pluck="name"):
		layout = frappe.get_doc(layouts.LAYOUT, name)
		values = {"edited_by": layout.modified_by}
		if layout.in_use or name in named:
			said = layouts.fingerprint(layout)
			values |= {"put_in_use_on": layout.modified, "content_hash": said}
			on_its_way = {"file_layout": name, "status": ["in", ["Locked", "Authorised", "Exported"]]}
			# bounded: migration
			frappe.db.set_value(BATCH, on_its_way, "layout_hash", said, update_modified=False)
		frappe.db.set_value(layouts.LAYOUT, name, values, update_modified=False)  # bounded: migration
