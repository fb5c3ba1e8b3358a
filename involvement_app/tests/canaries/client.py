"""Somebody on the site over HTTP, with the session and form token a browser would have."""

import os
import re

import requests

from involvement_app.tests.canaries.planting import PASSWORD, Identity

WAIT = 20  # seconds
TOKEN = re.compile(r"""csrf_token(?:"\s+value=|\s*=\s*|"\s*:\s*)["']([0-9a-f]{20,})["']""")
FIELD = re.compile(r"""<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"[^>]*>""")


class Client:
	def __init__(self, identity: Identity):
		self.identity = identity
		self.session = requests.Session()
		self.session.trust_env = False  # no proxy stands between the test and its own server
		self.session.headers["Connection"] = (
			"close"  # kept open, all of them land on one of the server's processes
		)
		self.base = os.environ["INVOLVEMENT_TEST_URL"]
		self.requests = 0
		self.patience = WAIT

	def sign_in(self) -> "Client":
		if self.identity.portal:
			self._through_the_portal()
		elif self.identity.name != "guest":
			answer = self.send("POST", "/api/method/login", data={"usr": self.identity.user, "pwd": PASSWORD})
			assert answer.ok, f"{self.identity.name} cannot sign in: {answer.text[:300]}"
		return self

	def _through_the_portal(self) -> None:
		path = "/take-part/sign-in"
		fields = dict(FIELD.findall(self.send("GET", path).text))
		answer = self.send(
			"POST",
			path,
			data={**fields, "email": self.identity.user, "password": PASSWORD},
			allow_redirects=False,
		)
		assert answer.status_code == 303, f"{self.identity.name} cannot sign in: {answer.status_code}"
		self.send("GET", "/take-part/my")

	def send(self, method: str, path: str, **kw) -> requests.Response:
		self.requests += 1
		answer = self.session.request(method, self.base + path, timeout=self.patience, **kw)
		if "text/html" in answer.headers.get("Content-Type", "") and (token := TOKEN.search(answer.text)):
			self.session.headers["X-Frappe-CSRF-Token"] = token.group(1)
		return answer
