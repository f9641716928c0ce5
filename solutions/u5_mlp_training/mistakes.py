"""Known mistakes of `u5_mlp_training`: what each does, and what to ask."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, mistake, wrong_function

REFERENCE = Path(__file__).with_name("reference.py")
# what a wrong answer builds on: the hidden tests may put other things under these names
_NAMES = load_module(REFERENCE)
forward, backward, mse, dmse = (_NAMES[name] for name in ("forward", "backward", "mse", "dmse"))
init_params, Value, vjp_linear = (_NAMES[name] for name in ("init_params", "Value", "vjp_linear"))
ce, fit_digits = _NAMES["ce"], _NAMES["fit_digits"]

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

slope_without_the_2 = mistake("mse", lambda: loss_with(slope=lambda P, Y: (P - Y) / P.size),
    says="Your slopes are half of what they should be, everywhere: where is the 2 of the square?")
slope_over_rows = mistake("mse", lambda: loss_with(slope=lambda P, Y: 2 * (P - Y) / len(P)),
    says="Which mean does the text ask for: over the rows, or over all n*k entries?")
slope_of_the_sum = mistake("mse", lambda: loss_with(slope=lambda P, Y: 2 * (P - Y)),
    says="That is the slope of the sum. What does the mean do to each slope?")
slope_turned_around = mistake("mse", lambda: loss_with(slope=lambda P, Y: 2 * (Y - P) / P.size),
    says="Where p is too large, the loss grows with it. Which sign should the slope have there?")
mean_over_rows = mistake("mse", lambda: loss_with(value=lambda P, Y: float(((P - Y) ** 2).sum() / len(P))),
    says="Divided by what? Every row has k entries: count them all.")
both_over_rows = mistake(
    "mse", lambda: loss_with(lambda P, Y: float(((P - Y) ** 2).sum() / len(P)), lambda P, Y: 2 * (P - Y) / len(P)),
    says="Value and slope agree, and both divide by the number of rows. Which mean does the text ask for?")
half_of_the_mean = mistake(
    "mse", lambda: loss_with(lambda P, Y: float(((P - Y) ** 2).mean() / 2), lambda P, Y: (P - Y) / P.size),
    says="Some books take half of the mean, so that the 2 goes away. Here it stays.")
sum_of_squares = mistake("mse", lambda: loss_with(value=lambda P, Y: float(((P - Y) ** 2).sum())),
    says="That is the sum of the squares. And their mean?")
root_of_the_mean = mistake("mse", lambda: loss_with(value=lambda P, Y: float(np.sqrt(((P - Y) ** 2).mean()))),
    says="You took the root as well. Which of the two does the text ask for?")
mean_of_sizes = mistake("mse", lambda: loss_with(value=lambda P, Y: float(np.abs(P - Y).mean())),
    says="That is the mean of the sizes of the errors. What happens to each error first?")
square_of_the_mean = mistake("mse", lambda: loss_with(value=lambda P, Y: float((P - Y).mean() ** 2)),
    says="Errors above and below cancel here. Square first, and take the mean then?")
a_mean_for_each_column = mistake("mse", lambda: loss_with(value=lambda P, Y: ((P - Y) ** 2).mean(axis=0)),
    says="You have one mean for each column. A loss is a single number: over which entries is the mean?")
shapes_not_compared = mistake("mse",
    lambda: {
        "mse": lambda P, Y: float(np.mean((P - Y) ** 2)),
        "dmse": lambda P, Y: 2 * (P - Y) / np.size(P),
    },
    says="(n, 1) minus (n,) makes a table of n x n, and nobody notices. What does the text ask you to raise?",
)

@mistake("mse", says="After the call, P is no longer what it was. P -= Y writes into P: what does P - Y do?")
def writes_into_predictions():
    def error(P, Y):
        P -= Y
        return P

    return loss_with(lambda P, Y: float(np.mean(error(P, Y) ** 2)), lambda P, Y: 2 * error(P, Y) / P.size)

slopes_to_some_digits = mistake("mse", lambda: loss_with(slope=lambda P, Y: np.round(2 * (P - Y) / P.size, 6)),
    says="Your slopes are right to some digits. Are they rounded, or measured? The formula has all digits.")
slopes_cut_off = mistake("mse", lambda: loss_with(slope=lambda P, Y: np.clip(2 * (P - Y) / P.size, -5, 5)),
    says="Large slopes are cut off. How far off may a prediction be, before its slope stops growing?")

@wrong_function("mse", within=lambda slope: loss_with(slope=slope),
    says="With whole numbers in P the slopes lose their fractions. Of which kind is np.empty_like(P)?")
def slopes_of_the_kind_of_P(P, Y):
    slopes = np.zeros_like(P)
    slopes[...] = 2 * (P - Y) / P.size
    return slopes

@mistake("mse", says="The table that one call gave changes with the next call. Where is a new one made?")
def one_table_of_slopes():
    tables = {}

    def slope(P, Y):
        table = tables.setdefault(P.shape, np.zeros(P.shape))
        table[...] = 2 * (P - Y) / P.size
        return table

    return loss_with(slope=slope)

on_paper_without_the_mean = mistake("mse", {"slope_of_entry": "2*(p - y)"},
    says="On paper: a mean over n*k entries. Where are the n and the k?")
on_paper_without_the_2 = mistake("mse", {"slope_of_entry": "(p - y)/(n*k)"},
    says="On paper: what does the square bring down in front?")

# ---------------------------------------------------------------------------------------------- init_params

def start_with(weight, bias=lambda dout, rng: np.zeros(dout)):
    """An `init_params` that makes each W by `weight(din, dout, rng)`."""

    def init_params(sizes, rng):
        return [(weight(i, o, rng), bias(o, rng)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]  # noqa: RUF007

    return {"init_params": init_params}

all_zeros = mistake("init_params", lambda: start_with(lambda i, o, rng: np.zeros((i, o))),
    says="All weights are 0: every hidden unit gets the same slope, and they never part. What did your prediction say?")
all_alike = mistake("init_params", lambda: start_with(lambda i, o, rng: np.full((i, o), 1 / np.sqrt(i))),
    says="All weights of a layer are the same: two units that start alike stay alike. Where does chance come in?")
generator_of_its_own = mistake(
    "init_params", lambda: start_with(lambda i, o, rng: np.random.default_rng(0).normal(size=(i, o)) / np.sqrt(i)),
    says="Every call makes the same net. Who decides about the seed, your function or the caller?")

@wrong_function("init_params", within=start_with,
    says="The caller decides about the seed, and hands you `rng`. What does np.random.seed do to everybody else?")
def seeds_everything(i, o, rng):
    np.random.seed(0)
    return np.random.normal(size=(i, o)) / np.sqrt(i)

spread_one = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o))),
    says="Your weights are of spread 1 in every layer. What happens to a sum of many?")
divided_by_din = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o)) / i),
    says="You divide by din. The sum of din random terms grows like its root, not like din?")
divided_by_root_of_dout = mistake(
    "init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o)) / np.sqrt(o)),
    says="You divide by √dout. How many terms does each sum of the layer have?")
times_root_of_din = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o)) * np.sqrt(i)),
    says="You multiply by √din. Should many inputs make a weight larger or smaller?")
all_positive = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.random((i, o)) / np.sqrt(i)),
    says="Your weights are all positive. Around which number should they lie?")
uniform = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.uniform(-1, 1, size=(i, o)) / np.sqrt(i)),
    says="Between -1/√din and 1/√din, all alike likely: that has another spread. What does the text draw?")
uniform_of_that_spread = mistake("init_params",
    lambda: start_with(lambda i, o, rng: rng.uniform(-1, 1, size=(i, o)) * np.sqrt(3 / i)),
    says="The spread is right, and all sizes up to an end are alike likely. From which distribution should they come?")
rows_for_outputs = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(o, i)) / np.sqrt(i)),
    says="Your W has as many rows as numbers go out. Which of the two comes first in the text, din or dout?")
random_biases = mistake("init_params",
    lambda: start_with(
        lambda i, o, rng: rng.normal(size=(i, o)) / np.sqrt(i), lambda o, rng: rng.normal(size=o) / np.sqrt(o)
    ),
    says="Where do the biases start, in the text?",
)
biases_in_a_row = mistake("init_params",
    lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o)) / np.sqrt(i), lambda o, rng: np.zeros((1, o))),
    says="Your biases have two axes. Which shape does the text give them?",
)

spread_of_both_sides = mistake(
    "init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o)) * np.sqrt(2 / (i + o))),
    says="Your spread asks for both sides of the layer. How many terms does each sum have: din, or din and dout?")
spread_for_relu = mistake("init_params", lambda: start_with(lambda i, o, rng: rng.normal(size=(i, o)) * np.sqrt(2 / i)),
    says="√(2/din) is for another bend. Which spread does the text ask for?")
weights_to_some_digits = mistake(
    "init_params", lambda: start_with(lambda i, o, rng: np.round(rng.normal(size=(i, o)) / np.sqrt(i), 4)),
    says="Rounded, many weights are the same number. Who asks for fewer digits?")
weights_cut_off = mistake(
    "init_params", lambda: start_with(lambda i, o, rng: np.clip(rng.normal(size=(i, o)), -2, 2) / np.sqrt(i)),
    says="No weight lies further out than two spreads. Does the normal distribution end there?")

@wrong_function("init_params",
    says="Two layers of one size share their arrays: if one learns, what happens to the other?")
def layers_share_their_arrays(sizes, rng):
    made = {}
    for i, o in zip(sizes[:-1], sizes[1:], strict=True):  # noqa: RUF007
        made.setdefault((i, o), (rng.normal(size=(i, o)) / np.sqrt(i), np.zeros(o)))
    return [made[pair] for pair in zip(sizes[:-1], sizes[1:], strict=True)]  # noqa: RUF007

@wrong_function("init_params", says="After your function the caller's list of sizes is empty. Does pop only look?")
def sizes_used_up(sizes, rng):
    params, din = [], sizes.pop(0)
    while sizes:
        dout = sizes.pop(0)
        params.append((rng.normal(size=(din, dout)) / np.sqrt(din), np.zeros(dout)))
        din = dout
    return params

@mistake("init_params", says="You counted the weights. What else does a layer learn?")
def biases_not_counted():
    names = load_module(REFERENCE)
    sizes = names["my_sizes"]
    return {"my_count": sum(sizes[at] * sizes[at + 1] for at in range(len(sizes) - 1))}

tanh_is_flat_at_zero = mistake("init_params", {"why_zeros": "a"},
    says="How steep is tanh at 0? Look at its picture, and then at what comes in and what comes back.")
more_steps_would_do = mistake("init_params", {"why_zeros": "d"}, says="More steps of size 0: where do they lead?")
zeros_learn_alike = mistake("init_params", {"why_zeros": "b", "after_zeros": "b"},
    says="Write down the slope of one weight of each layer, as a product. Which of its factors is 0 here?")

numpys_own_dice = mistake(
    "init_params", lambda: start_with(lambda i, o, rng: np.random.normal(size=(i, o)) / np.sqrt(i)),
    says="The numbers come from numpy's own generator. The caller hands you `rng`: draw from that.")

# -------------------------------------------------------------------------------------------------- forward

def forward_with(bend=np.tanh, weigh=lambda a, W, b: a @ W + b, last=lambda z: z, first=lambda X: X):
    """A `forward` that is wrong in one of its parts."""

    def forward(params, X):
        cache = [first(X)]
        for W, b in params[:-1]:
            cache.append(bend(weigh(cache[-1], W, b)))
        return last(weigh(cache[-1], *params[-1])), cache

    return {"forward": forward}

tanh_at_the_end = mistake("forward", lambda: forward_with(last=np.tanh),
    says="Your outputs never leave -1..1. Which layer has no tanh after it?")
no_tanh = mistake("forward", lambda: forward_with(bend=lambda z: z),
    says="One layer after the other with no bend between: what does that add up to?")
no_bias = mistake("forward", lambda: forward_with(weigh=lambda a, W, b: a @ W), says="What became of the biases?")
sigmoid_inside = mistake("forward", lambda: forward_with(bend=lambda z: 1 / (1 + np.exp(-z))),
    says="Which bend does the text ask for, the sigmoid or tanh?")
relu_inside = mistake("forward", lambda: forward_with(bend=lambda z: np.maximum(z, 0)),
    says="Which bend does the text ask for, relu or tanh?")
tanh_of_the_input = mistake("forward", lambda: forward_with(first=np.tanh),
    says="You bend what goes into the first layer. Should X itself be bent?")

@wrong_function("forward", says="First weights and bias, then the bend: where is your bias added?")
def bias_after_the_bend(params, X):
    a = X
    for W, b in params[:-1]:
        a = np.tanh(a @ W) + b
    return a @ params[-1][0] + params[-1][1], None

weights_on_the_left = mistake("forward", lambda: forward_with(weigh=lambda a, W, b: W @ a + b),
    says="Rows of X are examples, and W has a row for each input: which of the two stands on the left?")
an_axis_dropped = mistake("forward", lambda: forward_with(last=np.squeeze),
    says="Where there is one output, or one row, an axis gets lost: the text asks for (n, dL), always.")

@wrong_function("forward",
    says="With three layers something is missing. Does the bend come after every layer but the last?")
def only_the_first_is_bent(params, X):
    W, b = params[0]
    a, cache = X @ W + b, [X]
    for number, (W, b) in enumerate(params[1:]):
        cache.append(np.tanh(a) if number == 0 else a)
        a = cache[-1] @ W + b
    return a, cache

@wrong_function("forward", says="forward gives one thing, and the text asks for two: what will backward need?")
def no_cache(params, X):
    a = X
    for W, b in params[:-1]:
        a = np.tanh(a @ W + b)
    return a @ params[-1][0] + params[-1][1]

@wrong_function("forward",
    says="After your forward, the caller's biases are not what they were. Does += make a new array?")
def writes_into_the_params(params, X):
    cache = [X]
    for number, (W, b) in enumerate(params, start=1):
        z = cache[-1] @ W
        b += 0 * z[0] + 1e-3
        cache.append(z + b - 1e-3 if number == len(params) else np.tanh(z + b - 1e-3))
    return cache.pop(), cache

outputs_to_some_digits = mistake("forward", lambda: forward_with(last=lambda z: np.round(z, 6)),
    says="Your outputs are right to some digits only. What is rounded, cut off or nearly right on the way?")
outputs_cut_off = mistake("forward", lambda: forward_with(last=lambda z: np.clip(z, -10, 10)),
    says="Your outputs never leave a fixed range. What comes out of the last layer may be any number.")

@wrong_function("forward", within=lambda weigh: forward_with(weigh=weigh),
    says="With whole numbers in X the sums lose their fractions. Of which kind is the array for them?")
def sums_of_the_kind_of_X(a, W, b):
    z = np.zeros((len(a), len(b)), dtype=a.dtype)
    z[...] = a @ W + b
    return z

@wrong_function("forward",
    says="Where all layers have one width, your tanh is written over X. What does out= do to the array in it?")
def bends_into_what_came_in(params, X):
    a, cache = X, [X]
    for W, b in params[:-1]:
        z = a @ W + b
        a = np.tanh(z, out=a if z.shape == a.shape and a.dtype == z.dtype else None)
        cache.append(a)
    return a @ params[-1][0] + params[-1][1], cache

@mistake("forward", says="The same X with other weights gives the old output. By what do you remember it?")
def remembers_by_X():
    seen = {}

    def forward(params, X):
        return seen.setdefault(X.tobytes(), _NAMES["forward"](params, X))

    return {"forward": forward}

@wrong_function("forward", says="Every layer gets X. What goes into the second layer?")
def every_layer_sees_X(params, X):
    for at, (W, b) in enumerate(params):
        z = X @ W + b
        out = np.tanh(z) if at < len(params) - 1 else z
    return out, [X]

@wrong_function("forward", says="Your forward has two layers, whatever it is given. How many pairs may params hold?")
def always_two_layers(params, X):
    (W1, b1), (W2, b2) = params
    hidden = np.tanh(X @ W1 + b1)
    return hidden @ W2 + b2, [X, hidden]

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

no_slope_of_tanh = mistake("backward", lambda: backward_with(bend=lambda a, z: 1.0),
    says="The last layer is right, those before it are off by another factor at each unit: what lies between them?")
slope_of_tanh_twice = mistake("backward", lambda: backward_with(bend=lambda a, z: (1 - a**2) ** 2),
    says="You multiply by the slope of tanh twice. How many bends lie between two layers?")
slope_of_tanh_from_the_wrong_variable = mistake(
    "backward", lambda: backward_with(bend=lambda a, z: 1 - np.tanh(a) ** 2),
    says="You use the form for the input of tanh, 1 - tanh(z)**2, on its output. Which of the two did you keep?")
slope_of_tanh_with_the_input = mistake("backward", lambda: backward_with(bend=lambda a, z: 1 - z**2),
    says="You use the form for the output of tanh, 1 - a**2, on its input z. Which of the two stands in that formula?")
slope_of_the_sigmoid = mistake("backward", lambda: backward_with(bend=lambda a, z: a * (1 - a)),
    says="That is the slope of the sigmoid. Which bend is in this net?")
times_tanh_itself = mistake("backward", lambda: backward_with(bend=lambda a, z: a),
    says="You multiply by tanh itself. By what does tanh stretch a small change?")
square_forgotten = mistake("backward", lambda: backward_with(bend=lambda a, z: 1 - a),
    says="1 - a, without a square? Try it at a = 0.5, and measure.")

@wrong_function("backward", says="The last layer has no tanh after it. Why does its slope come in there?")
def bend_after_the_last_layer(params, cache, dout):
    W, b = params[-1]
    return _NAMES["backward"](params, cache, dout * (1 - np.tanh(cache[-1] @ W + b) ** 2))

@wrong_function("backward", says="The last layer has no tanh after it. Why does its slope come in there?")
def bend_of_the_output(params, cache, dout):
    W, b = params[-1]
    return _NAMES["backward"](params, cache, dout * (1 - (cache[-1] @ W + b) ** 2))

divided_by_n = mistake("backward", lambda: backward_with(dW=lambda a, d: a.T @ d / len(d), db=lambda d: d.mean(axis=0)),
    says="The mean belongs to the loss: dY carries it already. Why divide once more?")
mean_of_the_biases = mistake("backward", lambda: backward_with(db=lambda d: d.mean(axis=0)),
    says="The slopes of W are right. b is the same for all rows: their mean, or their sum?")
bias_for_each_row = mistake("backward", lambda: backward_with(db=lambda d: d),
    says="b is shared by all rows, so it has one slope for each unit. What do you do with the rows?")
last_layer_first = mistake("backward", lambda: backward_with(order=1),
    says="You walk from the end, and so your list begins with the last layer. Which one should come first?")
slopes_turned_over = mistake("backward", lambda: backward_with(dW=lambda a, d: d.T @ a),
    says="Your dW is turned over: W[i, j] leads from input i to output j. Which index does the input have?")
slopes_with_a_minus = mistake(
    "backward", lambda: backward_with(dW=lambda a, d: -(a.T @ d), db=lambda d: -d.sum(axis=0)),
    says="All slopes have the wrong sign. The minus comes later, in the update: why here?")

@wrong_function("backward",
    says="You learn while you walk: the layer before it already sees new weights. Which ones did forward use?")
def updates_on_the_way(params, cache, dout):
    grads = []
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        grads.append((cache[at].T @ dout, dout.sum(axis=0)))
        W -= 0.1 * grads[-1][0]
        b -= 0.1 * grads[-1][1]
        dout = dout @ W.T * (1 - cache[at] ** 2)
    return grads[::-1]

@wrong_function("backward",
    says="A second call with the same cache does not give the same. Do you take things out of it?")
def takes_from_the_cache(params, cache, dout):
    grads = []
    for W, _ in reversed(params):
        a = cache.pop()
        grads.insert(0, (a.T @ dout, dout.sum(axis=0)))
        dout = dout @ W.T * (1 - a**2)
    return grads

@mistake("backward", says="Two layers are right, and three are not. Does your cache hold the input of *every* layer?")
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

@wrong_function("backward",
    says="The slopes of what came in: dY times W the other way round. Is the transpose there?")
def weights_not_turned(params, cache, dout):
    grads = []
    for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
        grads.append((a.T @ dout, dout.sum(axis=0)))
        if a is not cache[0]:
            dout = dout @ W * (1 - a**2)
    return grads[::-1]

one_sum_for_all_biases = mistake("backward", lambda: backward_with(db=lambda d: np.full(d.shape[1], d.sum())),
    says="All slopes of b are one number. Each unit has its own: along which axis do you add up?")
slope_of_relu = mistake("backward", lambda: backward_with(bend=lambda a, z: a > 0),
    says="1 or 0 is the slope of relu. Which bend is in this net?")
plus_for_minus = mistake("backward", lambda: backward_with(bend=lambda a, z: 1 + a**2),
    says="1 + a**2 is never below 1. Is tanh steeper far out than in the middle?")
slopes_to_some_digits_back = mistake(
    "backward", lambda: backward_with(dW=lambda a, d: np.round(a.T @ d, 6), db=lambda d: np.round(d.sum(axis=0), 6)),
    says="Your slopes are right to some digits, and tiny ones are lost. Rounded, or measured? Take the formulas.")
slopes_clipped = mistake("backward",
    lambda: backward_with(dW=lambda a, d: np.clip(a.T @ d, -10, 10), db=lambda d: np.clip(d.sum(axis=0), -10, 10)),
    says="Large slopes are cut off. That may calm a training, and they are no longer the slopes of this loss.",
)

@mistake("backward", says="Where does your cache live? A second forward, and the first way back uses the wrong one.")
def the_cache_of_the_last_call():
    kept = {}

    def forward(params, X):
        out, kept["cache"] = _NAMES["forward"](params, X)
        return out, None

    def backward(params, cache, dout):
        return _NAMES["backward"](params, kept["cache"], dout)

    return {"forward": forward, "backward": backward}

@mistake("backward", says="The slopes that one call gave change with the next call. Where are new arrays made?")
def one_table_for_all_calls():
    tables = {}

    def backward(params, cache, dout):
        grads = []
        for at, pair in enumerate(_NAMES["backward"](params, cache, dout)):
            both = [tables.setdefault((at, part.shape), np.zeros(part.shape)) for part in pair]
            for table, part in zip(both, pair, strict=True):
                table[...] = part
            grads.append(tuple(both))
        return grads

    return {"backward": backward}

@wrong_function("backward", says="dY is not what it was: `*=` or `[...] =` writes into the caller's array.")
def bends_dout_in_place(params, cache, dout):
    grads = []
    for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
        grads.append((a.T @ dout, dout.sum(axis=0)))
        d = dout @ W.T * (1 - a**2)
        if d.shape == dout.shape and d.dtype == dout.dtype:
            dout[...] = d
        else:
            dout = d
    return grads[::-1]

# ---------------------------------------------------------------------------------------------------- train

def moved(params, grads, lr):
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]

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

uphill = mistake("train", lambda: train_with(lambda params, grads, lr: moved(params, grads, -lr)),
    says="The loss rises from the first step. In which direction do you walk?")
first_loss_too_late = mistake("train", lambda: train_with(before=False, after=False),
    says="Your first loss is that after the first step. When is it to be written down?")
last_loss_missing = mistake("train", lambda: train_with(after=False),
    says="The loss of the net that you return is not in the list. How many losses do so many steps have?")
last_loss_twice = mistake("train", lambda: train_with(before=False, after=True),
    says="The right number of losses, and they are one step late. Which loss comes first?")

@wrong_function("train", within=train_with,
    says="The caller's arrays have changed: train twice from one start, and you get two results. Is W -= a new array?")
def in_the_callers_arrays(params, grads, lr):
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        W -= lr * dW
        b -= lr * db
    return params

biases_never_move = mistake("train",
    lambda: train_with(
        lambda params, grads, lr: [(W - lr * dW, b) for (W, b), (dW, _) in zip(params, grads, strict=True)]
    ),
    says="The weights learn, and the biases stay where they were. On purpose?",
)
only_the_last_layer_moves = mistake(
    "train", lambda: train_with(lambda params, grads, lr: [*params[:-1], *moved(params[-1:], grads[-1:], lr)]),
    says="Only the last layer moves. What about those before it?")
rate_ignored = mistake("train", lambda: train_with(lambda params, grads, lr: moved(params, grads, 1.0)),
    says="Where is the learning rate? With 0 for it, nothing should move.")

@wrong_function("train",
    says="The losses are those of a net that learns, and what you return is the net that you were given. Which one?")
def gives_back_the_start(params, X, Y, lr, steps):
    return params, _NAMES["train"](params, X, Y, lr, steps)[1]

@wrong_function("train", says="The first step is right, the second is not: are the slopes computed anew for each step?")
def slopes_only_once(params, X, Y, lr, steps):
    out, cache = forward(params, X)
    grads, losses = backward(params, cache, dmse(out, Y)), [mse(out, Y)]
    for _ in range(steps):
        params = moved(params, grads, lr)
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

@wrong_function("train", says="Your steps go down the slopes of a single row. Which rows does each step look at?")
def one_row_only(params, X, Y, lr, steps):
    losses = [mse(forward(params, X)[0], Y)]
    for _ in range(steps):
        out, cache = forward(params, X[:1])
        params = moved(params, backward(params, cache, dmse(out, Y[:1])), lr)
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

@wrong_function("train", says="Each step is too short: the slopes carry the mean already. Who divides again?")
def divided_once_more(params, X, Y, lr, steps):
    return _NAMES["train"](params, X, Y, lr / len(X), steps)

@wrong_function("train", says="One step too many, or one too few: how often does your loop run?")
def one_step_too_few(params, X, Y, lr, steps):
    return _NAMES["train"](params, X, Y, lr, max(steps - 1, 0))

@wrong_function("train",
    says="One row at a time makes as many small steps as there are rows. The text asks for all rows in each step.")
def row_by_row(params, X, Y, lr, steps):
    losses = [mse(forward(params, X)[0], Y)]
    for _ in range(steps):
        for row in range(len(X)):
            x, y = X[row : row + 1], Y[row : row + 1]
            out, cache = forward(params, x)
            params = moved(params, backward(params, cache, dmse(out, y)), lr)
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

@wrong_function("train",
    says="A layer has moved before the slopes of the one in front of it are known. All slopes first, then all updates?")
def layer_by_layer(params, X, Y, lr, steps):
    losses = [mse(forward(params, X)[0], Y)]
    for _ in range(steps):
        for at in range(len(params) - 1, -1, -1):
            out, cache = forward(params, X)
            grads = backward(params, cache, dmse(out, Y))
            params = [*params[:at], *moved(params[at : at + 1], grads[at : at + 1], lr), *params[at + 1 :]]
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

def stops(enough):
    """A `train` that makes no more steps where `enough(losses, grads)`."""

    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            grads = backward(params, cache, dmse(out, Y))
            if enough(losses, grads):
                return params, losses + losses[-1:] * (steps + 1 - len(losses))
            params = moved(params, grads, lr)
        return params, [*losses, mse(forward(params, X)[0], Y)]

    return {"train": train}

stops_when_nearly_flat = mistake(
    "train", lambda: stops(lambda losses, grads: max(np.abs(part).max() for pair in grads for part in pair) < 1e-3),
    says="Near the bottom, where loss and slopes are small, you make no more steps. The text asks for all of them.")
stops_when_the_loss_is_small = mistake("train", lambda: stops(lambda losses, grads: losses[-1] < 1e-4),
    says="Near the bottom, where loss and slopes are small, you make no more steps. The text asks for all of them.")
stops_when_the_loss_rises = mistake(
    "train", lambda: stops(lambda losses, grads: len(losses) > 1 and losses[-1] > losses[-2]),
    says="Your training looks at the loss, and stops where it rises or stays. How many steps does the text ask for?")
steps_cut_off = mistake("train",
    lambda: train_with(
        lambda params, grads, lr: moved(params, [(np.clip(dW, -1, 1), np.clip(db, -1, 1)) for dW, db in grads], lr)
    ),
    says="Steep slopes are cut off, and those steps are too short. By how much is each number to move?",
)
losses_to_some_digits = mistake("train", lambda: train_with(note=lambda loss: round(loss, 4)),
    says="Your losses are rounded. Round when you print them, not when you write them down.")

@wrong_function("train",
    says="That is the net of an earlier step. The text asks for the one after the last, whatever the loss does.")
def the_best_net_on_the_way(params, X, Y, lr, steps):
    losses = _NAMES["train"](params, X, Y, lr, steps)[1]
    return _NAMES["train"](params, X, Y, lr, int(np.argmin(losses)))[0], losses

@wrong_function("train", says="Your learning rate shrinks as it goes. The text has one rate for all steps.")
def smaller_and_smaller_steps(params, X, Y, lr, steps):
    losses = [mse(forward(params, X)[0], Y)]
    for step in range(steps):
        out, cache = forward(params, X)
        params = moved(params, backward(params, cache, dmse(out, Y)), lr / (step + 1))
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

@wrong_function("train", says="The last loss stands there twice. Which loss belongs to the net that you return?")
def loss_before_the_last_step_again(params, X, Y, lr, steps):
    losses, loss = [], mse(forward(params, X)[0], Y)
    for _ in range(steps):
        out, cache = forward(params, X)
        loss = mse(out, Y)
        losses.append(loss)
        params = moved(params, backward(params, cache, dmse(out, Y)), lr)
    return params, [*losses, loss]

@wrong_function("train",
    says="You hand the errors themselves to backward. What is the slope of the loss in each output?")
def errors_for_slopes(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        params = moved(params, backward(params, cache, out - Y), lr)
    return params, [*losses, mse(forward(params, X)[0], Y)]

@wrong_function("train", says="One step too many is made: how often does your loop run?")
def one_step_too_many(params, X, Y, lr, steps):
    return train_with()["train"](params, X, Y, lr, steps + 1)

# ---------------------------------------------------------------------------------------------------- moons

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

nothing_learned = mistake("moons", lambda: fit_with(steps=0),
    says="The net that you return is the one that you started with. Is anything learned?")
a_straight_line = mistake("moons", lambda: fit_with(sizes=(2, 1)),
    says="One layer has no bend: its boundary is a straight line. Where are the hidden units?")
classes_swapped = mistake(
    "moons", lambda: fit_with(slope=lambda p, y: p - (1 - y), loss=lambda p, y: log_loss(p, 1 - y)),
    says="It tells the moons apart, and calls each by the other's name. Where is the score above 0?")

@wrong_function("moons", says="It goes down on the squared error. Which loss does the text ask for?", replaces="fit")
def squared_error(X, y, rng):
    params, losses = init_params([2, 16, 1], rng), []
    for step in range(1001):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(np.mean((p - y[:, None]) ** 2)))
        if step < 1000:
            dz = 2 * (p - y[:, None]) * p * (1 - p) / len(X)
            params = moved(params, backward(params, cache, dz), 2.0)
    return params, losses

summed_loss = mistake("moons", lambda: fit_with(steps=1000, loss=lambda p, y: len(y) * log_loss(p, y)),
    says="Your losses grow with the number of points. Which loss does the text ask for, sum or mean?")
own_seed = mistake(
    "moons", lambda: fit_with(steps=1000, start=lambda sizes, rng: init_params(sizes, np.random.default_rng(0))),
    says="Every seed gives the same net. Who decides about chance, `fit` or its caller?")

@wrong_function("moons", replaces="fit",
    says="The caller's X has changed. X -= X.mean(axis=0) writes into it: what makes a new array?")
def moves_the_callers_points(X, y, rng):
    made = fit_with(steps=1000)["fit"](X, y, rng)
    X += 1.0
    return made

starts_from_zeros = mistake("moons",
    lambda: fit_with(
        start=lambda sizes, rng: [(np.zeros((2, 16)), np.zeros(16)), (np.zeros((16, 1)), np.zeros(1))], steps=100
    ),
    says="All weights start at 0, and all hidden units stay alike. What did section 2 say?",
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

line_from_the_points = mistake(
    "moons", lambda: plot_with(lambda ax, params, X: ax.tricontour(*X.T, forward(params, X)[0][:, 0], levels=[0])),
    says="Your line is drawn from the points alone. What does the net say between them, on a grid?")

@wrong_function("moons", within=plot_with, says="Your line is where the score is 0.5. Is that where p is 0.5?")
def line_at_one_half(ax, params, X):
    xx, yy = grid_around(X)
    ax.contour(xx, yy, scores(params, xx, yy), levels=[0.5])

@wrong_function("moons", within=plot_with,
    says="xx and yy have changed places on their way into the net. Which column is which?")
def axes_of_the_grid_swapped(ax, params, X):
    xx, yy = grid_around(X)
    ax.contour(xx, yy, scores(params, yy, xx), levels=[0])

@wrong_function("moons", within=plot_with,
    says="The boundary is straight where the net is bent: is the hidden layer in it?")
def boundary_of_the_first_layer(ax, params, X):
    xx, yy = grid_around(X)
    (W, b), (V, c) = params[0], params[-1]
    ax.contour(xx, yy, (xx[..., None] * W[0] + yy[..., None] * W[1] + b) @ V[:, 0] + c, levels=[0])

@wrong_function("moons", within=plot_with,
    says="The areas are coloured; draw the line itself as well. With which function?")
def areas_only(ax, params, X):
    xx, yy = grid_around(X)
    ax.contourf(xx, yy, scores(params, xx, yy) > 0)

@wrong_function("moons", says="Only one of the two classes is there. Where are the others?", replaces="boundary_plot")
def one_class_shown(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(*X[y == 1].T)
    xx, yy = grid_around(X)
    ax.contour(xx, yy, scores(params, xx, yy), levels=[0])
    return ax

@wrong_function("moons", within=plot_with,
    says="Many heights, and nothing says which of them is 0. Which argument of contour chooses one?")
def all_heights(ax, params, X):
    xx, yy = grid_around(X)
    ax.contour(xx, yy, scores(params, xx, yy), levels=15)

@wrong_function("moons", within=plot_with,
    says="Your line has few corners: how many places does the text ask for, each way?")
def a_coarse_grid(ax, params, X):
    xx, yy = grid_around(X, count=25)
    ax.contour(xx, yy, scores(params, xx, yy), levels=[0])

losses_of_fit_to_some_digits = mistake(
    "moons", lambda: fit_with(steps=1000, loss=lambda p, y: round(log_loss(p, y), 3)),
    says="Your losses are rounded. Round when you print them, not when you write them down.")
too_few_steps = mistake("moons", lambda: fit_with(steps=30),
    says="It learned something, and stopped early: look at the losses. Do they still fall at the end?")

@wrong_function("moons", replaces="fit",
    says="Least squares finds the best plane, and its boundary is a straight line. Where is the bend?")
def best_plane(X, y, rng):
    plane = np.column_stack([X, np.ones(len(X))])
    w = np.linalg.lstsq(plane, 2 * y - 1, rcond=None)[0]
    net = [(4 * w[:2, None] + 1e-9 * rng.normal(size=(2, 1)), 4 * w[2:])]
    z = forward(net, X)[0]
    return net, [5.0, float(np.mean(np.logaddexp(0, z) - y[:, None] * z))]

slope_by_p = mistake("moons", {"slope_of_log_loss": "-y/p + (1 - y)/(1 - p)"},
    says="That is the slope in p. How does p change with the score?")
log_slope_turned_around = mistake("moons", {"slope_of_log_loss": "y - p"},
    says="Take a point of class 1. The score grows, and p with it: does the loss grow or shrink?")

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

sum_of_all = mistake("two_engines", lambda: values_with(loss=lambda squares, n, k: sum(squares, Value(0.0))),
    says="One side adds up, and the other takes the mean. Which loss does the text name?")
mean_of_rows = mistake("two_engines", lambda: values_with(loss=lambda squares, n, k: sum(squares, Value(0.0)) / n),
    says="With two outputs it is off by 2, with one it is right. Over how many entries is the mean?")
last_square_only = mistake("two_engines", lambda: values_with(loss=lambda squares, n, k: squares[-1] / (n * k)),
    says="Only the last of the squares goes into the loss. Where are the other rows?")
values_bent_at_the_end = mistake("two_engines", lambda: values_with(last=lambda z: z.tanh()),
    says="Your outputs are bent as well. Which layer has no tanh after it?")
values_without_a_bend = mistake("two_engines", lambda: values_with(bend=lambda z: z),
    says="Where is the tanh between the layers?")
values_without_biases = mistake("two_engines", lambda: values_with(biased=False),
    says="The slopes of the biases are all 0. Are they in the sums?")
data_for_grad = mistake("two_engines", lambda: values_with(slopes=lambda v: v.data),
    says="Those are the weights themselves. What has each Value learned from backward()?")

@wrong_function("two_engines", replaces="value_grads",
    says="No Value was at work, whatever the slopes are. Two engines agree only if there are two: where is the graph?")
def matrices_again(params, X, Y):
    out, cache = forward(params, X)
    return backward(params, cache, dmse(out, Y))

@wrong_function("two_engines", replaces="value_grads",
    says="Measured with small steps, slopes agree to a few digits only. What does backward() of a Value give?")
def measured(params, X, Y):
    found, h = [], 1e-5
    for at, pair in enumerate(params):
        both = []
        for which, part in enumerate(pair):
            table = np.empty(part.shape)
            for place in np.ndindex(part.shape):
                ends = []
                for step in (h, -h):
                    net = [[array.copy() for array in layer] for layer in params]
                    net[at][which][place] += step
                    ends.append(mse(forward(net, X)[0], Y))
                table[place] = (ends[0] - ends[1]) / (2 * h)
            both.append(table)
        found.append(tuple(both))
    return found

@wrong_function("two_engines", within=lambda twice: values_with(loss=twice),
    says="Each slope is twice what it should be: how often do you call backward()?")
def walked_twice(squares, n, k):
    total = sum(squares, Value(0.0)) / (n * k)
    total.backward()
    return total

@wrong_function("two_engines", replaces="value_grads",
    says="Your table for W is turned over: a row for each input, or for each output?")
def table_turned_over(params, X, Y):
    return [(dW.T, db) for dW, db in values_with()["value_grads"](params, X, Y)]

@wrong_function("two_engines", replaces="value_grads",
    says="Only the last row reaches your slopes. Are the Values of the weights made once, or anew for every row?")
def values_of_the_last_row(params, X, Y):
    return [(dW / len(X), db / len(X)) for dW, db in values_with()["value_grads"](params, X[-1:], Y[-1:])]

grads_to_some_digits = mistake("two_engines", lambda: values_with(slopes=lambda v: round(v.grad, 6)),
    says="Your slopes are rounded. Two engines that agree to some digits: is that what the text asks for?")
numbers_between_the_layers = mistake("two_engines", lambda: values_with(bend=lambda z: Value(z.tanh().data)),
    says="The first layers have the slope 0: a Value made of `.data` has forgotten where it comes from.")
half_of_the_squares = mistake(
    "two_engines", lambda: values_with(loss=lambda squares, n, k: sum(squares, Value(0.0)) / (2 * n * k)),
    says="Some books take half of the mean. Which loss does the text name?")

# ----------------------------------------------------------------------------------------------- fit_digits

def reader_with(rows=lambda rng, n: rng.integers(n, size=32), lr=0.2, loss=ce, start=init_params, labels=None):
    """A `fit_digits` that is wrong in one of its parts; `labels(y, rows)` are what it learns from."""

    def fit_digits(X, y, rng, steps):
        params, losses = start([64, 64, 10], rng), []
        for _ in range(steps):
            at = rows(rng, len(X))
            scores, cache = forward(params, X[at])
            value, dscores = loss(scores, labels(y, at) if labels else y[at])
            losses.append(value)
            params = moved(params, backward(params, cache, dscores), lr)
        return params, losses

    return {"fit_digits": fit_digits}

def squared_scores(scores, y):
    """The mean squared error of the scores against ones and zeros."""
    target = (np.arange(10) == y[:, None]) * 1.0
    return mse(scores, target), dmse(scores, target)

def summed_ce(scores, y):
    value, slopes = ce(scores, y)
    return value * len(y), slopes

reader_goes_up = mistake("fit_digits", lambda: reader_with(lr=-0.2),
    says="Your losses grow: in which direction does each step go, with the slope or against it?")
reader_never_moves = mistake("fit_digits", lambda: reader_with(lr=0.0),
    says="The net that you return is the one that you started with. Where are the params replaced?")
the_first_rows_only = mistake("fit_digits", lambda: reader_with(rows=lambda rng, n: np.arange(32)),
    says="Each step looks at the same 32 rows, and learns those by heart. Where are new ones drawn?")
digits_of_other_rows = mistake("fit_digits", lambda: reader_with(labels=lambda y, rows: y[: len(rows)]),
    says="Each image gets another image's digit. X[rows] goes with which part of y?")
squared_error_for_digits = mistake("fit_digits", lambda: reader_with(loss=squared_scores),
    says="It goes down on the squared error of the scores. Which loss of unit 3 does the text ask for?")
summed_over_the_batch = mistake("fit_digits", lambda: reader_with(loss=summed_ce),
    says="Your losses are the sum over the mini-batch. Does ce give a sum or a mean?")
reader_with_its_own_seed = mistake(
    "fit_digits", lambda: reader_with(start=lambda sizes, rng: init_params(sizes, np.random.default_rng(0)),
        rows=lambda rng, n: np.random.default_rng(1).permutation(n)[:32]),
    says="Every seed gives the same net. Draw the start and the rows from the `rng` that comes in.")
reader_from_zeros = mistake(
    "fit_digits", lambda: reader_with(start=lambda sizes, rng: [(np.zeros((64, 64)), np.zeros(64)),
        (np.zeros((64, 10)), np.zeros(10))]),
    says="All weights start at 0, and all hidden neurons stay alike. What did section 2 say?")

@wrong_function("fit_digits", says="The number of losses is not `steps`. Who decides how many steps are made?")
def always_as_many_steps(X, y, rng, steps):
    return fit_digits(X, y, rng, 100)

@wrong_function("fit_digits", says="Your losses have one number too many: here each is that of a step, before it.")
def a_last_loss_as_well(X, y, rng, steps):
    params, losses = fit_digits(X, y, rng, steps)
    return params, [*losses, ce(forward(params, X)[0], y)[0]]

@wrong_function("fit_digits", says="The losses come from after each step. Write each one down before anything moves.")
def losses_after_the_step(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    for _ in range(steps):
        rows = rng.integers(len(X), size=32)
        scores, cache = forward(params, X[rows])
        params = moved(params, backward(params, cache, ce(scores, y[rows])[1]), 0.2)
        losses.append(ce(forward(params, X[rows])[0], y[rows])[0])
    return params, losses

@wrong_function("fit_digits", says="Your losses are those of all rows. Which rows does a step look at?")
def losses_of_all_rows(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    for _ in range(steps):
        losses.append(ce(forward(params, X)[0], y)[0])
        rows = rng.integers(len(X), size=32)
        scores, cache = forward(params, X[rows])
        params = moved(params, backward(params, cache, ce(scores, y[rows])[1]), 0.2)
    return params, losses

# ------------------------------------------------------------------------------------------------ own_digit

def numbers_with(of=lambda table: table.ravel(), ink=None):
    """An `as_numbers` with other numbers for the marks, or another order; `of` gets the table of 8 x 8."""
    worth = {"#": 1.0, "+": 0.5, ".": 0.0} | (ink or {})

    def as_numbers(drawing):
        return of(np.array([[worth[mark] for mark in line] for line in drawing.split()]))

    return {"as_numbers": as_numbers}

column_by_column = mistake("own_digit", lambda: numbers_with(lambda table: table.T.ravel()),
    says="Your numbers go down the columns, so the digit lies on its side. In which order does the net need them?")
white_for_ink = mistake("own_digit", lambda: numbers_with(lambda table: 1 - table.ravel()),
    says="In your numbers ink is 0 and paper is 1. Which way round are the images at the top?")
grey_as_ink = mistake("own_digit", lambda: numbers_with(ink={"+": 1.0}),
    says="Your grey is as dark as ink. How much is a `+` worth?")
grey_as_paper = mistake("own_digit", lambda: numbers_with(ink={"+": 0.0}),
    says="Your grey has become white. How much is a `+` worth?")
a_table_of_eight_rows = mistake("own_digit", lambda: numbers_with(lambda table: table),
    says="That is a table of 8 × 8. The net wants the 64 numbers in one row.")
line_ends_counted = mistake("own_digit",
    lambda: {"as_numbers": lambda drawing: np.array([{"#": 1.0, "+": 0.5}.get(mark, 0.0) for mark in drawing])},
    says="There are more than 64 numbers. The ends of the lines are characters too: are they points of the drawing?")
up_to_sixteen = mistake("own_digit", lambda: numbers_with(lambda table: 16 * table.ravel()),
    says="Your ink is 16. From what to what do the points of the images go?")
from_the_bottom_up = mistake("own_digit", lambda: numbers_with(lambda table: table[::-1].ravel()),
    says="Your digit stands on its head: which line comes first?")
mirrored = mistake("own_digit", lambda: numbers_with(lambda table: table[:, ::-1].ravel()),
    says="Your digit looks into a mirror: from which side is a line read?")
another_digit_named = mistake("own_digit", {"my_digit": 3},
    says="Your nets read another digit in your drawing. Which one did you draw?")
the_example_again = mistake("own_digit",
    {"my_drawing": "..###...\n.##.##..\n.....#..\n....##..\n...##...\n..##....\n.#####..\n.#####..", "my_digit": 2},
    says="That is the 2 of the text. Draw one of your own.")
nothing_drawn = mistake("own_digit", {"my_drawing": "\n".join(["........"] * 8)},
    says="The paper is white. Where is your digit?")
