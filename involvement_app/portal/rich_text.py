"""Text that staff formatted, rebuilt from the few tags it needs. Everything else is dropped, its words kept;
Frappe's own cleaner lets styles, forms and pictures from elsewhere through."""

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PreformattedString, Tag
from markupsafe import Markup, escape

from involvement_app.portal.words import web_address

# h1 is the page's own
TAGS = {name: name for name in ("p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote")}
TAGS.update(h1="h2", b="strong", i="em")
SILENT = {"script", "style", "template", "iframe", "object", "svg", "math", "head", "title", "noscript"}


def rebuilt(html: str | None) -> Markup | None:
	"""Safe HTML, or None when there are no words in it."""
	soup = BeautifulSoup(html or "", "html.parser")
	markup = _children(soup)
	return markup if markup.striptags().strip() else None


def _children(node) -> Markup:
	return Markup("").join(_one(child) for child in node.children)


def _one(node) -> Markup:
	if isinstance(node, PreformattedString) and not isinstance(node, CData):
		return Markup("")  # comments and the like
	if isinstance(node, NavigableString):
		return escape(str(node))
	if not isinstance(node, Tag) or node.name in SILENT:
		return Markup("")
	if node.name == "br":
		return Markup("<br>")
	if node.name == "a" and _address(node):
		return Markup('<a class="govuk-link" href="{}" rel="noreferrer">{}</a>').format(
			_address(node), _children(node)
		)
	name = TAGS.get(node.name)
	return Markup("<{0}>{1}</{0}>").format(Markup(name), _children(node)) if name else _children(node)


def _address(link: Tag) -> str | None:
	address = (link.get("href") or "").strip()
	return address if address.startswith(("mailto:", "tel:", "/take-part")) else web_address(address)
