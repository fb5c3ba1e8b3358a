import pytest
from localbench.layout import Trouble
from localbench.steps import Runner, Step, fingerprint, sh


@pytest.fixture
def done():
	return []


def step(name, done, **more):
	return Step(name, name, lambda: done.append(name), **more)


def test_steps_run_after_those_they_need(room, done):
	Runner(room).run(
		[step("site", done, after=("packages", "database")), step("packages", done), step("database", done)]
	)
	assert done[-1] == "site" and len(done) == 3


def test_a_finished_step_is_not_repeated_for_the_same_inputs(room, done):
	for inputs in ("a", "a", "b"):
		Runner(room).run([step("packages", done, inputs=lambda given=inputs: [given])])
	assert done == ["packages", "packages"]


def test_a_finished_step_is_repeated_when_its_result_is_gone(room, done):
	for there in (True, False):
		Runner(room).run([step("node", done, inputs=lambda: [1], holds=lambda there=there: there)])
	assert done == ["node", "node"]


def test_what_an_interrupted_step_left_is_cleared_before_it_is_repeated(room, done):
	runner = Runner(room)
	runner.stamps.begin("site")
	plan = [step("site", done, inputs=lambda: [1], undo=lambda: done.append("cleared"))]
	runner.run(plan)
	runner.run(plan)
	assert done == ["cleared", "site"]


def test_a_failure_names_its_step_its_reason_and_its_log_and_stops_what_follows(room, done):
	def fail():
		sh(room, "bash", "-c", "echo no room left; exit 3")

	plan = [Step("site", "making the site", fail, inputs=lambda: [1]), step("app", done, after=("site",))]
	with pytest.raises(Trouble) as caught:
		Runner(room).run(plan)
	for words in ("making the site", "ended with 3", "no room left", str(room.logs / "site.log")):
		assert words in str(caught.value)
	assert not done


def test_a_fingerprint_sees_contents_and_names_below_a_folder(tmp_path):
	(tmp_path / "one.txt").write_text("1")
	first = fingerprint([tmp_path])
	(tmp_path / "one.txt").write_text("2")
	second = fingerprint([tmp_path])
	(tmp_path / "one.txt").rename(tmp_path / "two.txt")
	assert len({first, second, fingerprint([tmp_path])}) == 3
