"""Words that tell. What others may see (a subject on a locked telephone, a sender's name, a text message, the
window of an envelope, a bank statement) says nothing about care or health (law 12, domain 1.7)."""

import re

TELLING = re.compile(
	r"mental|health|addict|recover|involve|psych|rehab|drug|alcohol|\bmind\b|\bcare\b|\bcarer|service.?user|well-?being"
	r"|\bpanel|lived.?experience|patient|therap|crisis|clinic|hospital|\bward\b|treatment|diagnos|counsell|detox"
	r"|disab|illness|participant|safeguard",
	re.IGNORECASE,
)


def telling(words: str | None) -> str | None:
	"""The first word in `words` that tells, or None."""
	found = TELLING.search(words or "")
	return found and found.group(0)


# what staff need not write down about somebody: narrower than the above, which strangers read
HEALTH = re.compile(
	r"\b(?:diagnos|bipolar|schizo|psychos|psychiatr|depress|anxiety|personality disorder|self.?harm|suicid|overdos"
	r"|medicat|detox|relaps|addict|alcohol|section(?:ed)? (?:2|3)\b)\w*",
	re.IGNORECASE,
)


def about_health(words: str | None) -> str | None:
	"""The first word in `words` that names an illness or a treatment, or None."""
	found = HEALTH.search(words or "")
	return found and found.group(0)
