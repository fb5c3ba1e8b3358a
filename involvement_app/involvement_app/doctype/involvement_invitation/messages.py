from involvement_app.messages import Template

TEMPLATES = [
	Template(
		"Involvement invitation",
		"An invitation for you",
		"""<p>Hello {{ name }},</p>
<p>Here is something that you may like: “{{ title }}”.</p>
{% if words %}<p>{{ words }}</p>{% endif %}
{% if what_can_change %}<p>What you can influence: {{ what_can_change }}</p>{% endif %}
{% if when %}<p>When: {{ when }}</p>{% endif %}
{% if where %}<p>Where: {{ where }}</p>{% endif %}
{% if amount %}<p>Payment: {{ amount }}. You can take all of it, less, or none.</p>{% endif %}
{% if apply_by %}<p>You can say yes until {{ apply_by }}.</p>{% endif %}
<p>Yes, no, and not answering are all fine. It changes nothing about anything else you do or receive.</p>
{% if link %}<p><a href="{{ link }}">Read more and answer</a></p>{% endif %}
{% if contact %}<p>You reach us here: {{ contact }}</p>{% endif %}""",
		"Hello {{ name }}. There is an invitation for you. {% if link %}Read more: {{ link }}{% else %}Please get in touch with us.{% endif %}",
	),
]
