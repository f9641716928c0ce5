"""What only `w2_kl_both_ways` has: where each direction is lowest, and that the lowest place nearby is refused."""

import math
from pathlib import Path

import numpy as np
import pytest

from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

SOLUTION = Path(__file__).parents[2] / "solutions" / "w2_kl_both_ways"
HIDDEN = load_module(SOLUTION / "test_w2_kl_both_ways_hidden.py")
X, P = HIDDEN["GRID"], HIDDEN["density"](HIDDEN["HILLS"]["equal"])


def lost(**changed):
    """The hidden tests that the reference loses with these names changed."""
    failed = set()

    def body(run):
        names = load_module(SOLUTION / "reference.py")
        names.update(changed)
        failed.update(
            case.result.name
            for case in run(lambda _: Student.local(names))
            if case.result.outcome is not Outcome.PASSED
        )

    run_inside_pytest([SOLUTION / "test_w2_kl_both_ways_hidden.py"], body)
    return failed


def test_where_each_direction_is_lowest_for_two_hills():
    """Forward (0, 2.09); reverse 2 / 0.6 with ln 2; the second-best lowest point is (0, 1.79) with 1.138."""
    fit, cost = load_module(SOLUTION / "reference.py")["fit"], HIDDEN["reverse_kl"]
    assert fit("forward", X, P) == pytest.approx((0, 2.09), abs=0.003)
    mu, sigma = fit("reverse", X, P)
    assert (abs(mu), sigma) == pytest.approx((2, 0.6), abs=0.01)
    assert cost(X, P, mu, sigma) == pytest.approx(math.log(2), abs=0.002)
    assert cost(X, P, 0, 1.79) == pytest.approx(1.138, abs=0.0005)
    around = [(a, 1.79 + b) for a in (-0.05, 0, 0.05) for b in (-0.05, 0, 0.05) if (a, b) != (0, 0)]
    assert min(cost(X, P, *bell) for bell in around) > cost(X, P, 0, 1.79)


def test_either_hill_is_right_and_the_lowest_place_nearby_is_refused():
    right = load_module(SOLUTION / "reference.py")["fit"]

    def other_hill(direction, x, p):
        mu, sigma = right(direction, x, p)
        mirrored = direction == "reverse" and np.allclose(p, p[::-1])
        return (-mu if mirrored else mu), sigma

    def middle(direction, x, p):
        two_hills = direction == "reverse" and np.allclose(p, P if len(p) == len(P) else 0)
        return (0.0, 1.79) if two_hills else right(direction, x, p)

    assert lost(fit=other_hill) == set()
    assert lost(fit=middle) == {"test_reverse_hides_in_one_of_two_equal_hills"}


@pytest.mark.parametrize("name", ["forward", "reverse"])
def test_an_overlay_of_bells_found_with_a_wrong_fit_costs_nothing_more(name):
    right = load_module(SOLUTION / "reference.py")["fit"]

    def shifted(direction, x, p):
        mu, sigma = right(direction, x, p)
        return (mu + 0.3, sigma) if direction == name else (mu, sigma)

    assert "test_three_curves" not in lost(fit=shifted)
