"""From a path to a response, whatever happens on the way."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe import _
from werkzeug.wrappers import Response

from involvement_app.portal import forms, limits, responses, words
from involvement_app.portal.visit import Missing, Problem, Refused, Visit

# Words of the framework for the framework's people: the portal says them its own way.
INTERNAL = (
	frappe.MandatoryError,
	frappe.LinkValidationError,
	frappe.TimestampMismatchError,
	frappe.CharacterLengthExceededError,
	frappe.UniqueValidationError,
)
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,139}")


@dataclass(frozen=True)
class Route:
	"""`pattern`: path below the prefix, `{…}` for one name. `show` answers GET and shows the page again with
	`visit.problems`; `submit` takes the form and answers a redirect or raises Refused."""

	pattern: str
	show: Callable[..., Response] | None = None
	submit: Callable[..., Response] | None = None
	participants_only: bool = False
	public: bool = False  # search engines may list it


NOWHERE = Route("")


def answer(path: str) -> Response:
	"""The whole of a request. Never raises."""
	visit = Visit(path)
	try:
		route, values = find(path)
	except Missing:
		route, values = NOWHERE, {}
	try:
		response = _answer(visit, route, values)
	except Exception as problem:
		response = _explain(visit, problem)
	return responses.sealed(response, route.public)


def find(path: str) -> tuple[Route, dict[str, str]]:
	"""The route of `path` and the names in it. Raises Missing."""
	from involvement_app.portal.routes import ROUTES

	steps = path.strip("/").split("/")[1:]
	for route in ROUTES:
		values = _match(route.pattern, steps)
		if values is not None:
			return route, values
	raise Missing


def _match(pattern: str, steps: list[str]) -> dict[str, str] | None:
	parts = pattern.split("/") if pattern else []
	if len(parts) != len(steps):
		return None
	values = {}
	for part, step in zip(parts, steps, strict=True):
		if part.startswith("{") and NAME.fullmatch(step):
			values[part.strip("{}")] = step
		elif part != step:
			return None
	return values


def _answer(visit: Visit, route: Route, values: dict[str, str]) -> Response:
	if not (route.show or route.submit):
		raise Missing
	if route.participants_only and not visit.signed_in:
		return responses.see_other("/take-part/sign-in", next=f"/{visit.path}")
	if visit.is_post:
		forms.check(visit)
	if route.participants_only and not visit.participant:
		return responses.page(visit, "not_joined.html", _("You have not joined yet"), 403)
	if not visit.is_post:
		return route.show(visit, **values) if route.show else responses.see_other("/take-part")
	return _submit(visit, route, values)


def _submit(visit: Visit, route: Route, values: dict[str, str]) -> Response:
	if not route.submit:
		return responses.see_other(f"/{visit.path}")
	try:
		return route.submit(visit, **values)
	except Refused as refused:
		visit.problems = refused.problems
	except frappe.ValidationError as problem:
		if isinstance(problem, frappe.DoesNotExistError):
			raise Missing
		visit.problems = [Problem(_plainly(problem))]
	undo()
	response = route.show(visit, **values)
	response.status_code = 422
	return response


def _plainly(problem: frappe.ValidationError) -> str:
	if isinstance(problem, INTERNAL):
		_log("The portal could not save a form")
		return _("Sorry, we could not save this. Nothing was changed. Try again, or get in touch with us.")
	return words.plain(problem)


def undo() -> None:
	"""Nothing of a refused request stays: Frappe commits after a page, also after an error page."""
	frappe.db.rollback()
	frappe.clear_messages()


def _explain(visit: Visit, problem: Exception) -> Response:
	try:
		undo()
		if isinstance(problem, forms.Forged):
			return responses.page(visit, "form_expired.html", _("This page was open for too long"), 403)
		if isinstance(problem, limits.TooMany):
			return responses.page(visit, "too_many.html", _("Please try again later"), 429)
		if isinstance(problem, (Missing, frappe.PermissionError, frappe.DoesNotExistError)):
			return responses.page(visit, "missing.html", _("Page not found"), 404)
		_log("The portal could not show a page", problem)
		return responses.page(visit, "broken.html", _("Sorry, there is a problem"), 500)
	except Exception:  # no database, no templates: say so without either
		return Response("Sorry, there is a problem. Please try again later.", 500, mimetype="text/plain")


def _log(title: str, problem: Exception | None = None) -> None:
	"""Deferred, so that it outlives the rollback of a GET; without the values of variables, which are
	somebody's words."""
	import traceback

	trace = "".join(traceback.format_exception(problem)) if problem else traceback.format_exc()
	frappe.log_error(title, trace, defer_insert=True)
