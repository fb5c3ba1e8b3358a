from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement panel convened",
		"We are ready to start with you",
		"""<p>Hello {{ name }},</p>
<p>The dates are set and the others know that you are in. Thank you for doing this with us.</p>
<p>On your page you see who takes part, when it is, and what to read before. You can write questions there, too. If a part of what is scored is yours, please say yes to it, or change its words.</p>
<p><a href="{{ link }}">Open it</a></p>
{% if contact %}<p>You can also ask us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. We are ready to start with you. {{ link }}",
	),
	Template(
		"Involvement panel scoring",
		"We would like to know what you think",
		"""<p>Hello {{ name }},</p>
<p>It is time to write down what you think. Nobody else reads it until everybody is done. Your view weighs as much as anybody's.</p>
<p><a href="{{ link }}">Write it down</a></p>
{% if contact %}<p>You can also tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. We would like to know what you think. {{ link }}",
	),
	Template(
		"Involvement panel scores reminder",
		"We would still like to know what you think",
		"""<p>Hello {{ name }},</p>
<p>Not everybody has written down yet what they think. If you have, thank you: there is nothing to do. If not, there is still time. To say that you choose not to is an answer, too.</p>
<p><a href="{{ link }}">Look at it</a></p>
{% if contact %}<p>You can also tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. We still like to know what you think. If you told us, thank you. {{ link }}",
		private=True,
	),
	Template(
		"Involvement panel thank you",
		"Thank you, and what came of it",
		"""<p>Hello {{ name }},</p>
<p>Thank you for your time and your thoughts.</p>
<p>{{ words }}</p>
<p>How was it for you? Please tell us, so that we do it better next time.</p>
<p><a href="{{ link }}">Read more, and tell us how it was</a></p>
{% if contact %}<p>You can also tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Thank you for your time. {{ link }}",
	),
	Template(
		"Involvement panel reason",
		"Why it was decided as it was",
		"""<p>Hello {{ name }},</p>
<p>Thank you for saying what you think. Of {{ about }} you said that this person could not do the job. It was decided otherwise. This is why:</p>
<p style="white-space: pre-line">{{ why }}</p>
<p>You can read it <a href="{{ link }}">on your page</a>, too.</p>
{% if contact %}<p>If you would like to talk about it: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. We wrote something down for you. {{ link }}",
		private=True,
	),
]
