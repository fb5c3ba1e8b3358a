"""Every server of the bench: its words, and how one sees that it is ready."""

from __future__ import annotations

import json
import signal

from . import configuration, database, debian, sites
from .layout import DEV, GROUNDS, SITE, Bench, Ground
from .processes import Server
from .steps import fingerprint

HERE = DEV / "localbench" / "servers"
STORES = ("mariadb", "redis-cache", "redis-queue")


class Servers:
	def __init__(self, bench: Bench, ports: dict[str, int]):
		self.bench, self.ports = bench, ports
		self.addresses = fingerprint([sorted(ports.items())])

	def mariadb(self) -> Server:
		version = fingerprint([self.bench.config / "my.cnf", self.bench.config / "mariadb_root.sql"])
		words = database.server_words(self.bench)
		return Server("mariadb", words, version=version, ports=(self.ports["mariadb"],))

	def redis(self, name: str) -> Server:
		config = self.bench.config / f"{name}.conf"
		words = [debian.program("redis-server"), config]
		return Server(name, words, version=fingerprint([config]), ports=(self.ports[name],))

	def web(self) -> Server:
		"""Sees changed Python by itself."""
		return self._gunicorn("web", SITE, "--reload", version=self.addresses, env={"DEV_SERVER": "1"})

	def test_web(self, ground: Ground) -> Server:
		version = self.addresses + code_version(self.bench)
		return self._gunicorn(ground.web, ground.site, "--preload", version=version)

	def _gunicorn(self, name: str, site: str, *more, version: str, env: dict | None = None) -> Server:
		port = self.ports[name]
		version += fingerprint([HERE / "wsgi.py", HERE / "preload.py"])
		words = [self.bench.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--pythonpath", HERE]
		words += ["--worker-class", "gthread", "--workers", 2, "--threads", 4, "--timeout", 120, *more]
		return Server(
			name,
			[*words, "wsgi:application"],
			env={"FRAPPE_SITE": site, **(env or {})},
			cwd="sites",
			version=version,
			stop_signal=signal.SIGQUIT,
			ports=(port,),
			url=f"http://127.0.0.1:{port}/api/method/ping",
		)

	def worker(self) -> Server:
		words = [self.bench.python, HERE / "worker.py", "short,default,long"]
		version = self.addresses + fingerprint(words[1:2]) + code_version(self.bench)
		return Server("worker", words, cwd="sites", version=version)

	def schedule(self) -> Server:
		words = sites.frappe_words(self.bench, "schedule")
		return Server("schedule", words, cwd="sites", version=self.addresses + code_version(self.bench))

	def realtime(self) -> Server:
		web = {
			site: f"http://127.0.0.1:{self.ports[name]}"
			for site, name in ((SITE, "web"), *((ground.site, ground.web) for ground in GROUNDS))
		}
		env = {
			"NODE_PATH": str(self.bench.frappe / "node_modules"),
			"REALTIME_SITES": json.dumps(web),
			"REDIS_QUEUE": f"redis://127.0.0.1:{self.ports['redis-queue']}",
			"PORT": str(self.ports["socketio"]),
		}
		words = [debian.program("node"), HERE / "realtime.js"]
		return Server(
			"socketio", words, env=env, version=fingerprint([words[1]]), ports=(self.ports["socketio"],)
		)

	def mail(self, name: str = "mail") -> Server:
		ports = self.ports[f"{name}-smtp"], self.ports[name]
		words = [self.bench.python, HERE / "mailcatcher.py", *ports, self.bench.data / name]
		url = f"http://127.0.0.1:{ports[1]}/"
		return Server(name, words, version=fingerprint([words[1]]), ports=ports, url=url)


def code_version(bench: Bench) -> str:
	"""Of the app's Python, which a process that has read it does not read again."""
	if not bench.has_app:
		return ""
	files = (path for path in bench.app.rglob("*.py") if "tests" not in path.parts)
	stats = ((str(path), path.stat().st_mtime_ns) for path in sorted(files))
	return fingerprint([tuple(stats), tuple(configuration.apps(bench))])
