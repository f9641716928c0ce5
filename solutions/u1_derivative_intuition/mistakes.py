"""Known mistakes of `u1_derivative_intuition`: what each does, and what to ask."""

import functools
import operator
from itertools import pairwise
from pathlib import Path

import numpy as np

from grader.testing import load_module, mistake, wrong_function

reference = functools.partial(load_module, Path(__file__).with_name("reference.py"))  # a fresh copy, to change

# ---------------------------------------------------------------------------------------------- average_rate

def rate(formula, run=lambda a, b: b - a, shortest=0):
    """An `average_rate` that computes `formula(rise, run)`, and takes a run of up to `shortest` for none."""

    def average_rate(f, a, b):
        if abs(b - a) <= shortest:
            raise ValueError("no run")
        return formula(f(b) - f(a), run(a, b))

    return {"average_rate": average_rate}

@wrong_function("average_rate", says="That is the change of the output; how many units of input did it take?")
def change_only(f, a, b):
    return f(b) - f(a)

change_only_but_no_run_refused = mistake("average_rate", lambda: rate(lambda rise, run: rise),
    says="That is the change of the output; how many units of input did it take?")
run_over_rise = mistake("average_rate", lambda: rate(lambda rise, run: run / rise),
    says="Upside down: you have input per output. What changes per unit of what?")
sign_dropped = mistake("average_rate", lambda: rate(lambda rise, run: abs(rise / run)),
    says="The sign tells which way f goes: what should the rate of a falling f be?")
run_without_its_sign = mistake("average_rate", lambda: rate(lambda rise, run: rise / abs(run)),
    says="From right to left the run is negative, and so is the rise. What becomes of the rate?")
middle_for_the_run = mistake("average_rate", lambda: rate(lambda rise, run: rise / run, run=lambda a, b: (a + b) / 2),
    says="You divide by the middle of a and b. How many units of input lie between them?")
divided_by_the_end = mistake("average_rate", lambda: rate(lambda rise, run: rise / run, run=lambda a, b: b),
    says="You divide by b, the place where it ends. How many units of input lie between a and b?")
divided_by_the_sum = mistake("average_rate", lambda: rate(lambda rise, run: rise / run, run=lambda a, b: a + b),
    says="You divide by a + b. How many units of input lie between a and b?")

@wrong_function("average_rate",
    says="That is by which share of f(a) it grows. How much does it grow for one unit of input?")
def share_of_the_start(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(b) - f(a)) / f(a)

short_runs_refused = mistake("average_rate", lambda: rate(lambda rise, run: rise / run, shortest=1e-9),
    says="However short, a run is a run. Only where a equals b there is none: what does your `if` compare?")
@wrong_function("average_rate", says="From right to left the run is negative. Is that none, or one with a sign?")
def runs_to_the_left_refused(f, a, b):
    if b <= a:
        raise ValueError("no run")
    return (f(b) - f(a)) / (b - a)

rise_backwards = mistake("average_rate", lambda: rate(lambda rise, run: -rise / run),
    says="You count the rise from b to a, and the run from a to b. Which way does f go?")
rise_without_its_sign = mistake("average_rate", lambda: rate(lambda rise, run: abs(rise) / run),
    says="You take the size of the rise. Which sign has the rise where f falls?")

@wrong_function("average_rate",
    says="Where f ends as high as it began there is a run, and the rise is 0. Is 0 no rate?")
def no_rise_is_refused(f, a, b):
    if f(a) == f(b):
        raise ValueError("no change")
    return (f(b) - f(a)) / (b - a)

no_run_divides_by_zero = mistake("average_rate", lambda: {"average_rate": lambda f, a, b: (f(b) - f(a)) / (b - a)},
    says="Where a equals b there is no run, and so no rate: which error does the text ask for?")
no_run_gives_zero = mistake(
    "average_rate", lambda: {"average_rate": lambda f, a, b: (f(b) - f(a)) / (b - a) if a != b else 0.0},
    says="Where a equals b there is no run. Is 0 a rate, or is there none?")

@wrong_function("average_rate",
    says="Only where you start and where you end counts: at how many places does f have to be asked?")
def stops_on_the_way(f, a, b):
    if a == b:
        raise ValueError("no run")
    stops = [a + (b - a) * number / 4 for number in range(5)]
    return sum(f(there) - f(here) for here, there in pairwise(stops)) / (b - a)

@mistake("average_rate", says="That is the change; how many units of input did it take?")
def my_rate_is_the_change():
    names = reference()
    return {"my_rate": names["my_f"](names["mine"]["b"]) - names["my_f"](names["mine"]["a"])}

rate_of_square_without_h = mistake("average_rate", {"rate_of_square": "2*a"},
    says="What became of the h? The rate depends on how wide the step is.")
rate_of_square_not_divided = mistake("average_rate", {"rate_of_square": "2*a*h + h**2"},
    says="That is the change; how many units of input did it take?")
rate_of_square_not_simplified = mistake("average_rate", {"rate_of_square": "((a + h)**2 - a**2)/h"},
    says="The value is right. Multiply out and divide, until no division is left.")
rate_of_mine_without_the_line = mistake("average_rate", {"rate_of_mine": "3*a**2 + 3*a*h + h**2"},
    says="Your function has two terms. How fast does the second one change?")

@wrong_function("average_rate",
    says="Python divides first. In f(b) - f(a) / b - a, what is divided by what? Where do brackets belong?")
def brackets_forgotten_in_the_rate(f, a, b):
    return f(b) - f(a) / b - a

@wrong_function("average_rate", says="That is the height half-way, the mean of two values. How much did f change?")
def mean_of_the_heights(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(a) + f(b)) / 2

rounded_rate = mistake("average_rate", lambda: rate(lambda rise, run: round(rise / run, 3)),
    says="Your rates are right, and then rounded. Nobody asked for that: where does it happen?")

# ------------------------------------------------------- dual_plus_minus, dual_times, dual_compare

def dual_with(**methods):
    """The reference's Dual with some methods replaced; each is made by a function of the Dual it is for."""
    names = reference()
    for name, make in methods.items():
        setattr(names["Dual"], f"__{name}__", make(names["Dual"], names["as_dual"]))
    return names

reversed_minus = mistake(
    "dual_plus_minus", lambda: dual_with(rsub=lambda Dual, as_dual: lambda self, other: self - other),
    says="Try 3 - Dual(1, 1) on paper: is 3 - d the same as d - 3?")
reversed_minus_keeps_inf = mistake("dual_plus_minus",
    lambda: dual_with(rsub=lambda Dual, as_dual: lambda self, other: Dual(other - self.real, self.inf)),
    says="3 - (1 + eps): which sign does the eps get?",
)
reversed_minus_number_moves = mistake("dual_plus_minus",
    lambda: dual_with(rsub=lambda Dual, as_dual: lambda self, other: Dual(other - self.real, 1 - self.inf)),
    says="A plain number does not move. How much eps is in the 3 of 3 - (1 + eps)?",
)
minus_keeps_inf = mistake(
    "dual_plus_minus", lambda: dual_with(neg=lambda Dual, as_dual: lambda self: Dual(-self.real, self.inf)),
    says="A minus before the bracket turns every sign inside it around: also that of eps.")

@wrong_function("dual_times", within=lambda make: dual_with(mul=make, rmul=make),
    says="Multiply out 3*(a + b*eps): what is the factor of eps?")
def number_leaves_inf_alone(Dual, as_dual):
    full = Dual.__mul__
    return lambda self, other: full(self, other) if isinstance(other, Dual) else Dual(self.real * other, self.inf)

@wrong_function("dual_times", within=lambda make: dual_with(mul=make, rmul=make),
    says="A plain number does not move with x. How much eps is in 3?")
def number_with_an_eps_of_its_own(Dual, as_dual):
    full = Dual.__mul__
    return lambda self, other: full(self, other if isinstance(other, Dual) else Dual(other, 1))

def in_place(name):
    """An operation that writes its right result into the first Dual."""

    def make(Dual, as_dual):
        right = getattr(Dual, f"__{name}__")

        def method(self, *others):
            made = right(self, *others)
            self.real, self.inf = made.real, made.inf
            return self

        return method

    return make

times_in_place = mistake("dual_times", lambda: dual_with(mul=in_place("mul"), rmul=in_place("mul")),
    says="You write the product into the first Dual. Should d be changed by d * 2? Give back a new one.")
minus_in_place = mistake("dual_plus_minus", lambda: dual_with(sub=in_place("sub")),
    says="You write the difference into the first Dual. Should d be changed by d - 1? Give back a new one.")
negates_in_place = mistake("dual_plus_minus", lambda: dual_with(neg=in_place("neg")),
    says="Your -d turns d itself around. Should d be changed by it? Give back a new Dual.")

def product_inf_of(formula):
    """A `*` whose part beside eps is formula(a, b, c, d)."""

    def make(Dual, as_dual):
        def times(self, other):
            other = as_dual(other)
            return Dual(self.real * other.real, formula(self.real, self.inf, other.real, other.inf))

        return times

    return dual_with(mul=make, rmul=make)

keeps_eps_eps = mistake("dual_times", lambda: product_inf_of(lambda a, b, c, d: a * d + b * c + b * d),
    says="eps*eps = 0: the term b*d*eps*eps is gone, not small. What is left beside eps?")
product_of_inf_parts = mistake("dual_times", lambda: product_inf_of(lambda a, b, c, d: b * d),
    says="b*d is the factor of eps*eps, and that is 0. Which two strips of the square grow?")
each_by_its_own_inf = mistake("dual_times", lambda: product_inf_of(lambda a, b, c, d: a * b + c * d),
    says="You multiply each number by its own part beside eps. Multiply out (a + b*eps)*(c + d*eps).")
inf_parts_added = mistake("dual_times", lambda: product_inf_of(lambda a, b, c, d: b + d),
    says="You add the parts beside eps. How long are the two strips of the square that they lay down?")
all_four_products = mistake("dual_times", lambda: product_inf_of(lambda a, b, c, d: (a + b) * (c + d)),
    says="(a + b)*(c + d) has all four products in it. Which of them have exactly one eps?")
only_one_strip = mistake("dual_times", lambda: product_inf_of(lambda a, b, c, d: b * c),
    says="You have one of the two strips. Which other product has exactly one eps in it?")

@wrong_function("dual_plus_minus", within=lambda make: dual_with(add=make, radd=make),
    says="You add a new value into the old number. Should d be changed by d + 1?")
def adds_in_place(Dual, as_dual):
    def plus(self, other):
        other = as_dual(other)
        self.real, self.inf = self.real + other.real, self.inf + other.inf
        return self

    return plus

@wrong_function("dual_plus_minus", within=lambda make: dual_with(add=make, radd=make),
    says="A plain number has no eps part: what does adding it do to the eps part?")
def number_added_to_both_parts(Dual, as_dual):
    def plus(self, other):
        other = other if isinstance(other, Dual) else Dual(other, other)
        return Dual(self.real + other.real, self.inf + other.inf)

    return plus

@wrong_function("dual_plus_minus", within=lambda make: dual_with(add=make, radd=make),
    says="A sum adds both parts: what became of the eps part of the other number?")
def sum_forgets_the_other_inf(Dual, as_dual):
    return lambda self, other: Dual(self.real + as_dual(other).real, self.inf)

abs_leaves_inf_alone = mistake(
    "dual_compare", lambda: dual_with(abs=lambda Dual, as_dual: lambda self: Dual(abs(self.real), self.inf)),
    says="Where the real part is negative, abs(x) is -x: what is -(a + b*eps)?")
abs_of_both_parts = mistake(
    "dual_compare", lambda: dual_with(abs=lambda Dual, as_dual: lambda self: Dual(abs(self.real), abs(self.inf))),
    says="The sign of the eps part has no say: if the real part is positive, abs changes nothing.")

def by_both_parts(compare):
    return lambda Dual, as_dual: lambda p, q: compare((p.real, p.inf), (as_dual(q).real, as_dual(q).inf))

equal_only_in_both_parts = mistake("dual_compare", lambda: dual_with(eq=by_both_parts(operator.eq)),
    says="Two Duals with equal real parts are called equal here, whatever their eps parts.")
smaller_in_either_part = mistake("dual_compare", lambda: dual_with(lt=by_both_parts(operator.lt)),
    says="Where the real parts are equal, neither is smaller, whatever the eps parts.")
smaller_by_the_inf_part = mistake(
    "dual_compare", lambda: dual_with(lt=lambda Dual, as_dual: lambda p, q: p.inf < as_dual(q).inf),
    says="You compare what stands beside eps. Which part tells where a number is?")
larger_for_smaller = mistake(
    "dual_compare", lambda: dual_with(lt=lambda Dual, as_dual: lambda p, q: p.real > as_dual(q).real),
    says="Is 3 < 2 to be True? Look at the direction of your comparison.")
compared_by_both_parts = mistake(
    "dual_compare", lambda: dual_with(eq=by_both_parts(operator.eq), lt=by_both_parts(operator.lt)),
    says="Where the real parts are equal you ask the eps parts, as if they were second letters. Do they have a say?")
product_on_paper_of_inf_parts = mistake("dual_times", {"product_inf": "b*d"},
    says="b*d is the factor of eps*eps, and eps*eps = 0. What is the factor of a single eps?")
product_on_paper_keeps_eps_eps = mistake("dual_times", {"product_inf": "a*d + b*c + b*d"},
    says="eps*eps = 0: the term b*d*eps*eps is gone, not small.")

# ----------------------------------------------------------------------------------------- dual_divide_power

def dividing(formula):
    """A `divide` whose part beside eps is formula(a, b, c, d)."""
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]

    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        return Dual(p.real / q.real, formula(p.real, p.inf, q.real, q.inf))

    names["divide"] = Dual.__truediv__ = divide
    return names

divides_part_by_part = mistake("dual_divide_power", lambda: dividing(lambda a, b, c, d: b / d if d else b / c),
    says="Multiply your answer by c + d*eps: do you get a + b*eps back?")
quotient_with_the_wrong_sign = mistake("dual_divide_power", lambda: dividing(lambda a, b, c, d: (a * d - b * c) / c**2),
    says="Look at the sign: if the divisor grows, does the quotient grow or shrink?")
quotient_divided_only_once = mistake("dual_divide_power", lambda: dividing(lambda a, b, c, d: (b * c - a * d) / c),
    says="Compare the eps parts once more: did you divide by c as often as needed?")
divided_and_multiplied_again = mistake(
    "dual_divide_power", lambda: dividing(lambda a, b, c, d: (b * c - a * d) / c * c),
    says="Your eps part is not divided by c*c at all. (Nor by `/ c*c`: Python divides and multiplies again.)")
quotient_by_relative_changes = mistake(
    "dual_divide_power", lambda: dividing(lambda a, b, c, d: a / c * (b / a - d / c)),
    says="You divide by the real part of p, too. What if that is 0? Only the divisor has to be something else than 0.")

@mistake("dual_divide_power",
    says="divide writes its result into p. Should d be changed by d / 2? Give back a new Dual.")
def divides_in_place():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]

    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        u = p.real / q.real
        p.real, p.inf = u, (p.inf - u * q.inf) / q.real
        return p

    names["divide"] = Dual.__truediv__ = divide
    Dual.__rtruediv__ = lambda self, other: divide(other, self)
    return names

divisor_stands_still = mistake("dual_divide_power", lambda: dividing(lambda a, b, c, d: b / c),
    says="The divisor moves, too. Multiply back: where does its d*eps go?")

@mistake("dual_divide_power", says="Dividing by a real part 0 has no answer: which error does the text ask for?")
def dividing_by_zero_gives_zero():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    right = names["divide"]

    def divide(p, q):
        return right(p, q) if as_dual(q).real != 0 else Dual(0, 0)

    def power(p, n):
        result = Dual(1, 0)
        for _ in range(abs(n)):
            result = result * p
        return result if n >= 0 else divide(1, result)

    names["divide"] = Dual.__truediv__ = divide
    names["power"] = Dual.__pow__ = power
    return names

def powering(formula):
    """A `power` that is formula(Dual, a, b, n)."""
    names = reference()
    Dual = names["Dual"]

    def power(p, n):
        return formula(Dual, p.real, p.inf, n)

    names["power"] = Dual.__pow__ = power
    return names

power_without_the_inner_speed = mistake(
    "dual_divide_power", lambda: powering(lambda Dual, a, b, n: Dual(a**n, n * a ** (n - 1)) if n else Dual(1, 0)),
    says="Dual(2, 5)**2: the input moves five times as fast, so must the result. Where is the 5?")
zero_to_the_minus_one = mistake(
    "dual_divide_power", lambda: powering(lambda Dual, a, b, n: Dual(a**n, n * a ** (n - 1) * b)),
    says="For n = 0 the rate is 0, yet 0 ** -1 cannot be computed: treat n = 0 first.")
powers_part_by_part = mistake(
    "dual_divide_power", lambda: powering(lambda Dual, a, b, n: Dual(a**n, b**n) if n else Dual(1, 0)),
    says="Compare with p*p*p: is each part multiplied by itself, or do they mix?")
power_zero_is_a_plain_one = mistake(
    "dual_divide_power", lambda: powering(lambda Dual, a, b, n: Dual(a**n, n * a ** (n - 1) * b) if n else 1),
    says="To the 0 is 1, but which kind of number does the text ask for: what is its eps part?")
power_of_the_real_part_only = mistake(
    "dual_divide_power", lambda: powering(lambda Dual, a, b, n: Dual(a**n, b) if n else Dual(1, 0)),
    says="Multiply Dual(2, 1) by itself: what happens to its eps part, and is it still 1?")
power_without_the_n = mistake(
    "dual_divide_power", lambda: powering(lambda Dual, a, b, n: Dual(a**n, a ** (n - 1) * b) if n else Dual(1, 0)),
    says="Multiply Dual(2, 1) by itself three times: how often does the same term come up?")

@mistake("dual_divide_power", says="A negative n means 1 divided by the power. Does your loop run at all there?")
def negative_powers_ignored():
    names = reference()
    Dual = names["Dual"]

    def power(p, n):
        result = Dual(1, 0)
        for _ in range(n):
            result = result * p
        return result

    names["power"] = Dual.__pow__ = power
    return names

reciprocal_on_paper_without_minus = mistake("dual_divide_power", {"reciprocal_inf": "1/x**2"},
    says="Make x a little larger. Does 1/x grow or shrink?")

# ----------------------------------------------------------------------------------------------------- slope

forward_difference = mistake("slope", lambda: {"slope": lambda f, x: (f(x + 1e-6) - f(x)) / 1e-6},
    says="The right idea, but eps is not a small float: give f a Dual and read off the eps part.")

@mistake("slope", says="A constant does not know about eps and gives back a plain number: what is its rate?")
def constant_crashes():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1)).inf
    return names

@mistake("slope", says="That is where f is, not how fast it changes: which part of f(x + eps) is the rate?")
def value_instead_of_slope():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(x, 1))).real
    return names

@mistake("slope", says="You give f a number that does not move. What should stand beside eps in the input?")
def input_without_eps():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(x, 0))).inf
    return names

@mistake("slope", says="You return the whole Dual. Which part of it is the slope?")
def whole_dual():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1))
    return names

@mistake("slope", says="Once is enough: keep what f gave back in a variable, and look at that.")
def called_twice():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1)).inf if isinstance(f(Dual(x, 1)), Dual) else 0
    return names

@mistake("slope", says="Once is enough: f(x + eps) has the height beside the rate. Why is f asked a second time?")
def asked_for_the_height_as_well():
    names = reference()
    right = names["slope"]
    names["slope"] = lambda f, x: right(f, x) + 0 * f(x)
    return names

@mistake("slope", says="You divide by x. Why: is the eps part not the rate itself?")
def divided_by_x():
    names = reference()
    right = names["slope"]
    names["slope"] = lambda f, x: right(f, x) / x
    return names

@mistake("slope", says="The rate is the eps part itself. Why is it divided by the height?")
def divided_by_the_height():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: (lambda y: y.inf / y.real if isinstance(y, Dual) else 0)(f(Dual(x, 1)))
    return names

@mistake("slope", says="Your input stands at 0, wherever x is. What is the real part of x + eps?")
def slope_at_zero():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(0, 1))).inf
    return names

@mistake("slope", says="The eps part is exact, however small or large. Why round it?")
def slope_rounded():
    exact = reference()["slope"]
    return {"slope": lambda f, x: round(exact(f, x), 4)}

# ------------------------------------------------------------------------------------------------ microscope

def lens(
    *, window=lambda width, widths: width, tangent=None, at_kinks=False, at_level=True, curve=True, secant=False
):
    """The reference's microscope with one thing changed."""
    names = reference()
    np, plt, slope, has_kink = names["np"], names["plt"], names["slope"], names["has_kink"]
    tangent = tangent or (lambda y0, s, x0, x: y0 + s * (x - x0))

    def microscope(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, width in zip(panels[0], widths, strict=True):
            w = window(width, widths)
            xs = np.linspace(x0 - w / 2, x0 + w / 2, 101).tolist()
            if curve:
                ax.plot(xs, [f(x) for x in xs], label="f")
            y0, s = f(x0), slope(f, x0)
            if secant:
                y0, s = (f(xs[0]) + f(xs[-1])) / 2, (f(xs[-1]) - f(xs[0])) / w
            if (at_kinks or not has_kink(f, x0)) and (at_level or s):
                ax.plot(xs, [tangent(y0, s, x0, x) for x in xs], label="tangent")
            ax.set_xlim(xs[0], xs[-1])
        return list(panels[0])

    return {"microscope": microscope}

same_window = mistake("microscope", lambda: lens(window=lambda width, widths: widths[0]),
    says="Each panel should show x0 - width/2 to x0 + width/2: does the window get narrower from panel to panel?")
window_twice_as_wide = mistake("microscope", lambda: lens(window=lambda width, widths: 2 * width),
    says="The window is to be as wide as `width` in all: how far is that to each side?")
secant_for_the_tangent = mistake("microscope", lambda: lens(secant=True),
    says="Your line joins the two ends of the curve. Through which point does the tangent go, and how steeply?")

@mistake("microscope", says="x0 belongs in the middle: how far does your window reach to its left?")
def window_starts_at_x0():
    names = reference()
    np, plt, slope, has_kink = names["np"], names["plt"], names["slope"], names["has_kink"]

    def microscope(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, w in zip(panels[0], widths, strict=True):
            xs = np.linspace(x0, x0 + w, 101).tolist()
            ax.plot(xs, [f(x) for x in xs], label="f")
            if not has_kink(f, x0):
                ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
            ax.set_xlim(xs[0], xs[-1])
        return list(panels[0])

    return {"microscope": microscope}

@mistake("microscope",
    says="How steep is your line? The tangent needs the slope at x0, and the line is the same for every x.")
def slope_taken_at_x():
    names = reference()
    slope = names["slope"]

    def microscope(f, x0, widths):
        return lens(tangent=lambda y0, s, x0, x: y0 + slope(f, x) * (x - x0))["microscope"](f, x0, widths)

    return {"microscope": microscope}

tangent_through_the_origin = mistake("microscope", lambda: lens(tangent=lambda y0, s, x0, x: s * x),
    says="The tangent passes through (x0, f(x0)): how high is yours at x0?")
tangent_starts_at_height_zero = mistake("microscope", lambda: lens(tangent=lambda y0, s, x0, x: s * (x - x0)),
    says="The tangent passes through (x0, f(x0)): how high is yours at x0?")
tangent_counted_from_zero = mistake("microscope", lambda: lens(tangent=lambda y0, s, x0, x: y0 + s * x),
    says="At x0 you have gone nowhere yet: from where do you count how far you went?")
tangent_at_the_kink = mistake("microscope", lambda: lens(at_kinks=True),
    says="At a kink the two sides disagree about the slope: which line would you draw there?")
no_tangent_where_it_is_level = mistake("microscope", lambda: lens(at_level=False),
    says="Where the slope is 0 the tangent is a level line. Does your `if` ask for a kink, or for a slope?")

no_curve = mistake("microscope", lambda: lens(curve=False), says="Where is the curve itself? Draw f, too.")

@mistake("microscope", says="The drawing is there; what is to be given back is the list of its Axes.")
def microscope_returns_nothing():
    draw = lens()["microscope"]
    return {"microscope": lambda f, x0, widths: draw(f, x0, widths) and None}

@mistake("microscope", says="The first panel is for the first width, and so on. Where are the widths sorted?")
def panels_sorted_by_width():
    names = reference()
    right = names["microscope"]
    return {"microscope": lambda f, x0, widths: right(f, x0, sorted(widths, reverse=True))}

# ------------------------------------------------------------------------------------------------- pair_plot

def two_panels(*, upper=None, lower=None, zero=True, swapped=False):
    """The reference's pair_plot with one thing changed."""
    names = reference()
    plt, slope = names["plt"], names["slope"]

    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        heights, slopes = [f(x) for x in xs], [slope(f, x) for x in xs]
        above.plot(xs, upper(heights, slopes) if upper else heights)
        below.plot(xs, [*lower(heights, slopes)] if lower else slopes)
        if zero:
            below.axhline(0)
        return (below, above) if swapped else (above, below)

    return {"pair_plot": pair_plot}

f_again_below = mistake("pair_plot", lambda: two_panels(lower=lambda heights, slopes: heights),
    says="The lower panel shows how fast f changes, not where it is.")
f_shifted_below = mistake(
    "pair_plot", lambda: two_panels(lower=lambda heights, slopes: [y - heights[0] for y in heights]),
    says="The lower panel shows how fast f changes, not where it is: a shifted f is still f.")
slope_rescaled = mistake(
    "pair_plot", lambda: two_panels(lower=lambda heights, slopes: [s / max(map(abs, slopes)) for s in slopes]),
    says="Do not rescale the slope: the number matters, not only the shape.")
rises_below = mistake("pair_plot", lambda: two_panels(lower=lambda heights, slopes: np.gradient(heights)),
    says="Those are rises from point to point. How long is the run of each, and which function knows the exact slope?")
slope_without_its_sign = mistake("pair_plot", lambda: two_panels(lower=lambda heights, slopes: map(abs, slopes)),
    says="Where f falls its slope is below zero. What does your lower panel show there?")

@mistake("pair_plot",
    says="The lower points come from the heights that you drew. Your `slope` knows the exact number at each x.")
def slopes_of_the_drawn_heights():
    names = reference()
    plt, np = names["plt"], names["np"]

    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        heights = [float(f(x)) for x in xs]
        above.plot(xs, heights)
        below.plot(xs, np.gradient(heights, xs))
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot}

@mistake("pair_plot", says="One under the other, so that the same x stands below the same x: plt.subplots(2, 1).")
def side_by_side():
    names = reference()
    plt, slope = names["plt"], names["slope"]

    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(1, 2)
        above.plot(xs, [f(x) for x in xs])
        below.plot(xs, [slope(f, x) for x in xs])
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot}

@mistake("pair_plot",
    says="From point to point you get an average rate. Which function of yours gives the slope at each x?")
def rates_from_point_to_point():
    names = reference()
    plt = names["plt"]

    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        heights = [f(x) for x in xs]
        above.plot(xs, heights)
        steps = range(len(xs) - 1)
        below.plot(xs[:-1], [(heights[i + 1] - heights[i]) / (xs[i + 1] - xs[i]) for i in steps])
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot}

no_zero_line = mistake("pair_plot", lambda: two_panels(zero=False),
    says="Where does the slope change its sign? A level line at height 0 would show it.")
panels_swapped = mistake("pair_plot", lambda: two_panels(swapped=True),
    says="The upper Axes is to be given back first.")
matched_in_order = mistake("pair_plot", {"matching": "abc"},
    says="Match what the slope says, not how the graphs look: where f climbs, the slope is above zero.")

# ---------------------------------------------------------------------------------------------------- signal

def signalling(formula):
    """A `signal` that is formula(slope)."""
    slope = reference()["slope"]
    return {"signal": lambda f, x: formula(slope(f, x))}

uphill = mistake("signal", lambda: signalling(lambda s: (s > 0) - (s < 0)),
    says="That way is uphill: to get smaller, which way do you go, with the slope or against it?")
the_slope_itself = mistake("signal", lambda: signalling(lambda s: s),
    says="Only the direction counts here: -1, 0 or +1, not how steep it is.")
minus_the_slope = mistake("signal", lambda: signalling(lambda s: -s),
    says="Only the direction counts here: -1, 0 or +1, not how steep it is.")
never_silent = mistake("signal", lambda: signalling(lambda s: -1 if s > 0 else 1),
    says="Where the slope is 0 it says neither left nor right. What does your code answer there?")
looks_at_the_height = mistake("signal", lambda: {"signal": lambda f, x: (f(x) < 0) - (f(x) > 0)},
    says="You look at how high f is. Which way f goes is told by its slope: give f a Dual, by asking your own slope.")
@mistake("signal", says="You look at how high f is, the real part. Which part of f(x + eps) tells which way f goes?")
def looks_at_the_real_part():
    real = (lambda Dual: lambda f, x: f(Dual(x, 1)).real)(reference()["Dual"])
    return {"signal": lambda f, x: (real(f, x) < 0) - (real(f, x) > 0)}

@mistake("signal", says="You walk towards x = 0. Where f gets smaller is told by its slope, not by the sign of x.")
def towards_zero_unless_level():
    slope = reference()["slope"]
    return {"signal": lambda f, x: 0 if slope(f, x) == 0 else -1 if x > 0 else 1}

@mistake("signal",
    says="The sign of x has no say. Which way f gets smaller is told by its slope alone: why multiply by x?")
def slope_times_x():
    slope = reference()["slope"]
    return {"signal": lambda f, x: (slope(f, x) * x < 0) - (slope(f, x) * x > 0)}

@mistake("signal", says="However little f climbs, it climbs. From which size on does your signal call a slope level?")
def small_slopes_say_nothing():
    slope = reference()["slope"]
    return {"signal": lambda f, x: 0 if abs(slope(f, x)) < 1e-6 else -1 if slope(f, x) > 0 else 1}

@wrong_function("signal",
    says="You look at how high f is. Which way f goes is told by its slope: give f a Dual, by asking your own slope.")
def looks_to_both_sides(f, x, h=1e-6):
    left, right = f(x - h), f(x + h)
    return 0 if left == right else -1 if right > left else 1

zero_read_as_arrived = mistake("signal", {"zero_means": "a"},
    says="A hilltop is flat, too: 0 means no advice, not success.")

@wrong_function("signal", says="You walk towards 0. Is the lowest place always there? Which way does the slope say?")
def towards_zero(f, x):
    return (x < 0) - (x > 0)

# ---------------------------------------------------------------------------------------------- neighbouring forms

@mistake("average_rate", says="my_rate: upside down, input per output. What changes per unit of what?")
def my_rate_upside_down():
    return {"my_rate": 1 / reference()["my_rate"]}

@wrong_function("average_rate",
    says="f(b - a) asks f at the width of the run. The rise is what f gains: at which two places is it asked?")
def height_at_the_run(f, a, b):
    if a == b:
        raise ValueError("no run")
    return f(b - a) / (b - a)

@wrong_function("dual_plus_minus", within=lambda make: dual_with(sub=make),
    says="A plain number has no eps part: what does subtracting it do to the number in front of eps?")
def number_subtracted_from_both_parts(Dual, as_dual):
    def minus(self, other):
        other = other if isinstance(other, Dual) else Dual(other, other)
        return Dual(self.real - other.real, self.inf - other.inf)

    return minus

def product_of(real):
    """A `*` whose real part is real(a, b, c, d); the part beside eps is right."""

    def make(Dual, as_dual):
        def times(self, other):
            other = as_dual(other)
            a, b, c, d = self.real, self.inf, other.real, other.inf
            return Dual(real(a, b, c, d), a * d + b * c)

        return times

    return {**dual_with(mul=make, rmul=make)}

def times_with(real):
    names = product_of(real)
    names["times"] = lambda p, q: names["Dual"].__mul__(p, q)
    return names

corner_in_the_real_part = mistake("dual_times", lambda: times_with(lambda a, b, c, d: a * c + b * d),
    says="b*d multiplies eps*eps, and that is 0: does it belong in the real part?")
corner_taken_off = mistake("dual_times", lambda: times_with(lambda a, b, c, d: a * c - b * d),
    says="That is how i*i = -1 would go. What is eps*eps here?")
product_on_paper_by_its_own = mistake("dual_times", {"product_inf": "a*b + c*d"},
    says="You multiply each number by its own part beside eps. Multiply out (a + b*eps)*(c + d*eps).")
product_on_paper_subtracted = mistake("dual_times", {"product_inf": "a*d - b*c"},
    says="Both strips are gained when the square grows. Why is one of them taken away?")

@wrong_function("dual_compare", within=lambda make: dual_with(lt=make),
    says="Is 2 smaller than 2? Where the real parts are equal, neither is smaller.")
def smaller_or_equal(Dual, as_dual):
    return lambda self, other: self.real <= as_dual(other).real

def looping(turns, negative=lambda divide, Dual, p: divide(Dual(1, 0), p)):
    """A `power` that multiplies `turns(n)` times; `negative` is what it makes of the power for a negative n."""
    names = reference()
    Dual, divide = names["Dual"], names["divide"]

    def power(p, n):
        result = Dual(1, 0)
        for _ in range(turns(abs(n))):
            result = result * p
        return result if n >= 0 else negative(divide, Dual, result)

    names["power"] = Dual.__pow__ = power
    return names

power_one_factor_too_few = mistake("dual_divide_power", lambda: looping(lambda n: n - 1),
    says="Count the factors of p**3, starting from 1: how often must you multiply by p?")
power_one_factor_too_many = mistake("dual_divide_power", lambda: looping(lambda n: n + 1),
    says="Count the factors of p**3, starting from 1: how often do you multiply by p?")
negative_power_is_minus_the_power = mistake(
    "dual_divide_power", lambda: looping(lambda n: n, negative=lambda divide, Dual, p: -p),
    says="2**-1 is a half, not -2. What does a negative n mean?")
negative_powers_as_positive = mistake(
    "dual_divide_power", lambda: looping(lambda n: n, negative=lambda divide, Dual, p: p),
    says="abs(n) factors are one half of it: 2**-3 is not 8. What is done with the power where n is negative?")
divides_part_by_part_without_care = mistake("dual_divide_power", lambda: dividing(lambda a, b, c, d: b / d),
    says="You divide part by part. Multiply your answer by c + d*eps: do you get a + b*eps back?")

@mistake("slope", says="Your input moves by less than eps, and so does the output. Beside eps belongs a 1.")
def tiny_number_beside_eps():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(x, 1e-6))).inf
    return names

@mistake("pair_plot", says="That is how far f goes from point to point. How far does it go per unit of x?")
def rises_from_point_to_point():
    names = reference()
    plt = names["plt"]

    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        heights = [f(x) for x in xs]
        above.plot(xs, heights)
        below.plot(xs[1:], [end - start for start, end in pairwise(heights)])
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot}
