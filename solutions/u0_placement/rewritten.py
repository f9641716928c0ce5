"""Mistakes of `u0_placement` in other words: as other students would write them, they must still be named."""

import functools
from pathlib import Path

import numpy as np

from grader.testing import load_module, rewritten

reference = functools.partial(load_module, Path(__file__).with_name("reference.py"))


def typed(of, name, text, numbers="mine"):
    """The mistake `of`: the answer `name`, typed in another form with the student's numbers."""
    return rewritten(of)(lambda: {name: text.format(**reference()[numbers])})


typed_1 = typed("product_of_derivatives", "d_product", "{n}*x^({n} - 1) * 1/x")
typed_2 = typed("half_a_product", "d_product", "ln(x)*{n}*x^{n}/x")
typed_3 = typed("quotient_of_derivatives", "d_quotient", "{k}/x/2")
typed_4 = typed("quotient_sign", "d_quotient", "({k}*x*2*x - {k}*(x^2 + {c}))/(x^2 + {c})^2")
typed_5 = typed("no_inner_derivative", "d_chain", "1/exp({k}*x^2)")
typed_6 = typed("inner_derivative_inside", "d_chain", "-2*{k}*x/exp(2*{k}*x)")
typed_7 = typed("both_move", "dL_dp", "p^{n}*2*q + q*q*{n}*p^({n} - 1) + {k}*exp({k}*p)", "my_loss")
typed_8 = typed("factor_lost", "dL_dp", "{k}*exp({k}*p) + {n}*p^{n}/p", "my_loss")
typed_9 = typed("other_term_kept", "dL_dq", "{k}*exp({k}*p) + p^{n}*q + p^{n}*q", "my_loss")


@rewritten("stops_at_tanh")
def stops_at_tanh():
    return {"dE_dw": "2*(tanh(w*x) - y)/cosh(w*x)^2"}


@rewritten("skips_tanh")
def skips_tanh():
    return {"dE_dw": "2*x*tanh(w*x) - 2*x*y"}


@rewritten("uphill")
def uphill():
    def walk(df, x, lr, steps):
        k = 0
        while k < steps:
            x += df(x) * lr
            k += 1
        return x

    return {"walk": walk}


@rewritten("slope_of_the_start")
def slope_of_the_start():
    def walk(df, x, lr, steps):
        slope = df(x)
        for _ in range(steps):
            x = x - lr * slope
        return x

    return {"walk": walk}


@rewritten("stops_when_level")
def stops_when_level():
    def walk(df, x, lr, steps):
        k = 0
        while k < steps and abs(df(x)) > 1e-4:
            x, k = x - lr * df(x), k + 1
        return x

    return {"walk": walk}


@rewritten("one_step_short")
def one_step_short():
    def walk(df, x, lr, steps):
        for _ in range(1, steps):
            x -= lr * df(x)
        return x

    return {"walk": walk}


@rewritten("one_sided")
def one_sided():
    def nudged(f, x, h=1e-5):
        slopes = np.zeros(x.shape)
        for k in range(len(x)):
            z = x.copy()
            z[k] = z[k] + h
            slopes[k] = (f(z) - f(x)) / h
        return slopes

    return {"nudged": nudged}


@rewritten("divided_by_h")
def divided_by_h():
    def nudged(f, x, h=1e-5):
        slopes = []
        for k in range(len(x)):
            up, down = x.copy(), x.copy()
            up[k], down[k] = up[k] + h, down[k] - h
            slopes.append((f(up) - f(down)) / h)
        return np.array(slopes)

    return {"nudged": nudged}


@rewritten("divided_by_n")
def divided_by_n():
    def layer_back(X, W, dY):
        n = X.shape[0]
        return np.dot(dY, W.T), np.dot(X.T, dY) / n, np.sum(dY, axis=0) / n

    return {"layer_back": layer_back}


@rewritten("biases_along_the_rows")
def biases_along_the_rows():
    def layer_back(X, W, dY):
        return np.dot(dY, W.T), np.dot(X.T, dY), np.array([row.sum() for row in dY])

    return {"layer_back": layer_back}


@rewritten("returned_in_another_order")
def returned_in_another_order():
    def layer_back(X, W, dY):
        dX, dW, db = dY.dot(W.T), X.T.dot(dY), sum(dY)
        return dW, dX, db

    return {"layer_back": layer_back}


@rewritten("rate_shrinks")
def rate_shrinks():
    def walk(df, x, lr, steps):
        k = 1
        while k <= steps:
            move = df(x) * lr
            x, k = x - move / k, k + 1
        return x

    return {"walk": walk}


@rewritten("measured_ones_stay_nudged")
def measured_ones_stay_nudged():
    def nudged(f, x, h=1e-5):
        at, slopes = np.array(x), []
        for i in range(x.size):
            at[i] = x[i] + h
            rise = f(at)
            at[i] = x[i] - h
            slopes.append((rise - f(at)) / 2 / h)
        return np.array(slopes)

    return {"nudged": nudged}
