from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement payments due (staff)",
		"Payments that wait for you",
		"""<p>{{ count }} payments were promised by {{ by }} or sooner, and {% if names %}there is nobody who may take the next step: {{ names }}.</p>
<p>Please see whether their unit has a budget holder who may decide, and who holds the other roles.{% else %}wait for you.{% endif %}</p>
<p><a href="{{ link }}">Open them</a></p>""",
	),
	Template(
		"Involvement payments late (staff)",
		"Payments that are late",
		"""<p>{{ count }} payments are later than was promised: {{ names }}.</p>
<p><a href="{{ link }}">Open them</a></p>""",
	),
	Template(
		"Involvement payments late twice (staff)",
		"Two late payments to one person",
		"""<p>Two payments to one person were late in one month, as their benefit may count it: {{ names }}. That can cost them money.</p>
<p>Please talk with them, and with whoever the payments wait for.</p>
<p><a href="{{ link }}">Open the second one</a></p>""",
	),
	Template(
		"Involvement payment approved",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
{% if charity %}<p>{{ amount }} for your time on {{ session_on }} is agreed. It goes to {{ charity }}, as you asked.</p>
<p>{% if by %}It should be there by {{ by }}.{% else %}It has taken longer than we promised. We are sorry. It goes out as soon as we can.{% endif %} You need not do anything.</p>
{% else %}<p>Your payment of {{ amount }} for your time on {{ session_on }} is agreed.</p>
<p>{% if by %}It should be with you by {{ by }}.{% else %}It has taken longer than we promised. We are sorry. It goes out as soon as we can.{% endif %} You need not do anything.</p>
{% endif %}<p>If this day is difficult for you, or something is wrong, please tell us.</p>
<p><a href="{{ link }}">See your page and how to reach us</a></p>""",
		"Hello {{ name }}. A payment is agreed. When it comes: {{ link }}",
	),
	Template(
		"Involvement advance approved",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
<p>You will have {{ amount }} from us before you spend it, for this: {{ what_for }}</p>
<p>{% if by %}It should be with you by {{ by }}. {% endif %}Keep the tickets and receipts. Afterwards, tell us what you spent: it is covered by this money first.</p>
<p><a href="{{ link }}">See your expenses and how to reach us</a></p>""",
		"Hello {{ name }}. A payment is agreed. When it comes: {{ link }}",
	),
	Template(
		"Involvement payment returned",
		"We are checking something for you",
		"""<p>Hello {{ name }},</p>
<p>Your payment of {{ amount }} for {{ session_on }} is taking a little longer. We are checking this:</p>
<p>{{ note }}</p>
<p>You need not do anything. We will be in touch if we need to ask you something.</p>
<p><a href="{{ link }}">See your page</a></p>""",
	),
	Template(
		"Involvement payment not made",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
<p>We will not make the payment of {{ amount }} for {{ session_on }}. This is why:</p>
<p>{{ note }}</p>
<p>If you think this is wrong, please tell us. We will look at it again.</p>
<p><a href="{{ link }}">See your page and how to reach us</a></p>""",
	),
	Template(
		"Involvement payment corrected",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
<p>We paid you {{ amount }} too much for {{ session_on }}. The mistake was ours. This is what happened:</p>
<p>{{ reason }}</p>
<p>As we agreed with you, we take {{ amount }} off a payment that comes to you{% if not_before %} from {{ not_before }}{% endif %}. You may pay it back to us instead, or in parts.</p>
<p>If this is difficult for you, or you think it is wrong, please tell us. We will not take it off before we have talked about it.</p>
<p><a href="{{ link }}">See your page and how to reach us</a></p>""",
	),
	Template(
		"Involvement correction ended",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
<p>We told you that we paid you {{ amount }} too much for {{ session_on }}. You need not pay it back, and we do not take it off your payments.</p>
<p><a href="{{ link }}">See your page</a></p>""",
	),
	Template(
		"Involvement payment paid back",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
<p>We have received {{ amount }} from you. Thank you. Nothing more is to be paid back of it.</p>
<p><a href="{{ link }}">See your page</a></p>""",
	),
	Template(
		"Involvement payment sent back",
		"About a payment to you",
		"""<p>Hello {{ name }},</p>
{% if charity %}<p>We sent {{ amount }} to {{ charity }}, as you asked. It was sent back to us.</p>
<p>You need not do anything. We ask {{ charity }} where it should go, and send it again.</p>
{% else %}<p>We sent you {{ amount }}, and the bank sent it back to us. Your money is not lost: we keep it for you.</p>
<p>This is what the bank told us: {{ note }}</p>
<p>Please tell us whether the bank details that we have for you are still right. Then we send it again.</p>
{% endif %}<p>If this makes things difficult for you, please tell us. We will see what we can do sooner.</p>
<p><a href="{{ link }}">See your page and how to reach us</a></p>""",
		"Hello {{ name }}. A payment to you came back to us. The money is not lost. What to do: {{ link }}",
	),
	Template(
		"Involvement payment given",
		"A payment has been made for you",
		"""<p>Hello {{ name }},</p>
<p>We paid {{ amount }} to {{ charity }} on {{ paid_on }}, as you asked. Thank you for your time.</p>
<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. A payment was made for you on {{ paid_on }}: {{ link }}",
	),
	Template(
		"Involvement payment made",
		"A payment has been made to you",
		"""<p>Hello {{ name }},</p>
<p>We paid you {{ amount }} on {{ paid_on }}.{% if for_time %} Thank you for your time.{% endif %}</p>
{% if beforehand %}<p>{{ beforehand }} of it is money for what you will spend to take part. Keep the tickets and receipts, and tell us afterwards what you spent.</p>
{% endif %}{% if beside %}<p>Your expenses of {{ beside }} are in it.</p>
{% endif %}{% if taken_off %}<p>We took off {{ taken_off }}, as we told you before.</p>
{% endif %}<p><a href="{{ link }}">See your page</a></p>""",
		"Hello {{ name }}. A payment was made to you on {{ paid_on }}: {{ link }}",
	),
]
