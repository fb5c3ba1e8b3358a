"""Rows that are written once: what happened is not rewritten, not even by Administrator."""

from typing import NoReturn

import frappe
from frappe import _

from involvement_app.lifecycle import ServerManagedDocument


class WrittenOnce(frappe.ValidationError):
	"""The row is there to stay as it is."""


class AppendOnlyDocument(ServerManagedDocument):
	"""Every field is read-only, so a row comes only from the function that owns the doctype (inside
	`lifecycle.server_side()`); afterwards the document API refuses to change, rename, cancel or delete it.
	Retention and erasure work on the table, where they say so."""

	def before_insert(self):
		# a request's row would come empty, because every field is put back: it is not kept at all
		if not getattr(frappe.local, "involvement_server_side", False):
			self._refuse()

	def db_update(self, *args, **kwargs):
		# save, submit and cancel all end here, whatever flags they carry
		self._refuse()

	def db_set(self, *args, **kwargs):
		self._refuse()

	def before_rename(self, *args, **kwargs):
		self._refuse()

	def on_trash(self):
		self._refuse()

	def after_delete(self):
		# reached by a deletion that was told to skip on_trash
		self._refuse()

	def _refuse(self) -> NoReturn:
		frappe.throw(
			_("{0}: what was written down stays as it is. Write down what changed as a new entry.").format(
				_(self.doctype)
			),
			WrittenOnce,
		)
