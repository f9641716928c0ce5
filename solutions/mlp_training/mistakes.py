"""Known mistakes of `mlp_training`: what each does, which hidden tests it fails, and what to ask."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, mistake

REFERENCE = Path(__file__).with_name("reference.py")
# what a wrong answer builds on: the hidden tests may put other things under these names
_NAMES = load_module(REFERENCE)
forward, backward, mse, dmse = (_NAMES[name] for name in ("forward", "backward", "mse", "dmse"))
init_params, Value, vjp_linear = (_NAMES[name] for name in ("init_params", "Value", "vjp_linear"))


def refuse(P, Y):
    """What the text asks for where the shapes differ."""
    if P.shape != Y.shape:
        raise ValueError("make the shapes alike first")


# ------------------------------------------------------------------------------------------------------ mse


def loss_with(value=None, slope=None):
    """`mse` and `dmse` that compute these, and refuse other shapes."""

    def mse(P, Y):
        refuse(P, Y)
        return value(P, Y)

    def dmse(P, Y):
        refuse(P, Y)
        return slope(P, Y)

    return ({"mse": mse} if value else {}) | ({"dmse": dmse} if slope else {})


SLOPE = ["test_dmse_is_the_slope_of_each_entry"]
VALUE = ["test_mse_is_the_mean_over_all_entries"]


@mistake(
    "mse", fails=SLOPE, says="Your slopes are half of what they should be, everywhere: where is the 2 of the square?"
)
def slope_without_the_2():
    return loss_with(slope=lambda P, Y: (P - Y) / P.size)


@mistake("mse", fails=SLOPE, says="Which mean does the text ask for: over the rows, or over all n*k entries?")
def slope_over_rows():
    return loss_with(slope=lambda P, Y: 2 * (P - Y) / len(P))


@mistake("mse", fails=SLOPE, says="That is the slope of the sum. What does the mean do to each slope?")
def slope_of_the_sum():
    return loss_with(slope=lambda P, Y: 2 * (P - Y))


@mistake(
    "mse",
    fails=[*SLOPE, "test_perfect_predictions_and_whole_numbers"],
    says="Where p is too large, the loss grows with it. Which sign should the slope have there?",
)
def slope_turned_around():
    return loss_with(slope=lambda P, Y: 2 * (Y - P) / P.size)


@mistake("mse", fails=VALUE, says="Divided by what? Every row has k entries: count them all.")
def mean_over_rows():
    return loss_with(value=lambda P, Y: float(((P - Y) ** 2).sum() / len(P)))


@mistake(
    "mse",
    fails=VALUE + SLOPE,
    says="Value and slope agree, and both divide by the number of rows. Which mean does the text ask for?",
)
def both_over_rows():
    return loss_with(lambda P, Y: float(((P - Y) ** 2).sum() / len(P)), lambda P, Y: 2 * (P - Y) / len(P))


@mistake("mse", fails=VALUE + SLOPE, says="Some books take half of the mean, so that the 2 goes away. Here it stays.")
def half_of_the_mean():
    return loss_with(lambda P, Y: float(((P - Y) ** 2).mean() / 2), lambda P, Y: (P - Y) / P.size)


@mistake("mse", fails=VALUE, says="That is the sum of the squares. And their mean?")
def sum_of_squares():
    return loss_with(value=lambda P, Y: float(((P - Y) ** 2).sum()))


@mistake("mse", fails=VALUE, says="You took the root as well. Which of the two does the text ask for?")
def root_of_the_mean():
    return loss_with(value=lambda P, Y: float(np.sqrt(((P - Y) ** 2).mean())))


@mistake("mse", fails=VALUE, says="That is the mean of the sizes of the errors. What happens to each error first?")
def mean_of_sizes():
    return loss_with(value=lambda P, Y: float(np.abs(P - Y).mean()))


@mistake(
    "mse",
    fails=VALUE,
    says="Errors above and below cancel here. Square first, and take the mean then?",
)
def square_of_the_mean():
    return loss_with(value=lambda P, Y: float((P - Y).mean() ** 2))


@mistake(
    "mse",
    fails=[
        *VALUE,
        "test_other_shapes_raise_a_value_error",
        "test_mse_and_dmse_change_nothing",
        "test_perfect_predictions_and_whole_numbers",
    ],
    says="You have one mean for each column. A loss is a single number: over which entries is the mean?",
)
def a_mean_for_each_column():
    return loss_with(value=lambda P, Y: ((P - Y) ** 2).mean(axis=0))


@mistake(
    "mse",
    fails=["test_other_shapes_raise_a_value_error"],
    says="(n, 1) minus (n,) makes a table of n x n, and nobody notices. What does the text ask you to raise?",
)
def shapes_not_compared():
    return {
        "mse": lambda P, Y: float(np.mean((P - Y) ** 2)),
        "dmse": lambda P, Y: 2 * (P - Y) / np.size(P),
    }


@mistake(
    "mse",
    fails=["test_mse_and_dmse_change_nothing"],
    says="After the call, P is no longer what it was. P -= Y writes into P: what does P - Y do?",
)
def writes_into_predictions():
    def error(P, Y):
        P -= Y
        return P

    return loss_with(lambda P, Y: float(np.mean(error(P, Y) ** 2)), lambda P, Y: 2 * error(P, Y) / P.size)


@mistake(
    "mse",
    fails=["test_the_slope_of_one_entry_on_paper"],
    says="On paper: a mean over n*k entries. Where are the n and the k?",
)
def on_paper_without_the_mean():
    return {"slope_of_entry": "2*(p - y)"}


@mistake(
    "mse",
    fails=["test_the_slope_of_one_entry_on_paper"],
    says="On paper: what does the square bring down in front?",
)
def on_paper_without_the_2():
    return {"slope_of_entry": "(p - y)/(n*k)"}


# ---------------------------------------------------------------------------------------------- init_params


def start_with(weight, bias=lambda dout, rng: np.zeros(dout)):
    """An `init_params` that makes each W by `weight(din, dout, rng)`."""

    def init_params(sizes, rng):
        return [(weight(i, o, rng), bias(o, rng)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]  # noqa: RUF007

    return {"init_params": init_params}


WIDE = ["test_spread_of_the_weights"]
ALIKE = [*WIDE, "test_weights_are_normal_and_all_different", "test_all_chance_comes_from_rng"]


@mistake(
    "init_params",
    fails=[*ALIKE, "test_biases_start_at_zero"],
    says="All weights are 0: every hidden unit gets the same slope, and they never part. What did your prediction say?",
)
def all_zeros():
    return start_with(lambda i, o, rng: np.zeros((i, o)))


@mistake(
    "init_params",
    fails=ALIKE,
    says="All weights of a layer are the same: two units that start alike stay alike. Where does chance come in?",
)
def all_alike():
    return start_with(lambda i, o, rng: np.full((i, o), 1 / np.sqrt(i)))


@mistake(
    "init_params",
    fails=["test_all_chance_comes_from_rng"],
    says="Every call makes the same net. Who decides about the seed, your function or the caller?",
)
def generator_of_its_own():
    return start_with(lambda i, o, rng: np.random.default_rng(0).normal(size=(i, o)) / np.sqrt(i))


@mistake(
    "init_params",
    fails=["test_all_chance_comes_from_rng"],
    says="The caller decides about the seed, and hands you `rng`. What does np.random.seed do to everybody else?",
)
def seeds_everything():
    def weight(i, o, rng):
        np.random.seed(0)
        return np.random.normal(size=(i, o)) / np.sqrt(i)

    return start_with(weight)


@mistake("init_params", fails=WIDE, says="Your weights are of spread 1 in every layer. What happens to a sum of many?")
def spread_one():
    return start_with(lambda i, o, rng: rng.normal(size=(i, o)))


@mistake(
    "init_params", fails=WIDE, says="You divide by din. The sum of din random terms grows like its root, not like din?"
)
def divided_by_din():
    return start_with(lambda i, o, rng: rng.normal(size=(i, o)) / i)


@mistake("init_params", fails=WIDE, says="You divide by √dout. How many terms does each sum of the layer have?")
def divided_by_root_of_dout():
    return start_with(lambda i, o, rng: rng.normal(size=(i, o)) / np.sqrt(o))


@mistake("init_params", fails=WIDE, says="You multiply by √din. Should many inputs make a weight larger or smaller?")
def times_root_of_din():
    return start_with(lambda i, o, rng: rng.normal(size=(i, o)) * np.sqrt(i))


@mistake(
    "init_params",
    fails=[*WIDE, "test_weights_are_normal_and_all_different"],
    says="Your weights are all positive. Around which number should they lie?",
)
def all_positive():
    return start_with(lambda i, o, rng: rng.random((i, o)) / np.sqrt(i))


@mistake(
    "init_params",
    fails=[*WIDE, "test_weights_are_normal_and_all_different"],
    says="Between -1/√din and 1/√din, all alike likely: that has another spread. What does the text draw?",
)
def uniform():
    return start_with(lambda i, o, rng: rng.uniform(-1, 1, size=(i, o)) / np.sqrt(i))


@mistake(
    "init_params",
    fails=[*ALIKE, "test_biases_start_at_zero", "test_one_pair_for_each_layer", "test_sizes_stay_as_they_were"],
    says="Your W has as many rows as numbers go out. Which of the two comes first in the text, din or dout?",
)
def rows_for_outputs():
    return start_with(lambda i, o, rng: rng.normal(size=(o, i)) / np.sqrt(i))


@mistake("init_params", fails=["test_biases_start_at_zero"], says="Where do the biases start, in the text?")
def random_biases():
    return start_with(
        lambda i, o, rng: rng.normal(size=(i, o)) / np.sqrt(i), lambda o, rng: rng.normal(size=o) / np.sqrt(o)
    )


@mistake(
    "init_params",
    fails=[*ALIKE, "test_biases_start_at_zero", "test_one_pair_for_each_layer", "test_sizes_stay_as_they_were"],
    says="Your biases have two axes. Which shape does the text give them?",
)
def biases_in_a_row():
    return start_with(lambda i, o, rng: rng.normal(size=(i, o)) / np.sqrt(i), lambda o, rng: np.zeros((1, o)))


@mistake(
    "init_params",
    fails=["test_how_many_numbers_your_net_learns"],
    says="You counted the weights. What else does a layer learn?",
)
def biases_not_counted():
    names = load_module(REFERENCE)
    sizes = names["my_sizes"]
    return {"my_count": sum(sizes[at] * sizes[at + 1] for at in range(len(sizes) - 1))}


@mistake(
    "init_params",
    fails=["test_why_zeros_never_learn"],
    says="How steep is tanh at 0? Look at its picture, and then at what comes in and what comes back.",
)
def tanh_is_flat_at_zero():
    return {"why_zeros": "a"}


@mistake(
    "init_params",
    fails=["test_why_zeros_never_learn"],
    says="More steps of size 0: where do they lead?",
)
def more_steps_would_do():
    return {"why_zeros": "d"}


@mistake(
    "init_params",
    fails=["test_why_zeros_never_learn", "test_prediction_about_zeros"],
    says="Write down the slope of one weight of each layer, as a product. Which of its factors is 0 here?",
)
def zeros_learn_alike():
    return {"why_zeros": "b", "after_zeros": "b"}


# -------------------------------------------------------------------------------------------------- forward


def forward_with(bend=np.tanh, weigh=lambda a, W, b: a @ W + b, last=lambda z: z, first=lambda X: X):
    """A `forward` that is wrong in one of its parts."""

    def forward(params, X):
        cache = [first(X)]
        for W, b in params[:-1]:
            cache.append(bend(weigh(cache[-1], W, b)))
        return last(weigh(cache[-1], *params[-1])), cache

    return {"forward": forward}


DEEP = ["test_forward_by_hand", "test_many_layers", "test_the_output_can_be_any_number", "test_a_single_row"]
ALL = [*DEEP, "test_one_layer_is_weighted_sums"]


@mistake("forward", fails=ALL, says="Your outputs never leave -1..1. Which layer has no tanh after it?")
def tanh_at_the_end():
    return forward_with(last=np.tanh)


@mistake("forward", fails=DEEP, says="One layer after the other with no bend between: what does that add up to?")
def no_tanh():
    return forward_with(bend=lambda z: z)


@mistake("forward", fails=ALL, says="What became of the biases?")
def no_bias():
    return forward_with(weigh=lambda a, W, b: a @ W)


@mistake("forward", fails=DEEP, says="Which bend does the text ask for, the sigmoid or tanh?")
def sigmoid_inside():
    return forward_with(bend=lambda z: 1 / (1 + np.exp(-z)))


@mistake("forward", fails=DEEP, says="Which bend does the text ask for, relu or tanh?")
def relu_inside():
    return forward_with(bend=lambda z: np.maximum(z, 0))


@mistake("forward", fails=ALL, says="You bend what goes into the first layer. Should X itself be bent?")
def tanh_of_the_input():
    return forward_with(first=np.tanh)


@mistake("forward", fails=DEEP, says="First weights and bias, then the bend: where is your bias added?")
def bias_after_the_bend():
    def forward(params, X):
        a = X
        for W, b in params[:-1]:
            a = np.tanh(a @ W) + b
        return a @ params[-1][0] + params[-1][1], None

    return {"forward": forward}


@mistake(
    "forward",
    fails=[*DEEP[:-1], "test_a_single_row", "test_one_layer_is_weighted_sums", "test_forward_changes_nothing"],
    says="Rows of X are examples, and W has a row for each input: which of the two stands on the left?",
)
def weights_on_the_left():
    return forward_with(weigh=lambda a, W, b: W @ a + b)


@mistake(
    "forward",
    fails=["test_forward_by_hand", "test_a_single_row", "test_one_layer_is_weighted_sums"],
    says="Where there is one output, or one row, an axis gets lost: the text asks for (n, dL), always.",
)
def an_axis_dropped():
    return forward_with(last=np.squeeze)


@mistake(
    "forward",
    fails=["test_many_layers", "test_a_single_row"],
    says="With three layers something is missing. Does the bend come after every layer but the last?",
)
def only_the_first_is_bent():
    def forward(params, X):
        W, b = params[0]
        a, cache = X @ W + b, [X]
        for number, (W, b) in enumerate(params[1:]):
            cache.append(np.tanh(a) if number == 0 else a)
            a = cache[-1] @ W + b
        return a, cache

    return {"forward": forward}


@mistake(
    "forward",
    fails=[*ALL, "test_forward_changes_nothing"],
    says="forward gives one thing, and the text asks for two: what will backward need?",
)
def no_cache():
    def forward(params, X):
        a = X
        for W, b in params[:-1]:
            a = np.tanh(a @ W + b)
        return a @ params[-1][0] + params[-1][1]

    return {"forward": forward}


@mistake(
    "forward",
    fails=["test_forward_changes_nothing"],
    says="After your forward, the caller's biases are not what they were. Does += make a new array?",
)
def writes_into_the_params():
    def forward(params, X):
        cache = [X]
        for number, (W, b) in enumerate(params, start=1):
            z = cache[-1] @ W
            b += 0 * z[0] + 1e-3
            cache.append(z + b - 1e-3 if number == len(params) else np.tanh(z + b - 1e-3))
        return cache.pop(), cache

    return {"forward": forward}


# -------------------------------------------------------------------------------------------------- backward


def backward_with(bend=lambda a, z: 1 - a**2, dW=lambda a, d: a.T @ d, db=lambda d: d.sum(axis=0), order=-1):
    """A `backward` over the inputs of the layers that is wrong in one of its parts."""

    def backward(params, cache, dout):
        grads = []
        for at in range(len(params) - 1, -1, -1):
            W, _ = params[at]
            grads.append((dW(cache[at], dout), db(dout)))
            if at:
                dout = dout @ W.T * bend(cache[at], cache[at - 1] @ params[at - 1][0] + params[at - 1][1])
        return grads[::order]

    return {"backward": backward}


BENT = ["test_back_through_two_layers", "test_back_through_three_and_four_layers", "test_back_from_the_loss"]
BENT += ["test_back_from_a_single_row_and_through_equal_sizes"]
BACK = [*BENT, "test_back_through_one_layer"]


@mistake(
    "backward",
    fails=BENT,
    says="The last layer is right, those before it are off by another factor at each unit: what lies between them?",
)
def no_slope_of_tanh():
    return backward_with(bend=lambda a, z: 1.0)


@mistake("backward", fails=BENT, says="You multiply by the slope of tanh twice. How many bends lie between two layers?")
def slope_of_tanh_twice():
    return backward_with(bend=lambda a, z: (1 - a**2) ** 2)


@mistake(
    "backward",
    fails=BENT,
    says="The slope of tanh is 1 - a**2 from its output, or 1 - tanh(z)**2 from its input. Which one did you keep?",
)
def slope_of_tanh_from_the_wrong_variable():
    return backward_with(bend=lambda a, z: 1 - np.tanh(a) ** 2)


@mistake(
    "backward",
    fails=BENT,
    says="1 - z**2, with what goes *into* tanh? Which of the two, z or a, stands in that formula?",
)
def slope_of_tanh_with_the_input():
    return backward_with(bend=lambda a, z: 1 - z**2)


@mistake("backward", fails=BENT, says="That is the slope of the sigmoid. Which bend is in this net?")
def slope_of_the_sigmoid():
    return backward_with(bend=lambda a, z: a * (1 - a))


@mistake("backward", fails=BENT, says="You multiply by tanh itself. By what does tanh stretch a small change?")
def times_tanh_itself():
    return backward_with(bend=lambda a, z: a)


@mistake("backward", fails=BENT, says="1 - a, without a square? Try it at a = 0.5, and measure.")
def square_forgotten():
    return backward_with(bend=lambda a, z: 1 - a)


@mistake(
    "backward",
    fails=[*BACK, "test_backward_changes_nothing"],
    says="The last layer has no tanh after it. Why does its slope come in there?",
)
def bend_after_the_last_layer():
    def backward(params, cache, dout):
        W, b = params[-1]
        return _NAMES["backward"](params, cache, dout * (1 - np.tanh(cache[-1] @ W + b) ** 2))

    return {"backward": backward}


@mistake(
    "backward",
    fails=[name for name in BACK if "single_row" not in name] + ["test_back_from_a_single_row_and_through_equal_sizes"],
    says="The mean belongs to the loss: dout carries it already. Why divide once more?",
)
def divided_by_n():
    return backward_with(dW=lambda a, d: a.T @ d / len(d), db=lambda d: d.mean(axis=0))


@mistake(
    "backward", fails=BACK, says="The slopes of W are right. b is the same for all rows: their mean, or their sum?"
)
def mean_of_the_biases():
    return backward_with(db=lambda d: d.mean(axis=0))


@mistake(
    "backward",
    fails=[*BACK, "test_backward_changes_nothing"],
    says="b is shared by all rows, so it has one slope for each unit. What do you do with the rows?",
)
def bias_for_each_row():
    return backward_with(db=lambda d: d)


@mistake(
    "backward",
    fails=[*BENT, "test_backward_changes_nothing"],
    says="You walk from the end, and so your list begins with the last layer. In which order is it asked for?",
)
def last_layer_first():
    return backward_with(order=1)


@mistake(
    "backward",
    fails=[*BACK, "test_backward_changes_nothing"],
    says="Your dW is turned over: W[i, j] leads from input i to output j. Which index does the input have?",
)
def slopes_turned_over():
    return backward_with(dW=lambda a, d: d.T @ a)


@mistake("backward", fails=BACK, says="All slopes have the wrong sign. The minus comes later, in the update: why here?")
def slopes_with_a_minus():
    return backward_with(dW=lambda a, d: -(a.T @ d), db=lambda d: -d.sum(axis=0))


@mistake(
    "backward",
    fails=[*BENT, "test_backward_changes_nothing"],
    says="You learn while you walk: the layer before it already sees new weights. Which ones did forward use?",
)
def updates_on_the_way():
    def backward(params, cache, dout):
        grads = []
        for at in range(len(params) - 1, -1, -1):
            W, b = params[at]
            grads.append((cache[at].T @ dout, dout.sum(axis=0)))
            W -= 0.1 * grads[-1][0]
            b -= 0.1 * grads[-1][1]
            dout = dout @ W.T * (1 - cache[at] ** 2)
        return grads[::-1]

    return {"backward": backward}


@mistake(
    "backward",
    fails=["test_backward_changes_nothing"],
    says="A second call with the same cache does not give the same. Do you take things out of it?",
)
def takes_from_the_cache():
    def backward(params, cache, dout):
        grads = []
        for W, _ in reversed(params):
            a = cache.pop()
            grads.insert(0, (a.T @ dout, dout.sum(axis=0)))
            dout = dout @ W.T * (1 - a**2)
        return grads

    return {"backward": backward}


@mistake(
    "backward",
    fails=["test_back_through_three_and_four_layers"],
    says="Two layers are right, and three are not. Does your cache hold the input of *every* layer?",
)
def cache_of_the_last_layer():
    def forward(params, X):
        out, inputs = _NAMES["forward"](params, X)
        return out, (X, inputs[-1])

    def backward(params, cache, dout):
        X, a = cache
        return backward_with()["backward"](params, [X, *[a] * (len(params) - 1)][: len(params)], dout)

    def of_some_size(params, cache, dout):
        try:
            return backward(params, cache, dout)
        except ValueError:
            return [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]

    return {"forward": forward, "backward": of_some_size}


@mistake(
    "backward",
    fails=[*BENT, "test_backward_changes_nothing"],
    says="The slopes of what came in: dout times W the other way round. Is the transpose there?",
)
def weights_not_turned():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
            grads.append((a.T @ dout, dout.sum(axis=0)))
            if a is not cache[0]:
                dout = dout @ W * (1 - a**2)
        return grads[::-1]

    return {"backward": backward}


# ---------------------------------------------------------------------------------------------------- train


def moved(params, grads, lr):
    """One step down."""
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


STEPS = ["test_one_step", "test_two_and_fifty_steps"]
LOSSES = ["test_losses_from_before_the_first_step_to_after_the_last"]


def train_with(update=moved, before=True, after=True, note=lambda loss: loss):
    """A `train` that is wrong in one of its parts."""

    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            out, cache = forward(params, X)
            if before:
                losses.append(note(mse(out, Y)))
            params = update(params, backward(params, cache, dmse(out, Y)), lr)
            if not before:
                losses.append(note(mse(forward(params, X)[0], Y)))
        if after:
            losses.append(note(mse(forward(params, X)[0], Y)))
        return params, losses

    return {"train": train}


@mistake("train", fails=STEPS + LOSSES, says="The loss rises from the first step. In which direction do you walk?")
def uphill():
    return train_with(lambda params, grads, lr: moved(params, grads, -lr))


@mistake(
    "train",
    fails=[*LOSSES, "test_no_step_and_no_rate"],
    says="Your first loss is that after the first step. When is it to be written down?",
)
def first_loss_too_late():
    return train_with(before=False, after=False)


@mistake(
    "train",
    fails=[*LOSSES, "test_no_step_and_no_rate"],
    says="The loss of the net that you return is not in the list. How many losses do so many steps have?",
)
def last_loss_missing():
    return train_with(after=False)


@mistake(
    "train",
    fails=LOSSES,
    says="The right number of losses, and they are one step late. Which loss comes first?",
)
def last_loss_twice():
    return train_with(before=False, after=True)


@mistake(
    "train",
    fails=["test_train_changes_nothing_of_the_caller"],
    says="The caller's arrays have changed: whoever trains twice from one start gets two results. Is W -= a new array?",
)
def in_the_callers_arrays():
    def update(params, grads, lr):
        for (W, b), (dW, db) in zip(params, grads, strict=True):
            W -= lr * dW
            b -= lr * db
        return params

    return train_with(update)


@mistake("train", fails=STEPS + LOSSES, says="The weights learn, and the biases stay where they were. On purpose?")
def biases_never_move():
    return train_with(
        lambda params, grads, lr: [(W - lr * dW, b) for (W, b), (dW, _) in zip(params, grads, strict=True)]
    )


@mistake(
    "train",
    fails=[*STEPS, *LOSSES, "test_train_changes_nothing_of_the_caller"],
    says="Only the last layer moves. What about those before it?",
)
def only_the_last_layer_moves():
    return train_with(lambda params, grads, lr: [*params[:-1], *moved(params[-1:], grads[-1:], lr)])


@mistake(
    "train",
    fails=[*STEPS, *LOSSES, "test_no_step_and_no_rate"],
    says="Where is the learning rate? With 0 for it, nothing should move.",
)
def rate_ignored():
    return train_with(lambda params, grads, lr: moved(params, grads, 1.0))


@mistake(
    "train",
    fails=[*STEPS, "test_no_step_and_no_rate", "test_train_changes_nothing_of_the_caller"],
    says="The losses are those of a net that learns, and what you return is the net that you were given. Which one?",
)
def gives_back_the_start():
    def train(params, X, Y, lr, steps):
        return params, _NAMES["train"](params, X, Y, lr, steps)[1]

    return {"train": train}


@mistake(
    "train",
    fails=["test_two_and_fifty_steps", *LOSSES],
    says="The first step is right, the second is not: are the slopes computed anew for each step?",
)
def slopes_only_once():
    def train(params, X, Y, lr, steps):
        out, cache = forward(params, X)
        grads, losses = backward(params, cache, dmse(out, Y)), [mse(out, Y)]
        for _ in range(steps):
            params = moved(params, grads, lr)
            losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@mistake(
    "train", fails=STEPS + LOSSES, says="Each step is too short: the slopes carry the mean already. Who divides again?"
)
def divided_once_more():
    def train(params, X, Y, lr, steps):
        return _NAMES["train"](params, X, Y, lr / len(X), steps)

    return {"train": train}


@mistake(
    "train",
    fails=[*STEPS, *LOSSES, "test_no_step_and_no_rate"],
    says="One step too many, or one too few: how often does your loop run?",
)
def one_step_too_few():
    def train(params, X, Y, lr, steps):
        return _NAMES["train"](params, X, Y, lr, max(steps - 1, 0))

    return {"train": train}


@mistake(
    "train",
    fails=STEPS + LOSSES,
    says="One row at a time makes as many small steps as there are rows. The text asks for all rows in each step.",
)
def row_by_row():
    def train(params, X, Y, lr, steps):
        losses = [mse(forward(params, X)[0], Y)]
        for _ in range(steps):
            for row in range(len(X)):
                x, y = X[row : row + 1], Y[row : row + 1]
                out, cache = forward(params, x)
                params = moved(params, backward(params, cache, dmse(out, y)), lr)
            losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@mistake(
    "train",
    fails=STEPS + LOSSES,
    says="A layer has moved before the slopes of the one in front of it are known. All slopes first, then all updates?",
)
def layer_by_layer():
    def train(params, X, Y, lr, steps):
        losses = [mse(forward(params, X)[0], Y)]
        for _ in range(steps):
            for at in range(len(params) - 1, -1, -1):
                out, cache = forward(params, X)
                grads = backward(params, cache, dmse(out, Y))
                params = [*params[:at], *moved(params[at : at + 1], grads[at : at + 1], lr), *params[at + 1 :]]
            losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


# ---------------------------------------------------------------------------------------------------- moons

NEW = ["test_right_on_new_moons", "test_right_on_new_moons_again", "test_right_on_new_moons_once_more"]
FALLS = ["test_the_loss_falls_and_is_that_of_the_net"]
CHANCE = ["test_fit_takes_chance_from_rng_and_changes_nothing"]


def fit_with(sizes=(2, 16, 1), slope=lambda p, y: p - y, lr=1.0, steps=300, loss=None, start=None):
    """A `fit` that is wrong in one of its parts; with fewer steps than the reference, where that changes nothing."""

    def fit(X, y, rng):
        params = (start or init_params)(list(sizes), rng)
        y, losses = y[:, None], []
        for step in range(steps + 1):
            z, cache = forward(params, X)
            p = 1 / (1 + np.exp(-z))
            losses.append(float((loss or log_loss)(p, y)))
            if step < steps:
                params = moved(params, backward(params, cache, slope(p, y) / len(X)), lr)
        return params, losses

    return {"fit": fit}


def log_loss(p, y):
    """Minus the mean logarithm of what the right class got."""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@mistake(
    "moons", fails=NEW + FALLS, says="The net that you return is the one that you started with. Is anything learned?"
)
def nothing_learned():
    return fit_with(steps=0)


@mistake("moons", fails=NEW, says="One layer has no bend: its boundary is a straight line. Where are the hidden units?")
def a_straight_line():
    return fit_with(sizes=(2, 1))


@mistake(
    "moons",
    fails=NEW + FALLS,
    says="It tells the moons apart, and calls each by the other's name. Where is the score above 0?",
)
def classes_swapped():
    return fit_with(slope=lambda p, y: p - (1 - y), loss=lambda p, y: log_loss(p, 1 - y))


@mistake("moons", fails=FALLS, says="It goes down on the squared error. Which loss does the text ask for?")
def squared_error():
    def fit(X, y, rng):
        params, losses = init_params([2, 16, 1], rng), []
        for step in range(1001):
            z, cache = forward(params, X)
            p = 1 / (1 + np.exp(-z))
            losses.append(float(np.mean((p - y[:, None]) ** 2)))
            if step < 1000:
                dz = 2 * (p - y[:, None]) * p * (1 - p) / len(X)
                params = moved(params, backward(params, cache, dz), 2.0)
        return params, losses

    return {"fit": fit}


@mistake(
    "moons",
    fails=FALLS,
    says="Your losses grow with the number of points. Which loss does the text ask for, sum or mean?",
)
def summed_loss():
    return fit_with(steps=1000, loss=lambda p, y: len(y) * log_loss(p, y))


@mistake("moons", fails=CHANCE, says="Every seed gives the same net. Who decides about chance, `fit` or its caller?")
def own_seed():
    return fit_with(steps=1000, start=lambda sizes, rng: init_params(sizes, np.random.default_rng(0)))


@mistake(
    "moons",
    fails=CHANCE,
    says="The caller's X has changed. X -= X.mean(axis=0) writes into it: what makes a new array?",
)
def moves_the_callers_points():
    def fit(X, y, rng):
        made = fit_with(steps=1000)["fit"](X, y, rng)
        X += 1.0
        return made

    return {"fit": fit}


@mistake(
    "moons",
    fails=NEW + FALLS + CHANCE,
    says="All weights start at 0, and all hidden units stay alike. What did section 2 say?",
)
def starts_from_zeros():
    return fit_with(
        start=lambda sizes, rng: [(np.zeros((2, 16)), np.zeros(16)), (np.zeros((16, 1)), np.zeros(1))], steps=100
    )


def grid_around(X, count=101):
    """The two tables of a grid that covers X."""
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    return np.meshgrid(np.linspace(low[0], high[0], count), np.linspace(low[1], high[1], count))


def scores(params, xx, yy):
    """The scores over a grid."""
    return forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)


def plot_with(draw):
    """A `boundary_plot` with the points, and what `draw(ax, params, X)` adds."""

    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        ax.scatter(X[:, 0], X[:, 1], c=y)
        draw(ax, params, X)
        return ax

    return {"boundary_plot": boundary_plot}


LINE = ["test_the_boundary_is_where_the_score_is_zero"]


@mistake(
    "moons", fails=LINE, says="Your line is drawn from the points alone. What does the net say between them, on a grid?"
)
def line_from_the_points():
    return plot_with(lambda ax, params, X: ax.tricontour(*X.T, forward(params, X)[0][:, 0], levels=[0]))


@mistake("moons", fails=LINE, says="Your line is where the score is 0.5. Is that where p is 0.5?")
def line_at_one_half():
    def draw(ax, params, X):
        xx, yy = grid_around(X)
        ax.contour(xx, yy, scores(params, xx, yy), levels=[0.5])

    return plot_with(draw)


@mistake("moons", fails=LINE, says="xx and yy have changed places on their way into the net. Which column is which?")
def axes_of_the_grid_swapped():
    def draw(ax, params, X):
        xx, yy = grid_around(X)
        ax.contour(xx, yy, scores(params, yy, xx), levels=[0])

    return plot_with(draw)


@mistake("moons", fails=LINE, says="The boundary is straight where the net is bent: is the hidden layer in it?")
def boundary_of_the_first_layer():
    def draw(ax, params, X):
        xx, yy = grid_around(X)
        (W, b), (V, c) = params[0], params[-1]
        ax.contour(xx, yy, (xx[..., None] * W[0] + yy[..., None] * W[1] + b) @ V[:, 0] + c, levels=[0])

    return plot_with(draw)


@mistake("moons", fails=LINE, says="The areas are coloured; the line itself is asked for as well. With which function?")
def areas_only():
    def draw(ax, params, X):
        xx, yy = grid_around(X)
        ax.contourf(xx, yy, scores(params, xx, yy) > 0)

    return plot_with(draw)


@mistake(
    "moons",
    fails=["test_the_figure_shows_every_point"],
    says="Only one of the two classes is there. Where are the others?",
)
def one_class_shown():
    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        ax.scatter(*X[y == 1].T)
        xx, yy = grid_around(X)
        ax.contour(xx, yy, scores(params, xx, yy), levels=[0])
        return ax

    return {"boundary_plot": boundary_plot}


@mistake(
    "moons",
    fails=["test_slope_of_the_log_loss_on_paper"],
    says="That is the slope by p. How does p change with the score?",
)
def slope_by_p():
    return {"slope_of_log_loss": "-y/p + (1 - y)/(1 - p)"}


@mistake(
    "moons",
    fails=["test_slope_of_the_log_loss_on_paper"],
    says="Take a point of class 1. The score grows, and p with it: does the loss grow or shrink?",
)
def log_slope_turned_around():
    return {"slope_of_log_loss": "y - p"}


# ---------------------------------------------------------------------------------------------- two_engines


def values_with(
    loss=lambda squares, n, k: sum(squares, Value(0.0)) / (n * k),
    bend=lambda z: z.tanh(),
    last=lambda z: z,
    biased=True,
    slopes=lambda v: v.grad,
):
    """A `value_grads` that is wrong in one of its parts."""

    def value_grads(params, X, Y):
        net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
        squares = []
        for x, y in zip(X, Y, strict=True):
            a = [float(number) for number in x]
            for at, (W, b) in enumerate(net):
                z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j] if biased else 0.0) for j in range(len(b))]
                a = [last(v) for v in z] if at == len(net) - 1 else [bend(v) for v in z]
            squares += [(p - float(t)) ** 2 for p, t in zip(a, y, strict=True)]
        loss(squares, *Y.shape).backward()
        return [(np.array([[slopes(w) for w in row] for row in W]), np.array([slopes(v) for v in b])) for W, b in net]

    return {"value_grads": value_grads}


AGREE = ["test_agreement_for_one_output", "test_agreement_for_two_outputs", "test_agreement_for_other_depths"]
SHAPED = [*AGREE, "test_each_row_meets_each_weight", "test_value_grads_changes_nothing"]


@mistake(
    "two_engines", fails=AGREE, says="One side adds up, and the other takes the mean. Which loss does the text name?"
)
def sum_of_all():
    return values_with(loss=lambda squares, n, k: sum(squares, Value(0.0)))


@mistake(
    "two_engines",
    fails=AGREE[1:],
    says="With two outputs it is off by 2, with one it is right. Over how many entries is the mean?",
)
def mean_of_rows():
    return values_with(loss=lambda squares, n, k: sum(squares, Value(0.0)) / n)


@mistake("two_engines", fails=AGREE, says="Only the last of the squares goes into the loss. Where are the other rows?")
def last_square_only():
    return values_with(loss=lambda squares, n, k: squares[-1] / (n * k))


@mistake("two_engines", fails=AGREE, says="Your outputs are bent as well. Which layer has no tanh after it?")
def values_bent_at_the_end():
    return values_with(last=lambda z: z.tanh())


@mistake("two_engines", fails=AGREE, says="Where is the tanh between the layers?")
def values_without_a_bend():
    return values_with(bend=lambda z: z)


@mistake(
    "two_engines",
    fails=[*AGREE, "test_value_grads_changes_nothing"],
    says="The slopes of the biases are all 0. Are they in the sums?",
)
def values_without_biases():
    return values_with(biased=False)


@mistake(
    "two_engines",
    fails=[*AGREE, "test_value_grads_changes_nothing"],
    says="Those are the weights themselves. What has each Value learned from backward()?",
)
def data_for_grad():
    return values_with(slopes=lambda v: v.data)


@mistake(
    "two_engines",
    fails=SHAPED,
    says="The slopes are right, and no Value was at work. Two engines agree only if there are two: where is the graph?",
)
def matrices_again():
    def value_grads(params, X, Y):
        out, cache = forward(params, X)
        return backward(params, cache, dmse(out, Y))

    return {"value_grads": value_grads}


@mistake(
    "two_engines",
    fails=SHAPED,
    says="Measured with small steps, slopes agree to a few digits only. What does backward() of a Value give?",
)
def measured():
    def value_grads(params, X, Y):
        found, h = [], 1e-5
        for at, pair in enumerate(params):
            both = []
            for which, part in enumerate(pair):
                table = np.empty(part.shape)
                for place in np.ndindex(part.shape):
                    ends = []
                    for step in (h, -h):
                        net = [[one.copy() for one in layer] for layer in params]
                        net[at][which][place] += step
                        ends.append(mse(forward(net, X)[0], Y))
                    table[place] = (ends[0] - ends[1]) / (2 * h)
                both.append(table)
            found.append(tuple(both))
        return found

    return {"value_grads": value_grads}


@mistake("two_engines", fails=AGREE, says="Each slope is twice what it should be: how often do you call backward()?")
def walked_twice():
    def twice(squares, n, k):
        total = sum(squares, Value(0.0)) / (n * k)
        total.backward()
        return total

    return values_with(loss=twice)


@mistake(
    "two_engines",
    fails=SHAPED,
    says="Your table for W is turned over: a row for each input, or for each output?",
)
def table_turned_over():
    def value_grads(params, X, Y):
        return [(dW.T, db) for dW, db in values_with()["value_grads"](params, X, Y)]

    return {"value_grads": value_grads}
