"""The changed versions of a reference: a change is made in its place, and all around it stays as it is."""

import pytest

from grader.diagnosis.neighbours import neighbours

STUB = """# %% [markdown]
# # A unit

# %% task="slope"
def slope(f, x, h):
    ...
"""
REFERENCE = '''"""The reference."""
from __future__ import annotations
import functools; STEPS = [1]; STEPS += [2]
TEXT = """
def slope(f, x, h):
    return 7
"""


def doubled(function):
    @functools.wraps(function)
    def inner(*given: Whatever):
        return 2 * function(*given)

    return inner


@doubled
@functools.lru_cache(
    maxsize=None
)
def slope(f: Whatever, x: Whatever, h: Whatever):
    rise = f(x + h) - f(x)
    return rise / h


class Walk:
    def slope(self, f):
        return slope(f, 1.0, 0.5)


ONCE = Walk().slope(lambda t: 4 * t)
'''


@pytest.fixture
def made(tmp_path):
    solutions, exercises = tmp_path / "solutions" / "u1", tmp_path / "exercises" / "u1"
    solutions.mkdir(parents=True)
    exercises.mkdir(parents=True)
    reference = solutions / "reference.py"
    reference.write_text(REFERENCE)
    (exercises / "u1.py").write_text(STUB)
    return lambda says: [
        version.names(reference) for version in neighbours(solutions)["slope"] if f"would do {says}." in version.says
    ]


def test_a_change_is_made_below_its_decorators_and_what_follows_is_computed_with_it(made):
    (upside_down,) = made("with a fraction turned upside down")
    assert upside_down["slope"](lambda t: 5 * t, 1.0, 0.25) == 2 * 0.25 / 1.25
    assert upside_down["ONCE"] == 2 * 0.5 / 2.0
    assert upside_down["STEPS"] == [1, 2]
    assert upside_down["TEXT"].startswith("\ndef slope")


def test_each_change_starts_from_the_reference_as_it_is_in_the_file(made):
    (plus,) = made("with a plus where a minus belongs")
    (undivided,) = made("without dividing")
    assert plus["slope"](lambda t: 5 * t, 1.0, 0.25) == 2 * (6.25 + 5) / 0.25
    assert undivided["slope"](lambda t: 5 * t, 1.0, 0.25) == 2 * 1.25
    assert plus["STEPS"] is not undivided["STEPS"]


def test_an_exception_in_a_changed_function_points_to_its_line_in_the_file(made):
    (undivided,) = made("without dividing")
    with pytest.raises(TypeError) as caught:
        undivided["slope"](lambda t: None, 1.0, 0.25)
    lines = REFERENCE.splitlines()
    assert "rise = f(x + h)" in lines[caught.traceback[-1].lineno]
