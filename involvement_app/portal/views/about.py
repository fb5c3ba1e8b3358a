from frappe import _

from involvement_app.portal.responses import page
from involvement_app.portal.rich_text import rebuilt


def welcome(visit):
	signed_out = visit.asked("done") == "signed-out"
	return page(visit, "welcome.html", _("Take part"), signed_out=signed_out)


def privacy(visit):
	title = _("How we look after what we know about you")
	return page(visit, "privacy.html", title, notice=rebuilt(visit.settings.privacy_notice))
