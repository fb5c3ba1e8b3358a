"""dev/up, dev/down, dev/bench and dev/test."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import time

from . import configuration, debian, node, python_env, sites, testing
from . import ports as port_choice
from .layout import FIRST, GROUNDS, SITE, Bench, Ground, Trouble, here, read_json, write_atomically
from .plan import Plan, has_demo
from .processes import Processes
from .steps import Runner, held_locks, tell

# Runs pytest at once on the test site as it is: nothing built, migrated, started or stopped.
AS_IS = "--as-is"


def up(words: list[str]) -> int:
	return guarded(lambda: _up(here()))


def down(words: list[str]) -> int:
	room = here()
	processes = Processes(room)
	stopped = processes.stop(processes.names())
	tell(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")
	return 0


def bench(words: list[str]) -> int:
	room = here()
	if not Processes(room).is_running("mariadb"):
		tell("The bench is down: dev/up starts it.")
		return 1
	if words[:1] == ["build"]:
		return guarded(lambda: build(room))
	command = list(map(str, sites.frappe_words(room, *words)))
	os.chdir(room.sites)
	os.execv(command[0], command)


def build(room: Bench) -> None:
	"""Frappe's own `build` needs its esbuild folder, which the wheel lacks."""
	for app in configuration.apps(room):
		node.build(room, app)
	sites.frappe(room, "clear-cache")


def test(words: list[str]) -> int:
	return guarded(lambda: _test(here(), words))


def guarded(action) -> int:
	try:
		return action() or 0
	except Trouble as trouble:
		tell(f"\n{trouble}")
		return 1
	except KeyboardInterrupt:
		tell("\nInterrupted; the same command goes on from here.")
		return 130


def _up(room: Bench) -> int:
	started = time.monotonic()
	with building(room, debian.SERVERS) as (runner, processes, ports):
		runner.run(Plan(room, ports, runner, processes).up())
	tell(f"\nReady after {time.monotonic() - started:.0f} s.\n")
	tell(f"  The site      http://127.0.0.1:{ports['web']}")
	tell(f"  Caught mail   http://127.0.0.1:{ports['mail']}")
	tell(f"\nSign in as Administrator with the password {sites.ADMIN_PASSWORD}.")
	show_logins(room)
	tell("\ndev/down stops everything.")
	return 0


def show_logins(room: Bench) -> None:
	if has_demo(room):
		command = list(map(str, sites.frappe_words(room, "--site", SITE, "involvement-demo", "logins")))
		subprocess.run(command, cwd=room.sites, stderr=subprocess.DEVNULL)


def _test(room: Bench, words: list[str]) -> int:
	with locked(room, "test"):
		if AS_IS in words:
			env = test_env(room, read_json(room.config / "ports.json"))
			return testing.run(room, env, FIRST, [word for word in words if word != AS_IS])
		before, grounds = set(Processes(room).running()), FIRST if words else GROUNDS
		try:
			with building(room, {**debian.SERVERS, **debian.BROWSER}) as (runner, processes, ports):
				runner.run(Plan(room, ports, runner, processes).test(grounds))
			return testing.run(room, test_env(room, ports), grounds, words)
		finally:
			stop_what_tests_started(room, before)


def stop_what_tests_started(room: Bench, before: set[str]) -> None:
	"""Beside a bench that is up, the servers of the tests stay for the next run."""
	processes = Processes(room)
	if "mariadb" not in before or os.environ.get("CI"):
		processes.stop([name for name in processes.names() if name not in before])


def test_env(room: Bench, ports: dict[str, int]) -> dict[str, str]:
	return {
		**os.environ,
		"INVOLVEMENT_GROUNDS": json.dumps([ground_env(ground, ports) for ground in GROUNDS]),
		"INVOLVEMENT_SITES_PATH": str(room.sites),
		"INVOLVEMENT_ARTEFACTS": str(room.artefacts),
		"INVOLVEMENT_AXE": str(room.node_path("axe-core") / "axe.min.js"),
		"CHROMIUM": debian.program("chromium"),
	}


def ground_env(ground: Ground, ports: dict[str, int]) -> dict[str, str]:
	return {
		"INVOLVEMENT_TEST_SITE": ground.site,
		"INVOLVEMENT_SPARE_SITE": ground.spare,
		"INVOLVEMENT_TEST_URL": f"http://127.0.0.1:{ports[ground.web]}",
		"INVOLVEMENT_MAIL_URL": f"http://127.0.0.1:{ports[ground.mail]}",
	}


@contextlib.contextmanager
def building(room: Bench, programs: dict[str, str]):
	"""One build of a bench at a time, in a folder put right, with ports and settings that agree."""
	debian.ask_leave(debian.missing(programs))
	debian.python()
	node.require_recent()
	with contextlib.suppress(FileExistsError):
		room.root.mkdir()
	if not os.access(room.root, os.W_OK):
		raise Trouble(f"{room.root} belongs to {room.root.owner()}; start this as that user, or remove it.")
	room.make_folders()
	with locked(room, "build"):
		processes = Processes(room)
		mend_if_moved(room, processes)
		ports, taken = port_choice.settle(room, processes.is_running)
		for line in taken:
			tell(f"  {line}")
		configuration.write(room, ports)
		try:
			yield Runner(room), processes, ports
		finally:
			port_choice.release(*ports.values())


def mend_if_moved(room: Bench, processes: Processes) -> None:
	"""A moved or copied folder: other absolute paths, and in a copy the ports of the original."""
	marker = room.root / "root"
	old = marker.read_text() if marker.exists() else None
	if old == str(room.root):
		return
	if old:
		tell(f"  this folder was at {old}; mending its paths")
		processes.stop(processes.names())
		(room.config / "ports.json").unlink(missing_ok=True)
		if (room.env / "bin").exists():
			python_env.repair_scripts(room)
	write_atomically(marker, str(room.root))


@contextlib.contextmanager
def locked(room: Bench, name: str):
	room.root.mkdir(exist_ok=True)
	with (room.root / f"{name}.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			tell(f"  another {name} is under way here; waiting for it")
			fcntl.flock(lock, fcntl.LOCK_EX)
		held_locks.append(lock.fileno())
		try:
			yield
		finally:
			held_locks.remove(lock.fileno())
