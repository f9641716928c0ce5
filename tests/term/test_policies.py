"""What late work costs and which work counts: the pure rules, and the manifest that states them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import manifest
from grader.course.manifest import ManifestError
from grader.course.policies import DAY, Policies, dropped, spend_late_days
from grader.nbgrader.changes import Score, UnitStanding, compare

HOUR = DAY / 24
RULES = Policies(grace_minutes=15, percent_per_day=10, cut_off_days=5, late_days=3)


@pytest.mark.parametrize(
    ("seconds", "free", "lost"),
    [
        (0, 0, 0),
        (15 * 60, 0, 0),
        (15 * 60 + 1, 0, 1),
        (DAY, 0, 1),
        (DAY + 1, 0, 2),
        (DAY + 1, 1, 1),
        (DAY + 1, 9, 0),
        (5 * DAY, 0, 5),
        (5 * DAY + 1, 9, 10),
    ],
)
def test_the_grace_period_the_days_the_budget_and_the_cut_off(seconds, free, lost):
    assert RULES.penalty(10, seconds, free_days=free) == pytest.approx(lost)


@given(st.floats(0, 1e6), st.floats(0, 1e7), st.floats(0, 1e7), st.integers(0, 5))
def test_a_penalty_is_between_nothing_and_the_score_and_never_falls_with_time(score, seconds, later, free):
    first, second = sorted((seconds, later))
    costs = [RULES.penalty(score, late, free_days=free) for late in (first, second)]
    assert -1e-3 <= costs[0] <= costs[1] + 1e-3
    assert costs[1] <= score + 1e-3


@given(st.lists(st.floats(0, 20 * DAY), max_size=6))
def test_the_budget_is_never_overspent_and_goes_to_the_first(lates):
    spent = spend_late_days((str(number), late, RULES) for number, late in enumerate(lates))
    assert sum(spent.values()) <= 3
    assert not any(spent[str(number)] for number, late in enumerate(lates) if RULES.cut_off(late))
    for number, late in enumerate(lates):
        if not RULES.cut_off(late) and sum(spent.values()) < 3:
            assert spent[str(number)] == RULES.days_late(late)


def test_the_lowest_units_are_dropped_and_one_always_counts():
    assert dropped({"a": 0.5, "b": 0.1, "c": 0.9}, 1) == {"b"}
    assert dropped({"a": 0.5, "b": 0.1}, 5) == {"b"}
    assert dropped({}, 2) == frozenset()


UNIT = '[[units]]\nid = "u"\ntitle = "U"\n{of}[[units.tasks]]\nid = "t"\npoints = {points}\n{task}\n'


def load(tmp_path, head="", of="", points="1", task=""):
    (tmp_path / "course").mkdir(exist_ok=True)
    text = '[course]\nid = "c"\ntitle = "C"\n' + head + UNIT.format(of=of, points=points, task=task)
    (tmp_path / "course" / "course.toml").write_text(text)
    return manifest.load(tmp_path)


def test_a_unit_has_the_policies_of_the_course_but_for_what_it_changes(tmp_path):
    head = "[policies]\npercent_per_day = 20\nlate_days = 4\ndrop_lowest = 1\n"
    course = load(tmp_path, head, "[units.policies]\npercent_per_day = 0\ncut_off_days = 0\n")
    assert course.policies == Policies(percent_per_day=20, late_days=4, drop_lowest=1)
    assert course.units[0].policies == Policies(0, 0, 0, 4, 1)
    assert course.units[0].policies.in_words().endswith("Late work counts nothing.")


WRONG = {
    "negative points": (
        {"points": "-1"},
        "units[0].tasks[0].points: expected a positive number, or 0 for practice, got -1",
    ),
    "points that are not finite": ({"points": "inf"}, "expected a positive number, or 0 for practice, got inf"),
    "points that are not a number": ({"points": "nan"}, "expected a positive number, or 0 for practice, got nan"),
    "more than all": (
        {"head": "[policies]\npercent_per_day = 101\n"},
        "policies.percent_per_day: expected at most 100",
    ),
    "a negative grace": ({"head": "[policies]\ngrace_minutes = -1\n"}, "expected a number, 0 or more"),
    "half a late day": ({"head": "[policies]\nlate_days = 1.5\n"}, "expected a whole number"),
    "a yes": ({"head": "[policies]\nlate_days = true\n"}, "expected a number, 0 or more"),
    "a budget for one unit": ({"of": "[units.policies]\nlate_days = 1\n"}, "in the [policies] of the course"),
    "a slip of the key": ({"head": "[policies]\npercent_a_day = 1\n"}, "Did you mean 'percent_per_day'"),
    "an odd wish": ({"task": 'added_later = "zero"'}, "expected 'pending' or 'excused'"),
    "a name that is taken": ({"task": 'was = ["t"]'}, "units[0].tasks[0].was"),
}


@pytest.mark.parametrize(("facts", "says"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_in_the_manifest_is_said_with_its_place(tmp_path, facts, says):
    with pytest.raises(ManifestError) as raised:
        load(tmp_path, **facts)
    assert says in str(raised.value)


def standing(auto, manual=None, most=3.0, penalty=0.0):
    return {("u", "ada"): UnitStanding({"t": Score(auto, manual, 0.0, most)}, penalty)}


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        (standing(3.0), standing(3.0), None),
        (standing(3.0), standing(2.0), True),
        (standing(3.0), standing(None), True),
        (standing(None), standing(3.0), None),
        (standing(3.0, 2.0), standing(1.0, 2.0), None),
        (standing(3.0), standing(3.0, most=6.0), True),
        (standing(3.0), standing(3.0, penalty=1.0), True),
    ],
)
def test_only_what_stood_and_changes_is_asked_about(before, after, asked):
    changes = compare(before, after)
    assert [change.asked for change in changes] == ([] if asked is None else [asked])
    assert not any(change.asked for change in compare(before, after, new_work=[("u", "ada")]))


def test_one_late_day_is_one():
    assert "One late day in the whole course costs nothing." in Policies(percent_per_day=10, late_days=1).in_words()
    assert "2 late days in the whole course cost nothing." in Policies(percent_per_day=10, late_days=2).in_words()
