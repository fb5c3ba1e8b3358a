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
{% if words %}<p>{{ words }}</p>{% endif %}
<p>If this does not suit you, talk to us, or say no. You need no reason.</p>
<p><a href="{{ link }}">See your page</a></p>""",
		TEXT,
		attaches=INVITATIONS,
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
