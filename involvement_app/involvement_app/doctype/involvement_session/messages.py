from involvement_app.messages import Template

CHANGED = "A date in your calendar has changed"
INVITATIONS = "involvement_app.involvement_app.calendars.invitations"
TEXT = "Hello {{ name }}. A date in your calendar has changed. Please look: {{ link }}"

TEMPLATES = [
	Template(
		"Involvement date called off",
		CHANGED,
		"""<p>Hello {{ name }},</p>
<p>We are sorry: “{{ title }}” on {{ when }} is not going ahead. This is our decision and has nothing to do with you.</p>
{% if words %}<p>{{ words }}</p>{% endif %}
{% if payment == "Paid anyway" %}<p>You will be paid for this date all the same.</p>{% endif %}
{% if payment == "Not paid" %}<p>There is no payment for this date. If you have spent money on it already, please tell us.</p>{% endif %}
{% if payment == "Decided later" %}<p>We have not decided yet about payment for this date. We will write to you when we have.</p>{% endif %}
{% if reply_by %}<p>Our offer to you now ends on {{ reply_by }}. If another date is found, we ask you again.</p>{% endif %}
<p>You do not have to do anything.</p>
<p><a href="{{ link }}">See what stays as it was</a></p>""",
		TEXT,
		attaches=INVITATIONS,
	),
	Template(
		"Involvement date moved",
		CHANGED,
		"""<p>Hello {{ name }},</p>
{% if new %}<p>“{{ title }}” has moved.</p>
<p>It was: {{ old }}.</p>
<p>It is now: {{ new }}.</p>{% else %}<p>This is about “{{ title }}” on {{ old }}.</p>{% endif %}
{% if new_link == "True" %}<p>There is a new link to join online. You find it on your page.</p>{% endif %}
{% if clash %}<p>{% if overlaps == "True" %}You have something else at the same time: {{ clash }}. Please tell us which one you would like.{% else %}You have something else on the same day: {{ clash }}. If that is too much, please tell us.{% endif %}</p>{% endif %}
{% if reply_by %}<p>Because the date has changed, please answer our offer by {{ reply_by }}.</p>{% endif %}
{% if words %}<p>{{ words }}</p>{% endif %}
<p>If this does not suit you, talk to us, or say no. You need no reason.</p>
<p><a href="{{ link }}">See your page</a></p>""",
		TEXT,
		attaches=INVITATIONS,
	),
	Template(
		"Involvement dates added",
		"New dates",
		"""<p>Hello {{ name }},</p>
<p>“{{ title }}” {% if number == "1" %}has another date{% else %}has {{ number }} more dates{% endif %}:</p>
<ul>{% for date in dates.splitlines() %}<li>{{ date }}</li>{% endfor %}</ul>
{% if pay %}<p>This is what you are paid for your time, if you come:</p>
<ul>{% for date in pay.splitlines() %}<li>{{ date }}</li>{% endfor %}</ul>{% endif %}
{% if words %}<p>{{ words }}</p>{% endif %}
<p>Come to those that suit you. You do not have to come to all of them, and you need no reason.</p>
<p><a href="{{ link }}">See all dates on your page</a></p>""",
		"Hello {{ name }}. There are new dates. Please look: {{ link }}",
	),
	Template(
		"Involvement date soon",
		"A date that is coming up",
		"""<p>Hello {{ name }},</p>
<p>“{{ title }}” is soon: {{ when }}.</p>
{% if where %}<p>Where: {{ where }}.</p>{% endif %}
{% if online == "yes" %}<p>You find the link to join online on your page.</p>{% endif %}
{% if has_needs == "True" %}<p>We have what you told us you need. If something has changed, please tell us.</p>{% endif %}
{% if support %}<p>To talk to somebody before or on the day: {{ support }}</p>{% endif %}
<p>If you would rather not come, that is fine. Tell us if you can. You need no reason.</p>
<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. A date in your calendar is coming up. Please look: {{ link }}",
		hours=48,
	),
	Template(
		"Involvement papers ready",
		"Something to read, when you like",
		"""<p>Hello {{ name }},</p>
<p>The papers for “{{ title }}” on {{ when }} are there. You find them on your page.{% if format %} They are there in the format you asked for: {{ format }}.{% endif %}</p>
<p>You do not have to read all of them. If you would like them on paper, in another format, or somebody to go through them with you, tell us.</p>
<p><a href="{{ link }}">See the papers</a></p>""",
	),
	Template(
		"Involvement date payment",
		"About a date that was called off",
		"""<p>Hello {{ name }},</p>
<p>“{{ title }}” on {{ when }} did not go ahead. We said that we would write to you about payment for it.</p>
{% if payment == "Paid anyway" %}<p>You will be paid for this date all the same.</p>{% else %}<p>There is no payment for this date. If you have spent money on it, please tell us.</p>{% endif %}
<p><a href="{{ link }}">See your page</a></p>""",
	),
]
