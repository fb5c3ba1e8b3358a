"""Photos that somebody has chosen for a form which is not sent yet (domain 4.8: nothing that was given to us has to be given
twice). A page without scripts cannot fill a file input again, so the file waits with us until the form is taken.

It lies in a folder of the site that is in no table and in no backup of files, enciphered with a key that is made of the
site's own, the login, whom they act for and the form: nobody else's page opens it, staff and finance have no way to it,
and its name says nothing. It goes when the form is taken, when the person takes it away, and a day later in any case."""

import base64
import hashlib
import hmac
import json
import os
import time
from contextlib import suppress

import frappe
from cryptography.fernet import Fernet, InvalidToken
from frappe.utils.password import get_encryption_key

from involvement_app.clean_files import WAITING, CleanFile
from involvement_app.portal import forms

HOURS = 24
# of one login, on all their open forms: the oldest goes first
MOST = 10


def keep(visit, form: str, field: str, file: CleanFile, user: str | None = None) -> None:
	"""`file` waits for `field` of the form `form` (what tells this form from every other); it replaces what waited there.
	`user`: whose form it is, where their session has ended (kept.py)."""
	head = json.dumps([file.kind, file.as_given]).encode()
	whose = _whose(visit, form, user)
	path = _path(whose, field)
	os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
	_make_room(os.path.dirname(path), os.path.basename(path))
	unfinished = f"{path}.{os.getpid()}"
	with open(unfinished, "wb") as written:
		written.write(_cipher(whose).encrypt(head + b"\n" + file.content))
	os.replace(unfinished, path)  # read whole, or not at all


def of(visit, form: str, field: str) -> CleanFile | None:
	"""What waits there for this reader."""
	whose = _whose(visit, form)
	try:
		with open(_path(whose, field), "rb") as found:
			plain = _cipher(whose).decrypt(found.read(), ttl=HOURS * 3600)
	except (FileNotFoundError, InvalidToken):
		return None
	head, content = plain.split(b"\n", 1)
	kind, as_given = json.loads(head)
	return CleanFile(kind, content, as_given)


def forget(visit, form: str, *fields: str) -> None:
	for field in fields:
		_remove(_path(_whose(visit, form), field))


def forget_once_taken(visit, form: str, *fields: str) -> None:
	"""When what the form did is kept for good: a second press of the button still finds them until then."""
	paths = [_path(_whose(visit, form), field) for field in fields]
	frappe.db.after_commit.add(lambda: [_remove(path) for path in paths])


def forget_old() -> None:
	"""Every hour: forms that were left."""
	for folder, _folders, names in os.walk(_root()):
		for name in names:
			path = os.path.join(folder, name)
			with suppress(FileNotFoundError):
				if os.path.getmtime(path) < time.time() - HOURS * 3600:
					_remove(path)


def _make_room(folder: str, but: str) -> None:
	there = [entry for entry in os.scandir(folder) if entry.name != but]
	with suppress(FileNotFoundError):  # another request of theirs was quicker
		for entry in sorted(there, key=lambda entry: entry.stat().st_mtime)[: max(len(there) - MOST + 1, 0)]:
			_remove(entry.path)


def _remove(path: str) -> None:
	with suppress(FileNotFoundError):
		os.remove(path)


def _root() -> str:
	return frappe.get_site_path("private", WAITING)


def _path(whose: tuple[str, str, str], field: str) -> str:
	return os.path.join(_root(), _secret("draft of", whose[0]).hex(), _secret("draft", *whose, field).hex())


def _cipher(whose: tuple[str, str, str]) -> Fernet:
	return Fernet(base64.urlsafe_b64encode(_secret("draft key", *whose)))


def _whose(visit, form: str, user: str | None = None) -> tuple[str, str, str]:
	"""The login, by which row it acts for somebody, the form. A form without a session says itself for whom it was."""
	return (user, visit.secret(forms.ACTING), form) if user else (visit.user, forms.acting_by(visit), form)


def _secret(*words: str) -> bytes:
	return hmac.new(get_encryption_key().encode(), json.dumps(words).encode(), hashlib.sha256).digest()
