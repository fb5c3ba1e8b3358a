"""The pages of the portal."""

from involvement_app.portal.dispatch import Route
from involvement_app.portal.views import (
	about,
	account,
	consents,
	opportunities,
	own_page,
	payments,
	places,
	replies,
)

ROUTES = (
	Route("", about.welcome, public=True),
	Route("privacy", about.privacy, public=True),
	Route("opportunities", opportunities.index, public=True),
	Route("opportunities/{name}", opportunities.one, public=True),
	Route(
		"opportunities/{name}/apply", opportunities.apply_page, opportunities.apply, participants_only=True
	),
	Route("sign-in", account.sign_in_page, account.sign_in),
	Route("sign-in/link", account.link_page, account.ask_for_link),
	Route("sign-in/password", account.password_page, account.ask_for_password),
	Route("sign-in/sent", account.sent),
	Route("sign-in/link/{token}", account.use_link_page, account.use_link),
	Route("sign-in/new-password/{token}", account.new_password_page, account.set_password),
	Route("sign-out", None, account.sign_out),
	Route("my", own_page.show, participants_only=True),
	Route("my/payments", payments.show, participants_only=True),
	Route("my/consents", consents.show, consents.answer, participants_only=True),
	Route("my/offers/{name}", replies.show, replies.accept, participants_only=True),
	Route("my/offers/{name}/no-thank-you", replies.no_page, replies.say_no, participants_only=True),
	Route("my/places/{name}", places.show, places.change_choice, participants_only=True),
	Route("my/places/{name}/leave", places.leave_page, places.leave, participants_only=True),
)
