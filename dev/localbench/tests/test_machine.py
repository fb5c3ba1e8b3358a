"""What the machine gives or refuses: ports, Debian packages, paths."""

import os
import shutil
import socket

import pytest
from localbench import debian, ports, python_env
from localbench.layout import Trouble


@pytest.fixture(autouse=True)
def let_go_of_ports():
	yield
	ports.release(*list(ports.held))


def test_a_taken_port_gives_way_to_the_next_free_one_and_says_so(room, monkeypatch):
	with socket.socket() as somebody:
		somebody.bind(("127.0.0.1", 0))
		somebody.listen()
		taken = somebody.getsockname()[1]
		monkeypatch.setitem(ports.PREFERRED, "web", taken)
		chosen, lines = ports.settle(room, lambda server: False)
	assert chosen["web"] > taken
	assert f"port {taken} is taken; web gets {chosen['web']}" in lines


def test_a_port_chosen_for_a_server_is_kept_from_others_until_it_starts(room):
	chosen, _ = ports.settle(room, lambda server: False)
	assert not ports.hold(chosen["web"])
	ports.release(chosen["web"])
	assert ports.hold(chosen["web"])


def test_ports_are_kept(room):
	first, _ = ports.settle(room, lambda server: False)
	again, lines = ports.settle(room, lambda server: True)
	assert again == first and not lines
	assert len(set(first.values())) == len(first)


def test_a_user_without_sudo_is_told_what_to_type(monkeypatch):
	monkeypatch.setattr(os, "geteuid", lambda: 1000)
	monkeypatch.setattr(shutil, "which", lambda name, **more: None)
	with pytest.raises(
		Trouble, match="apt-get install --no-install-recommends mariadb-server-core redis-server"
	):
		debian.ask_leave(["mariadb-server-core", "redis-server"])


def test_root_is_asked_nothing(monkeypatch):
	monkeypatch.setattr(os, "geteuid", lambda: 0)
	debian.ask_leave(["mariadb-server-core"])


def test_only_packages_of_missing_programs_are_wanted(monkeypatch):
	monkeypatch.setattr(debian, "find", lambda name: None if name.startswith("maria") else f"/usr/bin/{name}")
	monkeypatch.setattr(debian, "has_ensurepip", lambda: True)
	assert debian.missing(debian.SERVERS) == ["mariadb-server-core"]


def test_scripts_of_a_moved_environment_point_to_where_it_is_now(room):
	folder = room.env / "bin"
	folder.mkdir(parents=True)
	(folder / "pytest").write_text("#!/somewhere/else/.bench/env/bin/python\nimport sys\n")
	(folder / "activate").write_text('VIRTUAL_ENV="/somewhere/else/.bench/env"\nexport VIRTUAL_ENV\n')
	python_env.repair_scripts(room)
	assert (folder / "pytest").read_text().startswith(f"#!{room.env}/bin/python\n")
	assert f'VIRTUAL_ENV="{room.env}"' in (folder / "activate").read_text()
