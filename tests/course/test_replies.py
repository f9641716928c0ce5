"""The rule for replies of the public checks: what was typed, what it gives, what it should give, and a question."""

import pytest
from kit.check import verdict
from units import COURSE

from grader.testing import load_module

WRONG = {  # what was typed, and the question
    "a tangent that misses the point": (
        "u1_derivative_intuition",
        "microscope",
        "my_tangent = '1000*x'",
        "At which height",
    ),
    "a reciprocal that grows": (
        "u1_derivative_intuition",
        "dual_divide_power",
        "reciprocal_inf = '1/x^2'",
        "grow or shrink",
    ),
    "the output of the sigmoid, squared": (
        "u2_derivative_rules",
        "slopes_from_output",
        "sigmoid_slope_in_s = 's^2 + 1'",
        "what becomes of 1 + exp(-x)",
    ),
    "no c in the factor": ("u2_derivative_rules", "descend", "x_after_k = 'x0*(1 - lr)^k'", "By which factor"),
    "one example alone": ("u3_chain_rule", "linear_backward", "dL_dW01 = 'x00*d01'", "by what is it multiplied"),
    "the divisor stands still": ("u3_chain_rule", "softmax", "same_logit = 'p'", "quotient rule"),
    "uphill": ("u3_chain_rule", "softmax_ce", "slope_right = '1 - p'", "grow or shrink"),
    "h without its square": (
        "u4_gradient_check",
        "finite_differences",
        "central_of_cube = '3*x^2 + h'",
        "What is left over",
    ),
    "speeds alone": (
        "u4_gradient_check",
        "random_directions",
        "slope_along = 'v0 + v1'",
        "which slope, times which speed",
    ),
    "the mean over rows alone": ("u5_mlp_training", "mse", "slope_of_entry = '2*(p - y)/n'", "how much the mean"),
    "the sign turned": ("u5_mlp_training", "moons", "slope_of_log_loss = 'y - p'", "fall or grow"),
    "no losses": (
        "u5_mlp_training",
        "train",
        "def train(params, X, Y, lr, steps):\n    return params, []",
        "Where is each of them written down",
    ),
}


ADVISED = {  # what was typed, and the advice: none of these replies may be a message of Python or numpy alone
    "a logarithm for one number": (
        "u2_derivative_rules",
        "activations",
        "import math\ndef softplus(x):\n    return math.log(1 + np.exp(x))",
        "math.log takes one number, np.log an array",
    ),
    "an if for an array": (
        "u2_derivative_rules",
        "sturdy_activations",
        "def sturdy_sigmoid(x):\n    return 1 / (1 + np.exp(-x)) if x > 0 else 0",
        "np.where",
    ),
    "an operation without slopes": (
        "u3_chain_rule",
        "value_engine",
        "Value.__neg__ = lambda self: Value(-self.data, (self,), 'neg', None)",
        "Does it know the operation that you hand to `computed`",
    ),
    "fewer inputs than slopes": (
        "u3_chain_rule",
        "value_engine",
        "Value.__neg__ = lambda self: Value(-self.data, (self,), '-', (1, -1))",
        "one slope for each input",
    ),
    "lists around @": (
        "u3_chain_rule",
        "neuron_layer",
        "def layer(X, W, b):\n    return X @ W + b",
        "np.array(X) makes one of a list of lists",
    ),
    "an array of one as an entry": (
        "u4_gradient_check",
        "numerical_gradient",
        "def numerical_gradient(f, X, h=1e-5):\n"
        "    X, slopes = X if X.dtype.kind == 'f' else np.array(X, dtype=float), np.zeros(X.shape)\n"
        "    for at in np.ndindex(X.shape):\n"
        "        ends, old = [], X[at]\n"
        "        for X[at] in (old + h, old - h):\n"
        "            ends.append(f(X))\n"
        "        X[at] = old\n"
        "        slopes[at] = (ends[0] - ends[1]) / (2 * h)\n"
        "    return slopes",
        "takes it out of y",
    ),
    "a loss with an argument": (
        "u4_gradient_check",
        "judge",
        "def gradient_check(loss, grads, params):\n    return loss(params)",
        "lambda X: loss()",
    ),
    "the last layer first": (
        "u5_mlp_training",
        "backward",
        "right = backward\ndef backward(params, cache, dout):\n    return right(params, cache, dout)[::-1]",
        "the first layer comes first",
    ),
    "a row beside a column": (
        "u5_mlp_training",
        "moons",
        "def fit(X, y, rng):\n    return backward(*net_of(rng, X, y))\n"
        "def net_of(rng, X, y):\n"
        "    params = init_params([2, 4, 1], rng)\n"
        "    out, cache = forward(params, X)\n"
        "    return params, cache, out - y",
        "y[:, None] is (n, 1)",
    ),
    "line ends": (
        "u5_mlp_training",
        "own_digit",
        "def as_numbers(drawing):\n    return [{'#': 1, '+': 0.5, '.': 0}[mark] for mark in drawing]",
        "drawing.split() gives the lines without them",
    ),
}


def reply(unit, task, typed):
    folder = COURSE.unit(unit).exercises_dir
    names = load_module(COURSE.unit(unit).solutions_dir / "reference.py")
    exec(typed, names)
    return verdict(task, names, folder)


@pytest.mark.parametrize(("unit", "task", "typed", "question"), WRONG.values(), ids=WRONG)
def test_a_reply_says_what_was_typed_what_it_gives_what_it_should_give_and_asks(
    unit, task, typed, question, monkeypatch
):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")
    said = reply(unit, task, typed)
    assert said.startswith("✗")
    assert any(word in said for word in ("you say", "gives", "has the length")), said
    assert "it should be" in said, said
    assert question in said.partition("it should be")[2], said
    assert "?" in said.partition(question)[2], said


@pytest.mark.parametrize(("unit", "task", "typed", "advice"), ADVISED.values(), ids=ADVISED)
def test_code_that_breaks_off_gets_advice_below_the_message(unit, task, typed, advice, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")
    said = reply(unit, task, typed)
    assert said.startswith("✗")
    assert advice in said, said


def test_below_a_reply_stand_only_the_formulas_of_the_check_that_failed():
    said = reply("u3_chain_rule", "softmax", "def softmax(Z):\n    return Z")
    assert "is read as" not in said
    assert "same_logit is read as  p*p" in reply("u3_chain_rule", "softmax", "same_logit = 'p*p'")


def test_an_untouched_backward_is_not_asked_about_its_inputs():
    said = reply("u3_chain_rule", "value_backward", "def send_back(output):\n    ...")
    assert "Even L.grad is still 0" in said


def test_arrays_that_do_not_fit_are_explained_below_the_line_that_used_them():
    said = reply("u3_chain_rule", "neuron_layer", "def layer(X, W, b):\n    return np.asarray(W) @ np.asarray(X) + b")
    assert "(3,3) and (2,) meet here" in said
