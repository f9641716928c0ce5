"""Known mistakes of `w5_sampling`: what each does, and what to ask."""

import math

import numpy as np

from grader.testing import mistake, wrong_function

# ------------------------------------------------------------------------------------------------- one_draw


def mean_of(draw, p, n, rng):
    return sum(draw(p, rng) for _ in range(n)) / n


@wrong_function(
    "one_draw", replaces="draw_slope", says="Two different draws: you measure the luck. Which seed has each side?"
)
def draw_slope_one_generator(draw, p, seed, h):
    rng = np.random.default_rng(seed)
    return float(draw(p + h, rng) - draw(p - h, rng)) / (2 * h)


@wrong_function("one_draw", replaces="draw_slope", says="From p - h to p + h: how wide is the run?")
def draw_slope_half_the_run(draw, p, seed, h):
    right, left = np.random.default_rng(seed), np.random.default_rng(seed)
    return float(draw(p + h, right) - draw(p - h, left)) / h


@wrong_function(
    "one_draw", replaces="draw_slope", says="This is a forward difference. The text asks for a central one."
)
def draw_slope_forward(draw, p, seed, h):
    right, here = np.random.default_rng(seed), np.random.default_rng(seed)
    return float(draw(p + h, right) - draw(p, here)) / h


@wrong_function(
    "one_draw", replaces="draw_slope", says="The slope of one draw is 0 for a coin. Is it for a bell? Measure it."
)
def draw_slope_always_zero(draw, p, seed, h):
    return 0.0


@wrong_function("one_draw", replaces="draw_slope", says="Which way is the run, and which the rise? Look at the sign.")
def draw_slope_backwards(draw, p, seed, h):
    right, left = np.random.default_rng(seed), np.random.default_rng(seed)
    return float(draw(p - h, left) - draw(p + h, right)) / (2 * h)


@wrong_function(
    "one_draw", replaces="mean_slope", says="The right side used up some luck. Start the generator anew for the left."
)
def mean_slope_one_generator(draw, p, n, seed, h):
    rng = np.random.default_rng(seed)
    return float(mean_of(draw, p + h, n, rng) - mean_of(draw, p - h, n, rng)) / (2 * h)


@wrong_function("one_draw", replaces="mean_slope", says="A new generator for each draw makes the same draw n times.")
def mean_slope_same_draw(draw, p, n, seed, h):
    right, left = np.random.default_rng(seed), np.random.default_rng(seed)
    return float(draw(p + h, right) - draw(p - h, left)) / (2 * h)


@wrong_function("one_draw", replaces="mean_slope", says="This is the sum. The text asks for the mean of n draws.")
def mean_slope_of_the_sum(draw, p, n, seed, h):
    right, left = np.random.default_rng(seed), np.random.default_rng(seed)
    return float(mean_of(draw, p + h, n, right) - mean_of(draw, p - h, n, left)) * n / (2 * h)


@wrong_function("one_draw", replaces="mean_slope", says="From p - h to p + h: how wide is the run?")
def mean_slope_half_the_run(draw, p, n, seed, h):
    right, left = np.random.default_rng(seed), np.random.default_rng(seed)
    return float(mean_of(draw, p + h, n, right) - mean_of(draw, p - h, n, left)) / h


@wrong_function(
    "one_draw", replaces="mean_slope", says="A seed for each draw? One generator should make all the n draws."
)
def mean_slope_a_seed_for_each(draw, p, n, seed, h):
    seeds = [seed + turn for turn in range(n)]
    rng = np.random.default_rng
    rise = [draw(p + h, rng(each)) - draw(p - h, rng(each)) for each in seeds]
    return float(sum(rise)) / n / (2 * h)


dual_says_one = mistake(
    "one_draw",
    {"dual_says": "a"},
    says="dual_says: the *average* moves with p. But what does the generator hand back: a Dual, or a bare number?",
)

# -------------------------------------------------------------------------------------------------- reparam


@wrong_function("reparam", says="That is the squared width. The width is e^(logvar/2).")
def reparam_squared_width(mu, logvar, eps):
    return mu + np.exp(logvar) * eps


@wrong_function("reparam", says="Your width is cut off somewhere: logvar goes from -6 to 6. Which widths are these?")
def reparam_clips_the_width(mu, logvar, eps):
    return mu + np.clip(np.exp(logvar / 2), 0.1, 10) * eps


@wrong_function("reparam", says="logvar is a logarithm. How do you get the width from it?")
def reparam_logvar_as_width(mu, logvar, eps):
    return mu + logvar * eps


@wrong_function("reparam", says="The noise is given. Draw nothing inside.")
def reparam_draws_inside(mu, logvar, eps):
    return mu + np.exp(logvar / 2) * np.random.default_rng().standard_normal(np.shape(eps))


@wrong_function("reparam", says="Stretch the noise alone, then shift: the middle is not multiplied.")
def reparam_stretches_the_middle(mu, logvar, eps):
    return (mu + eps) * np.exp(logvar / 2)


@wrong_function("reparam", says="Which sign stands in the exponent: does a larger logvar make the bell wider?")
def reparam_narrower(mu, logvar, eps):
    return mu + np.exp(-logvar / 2) * eps


@wrong_function("reparam", says="Each entry has its own noise. You use the first one only.")
def reparam_one_noise(mu, logvar, eps):
    return mu + np.exp(logvar / 2) * eps.flat[0]


@wrong_function(
    "reparam", says="The squared width is e^logvar, so the width is its root: e^(logvar/2), not e^(2 logvar)."
)
def reparam_twice(mu, logvar, eps):
    return mu + np.exp(2 * logvar) * eps


@wrong_function(
    "reparam", replaces="reparam_back", says="dlogvar: sigma = e^(logvar/2). Which slope has the inside, logvar/2?"
)
def back_without_the_half(mu, logvar, eps, dz):
    return dz, dz * eps * np.exp(logvar / 2)


@wrong_function("reparam", replaces="reparam_back", says="dlogvar: what multiplies sigma in z?")
def back_without_the_noise(mu, logvar, eps, dz):
    return dz, dz * np.exp(logvar / 2) / 2


@wrong_function(
    "reparam",
    replaces="reparam_back",
    says="dlogvar: that is the slope with respect to sigma. How fast does sigma move with logvar?",
)
def back_of_sigma(mu, logvar, eps, dz):
    return dz, dz * eps


@wrong_function(
    "reparam", replaces="reparam_back", says="dlogvar: e^logvar is the squared width. What stands in z is the width."
)
def back_squared_width(mu, logvar, eps, dz):
    return dz, dz * eps * np.exp(logvar)


@wrong_function(
    "reparam", replaces="reparam_back", says="These are the slopes of z. Multiply them by what arrives: dz."
)
def back_without_dz(mu, logvar, eps, dz):
    return np.ones(np.shape(dz)), eps * np.exp(logvar / 2) / 2


@wrong_function("reparam", replaces="reparam_back", says="dmu: z moves one for one with mu. What is dz times 1?")
def back_times_mu(mu, logvar, eps, dz):
    return dz * mu, dz * eps * np.exp(logvar / 2) / 2


@wrong_function("reparam", replaces="reparam_back", says="Which of the two comes first, dmu or dlogvar?")
def back_swapped(mu, logvar, eps, dz):
    return dz * eps * np.exp(logvar / 2) / 2, dz


@wrong_function(
    "reparam", replaces="reparam_back", says="One gradient for each entry: the text does not ask for their sum."
)
def back_added_up(mu, logvar, eps, dz):
    return np.sum(dz), np.sum(dz * eps * np.exp(logvar / 2) / 2)


dz_dl_without_the_half = mistake(
    "reparam", {"dz_dl": "n*e^(l/2)"}, says="dz_dl: e^(l/2) has l/2 inside. Which slope has the inside?"
)
dz_dl_squared_width = mistake(
    "reparam", {"dz_dl": "n*e^l"}, says="dz_dl: e^l is the *squared* width. What is the width, and what is its slope?"
)
dz_dl_is_the_noise = mistake(
    "reparam",
    {"dz_dl": "n"},
    says="dz_dl: that is the slope with respect to the width. How fast does the width move with l?",
)

# ------------------------------------------------------------------------------------------- two_estimators


def summed_up(values, n):
    return float(np.mean(values)), float(np.std(values) / math.sqrt(n))


@wrong_function(
    "two_estimators", replaces="score_grad", says="That is the average of f itself. What is f(z) multiplied by?"
)
def score_without_the_score(f, mu, n, rng):
    return summed_up(f(mu + rng.standard_normal(n)), n)


@wrong_function(
    "two_estimators",
    replaces="score_grad",
    says="Shift the bell to the right: do draws on its right get more likely, or less?",
)
def score_backwards(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    return summed_up(f(z) * (mu - z), n)


@wrong_function(
    "two_estimators", replaces="score_grad", says="The score is z - mu, not z: measured from the middle of the bell."
)
def score_from_zero(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    return summed_up(f(z) * z, n)


@wrong_function(
    "two_estimators", replaces="score_grad", says="f is asked at the draws, z = mu + noise, not at the noise."
)
def score_of_the_noise(f, mu, n, rng):
    noise = rng.standard_normal(n)
    return summed_up(f(noise) * noise, n)


@wrong_function(
    "two_estimators", replaces="score_grad", says="You drew twice. f and the score belong to the same draw."
)
def score_drawn_twice(f, mu, n, rng):
    return summed_up(f(mu + rng.standard_normal(n)) * rng.standard_normal(n), n)


@wrong_function(
    "two_estimators",
    replaces="score_grad",
    says="The mean of a product is not the product of the means. Multiply draw by draw.",
)
def score_product_of_means(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z) * (z - mu)
    return float(np.mean(f(z)) * np.mean(z - mu)), float(np.std(values) / math.sqrt(n))


@wrong_function(
    "two_estimators",
    replaces="score_grad",
    says="What you take away depends on the same draws, and that changes the mean.",
)
def score_with_its_own_mean(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    return summed_up((f(z) - np.mean(f(z))) * (z - mu), n)


@wrong_function(
    "two_estimators",
    replaces="score_grad",
    says='Every call gives the same "random" numbers. Use the generator that you are given.',
)
def score_own_generator(f, mu, n, rng):
    z = mu + np.random.default_rng(0).standard_normal(n)
    return summed_up(f(z) * (z - mu), n)


@wrong_function(
    "two_estimators",
    replaces="score_grad",
    says="That is how much single draws scatter. The mean of n scatters less: by which factor?",
)
def score_spread_of_one(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z) * (z - mu)
    return float(np.mean(values)), float(np.std(values))


@wrong_function(
    "two_estimators", replaces="score_grad", says="Divided by n? The error of a mean shrinks with the root of n."
)
def score_error_over_n(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z) * (z - mu)
    return float(np.mean(values)), float(np.std(values) / n)


@wrong_function("two_estimators", replaces="path_grad", says="df is asked at the draws, mu + noise, not at the noise.")
def path_of_the_noise(df, mu, n, rng):
    return summed_up(df(rng.standard_normal(n)), n)


@wrong_function(
    "two_estimators",
    replaces="path_grad",
    says="The path needs no score: the draws move along, and df tells how fast f does.",
)
def path_times_the_score(df, mu, n, rng):
    z = mu + rng.standard_normal(n)
    return summed_up(df(z) * (z - mu), n)


@wrong_function(
    "two_estimators",
    replaces="path_grad",
    says="That is the slope at the middle. The average of the slopes is asked, over the draws.",
)
def path_at_the_middle(df, mu, n, rng):
    values = df(mu + rng.standard_normal(n))
    return float(df(np.array([mu]))[0]), float(np.std(values) / math.sqrt(n))


@wrong_function(
    "two_estimators",
    replaces="path_grad",
    says="That is how much single draws scatter. The mean of n scatters less: by which factor?",
)
def path_spread_of_one(df, mu, n, rng):
    values = df(mu + rng.standard_normal(n))
    return float(np.mean(values)), float(np.std(values))


d_log_backwards = mistake(
    "two_estimators",
    {"d_log": "(mu - z)/s^2"},
    says="d_log: shift the bell to the right: do draws on its right get more likely, or less?",
)
d_log_of_width_one = mistake(
    "two_estimators",
    {"d_log": "z - mu"},
    says="d_log: that is right for width 1. What does the s^2 in the exponent do?",
)
d_log_one_s = mistake(
    "two_estimators",
    {"d_log": "(z - mu)/s"},
    says="d_log: which power of s stands in the exponent of the bell?",
)
d_mean_zero = mistake(
    "two_estimators",
    {"d_mean": "0"},
    says="d_mean: a single draw does not know of mu. But the average does: write it down with mu, then the slope.",
)

# ----------------------------------------------------------------------------------------------- gumbel_max


def even(rng, shape):
    return np.maximum(rng.random(shape), 1e-300)


@wrong_function(
    "gumbel_max", replaces="gumbel", says="Two logarithms and two minus signs: -ln(-ln u). One minus is missing."
)
def gumbel_without_the_outer_minus(rng, shape):
    return np.log(-np.log(even(rng, shape)))


@wrong_function("gumbel_max", replaces="gumbel", says="There are two logarithms. This is where the first one leads.")
def gumbel_one_logarithm(rng, shape):
    return -np.log(even(rng, shape))


@wrong_function(
    "gumbel_max", replaces="gumbel", says="Only Gumbel noise gives exactly the softmax. This is noise from the bell."
)
def gumbel_from_the_bell(rng, shape):
    return rng.standard_normal(shape)


@wrong_function(
    "gumbel_max",
    replaces="gumbel",
    says='Every call gives the same "random" answer. Use the generator that you are given.',
)
def gumbel_own_generator(rng, shape):
    return -np.log(-np.log(even(np.random.default_rng(0), shape)))


@wrong_function("gumbel_max", replaces="gumbel", says="One number for all sides? Each entry has its own noise.")
def gumbel_one_for_all(rng, shape):
    return np.full(shape, -np.log(-np.log(even(rng, ()))))


@wrong_function(
    "gumbel_max",
    replaces="gumbel",
    says="Once in a blue moon u is 0, and there is no ln(0). Which line of the text takes care of it?",
)
def gumbel_of_zero(rng, shape):
    return -np.log(-np.log(rng.random(shape)))


@wrong_function("gumbel_max", replaces="gumbel", says="This is even noise, without the two logarithms.")
def gumbel_even(rng, shape):
    return even(rng, shape)


@wrong_function(
    "gumbel_max",
    says="The noise is added to the logits. You took it away: then the likely side wins too often or too rarely.",
)
def gumbel_max_minus_noise(logits, g):
    return np.argmax(logits - g, axis=-1)


@wrong_function("gumbel_max", says="The likeliest side always wins: where is the noise?")
def gumbel_max_without_noise(logits, g):
    return np.argmax(logits, axis=-1)


@wrong_function("gumbel_max", says="The noise is added to the logits themselves, not to the probabilities.")
def gumbel_max_of_probabilities(logits, g):
    raised = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.argmax(raised / np.sum(raised, axis=-1, keepdims=True) + g, axis=-1)


@wrong_function("gumbel_max", says="You multiply the probabilities by the noise. It is added, and to the logits.")
def gumbel_max_probabilities_times_noise(logits, g):
    raised = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.argmax(raised / np.sum(raised, axis=-1, keepdims=True) * g, axis=-1)
@wrong_function("gumbel_max", says="In a table each row is a separate throw. Along which axis is the largest?")
def gumbel_max_of_the_table(logits, g):
    return np.argmax(logits + g)


@wrong_function("gumbel_max", says="That is the largest value. Which side has it?")
def gumbel_max_the_value(logits, g):
    return np.max(logits + g, axis=-1)


@wrong_function("gumbel_max", says="The noise is added. What becomes of a logit of 0 when it is multiplied instead?")
def gumbel_max_of_the_product(logits, g):
    return np.argmax(logits * g, axis=-1)


@wrong_function("gumbel_max", says="The largest wins, not the smallest.")
def gumbel_max_smallest(logits, g):
    return np.argmin(logits + g, axis=-1)


@wrong_function("gumbel_max", says="The sides are counted from 0.")
def gumbel_max_from_one(logits, g):
    return np.argmax(logits + g, axis=-1) + 1


# ------------------------------------------------------------------------------------------- gumbel_softmax


def soft(x, axis=1):
    raised = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return raised / np.sum(raised, axis=axis, keepdims=True)


@wrong_function(
    "gumbel_softmax", says="Divide both by tau, the logits and the noise: otherwise the winner changes with tau."
)
def gumbel_softmax_logits_over_tau(logits, tau, g):
    return soft(logits / tau + g)


@wrong_function("gumbel_softmax", says="Divide both by tau, the logits and the noise: you left out the logits.")
def gumbel_softmax_noise_over_tau(logits, tau, g):
    return soft(logits + g / tau)


@wrong_function("gumbel_softmax", says="A low temperature makes a throw sharper. Do you divide by tau, or multiply?")
def gumbel_softmax_times_tau(logits, tau, g):
    return soft((logits + g) * tau)


@wrong_function("gumbel_softmax", says="Where is the temperature?")
def gumbel_softmax_without_tau(logits, tau, g):
    return soft(logits + g)


@wrong_function("gumbel_softmax", says="Where is the noise?")
def gumbel_softmax_without_noise(logits, tau, g):
    return soft(logits / tau)


@wrong_function("gumbel_softmax", says="The temperature comes before the softmax. Does each of your rows add up to 1?")
def gumbel_softmax_tau_outside(logits, tau, g):
    return soft(logits + g) / tau


@wrong_function("gumbel_softmax", says="Each row is a throw, and adds up to 1. Along which axis do you add?")
def gumbel_softmax_columns(logits, tau, g):
    return soft((logits + g) / tau, axis=0)


@wrong_function(
    "gumbel_softmax", says="Each row is a separate throw, and adds up to 1. You divide by the sum of the whole table."
)
def gumbel_softmax_whole_table(logits, tau, g):
    raised = np.exp((logits + g) / tau - np.max((logits + g) / tau))
    return raised / np.sum(raised)


@wrong_function("gumbel_softmax", says="Large logits overflow. What do you subtract in each row before e?")
def gumbel_softmax_overflows(logits, tau, g):
    raised = np.exp((logits + g) / tau)
    return raised / np.sum(raised, axis=1, keepdims=True)


@wrong_function("gumbel_softmax", says="That is the hard winner: its slope is 0. Soften it.")
def gumbel_softmax_hard(logits, tau, g):
    return np.eye(logits.shape[1])[np.argmax(logits + g, axis=1)]


@wrong_function("gumbel_softmax", says="These are logits already: what does your logarithm do to them?")
def gumbel_softmax_takes_logs(logits, tau, g):
    return soft((np.log(soft(logits) + 1e-20) * 2 + g) / tau)


@wrong_function("gumbel_softmax", says="The caller's logits have changed: `+=` writes into them. Make a new array.")
def gumbel_softmax_in_place(logits, tau, g):
    logits += g
    return soft(logits / tau)


@wrong_function("gumbel_softmax", says="The noise is added to the logits, not taken away.")
def gumbel_softmax_minus_noise(logits, tau, g):
    return soft((logits - g) / tau)


# -------------------------------------------------------------------------------------- gumbel_softmax_back


def passed(y, tau, dy):
    return y * (dy - np.sum(y * dy, axis=1, keepdims=True)) / tau


@wrong_function("gumbel_softmax_back", says="tau divides before the softmax. What does the chain rule make of it?")
def back_without_tau(y, tau, dy):
    return passed(y, 1, dy)


@wrong_function("gumbel_softmax_back", says="The inside is (l + g)/tau. Does tau stand above or below in its slope?")
def back_times_tau(y, tau, dy):
    return passed(y, 1 / tau, dy)


@wrong_function("gumbel_softmax_back", says="The other sides matter too: a logit moves all of them.")
def back_of_its_own_side(y, tau, dy):
    return y * (1 - y) * dy / tau


@wrong_function("gumbel_softmax_back", says="The mean of the row is weighted by y. Yours is the plain mean.")
def back_plain_mean(y, tau, dy):
    return y * (dy - np.mean(dy, axis=1, keepdims=True)) / tau


@wrong_function("gumbel_softmax_back", says="Take away the weighted mean of the *row*. Along which axis do you add?")
def back_columns(y, tau, dy):
    return y * (dy - np.sum(y * dy, axis=0, keepdims=True)) / tau


@wrong_function("gumbel_softmax_back", says="Each row is a separate throw. You add up the whole table.")
def back_whole_table(y, tau, dy):
    return y * (dy - np.sum(y * dy)) / tau


@wrong_function("gumbel_softmax_back", says="After the mean is taken away, what is it multiplied by?")
def back_without_y(y, tau, dy):
    return (dy - np.sum(y * dy, axis=1, keepdims=True)) / tau


@wrong_function("gumbel_softmax_back", says="Is the weighted mean taken away, or added?")
def back_plus_the_mean(y, tau, dy):
    return y * (dy + np.sum(y * dy, axis=1, keepdims=True)) / tau


@wrong_function(
    "gumbel_softmax_back", says="Look at the sign of the whole gradient: your own side should grow with its logit."
)
def back_negative(y, tau, dy):
    return -passed(y, tau, dy)


@wrong_function(
    "gumbel_softmax_back",
    says="This is the gradient of the winner, and that one is 0. You are asked for that of the soft throw.",
)
def back_zero(y, tau, dy):
    return np.zeros(np.shape(y))


@wrong_function("gumbel_softmax_back", says="The caller's dy has changed: `-=` writes into it. Make a new array.")
def back_in_place(y, tau, dy):
    dy -= np.sum(y * dy, axis=1, keepdims=True)
    return y * dy / tau


@wrong_function("gumbel_softmax_back", says="tau divides once. Where does your second one come from?")
def back_tau_twice(y, tau, dy):
    return passed(y, tau**2, dy)


own_slope_without_tau = mistake(
    "gumbel_softmax_back",
    {"own_slope": "yi*(1 - yi)"},
    says="own_slope: tau divides before the softmax. What does the chain rule make of it?",
)
other_slope_zero = mistake(
    "gumbel_softmax_back",
    {"other_slope": "0"},
    says="other_slope: the sides share 1. If another one grows, can this one stay?",
)
other_slope_positive = mistake(
    "gumbel_softmax_back",
    {"other_slope": "yi*yj/tau"},
    says="other_slope: if another side grows, does this one grow or shrink?",
)

# --------------------------------------------------------------------------------------------- train_choice


def noise(rng, shape):
    return -np.log(-np.log(even(rng, shape)))


def trains(step):
    """train_choice with another gradient of the logits: step(logits, tau, rng, rewards) -> (y, gradient)."""

    def train_choice(rewards, lr, steps, tau, rng):
        logits, history = np.zeros(len(rewards)), []
        for _ in range(steps):
            y, gradient = step(logits, tau, rng, rewards)
            history.append(float(np.mean(y @ rewards)))
            logits = logits + lr * gradient
        return logits, history

    return {"train_choice": train_choice}


@wrong_function("train_choice", within=trains, says="Rewards should grow. Which way do you go?")
def train_downhill(logits, tau, rng, rewards):
    y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
    return y, -passed(y, tau, rewards).mean(axis=0)


@wrong_function("train_choice", within=trains, says="That is the sum of 64 gradients. The text asks for their mean.")
def train_by_the_sum(logits, tau, rng, rewards):
    y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
    return y, passed(y, tau, rewards).sum(axis=0)


@wrong_function("train_choice", within=trains, says="Hard throws are flat: the slope is 0 everywhere.")
def train_by_hard_throws(logits, tau, rng, rewards):
    hard = np.argmax(logits + noise(rng, (64, len(rewards))), axis=1)
    y = np.eye(len(rewards))[hard]
    return y, passed(y, tau, rewards).mean(axis=0)


@wrong_function("train_choice", within=trains, says="There is no noise in your throws. Then all 64 are the same.")
def train_without_noise(logits, tau, rng, rewards):
    y = soft(np.tile(logits, (64, 1)) / tau)
    return y, passed(y, tau, rewards).mean(axis=0)


@wrong_function("train_choice", within=trains, says="The same noise for all 64 throws? Draw the shape (64, k).")
def train_with_one_throw(logits, tau, rng, rewards):
    y = soft((np.tile(logits, (64, 1)) + noise(rng, (1, len(rewards)))) / tau)
    return y, passed(y, tau, rewards).mean(axis=0)


@wrong_function("train_choice", within=trains, says="The temperature stands in the throws *and* in the gradient.")
def train_gradient_without_tau(logits, tau, rng, rewards):
    y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
    return y, passed(y, 1, rewards).mean(axis=0)


@wrong_function("train_choice", within=trains, says="What arrives at y is the rewards. You passed back something else.")
def train_by_the_reward_of_the_throw(logits, tau, rng, rewards):
    y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
    return y, passed(y, tau, y * rewards).mean(axis=0)


@wrong_function("train_choice", says="The noise is drawn once, before the loop. Each step needs fresh noise.")
def train_with_the_noise_of_once(rewards, lr, steps, tau, rng):
    logits, history, g = np.zeros(len(rewards)), [], noise(rng, (64, len(rewards)))
    for _ in range(steps):
        y = soft((logits + g) / tau)
        history.append(float(np.mean(y @ rewards)))
        logits = logits + lr * passed(y, tau, rewards).mean(axis=0)
    return logits, history


@wrong_function("train_choice", says="history has a number for each step: the mean reward of its 64 throws.")
def train_history_of_the_last(rewards, lr, steps, tau, rng):
    logits, history = np.zeros(len(rewards)), []
    for _ in range(steps):
        y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
        logits = logits + lr * passed(y, tau, rewards).mean(axis=0)
        history = [float(np.mean(y @ rewards))]
    return logits, history


@wrong_function(
    "train_choice",
    says="In history you note something of the logits. The text asks for the mean reward of the soft throws.",
)
def train_history_of_the_softmax(rewards, lr, steps, tau, rng):
    logits, history = np.zeros(len(rewards)), []
    for _ in range(steps):
        y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
        history.append(float(soft(logits[None])[0] @ rewards))
        logits = logits + lr * passed(y, tau, rewards).mean(axis=0)
    return logits, history


@wrong_function("train_choice", says="The logits come first, then the history.")
def train_swapped(rewards, lr, steps, tau, rng):
    logits, history = trains(right_step)["train_choice"](rewards, lr, steps, tau, rng)
    return history, logits


@wrong_function("train_choice", says="The text asks for the logits, not for their softmax.")
def train_returns_probabilities(rewards, lr, steps, tau, rng):
    logits, history = trains(right_step)["train_choice"](rewards, lr, steps, tau, rng)
    return soft(logits[None])[0], history


def right_step(logits, tau, rng, rewards):
    y = soft((logits + noise(rng, (64, len(rewards)))) / tau)
    return y, passed(y, tau, rewards).mean(axis=0)


tau_tiny_faster = mistake(
    "train_choice",
    {"tau_tiny": "a"},
    says="tau_tiny: at a tiny temperature nearly every soft throw is 0 or 1. What is yi*(1 - yi) then?",
)


@wrong_function("gumbel_softmax", says="After the power a row does not add up to 1. Divide by tau before the softmax.")
def gumbel_softmax_as_a_power(logits, tau, g):
    return soft(logits + g) ** (1 / tau)


@wrong_function("gumbel_softmax", says="Divide by tau before the softmax: afterwards the rows do not add up to 1.")
def gumbel_softmax_divided_afterwards(logits, tau, g):
    return soft(logits + g) / tau
