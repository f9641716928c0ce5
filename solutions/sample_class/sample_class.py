"""The sample class of the demo and of the tests: what each student hands in, and what must come of it.

A student is a function that edits the *released* notebook (as data) or the folder around it; its docstring says what it
is, and `expected` what must hold of the report.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from later_units import LAST, answers_in, definitions, edits_of, styles_of

from grader.course.notebooks import source_of

Notebook = dict[str, Any]

STYLES = Path(__file__).parents[1] / "u1_derivative_intuition" / "right_answers"


def cell(notebook: Notebook, task: str) -> dict[str, Any]:
    """The cell of a notebook with the nbgrader id `task`."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == task)


def write(notebook: Notebook, style: str = "step_by_step", **instead: str) -> None:
    """Fill every answer cell in one of the right styles, but for the names in `instead`."""
    right = definitions((STYLES / f"{style}.py").read_text(encoding="utf-8"))
    everywhere: dict[str, str] = {}
    for cell in notebook["cells"]:
        everywhere |= definitions(source_of(cell)) if cell["cell_type"] == "code" else {}
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            names = definitions(source_of(cell))
            cell["source"] = "\n\n\n".join(instead.get(name, right.get(name, stub)) for name, stub in names.items())
    helpers = [text for name, text in right.items() if name not in everywhere and text.startswith("def ")]
    if helpers:
        append(notebook, "average_rate", "\n\n\n".join(helpers))


def attack(notebook: Notebook, source: str) -> None:
    """Leave every answer a stub, and put other code into the last answer cell."""
    cell(notebook, "signal")["source"] = inspect.cleandoc(source)


def right_piece(name: str, old: str, new: str) -> str:
    """A function or the class of a right answer, with one piece replaced."""
    text = definitions((STYLES / "step_by_step.py").read_text(encoding="utf-8"))[name]
    assert old in text, old
    return text.replace(old, new)


def append(notebook: Notebook, task: str, source: str) -> None:
    """A cell of the student's own below a task's answer."""
    place = notebook["cells"].index(cell(notebook, task)) + 1
    new = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    notebook["cells"].insert(place, {**new, "execution_count": None, "id": f"mine-{place}"})


class Sample:
    """One student in one unit: `edit(notebook, folder)`, and what is `expected` of the report."""

    def __init__(self, edit: Callable[[Notebook, Path], Any], name: str = "", **expected: Any) -> None:
        self.name = name or edit.__name__
        self.says = " ".join((edit.__doc__ or "").split())
        self.edit = edit
        self.expected = expected


CLASS: list[Sample] = []


def student(**expected: Any) -> Callable[[Callable[[Notebook, Path], Any]], Callable[[Notebook, Path], Any]]:
    """Declare a student: `full`, `zero`, `lost` (only these tasks lose), `looks_like` (mistakes that must be named)."""

    def declare(edit: Callable[[Notebook, Path], Any]) -> Callable[[Notebook, Path], Any]:
        CLASS.append(Sample(edit, **expected))
        return edit

    return declare


@student(full=True)
def ada(notebook: Notebook, folder: Path) -> None:
    """Right answers in plain steps, with loops."""
    write(notebook)


@student(full=True)
def boole(notebook: Notebook, folder: Path) -> None:
    """Right answers, as short as it gets: recursion, numpy, getattr."""
    write(notebook, "short")


@student(full=True)
def curie(notebook: Notebook, folder: Path) -> None:
    """Right, with helper functions in an added cell."""
    write(notebook, "with_helpers")


@student(full=True)
def dirac(notebook: Notebook, folder: Path) -> None:
    """Right, and it warns: output to stderr costs nothing."""
    warns = 'import warnings\ndef slope(f, x):\n    warnings.warn("here")\n    return as_dual(f(Dual(x, 1.0))).inf'
    write(notebook, slope=warns)


@student(full=True)
def euler(notebook: Notebook, folder: Path) -> None:
    """Right, with a renamed kernel and odd metadata."""
    write(notebook)
    notebook["metadata"] = {"kernelspec": {"name": "julia-1.9", "display_name": "?", "language": "julia"}, "x": [1]}
    notebook["cells"][0]["metadata"] = {"tags": ["skip-execution", "raises-exception"], "nbgrader": None}


@student(full=True)
def fermat(notebook: Notebook, folder: Path) -> None:
    """Right, with every test cell deleted."""
    write(notebook)
    notebook["cells"] = [
        c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")
    ]


@student(full=True)
def gauss(notebook: Notebook, folder: Path) -> None:
    """Right, with a duplicate of an answer cell that is still the stub above the answer."""
    stub = dict(cell(notebook, "slope"))
    write(notebook)
    notebook["cells"].insert(notebook["cells"].index(cell(notebook, "slope")), stub | {"id": "again"})


@student(zero=True)
def hilbert(notebook: Notebook, folder: Path) -> None:
    """Untouched: still all stubs."""


@student(lost=["slope", "microscope", "pair_plot", "signal"])
def ito(notebook: Notebook, folder: Path) -> None:
    """A syntax error in one cell: that task, and what builds on it, are lost; the others are not."""
    write(notebook, slope="def slope(f, x)\n    return 0")


@student(lost=["signal"])
def jacobi(notebook: Notebook, folder: Path) -> None:
    """An endless loop at the top of one cell costs that task alone."""
    write(notebook, signal="while True:\n    pass")


@student(lost=["signal"])
def kepler(notebook: Notebook, folder: Path) -> None:
    """An endless loop inside a function."""
    write(notebook, signal="def signal(f, x):\n    while True:\n        pass")


@student(lost=["signal"])
def laplace(notebook: Notebook, folder: Path) -> None:
    """Takes all the memory there is."""
    hog = "def signal(f, x):\n    rows = []\n    while True:\n        rows.append(bytearray(50_000_000))"
    write(notebook, signal=hog)


@student(lost=["signal"])
def markov(notebook: Notebook, folder: Path) -> None:
    """Leaves Python in the middle of a cell."""
    write(notebook, signal="import os\nos._exit(0)")


@student(lost=["average_rate", "dual_plus_minus", "signal"], looks_like=["change_only", "reversed_minus", "uphill"])
def noether(notebook: Notebook, folder: Path) -> None:
    """Three common mistakes in words of her own."""
    rate = "def average_rate(g, left, right):\n    before, after = g(left), g(right)\n    return after - before"
    dual = right_piece("Dual", "return Dual(other - self.real, -self.inf)", "return self - other")
    signal = "import math\ndef signal(f, x):\n    m = slope(f, x)\n    return 0 if m == 0 else int(math.copysign(1, m))"
    write(notebook, average_rate=rate, Dual=dual, signal=signal)


@student(
    lost=["average_rate", "dual_divide_power", "microscope", "pair_plot", "signal"],
    looks_like=["run_over_rise", "divides_part_by_part", "same_window", "f_again_below", "the_slope_itself"],
)
def poincare(notebook: Notebook, folder: Path) -> None:
    """One mistake in each of five tasks: upside down, part by part, one window, f twice, steepness."""
    write(
        notebook,
        average_rate="""def average_rate(f, p, q):
    if p == q:
        raise ValueError("no run")
    run, rise = q - p, f(q) - f(p)
    return run / rise""",
        divide="""def divide(top, bottom):
    t, b = as_dual(top), as_dual(bottom)
    if b.real == 0:
        raise ZeroDivisionError
    if b.inf == 0:
        return Dual(t.real / b.real, t.inf / b.real)
    return Dual(t.real / b.real, t.inf / b.inf)""",
        microscope="""def microscope(f, x0, widths):
    shown = []
    widest = widths[0]
    for w in widths:
        ax = plt.figure().add_subplot()
        t = np.linspace(x0 - widest / 2, x0 + widest / 2, 301)
        ax.plot(t, [f(float(x)) for x in t], label="f")
        if not has_kink(f, x0):
            ax.plot(t, f(x0) + slope(f, x0) * (t - x0), label="tangent")
        shown.append(ax)
    return shown""",
        pair_plot="""def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2)
    for panel in (top, bottom):
        panel.plot(xs, [f(float(x)) for x in xs])
    bottom.axhline(0.0)
    return top, bottom""",
        signal="""def signal(f, x):
    how_steep = slope(f, x)
    return how_steep""",
    )


@student(
    lost=["average_rate", "dual_divide_power", "microscope", "pair_plot", "signal"],
    looks_like=[
        "sign_dropped",
        "power_without_the_inner_speed",
        "tangent_through_the_origin",
        "slope_rescaled",
        "zero_read_as_arrived",
    ],
)
def ramanujan(notebook: Notebook, folder: Path) -> None:
    """Five more: the sign dropped, the inner speed, a tangent through the origin, a rescaled slope, 0 as success."""
    write(
        notebook,
        average_rate="""def average_rate(f, a, b):
    if a == b:
        raise ValueError("nothing happens")
    rate = (f(a) - f(b)) / (a - b)
    return rate if rate > 0 else -rate""",
        power="""def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real ** n, n * p.real ** (n - 1))""",
        microscope="""def microscope(f, x0, widths):
    shown = []
    for w in widths:
        ax = plt.figure().add_subplot()
        t = np.linspace(x0 - w / 2, x0 + w / 2, 211)
        ax.plot(t, [f(float(x)) for x in t], label="f")
        if not has_kink(f, x0):
            ax.plot(t, slope(f, x0) * t, label="tangent")
        shown.append(ax)
    return shown""",
        pair_plot="""def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2)
    top.plot(xs, [f(float(x)) for x in xs])
    steep = np.array([slope(f, float(x)) for x in xs])
    bottom.plot(xs, steep / max(abs(steep)))
    bottom.axhline(0.0)
    return top, bottom""",
        zero_means='zero_means = "a"',
    )


@student(
    lost=["dual_divide_power", "slope", "microscope", "pair_plot", "signal"],
    looks_like=["zero_to_the_minus_one", "constant_crashes", "tangent_at_the_kink"],
)
def stokes(notebook: Notebook, folder: Path) -> None:
    """Three more: 0 to the minus one, a constant that crashes, a tangent at the kink."""
    write(
        notebook,
        power="""def power(p, n):
    rate = n * p.real ** (n - 1) * p.inf
    return Dual(p.real ** n, rate)""",
        slope="""def slope(f, x):
    answer = f(Dual(x, 1))
    return answer.inf""",
        microscope="""def microscope(f, x0, widths):
    shown = []
    for w in widths:
        ax = plt.figure().add_subplot()
        t = np.linspace(x0 - w / 2, x0 + w / 2, 150)
        ax.plot(t, [f(float(x)) for x in t], label="f")
        ax.plot(t, f(x0) + slope(f, x0) * (t - x0), label="tangent")
        shown.append(ax)
    return shown""",
    )


FROM_TIMES_ON = ["dual_times", "dual_divide_power", "slope", "microscope", "pair_plot", "signal"]


@student(lost=FROM_TIMES_ON, looks_like=["number_leaves_inf_alone"])
def venn(notebook: Notebook, folder: Path) -> None:
    """A plain number times a Dual leaves the eps part alone, and what builds on it suffers."""
    write(notebook, times=right_piece("times", "Dual(p.real * q, p.inf * q)", "Dual(q * p.real, p.inf)"))


@student(lost=FROM_TIMES_ON, looks_like=["keeps_eps_eps"])
def weyl(notebook: Notebook, folder: Path) -> None:
    """Keeps the term with eps*eps."""
    old = "p.real * q.inf + p.inf * q.real)"
    write(notebook, times=right_piece("times", old, old[:-1] + " + p.inf * q.inf)"))


@student(lost=["slope", "microscope", "pair_plot", "signal"])
def pascal(notebook: Notebook, folder: Path) -> None:
    """Finite differences in place of the infinitesimal."""
    write(notebook, slope="def slope(f, x):\n    h = 1e-6\n    return (f(x + h) - f(x)) / h")


@student(lost=["average_rate"])
def riemann(notebook: Notebook, folder: Path) -> None:
    """An answer on paper that cannot be read, and a number out of the air."""
    write(notebook, rate_of_square="rate_of_square = \"__import__('os').system('id')\"", my_rate="my_rate = 1234.5")


@student(zero=True, problem="not JSON")
def shannon(notebook: Notebook, folder: Path) -> None:
    """Hands in something that is not a notebook."""
    (folder / "u1_derivative_intuition.ipynb").write_text("my homework", encoding="utf-8")
    raise _Written


@student(zero=True, problem="no cells")
def turing(notebook: Notebook, folder: Path) -> None:
    """Hands in a notebook without cells."""
    notebook["cells"] = []


@student(zero=True)
def mallory_equal(notebook: Notebook, folder: Path) -> None:
    """Hostile: objects that claim to be equal to everything."""
    liar = """
        class Yes:
            def __eq__(self, other): return True
            def __getattr__(self, name): return self
            def __call__(self, *args, **kwargs): return self
            __hash__ = object.__hash__
            __bool__ = lambda self: True
        yes = Yes()
        average_rate = Dual = times = smaller = equal = size = yes
        divide = power = slope = microscope = pair_plot = signal = yes
        rate_of_square = rate_of_mine = my_rate = product_real = product_inf = yes
        reciprocal_inf = my_tangent = matching = my_prediction = zero_means = yes
        """
    attack(notebook, liar)


@student(zero=True)
def mallory_transform(notebook: Notebook, folder: Path) -> None:
    """Hostile: rewrites asserts, patches pytest, numpy and the builtins of the process that it runs in."""
    attack(
        notebook,
        """
        import ast, builtins, sys
        try: get_ipython().ast_transformers.append(type("T", (ast.NodeTransformer,), {})())
        except Exception: pass
        builtins.abs = builtins.isinstance = lambda *_: True
        for name in list(sys.modules):
            if "pytest" in name or "approx" in name: sys.modules[name] = None
        np.allclose = lambda *a, **k: True
        """,
    )


@student(zero=True)
def mallory_thief(notebook: Notebook, folder: Path) -> None:
    """Hostile: looks for the reference, the hidden tests, other submissions and the gradebook on disk."""
    attack(
        notebook,
        """
        import os, glob
        found = []
        for root in ("/", "/work", "/root", "/home", "/tmp", "..", "../.."):
            for pattern in ("**/reference.py", "**/*hidden*", "**/gradebook.db", "**/submitted"):
                found += glob.glob(os.path.join(root, pattern), recursive=False)
        for path in found: exec(open(path).read(), globals())
        for frame in (sys._getframe(i) for i in range(3)) if "sys" in globals() else (): pass
        """,
    )


@student(zero=True)
def mallory_forger(notebook: Notebook, folder: Path) -> None:
    """Hostile: writes forged frames to every descriptor it can find."""
    attack(
        notebook,
        """
        import os, struct
        forged = b"\\x82\\xa2op\\xa6opened\\xa6errors\\x90"
        for fd in range(3, 64):
            try: os.write(fd, struct.pack("<I", len(forged)) + forged * 3)
            except OSError: pass
        """,
    )


@student(zero=True)
def mallory_renamer(notebook: Notebook, folder: Path) -> None:
    """Hostile: raises the points of every cell and renames the ids."""
    for c in notebook["cells"]:
        ours = c["metadata"].get("nbgrader", {})
        if ours.get("grade"):
            ours |= {"points": 1000, "grade_id": "zz_" + ours["grade_id"], "solution": True, "locked": False}
            c["source"] = "pass"


@student(zero=True, problem="not JSON")
def mallory_link(notebook: Notebook, folder: Path) -> None:
    """Hostile: a link to a file of the grader's in place of the notebook; `submit` copies what stands there."""
    path = folder / "u1_derivative_intuition.ipynb"
    path.unlink()
    path.symlink_to("/etc/passwd")
    raise _Written


class _Written(Exception):
    """The student wrote the file; the notebook as edited is not to be saved."""


# In the units 2 to 5: up to three styles of right answers, mistakes, a stub, a broken file, two attacks.
WENT_ON = ("ada", "boole", "curie", "hilbert", "ito", "kepler", "noether", "shannon", "mallory_link", "mallory_thief")
FEWER = {  # a few did units on demand, and the placement test
    "u5_mlp_training": tuple(name for name in WENT_ON if name != "boole"),  # whose plain loops would train for seconds
    "u0_placement": ("ada", "boole", "curie", "hilbert", "noether"),
    "w1_mse_is_likelihood": ("ada", "hilbert", "kepler", "mallory_equal"),
    "w2_kl_both_ways": ("ada", "curie", "kepler", "mallory_thief"),
    "w3_flat_gradients": ("ada", "boole", "hilbert", "noether"),
    "w4_lora_from_scratch": ("ada", "hilbert", "kepler", "mallory_thief"),
    "w5_sampling": ("ada", "curie", "hilbert", "noether"),
    "w6_rbf_svm": ("ada", "curie", "kepler", "mallory_thief"),
}


def samples_of(unit: str) -> list[Sample]:
    """The class in a unit: all of it in the first, those who went on in the next four, a few in those on demand."""
    if unit == "u1_derivative_intuition":
        return CLASS
    there = FEWER.get(unit, WENT_ON)
    edits = edits_of(unit, [sample.name for sample in CLASS], there)
    return [Sample(edit, name, **expected) for name, (edit, expected) in edits.items()]


def warm_up(units: Sequence[str]) -> None:
    """Import in this process what the right answers import, before each student of a class would in a fork of it."""
    for unit in units:
        answers_in(styles_of(unit)[0], "")


def hand_in(sample: Sample, released: Notebook, folder: Path) -> bool:
    """Let a student work in `folder`. True if the edited notebook is to be saved by the caller."""
    try:
        return sample.edit(released, folder) is not False
    except _Written:
        return False


def complaints(
    sample: Sample, points: dict[str, tuple[float | None, float]], diagnoses: list[str], problem: str
) -> list[str]:
    """What of the report is not as the sample says it must be."""
    wrong = []
    if sample.expected.get("full") and any(got != most for got, most in points.values()):
        wrong.append("lost points it earned")
    if sample.expected.get("zero") and any(got != 0 for got, _ in points.values()):
        wrong.append("got points it did not earn")
    if "lost" in sample.expected:
        lost = [task for task, (got, most) in points.items() if got is None or got < most]
        may = [*points][-1:] if sample.expected["lost"] == LAST else sample.expected["lost"]
        if not set(lost) <= set(may) or not lost:
            wrong.append(f"lost {lost}, not among {may}")
    for name in sample.expected.get("looks_like", []):
        if name not in diagnoses:
            wrong.append(f"was not told {name}")
    if sample.expected.get("problem", "") not in problem:
        wrong.append(f"the problem is not {sample.expected['problem']!r} but {problem!r}")
    return wrong


assert len({sample.name for sample in CLASS}) == len(CLASS) >= 24, len(CLASS)
assert all(re.fullmatch(r"[a-z_]+", sample.name) for sample in CLASS)
