from frappe import _

from involvement_app.demo import rows
from involvement_app.health import Check, Finding, ok, warn


def demo_data() -> Finding:
	if rows.memory().exists():
		return warn(
			_("Invented people and payments are on this site."),
			_("Before you go live: bench --site … involvement-demo remove"),
		)
	return ok(_("There is no demonstration data."))


CHECKS = (Check("Is demonstration data gone?", demo_data),)
