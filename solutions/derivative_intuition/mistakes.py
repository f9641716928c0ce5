"""Known mistakes of `derivative_intuition`: what each does, which hidden tests it fails, and what to ask."""

from itertools import pairwise
from pathlib import Path

from grader.testing import load_module, mistake

REFERENCE = Path(__file__).with_name("reference.py")


def reference():
    """A fresh copy of the reference's names, to change."""
    return load_module(REFERENCE)


# ---------------------------------------------------------------------------------------------- average_rate


def rate(formula):
    """An `average_rate` that computes `formula(rise, run)`."""

    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        return formula(f(b) - f(a), b - a)

    return {"average_rate": average_rate}


@mistake(
    "average_rate",
    fails=[
        "test_rise_over_run",
        "test_a_falling_function_has_a_negative_rate",
        "test_the_order_of_the_two_inputs_does_not_matter",
        "test_no_step_is_refused",
    ],
    says="That is the change of the output; how many units of input did it take?",
)
def change_only():
    def average_rate(f, a, b):
        return f(b) - f(a)

    return {"average_rate": average_rate}


@mistake(
    "average_rate",
    fails=[
        "test_rise_over_run",
        "test_a_falling_function_has_a_negative_rate",
        "test_the_order_of_the_two_inputs_does_not_matter",
    ],
    says="That is the change of the output; how many units of input did it take?",
)
def change_only_but_no_run_refused():
    return rate(lambda rise, run: rise)


@mistake(
    "average_rate",
    fails=[
        "test_rise_over_run",
        "test_a_falling_function_has_a_negative_rate",
        "test_the_order_of_the_two_inputs_does_not_matter",
    ],
    says="Upside down: you have input per output. What changes per unit of what?",
)
def run_over_rise():
    return rate(lambda rise, run: run / rise)


@mistake(
    "average_rate",
    fails=["test_a_falling_function_has_a_negative_rate"],
    says="The sign tells which way f goes: what should the rate of a falling f be?",
)
def sign_dropped():
    return rate(lambda rise, run: abs(rise / run))


@mistake(
    "average_rate",
    fails=["test_the_order_of_the_two_inputs_does_not_matter"],
    says="From right to left the run is negative, and so is the rise. What becomes of the rate?",
)
def run_without_its_sign():
    return rate(lambda rise, run: rise / abs(run))


@mistake(
    "average_rate",
    fails=[
        "test_rise_over_run",
        "test_a_falling_function_has_a_negative_rate",
        "test_the_order_of_the_two_inputs_does_not_matter",
    ],
    says="You count the rise from b to a, and the run from a to b. Which way does f go?",
)
def rise_backwards():
    return rate(lambda rise, run: -rise / run)


@mistake(
    "average_rate",
    fails=["test_no_step_is_refused"],
    says="Where a equals b there is no run, and so no rate: which error does the text ask for?",
)
def no_run_divides_by_zero():
    return {"average_rate": lambda f, a, b: (f(b) - f(a)) / (b - a)}


@mistake(
    "average_rate",
    fails=["test_no_step_is_refused"],
    says="Where a equals b there is no run. Is 0 a rate, or is there none?",
)
def no_run_gives_zero():
    return {"average_rate": lambda f, a, b: (f(b) - f(a)) / (b - a) if a != b else 0.0}


@mistake(
    "average_rate",
    fails=["test_only_the_two_ends_are_asked"],
    says="Only where you start and where you end counts: at how many places does f have to be asked?",
)
def stops_on_the_way():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        stops = [a + (b - a) * number / 4 for number in range(5)]
        return sum(f(there) - f(here) for here, there in pairwise(stops)) / (b - a)

    return {"average_rate": average_rate}


@mistake(
    "average_rate",
    fails=["test_the_students_own_rate"],
    says="That is the change; how many units of input did it take?",
)
def my_rate_is_the_change():
    names = reference()
    return {"my_rate": names["my_f"](names["mine"]["b"]) - names["my_f"](names["mine"]["a"])}


@mistake(
    "average_rate",
    fails=["test_the_rate_of_a_square_on_paper"],
    says="What became of the w? The rate depends on how wide the step is.",
)
def rate_of_square_without_w():
    return {"rate_of_square": "2*a"}


@mistake(
    "average_rate",
    fails=["test_the_rate_of_a_square_on_paper"],
    says="That is the change; how many units of input did it take?",
)
def rate_of_square_not_divided():
    return {"rate_of_square": "2*a*w + w**2"}


@mistake(
    "average_rate",
    fails=["test_the_rate_of_a_square_on_paper"],
    says="The value is right. Multiply out and divide, until no division is left.",
)
def rate_of_square_not_simplified():
    return {"rate_of_square": "((a + w)**2 - a**2)/w"}


@mistake(
    "average_rate",
    fails=["test_the_rate_of_your_own_function_on_paper"],
    says="Your function has two terms. How fast does the second one change?",
)
def rate_of_mine_without_the_line():
    return {"rate_of_mine": "3*a**2 + 3*a*w + w**2"}


# ------------------------------------------------------------------------------------------- dual_plus_times


def dual_with(**methods):
    """The reference's Dual with some methods replaced; each is made by a function of the Dual it is for."""
    names = reference()
    for name, make in methods.items():
        setattr(names["Dual"], f"__{name}__", make(names["Dual"], names["as_dual"]))
    return names


@mistake(
    "dual_plus_times",
    fails=["test_a_number_minus_a_dual"],
    says="Try 3 - Dual(1, 1) on paper: is 3 - d the same as d - 3?",
)
def reversed_minus():
    return dual_with(rsub=lambda Dual, as_dual: lambda self, other: self - other)


@mistake("dual_plus_times", fails=["test_a_number_minus_a_dual"], says="3 - (1 + eps): which sign does the eps get?")
def reversed_minus_keeps_inf():
    return dual_with(rsub=lambda Dual, as_dual: lambda self, other: Dual(other - self.real, self.inf))


@mistake(
    "dual_plus_times",
    fails=["test_differences", "test_a_number_minus_a_dual", "test_absolute_value"],
    says="A minus before the bracket turns every sign inside it around: also that of eps.",
)
def minus_keeps_inf():
    return dual_with(neg=lambda Dual, as_dual: lambda self: Dual(-self.real, self.inf))


@mistake(
    "dual_plus_times", fails=["test_a_number_times_a_dual"], says="Multiply out 3*(a + b*eps): what stands beside eps?"
)
def number_leaves_inf_alone():
    def make(Dual, as_dual):
        full = Dual.__mul__
        return lambda self, other: full(self, other) if isinstance(other, Dual) else Dual(self.real * other, self.inf)

    return dual_with(mul=make, rmul=make)


def product_inf_of(formula):
    """A `*` whose part beside eps is formula(a, b, c, d)."""

    def make(Dual, as_dual):
        def times(self, other):
            other = as_dual(other)
            return Dual(self.real * other.real, formula(self.real, self.inf, other.real, other.inf))

        return times

    return dual_with(mul=make, rmul=make)


@mistake(
    "dual_plus_times",
    fails=["test_products"],
    says="eps*eps = 0: the term b*d*eps*eps is gone, not small. What is left beside eps?",
)
def keeps_eps_eps():
    return product_inf_of(lambda a, b, c, d: a * d + b * c + b * d)


@mistake(
    "dual_plus_times",
    fails=["test_products", "test_a_number_times_a_dual"],
    says="b*d stands beside eps*eps, and that is 0. Which two strips of the square grow?",
)
def product_of_inf_parts():
    return product_inf_of(lambda a, b, c, d: b * d)


@mistake(
    "dual_plus_times",
    fails=["test_products"],
    says="You have one of the two strips. Which other product has exactly one eps in it?",
)
def only_one_strip():
    return product_inf_of(lambda a, b, c, d: b * c)


@mistake(
    "dual_plus_times",
    fails=["test_sums", "test_differences", "test_operands_stay_as_they_were"],
    says="You add a new value into the old number. Should d be changed by d + 1?",
)
def adds_in_place():
    def make(Dual, as_dual):
        def plus(self, other):
            other = as_dual(other)
            self.real, self.inf = self.real + other.real, self.inf + other.inf
            return self

        return plus

    return dual_with(add=make, radd=make)


@mistake(
    "dual_plus_times",
    fails=["test_sums"],
    says="A plain number has no eps part: what does adding it do to what stands beside eps?",
)
def number_added_to_both_parts():
    def make(Dual, as_dual):
        def plus(self, other):
            other = other if isinstance(other, Dual) else Dual(other, other)
            return Dual(self.real + other.real, self.inf + other.inf)

        return plus

    return dual_with(add=make, radd=make)


@mistake(
    "dual_plus_times",
    fails=["test_sums", "test_differences", "test_a_number_minus_a_dual", "test_operands_stay_as_they_were"],
    says="A sum adds both parts: what became of the eps part of the other number?",
)
def sum_forgets_the_other_inf():
    def make(Dual, as_dual):
        return lambda self, other: Dual(self.real + as_dual(other).real, self.inf)

    return dual_with(add=make, radd=make)


@mistake(
    "dual_plus_times",
    fails=["test_absolute_value"],
    says="Where the real part is negative, abs(x) is -x: what is -(a + b*eps)?",
)
def abs_leaves_inf_alone():
    return dual_with(abs=lambda Dual, as_dual: lambda self: Dual(abs(self.real), self.inf))


@mistake(
    "dual_plus_times",
    fails=["test_absolute_value"],
    says="The sign of the eps part has no say: if the real part is positive, abs changes nothing.",
)
def abs_of_both_parts():
    return dual_with(abs=lambda Dual, as_dual: lambda self: Dual(abs(self.real), abs(self.inf)))


@mistake(
    "dual_plus_times",
    fails=["test_comparisons_look_at_the_real_part"],
    says="Two Duals with equal real parts are called equal here, whatever stands beside eps.",
)
def equal_only_in_both_parts():
    def make(Dual, as_dual):
        return lambda self, other: (self.real, self.inf) == (as_dual(other).real, as_dual(other).inf)

    return dual_with(eq=make)


@mistake(
    "dual_plus_times",
    fails=["test_comparisons_look_at_the_real_part"],
    says="Where the real parts are equal, neither is smaller, whatever stands beside eps.",
)
def smaller_in_either_part():
    def make(Dual, as_dual):
        return lambda self, other: (self.real, self.inf) < (as_dual(other).real, as_dual(other).inf)

    return dual_with(lt=make)


@mistake(
    "dual_plus_times",
    fails=["test_the_product_on_paper"],
    says="b*d stands beside eps*eps, and eps*eps = 0. What stands beside a single eps?",
)
def product_on_paper_of_inf_parts():
    return {"product_inf": "b*d"}


@mistake(
    "dual_plus_times", fails=["test_the_product_on_paper"], says="eps*eps = 0: the term b*d*eps*eps is gone, not small."
)
def product_on_paper_keeps_eps_eps():
    return {"product_inf": "a*d + b*c + b*d"}


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


@mistake(
    "dual_divide_power",
    fails=["test_quotients", "test_quotients_with_plain_numbers"],
    says="Multiply your answer by c + d*eps: do you get a + b*eps back?",
)
def divides_part_by_part():
    return dividing(lambda a, b, c, d: b / d if d else b / c)


@mistake(
    "dual_divide_power",
    fails=["test_quotients", "test_quotients_with_plain_numbers"],
    says="Look at the sign: if the divisor grows, does the quotient grow or shrink?",
)
def quotient_with_the_wrong_sign():
    return dividing(lambda a, b, c, d: (a * d - b * c) / c**2)


@mistake(
    "dual_divide_power",
    fails=["test_quotients", "test_quotients_with_plain_numbers"],
    says="Compare what stands beside eps once more: did you divide by c as often as needed?",
)
def quotient_divided_only_once():
    return dividing(lambda a, b, c, d: (b * c - a * d) / c)


@mistake(
    "dual_divide_power",
    fails=["test_quotients", "test_quotients_with_plain_numbers"],
    says="The divisor moves, too. Multiply back: where does its d*eps go?",
)
def divisor_stands_still():
    return dividing(lambda a, b, c, d: b / c)


@mistake(
    "dual_divide_power",
    fails=["test_dividing_by_real_part_zero", "test_negative_powers"],
    says="Dividing by a real part 0 has no answer: which error does the text ask for?",
)
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


@mistake(
    "dual_divide_power",
    fails=["test_powers", "test_powers_at_zero", "test_negative_powers"],
    says="Dual(2, 5)**2: the input moves five times as fast, so must the result. Where is the 5?",
)
def power_without_the_inner_speed():
    return powering(lambda Dual, a, b, n: Dual(a**n, n * a ** (n - 1)) if n else Dual(1, 0))


@mistake(
    "dual_divide_power",
    fails=["test_powers_at_zero"],
    says="For n = 0 the rate is 0, yet 0 ** -1 cannot be computed: treat n = 0 first.",
)
def zero_to_the_minus_one():
    return powering(lambda Dual, a, b, n: Dual(a**n, n * a ** (n - 1) * b))


@mistake(
    "dual_divide_power",
    fails=["test_powers", "test_negative_powers"],
    says="Compare with p*p*p: is each part multiplied by itself, or do they mix?",
)
def powers_part_by_part():
    return powering(lambda Dual, a, b, n: Dual(a**n, b**n) if n else Dual(1, 0))


@mistake(
    "dual_divide_power",
    fails=["test_powers_at_zero"],
    says="To the 0 is 1, but which kind of number does the text ask for: what is its eps part?",
)
def power_zero_is_a_plain_one():
    return powering(lambda Dual, a, b, n: Dual(a**n, n * a ** (n - 1) * b) if n else 1)


@mistake(
    "dual_divide_power",
    fails=["test_powers", "test_negative_powers"],
    says="Multiply Dual(2, 1) by itself three times: how often does the same term come up?",
)
def power_without_the_n():
    return powering(lambda Dual, a, b, n: Dual(a**n, a ** (n - 1) * b) if n else Dual(1, 0))


@mistake(
    "dual_divide_power",
    fails=["test_negative_powers"],
    says="A negative n means 1 divided by the power. Does your loop run at all there?",
)
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


@mistake(
    "dual_divide_power", fails=["test_the_reciprocal_on_paper"], says="Make x a little larger. Does 1/x grow or shrink?"
)
def reciprocal_on_paper_without_minus():
    return {"reciprocal_inf": "1/x**2"}


# ----------------------------------------------------------------------------------------------------- slope


@mistake(
    "slope",
    fails=["test_what_stands_beside_eps", "test_exact_slopes", "test_f_is_called_once_with_a_dual"],
    says="The right idea, but eps is not a small float: give f a Dual and read off what stands beside eps.",
)
def forward_difference():
    return {"slope": lambda f, x: (f(x + 1e-6) - f(x)) / 1e-6}


@mistake(
    "slope",
    fails=["test_a_constant_has_slope_zero"],
    says="A constant does not know about eps and gives back a plain number: what is its rate?",
)
def constant_crashes():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1)).inf
    return names


@mistake(
    "slope",
    fails=[
        "test_what_stands_beside_eps",
        "test_exact_slopes",
        "test_a_constant_has_slope_zero",
        "test_functions_with_branches",
    ],
    says="That is where f is, not how fast it changes: which part of f(x + eps) is the rate?",
)
def value_instead_of_slope():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(x, 1))).real
    return names


@mistake(
    "slope",
    fails=[
        "test_what_stands_beside_eps",
        "test_a_constant_has_slope_zero",
        "test_exact_slopes",
        "test_functions_with_branches",
    ],
    says="You give f a number that does not move. What should stand beside eps in the input?",
)
def input_without_eps():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(x, 0))).inf
    return names


@mistake(
    "slope",
    fails=[
        "test_what_stands_beside_eps",
        "test_exact_slopes",
        "test_a_constant_has_slope_zero",
        "test_functions_with_branches",
    ],
    says="You return the whole Dual. Only what stands beside eps is asked for.",
)
def whole_dual():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1))
    return names


@mistake(
    "slope",
    fails=["test_f_is_called_once_with_a_dual"],
    says="Once is enough: keep what f gave back in a variable, and look at that.",
)
def called_twice():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1)).inf if isinstance(f(Dual(x, 1)), Dual) else 0
    return names


@mistake(
    "slope",
    fails=["test_what_stands_beside_eps", "test_exact_slopes", "test_functions_with_branches"],
    says="You divide by x. Who asked for that: is what stands beside eps not the rate itself?",
)
def divided_by_x():
    names = reference()
    right = names["slope"]
    names["slope"] = lambda f, x: right(f, x) / x
    return names


# ------------------------------------------------------------------------------------------------ microscope


def lens(*, window=lambda width, widths: width, tangent=None, at_kinks=False, curve=True):
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
            if at_kinks or not has_kink(f, x0):
                y0, s = f(x0), slope(f, x0)
                ax.plot(xs, [tangent(y0, s, x0, x) for x in xs], label="tangent")
            ax.set_xlim(xs[0], xs[-1])
        return list(panels[0])

    return {"microscope": microscope}


@mistake(
    "microscope",
    fails=["test_every_window_has_the_asked_width", "test_the_curve_is_f", "test_the_gap_shrinks_with_the_width"],
    says="Each panel should show x0 - w/2 to x0 + w/2: does the window get narrower from panel to panel?",
)
def same_window():
    return lens(window=lambda width, widths: widths[0])


@mistake(
    "microscope",
    fails=["test_every_window_has_the_asked_width", "test_the_gap_shrinks_with_the_width"],
    says="The window is to be w wide in all: how far is that to each side?",
)
def window_twice_as_wide():
    return lens(window=lambda width, widths: 2 * width)


@mistake(
    "microscope",
    fails=[
        "test_every_window_has_the_asked_width",
        "test_the_curve_is_f",
        "test_the_tangent_touches_the_curve",
        "test_the_gap_shrinks_with_the_width",
    ],
    says="x0 belongs in the middle: how far does your window reach to its left?",
)
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


@mistake(
    "microscope",
    fails=["test_the_tangent_touches_the_curve"],
    says="How steep is your line? The slope is asked for at x0, and the line is the same for every x.",
)
def slope_taken_at_x():
    names = reference()
    slope = names["slope"]

    def microscope(f, x0, widths):
        return lens(tangent=lambda y0, s, x0, x: y0 + slope(f, x) * (x - x0))["microscope"](f, x0, widths)

    return {"microscope": microscope}


@mistake(
    "microscope",
    fails=["test_the_tangent_touches_the_curve", "test_the_gap_shrinks_with_the_width"],
    says="The tangent passes through (x0, f(x0)): how high is yours at x0?",
)
def tangent_through_the_origin():
    return lens(tangent=lambda y0, s, x0, x: s * x)


@mistake(
    "microscope",
    fails=["test_the_tangent_touches_the_curve", "test_the_gap_shrinks_with_the_width"],
    says="The tangent passes through (x0, f(x0)): how high is yours at x0?",
)
def tangent_starts_at_height_zero():
    return lens(tangent=lambda y0, s, x0, x: s * (x - x0))


@mistake(
    "microscope",
    fails=["test_the_tangent_touches_the_curve", "test_the_gap_shrinks_with_the_width"],
    says="At x0 you have gone nowhere yet: from where do you count how far you went?",
)
def tangent_counted_from_zero():
    return lens(tangent=lambda y0, s, x0, x: y0 + s * x)


@mistake(
    "microscope",
    fails=["test_no_tangent_at_a_kink"],
    says="At a kink the two sides disagree about the slope: which line would you draw there?",
)
def tangent_at_the_kink():
    return lens(at_kinks=True)


@mistake(
    "microscope",
    fails=["test_the_curve_is_f", "test_the_gap_shrinks_with_the_width", "test_no_tangent_at_a_kink"],
    says="Where is the curve itself? Draw f, too.",
)
def no_curve():
    return lens(curve=False)


@mistake(
    "microscope",
    fails=[
        "test_every_window_has_the_asked_width",
        "test_the_curve_is_f",
        "test_the_tangent_touches_the_curve",
        "test_the_gap_shrinks_with_the_width",
        "test_no_tangent_at_a_kink",
    ],
    says="The drawing is there; what is to be given back is the list of its Axes.",
)
def microscope_returns_nothing():
    draw = lens()["microscope"]
    return {"microscope": lambda f, x0, widths: draw(f, x0, widths) and None}


# ------------------------------------------------------------------------------------------------- pair_plot


def two_panels(*, upper=None, lower=None, zero=True, swapped=False):
    """The reference's pair_plot with one thing changed."""
    names = reference()
    plt, slope = names["plt"], names["slope"]

    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        heights, slopes = [f(x) for x in xs], [slope(f, x) for x in xs]
        above.plot(xs, upper(heights, slopes) if upper else heights)
        below.plot(xs, lower(heights, slopes) if lower else slopes)
        if zero:
            below.axhline(0)
        return (below, above) if swapped else (above, below)

    return {"pair_plot": pair_plot}


@mistake(
    "pair_plot",
    fails=["test_the_lower_panel_shows_the_slope"],
    says="The lower panel shows how fast f changes, not where it is.",
)
def f_again_below():
    return two_panels(lower=lambda heights, slopes: heights)


@mistake(
    "pair_plot",
    fails=["test_the_lower_panel_shows_the_slope"],
    says="The lower panel shows how fast f changes, not where it is: a shifted f is still f.",
)
def f_shifted_below():
    return two_panels(lower=lambda heights, slopes: [y - heights[0] for y in heights])


@mistake(
    "pair_plot",
    fails=["test_the_lower_panel_shows_the_slope"],
    says="Do not rescale the slope: the number matters, not only the shape.",
)
def slope_rescaled():
    return two_panels(lower=lambda heights, slopes: [s / max(map(abs, slopes)) for s in slopes])


@mistake(
    "pair_plot",
    fails=["test_the_lower_panel_shows_the_slope"],
    says="From point to point you get an average rate. Which function of yours gives the slope at each x?",
)
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


@mistake(
    "pair_plot",
    fails=["test_there_is_a_zero_line"],
    says="Where does the slope change its sign? A level line at height 0 would show it.",
)
def no_zero_line():
    return two_panels(zero=False)


@mistake(
    "pair_plot",
    fails=["test_the_upper_panel_shows_f", "test_the_lower_panel_shows_the_slope", "test_there_is_a_zero_line"],
    says="The upper Axes is to be given back first.",
)
def panels_swapped():
    return two_panels(swapped=True)


@mistake(
    "pair_plot",
    fails=["test_three_graphs_and_their_slopes"],
    says="Match what the slope says, not how the graphs look: where f climbs, the slope is above zero.",
)
def matched_in_order():
    return {"matching": "abc"}


# ---------------------------------------------------------------------------------------------------- signal


def signalling(formula):
    """A `signal` that is formula(slope)."""
    slope = reference()["slope"]
    return {"signal": lambda f, x: formula(slope(f, x))}


@mistake(
    "signal",
    fails=["test_against_the_slope"],
    says="That way is uphill: to get smaller, which way do you go, with the slope or against it?",
)
def uphill():
    return signalling(lambda s: (s > 0) - (s < 0))


@mistake(
    "signal",
    fails=["test_against_the_slope"],
    says="Only the direction is asked here: -1, 0 or +1, not how steep it is.",
)
def the_slope_itself():
    return signalling(lambda s: s)


@mistake(
    "signal",
    fails=["test_against_the_slope"],
    says="Only the direction is asked here: -1, 0 or +1, not how steep it is.",
)
def minus_the_slope():
    return signalling(lambda s: -s)


@mistake(
    "signal",
    fails=["test_flat_means_no_advice", "test_a_step_tells_nobody_where_to_go"],
    says="Where the slope is 0 it says neither left nor right. What does your code answer there?",
)
def never_silent():
    return signalling(lambda s: -1 if s > 0 else 1)


@mistake(
    "signal",
    fails=["test_against_the_slope", "test_flat_means_no_advice", "test_a_step_tells_nobody_where_to_go"],
    says="That looks at how high f is. Which way f goes is told by its slope.",
)
def looks_at_the_height():
    return {"signal": lambda f, x: (f(x) < 0) - (f(x) > 0)}


@mistake("signal", fails=["test_what_zero_means"], says="A hilltop is flat, too: 0 means no advice, not success.")
def zero_read_as_arrived():
    return {"zero_means": "a"}
