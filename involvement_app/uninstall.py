from involvement_app import setup


def before_uninstall() -> None:
	"""Leave the CRM as it was: everything install added beside our own doctypes goes."""
	for step in setup.UNDO:
		step()
