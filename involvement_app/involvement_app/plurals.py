"""“1 person”, “2 people”: what is said of a number."""


def counted(number: int, one: str, several: str) -> str:
	"""`one` as it is, or `several` with the number at {0}; both are translated by whoever calls."""
	return one if number == 1 else several.format(number)
