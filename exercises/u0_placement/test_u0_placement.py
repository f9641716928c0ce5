"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import numpy as np
import pytest
from kit.check import all_close, close, typed
from kit.measured import slope_of

HINTS = {}
RECALL = {}


def loss(p, q, my_loss):
    """The loss of exercise 2."""
    return p ** my_loss["n"] * q**2 + math.exp(my_loss["k"] * p)


SLOPES = {
    "d_product": slope_of(lambda x, mine: x ** mine["n"] * math.log(x), x=(0.2, 2.0)),
    "d_quotient": slope_of(lambda x, mine: mine["k"] * x / (x * x + mine["c"]), x=(-4, 4)),
    "d_chain": slope_of(lambda x, mine: math.exp(-mine["k"] * x * x), x=(-1.5, 1.5)),
    "dL_dp": slope_of(loss, p=(-1, 1), q=2),
    "dL_dq": slope_of(loss, q=(-2, 2), p=0.8),
    "dE_dw": slope_of(lambda w, x, y: (math.tanh(w * x) - y) ** 2, w=(-1.5, 1.5), x=2, y=-1),
}


def has_measured_slope(student, name, places):
    """The typed formula `name` has the slope that is measured, at some places."""
    formula, measured = typed(student, name, list(places[0])), SLOPES[name].of(student)
    for place in places:
        got, right = formula(**place), measured(**place)
        where = ", ".join(f"{letter} = {value:g}" for letter, value in place.items())
        assert abs(got - right) < 1e-6 * max(1, abs(right)), (
            f"Put {where}: `{name}` gives {got:.6g}; the slope there is {right:.6g}."
        )


@pytest.mark.task("rules")
def test_rules(student):
    """the three derivatives"""
    for name in ("d_product", "d_quotient", "d_chain"):
        has_measured_slope(student, name, [{"x": 0.5}, {"x": 1.7}])


@pytest.mark.task("partials")
def test_partials(student):
    """two partial derivatives, and one by hand"""
    for name in ("dL_dp", "dL_dq"):
        has_measured_slope(student, name, [{"p": 0.5, "q": 2.0}, {"p": -0.8, "q": -1.5}])
    has_measured_slope(student, "dE_dw", [{"w": 0.3, "x": 2.0, "y": -1.0}, {"w": -0.5, "x": 1.5, "y": 0.25}])


@pytest.mark.task("walk")
def test_walk(student):
    """steps against the slope"""
    close("walk(lambda x: 2*x, 8.0, 0.25, 3)", student.walk(lambda x: 2 * x, 8.0, 0.25, 3), 1.0)
    close("walk(lambda x: x - 1, -3, 0.5, 2)", student.walk(lambda x: x - 1, -3, 0.5, 2), 0.0)
    close("walk(lambda x: x, 5.0, 0.1, 0)", student.walk(lambda x: x, 5.0, 0.1, 0), 5.0)
    got = student.walk(lambda x: 1e-6 * (x - 1), 3.0, 5e5, 4)
    close("walk(lambda x: 1e-6*(x - 1), 3.0, 5e5, 4)", got, 1.125, "Nearly level is not level: nothing stops the walk.")


@pytest.mark.task("nudged")
def test_nudged(student):
    """central differences, entry by entry"""
    x = np.array([2.0, -1.0, 3.0])
    got = student.nudged(lambda x: float(x[0] ** 2 * x[1] + 5 * x[2]), x)
    all_close("nudged(f, x) of x[0]**2*x[1] + 5*x[2] at [2, -1, 3]", got, [-4.0, 4.0, 5.0], rel=1e-6)
    assert x.tolist() == [2.0, -1.0, 3.0], f"Afterwards x is {x.tolist()}. Put back what you nudged."
    got = student.nudged(lambda x: float(np.sum(x**3)), x, 0.5)
    all_close("nudged of the sum of cubes, with h = 0.5,", got, 3 * x * x + 0.25, "To both sides, by the given h.")


@pytest.mark.task("layer_back")
def test_layer_back(student):
    """three examples, two inputs, four neurons"""
    X = np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]])
    W = np.array([[1.0, 0.5, -1.0, 2.0], [3.0, -2.0, 0.5, 1.0]])
    dY = np.array([[1.0, -0.5, 2.0, 0.25], [0.5, 1.5, -1.0, 3.0], [-2.0, 1.0, 0.5, -1.5]])
    found = student.layer_back(X, W, dY)
    assert found is not None, "`layer_back(X, W, dY)` gave None. Is there still a `...`, or is a `return` missing?"
    assert isinstance(found, tuple | list), "`layer_back(X, W, dY)` should return three arrays: dX, dW, db."
    assert len(found) == 3, f"`layer_back(X, W, dY)` returned {len(found)} things: dX, dW and db were expected."
    for name, got, whole in zip(("dX", "dW", "db"), found, (X, W, np.zeros(4)), strict=True):
        assert np.shape(got) == whole.shape, f"{name} has the shape {np.shape(got)}; it should have {whole.shape}."
        for place in np.ndindex(whole.shape):
            close(f"{name}{list(place)}", got[place], round(measured(X, W, dY, name, place), 6))


def measured(X, W, dY, name, place):
    """How fast the sum of Y*dY changes with one number, by a nudge to either side."""
    ends = []
    for h in (1e-4, -1e-4):
        whole = {"dX": X.copy(), "dW": W.copy(), "db": np.zeros(W.shape[1])}
        whole[name][place] += h
        ends.append(float(np.sum((whole["dX"] @ whole["dW"] + whole["db"]) * dY)))
    return (ends[0] - ends[1]) / 2e-4
