"""A file of one's own, as a download."""

import os

from werkzeug.wrappers import Response

from involvement_app.portal import uploads
from involvement_app.portal.visit import Missing

# if a browser showed it after all: no script, no form, no origin
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"


def one(visit, name):
	file = visit.found(uploads.own, name)
	ending = os.path.splitext(file.file_name)[1]
	try:
		with open(uploads.path_of(file), "rb") as found:
			content = found.read()
	except FileNotFoundError:
		raise Missing
	response = Response(content, mimetype=uploads.TYPES[ending])
	response.headers["Content-Disposition"] = f'attachment; filename="file{ending}"'
	response.headers["Content-Security-Policy"] = ALONE
	return response
