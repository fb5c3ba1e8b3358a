"""What people say in their own words: our public page of voices, one's own stories, and where one may be quoted or
shown (domain 1.6, 4.4; row 1.5)."""

from frappe import _
from frappe.utils import add_months, getdate, today

from involvement_app import lifecycle
from involvement_app.involvement_app import media, stories
from involvement_app.involvement_app.consents import MEDIA
from involvement_app.involvement_privacy import consent
from involvement_app.portal import media_reads, words
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Missing, Problem, Refused

MINE, MEDIA_PAGE = "/take-part/my/stories", "/take-part/my/media"
PROMPTS = (
	"Co-production is important to me because…",
	"Being involved makes me feel…",
	stories.OWN_WORDS,
)
MONTHS = ("3", "6", "12", "24")


def show(visit):
	return page(visit, "voices.html", _("What people say"), voices=media_reads.voices())


# --- one's own stories ----------------------------------------------------------------------------------


def mine(visit):
	return page(
		visit,
		"stories.html",
		_("My stories"),
		stories=media_reads.own_stories(visit.participant),
		prompts=_prompts(),
		identities=identities(),
		done=_done(visit.asked("done")),
	)


def write(visit):
	values = _typed(visit)
	try:
		name = stories.write_own(visit.participant, values)
	except stories.TooManyStories:
		raise Refused(Problem(_("That is enough for now. Take one back first."), "words"))
	return see_other(f"{MINE}/{name}", done="saved")


def one(visit, name):
	story = visit.found(media_reads.own_story, name)
	return page(
		visit,
		"story.html",
		_("My story"),
		story=story,
		read=stories.fingerprint(story),
		stands=list(media.standing(visit.participant).values()),
		today=getdate(today()),
		ranks={name: rank for rank, name in enumerate(media.IDENTITIES)},
		prompts=_prompts(),
		identities=identities(),
		changing=visit.is_post or visit.asked("change") == "yes",
		done=_done(visit.asked("done")),
	)


def change(visit, name):
	story = visit.found(media_reads.own_story, name)
	if story.status not in ("Draft", *stories.AGREED):
		return see_other(f"{MINE}/{name}")
	stories.write_own(visit.participant, _typed(visit), name)
	return see_other(f"{MINE}/{name}", done="saved")


def agree(visit, name):
	story = visit.found(media_reads.own_story, name)
	if story.status not in ("Draft", "With the person"):
		return see_other(f"{MINE}/{name}")
	try:
		stories.agree_own(visit.participant, name, visit.typed("read", 140))
	except stories.OtherWords:
		return see_other(f"{MINE}/{name}", done="changed")
	return see_other(f"{MINE}/{name}", done="agreed")


def take_back(visit, name):
	visit.found(media_reads.own_story, name)
	stories.withdraw_own(visit.participant, name)
	return see_other(MINE, done="back")


def _typed(visit) -> dict:
	values = {
		"prompt": visit.typed("prompt", 140),
		"words": visit.typed("words", stories.MOST_WORDS, _("Your words")),
		"identity": visit.typed("identity", 40),
	}
	problems = []
	if values["prompt"] not in PROMPTS:
		problems.append(Problem(_("Choose how it begins"), "prompt"))
	if not values["words"]:
		problems.append(Problem(_("Write your words"), "words"))
	if values["identity"] not in media.IDENTITIES:
		problems.append(Problem(_("Choose how we name you"), "identity"))
	if problems:
		raise Refused(*problems)
	return values


def _prompts() -> list[tuple[str, str]]:
	return [(each, _("In my own words") if each == stories.OWN_WORDS else _(each)) for each in PROMPTS]


def identities() -> list[tuple[str, str]]:
	texts = (_("Without my name"), _("With my first name"), _("With my full name"))
	return list(zip(media.IDENTITIES, texts, strict=True))


def _done(what: str) -> str | None:
	return {
		"saved": _("It is saved. Nobody else sees it before you agree."),
		"agreed": _("Thank you. You agreed to these words. You can still change your mind."),
		"changed": _("The words have changed since you read them. Please read them again."),
		"back": _("It is taken back. What is out comes down."),
		"given": _("Your yes is saved. You can take it back at any time."),
		"withdrawn": _("Your yes is taken back. What is out comes down."),
	}.get(what)


# --- where one may be quoted or shown ---------------------------------------------------------------------


def media_page(visit):
	stands = media.standing(visit.participant)
	told = consent.statements().get(MEDIA)
	if not told:
		raise Missing
	return page(
		visit,
		"media.html",
		_("Where you may be quoted or shown"),
		statement=told,
		stands=[stands[channel] for channel in media.CHANNELS if channel in stands],
		today=getdate(today()),
		channels=[(channel, words.channel(channel)) for channel in media.CHANNELS],
		extras=_extras(),
		identities=identities(),
		months=_months(),
		ticked=visit.ticked("channels", []),
		ticked_extras=visit.ticked("extras", []),
		done=_done(visit.asked("done")),
	)


@lifecycle.retry_on_deadlock
def give(visit):
	channels = visit.ticked_of("channels", list(media.CHANNELS))
	extras = visit.ticked_of("extras", list(media.EXTRAS))
	identity, months = visit.typed("identity", 40), visit.typed("months", 4)
	problems = []
	if not channels:
		problems.append(Problem(_("Choose at least one place"), "channels"))
	if identity not in media.IDENTITIES:
		problems.append(Problem(_("Choose how we name you"), "identity"))
	if months not in MONTHS:
		problems.append(Problem(_("Choose until when"), "months"))
	if problems:
		raise Refused(*problems)
	scope = media.Scope(
		identity, add_months(today(), int(months)), **{name: name in extras for name in media.EXTRAS}
	)
	media.give_own(visit.participant, channels, scope)
	return see_other(MEDIA_PAGE, done="given")


@lifecycle.retry_on_deadlock
def withdraw(visit):
	"""One button for each place, and one for everything."""
	channel = visit.typed("channel", 40)
	media.withdraw_own(visit.participant, [channel] if channel else None)
	return see_other(MEDIA_PAGE, done="withdrawn")


def _extras() -> list[tuple[str, str]]:
	texts = (_("Photos of me"), _("Film or sound of me"), _("Talking to a journalist"))
	return list(zip(media.EXTRAS, texts, strict=True))


def _months() -> list[tuple[str, str]]:
	texts = (_("For 3 months"), _("For 6 months"), _("For a year"), _("For two years"))
	return list(zip(MONTHS, texts, strict=True))
