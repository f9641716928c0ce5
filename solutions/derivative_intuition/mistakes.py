"""Known mistakes of `derivative_intuition`: what each does, which tests it fails, and what to ask the student."""

from pathlib import Path

from grader.diagnose import load_module, mistake

REFERENCE = Path(__file__).with_name("reference.py")


def reference():
    """A fresh copy of the reference's names, to change."""
    return load_module(REFERENCE)


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
    says="Upside down: you have input per output. What changes per unit of what?",
)
def run_over_rise():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no step")
        return (b - a) / (f(b) - f(a))

    return {"average_rate": average_rate}


@mistake(
    "average_rate",
    fails=["test_a_falling_function_has_a_negative_rate"],
    says="The sign tells which way f goes: what should the rate of a falling f be?",
)
def sign_dropped():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no step")
        return abs((f(b) - f(a)) / (b - a))

    return {"average_rate": average_rate}


@mistake(
    "dual_plus_times",
    fails=["test_a_number_minus_a_dual"],
    says="Try 3 - Dual(1, 1) on paper: real part 2, eps part -1. Is 3 - d the same as d - 3?",
)
def reversed_minus():
    Dual = reference()["Dual"]
    Dual.__rsub__ = lambda self, other: self - other
    return {"Dual": Dual}


@mistake(
    "dual_plus_times", fails=["test_a_number_times_a_dual"], says="Multiply out 3*(a + b*eps): what stands beside eps?"
)
def number_leaves_inf_alone():
    Dual = reference()["Dual"]
    full = Dual.__mul__

    def times(self, other):
        return full(self, other) if isinstance(other, Dual) else Dual(self.real * other, self.inf)

    Dual.__mul__ = times
    return {"Dual": Dual}


@mistake(
    "dual_plus_times",
    fails=["test_products"],
    says="eps*eps = 0: the term b*d*eps*eps is gone, not small. What is left beside eps?",
)
def keeps_eps_eps():
    Dual = reference()["Dual"]
    full = Dual.__mul__

    def times(self, other):
        result = full(self, other)
        return Dual(result.real, result.inf + self.inf * (other.inf if isinstance(other, Dual) else 0))

    Dual.__mul__ = times
    return {"Dual": Dual}


@mistake(
    "dual_plus_times",
    fails=["test_products"],
    says="Draw the rectangle: which two strips grow? You multiplied the two eps parts.",
)
def product_of_inf_parts():
    Dual = reference()["Dual"]
    full = Dual.__mul__

    def times(self, other):
        if not isinstance(other, Dual):
            return full(self, other)
        return Dual(self.real * other.real, self.inf * other.inf)

    Dual.__mul__ = times
    return {"Dual": Dual}


@mistake(
    "dual_divide_power",
    fails=["test_quotients", "test_quotients_with_plain_numbers", "test_negative_powers"],
    says="Multiply your answer by c + d*eps: do you get a + b*eps back?",
)
def divides_part_by_part():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]

    def divide(a, b):
        a, b = as_dual(a), as_dual(b)
        if b.real == 0:
            raise ZeroDivisionError
        return Dual(a.real / b.real, a.inf / b.inf if b.inf else a.inf / b.real)

    names["divide"] = divide
    return names


@mistake(
    "dual_divide_power",
    fails=["test_powers", "test_powers_at_zero", "test_negative_powers"],
    says="Dual(2, 5)**2: the input moves five times as fast, so must the result. Where is the 5?",
)
def power_without_the_inner_speed():
    names = reference()
    Dual, divide = names["Dual"], names["divide"]

    def power(a, n):
        if n == 0:
            return Dual(1.0, 0.0)
        if n < 0:
            return divide(1.0, power(a, -n))
        return Dual(a.real**n, n * a.real ** (n - 1))

    names["power"] = power
    return names


@mistake(
    "dual_divide_power",
    fails=["test_powers_at_zero"],
    says="For n = 0 the rate is 0, yet 0 ** -1 cannot be computed: treat n = 0 first.",
)
def zero_to_the_minus_one():
    names = reference()
    Dual = names["Dual"]
    names["power"] = lambda a, n: Dual(a.real**n, n * a.real ** (n - 1) * a.inf)
    return names


@mistake(
    "slope",
    fails=["test_exact_slopes", "test_f_is_called_once_with_a_dual"],
    says="The right idea, but eps is not a small float: give f a Dual and read off what stands beside eps.",
)
def forward_difference():
    def slope(f, x):
        return (f(x + 1e-6) - f(x)) / 1e-6

    return {"slope": slope}


@mistake(
    "slope",
    fails=["test_a_constant_has_slope_zero"],
    says="A constant does not know about eps and gives back a plain number: what is its rate?",
)
def constant_crashes():
    names = reference()
    Dual = names["Dual"]
    names["slope"] = lambda f, x: f(Dual(x, 1.0)).inf
    return names


@mistake(
    "slope",
    fails=["test_exact_slopes", "test_a_constant_has_slope_zero", "test_functions_with_branches"],
    says="That is where f is, not how fast it changes: which part of f(x + eps) is the rate?",
)
def value_instead_of_slope():
    names = reference()
    Dual, as_dual = names["Dual"], names["as_dual"]
    names["slope"] = lambda f, x: as_dual(f(Dual(x, 1.0))).real
    return names


def _microscope(window, tangent, at_kinks=False):
    names = reference()
    np, plt, slope = names["np"], names["plt"], names["slope"]

    def microscope(f, x0, widths):
        near = min(widths) / 1000
        kink = abs(slope(f, x0 + near) - slope(f, x0 - near)) > 0.01 and not at_kinks
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for axes, width in zip(panels[0], widths, strict=True):
            w = window(width, widths)
            xs = np.linspace(x0 - w / 2, x0 + w / 2, 101)
            axes.plot(xs, [f(float(x)) for x in xs], label="f")
            if not kink:
                axes.plot(xs, tangent(f, slope(f, x0), x0, xs), label="tangent")
        return list(panels[0])

    names["microscope"] = microscope
    return names


def _right_tangent(f, s, x0, xs):
    return f(x0) + s * (xs - x0)


@mistake(
    "microscope",
    fails=["test_every_window_has_the_asked_width"],
    says="Each picture should show x0 - w/2 ... x0 + w/2: does the window get narrower from picture to picture?",
)
def same_window():
    return _microscope(lambda width, widths: widths[0], _right_tangent)


@mistake(
    "microscope",
    fails=["test_the_tangent_touches_the_curve"],
    says="The tangent passes through (x0, f(x0)): what does yours give at x0?",
)
def tangent_through_the_origin():
    return _microscope(lambda width, widths: width, lambda f, s, x0, xs: s * xs)


@mistake(
    "microscope",
    fails=["test_no_tangent_at_a_kink"],
    says="At a kink the two sides disagree about the slope: which line would you draw there?",
)
def tangent_at_the_kink():
    return _microscope(lambda width, widths: width, _right_tangent, at_kinks=True)


def _pair_plot(lower_of):
    names = reference()
    np, plt, slope = names["np"], names["plt"], names["slope"]

    def pair_plot(f, xs):
        _, (upper, lower) = plt.subplots(2, 1)
        upper.plot(xs, [f(float(x)) for x in xs])
        lower.plot(xs, lower_of(np, f, np.array([slope(f, float(x)) for x in xs]), xs))
        lower.axhline(0)
        return upper, lower

    names["pair_plot"] = pair_plot
    return names


@mistake(
    "pair_plot",
    fails=["test_the_lower_panel_shows_the_slope"],
    says="The lower panel shows how fast f changes, not where it is.",
)
def f_again_below():
    return _pair_plot(lambda np, f, slopes, xs: [f(float(x)) for x in xs])


@mistake(
    "pair_plot",
    fails=["test_the_lower_panel_shows_the_slope"],
    says="Do not rescale the slope: the number matters, not only the shape.",
)
def slope_rescaled():
    return _pair_plot(lambda np, f, slopes, xs: slopes / np.abs(slopes).max())


@mistake(
    "signal",
    fails=["test_against_the_slope"],
    says="That way is uphill: to get smaller, which way do you go, with the slope or against it?",
)
def uphill():
    names = reference()
    slope = names["slope"]
    names["signal"] = lambda f, x: (slope(f, x) > 0) - (slope(f, x) < 0)
    return names


@mistake(
    "signal",
    fails=["test_against_the_slope"],
    says="Only the direction is asked here: -1, 0 or +1, not how steep it is.",
)
def the_slope_itself():
    names = reference()
    names["signal"] = names["slope"]
    return names
