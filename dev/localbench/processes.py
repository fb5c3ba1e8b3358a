"""Servers of the bench: started detached, recorded by pid and start time, ended by exactly that."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from . import ports
from .layout import Bench, Trouble, read_json, write_json

PATIENCE = 60


@dataclass(frozen=True)
class Server:
	name: str
	argv: list
	env: dict = field(default_factory=dict)
	cwd: str = "."
	version: str = ""
	stop_signal: int = signal.SIGTERM
	ports: tuple[int, ...] = ()
	url: str = ""

	def is_ready(self, pid: int) -> bool:
		return all(listens(pid, port) for port in self.ports) and (not self.url or answers(self.url))


def _surroundings(more: dict[str, str]) -> dict[str, str]:
	"""Without CI: a worker of Frappe that finds it takes itself for a test and sends no mail."""
	ours = {name: value for name, value in os.environ.items() if name != "CI"}
	return {**ours, **more}


class Processes:
	def __init__(self, bench: Bench):
		self.bench = bench

	def ensure(self, server: Server) -> bool:
		"""True when it had to be started; one that runs with other words or an older version is replaced."""
		recipe = [list(map(str, server.argv)), server.env, server.version]
		if self.is_running(server.name):
			if self._record(server.name).get("recipe") == recipe:
				return False
			self.stop([server.name])
		self._start(server, recipe)
		return True

	def is_running(self, name: str) -> bool:
		record = self._record(name)
		return bool(record) and self._is_ours(record)

	def _adopt(self, recipe: list) -> int | None:
		"""The pid of a server that a killed run had started but not yet recorded."""
		for folder in Path("/proc").glob("[0-9]*"):
			pid = int(folder.name)
			if words_of(pid) == recipe[0] and os.getsid(pid) == pid and works_below(pid, self.bench.root):
				return pid
		return None

	def names(self) -> list[str]:
		return sorted(path.stem for path in self.bench.run.glob("*.json"))

	def running(self) -> list[str]:
		return [name for name in self.names() if self.is_running(name)]

	def stop(self, names: list[str]) -> list[str]:
		"""End these servers, each with the group it leads. Gives the names of those that were running."""
		records = {name: self._record(name) for name in names}
		ours = {name: record for name, record in records.items() if record and self._is_ours(record)}
		for record in ours.values():
			send(record["pid"], record["signal"])
		deadline = time.monotonic() + 15
		while time.monotonic() < deadline and any(self._is_ours(record) for record in ours.values()):
			time.sleep(0.05)
		for record in ours.values():
			if self._is_ours(record):
				send_group(record["pid"], signal.SIGKILL)
		for name in names:
			self._path(name).unlink(missing_ok=True)
		return list(ours)

	def _start(self, server: Server, recipe: list) -> None:
		if stray := self._adopt(recipe):
			self._write_record(server, recipe, stray)
			self.stop([server.name])
		log = self.bench.logs / f"{server.name}.log"
		if log.exists() and log.stat().st_size > 10**7:
			log.unlink()
		ports.release(*server.ports)
		with log.open("ab") as out:
			out.write(f"\n$ {' '.join(recipe[0])}\n".encode())
			process = subprocess.Popen(
				recipe[0],
				cwd=self.bench.root / server.cwd,
				env=_surroundings(server.env),
				stdin=subprocess.DEVNULL,
				stdout=out,
				stderr=subprocess.STDOUT,
				start_new_session=True,
			)
		self._write_record(server, recipe, process.pid)
		self._wait(server, process, log)

	def _write_record(self, server: Server, recipe: list, pid: int) -> None:
		record = {"pid": pid, "started": start_time(pid), "recipe": recipe, "signal": int(server.stop_signal)}
		write_json(self._path(server.name), record, mode=0o600)

	def _wait(self, server: Server, process: subprocess.Popen, log: Path) -> None:
		deadline = time.monotonic() + PATIENCE
		while not server.is_ready(process.pid):
			if process.poll() is not None:
				raise Trouble(f"{server.name} ended at once with {process.returncode}; see {log}")
			if time.monotonic() > deadline:
				raise Trouble(f"{server.name} did not answer within {PATIENCE} s; see {log}")
			time.sleep(0.1)

	def _is_ours(self, record: dict) -> bool:
		"""A pid may be reused, and a copied bench folder carries records of the original's processes."""
		pid = record["pid"]
		return start_time(pid) == record["started"] and works_below(pid, self.bench.root)

	def _record(self, name: str) -> dict:
		return read_json(self._path(name))

	def _path(self, name: str) -> Path:
		return self.bench.run / f"{name}.json"


def start_time(pid: int) -> int | None:
	"""Clock ticks after boot at which the process began; None for no process or a dead one not yet reaped."""
	try:
		words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
	except (FileNotFoundError, ProcessLookupError):
		return None
	return None if words[0] == "Z" else int(words[19])


def words_of(pid: int) -> list[str]:
	try:
		return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
	except (OSError, UnicodeDecodeError):
		return []


def works_below(pid: int, folder: Path) -> bool:
	try:
		return Path(os.readlink(f"/proc/{pid}/cwd")).is_relative_to(folder.resolve())
	except OSError:
		return False


def send(pid: int, number: int) -> None:
	try:
		os.kill(pid, number)
	except ProcessLookupError:
		pass


def send_group(pid: int, number: int) -> None:
	try:
		os.killpg(pid, number)
	except ProcessLookupError:
		pass


def listens(pid: int, port: int) -> bool:
	"""Whether this very process does; somebody else's server on the port would answer just as well."""
	table = Path("/proc/net/tcp").read_text().splitlines()[1:]
	rows = (line.split() for line in table)
	listening = {
		f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port
	}
	return any(target in listening for target in open_files(pid))


def open_files(pid: int) -> list[str]:
	targets = []
	with contextlib.suppress(OSError):
		for descriptor in os.listdir(f"/proc/{pid}/fd"):
			with contextlib.suppress(OSError):
				targets.append(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
	return targets


def answers(url: str) -> bool:
	opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
	try:
		return opener.open(url, timeout=20).status < 500
	except urllib.error.HTTPError as error:
		return error.code < 500
	except OSError:
		return False
