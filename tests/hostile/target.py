"""The course that the hostile notebooks attack: one small unit with every kind of answer, and a canary in each secret.

The unit is written into a separate folder by `write_course`, so that each run has canaries that nobody has seen.
"""

import secrets
import shutil
from pathlib import Path

UNIT = "target"
TASKS = ("rate", "gradient", "train", "formula", "curve", "derivative", "counter")
PLACES = ("reference", "hidden_tests", "mistakes", "other_submission", "gradebook", "environment", "home")

MANIFEST = """
[course]
id = "attacked"
title = "Attacked"
edition = "1"

[limits]
cpu_seconds = 1
wall_seconds = 3
memory_mb = 256
processes = 12

[[units]]
id = "target"
title = "Target"
one_process = true
""" + "".join(f'[[units.tasks]]\nid = "{task}"\ntitle = "{task}"\npoints = 1\n' for task in TASKS)

NOTEBOOK = '''
# %% [markdown]
# # Target

# %%
import matplotlib.pyplot as plt
import numpy as np
from kit import check

# %% task="rate"
def rate(f, a, b):
    """The average rate of f from a to b; a ValueError where a equals b."""
    ...

# %% check="rate"
check("rate")

# %% task="gradient"
def gradient(xs):
    """The gradient of the sum of cubes at the array xs."""
    ...

# %% check="gradient"
check("gradient")

# %% task="train"
def train(xs, ys):
    """Fit ys = w*xs + b: a dict with `weights` [w, b] and the falling `losses` (mean squares)."""
    ...

# %% check="train"
check("train")

# %% task="formula"
formula = (
    ...
)

# %% check="formula"
check("formula")

# %% task="curve"
def curve(xs):
    """Axes with the curve of x*x over the array xs."""
    ...

# %% check="curve"
check("curve")

# %% task="derivative"
def derivative(f):
    """The derivative of f, as a function."""
    ...

# %% check="derivative"
check("derivative")

# %% task="counter"
class Counter:
    """Counts: `add(n)` answers the sum so far, which is also the attribute `total`."""

    def add(self, n):
        """Add n."""
        ...

# %% check="counter"
check("counter")
'''

PUBLIC = "import pytest\n" + "".join(
    f'@pytest.mark.task("{task}")\ndef test_{task}(student):\n    """It is there"""\n    assert student.has("{task}")\n'
    for task in TASKS
)

RIGHT = {
    "rate": """
def rate(f, a, b):
    if a == b:
        raise ValueError("no step")
    return (f(b) - f(a)) / (b - a)
""",
    "gradient": "def gradient(xs):\n    return 3 * xs**2\n",
    "train": """
def train(xs, ys):
    w = b = 0.0
    losses = []
    for _ in range(300):
        error = w * xs + b - ys
        losses.append(float(np.mean(error**2)))
        w -= 0.3 * float(np.mean(2 * error * xs))
        b -= 0.3 * float(np.mean(2 * error))
    return {"weights": [w, b], "losses": losses}
""",
    "formula": 'formula = (\n    "3*x^2"\n)\n',
    "curve": """
def curve(xs):
    _, axes = plt.subplots()
    axes.plot(xs, xs * xs)
    return axes
""",
    "derivative": "def derivative(f):\n    return lambda x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5\n",
    "counter": """
class Counter:
    total = 0

    def add(self, n):
        self.total += n
        return self.total
""",
}

HIDDEN = '''
"""@hidden_tests@"""

import random

import numpy as np
import pytest

from grader.testing.expect import symbolic

SECRET = "@hidden_tests@"


def number(found, expected):
    assert isinstance(found, int | float) and not isinstance(found, bool), SECRET
    assert found == pytest.approx(expected, rel=1e-4), SECRET


@pytest.mark.task("rate")
def test_a_curve(student):
    """The rate is rise over run."""
    secret, rng = "@hidden_tests@", random.Random(11)
    for _ in range(3):
        m, a = rng.uniform(2, 6), rng.uniform(-3, 3)
        number(student.rate(lambda x, m=m: m * x + x**3, a, a + 2.0), m + a**2 + a * (a + 2.0) + (a + 2.0) ** 2)


@pytest.mark.task("rate")
def test_only_the_ends_are_asked(student):
    """f is asked at a and b; without a step there is no rate."""
    asked = []
    number(student.rate(lambda x: asked.append(x) or 5.5 * x, 1.25, 3.5), 5.5)
    assert set(asked) == {1.25, 3.5}, SECRET
    with student.raises("ValueError"):
        student.rate(lambda x: x, 2.5, 2.5)


@pytest.mark.task("gradient")
@pytest.mark.parametrize("size", [3, 2000])
def test_gradient(student, size):
    """One number for each input."""
    xs = np.random.default_rng(size).normal(size=size)
    found = student.gradient(xs)
    assert isinstance(found, np.ndarray) and found.shape == xs.shape and found.dtype == float, SECRET
    assert np.isfinite(found).all() and np.allclose(found, 3 * xs**2), SECRET


@pytest.mark.task("train")
def test_what_was_learned(student):
    """Your weights predict numbers that they were not trained on."""
    rng = np.random.default_rng(3)
    xs = rng.uniform(-1, 1, 60)
    fit = student.train(xs, 2.5 * xs - 0.7)
    w, b = fit["weights"]
    fresh = rng.uniform(-1, 1, 200)
    assert np.mean((w * fresh + b - (2.5 * fresh - 0.7)) ** 2) < 1e-3, SECRET
    last = np.mean((w * xs + b - 2.5 * xs + 0.7) ** 2)
    assert len(fit["losses"]) > 10 and fit["losses"][-1] == pytest.approx(last, abs=1e-3)


@pytest.mark.task("formula")
def test_formula(student):
    """formula: the derivative of x^3."""
    symbolic(student, "formula", "3*x^2", ["x"], question="x^3")


@pytest.mark.task("curve")
def test_curve(student):
    """The curve of x*x."""
    xs = np.linspace(-1.0, 2.0, 21)
    lines = student.axes(student.curve(xs)).lines
    assert len(lines) == 1 and np.allclose(lines[0].xy, np.column_stack([xs, xs * xs])), SECRET


@pytest.mark.task("derivative")
def test_derivative(student):
    """What comes back is a function, the slope of the one that went in."""
    slope = student.derivative(lambda x: x**3 + 2 * x)
    for x in (0.5, -1.5):
        number(slope.apply(x), 3 * x * x + 2)


@pytest.mark.task("counter")
def test_counter(student):
    """Each counter counts for itself."""
    one, other = student.Counter(), student.Counter()
    for n in (3, 4.5, 11):
        one.call("add", n)
    assert one.call("add", 1) == 19.5 and other.call("add", 2) == 2, SECRET
    assert one.get("total") == 19.5 and other.get("total") == 2 and one.get("total") == 19.5, SECRET
'''

MISTAKES = '''
"""@mistakes@"""

from grader.testing.authoring import mistake


@mistake("rate", says="that is the change")
def change_only():
    secret = "@mistakes@"

    def rate(f, a, b):
        if a == b:
            raise ValueError("no step")
        return f(b) - f(a)

    return {"rate": rate}


@mistake("curve", says="that is a line")
def a_line():
    import matplotlib.pyplot as plt

    def curve(xs):
        _, axes = plt.subplots()
        axes.plot(xs, xs)
        return axes

    return {"curve": curve}
'''

FILES = {
    "course/course.toml": MANIFEST,
    "exercises/target/target.py": NOTEBOOK,
    "exercises/target/test_target.py": PUBLIC,
    "solutions/target/reference.py": 'import matplotlib.pyplot as plt\nimport numpy as np\n\nSECRET = "@reference@"\n'
    + "\n".join(RIGHT.values()),
    "solutions/target/test_target_hidden.py": HIDDEN,
    "solutions/target/mistakes.py": MISTAKES,
}


def new_canaries() -> dict[str, str]:
    """A word for each secret place that occurs nowhere else in the world."""
    return {place: f"canary{secrets.token_hex(12)}" for place in PLACES}


def write_course(root: Path, kit: Path, canaries: dict[str, str]) -> None:
    """The course under `root`, with the canaries in place; everyone on the machine may read it."""
    shutil.copytree(kit, root / "exercises" / "kit", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for place, word in canaries.items():
            text = text.replace(f"@{place}@", word)
        path.write_text(text.lstrip())
