"""The portal: every page under /take-part, for people with lived experience (docs/architecture.md).

`routes` is the table of pages, `dispatch` runs one, `views` hold what each page does, `reads` what it may
see. Nothing here raises into Frappe: it would answer with its own page and commit what was written.
"""

import frappe

from involvement_app.portal import dispatch

PREFIX = "take-part"


class Renderer:
	"""Frappe's page_renderer hook; the pages of the site itself are left alone."""

	def __init__(self, path: str | None = None, http_status_code: int | None = None):
		self.path = (path or frappe.local.request.path).strip("/ ")

	def can_render(self) -> bool:
		return self.path.split("/", 1)[0] == PREFIX

	def render(self):
		return dispatch.answer(self.path)
