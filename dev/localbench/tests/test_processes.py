import os
import socket
import subprocess
import time

import pytest
from localbench.layout import Bench, Trouble, read_json, write_json
from localbench.processes import Processes, Server, listens, start_time, words_of

SLEEPER = Server("sleeper", ["sleep", "60"])


@pytest.fixture
def processes(room):
	processes = Processes(room)
	yield processes
	processes.stop(processes.names())


def pid_of(room):
	return read_json(room.run / "sleeper.json")["pid"]


def wait_for_words(pid):
	"""Popen comes back when the kernel closes the pipe of exec, which is before /proc has the new words."""
	deadline = time.monotonic() + 5
	while not words_of(pid):
		assert time.monotonic() < deadline
		time.sleep(0.01)


def test_a_server_is_started_once_and_stopped(room, processes):
	assert processes.ensure(SLEEPER)
	assert not processes.ensure(SLEEPER)
	pid = pid_of(room)
	assert processes.stop(["sleeper"]) == ["sleeper"]
	assert start_time(pid) is None


def test_a_server_with_other_words_replaces_the_old_one(room, processes):
	processes.ensure(SLEEPER)
	old = pid_of(room)
	assert processes.ensure(Server("sleeper", ["sleep", "61"]))
	assert start_time(old) is None


def test_a_reused_pid_is_left_alone(room, processes):
	with subprocess.Popen(["sleep", "60"], cwd=room.root) as stranger:
		record = {"pid": stranger.pid, "started": start_time(stranger.pid) - 1, "signal": 15}
		write_json(room.run / "sleeper.json", record)
		assert processes.stop(["sleeper"]) == []
		assert stranger.poll() is None
		stranger.kill()


def test_a_copied_folder_leaves_the_servers_of_the_original_alone(room, processes, tmp_path_factory):
	processes.ensure(SLEEPER)
	copy = Bench(tmp_path_factory.mktemp("copy"))
	copy.make_folders()
	write_json(copy.run / "sleeper.json", read_json(room.run / "sleeper.json"))
	assert Processes(copy).stop(["sleeper"]) == []
	assert processes.is_running("sleeper")


def test_a_server_that_a_killed_run_did_not_record_is_found_and_replaced(room, processes):
	with subprocess.Popen(SLEEPER.argv, cwd=room.root, start_new_session=True) as stray:
		wait_for_words(stray.pid)
		processes.ensure(SLEEPER)
		assert stray.wait(5) is not None
	assert processes.is_running("sleeper")


def test_somebody_elses_server_on_the_port_does_not_make_ours_ready():
	with socket.socket() as somebody, subprocess.Popen(["sleep", "60"]) as ours:
		somebody.bind(("127.0.0.1", 0))
		somebody.listen()
		port = somebody.getsockname()[1]
		assert listens(os.getpid(), port)
		assert not listens(ours.pid, port)
		ours.kill()


def test_a_server_that_ends_at_once_is_trouble_with_its_log(room, processes):
	with pytest.raises(Trouble, match=r"ended at once with 7; see .*broken\.log"):
		processes.ensure(Server("broken", ["bash", "-c", "exit 7"], ports=(1,)))
