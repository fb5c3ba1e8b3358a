"""The table of steps that `dev/up` and `dev/test` run."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

from . import database, debian, framework, node, python_env, sites
from .layout import APP, SITE, Bench, Ground
from .processes import Processes
from .servers_of_bench import Servers
from .steps import Runner, Step, files_below, fingerprint

# What migrate does not read.
NOT_SCHEMA = {"tests", "public", "templates", "node_modules", "__pycache__"}


class Plan:
	def __init__(self, bench: Bench, ports: dict[str, int], runner: Runner, processes: Processes):
		self.bench, self.ports, self.runner, self.processes = bench, ports, runner, processes
		self.servers = Servers(bench, ports)

	def up(self) -> list[Step]:
		return [*self.common(debian.SERVERS), *self.site(SITE, "mail-smtp"), self.demo(), *self.for_people()]

	def test(self, grounds: tuple[Ground, ...]) -> list[Step]:
		steps, made_first = self.common({**debian.SERVERS, **debian.BROWSER}), ()
		for ground in grounds:
			steps += self.site(ground.site, ground.smtp, made_first)
			made_first = (grounds[0].site,)
			steps.append(self.spare_site(ground.spare, made_first))
		return [*steps, *self.for_tests(grounds)]

	def common(self, programs: dict[str, str]) -> list[Step]:
		bench = self.bench
		packages = debian.missing(programs)
		waits_for_python = ("debian",) if "python3-venv" in packages else ()
		return [
			Step(
				"debian",
				f"Debian packages: {' '.join(packages) or 'all there'}",
				lambda: debian.install(bench, packages),
			),
			Step(
				"env",
				"Python environment",
				self.make_env,
				after=waits_for_python,
				inputs=lambda: [platform.python_version(), python_env.BUILD],
				holds=bench.python.exists,
			),
			Step(
				"framework",
				"Frappe from its wheel",
				lambda: framework.fetch(bench),
				after=("env",),
				inputs=self.framework_inputs,
				holds=(bench.frappe / "frappe" / "hooks.py").exists,
			),
			Step(
				"packages",
				"Python packages",
				lambda: python_env.install_packages(bench),
				after=("env",),
				inputs=lambda: [python_env.LOCK],
				holds=bench.python.exists,
				undo=self.make_env,
			),
			Step(
				"node",
				"npm packages of Frappe",
				lambda: node.install_for_frappe(bench),
				after=("debian",) if "npm" in packages else (),
				inputs=lambda: list(node.LISTS),
				holds=(bench.frappe / "node_modules").exists,
			),
			Step(
				"app node",
				"npm packages of the app",
				lambda: node.install_for_app(bench),
				after=("debian",) if "npm" in packages else (),
				inputs=lambda: [bench.checkout / "package.json"],
				holds=(bench.checkout / "node_modules").exists,
			),
			Step(
				"frappe assets",
				"Frappe's scripts and styles",
				lambda: self.build("frappe"),
				after=("node", "framework"),
				inputs=lambda: [*self.framework_inputs(), *node.LISTS, node.BUILDER],
				holds=lambda: node.built(bench, "frappe"),
			),
			*self.app_parts(),
			Step(
				"database",
				"database and Redis",
				self.start_stores,
				after=("debian",),
			),
		]

	def app_parts(self) -> list[Step]:
		bench = self.bench
		if not bench.has_app:
			return []
		return [
			Step(
				"app",
				"the app in the environment",
				lambda: python_env.install_app(bench),
				after=("packages",),
				inputs=lambda: [
					str(bench.checkout),
					bench.checkout / "setup.py",
					bench.checkout / "requirements.txt",
				],
			),
			Step(
				"app assets",
				"the app's scripts and styles",
				lambda: self.build(APP),
				after=("frappe assets", "app node"),
				inputs=lambda: [bench.app / "public", bench.checkout / "package.json", node.BUILDER],
				holds=lambda: node.built(bench, APP),
			),
		]

	def site(self, site: str, smtp: str, dump_by: tuple[str, ...] = ()) -> list[Step]:
		"""`dump_by`: the site whose making leaves the dump that this one is made from."""
		bench, runner = self.bench, self.runner
		app_in = f"app in {site}"

		def make():
			for step in (app_in, f"settings of {site}", *(["demo"] if site == SITE else [])):
				runner.stamps.forget(step)
			sites.make(bench, site, self.ports, self.bare_site())

		def unmake_half():
			# Only the first installation starts from nothing; a migration can simply be repeated.
			if not self.was_installed(site).exists():
				make()

		def install():
			sites.install_app(bench, site)
			self.was_installed(site).touch()

		steps = [
			Step(
				site,
				f"site {site}",
				make,
				after=("database", "packages", "framework", *dump_by),
				inputs=lambda: ["made once"],
				holds=lambda: sites.exists(bench, site),
			),
			Step(
				f"settings of {site}",
				f"mail settings of {site}",
				lambda: sites.catch_mail(bench, site, self.ports[smtp], site == SITE),
				after=(site, app_in),
				inputs=lambda: [self.ports[smtp]],
			),
		]
		if bench.has_app:
			steps.insert(
				1,
				Step(
					app_in,
					f"the app in {site}",
					install,
					after=(site, "app"),
					inputs=self.schema,
					undo=unmake_half,
				),
			)
		return steps

	def spare_site(self, site: str, dump_by: tuple[str, ...]) -> Step:
		bench = self.bench
		return Step(
			site,
			f"site {site}",
			lambda: sites.make(bench, site, self.ports, self.bare_site()),
			after=dump_by,
			inputs=lambda: ["made once"],
			holds=lambda: sites.exists(bench, site) and not sites.has_app(bench, site),
		)

	def was_installed(self, site: str) -> Path:
		return self.bench.sites / site / "app-was-installed"

	def demo(self) -> Step:
		if not has_demo(self.bench):
			return Step("demo", "demo data: the app has none", lambda: None)
		return Step(
			"demo",
			"demo data",
			lambda: sites.frappe(self.bench, "--site", SITE, "involvement-demo", "load"),
			after=(f"app in {SITE}", f"settings of {SITE}"),
			inputs=lambda: ["loaded once"],
			undo=self.unload_demo,
		)

	def unload_demo(self) -> None:
		"""Loading is one transaction; its memory lies beside the site's private files."""
		if (self.bench.sites / SITE / "private" / "involvement-demo.json").exists():
			sites.frappe(self.bench, "--site", SITE, "involvement-demo", "remove")

	def for_people(self) -> list[Step]:
		servers = self.servers
		after = ("packages", "app", SITE, f"app in {SITE}", "app assets", "frappe assets", "demo", "node")
		wanted = (servers.mail, servers.realtime, servers.worker, servers.schedule, servers.web)
		return [self.server(make(), after) for make in wanted]

	def for_tests(self, grounds: tuple[Ground, ...]) -> list[Step]:
		servers = self.servers
		after = ["packages", "app", "app assets", "frappe assets", "node"]
		for ground in grounds:
			after += [ground.site, f"app in {ground.site}"]
		wanted = [servers.realtime(), servers.worker()]
		for ground in grounds:
			wanted += [servers.mail(ground.mail), servers.test_web(ground)]
		return [self.server(server, tuple(after)) for server in wanted]

	def server(self, server, after: tuple[str, ...]) -> Step:
		return Step(
			f"server {server.name}",
			f"{server.name} started",
			lambda: self.processes.ensure(server),
			after=after,
		)

	def make_env(self) -> None:
		for step in ("packages", "app"):
			self.runner.stamps.forget(step)
		python_env.create(self.bench)

	def start_stores(self) -> None:
		database.create(self.bench)
		for server in (
			self.servers.mariadb(),
			self.servers.redis("redis-cache"),
			self.servers.redis("redis-queue"),
		):
			self.processes.ensure(server)

	def build(self, app: str) -> None:
		node.build(self.bench, app)
		self.forget_cached_assets()

	def forget_cached_assets(self) -> None:
		if self.processes.is_running("redis-cache"):
			words = [debian.program("redis-cli"), "-p", str(self.ports["redis-cache"]), "DEL", "assets_json"]
			subprocess.run(words, capture_output=True)

	def bare_site(self) -> str:
		"""Names what a bare site is made from."""
		return fingerprint([*self.framework_inputs(), sites.INSIDE / "settle_site.py"])

	def framework_inputs(self) -> list:
		return [framework.REQUIREMENT, Path(framework.__file__)]

	def schema(self) -> Iterable:
		for path in sorted(files_below(self.bench.app)):
			parts = path.relative_to(self.bench.app).parts
			if NOT_SCHEMA.isdisjoint(parts) and not parts[-1].startswith(("test_", "conftest")):
				yield path


def has_demo(bench: Bench) -> bool:
	commands = [bench.app / "commands.py", *bench.app.glob("commands/*.py")]
	return bench.has_app and any("involvement-demo" in file.read_text() for file in commands if file.exists())
