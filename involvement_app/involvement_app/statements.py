"""What people are told and asked from the first day, in words a site may replace by a new version (domain 1.7,
4.1). Which of them the register listens to is in `consents.py`."""

import frappe
from frappe.utils import strip_html

from involvement_app.involvement_app.consents import ACCESS, MEDIA, NOTICE, TEXTS, TOGETHER, WELLBEING
from involvement_app.involvement_privacy.consent import AGREEMENT, CONSENT
from involvement_app.involvement_privacy.consent import NOTICE as PRIVACY_NOTICE
from involvement_app.involvement_privacy.doctype.consent_statement.consent_statement import create_if_absent

EXPLICIT = "UK GDPR Article 6(1)(a) and Article 9(2)(a): explicit consent"

STATEMENTS = (
	{
		"purpose": NOTICE,
		"title": "How we look after what we know about you",
		"kind": PRIVACY_NOTICE,
		"needed_for_joining": 1,
		"legal_basis": "UK GDPR Articles 13 and 14",
		"plain_text": """We keep what you tell us when you take part: your name, how to reach you, what makes it easier for you, what you applied for and took part in. Where we pay you, we keep what and when.

Only the people who organise this see it, and each sees only what they need. It is kept apart from any record about your care, and the people who care for you are not told whether you take part.

You can ask us what we keep, ask us to put it right or delete it, and complain if you are not happy with how we treat it.""",
		"easy_read": """We keep some facts about you.
We keep your name and how to reach you.
We keep what you took part in.
Only people who need it can see it.
Your care team is not told.
You can ask to see it.
You can ask us to change it or delete it.
You can tell us if you are not happy.""",
	},
	{
		"purpose": ACCESS,
		"title": "What makes it easier for you",
		"kind": CONSENT,
		"legal_basis": EXPLICIT,
		"plain_text": """May we write down what you need to take part, for example large print, a quiet room, or step-free access?

It can say something about your health, so we ask first. We use it only to make things work for you. You can say no, and still take part. If you change your mind, we delete it.""",
		"easy_read": """We want to write down what you need.
For example: big letters, or a quiet room.
We use it to help you take part.
You can say no.
You can change your mind. Then we delete it.""",
	},
	{
		"purpose": TEXTS,
		"title": "Text messages",
		"kind": CONSENT,
		"legal_basis": "UK GDPR Article 6(1)(a): consent",
		"plain_text": """May we send text messages to your phone?

Somebody who picks up your phone might read them. We keep them short and say nothing about care. You can say no, and we reach you another way.""",
		"easy_read": """We can send you text messages.
Other people may see your phone.
You can say no.
Then we write or call.""",
	},
	{
		"purpose": WELLBEING,
		"title": "Your wellbeing plan",
		"kind": CONSENT,
		"legal_basis": EXPLICIT,
		"plain_text": """May we keep the plan you write about what helps you when things get hard?

Your named contact and whoever leads a session can read it, from the day before the session until the day after. Each time somebody reads it, we write down who and why, and you can see it. You can say no, and still take part. If you change your mind, we delete it.""",
		"easy_read": """You can write a plan.
It says what helps you.
People who are with you at a session can read it.
You can see who has read it.
You can say no.
You can change your mind. Then we delete it.""",
	},
	{
		"purpose": MEDIA,
		"title": "Being quoted or shown in public",
		"kind": CONSENT,
		"legal_basis": EXPLICIT,
		"plain_text": """May we use what you tell us, or a picture of you, where others see it?

You choose where, how you are named, and until when. You see the final words before anybody else does, and nothing is used until you agree to them. It can tell others that you used a service, so think about who may read it.

You can say no, and still take part. You can take your yes back at any time, with one button and without a reason. We then take down what we can. What is printed or copied by others may stay.""",
		"easy_read": """We can show your words or your picture to others.
You choose where.
You choose if we use your name.
You see the words first.
You can say no.
You can change your mind. Then we take it down.
Some copies may stay.""",
	},
	{
		"purpose": TOGETHER,
		"title": "How we work together",
		"kind": AGREEMENT,
		"plain_text": """This says how we would like to work together. It is not a contract, and it ties you to nothing. You can read it, agree to it, or leave it for now. You take part either way.

What you can count on from us:
We listen, and tell you what came of what you said.
We ask what makes it easier for you, and plan for it.
We tell you what something is about, and what you get for it, before you choose.
We keep to what we offered, on the day we said.
We keep what you tell us to ourselves, unless somebody is in danger. Then we talk to you first if we can.

What we hope for from everybody, staff too:
We are kind to each other, and let each other finish.
What somebody tells about their life stays in the room.

What you can always do:
Say no, take a break, or stop, at any time and without a reason.
Choose how much you do, and change your mind.
Tell us when something is not right.""",
		"easy_read": """This is how we work together.
It ties you to nothing.
We listen to you.
We tell you what happens with your ideas.
We keep to what we said.
We keep things private.
We are kind to each other.
You can say no.
You can stop when you like.
You can say that something is wrong.""",
	},
)


def create() -> None:
	"""The purposes this site has no statement for. A privacy notice written in Settings is its first version."""
	own = _own_notice()
	for statement in STATEMENTS:
		values = {**statement, **own} if own and statement["purpose"] == NOTICE else statement
		create_if_absent(**values)  # one by one: a handful, at install


def _own_notice() -> dict:
	own = strip_html(frappe.db.get_single_value("Involvement Settings", "privacy_notice") or "").strip()
	return {"plain_text": own, "easy_read": None} if own else {}
