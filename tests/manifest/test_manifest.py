"""A wrong manifest is answered with every error at once."""

import pytest

from grader.course import manifest
from grader.errors import GraderError

GOOD = """
[course]
id = "small"
title = "Small"
[concepts]
starting = ["counting"]
[[units]]
id = "one"
title = "One"
[[units.tasks]]
id = "first"
points = 2
needs = ["counting"]
gives = ["adding"]
[[units.tasks]]
id = "second"
points = 1.5
needs = ["adding"]
gives = ["taking"]
[[units]]
id = "two"
title = "Two"
requires = ["one"]
due = 2026-12-31
[units.limits]
cpu_seconds = 3
[[units.tasks]]
id = "third"
points = 1
needs = ["adding", "taking"]
gives = ["halving"]
[[units]]
id = "three"
title = "Three"
requires = ["two"]
[[units.tasks]]
id = "fourth"
points = 1
needs = ["adding"]
[[units]]
id = "four"
title = "Four"
[[units.tasks]]
id = "fifth"
points = 1
gives = ["dividing"]
"""


def load(tmp_path, text):
    (tmp_path / "course").mkdir(exist_ok=True)
    (tmp_path / "course" / "course.toml").write_text(text)
    return manifest.load(tmp_path)


def test_a_good_manifest_is_read(tmp_path):
    course = load(tmp_path, GOOD)
    assert [unit.id for unit in course.units] == ["one", "two", "three", "four"]
    assert course.unit("one").points == 3.5
    assert course.unit("two").limits.cpu_seconds == 3
    assert course.unit("two").limits.memory_mb == course.limits.memory_mb
    assert course.unit("two").due.year == 2026


WRONG = {
    "an id like that of a cell of ours": (
        'id = "second"',
        'id = "rubric_first"',
        "units[0].tasks[1].id: expected another id",
    ),
    "the id of a check": ('id = "second"', 'id = "test_first"', "units[0].tasks[1].id: expected another id"),
    "negative points": (
        "points = 2",
        "points = -1",
        "units[0].tasks[0].points: expected a positive number, or 0 for practice, got -1",
    ),
    "a bool is not a number": ("points = 2", "points = true", "units[0].tasks[0].points"),
    "a number for yes": (
        "points = 2",
        "points = 2\nbonus = 1",
        "units[0].tasks[0].bonus: expected true or false, got 1",
    ),
    "what is a unit's in a task": (
        "points = 2",
        "points = 2\none_process = true",
        "units[0].tasks[0].one_process: expected it once, under [[units]], and not in a task, got True",
    ),
    "a typo": ("points = 2", "pionts = 2", "units[0].tasks[0].pionts: unknown key. Did you mean 'points'?"),
    "a bad id": ('id = "first"', 'id = "First task"', "units[0].tasks[0].id: expected an id"),
    "an id given twice": ('id = "second"', 'id = "first"', "units[0].tasks[1].id"),
    "a unit not there": (
        'requires = ["one"]',
        'requires = ["onne"]',
        "Did you mean 'one'?",
    ),
    "a unit that requires itself": (
        'requires = ["one"]',
        'requires = ["two"]',
        "units[1].requires: a cycle: two -> two",
    ),
    "a unit required before it stands": (
        'requires = ["one"]',
        'requires = ["one", "four"]',
        "a unit that stands above",
    ),
    "an unknown concept": ('needs = ["adding"]', 'needs = ["ading"]', "Did you mean 'adding'?"),
    "a concept used before it is given": ('needs = ["counting"]', 'needs = ["dividing"]', "given before it is needed"),
    "a task that needs what it gives": (
        'needs = ["counting"]',
        'needs = ["adding"]',
        "units[0].tasks[0].needs: a cycle: adding -> adding (each is needed for the next)",
    ),
    "a circle of concepts": (
        'needs = ["counting"]',
        'needs = ["halving"]',
        "units[0].tasks[0].needs: a cycle: adding -> taking -> halving -> adding",
    ),
    "a unit that needs what it does not require": (
        'requires = ["one"]',
        "requires = []",
        "units[1].requires: expected 'one' among them: it gives 'adding', which the task 'third' needs, got []",
    ),
    "a concept given twice": ('gives = ["adding"]', 'gives = ["counting"]', "a unique name"),
    "a concept needed twice": (
        'needs = ["counting"]',
        'needs = ["counting", "counting"]',
        "units[0].tasks[0].needs: expected each name once, got 'counting'",
    ),
    "a notebook listed twice": (
        "[[units]]",
        '[[units]]\nmore_notebooks = ["second", "second"]',
        "units[0].more_notebooks: expected each name once, got 'second'",
    ),
    "a character that cannot be seen": ("points = 2", 'points = 2\ntitle = "One\\u0000"', "without control characters"),
    "a limit of no meaning": ("cpu_seconds = 3", "cpu_seconds = 0", "units[1].limits.cpu_seconds"),
    "a date that is none": ("due = 2026-12-31", 'due = "soon"', "units[1].due"),
    "no TOML": ("[course]", "[course", "not TOML"),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_manifest_says_where_and_what(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(manifest.ManifestError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert says in str(caught.value)
    assert "course/course.toml" in str(caught.value)


def test_every_error_is_told_at_once(tmp_path):
    text = (
        GOOD.replace("points = 2", "points = -1").replace("points = 1.5", 'points = "many"').replace("title", "titel")
    )
    with pytest.raises(manifest.ManifestError) as caught:
        load(tmp_path, text)
    assert len(caught.value.errors) >= 5


def test_a_cycle_is_told_once_and_not_as_a_concept_used_too_early(tmp_path):
    with pytest.raises(manifest.ManifestError) as caught:
        load(tmp_path, GOOD.replace('needs = ["counting"]', 'needs = ["halving"]', 1))
    assert len(caught.value.errors) == 1
    assert "a cycle: adding -> " in caught.value.errors[0]


def test_two_cycles_are_both_named(tmp_path):
    text = GOOD.replace('needs = ["counting"]', 'needs = ["adding"]', 1).replace(
        'needs = ["adding"]\ngives = ["taking"]', 'needs = ["halving"]\ngives = ["taking"]', 1
    )
    with pytest.raises(manifest.ManifestError) as caught:
        load(tmp_path, text)
    assert "a cycle: adding -> adding " in str(caught.value)
    assert "a cycle: taking -> halving -> taking " in str(caught.value)


def test_what_a_required_unit_requires_need_not_be_named_again(tmp_path):
    three = load(tmp_path, GOOD).unit("three")
    assert three.requires == ("two",)
    assert three.tasks[0].needs == ("adding",)  # which the unit one gives


def test_an_unknown_unit_is_answered_with_the_nearest(course):
    with pytest.raises(GraderError, match="u1_derivative_intuition"):
        course.unit("derivative_intution")


def test_no_manifest_says_what_to_give(tmp_path):
    with pytest.raises(GraderError, match="--root"):
        manifest.load(tmp_path)


def test_a_limit_that_is_counted_is_a_whole_number(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text(
        '[course]\nid = "c"\ntitle = "C"\n[limits]\nprocesses = 2.9\n'
        '[[units]]\nid = "u"\ntitle = "U"\n[[units.tasks]]\nid = "t"\npoints = 1\n'
    )
    with pytest.raises(manifest.ManifestError, match=r"limits\.processes: expected a whole number, got 2\.9"):
        manifest.load(tmp_path)


def test_a_placement_task_proves_only_concepts_that_exist(tmp_path):
    path = tmp_path / "course" / "course.toml"
    path.parent.mkdir()
    task = '[[units.tasks]]\nid = "t"\npoints = 1\ngives = ["slope"]\nproves = ["slop"]\n'
    path.write_text(f'[course]\nid = "c"\ntitle = "C"\n\n[[units]]\nid = "u"\ntitle = "U"\n{task}')
    with pytest.raises(
        manifest.ManifestError,
        match=r"proves: expected a concept that some task gives, got 'slop'.*Did you mean 'slope'",
    ):
        manifest.load(tmp_path)
