"""Answers that share what few others wrote are found; right answers, released text and a common mistake are not."""

import random

import pytest

from grader.report.similarity import similar

STUB = "def slope(f, x):\n    ...\n"
REFERENCE = "def slope(f, x):\n    moved = f(Dual(x, 1.0))\n    return moved.eps if isinstance(moved, Dual) else 0.0\n"
COPIED = """def slope(f, x):
    steps = [2.0 ** -k for k in range(3, 40)]
    best, at = 1e9, 0
    for k, h in enumerate(steps[1:]):
        gap = abs((f(x + h) - f(x)) / h - (f(x + 2 * h) - f(x)) / (2 * h))
        if gap < best:
            best, at = gap, k
    return (f(x + steps[at]) - f(x - steps[at])) / (2 * steps[at])
"""
GIVEN = {"slope": STUB + REFERENCE}


def renamed(source):
    """The same with other names, comments and layout."""
    for old, new in {"steps": "widths", "best": "lowest", "gap": "d", "at": "where", " k ": " i "}.items():
        source = source.replace(old, new)
    return "# all my own work\n" + source.replace("    ", "  ").replace("\n", "  # here\n\n", 2)


def ordinary(seed):
    """An answer as students write it: one of a few usual formulas, with numbers and names that vary."""
    rng = random.Random(seed)
    h, name = rng.choice(["1e-5", "1e-6", "0.001"]), rng.choice("abcdef")
    usual = [
        f"    {name} = f(Dual(x, 1.0))\n    return {name}.eps if isinstance({name}, Dual) else 0.0\n",
        f"    {name} = {h}\n    return (f(x + {name}) - f(x)) / {name}\n",
        f"    {name} = {h}\n    return (f(x + {name}) - f(x - {name})) / (2 * {name})\n",
    ]
    return "def slope(f, x):\n" + rng.choice(usual)


def class_of(count, **special):
    return {(f"s{n:03}", "slope"): ordinary(n) for n in range(count)} | {
        (name, "slope"): source for name, source in special.items()
    }


@pytest.mark.parametrize("count", [2, 30, 300])
def test_a_copy_with_other_names_is_found_and_nobody_else(count):
    (pair,) = similar(class_of(count, ada=COPIED, bob=renamed(COPIED)), GIVEN)
    assert [side.student for side in pair.shown] == ["ada", "bob"]
    assert pair.tasks == ("slope",)
    assert pair.share > 0.8
    marked = [line for line, same in pair.shown[1].lines if same]
    assert any("widths" in line for line in marked)
    assert pair.shown[1].lines[0] == ("# all my own work", False)


def test_the_released_text_and_the_reference_are_not_held_against_anyone():
    long = {"slope": "\n".join([STUB, COPIED])}
    assert similar(class_of(5, ada=COPIED, bob=COPIED), long) == []
    assert similar(class_of(5, ada=REFERENCE, bob=renamed(REFERENCE)), GIVEN) == []


def test_what_many_have_is_not_held_against_anyone():
    assert similar(class_of(5, **{f"t{n}": COPIED for n in range(6)}), GIVEN) == []


@pytest.mark.parametrize(
    "text", ["", "'" * 9, "def (:\n\x00", '"\\', "\ud800" * 40, "x" * 100_000, "(" * 50_000, "é𝒳 = 1\n" * 99]
)
def test_any_text_is_an_answer(text):
    pairs = similar({("a", "t"): text, ("b", "t"): text}, {})
    assert all(pair.share == 1.0 for pair in pairs)


def test_the_order_of_the_class_changes_nothing():
    answers = class_of(20, ada=COPIED, bob=renamed(COPIED), zoe=COPIED)
    assert similar(answers, GIVEN) == similar(dict(reversed(answers.items())), GIVEN)
    assert len(similar(answers, GIVEN)) == 3
