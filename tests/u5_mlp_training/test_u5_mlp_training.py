"""What only `u5_mlp_training` has; what every unit has is tested in tests/course."""

from pathlib import Path

import numpy as np
import pytest
from kit.data import digits, moons

from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "u5_mlp_training"


def tasks_that_lose(*, only=None, **changed):
    """The tasks in which the reference loses something, with some of its names changed (None: taken away).

    `only` are the tasks that are looked at, all if left out.
    """
    lost = {}

    def body(run):
        def open_student(_):
            names = load_module(SOLUTION / "reference.py")
            names.update(changed)  # in place: the reference's own functions see it
            for name in [name for name, value in changed.items() if value is None]:
                del names[name]
            return Student.local(names)

        for case in run(open_student, only=only and frozenset(only)):
            if case.result.outcome is not Outcome.PASSED:
                lost.setdefault(case.result.task, set()).add(case.result.name)

    run_inside_pytest([SOLUTION / "test_u5_mlp_training_hidden.py"], body)
    return lost


NAMES = load_module(SOLUTION / "reference.py")


@pytest.mark.slow
def test_a_slip_in_forward_costs_its_points_once():
    def forward(params, X):
        out, cache = NAMES["forward"](params, X)
        return np.tanh(out), [*cache, np.tanh(out)]

    def backward(params, cache, dout):  # right for this forward
        return NAMES["backward"](params, cache[:-1], dout * (1 - cache[-1] ** 2))

    assert set(tasks_that_lose(forward=forward, backward=backward)) == {"forward"}


BENDS = {  # what a learner may put in place of tanh, and its slope from what comes out
    "sigmoid": (lambda z: (1 + np.tanh(z / 2)) / 2, lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0) * 1.0),
    "tanh": (np.tanh, lambda a: 1 - a * a),
}


@pytest.mark.parametrize("bend", ["sigmoid", "relu"])
def test_another_bend_in_forward_and_backward_costs_forward_alone(bend):
    bent, slope = BENDS[bend]
    forward, backward = a_net(bent=bent, slope=slope)
    assert set(tasks_that_lose(only=["forward", "backward"], forward=forward, backward=backward)) == {"forward"}


@pytest.mark.slow
@pytest.mark.parametrize("bias", [0, -1])
def test_a_bias_that_is_lost_or_turned_costs_forward_alone_however_backward_says_its_slope(bias):
    for says in {bias, 1}:
        forward, backward = a_net(bias=bias, says=says)
        assert set(tasks_that_lose(only=["forward", "backward"], forward=forward, backward=backward)) == {"forward"}


def test_a_wrong_way_back_is_wrong_for_a_forward_with_a_slip_too():
    forward, backward = a_net(bent=np.tanh, slope=lambda a: 1 - a, bias=0)
    assert set(tasks_that_lose(only=["backward"], forward=forward, backward=backward)) == {"backward"}


def a_net(bent=np.tanh, slope=lambda a: 1 - a * a, bias=1, says=1):
    """forward with another bend, or with `bias` times the bias; backward with `says` times what its slope would be."""

    def forward(params, X):
        cache = [X]
        for W, b in params:
            cache.append(bent(cache[-1] @ W + bias * b))
        W, b = params[-1]
        return cache[-2] @ W + bias * b, cache[:-1]

    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
            grads.append((a.T @ dout, says * dout.sum(axis=0)))
            dout = dout @ W.T * slope(a)
        return grads[::-1]

    return forward, backward


def test_what_stands_in_for_an_earlier_answer_knows_this_tests_inputs_and_no_others():
    our_net = load_module(SOLUTION / "test_u5_mlp_training_hidden.py")["our_net"]
    rng = np.random.default_rng(0)
    X, Y, other = rng.normal(size=(6, 2)), rng.normal(size=(6, 1)), rng.normal(size=(6, 2))
    net = NAMES["init_params"]([2, 3, 1], rng)
    ours = our_net(X, Y)
    out, cache = ours["forward"](net, X[[4, 1, 1]])
    assert out == pytest.approx(NAMES["forward"](net, X[[4, 1, 1]])[0])
    for mine, theirs in zip(ours["backward"](net, cache, out), NAMES["backward"](net, *backs(net, X)), strict=True):
        for x, y in zip(mine, theirs, strict=True):
            assert x == pytest.approx(y)
    assert ours["mse"](out, Y[[4, 1, 1]]) == pytest.approx(NAMES["mse"](out, Y[[4, 1, 1]]))
    refused = [
        lambda: ours["forward"](net, other),
        lambda: ours["forward"](net, X + 1e-12),
        lambda: ours["mse"](out, out),
        lambda: ours["dmse"](Y, Y + 1),
        lambda: ours["init_params"]([3, 4, 2], rng),
        lambda: ours["init_params"]([2, 8_000_000, 1], rng),
        lambda: our_net(X, drawn=net)["forward"](NAMES["init_params"]([2, 3, 1], rng), X),
    ]
    for ask in refused:
        with pytest.raises(ValueError, match=r"your function was called with|needs other inputs"):
            ask()
    assert our_net(X, drawn=net)["forward"](net, other)[0] == pytest.approx(NAMES["forward"](net, other)[0])


def backs(net, X):
    """What the reference's backward takes for these rows: the cache, and the outputs as what comes back."""
    out, cache = NAMES["forward"](net, X[[4, 1, 1]])
    return cache, out


@pytest.mark.slow
def test_a_slip_in_backward_costs_its_points_once():
    def backward(params, cache, dout):
        return [(-dW, -db) for dW, db in NAMES["backward"](params, cache, dout)]

    assert set(tasks_that_lose(backward=backward)) == {"backward"}


@pytest.mark.slow
def test_a_slip_in_the_loss_costs_its_points_once():
    lost = tasks_that_lose(mse=lambda P, Y: ((P - Y) ** 2).sum(), dmse=lambda P, Y: 2 * (P - Y))
    assert set(lost) == {"mse"}


@pytest.mark.slow
@pytest.mark.parametrize("broken", [None, lambda *args: 1 / 0, lambda *args: args[0]])
def test_slips_in_what_was_brought_cost_nothing(broken):
    brought = ("layer", "vjp_linear", "ce", "numerical_gradient", "gradient_check", "Value")
    if broken is None:  # then the answers do without it: what they look up must be somewhere
        brought = ("ce", "numerical_gradient", "gradient_check", "Value")
    assert tasks_that_lose(**dict.fromkeys(brought, broken)) == {}


@pytest.mark.slow
def test_a_forward_that_is_no_net_earns_nothing_for_the_way_back():
    def forward(params, X):
        return np.zeros((len(X), params[-1][0].shape[1])), params

    def backward(params, cache, dout):  # right for this forward
        return [(0 * W, 0 * b) for W, b in params]

    lost = tasks_that_lose(forward=forward, backward=backward)
    assert {name for name in lost["backward"] if "changes_nothing" not in name} == {
        "test_back_through_one_layer",
        "test_back_through_two_layers",
        "test_back_through_three_and_four_layers",
        "test_back_from_a_single_row_and_through_equal_sizes",
        "test_back_from_the_loss",
        "test_back_through_two_nets_in_turn",
    }


@pytest.mark.slow
def test_a_wrong_prediction_costs_nothing_if_the_reason_is_right():
    assert tasks_that_lose(after_zeros="d") == {}
    assert tasks_that_lose(after_zeros="d", why_zeros="a") == {
        "init_params": {"test_prediction_about_zeros", "test_why_zeros_never_learn"}
    }


def test_an_operation_that_raises_is_told_and_keeps_its_number():
    tape = load_module(SOLUTION / "test_u5_mlp_training_hidden.py")["Tape"]()
    with pytest.raises(ValueError, match="math domain"):
        tape.take([("leaf", -1.0), ("log", 0), ("leaf", 2.0)])
    assert tape.value(2) == 2.0


def test_the_engine_that_stands_in_for_value_agrees_with_that_of_unit_3():
    hidden = load_module(SOLUTION / "test_u5_mlp_training_hidden.py")
    tape, stretched = hidden["Tape"](), hidden["stretched"]
    tape.take([("leaf", 0.7), ("leaf", -1.3), ("leaf", 3.0)])
    tape.take([("*", 0, 1), ("tanh", 3), ("exp", 1), ("**", 0, 2), ("/", 5, 6), ("+", 4, 7)])
    tape.take([("*", 8, 8), ("neg", 1), ("relu", 10), ("log", 11), ("-", 9, 12)])
    tape.backward(13)
    x, y = NAMES["Value"](0.7), NAMES["Value"](-1.3)
    again = (x * y).tanh() + y.exp() / x**3
    again = again * again - (-y).relu().log()
    again.backward()
    assert tape.value(13) == pytest.approx(again.data, rel=1e-14)
    slopes = [x.grad * stretched(0.7), y.grad * stretched(-1.3)]  # so that they can come from nowhere else
    assert tape.slopes()[:2] == pytest.approx(slopes, rel=1e-12)


@pytest.mark.slow
def test_the_reference_is_far_from_the_bar_in_every_variant():
    for own in NAMES["MOONS"]:
        for seed in range(2):
            X, y = moons(120, np.random.default_rng(50 + seed), **own)
            X_new, y_new = moons(1000, np.random.default_rng(70 + seed), **own)
            params, _ = NAMES["fit"](X, y, np.random.default_rng(seed))
            assert np.mean((NAMES["forward"](params, X_new)[0][:, 0] > 0) == (y_new == 1)) >= 0.98


@pytest.mark.slow
def test_the_reference_reads_at_least_95_of_100_held_back_digits():
    learn, (X, y) = digits(ROOT / "exercises" / "u5_mlp_training" / "digits.csv.gz")
    params, losses = NAMES["fit_digits"](*learn, np.random.default_rng(0), 6000)
    assert losses[-1] < losses[0]
    assert np.mean(NAMES["forward"](params, X)[0].argmax(axis=1) == y) >= 0.95
