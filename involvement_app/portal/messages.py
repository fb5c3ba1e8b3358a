from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement sign-in link",
		"Your link to sign in",
		"""<p>Hello {{ name }},</p>
<p>Use this link to sign in. It works once, for the next {{ minutes }} minutes.</p>
<p><a href="{{ link }}">Sign in</a></p>
<p>If the link does not open, copy this address into your browser:<br>{{ link }}</p>
<p>If you did not ask for this, you do not need to do anything.</p>""",
		late_link="involvement_app.portal.links.sign_in_link",
		any_hour=True,
		hours=1,
	),
	Template(
		"Involvement new password link",
		"Your link to choose a new password",
		"""<p>Hello {{ name }},</p>
<p>Use this link to choose a new password. It works once, for the next {{ minutes }} minutes.</p>
<p><a href="{{ link }}">Choose a new password</a></p>
<p>If the link does not open, copy this address into your browser:<br>{{ link }}</p>
<p>If you did not ask for this, you do not need to do anything. Your password stays as it is.</p>""",
		late_link="involvement_app.portal.links.new_password_link",
		any_hour=True,
		hours=1,
	),
	Template(
		"Involvement calendar link made",
		"A link to your dates was made",
		"""<p>Hello {{ name }},</p>
<p>A private link by which a calendar follows your dates was made on your page.</p>
<p>If it was you, you do not need to do anything.</p>
<p>If it was not you, end the link on <a href="{{ link }}">your calendar page</a>, and choose a new password: somebody else may know yours.</p>""",
	),
]
