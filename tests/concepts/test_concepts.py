"""The way to a concept: what must be done for it, how long that takes, and how far a student is."""

import pytest

from grader import results
from grader.course import concepts, progress
from grader.course.progress import Standing
from grader.errors import GraderError
from grader.results import Level, Report, TaskResult

# The shortest paths, as unit.task: counted by hand from the manifest, not by this code.
WISHES = {
    "mlp-train": (
        14 * 60 + 5,
        "u1.1 u1.2 u1.3 u1.4 u1.6 u1.9 u2.1 u2.2 u2.3 u2.4 u2.5 u2.6 u2.7 u2.8 u2.9 u2.10 u3.1 u3.7 u3.8 "
        "u4.1 u4.3 u4.4 u4.5 u5.1 u5.2 u5.3 u5.4 u5.5",
    ),
    "gradient-check": (
        4 * 60 + 35,
        "u1.1 u1.2 u1.3 u1.6 u2.2 u3.1 u4.1 u4.3 u4.4 u4.5",
    ),
}


@pytest.mark.parametrize("goal", WISHES)
def test_the_path_to_a_goal_is_the_designed_one(course, goal):
    minutes, numbers = WISHES[goal]
    path = concepts.path_to(course, goal)
    where = {
        step.name: f"u{course.units.index(step.unit) + 1}.{step.unit.tasks.index(step.task) + 1}" for step in path.steps
    }
    assert " ".join(where.values()) == numbers
    assert path.minutes == minutes


def test_every_path_can_be_done_in_its_order_and_nothing_in_it_can_be_left_out(course):
    for goal in concepts.givers(course):
        path = concepts.path_to(course, goal)
        known = set(course.starting)
        for step in path.steps:
            assert set(step.task.needs) <= known, f"{goal}: {step.name}"
            known |= set(step.task.gives)
        used = {concept for step in path.steps for concept in step.task.needs} | {goal}
        assert all(used & set(step.task.gives) for step in path.steps), goal


def test_what_is_known_at_the_start_needs_nothing(course):
    path = concepts.path_to(course, "algebra")
    assert path.steps == ()
    assert path.minutes == 0


def test_a_task_is_a_goal_too(course):
    assert concepts.path_to(course, "slope").steps == concepts.path_to(course, "derivative").steps
    assert concepts.path_to(course, "u1_derivative_intuition/slope").steps == concepts.path_to(course, "slope").steps


def test_a_unit_is_a_goal_with_all_its_tasks_and_what_they_need(course):
    names = [step.name for step in concepts.path_to(course, "u4_gradient_check").steps]
    assert {f"u4_gradient_check/{task.id}" for task in course.unit("u4_gradient_check").tasks} < set(names)
    assert "u1_derivative_intuition/microscope" in names  # it gives the kink, which the task on kinks needs
    assert "u1_derivative_intuition/pair_plot" not in names
    assert (
        concepts.path_to(course, "u4_gradient_check").goal == "unit u4_gradient_check"
    )  # beside the concept gradient-check


def test_an_unknown_goal_is_answered_with_the_nearest_names(course):
    with pytest.raises(GraderError, match=r"unknown goal 'mlp-trian'.*Did you mean 'mlp-train'"):
        concepts.path_to(course, "mlp-trian")
    with pytest.raises(GraderError, match="`grader map` shows all"):
        concepts.path_to(course, "zzz")


def test_a_task_id_of_two_units_must_say_which(course):
    import msgspec

    again = msgspec.structs.replace(
        course.unit("u2_derivative_rules").tasks[0], id="slope", title="Slope again", gives=("slope-again",)
    )
    rules = msgspec.structs.replace(course.unit("u2_derivative_rules"), tasks=(again,))
    both = msgspec.structs.replace(course, units=(course.units[0], rules))
    with pytest.raises(GraderError, match="say u1_derivative_intuition/slope or u2_derivative_rules/slope"):
        concepts.path_to(both, "slope")
    assert concepts.path_to(both, "u2_derivative_rules/slope").steps[-1].task.title == "Slope again"


def test_the_ends_are_the_concepts_that_no_task_needs(course):
    assert "digit-reader" in concepts.ends(course)
    assert "derivative" not in concepts.ends(course)


def report(folder, student, unit, **points):
    tasks = tuple(TaskResult(task=task, title=task, points=got, max_points=3) for task, got in points.items())
    results.write(Report(student, unit, tasks, Level.L3), folder / "reports" / unit / f"{student}.json")


def test_a_task_is_passed_with_seventy_percent_of_its_points(course, tmp_path):
    report(tmp_path, "ada", "u1_derivative_intuition", average_rate=2.1, dual_times=2.09, slope=None)
    steps = concepts.path_to(course, "sum-power-rule").steps
    assert progress.standings(tmp_path, "ada", steps) == {
        "u1_derivative_intuition/average_rate": Standing.PASSED,
        "u1_derivative_intuition/dual_plus_minus": Standing.UNGRADED,
        "u1_derivative_intuition/dual_times": Standing.BELOW,
        "u1_derivative_intuition/slope": Standing.UNDECIDED,
        "u2_derivative_rules/poly_derivative": Standing.UNGRADED,
    }


def test_a_name_without_any_report_is_not_a_student_who_passed_nothing(course, tmp_path):
    report(tmp_path, "ada", "u1_derivative_intuition", slope=3)
    steps = concepts.path_to(course, "derivative").steps
    with pytest.raises(GraderError, match=r"no report of 'adda'\. Did you mean 'ada'"):
        progress.standings(tmp_path, "adda", steps)
    with pytest.raises(GraderError, match="none; run `grader grade`"):
        progress.standings(tmp_path / "elsewhere", "ada", steps)


def test_a_report_that_cannot_be_read_says_which_and_what_to_do(course, tmp_path):
    report(tmp_path, "ada", "u1_derivative_intuition", slope=3)
    (tmp_path / "reports" / "u1_derivative_intuition" / "ada.json").write_text("{")
    with pytest.raises(
        GraderError, match=r"ada\.json: expected a report.*`grader grade u1_derivative_intuition` again"
    ):
        progress.standings(tmp_path, "ada", concepts.path_to(course, "derivative").steps)
