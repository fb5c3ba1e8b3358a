from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement check ends",
		"Something to renew together",
		"""<p>Hello {{ name }},</p>
<p>A while ago we did some paperwork with you for something you take part in. It is time to do it again, by {{ until }}.</p>
<p>We help you with it, and it costs you nothing. You can also say that you no longer want to do this.</p>
<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. There is something to renew together. We help you: {{ link }}",
	),
	Template(
		"Involvement check ends (staff)",
		"Something to renew",
		"""<p>Hello {{ name }},</p>
<p>A check of somebody is to be renewed by {{ until }}, if the role still needs it.</p>
<p><a href="{{ link }}">See which</a></p>""",
	),
]
