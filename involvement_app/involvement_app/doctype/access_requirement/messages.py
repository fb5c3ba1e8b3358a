from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement access review",
		"Is this still right?",
		"""<p>Hello {{ name }},</p>
<p>A while ago you told us what makes it easier for you to take part. Is it still right?</p>
<p>You can change it, take it away, or leave it as it is. You do not have to answer.</p>
<p><a href="{{ link }}">See what you told us</a></p>
{% if contact %}<p>Or tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Is this still right for you? {{ link }}",
	),
	Template(
		"Involvement access met",
		"Thank you for coming",
		"""<p>Hello {{ name }},</p>
<p>Thank you for coming. Did you have what you needed? Tell us if you like, so that we can do it better.</p>
<p><a href="{{ link }}">Tell us</a></p>""",
		"Hello {{ name }}. Thank you for coming. Did you have what you needed? {{ link }}",
	),
]
