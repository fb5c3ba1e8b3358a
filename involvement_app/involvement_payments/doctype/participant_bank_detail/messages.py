from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement payment way changed",
		"Something about you was changed",
		"""<p>Hello {{ name }},</p>
<p>On {{ day }} {% if taken_away %}it was taken away how we pay you{% else %}it was changed how we pay you{% endif %}.</p>
<p>Was that you? Then you need not do anything.</p>
<p><strong>If it was not you, please tell us at once.</strong>{% if contact %} {{ contact }}{% endif %}</p>
<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. Something about you was changed. Not by you? Please tell us: {{ link }}",
	),
]
