"""The known mistakes of `u4_gradient_check` in other words: they must be named all the same.

The functions nested here use only names that the notebook has (np, plt, and other answers), except where
they build on the reference.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, rewritten

NAMES = load_module(Path(__file__).with_name("reference.py"))
forward_diff, central_diff = NAMES["forward_diff"], NAMES["central_diff"]
numerical_gradient, relative_error = NAMES["numerical_gradient"], NAMES["relative_error"]
Broken = NAMES["Broken"]

# ---------------------------------------------------------------------------------------- finite_differences


@rewritten("divides_by_two_and_multiplies")
def divides_by_two_and_multiplies():
    def central_diff(f, x, h):
        right, left = f(x + h), f(x - h)
        half = (right - left) / 2
        return half * h

    return {"central_diff": central_diff}


@rewritten("central_run_of_one_step")
def central_run_of_one_step():
    def central_diff(f, x, h):
        rise = f(x + h) - f(x - h)
        run = h
        return rise / run

    return {"central_diff": central_diff}


@rewritten("rise_without_run")
def rise_without_run():
    def forward_diff(f, x, h):
        a, b = f(x), f(x + h)
        return b - a

    def central_diff(f, x, h):
        a, b = f(x - h), f(x + h)
        return b - a

    return {"forward_diff": forward_diff, "central_diff": central_diff}


@rewritten("central_is_forward")
def central_is_forward():
    def central_diff(f, x, h):
        here, there = f(x), f(x + h)
        return (there - here) * (1 / h)

    return {"central_diff": central_diff}


@rewritten("an_h_too_small_to_move")
def an_h_too_small_to_move():
    def rate(f, a, b):
        return (f(b) - f(a)) / 1e-40

    def forward_diff(f, x, h):
        return rate(f, x, x + 1e-40)

    def central_diff(f, x, h):
        return rate(f, x - 1e-40, x + 1e-40) / 2

    return {"forward_diff": forward_diff, "central_diff": central_diff}


@rewritten("cube_forward")
def cube_forward():
    return {"central_of_cube": "h^2 + 3x h + 3x^2"}


@rewritten("cube_without_its_error")
def cube_without_its_error():
    return {"central_of_cube": "x^2 + 2x^2"}


@rewritten("forward_is_backward")
def forward_is_backward():
    def forward_diff(f, x, h):
        return -(f(x - h) - f(x)) / h

    return {"forward_diff": forward_diff}


@rewritten("half_steps")
def half_steps():
    def central_diff(f, x, h):
        half = 0.5 * h
        return (f(x + half) - f(x - half)) / (2 * half)

    return {"central_diff": central_diff}


@rewritten("an_h_of_its_own")
def an_h_of_its_own():
    def forward_diff(f, x, h):
        h = 0.00001
        return (f(x + h) - f(x)) / h

    def central_diff(f, x, h):
        h = 0.00001
        return (f(x + h) - f(x - h)) / h / 2

    return {"forward_diff": forward_diff, "central_diff": central_diff}


@rewritten("nudges_in_place")
def nudges_in_place():
    def forward_diff(f, x, h):
        low = f(x)
        x += h
        high = f(x)
        return (high - low) / h

    def central_diff(f, x, h):
        x += h
        high = f(x)
        x -= h + h
        low = f(x)
        return (high - low) / (h + h)

    return {"forward_diff": forward_diff, "central_diff": central_diff}


# ----------------------------------------------------------------------------------------------- error_curve


def two_lines(draw):
    """An error_curve of which `draw(ax, name, hs, errors)` draws each line."""

    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        for name, diff in [("forward", forward_diff), ("central", central_diff)]:
            draw(ax, name, list(hs), [abs(diff(f, x, h) - df(x)) for h in hs])
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlabel("h")
        ax.set_ylabel("error")
        return ax

    return {"error_curve": error_curve}


@rewritten("linear_axes")
def linear_axes():
    def error_curve(f, df, x, hs):
        figure = plt.figure()
        ax = figure.add_subplot()
        forward = [max(1e-17, abs(forward_diff(f, x, h) - df(x))) for h in hs]
        central = [max(1e-17, abs(central_diff(f, x, h) - df(x))) for h in hs]
        ax.plot(hs, forward, label="forward")
        ax.plot(hs, central, label="central")
        i, j = int(np.argmin(forward)), int(np.argmin(central))
        ax.plot([hs[i]], [forward[i]], "o", label="best forward")
        ax.plot([hs[j]], [central[j]], "o", label="best central")
        ax.set_xlabel("h")
        ax.set_ylabel("error")
        return ax

    return {"error_curve": error_curve}


@rewritten("best_not_marked")
def best_not_marked():
    return two_lines(lambda ax, name, hs, errors: ax.plot(hs, np.maximum(errors, 1e-17), "x-", label=name))


@rewritten("zero_errors_left_out")
def zero_errors_left_out():
    def draw(ax, name, hs, errors):
        kept = [(h, e) for h, e in zip(hs, errors, strict=True) if e > 0]
        ax.plot([h for h, _ in kept], [e for _, e in kept], label=name)
        if kept:
            ax.scatter(*min(kept, key=lambda pair: pair[1]), label=f"best {name}")

    return two_lines(draw)


@rewritten("relative_errors")
def relative_errors():
    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        slope = df(x)
        for name, diff in [("forward", forward_diff), ("central", central_diff)]:
            errors = np.array([abs(1 - diff(f, x, h) / slope) for h in hs])
            errors[errors < 1e-17] = 1e-17
            best = errors.argmin()
            ax.loglog(hs, errors, label=name)
            ax.loglog([hs[best]], [errors[best]], "o", label="best " + name)
        ax.set(xlabel="h", ylabel="error")
        return ax

    return {"error_curve": error_curve}


@rewritten("differences_instead_of_errors")
def differences_instead_of_errors():
    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        for name, diff in [("forward", forward_diff), ("central", central_diff)]:
            heights = [max(abs(diff(f, x, h)), 1e-17) for h in hs]
            best = heights.index(min(heights))
            ax.loglog(hs, heights, label=name)
            ax.loglog(hs[best], heights[best], "o", label="best " + name)
        ax.set(xlabel="h", ylabel="error")
        return ax

    return {"error_curve": error_curve}


@rewritten("smallest_h_marked")
def smallest_h_marked():
    def draw(ax, name, hs, errors):
        errors = np.maximum(errors, 1e-17)
        ax.plot(hs, errors, label=name)
        last = hs.index(min(hs))
        ax.plot([hs[last]], [errors[last]], "*", label=f"best {name}")

    return two_lines(draw)


@rewritten("axes_swapped")
def axes_swapped():
    def draw(ax, name, hs, errors):
        errors = np.maximum(errors, 1e-17)
        best = errors.argmin()
        ax.plot(errors, hs, label=name)
        ax.plot([errors[best]], [hs[best]], "o", label=f"best {name}")

    return two_lines(draw)


@rewritten("curve_returns_nothing")
def curve_returns_nothing():
    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        ax.loglog(hs, [abs(forward_diff(f, x, h) - df(x)) for h in hs], label="forward")
        ax.loglog(hs, [abs(central_diff(f, x, h) - df(x)) for h in hs], label="central")

    return {"error_curve": error_curve}


# ---------------------------------------------------------------------------------------- numerical_gradient


@rewritten("whole_numbers_cut_off")
def whole_numbers_cut_off():
    def numerical_gradient(f, X, h=1e-5):
        slopes = np.zeros(X.shape)
        for place in np.ndindex(X.shape):
            old = X[place].copy()
            try:
                X[place] = old + h
                high = np.asarray(f(X))
                X[place] = old - h
                low = np.asarray(f(X))
            finally:
                X[place] = old
            if high.size > 1:
                raise ValueError("f gives several numbers")
            slopes[place] = (high.sum() - low.sum()) / (2 * h)
        return slopes

    return {"numerical_gradient": numerical_gradient}


@rewritten("not_put_back_when_f_raises")
def not_put_back_when_f_raises():
    def numerical_gradient(f, X, h=1e-5):
        Z = X if X.dtype == float else X * 1.0
        slopes = np.zeros(Z.shape)
        for place in np.ndindex(Z.shape):
            old = float(Z[place])
            Z[place] = old + h
            high = f(Z)
            Z[place] = old - h
            low = f(Z)
            Z[place] = old
            if np.size(high) != 1:
                raise ValueError("f gives several numbers")
            slopes[place] = (np.sum(high) - np.sum(low)) / (2 * h)
        return slopes

    return {"numerical_gradient": numerical_gradient}


@rewritten("put_back_by_subtracting")
def put_back_by_subtracting():
    def numerical_gradient(f, X, h=1e-5):
        Z = X if X.dtype == float else X.astype(float)
        slopes = np.empty(Z.shape)
        for at in np.ndindex(Z.shape):
            off = 0
            values = []
            try:
                for step in (h, -2 * h):
                    Z[at] += step
                    off += step
                    values.append(np.asarray(f(Z)))
            finally:
                Z[at] -= off
            if values[0].size != 1:
                raise ValueError("one number, please")
            slopes[at] = (values[0].item() - values[1].item()) / (2 * h)
        return slopes

    return {"numerical_gradient": numerical_gradient}


@rewritten("takes_the_first_number")
def takes_the_first_number():
    def numerical_gradient(f, X, h=1e-5):
        def value(Z):
            return np.ravel(f(Z))[0]

        G = np.zeros(X.shape)
        for i in np.ndindex(X.shape):
            E = np.zeros(X.shape)
            E[i] = h
            G[i] = (value(X + E) - value(X - E)) / (2 * h)
        return G

    return {"numerical_gradient": numerical_gradient}


@rewritten("adds_up_a_vector")
def adds_up_a_vector():
    def numerical_gradient(f, X, h=1e-5):
        G = np.zeros(X.shape)
        for i in np.ndindex(X.shape):
            up, down = X.astype(float), X.astype(float)
            up[i] = X[i] + h
            down[i] = X[i] - h
            G[i] = (np.sum(f(up)) - np.sum(f(down))) / (2 * h)
        return G

    return {"numerical_gradient": numerical_gradient}


@rewritten("gradient_divided_by_one_step")
def gradient_divided_by_one_step():
    def numerical_gradient(f, X, h=1e-5):
        G = np.zeros(X.shape)
        for i in np.ndindex(X.shape):
            E = np.zeros(X.shape)
            E[i] = h
            up, down = f(X + E), f(X - E)
            if np.size(up) != 1:
                raise ValueError("one number")
            G[i] = np.sum(up - down) / h
        return G

    return {"numerical_gradient": numerical_gradient}


@rewritten("one_sided")
def one_sided():
    def numerical_gradient(f, X, h=1e-5):
        G = np.zeros(X.shape)
        for i in np.ndindex(X.shape):
            E = np.zeros(X.shape)
            E[i] = h
            here, there = f(X + 0 * E), f(X + E)
            if np.size(here) != 1:
                raise ValueError("one number")
            G[i] = np.sum(there - here) / h
        return G

    return {"numerical_gradient": numerical_gradient}


@rewritten("nudges_a_row")
def nudges_a_row():
    def numerical_gradient(f, X, h=1e-5):
        slopes = np.empty(X.shape)
        for i in range(X.shape[0]):
            up, down = X.astype(float), X.astype(float)
            up[i] += h
            down[i] -= h
            slopes[i] = (f(up) - f(down)) / (2 * h)
        return slopes

    return {"numerical_gradient": numerical_gradient}


@rewritten("nudges_everything")
def nudges_everything():
    def numerical_gradient(f, X, h=1e-5):
        return central_diff(f, X, h)

    return {"numerical_gradient": numerical_gradient}


# -------------------------------------------------------------------------------------------- relative_error


@rewritten("absolute_error")
def absolute_error():
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("not the same shape")
        return np.max(np.abs(np.subtract(a, b)))

    return {"relative_error": relative_error}


@rewritten("by_the_sum_of_the_sizes")
def by_the_sum_of_the_sizes():
    def relative_error(a, b):
        a, b = np.atleast_1d(a), np.atleast_1d(b)
        if a.shape != b.shape:
            raise ValueError("not the same shape")
        size = np.abs(a) + np.abs(b)
        size[size == 0] = 1
        return np.max(np.abs(a - b) / size)

    return {"relative_error": relative_error}


@rewritten("by_the_first")
def by_the_first():
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("not the same shape")
        errors = []
        for x, y in zip(np.ravel(a), np.ravel(b), strict=True):
            errors.append(abs(x - y) / (abs(x) if x != 0 else 1))
        return float(np.max(errors))

    return {"relative_error": relative_error}


@rewritten("error_with_its_sign")
def error_with_its_sign():
    def relative_error(a, b):
        a, b = np.array(a), np.array(b)
        if a.shape != b.shape:
            raise ValueError("not the same shape")
        size = np.maximum(np.abs(a), np.abs(b))
        return float(((a - b) / np.where(size > 0, size, 1)).max())

    return {"relative_error": relative_error}


@rewritten("mean_of_the_errors")
def mean_of_the_errors():
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("not the same shape")
        errors = []
        for x, y in zip(np.ravel(a), np.ravel(b), strict=True):
            size = max(abs(x), abs(y))
            errors.append(abs(x - y) / size if size != 0 else 0.0)
        return sum(errors) / len(errors)

    return {"relative_error": relative_error}


@rewritten("one_length_by_another")
def one_length_by_another():
    def relative_error(a, b):
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape:
            raise ValueError("not the same shape")
        size = max(np.sqrt((a**2).sum()), np.sqrt((b**2).sum()))
        return np.sqrt(((a - b) ** 2).sum()) / size if size else 0.0

    return {"relative_error": relative_error}


@rewritten("a_floor_under_the_size")
def a_floor_under_the_size():
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("not the same shape")
        size = np.clip(np.maximum(np.abs(a), np.abs(b)), 1e-8, None)
        return float((np.abs(np.subtract(a, b)) / size).max())

    return {"relative_error": relative_error}


@rewritten("zero_by_zero")
def zero_by_zero():
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("not the same shape")
        with np.errstate(all="ignore"):
            return np.max(np.divide(np.abs(np.subtract(a, b)), np.maximum(np.abs(a), np.abs(b))))

    return {"relative_error": relative_error}


@rewritten("stretches_shapes")
def stretches_shapes():
    def relative_error(a, b):
        size = np.maximum(np.abs(a), np.abs(b))
        return np.max(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size)))

    return {"relative_error": relative_error}


@rewritten("loses_nan")
def loses_nan():
    def relative_error(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("not the same shape")
        worst = 0.0
        for x, y in zip(np.ravel(a), np.ravel(b), strict=True):
            size = max(abs(x), abs(y))
            if size and abs(x - y) / size > worst:
                worst = abs(x - y) / size
        return worst

    return {"relative_error": relative_error}


# ----------------------------------------------------------------------------------------------------- judge


@rewritten("only_the_first_entry")
def only_the_first_entry():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        errors = {}
        for name, array in params.items():
            first = (0,) * array.ndim
            old = array[first]
            values = []
            for to in (old + 1e-5, old - 1e-5):
                array[first] = to
                values.append(loss())
            array[first] = old
            errors[name] = relative_error(grads[name][first], (values[0] - values[1]) / 2e-5)
        return errors

    return {"gradient_check": gradient_check}


@rewritten("one_number_for_all")
def one_number_for_all():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        nudged = [numerical_gradient(lambda Z: loss(), params[name]).ravel() for name in params]
        given = [grads[name].ravel() for name in params]
        error = relative_error(np.concatenate(given), np.concatenate(nudged))
        return dict.fromkeys(params, error)

    return {"gradient_check": gradient_check}


@rewritten("dice_not_noticed")
def dice_not_noticed():
    def gradient_check(loss, grads, params):
        errors = {}
        for name in params:
            nudged = numerical_gradient(lambda Z: loss(), params[name], 1e-5)
            errors[name] = relative_error(nudged, grads[name])
        return errors

    return {"gradient_check": gradient_check}


@rewritten("nudges_a_copy")
def nudges_a_copy():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        errors = {}
        for name in params:
            mine = np.array(params[name])
            errors[name] = relative_error(grads[name], numerical_gradient(lambda Z: loss(), mine))
        return errors

    return {"gradient_check": gradient_check}


@rewritten("says_true_and_false")
def says_true_and_false():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        errors = {}
        for name in params:
            error = relative_error(grads[name], numerical_gradient(lambda Z: loss(), params[name]))
            if error < 1e-5:
                errors[name] = True
            else:
                errors[name] = False
        return errors

    return {"gradient_check": gradient_check}


@rewritten("believes_everything")
def believes_everything():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        for name in params:
            numerical_gradient(lambda Z: loss(), params[name])
        return dict.fromkeys(params, 0.0)

    return {"gradient_check": gradient_check}


@rewritten("judges_by_absolute_error")
def judges_by_absolute_error():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        errors = {}
        for name, array in params.items():
            difference = grads[name] - numerical_gradient(lambda Z: loss(), array)
            errors[name] = float(np.sum(np.abs(difference)) / difference.size)
        return errors

    return {"gradient_check": gradient_check}


# ----------------------------------------------------------------------------------------------------- kinks


@rewritten("says_where_it_is_not_safe")
def says_where_it_is_not_safe():
    def safe(pre, step):
        return np.logical_and(pre >= -step, pre <= step)

    return {"safe": safe}


@rewritten("only_above_zero")
def only_above_zero():
    def safe(pre, step):
        return np.array([[number - step > 0 for number in row] for row in pre])

    return {"safe": safe}


@rewritten("only_zero_itself")
def only_zero_itself():
    def safe(pre, step):
        return np.abs(pre) > 0

    return {"safe": safe}


@rewritten("twice_as_careful")
def twice_as_careful():
    def safe(pre, step):
        return (pre - 2 * step > 0) | (pre + 2 * step < 0)

    return {"safe": safe}


@rewritten("one_answer_for_all")
def one_answer_for_all():
    def safe(pre, step):
        return bool(np.min(np.abs(pre)) > step)

    return {"safe": safe}


# ----------------------------------------------------------------------------------------- random_directions


def along(draw, expected=None):
    """A directional_check with another direction, or another sum."""

    def directional_check(loss, grads, params, rng):
        old = {name: array.copy() for name, array in params.items()}
        v = {name: draw(rng, array.shape) for name, array in old.items()}
        values = []
        for s in (1e-5, -1e-5):
            for name in old:
                params[name] = old[name] + s * v[name]
            values.append(loss())
        params.update(old)
        total = sum(np.sum(grads[name] * v[name]) for name in old) if expected is None else expected(grads, v)
        return relative_error((values[0] - values[1]) / 2e-5, total)

    return {"directional_check": directional_check}


@rewritten("direction_of_ones")
def direction_of_ones():
    def directional_check(loss, grads, params, rng):
        h = 1e-5
        old = {name: array.copy() for name, array in params.items()}
        for name in params:
            params[name] = old[name] + h
        up = loss()
        for name in params:
            params[name] = old[name] - h
        down = loss()
        for name in params:
            params[name] = old[name]
        return relative_error((up - down) / (2 * h), sum(g.sum() for g in grads.values()))

    return {"directional_check": directional_check}


@rewritten("divides_by_the_number_of_entries")
def divides_by_the_number_of_entries():
    def mean(grads, v):
        products = np.concatenate([np.ravel(grads[name] * v[name]) for name in v])
        return products.mean()

    return along(lambda rng, shape: rng.standard_normal(shape), mean)


@rewritten("direction_divided_by_one_step")
def direction_divided_by_one_step():
    def directional_check(loss, grads, params, rng):
        h = 1e-5
        old = {name: array.copy() for name, array in params.items()}
        v = {name: rng.standard_normal(array.shape) for name, array in old.items()}
        ends = []
        for sign in (+1, -1):
            params.update({name: old[name] + sign * h * v[name] for name in old})
            ends.append(loss())
        params.update(old)
        return relative_error((ends[0] - ends[1]) / h, sum((grads[name] * v[name]).sum() for name in old))

    return {"directional_check": directional_check}


@rewritten("direction_with_an_absolute_error")
def direction_with_an_absolute_error():
    def directional_check(loss, grads, params, rng):
        h = 1e-5
        old = {name: array.copy() for name, array in params.items()}
        v = {name: rng.standard_normal(array.shape) for name, array in old.items()}
        ends = []
        for sign in (+1, -1):
            params.update({name: old[name] + sign * h * v[name] for name in old})
            ends.append(loss())
        params.update(old)
        return float(abs((ends[0] - ends[1]) / (2 * h) - sum((grads[name] * v[name]).sum() for name in old)))

    return {"directional_check": directional_check}


@rewritten("sum_of_sizes")
def sum_of_sizes():
    def sizes(grads, v):
        return sum(np.abs(grads[name] * v[name]).sum() for name in v)

    return along(lambda rng, shape: rng.standard_normal(size=shape), sizes)


@rewritten("only_positive_directions")
def only_positive_directions():
    return along(lambda rng, shape: 0.1 + 0.9 * rng.random(shape))


@rewritten("the_same_direction_always")
def the_same_direction_always():
    def directional_check(loss, grads, params, rng):
        h, rng = 1e-5, np.random.default_rng(0)
        old = {name: array.copy() for name, array in params.items()}
        v = {name: rng.standard_normal(array.shape) for name, array in old.items()}
        params.update({name: old[name] + h * v[name] for name in old})
        up = loss()
        params.update({name: old[name] - h * v[name] for name in old})
        down = loss()
        params.update(old)
        return relative_error((up - down) / (2 * h), sum((grads[name] * v[name]).sum() for name in old))

    return {"directional_check": directional_check}


# ---------------------------------------------------------------------------------------------- find_the_bug


@rewritten("keeps_the_last")
def keeps_the_last():
    class Value(Broken):
        def backward(self):
            order = []

            def visit(node):
                for before, _ in node.edges:
                    if before not in order:
                        visit(before)
                order.append(node)

            visit(self)
            self.grad = 1.0
            while order:
                node = order.pop()
                for before, slope in node.edges:
                    before.grad = node.grad * slope

    return {"Value": Value}


@rewritten("local_slopes_only")
def local_slopes_only():
    class Value(Broken):
        def backward(self):
            nodes = [self]
            for node in nodes:
                nodes.extend(before for before, _ in dict(node.edges).items() if before not in nodes)
            self.grad = 1.0
            for node in nodes:
                for before, slope in node.edges:
                    before.grad += slope

    return {"Value": Value}


@rewritten("still_fires_too_early")
def still_fires_too_early():
    class Value(Broken):
        def backward(self):
            self.grad = 1.0
            now, seen = [self], {self}
            while now:
                node = now.pop(0)
                for before, slope in node.edges:
                    before.grad += node.grad * slope
                    if before not in seen:
                        seen.add(before)
                        now.append(before)

    return {"Value": Value}


@rewritten("does_not_start")
def does_not_start():
    class Value(Broken):
        def backward(self):
            for before, slope in self.edges:
                before.grad += slope * self.grad
            for before, _ in self.edges:
                if before.edges and before.grad:
                    before.backward()

    return {"Value": Value}


@rewritten("walks_every_path")
def walks_every_path():
    class Value(Broken):
        def backward(self):
            paths, steps = [(self, 1.0)], 0
            while paths:
                steps += 1
                if steps > 3000:
                    raise RecursionError("still walking")
                node, arriving = paths.pop()
                node.grad += arriving
                paths += [(before, slope * arriving) for before, slope in node.edges]

    return {"Value": Value}


@rewritten("by_the_mean_of_the_sizes")
def over_the_average():
    def relative_error(a, b):
        a, b = np.array(a, dtype=float), np.array(b, dtype=float)
        if a.shape != b.shape:
            raise ValueError(f"{a.shape} and {b.shape}")
        average = 0.5 * (np.abs(a) + np.abs(b))
        average[average == 0] = 1
        return float((np.abs(b - a) / average).max())

    return {"relative_error": relative_error}


@rewritten("a_tiny_number_in_the_size")
def plus_epsilon():
    def relative_error(a, b):
        x, y = np.asarray(a), np.asarray(b)
        if np.shape(x) != np.shape(y):
            raise ValueError("not the same shape")
        size = np.where(np.abs(x) > np.abs(y), np.abs(x), np.abs(y))
        return float(np.amax(np.abs(x - y) / (size + 1e-12)))

    return {"relative_error": relative_error}


@rewritten("safe_where_relu_is_flat")
def off_with_and_without_the_nudge():
    def safe(pre, step):
        return np.maximum(np.asarray(pre) + step, 0) == 0

    return {"safe": safe}


@rewritten("judges_by_lengths")
def one_norm_over_another():
    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("the loss is random")
        errors = {}
        for name in params:
            nudged = numerical_gradient(lambda X: loss(), params[name]).ravel()
            given = np.ravel(grads[name])
            size = max(np.sqrt(nudged @ nudged), np.sqrt(given @ given))
            away = np.sqrt(np.sum((nudged - given) ** 2))
            errors[name] = float(away / size) if size > 0 else 0.0
        return errors

    return {"gradient_check": gradient_check}
