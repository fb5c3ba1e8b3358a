"""Sites: a bare Frappe is made once and kept as a dump; after that a site is a matter of seconds."""

from __future__ import annotations

import json
import secrets
import shutil

from . import configuration, database
from .layout import APP, DEV, GROUNDS, SITE, Bench, read_json, write_json
from .steps import sh

ADMIN_PASSWORD = "admin"
DATABASES = {
	name: name.removesuffix(".localhost").replace("-", "_")
	for name in (SITE, *(site for ground in GROUNDS for site in (ground.site, ground.spare)))
}
INSIDE = DEV / "localbench" / "inside"
FOLDERS = ("public/files", "private/files", "private/backups", "locks", "logs", "task-logs")


def frappe_words(bench: Bench, *words) -> list:
	"""What `bench …` runs."""
	return [bench.python, "-m", "frappe.utils.bench_helper", "frappe", *words]


def frappe(bench: Bench, *words) -> None:
	sh(bench, *frappe_words(bench, *words), cwd=bench.sites)


def exists(bench: Bench, site: str) -> bool:
	return (bench.sites / site / "site_config.json").exists()


def make(bench: Bench, site: str, ports: dict[str, int], framework: str) -> None:
	"""A bare site; `framework` names the sources whose dump may be used."""
	remove(bench, site)
	dump = bench.cache / f"bare-{framework[:16]}.sql"
	if dump.exists():
		restore(bench, site, dump)
	else:
		name = DATABASES[site]
		frappe(bench, "new-site", site, "--db-name", name, "--admin-password", ADMIN_PASSWORD, "--force")
		settle(bench, site)
		database.dump(bench, name, dump)
	configuration.merge(
		bench.sites / site / "site_config.json", configuration.site_settings(site, ports), 0o600
	)


def remove(bench: Bench, site: str) -> None:
	database.drop(bench, DATABASES[site])
	shutil.rmtree(bench.sites / site, ignore_errors=True)


def restore(bench: Bench, site: str, dump) -> None:
	name, password = DATABASES[site], secrets.token_hex(8)
	database.create_schema(bench, name, password)
	database.load(bench, name, dump)
	for folder in FOLDERS:
		(bench.sites / site / folder).mkdir(parents=True)
	write_json(
		bench.sites / site / "site_config.json",
		{"db_name": name, "db_password": password, "db_type": "mariadb"},
		mode=0o600,
	)


def settle(bench: Bench, site: str) -> None:
	"""Past the setup wizard, British."""
	sh(bench, bench.python, INSIDE / "settle_site.py", site, cwd=bench.sites)


def catch_mail(bench: Bench, site: str, port: int, scheduler: bool) -> None:
	sh(bench, bench.python, INSIDE / "catch_mail.py", site, port, int(scheduler), cwd=bench.sites)


def has_app(bench: Bench, site: str) -> bool:
	table = f"`{DATABASES[site]}`.`tabDefaultValue`"
	answer = database.ask(bench, f"SELECT defvalue FROM {table} WHERE defkey = 'installed_apps'")
	return APP in json.loads(answer or "[]")


def install_app(bench: Bench, site: str) -> None:
	if has_app(bench, site):
		frappe(bench, "--site", site, "migrate")
	else:
		frappe(bench, "--site", site, "install-app", APP)
		frappe(bench, "--site", site, "clear-cache")


def database_of(bench: Bench, site: str) -> str:
	return read_json(bench.sites / site / "site_config.json").get("db_name", DATABASES[site])
