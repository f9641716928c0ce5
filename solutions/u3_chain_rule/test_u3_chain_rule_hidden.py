"""Hidden tests of `u3_chain_rule`. A docstring is what the student reads: words, never a hidden number.

Truth never comes from the learner's own forward pass. Slopes are found by the *complex step*: nudge a number by
1e-30j, and what is imaginary in the result, divided by 1e-30, is the slope, exact to the last digits. Where the
learner's Dual is not the question, the functions handed in need no arithmetic of it: an early slip costs once.
"""

import contextlib
import functools
import math
import random

import numpy as np
import pytest
from kit import variant
from kit.symbolic import Add, Mul, Var, children, with_children

from grader.testing import (
    Answer,
    AnswerError,
    Decision,
    Handle,
    Hint,
    Recognised,
    StudentError,
    Undecided,
    answer,
    array,
    choices,
    equivalent,
    in_form,
    inputs,
    listed,
    number,
    parse,
    symbolic,
)

STEP = 1e-30
ZERO, ONE = parse("0", []).tree, parse("1", []).tree


def slope_of(f, numbers, place):
    """The slope of f(*numbers) in the number at `place`, by the complex step."""
    moved = [complex(x, STEP * (k == place)) for k, x in enumerate(numbers)]
    return complex(f(*moved)).imag / STEP


def untouched(student, name, **arguments):
    """What the function gives; afterwards its arguments must be what they were."""
    data = {letter: argument for letter, argument in arguments.items() if not isinstance(argument, Handle)}
    result, *after = student.eval(f"({name}({', '.join(arguments)}), {', '.join(data)})", **arguments)
    for letter, now in zip(data, after, strict=True):
        if isinstance(now, Handle) or not np.array_equal(data[letter], now):
            raise Hint(f"{name} changes the {letter} that it is given. Does it calculate in a copy?")
    return result


# ---------------------------------------------------------------------------------------------- grad_forward

SURFACES = choices(__file__)["SURFACES"]


def tilted(student, slopes):
    """A function over there whose slopes have nothing to do with its values: whoever nudges it finds a level plain."""
    return student.function(tilt(slopes), "v")


def tilt(slopes):
    parts = [f"{slope!r} * v[{place}].inf" for place, slope in enumerate(slopes)]
    return f"Dual(3.0, {' + '.join(parts)})"


def slopes_are(found, right):
    """Every slope is right in its own size, also beside much larger ones."""
    array(found, right, abs=0, what="grad_forward")


@pytest.mark.task("grad_forward")
def test_each_partial_derivative_has_its_place(student):
    """Each number of the gradient belongs to the input of its place; ignored inputs have the slope 0."""
    cases = []
    for seed, count in [(11, 5), (12, 8), (13, 3)]:  # equal inputs and 0 among them; slopes of all sizes and signs
        slopes = [0.0, *inputs.magnitudes(seed, count - 1)]
        x = inputs.numbers(seed, count)
        cases.append((x if seed % 2 else np.array(x), slopes[seed % count :] + slopes[: seed % count]))
    cases.append(([2.5], [-3.0]))
    fs = listed(student.eval(f"[{', '.join(f'lambda v: {tilt(slopes)}' for _, slopes in cases)}]"), len(cases))
    found = student.in_turn(*(("grad_forward", f, x) for f, (x, _) in zip(fs, cases, strict=True)))
    for got, (_, slopes) in zip(found, cases, strict=True):
        slopes_are(got, slopes)


@pytest.mark.task("grad_forward")
def test_inputs_that_do_not_move_are_held(student):
    """While one input moves, the others stand where they are: slopes that depend on all inputs."""
    source = (
        "Dual(1.0, v[0].inf * v[1].real * v[2].real"
        " + v[0].real * v[1].inf * v[2].real + v[0].real * v[1].real * v[2].inf)"
    )
    f = student.function(source, "v")
    places = ([2.51871, -4.0, 3.0], [1.5, 6.25, 6.25], [0.0, -1.75, 2.5], [1e-4, 3.0, 0.5])
    found = student.in_turn(*(("grad_forward", f, x if x[0] else np.array(x)) for x in places))
    for got, (a, b, c) in zip(found, places, strict=True):
        slopes_are(got, [b * c, a * c, a * b])


@pytest.mark.task("grad_forward", weight=0.5)
def test_whole_numbers_have_slopes_with_fractions(student):
    """Whole numbers in x, and slopes that are none; a gradient stays what it was when the next one is computed."""
    slopes = [0.375, -2.75]
    f = tilted(student, slopes)
    slopes_are(student.grad_forward(f, np.array([4, 7])), slopes)
    slopes_are(student.grad_forward(f, [4, 0]), slopes)
    both = student.eval("[grad_forward(f, x), grad_forward(g, x)]", f=f, g=tilted(student, [5.5, 0.125]), x=[4, 7])
    for found, right in zip(listed(both, 2), (slopes, [5.5, 0.125]), strict=True):
        array(found, shape=(2,), what="grad_forward")
        if not np.allclose(found, right):
            raise Hint("grad_forward: asked about a second function, it changes the gradient of the first. Is there a"
                       " new array for each call?")  # fmt: skip


@pytest.mark.task("grad_forward", weight=0.5)
def test_n_calls_with_n_duals(student):
    """f is called once for each input, with one list of n Duals; a plain number that comes back has the slope 0."""
    seen = []

    def f(*given):
        seen.append(given)
        return 4.5

    over_there = tilted(student, [0.0, 0.0, 0.5])
    assert array(student.grad_forward(over_there, [2.5, -1.0, 6.0])).any()  # otherwise "zeros, always" would earn this
    array(student.grad_forward(f, [2.5, -1.0, 6.0, 0.5, 3.0]), [0.0, 0.0, 0.0, 0.0, 0.0])
    if len(seen) != 5 or over_there.get("calls") != 3:
        raise Hint("grad_forward: f should be called once for each input, no less and no more often.")
    for given in seen:
        duals = given[0] if len(given) == 1 else None
        if isinstance(duals, Handle) and duals.type_name == "ndarray":  # an array of Duals will do
            continue
        if not isinstance(duals, list | tuple):
            raise Hint("grad_forward: f should be called with one thing, a list of Duals.")
        if [getattr(dual, "type_name", "") for dual in duals] != ["Dual"] * 5:
            raise Hint("grad_forward: the list for f should hold as many Duals as there are inputs, and nothing else.")


@pytest.mark.task("grad_forward", weight=0.5)
def test_x_stays_as_it_was(student):
    """The x that is handed over is the same afterwards, a list or an array."""
    for x in ([2.5, 6.0], np.array([2.5, 6.0])):
        slopes_are(untouched(student, "grad_forward", f=tilted(student, [4.0, -7.0]), x=x), [4.0, -7.0])


@pytest.mark.task("grad_forward", weight=0.25)
def test_the_slope_in_x_on_paper(student):
    """slope_in_x: the partial derivative of your own function in x."""
    a, b = (variant("grad_forward", SURFACES, student=student.id)[letter] for letter in "ab")
    wrong = {
        f"{2 * a}x*y + {b}y^2": "slope_in_x: one part of your function has no x in it. How fast does it change?",
        f"{2 * a}x*y + {2 * b}y": "slope_in_x: here y is held. How fast does a part without x change?",
        f"{2 * a}x": "slope_in_x: y stands still, like any number. Does a number in a product vanish?",
        f"{a}x^2 + {2 * b}y": "slope_in_x: that is the slope in y. Which of the two is held?",
        f"{2 * a}x*y + {a}x^2 + {2 * b}y": "slope_in_x: both inputs moved. Which of the two is held?",
        f"{a}x*y": "slope_in_x: the square x*x has two strips that grow.",
    }
    symbolic(student, "slope_in_x", f"{2 * a}x*y", ["x", "y"], wrong=wrong, form="no derivative")


@pytest.mark.task("grad_forward", weight=0.25)
def test_the_slope_in_y_on_paper(student):
    """slope_in_y: the partial derivative of your own function in y."""
    a, b = (variant("grad_forward", SURFACES, student=student.id)[letter] for letter in "ab")
    wrong = {
        f"{2 * b}y": "slope_in_y: x stands still, but it multiplies y. What remains of the first part?",
        f"{2 * a}x + {2 * b}y": "slope_in_y: here x is held, like any number. Only y moves.",
        f"{2 * a}x*y": "slope_in_y: that is the slope in x. Which of the two is held?",
        f"{2 * a}x*y + {a}x^2 + {2 * b}y": "slope_in_y: both inputs moved. Which of the two is held?",
        f"{a}x^2 + {b}y": "slope_in_y: the square y*y has two strips that grow.",
    }
    symbolic(student, "slope_in_y", f"{a}x^2 + {2 * b}y", ["x", "y"], wrong=wrong, form="no derivative")


# ----------------------------------------------------------------------------------------------- local_grads

OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "pow": lambda a, n: a**n,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "relu": lambda a: a if a.real > 0 else 0 * a,
}


@functools.cache  # for all submissions
def local(op, *given):
    """One operation on the numbers given: its output, and its slopes by the complex step."""
    output = complex(OPERATIONS[op](*map(complex, given))).real
    count = 1 if op == "pow" else len(given)
    moving = OPERATIONS[op] if op != "pow" else lambda a: a ** given[1]
    return op, given, output, [slope_of(moving, given[:count], place) for place in range(count)]


def local_slopes(student, *steps):
    """local_grads for each of these operations, beside its slopes: each right in its own size."""
    answers = student.in_turn(*(("local_grads", op, given, output) for op, given, output, _ in steps))
    for answered, (op, _, _, right) in zip(answers, steps, strict=True):
        what = f'local_grads for "{op}"'
        for slope, expected in zip(listed(answered, len(right), what=what), right, strict=True):
            number(slope, expected, rel=1e-11, abs=0, what=what)


@pytest.mark.task("local_grads")
def test_plus_minus_and_times(student):
    """The local slopes of a + b, a - b and a * b, in both places: of any numbers, also 0 and one without end."""
    pairs = [(-2.5, 7.0), (4.0, -0.5), (1.15, 1.15), (0.0, -3.5), (2.75, 0.0), (0.0, 0.0), (3e7, -2e-9)]
    endless = "*", (math.inf, -3.5), -math.inf, [-3.5, math.inf]  # measured slopes are nan here
    local_slopes(student, *(local(op, *pair) for op in "+-*" for pair in pairs), endless)


@pytest.mark.task("local_grads")
def test_divided_by_and_pow(student):
    """The local slopes of a / b, in both places, and of a ** n: also of 0, where that has a slope."""
    pairs = [(-2.5, 0.75), (3.5, -4.0), (1.25, 1.25), (0.0, -3.5), (4e6, 2e-3), (5, 2)]
    endless = "/", (-math.inf, 2.0), -math.inf, [0.5, math.inf]
    powers = [(-2.5, 3), (-1.75, 2), (1.5, -2), (-0.25, -3), (2.5, 0.5), (6.25, 1), (3, 4), (2e-3, 2)]
    of_zero = [("pow", (0.0, n), 0.0, [slope]) for n, slope in [(2, 0.0), (3, 0.0), (1, 1.0)]]
    quotients = [local("/", *pair) for pair in pairs]
    local_slopes(student, *quotients, endless, *(local("pow", *power) for power in powers), *of_zero)


@pytest.mark.task("local_grads")
def test_exp_and_tanh(student):
    """The local slopes of exp(a) and tanh(a), near 0 and far from it."""
    exps = [local("exp", a) for a in (-1.25, 1.75, 0.0, 1.0, 27.5, -31.0)]
    tiny = "exp", (-707.5,), math.exp(-707.5), [math.exp(-707.5)]  # no nudge can measure that
    local_slopes(student, *exps, tiny, *(local("tanh", a) for a in (0.75, -1.45, 0.0, 0.03, -2.45)))


@pytest.mark.task("local_grads")
def test_log_and_relu(student):
    """The local slopes of log(a), for small and large a, and of relu(a) on both sides of 0."""
    logs = [local("log", a) for a in (0.4, 6.5, 1.0, 2e-8, 5e9)]
    steep = "log", (1e-300,), math.log(1e-300), [1e300]
    local_slopes(student, *logs, steep, *(local("relu", a) for a in (2.5, -0.75, 0.25, 3e-6, -3e-6, 1, -4e5)))


# ----------------------------------------------------------------------------------------- topological_order

# Over there: a list of nodes, each made of earlier ones; the order comes back as their places in that list.
ORDER = (
    "[(lambda made, place: ([made.append(Node(name, *[made[k] for k in inputs])) for name, inputs in program],"
    " [made.append(Node(f'n{{len(made)}}', made[-1])) for _ in range(longer)],"
    " place.update({{id(node): k for k, node in enumerate(made)}}),"
    " [[place.get(id(node), -1) for node in order] for order in [{name}(made[end]) for end in ends]])[3])([], {{}})"
    " for program, ends, longer in asked]"
)


def order_of(student, program, ends=(-1,), name="topological", longer=0):
    """The orders of one graph: that of the program, and so many nodes `longer`, each computed from the one before."""
    orders_of(student, [(program, ends, longer)], name)


def orders_of(student, graphs, name="topological"):
    """The orders that the student's function lists, and the check that each is one.

    `graphs` are given as (program, ends, longer).
    """
    asked = []
    for program, ends, longer in graphs:
        steps = [step if type(step) is list else [f"n{k}", list(step)] for k, step in enumerate(program)]
        asked.append([steps, list(ends), longer])
    found = student.eval(ORDER.format(name=name), asked=asked)
    for orders, graph in zip(listed(found, len(asked)), asked, strict=True):
        are_orders(orders, *graph, name=name)


def are_orders(found, program, ends, longer, *, name):
    program = program + [[f"n{k}", [k - 1]] for k in range(len(program), len(program) + longer)]
    if any(end in ends[:k] and found[k] != found[ends.index(end)] for k, end in enumerate(ends)):
        raise Recognised(f"{name}: asked again, it gives another list. What stays behind from the first time?")
    for end, order in zip(ends, listed(found, len(ends)), strict=True):
        order = listed(order, what=name)
        assert all(type(place) is int and 0 <= place < len(program) for place in order), "something else is listed"
        if len(set(order)) != len(order):
            raise Hint(f"{name}: a node stands twice in the list. Is it marked when it has been seen?")
        needed, waiting = set(), [end % len(program)]
        while waiting:
            if (node := waiting.pop()) not in needed:
                needed.add(node)
                waiting += program[node][1]
        if set(order) != needed:
            if end != ends[0] and order == found[0]:  # which was right
                raise Hint(f"{name}: two nodes, and the same list for both. Is there a new list for each call?")
            raise Hint(f"{name}: the list should hold the node and all that it is computed from, and nothing else.")
        turn = {node: number for number, node in enumerate(order)}
        late = [turn[before] > turn[node] for node in order for before in program[node][1]]
        if late and all(late):
            raise Recognised(f"{name}: turned around, the list would be right. After whom does each node stand?")
        if any(late):
            raise Hint(f"{name}: a node stands before one of its inputs. Who has to be in the list first?")


# In each graph stands a node that nobody needs: whoever lists all that was ever made has walked nowhere.
DIAMOND = [(), (), (), (0, 1), (3,), (3, 1), (4, 5)]
UNEVEN = [(), (), (), (0, 1), (3,), (4, 0), (5, 3), (6, 6)]


def some_graphs(count=30):
    """Graphs in which every node has up to three inputs among all earlier ones."""
    rng = random.Random(31)  # noqa: S311 - the same graphs every time
    for _ in range(count):
        graph = [(), (), ()]
        while len(graph) < rng.randint(6, 14):
            graph.append(tuple(rng.randrange(len(graph)) for _ in range(rng.randint(1, 3))))
        yield graph


@pytest.mark.task("topological_order")
def test_diamonds_and_uneven_depth(student):
    """Every node stands once in the list, and after all of its inputs, also where ways of different length meet."""
    orders_of(student, [(graph, (-1,), 0) for graph in (DIAMOND, UNEVEN, [()])])


@pytest.mark.task("topological_order", weight=0.5)
def test_many_graphs_asked_twice(student):
    """Many graphs, asked for twice and from nodes in the middle; nothing stays behind from the first time."""
    orders_of(student, [(graph, (-1, len(graph) - 2, -1), 0) for graph in some_graphs()])


@pytest.mark.task("topological_order", weight=0.25)
def test_nodes_of_the_same_name(student):
    """Two nodes may have the same name and still be two."""
    order_of(student, [["3.0", []], ["3.0", []], ["3.0", []], ["s", [0, 1]], ["s", [3, 0]]])


# ---------------------------------------------------------------------------------------------- value_engine

# name: (over there, with the nodes m made so far; here, on complex numbers)
STEPS = {
    "+": ("m[i] + m[k]", lambda a, b: a + b),
    "-": ("m[i] - m[k]", lambda a, b: a - b),
    "*": ("m[i] * m[k]", lambda a, b: a * b),
    "/": ("m[i] / m[k]", lambda a, b: a / b),
    "+n": ("m[i] + k", lambda a, n: a + n),
    "n+": ("k + m[i]", lambda a, n: n + a),
    "-n": ("m[i] - k", lambda a, n: a - n),
    "n-": ("k - m[i]", lambda a, n: n - a),
    "*n": ("m[i] * k", lambda a, n: a * n),
    "n*": ("k * m[i]", lambda a, n: n * a),
    "/n": ("m[i] / k", lambda a, n: a / n),
    "n/": ("k / m[i]", lambda a, n: n / a),
    "pow": ("m[i] ** k", lambda a, n: a**n),
    "neg": ("-m[i]", lambda a, n: -a),
    "exp": ("m[i].exp()", lambda a, n: np.exp(a)),
    "log": ("m[i].log()", lambda a, n: np.log(a)),
    "tanh": ("m[i].tanh()", lambda a, n: np.tanh(a)),
    "relu": ("m[i].relu()", lambda a, n: a if a.real > 0 else 0 * a),
}
TWO = ("+", "-", "*", "/")
MAKE = "{" + ", ".join(f"{name!r}: lambda m, i, k: {source}" for name, (source, _) in STEPS.items()) + "}"
# How the gradients come about: by the student's send_back, by our own walk through what the Values remember, or by the
# student's sturdy_backward.
THEIRS, STURDY = "m[-1].backward()", "sturdy_backward(m[-1])"
OURS = (
    "(lambda walk: walk(walk, m[-1], 1.0))(lambda walk, node, rate: (setattr(node, 'grad', node.grad + rate),"
    " [walk(walk, one, rate * node.slopes[k]) for k, one in enumerate(node.inputs)]))"
)
RUN = (
    "(lambda make: [(lambda m: ([m.append(make[op](m, i, k)) for op, i, k in steps], [BACK for _ in"
    " range(times)], [[v.data for v in m], [v.grad for v in m]])[2])([Value(x) for x in leaves])"
    f" for leaves, steps in graphs])({MAKE})"
)
# The same graphs, made of Values that need no operation of the student's and no local slope: only the given __init__.
BUILT = (
    "[(lambda m: ([m.append(Value(data, tuple([m[i] for i in inputs]), op, tuple(slopes))) for op, data, inputs, slopes"
    " in steps], [m[-1].backward() for _ in range(times)], [[v.data for v in m], [v.grad for v in m]])[2])"
    "([Value(x) for x in leaves]) for leaves, steps in graphs]"
)


def forward(graph, nudged=-1):
    """All numbers of a graph (leaves, steps), the one at `nudged` a complex step off."""
    leaves, steps = graph
    made = []
    for place in range(len(leaves) + len(steps)):
        if place < len(leaves):
            made.append(complex(leaves[place]))
        else:
            op, i, k = steps[place - len(leaves)]
            made.append(complex(STEPS[op][1](made[i], made[k] if op in TWO else k)))
        if place == nudged:
            made[-1] += STEP * 1j
    return made


def truth(graph):
    """(numbers, slopes of the last one in each of them)."""
    numbers = [value.real for value in forward(graph)]
    return numbers, [forward(graph, place)[-1].imag / STEP for place in range(len(numbers))]


def run(student, graphs, times=1, back=THEIRS):
    """[(numbers, gradients)] of the graphs over there, all in one call."""
    found = student.eval(RUN.replace("BACK", back), graphs=[list(graph) for graph in graphs], times=times)
    return [tuple(listed(part) for part in listed(result, 2)) for result in listed(found, len(graphs))]


def built(graph):
    """A graph as (leaves, steps), each step with its number, the places of its inputs, and its local slopes."""
    leaves, steps = graph
    numbers, made = [value.real for value in forward(graph)], []
    for place, (op, i, k) in enumerate(steps, start=len(leaves)):
        inputs = [i, k] if op in TWO else [i]
        given = [numbers[place] for place in inputs] if op in TWO else [numbers[i], k]
        if op in ("*", "*n", "n*"):  # with a number without end, too, where no nudge finds a slope
            slopes = given[::-1][: len(inputs)]
        else:
            slopes = [slope_of(lambda *x, op=op: STEPS[op][1](*x), given, at) for at in range(len(inputs))]
        made.append([op, numbers[place], inputs, slopes])
    return [list(leaves), made]


def run_built(student, graphs, times=1):
    """What `run` gives, in graphs that are right whatever became of the student's operations."""
    found = listed(student.eval(BUILT, graphs=[built(graph) for graph in graphs], times=times), len(graphs))
    return [tuple(listed(part) for part in listed(result, 2)) for result in found]


def in_their_graphs_or_ours(body):
    """`body(run)` in graphs of the student's own Values; if it fails, in ours, so that an early slip costs once.

    An engine that keeps its slopes in its own way can only be asked in its own graphs.
    """
    try:
        body(run)
    except (AssertionError, StudentError) as error:
        try:
            body(run_built)
        except (AssertionError, StudentError):
            raise error from None


def same(found, expected, what):
    scale = min(1.0, max(map(abs, expected)))
    array(found, expected, abs=1e-10 * scale, what=what)


WITHOUT_END = ([math.inf, -2.5], [("*", 0, 1), ("n*", 2, 2)])  # L = 2*(a*b)


def sent_back(student, run=run, name="send_back"):
    """Slopes are sent back by the rule: a number without end in the graph does no harm to what is only multiplied.

    Running the graph again with a number nudged, by however little, gives inf - inf.
    """
    ((_, found),) = run(student, [WITHOUT_END])
    right = [-5.0, math.inf, 2.0, 1.0]
    if [slope == expected for slope, expected in zip(found, right, strict=False)] != [True] * 4:
        raise Hint(
            f"{name}: for L = 2*(a*b) the slope in a is 2*b, however large a is; with a = inf another one came back."
            " Does each node hand on `my gradient * my local slope`, and does nothing else happen to it?"
        )


def right_everywhere(student, known):
    """All gradients of all nodes of graphs of which the truth is known, in one sweep from right to left."""

    def body(run):
        found = run(student, [graph for graph, _ in known])
        for (_, slopes), (_, (_, right)) in zip(found, known, strict=True):
            same(slopes, right, "grad")
        sent_back(student, run)

    in_their_graphs_or_ours(body)


def grads(student, *graphs):
    """All gradients of all nodes of the graphs are right."""
    right_everywhere(student, [(graph, truth(graph)) for graph in graphs])


def random_graphs(count, operations, seed):
    """[(graph, truth)]; numbers and slopes stay moderate, away from kinks and from 0 under a fraction."""
    rng = random.Random(seed)  # noqa: S311 - the same graphs every time
    graphs = []
    while len(graphs) < count:
        leaves = [round(rng.uniform(-2, 2), 2) for _ in range(rng.randint(2, 4))]
        steps, size = [], rng.randint(5, 12)
        while len(steps) < size:
            made, op = len(leaves) + len(steps), rng.choice(operations)
            near = rng.randrange(max(0, made - 3), made)  # a path of some depth, and ways back to old nodes
            other = rng.randrange(made) if op in TWO else rng.choice([-2, 2, 3, 0.5, -1.5])
            steps.append((op, near, rng.choice([-2, 2, 3]) if op == "pow" else other))
            numbers = forward((leaves, steps))
            below = numbers[other].real if op == "/" else numbers[near].real
            odd = abs(below) < 0.1 if op in ("/", "n/", "pow", "relu") else op == "log" and below < 0.1
            if odd or abs(numbers[-1]) > 20 or (abs(numbers[-1]) < 0.01 and op != "relu"):
                steps.pop()
        numbers, slopes = truth((leaves, steps))
        different = [*leaves, *(n for n, step in zip(numbers[len(leaves) :], steps, strict=True) if step[0] != "relu")]
        if max(map(abs, slopes)) < 1e4 and len({round(n, 6) for n in different}) == len(different):
            graphs.append(((leaves, [list(step) for step in steps]), (numbers, slopes)))
    return graphs


SUMS_AND_PRODUCTS = random_graphs(120, ("+", "*", "*", "-"), 41)
ALL_OPERATIONS = random_graphs(40, tuple(STEPS), 43)


LONG = ([1.5], [(("*n", "+n")[k % 2], k, (0.99, 0.02)[k % 2]) for k in range(299)])
LONG = (LONG, truth(LONG))
TINY = ([1.5], [("*n", k, (1e-4, 2.5e-3)[k % 2]) for k in range(6)])  # what arrives is small, and all that there is


def check_data(student, graph):
    ((numbers, _),) = run(student, [graph], times=0)
    for found, right in zip(numbers, truth(graph)[0], strict=True):
        array([found], [right], rel=1e-9, abs=0, what="data")


def one_step(*leaves, i=0, k=1, without=()):
    """One operation at a time, of the leaf i, and of the leaf k or of a number like it."""
    return [(leaves, [(op, i, k if op in TWO else leaves[k])]) for op in STEPS if op not in without]


WITH_A_NUMBER = ("+n", "n+", "-n", "n-", "*n", "n*", "/n", "n/")
WHOLE = ([2.25, -1.5, 0.5, 0.0], [7, 2, 3, 0])  # whole numbers are numbers, too


@pytest.mark.task("value_engine")
def test_plus_minus_times_and_divided(student):
    """Two Values, added, subtracted, multiplied and divided, and minus in front: the right numbers."""
    for leaves in WHOLE:
        steps = [*((op, 0, 1) for op in TWO), ("neg", 0, 0), ("neg", 1, 0), ("*", 3, 0), ("*", 0, 3), ("/", 3, 1)]
        check_data(student, (leaves, steps))
    check_data(student, ([3e-8], [("*", 0, 0)]))


@pytest.mark.task("value_engine")
def test_a_plain_number_on_either_side(student):
    """A plain number on the left or on the right: the right numbers."""
    for leaves in WHOLE:
        check_data(student, (leaves, [*((op, 0, 3) for op in WITH_A_NUMBER), ("*n", 0, 0), ("+n", 0, 0), ("n-", 0, 0)]))


@pytest.mark.task("value_engine")
def test_powers_and_functions(student):
    """Powers, exp, log, tanh and relu: the right numbers."""
    for leaves in WHOLE:
        steps = [(op, 0, 3) for op in ("pow", "exp", "log", "tanh", "relu")]
        steps += [("relu", 1, 0), ("tanh", 1, 0), ("exp", 1, 0), ("relu", 2, 0)]
        check_data(student, (leaves, [*steps, ("pow", 1, 2), ("pow", 0, -2), ("pow", 2, 0.5)]))
    check_data(student, ([3e-8, 12.5, -17.25], [("log", 0, 0), ("exp", 1, 0), ("exp", 2, 0)]))


SINGLE = [
    (graph, truth(graph))
    for graphs in (
        one_step(2.5, -1.25),
        one_step(1.75, 0.5, i=1, k=0),
        one_step(1.5, 1.5),  # equal, and still two
        one_step(7, 2),
        one_step(2.5, 2, i=0, k=0),  # the same one twice
        one_step(0.0, 3, without=("n/", "log", "relu")),
        one_step(2.5, 0.0, without=("/", "/n")),
        one_step(-2.5, 2, without=("log",)),
        [([4e-7], [("log", 0, 0)]), ([13.5], [("exp", 0, 0)]), ([-17.0], [("exp", 0, 0)]), ([3e-6], [("relu", 0, 0)])],
    )
    for graph in graphs
]


def shown_step(step):
    """One step as a line: L = a + b."""
    op, i, k = step
    return STEPS[op][0].replace("m[i]", "a").replace("m[k]", "a" if i == k else "b").replace("k", "3")


def remembered(student, known):
    """The slopes that the Values remember are right; if they are kept in another way, what `backward` makes of them."""
    try:
        slopes_are_right(student, known, OURS)
    except (AssertionError, StudentError) as error:
        try:
            slopes_are_right(student, known, THEIRS)
        except (AssertionError, StudentError):
            if isinstance(error, StudentError) and error.kind == "IndexError":
                shown = next((shown_step(step) for step in EACH_ONCE if lacks_a_slope(student, step)), "one of them")
                raise Recognised(f"Value: {shown} remembers more inputs than slopes. Which input has none?") from None
            raise error from None


EACH_ONCE = [(op, 0, 1 if op in TWO else 2) for op in STEPS]


def lacks_a_slope(student, step):
    """Whether the Value that one operation makes remembers more inputs than slopes."""
    try:
        run(student, [([1.5, 2.5], [step])], back=OURS)
    except StudentError as error:
        return error.kind == "IndexError"
    return False


def slopes_are_right(student, known, back):
    found = run(student, [graph for graph, _ in known], back=back)
    for (_, slopes), ((_, steps), (_, right)) in zip(found, known, strict=True):
        slopes = array(slopes, shape=(len(right),), what="slopes")
        if not np.allclose(slopes, right, rtol=1e-9, atol=1e-12 * max(map(abs, right))):
            if len(steps) > 1:
                raise Hint("Value: after several operations, the slopes along the way are not right.")
            shown = shown_step(steps[0])
            raise Hint(f"Value: L = {shown} remembers a slope that is not right. What did you hand to `computed`?")


@pytest.mark.task("value_engine", weight=1.5)
def test_what_each_operation_remembers(student):
    """One operation at a time: its inputs and its slope in each of them, also with a plain number on either side."""
    remembered(student, SINGLE)
    new_and_computed_from_their_inputs(student)


ODD_ONES = {"relu of a negative": ("v.relu()", -2.5), "relu of a positive": ("v.relu()", 1.5), "v + 0": ("v + 0", 3.0)}
ODD_ONES |= {"0 * v": ("0 * v", 3.0), "v ** 1": ("v ** 1", 2.5)}  # where no slope shows what is remembered
IS_NEW = (
    "(lambda reach: [(lambda v, r: [r is not v, reach(reach, r, v)])(v, make(v)) for make, v in [CASES]])"
    "(lambda reach, node, v: node is v or any(reach(reach, one, v) for one in node.inputs))"
)


def new_and_computed_from_their_inputs(student):
    """Each operation makes a new Value, from which a way leads back to what it was computed from."""
    cases = ", ".join(f"(lambda v: {source}, Value({x}))" for source, x in ODD_ONES.values())
    found = listed(student.eval(IS_NEW.replace("CASES", cases)), len(ODD_ONES))
    for name, (is_new, _) in zip(ODD_ONES, found, strict=True):
        if not is_new:
            raise Recognised(
                f"{name} hands v itself on. Each operation makes a new Value: which two share one grad here?"
            )
    for name, (_, reaches) in zip(ODD_ONES, found, strict=True):
        if not reaches:
            raise Recognised(f"{name} makes a Value that knows no other. What is it computed from?")


@pytest.mark.task("value_engine", weight=0.5)
def test_operations_behind_each_other(student):
    """Several operations, one behind the other: the numbers, and every one of them is remembered."""
    graphs = [
        ([0.75, -2.0, 1.25], [("*", 0, 1), ("+n", 3, 0.5), ("neg", 4, 0), ("*n", 5, 3), ("+", 6, 2)]),
        ([0.5, 0.75], [("*", 0, 1), ("tanh", 2, 0), ("*", 3, 2), ("n-", 4, 2)]),
        ([1.5, 2.0], [("exp", 0, 0), ("/", 2, 1), ("log", 3, 0), ("pow", 4, 2), ("n/", 5, 3)]),
    ]
    for graph in graphs:
        check_data(student, graph)
    remembered(student, [(graph, truth(graph)) for graph in graphs])


# -------------------------------------------------------------------------------------------- value_backward


@pytest.mark.task("value_backward")
def test_one_operation_backwards(student):
    """One operation at a time, backwards."""

    def body(run):
        found = run(student, [graph for graph, _ in SINGLE])
        for (_, slopes), ((_, (step,)), (_, right)) in zip(found, SINGLE, strict=True):
            slopes = array(slopes, shape=(len(right),), what="grad")
            if not np.allclose(slopes, right, rtol=1e-9, atol=1e-12 * max(map(abs, right))):
                raise Hint(f"send_back: one of the gradients is not right after  L = {shown_step(step)}.")
        sent_back(student, run)

    in_their_graphs_or_ours(body)


@pytest.mark.task("value_backward")
def test_a_long_chain(student):
    """Many operations, one behind the other: every one of them takes part."""
    grads(student, ([0.75, -2.0, 1.25], [("*", 0, 1), ("+n", 3, 0.5), ("*n", 4, 3), ("+", 5, 2)]))
    right_everywhere(student, [LONG])

    def body(run):
        for graph in (TINY, ([1.5, -2.0], [("*n", 0, 4e6), ("*n", 2, 2e5), ("*", 3, 1)])):
            ((_, found),) = run(student, [graph])
            array(found, truth(graph)[1], abs=0, what="grad")

    in_their_graphs_or_ours(body)


@pytest.mark.task("value_backward")
def test_a_number_used_twice(student):
    """A number that is used several times hears from all of its uses."""
    grads(
        student,
        ([3.5], [("*", 0, 0)]),
        ([3.5], [("*", 0, 0), ("+", 1, 0)]),
        ([3.5, -2.0], [("*", 0, 1), ("+", 2, 0), ("*", 3, 1)]),
        ([3.5], [("+", 0, 0)]),
        ([2.5, 2.5], [("*", 0, 1), ("+", 2, 0), ("*", 3, 3)]),  # equal numbers are two
        ([2.5, 2.5, 6.25], [("*", 0, 1), ("*", 3, 2), ("+", 4, 3)]),
        ([1.5, 1.5], [("*n", 0, 2), ("*n", 1, 2), ("*n", 2, 3), ("*", 4, 3)]),  # and so are equal nodes inside
        ([0.0, 2.5], [("*", 0, 1), ("+", 2, 1), ("*", 3, 0), ("*", 4, 4)]),
    )


@pytest.mark.task("value_backward")
def test_an_uneven_graph_with_a_shared_node_inside(student):
    """A node inside that is reached on ways of different length passes on the whole truth, and only once."""
    steps = [("*", 0, 1), ("*n", 2, 3), ("+", 3, 0), ("*", 4, 2)]  # s, p(s), q(p, x), L(q, s)
    grads(student, ([1.5, -2.0], steps))
    steps = [("*", 0, 1), ("*n", 2, 3), ("+", 3, 0), ("*", 2, 4)]  # the same, L(s, q)
    grads(student, ([1.5, -2.0], steps))
    steps = [("+", 0, 1), ("*", 2, 2), ("*", 3, 2), ("+", 4, 3), ("*", 5, 2)]
    grads(student, ([1.5, -0.25], steps))


@pytest.mark.task("value_backward", weight=2)
def test_random_sums_and_products(student):
    """Many random graphs of sums, differences and products: every gradient of every node."""
    right_everywhere(student, SUMS_AND_PRODUCTS)


@pytest.mark.task("value_backward")
def test_random_graphs_of_all_operations(student):
    """Random graphs of all operations, with plain numbers between."""
    right_everywhere(student, ALL_OPERATIONS)


@pytest.mark.task("value_backward")
def test_nothing_flows_and_nothing_is_changed(student):
    """The output's gradient is 1; where nothing flows it is 0; and no data changes."""
    graph = ([1.5, -2.0, 3.0], [("*", 2, 2), ("*n", 0, 4), ("relu", 1, 0), ("*", 4, 5)])  # a square leads nowhere
    graph = (graph[0], [*graph[1], ("+", 6, 0)])

    def body(run):
        ((numbers, found),) = run(student, [graph])
        same(found, truth(graph)[1], "grad")
        same(numbers, truth(graph)[0], "data")
        sent_back(student, run)
        ((_, before),) = run(student, [graph], times=0)
        same(before, [0.0] * 8, "grad before backward()")

    in_their_graphs_or_ours(body)


# --------------------------------------------------------------------------------------------------- by_hand

SHEETS = choices(__file__)["SHEETS"]


class Sheet:
    """The graph of a student's sheet: s = a*v + w, t = s*v, u = s + b*w, L = t*u, and what was answered."""

    def __init__(self, student):
        own = variant("by_hand", SHEETS, student=student.id)
        self.v, self.w, self.a, self.b = own["twice"], own["once"], own["a"], own["b"]
        s = f"({self.a}*{self.v} + {self.w})"
        self.letters = {"s": s, "t": f"({s}*{self.v})", "u": f"({s} + {self.b}*{self.w})"}
        self.found = answer(student, "answers")
        if not isinstance(self.found, dict):
            raise Hint('answers: give a dict, {"t": "…", "u": "…", …}.')
        # who hears from whom: node -> [(user, the local slope there)]
        self.arrows = {
            "t": [("", "u")],
            "u": [("", "t")],
            "s": [("t", self.v), ("u", "1")],
            self.v: [("s", str(self.a)), ("t", "s")],
            self.w: [("s", "1"), ("u", str(self.b))],
        }

    def read(self, text):
        """A text as a tree in x and y alone."""
        tree = parse(text, ["x", "y", "s", "t", "u"]).tree
        inner = {name: parse(value, ["x", "y"]).tree for name, value in self.letters.items()}
        return _put(tree, inner)

    def of(self, name):
        """What was answered for a node. Raises Hint."""
        text = self.found.get(name)
        if not isinstance(text, str):
            raise Hint(f"answers: for {name!r} give a text between quotes.")
        try:
            tree = self.read(text)
        except AnswerError as error:
            raise Hint(f"answers, {name!r}, cannot be read. {error}") from None
        if not (form := in_form(Answer("", tree, ("x", "y")), "no derivative")):
            raise Hint(f"answers, {name!r}: {form.says}")
        return tree

    def right(self, name):
        """The gradient of a node."""
        return _sum(Mul(self.right(user) if user else ONE, self.read(slope)) for user, slope in self.arrows[name])

    def follows(self, name):
        """The gradient of a node, if those of its users were what the student says."""
        return _sum(Mul(self.of(user) if user else ONE, self.read(slope)) for user, slope in self.arrows[name])


def _put(tree, inner):
    if isinstance(tree, Var):
        return inner.get(tree.name, tree)
    return with_children(tree, tuple(_put(part, inner) for part in children(tree)))


def _sum(trees):
    first, *rest = trees
    for tree in rest:
        first = Add(first, tree)
    return first


def _equal(one, other):
    verdict = equivalent(Answer("", one, ("x", "y")), Answer("", other, ("x", "y")), ("x", "y"))
    if verdict.decision is Decision.UNDECIDED:
        raise Undecided(verdict.rule)
    return verdict.decision is Decision.PROVED


def by_hand(student, node, wrong):
    """The student's gradient of a node is right, or follows from those of its users."""
    sheet = Sheet(student)
    name = {"twice": sheet.v, "once": sheet.w}.get(node, node)
    found = sheet.of(name)
    if _equal(found, sheet.right(name)):
        return
    users = [user for user, _ in sheet.arrows[name] if user]
    late = [user for user in users if not _equal(sheet.of(user), sheet.right(user))]
    zero = any(_equal(sheet.of(user), ZERO) for user in late)  # from "0" everything follows, without a rule
    if late and not zero and _equal(found, sheet.follows(name)):
        return
    if late:
        raise Hint(f"{name}: first put {late[0]!r} right; the gradient of {name!r} needs it.")
    for known, ask in wrong(sheet):
        if _equal(found, sheet.read(known)):
            raise Recognised(f"{name}: {ask}")
    raise Hint(f"{name}: put a finger on its box. How many arrows leave it, and what comes back on each?")


FORWARD = "this is the value that flows forward. How fast does L change if it is nudged?"


@pytest.mark.task("by_hand")
def test_the_gradient_of_t(student):
    """answers, "t": L is the product of t and u."""
    by_hand(student, "t", lambda sheet: [("t", FORWARD), ("1", "L = t*u: does the other one not matter?")])


@pytest.mark.task("by_hand")
def test_the_gradient_of_u(student):
    """answers, "u": L is the product of t and u."""
    by_hand(student, "u", lambda sheet: [("u", FORWARD), ("1", "L = t*u: does the other one not matter?")])


@pytest.mark.task("by_hand", weight=1.5)
def test_the_gradient_of_s(student):
    """answers, "s": two arrows leave s."""

    def wrong(sheet):
        missing = "two arrows leave this box; you followed the one to "
        yield f"u*{sheet.v}", missing + "t."
        yield "t", missing + "u."
        yield "s", FORWARD
        yield f"{sheet.v} + 1", "these are the local slopes. Multiply each by what arrives from above."
        yield "u + t", "that is what arrives. Multiply each by the local slope in s."
        yield f"u*{sheet.v}*t", "two paths come together here. Are they multiplied, or added?"

    by_hand(student, "s", wrong)


@pytest.mark.task("by_hand", weight=1.5)
def test_the_gradient_of_the_input_that_meets_a_product(student):
    """answers, the input that is used in s and in t."""

    def wrong(sheet):
        above, missing = f"(u*{sheet.v} + t)", "two arrows leave this box; you followed the one to "
        yield f"{sheet.a}*{above}", missing + "s."
        yield "u*s", missing + "t."
        yield above, missing + "s. And there is a number on that arrow."
        yield sheet.v, FORWARD
        yield f"{above} + u*s", "what stands on the arrow to s? Look at how s is made."
        yield f"{sheet.a} + s", "these are the local slopes. Multiply each by what arrives from above."

    by_hand(student, "twice", wrong)


@pytest.mark.task("by_hand")
def test_the_gradient_of_the_other_input(student):
    """answers, the input that is used in s and in u."""

    def wrong(sheet):
        above, missing = f"(u*{sheet.v} + t)", "two arrows leave this box; you followed the one to "
        yield above, missing + "s."
        yield f"{sheet.b}*t", missing + "u."
        yield sheet.w, FORWARD
        yield f"{above} + t", "what stands on the arrow to u? Look at how u is made."
        yield f"{sheet.b} + 1", "these are the local slopes. Multiply each by what arrives from above."

    by_hand(student, "once", wrong)


# ---------------------------------------------------------------------------------------------- neuron_layer


def numbers(seed, *shape):
    """Random numbers of a shape, none of them special."""
    return np.random.default_rng(seed).uniform(-2, 2, shape).round(2)


def weighted_sums(X, W, b):
    """What a layer is, number by number."""
    n, dout = len(X), len(b)
    return [[math.fsum([*(x * W[k][j] for k, x in enumerate(X[i])), b[j]]) for j in range(dout)] for i in range(n)]


@pytest.mark.task("neuron_layer")
def test_one_neuron(student):
    """A neuron: the weighted sum and the bias, for lists and for arrays."""
    cases = []
    for din in (3, 5, 1, 7):
        x, w = np.array(inputs.numbers(51 + din, din)), np.array(inputs.numbers(71 + din, din))
        for scale, b in [(1.0, 1.75), (1.0, -3), (2e-7, 4e-7), (3e5, 0.0)]:
            right = weighted_sums([scale * x], w[:, None], [b])[0][0]
            cases += [((scale * x).tolist(), w.tolist(), b, right, scale), (scale * x, w, b, right, scale)]
    cases.append(([3, -1, 3, 0, 2], [0.5, 4, 0.25, 7, -1], 0.75, -3.0, 1.0))  # equal inputs, and 0
    found = student.in_turn(*(("neuron", x, w, b) for x, w, b, _, _ in cases))
    for got, (*_, right, scale) in zip(found, cases, strict=True):
        number(got, right, abs=1e-9 * scale, what="neuron")


@pytest.mark.task("neuron_layer")
def test_a_layer_of_neurons(student):
    """A layer: every neuron for every example, and the same as your neuron says."""
    X, W, b = numbers(56, 3, 3), numbers(57, 3, 3), numbers(58, 3)  # all shapes fit: what is wrong has a value
    for scale in (1.0, 2e-7, 3e5):
        right = weighted_sums(scale * X, W, scale * b)
        array(student.layer(scale * X, W, scale * b), right, abs=1e-9 * scale, what="layer")
    X, W, b = inputs.whole_array(59, (3, 2)), inputs.whole_array(60, (2, 3)), inputs.array(61, (3,))
    # whole numbers, and biases with fractions
    array(student.layer(X, W, b), weighted_sums(X, W, b), what="layer")
    X, W, b = numbers(53, 4, 3), numbers(54, 3, 2), numbers(55, 2)
    found = array(student.layer(X, W, b), weighted_sums(X, W, b), what="layer")
    alone = student.neuron(X[2], W[:, 1], float(b[1]))
    if not np.isclose(number(alone, what="neuron"), found[2, 1]):
        raise Hint("layer is right, and neuron does not agree with it. Which of the terms does neuron leave out?")


@pytest.mark.task("neuron_layer", weight=0.5)
def test_one_example_or_one_neuron(student):
    """One example, or one neuron: there are still two axes."""
    for n, din, dout in [(1, 3, 2), (4, 3, 1), (1, 2, 1)]:
        X, W, b = numbers(61, n, din), numbers(62, din, dout), numbers(63, dout)
        array(student.layer(X, W, b), weighted_sums(X, W, b), what="layer")


@pytest.mark.task("neuron_layer", weight=0.5)
def test_lists_and_what_is_handed_over(student):
    """Lists of lists will do, and nothing that is handed over is changed."""
    X, W, b = numbers(64, 4, 3), numbers(65, 3, 2), numbers(66, 2)
    right = weighted_sums(X, W, b)
    array(student.layer(X.tolist(), W.tolist(), b.tolist()), right, what="layer")
    array(untouched(student, "layer", X=X, W=W, b=b), right, what="layer")
    number(untouched(student, "neuron", x=X[0], w=W[:, 0], b=1.5), right[0][0] - b[0] + 1.5, what="neuron")
    tables = listed(student.eval("[layer(X, W, b), layer(2 * X, W, b)]", X=X, W=W, b=b), 2)
    if not np.allclose(array(tables[0], shape=(4, 2), what="layer"), right):
        raise Hint("layer: asked a second time, it changes the table that it gave before. Is it a new one?")


# ------------------------------------------------------------------------------------------- linear_backward

ENTRIES = [f"{letter}{i}{j}" for letter in "xwd" for i in (0, 1) for j in (0, 1)]


@pytest.mark.task("linear_backward")
def test_what_one_weight_hears(student):
    """dL_dW01: from every example, the input that the weight multiplies, times what arrives."""
    wrong = {
        "x00*d01": "dL_dW01: the weight is used for both examples; you followed one.",
        "x10*d11": "dL_dW01: the weight is used for both examples; you followed one.",
        "x00*d00 + x10*d10": "dL_dW01: the weight belongs to another neuron. Into which column of Y does it go?",
        "x01*d01 + x11*d11": "dL_dW01: by which number of X is this weight multiplied? Look at Y[0, 1].",
        "x00*d01 + x01*d11": "dL_dW01: go down a column of X. In the second example, what does the weight multiply?",
        "d01 + d11": "dL_dW01: that is what arrives. Multiply each by the local slope.",
        "x00 + x10": "dL_dW01: these are the local slopes. Multiply each by what arrives.",
        "(x00*d01 + x10*d11)/2": "dL_dW01: the n is in dY already. Who asks for a mean here?",
    }
    symbolic(student, "dL_dW01", "x00*d01 + x10*d11", ENTRIES, wrong=wrong, form="no derivative")


@pytest.mark.task("linear_backward", weight=0.5)
def test_what_one_input_hears(student):
    """dL_dX01: from every neuron, the weight, times what arrives."""
    wrong = {
        "d00*w10": "dL_dX01: the input goes into both neurons; you followed one.",
        "d01*w11": "dL_dX01: the input goes into both neurons; you followed one.",
        "d00*w01 + d01*w11": "dL_dX01: by which weights is this input multiplied? Look at Y[0, 0] and Y[0, 1].",
        "d00*w00 + d01*w01": "dL_dX01: by which weights is this input multiplied? Look at Y[0, 0] and Y[0, 1].",
        "d10*w10 + d11*w11": "dL_dX01: that is the other example. Into which row of Y does this input go?",
        "d00 + d01": "dL_dX01: that is what arrives. Multiply each by the local slope.",
        "w10 + w11": "dL_dX01: these are the local slopes. Multiply each by what arrives.",
    }
    symbolic(student, "dL_dX01", "d00*w10 + d01*w11", ENTRIES, wrong=wrong, form="no derivative")


@functools.cache  # for all submissions
def case(seed, n, din, dout, scale=1.0, whole=False):
    """X, W, b, dY of a size, and the gradients, number by number."""
    if whole:
        X, W = inputs.whole_array(seed, (n, din)), inputs.whole_array(seed + 1, (din, dout))
        b, dY = inputs.whole_array(seed + 2, (dout,)), inputs.array(seed + 3, (n, dout))
    else:
        X, W = scale * numbers(seed, n, din), numbers(seed + 1, din, dout)
        b, dY = numbers(seed + 2, dout), scale * numbers(seed + 3, n, dout)
    dX = [[math.fsum(dY[i, j] * W[k, j] for j in range(dout)) for k in range(din)] for i in range(n)]
    dW = [[math.fsum(X[i, k] * dY[i, j] for i in range(n)) for j in range(dout)] for k in range(din)]
    db = [math.fsum(dY[i, j] for i in range(n)) for j in range(dout)]
    return (X, W, b, dY), {"dX": np.array(dX), "dW": np.array(dW), "db": np.array(db)}


SQUARE, UNEQUAL = (71, 3, 3, 3), [(75, 5, 3, 2), (79, 2, 4, 3), (83, 1, 3, 2), (87, 4, 2, 1)]
OTHERS = [(*SQUARE, 3e4), (*SQUARE, 2e-6), (91, 3, 3, 3, 1.0, True), (95, 4, 2, 3, 1.0, True)]
NOT_NEEDED = {"dX": "X", "dW": "W", "db": "XW"}  # where these hold inf, no nudge finds a slope; the rule does


def part(student, name):
    """One of the three arrays. Where all shapes fit, each is judged by itself, whatever became of the others.

    A wrong transpose of *another* one may raise where the sizes differ: that costs one test, not three.
    """
    sizes = (SQUARE, *OTHERS, *UNEQUAL)

    def answers():
        found = [student.vjp_linear(*case(*SQUARE)[0])]
        with contextlib.suppress(StudentError):
            for size in sizes[1:]:
                found.append(student.vjp_linear(*case(*size)[0]))
        return found

    found = student.once("vjp_linear", answers)
    for answered, size in zip(found, sizes, strict=False):
        right = case(*size)[1]
        got = listed(answered, 3, what="vjp_linear")[list(right).index(name)]
        array(got, right[name], abs=1e-9 * np.abs(right[name]).max(), what=name)
    if len(found) == len(sizes) and not by_the_rule(student, name):
        raise Hint(f"{name}: it changes with numbers that it does not depend on. Which of X, W and dY does it need?")


@np.errstate(all="ignore")  # inf * 0 on the way to what is not looked at
def by_the_rule(student, name):
    """Whether one of the arrays is right also where what it does not depend on has no end."""
    (X, W, b, dY), right = case(*SQUARE)
    X, W = (np.full(M.shape, np.inf) if letter in NOT_NEEDED[name] else M for letter, M in {"X": X, "W": W}.items())
    found = listed(student.vjp_linear(X, W, b, dY), 3, what="vjp_linear")[list(right).index(name)]
    return isinstance(found, np.ndarray) and found.shape == right[name].shape and np.allclose(found, right[name])


@pytest.mark.task("linear_backward")
def test_dX(student):
    """dX: every input hears from all neurons."""
    part(student, "dX")


@pytest.mark.task("linear_backward")
def test_dW(student):
    """dW: every weight hears from all examples."""
    part(student, "dW")


@pytest.mark.task("linear_backward")
def test_db(student):
    """db: every bias hears from all examples."""
    part(student, "db")


@pytest.mark.task("linear_backward")
def test_sizes_that_differ(student):
    """n, din and dout all different, one example, one neuron: every gradient has the shape of what it belongs to."""
    for size in UNEQUAL:
        some_right(student.vjp_linear, size)
    assert any(by_the_rule(student, name) for name in NOT_NEEDED), "measured"


@pytest.mark.task("linear_backward", weight=0.5)
def test_nothing_is_changed(student):
    """Nothing that is handed over is changed, and a result stays what it was when the next one is computed."""
    some_right(lambda X, W, b, dY: untouched(student, "vjp_linear", X=X, W=W, b=b, dY=dY), SQUARE)
    assert any(by_the_rule(student, name) for name in NOT_NEEDED), "measured"

    def first_of_two(X, W, b, dY):
        both = "[vjp_linear(X, W, b, dY), vjp_linear(3 * X, 2 * W, b, -dY)]"
        return listed(student.eval(both, X=X, W=W, b=b, dY=dY), 2)[0]

    try:
        some_right(first_of_two, SQUARE)
    except AssertionError:
        raise Hint("vjp_linear: asked a second time, it changes the arrays that it gave before.") from None


def some_right(call, size):
    """All shapes are right, and at least one of the arrays: which of them are is asked elsewhere."""
    given, right = case(*size)
    found = listed(call(*given), 3, what="vjp_linear")
    arrays = [array(got, shape=right[name].shape, what=name) for name, got in zip(right, found, strict=True)]
    assert any(np.allclose(one, other) for one, other in zip(arrays, right.values(), strict=True)), "none is right"


# ------------------------------------------------------------------------------------------------ softmax_ce


def probabilities(z):
    """The softmax of one row; complex numbers pass through it."""
    powers = [np.exp(number) for number in z]
    return [power / sum(powers) for power in powers]


def table_of_slopes(z):
    """How fast each probability (rows) changes with each logit (columns)."""
    k = len(z)
    return [[slope_of(lambda *z, i=i: probabilities(z)[i], z, j) for j in range(k)] for i in range(k)]


def cross_entropy(Z, y):
    """(the mean over the rows, its gradient)."""
    n = len(Z)
    errors = [lambda *z, right=right: -np.log(probabilities(z)[right]) for right in y]
    loss = math.fsum(float(error(*z).real) for error, z in zip(errors, Z, strict=True)) / n
    dZ = [[slope_of(error, z, j) / n for j in range(len(z))] for error, z in zip(errors, Z, strict=True)]
    return loss, dZ


def loss_and_gradient(student, Z, y, name="ce"):
    return listed(getattr(student, name)(Z, np.array(y)), 2, what=name)


def right_softmax(Z):
    """Stands in for the student's softmax where that is not the question."""
    powers = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def with_their_softmax_or_ours(student, body, named="softmax"):
    """`body()`; if it fails, once more with a right softmax under that name, so that an early slip costs once.

    Ours runs on this side, and is taken away again: no other test meets it.
    """
    try:
        body()
    except (AssertionError, StudentError):
        theirs = student.function(f"globals().get({named!r})", "").apply()
        name = student.function(f"globals().update({{{named!r}: right}})", "right")
        name.apply(right_softmax)
        try:
            body()
        finally:
            name.apply(theirs)


SURE = np.array([0.0, -707.5, -1.0, -707.5])  # the second and the fourth class have next to no probability


@pytest.mark.task("softmax", weight=0.75)
def test_the_slopes_of_a_probability_on_paper(student):
    """same_logit and other_logit: how fast a probability changes with its own logit, and with another one."""
    wrong = {
        "p": "same_logit: the numerator grows, and so does the divisor. What does the quotient rule say?",
        "p*(1 + p)": "same_logit: when the divisor grows, does the quotient grow or shrink?",
        "-p*q": "same_logit: that belongs to two different classes. What happens to p in its own logit?",
        "1 - p": "same_logit: that is by which share p changes, the slope of ln(p). By how much does p change?",
    }
    symbolic(student, "same_logit", "p - p^2", ["p", "q"], wrong=wrong, form="no derivative")
    wrong = {
        "0": "other_logit: raising one logit lowers the others. Through which part of the fraction?",
        "p*q": "other_logit: together they stay 1. When one rises, what must the others do?",
        "q*(1 - q)": "other_logit: that is the slope of q itself. How fast does p change, while the logit of q moves?",
        "p*(1 - q)": "other_logit: the numerator of p does not have this logit in it. Only the divisor grows.",
        "-p": "other_logit: how fast does the divisor grow, as a share of itself?",
        "-q": "other_logit: that is by which share p changes, the slope of ln(p). By how much does p change?",
    }
    symbolic(student, "other_logit", "-p*q", ["p", "q"], wrong=wrong, form="no derivative")


@pytest.mark.task("softmax_ce", weight=0.75)
def test_the_slopes_of_the_error_on_paper(student):
    """slope_right and slope_other: how fast the loss changes with a logit."""
    wrong = {
        "1 - p": "slope_right: a larger logit of the right class, and the loss grows? Look at the sign.",
        "-1": "slope_right: this logit also stands in the second part, inside the logarithm.",
        "-1/p": "slope_right: that is the slope in p. The logit lies one link further back.",
        "p": "slope_right: which part of L does this logit have to itself?",
    }
    symbolic(student, "slope_right", "p - 1", ["p"], wrong=wrong, form="no derivative")
    wrong = {
        "0": "slope_other: this logit stands inside the logarithm. What is its slope there?",
        "-p": "slope_other: a larger logit of a wrong class, and the loss shrinks? Look at the sign.",
        "p - 1": "slope_other: which part of L does *not* have this logit in it?",
    }
    symbolic(student, "slope_other", "p", ["p"], wrong=wrong, form="no derivative")


def is_softmax(found, rows):
    """Every probability is right in its own size, the small ones too."""
    array(found, [probabilities(z) for z in rows], rel=1e-10, abs=0, what="softmax")


@pytest.mark.task("softmax")
def test_softmax_row_by_row(student):
    """softmax: each row by itself, and every row adds up to 1; equal logits are equally likely."""
    for n, k in [(4, 3), (2, 5)]:
        Z = numbers(91 + n, n, k)
        is_softmax(student.softmax(Z), Z)
    Z = np.array([[1.25, 1.25, -0.5], [0.0, 0.0, 0.0], [-29.5, 2.0, -8.25], [17.0, -24.0, 17.0]])
    is_softmax(student.softmax(Z), Z)
    Z = np.array([[2, -1, 0, 2], [3, 3, 5, -2]])  # whole numbers; their probabilities are none
    is_softmax(student.softmax(Z), Z)


@pytest.mark.task("softmax", weight=0.25)
def test_softmax_of_a_square_and_of_one_row(student):
    """softmax of as many rows as classes, and of a single row; Z and earlier results stay as they were."""
    for n, k in [(3, 3), (1, 4)]:
        Z = numbers(93 + n, n, k)
        is_softmax(untouched(student, "softmax", Z=Z), Z)
        first, _ = listed(student.eval("[softmax(Z), softmax(0 * Z)]", Z=Z), 2)
        if isinstance(first, np.ndarray) and np.allclose(first, 1 / k):
            raise Hint("softmax: asked a second time, it changes the table that it gave before.")
        is_softmax(first, Z)


CASES = [(101, 4, 3, [2, 0, 1, 2]), (102, 3, 3, [1, 0, 2]), (103, 1, 4, [3])]


@pytest.mark.task("softmax_ce")
def test_the_loss(student):
    """The loss: the mean over the rows of minus the logarithm of the right probability."""

    def body():
        for seed, n, k, y in CASES:
            Z = numbers(seed, n, k)
            number(loss_and_gradient(student, Z, y)[0], cross_entropy(Z, y)[0], what="loss")
        Z = np.array([[0.0, 4.5, -3.0], [0.25, 0.25, -0.5]])
        number(loss_and_gradient(student, Z, [0, 1])[0], cross_entropy(Z, [0, 1])[0], what="loss")

    with_their_softmax_or_ours(student, body)


def gradient_is_right(student, cases):
    """dZ is right, in rows of which the network is sure as well: each entry in its own size."""

    def body():
        for seed, n, k, y in cases:
            Z = numbers(seed, n, k)
            array(loss_and_gradient(student, Z, y)[1], cross_entropy(Z, y)[1], what="dZ")
        found = array(loss_and_gradient(student, np.array([SURE, SURE]), [0, 2])[1], shape=(2, 4), what="dZ")
        p = right_softmax(SURE[None])[0]
        assert np.allclose(found[:, 1::2], p[1::2] / 2, rtol=1e-11, atol=0), "measured"

    with_their_softmax_or_ours(student, body)


@pytest.mark.task("softmax_ce")
def test_the_gradient_of_the_loss(student):
    """dZ: how fast the mean loss changes with every logit, by the formulas."""
    gradient_is_right(student, [(seed + 3, n, k, y) for seed, n, k, y in CASES])
    Z = np.array([[2, -1, 0], [0, 0, 3]])  # whole numbers

    def whole():
        array(loss_and_gradient(student, Z, [2, 0])[1], cross_entropy(Z, [2, 0])[1], what="dZ")

    with_their_softmax_or_ours(student, whole)


@pytest.mark.task("softmax_ce", weight=0.25)
def test_ce_changes_nothing(student):
    """Z and y stay as they were."""
    Z, y = numbers(109, 1, 4), [2]
    loss, dZ = listed(untouched(student, "ce", Z=Z, y=np.array(y)), 2, what="ce")
    right = cross_entropy(Z, y)
    found = number(loss, what="loss"), array(dZ, shape=Z.shape, what="dZ")
    assert any(np.allclose(one, other) for one, other in zip(found, right, strict=True)), "neither is right"


@pytest.mark.task("softmax_ce", weight=0.5)
def test_a_class_that_does_not_come_up(student):
    """A class may be missing in y, the last or another: how many classes there are is seen from Z."""
    gradient_is_right(student, [(107, 1, 4, [1]), (108, 3, 4, [3, 0, 3])])


# ---------------------------------------------------------------------------------------- sturdy_topological


@pytest.mark.task("sturdy_topological", weight=0.5)
def test_small_graphs_as_before(student):
    """Small graphs: every node once, and after all of its inputs; asked again, the same."""
    graphs = (DIAMOND, UNEVEN, *some_graphs(10))
    orders_of(student, [(graph, (-1, len(graph) - 2, -1), 0) for graph in graphs], name="sturdy_topological")


BUDGET = 100_000
# sys.setprofile is told of every call; with the budget spent it raises, so that nobody waits for 2**60 visits.
WATCHED = (
    "type('Watch', (__import__('contextlib').ContextDecorator,), {{"
    "'__enter__': lambda self: __import__('sys').setprofile((lambda left: lambda *_: left.pop() if left else"
    " (_ for _ in ()).throw(TimeoutError('too many steps')))([0] * budget)),"
    " '__exit__': lambda self, *_: __import__('sys').setprofile(None)}})()(lambda: {what})()"
)


def within_budget(student, name, ask):
    """`ask()`, and a sentence for those who walk every path."""
    try:
        return ask()
    except StudentError as error:
        if error.kind != "TimeoutError":
            raise
        raise Hint(
            f"{name}: still at work after very many steps. Is a box visited once, or on every way to it? Is one sweep"
            " enough for all of them?"
        ) from None


def order_of_ladder(student):
    rungs = 60
    source = (
        "(lambda made: ([made.append(Node('n', made[-1], made[-1])) for _ in range(rungs)], "
        + WATCHED.format(what="[made.index(node) for node in sturdy_topological(made[-1])]")
        + ")[1])([Node('nobody'), Node('x')])"
    )
    assert listed(student.eval(source, rungs=rungs, budget=BUDGET)) == list(range(1, rungs + 2))


@pytest.mark.task("sturdy_topological", weight=0.5)
def test_many_ways_are_not_all_walked(student):
    """A node that is reached on very many ways is still visited only once."""
    within_budget(student, "sturdy_topological", lambda: order_of_ladder(student))


@pytest.mark.task("sturdy_topological")
def test_a_chain_of_thousands(student):
    """A chain of 5000 nodes, one behind the other."""
    order_of(student, [(), ()], name="sturdy_topological", longer=4999)


# ------------------------------------------------------------------------------------------- sturdy_backward


@pytest.mark.task("sturdy_backward")
def test_backward_twice(student):
    """A second call adds one more copy in the leaves, and starts from 0 inside."""
    graph = ([1.5, -2.0], [("*", 0, 1), ("*n", 2, 3), ("+n", 3, 0.5), ("*n", 4, -2)])
    right = truth(graph)[1]
    for times in (1, 2, 3):
        ((_, found),) = run(student, [graph], times, back=STURDY)
        same(found, [slope * times if place < 2 else slope for place, slope in enumerate(right)], "grad")
    sent_back(student, functools.partial(run, back=STURDY), "sturdy_backward")
    # two outputs that share their leaves, and a node inside: each call is about its own graph alone
    shared = (
        "(lambda a, b: (lambda s: (lambda K, L: ([sturdy_backward(K), sturdy_backward(L)], [a.grad, b.grad,"
        " s.grad, L.grad])[1])(s * a, s + b))(a * b))(Value(1.5), Value(-2.0))"
    )
    found = array(listed(student.eval(shared), 4), what="grad")
    if not np.allclose(found, [-6.0 - 2.0, 2.25 + 2.5, 1.0, 1.0]):
        raise Hint("sturdy_backward: two outputs share a leaf, K = a*b*a and L = a*b + b. After a call for each,"
                   " does each have sent back what is its own, and no more?")  # fmt: skip


@pytest.mark.task("sturdy_backward")
def test_very_many_paths_in_little_time(student):
    """Very many paths through few nodes: the gradient is right, and no path is walked by itself."""
    rungs = 60  # of Values: a list added to itself so often would fill the memory
    source = (
        "(lambda made: ([made.append(made[-1] + made[-1]) for _ in range(rungs) if isinstance(made[-1], Value)], "
        + WATCHED.format(what="sturdy_backward(made[-1])")
        + ", [node.grad for node in made])[2])([Value(1.5)])"
    )
    found = within_budget(student, "sturdy_backward", lambda: student.eval(source, rungs=rungs, budget=BUDGET))
    array(found, [2.0 ** (rungs - k) for k in range(rungs + 1)])
    wide = (
        "(lambda leaves: (lambda out: ("
        + WATCHED.format(what="sturdy_backward(out)")
        + ", [leaf.grad for leaf in leaves])[1])(sum([leaf * leaf for leaf in leaves], Value(0.0))))"
        "([Value(0.5 * k) for k in range(100)])"
    )
    found = within_budget(student, "sturdy_backward", lambda: student.eval(wide, budget=BUDGET // 5))
    array(found, [1.0 * k for k in range(100)])


# -------------------------------------------------------------------------------------------- sturdy_softmax


@pytest.mark.task("sturdy_softmax")
def test_softmax_of_large_logits(student):
    """softmax of logits of a thousand and of minus a thousand."""
    Z = np.array([[1000.0, 999.0, 0.0], [-1000.0, -1001.5, -1000.5], [-1000.0, 1000.0, 999.5], [400.0, -290.0, 350.0]])
    Z = np.append(Z, [[1500.0, -1000.0, -1000.5]], axis=0)  # the first is far above their mean, too
    rows = [[0, -1, -1000], [0, -1.5, -0.5], [-2000, 0, -0.5], [0, -690, -50], [0, -2500, -2500.5]]
    array(student.sturdy_softmax(Z), [probabilities(z) for z in rows], rel=1e-10, abs=1e-200, what="sturdy_softmax")
    for n, k in [(4, 3), (2, 5)]:  # small ones as before
        Z = numbers(91 + n, n, k)
        found = untouched(student, "sturdy_softmax", Z=Z)
        array(found, [probabilities(z) for z in Z], rel=1e-10, what="sturdy_softmax")


@pytest.mark.task("sturdy_softmax")
def test_the_loss_of_large_logits(student):
    """Logits of a thousand and minus a thousand: a finite loss, the right one, and a finite gradient."""

    def body():
        loss, dZ = loss_and_gradient(student, np.array([[1000.0, -1000.0, 0.0]]), [1], "sturdy_ce")
        sure, none = loss_and_gradient(student, np.array([[-1000.0, 1000.0, 500.0]]), [1], "sturdy_ce")
        small, _ = loss_and_gradient(student, np.array([[400.0, -300.0]]), [1], "sturdy_ce")
        if -math.log(1e-4) < loss < -math.log(5e-324):  # a probability of 0 became the smallest one that was allowed
            raise Recognised(
                "A tiny number inside the logarithm makes the loss finite, and wrong. Where is log(p) not needed?"
            )
        number(loss, 2000.0, what="loss")
        number(sure, 0.0, what="loss")
        number(small, 700.0, what="loss")
        array(dZ, [[1.0, -1.0, 0.0]], what="dZ")
        array(none, [[0.0, 0.0, 0.0]], what="dZ")
        seed, n, k, y = CASES[0]  # small ones as before
        Z = numbers(seed, n, k)
        loss, dZ = loss_and_gradient(student, Z, y, "sturdy_ce")
        number(loss, cross_entropy(Z, y)[0], what="loss")
        array(dZ, cross_entropy(Z, y)[1], what="dZ")

    with_their_softmax_or_ours(student, body, "sturdy_softmax")


# ------------------------------------------------------------------------------------------ softmax_jacobian


def slopes_of_the_sure(student):
    """The table for SURE, where no nudge can find the slope of a probability of 1e-308, and the formula does."""
    p = right_softmax(SURE[None])[0]
    found = array(student.softmax_jacobian(SURE), shape=(4, 4), what="softmax_jacobian")
    assert np.allclose(np.diag(found)[1::2], p[1::2], rtol=1e-11, atol=0), "measured"


@pytest.mark.task("softmax_jacobian")
def test_the_jacobian(student):
    """softmax_jacobian: every probability changes with every logit, by the formulas."""

    def body():
        for z in (numbers(97, 3), numbers(98, 5), numbers(99, 2), np.array([0.5, 0.5, -1.25, 0.5])):
            array(untouched(student, "softmax_jacobian", z=z), table_of_slopes(z), what="softmax_jacobian")
        slopes_of_the_sure(student)

    with_their_softmax_or_ours(student, body)
