from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement role to answer",
		"Something for you to answer",
		"""<p>Hello {{ name }},</p>
<p>We would like to ask you to speak for us, where you choose to. Yes and no are both fine, and you can pause or stop at any time.</p>
<p><a href="{{ link }}">Read what it is about, and answer</a></p>""",
		"Hello {{ name }}. Something for you to answer: {{ link }}",
	),
]
