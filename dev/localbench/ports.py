"""Ports of the bench, chosen once and kept, chosen again when somebody else has taken them."""

from __future__ import annotations

import errno
import socket

from .layout import Bench, read_json, write_json

# Those a person types begin where Frappe's own development servers do; 0 lets the kernel choose.
PREFERRED = {
	"web": 8000,
	"test-web": 8100,
	"test-web-2": 8200,
	"socketio": 9000,
	"mail": 8025,
	"mail-smtp": 1025,
	"test-mail": 8125,
	"test-mail-smtp": 1125,
	"test-mail-2": 8225,
	"test-mail-2-smtp": 1225,
	"mariadb": 0,
	"redis-cache": 0,
	"redis-queue": 0,
}
held: dict[int, socket.socket] = {}


def settle(bench: Bench, is_running) -> tuple[dict[str, int], list[str]]:
	"""The port of each server, and a line for every one that somebody else has taken.

	`is_running(server)` tells whether that server of ours is up, so that the port is taken by us.
	"""
	path = bench.config / "ports.json"
	kept = read_json(path)
	moved = []
	ports: dict[str, int] = {}
	for name in PREFERRED:
		ours = name in kept and is_running(name.removesuffix("-smtp"))
		ports[name] = kept[name] if ours else choose(name, kept.get(name), set(ports.values()))
		wanted = kept.get(name) or PREFERRED[name]
		if PREFERRED[name] and ports[name] != wanted:
			moved.append(f"port {wanted} is taken; {name} gets {ports[name]}")
	if ports != kept:
		write_json(path, ports)
	return ports, moved


def choose(name: str, kept: int | None, used: set[int]) -> int:
	"""A port that nobody has, held until its server starts: the first build takes minutes."""
	if kept and kept not in used and hold(kept):
		return kept
	first = PREFERRED[name]
	candidates = range(first, first + 1000) if first else iter(kernels_choice, None)
	return next(port for port in candidates if port not in used and hold(port))


def hold(port: int) -> bool:
	holder = socket.socket()
	holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	try:
		holder.bind(("127.0.0.1", port))
		holder.listen()
	except OSError as error:
		holder.close()
		if error.errno not in (errno.EADDRINUSE, errno.EACCES):
			raise
		return False
	held[port] = holder
	return True


def release(*ports: int) -> None:
	for port in ports:
		if holder := held.pop(port, None):
			holder.close()


def kernels_choice() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]
