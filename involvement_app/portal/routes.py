"""The pages of the portal."""

from involvement_app.portal import limits
from involvement_app.portal.dispatch import Route
from involvement_app.portal.views import (
	about,
	account,
	consents,
	files,
	joining,
	opportunities,
	own_page,
	payments,
	places,
	replies,
)

ROUTES = (
	Route("", about.welcome, public=True),
	Route("privacy", about.privacy, public=True),
	Route("join", joining.join_page, joining.join, public=True, most=10),
	Route("join/sent", joining.sent),
	Route("opportunities", opportunities.index, public=True),
	Route("opportunities/{name}", opportunities.one, public=True),
	Route(
		"opportunities/{name}/apply",
		opportunities.apply_page,
		opportunities.apply,
		participants_only=True,
		most=20,
	),
	Route("sign-in", account.sign_in_page, account.sign_in, most=10, same_answer=True),
	Route("sign-in/link", account.link_page, account.ask_for_link, most=5, same_answer=True),
	Route("sign-in/password", account.password_page, account.ask_for_password, most=5, same_answer=True),
	Route("sign-in/sent", account.sent),
	Route("sign-in/link/{token}", account.use_link_page, account.use_link, most=10),
	Route("sign-in/new-password/{token}", account.new_password_page, account.set_password, most=20),
	Route("sign-out", None, account.sign_out, most=limits.ALWAYS),
	Route("my", own_page.show, participants_only=True),
	Route("my/still-here", own_page.still_here, participants_only=True),
	Route("my/payments", payments.show, participants_only=True),
	Route("my/consents", consents.show, consents.answer, participants_only=True, most=40),
	Route("my/files/{name}", files.one, participants_only=True),
	Route("my/offers/{name}", replies.show, replies.accept, participants_only=True, most=20),
	Route("my/offers/{name}/no-thank-you", replies.no_page, replies.say_no, participants_only=True, most=20),
	Route("my/places/{name}", places.show, places.change_choice, participants_only=True, most=20),
	Route("my/places/{name}/leave", places.leave_page, places.leave, participants_only=True, most=20),
)
