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
]
