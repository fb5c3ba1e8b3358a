"""Sites from before access requirements get the kinds of needs that a new site starts with."""

from involvement_app.involvement_app import needs


def execute() -> None:
	needs.create()
