"""Medians, statements, and what machine it was."""

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import frappe

from involvement_app.tests.budgets.counting import begin_request, counted
from involvement_app.tests.compat import as_user


@dataclass(frozen=True)
class Work:
	"""`prepare` is not timed; what it answers goes to `do`. `user`: whose session it is."""

	do: Callable
	prepare: Callable = lambda: None
	user: str = "Administrator"


@dataclass(frozen=True)
class Measured:
	"""Median and 95th percentile in milliseconds; statements of one request with warm Redis."""

	median: float
	slow: float
	statements: int


def measure(work: Work, repeats: int) -> Measured:
	once(work)
	times = [once(work)[0] for _repeat in range(repeats)]
	_time, statements = once(work, count=True)
	times.sort()
	return Measured(statistics.median(times), times[int(len(times) * 0.95)], statements)


def once(work: Work, count: bool = False) -> tuple[float, int]:
	"""(milliseconds, statements) as a request does it; nothing of it stays."""
	frappe.db.savepoint("involvement_benchmark")
	subject = work.prepare()
	with as_user(work.user):
		begin_request()
		if count:
			with counted() as found:
				work.do(subject)
			spent = 0.0
		else:
			found = ()
			begun = time.perf_counter()
			work.do(subject)
			spent = (time.perf_counter() - begun) * 1000
	frappe.db.rollback(save_point="involvement_benchmark")
	return spent, len(found)


def machine() -> dict[str, str]:
	return {
		"processor": _processor(),
		"cores": str(os.cpu_count()),
		"memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
		"load before": f"{os.getloadavg()[0]:.1f}",
		"python": platform.python_version(),
		"frappe": frappe.__version__,
		"database": str(frappe.db.sql("SELECT VERSION()")[0][0]),  # no table
		"commit": _commit(),
	}


def _processor() -> str:
	for line in Path("/proc/cpuinfo").read_text().splitlines():
		if line.startswith("model name"):
			return line.partition(":")[2].strip()
	return platform.processor() or platform.machine()


def _commit() -> str:
	root = Path(__file__).resolve().parents[1]
	done = subprocess.run(
		["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True
	)
	return done.stdout.strip() or "?"


def table(rows: list[dict]) -> str:
	lines = [
		"| | floor, ms | ours, ms | ratio | slowest 5 % from, ms | statements: floor | ours |",
		"|---|---:|---:|---:|---:|---:|---:|",
	]
	for row in rows:
		floor, ours = row["floor"], row["ours"]
		lines.append(
			f"| {row['name']} | {_ms(floor)} | {ours['median']:.1f} | {_ratio(floor, ours)} "
			f"| {ours['slow']:.1f} | {floor['statements'] if floor else '–'} | {ours['statements']} |"
		)
	return "\n".join(lines) + "\n"


def _ms(floor: dict | None) -> str:
	return f"{floor['median']:.1f}" if floor else "–"


def _ratio(floor: dict | None, ours: dict) -> str:
	return f"{ours['median'] / floor['median']:.1f}" if floor else "–"


def as_row(name: str, floor: Measured | None, ours: Measured) -> dict:
	return {"name": name, "floor": asdict(floor) if floor else None, "ours": asdict(ours)}
