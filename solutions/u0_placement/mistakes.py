"""Known mistakes of `u0_placement`: what each does, and what to ask."""

import functools
from pathlib import Path

import numpy as np

from grader.testing import load_module, mistake, wrong_function

reference = functools.partial(load_module, Path(__file__).with_name("reference.py"))


def typed(name, text, numbers="mine"):
    """The typed answer `name`, with the student's numbers filled in."""
    return lambda: {name: text.format(**reference()[numbers])}


# ------------------------------------------------------------------------------------------------------------- rules

product_of_derivatives = mistake("rules", typed("d_product", "{n}*x^({n} - 1)/x"),
    says="The derivative of a product is not the product of the derivatives. See unit 2, section 2.")
half_a_product = mistake("rules", typed("d_product", "{n}*x^({n} - 1)*ln(x)"),
    says="One half of the product rule is there. Which factor changes as well?")
quotient_of_derivatives = mistake("rules", typed("d_quotient", "{k}/(2*x)"),
    says="The derivative of a quotient is not the quotient of the derivatives. See unit 2, section 3.")
quotient_sign = mistake("rules", typed("d_quotient", "{k}*(x^2 - {c})/(x^2 + {c})^2"),
    says="The order counts in the quotient rule: which product comes first?")
no_inner_derivative = mistake("rules", typed("d_chain", "exp(-{k}*x^2)"),
    says="The inside of exp changes as well. How fast? See unit 2, section 6.")
inner_derivative_inside = mistake("rules", typed("d_chain", "-2*{k}*x*exp(-2*{k}*x)"),
    says="exp is taken at the inside itself, not at the derivative of the inside.")

# ---------------------------------------------------------------------------------------------------------- partials

both_move = mistake("partials", typed("dL_dp", "{n}*p^({n} - 1)*q^2 + 2*p^{n}*q + {k}*exp({k}*p)", "my_loss"),
    says="Only p moves here. What does q do meanwhile?")
factor_lost = mistake("partials", typed("dL_dp", "{n}*p^({n} - 1) + {k}*exp({k}*p)", "my_loss"),
    says="q stands still, but it multiplies. Where did it go?")
other_term_kept = mistake("partials", typed("dL_dq", "2*p^{n}*q + {k}*exp({k}*p)", "my_loss"),
    says="Does the second term change when q changes?")
stops_at_tanh = mistake("partials", {"dE_dw": "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)"},
    says="One link of the chain is missing: how fast does w*x change with w?")
skips_tanh = mistake("partials", {"dE_dw": "2*(tanh(w*x) - y)*x"},
    says="One link of the chain is missing: what is the slope of tanh?")

@mistake("partials", says="The two have changed places. Which letter moves in dL_dp, and which in dL_dq?")
def partials_exchanged():
    names = reference()
    return {"dL_dp": names["dL_dq"], "dL_dq": names["dL_dp"]}


# -------------------------------------------------------------------------------------------------------------- walk


@wrong_function("walk", says="Downhill is against the slope. Which sign does the step have?")
def uphill(df, x, lr, steps):
    for _ in range(steps):
        x = x + lr * df(x)
    return x


@wrong_function("walk", says="Your slope is that of the start all the way. Where do you stand after the first step?")
def slope_of_the_start(df, x, lr, steps):
    return x - steps * lr * df(x)


@wrong_function("walk", says="The walk ends early where it is nearly level. Who asked for that?")
def stops_when_level(df, x, lr, steps):
    for _ in range(steps):
        if abs(df(x)) < 1e-4:
            break
        x = x - lr * df(x)
    return x


@wrong_function("walk", says="One step is missing, or one too many: how often does the loop run for steps = 1?")
def one_step_short(df, x, lr, steps):
    for _ in range(steps - 1):
        x = x - lr * df(x)
    return x


@wrong_function("walk", says="Your steps are all of one size. What should make them small near the bottom?")
def step_of_fixed_size(df, x, lr, steps):
    for _ in range(steps):
        x = x - lr * np.sign(df(x))
    return x


@wrong_function("walk", says="Your learning rate shrinks from step to step. Which lr was handed over?")
def rate_shrinks(df, x, lr, steps):
    for k in range(steps):
        x = x - lr / (k + 1) * df(x)
    return x


@wrong_function("walk", says="Your walk has a speed that lasts from step to step. What does one plain step do?")
def walk_with_momentum(df, x, lr, steps):
    speed = 0.0
    for _ in range(steps):
        speed = 0.9 * speed - lr * df(x)
        x = x + speed
    return x


# ------------------------------------------------------------------------------------------------------------ nudged


@wrong_function("nudged", says="You nudge to one side only. What do you get if you nudge to the other side, too?")
def one_sided(f, x, h=1e-5):
    steps = h * np.eye(len(x))
    return np.array([(f(x + step) - f(x)) / h for step in steps])


@wrong_function("nudged", says="You nudge down only. What do you get if you nudge up, too?")
def backwards_only(f, x, h=1e-5):
    steps = h * np.eye(len(x))
    return np.array([(f(x) - f(x - step)) / h for step in steps])


@wrong_function("nudged", says="From x - h to x + h: how far is that?")
def divided_by_h(f, x, h=1e-5):
    steps = h * np.eye(len(x))
    return np.array([(f(x + step) - f(x - step)) / h for step in steps])


@wrong_function("nudged", says="All entries move together in your nudge. How fast does f change with one of them?")
def all_at_once(f, x, h=1e-5):
    return np.full(len(x), (f(x + h) - f(x - h)) / (2 * h))


@wrong_function("nudged", says="An h is handed over. Is it the one that you use?")
def own_h(f, x, h=1e-5):
    steps = 1e-5 * np.eye(len(x))
    return np.array([(f(x + step) - f(x - step)) / 2e-5 for step in steps])


@wrong_function("nudged", says="x is not what it was afterwards. Do you put back what you nudge?")
def leaves_x_nudged(f, x, h=1e-5):
    gradient = np.zeros(len(x))
    for k in range(len(x)):
        x[k] += h
        above = f(x)
        x[k] -= 2 * h
        gradient[k] = (above - f(x)) / (2 * h)
    return gradient


@wrong_function("nudged", says="The entries that you have measured stay nudged. Where should they be for the next one?")
def measured_ones_stay_nudged(f, x, h=1e-5):
    work, gradient = x.copy(), np.zeros(len(x))
    for k in range(len(x)):
        work[k] += h
        above = f(work)
        work[k] -= 2 * h
        gradient[k] = (above - f(work)) / (2 * h)
    return gradient


@wrong_function("nudged",
    says="Both heights are the same: f is asked twice at one place. Are `up` and `down` two arrays? Is f given them?")
def the_same_place_twice(f, x, h=1e-5):
    return np.array([(f(x.copy()) - f(x.copy())) / (2 * h) for _ in x])


# -------------------------------------------------------------------------------------------------------- layer_back


@wrong_function("layer_back", says="Nobody asks for a mean here: whatever n is, it is in dY already.")
def divided_by_n(X, W, dY):
    return dY @ W.T, X.T @ dY / len(X), dY.mean(axis=0)


@wrong_function("layer_back", says="Along which axis are the examples? Each bias adds up over them.")
def biases_along_the_rows(X, W, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=1)


@wrong_function("layer_back", says="dX has the shape of X: which of the two has to be transposed?")
def weights_not_transposed(X, W, dY):
    return dY @ W, X.T @ dY, dY.sum(axis=0)


@wrong_function("layer_back", says="dW came out on its side. In which order do X and dY stand?")
def gradient_of_weights_on_its_side(X, W, dY):
    return dY @ W.T, dY.T @ X, dY.sum(axis=0)


@wrong_function("layer_back", says="First dX, then dW, then db: in which order do you return them?")
def returned_in_another_order(X, W, dY):
    return X.T @ dY, dY @ W.T, dY.sum(axis=0)
