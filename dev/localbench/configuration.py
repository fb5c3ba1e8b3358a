"""Files under config/ and sites/ that follow from the ports. Written before anything starts, on every run."""

from __future__ import annotations

import secrets

from .layout import APP, GROUNDS, SITE, Bench, read_json, write_atomically, write_json

DEMO_PASSWORD = "take-part-locally"
MARIADB = """\
[mariadbd]
bind-address = 127.0.0.1
port = {mariadb}
socket = mariadb.sock
pid-file = mariadb.pid
skip-name-resolve
character-set-server = utf8mb4
collation-server = utf8mb4_unicode_ci
innodb-buffer-pool-size = 256M
innodb-log-file-size = 256M
innodb-flush-log-at-trx-commit = 2
innodb-stats-on-metadata = 0
max-connections = 200
max-allowed-packet = 64M
"""
REDIS = """\
bind 127.0.0.1
port {port}
set-proc-title no
dir data/{name}
"""
CACHE_ONLY = """\
save ""
maxmemory 256mb
maxmemory-policy allkeys-lru
"""
ROOT_ACCOUNT = """\
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '{password}';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
"""


def write(bench: Bench, ports: dict[str, int]) -> None:
	common = bench.sites / "common_site_config.json"
	password = read_json(common).get("root_password") or secrets.token_hex(16)
	settings = {
		"db_host": "127.0.0.1",
		"db_port": ports["mariadb"],
		"root_login": "root",
		"root_password": password,
		"redis_cache": f"redis://127.0.0.1:{ports['redis-cache']}",
		"redis_queue": f"redis://127.0.0.1:{ports['redis-queue']}",
		"redis_socketio": f"redis://127.0.0.1:{ports['redis-queue']}",
		"socketio_port": ports["socketio"],
		"webserver_port": ports["web"],
		"default_site": SITE,
		"serve_default_site": True,
		"live_reload": False,
	}
	merge(common, settings, mode=0o600)
	write_atomically(bench.config / "my.cnf", MARIADB.format(**ports))
	write_atomically(bench.config / "mariadb_root.sql", ROOT_ACCOUNT.format(password=password), mode=0o600)
	for name in ("redis-cache", "redis-queue"):
		(bench.data / name).mkdir(exist_ok=True)
		text = REDIS.format(name=name, port=ports[name]) + (CACHE_ONLY if name == "redis-cache" else "")
		write_atomically(bench.config / f"{name}.conf", text)
	write_atomically(bench.sites / "apps.txt", "".join(f"{app}\n" for app in apps(bench)))
	# A relative link: the bench folder lies in the checkout, and both may be moved together.
	if bench.has_app and not (link := bench.root / "apps" / APP).is_symlink():
		link.symlink_to("../..")
	for site in (SITE, *(ground.site for ground in GROUNDS)):
		if (bench.sites / site / "site_config.json").exists():
			merge(bench.sites / site / "site_config.json", site_settings(site, ports), mode=0o600)


def apps(bench: Bench) -> list[str]:
	return ["frappe", APP] if bench.has_app else ["frappe"]


def site_settings(site: str, ports: dict[str, int]) -> dict:
	for ground in GROUNDS:
		if site == ground.site:
			return {
				"host_name": f"http://127.0.0.1:{ports[ground.web]}",
				"allow_tests": True,
				"involvement_test_site": 1,
				# Frappe lets a site have 60 new users an hour; a whole run makes more
				"throttle_user_limit": 10_000,
			}
	return {
		"host_name": f"http://127.0.0.1:{ports['web']}",
		"developer_mode": 1,
		"involvement_demo_password": DEMO_PASSWORD,
	}


def merge(path, settings: dict, mode: int) -> None:
	"""Keys that a person added stay."""
	old = read_json(path)
	if (new := {**old, **settings}) != old:
		write_json(path, new, mode)
