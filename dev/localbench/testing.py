"""pytest: all tests in as many processes as there are grounds, or single ones in one."""

from __future__ import annotations

import signal
import subprocess

from .layout import Bench, Ground

# Seconds; a clean clone has half an hour, the building of the bench included.
LONGEST = 25 * 60


def run(room: Bench, env: dict[str, str], grounds: tuple[Ground, ...], words: list[str]) -> int:
	"""What `words` name, or everything. Answers pytest's code."""
	# pytest itself answers Ctrl-C, with its summary.
	signal.signal(signal.SIGINT, signal.SIG_IGN)
	return subprocess.Popen(
		[room.python, "-m", "pytest", *(words or everything(room, env, grounds))],
		cwd=room.checkout,
		env=env,
		preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
	).wait()


def everything(room: Bench, env: dict[str, str], grounds: tuple[Ground, ...]) -> list[str]:
	"""A file of tests stays in one process; the slowest begin (conftest.py), so that both end together."""
	words = [f"--numprocesses={len(grounds)}", "--dist=loadfile", "--no-loadscope-reorder", "--durations=25"]
	words += [f"--junit-xml={room.artefacts / 'tests.xml'}", "-o", "junit_family=xunit2"]
	if env.get("INVOLVEMENT_DEEP") == "1":
		return words
	# Where something all tests stand on has gone, the run ends soon and says with what it began.
	return [*words, "--maxfail=25", f"--session-timeout={LONGEST}"]
