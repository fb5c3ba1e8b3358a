"""A file of one's own, as a download."""

import os

from werkzeug.wrappers import Response

from involvement_app.portal import uploads
from involvement_app.portal.visit import Missing

# if a browser showed it after all: no script, no form, no origin
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"


def one(visit, name):
	return download(visit.found(uploads.own, name), "file")


def download(file, called: str) -> Response:
	"""The content of a private File that the caller has shown to be this reader's. Raises Missing."""
	ending = os.path.splitext(file.file_url)[1].lower()
	try:
		with open(uploads.path_of(file), "rb") as found:
			content = found.read()
	except FileNotFoundError:
		raise Missing
	response = Response(content, mimetype=uploads.TYPES.get(ending, "application/octet-stream"))
	response.headers["Content-Disposition"] = f'attachment; filename="{called}{ending}"'
	response.headers["Content-Security-Policy"] = ALONE
	return response
