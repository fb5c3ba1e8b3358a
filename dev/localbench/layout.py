"""Where things lie: the checkout, and the bench folder inside it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

APP = "involvement_app"
SITE = "involvement.localhost"
DEV = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ground:
	"""What a process of pytest has for itself: two sites and two servers."""

	site: str
	spare: str  # a bare site, on which the tests of installing install
	web: str
	mail: str

	@property
	def smtp(self) -> str:
		return f"{self.mail}-smtp"


GROUNDS = (
	Ground("involvement-test.localhost", "involvement-spare.localhost", "test-web", "test-mail"),
	Ground("involvement-test-2.localhost", "involvement-spare-2.localhost", "test-web-2", "test-mail-2"),
)
# One process for single tests.
FIRST = GROUNDS[:1]


class Trouble(Exception):
	"""Something the reader can act on; the message says what."""


@dataclass(frozen=True)
class Bench:
	"""The bench folder of one checkout. Everything dev/ makes lies in it."""

	checkout: Path

	@property
	def root(self) -> Path:
		return self.checkout / ".bench"

	@property
	def env(self) -> Path:
		return self.root / "env"

	@property
	def python(self) -> Path:
		return self.env / "bin" / "python"

	@property
	def frappe(self) -> Path:
		return self.root / "apps" / "frappe"

	@property
	def app(self) -> Path:
		return self.checkout / APP

	@property
	def sites(self) -> Path:
		return self.root / "sites"

	@property
	def assets(self) -> Path:
		return self.sites / "assets"

	@property
	def config(self) -> Path:
		return self.root / "config"

	@property
	def logs(self) -> Path:
		return self.root / "logs"

	@property
	def data(self) -> Path:
		return self.root / "data"

	@property
	def run(self) -> Path:
		return self.root / "run"

	@property
	def stamps(self) -> Path:
		return self.root / "stamps"

	@property
	def cache(self) -> Path:
		return self.root / "cache"

	@property
	def artefacts(self) -> Path:
		return self.root / "artefacts"

	@property
	def has_app(self) -> bool:
		return (self.app / "hooks.py").exists()

	def make_folders(self) -> None:
		for folder in (
			"apps",
			"sites/assets",
			"config",
			"logs",
			"data",
			"run",
			"stamps",
			"cache",
			"artefacts",
		):
			(self.root / folder).mkdir(parents=True, exist_ok=True)

	def node_path(self, module: str) -> Path:
		return self.frappe / "node_modules" / module


def here() -> Bench:
	return Bench(DEV.parent)


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
	"""A reader, or a later run after a kill, sees the old text or the new, never half of it."""
	part = path.with_name(f"{path.name}.{os.getpid()}.part")
	part.write_text(text)
	part.chmod(mode)
	part.replace(path)


def read_json(path: Path) -> dict:
	try:
		return json.loads(path.read_text())
	except (FileNotFoundError, json.JSONDecodeError):
		return {}


def write_json(path: Path, data: dict, mode: int = 0o644) -> None:
	write_atomically(path, json.dumps(data, indent=1, sort_keys=True) + "\n", mode)
