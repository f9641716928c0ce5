"""What only this unit has: random graphs that reject what passes by hand, a budget of steps, follow-through."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.diagnosis.mistakes import load_mistakes
from grader.results import Outcome
from grader.testing import Student, plugin
from grader.testing.authoring import load_module

SOLUTIONS = Path(__file__).parents[2] / "solutions" / "u3_chain_rule"
HIDDEN = SOLUTIONS / "test_u3_chain_rule_hidden.py"


def results(task, change=lambda names: None):
    """{hidden test: result} of the reference with some names changed."""
    found = {}

    def open_student(_):
        names = load_module(SOLUTIONS / "reference.py")
        change(names)
        return Student.local(names)

    def body(run):
        found.update({case.result.name: case.result for case in run(open_student, only=frozenset([task]))})

    plugin.run_inside_pytest([HIDDEN], body)
    assert found
    return found


def lost(found):
    return {name for name, result in found.items() if result.outcome is not Outcome.PASSED}


def test_the_random_graphs_are_what_was_meant():
    hidden = load_module(HIDDEN)
    graphs = [graph for graph, _ in hidden["SUMS_AND_PRODUCTS"]]
    assert len(graphs) == 120
    shared = [graph for graph in graphs if len({i for _, i, _ in graph[1]} & {k for _, _, k in graph[1]}) > 1]
    assert len(shared) > 100
    used = {op for (_, steps), _ in hidden["ALL_OPERATIONS"] for op, _, _ in steps}
    assert used == set(hidden["STEPS"])
    relus = []
    for (leaves, steps), (numbers, _) in hidden["ALL_OPERATIONS"]:
        relus += zip(steps, numbers[len(leaves) :], strict=True)
    assert {number == 0 for step, number in relus if step[0] == "relu"} == {True, False}  # both sides of the kink


def test_the_truth_of_the_random_graphs_is_confirmed_by_small_nudges():
    hidden = load_module(HIDDEN)
    for (leaves, steps), (_, slopes) in hidden["ALL_OPERATIONS"]:
        for place in range(len(leaves)):
            up, down = list(leaves), list(leaves)
            up[place] += 1e-6
            down[place] -= 1e-6
            ends = [hidden["forward"]((numbers, steps))[-1].real for numbers in (up, down)]
            assert np.isclose((ends[0] - ends[1]) / 2e-6, slopes[place], rtol=1e-3, atol=1e-4)


def test_an_engine_that_goes_column_by_column_is_caught_by_the_random_graphs():
    (known,) = [mistake for mistake in load_mistakes(SOLUTIONS) if mistake.name == "level_by_level"]
    assert "test_random_sums_and_products" in lost(
        results("value_backward", lambda names: names.update(known.replace()))
    )


def test_whoever_walks_every_path_is_stopped_soon_and_told_so():
    (known,) = [mistake for mistake in load_mistakes(SOLUTIONS) if mistake.name == "every_path_by_itself"]
    found = results("sturdy_backward", lambda names: names.update(known.replace()))
    assert lost(found) == {"test_very_many_paths_in_little_time"}
    assert "on every way" in found["test_very_many_paths_in_little_time"].hint
    assert sys.getprofile() is None


@pytest.mark.slow
def test_the_watch_is_put_away_when_the_call_raises():
    def change(names):
        names["topological"] = lambda node: 1 / 0

    results("topological_order", change)
    assert sys.getprofile() is None


def test_a_wrong_softmax_costs_nothing_in_the_jacobian_and_in_the_gradient():
    def change(names):
        names["softmax"] = names["sturdy_softmax"] = lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0)

    assert "test_softmax_row_by_row" in lost(results("softmax", change))
    assert lost(results("softmax_jacobian", change)) == set()
    assert not lost(results("softmax_ce", change)) & {"test_the_gradient_of_the_loss", "test_the_loss"}
    assert lost(results("sturdy_softmax", change)) == {"test_softmax_of_large_logits"}


@pytest.mark.parametrize("method", ["__mul__", "__sub__", "tanh", "__pow__"])
def test_an_operation_that_is_wrong_costs_nothing_on_the_way_back(method):
    def change(names):
        setattr(names["Value"], method, lambda self, *other: names["Value"](7.0))

    assert lost(results("value_engine", change))
    assert lost(results("value_backward", change)) == set()


def own_engine():
    """Values that keep their slopes under another name, and a way back that knows it."""
    names = load_module(SOLUTIONS / "reference.py")
    Value, begin = names["Value"], names["Value"].__init__

    def init(self, data, inputs=(), op="", slopes=()):
        begin(self, data, inputs, op)
        self.edges = list(zip(inputs, slopes, strict=True))

    def send_back(output):
        output.grad = 1.0
        for node in reversed(names["topological"](output)):
            for before, slope in node.edges:
                before.grad += node.grad * slope

    Value.__init__, Value.backward = init, send_back
    return {**names, "send_back": send_back}


def test_an_engine_that_keeps_its_slopes_in_its_own_way_keeps_all_points():
    for task in ("value_engine", "value_backward"):
        found = results(task, lambda given: given.update(own_engine()))
        assert lost(found) == set()


def test_the_sturdy_ones_are_not_asked_for_in_the_ordinary_tasks():
    """A recursion, a walk of every path, one call alone, exp of the logits as they are: all of them keep all points."""
    known = {mistake.name: mistake for mistake in load_mistakes(SOLUTIONS)}

    def change(names):
        names["topological"] = known["every_way_walked"].replace()["sturdy_topological"]
        names["send_back"] = known["every_path_by_itself"].replace()["sturdy_backward"]
        names["Value"].backward = lambda self: names["send_back"](self)
        names["softmax"] = known["softmax_overflows"].replace()["sturdy_softmax"]
        names["ce"] = known["logarithm_of_zero"].replace()["sturdy_ce"]

    for task in ("topological_order", "value_engine", "value_backward", "softmax", "softmax_ce"):
        assert lost(results(task, change)) == set(), task


def test_a_slip_in_s_does_not_cost_what_follows_from_it():
    def change(names):
        twice, a = names["sheet"]["twice"], names["sheet"]["a"]
        names["answers"] |= {"s": f"u*{twice}", twice: f"{a}*u*{twice} + u*s"}

    found = results("by_hand", change)
    # the other input is right, though it does not follow
    assert lost(found) == {"test_the_gradient_of_s"}


def test_after_a_first_wrong_answer_the_student_is_sent_to_that_one():
    def change(names):
        names["answers"] = dict.fromkeys(["t", "s", "x", "y"], "17") | {"u": "t"}

    found = results("by_hand", change)
    assert "first put 't' right" in found["test_the_gradient_of_s"].hint


def test_a_transpose_that_cannot_be_computed_costs_only_its_own_array():
    def change(names):
        names["vjp_linear"] = lambda X, W, b, dY: (dY @ W, X.T @ dY, dY.sum(axis=0))

    assert lost(results("linear_backward", change)) == {"test_dX", "test_sizes_that_differ"}


ODD = {
    "a dict of something else": ("by_hand", {"answers": ["u", "t"]}, "give a dict"),
    "an answer that cannot be read": ("by_hand", {"answers": dict.fromkeys("tusxy", "u*(t")}, "cannot be read"),
    "an answer that is not text": ("by_hand", {"answers": dict.fromkeys("tusxy", 3)}, "a text between quotes"),
    "a generator": ("topological_order", {"topological": lambda node: (value for value in [node])}, ""),
    "slopes that are not a tuple": ("local_grads", {"local_grads": lambda op, i, o: 1.0}, "a list was expected"),
    "two of three": ("linear_backward", {"vjp_linear": lambda X, W, b, dY: (X, W)}, "3 things were expected"),
    "nan": ("softmax", {"softmax": lambda Z: Z * np.nan}, "nan"),
    "objects": ("softmax", {"softmax": lambda Z: Z.astype(object)}, "an array of Python objects"),
    "a loss that is an array": ("softmax_ce", {"ce": lambda Z, y: (Z, Z)}, "a plain number was expected"),
    "one number for a gradient": ("grad_forward", {"grad_forward": lambda f, x: 1.0}, "shape"),
    "None": ("neuron_layer", {"neuron": lambda x, w, b: None}, "is a `return` missing"),
}


@pytest.mark.parametrize(("task", "names", "says"), ODD.values(), ids=ODD)
def test_an_odd_answer_has_its_own_sentence(task, names, says):
    found = results(task, lambda given: given.update(names))
    assert any(says in result.hint for result in found.values() if result.outcome is not Outcome.PASSED)


def test_a_value_without_its_methods_is_told_which_is_missing():
    def change(names):
        del names["Value"].tanh

    found = results("value_engine", change)
    assert "has no `tanh` yet" in found["test_powers_and_functions"].hint


@pytest.mark.parametrize(
    ("method", "make", "says"),
    [
        ("relu", lambda right, Value: lambda self: right(self) if self.data > 0 else Value(0.0), "knows no other"),
        ("relu", lambda right, Value: lambda self: self if self.data > 0 else right(self), "hands v itself on"),
        ("__pow__", lambda right, Value: lambda self, n: self if n == 1 else right(self, n), "hands v itself on"),
        ("exp", lambda right, Value: lambda self: Value(math.exp(self.data), (self,), "exp"), "a.exp() remembers more"),
    ],
)
def test_each_operation_makes_a_new_value_and_remembers_its_inputs(method, make, says):
    def change(names):
        setattr(names["Value"], method, make(getattr(names["Value"], method), names["Value"]))

    found = results("value_engine", change)["test_what_each_operation_remembers"]
    assert found.outcome is Outcome.WRONG
    assert says in found.hint


def test_subtracting_the_mean_of_a_row_is_no_help_where_one_logit_is_far_above_it():
    def change(names):
        def sturdy_softmax(Z):
            powers = np.exp(Z - Z.mean(axis=1, keepdims=True))
            return powers / powers.sum(axis=1, keepdims=True)

        names["sturdy_softmax"] = sturdy_softmax

    assert lost(results("sturdy_softmax", change)) == {"test_softmax_of_large_logits"}
