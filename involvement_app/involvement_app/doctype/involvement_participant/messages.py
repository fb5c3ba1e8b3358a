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
]
