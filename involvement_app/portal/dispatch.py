"""From a path to a response, whatever happens on the way."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe import _
from werkzeug.wrappers import Response

from involvement_app.involvement_app import participants, supporters, young_people
from involvement_app.portal import forms, kept, limits, responses, uploads, words
from involvement_app.portal.visit import Missing, Problem, Refused, Visit

# Words of the framework for the framework's people: the portal says them its own way.
INTERNAL = (
	frappe.MandatoryError,
	frappe.LinkValidationError,
	frappe.TimestampMismatchError,
	frappe.CharacterLengthExceededError,
	frappe.UniqueValidationError,
)
REDIRECTS = (301, 302, 303, 307, 308)
# for a form that says nothing: a test refuses to ship one
ONCE_IN_A_WHILE = 5
ANYTHING = "anything"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,139}")


@dataclass(frozen=True)
class Route:
	"""`pattern`: path below the prefix, `{…}` for one name. `show` answers GET and shows the page again with
	`visit.problems`; `submit` takes the form and answers a redirect or raises Refused. `most`: how often an
	account may send the form in a quarter of an hour; with `same_answer`, `submit` itself answers who sends it
	more often, in the words it has for everybody."""

	pattern: str
	show: Callable[..., Response] | None = None
	submit: Callable[..., Response] | None = None
	participants_only: bool = False
	public: bool = False  # search engines may list it
	most: int | None = None
	same_answer: bool = False
	for_supporters: bool = False  # also for who takes no part themself, and whomever they act for
	# what a supporter must have been asked to do (a field of Participant Supporter, ANYTHING) to see this page, and to
	# send its form. Without it the page is the person's own: denied by default.
	seen_by: str | None = None
	done_by: str | None = None
	# with `done_by`: what the person hears that a supporter did for them (`supporters.did`)
	told: str | None = None
	# what is typed here is not even kept for somebody who has to sign in again
	stores_nothing: bool = False


class TooOften(Refused):
	"""This account has sent this form as often as it may for now."""

	status = 429


NOWHERE = Route("")


def answer(path: str) -> Response:
	"""The whole of a request. Never raises."""
	visit, route, values = _arrive(path)
	try:
		response = _answer(visit, route, values)
	except Exception as problem:
		response = _explain(visit, route, values, problem)
	return responses.sealed(response, visit, route.public)


def instead(path: str, status: int) -> Response | None:
	"""Our page in place of one that Frappe has answered with `status` before it came to us (interception.py);
	None where Frappe's may stay. Never raises."""
	visit, route, values = _arrive(path)
	problem = _reason(visit, status)
	if not problem:
		return None
	response = _explain(visit, route, values, problem)
	if response.status_code == 500:
		response.status_code = max(status, 500)
	return responses.sealed(response, visit, route.public)


def _arrive(path: str) -> tuple[Visit, Route, dict[str, str]]:
	visit = Visit(path.strip("/ "))
	try:
		return visit, *find(path)
	except Missing:
		return visit, NOWHERE, {}


def _reason(visit: Visit, status: int) -> Exception | None:
	if status == 413:
		return TooLarge()
	if status in (404, 405):
		return Missing()
	if visit.is_post and visit.signed_in:
		try:
			forms.check(visit)
		except forms.Forged as problem:
			return problem
	# 15.0.0-dev sends its page about a fault with 200
	return RuntimeError("Frappe could not answer") if status in (200, 500, 502, 504, 508) else None


class TooLarge(Exception):
	"""The request is larger than this site takes."""


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
		return _sign_in_first(visit, route)
	forms.token(visit)  # now: a session's first one commits what was written before it
	if visit.is_post:
		forms.check(visit)
	if route.participants_only and (refusal := _not_theirs(visit, route)):
		return refusal
	if visit.is_post:
		return _submit(visit, route, values)
	if not route.show:
		return responses.see_other("/take-part")
	if route.participants_only and route.submit:
		visit.brought_back = kept.of(visit)
	return route.show(visit, **values)


def _not_theirs(visit: Visit, route: Route) -> Response | None:
	"""What is answered instead of this page to somebody who does not take part, or acts for another; else None."""
	if route.for_supporters and (visit.acting or visit.acting_ended):
		return None
	if not visit.participant and not visit.acting_ended:
		if not supporters.for_whom():
			return responses.page(visit, "not_joined.html", _("You have not joined yet"), 403)
		return None if route.for_supporters else responses.see_other("/take-part/acting")
	if not visit.acting and young_people.too_young_for_the_portal(participants.birth_of()):
		return responses.page(visit, "not_yet.html", _("Not here yet"), 403)
	if why := _not_for_supporters(visit, route):
		title = _("You cannot do this for somebody")
		return responses.page(visit, "not_for_supporters.html", title, 403, why=why)
	return None


def _not_for_supporters(visit: Visit, route: Route) -> str | None:
	"""Why this request is not for the reader as they act now; None where it is."""
	if visit.acting_ended:
		return _("You no longer act for this person. Nothing was done.")
	if visit.is_post and visit.secret(forms.ACTING) != forms.acting_by(visit):
		return _(
			"You changed who you are here for while this page was open. Nothing was done. Open it again."
		)
	needed = route.done_by if visit.is_post else route.seen_by or route.done_by
	if not visit.acting or needed == ANYTHING or (needed and visit.acting.get(needed)):
		return None
	return _("This page is for {0} alone, or they have not asked you to do this.").format(
		visit.acting.preferred_name
	)


def _sign_in_first(visit: Visit, route: Route) -> Response:
	"""And then back to this page; what was typed is kept where that is possible."""
	if not (visit.is_post and route.submit) or route.stores_nothing:
		return responses.see_other("/take-part/sign-in", next=f"/{visit.path}")
	secret = kept.keep(visit)
	if secret:
		uploads.keep_unsent(visit, kept.sealed_for(visit))
	response = responses.see_other(
		"/take-part/sign-in", next=f"/{visit.path}", ended="kept" if secret else "lost"
	)
	if secret:
		kept.remember(response, secret)
	return response


def _submit(visit: Visit, route: Route, values: dict[str, str]) -> Response:
	if not route.submit:
		return responses.see_other(f"/{visit.path}")
	try:
		_count(visit, route, values)
		with supporters.acting(visit.acting):
			response = route.submit(visit, **values)
			if visit.acting and route.told:
				supporters.note_act(route.told)
		kept.sent(visit)
		return response
	except Refused as refused:
		visit.problems, status = refused.problems, refused.status
	except frappe.ValidationError as problem:
		if isinstance(problem, frappe.DoesNotExistError):
			raise Missing
		visit.problems, status = [Problem(_plainly(problem))], 422
	undo()
	return _again(visit, route, values, status)


def _count(visit: Visit, route: Route, values: dict[str, str]) -> None:
	account = visit.user if visit.signed_in else _claimed(visit) or values.get("token", "")
	visit.too_often = not limits.allows(route.pattern, account, route.most or ONCE_IN_A_WHILE)
	if visit.too_often and not route.same_answer:
		raise TooOften(Problem(_("This was sent very often. Wait a quarter of an hour, then send it again.")))


def _claimed(visit: Visit) -> str:
	"""Who a guest says they are: a drop-in centre's people share an address, and some have no e-mail."""
	return visit.kept("email") or visit.kept("phone") or visit.kept("person_name")


def _again(visit: Visit, route: Route, values: dict[str, str], status: int) -> Response:
	"""The page with `visit.problems` and what was typed."""
	response = route.show(visit, **values) if route.show else None
	if not response or response.status_code in REDIRECTS:  # there is no such form any more
		onward = response.headers["Location"] if response else "/take-part"
		response = responses.page(visit, "not_done.html", _("We could not do this"), onward=onward)
	response.status_code = status
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


def _explain(visit: Visit, route: Route, values: dict[str, str], problem: Exception) -> Response:
	try:
		undo()
		if isinstance(problem, forms.Forged):
			return _not_taken(visit, route, values)
		if isinstance(problem, limits.TooMany):
			return responses.page(visit, "too_many.html", _("Please try again later"), 429)
		if isinstance(problem, TooLarge):
			return responses.page(visit, "too_large.html", _("This is too large to send"), 413)
		if isinstance(problem, (Missing, frappe.PermissionError, frappe.DoesNotExistError)):
			return responses.page(visit, "missing.html", _("Page not found"), 404)
		_log("The portal could not show a page", problem)
		return responses.page(visit, "broken.html", _("Sorry, there is a problem"), 500)
	except Exception:  # no database, no templates: say so without either
		return Response("Sorry, there is a problem. Please try again later.", 500, mimetype="text/plain")


def _not_taken(visit: Visit, route: Route, values: dict[str, str]) -> Response:
	"""A form without this session's token. If its seal says that this person was shown it, in a session that
	has ended since, it is shown to them once more with what they typed; in any case nothing is done."""
	if visit.participant and route.submit and kept.sealed_for(visit) == visit.user:
		visit.problems = [
			Problem(
				_("This page was open for a long time, so we did not send it. Check it, and send it again.")
			)
		]
		return _again(visit, route, values, 403)
	return responses.page(visit, "form_expired.html", _("This page was open for too long"), 403)


def _log(title: str, problem: Exception | None = None) -> None:
	"""Deferred, so that it outlives the rollback of a GET; without the values of variables, which are
	somebody's words."""
	import traceback

	trace = "".join(traceback.format_exception(problem)) if problem else traceback.format_exc()
	frappe.log_error(title, trace, defer_insert=True)
