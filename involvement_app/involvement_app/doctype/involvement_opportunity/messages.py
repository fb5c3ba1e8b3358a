from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement to approve",
		"Please look at this and decide",
		"""<p>Hello {{ name }},</p>
<p>“{{ title }}” waits for a manager: approve it, or ask for changes.</p>
<p><a href="{{ link }}">Open it</a></p>""",
	),
	Template(
		"Involvement terms changed",
		"Something in your calendar is different now",
		"""<p>Hello {{ name }},</p>
<p>In “{{ title }}” something is different now:</p>
<p>{{ lines }}</p>
<p>What we promised you for what you said yes to stays. If it no longer suits you, you can say no at any time, without a reason.</p>
<p><a href="{{ link }}">See it on your page</a></p>""",
		"Hello {{ name }}. Something in your calendar is different now. Please look: {{ link }}",
	),
	Template(
		"Involvement approved",
		"Approved: what you sent in",
		"""<p>Hello {{ name }},</p>
<p>“{{ title }}” was approved and can be published.</p>
<p><a href="{{ link }}">Open it</a></p>""",
	),
	Template(
		"Involvement changes wanted",
		"Please change something in what you sent in",
		"""<p>Hello {{ name }},</p>
<p>Before “{{ title }}” can be approved, somebody would like a change:</p>
<p>{{ note }}</p>
<p><a href="{{ link }}">Open it</a></p>""",
	),
	Template(
		"Involvement called off",
		"A date in your calendar has changed",
		"""<p>Hello {{ name }},</p>
<p>We are sorry: “{{ title }}” is not going ahead. This is our decision and has nothing to do with you.</p>
<p>Anything we owe you for what you have already done will be paid as agreed.</p>
<p><a href="{{ link }}">See what else there is</a></p>""",
		"Hello {{ name }}. A date in your calendar has changed. Please look: {{ link }}",
		attaches="involvement_app.involvement_app.calendars.invitations",
	),
	Template(
		"Involvement co-lead stopped",
		"Please look at a plan of yours again",
		"""<p>Hello {{ name }},</p>
<p>Somebody who led “{{ title }}” together with you has stopped. They do not have to say why.</p>
<p><a href="{{ link }}">Open it</a></p>""",
	),
]
