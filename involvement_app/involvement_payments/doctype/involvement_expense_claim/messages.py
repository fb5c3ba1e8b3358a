from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement expenses due (staff)",
		"Expenses that wait for you",
		"""<p>{{ count }} claims of expenses were promised by {{ by }} or sooner, and {% if names %}there is nobody who may take the next step: {{ names }}.</p>
<p>Please see whether their unit has a budget holder who may decide, and who holds the other roles.{% else %}wait for you.{% endif %}</p>
<p><a href="{{ link }}">Open them</a></p>""",
	),
	Template(
		"Involvement expenses late (staff)",
		"Expenses that are late",
		"""<p>{{ count }} claims of expenses are later than was promised, and nobody has decided on them: {{ names }}.</p>
<p><a href="{{ link }}">Open them</a></p>""",
	),
	Template(
		"Involvement expenses approved",
		"About what you sent us",
		"""<p>Hello {{ name }},</p>
{% if more %}<p>Your miles of this tax year were counted anew, and we owe you {{ more }} more for them. It is agreed. We tell you when the money is on its way.</p>
{% elif covered %}<p>Your expenses of {{ spent }} are agreed. {{ covered }} of it is covered by the money we gave you beforehand.</p>
<p>{% if to_come %}We pay you the other {{ to_come }}, and tell you when it is on its way.{% else %}There is nothing more to pay.{% endif %}</p>
{% elif not to_come %}<p>What you sent us is agreed. It was paid for already, so there is nothing more to pay.</p>
{% else %}<p>Your expenses of {{ amount }} are agreed. We tell you when the money is on its way.</p>
{% endif %}<p><a href="{{ link }}">See your expenses</a></p>""",
	),
	Template(
		"Involvement expenses paid",
		"A payment has been made to you",
		"""<p>Hello {{ name }},</p>
<p>On {{ paid_on }} we paid you {{ amount }} for your expenses.</p>
{% if covered %}<p>{{ covered }} of what you spent was covered by the money we gave you beforehand.</p>
{% endif %}{% if beside %}<p>Another payment, of {{ beside }}, is in it too.</p>
{% endif %}{% if taken_off %}<p>We took off {{ taken_off }}, as we told you before.</p>
{% endif %}<p>This is your own money coming back. It is not pay.</p>
<p><a href="{{ link }}">See your expenses</a></p>""",
		"Hello {{ name }}. A payment was made to you on {{ paid_on }}: {{ link }}",
	),
	Template(
		"Involvement expenses failed",
		"A payment to you did not arrive",
		"""<p>Hello {{ name }},</p>
<p>We tried to pay back your expenses of {{ amount }}, and the bank sent the money back to us. It is not lost.</p>
<p>Please tell us how to pay you. We can pay you in cash too.</p>
<p><a href="{{ link }}">See your expenses and how to reach us</a></p>""",
	),
	Template(
		"Involvement expenses returned",
		"We have a question for you",
		"""<p>Hello {{ name }},</p>
<p>We want to pay back your expenses of {{ amount }}. We need one thing from you first:</p>
<p>{{ note }}</p>
<p><a href="{{ link }}">Answer us here</a></p>
<p>You can also ring us, or tell us when we meet.</p>""",
	),
	Template(
		"Involvement expenses rejected",
		"About what you sent us",
		"""<p>Hello {{ name }},</p>
<p>We cannot pay back your expenses of {{ amount }}. This is why:</p>
<p>{{ note }}</p>
<p>If you think this is wrong, please tell us. We will look at it again.</p>
<p><a href="{{ link }}">See your expenses and how to reach us</a></p>""",
	),
]
