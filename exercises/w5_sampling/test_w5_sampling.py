"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, kept, several, typed
from kit.hints import Question
from kit.measured import slope_at, slope_of, value_of

HINTS = {
    "one_draw": [
        "Two generators with the same seed: one for p + h, one for p - h.",
        "For the mean, write a small function of p: it makes a new generator, draws n times, and returns the mean.",
        "def mean(p): rng = np.random.default_rng(seed); return sum(draw(p, rng) for _ in range(n)) / n\n"
        "and then (mean(p + h) - mean(p - h)) / (2*h). draw_slope is the same with n = 1.",
    ],
    "reparam": [
        "The width first: sigma = np.exp(logvar / 2). Then stretch and shift.",
        "z = mu + sigma*eps. How fast does z move with mu? And sigma with logvar? Then the chain rule.",
        "sigma has the slope sigma/2. So dmu = dz, and dlogvar = dz * eps * sigma / 2.",
    ],
    "two_estimators": [
        "Draw once: z = mu + rng.standard_normal(n). Everything else is made from this z.",
        "values = f(z) * (z - mu), or values = df(z). Both functions return the mean and np.std(values)/np.sqrt(n).",
        "float(np.mean(values)), float(np.std(values) / np.sqrt(n)). On paper: ln p is -(z - mu)^2/(2 s^2) and a part\n"
        "without mu; the average of a*z^2 + b*z is a*(mu^2 + 1) + b*mu.",
    ],
    "gumbel_max": [
        "np.log is the natural logarithm. Put the two minus signs where the formula has them.",
        "u = np.maximum(rng.random(shape), 1e-300). For the winner, np.argmax; along which axis?",
        "-np.log(-np.log(u)), and np.argmax(logits + g, axis=-1).",
    ],
    "gumbel_softmax": [
        "One array first: the noisy logits, all divided by tau.",
        "Then the softmax of unit 3: subtract the largest of each row, np.exp, divide by the sum of the row.",
        "noisy = (logits + g) / tau; e = np.exp(noisy - noisy.max(axis=1, keepdims=True));\n"
        "e / e.sum(axis=1, keepdims=True).",
    ],
    "gumbel_softmax_back": [
        "The worked instance has all three slopes in it: own, other, and how two of them are added up.",
        "np.sum(y * dy, axis=1, keepdims=True) is the mean of each row of dy, weighted by y.",
        "y * (dy - np.sum(y * dy, axis=1, keepdims=True)) / tau. On paper: the slopes of the softmax, over tau.",
    ],
    "train_choice": [
        "In each step: gumbel, gumbel_softmax, note the reward, gumbel_softmax_back, move.",
        "np.tile(logits, (64, 1)) repeats the logits in 64 rows; np.tile(rewards, (64, 1)) is the gradient at y.",
        "y = gumbel_softmax(np.tile(logits, (64, 1)), tau, gumbel(rng, (64, k))); then history.append(np.mean(y @\n"
        "rewards)); then logits = logits + lr * gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1))).mean(axis=0).",
    ],
}

RECALL = {
    1: Question("b", "There is no slope of a game. The score asks only how likely each draw was.", "See section 3."),
    2: Question("2", "z = mu + sigma*noise: the slope with respect to sigma is the noise.", "See section 2."),
    3: Question("0", "e^5 is a factor above and below, and cancels.", "See the softmax in unit 3."),
}


def mean_of(mu, my_f):
    """The average of the learner's own function over a bell of width 1 around mu."""
    return my_f["a"] * (mu * mu + 1) + my_f["b"] * mu


def own_side(yi, yj, tau):
    """How y_i moves with its own logit, beside exponentials that add up to 1."""
    return slope_at(lambda z: 1 / (1 + math.exp(-z / tau)), tau * math.log(yi / (1 - yi)))


def other_side(yi, yj, tau):
    """How y_i moves with the logit of y_j."""
    return slope_at(lambda z: yi / (1 - yj + math.exp(z / tau)), tau * math.log(yj))


SLOPES = {
    "dz_dl": slope_of(lambda m, l, n: m + math.exp(l / 2) * n, l=(-3, 3), m=1, n=-0.5),  # noqa: E741 - as in the text
    "d_log": slope_of(lambda z, mu, s: -((z - mu) ** 2) / (2 * s * s), by="mu", z=(-3, 4), mu=1, s=2),
    "d_mean": slope_of(mean_of, mu=(-3, 3)),
    "own_slope": value_of(own_side, yi=(0.02, 0.78), yj=0.2, tau=0.5),
    "other_slope": value_of(other_side, yi=(0.02, 0.78), yj=0.2, tau=0.5),
}


# ------------------------------------------------------------------------------------------------------- 1 one_draw


def coin(p, rng):
    return 1.0 if rng.random() < p else 0.0


def bell(p, rng):
    return rng.normal(p, 3)


def nudged(draw, p, n, seed, h):
    right, left = np.random.default_rng(seed), np.random.default_rng(seed)
    return (sum(draw(p + h, right) for _ in range(n)) - sum(draw(p - h, left) for _ in range(n))) / n / (2 * h)


@pytest.mark.task("one_draw")
def test_one_draw(student):
    """the slope of one draw"""
    for name, draw, p, seed, h, ask in [
        ("coin", coin, 0.5, 3, 0.1, "Does the same luck give another result with p + h than with p - h?"),
        ("coin", coin, 0.1, 3, 0.05, "The same luck on both sides; from p - h to p + h the run is 2*h."),
        ("lambda p, rng: rng.normal(p, 3)", bell, 2.0, 5, 0.25, "With the same luck the draw of a bell moves along."),
        ("lambda p, rng: rng.random()*p*p", lambda p, rng: rng.random() * p * p, 2.0, 5, 0.5, "A central difference."),
    ]:
        call = f"draw_slope({name}, {p:g}, {seed}, {h:g})"
        close(call, student.draw_slope(draw, p, seed, h), nudged(draw, p, 1, seed, h), ask)


@pytest.mark.task("one_draw")
def test_mean(student):
    """the slope of the mean"""
    for p, n, seed, h in [(0.5, 50, 8, 0.1), (0.3, 400, 9, 0.05)]:
        call = f"mean_slope(coin, {p:g}, {n}, {seed}, {h:g})"
        ask = "On each side one new generator with this seed, and n draws from it, one after the other."
        close(call, student.mean_slope(coin, p, n, seed, h), nudged(coin, p, n, seed, h), ask)


@pytest.mark.task("one_draw")
def test_letter(student):
    """how much eps is left"""
    chosen(student, "dual_says", "abc")


# -------------------------------------------------------------------------------------------------------- 2 reparam

MU, LOGVAR, EPS, DZ = (np.array(row) for row in ([1.0, -2.0], [math.log(9), -1.2], [-0.5, 1.5], [4.0, -3.0]))
SIGMA = np.exp(LOGVAR / 2)
GIVEN = "np.array([1.0, -2.0]), np.array([ln(9), -1.2]), np.array([-0.5, 1.5])"


@pytest.mark.task("reparam")
def test_draws(student):
    """stretched and shifted noise"""
    given = [MU.copy(), LOGVAR.copy(), EPS.copy()]
    ask = "The width is e^(logvar/2): 3 for the first entry. The noise is given."
    all_close(f"reparam({GIVEN})", student.reparam(*given), MU + SIGMA * EPS, ask)
    for array, before in zip(given, (MU, LOGVAR, EPS), strict=True):
        kept("reparam", array, before)
    wide = student.reparam(np.zeros(2), np.array([6.0, -6.0]), np.ones(2))
    call = "reparam(np.array([0.0, 0.0]), np.array([6.0, -6.0]), np.array([1.0, 1.0]))"
    all_close(call, wide, np.exp([3.0, -3.0]), "Very wide and very narrow bells are bells as well.")


@pytest.mark.task("reparam")
def test_back(student):
    """the gradients pass on"""
    given = [MU.copy(), LOGVAR.copy(), EPS.copy(), DZ.copy()]
    got = student.reparam_back(*given)
    call = f"reparam_back({GIVEN}, np.array([4.0, -3.0]))"
    several(call, got, "dmu", "dlogvar")
    all_close(f"{call}[0]", got[0], DZ, "z moves one for one with mu.")
    all_close(f"{call}[1]", got[1], DZ * EPS * SIGMA / 2, "How fast does e^(logvar/2) move, and what multiplies it?")
    for array, before in zip(given, (MU, LOGVAR, EPS, DZ), strict=True):
        kept("reparam_back", array, before)


@pytest.mark.task("reparam")
def test_paper(student):
    """the slope on paper"""
    found = typed(student, "dz_dl", ["m", "l", "n"])
    for m, l, n in [(1.0, 2.0, -0.5), (3.0, -1.0, 2.0)]:  # noqa: E741 - as in the text
        right = n * math.exp(l / 2) / 2
        agrees("dz_dl", found(m=m, l=l, n=n), right, f"m = {m:g}, l = {l:g}, n = {n:g}", "z = m + e^(l/2)*n.")


# ------------------------------------------------------------------------------------------------- 3 two_estimators


def estimate(values):
    return float(np.mean(values)), float(np.std(values) / math.sqrt(len(values)))


@pytest.mark.task("two_estimators")
def test_score(student):
    """f times the score"""
    for name, f, mu, n in [("lambda z: z**2", lambda z: z**2, 1.5, 40), ("np.cos", np.cos, -1.0, 9)]:
        call = f"score_grad({name}, {mu:g}, {n}, np.random.default_rng(4))"
        got = student.score_grad(f, mu, n, np.random.default_rng(4))
        several(call, got, "mean", "error")
        z = mu + np.random.default_rng(4).standard_normal(n)
        mean, error = estimate(f(z) * (z - mu))
        close(f"{call}[0]", got[0], mean, "f(z)*(z - mu), draw by draw, from the generator that is given.")
        close(f"{call}[1]", got[1], error, "np.std of the n numbers, divided by sqrt(n).")


@pytest.mark.task("two_estimators")
def test_path(student):
    """the slope along the path"""
    for name, df, mu, n in [("lambda z: z**3", lambda z: z**3, 1.5, 40), ("np.cos", np.cos, -1.0, 9)]:
        call = f"path_grad({name}, {mu:g}, {n}, np.random.default_rng(4))"
        got = student.path_grad(df, mu, n, np.random.default_rng(4))
        several(call, got, "mean", "error")
        mean, error = estimate(df(mu + np.random.default_rng(4).standard_normal(n)))
        close(f"{call}[0]", got[0], mean, "df at the draws mu + noise, and their mean.")
        close(f"{call}[1]", got[1], error, "np.std of the n numbers, divided by sqrt(n).")


@pytest.mark.task("two_estimators")
def test_on_paper(student):
    """two slopes on paper"""
    found = typed(student, "d_log", ["z", "mu", "s"])
    for z, mu, s in [(3.0, 1.0, 2.0), (-1.0, 0.5, 0.5)]:
        where = f"z = {z:g}, mu = {mu:g}, s = {s:g}"
        agrees("d_log", found(z=z, mu=mu, s=s), (z - mu) / s**2, where, "ln p has -(z - mu)^2/(2*s^2) in it.")
    mean, f = typed(student, "d_mean", ["mu"]), student.value("my_f")
    for mu in (1.0, -2.0):
        right = 2 * f["a"] * mu + f["b"]
        agrees("d_mean", mean(mu=mu), right, f"mu = {mu:g}", "First the average of f, with mu; then its slope.")


# ----------------------------------------------------------------------------------------------------- 4 gumbel_max


class Zeros:
    """A generator that hands out a 0."""

    def random(self, shape):
        return np.array([0.0, 0.5])


@pytest.mark.task("gumbel_max")
def test_noise(student):
    """Gumbel noise"""
    for seed, shape in [(6, 3), (7, (2, 2))]:
        right = -np.log(-np.log(np.random.default_rng(seed).random(shape)))
        call = f"gumbel(np.random.default_rng({seed}), {shape})"
        all_close(call, student.gumbel(np.random.default_rng(seed), shape), right, "-ln(-ln u), u = rng.random(shape).")
    try:
        with np.errstate(all="raise", under="ignore"):
            got = student.gumbel(Zeros(), 2)
    except FloatingPointError:
        raise AssertionError("`gumbel`: u may be exactly 0, and ln(0) is not there. See the text.") from None
    assert np.all(np.isfinite(got)), "`gumbel`: u may be exactly 0, and then your noise is not finite."


@pytest.mark.task("gumbel_max")
def test_winner(student):
    """the largest wins"""
    logits, g = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, -1.0]]), np.array([[-0.476, 2.25, 0.367], [0.5, -2.0, 0.25]])
    given = "np.array([1.0, 0.0, 0.0]), np.array([-0.476, 2.25, 0.367])"
    all_close(f"gumbel_max({given})", student.gumbel_max(logits[0], g[0]), 1, "The sums are 0.524, 2.250, 0.367.")
    call = "gumbel_max(np.array([[1, 0, 0], [0, 2, -1]]), np.array([[-0.476, 2.25, 0.367], [0.5, -2.0, 0.25]]))"
    all_close(call, student.gumbel_max(logits, g), [1, 0], "The largest sum of each row: which side has it?")
    call = "gumbel_max(np.array([3.0, 1.0]), np.array([-1.0, 0.5]))"
    all_close(call, student.gumbel_max(np.array([3.0, 1.0]), np.array([-1.0, 0.5])), 0, "The sums are 2 and 1.5.")


# ------------------------------------------------------------------------------------------------- 5 gumbel_softmax


def soft(x):
    raised = np.exp(x - np.max(x, axis=1, keepdims=True))
    return raised / np.sum(raised, axis=1, keepdims=True)


@pytest.mark.task("gumbel_softmax")
def test_soft_throws(student):
    """soft throws, row by row"""
    for logits, g, tau, ask in [
        ([[1.0, 0.0]], [[0.0, 0.0]], 0.5, "The worked instance: 0.88 and 0.12."),
        ([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]], [[0.5, -0.5, 1.0], [2.0, 0.0, -1.0]], 2.0, "(logits + g)/tau, rows."),
        ([[1000.0, 999.0]], [[0.5, 1.0]], 0.5, "Subtract the largest of each row before e."),
    ]:
        call = f"gumbel_softmax(np.array({logits}), {tau:g}, np.array({g}))"
        given, noise = np.array(logits), np.array(g)
        try:
            with np.errstate(over="raise", invalid="raise"):
                got = student.gumbel_softmax(given, tau, noise)
        except FloatingPointError:
            raise AssertionError(f"`{call}` overflows on the way. {ask}") from None
        all_close(call, got, soft((np.array(logits) + np.array(g)) / tau), ask)
        kept("gumbel_softmax", given, logits)
        kept("gumbel_softmax", noise, g)


# -------------------------------------------------------------------------------------------- 6 gumbel_softmax_back


@pytest.mark.task("gumbel_softmax_back")
def test_gradient(student):
    """the gradient of soft throws"""
    for y, dy, tau, ask in [
        ([[0.8, 0.2]], [[5.0, 1.0]], 0.5, "The worked instance: 1.28 and -1.28."),
        ([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]], [[1.0, -2.0, 4.0], [0.0, 3.0, 1.0]], 2.0, "Row by row, all sides."),
    ]:
        call = f"gumbel_softmax_back(np.array({y}), {tau:g}, np.array({dy}))"
        given, arrives = np.array(y), np.array(dy)
        got = student.gumbel_softmax_back(given, tau, arrives)
        kept("gumbel_softmax_back", given, y)
        kept("gumbel_softmax_back", arrives, dy)
        weighted = np.sum(given * arrives, axis=1, keepdims=True)
        all_close(call, got, given * (arrives - weighted) / tau, ask)


@pytest.mark.task("gumbel_softmax_back")
def test_slopes_on_paper(student):
    """both slopes on paper"""
    own, other = (typed(student, name, ["yi", "yj", "tau"]) for name in ("own_slope", "other_slope"))
    for yi, yj, tau in [(0.8, 0.2, 0.5), (0.3, 0.5, 2.0)]:
        where = f"yi = {yi:g}, yj = {yj:g}, tau = {tau:g}"
        agrees("own_slope", own(yi=yi, yj=yj, tau=tau), yi * (1 - yi) / tau, where, "See the worked instance.")
        agrees("other_slope", other(yi=yi, yj=yj, tau=tau), -yi * yj / tau, where, "See the worked instance.")


# --------------------------------------------------------------------------------------------------- 7 train_choice


def learned(rewards, lr, steps, tau, seed):
    rng, logits, history = np.random.default_rng(seed), np.zeros(len(rewards)), []
    for _ in range(steps):
        y = soft((logits - np.log(-np.log(rng.random((64, len(rewards)))))) / tau)
        history.append(float(np.mean(y @ rewards)))
        logits = logits + lr * np.mean(y * (rewards - (y @ rewards)[:, None]) / tau, axis=0)
    return logits, history


@pytest.mark.task("train_choice")
def test_steps(student):
    """some steps uphill"""
    for steps, ask in [
        (0, "No step: the logits are 0, and the history is empty."),
        (1, "Uphill, by lr times the mean of 64 gradients. What arrives at y is the rewards."),
        (5, "Fresh noise in each step: gumbel(rng, (64, k))."),
    ]:
        call = f"train_choice(np.array([0.5, -1.0, 2.0]), 0.5, {steps}, 0.5, np.random.default_rng(2))"
        rewards = np.array([0.5, -1.0, 2.0])
        got = student.train_choice(rewards, 0.5, steps, 0.5, np.random.default_rng(2))
        several(call, got, "logits", "history")
        kept("train_choice", rewards, [0.5, -1.0, 2.0])
        logits, history = learned(rewards, 0.5, steps, 0.5, 2)
        all_close(f"{call}[0]", got[0], logits, ask)
        all_close(f"{call}[1]", got[1], history, "For each step the mean of y @ rewards.")


@pytest.mark.task("train_choice")
def test_tiny_temperature(student):
    """a tiny temperature"""
    chosen(student, "tau_tiny", "abc")
