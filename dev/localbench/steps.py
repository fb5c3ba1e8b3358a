"""Steps that run side by side, each at most once for the same inputs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from .layout import Bench, Trouble, write_atomically


@dataclass(frozen=True)
class Step:
	"""One row of the plan.

	`inputs` gives what the result depends on; the step is skipped while they stay the same and `holds` is true.
	None as inputs means: always run, the action itself finds out what is to do.
	`undo` clears what an interrupted run of the action left behind.
	"""

	name: str
	does: str
	action: Callable[[], None]
	after: tuple[str, ...] = ()
	inputs: Callable[[], Iterable] | None = None
	holds: Callable[[], bool] = lambda: True
	undo: Callable[[], None] | None = None


def fingerprint(inputs: Iterable) -> str:
	"""Hash of values, and of the bytes of every Path among them (a folder counts with all its files)."""
	digest = hashlib.sha256()
	for value in inputs:
		if not isinstance(value, Path):
			digest.update(repr(value).encode())
			continue
		for file in sorted(files_below(value)):
			digest.update(str(file.relative_to(value.parent)).encode())
			digest.update(file.read_bytes())
	return digest.hexdigest()


def files_below(path: Path) -> Iterable[Path]:
	if path.is_file():
		yield path
		return
	for folder, folders, names in os.walk(path):
		folders[:] = [name for name in folders if name not in {"__pycache__", "node_modules", "dist"}]
		yield from (Path(folder, name) for name in names if not name.endswith((".pyc", ".part")))


class Stamps:
	"""What was finished, and what was begun: a step found begun was interrupted."""

	def __init__(self, folder: Path):
		self.folder = folder

	def done(self, name: str) -> str | None:
		path = self.folder / name
		return path.read_text() if path.exists() else None

	def was_interrupted(self, name: str) -> bool:
		return self._begun(name).exists()

	def begin(self, name: str) -> None:
		write_atomically(self._begun(name), "")
		(self.folder / name).unlink(missing_ok=True)

	def finish(self, name: str, print_: str) -> None:
		write_atomically(self.folder / name, print_)
		self._begun(name).unlink(missing_ok=True)

	def forget(self, name: str) -> None:
		(self.folder / name).unlink(missing_ok=True)

	def _begun(self, name: str) -> Path:
		return self.folder / f"{name}.begun"


@dataclass
class Runner:
	bench: Bench
	stamps: Stamps = field(init=False)
	running: list[str] = field(default_factory=list)

	def __post_init__(self):
		self.stamps = Stamps(self.bench.stamps)

	def run(self, plan: list[Step]) -> None:
		"""Run every step as soon as those it comes after are done; the first failure lets running steps end."""
		waiting = {step.name: step for step in plan}
		done: set[str] = set()
		running: dict = {}
		failures: list[str] = []
		with ThreadPoolExecutor(max_workers=len(plan)) as pool:
			while waiting or running:
				for step in [s for s in waiting.values() if self._ready(s, plan, done) and not failures]:
					running[pool.submit(self._run_one, step)] = waiting.pop(step.name)
				if not running:
					break
				finished, _ = wait(running, timeout=1, return_when=FIRST_COMPLETED)
				self._show_running()
				for future in finished:
					step = running.pop(future)
					if error := future.exception():
						failures.append(self._explain(step, error))
					done.add(step.name)
		if failures:
			raise Trouble("\n".join(failures))

	def _ready(self, step: Step, plan: list[Step], done: set[str]) -> bool:
		names = {other.name for other in plan}
		return all(name in done or name not in names for name in step.after)

	def _run_one(self, step: Step) -> None:
		started = time.monotonic()
		inputs = fingerprint(step.inputs()) if step.inputs else None
		interrupted = self.stamps.was_interrupted(step.name)
		if inputs and not interrupted and self.stamps.done(step.name) == inputs and step.holds():
			return
		current.step = step.name
		log_path(self.bench, step.name).unlink(missing_ok=True)
		self.running.append(step.does)
		try:
			self._act(step, inputs, interrupted)
		finally:
			self.running.remove(step.does)
		took = time.monotonic() - started
		if inputs or took > 1:
			self.say(f"{step.does:<58} {took:6.1f} s")

	def _act(self, step: Step, inputs: str | None, interrupted: bool) -> None:
		if inputs:
			if interrupted and step.undo:
				step.undo()
			self.stamps.begin(step.name)
		step.action()
		if inputs:
			self.stamps.finish(step.name, inputs)

	def say(self, line: str) -> None:
		tell(f"\r\033[K  {line}" if sys.stdout.isatty() else f"  {line}")

	def _show_running(self) -> None:
		"""On a terminal, what is under way, in a line that the next one overwrites."""
		if sys.stdout.isatty():
			width = shutil.get_terminal_size().columns - 1
			print(f"\r\033[K  … {', '.join(self.running)}"[: width + 4], end="\r", flush=True)

	def _explain(self, step: Step, error: BaseException) -> str:
		log = log_path(self.bench, step.name)
		text = f"{step.name}: {step.does}: failed\n  {error}"
		return f"{text}\n  log: {log}" if log.exists() else text


current = threading.local()
held_locks: list[int] = []


def log_path(bench: Bench, step: str) -> Path:
	return bench.logs / f"{step.replace(' ', '-')}.log"


def sh(
	bench: Bench,
	*argv,
	cwd: Path | None = None,
	env: dict | None = None,
	stdin=subprocess.DEVNULL,
	holding: bool = True,
) -> None:
	"""Run a command, its words in the log of the step that runs it; trouble carries the last lines.

	The command dies with the run that started it, and holds the lock of the bench as well, so that nothing of a
	killed run works on while the next one begins. Not so apt, which is better left to finish.
	"""
	dies_with_us = ["setpriv", "--pdeathsig", "KILL", "--"] if holding and shutil.which("setpriv") else []
	log = log_path(bench, getattr(current, "step", "other"))
	with log.open("ab") as out:
		out.write(f"$ {' '.join(map(str, argv))}\n".encode())
		out.flush()
		start = out.tell()
		done = subprocess.run(
			[*dies_with_us, *map(str, argv)],
			cwd=cwd or bench.root,
			env={**os.environ, **(env or {})},
			stdin=stdin,
			stdout=out,
			stderr=subprocess.STDOUT,
			pass_fds=held_locks if holding else (),
		)
	if done.returncode:
		with log.open("rb") as words:
			words.seek(start)
			last = words.read().decode(errors="replace").strip().splitlines()[-6:]
		raise Trouble(f"{Path(str(argv[0])).name} ended with {done.returncode}:\n    " + "\n    ".join(last))


def tell(text: str) -> None:
	print(text, flush=True)
