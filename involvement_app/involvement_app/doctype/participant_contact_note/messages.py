from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement words for you",
		"A message for you",
		"""<p>Hello {{ name }},</p>
{% if words %}<p>{{ words }}</p>{% else %}<p>We have written to you.</p>
<p><a href="{{ link }}">Read it on your page</a></p>{% endif %}
<p>You can answer if you like. You do not have to.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
	),
]
