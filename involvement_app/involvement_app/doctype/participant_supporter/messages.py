from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement supporter",
		"Somebody asks for your help",
		"""<p>Hello {{ name }},</p>
<p>{{ who }} asks you to do a few things for them on our pages. You can do so until {{ until }}.</p>
<p><a href="{{ link }}">Sign in</a></p>
<p>Type in this e-mail address. You need no password: we send you a link each time.</p>
<p>You do not have to do anything. If you did not expect this message, you can leave it.</p>""",
	),
	Template(
		"Involvement done for you",
		"Somebody did something for you",
		"""<p>Hello {{ name }},</p>
<p>{{ who }} did something for you, as you asked them to. {{ what }}</p>
<p><a href="{{ link }}">See it on your page</a></p>
<p>If it is not what you want, tell us. You can end it at any time: on your page, or by telling us.</p>
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
	),
]
