"""The derivative of each function at its argument, and the wrong ones that people write, by the label of the slip."""

from __future__ import annotations

from collections.abc import Callable

from kit.symbolic import Const, Tree

from grader.symbolic.algebra import ONE, TWO, ZERO, add, call, div, exact_number, mul, neg, square, sub

Outer = Callable[[Tree], Tree]
OUTER_DERIVATIVE: dict[str, Outer] = {
    "exp": lambda u: call("exp", u),
    "ln": lambda u: div(ONE, u),
    "sqrt": lambda u: div(ONE, mul(TWO, call("sqrt", u))),
    "cbrt": lambda u: div(ONE, mul(exact_number(3), square(call("cbrt", u)))),
    "abs": lambda u: div(u, call("abs", u)),
    "sign": lambda u: ZERO,
    "sin": lambda u: call("cos", u),
    "cos": lambda u: neg(call("sin", u)),
    "tan": lambda u: add(ONE, square(call("tan", u))),
    "sec": lambda u: mul(call("sec", u), call("tan", u)),
    "csc": lambda u: neg(mul(call("csc", u), call("cot", u))),
    "cot": lambda u: neg(square(call("csc", u))),
    "sinh": lambda u: call("cosh", u),
    "cosh": lambda u: call("sinh", u),
    "tanh": lambda u: sub(ONE, square(call("tanh", u))),
    "sech": lambda u: neg(mul(call("sech", u), call("tanh", u))),
    "csch": lambda u: neg(mul(call("csch", u), call("coth", u))),
    "coth": lambda u: neg(square(call("csch", u))),
    "asin": lambda u: div(ONE, call("sqrt", sub(ONE, square(u)))),
    "acos": lambda u: neg(div(ONE, call("sqrt", sub(ONE, square(u))))),
    "atan": lambda u: div(ONE, add(ONE, square(u))),
    "asinh": lambda u: div(ONE, call("sqrt", add(ONE, square(u)))),
    "acosh": lambda u: div(ONE, call("sqrt", sub(square(u), ONE))),
    "atanh": lambda u: div(ONE, sub(ONE, square(u))),
    "sigmoid": lambda u: mul(call("sigmoid", u), sub(ONE, call("sigmoid", u))),
    "softplus": lambda u: call("sigmoid", u),
    "swish": lambda u: add(call("sigmoid", u), mul(call("swish", u), sub(ONE, call("sigmoid", u)))),
    "relu": lambda u: div(add(ONE, call("sign", u)), TWO),
    "erf": lambda u: mul(div(TWO, call("sqrt", Const("pi"))), call("exp", neg(square(u)))),
}
CALL_SLIPS: dict[str, dict[str, Outer]] = {
    "ln": {"log-to-one-over-log": lambda u: div(ONE, call("ln", u)), "log-derivative-flipped": lambda u: u},
    "cos": {"sign-cos": lambda u: call("sin", u)},
    "sin": {"sign-sin": lambda u: neg(call("cos", u))},
    "tan": {"tan-as-sec": lambda u: call("sec", u)},
    "tanh": {
        "tanh-no-square": lambda u: sub(ONE, call("tanh", u)),
        "tanh-plus": lambda u: add(ONE, square(call("tanh", u))),
        "tanh-as-sigmoid": lambda u: mul(call("tanh", u), sub(ONE, call("tanh", u))),
        "tanh-derivative-of-activated-value": lambda u: sub(ONE, square(u)),
    },
    "asin": {
        "inverse-trig-as-reciprocal": lambda u: neg(div(call("cos", u), square(call("sin", u)))),
        "inverse-trig-sign": lambda u: div(ONE, call("sqrt", add(ONE, square(u)))),
    },
    "acos": {
        "inverse-trig-as-reciprocal": lambda u: div(call("sin", u), square(call("cos", u))),
        "inverse-trig-sign": lambda u: neg(div(ONE, call("sqrt", add(ONE, square(u))))),
    },
    "atan": {
        "inverse-trig-as-reciprocal": lambda u: neg(div(ONE, square(call("sin", u)))),
        "inverse-trig-sign": lambda u: div(ONE, sub(ONE, square(u))),
    },
    "abs": {"abs-ignored": lambda u: ONE},
}
SIGMOID_SLIPS: dict[str, Outer] = {
    "sigmoid-s-times-one-plus-s": lambda s: mul(s, add(ONE, s)),
    "sigmoid-one-minus-s": lambda s: sub(ONE, s),
    "sigmoid-s-squared": square,
    "sigmoid-s-times-one-minus-s-squared": lambda s: mul(s, sub(ONE, square(s))),
    "sigmoid-as-tanh": lambda s: sub(ONE, square(s)),
}
