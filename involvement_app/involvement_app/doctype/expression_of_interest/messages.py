from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement enquiry acknowledged",
		"Thank you for getting in touch",
		"""<p>Hello {{ name }},</p>
<p>Thank you for getting in touch with {{ organisation }}. We have what you told us, and somebody will talk with you about it.</p>
<p>You do not have to prepare anything. You can stop at any time, without a reason.</p>
{% if contact %}<p>If you would like to talk sooner: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Thank you for getting in touch. We will talk with you soon. {{ link }}",
	),
	Template(
		"Involvement enquiry welcome",
		"Welcome, and thank you",
		"""<p>Hello {{ name }},</p>
<p>Welcome, and thank you for joining. From now on we tell you what you can do with us, the way you asked for.</p>
<p>You can say yes or no to anything, pause, or stop. You need no reason, and it changes nothing else.</p>
{% if contact %}<p>If you have a question: {{ contact }}</p>{% endif %}
<p><a href="{{ link }}">See what there is</a></p>""",
		"Hello {{ name }}. Welcome, and thank you for joining. See what there is: {{ link }}",
	),
	Template(
		"Involvement enquiry not now",
		"Thank you for talking with us",
		"""<p>Hello {{ name }},</p>
<p>Thank you for talking with us. Now is not the time, and that is fine. It changes nothing else.</p>
<p>If you would like to come back, next week or next year, just get in touch. You do not have to explain anything.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Thank you for talking with us. Come back whenever you like: {{ link }}",
	),
	Template(
		"Involvement enquiry signposted",
		"An answer to what you asked",
		"""<p>Hello {{ name }},</p>
<p>Thank you for getting in touch. We think somebody else can do more for you with this:</p>
<p>{{ words }}</p>
<p>You are welcome to come back to us at any time.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. There is an answer to what you asked. Please get in touch with us: {{ link }}",
	),
]
