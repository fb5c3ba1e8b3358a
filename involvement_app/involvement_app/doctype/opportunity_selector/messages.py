from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement scores wanted",
		"Could you help us choose?",
		"""<p>Hello {{ name }},</p>
<p>People would like to take part in “{{ title }}”. You choose with us, and your score weighs the same as ours.</p>
<p>You read what each of them wrote, without names, and say how well it fits what we asked for. You can leave one out, or say no thank you, without a reason.</p>
<p><a href="{{ link }}">Read and score</a></p>
{% if contact %}<p>You can also tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. Could you help us choose? {{ link }}",
	),
	Template(
		"Involvement scores reminder",
		"We have not heard from you yet, and that is fine",
		"""<p>Hello {{ name }},</p>
<p>There is still something to score for “{{ title }}”. We choose nobody before we have heard from you.</p>
<p>If it does not suit you, say no thank you: we then ask somebody else. You need no reason.</p>
<p><a href="{{ link }}">Read and score, or say no thank you</a></p>
{% if contact %}<p>You can also tell us: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. There is still something to score, if it suits you: {{ link }}",
	),
]
