"""What only `w6_rbf_svm` has: the figures that its text prints, other ways to good weights, and other lifts."""

from pathlib import Path

import numpy as np
import pytest
from kit.data import rings

from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "w6_rbf_svm"
HIDDEN = load_module(SOLUTION / "test_w6_rbf_svm_hidden.py")
REFERENCE = load_module(SOLUTION / "reference.py")


@pytest.fixture(autouse=True)
def the_reference_is_the_student(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")


def lost(**changed):
    """The hidden tests that the reference loses with these names changed."""
    failed = set()

    def body(run):
        names = {**load_module(SOLUTION / "reference.py"), **changed}
        failed.update(
            case.result.name
            for case in run(lambda _: Student.local(names))
            if case.result.outcome is not Outcome.PASSED
        )

    run_inside_pytest([SOLUTION / "test_w6_rbf_svm_hidden.py"], body)
    return failed


@pytest.mark.slow
def test_the_gap_and_the_support_vectors_that_the_text_prints():
    """Gamma = 1, C = 10, 3,000 steps, 80 points. On 200 sets: a gap of 0.039 or less, and 15 to 24 support vectors."""
    gaps, few, many = [], [], []
    for seed in range(8):
        X, y = rings(80, np.random.default_rng(seed))
        for gamma, counts in ((1.0, few), (1000.0, many)):
            K = REFERENCE["rbf_kernel"](X, X, gamma)
            alpha = REFERENCE["fit_dual"](K, y, 10.0, 3000)
            counts.append(int((alpha > 1e-6).sum()))
            loss, dual = HIDDEN["ends"](alpha, K, y, 10.0)
            gaps.append(loss - dual)
    assert max(gaps) < 0.04
    assert min(few) >= 12
    assert max(few) <= 26
    assert min(many) >= 78


def sweeps(K, y, C, steps):
    """Each weight in turn to where its own slope is 0, all of them in a step; it stops when nothing moves."""
    Q, alpha = K * np.outer(y, y), np.zeros(len(y))
    for _ in range(steps):
        before = alpha.copy()
        for i in range(len(y)):
            alpha[i] = np.clip(alpha[i] + (1 - Q[i] @ alpha) / Q[i, i], 0, C)
        if np.abs(alpha - before).max() < 1e-10:
            break
    return alpha


@pytest.mark.slow
def test_other_ways_to_good_weights_and_other_lifts_are_right_and_weights_that_are_nearly_good_are_not():
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    lift, plane, fit = (REFERENCE[name] for name in ("lift", "circle_plane", "fit_dual"))
    turned = {"lift": lambda X: lift(X) @ turn, "circle_plane": lambda r: (turn.T @ plane(r)[0], plane(r)[1])}
    assert lost(fit_dual=sweeps, **turned) == set()
    early = {"fit_dual": lambda K, y, C, steps: fit(K, y, C, min(steps, 300))}
    assert lost(lift=turned["lift"], **early) == {"test_a_circle_is_a_plane", "test_the_gap_on_rings"}


@pytest.mark.parametrize(("gamma", "least", "most"), [(0.5, 0.0, 1e-10), (1.0, 1e-10, 1e-9)])
def test_how_far_thirty_powers_are_off(gamma, least, most):
    """Ten digits at gamma = 0.5 and |x| <= 2; at gamma = 1 the right answer itself has an error of 5e-10."""
    x = np.linspace(-2, 2, 81)
    off = np.abs(REFERENCE["taylor_rbf"](x, x, gamma, 30) - np.exp(-gamma * np.subtract.outer(x, x) ** 2)).max()
    assert least <= off < most


def test_the_digits_are_those_of_mlp_training():
    for name in ("digits.csv.gz", "DIGITS.md"):
        ours, theirs = (ROOT / "exercises" / unit / name for unit in ("w6_rbf_svm", "u5_mlp_training"))
        assert ours.read_bytes() == theirs.read_bytes()
