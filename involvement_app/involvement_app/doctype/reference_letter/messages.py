from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement letter asked for",
		"Somebody asked for a letter",
		"""<p>Hello {{ name }},</p>
<p>Somebody you are the named contact of asked for a letter. Please write it soon: often there is a date by which they need it.</p>
<p><a href="{{ link }}">See what it is for</a></p>""",
	),
	Template(
		"Involvement letter ready",
		"Your letter is ready",
		"""<p>Hello {{ name }},</p>
<p>The letter you asked for is ready. You can read it, print it, and give it to anybody you like.</p>
<p><a href="{{ link }}">See your letter</a></p>""",
		"Hello {{ name }}. Your letter is ready: {{ link }}",
	),
	Template(
		"Involvement letter not written",
		"About the letter you asked for",
		"""<p>Hello {{ name }},</p>
<p>You asked us for a letter. We cannot write it just now, and here is why:</p>
<p>{{ words }}</p>
<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. We have written to you about your letter: {{ link }}",
	),
]
