"""A member of staff at the desk, in Chromium: forms are opened, filled, saved and moved on by their buttons."""

import json

from frappe.utils import add_to_date, now_datetime

from involvement_app.tests.chromium import PICTURES, URL, picture

WIDTHS = (1280, 320)
PHONE = 576  # below it the desk keeps a form's buttons in its menu
PASSWORD = "three plain words"


def keep(page, name: str) -> None:
	"""Pictures of the screen at a desk and on a phone, for people to look at."""
	if not PICTURES:
		return
	size = page.viewport_size
	for width in WIDTHS:
		page.set_viewport_size({"width": width, "height": 800})
		page.wait_for_timeout(300)  # the desk re-arranges itself
		picture(page, "journey", name)
	page.set_viewport_size(size)


class Desk:
	"""`at(width)` goes on at another width, signed in as before."""

	def __init__(self, browser, user: str):
		self.context = browser.new_context(
			viewport={"width": 1280, "height": 800}, base_url=URL, accept_downloads=True
		)
		answer = self.context.request.post("/api/method/login", form={"usr": user, "pwd": PASSWORD})
		assert answer.ok, answer.text()
		self.page = self.context.new_page()
		self.page.set_default_timeout(60_000)
		self.complaints: list[str] = []
		self.page.on("pageerror", self.note_ours)

	def note_ours(self, error) -> None:
		"""Errors of our scripts; Frappe's own stumble when a page is left while it is still loading."""
		if "involvement" in (error.stack or ""):
			self.complaints.append(str(error))

	def at(self, width: int) -> "Desk":
		self.page.set_viewport_size({"width": width, "height": 800})
		return self

	def open(self, doctype: str, name: str) -> None:
		slug = doctype.lower().replace(" ", "-")
		self.page.goto(f"/app/{slug}/{name}")
		self.page.wait_for_function(
			"([doctype, name]) => window.cur_frm && cur_frm.doctype === doctype && cur_frm.docname === name"
			" && !frappe.ajax_count",
			arg=[doctype, name],
		)
		self.settled("true")  # its buttons come with an answer of their own

	def new(self, doctype: str, values: dict) -> str:
		"""Fill in a new form and save it with its button; answers the name."""
		slug = doctype.lower().replace(" ", "-")
		self.page.goto(f"/app/{slug}/new")
		self.page.wait_for_function(
			"doctype => window.cur_frm && cur_frm.doctype === doctype && cur_frm.is_new()", arg=doctype
		)
		self.fill(values)
		self.save()
		return self.page.evaluate("cur_frm.docname")

	def fill(self, values: dict) -> None:
		"""Set the fields as the form does when somebody leaves them: link checks and triggers run."""
		self.page.evaluate(
			"""async values => {
				for (const [field, value] of Object.entries(values)) {
					if (!Array.isArray(value)) { await cur_frm.set_value(field, value); continue; }
					cur_frm.clear_table(field);
					value.forEach(row => Object.assign(cur_frm.add_child(field), row));
					cur_frm.refresh_field(field);
					cur_frm.dirty();
				}
			}""",
			json.loads(json.dumps(values, default=str)),
		)

	def save(self) -> None:
		self.page.locator(".page-container:visible .primary-action:visible", has_text="Save").first.click()
		self.settled("!cur_frm.is_dirty() && !cur_frm.is_new()")

	def workflow(self, action: str, then: str) -> None:
		"""Choose a step from the Workflow's menu."""
		self.page.locator(".page-container:visible .actions-btn-group button:visible").first.click()
		self.page.locator(
			".page-container:visible .actions-btn-group .dropdown-item:visible", has_text=action
		).first.click()
		self.confirm_if_asked()
		self.settled(f"cur_frm.doc.status === {then!r}")

	def press(self, label: str, then: str | None = None) -> None:
		"""Press a button of the form."""
		self.button(label)
		self.confirm_if_asked()
		self.settled(f"cur_frm.doc.status === {then!r}" if then else "true")

	def tell(self, label: str, words: str, then: str) -> None:
		"""Press a button that asks for words, and write them."""
		self.button(label)
		self.page.locator(".modal.show textarea:visible").first.fill(words)
		self.page.locator(
			".modal.show .btn-modal-primary:visible, .modal.show .btn-primary:visible"
		).first.click()
		self.settled(f"cur_frm.doc.status === {then!r}")

	def button(self, label: str) -> None:
		"""Where people find it at this width."""
		if self.page.viewport_size["width"] >= PHONE:
			self.page.get_by_role("button", name=label, exact=True).locator("visible=true").first.click()
			return
		self.page.locator(".page-container:visible .menu-btn-group > button:visible").first.click()
		choice = self.page.locator(".page-container:visible .menu-btn-group .dropdown-item:visible")
		choice.get_by_text(label, exact=True).first.click()

	def fits(self) -> bool:
		"""Nothing of the page lies beside the screen."""
		return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

	def confirm_if_asked(self) -> None:
		self.page.wait_for_timeout(500)
		yes = self.page.locator(".modal.show .btn-modal-primary:visible, .modal.show .btn-primary:visible")
		if yes.count():
			yes.first.click()

	def settled(self, condition: str) -> None:
		# while a form is loaded anew it has no document for a moment, so it has to hold for a while
		for _look in range(2):
			self.page.wait_for_function(
				f"() => window.cur_frm && cur_frm.doc && !frappe.ajax_count && ({condition})"
			)
			self.page.wait_for_timeout(700)

	def keep(self, name: str) -> None:
		keep(self.page, name)

	def close(self) -> None:
		self.context.close()


def dates_of(days: int) -> list[dict]:
	start = add_to_date(now_datetime().replace(hour=10, minute=0, second=0, microsecond=0), days=days)
	return [{"starts_on": start, "ends_on": add_to_date(start, hours=2), "place": "The Old Library"}]
