"""Accuracy and time of our equality check against sympy.simplify, Expr.equals and math-verify, on the same pairs.

    python benchmarks/symbolic.py            # all four, two seconds per pair at most
    python benchmarks/symbolic.py ours       # only ours
    python benchmarks/symbolic.py make       # regenerate symbolic_pairs.tsv

There are two sets. `symbolic_textbook.tsv` is handwritten: textbook identities, the usual wrong answers to them, noise
that cancels, and answers that the parser must refuse. `symbolic_pairs.tsv` covers this course's mathematics: each
function's derivative, rewritten (equal) and with a slip in a sign, a factor or an exponent (different). Equal pairs are
equal by construction: `make` rewrites a derivative by algebraic rules that preserve its value. A slip counts only if
ball arithmetic proves that it changed the value. The other deciders get sympy expressions from our parser. Each decider
runs in a child process that is killed on timeout. The output lists wrong verdicts and the time to the first verdict of
a fresh process, imports included. All times are CPU times.
"""

import multiprocessing
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
from kit.symbolic import (
    Add,
    AnswerError,
    Const,
    Div,
    FunctionCall,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    children,
    parse,
    to_sympy,
    to_text,
    walk,
    with_children,
)

from grader.symbolic.algebra import ONE, TWO, E, call, exact_number
from grader.symbolic.derivative import derivative
from grader.symbolic.equivalent import same

PAIRS = Path(__file__).with_name("symbolic_pairs.tsv")
TEXTBOOK = Path(__file__).with_name("symbolic_textbook.tsv")
SECONDS = 2.0
NAMES = ["x", "y", "t", "p", "a", "b", "c", "m", "s", "w"]
OUTER = [
    *("sin({})", "cos({})", "exp({})", "ln({})", "sqrt({})", "tanh({})", "sigmoid({})", "({})^3", "1/({})"),
    *("softplus({})", "swish({})", "atan({})", "tan({})"),
]
INNER = ["x^2 + 1", "3x + 2", "x^2*y + 4", "e^x", "sin(x) + 2", "w*x + b", "1/x", "x*ln(x)"]
LOSSES = [
    "(sigmoid(w*x + b) - t)^2",
    "(w*x + b - t)^2/2",
    "-t*ln(sigmoid(x)) - (1 - t)*ln(1 - sigmoid(x))",
    "-ln(e^x/(e^x + e^a + e^b))",
    "e^x/(e^x + e^a + e^b)",
    "e^a/(e^x + e^a + e^b)",
    "-(x - m)^2/(2*s^2) - ln(s)",
    "-ln(s*sqrt(2*pi)) - (x - m)^2/(2*s^2)",
    "e^(-(x - m)^2/(2*s^2))/(s*sqrt(2*pi))",
    "x^2*sin(x)",
    "x*e^(-x^2)",
    "sin(x)/x^2",
    "(x^2 + 1)/(x - 3)",
    "tanh(w*x + b)^2",
    "ln(1 + e^(-x))",
    "x^x",
    "2^(3x)",
    "sqrt(x^2 + y^2)",
    "((x - a)^2 + (x - b)^2)/2",
    "x*sigmoid(2x)",
    "(sigmoid(x) - t)^2/2",
    "ln(x)/x",
    "x^2*e^(-x)*sin(x)",
    "cos(sin(x^2))",
    "tanh(x)*sigmoid(x)",
    "-t*ln(x) - (1 - t)*ln(1 - x)",
    "p*ln(p/x) + (1 - p)*ln((1 - p)/(1 - x))",
    "sqrt(x)*ln(x)",
]


def main():
    """Print the table."""
    if sys.argv[1:] == ["make"]:
        PAIRS.write_text("\n".join("\t".join(row) for row in make()) + "\n", encoding="utf-8")
        return
    rows = [line.split("\t") for path in (PAIRS, TEXTBOOK) for line in path.read_text(encoding="utf-8").splitlines()]
    chosen = sys.argv[1:] or list(DECIDERS)
    kinds = Counter(row[2] for row in rows)
    print(f"{len(rows)} pairs: {', '.join(f'{n} {kind}' for kind, n in kinds.items())}; at most {SECONDS:g} s a pair")
    print(f"the first verdict of a fresh process, imports included: {cold():.2f} s")
    print(f"{'':16}{'right':>8}{'false accept':>14}{'false reject':>14}{'undecided':>11}{'median ms':>11}", end="")
    print(f"{'p99 ms':>10}{'max ms':>10}")
    for name in chosen:
        counts, times = Counter(), []
        wrong = []
        for (answer, expected, truth), verdict, seconds in zip(rows, *measured(name, rows), strict=True):
            counts[truth, verdict] += 1
            times.append(seconds * 1000)
            if verdict != truth:
                wrong.append(f"    {answer}  and  {expected}: {truth}, found {verdict}")
        right = sum(counts[kind, kind] for kind in kinds)
        accepted = sum(counts[kind, "equal"] for kind in kinds if kind != "equal")
        rejected = sum(counts["equal", verdict] for verdict in ("different", "refused"))
        open_ones = sum(count for (_, verdict), count in counts.items() if verdict == "undecided")
        times.sort()
        print(
            f"{name:16}{right / len(rows):8.2%}{accepted:14}{rejected:14}"
            f"{open_ones:11}{statistics.median(times):11.2f}{times[len(times) * 99 // 100]:10.1f}{times[-1]:10.1f}"
        )
        if name == "ours":
            print("\n".join(wrong or ["    no wrong verdict"]))


def cold():
    """CPU seconds from the start of a process to its first verdict."""
    decide = "from grader.symbolic import equivalent; equivalent('2x cos(x^2)', 'cos(x*x)*(x + x)', ['x'])"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", decide], check=True)  # noqa: S603 - our own text
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(name, rows):
    """(verdicts, seconds) of one decider, run in a child that is killed and replaced on timeout."""
    verdicts, seconds = [], []
    child = Child(name)
    for one, other, _ in rows:
        started = time.perf_counter()
        answer = child.ask((one, other))
        if answer is None:
            answer = ("undecided", time.perf_counter() - started)
            child.kill()
            child = Child(name)
        verdicts.append(answer[0])
        seconds.append(answer[1])
    child.kill()
    return verdicts, seconds


class Child:
    """A process that decides pairs."""

    def __init__(self, name):
        self.pipe, far = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=answers, args=(name, far), daemon=True)
        self.process.start()
        self.pipe.recv()

    def ask(self, pair):
        """(verdict, seconds), or None on timeout."""
        self.pipe.send(pair)
        return self.pipe.recv() if self.pipe.poll(SECONDS) else None

    def kill(self):
        """Kill the process."""
        self.process.kill()
        self.process.join()


def answers(name, pipe):
    """In the child: one verdict per pair; the time covers parsing both texts and deciding."""
    decide = DECIDERS[name]
    decide("x", "x + 0")  # warm up
    pipe.send("ready")
    while True:
        one, other = pipe.recv()
        started = time.process_time()
        try:
            verdict = decide(one, other)
        except Exception:
            verdict = "undecided"
        pipe.send((verdict, time.process_time() - started))


def ours(one, other):
    """Ball arithmetic at exact points."""
    try:
        verdict = same(parse(one, NAMES).tree, parse(other, NAMES).tree).decision.value
    except AnswerError:
        return "refused"
    return {"proved": "equal", "refuted": "different"}.get(verdict, "undecided")


def simplify(one, other):
    """simplify(a - b) == 0."""
    import sympy

    return "equal" if sympy.simplify(_sympy(one) - _sympy(other)) == 0 else "different"


def equals(one, other):
    """a.equals(b): True, False or None."""
    return {True: "equal", False: "different"}.get(_sympy(one).equals(_sympy(other)), "undecided")


def math_verify(one, other):
    """math_verify.verify on sympy expressions."""
    from math_verify import verify

    return "equal" if verify(_sympy(other), _sympy(one), timeout_seconds=None) else "different"


def _sympy(text):
    return to_sympy(parse(text, NAMES).tree)


DECIDERS = {"ours": ours, "simplify": simplify, "Expr.equals": equals, "math-verify": math_verify}


def make():
    """Rows of (answer, expected, "equal" or "different"), half of each kind."""
    questions = [outer.format(inner) for outer in OUTER for inner in INNER] + LOSSES
    for number_of, question in enumerate(questions):
        right = derivative(parse(question, NAMES).tree, "x")
        for turn in (0, 1):
            yield to_text(rewritten(right, number_of + turn)), to_text(right), "equal"
            wrong, place = right, number_of + turn * 7
            while same(wrong, right).decision.value != "refuted":
                wrong, place = slipped(right, place), place + 1
            yield to_text(rewritten(wrong, number_of)), to_text(right), "different"


def rewritten(tree, turn):
    """The same value, rewritten: reordered, regrouped, sigmoid and powers expanded, a factor moved in or out."""
    tree = with_children(tree, tuple(rewritten(part, turn + 1) for part in children(tree)))
    match tree:
        case Add(a, b) | Mul(a, b) if turn % 2:
            return type(tree)(b, a)
        case Sub(a, b):
            return Add(Neg(b), a)
        case Div(a, b) if turn % 3 == 0:
            return Mul(a, Pow(b, Neg(ONE)))
        case Pow(base, exponent) if exponent == TWO and turn % 2:
            return Mul(base, base)
        case FunctionCall("sigmoid", (x,)) if turn % 2:
            return Div(ONE, Add(ONE, Pow(E, Neg(x))))
        case FunctionCall("exp", (x,)):
            return Pow(E, x)
        case FunctionCall("cos", (x,)) if turn % 3 == 1:
            return call("sin", Add(x, Div(Const("pi"), TWO)))
        case FunctionCall("tanh", (x,)) if turn % 2:
            up, down = call("exp", x), call("exp", Neg(x))
            return Div(Sub(up, down), Add(up, down))
    return tree


def slipped(tree, place):
    """The tree with one wrong sign, factor or exponent, at `place`."""
    return _changed(tree, place % sum(1 for _ in walk(tree)), place)


def _changed(tree, spot, place):
    """The tree with a slip at its `spot`-th node, in `walk` order."""
    if spot:
        parts = list(children(tree))
        spot -= 1
        for index, part in enumerate(parts):
            size = sum(1 for _ in walk(part))
            if spot < size:
                parts[index] = _changed(part, spot, place)
                break
            spot -= size
        return with_children(tree, tuple(parts))
    match tree:
        case Num(value):
            return exact_number(value + 1)
        case Add(a, b):
            return Sub(a, b)
        case Sub(a, b):
            return Add(a, b)
        case Neg(inner):
            return inner
        case Pow(base, exponent):
            return Pow(base, Add(exponent, ONE))
    return Neg(tree) if place % 2 else Mul(TWO, tree)


if __name__ == "__main__":
    main()
