from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement feedback",
		"An answer for you",
		"""<p>Hello {{ name }},</p>
<p>{% if title %}Thank you for taking part in “{{ title }}”.{% else %}Thank you for what you told us.{% endif %} We promised to tell you more.</p>
{% if read_there %}<p><a href="{{ link }}">Read it on your page</a></p>{% else %}
{% if said %}<p><strong>What we heard from you</strong></p>
<p>{{ said | replace("\n", "<br>") }}</p>{% endif %}
{% if changed %}<p><strong>What changed because of it</strong></p>
<p>{{ changed | replace("\n", "<br>") }}</p>{% endif %}
{% if not_changed %}<p><strong>What could not change, and why</strong></p>
<p>{{ not_changed | replace("\n", "<br>") }}</p>{% endif %}
{% if next_on %}<p>We are in touch again by {{ next_on }}.</p>{% endif %}{% endif %}
<p>If this does not answer what you said, tell us.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. There is an answer for you: {{ link }}",
	),
	Template(
		"Involvement feedback not possible",
		"An answer for you",
		"""<p>Hello {{ name }},</p>
<p>We promised to tell you more{% if title %} about “{{ title }}”{% endif %}. We are sorry: this is not possible.</p>
{% if read_there %}<p><a href="{{ link }}">Read why on your page</a></p>{% else %}<p>{{ reason | replace("\n", "<br>") }}</p>{% endif %}
<p>Ask us anything about it.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. There is an answer for you: {{ link }}",
	),
	Template(
		"Involvement thank you",
		"Thank you",
		"""<p>Hello {{ name }},</p>
<p>Thank you for being part of “{{ title }}”. We are grateful for your time and for what you shared.</p>
{% if due %}<p>We tell you by {{ due }} what came of it.</p>{% endif %}
<p>If you like, <a href="{{ link }}">tell us how it was for you</a>. You do not have to.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Thank you. There is something new for you: {{ link }}",
	),
	Template(
		"Involvement feedback owed",
		"People wait to hear from you",
		"""<p>Hello {{ name }},</p>
<p>You promised to tell people by {{ due }}: {{ title }}.</p>
<p><a href="{{ link }}">Write it and tell them</a></p>""",
	),
	Template(
		"Involvement feedback late",
		"People wait longer than we promised",
		"""<p>Hello {{ name }},</p>
<p>People were promised to hear by now: {{ titles }}.</p>
<p><a href="{{ link }}">See what is owed</a></p>""",
	),
]
