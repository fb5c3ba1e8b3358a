"""Sites from before templates get those that a new site starts with."""

from involvement_app.involvement_app import opportunity_templates


def execute() -> None:
	opportunity_templates.create()
