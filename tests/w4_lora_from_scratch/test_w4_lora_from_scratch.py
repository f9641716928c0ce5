"""What only `w4_lora_from_scratch` has: what a rank leaves, the order of the products, and the turned digits."""

from pathlib import Path

import numpy as np
import pytest
from kit.data import turned

from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "w4_lora_from_scratch"
REFERENCE = load_module(SOLUTION / "reference.py")
HIDDEN = load_module(SOLUTION / "test_w4_lora_from_scratch_hidden.py")


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

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERHUB_USER", "reference")
        run_inside_pytest([SOLUTION / "test_w4_lora_from_scratch_hidden.py"], body)
    return failed


@pytest.mark.parametrize("seed", range(3))
def test_rank_one_leaves_the_square_of_the_second_singular_value_and_rank_two_nothing(seed):
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(4, 6))
    Y = (W + HIDDEN["with_values"](seed, 4, 6, [2.0, 1.0])).T
    for r, left in ((1, 1.0), (2, 0.0)):
        _, _, losses = REFERENCE["train_lora"](W, np.eye(6), Y, r, 2.0 * r, 0.6, 2500, rng)
        assert losses[-1] * Y.size == pytest.approx(left, abs=1e-6)


@pytest.mark.parametrize("r", [1, 2])
def test_a_start_that_hardly_sees_the_larger_part_still_reaches_the_bar(r):
    """A is random. Only one start in more than a million is closer to the saddle than this one: no false alarms."""
    W = np.random.default_rng(491).normal(size=(4, 6))
    change = HIDDEN["with_values"](491, 4, 6, [2.0, 1.0])
    larger = np.linalg.svd(change)[2][0]
    A = np.random.default_rng(5).normal(size=(r, 6)) / np.sqrt(6)
    A -= (1 - 1e-7) * np.outer(A @ larger, larger)
    *_, losses = HIDDEN["walked"](W, np.eye(6), (W + change).T, A, np.zeros((4, r)), 1.25 * r, 0.8, 2500)
    assert losses[-1] * W.size == pytest.approx(2.0 - r, abs=1e-6)


@pytest.mark.slow
def test_the_large_table_costs_its_point_and_no_other():
    def wide_first(X, W, A, B, alpha):
        return X @ W.T + X @ (alpha / len(A) * (B @ A)).T

    def scaled_into_the_table(X, W, A, B, alpha):
        return X @ (W + (alpha / len(A) * B) @ A).T

    for answer in (wide_first, scaled_into_the_table):
        assert lost(lora_forward=answer) == {"test_the_large_table_is_never_built"}


@pytest.mark.slow
def test_an_a_drawn_in_another_way_is_right_and_one_of_another_spread_is_not():
    def started(spread):
        def train_lora(W, X, Y, r, alpha, lr, steps, rng):
            A, B = spread * rng.standard_normal((W.shape[1], r)).T / np.sqrt(W.shape[1]), np.zeros((len(W), r))
            return (*HIDDEN["walked"](W, X, Y, A, B, alpha, lr, steps),)

        return train_lora

    assert lost(train_lora=started(1.0)) == set()
    assert lost(train_lora=started(3.0)) == {"test_the_start"}


def test_paper_turned_by_a_right_angle_moves_every_point_and_by_nothing_none():
    X = np.random.default_rng(1).uniform(size=(3, 64))
    assert turned(X, 0) == pytest.approx(X)
    assert turned(X, 90) == pytest.approx(np.rot90(X.reshape(-1, 8, 8), -1, (1, 2)).reshape(-1, 64))
    assert turned(X[:0], 30).shape == (0, 64)


def test_the_digits_are_those_of_unit_5():
    for name in ("digits.csv.gz", "DIGITS.md"):
        one, other = (ROOT / "exercises" / unit / name for unit in ("w4_lora_from_scratch", "u5_mlp_training"))
        assert one.read_bytes() == other.read_bytes()
