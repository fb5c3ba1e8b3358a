"""The base classes of our controllers."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import set_new_name

from involvement_app.lifecycle import engine, workflow


class ServerManagedDocument(Document):
	"""A read-only field is what the server last wrote, whatever a request sends.

	Frappe's `read_only` is a hint to the browser. Here a forged value is put back before `validate`,
	so a controller may compute such fields in `validate` and an effect may set them; other code that
	writes one says so with `lifecycle.server_side()`.
	"""

	def validate_higher_perm_levels(self):
		"""Frappe puts back what somebody may not write; `levels_are_ours`: it was read and set by our own code."""
		if not self.flags.levels_are_ours:
			super().validate_higher_perm_levels()

	def set_name_in_children(self):
		"""At each save, before any rule looks at the rows: a name is that of a row stored in this very table of this very
		document, once. Every other row is new, whatever name and `__islocal` a request sends: Frappe would move the row of
		that name here, out of the document that it belongs to."""
		before = self.get_doc_before_save()
		for table in self.meta.get_table_fields():
			stored = {row.name for row in before.get(table.fieldname)} if before else set()
			for row in self.get(table.fieldname):
				if new := row.name not in stored:
					row.name = None
					set_new_name(row)
				stored.discard(row.name)
				row.set("__islocal", new)

	def before_validate(self):
		engine.restore_read_only(self)

	def before_update_after_submit(self):
		engine.restore_read_only(self)

	def before_cancel(self):
		engine.restore_read_only(self)


class RowDocument(Document):
	"""A row of a table: written with the document it belongs to, never alone.

	Frappe lets whoever may write a document save, insert and delete its rows one by one (`frappe.client.save`, `PUT`, `DELETE`),
	past the document's rules, its lifecycle and its versions. A document that is saved writes its rows without asking them.
	"""

	def run_before_save_methods(self):
		self.refuse_alone()

	def on_trash(self):
		self.refuse_alone()

	def before_rename(self, old: str, new: str, merge: bool = False):
		self.refuse_alone()

	def before_discard(self):
		self.refuse_alone()

	def refuse_alone(self):
		frappe.throw(
			_("{0}: a row is changed in the document that it belongs to.").format(_(self.doctype)),
			frappe.PermissionError,
		)


class LifecycleDocument(ServerManagedDocument):
	"""A document whose `status` moves only along its declaration."""

	def validate_workflow(self):
		# Frappe calls this at insert, save, submit and update after submit, with or without a Workflow
		engine.enforce(self, super().validate_workflow)

	def before_cancel(self):
		super().before_cancel()
		engine.enforce(self, super().validate_workflow)

	def before_discard(self):
		"""Newer Frappe throws drafts away by writing docstatus 2 past every other check."""
		frappe.throw(
			_("{0} {1} cannot be discarded. Use the buttons on the form.").format(_(self.doctype), self.name),
			engine.TransitionError,
		)

	def before_rename(self, old: str, new: str, merge: bool = False):
		"""`Document.rename` is open to requests and can be told to force: it would merge two records into one."""
		frappe.throw(_("{0} {1} keeps its number.").format(_(self.doctype), old), engine.TransitionError)

	def _save(self, *args, **kwargs):
		with engine.all_or_nothing(self):
			return super()._save(*args, **kwargs)

	def run_post_save_methods(self):
		workflow.note_who_acts_next(self)  # before Frappe does
		super().run_post_save_methods()
		engine.tell_timeline(self)

	def add_comment(self, comment_type: str = "Comment", *args, **kwargs):
		if comment_type == "Workflow" and self.flags.involvement_told:
			return None  # apply_workflow would say the same step a second time
		return super().add_comment(comment_type, *args, **kwargs)
