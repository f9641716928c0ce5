"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kind_of, shown, typed
from kit.hints import Question
from kit.measured import slope_at, slope_of, value_of

HINTS = {
    "poly_derivative": [
        "In the text, x**4 became 4*x**3. What do x**2 and x**3 become by the same counting? And c[k]*x**k?",
        "1/x you had in unit 1 (reciprocal_inf). For the root, 2*r*s must be 1.\n"
        "The term c[k]*x**k has the slope k*c[k]*x**(k - 1), so k*c[k] moves one place to the left.",
        "d_root: s = 1/(2*r) with r = sqrt(x).\n"
        "In code: [k * c[k] for k in range(1, len(c))], and [0] if that is empty.",
    ],
    "product_rule": [
        "Multiply out (f + df*eps)*(g + dg*eps): which two products have exactly one eps?",
        "df*g + f*dg. For your product, f is the power of x and g the bracket. What is the slope of each?",
        "Inside dproduct define a function of x that returns df(x)*g(x) + f(x)*dg(x), and return that function\n"
        "(its name, without brackets).",
    ],
    "quotient_rule": [
        "Solve dq*g + q*dg = df for dq as in the example with numbers: what do you subtract, and then divide by?",
        "dq = (df - q*dg)/g. For your quotient, find the slopes of what is above and of what is below first.",
        "With f/g for q:  (df*g - f*dg)/g**2. In dquotient, define a function of x with that, and return it.",
    ],
    "exp_by_steps": [
        "grow is a loop: start with y = 1, and do the same line n times.",
        "for step in range(n): y += y*(x/n). For d_power, the number in front of eps in exp(x*ln(a))*(1 + eps*ln(a)).",
        "d_power is a^x times ln(a), with your number for a. For d_ln: exp(y)*s = 1, and exp(y) is x.",
    ],
    "dual_functions": [
        "Look at sqrt: value first, then slope times x.inf. What is the slope of exp? Of ln?",
        "sin has the slope cos(x.real). For cos, look at the circle: going up from the right end, you move left.",
        "exp: y = math.exp(x.real), then Dual(y, y * x.inf). log: Dual(math.log(x.real), x.inf / x.real).\n"
        "cos: the slope is -math.sin(x.real). Keep the first two lines for plain numbers, as in sqrt.",
    ],
    "chain_rule_1d": [
        "Name the inside and the outside. The slope of the outside is taken at the inside, then times the inner slope.",
        "For exp(-x^2/2): the inside is -x^2/2, with the slope -x.\n"
        "For ln(1 + exp(x)): 1 over the inside, times exp(x).\n"
        "In chain, walk along: keep the value that arrives, and multiply a rate that starts at 1.",
        "rate = 1;  for f, df in zip(fs, dfs):  rate = rate * df(x), then x = f(x).\n"
        "Return rate from the inner function.",
    ],
    "activations": [
        "Each of the four is one line: the formula of the table, with np.exp and np.log.",
        "np.exp(x) is e to every number of the array, np.log its logarithm. relu is in the text: np.maximum.",
        "sigmoid: 1/(1 + np.exp(-x)). tanh: np.tanh(x). relu: np.maximum(x, 0). softplus: np.log(1 + np.exp(x)).",
    ],
    "activation_slopes": [
        "The text has the slope of the sigmoid. Which of your four curves is the slope of softplus?",
        "sigmoid: see the text. tanh: the quotient rule gives (below^2 - above^2)/below^2.\n"
        "softplus: exp(x)/(1 + exp(x)).",
        "tanh: 1 - np.tanh(x)**2. softplus: sigmoid(x). relu: (x > 0)*1.0.\n"
        "For the plot, with k your number: f(k*xs), and k times the slope at k*xs.",
    ],
    "slopes_from_output": [
        "s = 1/(1 + exp(-x)), so 1/s is 1 + exp(-x). What is exp(-x) alone?",
        "exp(-x) = 1/s - 1 = (1 - s)/s, and 1/(1 + exp(-x))^2 = s^2. Multiply.",
        "a*(1 - a) for the sigmoid, 1 - a**2 for tanh. softplus: (exp(a) - 1)/exp(a), which is 1 - np.exp(-a).",
    ],
    "descend": [
        "The path begins with x0. What is the next place, if you stand at x?",
        "x = x - lr*df(x), and append it. For the bowl, one step multiplies by 1 - lr*c. And k steps?",
        "x_after_k is x0*(1 - lr*c)^k. At the limit the factor is -1: solve 1 - lr*c = -1 for lr.\n"
        "descend: path = [float(x0)]; in the loop, path.append(path[-1] - lr*df(path[-1])); return np.array(path).",
    ],
    "sturdy_activations": [
        "Two of the four are a single numpy call. Which calls does the text name?",
        "np.tanh(x), np.logaddexp(0, x). For the sigmoid and its slope: e = np.exp(-np.abs(x)).",
        "The sigmoid is 1/(1 + e) where x is 0 or more, and e/(1 + e) where it is below: use np.where(x < 0, e, 1).\n"
        "Its slope is e/(1 + e)**2 on both sides.",
    ],
}
RECALL = {
    1: Question("b", "The inside, 5*x, has the slope 5, and cos(0) is 1.", "See section 6: what does the inside do?"),
    2: Question("0.16", "0.8*(1 - 0.8): from the output, nothing else is needed.", "See section 9: a*(1 - a)."),
    3: Question("b", "It is level there: a valley, but perhaps a hilltop or a ledge.", "See section 9 of unit 1."),
}
TRUTH = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "softplus": lambda x: math.log(1 + math.exp(x)),
}


def fraction(x, my_fraction):
    """The learner's own quotient."""
    a, b, c = (my_fraction[name] for name in "abc")
    return (a * x + b) / (x * x + c)


def three_links(x, my_links):
    """The learner's own chain."""
    return getattr(math, my_links["outer"])(getattr(math, my_links["inner"])(my_links["k"] * x))


SLOPES = {
    "d_square": slope_of(lambda x: x * x, x=(-3, 3)),
    "d_cube": slope_of(lambda x: x**3, x=(-3, 3)),
    "d_reciprocal": slope_of(lambda x: 1 / x, x=(0.4, 3)),
    "d_root": slope_of(lambda x: math.sqrt(x), x=(0.1, 4)),
    "my_derivative": slope_of(
        lambda x, my_polynomial: sum(a * x**k for k, a in enumerate(my_polynomial["c"])), x=(-2, 2)
    ),
    "my_product": slope_of(lambda x, my_factors: x ** my_factors["n"] * (math.sqrt(x) + my_factors["c"]), x=(0.1, 3)),
    "my_quotient": slope_of(fraction, x=(-4, 4)),
    "d_power": slope_of(lambda x, my_base: float(my_base) ** x, x=(-2, 2)),
    "d_ln": slope_of(lambda x: math.log(x), x=(0.2, 4)),
    "d_cos_of_square": slope_of(lambda x: math.cos(x * x), x=(-2.5, 2.5)),
    "d_bell": slope_of(lambda x: math.exp(-x * x / 2), x=(-3, 3)),
    "d_soft": slope_of(TRUTH["softplus"], x=(-4, 4)),
    "my_chain": slope_of(three_links, x=(-1.5, 1.5)),
    "sigmoid_slope_in_x": slope_of(TRUTH["sigmoid"], x=(-5, 5)),
    "sigmoid_slope_in_s": value_of(lambda s: slope_at(TRUTH["sigmoid"], math.log(s / (1 - s))), s=(0.02, 0.98)),
}


INSIDE = "Is x used inside a function of x only, as in `twice`? Outside of it, there is no x yet."


def function(call, got):
    """`call` gave back something that can be called."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is a `return` missing?"
    assert callable(got), f"`{call}` gave {kind_of(got)}; it should give a function of x: return its name."
    return got


def rises_as(student, name, places, ask):
    """The typed formula `name` is the slope that is measured, at some places."""
    agrees_at(student, name, SLOPES[name].of(student), places, ask, "x")


def agrees_at(student, name, truth, places, ask, variable):
    """The typed formula `name` has the values of `truth` at some places; both get `variable` by name."""
    formula = typed(student, name, [variable])
    for x in places:
        got, right = formula(**{variable: x}), truth(**{variable: x})
        assert abs(got - right) < 1e-6 * max(1, abs(right)), (
            f"Put {variable} = {x:g}: `{name}` gives {got:.6g}; it should be {right:.6g}.\n{ask}"
        )


def measured(f):
    """The slope of f, from a small step to either side."""
    return lambda x: slope_at(f, x)


# --------------------------------------------------------------------------------------------- 1 poly_derivative


@pytest.mark.task("poly_derivative")
def test_powers_on_paper(student):
    """the slopes of the square, the cube, 1/x and the root"""
    for name, ask in [
        ("d_square", "Multiply out (x + eps)*(x + eps): what is in front of eps?"),
        ("d_cube", "Multiply (x + eps)*(x + eps) by x + eps once more: what is in front of eps?"),
        ("d_reciprocal", "If x grows, does 1/x grow or shrink? You had it as `reciprocal_inf`."),
        ("d_root", "Multiply out (r + s*eps)*(r + s*eps). The number in front of eps must be 1."),
    ]:
        rises_as(student, name, [2.0, 0.5], ask)


@pytest.mark.task("poly_derivative")
def test_my_polynomial(student):
    """the slope of your own polynomial"""
    ask = "Take one term after the other. How fast does the first one change?"
    rises_as(student, "my_derivative", [2.0, -1.0], ask)


@pytest.mark.task("poly_derivative")
def test_coefficients(student):
    """the coefficients of the slope, as a list"""
    for c, expected, ask in [
        ([5, 0, 2], [0, 4], "5 never changes, and 2*x**2 changes as fast as 4*x = 0 + 4*x."),
        ([1, 2, 0, 0], [2, 0, 0], "Zeros stay in their places; the list is one shorter."),
        ([8], [0], "A constant has the slope 0, and that is the polynomial [0]."),
        ([0, 0, 0], [0, 0], "One shorter, also where all are 0."),
        ([0.5, -2, -2, 1.25], [-2, -4, 3.75], "c[k] belongs to x**k, also where two of them are the same number."),
    ]:
        call = f"poly_derivative({c})"
        given = list(c)
        got = student.poly_derivative(given)
        assert given == c, f"After `{call}` the list that was given is {given}. Make a new one."
        assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
        assert isinstance(got, list), f"`{call}` gave {kind_of(got)}; a list was expected."
        assert len(got) == len(expected), f"`{call}` gave {got}: {len(expected)} numbers were expected.\n{ask}"
        all_close(call, got, expected, ask)
    first, second = student.poly_derivative([1, 2, 3]), student.poly_derivative([4, 5, 6])
    all_close("poly_derivative([1, 2, 3]), after another call", first, [2, 6], "Is it a new list in each call?")
    all_close("poly_derivative([4, 5, 6])", second, [5, 12])


def made_twice(name, call, make, first, second, x, results):
    """Two functions of x made one after the other: the first one still means its own four functions."""
    one, other = function(call, make(*first)), function(call, make(*second))
    ask = f"Two functions were made with `{name}`, and then both were used. Does each keep the four that it was given?"
    close(f"{call}({x})", one(x), results[0], ask)
    close(f"the second one at {x}", other(x), results[1], ask)


def on_arrays(call, got):
    """An array of whole numbers goes in and stays as it was; the fractions come out."""
    x = np.array([1, -2, 4])
    value = got(x)
    assert (x == [1, -2, 4]).all(), f"`{call}` has changed the array x that it was given."
    return value


# ------------------------------------------------------------------------------------------------ 2 product_rule


@pytest.mark.task("product_rule")
def test_my_product(student):
    """the slope of your own product"""
    ask = "Name the two sides f and g, find the slope of each, and then lay down both strips."
    rises_as(student, "my_product", [2.0, 0.5], ask)


@pytest.mark.task("product_rule")
def test_dproduct(student):
    """both strips, with the slopes as they are given"""
    student.if_it_raises = INSIDE
    call = "dproduct(lambda x: x*x, lambda x: 2*x, lambda x: 10, lambda x: 0)"
    got = function(call, student.dproduct(lambda x: x * x, lambda x: 2 * x, lambda x: 10, lambda x: 0))
    close(f"{call}(3)", got(3), 60, "This is 10*x*x, with the slope 10*2*x.")
    call = "dproduct(lambda x: 2, lambda x: 100, lambda x: 3, lambda x: 1000)"
    got = function(call, student.dproduct(lambda x: 2, lambda x: 100, lambda x: 3, lambda x: 1000))
    close(f"{call}(5)", got(5), 2300, "Sides 2 and 3, which grow at 100 and 1000. Which strip has which length?")
    call = "dproduct(lambda x: -2, lambda x: -100, lambda x: 0, lambda x: -1000)"
    got = function(call, student.dproduct(lambda x: -2, lambda x: -100, lambda x: 0, lambda x: -1000))
    close(f"{call}(5)", got(5), 2000, "Sides -2 and 0: signs count, and a side of length 0 may grow as well.")
    first, second = (
        (lambda x: x, lambda x: 1, lambda x: 5, lambda x: 0),
        (lambda x: 7, lambda x: 0, lambda x: x, lambda x: 1),
    )
    made_twice("dproduct", "dproduct(lambda x: x, ...)", student.dproduct, first, second, 3, [5, 7])
    f, df = lambda x: x / 2, lambda x: 0.5
    call = "dproduct(f, df, f, df)(np.array([1, -2, 4])), with f = lambda x: x/2, df = lambda x: 0.5,"
    all_close(call, on_arrays(call, student.dproduct(f, df, f, df)), [0.5, -1, 2], "This is the slope of x*x/4.")


# ----------------------------------------------------------------------------------------------- 3 quotient_rule


@pytest.mark.task("quotient_rule")
def test_dq(student):
    """dq*g + q*dg = df, solved for dq"""
    dq = typed(student, "dq_by_hand", ["df", "dg", "q", "g"])
    for df, dg, q, g in [(7.0, 3.0, 2.0, 4.0), (-1.0, 5.0, 3.0, -2.0)]:
        got = dq(df=df, dg=dg, q=q, g=g)
        assert abs(got * g + q * dg - df) < 1e-9, (
            f"Put df = {df:g}, dg = {dg:g}, q = {q:g}, g = {g:g}: you say dq = {got:g}. "
            f"Then dq*g + q*dg is {got * g + q * dg:g}; it should be {df:g}.\n"
            "What do you take from both sides first, and by what do you divide them then?"
        )


@pytest.mark.task("quotient_rule")
def test_my_quotient(student):
    """the slope of your own quotient"""
    ask = "Name what is above f and what is below g, and find the slope of each first."
    rises_as(student, "my_quotient", [2.0, -0.5], ask)


@pytest.mark.task("quotient_rule")
def test_dquotient(student):
    """a quotient, with the slopes as they are given"""
    student.if_it_raises = INSIDE
    call = "dquotient(lambda x: 1, lambda x: 0, lambda x: x, lambda x: 1)"
    got = function(call, student.dquotient(lambda x: 1, lambda x: 0, lambda x: x, lambda x: 1))
    close(f"{call}(2)", got(2), -0.25, "This is 1/x. You know its slope.")
    call = "dquotient(lambda x: 6, lambda x: 100, lambda x: 2, lambda x: 10)"
    got = function(call, student.dquotient(lambda x: 6, lambda x: 100, lambda x: 2, lambda x: 10))
    close(f"{call}(5)", got(5), 35, "q = 6/2. Put that into your dq_by_hand.")
    call = "dquotient(lambda x: 0, lambda x: -100, lambda x: -2, lambda x: -10)"
    got = function(call, student.dquotient(lambda x: 0, lambda x: -100, lambda x: -2, lambda x: -10))
    close(f"{call}(5)", got(5), 50, "q = 0/-2, and it moves all the same. Put that into your dq_by_hand.")
    call = "dquotient(lambda x: -6, lambda x: -100, lambda x: -2, lambda x: -10)"
    got = function(call, student.dquotient(lambda x: -6, lambda x: -100, lambda x: -2, lambda x: -10))
    close(f"{call}(5)", got(5), 35, "q = -6/-2: the signs count. Put that into your dq_by_hand.")
    first, second = (
        (lambda x: x, lambda x: 1, lambda x: 5, lambda x: 0),
        (lambda x: 1, lambda x: 0, lambda x: x, lambda x: 1),
    )
    made_twice("dquotient", "dquotient(lambda x: x, ...)", student.dquotient, first, second, 2, [0.2, -0.25])
    g, dg = lambda x: x * 2, lambda x: 2.0
    call = "dquotient(lambda x: 1, lambda x: 0, g, dg)(np.array([1, -2, 4])), with g = lambda x: 2*x,"
    got = on_arrays(call, student.dquotient(lambda x: 1, lambda x: 0, g, dg))
    all_close(call, got, [-0.5, -0.125, -1 / 32], "This is the slope of 1/(2*x).")
    close("dquotient(g, dg, g, dg)(3)", student.dquotient(g, dg, g, dg)(3), 0, "g/g is 1, wherever you are.")


# ------------------------------------------------------------------------------------------------ 4 exp_by_steps


@pytest.mark.task("exp_by_steps")
def test_grow(student):
    """growth in one step and in two"""
    close("grow(1, 1)", student.grow(1, 1), 2, "One step of 100 %: 1 coin becomes 2.")
    close("grow(1, 2)", student.grow(1, 2), 2.25, "Two steps of 50 %: 1, then 1.5, then half of *that* on top.")
    close("grow(-1, 2)", student.grow(-1, 2), 0.25, "A negative x: half is lost, and then half of what is left.")
    close("grow(-3, 1)", student.grow(-3, 1), -2, "One step of -300 %: 1 coin becomes 2 coins of debt.")
    close("grow(-20, 40)", student.grow(-20, 40), 0.5**40, "Half is lost in each of 40 steps, also in the last ones.")
    close("grow(1, 1000)", student.grow(1, 1000), 2.7169239322, "A thousand steps: all of them count.")


@pytest.mark.task("exp_by_steps")
def test_growth_on_paper(student):
    """the slopes of your power and of the logarithm"""
    ask = "exp((x + eps)*ln(a)) is exp(x*ln(a)) times exp(ln(a)*eps). What is the second factor?"
    rises_as(student, "d_power", [1.0, -0.5], ask)
    ask = "exp(y + s*eps) is exp(y) + exp(y)*s*eps. In front of eps there must be 1; and exp(y) is x."
    rises_as(student, "d_ln", [2.0, 0.5], ask)


# ---------------------------------------------------------------------------------------------- 5 dual_functions


def parts(call, got, real, inf, ask=""):
    """The result of `call` is a Dual with these parts."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert type(got).__name__ == "Dual", f"`{call}` gave {kind_of(got)}; it should be a Dual."
    close(f"({call}).real", got.real, real, ask)
    close(f"({call}).inf", got.inf, inf, ask)


@pytest.mark.task("dual_functions")
def test_of_duals(student):
    """a Dual for a Dual"""
    Dual, inside = student.Dual, "The inside moves 3 times as fast. Where is the 3?"
    parts("exp(Dual(0, 3))", student.exp(Dual(0, 3)), 1, 3, inside)
    parts("log(Dual(2, 3))", student.log(Dual(2, 3)), math.log(2), 1.5, inside)
    parts("sin(Dual(0, 3))", student.sin(Dual(0, 3)), 0, 3, inside)
    ask = "Start at the right end of the circle, and walk up. Do you go right or left?"
    right = math.pi / 2
    parts("cos(Dual(math.pi/2, 3))", student.cos(Dual(right, 3)), math.cos(right), -3, ask)
    parts("cos(Dual(-math.pi/2, 3))", student.cos(Dual(-right, 3)), math.cos(right), 3, ask)
    parts("sqrt(Dual(4, 3))", student.sqrt(Dual(4, 3)), 2, 0.75, "You have found it as `d_root`. And the 3?")
    parts("sin(Dual(0, 0))", student.sin(Dual(0, 0)), 0, 0, "What stands still in front stands still behind.")
    parts("exp(Dual(40, 1))", student.exp(Dual(40, 1)), math.exp(40), math.exp(40), "exp is its own slope, everywhere.")
    parts("log(Dual(1e-9, 2))", student.log(Dual(1e-9, 2)), math.log(1e-9), 2e9, "1e-9 is small, and above 0.")
    d = Dual(2, 3)
    for name in ("exp", "log", "sin", "cos", "sqrt"):
        first, second = getattr(student, name)(d), getattr(student, name)(Dual(1, 1))
        assert (d.real, d.inf) == (2, 3), f"`{name}(d)` has changed d, which was Dual(2, 3). Give back a new Dual."
        assert first is not second, f"`{name}` gives back the same Dual in each call. Make a new one: Dual(...)."


@pytest.mark.task("dual_functions")
def test_of_plain_numbers(student):
    """a plain number for a plain number"""
    for name, x in [("exp", 1.0), ("log", 2.0), ("sin", 1.0), ("cos", 1.0), ("sqrt", 9.0), ("exp", 2), ("sqrt", 2)]:
        close(f"{name}({x})", getattr(student, name)(x), getattr(math, name)(x), "For a plain number: a plain number.")


@pytest.mark.task("dual_functions")
def test_log_of_nothing(student):
    """0 and negative numbers have no logarithm: a ValueError"""
    Dual = student.Dual
    for call, x in [
        ("log(0)", 0),
        ("log(-2)", -2),
        ("log(Dual(0, 1))", Dual(0, 1)),
        ("log(Dual(-2, 1))", Dual(-2, 1)),
    ]:
        try:
            got = student.log(x)
        except ValueError:
            continue
        raise AssertionError(f"`{call}` gave {got}; a ValueError should be raised.")


# ----------------------------------------------------------------------------------------------- 6 chain_rule_1d


@pytest.mark.task("chain_rule_1d")
def test_chains_on_paper(student):
    """the slopes of three chains, and of your own"""
    for name in ("d_cos_of_square", "d_bell", "d_soft"):
        ask = "What is the inside? Slope of the outside *at the inside*, times the slope of the inside."
        rises_as(student, name, [1.0, -0.5], ask)
    rises_as(student, "my_chain", [0.5, -0.5], "Three links: how fast is each, where the value arrives?")


@pytest.mark.task("chain_rule_1d")
def test_chain(student):
    """rates multiply, each at the value that arrives"""
    student.if_it_raises = INSIDE
    call = "chain([lambda x: 3*x, lambda x: 3*x], [lambda x: 3, lambda x: 3])"
    got = function(call, student.chain([lambda x: 3 * x, lambda x: 3 * x], [lambda x: 3, lambda x: 3]))
    close(f"{call}(1)", got(1), 9, "Two gears of 3.")
    call = "chain([lambda x: x + 1, lambda x: x*x], [lambda x: 1, lambda x: 2*x])"
    got = function(call, student.chain([lambda x: x + 1, lambda x: x * x], [lambda x: 1, lambda x: 2 * x]))
    close(f"{call}(3)", got(3), 8, "x = 3 becomes 4, and 4 is squared. Where is the slope of the square taken?")
    close(f"{call}(3), a second time", got(3), 8, "Do the lists stay as they were?")
    calls = []
    student.chain([lambda x: calls.append(x) or x + 1, lambda x: x, lambda x: x], [lambda x: 1] * 3)(3)
    assert len(calls) < 2, (
        f"The first function of three was called {len(calls)} times for one slope. Keep what it gave."
    )
    f, df, g, dg = lambda x: x - 3, lambda x: -2, lambda x: x * x, lambda x: x
    call = "chain([f, g, f], [df, dg, dg]), with f = x - 3, df = -2, g = x*x and dg = x,"
    got = function(call, student.chain([f, g, f], [df, dg, dg]))
    function("chain([g], [dg])", student.chain([g], [dg]))
    close(f"{call} at 5", got(5), -16, "5 becomes 2, and 2 becomes 4: the slopes there are -2, 2 and 4.")
    close(f"{call} at 3", got(3), 0, "3 becomes 0: there the second slope is 0.")
    call = "chain([f, f], [dg, dg])(np.array([1, -2, 4])), with f = lambda x: x/2, dg = lambda x: x,"
    got = on_arrays(call, student.chain([lambda x: x / 2, lambda x: x / 2], [dg, dg]))
    all_close(call, got, [0.5, 2, 8], "1 becomes 0.5: the slopes there are 1 and 0.5.")
    call = "chain([], [])"
    close(f"{call}(5)", function(call, student.chain([], []))(5), 1, "What goes in comes out: how fast is that?")


# ------------------------------------------------------------------------------------------------- 7 activations

XS = np.array([[-2.0, 0.5], [1.0, 3.0]])


@pytest.mark.task("activations")
def test_values(student):
    """the four activations"""
    for name, f in TRUTH.items():
        x = XS.copy()
        got = getattr(student, name)(x)
        all_close(f"{name}(np.array([[-2, 0.5], [1, 3]]))", got, np.vectorize(f)(XS))
        assert (x == XS).all(), f"`{name}` has changed the array that it was given. Work on a new one."
        whole = np.array([[[-3, 0]], [[1, 2]]])
        call = f"{name}(np.array([[[-3, 0]], [[1, 2]]]))"
        all_close(call, getattr(student, name)(whole), np.vectorize(f, otypes=[float])(whole))


def new_arrays(student, names):
    """What one call gave back is the same after the next call, and so is what it was given."""
    for called in names:
        x, y = np.array([0.25, 0.75]), np.array([0.5, 0.125])
        first = getattr(student, called)(x)
        before = np.array(first)
        getattr(student, called)(y)
        assert np.array_equal(first, before), f"A second call of `{called}` has changed what the first one gave back."
        assert (x == [0.25, 0.75]).all(), f"`{called}` has changed the array that it was given. Work on a new one."


@pytest.mark.task("activations")
def test_a_new_array_in_each_call(student):
    """what one call gave back is the same after the next call"""
    new_arrays(student, TRUTH)


# ------------------------------------------------------------------------------------------- 8 activation_slopes


@pytest.mark.task("activation_slopes")
def test_slopes(student):
    """the slopes from the input"""
    for name, f in TRUTH.items():
        ask = "x is the input here. Which of your functions makes the output of it?"
        call = f"d{name}_from_input(np.array([[-2, 0.5], [1, 3]]))"
        got = getattr(student, f"d{name}_from_input")(XS.copy())
        all_close(call, got, np.vectorize(measured(f))(XS), ask, rel=1e-6)
    new_arrays(student, [f"d{name}_from_input" for name in TRUTH])


@pytest.mark.task("activation_slopes")
def test_plot(student):
    """your activation and its slope in one picture"""
    import matplotlib.pyplot as plt

    k, f = student.steep["k"], TRUTH[student.steep["name"]]
    xs = np.linspace(-2, 2, 9)
    try:
        (ax,) = drawn("activation_plot(xs)", student.activation_plot(xs.copy()), 1)
        for what, g in [("your activation", lambda x: f(k * x)), ("its slope", measured(lambda x: f(k * x)))]:
            points = np.column_stack([xs, [g(x) for x in xs]])
            found = any(line.shape == points.shape and np.allclose(line, points, atol=1e-6) for line in shown(ax))
            ask = f"The inside is {k}*x. What does the chain rule say about that {k}?"
            assert found, f"There is no line with the points (x, value) of {what}.\n{ask}"
    finally:
        plt.close("all")


# ------------------------------------------------------------------------------------------ 9 slopes_from_output


@pytest.mark.task("slopes_from_output")
def test_sigmoid_on_paper(student):
    """the slope of the sigmoid in three steps"""
    ask = "Quotient rule: above stands 1, below 1 + exp(-x). Mind the minus in the exponent."
    rises_as(student, "sigmoid_slope_in_x", [1.0, -0.5], ask)
    ask = "Put s = 0.25: then 1/s is 4, so exp(-x) is 3."
    agrees_at(student, "exp_in_s", lambda s: {0.25: 3.0, 0.5: 1.0}[s], [0.25, 0.5], ask, "s")
    ask = "Put your exp_in_s into your sigmoid_slope_in_x: what becomes of 1 + exp(-x)?"
    form = typed(student, "sigmoid_slope_in_s", ["s"])
    agrees("sigmoid_slope_in_s", form(s=0.5), 0.25, "s = 0.5", ask, rel=1e-9)
    at, s = 1.0, TRUTH["sigmoid"](1.0)
    assert abs(form(s=s) - measured(TRUTH["sigmoid"])(at)) < 1e-6, (
        f"At x = 1 the sigmoid gives s = {s:.4f}, and its slope there is {measured(TRUTH['sigmoid'])(at):.4f}; "
        f"your `sigmoid_slope_in_s` gives {form(s=s):.4f}. Put your exp_in_s into your sigmoid_slope_in_x."
    )


@pytest.mark.task("slopes_from_output")
def test_slopes_from_the_output(student):
    """the slopes from the output"""
    for name, f in TRUTH.items():
        call = f"d{name}_from_output({name}(np.array([[-2, 0.5], [1, 3]])))"
        ask = "What you get here is the output already: nothing is left to be computed from x."
        got = getattr(student, f"d{name}_from_output")(np.vectorize(f)(XS))
        all_close(call, got, np.vectorize(measured(f))(XS), ask, rel=1e-6)
    new_arrays(student, [f"d{name}_from_output" for name in TRUTH])


# ----------------------------------------------------------------------------------------------------- 10 descend


@pytest.mark.task("descend")
def test_guess(student):
    """one letter"""
    chosen(student, "my_guess", "abc")


@pytest.mark.task("descend")
def test_descend(student):
    """the path, start included"""
    ask = "From 10, with slope 10 and lr 0.1: where is the first step's end? The start belongs to the path."
    all_close("descend(lambda x: x, 10, 0.1, 2)", student.descend(lambda x: x, 10, 0.1, 2), [10, 9, 8.1], ask)
    call, ask = (
        "descend(lambda x: 2*x, 3, 1.25, 2)",
        "Across and away: 3, then 3 - 1.25*6. Nothing is cut, and signs count.",
    )
    all_close(call, student.descend(lambda x: 2 * x, 3, 1.25, 2), [3, -4.5, 6.75], ask)
    call, ask = "descend(lambda x: x - 1, 1, 0.5, 3)", "At the bottom each step has length 0, and counts all the same."
    all_close(call, student.descend(lambda x: x - 1, 1, 0.5, 3), [1, 1, 1, 1], ask)
    call, ask = (
        "descend(lambda x: 1e-5*x, 8, 5e4, 2)",
        "A small slope and a large lr: half of the way is left each time.",
    )
    all_close(call, student.descend(lambda x: 1e-5 * x, 8, 5e4, 2), [8, 4, 2], ask)
    call, ask = (
        "descend(lambda x: 5000*x, 8, 1e-4, 2)",
        "A large slope and a small lr: half of the way is left each time.",
    )
    all_close(call, student.descend(lambda x: 5000 * x, 8, 1e-4, 2), [8, 4, 2], ask)
    first, second = (student.descend(lambda x: x, x0, 0.5, 2) for x0 in (4, -8))
    all_close("descend(lambda x: x, 4, 0.5, 2), after another call", first, [4, 2, 1], "Is each path a new one?")
    all_close("descend(lambda x: x, -8, 0.5, 2)", second, [-8, -4, -2], "Against the slope, also where x is below 0.")
    asked = []
    student.descend(lambda x: asked.append(x) or 1.0, 4.0, 0.5, 3)
    assert len(asked) == 3, f"`descend(df, 4.0, 0.5, 3)` called df {len(asked)} times; it should be once for each step."
    start = np.array(3.0)
    got = student.descend(lambda x: 2 * x, start, 0.25, 2)
    all_close("descend(lambda x: 2*x, np.array(3.0), 0.25, 2)", got, [3, 1.5, 0.75], "Does each entry go its own way?")
    assert start == 3, "`descend` has changed the array x0 that it was given: make a number of it first, float(x0)."


@pytest.mark.task("descend")
def test_bowl_on_paper(student):
    """your bowl after three steps, the formula, and the limit"""
    bowl = student.bowl
    third = student.value("my_third")
    close("my_third", third, third)
    x = bowl["x0"]
    for _ in range(3):
        x = x - bowl["lr"] * bowl["c"] * x
    first = bowl["x0"] - bowl["lr"] * bowl["c"] * bowl["x0"]
    assert abs(third - x) < 1e-6 * abs(x), (
        f"`my_third` is {third:g}. From {bowl['x0']:g} the first step leads to {first:g}: do you get that, too? "
        "What is the slope where you stand then?"
    )
    at = typed(student, "x_after_k", ["x0", "lr", "c", "k"])
    ask = "By which factor does one step multiply x? And k of them?"
    for x0, lr, c, k, right in [(8.0, 0.25, 2.0, 2.0, 2.0), (27.0, 0.1, 4.0, 3.0, 5.832)]:
        got = at(x0=x0, lr=lr, c=c, k=k)
        agrees("x_after_k", got, right, f"x0 = {x0:g}, lr = {lr:g}, c = {c:g}, k = {k:g}", ask, rel=1e-9)
    limit = typed(student, "lr_limit", ["c"])
    for c in (2.0, 5.0):
        factor = 1 - limit(c=c) * c
        assert abs(abs(factor) - 1) < 1e-9 and limit(c=c) > 0, (  # noqa: PT018 - one message
            f"`lr_limit` at c = {c:g} is {limit(c=c):g}: with that rate a step multiplies x by {factor:g}. "
            "At the limit x comes no closer to the bottom, and runs no further away. Which factor is that?"
        )


@pytest.mark.task("descend")
def test_path_plot(student):
    """the curve, and the path on it"""
    import matplotlib.pyplot as plt

    try:
        f = lambda x: x * x if x < 9 else 81  # one number at a time
        got = student.path_plot(f, np.array([3.0, -1.0, 3.0, 0.5]))
        (ax,) = drawn("path_plot(f, np.array([3.0, -1.0, 3.0, 0.5]))", got, 1)
        lines = {label: shown(ax, label) for label in ("f", "path")}
        for label, found in lines.items():
            assert found, f'There is no line with the label "{label}".'
        ask = "The path in its own order, each place of it."
        all_close('the points of "path"', lines["path"][0], [[3, 9], [-1, 1], [3, 9], [0.5, 0.25]], ask)
        xs, ys = lines["f"][0].T
        assert len(xs) >= 20, f"The curve has only {len(xs)} points."
        assert xs.min() <= -1 + 1e-9 and xs.max() >= 3 - 1e-9, "The curve should reach from end to end of the path."  # noqa: PT018 - one message
        assert np.allclose(ys, xs * xs), "The points of the curve are not (x, f(x))."
    finally:
        plt.close("all")


# ---------------------------------------------------------------------------------------- 11 sturdy_activations

FAR, SMALL = np.array([-1000.0, -40.0, 40.0, 1000.0]), math.exp(-40)


def far_out(student, cases):
    """Up to 1000 and down to -1000 the results are right, and nothing overflows."""
    for name, expected in cases:
        call = f"{name}(np.array([-1000.0, -40.0, 40.0, 1000.0]))"
        try:
            with np.errstate(over="raise"):
                got = getattr(student, name)(FAR.copy())
        except FloatingPointError:
            ask = "Which number is given to exp here? Find a form in which it is never large."
            raise AssertionError(f"`{call}` overflows.\n{ask}") from None
        all_close(call, got, expected)
        ask = "Close to 0, and not close enough: is the input cut off somewhere?"
        assert np.abs(got - np.array(expected))[0] < 1e-16, f"`{name}(np.array([-1000.0]))` gave {got[0]}.\n{ask}"


@pytest.mark.task("sturdy_activations")
def test_large_numbers(student):
    """up to 1000 and down to -1000, without an overflow"""
    cases = [("sturdy_sigmoid", [0, SMALL, 1, 1]), ("sturdy_tanh", [-1, -1, 1, 1])]
    far_out(student, [*cases, ("sturdy_softplus", [0, SMALL, 40, 1000]), ("sturdy_dsigmoid", [0, SMALL, SMALL, 0])])


@pytest.mark.task("sturdy_activations")
def test_small_numbers(student):
    """between -2 and 3 they are what they were"""
    for name, f in [*TRUTH.items(), ("dsigmoid", measured(TRUTH["sigmoid"]))]:
        if name != "relu":
            got = getattr(student, f"sturdy_{name}")(XS.copy())
            all_close(f"sturdy_{name}(np.array([[-2, 0.5], [1, 3]]))", got, np.vectorize(f)(XS), rel=1e-6)
