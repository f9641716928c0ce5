"""What only `w5_sampling` has: the figures of its statistical tests, and a bar that only the right answer clears."""

import math
from pathlib import Path

import numpy as np
import pytest

from grader.testing import load_module

SOLUTION = Path(__file__).parents[2] / "solutions" / "w5_sampling"
HIDDEN = load_module(SOLUTION / "test_w5_sampling_hidden.py")
RIGHT = load_module(SOLUTION / "reference.py")
MISTAKES = load_module(SOLUTION / "mistakes.py")
REWARDS, LR, STEPS, TAU = HIDDEN["HARD"]


def best_arm(train_choice, seed):
    """The probability of the best arm after the training of the hidden test."""
    logits, _ = train_choice(REWARDS.copy(), LR, STEPS, TAU, np.random.default_rng(seed))
    return float(HIDDEN["soft"](np.asarray(logits, dtype=float))[np.argmax(REWARDS)])


def test_right_answers_clear_the_bar_on_other_seeds_too():
    ends = [best_arm(RIGHT["train_choice"], seed) for seed in (*HIDDEN["SEEDS"], *range(5))]
    assert HIDDEN["BAR"] < min(ends)
    assert max(ends) < HIDDEN["TOP"]


@pytest.mark.parametrize(
    "name",
    [
        "train_without_noise",
        "train_with_one_throw",
        "train_by_the_sum",
        "train_with_the_noise_of_once",
        "train_by_hard_throws",
        "train_gradient_without_tau",
        "train_downhill",
    ],
)
def test_a_wrong_answer_misses_the_bar_on_one_of_the_seeds(name):
    wrong = MISTAKES[name].replace()["train_choice"]
    assert min(best_arm(wrong, seed) for seed in HIDDEN["SEEDS"]) < HIDDEN["BAR"] - 0.002


def test_both_estimators_are_right_and_one_scatters_36_times_for_ten():
    """Spread 7.18 against 2.0 for one draw, z squared, mu = 1.5: from the moments of the bell, and measured."""
    mu, n = 1.5, 20_000
    spread = math.sqrt(mu**4 + 14 * mu**2 + 15)
    assert spread / 2 == pytest.approx(3.59, abs=0.005)
    score = RIGHT["score_grad"](lambda z: z**2, mu, n, np.random.default_rng(1))
    path = RIGHT["path_grad"](lambda z: 2 * z, mu, n, np.random.default_rng(2))
    assert abs(score[0] - 3) < 5 * score[1]
    assert abs(path[0] - 3) < 5 * path[1]
    assert score[1] / path[1] == pytest.approx(3.6, abs=0.15)


@pytest.mark.parametrize("name", ["gumbel_max_minus_noise", "gumbel_from_the_bell"])
def test_twenty_thousand_throws_refuse_noise_of_the_wrong_kind_by_far(name):
    """A loose tolerance of 0.1 would let both pass; five standard errors are 0.017 at most."""
    wrong, p = RIGHT | MISTAKES[name].replace(), np.array([0.6, 0.25, 0.1, 0.05])
    logits = np.tile(np.log(p), (20_000, 1))
    won = wrong["gumbel_max"](logits, wrong["gumbel"](np.random.default_rng(101), logits.shape))
    away = np.abs([np.mean(won == side) - p[side] for side in range(4)]) / np.sqrt(p * (1 - p) / 20_000)
    assert max(away) > 9
