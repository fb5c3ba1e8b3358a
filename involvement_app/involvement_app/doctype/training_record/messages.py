from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement training ends",
		"Something you learned: would you like to do it again?",
		"""<p>Hello {{ name }},</p>
<p>You did “{{ course }}” a while ago. It counts until {{ until }}.</p>
<p>If you like, you can do it again. Ask us when it is on. You do not have to.</p>
<p><a href="{{ link }}">See what you did</a></p>""",
		"Hello {{ name }}. Something you did with us can be done again, if you like: {{ link }}",
	),
	Template(
		"Involvement training ends (staff)",
		"Something to plan again",
		"""<p>Hello {{ name }},</p>
<p>A training that you did, or somebody you are the named contact of, counts until {{ until }}. Please plan it again together, if they would like to.</p>
<p><a href="{{ link }}">See which</a></p>""",
	),
]
