"""mailcatcher.py SMTP_PORT WEB_PORT FOLDER: takes every message, delivers none, shows them in the browser.

GET /                     the messages, newest first; GET /<id> one of them
GET /api/messages         the same as JSON, oldest first: id, from, to, subject, headers, text, html, attachments
GET /api/messages/<id>    the raw message
DELETE /api/messages      forget them all
"""

from __future__ import annotations

import email
import email.policy
import itertools
import json
import re
import sys
import time
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
td,th{{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}}
pre{{white-space:pre-wrap;border:1px solid #ccc;padding:1rem}}iframe{{width:100%;height:40rem;border:1px solid #ccc}}</style>
<h1>{title}</h1>{body}"""
ID = re.compile(r"\d+-\d+")
SHOWN = ("From", "To", "Cc", "Subject", "Date")


class Messages:
	"""Files in a folder, named so that they sort by arrival."""

	def __init__(self, folder: Path):
		self.folder = folder
		self.folder.mkdir(parents=True, exist_ok=True)
		self.counter = itertools.count()

	async def handle_DATA(self, server, session, envelope):
		name = f"{time.time_ns()}-{next(self.counter)}"
		recipients = "".join(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos)
		part = self.folder / f"{name}.part"
		part.write_bytes(recipients.encode() + envelope.content)
		part.rename(self.folder / f"{name}.eml")
		return "250 Message caught"

	def ids(self) -> list[str]:
		return sorted(path.stem for path in self.folder.glob("*.eml"))

	def raw(self, id_: str) -> bytes | None:
		if not ID.fullmatch(id_):
			return None
		try:
			return (self.folder / f"{id_}.eml").read_bytes()
		except FileNotFoundError:
			return None

	def get(self, id_: str) -> EmailMessage:
		return email.message_from_bytes(self.raw(id_), policy=email.policy.default)

	def forget(self) -> None:
		for path in self.folder.glob("*.eml"):
			path.unlink()


def body(message: EmailMessage, kind: str) -> str:
	part = message.get_body((kind,))
	return part.get_content() if part else ""


def as_json(id_: str, message: EmailMessage) -> dict:
	return {
		"id": id_,
		"from": str(message["From"] or ""),
		"to": [str(address) for address in message.get_all("X-Envelope-To", [])],
		"subject": str(message["Subject"] or ""),
		"headers": [[name, str(value)] for name, value in message.items()],
		"text": body(message, "plain"),
		"html": body(message, "html"),
		"attachments": [part.get_filename() for part in message.iter_attachments()],
	}


def index(messages: Messages) -> str:
	rows = []
	for id_ in reversed(messages.ids()):
		message = messages.get(id_)
		to = ", ".join(map(str, message.get_all("X-Envelope-To", [])))
		link = f'<a href="/{id_}">{escape(str(message["Subject"] or "(no subject)"))}</a>'
		rows.append(f"<tr><td>{escape(str(message['Date'] or ''))}<td>{escape(to)}<td>{link}")
	table = (
		f"<table><tr><th>Date<th>To<th>Subject{''.join(rows)}</table>" if rows else "<p>No messages yet.</p>"
	)
	return PAGE.format(title="Caught mail", body=table)


def one(message: EmailMessage) -> str:
	heads = "".join(f"<tr><th>{name}<td>{escape(str(message[name]))}" for name in SHOWN if message[name])
	text, html = body(message, "plain"), body(message, "html")
	shown = [f"<p><a href='/'>All messages</a></p><table>{heads}</table>"]
	if html:
		shown.append(f'<h2>HTML</h2><iframe sandbox title="Message" srcdoc="{escape(html)}"></iframe>')
	if text:
		shown.append(f"<h2>Text</h2><pre>{escape(text)}</pre>")
	return PAGE.format(title=escape(str(message["Subject"] or "(no subject)")), body="".join(shown))


class Handler(BaseHTTPRequestHandler):
	messages: Messages

	def do_GET(self):
		path = self.path.split("?")[0].strip("/")
		if not path:
			return self.answer(index(self.messages), "text/html")
		if path == "api/messages":
			found = [as_json(id_, self.messages.get(id_)) for id_ in self.messages.ids()]
			return self.answer(json.dumps(found), "application/json")
		id_ = path.removeprefix("api/messages/")
		raw = self.messages.raw(id_)
		if raw is None:
			return self.answer("Not found", "text/plain", 404)
		if path != id_:
			return self.answer(raw, "message/rfc822")
		return self.answer(one(self.messages.get(id_)), "text/html")

	def do_DELETE(self):
		if self.path.strip("/") != "api/messages":
			return self.answer("Not found", "text/plain", 404)
		self.messages.forget()
		self.answer("", "text/plain")

	def answer(self, content: str | bytes, kind: str, status: int = 200):
		content = content.encode() if isinstance(content, str) else content
		self.send_response(status)
		self.send_header("Content-Type", f"{kind}; charset=utf-8")
		self.send_header("Content-Length", str(len(content)))
		self.end_headers()
		self.wfile.write(content)

	def log_message(self, *words):
		pass


def main(smtp_port: str, web_port: str, folder: str) -> None:
	Handler.messages = Messages(Path(folder))
	Controller(Handler.messages, hostname="127.0.0.1", port=int(smtp_port), data_size_limit=None).start()
	ThreadingHTTPServer(("127.0.0.1", int(web_port)), Handler).serve_forever()


if __name__ == "__main__":
	main(*sys.argv[1:])
