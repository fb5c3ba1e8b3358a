from involvement_app.messages import Template

INVITATIONS = "involvement_app.involvement_app.calendars.invitations"

TEMPLATES = [
	Template(
		"Involvement offer",
		"An offer for you: please reply by {{ reply_by }}",
		"""<p>Hello {{ name }},</p>
<p>We would like to offer you a place in “{{ title }}”.</p>
{% if amount %}<p>You would be paid {{ amount }}{% if payment_on %} by {{ payment_on }}{% endif %}. You can take all of it, less, or none. Expenses are paid on top.</p>{% endif %}
<p>Please reply by {{ reply_by }}. You can say no without giving a reason, and it changes nothing about anything else you do or receive.</p>
<p><a href="{{ link }}">See the offer and reply</a></p>""",
		"Hello {{ name }}. Please read and reply by {{ reply_by }}: {{ link }}",
	),
	Template(
		"Involvement place confirmed",
		"Your dates",
		"""<p>Hello {{ name }},</p>
<p>You have a place in “{{ title }}”. Thank you.</p>
{% if dates %}<p>Your dates:</p>
<ul>{% for date in dates.splitlines() %}<li>{{ date }}</li>{% endfor %}</ul>
<p>If a file with a date comes with this message, you can open it to put the date into your calendar. It says nothing about what the date is for.</p>{% endif %}
<p>If you change your mind, you can stop at any time. You need no reason.</p>
<p><a href="{{ link }}">See your place</a></p>""",
		"Hello {{ name }}. Here are your dates: {{ link }}",
		attaches=INVITATIONS,
	),
	Template(
		"Involvement place given back",
		"A date in your calendar has changed",
		"""<p>Hello {{ name }},</p>
<p>You are no longer taking part in “{{ title }}”. That is fine, and you do not have to do anything.</p>
<p>The file with this message takes the dates out of your calendar.</p>
<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. A date in your calendar has changed. Please look: {{ link }}",
		attaches=INVITATIONS,
	),
	Template(
		"Involvement place taken",
		"About the offer you replied to",
		"""<p>Hello {{ name }},</p>
<p>Thank you for saying yes to “{{ title }}”. The last place was taken a moment before, so you are on the waiting list now. If a place becomes free, we will offer it to you.</p>
<p><a href="{{ link }}">See your page</a></p>""",
	),
	Template(
		"Involvement not this time",
		"An answer to what you sent us",
		"""<p>Hello {{ name }},</p>
<p>Thank you for offering your time for “{{ title }}”. Not this time, and here is why:</p>
<p>{{ words }}</p>
{% if other_1 %}<p>Perhaps one of these is for you:</p>
<ul><li><a href="{{ other_1_link }}">{{ other_1 }}</a></li>{% if other_2 %}<li><a href="{{ other_2_link }}">{{ other_2 }}</a></li>{% endif %}{% if other_3 %}<li><a href="{{ other_3_link }}">{{ other_3 }}</a></li>{% endif %}</ul>{% endif %}
<p><a href="{{ link }}">See what else there is</a></p>""",
	),
	Template(
		"Involvement offer over",
		"About an offer from us",
		"""<p>Hello {{ name }},</p>
<p>The time to answer our offer for “{{ title }}” is over, so somebody else can have the place. That is fine, and there is no mark against you.</p>
<p>If you would still like to take part, ask us: perhaps we can offer it again.</p>
<p><a href="{{ link }}">See what there is</a></p>""",
		"Hello {{ name }}. About an offer from us, please look: {{ link }}",
	),
]
