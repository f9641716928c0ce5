"""A known mistake is named by what it determines, and nothing is said where it is not sure which one it is."""

import ast
import re

import numpy as np
import pytest

from grader.diagnosis import evidence
from grader.diagnosis.casebook import Casebook
from grader.diagnosis.compare import same_picture
from grader.diagnosis.mistakes import load_mistakes
from grader.errors import GraderError
from grader.testing import Student, plugin
from grader.testing.student import Entry

REFERENCE = """
import numpy as np

def slopes(X, W, dY):
    return X.T @ dY, dY.sum(axis=0)

def doubled(c):
    return [2 * x for x in c]

def judged(loss, names):
    return {name: abs(loss() - 1.5) / 3 for name in names}

def way(x):
    return -1 if x > 0 else 1 if x < 0 else 0

def start(rng):
    return rng + 1.0, np.zeros(3)

def rate(f, a, b):
    return (f(b) - f(a)) / (b - a)

def both(x, y):
    return x * y + x, x - y

def near(xs, tol):
    return [1 - x < tol for x in xs]

def table(x):
    return np.array([x, 2 * x, 3 * x, 4 * x, 5 * x, 6 * x])

def grades(k, x):
    return (x + 0.1, x + 0.2, 1.0)[k]

def bent(x):
    return np.where(x < 0, -0.25 * x, 3 * x)

def power(x, n):
    return x**n

def gone(x, n):
    for _ in range(n):
        x = x + 1.75
    return x
def third(x):
    return x / 3

def fifth(x):
    return x / 5
"""

HIDDEN = """
import numpy as np
import pytest

from grader.testing import array, listed, number

RNG = np.random.default_rng(4)
X, W, dY = RNG.normal(size=(6, 4)), RNG.normal(size=(4, 3)), RNG.normal(size=(6, 3))


@pytest.mark.task("layer")
def test_both_slopes(student):
    dW, db = listed(student.slopes(X, W, dY), 2)
    array(dW, X.T @ dY)
    array(db, dY.sum(axis=0))


@pytest.mark.task("copy")
def test_doubled(student):
    assert list(student.doubled([1.5, 2.5])) == [3.0, 5.0]


@pytest.mark.task("copy")
def test_a_tuple_is_welcome(student):
    assert list(student.doubled((1.5, 2.5))) == [3.0, 5.0]


@pytest.mark.task("judge")
def test_each_name(student):
    assert student.judged(lambda: 4.5, ["a", "b"]) == {"a": 1.0, "b": 1.0}
    assert student.judged(lambda: 2.1, ["a"]) == pytest.approx({"a": 0.2})


@pytest.mark.task("sign")
def test_down(student):
    assert [student.way(x) for x in (3.0, -2.0, 5.0)] == [-1, 1, -1]


@pytest.mark.task("sign")
def test_level(student):
    assert student.way(0.0) == 0


@pytest.mark.task("start", free=True)
def test_biases(student):
    weights, biases = listed(student.start(RNG.normal(size=3)), 2)
    assert np.ptp(array(weights)) > 0
    assert not array(biases).any()


@pytest.mark.task("rate")
def test_rate(student):
    found = [student.rate(lambda x: 3.25 * x + 0.5, 1.0, b) for b in (2.5, 4.0)]
    for rate in found:
        number(rate, 3.25)


@pytest.mark.task("both")
def test_both(student):
    first = listed(student.both(2.5, 3.25), 2)
    second = listed(student.both(-1.75, 0.3), 2)
    assert first == [pytest.approx(10.625), -0.75]
    assert second == [pytest.approx(-2.275), -2.05]


@pytest.mark.task("near")
def test_near(student):
    assert student.near([0.9, 0.95, 1.0, 0.99, 0.97, 0.2], 0.3) == [True] * 5 + [False]


@pytest.mark.task("table")
def test_table(student):
    array(student.table(1.7), 1.7 * np.arange(1, 7))


@pytest.mark.task("grades")
@pytest.mark.parametrize("k", range(3))
def test_grade(student, k):
    number(student.grades(k, 3.7), (3.8, 3.9, 1.0)[k])


@pytest.mark.task("bent")
def test_bent(student):
    array(student.bent(np.array([-2.5, -1.3, 1.3, 2.5, 3.7])), [0.625, 0.325, 3.9, 7.5, 11.1])


@pytest.mark.task("power")
def test_whole_powers(student):
    found = [student.power(x, n) for x, n in ((1.3, 2), (2.5, 3), (0.7, 4))]
    assert found == [pytest.approx(x) for x in (1.69, 15.625, 0.2401)]


@pytest.mark.task("power")
def test_negative_powers(student):
    found = [student.power(x, n) for x, n in ((1.25, -1), (1.0, -2))]
    assert found == [pytest.approx(0.8), 1.0]


@pytest.mark.task("gone")
def test_gone(student):
    assert [student.gone(x, 3) for x in (0.5, 2.25)] == [5.75, 7.5]
@pytest.mark.task("apart")
def test_third(student):
    number(student.third(2.5), 2.5 / 3)


@pytest.mark.task("apart")
def test_fifth(student):
    number(student.fifth(2.5), 0.5)
"""

MISTAKES = """
import numpy as np

from grader.testing import mistake, wrong_function

turned = mistake("layer", lambda: {"slopes": lambda X, W, dY: ((X.T @ dY) / len(X), dY.sum(axis=0))}, says="A mean?")
one_bias = mistake("layer", lambda: {"slopes": lambda X, W, dY: (X.T @ dY, dY.sum(axis=1)[:3])}, says="Which axis?")


@wrong_function("copy", replaces="doubled", says="You write into the list that you were given.")
def in_place(c):
    for at in range(len(c)):
        c[at] *= 2
    return c


@wrong_function("judge", replaces="judged", says="You nudge a copy.")
def a_copy(loss, names):
    loss()
    return {name: 1.0 for name in names}


never_level = mistake("sign", {"way": lambda x: -1 if x > 0 else 1}, says="And where it is level?")


def start_with(bias):
    return {"start": lambda rng: (rng + 1.0, bias(rng))}


@wrong_function("start", within=start_with, says="Biases start at 0.")
def random_biases(rng):
    return rng * 0.5


first_half = mistake("table", {"table": lambda x: np.array([9 * x, 8 * x, 3 * x, 4 * x, 5 * x, 6 * x])}, says="First?")
last_one = mistake("table", {"table": lambda x: np.array([x, 2 * x, 3 * x, 4 * x, 5 * x, 0.5 * x])}, says="Last?")


def grade(**wrong):
    return {"grades": lambda k, x: wrong.get(f"k{k}", (x + 0.1, x + 0.2, 1.0)[k])}


too_low = mistake("grades", lambda: grade(k0=0.37), says="Low?")
too_high = mistake("grades", lambda: grade(k1=9.1), says="High?")
zero = mistake("grades", lambda: grade(k2=0.0), says="Zero?")
squared = mistake("power", {"power": lambda x, n: x ** (2 * n)}, says="Squared?")
third_of_the_square = mistake("apart", {"third": lambda x: x * x / 3}, says="Squared?")
rate_upside_down = mistake("rate", {"rate": lambda f, a, b: (b - a) / (f(b) - f(a))}, says="Upside down.")
"""

STUB = """
# %% task="rate"
def rate(f, a, b):
    \"\"\"The rate.\"\"\"
    ...
# %% task="sign"
def way(x):
    \"\"\"The way.\"\"\"
    ...
# %% task="both"
def both(x, y):
    \"\"\"Two numbers.\"\"\"
    ...
# %% task="bent"
def bent(x):
    \"\"\"Bent.\"\"\"
    ...
# %% task="gone"
def gone(x, n):
    \"\"\"Gone.\"\"\"
    ...
# %% task="near"
def near(xs, tol):
    \"\"\"True and False.\"\"\"
    ...
"""

NAMED = {
    "the right answer with one small change": (
        "rate",
        "def rate(f, a, b):\n    height = f(b) + f(a)\n    return height / (b - a)",
        "rate_with_a_plus_where_a_minus_belongs",
    ),
    "brackets left out": (
        "rate",
        "def rate(f, a, b):\n    return f(b) - f(a) / (b - a)",
        "rate_with_brackets_left_out",
    ),
    "one name for another": (
        "both",
        "def both(x, y):\n    return x * y + y, x - y",
        "both_with_one_name_in_place_of_another",
    ),
    "two small changes at once": (
        "both",
        "def both(x, y):\n    return x * y - x, x + y",
        "both_with_a_minus_where_a_plus_belongs+both_with_a_plus_where_a_minus_belongs",
    ),
    "each mistake has its own entries of one array": (
        "table",
        "def table(x):\n    return np.array([9, 8, 3, 4, 5, 0.5]) * x",
        "first_half+last_one",
    ),
    "three mistakes, one of them a 0": (
        "grades",
        "def grades(k, x):\n    return [0.37, 9.1, 0.0][k]",
        "too_low+too_high+zero",
    ),
    "a mistake, and a test where something else is wrong": (
        "power",
        "def power(x, n):\n    return x ** (2 * n) if n > 0 else 7.3 if x > 1 else 1.0",
        "squared",
    ),
    "one case for all": (
        "bent",
        "def bent(x):\n    return 3 * x",
        "bent_with_one_of_its_two_cases_for_every_input",
    ),
    "brackets, and not one of the other ways to get there": (
        "rate",
        "def rate(f, a, b):\n    return (f(b) - f(a)) / b - a",
        "rate_with_brackets_left_out",
    ),
    "a sign that several changes turn around": (
        "rate",
        "def rate(f, a, b):\n    return (f(a) - f(b)) / (b - a)",
        "opposite_sign",
    ),
    "a return inside the loop": (
        "gone",
        "def gone(x, n):\n    for _ in range(n):\n        x += 1.75\n        return x",
        "gone_with_the_return_inside_the_loop",
    ),
    "always 1": ("sign", "def way(x):\n    return 1", "always_the_same"),
    "the same in other words": (
        "layer",
        "def slopes(X, W, dY):\n    return np.einsum('ni,no->io', X, dY) / X.shape[0], dY.sum(0)",
        "turned",
    ),
    "two slips at once": (
        "layer",
        "def slopes(X, W, dY):\n    return X.T @ dY / len(X), dY.sum(axis=1)[:3]",
        "turned+one_bias",
    ),
    "an exception that says the same": (
        "copy",
        "def doubled(c):\n    for i, x in enumerate(c):\n        c[i] = x + x\n    return c",
        "in_place",
    ),
    "chance has other dice": ("start", "def start(rng):\n    return rng * 3, rng + 7", "random_biases"),
    "a 2 too many below": (
        "rate",
        "def rate(f, a, b):\n    run = 2 * (b - a)\n    return (f(b) - f(a)) / run",
        "rate_with_a_below_that_does_not_belong_there",
    ),
    "a root below": (
        "rate",
        "def rate(f, a, b):\n    return (f(b) - f(a)) / (b - a) ** (1 / 2)",
        "rate_with_a_root_below_that_does_not_belong_there",
    ),
    "a term that counts twice": (
        "both",
        "def both(x, y):\n    return x * (2 * y + 1), x - y",
        "both_with_one_of_the_terms_twice",
    ),
    "all that a mistake does, beside another fault": (
        "apart",
        "def third(x):\n    return x**2 / 3\n\ndef fifth(x):\n    return 7.25 - x",
        "third_of_the_square",
    ),
    "an exception where the mistake computes": (
        "rate",
        "def rate(f, a, b):\n    return (b - a) / (f(b) - f(a)) if b < 3 else [][0]",
        "rate_upside_down",
    ),
}
NOT_NAMED = {
    "an exception of the same kind": (
        "copy",
        "def doubled(c):\n    return [2 * x for x in c] if type(c) is list else +c",
    ),
    "1.0 for all, without a look": ("judge", "def judged(loss, names):\n    return {name: 1.0 for name in names}"),
    "a small change, and what it does elsewhere": (
        "rate",
        "def rate(f, a, b):\n    return (f(b) + f(a)) / (b - a) if b < 3 else (f(b) - f(a)) / (b - a)",
    ),
    "True and False that several changes lead to": ("near", "def near(xs, tol):\n    return [x < tol / 2 for x in xs]"),
    "an array that is wrong at one entry more than a mistake and right at another": (
        "table",
        "def table(x):\n    return np.array([9, 2, 3, 4, 5.5, 6]) * x",
    ),
    "a mistake, and the same test goes on otherwise": (
        "power",
        "def power(x, n):\n    return x ** (2 * n) if n in (2, -1) else 5.1 if n == 3 else x**n",
    ),
    "nonsense": ("layer", "def slopes(X, W, dY):\n    return X.T @ dY + 1, dY.sum(axis=0) + 1"),
}


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    folder = tmp_path_factory.mktemp("solutions") / "unit"
    folder.mkdir()
    for name, text in (("reference", REFERENCE), ("test_unit_hidden", HIDDEN), ("mistakes", MISTAKES)):
        (folder / f"{name}.py").write_text(text)
    (folder / "mistakes.json").write_text('{"third_of_the_square": ["test_third"]}')
    stub = folder.parents[1] / "exercises" / "unit" / "unit.py"
    stub.parent.mkdir(parents=True)
    stub.write_text(STUB)
    found = {}

    def body(run):
        casebook = Casebook(folder, run)
        assert casebook.unsound() == []
        for name, (task, source, *_) in (NAMED | NOT_NAMED).items():
            names = {"np": np}
            exec(source, names)
            sources = {"<string>": source.splitlines()}
            ran = run(lambda _, names=names, lines=sources: Student.local(names, sources=lines), only=frozenset([task]))
            found[name] = casebook.diagnose(task, ran)

    plugin.run_inside_pytest([folder / "test_unit_hidden.py"], body)
    return found


@pytest.mark.parametrize("name", NAMED)
def test_is_named(name, named):
    assert named[name] is not None
    assert re.sub(r"(_\d+)+(?=\+|$)", "", named[name].name) == NAMED[name][2]


@pytest.mark.parametrize("name", NOT_NAMED)
def test_is_not_named(name, named):
    assert named[name] is None


@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("return p.inf / q.inf", {".inf", "Div"}),
        ("raise ValueError('no')", {"raise", "call ValueError"}),
        ("for x in sum(a[1]):", {"call sum", "Subscript"}),
        ("elif a % b:", {"Mod"}),
        ("total += x", {"Add"}),
        ("not Python at all", set()),
        ("", set()),
    ],
)
def test_what_a_line_does(line, does):
    assert evidence.line_does(line) == does


def wrong(where, *, endless):
    return evidence.Wrong({}, {"test_it": where}, {"test_it": ""}, {"test_it": 1}, False, {"test_it": endless})


def test_many_numbers_of_three_kinds_do_not_agree_by_accident():
    kinds = np.array([0, 0.5, 1])
    assert evidence.says_much(evidence.Part(np.tile(kinds, 20))) == evidence.STRONG
    assert evidence.says_much(evidence.Part(kinds)) == evidence.WEAK
    assert evidence.says_much(evidence.Part(np.tile(kinds[::2], 30))) == evidence.WEAK


def test_what_never_ends_is_like_a_mistake_that_says_it_would_not_end():
    ours = wrong(("OutOfTime", 12), endless=False)
    assert evidence.fit(ours, wrong(("StudentError", 12), endless=True)).explained == {("test_it",): 0.5}
    assert evidence.fit(ours, wrong(("StudentError", 12), endless=False)).missed == {("test_it",)}


NOTHING_DRAWN = {
    **{key: [] for key in ("lines", "scatters", "bars", "areas", "contours", "images", "texts", "legend")},
    **dict.fromkeys(("title", "xlabel", "ylabel"), ""),
    **dict.fromkeys(("xscale", "yscale"), "linear"),
    **{key: [-1.0, 1.0] for key in ("xlim", "ylim")},
}


def picture(points, height=abs):
    x = np.linspace(-1, 1, points)
    return NOTHING_DRAWN | {"lines": [{"label": "f", "xy": np.column_stack([x, height(x)])}]}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (picture(101), picture(40), True),  # 40 points cut off the corner
        (picture(101), picture(20, lambda x: abs(x) + 0.03), False),
        (picture(101), picture(101, lambda x: 0.95 * abs(x)), False),
    ],
)
def test_two_pictures_of_a_kink(one, other, same):
    assert same_picture(one, other) is same


def test_no_wrong_answer_is_measured_twice(root):
    """The answers of fresh/, unseen/ and later/ count in figures: each is there once, whatever it is called."""
    seen, twice = {}, []
    for path in sorted((root / "tests" / "diagnosis").glob("*/*.py")):
        for block in re.split(r"(?m)^(?=# %% )", path.read_text(encoding="utf-8")):
            if head := re.match(r"# %% (\S+) \| (.*)\n", block):
                place = seen.setdefault((head[1], ast.unparse(ast.parse(block))), (path.name, head[2]))
                twice += [(place, path.name, head[2])] if place != (path.name, head[2]) else []
    assert len(seen) > 300
    assert twice == []


def test_two_mistakes_of_one_name_are_refused(tmp_path):
    """Python keeps the second only, and the first would never be compared with anything."""
    declared = 'from grader.testing import mistake\ntwice = mistake("a", {"a": 1}, says="One?")\n'
    again = '\n\n@mistake("a", says="Two?")\ndef twice():\n    return {"a": 2}\n'
    (tmp_path / "mistakes.py").write_text(declared + again)
    with pytest.raises(GraderError, match=r"mistakes.py:6: twice is there already, in line 2"):
        load_mistakes(tmp_path)


def test_an_exception_of_the_kind_that_the_reference_raises_is_no_wrong_answer():
    """Whatever it says; otherwise it would be wrong where the test is content, and alike in a mistake that says it."""
    right = [Entry("eval", "", "ValueError", message="w = 0 gives no line")]
    own = [Entry("eval", "", "ValueError", message="no line", line='raise ValueError("no line")')]
    other = [Entry("eval", "", "TypeError", message="no line", line='raise TypeError("no line")')]
    assert evidence.wrong_parts("test", own, right) == {}
    assert len(evidence.wrong_parts("test", other, right)) == 1
