from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement words to read",
		"Something for you to read",
		"""<p>Hello {{ name }},</p>
<p>The words you told us are written down. Please read them. We use them only if you agree, and you can change or stop it at any time.</p>
<p><a href="{{ link }}">Read the words</a></p>""",
		"Hello {{ name }}. Something for you to read: {{ link }}",
	),
	Template(
		"Involvement words in use",
		"Your words are out",
		"""<p>Hello {{ name }},</p>
<p>Your words are now used, as you agreed. Thank you. You can see where, and you can take them back at any time with one button.</p>
<p><a href="{{ link }}">See where</a></p>""",
		"Hello {{ name }}. Something on your page is new: {{ link }}",
	),
	Template(
		"Involvement takedown",
		"Something to take down",
		"""<p>Hello {{ name }},</p>
<p>Something that was published is to come down by {{ due_on }}.</p>
<p><a href="{{ link }}">See what and where</a></p>""",
	),
]
