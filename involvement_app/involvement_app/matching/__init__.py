"""Who may be invited to an opportunity, and asking them (domain 4.2, 4.10, 5.1; rows 0.13, 0.14, 0.20).

First what people said themselves: whoever does not want this kind of thing, this topic, this time, or to be asked so
often, is not invited to it. Then an order among those who fit: points for what they would like, for not having been
asked for long, for not having taken part yet; how many is in Involvement Settings. Points are about one opportunity
and one person's own wishes: they order the list, and are neither shown beside a name nor stored.

Equality data, wellbeing plans, access needs, health and money received play no part, because nothing here reads them:
`TABLES` and `OF_A_PERSON` in people.py are all that does, and a test holds every statement to them.

work.py what is asked of people · topics.py their words about topics · people.py the statements · reasons.py in words ·
invitations.py asking, once, as often as they like · desk.py what the page asks for
"""
