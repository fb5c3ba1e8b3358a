"""The base classes of our controllers."""

from frappe.model.document import Document

from involvement_app.lifecycle import engine


class ServerManagedDocument(Document):
	"""A read-only field is what the server last wrote, whatever a request sends.

	Frappe's `read_only` is a hint to the browser. Here a forged value is put back before `validate`,
	so a controller may compute such fields in `validate` and an effect may set them; other code that
	writes one says so with `lifecycle.server_side()`.
	"""

	def before_validate(self):
		engine.restore_read_only(self)

	def before_update_after_submit(self):
		engine.restore_read_only(self)

	def before_cancel(self):
		engine.restore_read_only(self)


class LifecycleDocument(ServerManagedDocument):
	"""A document whose `status` moves only along its declaration."""

	def validate_workflow(self):
		# Frappe calls this at insert, save, submit and update after submit, with or without a Workflow
		engine.enforce(self, super().validate_workflow)

	def before_cancel(self):
		super().before_cancel()
		engine.enforce(self)
