"""Right and wrong answers to `u4_gradient_check`, as learners write them, without a look at the known mistakes."""

import math
import random

import matplotlib.pyplot as plt
import numpy as np
from kit import walks

from tests.written import right, wrong

# -------------------------------------------------------------------------------------------- finite_differences


@wrong("finite_differences")
def run_without_brackets(names):
    return {"central_diff": lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h}


@wrong("finite_differences")
def central_over_h(names):
    return {"central_diff": lambda f, x, h: (f(x + h) - f(x - h)) / h}


@wrong("finite_differences")
def rise_without_its_sign(names):
    return {"forward_diff": lambda f, x, h: abs(f(x + h) - f(x)) / h}


@wrong("finite_differences")
def run_without_its_sign(names):
    return {"forward_diff": lambda f, x, h: (f(x + h) - f(x)) / abs(h)}


@wrong("finite_differences")
def backward_difference(names):
    return {"forward_diff": lambda f, x, h: (f(x) - f(x - h)) / h}


@wrong("finite_differences")
def central_under_the_name_of_forward(names):
    return {"forward_diff": names["central_diff"]}


@wrong("finite_differences")
def half_a_step_to_each_side(names):
    return {"central_diff": lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h}


@wrong("finite_differences")
def never_below_a_millionth(names):
    return {"forward_diff": lambda f, x, h: (f(x + max(h, 1e-6)) - f(x)) / max(h, 1e-6)}


@wrong("finite_differences")
def its_own_step(names):
    return {"central_diff": lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5}


@wrong("finite_differences")
def four_decimals(names):
    return {"central_diff": lambda f, x, h: np.round((f(x + h) - f(x - h)) / (2 * h), 4)}


@wrong("finite_differences")
def ten_decimals(names):
    return {"forward_diff": lambda f, x, h: np.round((f(x + h) - f(x)) / h, 10)}


@wrong("finite_differences")
def slopes_up_to_a_hundred(names):
    return {"forward_diff": lambda f, x, h: np.clip((f(x + h) - f(x)) / h, -100, 100)}


@wrong("finite_differences")
def nothing_rises_is_no_answer(names):
    def forward_diff(f, x, h):
        rise = f(x + h) - f(x)
        return rise / h if np.any(rise) else None

    return {"forward_diff": forward_diff}


@wrong("finite_differences")
def x_moves_in_place(names):
    def central_diff(f, x, h):
        x += h
        up = f(x)
        x -= 2 * h
        return (up - f(x)) / (2 * h)

    return {"central_diff": central_diff}


@wrong("finite_differences")
def a_whole_number_stays_whole(names):
    def forward_diff(f, x, h):
        moved = np.array(x)
        moved[...] = np.asarray(x + h).astype(moved.dtype)
        return (f(moved if np.ndim(x) else moved.item()) - f(x)) / h

    return {"forward_diff": forward_diff}


@wrong("finite_differences")
def one_entry_at_a_time(names):
    def central_diff(f, x, h):
        if np.ndim(x) == 0:
            return (f(x + h) - f(x - h)) / (2 * h)
        return np.array([central_diff(f, number, h) for number in x])

    return {"central_diff": central_diff}


@wrong("finite_differences")
def relative_steps(names):
    def central_diff(f, x, h):
        step = h * np.maximum(1, np.abs(x))
        return (f(x + step) - f(x - step)) / (2 * step)

    return {"central_diff": central_diff}


@wrong("finite_differences", at_most=0.05)
def steps_into_the_complex_plane(names):
    names["central_of_cube"] = ...
    by_step = lambda f, x, h: np.imag(f(x + 1e-20j)) / 1e-20
    return {"forward_diff": by_step, "central_diff": by_step}


@wrong("finite_differences", at_most=0.05)
def no_slope_anywhere(names):
    names["central_of_cube"] = "0"
    flat = lambda f, x, h: f(x + h) * 0 + f(x - h) * 0
    return {"forward_diff": flat, "central_diff": flat}


@wrong("finite_differences", at_most=0.05)
def the_rise_alone(names):
    names["central_of_cube"] = "x"
    return {"forward_diff": lambda f, x, h: f(x + h) - f(x), "central_diff": lambda f, x, h: f(x + h) - f(x - h)}


@wrong("finite_differences", at_most=0.05)
def f_comes_back(names):
    names["central_of_cube"] = "x^3"
    return {"forward_diff": lambda f, x, h: f(x), "central_diff": lambda f, x, h: f(x)}


@wrong("finite_differences")
def the_slope_on_paper(names):
    return {"central_of_cube": "3x^2"}


@wrong("finite_differences")
def the_forward_one_on_paper(names):
    return {"central_of_cube": "3*x**2 + 3*x*h + h**2"}


@wrong("finite_differences")
def divided_by_a_power(names):
    return {"central_of_cube": "((x + h)**3 - (x - h)**3)*(2*h)**-1"}


@wrong("finite_differences")
def divided_by_a_power_of_h(names):
    return {"central_of_cube": "(6*x^2*h + 2*h^3) * 0.5 * h^(-1)"}


@wrong("finite_differences")
def divided_in_exp(names):
    return {"central_of_cube": "3*x^2 + h^3*exp(-log(h))"}


@right("finite_differences")
def ends_first(names):
    def central_diff(f, x, h):
        left, right_end = x - h, x + h
        return (f(right_end) - f(left)) / (right_end - left) if np.ndim(x) else (f(right_end) - f(left)) / (h + h)

    return {"central_diff": central_diff}


@right("finite_differences")
def arrays_of_floats_first(names):
    def forward_diff(f, x, h):
        x = np.array(x, dtype=float)
        slope = np.subtract(f(x + h), f(x)) / h
        return slope if x.ndim else float(slope)

    return {"forward_diff": forward_diff}


@right("finite_differences")
def central_from_two_forwards(names):
    def central_diff(f, x, h):
        low = x - h
        rise = f(low + 2 * h) - f(low)
        return rise / (2 * h)

    return {"central_diff": central_diff}


@right("finite_differences")
def cube_in_another_order(names):
    return {"central_of_cube": "h*h + 3x*x"}


# --------------------------------------------------------------------------------------------------- error_curve


def curve(names, errors_of=None, draw=None, best=None, floor=1e-17, axes=None):
    """The reference's figure with a piece exchanged."""

    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        slope = df(x)
        for name in ("forward", "central"):
            difference = names[f"{name}_diff"]
            if errors_of:
                errors = errors_of(difference, f, x, hs, slope)
            else:
                errors = [max(abs(difference(f, x, h) - slope), floor) for h in hs]
            if draw:
                draw(ax, hs, errors, name)
            else:
                ax.plot(hs, errors, label=name)
            k = best(hs, errors) if best else int(np.argmin(errors))
            ax.plot([hs[k]], [errors[k]], "o", label=f"best {name}")
        ax.set(**(axes or {"xscale": "log", "yscale": "log", "xlabel": "h", "ylabel": "error"}))
        return ax

    return {"error_curve": error_curve}


@wrong("error_curve")
def errors_with_their_sign(names):
    return curve(names, lambda d, f, x, hs, slope: [d(f, x, h) - slope or 1e-17 for h in hs])


@wrong("error_curve")
def errors_by_the_slope(names):
    return curve(names, lambda d, f, x, hs, slope: [max(abs(d(f, x, h) / slope - 1), 1e-17) for h in hs])


@wrong("error_curve")
def floor_at_a_trillionth(names):
    return curve(names, floor=1e-12)


@wrong("error_curve")
def floor_at_the_smallest_error(names):
    return curve(names, floor=1e-16)


@wrong("error_curve")
def zeros_left_out(names):
    def draw(ax, hs, errors, name):
        kept = [(h, e) for h, e in zip(hs, errors, strict=True) if e > 1e-17]
        ax.plot([h for h, _ in kept], [e for _, e in kept], label=name)

    return curve(names, draw=draw)


@wrong("error_curve")
def a_bit_added_to_every_error(names):
    return curve(names, lambda d, f, x, hs, slope: [abs(d(f, x, h) - slope) + 1e-13 for h in hs])


@wrong("error_curve")
def errors_against_sorted_steps(names):
    return curve(names, draw=lambda ax, hs, errors, name: ax.plot(sorted(hs), errors, label=name))


@wrong("error_curve")
def errors_against_their_number(names):
    return curve(names, draw=lambda ax, hs, errors, name: ax.plot(range(1, len(hs) + 1), errors, label=name))


@wrong("error_curve")
def hs_sorted_for_good(names):
    ours = names["error_curve"]

    def error_curve(f, df, x, hs):
        hs.sort()
        return ours(f, df, x, hs)

    return {"error_curve": error_curve}


@wrong("error_curve")
def the_smallest_step_is_best(names):
    return curve(names, best=lambda hs, errors: int(np.argmin(hs)))


@wrong("error_curve")
def the_last_step_is_best(names):
    return curve(names, best=lambda hs, errors: len(hs) - 1)


@wrong("error_curve")
def the_largest_error_is_best(names):
    return curve(names, best=lambda hs, errors: int(np.argmax(errors)))


@wrong("error_curve")
def plain_axes(names):
    return curve(names, axes={"xlabel": "h", "ylabel": "error"})


@wrong("error_curve")
def one_logarithmic_axis(names):
    return curve(names, axes={"yscale": "log", "xlabel": "h", "ylabel": "error"})


@wrong("error_curve")
def axes_without_words(names):
    return curve(names, axes={"xscale": "log", "yscale": "log"})


@wrong("error_curve")
def labels_exchanged(names):
    def draw(ax, hs, errors, name):
        ax.plot(hs, errors, label={"forward": "central", "central": "forward"}[name])

    return curve(names, draw=draw)


@wrong("error_curve")
def every_second_step(names):
    return curve(names, draw=lambda ax, hs, errors, name: ax.plot(hs[::2], errors[::2], label=name))


@wrong("error_curve")
def a_straight_line_of_its_own(names):
    def draw(ax, hs, errors, name):
        power = 1 if name == "forward" else 2
        ax.plot(hs, [errors[0] * (h / hs[0]) ** power for h in hs], label=name)

    return curve(names, draw=draw)


@wrong("error_curve", at_most=0.05)
def empty_logarithmic_axes(names):
    names.update(error_at_1e_17=..., left_side=...)

    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        ax.set(xscale="log", yscale="log", xlabel="h", ylabel="error")
        return ax

    return {"error_curve": error_curve}


@wrong("error_curve", at_most=0.05)
def junk_lines_with_the_right_names(names):
    names.update(error_at_1e_17=1.0, left_side="a")

    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        ax.set(xscale="log", yscale="log", xlabel="h", ylabel="error")
        for name in ("forward", "central"):
            ax.plot(hs, [1e-17 for _ in hs], label=name)
            ax.plot(hs[:1], [1e-17], "o", label=f"best {name}")
        return ax

    return {"error_curve": error_curve}


@wrong("error_curve", at_most=0.05)
def the_steps_themselves(names):
    names.update(error_at_1e_17=0.0, left_side="c")

    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        ax.set(xscale="log", yscale="log", xlabel="h", ylabel="error")
        for name, power in (("forward", 1), ("central", 2)):
            ax.plot(hs, [h**power for h in hs], label=name)
            ax.plot([min(hs)], [min(hs) ** power], "o", label=f"best {name}")
        return ax

    return {"error_curve": error_curve}


@wrong("error_curve")
def a_wrong_letter(names):
    return {"left_side": "c"}


@wrong("error_curve")
def a_wrong_letter_and_prediction(names):
    return {"left_side": "d", "error_at_1e_17": 0.0}


@right("error_curve")
def dots_by_scatter(names):
    def error_curve(f, df, x, hs):
        ax = plt.figure().add_subplot()
        hs = np.asarray(hs, dtype=float)
        for name in ("forward", "central"):
            errors = np.array([abs(names[f"{name}_diff"](f, x, float(h)) - df(x)) for h in hs])
            errors[errors == 0] = 1e-17
            ax.loglog(hs, errors, ".-", label=name)
            ax.scatter(hs[errors.argmin()], errors.argmin() * 0 + errors.min(), label=f"best {name}")
        ax.set_xlabel("size of the step")
        ax.set_ylabel("|difference - slope|")
        return ax

    return {"error_curve": error_curve}


@right("error_curve")
def lines_by_scatter(names):
    return curve(names, draw=lambda ax, hs, errors, name: ax.scatter(hs, errors, s=8, label=name))


@right("error_curve")
def lines_with_error_bars(names):
    return curve(names, draw=lambda ax, hs, errors, name: ax.errorbar(hs, errors, yerr=0 * np.asarray(hs), label=name))


@right("error_curve")
def other_capitals_in_the_labels(names):
    def error_curve(f, df, x, hs):
        fig, ax = plt.subplots()
        for label in ("forward", "central"):
            pairs = sorted((float(h), max(abs(names[f"{label}_diff"](f, x, h) - df(x)), 1e-17)) for h in hs)
            ax.plot(*zip(*pairs, strict=True), label=label.capitalize())
            ax.plot(*min(pairs, key=lambda pair: pair[1]), marker="o", label=f"Best {label}")
        ax.set(xscale="log", yscale="log", xlabel="h", ylabel="error")
        ax.legend()
        return fig.axes[0]

    return {"error_curve": error_curve}


# -------------------------------------------------------------------------------------------- numerical_gradient


def entries(names, nudge):
    """A gradient whose entries `nudge(f, work, index, h)` finds, in a copy that f is given."""

    def numerical_gradient(f, X, h=1e-5):
        work = np.array(X, dtype=float)
        gradient = np.zeros(work.shape)
        for index in np.ndindex(work.shape):
            gradient[index] = nudge(f, work, index, h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


def both_ways(f, work, index, h):
    before, ends = work[index], []
    for to in (before + h, before - h):
        work[index] = to
        ends.append(np.asarray(f(work)).item())
    work[index] = before
    return (ends[0] - ends[1]) / (2 * h)


@wrong("numerical_gradient")
def nudged_up_only(names):
    def nudge(f, work, index, h):
        down = np.asarray(f(work)).item()
        before, work[index] = work[index], work[index] + h
        up = np.asarray(f(work)).item()
        work[index] = before
        return (up - down) / h

    return entries(names, nudge)


@wrong("numerical_gradient")
def nudges_stay(names):
    def nudge(f, work, index, h):
        work[index] += h
        up = np.asarray(f(work)).item()
        work[index] -= 2 * h
        return (up - np.asarray(f(work)).item()) / (2 * h)

    return entries(names, nudge)


@wrong("numerical_gradient")
def put_back_by_subtracting(names):
    def numerical_gradient(f, X, h=1e-5):
        work = X if X.dtype == float else X.astype(float)
        gradient = np.zeros(X.shape)
        for index in np.ndindex(X.shape):
            work[index] += h
            up = np.asarray(f(work)).item()
            work[index] -= 2 * h
            gradient[index] = (up - np.asarray(f(work)).item()) / (2 * h)
            work[index] += h
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def whole_numbers_stay_whole(names):
    def numerical_gradient(f, X, h=1e-5):
        gradient, work = np.zeros(X.shape), X.copy()
        for index in np.ndindex(X.shape):
            gradient[index] = both_ways(f, work, index, h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def a_gradient_like_X(names):
    def numerical_gradient(f, X, h=1e-5):
        work, gradient = X.astype(float), np.zeros_like(X)
        for index in np.ndindex(X.shape):
            gradient[index] = both_ways(f, work, index, h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def rows_and_columns_only(names):
    def numerical_gradient(f, X, h=1e-5):
        work, gradient = X.astype(float), np.zeros(X.shape)
        for i in range(X.shape[0]):
            for j in range(X.shape[1]):
                gradient[i, j] = both_ways(f, work, (i, j), h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def flattened_copies(names):
    def numerical_gradient(f, X, h=1e-5):
        flat, gradient = X.ravel(), np.zeros(X.size)
        if flat.dtype != float:
            return entries(names, both_ways)["numerical_gradient"](f, X, h)
        for k in range(X.size):
            before = flat[k]
            flat[k] = before + h
            up = np.asarray(f(X)).item()
            flat[k] = before - h
            gradient[k] = (up - np.asarray(f(X)).item()) / (2 * h)
            flat[k] = before
        return gradient.reshape(X.shape)

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def not_put_back_when_f_raises(names):
    def numerical_gradient(f, X, h=1e-5):
        work = X if X.dtype == float else X.astype(float)
        gradient = np.zeros(X.shape)
        for index in np.ndindex(X.shape):
            gradient[index] = both_ways(f, work, index, h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def errors_are_swallowed(names):
    ours = names["numerical_gradient"]

    def numerical_gradient(f, X, h=1e-5):
        try:
            return ours(f, X, h)
        except ValueError:
            raise
        except Exception:
            return np.zeros(X.shape)

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def every_error_is_a_ValueError(names):
    ours = names["numerical_gradient"]

    def numerical_gradient(f, X, h=1e-5):
        try:
            return ours(f, X, h)
        except Exception as error:
            raise ValueError("f does not give one number") from error

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def the_first_of_many_numbers(names):
    def nudge(f, work, index, h):
        before, ends = work[index], []
        for to in (before + h, before - h):
            work[index] = to
            ends.append(float(np.ravel(f(work))[0]))
        work[index] = before
        return (ends[0] - ends[1]) / (2 * h)

    return entries(names, nudge)


@wrong("numerical_gradient")
def the_sum_of_many_numbers(names):
    def nudge(f, work, index, h):
        return both_ways(lambda X: np.sum(f(X)), work, index, h)

    return entries(names, nudge)


@wrong("numerical_gradient")
def plain_numbers_only(names):
    def nudge(f, work, index, h):
        before, ends = work[index], []
        for to in (before + h, before - h):
            work[index] = to
            value = f(work)
            if np.ndim(value):
                raise ValueError("one number")
            ends.append(value)
        work[index] = before
        return (ends[0] - ends[1]) / (2 * h)

    return entries(names, nudge)


@wrong("numerical_gradient")
def one_step_for_all(names):
    return entries(names, lambda f, work, index, h: both_ways(f, work, index, 1e-5))


@wrong("numerical_gradient")
def steps_by_the_size_of_the_entry(names):
    return entries(names, lambda f, work, index, h: both_ways(f, work, index, h * max(1.0, abs(work[index]))))


@wrong("numerical_gradient")
def eight_decimals(names):
    return entries(names, lambda f, work, index, h: round(both_ways(f, work, index, h), 8))


@wrong("numerical_gradient")
def four_decimals_of_each(names):
    return entries(names, lambda f, work, index, h: round(both_ways(f, work, index, h), 4))


@wrong("numerical_gradient")
def clipped_at_a_hundred(names):
    return entries(names, lambda f, work, index, h: float(np.clip(both_ways(f, work, index, h), -100, 100)))


@wrong("numerical_gradient")
def tiny_slopes_are_zero(names):
    def nudge(f, work, index, h):
        slope = both_ways(f, work, index, h)
        return slope if abs(slope) > 1e-4 else 0.0

    return entries(names, nudge)


@wrong("numerical_gradient")
def zeros_are_not_nudged(names):
    def nudge(f, work, index, h):
        return both_ways(f, work, index, h) if work[index] else 0.0

    return entries(names, nudge)


@wrong("numerical_gradient")
def equal_entries_move_together(names):
    def nudge(f, work, index, h):
        same = work == work[index]
        up, down = np.where(same, work + h, work), np.where(same, work - h, work)
        return (np.asarray(f(up)).item() - np.asarray(f(down)).item()) / (2 * h)

    return entries(names, nudge)


@wrong("numerical_gradient")
def one_gradient_for_all_calls(names):
    ours, kept = names["numerical_gradient"], {}

    def numerical_gradient(f, X, h=1e-5):
        gradient = kept.setdefault(X.shape, np.zeros(X.shape))
        gradient[...] = ours(f, X, h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient")
def stops_where_nothing_moves(names):
    def numerical_gradient(f, X, h=1e-5):
        work, gradient = np.array(X, dtype=float), np.zeros(X.shape)
        for index in np.ndindex(X.shape):
            gradient[index] = both_ways(f, work, index, h)
            if gradient[index] == 0:
                break
        return gradient

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient", at_most=0.05)
def zeros_like_X(names):
    def numerical_gradient(f, X, h=1e-5):
        for _ in range(2 * X.size):
            f(X)
        return np.zeros(X.shape)

    return {"numerical_gradient": numerical_gradient}


@wrong("numerical_gradient", at_most=0.05)
def X_comes_back(names):
    return {"numerical_gradient": lambda f, X, h=1e-5: X}


@wrong("numerical_gradient", at_most=0.05)
def nudged_and_not_measured(names):
    """Does everything that is asked about calls and copies, and returns ones."""

    def nudge(f, work, index, h):
        both_ways(f, work, index, h)
        return 1.0

    return entries(names, nudge)


@right("numerical_gradient")
def fresh_copies_for_each_call(names):
    def numerical_gradient(f, X, h=1e-5):
        X = np.array(X, dtype=float)
        gradient = np.empty(X.shape)
        for index in np.ndindex(*X.shape):
            step = np.zeros(X.shape)
            step[index] = h
            gradient[index] = (np.asarray(f(X + step)).item() - np.asarray(f(X - step)).item()) / (2 * h)
        return gradient

    return {"numerical_gradient": numerical_gradient}


@right("numerical_gradient")
def divided_by_the_run_that_was_made(names):
    def nudge(f, work, index, h):
        before, up, down = work[index], work[index] + h, work[index] - h
        ends = []
        for to in (up, down):
            work[index] = to
            ends.append(float(np.reshape(f(work), ())))
        work[index] = before
        return (ends[0] - ends[1]) / (up - down)

    return entries(names, nudge)


@right("numerical_gradient")
def by_flat_places(names):
    def numerical_gradient(f, X, h=1e-5):
        shape = np.shape(X)
        flat = np.ravel(X).astype(float)
        slopes = []
        for k in range(flat.size):
            ends = []
            for way in (h, -h):
                moved = flat.copy()
                moved[k] = moved[k] + way
                value = np.ravel(f(moved.reshape(shape)))
                if value.size != 1:
                    raise ValueError(f"{value.size} numbers")
                ends.append(value[0])
            slopes.append((ends[0] - ends[1]) / (2 * h))
        return np.reshape(np.array(slopes, dtype=float), shape)

    return {"numerical_gradient": numerical_gradient}


# ------------------------------------------------------------------------------------------------ relative_error


def error_of(names, size=None, gather=None, guard=True):
    """The worst error, with another size to divide by, or another way to gather the errors."""

    def relative_error(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        if guard and a.shape != b.shape:
            raise ValueError("shapes")
        sizes = size(a, b) if size else np.maximum(np.abs(a), np.abs(b))
        errors = np.abs(a - b) / np.where(sizes == 0, 1.0, sizes)
        return float(gather(errors) if gather else np.max(errors))

    return {"relative_error": relative_error}


@wrong("relative_error")
def divided_by_the_second(names):
    return error_of(names, lambda a, b: np.abs(b))


@wrong("relative_error")
def divided_by_the_first(names):
    return error_of(names, lambda a, b: np.abs(a))


@wrong("relative_error")
def divided_by_both(names):
    return error_of(names, lambda a, b: np.abs(a) + np.abs(b))


@wrong("relative_error")
def divided_by_their_mean(names):
    return error_of(names, lambda a, b: (np.abs(a) + np.abs(b)) / 2)


@wrong("relative_error")
def sizes_with_their_signs(names):
    return error_of(names, lambda a, b: np.maximum(a, b))


@wrong("relative_error")
def at_least_a_hundredth(names):
    return error_of(names, lambda a, b: np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-2))


@wrong("relative_error")
def at_least_a_trillionth(names):
    return error_of(names, lambda a, b: np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12))


@wrong("relative_error")
def a_tiny_number_more(names):
    return error_of(names, lambda a, b: np.maximum(np.abs(a), np.abs(b)) + 1e-8)


@wrong("relative_error")
def a_very_tiny_number_more(names):
    return error_of(names, lambda a, b: np.maximum(np.abs(a), np.abs(b)) + 1e-30)


@wrong("relative_error")
def the_largest_size_of_all(names):
    return error_of(names, lambda a, b: np.full(a.shape, np.max(np.maximum(np.abs(a), np.abs(b)))))


@wrong("relative_error")
def the_mean_of_the_errors(names):
    return error_of(names, gather=np.mean)


@wrong("relative_error")
def the_sum_of_the_errors(names):
    return error_of(names, gather=np.sum)


@wrong("relative_error")
def the_last_error(names):
    return error_of(names, gather=lambda errors: np.ravel(errors)[-1])


@wrong("relative_error")
def nan_is_passed_over(names):
    return error_of(names, gather=lambda errors: np.nanmax(errors))


@wrong("relative_error")
def at_most_one(names):
    return error_of(names, gather=lambda errors: np.minimum(np.max(errors), 1.0))


@wrong("relative_error")
def errors_of_six_decimals(names):
    return error_of(names, gather=lambda errors: np.round(np.max(errors), 6))


@wrong("relative_error")
def errors_of_ten_decimals(names):
    return error_of(names, gather=lambda errors: np.round(np.max(errors), 10))


@wrong("relative_error")
def small_errors_are_none(names):
    return error_of(names, gather=lambda errors: np.max(np.where(errors < 1e-6, 0.0, errors)))


@wrong("relative_error")
def by_norms(names):
    def relative_error(a, b):
        a, b = np.asarray(a, float), np.asarray(b, float)
        if a.shape != b.shape:
            raise ValueError
        size = max(np.linalg.norm(a), np.linalg.norm(b))
        return float(np.linalg.norm(a - b) / size) if size else 0.0

    return {"relative_error": relative_error}


@wrong("relative_error")
def shapes_that_broadcast(names):
    return error_of(names, guard=False)


@wrong("relative_error")
def sizes_compared_instead_of_shapes(names):
    def relative_error(a, b):
        a, b = np.asarray(a, float), np.asarray(b, float)
        if a.size != b.size:
            raise ValueError
        a, b = a.ravel(), b.ravel()
        size = np.maximum(abs(a), abs(b))
        return float(np.max(abs(a - b) / np.where(size == 0, 1, size)))

    return {"relative_error": relative_error}


@wrong("relative_error")
def zero_beside_anything_agrees(names):
    def relative_error(a, b):
        a, b = np.asarray(a, float), np.asarray(b, float)
        if a.shape != b.shape:
            raise ValueError
        size = np.maximum(abs(a), abs(b))
        errors = np.where((a == 0) | (b == 0), 0.0, abs(a - b) / np.where(size == 0, 1, size))
        return float(np.max(np.where(np.isnan(a + b), np.nan, errors)))

    return {"relative_error": relative_error}


@wrong("relative_error")
def differences_of_whole_numbers_only(names):
    def relative_error(a, b):
        a, b = np.array(a), np.array(b)
        if a.shape != b.shape:
            raise ValueError
        size = np.maximum(abs(a), abs(b))
        errors = np.zeros_like(a)
        errors[...] = abs(a - b) / np.where(size == 0, 1, size)
        return float(np.max(errors))

    return {"relative_error": relative_error}


@wrong("relative_error")
def zeros_are_replaced_in_place(names):
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError
        if np.ndim(a):
            both = (a == 0) & (b == 0)
            a[both] = b[both] = 1.0
        elif a == 0 == b:
            return 0.0
        return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))))

    return {"relative_error": relative_error}


@wrong("relative_error")
def the_same_array_agrees(names):
    ours = names["relative_error"]
    same = lambda a, b: np.array_equal(np.sort(np.ravel(a)), np.sort(np.ravel(b)))
    return {"relative_error": lambda a, b: 0.0 if same(a, b) else ours(a, b)}


@wrong("relative_error", at_most=0.05)
def always_zero(names):
    return {"relative_error": lambda a, b: 0.0}


@wrong("relative_error", at_most=0.05)
def always_one(names):
    return {"relative_error": lambda a, b: 1.0}


@wrong("relative_error", at_most=0.05)
def always_infinite(names):
    return {"relative_error": lambda a, b: math.inf}


@wrong("relative_error", at_most=0.05)
def the_difference(names):
    return {"relative_error": lambda a, b: float(np.max(np.abs(np.asarray(a) - np.asarray(b))))}


@right("relative_error")
def entry_by_entry(names):
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("shapes")
        worst = 0.0
        for x, y in zip(np.ravel(a), np.ravel(b), strict=True):
            if x != x or y != y:
                return math.nan
            if x == y:
                continue
            worst = max(worst, float(abs(x - y) / max(abs(x), abs(y))))
        return worst

    return {"relative_error": relative_error}


@right("relative_error")
def with_divide_where(names):
    def relative_error(a, b):
        a, b = np.array(a, float), np.array(b, float)
        if a.shape != b.shape:
            raise ValueError("shapes")
        size = np.maximum(np.abs(a), np.abs(b))
        return np.divide(np.abs(a - b), size, out=np.zeros_like(size), where=size != 0).max()

    return {"relative_error": relative_error}


@right("relative_error")
def zero_divisions_repaired(names):
    def relative_error(a, b):
        a, b = np.asarray(a, float), np.asarray(b, float)
        if a.shape != b.shape:
            raise ValueError("shapes")
        with np.errstate(invalid="ignore", divide="ignore"):
            errors = np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))
        errors = np.where((a == 0) & (b == 0), 0, errors)
        return math.inf if np.isnan(errors).any() else errors.max().item()

    return {"relative_error": relative_error}


# --------------------------------------------------------------------------------------------------------- judge


def worst(a, b, floor=0.0):
    a, b = np.asarray(a, float), np.asarray(b, float)
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1.0, size)))


def slopes_of(loss, values, h=1e-5, ends="both"):
    """The slopes of the loss in each entry of an array that it reads."""
    slopes = np.zeros(values.shape)
    for at in np.ndindex(values.shape):
        before = values[at]
        values[at] = before + h
        up = loss()
        values[at] = before - h if ends == "both" else before
        slopes[at] = (up - loss()) / (2 * h if ends == "both" else h)
        values[at] = before
    return slopes


def judged(names, error=worst, slopes=slopes_of, dice=True):
    """A judge of which one piece is exchanged."""

    def gradient_check(loss, grads, params):
        first, again = loss(), loss()
        if dice and first != again:
            raise ValueError("dice")
        return {name: error(slopes(loss, values), grads[name]) for name, values in params.items()}

    return {"gradient_check": gradient_check}


@wrong("judge")
def errors_with_a_floor(names):
    return judged(names, lambda a, b: worst(a, b, 1e-2))


@wrong("judge")
def errors_with_a_small_floor(names):
    return judged(names, lambda a, b: worst(a, b, 1e-4))


@wrong("judge")
def the_mean_error(names):
    def mean(a, b):
        size = np.maximum(np.abs(a), np.abs(b))
        return float(np.mean(np.abs(a - b) / np.where(size == 0, 1, size)))

    return judged(names, mean)


@wrong("judge")
def by_the_largest_size(names):
    return judged(names, lambda a, b: float(np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.max(np.abs(b)), 1e-300)))


@wrong("judge")
def by_norms_of_arrays(names):
    def error(a, b):
        return float(np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-300))

    return judged(names, error)


@wrong("judge")
def one_number_for_all(names):
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError
        error = max(worst(slopes_of(loss, values), grads[name]) for name, values in params.items())
        return dict.fromkeys(params, error)

    return {"gradient_check": gradient_check}


@wrong("judge")
def stops_at_the_first_wrong_name(names):
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError
        errors = dict.fromkeys(params, 0.0)
        for name, values in params.items():
            errors[name] = worst(slopes_of(loss, values), grads[name])
            if errors[name] > 1e-5:
                break
        return errors

    return {"gradient_check": gradient_check}


@wrong("judge")
def the_first_five_entries(names):
    def some(loss, values):
        slopes = np.full(values.shape, np.nan)
        for at in list(np.ndindex(values.shape))[:5]:
            before = values[at]
            values[at] = before + 1e-5
            up = loss()
            values[at] = before - 1e-5
            slopes[at] = (up - loss()) / 2e-5
            values[at] = before
        return slopes

    return judged(names, lambda a, b: worst(a[np.isfinite(a)], np.asarray(b)[np.isfinite(a)]), some)


@wrong("judge")
def the_shape_of_matrices_only(names):
    return judged(names, lambda a, b: worst(a, b) if np.ndim(a) == 2 else 0.0)


@wrong("judge")
def forward_differences(names):
    def once(loss, values):
        return slopes_of(loss, values, ends="one")

    return judged(names, slopes=once)


@wrong("judge")
def larger_nudges(names):
    return judged(names, slopes=lambda loss, values: slopes_of(loss, values, 1e-3))


@wrong("judge")
def no_look_at_the_dice(names):
    return judged(names, dice=False)


@wrong("judge")
def dice_that_differ_a_lot(names):
    def gradient_check(loss, grads, params):
        if abs(loss() - loss()) > 1e-3:
            raise ValueError
        return {name: worst(slopes_of(loss, values), grads[name]) for name, values in params.items()}

    return {"gradient_check": gradient_check}


@wrong("judge")
def nudges_a_copy(names):
    def copied(loss, values):
        return slopes_of(loss, values.copy())

    return judged(names, slopes=copied)


@wrong("judge")
def params_moved_for_good(names):
    def drifting(loss, values):
        slopes = np.zeros(values.shape)
        for at in np.ndindex(values.shape):
            values[at] += 1e-5
            up = loss()
            values[at] -= 2e-5
            slopes[at] = (up - loss()) / 2e-5
            values[at] += 1e-5
        return slopes

    return judged(names, slopes=drifting)


@wrong("judge")
def errors_of_four_decimals(names):
    return judged(names, lambda a, b: round(worst(a, b), 4))


@wrong("judge")
def right_or_wrong_only(names):
    return judged(names, lambda a, b: 0.0 if worst(a, b) < 1e-5 else 1.0)


@wrong("judge")
def signs_do_not_matter(names):
    return judged(names, lambda a, b: worst(np.abs(a), np.abs(b)))


@wrong("judge")
def order_does_not_matter(names):
    return judged(names, lambda a, b: worst(np.sort(np.ravel(a)), np.sort(np.ravel(b))))


@wrong("judge")
def the_first_name_only(names):
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError
        first = next(iter(params))
        return {name: worst(slopes_of(loss, params[name]), grads[name]) if name == first else 0.0 for name in params}

    return {"gradient_check": gradient_check}


@wrong("judge")
def grads_are_scaled_in_place(names):
    def error(a, b):
        b *= 1.0000001
        return worst(a, b)

    return judged(names, error)


@wrong("judge", at_most=0.05)
def everybody_is_believed(names):
    return {"gradient_check": lambda loss, grads, params: dict.fromkeys(params, 0.0)}


@wrong("judge", at_most=0.05)
def nobody_is_believed(names):
    return {"gradient_check": lambda loss, grads, params: dict.fromkeys(params, 1.0)}


@wrong("judge", at_most=0.05)
def throws_a_coin(names):
    coin = random.Random(5)
    return {"gradient_check": lambda loss, grads, params: {name: coin.choice([0.0, 1.0]) for name in params}}


@right("judge")
def other_arrays_under_the_names(names):
    def gradient_check(loss, grads, params):
        if loss() - loss() != 0:
            raise ValueError("dice")
        errors = {}
        for name in list(params):
            kept, slopes = params[name], np.zeros(np.shape(params[name]))
            for at in np.ndindex(kept.shape):
                ends = []
                for way in (1, -1):
                    moved = kept.astype(float)
                    moved[at] += way * 1e-5
                    params[name] = moved
                    ends.append(float(loss()))
                params[name] = kept
                slopes[at] = (ends[0] - ends[1]) / 2e-5
            errors[name] = worst(slopes, grads[name])
        return errors

    return {"gradient_check": gradient_check}


@right("judge")
def from_the_two_tasks_before(names):
    def gradient_check(loss, grads, params):
        values = {loss(), loss()}
        if len(values) > 1:
            raise ValueError(values)
        result = {}
        for name in params:
            slopes = names["numerical_gradient"](lambda _: loss(), params[name])
            result[name] = names["relative_error"](slopes, grads[name])
        return result

    return {"gradient_check": gradient_check}


@right("judge")
def flat_entries(names):
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("not twice the same")
        errors = {}
        for name, values in params.items():
            pairs = []
            for at, slope in np.ndenumerate(grads[name]):
                keep = float(values[at])
                values[at] = keep + 1e-5
                up = loss()
                values[at] = keep - 1e-5
                down = loss()
                values[at] = keep
                pairs.append((slope, (up - down) / 2e-5))
            errors[name] = max(abs(a - b) / (max(abs(a), abs(b)) or 1.0) for a, b in pairs)
        return errors

    return {"gradient_check": gradient_check}


# --------------------------------------------------------------------------------------------------------- kinks


@wrong("kinks")
def above_a_step_only(names):
    return {"safe": lambda pre, step: pre > step}


@wrong("kinks")
def anything_but_zero(names):
    return {"safe": lambda pre, step: pre != 0}


@wrong("kinks")
def two_steps_away(names):
    return {"safe": lambda pre, step: np.abs(pre) > 2 * step}


@wrong("kinks")
def half_a_step_away(names):
    return {"safe": lambda pre, step: np.abs(pre) > step / 2}


@wrong("kinks")
def unsafe_instead(names):
    return {"safe": lambda pre, step: np.abs(pre) < step}


@wrong("kinks")
def all_together(names):
    return {"safe": lambda pre, step: np.full(pre.shape, np.all(np.abs(pre) > step))}


@wrong("kinks")
def row_by_row(names):
    return {"safe": lambda pre, step: np.repeat(np.all(np.abs(pre) > step, axis=1)[:, None], pre.shape[1], axis=1)}


@wrong("kinks")
def ones_and_zeros(names):
    return {"safe": lambda pre, step: (np.abs(pre) > step).astype(int)}


@wrong("kinks")
def only_those_above_may_cross(names):
    return {"safe": lambda pre, step: (pre > step) | (pre < 0)}


@wrong("kinks")
def a_fixed_distance(names):
    return {"safe": lambda pre, step: np.abs(pre) > 0.005}


@wrong("kinks")
def rounded_to_the_step(names):
    return {"safe": lambda pre, step: np.round(np.abs(pre) / step) > 1}


@wrong("kinks")
def pre_made_positive_for_good(names):
    def safe(pre, step):
        np.abs(pre, out=pre)
        return pre > step

    return {"safe": safe}


@wrong("kinks")
def the_sign_stays(names):
    return {"safe": lambda pre, step: np.sign(pre + step) == np.sign(pre)}


@wrong("kinks", at_most=0.05)
def all_safe(names):
    names.update(kink_forward=..., kink_central=..., kink_true=..., at_a_kink=...)
    return {"safe": lambda pre, step: np.ones(pre.shape, dtype=bool)}


@wrong("kinks", at_most=0.05)
def none_safe(names):
    names.update(kink_forward=0.0, kink_central=0.0, kink_true=0.0, at_a_kink="a")
    return {"safe": lambda pre, step: np.zeros(pre.shape, dtype=bool)}


@wrong("kinks")
def change_the_pass(names):
    return {"at_a_kink": "a"}


@wrong("kinks")
def predictions_of_half(names):
    return {"kink_forward": 0.5, "kink_central": 0.5, "kink_true": 0.5, "at_a_kink": "d"}


@right("kinks")
def both_ends_on_one_side(names):
    return {"safe": lambda pre, step: (pre - step) * (pre + step) > 0}


@right("kinks")
def exactly_a_step_is_fine(names):
    return {"safe": lambda pre, step: np.logical_or(pre >= step, pre <= -step)}


@right("kinks")
def lists_of_truths(names):
    return {"safe": lambda pre, step: [[bool(abs(x) > step) for x in row] for row in pre]}


# --------------------------------------------------------------------------------------------- random_directions


def along(names, draw=None, error=worst, h=1e-5, total=None, back=None, ways=(1, -1)):
    """The check along a direction, with a piece exchanged."""

    def directional_check(loss, grads, params, rng):
        kept = {name: np.array(values) for name, values in params.items()}
        drawn = draw or (lambda rng, shape, name: rng.standard_normal(shape))
        v = {name: drawn(rng, values.shape, name) for name, values in kept.items()}
        ends = []
        for way in ways:
            for name in params:
                params[name][...] = kept[name] + way * h * v[name]
            ends.append(loss())
        for name in params:
            params[name][...] = back(params[name], h, v[name]) if back else kept[name]
        nudged = (ends[0] - ends[1]) / ((ways[0] - ways[1]) * h)
        said = total(grads, v) if total else sum(np.sum(grads[name] * v[name]) for name in v)
        return error(nudged, said)

    return {"directional_check": directional_check}


@wrong("random_directions")
def all_entries_alike(names):
    return along(names, lambda rng, shape, name: np.full(shape, rng.standard_normal()))


@wrong("random_directions")
def straight_ahead(names):
    return along(names, lambda rng, shape, name: np.ones(shape))


@wrong("random_directions")
def numbers_of_the_modules_own(names):
    return along(names, lambda rng, shape, name: np.random.standard_normal(shape))


@wrong("random_directions")
def a_generator_of_its_own(names):
    return along(names, lambda rng, shape, name: np.random.default_rng(0).standard_normal(shape))


@wrong("random_directions")
def one_entry_moves(names):
    def draw(rng, shape, name):
        v = np.zeros(shape)
        if v.size:
            v.flat[rng.integers(v.size)] = rng.standard_normal()
        return v

    return along(names, draw)


@wrong("random_directions")
def one_param_moves(names):
    return along(names, lambda rng, shape, name: rng.standard_normal(shape) * (name == "W"))


@wrong("random_directions")
def to_one_side_only(names):
    return along(names, lambda rng, shape, name: rng.random(shape))


@wrong("random_directions")
def no_absolute_value(names):
    return along(names, error=lambda a, b: float((a - b) / max(abs(a), abs(b))))


@wrong("random_directions")
def the_difference_itself(names):
    return along(names, error=lambda a, b: float(abs(a - b)))


@wrong("random_directions")
def sizes_of_the_contributions(names):
    return along(names, total=lambda grads, v: sum(np.sum(np.abs(grads[name] * v[name])) for name in v))


@wrong("random_directions")
def a_mean_of_the_contributions(names):
    return along(names, total=lambda grads, v: np.mean([np.sum(grads[name] * v[name]) for name in v]))


@wrong("random_directions")
def the_biases_left_out(names):
    return along(names, total=lambda grads, v: sum(np.sum(grads[name] * v[name]) for name in v if np.ndim(v[name]) > 1))


@wrong("random_directions")
def forward_along(names):
    return along(names, ways=(1, 0))


@wrong("random_directions")
def a_thousandth_of_a_step(names):
    return along(names, h=1e-2)


@wrong("random_directions")
def moved_back_by_adding(names):
    return along(names, back=lambda values, h, v: values + h * v)


@wrong("random_directions")
def errors_below_a_millionth_are_none(names):
    return along(names, error=lambda a, b: round(worst(a, b), 3))


@wrong("random_directions")
def a_floor_of_one(names):
    return along(names, error=lambda a, b: worst(a, b, 1.0))


@wrong("random_directions")
def grads_are_multiplied_in_place(names):
    def total(grads, v):
        result = 0.0
        for name in v:
            grads[name] *= v[name]
            result += np.sum(grads[name])
        return result

    return along(names, total=total)


@wrong("random_directions", at_most=0.05)
def always_agrees(names):
    names["slope_along"] = "0"
    return {"directional_check": lambda loss, grads, params, rng: 0.0}


@wrong("random_directions", at_most=0.05)
def moves_and_always_agrees(names):
    names["slope_along"] = "v0 + v1"
    moved = along(names)["directional_check"]
    return {"directional_check": lambda *given: 0.0 * moved(*given)}


@wrong("random_directions")
def the_speeds_forgotten(names):
    text = names["slope_along"].replace("v0", "1").replace("v1", "1")
    return {"slope_along": text}


@wrong("random_directions")
def one_weight_alone_moves(names):
    return {"slope_along": names["slope_along"].replace("v1", "0")}


@right("random_directions")
def signs_for_a_direction(names):
    return along(names, lambda rng, shape, name: rng.choice([-1.0, 1.0], size=shape))


@right("random_directions")
def a_direction_of_length_one(names):
    def directional_check(loss, grads, params, rng):
        sizes = {name: values.size for name, values in params.items()}
        flat = rng.normal(size=sum(sizes.values()))
        flat /= np.linalg.norm(flat)
        v, at = {}, 0
        for name, size in sizes.items():
            v[name] = flat[at : at + size].reshape(params[name].shape)
            at += size
        kept = dict(params)

        def moved(s):
            for name in kept:
                params[name] = kept[name] + s * v[name]
            try:
                return loss()
            finally:
                params.update(kept)

        nudged = (moved(1e-5) - moved(-1e-5)) / 2e-5
        return worst(nudged, sum((grads[name] * v[name]).sum() for name in v))

    return {"directional_check": directional_check}


@right("random_directions")
def the_sum_in_another_order(names):
    p_part, w_part = names["slope_along"], "0"
    return {"slope_along": f"{w_part} + {p_part}"}


# -------------------------------------------------------------------------------------------------- find_the_bug


@wrong("find_the_bug")
def a_graph_that_is_right(names):
    return {"failing_graph": lambda: ([2.0, 3.0], lambda a, b: a * b + b)}


@wrong("find_the_bug")
def one_operation_is_too_little(names):
    return {"failing_graph": lambda: ([2.0], lambda a: a * a)}


@wrong("find_the_bug")
def slopes_of_zero(names):
    return {"failing_graph": lambda: ([0.0], lambda a: (lambda s: s * s.tanh())(a * 1.0))}


@wrong("find_the_bug")
def only_sometimes(names):
    ours, dice = names["failing_graph"], random.Random(3)
    return {"failing_graph": lambda: ours() if dice.random() < 0.5 else ([2.0, 3.0], lambda a, b: a + b)}


@wrong("find_the_bug")
def far_too_many_operations(names):
    def failing_graph():
        def build(a):
            for _ in range(7):
                a = a * 0.5 + a.tanh()
            return a

        return [0.5], build

    return {"failing_graph": failing_graph}


@wrong("find_the_bug")
def a_bug_of_the_learners_own(names):
    """The build looks at which engine it is given."""

    def build(a):
        return a * a + a if type(a).__name__ == "Broken" else a + a

    return {"failing_graph": lambda: ([0.5], build)}


@wrong("find_the_bug")
def a_node_out_of_the_blue(names):
    """A number that was made inside is not one of the inputs."""
    return {"failing_graph": lambda: ([0.5], lambda a: type(a)(3.0) * type(a)(2.0))}


@wrong("find_the_bug")
def a_graph_that_is_not_a_number(names):
    return {"failing_graph": lambda: ([1e200], lambda a: (lambda s: s * s + s)(a * a))}


@wrong("find_the_bug")
def the_number_and_not_the_node(names):
    return {"failing_graph": lambda: ([0.5], lambda a: (a * a + a).data)}


def repaired(names, method):
    names["Value"].backward = method
    return {}


for _walk in walks.__all__:

    def _as_it_was(names, walk=_walk):
        return repaired(names, getattr(walks, walk))

    _as_it_was.__name__ = f"repaired_by_{_walk}"
    globals()[_as_it_was.__name__] = wrong("find_the_bug")(_as_it_was)


def in_order(node):
    order, seen = [], set()

    def visit(one):
        if id(one) not in seen:
            seen.add(id(one))
            for before, _ in one.edges:
                visit(before)
            order.append(one)

    visit(node)
    return order[::-1]


@wrong("find_the_bug")
def the_output_has_no_slope_of_its_own(names):
    def backward(self):
        order = in_order(self)
        slopes = {id(node): 0.0 for node in order} | {id(self): 1.0}
        for node in order:
            for before, slope in node.edges:
                slopes[id(before)] += slope * slopes[id(node)]
        for node in order[1:]:
            node.grad = slopes[id(node)]

    return repaired(names, backward)


@wrong("find_the_bug")
def set_instead_of_added(names):
    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            for before, slope in node.edges:
                before.grad = slope * node.grad

    return repaired(names, backward)


@wrong("find_the_bug")
def each_input_once(names):
    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            for before, slope in dict(node.edges).items():
                before.grad += slope * node.grad

    return repaired(names, backward)


@wrong("find_the_bug")
def equal_numbers_are_the_same_node(names):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node.data not in seen:
                seen.add(node.data)
                for before, _ in node.edges:
                    visit(before)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for before, slope in node.edges:
                before.grad += slope * node.grad

    return repaired(names, backward)


@wrong("find_the_bug")
def small_slopes_are_not_passed_on(names):
    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            if abs(node.grad) > 1e-6:
                for before, slope in node.edges:
                    before.grad += slope * node.grad

    return repaired(names, backward)


@wrong("find_the_bug")
def slopes_are_clipped(names):
    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            for before, slope in node.edges:
                before.grad = max(-1e6, min(1e6, before.grad + slope * node.grad))

    return repaired(names, backward)


@wrong("find_the_bug")
def slopes_of_eight_decimals(names):
    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            for before, slope in node.edges:
                before.grad += round(slope * node.grad, 8)

    return repaired(names, backward)


@wrong("find_the_bug")
def every_path_by_itself(names):
    def backward(self, arrived=1.0):
        self.grad += arrived
        for before, slope in self.edges:
            type(self).backward(before, arrived * slope)

    return repaired(names, backward)


@wrong("find_the_bug")
def marks_stay_for_the_next_graph(names):
    seen = set()

    def backward(self):
        order = []

        def visit(node):
            if node.data not in seen:
                seen.add(node.data)
                for before, _ in node.edges:
                    visit(before)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for before, slope in node.edges:
                before.grad += slope * node.grad

    return repaired(names, backward)


@wrong("find_the_bug", at_most=0.05)
def ones_for_everybody(names):
    def backward(self):
        for node in in_order(self):
            node.grad = 1.0

    names["failing_graph"] = lambda: ([1.0], lambda a: a)
    return repaired(names, backward)


@wrong("find_the_bug", at_most=0.05)
def nothing_for_anybody(names):
    names["failing_graph"] = lambda: ([1.0], lambda a: a + a)
    return repaired(names, lambda self: None)


@right("find_the_bug")
def users_first_by_repeated_looks(names):
    def backward(self):
        found = [self]
        for node in found:
            found += [before for before in dict.fromkeys(b for b, _ in node.edges) if before not in found]
        self.grad, waiting = 1.0, list(found)
        while waiting:
            used = {before for node in waiting for before, _ in node.edges}
            for node in [entry for entry in waiting if entry not in used]:
                for before, slope in node.edges:
                    before.grad += slope * node.grad
                waiting.remove(node)

    return repaired(names, backward)


@right("find_the_bug")
def slopes_in_a_dict_first(names):
    def backward(self):
        order = in_order(self)
        slopes = dict.fromkeys(order, 0.0)
        slopes[self] = 1.0
        for node in order:
            for before, slope in node.edges:
                slopes[before] += slope * slopes[node]
        for node, slope in slopes.items():
            node.grad += slope

    return repaired(names, backward)


@right("find_the_bug")
def a_tuple_of_whole_numbers(names):
    ours = names["failing_graph"]()[1]
    return {"failing_graph": lambda: ((2, 1)[: ours.__code__.co_argcount], ours)}
