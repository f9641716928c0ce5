"""Known mistakes of `u4_gradient_check`: what each does, and what to ask."""

import functools
import warnings
from pathlib import Path

import numpy as np

from grader.testing import load_module, mistake, wrong_function

reference = functools.partial(load_module, Path(__file__).with_name("reference.py"))  # a fresh copy, to change

# ---------------------------------------------------------------------------------------- finite_differences

def differences(forward=None, central=None):
    """The reference's two differences, with one or both replaced."""
    names = {"forward_diff": forward, "central_diff": central}
    return {name: function for name, function in names.items() if function}

divides_by_two_and_multiplies = mistake(
    "finite_differences", lambda: differences(central=lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h),
    says="Python reads / 2*h as (.../2)*h. What has to stand in parentheses, so that the whole run divides?")
central_run_of_one_step = mistake(
    "finite_differences", lambda: differences(central=lambda f, x, h: (f(x + h) - f(x - h)) / h),
    says="From x - h to x + h: how wide is that run?")
rise_without_run = mistake(
    "finite_differences", lambda: differences(lambda f, x, h: f(x + h) - f(x), lambda f, x, h: f(x + h) - f(x - h)),
    says="That is how far f moves; how wide was the run?")
central_is_forward = mistake("finite_differences", lambda: differences(central=lambda f, x, h: (f(x + h) - f(x)) / h),
    says="The central difference is to lie evenly about x: where does your run begin?")
forward_is_backward = mistake("finite_differences", lambda: differences(forward=lambda f, x, h: (f(x) - f(x - h)) / h),
    says="Forward means from x to x + h. Where do you start?")
half_steps = mistake(
    "finite_differences", lambda: differences(central=lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h),
    says="Is a step of h taken to each side? Half a step each is central too, but not what the text says.")

@mistake("finite_differences", says="With an h as tiny as that, x + h is x for a float. And which h was given to you?")
def an_h_too_small_to_move():
    h = 1e-50
    return differences(lambda f, x, _: (f(x + h) - f(x)) / h, lambda f, x, _: (f(x + h) - f(x - h)) / (2 * h))

@mistake("finite_differences", says="You take a step of your own. Which h was given to you?")
def an_h_of_its_own():
    h = 1e-5
    return differences(lambda f, x, _: (f(x + h) - f(x)) / h, lambda f, x, _: (f(x + h) - f(x - h)) / (2 * h))

@mistake("finite_differences",
    says="x += h works on the caller's array: what does x hold afterwards? And can whole numbers hold it?")
def nudges_in_place():
    def forward_diff(f, x, h):
        before = f(x)
        x += h
        return (f(x) - before) / h

    def central_diff(f, x, h):
        x += h
        up = f(x)
        x -= 2 * h
        return (up - f(x)) / (2 * h)

    return differences(forward_diff, central_diff)

@mistake("finite_differences",
    says="3 + 1e-5 cannot be stored in an array of whole numbers. What becomes of the nudge?")
def keeps_whole_numbers_whole():
    def moved(x, h):
        return np.add(x, h).astype(np.asarray(x).dtype)

    return differences(
        lambda f, x, h: (f(moved(x, h)) - f(x)) / h, lambda f, x, h: (f(moved(x, h)) - f(moved(x, -h))) / (2 * h)
    )

cube_without_its_error = mistake("finite_differences", {"central_of_cube": "3*x**2"},
    says="That is the slope. The difference is not exact: what is left of the h*h*h?")
cube_forward = mistake("finite_differences", {"central_of_cube": "3*x**2 + 3*x*h + h**2"},
    says="That is the forward difference. Where does the central one start?")
cube_not_simplified = mistake("finite_differences", {"central_of_cube": "((x + h)**3 - (x - h)**3)/(2*h)"},
    says="The value is right. Multiply out and divide, until no division is left.")

brackets_forgotten_in_forward = mistake(
    "finite_differences", lambda: differences(forward=lambda f, x, h: f(x + h) - f(x) / h),
    says="Python divides first. In f(x + h) - f(x) / h, what is divided by h? Where do brackets belong?")
brackets_forgotten_in_central = mistake(
    "finite_differences", lambda: differences(central=lambda f, x, h: f(x + h) - f(x - h) / (2 * h)),
    says="Python divides first. In f(x + h) - f(x - h) / (2*h), what is divided? Where do brackets belong?")

# ----------------------------------------------------------------------------------------------- error_curve

def curve(
    *, error=lambda q, s: abs(q - s), floor=1e-17, scale="log", label="error", best=min,
    dots=True, swap=False, lines=True,
):
    """The reference's error_curve with one thing changed."""
    names = reference()
    plt = names["plt"]
    found = [("forward", names["forward_diff"]), ("central", names["central_diff"])]

    def error_curve(f, df, x, hs):
        _, ax = plt.subplots()
        for name, difference in found:
            errors = [(h, error(difference(f, x, h), df(x))) for h in hs]
            errors = [(h, max(e, floor)) for h, e in errors] if floor else [(h, e) for h, e in errors if e]
            if swap:
                errors = [(e, h) for h, e in errors]
            if lines:
                ax.plot(*zip(*errors, strict=True), label=name) if errors else ax.plot([], [], label=name)
            if dots and errors:
                h, e = best(errors, key=lambda pair: pair[0 if swap else 1])
                ax.plot([h], [e], "o", label=f"best {name}")
        with warnings.catch_warnings(action="ignore"):  # some of these have nothing that a logarithmic axis can show
            ax.set(xscale=scale, yscale=scale, xlabel="h" if label else "", ylabel=label)
        return ax

    return {"error_curve": error_curve}

linear_axes = mistake("error_curve", lambda: curve(scale="linear"),
    says="Look at your axes: are both of them logarithmic, and does each say what is drawn on it?")
axes_without_labels = mistake("error_curve", lambda: curve(label=""),
    says="Look at your axes: are both of them logarithmic, and does each say what is drawn on it?")
zero_errors_left_out = mistake("error_curve", lambda: curve(floor=0),
    says="Where the error is 0 your line has no point: tell the reader, by drawing it at 1e-17.")
zero_errors_at_zero = mistake("error_curve", lambda: curve(floor=-1),
    says="A logarithmic axis cannot show a 0: where does your line go there?")
errors_with_their_sign = mistake("error_curve", lambda: curve(error=lambda q, s: q - s),
    says="An error has no sign: where the difference is too small, is the error then the floor?")
errors_below_zero = mistake("error_curve", lambda: curve(error=lambda q, s: (q - s) or 1e-17, floor=0),
    says="Some of your errors are negative, and a logarithmic axis cannot show them. An error has no sign.")
relative_errors = mistake("error_curve", lambda: curve(error=lambda q, s: abs(q - s) / abs(s)),
    says="You divide the error by the slope. Asked for is how far the difference is from it.")
differences_instead_of_errors = mistake("error_curve", lambda: curve(error=lambda q, s: abs(q)),
    says="That is the difference itself. How far is it from the true slope?")
best_not_marked = mistake("error_curve", lambda: curve(dots=False),
    says="Which point of each line is the lowest? It is not the smallest h. Put a dot there, with its label.")
smallest_h_marked = mistake("error_curve", lambda: curve(best=lambda pairs, key: min(pairs)),
    says="Which point of each line is the lowest? It is not the smallest h. Put a dot there, with its label.")
worst_marked = mistake("error_curve", lambda: curve(best=max),
    says="Which point of each line is the lowest? It is not the smallest h. Put a dot there, with its label.")
axes_swapped = mistake("error_curve", lambda: curve(swap=True),
    says="Which of the two goes along the axis, h or the error?")

@mistake("error_curve", says="The drawing is there; what is to be given back is the Axes.")
def curve_returns_nothing():
    draw = curve()["error_curve"]
    return {"error_curve": lambda f, df, x, hs: draw(f, df, x, hs) and None}

smaller_is_always_better = mistake("error_curve", {"left_side": "d"},
    says="Smaller is better, but only down to a point: read the left half of your own figure.")
tiny_h_is_exact = mistake("error_curve", {"error_at_1e_17": 0.0, "left_side": "d"},
    says="If x + h is x, the difference is 0. Is that close to the slope, or far from it?")

@mistake("error_curve", says="One of the axes is logarithmic, and the other is not. Both span many powers of ten.")
def one_axis_logarithmic():
    right = curve()["error_curve"]

    def error_curve(f, df, x, hs):
        ax = right(f, df, x, hs)
        ax.set_yscale("linear")
        return ax

    return {"error_curve": error_curve}

# ---------------------------------------------------------------------------------------- numerical_gradient

def nudging(
    *, step=lambda h: h, divide=lambda h: 2 * h, back=True, ends=(1, -1), keep=False, careful=True,
    refuse=True, flat=False,
):
    """The reference's numerical_gradient with one thing changed."""
    def numerical_gradient(f, X, h=1e-5):
        whole = X if keep or X.dtype == float else X.astype(float)
        work = whole.ravel() if flat else whole
        gradient = np.zeros(X.shape)
        for index in np.ndindex(work.shape):
            before, values = work[index], []
            try:
                for way in ends:
                    work[index] = before + way * step(h)
                    values.append(np.asarray(f(whole)))
            except Exception:
                if careful:
                    work[index] = before
                raise
            if back:
                work[index] = before
            if refuse and values[0].size != 1:
                raise ValueError("one number")
            place = np.unravel_index(index[0], X.shape) if flat else index
            gradient[place] = (values[0].ravel()[0] - values[1].ravel()[0]) / divide(step(h))
        return gradient

    return {"numerical_gradient": numerical_gradient}

whole_numbers_cut_off = mistake("numerical_gradient", lambda: nudging(keep=True),
    says="In an array of whole numbers X[i] + h is cut off again: what does f then see?")

@mistake("numerical_gradient", says="The entry is not put back: at which place do you measure the next one?")
def not_put_back():
    return nudging(back=False)

not_put_back_when_f_raises = mistake("numerical_gradient", lambda: nudging(careful=False),
    says="If f raises an error, the entry stays nudged. Which words of Python run in any case?")

@wrong_function("numerical_gradient",
    says="Adding h and taking it off again does not give back exactly what was there. What could you keep?")
def put_back_by_subtracting(f, X, h=1e-5):
    work = X if X.dtype == float else X.astype(float)
    gradient = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        before = work[index]
        try:
            work[index] += h
            up = np.asarray(f(work))
            work[index] -= 2 * h
            down = np.asarray(f(work))
            work[index] += h
        except Exception:
            work[index] = before
            raise
        if up.size != 1:
            raise ValueError("one number")
        gradient[index] = (up.item() - down.item()) / (2 * h)
    return gradient

nudges_a_flat_copy = mistake("numerical_gradient", lambda: nudging(flat=True),
    says="ravel and reshape copy where X is a view on its side: does f ever see your nudge?")
takes_the_first_number = mistake("numerical_gradient", lambda: nudging(refuse=False),
    says="f gave more than one number, and you took the first: a gradient needs one number out.")

@mistake("numerical_gradient", says="f gave more than one number, and you added them up: whose gradient is that?")
def adds_up_a_vector():
    inner = nudging()["numerical_gradient"]
    return {"numerical_gradient": lambda f, X, h=1e-5: inner(lambda Z: np.sum(f(Z)), X, h)}

gradient_divided_by_one_step = mistake("numerical_gradient", lambda: nudging(divide=lambda h: h),
    says="The run from X - h to X + h is two steps wide. By how much do you divide?")
one_sided = mistake("numerical_gradient", lambda: nudging(ends=(1, 0), divide=lambda h: h),
    says="You step to one side only: is that the central difference?")
gradient_with_its_own_step = mistake("numerical_gradient", lambda: nudging(step=lambda h: 1e-5),
    says="You take a step of your own. Which h was given to you?")

@wrong_function("numerical_gradient", says="You nudge a whole row at a time: each entry has a slope of its own.")
def nudges_a_row(f, X, h=1e-5):
    gradient = np.zeros(X.shape)
    for row in range(X.shape[0]):
        nudge = np.zeros(X.shape)
        nudge[row] = h
        gradient[row] = (f(X + nudge) - f(X - nudge)) / (2 * h)
    return gradient

nudges_everything = mistake(
    "numerical_gradient", lambda: {"numerical_gradient": lambda f, X, h=1e-5: (f(X + h) - f(X - h)) / (2 * h)},
    says="All entries move at once: which of them made f move? Nudge one at a time.")

@wrong_function("numerical_gradient",
    says="You nudge all entries at once. Which of them moved the result? One at a time.")
def all_entries_at_once(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    return np.full(X.shape, (f(X + h) - f(X - h)) / (2 * h))

# -------------------------------------------------------------------------------------------- relative_error

def comparing(formula, *, shapes=True, join=None):
    """A `relative_error` with `formula(a, b)` for each entry."""
    def relative_error(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        if shapes and a.shape != b.shape:
            raise ValueError("shapes")
        with np.errstate(all="ignore"):
            return float((join or np.max)(formula(a, b)))

    return {"relative_error": relative_error}

def larger(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    return np.where(size == 0, 1.0, size)

absolute_error = mistake("relative_error", lambda: comparing(lambda a, b: abs(a - b)),
    says="That is how far apart they are. How large is that beside the numbers themselves?")

by_the_sum_of_the_sizes = mistake("relative_error",
    lambda: comparing(lambda a, b: abs(a - b) / np.where(abs(a) + abs(b) == 0, 1, abs(a) + abs(b))),
    says="You divide by the sum of the two sizes. The text divides by the larger one.")
by_the_mean_of_the_sizes = mistake("relative_error",
    lambda: comparing(lambda a, b: 2 * abs(a - b) / np.where(abs(a) + abs(b) == 0, 1, abs(a) + abs(b))),
    says="You divide by the mean of the two sizes. The text divides by the larger one.")
by_the_first = mistake("relative_error", lambda: comparing(lambda a, b: abs(a - b) / np.where(a == 0, 1, abs(a))),
    says="You divide by the first of the two. Which comes first must not matter: divide by the larger size.")

def smaller(a, b):
    size = np.minimum(np.abs(a), np.abs(b))
    return np.where((size == 0) & (a == b), 1.0, size)

by_the_smaller = mistake("relative_error", lambda: comparing(lambda a, b: abs(a - b) / smaller(a, b)),
    says="You divide by the smaller of the two sizes. Then 5 beside 0 is off by how much? Take the larger one.")
error_with_its_sign = mistake("relative_error", lambda: comparing(lambda a, b: (a - b) / larger(a, b)),
    says="An error has no sign: a negative one would pass every threshold. Where is the abs?")

mean_of_the_errors = mistake("relative_error",
    lambda: comparing(lambda a, b: abs(a - b) / larger(a, b), join=np.mean),
    says="In a mean, one wrong entry among a thousand disappears. Which entry should decide?")
by_the_largest_of_all = mistake(
    "relative_error", lambda: comparing(lambda a, b: abs(a - b) / larger(abs(a).max(), abs(b).max())),
    says="You divide by the largest number of all: beside it a small entry cannot be wrong. Each by its own size!")

@mistake("relative_error",
    says="You divide one length by another: beside large entries a small one cannot be wrong. Each by its own size!")
def one_length_by_another():
    norm = np.linalg.norm
    return comparing(lambda a, b: norm(a - b) / larger(norm(a), norm(b)))

@mistake("relative_error",
    says="You compare lengths, and an array with every sign turned has the same length: subtract first.")
def difference_of_lengths():
    norm = np.linalg.norm
    return comparing(lambda a, b: abs(norm(a) - norm(b)) / larger(norm(a), norm(b)))

a_floor_under_the_size = mistake("relative_error",
    lambda: comparing(lambda a, b: abs(a - b) / np.maximum(np.maximum(abs(a), abs(b)), 1e-8)),
    says="The size has a floor under it: what does that do to gradients that are small themselves?")
a_tiny_number_in_the_size = mistake("relative_error",
    lambda: comparing(lambda a, b: abs(a - b) / (np.maximum(abs(a), abs(b)) + 1e-12)),
    says="You add a tiny number to the size: what about numbers as tiny as that? Only 0 beside 0 is special.")
zero_by_zero = mistake("relative_error", lambda: comparing(lambda a, b: abs(a - b) / np.maximum(abs(a), abs(b))),
    says="0 beside 0 is 0/0 for you. They agree: which error should that be?")
stretches_shapes = mistake("relative_error", lambda: comparing(lambda a, b: abs(a - b) / larger(a, b), shapes=False),
    says="NumPy stretches one shape to fit the other, and compares each with each. Look at the shapes first.")
loses_nan = mistake("relative_error", lambda: comparing(lambda a, b: abs(a - b) / larger(a, b), join=np.nanmax),
    says="A nan gets lost on the way: what does your maximum make of it?")

@wrong_function("relative_error",
    says="The zeros are replaced in the array that you were given. What does it hold afterwards?")
def writes_into_the_arguments(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError("shapes")
    if np.ndim(a):
        a[a == 0], b[b == 0] = 1e-300, 2e-300
    return float(np.max(np.abs(a - b) / larger(a, b)))

@wrong_function("relative_error", within=comparing,
    says="-3 is larger in size than 2. What do you take the larger of, the numbers or their sizes?")
def larger_of_the_numbers(a, b):
    size = np.maximum(a, b)
    return np.where(size == 0, 0, abs(a - b) / np.where(size == 0, 1, size))

# ----------------------------------------------------------------------------------------------------- judge

def judging(verdict, *, dice=True):
    """A `gradient_check` that asks `verdict(names of the reference, loss, gradient, array)` for each name."""
    names = reference()

    def gradient_check(loss, grads, params):
        if dice and loss() != loss():
            raise ValueError("dice")
        return {name: verdict(names, loss, grads[name], params[name]) for name in params}

    return {"gradient_check": gradient_check}

def full(names, loss, gradient, values):
    return names["relative_error"](gradient, names["numerical_gradient"](lambda _: loss(), values))

@wrong_function("judge", within=judging,
    says="You nudge one entry of each array. One wrong entry among many: would you ever meet it?")
def only_the_first_entry(names, loss, gradient, values):
    flat = values.reshape(-1)
    before = flat[0]
    flat[0] = before + 1e-5
    up = loss()
    flat[0] = before - 1e-5
    down = loss()
    flat[0] = before
    return names["relative_error"](gradient.reshape(-1)[0], (up - down) / 2e-5)

@mistake("judge",
    says="Every name gets the same number: which of the parameters is wrong? A large matrix hides a wrong bias.")
def one_number_for_all():
    names = reference()

    def gradient_check(loss, grads, params):
        if loss() != loss():
            raise ValueError("dice")
        error = max(full(names, loss, grads[name], params[name]) for name in params)
        return dict.fromkeys(params, error)

    return {"gradient_check": gradient_check}

@mistake("judge", says="A loss that is random by a tiny amount is random: divided by h, how large is that?")
def dice_noticed_if_large():
    check = judging(full, dice=False)["gradient_check"]

    def gradient_check(loss, grads, params):
        if not np.isclose(loss(), loss(), rtol=1e-6):
            raise ValueError("dice")
        return check(loss, grads, params)

    return {"gradient_check": gradient_check}

dice_not_noticed = mistake("judge", lambda: judging(full, dice=False),
    says="A loss that throws dice is judged as if it did not. How can you tell, before you nudge?")

@wrong_function("judge", within=judging,
    says="The loss is called more often than needed: which of your calls asks what you know already?")
def a_call_too_many(names, loss, gradient, values):
    loss()
    return full(names, loss, gradient, values)

compares_with_nothing = mistake(
    "judge", lambda: judging(lambda names, loss, gradient, values: full(names, loss, 0 * gradient, values)),
    says="Every slope that is not 0 is 1.0 off in your judge, right or wrong. Does it look at grads at all?")
nudges_a_copy = mistake(
    "judge", lambda: judging(lambda names, loss, gradient, values: full(names, loss, gradient, values.copy())),
    says="You nudge a copy, and loss() reads params: does it ever see your nudge?")

@wrong_function("judge", within=judging,
    says="A one-sided difference is off by about as much as the threshold. Which of your two differences is better?")
def judges_with_forward_differences(names, loss, gradient, values):
    found, here = np.zeros(values.shape), loss()
    for index in np.ndindex(values.shape):
        before = values[index]
        values[index] = before + 1e-5
        found[index] = (loss() - here) / 1e-5
        values[index] = before
    return names["relative_error"](gradient, found)

says_true_and_false = mistake("judge", lambda: judging(lambda *args: full(*args) < 1e-5),
    says="You say right or wrong. Say how wrong, as a number for each name.")

@wrong_function("judge", within=judging,
    says="That is how far apart they are, in the mean. Asked for is the relative error of the worst entry.")
def judges_by_absolute_error(names, loss, gradient, values):
    nudged = names["numerical_gradient"](lambda _: loss(), values)
    return float(np.abs(gradient - nudged).mean())
@wrong_function("judge", within=judging,
    says="You compare the lengths of whole arrays: a small wrong entry hides behind large ones. Ask relative_error.")
def judges_by_lengths(names, loss, gradient, values):
    norm, nudged = np.linalg.norm, names["numerical_gradient"](lambda _: loss(), values)
    return float(norm(gradient - nudged) / larger(norm(gradient), norm(nudged)))

@wrong_function("judge", within=judging,
    says="Your judge believes everything. Does it compare with the gradient that was handed in?")
def believes_everything(names, loss, gradient, values):
    nudged = names["numerical_gradient"](lambda _: loss(), values)
    return names["relative_error"](nudged, nudged)

@wrong_function("judge", within=judging,
    says="params is not exactly what it was: adding h and taking it off again leaves a trace.")
def judge_puts_back_by_subtracting(names, loss, gradient, values):
    found = np.zeros(values.shape)
    for index in np.ndindex(values.shape):
        values[index] += 1e-5
        up = loss()
        values[index] -= 2e-5
        found[index] = (up - loss()) / 2e-5
        values[index] += 1e-5
    return names["relative_error"](gradient, found)

@wrong_function("judge", within=judging,
    says="The mean over the entries hides one wrong entry among many, and 0 beside 0 gives nan. Which entry counts?")
def mean_of_the_entries(names, loss, gradient, values):
    nudged = names["numerical_gradient"](lambda _: loss(), values)
    with np.errstate(all="ignore"):
        return float(np.mean(abs(nudged - gradient) / np.maximum(abs(nudged), abs(gradient))))

# ----------------------------------------------------------------------------------------------------- kinks

def saying(formula):
    return {"safe": formula}

says_where_it_is_not_safe = mistake("kinks", lambda: saying(lambda pre, step: abs(pre) <= step),
    says="You mark what is in danger. True should stand where it is safe.")
only_above_zero = mistake("kinks", lambda: saying(lambda pre, step: pre > step),
    says="And below 0? A number far on the left of the kink is safe as well.")
safe_where_relu_is_flat = mistake("kinks", lambda: saying(lambda pre, step: pre < -step),
    says="And above 0? Far on the right of the kink relu climbs evenly, and no nudge carries it across.")
positive_is_safe = mistake("kinks", lambda: saying(lambda pre, step: pre > 0),
    says="You ask only on which side of 0 a number is. How far away must it be, for a nudge of one step?")
only_zero_itself = mistake("kinks", lambda: saying(lambda pre, step: pre != 0),
    says="Not only 0 itself is in danger: from how far can a nudge reach it?")
twice_as_careful = mistake("kinks", lambda: saying(lambda pre, step: abs(pre) > 2 * step),
    says="A nudge goes one step to each side, and not two. How far from 0 is far enough?")
half_as_careful = mistake("kinks", lambda: saying(lambda pre, step: abs(pre) > step / 2),
    says="How far does one nudge go? You allow numbers that it can carry across 0.")
one_answer_for_all = mistake("kinks", lambda: saying(lambda pre, step: bool((abs(pre) > step).all())),
    says="One answer for the whole array: which of the entries is safe?")
one_answer_for_each_row = mistake("kinks", lambda: saying(lambda pre, step: (abs(pre) > step).all(axis=1)),
    says="One answer for each row is too few: give one for each entry.")
row_by_row = mistake(
    "kinks", lambda: saying(lambda pre, step: np.tile((abs(pre) > step).all(axis=1)[:, None], (1, pre.shape[1]))),
    says="One number in danger makes its whole row unsafe. Does a nudge of the others depend on it?")
hunts_a_bug_at_a_kink = mistake("kinks", {"at_a_kink": "a"},
    says="Your gradient is right there: the nudge crossed the kink. What can be moved, other than the gradient?")
raises_the_threshold = mistake("kinks", {"at_a_kink": "d"},
    says="A judge with a higher threshold lets more pass than kinks. What can be moved instead?")

@mistake("kinks", says="You trust the central difference more than the picture: how steep is relu at x itself?")
def trusts_the_central_difference():
    return {"kink_true": reference()["kink_central"], "at_a_kink": "a"}

# ----------------------------------------------------------------------------------------- random_directions

def walking(
    *, draw=None, leave=(), run=lambda h: 2 * h, expected=None, relative=True, back="keep", ends=(1, -1), keep_rng=True
):
    """The reference's directional_check with one thing changed."""
    names = reference()
    draw = draw or (lambda rng, shape: rng.standard_normal(shape))

    def directional_check(loss, grads, params, rng):
        h, losses = 1e-5, []
        source = rng if keep_rng else np.random.default_rng(0)
        before = {name: values.copy() for name, values in params.items()}
        v = {name: draw(source, values.shape) * (name not in leave) for name, values in params.items()}
        at = 0
        for way in ends:
            for name in params:
                if back == "keep":
                    params[name][...] = before[name] + way * h * v[name]
                else:
                    params[name] += (way - at) * h * v[name]
            at = way
            losses.append(loss())
        for name in params:
            if back == "keep":
                params[name][...] = before[name]
            elif back == "subtract":
                params[name] -= at * h * v[name]
        nudged = (losses[0] - losses[1]) / run(h)
        parts = [np.sum(grads[name] * v[name]) for name in params]
        wanted = expected(parts, grads, v) if expected else sum(parts)
        return names["relative_error"](nudged, wanted) if relative else abs(nudged - wanted)

    return {"directional_check": directional_check}

direction_of_ones = mistake("random_directions", lambda: walking(draw=lambda rng, shape: np.ones(shape)),
    says="Along a v of ones, errors that add up to nothing go unheard: draw v.")
product_of_the_sums = mistake("random_directions",
    lambda: walking(expected=lambda parts, grads, v: sum(grads[name].sum() * v[name].sum() for name in v)),
    says="You multiply two sums. Each weight has its own slope and its own speed: what is multiplied before adding up?",
)
one_number_for_each_array = mistake(
    "random_directions", lambda: walking(draw=lambda rng, shape: np.full(shape, rng.standard_normal())),
    says="All weights of an array move at the same speed. Does each have a number of its own in the direction?")
only_positive_directions = mistake(
    "random_directions", lambda: walking(draw=lambda rng, shape: rng.uniform(0.1, 1.0, shape)),
    says="All numbers of your direction are positive: can it go down as well as up?")
the_same_direction_always = mistake("random_directions", lambda: walking(keep_rng=False),
    says="You draw from a generator of your own: does a second call take another direction?")

@mistake("random_directions",
    says="You draw from NumPy's global generator. The direction should come from rng, so that it can be repeated.")
def draws_from_the_global_generator():
    return walking(draw=lambda rng, shape: np.random.standard_normal(shape))

divides_by_the_number_of_entries = mistake("random_directions",
    lambda: walking(expected=lambda parts, grads, v: sum(parts) / sum(np.size(g) for g in grads.values())),
    says="Compare like with like: is the sum of grads * v to be divided by the number of entries?",
)
direction_divided_by_one_step = mistake("random_directions", lambda: walking(run=lambda h: h),
    says="From p - h*v to p + h*v: how wide is that run?")
direction_with_an_absolute_error = mistake("random_directions", lambda: walking(relative=False),
    says="That is how far apart the two slopes are. How large is that beside the slopes themselves?")
leaves_one_param_out = mistake("random_directions", lambda: walking(leave=("b",)),
    says="One of the params is never moved: who then hears of an error in it?")
params_put_back_by_subtracting = mistake("random_directions", lambda: walking(back="subtract"),
    says="Adding h*v and taking it off again does not give back exactly what was there. What could you keep?")
second_call_at_the_start = mistake("random_directions", lambda: walking(ends=(1, 0)),
    says="From p + h*v you go back to p, and not beyond it: how wide is the run between your two calls?")
direction_one_sided = mistake("random_directions", lambda: walking(ends=(1, 0), run=lambda h: h),
    says="One step forward, and none back: which formula does the text give for the slope along v?")
sum_of_sizes = mistake("random_directions",
    lambda: walking(expected=lambda parts, grads, v: sum(abs(grads[name] * v[name]).sum() for name in v)),
    says="The slope along v is a sum of gradient times v. What becomes of the signs in your sum?",
)

@mistake("random_directions", says="w0 moves at the speed v0, and w1 at the speed v1: where are they in your answer?")
def slope_along_without_speeds():
    return {"slope_along": reference()["slope_along"].replace("*v0", "").replace("*v1", "")}

@mistake("random_directions", says="Which of the two speeds belongs to w0, and which to w1?")
def slope_along_with_swapped_speeds():
    text = reference()["slope_along"]
    return {"slope_along": text.replace("*v0", "*V").replace("*v1", "*v0").replace("*V", "*v1")}

gradient_without_the_direction = mistake(
    "random_directions", lambda: walking(expected=lambda parts, grads, v: sum(grad.sum() for grad in grads.values())),
    says="You add up the gradient without v. How much does a weight contribute when it moves at its own speed?")

@mistake("random_directions",
    says="loss is called twice in all. Move all the params along v together, not one name after the other.")
def one_name_after_the_other():
    names = reference()

    def directional_check(loss, grads, params, rng):
        errors = []
        for name, values in params.items():
            v, before = rng.standard_normal(values.shape), values.copy()
            values[...] = before + 1e-5 * v
            up = loss()
            values[...] = before - 1e-5 * v
            down = loss()
            values[...] = before
            errors.append(names["relative_error"]((up - down) / 2e-5, (grads[name] * v).sum()))
        return max(errors)

    return {"directional_check": directional_check}

# ---------------------------------------------------------------------------------------------- find_the_bug

def showing(inputs, build):
    return {"failing_graph": lambda: (inputs, build)}

one_operation = mistake("find_the_bug", lambda: showing([0.5, 1.5], lambda a, b: a * b),
    says="A single operation: there both engines agree. Reuse a node, or let two ways differ in length.")
reuses_an_input = mistake("find_the_bug", lambda: showing([0.5, 1.5], lambda a, b: a * b + b),
    says="You reuse an input, and an input has nothing to pass on. Reuse a node that was itself made from others.")

@mistake("find_the_bug", says="The function is called already: return the function itself, without the parentheses.")
def build_is_called():
    names = reference()
    return {"failing_graph": lambda: ([0.5], names["Broken"](0.5) * 2.0)}

a_graph_that_raises = mistake("find_the_bug", lambda: showing([0.5], lambda a: a / 0.0),
    says="Your graph raises an error, and an error is no verdict: compare slopes.")

@wrong_function("find_the_bug", within=lambda build: showing([0.5, 1.5], build),
    says="The bug shows, and could show in a smaller graph: what can be left out?")
def a_graph_that_is_large(a, b):
    inner = (a * b).tanh() * a + b
    return (inner + inner.tanh()) * (inner.tanh() + inner)

def engine(backward):
    """The reference with another way back in its Value."""
    names = reference()
    names["Value"].backward = backward
    return names

@wrong_function("find_the_bug", within=engine,
    says="A node that is used twice gets its slope from the last use only. What about the others?")
def keeps_the_last(self):
    order = _in_order(self)
    self.grad = 1.0
    for node in order:
        for before, slope in node.edges:
            before.grad = slope * node.grad

@wrong_function("find_the_bug", within=engine,
    says="Only the slope of each single step is passed on: multiply by what arrives from above.")
def local_slopes_only(self):
    order = _in_order(self)
    self.grad = 1.0
    for node in order:
        for before, slope in node.edges:
            before.grad += slope

@wrong_function("find_the_bug", within=engine,
    says="Still the same: a node passes on its gradient more than once, and what it passed before a second time.")
def still_sends_again(self):
    self.grad = 1.0

    def send(node, seen):
        for before, slope in node.edges:
            before.grad += slope * node.grad
            if len(seen) < 2000:  # else forty doublings would never end
                seen.append(before)
                send(before, seen)

    send(self, [])

@mistake("find_the_bug", says="A node fires before one of its users has spoken: when is its gradient complete?")
def still_fires_too_early():
    from kit import walks

    return engine(walks.level_by_level)

@wrong_function("find_the_bug", within=engine,
    says="You go level by level. A node with a short way and a long way passes on before it has heard everything.")
def level_after_level(self):
    self.grad, level = 1.0, [self]
    while level:
        below = []
        for node in level:
            for before, slope in node.edges:
                before.grad += slope * node.grad
                if before not in below:
                    below.append(before)
        level = below

@wrong_function("find_the_bug", within=engine,
    says="Nothing arrives: what is the slope of the last node with respect to itself?")
def does_not_start(self):
    for node in _in_order(self):
        for before, slope in node.edges:
            before.grad += slope * node.grad

@wrong_function("find_the_bug", within=engine,
    says="Every path is walked by itself: after forty doublings, how many are there? Send once for each node.")
def walks_every_path(self):
    budget = [3000]

    def send(node, arriving):
        budget[0] -= 1
        if budget[0] < 0:
            raise TimeoutError("it would go on for years")
        node.grad += arriving
        for before, slope in node.edges:
            send(before, slope * arriving)

    send(self, 1.0)

def _in_order(out):
    """Every node before the nodes that it was made from."""
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for before, _ in node.edges:
                visit(before)
            order.append(node)

    visit(out)
    return order[::-1]

@mistake("find_the_bug", says="Return two things: a list of numbers, and the function. Where are the numbers?")
def only_build_is_returned():
    def build(a):
        inner = a * a
        return (inner + a) * inner

    return {"failing_graph": lambda: build}

@wrong_function("find_the_bug", within=engine,
    says="You go from the inputs to the end. Nothing has arrived there yet: from which end do you start?")
def inputs_first(self):
    self.grad = 1.0
    for node in _in_order(self)[::-1]:
        for before, slope in node.edges:
            before.grad += slope * node.grad

# ---------------------------------------------------------------------------------------------- neighbouring forms

central_adds_the_values = mistake(
    "finite_differences", lambda: differences(central=lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h)),
    says="central_diff: a rise is what f gains on the way. Do you add the two values, or subtract them?")
half_steps_over_the_whole_run = mistake(
    "finite_differences", lambda: differences(central=lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / (2 * h)),
    says="central_diff: you go half a step to each side. How wide is that run?")
divided_by_the_place = mistake(
    "finite_differences", lambda: differences(forward=lambda f, x, h: (f(x + h) - f(x)) / (x + h)),
    says="forward_diff: you divide by where you arrive. How far did you go?")
forward_the_wrong_way_round = mistake(
    "finite_differences", lambda: differences(forward=lambda f, x, h: (f(x) - f(x + h)) / h),
    says="forward_diff: where f climbs, the rate should be positive. In which order do you subtract?")

@mistake("error_curve", says="Which of your lines is which? Look at their labels.")
def labels_exchanged():
    names = reference()
    right, forward, central = (names[name] for name in ("error_curve", "forward_diff", "central_diff"))
    names["forward_diff"], names["central_diff"] = central, forward
    return {"error_curve": right}

tiny_sizes_agree = mistake(
    "relative_error", lambda: comparing(lambda a, b: np.where(
        np.maximum(abs(a), abs(b)) < 1e-12, 0, abs(a - b) / np.maximum(np.maximum(abs(a), abs(b)), 1e-12))),
    says="Tiny numbers agree for you, whatever they are. Where does the text make that exception?")
a_tiny_number_below = mistake(
    "relative_error", lambda: comparing(lambda a, b: abs(a - b) / (np.maximum(abs(a), abs(b)) + 1e-8)),
    says="The size has something added to it: what does that do to gradients that are small themselves?")

@wrong_function("judge", within=judging,
    says="That is how far apart they are. Asked for is the relative error of the worst entry.")
def judges_by_the_largest_difference(names, loss, gradient, values):
    return float(np.abs(gradient - names["numerical_gradient"](lambda _: loss(), values)).max())

@wrong_function("judge", within=judging,
    says="All entries move at once, so two wrong slopes may make up for each other. How is a single entry judged?")
def all_entries_nudged_at_once(names, loss, gradient, values):
    before, ends = values.copy(), []
    for step in (1e-5, -1e-5):
        values[...] = before + step
        ends.append(loss())
    values[...] = before
    return names["relative_error"](np.sum(gradient), (ends[0] - ends[1]) / 2e-5)

@wrong_function("find_the_bug", within=engine,
    says="A node is listed before its inputs are visited. Has it heard all its users when its turn comes?")
def in_the_order_of_the_first_visit(self):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            for before, _ in node.edges:
                visit(before)

    visit(self)
    self.grad = 1.0
    for node in order:
        for before, slope in node.edges:
            before.grad += slope * node.grad
