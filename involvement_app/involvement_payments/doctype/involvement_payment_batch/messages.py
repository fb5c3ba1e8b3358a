from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement batch exported again",
		"A file for the bank was written again",
		"""<p>Hello {{ name }},</p>
<p>You authorised {{ batch }}. Its file has been written once more: copy {{ copy }}. This is why:</p>
<p>{{ reason }}</p>
<p>If you did not expect it, ask before the bank is given both.</p>
<p><a href="{{ link }}">Open the batch</a></p>""",
	),
]
