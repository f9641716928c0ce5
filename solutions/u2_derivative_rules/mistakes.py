"""Known mistakes of `u2_derivative_rules`: what each does, and what to ask."""

import functools
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, mistake, wrong_function

reference = functools.partial(load_module, Path(__file__).with_name("reference.py"))  # a fresh copy, to change
without_warnings = np.errstate(divide="ignore", invalid="ignore")  # of numpy, which divides arrays by zero

# ------------------------------------------------------------------------------------------- poly_derivative

keeps_the_constant = mistake(
    "poly_derivative", lambda: {"poly_derivative": lambda c: [c[0]] + [k * c[k] for k in range(1, len(c))]},
    says="How fast does the constant term change? What does it add?")
stays_in_the_old_places = mistake(
    "poly_derivative", lambda: {"poly_derivative": lambda c: [k * c[k] for k in range(len(c))]},
    says="The slope of 4*x is the constant 4: in which place of the list does a constant stand?")
multiplies_by_k_plus_one = mistake(
    "poly_derivative", lambda: {"poly_derivative": lambda c: [(k + 1) * c[k] for k in range(1, len(c))] or [0]},
    says="x**k brings down its k: which coefficient belongs to x**k in the list?")
only_moves_the_coefficients = mistake("poly_derivative", lambda: {"poly_derivative": lambda c: list(c[1:]) or [0]},
    says="x**2 becomes 2*x, and x**3 becomes 3*x**2: what becomes of the coefficient in front?")
multiplies_by_the_new_place = mistake(
    "poly_derivative", lambda: {"poly_derivative": lambda c: [(k - 1) * c[k] for k in range(1, len(c))] or [0]},
    says="You multiply by the place in the new list. Which power did the coefficient belong to before?")
nothing_for_a_constant = mistake(
    "poly_derivative", lambda: {"poly_derivative": lambda c: [k * c[k] for k in range(1, len(c))]},
    says="What does your function give for a constant? Its slope is 0, written as the polynomial [0].")
leaves_zeros_out = mistake(
    "poly_derivative", lambda: {"poly_derivative": lambda c: [k * c[k] for k in range(1, len(c)) if c[k] != 0] or [0]},
    says="If a zero is left out, all that follow it move to another power of x. Does it keep its place?")

@wrong_function("poly_derivative",
    says="c[0] is the constant, and the highest power stands last. From which end did you count?")
def highest_power_first(c):
    degree = len(c) - 1
    return [(degree - i) * c[i] for i in range(degree)] or [0]

@wrong_function("poly_derivative", says="The numbers are right. Is it a list that comes back?")
def gives_back_an_array(c):
    c = np.asarray(c)
    return (c * np.arange(len(c)))[1:] if len(c) > 1 else np.array([0])

@wrong_function("poly_derivative",
    says="You write into the list that you were given. Whose list is it? Build a new one.")
def writes_into_what_it_gets(c):
    for k in range(len(c)):
        c[k] = k * c[k]
    return [c[k] for k in range(1, len(c))] or [0]

root_without_the_half = mistake("poly_derivative", {"d_root": "1/sqrt(x)"},
    says="Multiply out (r + s*eps)*(r + s*eps): how often does r*s*eps come up?")

@wrong_function("poly_derivative", says="c.index(a) finds the first place of a. What if the same number comes twice?")
def power_found_by_the_coefficient(c):
    c = list(c)
    return [c.index(a) * a for a in c[1:]] or [0]

@mistake("poly_derivative",
    says="You give back the same list in every call. What has become of the first answer after a second?")
def one_list_for_every_call():
    kept = []

    def poly_derivative(c):
        kept[:] = [k * c[k] for k in range(1, len(c))] or [0]
        return kept

    return {"poly_derivative": poly_derivative}

@wrong_function("poly_derivative",
    says="The list gets longer: that is a polynomial whose slope is c. Which of the two is the slope of the other?")
def antiderivative(c):
    return [0] + [c[k] / (k + 1) for k in range(len(c))]

@wrong_function("poly_derivative",
    says="You write into the list that you were given. Whose list is it? Build a new one.")
def takes_out_of_what_it_gets(c):
    if len(c) == 1:
        return [0]
    for k in range(len(c)):
        c[k] = k * c[k]
    del c[0]
    return c

# ---------------------------------------------------------------------------------------------- product_rule

def product(rule):
    """A `dproduct` whose slope is rule(f, df, g, dg), all at x."""
    return {"dproduct": lambda f, df, g, dg: lambda x: rule(f(x), df(x), g(x), dg(x))}

product_of_the_slopes = mistake("product_rule", lambda: product(lambda f, df, g, dg: df * dg),
    says="Draw the rectangle: which strips grow, and how long are they?")
only_the_first_strip = mistake("product_rule", lambda: product(lambda f, df, g, dg: df * g),
    says="That is half of the story: does the other side grow as well?")
only_the_second_strip = mistake("product_rule", lambda: product(lambda f, df, g, dg: f * dg),
    says="That is half of the story: does the other side grow as well?")
strips_subtracted = mistake("product_rule", lambda: product(lambda f, df, g, dg: df * g - f * dg),
    says="Both strips come along. Is one of them taken away from the rectangle?")
sum_of_the_slopes = mistake("product_rule", lambda: product(lambda f, df, g, dg: df + dg),
    says="You add the speeds of the two sides. How long is the strip that each lays down?")
strips_of_the_wrong_length = mistake("product_rule", lambda: product(lambda f, df, g, dg: f * df + g * dg),
    says="The strip beside f is as wide as f grows. Is it as long as f, or as long as g?")
corner_counted = mistake("product_rule", lambda: product(lambda f, df, g, dg: df * g + f * dg + df * dg),
    says="You count the corner, too: it is df*eps times dg*eps. How large is eps*eps?")
slopes_at_the_product = mistake("product_rule",
    lambda: {
        "dproduct": lambda f, df, g, dg: lambda x: df(f(x) * g(x)) * g(x) + f(x) * dg(f(x) * g(x)),
    },
    says="You ask for the slopes at the height f*g. Both sides grow while x moves: where are df and dg to be taken?",
)
slopes_of_one_inside_the_other = mistake(
    "product_rule", lambda: {"dproduct": lambda f, df, g, dg: lambda x: f(dg(x)) + g(df(x))},
    says="You put one function into another. In f*dg, is anything put in, or are two numbers multiplied?")
product_as_a_chain = mistake(
    "product_rule", lambda: {"dproduct": lambda f, df, g, dg: lambda x: df(g(x)) * dg(x)},
    says="That is the chain rule, for f(g(x)). Here f(x) and g(x) stand side by side: which strips grow?")
product_itself = mistake("product_rule", lambda: product(lambda f, df, g, dg: f * g),
    says="That is the area itself. How fast does it grow?")

product_by_relative_changes = mistake(
    "product_rule", lambda: product(without_warnings(lambda f, df, g, dg: f * g * (df / f + dg / g))),
    says="You divide by f and by g. A side of length 0 may grow all the same: does the rule need a division?")

@mistake("product_rule",
    says="The next call puts its four functions where you keep yours. Which f does the first slope use?")
def only_the_last_product():
    kept = {}

    def dproduct(f, df, g, dg):
        kept["four"] = f, df, g, dg

        def slope(x):
            f, df, g, dg = kept["four"]
            return df(x) * g(x) + f(x) * dg(x)

        return slope

    return {"dproduct": dproduct}

@wrong_function("product_rule", replaces="dproduct",
    says="You measure the slope by yourself, with small steps. Where do the given slopes come in?")
def product_measured_by_steps(f, df, g, dg):
    h = 1e-6
    return lambda x: (f(x + h) * g(x + h) - f(x - h) * g(x - h)) / (2 * h)

product_at_one_place = mistake(
    "product_rule", lambda: {"dproduct": lambda f, df, g, dg: df(1.0) * g(1.0) + f(1.0) * dg(1.0)},
    says="A number was given back at once. Which x is it for? Give back a function that is still waiting for its x.")
own_product_of_slopes = mistake(
    "product_rule", lambda: {"my_product": "{n}*x^({n} - 1) * 1/(2 sqrt(x))".format(**reference()["my_factors"])},
    says="Draw the rectangle: which strips grow, and how long are they?")

@wrong_function("product_rule", replaces="dproduct",
    says="Functions cannot be multiplied, only what they give. Write a function of x, and call all four at x.")
def multiplies_the_functions(f, df, g, dg):
    return df * g + f * dg

# --------------------------------------------------------------------------------------------- quotient_rule

def quotient(rule):
    """A `dquotient` whose slope is rule(f, df, g, dg), all at x."""
    return {"dquotient": lambda f, df, g, dg: lambda x: rule(f(x), df(x), g(x), dg(x))}

numerator_the_wrong_way_round = mistake(
    "quotient_rule", lambda: quotient(lambda f, df, g, dg: (f * dg - df * g) / g**2),
    says="Let g alone grow. Must the quotient grow or shrink?")
plus_as_in_the_product = mistake("quotient_rule", lambda: quotient(lambda f, df, g, dg: (df * g + f * dg) / g**2),
    says="Let g alone grow. Must the quotient grow or shrink?")
divided_only_once = mistake("quotient_rule", lambda: quotient(lambda f, df, g, dg: (df * g - f * dg) / g),
    says="Check with f = 1 above: how often do you divide by g?")

@wrong_function("quotient_rule", replaces="dquotient",
    says="The slope of a quotient is no quotient of slopes. What if g stands still? Start from q*g = f.")
def quotient_of_the_slopes(f, df, g, dg):
    def slope(x):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.divide(df(x), dg(x))

    return slope

square_taken_of_x = mistake("quotient_rule",
    lambda: {"dquotient": lambda f, df, g, dg: lambda x: (df(x) * g(x) - f(x) * dg(x)) / g(x**2)},
    says="You take g at x**2. What is squared below: x, or what g gives at x?")
brackets_forgotten = mistake("quotient_rule", lambda: quotient(lambda f, df, g, dg: df * g - f * dg / g**2),
    says="You divide only the last part by g*g. Where must the brackets stand?")
quotient_divided_and_multiplied_again = mistake(
    "quotient_rule", lambda: quotient(lambda f, df, g, dg: (df * g - f * dg) / g * g),
    says="Python reads x / g*g from the left: divide by g, then multiply by g again. Where do brackets belong?")
quotient_by_relative_changes = mistake(
    "quotient_rule", lambda: quotient(without_warnings(lambda f, df, g, dg: f / g * (df / f - dg / g))),
    says="You divide by f, too. What if that is 0 for a moment? Only what stands below is never 0.")

below_stands_still = mistake("quotient_rule", lambda: quotient(lambda f, df, g, dg: df / g),
    says="What is below moves, too. Where is its slope in your rule?")

@wrong_function("quotient_rule", within=quotient,
    says="What stands below is squared. Which of the two functions is below?")
def squares_what_is_above(f, df, g, dg):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(df * g - f * dg, f**2)

@wrong_function("quotient_rule", within=quotient,
    says="You divide by the slope of g. Which square stands below: that of g, or that of its slope?")
def divided_by_the_square_of_the_slope(f, df, g, dg):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(df * g - f * dg, dg**2)

@wrong_function("quotient_rule", replaces="dquotient",
    says="You measure the slope by yourself, with small steps. Where do the given slopes come in?")
def quotient_measured_by_steps(f, df, g, dg):
    h = 1e-6
    return lambda x: (f(x + h) / g(x + h) - f(x - h) / g(x - h)) / (2 * h)

dq_with_a_plus = mistake("quotient_rule", {"dq_by_hand": "(df + q*dg)/g"},
    says="q*dg goes to the other side. Which sign does it have there?")

@wrong_function("quotient_rule", replaces="dquotient",
    says="Functions cannot be multiplied, only what they give. Write a function of x, and call all four at x.")
def divides_the_functions(f, df, g, dg):
    return (df * g - f * dg) / g**2

# ---------------------------------------------------------------------------------------------- exp_by_steps

def growing(first, step, extra=0):
    """A `grow` that starts at `first`, and takes n + extra steps y = step(y, x, n)."""

    def grow(x, n):
        y = first
        for _ in range(n + extra):
            y = step(y, x, n)
        return y

    return {"grow": grow}

grows_by_the_same_amount = mistake("exp_by_steps", lambda: growing(1, lambda y, x, n: y + x / n),
    says="Growth is in proportion to what is there: what is x/n multiplied by?")
calls_exp = mistake("exp_by_steps", lambda: {"grow": lambda x, n: math.exp(x)},
    says="The point is to find exp without calling it: take the n steps.")
one_step_too_many = mistake("exp_by_steps", lambda: growing(1, lambda y, x, n: y + y * (x / n), extra=1),
    says="Count the steps: how many are there, and how many do you take?")
one_step_too_few = mistake("exp_by_steps", lambda: growing(1, lambda y, x, n: y + y * (x / n), extra=-1),
    says="Count the steps: how many are there, and how many do you take?")
whole_growth_in_each_step = mistake("exp_by_steps", lambda: growing(1, lambda y, x, n: y + y * x),
    says="In each step you add all of x*y. If the year has n steps, how much belongs to one of them?")
starts_from_nothing = mistake("exp_by_steps", lambda: growing(0, lambda y, x, n: y + y * (x / n)),
    says="You start from 0, and 0 has nothing that could grow. What stands there first?")
forgets_what_was_there = mistake("exp_by_steps", lambda: growing(1, lambda y, x, n: y * (x / n)),
    says="The new y is what was there, and what comes along. What became of the old one?")
returns_in_the_loop = mistake("exp_by_steps", lambda: {"grow": lambda x, n: 1 + x / n},
    says="Your loop is left after its first step. How far in does the `return` stand?")
steps_of_one_nth = mistake("exp_by_steps", lambda: {"grow": lambda x, n: (1 + 1 / n) ** (n * x)},
    says="You cut the way into n steps for each unit of x. The text asks for n steps in all, of x/n each.")

@wrong_function("exp_by_steps", replaces="grow",
    says="You stop when little comes along. The text asks for n steps, however small they are.")
def stops_when_little_changes(x, n):
    y = 1
    for _ in range(n):
        step = y * (x / n)
        y += step
        if abs(step) < 1e-6:
            break
    return y

squares_the_growth = mistake("exp_by_steps", lambda: growing(1, lambda y, x, n: y + y * (x / n) ** 2),
    says="A step must add a share of what is there *now*. Do you always take the share of the first 1?")
power_rule_for_an_exponential = mistake(
    "exp_by_steps", lambda: {"d_power": "x*{my_base}^(x - 1)".format(**reference())},
    says="The power rule is for x below and a number above. Which of the two stands above here?")

# -------------------------------------------------------------------------------------------- dual_functions

FUNCTIONS = {
    "exp": (math.exp, math.exp),
    "log": (math.log, lambda x: 1 / x),
    "sin": (math.sin, math.cos),
    "cos": (math.cos, lambda x: -math.sin(x)),
    "sqrt": (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
}

def taught(make, names=tuple(FUNCTIONS)):
    """The functions `names`, each made by make(f, df, Dual)."""
    changed = reference()
    return changed | {name: make(*FUNCTIONS[name], changed["Dual"]) for name in names}

def with_inf(rule, names=tuple(FUNCTIONS)):
    """The functions `names`, whose part beside eps is rule(f, df, real, inf)."""

    def make(f, df, Dual):
        return lambda x: Dual(f(x.real), rule(f, df, x.real, x.inf)) if isinstance(x, Dual) else f(x)

    return taught(make, names)

inner_speed_forgotten = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: df(real)),
    says="The inside moves .inf for each unit: what does the slope of the outside do with it?")
inner_speed_added = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: df(real) + inf),
    says="You add the speed of the inside. A stretched step is stretched again: do rates add or multiply?")
inner_speed_alone = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: inf),
    says="The eps part goes through unchanged. Does the function not stretch it? By how much?")
cosine_without_minus = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: math.sin(real) * inf, ["cos"]),
    says="Walk up from the right end of the circle: does the way to the right grow or shrink?")
sine_is_its_own_slope = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: math.sin(real) * inf, ["sin"]),
    says="Look at the small triangle: which leg of the large one is as long as the change of the height?")
root_slope_without_the_two = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: inf / math.sqrt(real), ["sqrt"]),
    says="Square your answer with your own multiplication: does the eps part come back once, or twice?")
log_divides_by_its_output = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: inf / math.log(real), ["log"]),
    says="Which number stands below in the slope of the logarithm: what goes in, or what comes out?")
each_part_by_itself = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: f(inf), ["exp", "sin", "cos"]),
    says="The eps part is a speed. What does the slope of the function at .real do with it?")
sine_of_each_part = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: f(inf), ["sin"]),
    says="The eps part is a speed. What does the slope of the function at .real do with it?")
log_divides_by_the_speed = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: 1 / inf, ["log"]),
    says="The slope of the logarithm is one over the place, .real. And what does the speed .inf do with a slope?")
exp_by_the_power_rule = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: real * math.exp(real - 1) * inf, ["exp"]),
    says="The power rule is for x below. Here x is the exponent: what is the slope of exp?")

@mistake("dual_functions", says="A plain number went in. What should come out: a Dual, or again a plain number?")
def always_a_dual():
    def make(f, df, Dual):
        def of(x):
            x = x if isinstance(x, Dual) else Dual(x, 0)
            return Dual(f(x.real), df(x.real) * x.inf)

        return of

    changed = taught(make)
    wrapped = changed["log"]
    changed["log"] = lambda x: wrapped(x) if isinstance(x, changed["Dual"]) else math.log(x)
    return changed

@wrong_function("dual_functions", within=lambda make: taught(make, ["log"]),
    says="What does your log do where there is no logarithm? A ValueError should be raised there.")
def log_gives_nan(f, df, Dual):
    def quiet(x):
        return math.log(x) if x > 0 else math.nan

    return lambda x: Dual(quiet(x.real), x.inf / x.real) if isinstance(x, Dual) else quiet(x)

@wrong_function("dual_functions", within=taught,
    says="You apply the function to each part by itself. Is the eps part an input, or how fast the input moves?")
def part_by_part(f, df, Dual):
    def safe(x):
        return f(x) if x > 0 or f not in (math.log, math.sqrt) else 0.0

    return lambda x: Dual(safe(x.real), safe(x.inf)) if isinstance(x, Dual) else safe(x)

@mistake("dual_functions", says="Your log counts in tens. Which logarithm does the text ask for, and what is its base?")
def log_to_the_base_ten():
    return taught(
        lambda f, df, Dual: (
            lambda x: Dual(math.log10(x.real), x.inf / x.real) if isinstance(x, Dual) else math.log10(x)
        ),
        ["log"],
    )

@wrong_function("dual_functions", within=lambda make: taught(make, ["log"]),
    says="Below 0 there is no logarithm, and yours gives one. What does the abs in it hide?")
def log_of_the_absolute_value(f, df, Dual):
    return lambda x: Dual(f(abs(x.real)), x.inf / x.real) if isinstance(x, Dual) else f(abs(x))

# --------------------------------------------------------------------------------------------- chain_rule_1d

def chaining(slope):
    """A `chain` whose slope at x is slope(fs, dfs, x)."""
    return {"chain": lambda fs, dfs: lambda x: slope(fs, dfs, x)}

every_rate_at_x = mistake(
    "chain_rule_1d", lambda: chaining(lambda fs, dfs, x: np.prod([df(x) for df in dfs], axis=0) if dfs else 1),
    says="Each rate is taken at the value that arrives there. Is that x, for the second function?")

@wrong_function("chain_rule_1d", within=chaining, says="fs[0] acts first. With which end of the list do you begin?")
def last_function_first(fs, dfs, x):
    rate = 1
    for f, df in zip(reversed(fs), reversed(dfs), strict=True):
        rate, x = rate * df(x), f(x)
    return rate

@wrong_function("chain_rule_1d", within=chaining,
    says="Gears multiply: 3 turns for a turn, twice, is how many? Do you add?")
def rates_added(fs, dfs, x):
    rate = 0
    for f, df in zip(fs, dfs, strict=True):
        rate, x = rate + df(x), f(x)
    return rate if fs else 1

@wrong_function("chain_rule_1d", within=chaining,
    says="You let f act first, and then take its rate at what came out. At which value does f itself stand?")
def rate_after_the_function(fs, dfs, x):
    rate = 1
    for f, df in zip(fs, dfs, strict=True):
        x = f(x)
        rate = rate * df(x)
    return rate

@wrong_function("chain_rule_1d", within=chaining,
    says="The slope of the outside is taken at the inside's *value*. Do you hand it the inside's slope?")
def slope_of_the_slope(fs, dfs, x):
    for df in dfs:
        x = df(x)
    return x if dfs else 1

@wrong_function("chain_rule_1d", within=chaining,
    says="That is the rate of the last link alone. What happened to the step on the way to it?")
def only_the_last_rate(fs, dfs, x):
    for f in fs[:-1]:
        x = f(x)
    return dfs[-1](x) if dfs else 1

@mistake("chain_rule_1d",
    says="An empty chain gives back what goes in. How long is a step afterwards, compared with before?")
def empty_chain_has_slope_zero():
    full = reference()["chain"]
    return {"chain": lambda fs, dfs: full(fs, dfs) if fs else lambda x: 0}

@wrong_function("chain_rule_1d", within=chaining,
    says="Does your code reach for the first link even if there is none? Start from the rate of doing nothing.")
def empty_chain_crashes(fs, dfs, x):
    rate = dfs[0](x)
    for f, df in zip(fs, dfs[1:], strict=False):
        x = f(x)
        rate = rate * df(x)
    return rate

@mistake("chain_rule_1d", says="For an empty chain you give back the value x. And its slope: how fast does it change?")
def empty_chain_gives_x():
    full = reference()["chain"]
    return {"chain": lambda fs, dfs: full(fs, dfs) if fs else lambda x: x}

@wrong_function("chain_rule_1d", within=chaining,
    says="You start again from x for each link. Which value have you had in your hands already?")
def starts_again_for_each_link(fs, dfs, x):
    rate = 1
    for k, df in enumerate(dfs):
        value = x
        for f in fs[:k]:
            value = f(value)
        rate = rate * df(value)
    return rate

@wrong_function("chain_rule_1d", within=chaining,
    says="What is left in the two lists after the first use? Take from them without taking away.")
def uses_the_lists_up(fs, dfs, x):
    rate = 1
    while fs:
        rate, x = rate * dfs.pop(0)(x), fs.pop(0)(x)
    return rate

@wrong_function("chain_rule_1d", within=chaining,
    says="That is the value at the end of the chain. How fast does it change when x does?")
def value_of_the_chain(fs, dfs, x):
    for f in fs:
        x = f(x)
    return x if fs else 1

bell_without_its_inside = mistake("chain_rule_1d", {"d_bell": "exp(-x^2/2)"},
    says="That is the slope of the outside. How fast does the inside change?")

def slope_found_by_the_function_at(fs, dfs, x):
    rate = 1
    for f in fs:
        rate, x = rate * dfs[fs.index(f)](x), f(x)
    return rate

slope_found_by_the_function = mistake("chain_rule_1d", lambda: chaining(slope_found_by_the_function_at),
    says="fs.index(f) finds the first place of f. What if the same function comes twice, with another slope?")

@wrong_function("chain_rule_1d", within=chaining,
    says="The last function of the chain stretches as well. Does your loop reach the end of the list?")
def last_rate_left_out(fs, dfs, x):
    rate = 1
    for f, df in zip(fs[:-1], dfs[:-1], strict=True):
        rate, x = rate * df(x), f(x)
    return rate

@wrong_function("chain_rule_1d", within=chaining,
    says="The first function of the chain stretches as well. Where does your product begin?")
def first_rate_left_out(fs, dfs, x):
    rate = 1
    for at, (f, df) in enumerate(zip(fs, dfs, strict=True)):
        rate, x = rate * (df(x) if at else 1), f(x)
    return rate

# ----------------------------------------------------------------------------------------------- activations

SHAPES = "test_whole_numbers_and_other_shapes"

input_taken_for_the_output = mistake("activation_slopes", lambda: {"dsigmoid_from_input": lambda x: x * (1 - x)},
    says="dsigmoid_from_input: you use the form for the output, x*(1 - x), on the input. Where is the sigmoid?")

@mistake("slopes_from_output",
    says="dsigmoid_from_output: you use the form for the input on the output. How often is sigmoid applied?")
def sigmoid_applied_twice():
    sigmoid = reference()["sigmoid"]
    return {"dsigmoid_from_output": lambda a: sigmoid(a) * (1 - sigmoid(a))}

tanh_input_taken_for_the_output = mistake("activation_slopes", lambda: {"dtanh_from_input": lambda x: 1.0 - x**2},
    says="dtanh_from_input: you use the form for the output, 1 - x**2, on the input. Where is tanh?")
softplus_input_taken_for_the_output = mistake(
    "activation_slopes", lambda: {"dsoftplus_from_input": lambda x: 1 - np.exp(-x)},
    says="dsoftplus_from_input: you use the form for the output, 1 - exp(-a), on the input. Where is softplus?")
tanh_applied_twice = mistake("slopes_from_output", lambda: {"dtanh_from_output": lambda a: 1 - np.tanh(a) ** 2},
    says="dtanh_from_output: you use the form for the input on the output. How often has tanh been applied in the end?")
slope_of_tanh_as_of_the_sigmoid = mistake("slopes_from_output", lambda: {"dtanh_from_output": lambda a: a * (1 - a)},
    says="That is how the slope of the sigmoid is written. What does the quotient rule give for tanh?")
slope_of_the_sigmoid_has_one_factor = mistake("slopes_from_output", lambda: {"dsigmoid_from_output": lambda a: 1.0 - a},
    says="The sigmoid is level at both ends, where its output is near 0 and near 1. Is your slope 0 at both?")

@wrong_function("sturdy_activations", replaces="sturdy_sigmoid",
    says="exp(1000) is inf: can you choose the form by the sign of x?")
def sigmoid_overflows(x):
    return 1 / (1 + np.exp(-x))

softplus_overflows = mistake("sturdy_activations", lambda: {"sturdy_softplus": lambda x: np.log(1 + np.exp(x))},
    says="exp(1000) is inf, and its logarithm, too. Which numbers may you give to exp?")
tanh_overflows = mistake("sturdy_activations",
    lambda: {"sturdy_tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))},
    says="inf divided by inf is nan. Which numbers may you give to exp?")

@wrong_function("activations", replaces="relu",
    says="You write zeros into the array that you were given. Whose array is it? Work on a new one.")
def relu_writes_into_its_input(x):
    x[x < 0] = 0
    return x

softplus_slope_is_exp = mistake("activation_slopes",
    lambda: {"dsoftplus_from_input": lambda x: np.exp(np.minimum(x, 700.0))},
    says="dsoftplus_from_input: that is how fast the inside, 1 + exp(x), changes. What does the logarithm do with it?")
softplus_divisor_forgotten = mistake("slopes_from_output", lambda: {"dsoftplus_from_output": lambda a: np.expm1(a)},
    says="dsoftplus_from_output: exp(a) - 1 is e^x. By what is it divided in the slope, e^x/(1 + e^x)?")
sigmoid_of_the_size = mistake("activations", lambda: {"sigmoid": lambda x: 1 / (1 + np.exp(-np.abs(x)))},
    says="sigmoid: the same for x and for -x? Below 0 it is under one half: which of the two forms belongs there?")
relu_for_its_slope = mistake("activation_slopes", lambda: {"drelu_from_input": lambda x: np.maximum(x, 0)},
    says="That is relu itself. Where it climbs, how many units up does it go for one along?")

@mistake("slopes_from_output",
    says="dsoftplus_from_output: you use the form for the input, the sigmoid, on the output. Which number is a?")
def softplus_slope_at_its_output():
    return {"dsoftplus_from_output": reference()["sigmoid"]}

@mistake("activations",
    says="An `if` can ask about one number only. How do you treat every number of an array by its own sign?")
def one_number_at_a_time():
    def sigmoid(x):
        return 1 / (1 + np.exp(-x)) if x >= 0 else np.exp(x) / (1 + np.exp(x))

    def relu(x):
        return x if x > 0 else 0

    def drelu_from_input(x):
        return 1.0 if x > 0 else 0.0

    return {"sigmoid": sigmoid, "relu": relu, "drelu_from_input": drelu_from_input}

@wrong_function("activations", replaces="sigmoid",
    says="A copy of an array of whole numbers holds whole numbers only. Ask for floats: dtype=float.")
def cut_to_whole_numbers(x):
    result = np.empty_like(x)
    small = np.exp(-np.abs(x))
    result[...] = np.where(x < 0, small, 1) / (1 + small)
    return result

def plot_with(slope):
    """An `activation_plot` with another slope(df, k, xs)."""
    names = reference()
    k, name = names["steep"]["k"], names["steep"]["name"]

    def activation_plot(xs):
        _, ax = plt.subplots()
        ax.plot(xs, names[name](k * xs), label="f")
        ax.plot(xs, slope(names[f"d{name}_from_input"], k, xs), label="slope")
        return ax

    return {"activation_plot": activation_plot}

plot_with_the_slope_at_x = mistake("activation_slopes", lambda: plot_with(lambda df, k, xs: k * df(xs)),
    says="The outer slope is taken at x. Which number is handed to the activation itself?")

plot_without_the_inner_speed = mistake("activation_slopes", lambda: plot_with(lambda df, k, xs: df(k * xs)),
    says="The inside moves, too, and faster than x. What does the chain rule say about that?")

@mistake("activation_slopes", says="That is the activation of the table. Where is the factor of x in yours?")
def plot_of_the_plain_activation():
    names = reference()
    name = names["steep"]["name"]

    def activation_plot(xs):
        _, ax = plt.subplots()
        ax.plot(xs, names[name](xs), label="f")
        ax.plot(xs, names[f"d{name}_from_input"](xs), label="slope")
        return ax

    return {"activation_plot": activation_plot}

sigmoid_slope_with_a_square = mistake("slopes_from_output", {"sigmoid_slope_in_s": "s^2*(1 - s)"},
    says="1/(1 + exp(-x))^2 is s^2. And exp(-x) is not 1 - s: look at exp_in_s.")

@mistake("sturdy_activations",
    says="You cut the input off. Is sigmoid(-45) the same as sigmoid(-30)? Choose the form by the sign.")
def sigmoid_input_cut_off():
    return {"sturdy_sigmoid": lambda x: 1 / (1 + np.exp(-np.clip(x, -30, 30)))}

relu_slope_as_a_sign = mistake("activation_slopes", {"drelu_from_input": lambda x: np.sign(x) * 1.0},
    says="drelu_from_input: np.sign gives -1 where x is below 0. How steep is relu there?")
tanh_slope_with_a_plus = mistake("slopes_from_output", {"dtanh_from_output": lambda a: 1 + a**2},
    says="dtanh_from_output: far out tanh is nearly level, and its output nearly 1. What does yours give there?")

@mistake("activations",
    says="tanh fills the same array in every call. What has become of the first answer after a second?")
def tanh_into_one_array():
    kept = {}

    def tanh(x):
        x = np.asarray(x, dtype=float)
        return np.tanh(x, out=kept.setdefault(x.shape, np.empty(x.shape)))

    return {"tanh": tanh}

leaky_relu = mistake("activations", lambda: {"relu": lambda x: np.where(x > 0, x, 0.01 * x)},
    says="relu: below 0 a little comes through. Which number does the table give there?")
softplus_slope_without_the_divisor = mistake(
    "activation_slopes", lambda: {"dsoftplus_from_input": lambda x: np.exp(np.minimum(x, 0))},
    says="dsoftplus_from_input: exp(x) is the slope of what stands inside ln. What is the slope of ln itself there?")

# --------------------------------------------------------------------------------------------------- descend

def descending(step, kept=list):
    """A `descend` whose steps are x = step(x, slope, lr), and whose path is kept(places)."""

    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps):
            path.append(step(path[-1], df(path[-1]), lr))
        return np.array(kept(path))

    return {"descend": descend}

climbs = mistake("descend", lambda: descending(lambda x, slope, lr: x + lr * slope),
    says="The slope points up. Which sign takes you down?")
learning_rate_forgotten = mistake("descend", lambda: descending(lambda x, slope, lr: x - slope),
    says="Your step is as long as the slope is steep, whatever lr is. Where is lr?")
steps_of_one_length = mistake("descend", lambda: descending(lambda x, slope, lr: x - lr * np.sign(slope)),
    says="Only the sign of the slope is left. Should a step be longer where it is steeper?")
divides_by_the_rate = mistake("descend", lambda: descending(lambda x, slope, lr: x - slope / lr if lr else math.inf),
    says="You divide by lr. A smaller learning rate should make smaller steps.")
moves_in_place_of_places = mistake(
    "descend", lambda: descending(lambda x, slope, lr: x - lr * slope, lambda path: [path[0], *np.diff(path)]),
    says="Your path holds how far each step went. It should hold where you are: what does each move start from?")
step_without_the_place = mistake("descend", lambda: descending(lambda x, slope, lr: -lr * slope),
    says="You forget where you are: the step is taken away from something else than x. From where does it start?")

@wrong_function("descend",
    says="You stop where it is nearly level. The path has steps + 1 places, however short the last steps are.")
def stops_near_the_bottom(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        slope = df(path[-1])
        if abs(slope) < 0.01:
            break
        path.append(path[-1] - lr * slope)
    return np.array(path)

slopes_cut_off = mistake("descend", lambda: descending(lambda x, slope, lr: x - lr * max(-10, min(10, slope))),
    says="You cut steep slopes off. The step is lr times the slope, however steep it is.")

@mistake("descend",
    says="Two paths share one array: the second walk writes over the first. Make a new one in each call.")
def one_array_for_all_paths():
    kept = np.zeros(1000)

    def descend(df, x0, lr, steps):
        kept[0] = x0
        for k in range(steps):
            kept[k + 1] = kept[k] - lr * df(kept[k])
        return kept[: steps + 1]

    return {"descend": descend}

@wrong_function("descend", says="The start counts: how many numbers has a path of three steps?")
def start_left_out(df, x0, lr, steps):
    x, path = float(x0), []
    for _ in range(steps):
        x = x - lr * df(x)
        path.append(x)
    return np.array(path)

@wrong_function("descend", says="The last place is missing: is it written down after the last step?")
def end_left_out(df, x0, lr, steps):
    x, path = float(x0), []
    for _ in range(steps):
        path.append(x)
        x = x - lr * df(x)
    return np.array(path)

@wrong_function("descend", says="That is the place where it ends. Return the whole path, from x0 on.")
def only_the_end(df, x0, lr, steps):
    x = float(x0)
    for _ in range(steps):
        x = x - lr * df(x)
    return x

@wrong_function("descend",
    says="You ask for the slope at the start again and again. Where do you stand after the first step?")
def slope_of_the_start(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] - lr * df(float(x0)))
    return np.array(path)

@wrong_function("descend", says="Start from a float: in an array of whole numbers, 3 - 0.1 would be cut to 2.")
def path_of_whole_numbers(df, x0, lr, steps):
    path = np.full(steps + 1, x0)
    for k in range(steps):
        path[k + 1] = path[k] - lr * df(path[k])
    return path

@wrong_function("descend",
    says="You stored the same array each time, and changed it. What do all the entries show in the end? Store a copy.")
def same_array_each_time(df, x0, lr, steps):
    x, path = x0, [x0]
    for _ in range(steps):
        x -= lr * df(x)
        path.append(x)
    return np.array(path)

@wrong_function("descend",
    says="df is asked more often than there are steps. Keep its answer, and do not ask after the last step.")
def asks_once_too_often(df, x0, lr, steps):
    x, path = float(x0), [float(x0)]
    slope = df(x)
    for _ in range(steps):
        x = x - lr * slope
        path.append(x)
        slope = df(x)
    return np.array(path)

def drawn(along=list, heights=lambda f, path: [f(float(x)) for x in path], stretch=None):
    """A `path_plot` that draws heights(f, path) over along(path)."""

    def path_plot(f, path):
        _, ax = plt.subplots()
        xs = np.linspace(*(stretch or (min(path), max(path))), 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        ax.plot(along(path), heights(f, path), "o-", label="path")
        return ax

    return {"path_plot": path_plot}

path_on_the_axis = mistake("descend", lambda: drawn(heights=lambda f, path: [0 for _ in path]),
    says="The places of the path are on the axis. How high is the curve there?")
curve_over_a_fixed_stretch = mistake("descend", lambda: drawn(stretch=(-1, 1)),
    says="The curve stops before the path does. From where to where does the path go?")
heights_over_the_steps = mistake("descend", lambda: drawn(along=lambda path: range(len(path))),
    says="Along the axis your path has the numbers of the steps. At which x is each of its points?")
limit_where_it_jumps_across = mistake("descend", {"lr_limit": "1/c"},
    says="There one step lands exactly at the bottom. Beyond it you jump across: is that already further away?")
factors_added_up = mistake("descend", {"x_after_k": "(1 - k*lr*c)*x0"},
    says="The second step multiplies what the first one left. Do factors add up?")

# ---------------------------------------------------------------------------------------------- neighbouring forms

@wrong_function("product_rule", replaces="dproduct",
    says="That is the slope of f(g(x)), a chain. Here f and g stand side by side: which strips are gained?")
def product_taken_for_a_chain(f, df, g, dg):
    return lambda x: df(g(x)) * dg(x)

above_each_by_its_own = mistake("quotient_rule", lambda: quotient(lambda f, df, g, dg: (f * df - g * dg) / g**2),
    says="Above, each function stands with its own slope. Let g stand still: what should be left of it?")
exp_of_the_inf_part = mistake(
    "dual_functions", lambda: with_inf(lambda f, df, real, inf: f(inf), ["exp", "sin", "cos"]),
    says="You put the inf part into the function. It says how fast the input moves: what does the slope do with it?")
exp_alone_of_the_inf_part = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: f(inf), ["exp"]),
    says="You put the inf part into exp. It says how fast the input moves: what does the slope do with it?")
log_forgets_the_speed = mistake("dual_functions", lambda: with_inf(lambda f, df, real, inf: df(real), ["log"]),
    says="log: the inside moves .inf for each unit. What does the slope of the outside do with it?")
tanh_without_the_two = mistake("activations", lambda: {"tanh": lambda x: np.tanh(x / 2)},
    says="2*sigmoid(x) - 1 has the right heights at both ends, and is not as steep. What is inside the sigmoid?")
relu_as_its_slope = mistake("activations", lambda: {"relu": lambda x: (x > 0) * 1.0},
    says="That is the slope of relu, 0 or 1. What becomes of a 3 that passes?")
relu_of_the_negative = mistake("activations", lambda: {"relu": lambda x: np.minimum(x, 0)},
    says="Your relu keeps what is below 0. Which of the two sides should pass?")
tanh_without_its_divisor = mistake("activations", lambda: {"tanh": lambda x: (np.exp(x) - np.exp(-x)) / 2},
    says="(e^x - e^-x)/2 grows without end. What should stand below, so that tanh stays between -1 and 1?")
tanh_slope_not_squared = mistake("activation_slopes", lambda: {"dtanh_from_input": lambda x: 1 / np.cosh(x)},
    says="dtanh_from_input: something stands below that belongs there twice. What is squared in the quotient rule?")
softplus_slope_of_relu = mistake("activation_slopes", lambda: {"dsoftplus_from_input": lambda x: np.maximum(x, 0.0)},
    says="dsoftplus_from_input: that is relu, which softplus looks like. How steep is softplus far to the right?")
softplus_for_its_own_slope = mistake("activation_slopes", lambda: {"dsoftplus_from_input": reference()["softplus"]},
    says="dsoftplus_from_input: that is softplus itself. How steep is it far to the right?")
sturdy_softplus_as_relu = mistake("sturdy_activations", lambda: {"sturdy_softplus": lambda x: np.maximum(x, 0)},
    says="Far out softplus is like relu, and at 0 it is ln(2). What is added to max(x, 0)?")
sturdy_softplus_of_the_size = mistake(
    "sturdy_activations", lambda: {"sturdy_softplus": lambda x: np.log1p(np.exp(-np.abs(x)))},
    says="ln(1 + e^-|x|) is small far out on both sides. What is added to it where x is above 0?")
relu_is_the_size = mistake("activations", lambda: {"relu": lambda x: np.abs(x)},
    says="That is the size of x. What should relu make of a negative number?")
tanh_of_the_square = mistake("activation_slopes", lambda: {"dtanh_from_input": lambda x: 1 - np.tanh(x**2)},
    says="dtanh_from_input: you square x, and then take tanh. Which of the two is squared in 1 - t^2?")
softplus_slope_without_the_inside = mistake(
    "activation_slopes", lambda: {"dsoftplus_from_input": lambda x: 1 / (1 + np.exp(x))},
    says="dsoftplus_from_input: that is the slope of ln at 1 + e^x. How fast does 1 + e^x itself change?")
softplus_slope_one_too_far = mistake(
    "activation_slopes", lambda: {"dsoftplus_from_input": lambda x: reference()["dsigmoid_from_input"](x)},
    says="dsoftplus: that is the slope of the sigmoid. Whose slope is the sigmoid itself?")
sigmoid_slope_as_of_tanh = mistake("slopes_from_output", lambda: {"dsigmoid_from_output": lambda a: 1.0 - a * a},
    says="1 - a^2 belongs to tanh. What are the two factors for the sigmoid?")
softplus_for_its_slope = mistake("slopes_from_output", lambda: {"dsoftplus_from_output": lambda a: 1.0 * a},
    says="dsoftplus_from_output: that is the output itself. From e^x = e^a - 1, what is e^x/(1 + e^x)?")
relu_climbs_at_output_zero = mistake("slopes_from_output", lambda: {"drelu_from_output": lambda a: (a >= 0) * 1.0},
    says="drelu_from_output: for every x below 0, relu gives 0. Which slope belongs to the output 0?")
relu_output_for_its_slope = mistake("slopes_from_output", lambda: {"drelu_from_output": lambda a: 1.0 * a},
    says="drelu_from_output: that is the output itself. Where it climbs, how many units up does it go for one along?")

@wrong_function("descend", says="Your steps get shorter with their number. The text takes the same lr for each.")
def rate_that_shrinks(df, x0, lr, steps):
    path = [float(x0)]
    for k in range(steps):
        path.append(path[-1] - lr / (k + 1) * df(path[-1]))
    return np.array(path)

path_sorted = mistake("descend", lambda: drawn(sorted, lambda f, path: [f(float(x)) for x in sorted(path)]),
    says="You sort the places of the path. In which order were they visited?")

@mistake("descend", says="my_third: the size is right. On which side of the bottom are you after three steps?")
def third_on_the_other_side():
    return {"my_third": -reference()["my_third"]}

path_over_the_steps = mistake("descend", lambda: drawn(lambda path: range(len(path)), lambda f, path: path),
    says="Along the axis your path has the numbers of the steps. Where is it, and how high is the curve there?")
