from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement welcome",
		"Your page is ready",
		"""<p>Hello {{ name }},</p>
<p>{{ organisation }} made a page for you. There you can see what is on, and say yes or no.</p>
<p><a href="{{ link }}">Sign in to your page</a></p>
{% if password %}<p>Use the e-mail address and password you always use.</p>{% else %}<p>Type in this e-mail address. You need no password: we send you a link each time.</p>{% endif %}
<p>You do not have to do anything. If you did not expect this message, you can leave it.</p>""",
		"Hello {{ name }}. Your page is ready: {{ link }}",
	),
	Template(
		"Involvement paused",
		"You are taking a break",
		"""<p>Hello {{ name }},</p>
<p>You are taking a break now. That is fine, and nobody will ask you why.</p>
<p>We have given your places to others, and we will not offer you anything new. What we owe you still comes.</p>
<p>You can come back whenever you like.</p>
<p><a href="{{ link }}">Come back</a></p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. You are taking a break now. You can come back whenever you like: {{ link }}",
	),
	Template(
		"Involvement break over",
		"Your break is over, as you planned",
		"""<p>Hello {{ name }},</p>
<p>Welcome back. Your break is over today, as you planned it. You do not have to do anything.</p>
<p>Would you like a longer break? You can take one on your page.</p>
<p><a href="{{ link }}">See your page</a></p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Your break is over, as you planned. See your page: {{ link }}",
	),
	Template(
		"Involvement goodbye",
		"Thank you, and goodbye",
		"""<p>Hello {{ name }},</p>
<p>Thank you for everything you gave. You have left now, and nobody will ask you why.</p>
<p>What we owe you still comes. If you change your mind, you can come back whenever you like.</p>
<p><a href="{{ link }}">See your page</a></p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Thank you for everything, and goodbye. See your page: {{ link }}",
	),
	Template(
		"Involvement welcome back",
		"Welcome back",
		"""<p>Hello {{ name }},</p>
<p>Welcome back. It is good that you are here. You do not have to do anything.</p>
<p><a href="{{ link }}">See what there is</a></p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Welcome back. See what there is: {{ link }}",
	),
]
