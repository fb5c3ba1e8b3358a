from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement answer",
		"An answer for you",
		"""<p>Hello {{ name }},</p>
<p>Thank you for your question. Here is our answer.</p>
{% if words %}<p>{{ words }}</p>{% else %}<p><a href="{{ link }}">Read the answer on your page</a></p>{% endif %}
<p>You can ask again at any time.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. There is an answer for you: {{ link }}",
	),
	Template(
		"Involvement question waiting",
		"Somebody waits for your answer",
		"""<p>Hello {{ name }},</p>
<p>Somebody whose contact you are has written to you. Please answer by {{ answer_by }}.</p>
<p><a href="{{ link }}">Open it</a></p>""",
	),
]
