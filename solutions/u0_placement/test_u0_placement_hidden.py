"""Hidden tests of `u0_placement`. A docstring is what the student reads: words, never a hidden number.

Each task has few tests of equal weight: one wrong answer keeps it below the 70 % with which it counts as known.
"""

import numpy as np
import pytest
from kit import variant

from grader.testing import Hint, array, choices, inline, inputs, listed, number, symbolic, unchanged

POSITIVE = {"x": (0.1, 3)}

# ------------------------------------------------------------------------------------------------------------- rules

RULES, LOSSES = (choices(__file__)[name] for name in ("RULES", "LOSSES"))


def numbers_of(student):
    own = variant("rules", RULES, student=student.id)
    return own["n"], own["c"], own["k"]


@pytest.mark.task("rules")
def test_a_product(student):
    """d_product: the derivative of a power times a logarithm."""
    n, _, _ = numbers_of(student)
    wrong = {
        f"{n}*x^({n} - 1)/x": "d_product: the derivative of a product is not the product of the derivatives.",
        f"{n}*x^({n} - 1)*ln(x)": "d_product: one half is there. The logarithm changes as well.",
        f"x^{n}/x": "d_product: one half is there. The power changes as well.",
        f"{n}*x^({n} - 1) + 1/x": "d_product: each derivative is multiplied by the other factor.",
    }
    right, question = f"{n}*x^({n} - 1)*ln(x) + x^({n} - 1)", f"x^{n}*ln(x)"
    symbolic(student, "d_product", right, ["x"], domain=POSITIVE, wrong=wrong, question=question)


@pytest.mark.task("rules")
def test_a_quotient(student):
    """d_quotient: the derivative of a quotient."""
    _, c, k = numbers_of(student)
    wrong = {
        f"{k}/(2*x)": "d_quotient: the derivative of a quotient is not the quotient of the derivatives.",
        f"{k}*(x^2 - {c})/(x^2 + {c})^2": "d_quotient: the order counts: which product comes first?",
        f"{k}*({c} - x^2)/(x^2 + {c})": "d_quotient: what stands below is squared.",
        f"{k}*(3*x^2 + {c})/(x^2 + {c})^2": "d_quotient: which sign stands between the two products?",
    }
    right, question = f"{k}*({c} - x^2)/(x^2 + {c})^2", f"{k}*x/(x^2 + {c})"
    symbolic(student, "d_quotient", right, ["x"], domain=POSITIVE, wrong=wrong, question=question)


@pytest.mark.task("rules")
def test_a_chain(student):
    """d_chain: the derivative of an exponential with something inside."""
    _, _, k = numbers_of(student)
    wrong = {
        f"exp(-{k}*x^2)": "d_chain: the inside changes as well. How fast?",
        f"2*{k}*x*exp(-{k}*x^2)": "d_chain: which sign does the derivative of the inside have?",
        f"-2*{k}*x*exp(-2*{k}*x)": "d_chain: exp is taken at the inside itself, not at its derivative.",
        f"-{k}*x^2*exp(-{k}*x^2 - 1)": "d_chain: the power rule is for x below. Here x is in the exponent.",
        f"exp(-2*{k}*x)": "d_chain: exp is taken at the inside itself, and multiplied by how fast that changes.",
        f"-{k}*x*exp(-{k}*x^2)": "d_chain: how fast does x^2 change?",
    }
    right, question = f"-2*{k}*x*exp(-{k}*x^2)", f"exp(-{k}*x^2)"
    symbolic(student, "d_chain", right, ["x"], domain=POSITIVE, wrong=wrong, question=question)


# ---------------------------------------------------------------------------------------------------------- partials


@pytest.mark.task("partials")
def test_the_slope_in_p(student):
    """dL_dp: q stands still."""
    own = variant("partials", LOSSES, student=student.id)
    n, k = own["n"], own["k"]
    wrong = {
        f"{n}*p^({n} - 1)*q^2 + exp({k}*p)": "dL_dp: the inside of exp changes as well. How fast?",
        f"{n}*p^({n} - 1) + {k}*exp({k}*p)": "dL_dp: q stands still, but it multiplies.",
        f"{n}*p^({n} - 1)*2*q + {k}*exp({k}*p)": "dL_dp: only p moves here; q stands still.",
        f"{n}*p^({n} - 1)*q^2": "dL_dp: p occurs in both terms.",
        f"{n}*p^({n} - 1)*q^2 + 2*p^{n}*q + {k}*exp({k}*p)": "dL_dp: only p moves here; q stands still.",
    }
    symbolic(student, "dL_dp", f"{n}*p^({n} - 1)*q^2 + {k}*exp({k}*p)", ["p", "q"], wrong=wrong)


@pytest.mark.task("partials")
def test_the_slope_in_q(student):
    """dL_dq: p stands still."""
    own = variant("partials", LOSSES, student=student.id)
    n, k = own["n"], own["k"]
    wrong = {
        f"2*p^{n}*q + {k}*exp({k}*p)": "dL_dq: does the second term change with q?",
        f"2*p^{n}*q + exp({k}*p)": "dL_dq: does the second term change with q?",
        f"2*{n}*p^({n} - 1)*q": "dL_dq: p stands still here; it is a number like any other.",
    }
    symbolic(student, "dL_dq", f"2*p^{n}*q", ["p", "q"], wrong=wrong)


@pytest.mark.task("partials")
def test_backwards_by_hand(student):
    """dE_dw: from the square through tanh to the weight."""
    wrong = {
        "2*(tanh(w*x) - y)": "dE_dw: that is the last link of the chain. Go on back to w.",
        "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)": "dE_dw: one link is missing: how fast does w*x change with w?",
        "2*(tanh(w*x) - y)*x": "dE_dw: one link is missing: the slope of tanh.",
        "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*w": "dE_dw: how fast does w*x change with w?",
        "-2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*x": "dE_dw: which sign does the prediction have inside the square?",
        "2*(tanh(w*x) - y)*tanh(w*x)*(1 - tanh(w*x))*x": "dE_dw: that is the slope of the sigmoid, not of tanh.",
        "(tanh(w*x) - y)*(1 - tanh(w*x)^2)*x": "dE_dw: what is the slope of a square?",
    }
    right = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*x"
    symbolic(student, "dE_dw", right, ["w", "x", "y"], domain=dict.fromkeys("wxy", (-2, 2)), wrong=wrong)


# -------------------------------------------------------------------------------------------------------------- walk


def walked(df, x, lr, steps):
    for _ in range(steps):
        x = x - lr * df(x)
    return x


@pytest.mark.task("walk")
def test_steps_against_the_slope(student):
    """Each step subtracts lr times the slope at the place where one stands."""
    cases = [
        (inline("math.sin(x) + 0.5 * x"), 2.3, 0.35, 6),
        (inline("x**3 - 2"), -0.7, 0.15, 9),
        (inline("0.75 * x"), -1.5, 2.5, 4),
        (inline("1.0 / (1 + x * x)"), 0.5, 0.02, 120),
        (inline("2.5"), 7, 0.25, 1),
        (inline("2.5"), 4.5, 0.25, 0),
    ]
    found = student.in_turn(*(("walk", *case) for case in cases))
    for got, case in zip(found, cases, strict=True):
        number(got, walked(*case), what="walk")


@pytest.mark.task("walk")
def test_it_goes_on_where_it_is_nearly_level(student):
    """Small slopes and small steps do not end the walk, and steep ones are not cut off."""
    cases = [
        (inline("1e-5 * (x - 1)"), 2.25, 3e4, 5),
        (inline("4e4 * (x + 0.5)"), 1.75, 1e-5, 5),
        (inline("1e-9 * x"), 3.0, 1.0, 120),
        (inline("2**-50 * (x - 1)"), 2.25, 2.0**49, 5),
        (inline("x - 1.5"), 1.5, 0.25, 4),
    ]
    found = student.in_turn(*(("walk", *case) for case in cases))
    for got, case in zip(found, cases, strict=True):
        number(got, walked(*case), rel=1e-10, what="walk")


# ------------------------------------------------------------------------------------------------------------ nudged


@pytest.mark.task("nudged")
def test_each_entry_has_its_slope(student):
    """Each entry gets its own slope, also where f mixes them; x stays as it was."""
    for seed, size in ((901, 4), (902, 1), (903, 7)):
        x = inputs.array(seed, (size,))
        a = inputs.array(seed + 50, (size,))
        f, right = inline("float(np.sin(a @ x) + (a * x**2).sum())", a=a), np.cos(a @ x) * a + 2 * a * x
        array(unchanged(student, "nudged(f, x)", f=f, x=x), right, rel=1e-6, abs=1e-7, what="nudged")


@pytest.mark.task("nudged")
def test_both_sides_by_the_given_h(student):
    """The nudge goes to both sides, by the h that was given; without one it is 1e-5. Only one entry moves at a time."""
    x, asked = np.array([0.5, -1.25, 2.0]), []
    found = student.nudged(lambda x: float((x**3).sum()), x, 0.2)
    array(found, 3 * x * x + 0.04, what="nudged")
    student.nudged(lambda z: asked.append(np.array(z)) or 1.5, x)
    moves = [z - x for z in asked]
    if any(np.count_nonzero(abs(move) > 1e-12) > 1 for move in moves):
        raise Hint("nudged: only one entry should be nudged at a time.")
    assert np.allclose(sorted(move.sum() for move in moves if move.any()), [-1e-5] * 3 + [1e-5] * 3, rtol=1e-6)


# -------------------------------------------------------------------------------------------------------- layer_back


def layer(student, seed, n, din, dout):
    """The three gradients that the student returns for a layer of this size, and X, W, dY."""
    X, W, dY = inputs.array(seed, (n, din)), inputs.array(seed + 1, (din, dout)), inputs.array(seed + 2, (n, dout))
    dY *= 10.0 ** (seed % 7)  # small gradients, and large ones

    def gradients():
        return listed(unchanged(student, "layer_back(X, W, dY)", X=X, W=W, dY=dY), 3, what="layer_back")

    return student.once(("layer_back", seed), gradients), (X, W, dY)


SIZES = [(910, 3, 3, 3), (920, 5, 3, 2), (930, 1, 4, 3), (940, 4, 2, 1)]


@pytest.mark.task("layer_back")
def test_what_the_inputs_hear(student):
    """dX: every input hears from all neurons, through its weights."""
    for size in SIZES:
        found, (_, W, dY) = layer(student, *size)
        array(found[0], dY @ W.T, what="dX")


@pytest.mark.task("layer_back")
def test_what_the_weights_hear(student):
    """dW: every weight hears from all examples, through its inputs."""
    for size in SIZES:
        found, (X, _, dY) = layer(student, *size)
        array(found[1], X.T @ dY, what="dW")


@pytest.mark.task("layer_back")
def test_what_the_biases_hear(student):
    """db: every bias hears from all examples."""
    for size in SIZES:
        found, (_, _, dY) = layer(student, *size)
        array(found[2], dY.sum(axis=0), what="db")
