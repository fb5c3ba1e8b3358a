"""A private MariaDB and what is asked of it outside of Frappe."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from . import debian
from .layout import Bench, Trouble, read_json
from .steps import sh


def create(bench: Bench) -> None:
	"""Built beside and moved into place, so that a data folder that exists is a whole one."""
	fresh, target = bench.data / "mariadb.part", bench.data / "mariadb"
	if (target / "mysql").exists():
		return
	for folder in (fresh, target):
		shutil.rmtree(folder, ignore_errors=True)
	fresh.mkdir()
	words = [debian.program("mariadb-install-db"), "--no-defaults", f"--datadir={fresh}", "--skip-test-db"]
	sh(bench, *words, "--auth-root-authentication-method=normal", *as_root())
	fresh.rename(target)


def server_words(bench: Bench) -> list:
	return [
		debian.program("mariadbd"),
		f"--defaults-file={bench.config / 'my.cnf'}",
		f"--datadir={bench.data / 'mariadb'}",
		f"--init-file={bench.config / 'mariadb_root.sql'}",
		*as_root(),
	]


def as_root() -> list[str]:
	return ["--user=root"] if os.geteuid() == 0 else []


def client(bench: Bench, program: str = "mysql") -> tuple[list[str], dict]:
	config = read_json(bench.sites / "common_site_config.json")
	words = [
		debian.program(program),
		"--no-defaults",
		"--host=127.0.0.1",
		f"--port={config['db_port']}",
		"--user=root",
	]
	return words, {**os.environ, "MYSQL_PWD": config["root_password"]}


def ask(bench: Bench, statement: str, *words: str) -> str:
	command, env = client(bench)
	done = subprocess.run(
		[*command, "--batch", "--skip-column-names", *words],
		input=statement,
		env=env,
		capture_output=True,
		text=True,
	)
	if done.returncode:
		raise Trouble(f"MariaDB: {done.stderr.strip()}")
	return done.stdout.strip()


def drop(bench: Bench, name: str) -> None:
	ask(bench, f"DROP DATABASE IF EXISTS `{name}`; DROP USER IF EXISTS '{name}'@'127.0.0.1';")


def create_schema(bench: Bench, name: str, password: str) -> None:
	drop(bench, name)
	ask(
		bench,
		f"CREATE DATABASE `{name}`; CREATE USER '{name}'@'127.0.0.1' IDENTIFIED BY '{password}';"
		f"GRANT ALL PRIVILEGES ON `{name}`.* TO '{name}'@'127.0.0.1';",
	)


def dump(bench: Bench, name: str, target: Path) -> None:
	command, env = client(bench, "mysqldump")
	part = target.with_name(f"{target.name}.part")
	sh(bench, *command, "--single-transaction", f"--result-file={part}", name, env=env)
	part.replace(target)


def load(bench: Bench, name: str, source: Path) -> None:
	command, env = client(bench)
	with source.open() as statements:
		sh(bench, *command, name, env=env, stdin=statements)
