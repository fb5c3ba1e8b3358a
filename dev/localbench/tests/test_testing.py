"""Two pytests at once end with one line and one code."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from localbench import testing
from localbench.testing import Results, closing_line, worst


@pytest.mark.parametrize(
	("codes", "answer"),
	[([0, 0], 0), ([1, 0], 1), ([0, 1], 1), ([0, 5], 5), ([-9, 0], 1), ([0, -15], 1), ([2, 1], 2)],
)
def test_any_failure_fails(codes, answer):
	assert worst(codes) == answer


def test_the_line_adds_both_up():
	both = [Results(Counter(passed=500, skipped=1)), Results(Counter(passed=12, failed=1))]
	line = closing_line(both, [0, 1], 483.5)
	assert "1 failed, 512 passed, 1 skipped in 483.50s (0:08:03)" in line
	assert line.startswith("===") and line.endswith("===")


def test_a_run_that_was_killed_is_no_success():
	assert "pytest ended with 1" in closing_line([Results(Counter(passed=500)), None], [0, -9], 4)


@pytest.fixture
def checkout(room, monkeypatch):
	"""A checkout with a test of each kind, and this Python."""
	monkeypatch.setattr(type(room), "python", property(lambda self: Path(sys.executable)))
	monkeypatch.setattr(testing, "BESIDE", ("beside",))
	monkeypatch.setattr(testing.signal, "signal", lambda *words: None)
	room.make_folders()
	for name in ("beside", "rest"):
		(room.checkout / name).mkdir()
		(room.checkout / name / f"test_{name}.py").write_text("def test_x(): pass\n")
	(room.checkout / "pytest.ini").write_text("[pytest]\naddopts =\n")
	return room


def test_both_halves_run_and_none_twice(checkout, capfd):
	assert testing.run(checkout, {"PATH": ""}, []) == 0
	said = capfd.readouterr().out
	assert "2 passed in" in said.strip().splitlines()[-1]
	assert said.count("test_beside.py .") == said.count("test_rest.py .") == 1


@pytest.mark.parametrize("half", ["beside", "rest"])
def test_a_failure_in_either_half_is_told_and_fails(checkout, capfd, half):
	(checkout.checkout / half / "test_fault.py").write_text("def test_planted(): assert not 'planted'\n")
	assert testing.run(checkout, {"PATH": ""}, []) == 1
	said = capfd.readouterr().out
	assert "1 failed, 2 passed in" in said.strip().splitlines()[-1]
	assert "test_planted" in said


def test_a_test_counts_once_whatever_it_tries_inside(tmp_path):
	file = tmp_path / "tests.xml"
	cases = "".join(
		f'<testcase classname="a.B" name="{name}">{inside}</testcase>'
		for name, inside in (
			("one", ""),
			("one", ""),
			("two", ""),
			("two", "<failure/>"),
			("three", "<skipped/>"),
			("four", "<error/>"),
		)
	)
	file.write_text(f"<testsuites><testsuite tests='6'>{cases}</testsuite></testsuites>")
	assert Results.read(file).counts == Counter(passed=1, failed=1, skipped=1, errors=1)
	assert Results.read(tmp_path / "nothing.xml") is None


def test_named_tests_run_in_one_process(checkout, capfd):
	assert testing.run(checkout, {"PATH": ""}, ["rest"]) == 0
	said = capfd.readouterr().out
	assert "1 passed" in said and "Beside" not in said
