"""Real servers on 127.0.0.1 that a test talks to: a mail server that takes or refuses, a gateway for text messages."""

import asyncio
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller


def closed_port() -> int:
	"""A port at which nobody listens."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


@contextmanager
def silent_port():
	"""A port that takes what is said and never answers, until the block ends."""
	with socket.create_server(("127.0.0.1", 0)) as ear:
		yield ear.getsockname()[1]


class MailServer:
	"""Keeps (recipient, raw message) of what it takes; `refuses` is what it answers to a recipient instead.
	`talks` is set once a mail is on the wire, which is taken when `may_take` is."""

	def __init__(self):
		self.taken: list[tuple[str, bytes]] = []
		self.talks, self.may_take = threading.Event(), threading.Event()
		self.may_take.set()
		self.refuses: str | None = None

	async def handle_RCPT(self, server, session, envelope, address, options):
		if self.refuses:
			return self.refuses
		envelope.rcpt_tos.append(address)
		return "250 OK"

	async def handle_DATA(self, server, session, envelope):
		self.talks.set()
		await asyncio.to_thread(self.may_take.wait, 30)
		self.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
		return "250 taken"


@contextmanager
def mail_server():
	"""(server, port), until the block ends."""
	handler, port = MailServer(), closed_port()
	controller = Controller(handler, hostname="127.0.0.1", port=port)
	controller.start()
	try:
		yield handler, port
	finally:
		controller.stop()


class Gateway:
	"""Keeps the parameters of every request; answers `status`."""

	def __init__(self):
		self.asked: list[dict] = []
		self.status = 200


def _form(query: str) -> dict:
	return {key: values[0] for key, values in parse_qs(query).items()}


@contextmanager
def text_gateway():
	"""(gateway, address), until the block ends."""
	gateway = Gateway()

	class Handler(BaseHTTPRequestHandler):
		def do_GET(self):
			self.answer(_form(urlsplit(self.path).query))

		def do_POST(self):
			said = self.rfile.read(int(self.headers["Content-Length"])).decode()
			as_json = self.headers["Content-Type"] == "application/json"
			self.answer(json.loads(said) if as_json else _form(said))

		def answer(self, words: dict):
			gateway.asked.append(words)
			self.send_response(gateway.status)
			self.end_headers()

		def log_message(self, *words):
			pass

	server = HTTPServer(("127.0.0.1", 0), Handler)
	thread = threading.Thread(target=server.serve_forever)
	thread.start()
	try:
		yield gateway, f"http://127.0.0.1:{server.server_port}/send"
	finally:
		server.shutdown()
		thread.join()
		server.server_close()
