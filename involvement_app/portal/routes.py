"""The pages of the portal."""

from involvement_app.portal import limits
from involvement_app.portal.dispatch import Route
from involvement_app.portal.views import (
	about,
	access,
	account,
	consents,
	departures,
	details,
	files,
	opportunities,
	own_page,
	own_words,
	payments,
	places,
	preferences,
	replies,
)

ROUTES = (
	Route("", about.welcome, public=True),
	Route("privacy", about.privacy, public=True),
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
	Route("my/details", details.show, details.save, participants_only=True, most=40),
	Route(
		"my/experience", own_words.experience_page, own_words.save_experience, participants_only=True, most=40
	),
	Route("my/goals", own_words.goals_page, own_words.save_goal, participants_only=True, most=40),
	Route("my/preferences", preferences.show, preferences.save, participants_only=True, most=40),
	Route("my/access", access.show, access.save, participants_only=True, most=40),
	Route("my/access/new", access.new, access.add, participants_only=True, most=40),
	Route("my/access/{name}", access.one, access.change, participants_only=True, most=40),
	Route("my/access/{name}/remove", None, access.remove, participants_only=True, most=40),
	Route("my/consents", consents.show, consents.answer, participants_only=True, most=40),
	Route("my/break", departures.pause_page, departures.pause, participants_only=True, most=20),
	Route("my/leave", departures.leave_page, departures.leave, participants_only=True, most=20),
	Route("my/come-back", None, departures.come_back, participants_only=True, most=20),
	Route("my/files/{name}", files.one, participants_only=True),
	Route("my/offers/{name}", replies.show, replies.accept, participants_only=True, most=20),
	Route("my/offers/{name}/no-thank-you", replies.no_page, replies.say_no, participants_only=True, most=20),
	Route("my/places/{name}", places.show, places.change_choice, participants_only=True, most=20),
	Route("my/places/{name}/access", access.met_page, access.answer, participants_only=True, most=40),
	Route("my/places/{name}/leave", places.leave_page, places.leave, participants_only=True, most=20),
)
