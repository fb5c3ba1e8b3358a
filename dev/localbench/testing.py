"""pytest, once or twice at once: what needs neither the test site nor a browser runs beside the rest."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from .layout import Bench
from .steps import tell

# In this order: the quick ones first, then those that take turns on the spare site.
BESIDE = (
	"involvement_app/tests/gates",
	"involvement_app/tests/test_documents.py",
	"dev/localbench/tests/test_machine.py",
	"dev/localbench/tests/test_processes.py",
	"dev/localbench/tests/test_sources.py",
	"dev/localbench/tests/test_steps.py",
	"dev/localbench/tests/test_testing.py",
	"involvement_app/tests/test_install.py",
	"involvement_app/tests/test_restore.py",
	"involvement_app/tests/test_upgrade.py",
)

# Seconds; a clean clone has half an hour, the building of the bench included.
LONGEST = 25 * 60


def run(room: Bench, env: dict[str, str], words: list[str]) -> int:
	"""All tests in two processes, or those that `words` name in one. Answers pytest's code, the worse of two."""
	# pytest itself answers Ctrl-C, with its summary.
	signal.signal(signal.SIGINT, signal.SIG_IGN)
	if words:
		return _start(room, env, words).wait()
	started = time.monotonic()
	there = [name for name in BESIDE if (room.checkout / name).exists()]
	log = room.logs / "tests-beside.log"
	with log.open("wb") as out:
		limits = _limits(env)
		beside = _start(room, env, [*there, *_record(room, "beside"), *_cache(room), *limits], out)
		rest = _start(room, env, [*(f"--ignore={name}" for name in there), *_record(room, "rest"), *limits])
		codes = [rest.wait(), beside.wait()]
	tell(f"\nBeside these ran {', '.join(there)}:\n")
	tell(log.read_text(errors="replace"))
	tell(closing_line(_results(room), codes, time.monotonic() - started))
	return worst(codes)


def _start(room: Bench, env: dict[str, str], words: list[str], out=None) -> subprocess.Popen:
	return subprocess.Popen(
		[room.python, "-m", "pytest", *words],
		cwd=room.checkout,
		env=env,
		stdout=out,
		stderr=subprocess.STDOUT if out else None,
		preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
	)


def _limits(env: dict[str, str]) -> list[str]:
	"""Where something all tests stand on has gone, the run ends soon and says with what it began."""
	return [] if env.get("INVOLVEMENT_DEEP") == "1" else ["--maxfail=25", f"--session-timeout={LONGEST}"]


def _file(room: Bench, name: str) -> Path:
	return room.artefacts / f"tests-{name}.xml"


def _record(room: Bench, name: str) -> list[str]:
	"""pytest writes down every test and its time, and names the slowest."""
	_file(room, name).unlink(missing_ok=True)
	return [f"--junit-xml={_file(room, name)}", "-o", "junit_family=xunit2", "--durations=10"]


def _cache(room: Bench) -> list[str]:
	"""A memory of its own: two pytests would write over each other's."""
	return ["-o", f"cache_dir={room.root / 'pytest_cache_beside'}"]


@dataclass(frozen=True)
class Results:
	"""What one pytest wrote down; None of it where it was killed before it could."""

	counts: Counter

	@classmethod
	def read(cls, file: Path) -> Results | None:
		try:
			suite = ElementTree.parse(file).getroot().find("testsuite")
		except (OSError, ElementTree.ParseError):
			return None
		kinds: dict[tuple, str] = {}
		for case in suite.iter("testcase"):  # its subtests are cases of the same name: the worst counts
			name = (case.get("classname"), case.get("name"))
			kinds[name] = min(kinds.get(name, PASSED), _kind(case), key=WORST_FIRST.index)
		return cls(Counter(kinds.values()))


PASSED = "passed"
WORST_FIRST = ("errors", "failed", "skipped", PASSED)


def _kind(case: ElementTree.Element) -> str:
	tags = {part.tag for part in case}
	return next(
		(
			kind
			for tag, kind in (("error", "errors"), ("failure", "failed"), ("skipped", "skipped"))
			if tag in tags
		),
		PASSED,
	)


def _results(room: Bench) -> list[Results | None]:
	return [Results.read(_file(room, name)) for name in ("rest", "beside")]


def closing_line(results: list[Results | None], codes: list[int], seconds: float) -> str:
	"""As pytest's own, over both: “===== 512 passed, 2 skipped in 480.00s (0:08:00) =====”."""
	counts = sum((each.counts for each in results if each), Counter())
	parts = [f"{counts[kind]} {kind}" for kind in ("failed", "passed", "skipped", "errors") if counts[kind]]
	if worst(codes) and not (counts["failed"] or counts["errors"]):
		parts.append(f"pytest ended with {worst(codes)}")
	words = f"{', '.join(parts) or 'no tests ran'} in {seconds:.2f}s"
	whole = int(seconds)
	words += f" ({whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02})" if whole >= 60 else ""
	return f" {words} ".center(80, "=")


def worst(codes: list[int]) -> int:
	"""The first that is not 0; a process killed by a signal counts as 1."""
	return next((code if code > 0 else 1 for code in codes if code), 0)
