"""What a hidden test recognises by itself, whatever numbers a student chose."""

from pathlib import Path

import numpy as np
import pytest

from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

SOLUTIONS = Path(__file__).parents[2] / "solutions"
CLIPPED = """
def cross_entropy(p, q):
    for shares in (p, q):
        if np.min(shares) < 0 or abs(np.sum(shares) - 1) > 1e-6:
            raise ValueError("not a distribution")
    return float(-np.sum(p * np.log(np.maximum(q, 1e-30))))
"""
INFINITE = """
right = cross_entropy
def cross_entropy(p, q):
    return np.inf if np.any(q == 0) else right(p, q)
"""
LEFT_OUT = """
def kl(p, q):
    on = (p > 0) & (q > 0)
    entropy(p), entropy(q)
    return float(np.sum(p[on] * np.log(p[on] / q[on])))
"""
ONE_WAY = """
def directional_check(loss, grads, params, rng):
    old = {name: values.copy() for name, values in params.items()}
    v = {name: rng.random(values.shape) for name, values in params.items()}
    losses = []
    for way in (1e-5, -1e-5):
        for name in params:
            params[name][...] = old[name] + way * v[name]
        losses.append(loss())
    for name in params:
        params[name][...] = old[name]
    return relative_error((losses[0] - losses[1]) / 2e-5, sum(np.sum(grads[name] * v[name]) for name in params))
"""
ADDED_AGAIN = """
def numerical_gradient(f, X, h=1e-5):
    Y, gradient = X if X.dtype.kind == "f" else X.astype(float), np.zeros(X.shape)
    for place in np.ndindex(X.shape):
        Y[place] += h
        up = np.asarray(f(Y)).item()
        Y[place] -= 2 * h
        down = np.asarray(f(Y)).item()
        Y[place] += h
        gradient[place] = (up - down) / (2 * h)
    return gradient
"""
TWO_DRAWS = """
def fit_digits(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    for _ in range(steps):
        scores, cache = forward(params, X[rng.integers(len(X), size=32)])
        loss, slopes = ce(scores, y[rng.integers(len(X), size=32)])
        losses.append(float(loss))
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, slopes))]
    return params, losses
"""
ONE_DRAW = """
def fit_digits(X, y, rng, steps):
    params, losses, rows = init_params([64, 64, 10], rng), [], rng.integers(len(X), size=32)
    for _ in range(steps):
        scores, cache = forward(params, X[rows])
        loss, slopes = ce(scores, y[rows])
        losses.append(float(loss))
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, slopes))]
    return params, losses
"""
BY_TRAIN = """
def fit(X, y, rng):
    return train(init_params([2, 16, 1], rng), X, 2.0 * y[:, None] - 1, 0.2, 3000)
"""
INPUT_TWICE = """
def failing_graph():
    return [2.0, 3.0], lambda a, b: a * b + a
"""
NUMBERED = """
def staircase(ws, X, y):
    _, panes = plt.subplots(1, 2)
    for pane, height, label in zip(panes, (accuracy, log_loss), ("accuracy", "log-loss")):
        pane.plot([height(w, X, y) for w in ws], label=label)
    return list(panes)
"""
ANSWERS = {
    "any tiny number": ("w2_kl_both_ways", "kl", CLIPPED, "a tiny number in the logarithm"),
    "what q rules out is left out": ("w2_kl_both_ways", "kl", LEFT_OUT, "is that no surprise"),
    "infinite where nothing happens": ("w2_kl_both_ways", "kl", INFINITE, "is infinite where p is 0"),
    "directions of one sign": ("u4_gradient_check", "random_directions", ONE_WAY, "have one sign"),
    "h added again": ("u4_gradient_check", "numerical_gradient", ADDED_AGAIN, "does not give back exactly"),
    "an input used twice": ("u4_gradient_check", "find_the_bug", INPUT_TWICE, "only inputs are used twice"),
    "images and labels of two draws": ("u5_mlp_training", "fit_digits", TWO_DRAWS, "another image's digit"),
    "one mini-batch for all steps": ("u5_mlp_training", "fit_digits", ONE_DRAW, "learns a few rows by heart"),
    "squared error of the scores": ("u5_mlp_training", "moons", BY_TRAIN, "squared error of the scores"),
    "biases, one for each layer": (
        "u5_mlp_training",
        "init_params",
        "my_count = sum(a * b + 1 for a, b in zip(my_sizes, my_sizes[1:]))",
        "one bias for each layer",
    ),
    "over the number of the setting": ("w3_flat_gradients", "staircase", NUMBERED, "over the number of each setting"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_is_recognised(answer):
    unit, task, source, says = ANSWERS[answer]
    found = []

    def body(run):
        names = load_module(SOLUTIONS / unit / "reference.py")
        with np.errstate(all="ignore"):
            exec(source, names)
            ran = run(lambda _: Student.local(names), only=frozenset([task]))
        found.extend(case.recognised for case in ran if case.recognised)

    run_inside_pytest([SOLUTIONS / unit / f"test_{unit}_hidden.py"], body)
    assert any(says in sentence for sentence in found), found
