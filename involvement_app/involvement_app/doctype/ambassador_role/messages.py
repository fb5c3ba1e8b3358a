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
	Template(
		"Involvement new day to answer",
		"A day has moved",
		"""<p>Hello {{ name }},</p>
<p>The day of something you said yes to has moved{% if day %} to {{ day }}{% endif %}. Your yes to where you may be quoted or shown ends before that, so we ask you again. It is fine to say no.</p>
<p>If it suits you, say until when. If it does not, you can stop with one button, and it changes nothing else.</p>
<p><a href="{{ link }}">Read it, and choose</a></p>""",
		"Hello {{ name }}. A day has moved. Please read it and choose: {{ link }}",
	),
]
