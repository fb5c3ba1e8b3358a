from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement review asked",
		"Could you look at something for us?",
		"""<p>Hello {{ name }},</p>
<p>We have a plan, “{{ title }}”, and would like to know what you think before it goes on. Your yes counts as much as the manager's.</p>
<p>You can say yes, ask for changes, or say no thank you without a reason.</p>
<p><a href="{{ link }}">Read it and answer</a></p>
{% if contact %}<p>You can also tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Could you look at something for us? {{ link }}",
	),
	Template(
		"Involvement reviewer wants changes",
		"Please change something in what you sent in",
		"""<p>Hello {{ name }},</p>
<p>Somebody with lived experience has read “{{ title }}” and asks for a change. You find their words with it.</p>
<p><a href="{{ link }}">Open it</a></p>""",
	),
]
