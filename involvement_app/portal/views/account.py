"""Signing in and out, and links by e-mail. Whatever is asked about an address, the answer does not tell
whether we know it."""

import frappe
from frappe import _
from frappe.utils import cint, today
from frappe.utils.password import update_password
from frappe.utils.password_strength import test_password_strength

from involvement_app.involvement_app import calendars
from involvement_app.portal import dispatch, kept, limits, links
from involvement_app.portal import sign_in as session
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

HOME = "/take-part/my"
SHORTEST_PASSWORD = 10


def sign_in_page(visit):
	if visit.signed_in:
		return see_other(_next(visit))
	return page(
		visit,
		"sign_in.html",
		_("Sign in"),
		next=_next(visit),
		asked_to=bool(visit.asked("next")),
		ended=visit.asked("ended"),
		minutes=kept.MINUTES,
	)


def sign_in(visit):
	address, password = _address(visit), visit.secret("password")
	if not password:
		raise Refused(Problem(_("Type your password"), "password"))
	no = Refused(
		Problem(
			_(
				"That e-mail address and password do not match. Check both, or ask for a link by e-mail instead."
			),
			"email",
		)
	)
	if visit.too_often:
		raise no
	try:
		session.with_password(address, password)
	except session.NotSignedIn:
		raise no
	except session.NeedsAnotherWay:
		return see_other("/login", **{"redirect-to": _next(visit)})
	limits.forget("sign-in", address)
	return _signed_in(visit, _next(visit))


def _signed_in(visit, onward: str):
	"""On to the page where something was being written here, else to `onward`."""
	return see_other(kept.page_of(visit, frappe.session.user) or onward)


def sign_out(visit):
	kept.forget(visit)
	if visit.signed_in:
		session.out()
	return see_other("/take-part", done="signed-out")


def link_page(visit):
	return page(
		visit, "ask_for_link.html", _("Sign in with a link"), button=_("Send me the link"), password=False
	)


def ask_for_link(visit):
	return _ask(visit, links.SIGN_IN)


def password_page(visit):
	title = _("Choose a new password")
	return page(visit, "ask_for_link.html", title, button=_("Send me a link"), password=True)


def ask_for_password(visit):
	return _ask(visit, links.NEW_PASSWORD)


def _ask(visit, purpose):
	address = _address(visit)
	# whoever asks too often gets the same answer, and no further mail
	if not visit.too_often:
		links.ask(address, purpose)
	return see_other("/take-part/sign-in/sent")


def sent(visit):
	return page(visit, "link_sent.html", _("Check your e-mail"), minutes=links.MINUTES)


def use_link_page(visit, token):
	if not links.works(token, links.SIGN_IN):
		return _too_old(visit, "/take-part/sign-in/link")
	return page(visit, "use_link.html", _("Sign in"))


def use_link(visit, token):
	user = links.use(token, links.SIGN_IN)
	if not user:
		return _too_old(visit, "/take-part/sign-in/link")
	try:
		session.as_user(user)
	except session.NotSignedIn:
		raise Refused(Problem(_("You cannot sign in just now. Please try later, or get in touch with us.")))
	return _signed_in(visit, HOME)


def new_password_page(visit, token):
	if not links.works(token, links.NEW_PASSWORD):
		return _too_old(visit, "/take-part/sign-in/password")
	return page(visit, "new_password.html", _("Choose a new password"), shortest=SHORTEST_PASSWORD)


def set_password(visit, token):
	user = links.works(token, links.NEW_PASSWORD)
	if not user:
		return _too_old(visit, "/take-part/sign-in/password")
	password = visit.secret("password")
	_check_strength(user, password)
	if links.use(token, links.NEW_PASSWORD) != user:
		return _too_old(visit, "/take-part/sign-in/password")
	# bounded by the link just used
	frappe.db.set_value("User", user, "last_password_reset_date", today())
	calendars.end_link(user)
	# ends every other session of this person, and commits
	update_password(user, password, logout_all_sessions=True)
	session.as_user(user)
	return _signed_in(visit, f"{HOME}?done=password")


def _check_strength(user: str, password: str) -> None:
	if len(password) < SHORTEST_PASSWORD:
		raise Refused(
			Problem(_("Use {0} letters, numbers or signs or more").format(SHORTEST_PASSWORD), "password")
		)
	if len(password) > session.LONGEST_PASSWORD:
		raise Refused(Problem(_("Use a shorter password"), "password"))
	if frappe.get_system_settings("enable_password_policy"):
		_check_policy(user, password)


def _check_policy(user: str, password: str) -> None:
	"""The site's own rule, as Frappe applies it."""
	about = frappe.db.get_value("User", user, ["first_name", "middle_name", "last_name", "email"])
	result = test_password_strength(password, user_inputs=[part for part in about if part])
	if result["score"] < max(cint(frappe.get_system_settings("minimum_password_score")), 1):
		advice = [result["feedback"].get("warning"), *result["feedback"].get("suggestions", [])]
		raise Refused(
			Problem(
				" ".join(filter(None, advice)) or _("Choose a password that is harder to guess"), "password"
			)
		)


def _too_old(visit, again: str):
	return page(visit, "link_too_old.html", _("This link no longer works"), 410, again=again)


def _address(visit) -> str:
	address = visit.typed("email", 140, _("E-mail address"))
	if "@" not in address or len(address.split()) != 1:
		raise Refused(Problem(_("Type your e-mail address, like name@example.com"), "email"))
	return address


def _next(visit) -> str:
	"""Where to go after signing in: only a page of this portal."""
	wanted = visit.kept("next") or visit.asked("next")
	try:
		route, _values = dispatch.find(wanted.partition("?")[0])
	except Missing:
		return HOME
	goes = wanted.startswith("/take-part/") and route.show and not route.pattern.startswith("sign-in")
	return wanted if goes and wanted.isascii() and "\\" not in wanted else HOME
