"""All tests run once, on as many grounds as there are, and a failure fails."""

import shutil
import sys
from pathlib import Path

import pytest
from localbench import testing
from localbench.commands import ground_env
from localbench.commands import test_env as env_of_tests
from localbench.layout import DEV, FIRST, GROUNDS
from localbench.ports import PREFERRED

PORTS = {name: port or 3306 for name, port in PREFERRED.items()}


@pytest.fixture
def checkout(room, monkeypatch):
	"""A checkout with two files of tests, and this Python."""
	monkeypatch.setattr(type(room), "python", property(lambda self: Path(sys.executable)))
	monkeypatch.setattr(testing.signal, "signal", lambda *words: None)
	(room.checkout / "pytest.ini").write_text("[pytest]\naddopts =\n")
	shutil.copy(DEV.parent / "conftest.py", room.checkout)
	for name in ("one", "two"):
		(room.checkout / f"test_{name}.py").write_text(
			"import os, time\n"
			"def test_x():\n"
			"\ttime.sleep(1)\n"  # so that the other process takes the other file
			f"\topen({str(room.checkout / name)!r}, 'a').write(os.environ['INVOLVEMENT_TEST_SITE'])\n"
		)
	return room


@pytest.fixture
def env(checkout):
	full = env_of_tests(checkout, PORTS)
	return {"PATH": full["PATH"], "INVOLVEMENT_GROUNDS": full["INVOLVEMENT_GROUNDS"]}


def test_every_file_runs_once_and_each_process_has_a_ground_of_its_own(checkout, env):
	assert testing.run(checkout, env, GROUNDS, []) == 0
	sites = {(checkout.checkout / name).read_text() for name in ("one", "two")}
	assert sites == {ground.site for ground in GROUNDS}


def test_a_failure_is_told_and_fails(checkout, env, capfd):
	(checkout.checkout / "test_fault.py").write_text("def test_planted(): assert not 'planted'\n")
	assert testing.run(checkout, env, GROUNDS, []) == 1
	said = capfd.readouterr().out
	assert "test_planted" in said
	assert "1 failed, 2 passed in" in said.strip().splitlines()[-1]


def test_a_run_that_fails_all_over_ends_early(checkout, env, capfd):
	(checkout.checkout / "test_fault.py").write_text(
		"import pytest\n@pytest.mark.parametrize('n', range(200))\ndef test_planted(n): assert not 'planted'\n"
	)
	assert testing.run(checkout, env, GROUNDS, []) not in (0, None)
	assert "200 failed" not in capfd.readouterr().out


def test_deep_has_all_the_time_it_needs(checkout):
	words = testing.everything(checkout, {"INVOLVEMENT_DEEP": "1"}, GROUNDS)
	assert not [word for word in words if "timeout" in word or "maxfail" in word]


def test_named_tests_run_in_one_process_on_the_first_ground(checkout, env, capfd):
	assert testing.run(checkout, env, FIRST, ["test_one.py"]) == 0
	assert (checkout.checkout / "one").read_text() == GROUNDS[0].site
	assert "1 passed" in capfd.readouterr().out


def test_no_two_grounds_share_anything():
	for name in ground_env(GROUNDS[0], PORTS):
		assert len({ground_env(ground, PORTS)[name] for ground in GROUNDS}) == len(GROUNDS), name
