"""Hidden tests of `chain_rule`. A docstring is what the student reads: words, never a hidden number.

Truth never comes from the learner's own forward pass. Slopes are found by the *complex step*: nudge a number by
1e-30j, and what is imaginary in the result, divided by 1e-30, is the slope, exact to the last digits. Where the
learner's Dual is not the question, the functions handed in need no arithmetic of it: an early slip costs once.
"""

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
    listed,
    number,
    parse,
    symbolic,
)

STEP = 1e-30
ONE = parse("1", []).tree


def slope_of(f, numbers, place):
    """The slope of f(*numbers) in the number at `place`, by the complex step."""
    moved = [complex(x, STEP * (k == place)) for k, x in enumerate(numbers)]
    return complex(f(*moved)).imag / STEP


def untouched(student, name, **arguments):
    """What the function gives; afterwards its arguments must be what they were."""
    data = {letter: one for letter, one in arguments.items() if not isinstance(one, Handle)}
    result, *after = student.eval(f"({name}({', '.join(arguments)}), {', '.join(data)})", **arguments)
    for letter, now in zip(data, after, strict=True):
        if isinstance(now, Handle) or not np.array_equal(data[letter], now):
            raise Hint(f"{name} changes the {letter} that it is given. Does it calculate in a copy?")
    return result


# ---------------------------------------------------------------------------------------------- grad_forward

SURFACES = choices(__file__)["SURFACES"]


@pytest.mark.task("grad_forward")
def test_each_partial_derivative_has_its_place(student):
    """Each number of the gradient belongs to the input of its place; ignored inputs have the slope 0."""
    f = student.function("Dual(3.0, 4 * v[0].inf - 7 * v[1].inf + 0.25 * v[3].inf)", "v")
    array(student.grad_forward(f, [2.5, -1.0, 6.0, 0.5]), [4.0, -7.0, 0.0, 0.25])
    f = student.function("Dual(3.0, 4 * v[4].inf + 0.125 * v[2].inf)", "v")
    array(student.grad_forward(f, np.array([2.5, -1.0, 6.0, 0.5, 3.0])), [0.0, 0.0, 0.125, 0.0, 4.0])
    array(student.grad_forward(student.function("Dual(1.0, -3 * v[0].inf)", "v"), [2.5]), [-3.0])


@pytest.mark.task("grad_forward")
def test_inputs_that_do_not_move_are_held(student):
    """While one input moves, the others stand where they are: slopes that depend on all inputs."""
    source = (
        "Dual(v[0].real * v[1].real * v[2].real, v[0].inf * v[1].real * v[2].real"
        " + v[0].real * v[1].inf * v[2].real + v[0].real * v[1].real * v[2].inf)"
    )
    array(student.grad_forward(student.function(source, "v"), [2.5, -4.0, 3.0]), [-12.0, 7.5, -10.0])
    array(student.grad_forward(student.function(source, "v"), np.array([1.5, 6.0, -2.0])), [-12.0, -3.0, 9.0])


@pytest.mark.task("grad_forward", weight=0.5)
def test_whole_numbers_have_slopes_with_fractions(student):
    """Whole numbers in x, and slopes that are none."""
    f = student.function("Dual(3.0, 0.375 * v[0].inf - 2.75 * v[1].inf)", "v")
    array(student.grad_forward(f, np.array([4, 7])), [0.375, -2.75])
    array(student.grad_forward(f, [4, 7]), [0.375, -2.75])


@pytest.mark.task("grad_forward", weight=0.5)
def test_n_calls_with_n_duals(student):
    """f is called once for each input, with one list of n Duals; a plain number that comes back has the slope 0."""
    seen = []

    def f(*given):
        seen.append(given)
        return 4.5

    over_there = student.function("Dual(3.0, 0.5 * v[2].inf)", "v")
    assert array(student.grad_forward(over_there, [2.5, -1.0, 6.0])).any()  # else "zeros, always" would earn this
    array(student.grad_forward(f, [2.5, -1.0, 6.0, 0.5, 3.0]), [0.0, 0.0, 0.0, 0.0, 0.0])
    if len(seen) != 5 or over_there.get("calls") != 3:
        raise Hint("grad_forward: f should be called once for each input, no less and no more often.")
    for given in seen:
        duals = given[0] if len(given) == 1 else None
        if isinstance(duals, Handle) and duals.type_name == "ndarray":  # an array of Duals will do
            continue
        if not isinstance(duals, list | tuple):
            raise Hint("grad_forward: f should be called with one thing, a list of Duals.")
        if [getattr(one, "type_name", "") for one in duals] != ["Dual"] * 5:
            raise Hint("grad_forward: the list for f should hold as many Duals as there are inputs, and nothing else.")


@pytest.mark.task("grad_forward", weight=0.5)
def test_x_stays_as_it_was(student):
    """The x that is handed over is the same afterwards, a list or an array."""
    f = student.function("Dual(3.0, 4 * v[0].inf - 7 * v[1].inf)", "v")
    for x in ([2.5, 6.0], np.array([2.5, 6.0])):
        array(untouched(student, "grad_forward", f=f, x=x), [4.0, -7.0])


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


def local(student, op, *inputs):
    """local_grads of one operation, beside the complex step."""
    output = complex(OPERATIONS[op](*map(complex, inputs))).real
    count = 1 if op == "pow" else len(inputs)
    found = listed(student.local_grads(op, inputs, output), count, what=f'local_grads for "{op}"')
    moving = OPERATIONS[op] if op != "pow" else lambda a: a ** inputs[1]
    for place, slope in enumerate(found):
        number(slope, slope_of(moving, inputs[:count], place), what=f'local_grads for "{op}"')


@pytest.mark.task("local_grads")
def test_plus_and_minus(student):
    """The local slopes of a + b and of a - b, in both places."""
    local(student, "+", -2.5, 7.0)
    local(student, "+", 4.0, -0.5)
    local(student, "-", -2.5, 7.0)
    local(student, "-", 4.0, 9.5)


@pytest.mark.task("local_grads")
def test_times_and_divided_by(student):
    """The local slopes of a * b and of a / b, in both places."""
    local(student, "*", -2.5, 7.0)
    local(student, "*", 3.5, -0.5)
    local(student, "/", -2.5, 0.75)
    local(student, "/", 3.5, -4.0)


@pytest.mark.task("local_grads")
def test_pow_exp_and_log(student):
    """The local slopes of a ** n, exp(a) and log(a)."""
    local(student, "pow", -2.5, 3)
    local(student, "pow", 1.5, -2)
    local(student, "pow", 2.5, 0.5)
    local(student, "exp", -1.25)
    local(student, "exp", 1.75)
    local(student, "log", 0.4)
    local(student, "log", 6.5)


@pytest.mark.task("local_grads")
def test_tanh_and_relu(student):
    """The local slopes of tanh(a) and relu(a), on both sides of 0."""
    local(student, "tanh", 0.75)
    local(student, "tanh", -1.5)
    local(student, "relu", 2.5)
    local(student, "relu", -0.75)
    local(student, "relu", 0.25)


# ----------------------------------------------------------------------------------------- topological_order

# Over there: a list of nodes, each made of earlier ones; the order comes back as their places in that list.
ORDER = (
    "(lambda made, place: ([made.append(Node(name, *[made[k] for k in inputs])) for name, inputs in program],"
    " place.update({id(node): k for k, node in enumerate(made)}),"
    " [[place.get(id(node), -1) for node in topological(made[end])] for end in ends])[2])([], {})"
)


def order_of(student, program, ends=(-1,)):
    """The orders that the student's function lists, and the check that each is one."""
    program = [step if type(step) is list else [f"n{k}", list(step)] for k, step in enumerate(program)]
    found = student.eval(ORDER, program=program, ends=list(ends))
    if any(end in ends[:k] and found[k] != found[ends.index(end)] for k, end in enumerate(ends)):
        raise Recognised("topological: asked again, it gives another list. What stays behind from the first time?")
    for end, order in zip(ends, listed(found, len(ends)), strict=True):
        order = listed(order, what="topological")
        assert all(type(place) is int and 0 <= place < len(program) for place in order), "something else is listed"
        if len(set(order)) != len(order):
            raise Hint("topological: a node stands twice in the list. Is it marked when it has been seen?")
        needed, waiting = set(), [end % len(program)]
        while waiting:
            if (node := waiting.pop()) not in needed:
                needed.add(node)
                waiting += program[node][1]
        if set(order) != needed:
            raise Hint("topological: the list should hold the node and all that it is computed from, and nothing else.")
        turn = {node: number for number, node in enumerate(order)}
        late = [turn[one] > turn[node] for node in order for one in program[node][1]]
        if late and all(late):
            raise Recognised("topological: turned around, the list would be right. After whom does each node stand?")
        if any(late):
            raise Hint("topological: a node stands before one of its inputs. Who has to be in the list first?")
    return found


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
    order_of(student, DIAMOND)
    order_of(student, UNEVEN)
    order_of(student, [()])


@pytest.mark.task("topological_order", weight=0.5)
def test_many_graphs_asked_twice(student):
    """Many graphs, asked for twice and from nodes in the middle; nothing stays behind from the first time."""
    for graph in some_graphs():
        order_of(student, graph, (-1, len(graph) - 2, -1))


@pytest.mark.task("topological_order", weight=0.25)
def test_nodes_of_the_same_name(student):
    """Two nodes may have the same name and still be two."""
    order_of(student, [["3.0", []], ["3.0", []], ["3.0", []], ["s", [0, 1]], ["s", [3, 0]]])


@pytest.mark.task("topological_order", weight=0.25)
def test_many_ways_are_not_all_walked(student):
    """A node that is reached on very many ways is still visited only once."""
    within_budget(student, "topological", lambda: order_of_ladder(student))


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
            f"{name}: still at work after very many steps. Is a box visited once, or on every way to it?"
        ) from None


def order_of_ladder(student):
    rungs = 60
    source = (
        "(lambda made: ([made.append(Node('n', made[-1], made[-1])) for _ in range(rungs)], "
        + WATCHED.format(what="[made.index(node) for node in topological(made[-1])]")
        + ")[1])([Node('nobody'), Node('x')])"
    )
    assert listed(student.eval(source, rungs=rungs, budget=BUDGET)) == list(range(1, rungs + 2))


@pytest.mark.task("topological_order", weight=2)
def test_a_chain_of_thousands(student):
    """A chain of 5000 nodes, one behind the other."""
    order_of(student, [(), (), *((k,) for k in range(1, 5000))])


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
RUN = (
    "(lambda make: [(lambda m: ([m.append(make[op](m, i, k)) for op, i, k in steps], [m[-1].backward() for _ in"
    " range(times)], [[v.data for v in m], [v.grad for v in m]])[2])([Value(x) for x in leaves])"
    f" for leaves, steps in graphs])({MAKE})"
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


def run(student, graphs, times=1):
    """[(numbers, gradients)] of the graphs over there, all in one call."""
    found = listed(student.eval(RUN, graphs=[list(graph) for graph in graphs], times=times), len(graphs))
    return [tuple(listed(part) for part in listed(one, 2)) for one in found]


def same(found, expected, what):
    scale = max(1.0, max(map(abs, expected)))
    array(found, expected, abs=1e-10 * scale, what=what)


def grads(student, *graphs):
    """All gradients of all nodes of the graphs are right."""
    right_everywhere(student, [(graph, truth(graph)) for graph in graphs])


def right_everywhere(student, known):
    """The same for graphs of which the truth is known already."""
    found = run(student, [graph for graph, _ in known])
    for (_, slopes), (_, (_, right)) in zip(found, known, strict=True):
        same(slopes, right, "grad")


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


@pytest.mark.task("value_engine")
def test_forward_values(student):
    """Every operation gives the right number, also with a plain number on either side."""
    leaves = [2.25, -1.5, 0.5]
    steps = [(op, 0, 1 if op in TWO else 3) for op in STEPS]
    steps += [("relu", 1, 0), ("tanh", 1, 0), ("exp", 1, 0), ("relu", 2, 0)]
    ((numbers, _),) = run(student, [(leaves, steps)], times=0)
    same(numbers, truth((leaves, steps))[0], "data")


@pytest.mark.task("value_engine")
def test_each_operation_backwards(student):
    """One operation at a time, backwards, also with a plain number on either side."""
    grads(student, *(([2.5, -1.25], [(op, 0, 1 if op in TWO else 3)]) for op in STEPS))
    grads(student, *(([1.75, 0.5], [(op, 1, 0 if op in TWO else -2)]) for op in STEPS))


@pytest.mark.task("value_engine")
def test_a_long_chain(student):
    """Many operations, one behind the other: every one of them takes part."""
    grads(student, ([0.75, -2.0, 1.25], [("*", 0, 1), ("+n", 3, 0.5), ("*n", 4, 3), ("+", 5, 2)]))
    right_everywhere(student, [LONG])


@pytest.mark.task("value_engine")
def test_a_number_used_twice(student):
    """A number that is used several times hears from all of its uses."""
    grads(
        student,
        ([3.5], [("*", 0, 0)]),
        ([3.5], [("*", 0, 0), ("+", 1, 0)]),
        ([3.5, -2.0], [("*", 0, 1), ("+", 2, 0), ("*", 3, 1)]),
        ([3.5], [("+", 0, 0)]),
    )


@pytest.mark.task("value_engine")
def test_an_uneven_graph_with_a_shared_node_inside(student):
    """A node inside that is reached on ways of different length passes on the whole truth, and only once."""
    steps = [("*", 0, 1), ("*n", 2, 3), ("+", 3, 0), ("*", 4, 2)]  # s, p(s), q(p, x), L(q, s)
    grads(student, ([1.5, -2.0], steps))
    steps = [("*", 0, 1), ("*n", 2, 3), ("+", 3, 0), ("*", 2, 4)]  # the same, L(s, q)
    grads(student, ([1.5, -2.0], steps))
    steps = [("+", 0, 1), ("*", 2, 2), ("*", 3, 2), ("+", 4, 3), ("*", 5, 2)]
    grads(student, ([1.5, -0.25], steps))


@pytest.mark.task("value_engine")
def test_tanh_and_relu_inside(student):
    """relu at a negative number stops what flows; a tanh whose input is used twice does not stop it."""
    grads(student, ([-1.5, 0.75, 2.0], [("*", 0, 1), ("relu", 3, 0), ("*n", 4, 3), ("+", 5, 2)]))
    grads(student, ([0.5, 0.75], [("*", 0, 1), ("tanh", 2, 0), ("*", 3, 2), ("*", 4, 0)]))


@pytest.mark.task("value_engine", weight=2)
def test_random_sums_and_products(student):
    """Many random graphs of sums, differences and products: every gradient of every node."""
    right_everywhere(student, SUMS_AND_PRODUCTS)


@pytest.mark.task("value_engine")
def test_random_graphs_of_all_operations(student):
    """Random graphs of all operations, with plain numbers between."""
    right_everywhere(student, ALL_OPERATIONS)


@pytest.mark.task("value_engine")
def test_very_many_paths_in_little_time(student):
    """Very many paths through few nodes: the gradient is right, and no path is walked by itself."""
    rungs = 60
    source = (
        "(lambda made: ([made.append(made[-1] + made[-1]) for _ in range(rungs)], "
        + WATCHED.format(what="made[-1].backward()")
        + ", [one.grad for one in made])[2])([Value(1.5)])"
    )
    found = within_budget(student, "backward", lambda: student.eval(source, rungs=rungs, budget=BUDGET))
    array(found, [2.0 ** (rungs - k) for k in range(rungs + 1)])


@pytest.mark.task("value_engine")
def test_backward_twice(student):
    """A second backward() adds one more copy in the leaves, and starts from 0 inside."""
    graph = ([1.5, -2.0], [("*", 0, 1), ("*n", 2, 3), ("+n", 3, 0.5), ("*n", 4, -2)])
    right = truth(graph)[1]
    for times in (1, 2, 3):
        ((_, found),) = run(student, [graph], times)
        same(found, [slope * times if place < 2 else slope for place, slope in enumerate(right)], "grad")


@pytest.mark.task("value_engine")
def test_nothing_flows_and_nothing_is_changed(student):
    """The output's gradient is 1; where nothing flows it is 0; and no data changes."""
    graph = ([1.5, -2.0, 3.0], [("*", 2, 2), ("*n", 0, 4), ("*", 4, 1)])  # the square of the third leads nowhere
    ((numbers, found),) = run(student, [graph])
    same(found, truth(graph)[1], "grad")
    same(numbers, truth(graph)[0], "data")
    ((_, before),) = run(student, [graph], times=0)
    same(before, [0.0] * 6, "grad before backward()")


# --------------------------------------------------------------------------------------------------- by_hand

SHEETS = choices(__file__)["SHEETS"]


class Sheet:
    """The graph of a student's sheet: s = a*v + w, p = s*v, q = s + b*w, L = p*q, and what was answered."""

    def __init__(self, student):
        own = variant("by_hand", SHEETS, student=student.id)
        self.v, self.w, self.a, self.b = own["twice"], own["once"], own["a"], own["b"]
        s = f"({self.a}*{self.v} + {self.w})"
        self.letters = {"s": s, "p": f"({s}*{self.v})", "q": f"({s} + {self.b}*{self.w})"}
        self.found = answer(student, "answers")
        if not isinstance(self.found, dict):
            raise Hint('answers: a dict is asked for, {"p": "…", "q": "…", …}.')
        # who hears from whom: node -> [(user, the local slope there)]
        self.arrows = {
            "p": [("", "q")],
            "q": [("", "p")],
            "s": [("p", self.v), ("q", "1")],
            self.v: [("s", str(self.a)), ("p", "s")],
            self.w: [("s", "1"), ("q", str(self.b))],
        }

    def read(self, text):
        """A text as a tree in x and y alone."""
        tree = parse(text, ["x", "y", "s", "p", "q"]).tree
        inner = {name: parse(value, ["x", "y"]).tree for name, value in self.letters.items()}
        return _put(tree, inner)

    def of(self, name):
        """What was answered for a node. Raises Hint."""
        text = self.found.get(name)
        if not isinstance(text, str):
            raise Hint(f"answers: for {name!r} a text between quotes is asked for.")
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
    zero = any(_equal(sheet.of(user), ("num", 0)) for user in late)  # from "0" everything follows, without a rule
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
def test_the_gradient_of_p(student):
    """answers, "p": L is the product of p and q."""
    by_hand(student, "p", lambda sheet: [("p", FORWARD), ("1", "L = p*q: does the other one not matter?")])


@pytest.mark.task("by_hand")
def test_the_gradient_of_q(student):
    """answers, "q": L is the product of p and q."""
    by_hand(student, "q", lambda sheet: [("q", FORWARD), ("1", "L = p*q: does the other one not matter?")])


@pytest.mark.task("by_hand", weight=1.5)
def test_the_gradient_of_s(student):
    """answers, "s": two arrows leave s."""

    def wrong(sheet):
        missing = "two arrows leave this box; you followed the one to "
        yield f"q*{sheet.v}", missing + "p."
        yield "p", missing + "q."
        yield "s", FORWARD
        yield f"{sheet.v} + 1", "these are the local slopes. Multiply each by what arrives from above."
        yield "q + p", "that is what arrives. Multiply each by the local slope in s."
        yield f"q*{sheet.v}*p", "two paths come together here. Are they multiplied, or added?"

    by_hand(student, "s", wrong)


@pytest.mark.task("by_hand", weight=1.5)
def test_the_gradient_of_the_input_that_meets_a_product(student):
    """answers, the input that is used in s and in p."""

    def wrong(sheet):
        above, missing = f"(q*{sheet.v} + p)", "two arrows leave this box; you followed the one to "
        yield f"{sheet.a}*{above}", missing + "s."
        yield "q*s", missing + "p."
        yield above, missing + "s. And there is a number on that arrow."
        yield sheet.v, FORWARD
        yield f"{above} + q*s", "what stands on the arrow to s? Look at how s is made."
        yield f"{sheet.a} + s", "these are the local slopes. Multiply each by what arrives from above."

    by_hand(student, "twice", wrong)


@pytest.mark.task("by_hand")
def test_the_gradient_of_the_other_input(student):
    """answers, the input that is used in s and in q."""

    def wrong(sheet):
        above, missing = f"(q*{sheet.v} + p)", "two arrows leave this box; you followed the one to "
        yield above, missing + "s."
        yield f"{sheet.b}*p", missing + "q."
        yield sheet.w, FORWARD
        yield f"{above} + p", "what stands on the arrow to q? Look at how q is made."
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
    for din in (3, 5, 1):
        x, w, b = numbers(51, din), numbers(52, din), 1.75
        right = weighted_sums([x], w[:, None], [b])[0][0]
        number(student.neuron(x.tolist(), w.tolist(), b), right, what="neuron")
        number(student.neuron(x, w, b), right, what="neuron")


@pytest.mark.task("neuron_layer")
def test_a_layer_of_neurons(student):
    """A layer: every neuron for every example, and the same as your neuron says."""
    X, W, b = numbers(56, 3, 3), numbers(57, 3, 3), numbers(58, 3)  # all shapes fit: what is wrong has a value
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


# ------------------------------------------------------------------------------------------- linear_backward

LETTERS = list("fghktuvwpqrs")


@pytest.mark.task("linear_backward")
def test_what_one_weight_hears(student):
    """dL_dW01: from every example, the input that the weight multiplies, times what arrives."""
    wrong = {
        "f*q": "dL_dW01: the weight is used for both examples; you followed one.",
        "h*s": "dL_dW01: the weight is used for both examples; you followed one.",
        "f*p + h*r": "dL_dW01: the weight belongs to another neuron. Into which column of Y does it go?",
        "g*q + k*s": "dL_dW01: by which number of X is this weight multiplied? Look at Y[0, 1].",
        "f*q + g*s": "dL_dW01: go down a column of X. In the second example, what does the weight multiply?",
        "q + s": "dL_dW01: that is what arrives. Multiply each by the local slope.",
        "f + h": "dL_dW01: these are the local slopes. Multiply each by what arrives.",
        "(f*q + h*s)/2": "dL_dW01: the n is in dY already. Who asks for a mean here?",
    }
    symbolic(student, "dL_dW01", "f*q + h*s", LETTERS, wrong=wrong, form="no derivative")


@pytest.mark.task("linear_backward", weight=0.5)
def test_what_one_input_hears(student):
    """dL_dX01: from every neuron, the weight, times what arrives."""
    wrong = {
        "p*v": "dL_dX01: the input goes into both neurons; you followed one.",
        "q*w": "dL_dX01: the input goes into both neurons; you followed one.",
        "p*u + q*w": "dL_dX01: by which weights is this input multiplied? Look at Y[0, 0] and Y[0, 1].",
        "p*t + q*u": "dL_dX01: by which weights is this input multiplied? Look at Y[0, 0] and Y[0, 1].",
        "r*v + s*w": "dL_dX01: that is the other example. Into which row of Y does this input go?",
        "p + q": "dL_dX01: that is what arrives. Multiply each by the local slope.",
        "v + w": "dL_dX01: these are the local slopes. Multiply each by what arrives.",
    }
    symbolic(student, "dL_dX01", "p*v + q*w", LETTERS, wrong=wrong, form="no derivative")


def case(seed, n, din, dout):
    """X, W, b, dY of a size, and the gradients, number by number."""
    X, W, b, dY = (
        numbers(seed, n, din),
        numbers(seed + 1, din, dout),
        numbers(seed + 2, dout),
        numbers(seed + 3, n, dout),
    )
    dX = [[math.fsum(dY[i, j] * W[k, j] for j in range(dout)) for k in range(din)] for i in range(n)]
    dW = [[math.fsum(X[i, k] * dY[i, j] for i in range(n)) for j in range(dout)] for k in range(din)]
    db = [math.fsum(dY[i, j] for i in range(n)) for j in range(dout)]
    return (X, W, b, dY), {"dX": np.array(dX), "dW": np.array(dW), "db": np.array(db)}


SQUARE, UNEQUAL = (71, 3, 3, 3), [(75, 5, 3, 2), (79, 2, 4, 3), (83, 1, 3, 2), (87, 4, 2, 1)]


def part(student, name):
    """One of the three arrays. Where all shapes fit, each is judged by itself, whatever became of the others.

    A wrong transpose of *another* one may raise where the sizes differ: that costs one test, not three.
    """
    for size in (SQUARE, *UNEQUAL):
        given, right = case(*size)
        try:
            found = student.vjp_linear(*given)
        except StudentError:
            if size is SQUARE:
                raise
            return
        array(listed(found, 3, what="vjp_linear")[list(right).index(name)], right[name], what=name)


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


@pytest.mark.task("linear_backward", weight=0.5)
def test_nothing_is_changed(student):
    """Nothing that is handed over is changed."""
    some_right(lambda X, W, b, dY: untouched(student, "vjp_linear", X=X, W=W, b=b, dY=dY), SQUARE)


def some_right(call, size):
    """All shapes are right, and at least one of the arrays: which of them are is asked elsewhere."""
    given, right = case(*size)
    found = listed(call(*given), 3, what="vjp_linear")
    arrays = [array(one, shape=right[name].shape, what=name) for name, one in zip(right, found, strict=True)]
    assert any(np.allclose(one, other) for one, other in zip(arrays, right.values(), strict=True)), "none is right"


# ------------------------------------------------------------------------------------------------ softmax_ce


def probabilities(z):
    """The softmax of one row; complex numbers pass through it."""
    powers = [np.exp(one) for one in z]
    return [one / sum(powers) for one in powers]


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


def loss_and_gradient(student, Z, y):
    return listed(student.ce(Z, np.array(y)), 2, what="ce")


@pytest.mark.task("softmax_ce", weight=0.75)
def test_the_slopes_of_a_probability_on_paper(student):
    """same_logit and other_logit: how fast a probability changes with its own logit, and with another one."""
    wrong = {
        "p": "same_logit: the numerator grows, and so does the divisor. What does the quotient rule say?",
        "p*(1 + p)": "same_logit: when the divisor grows, does the quotient grow or shrink?",
        "-p*q": "same_logit: that belongs to two different classes. What happens to p in its own logit?",
        "1 - p": "same_logit: how fast does exp(z) itself change? The numerator is not 1.",
    }
    symbolic(student, "same_logit", "p - p^2", ["p", "q"], wrong=wrong, form="no derivative")
    wrong = {
        "0": "other_logit: raising one logit lowers the others. Through which part of the fraction?",
        "p*q": "other_logit: together they stay 1. When one rises, what must the others do?",
        "q*(1 - q)": "other_logit: that is the slope of q itself. Here p is asked, while the logit of q moves.",
        "p*(1 - q)": "other_logit: the numerator of p does not have this logit in it. Only the divisor grows.",
        "-p": "other_logit: how fast does the divisor grow, as a share of itself?",
        "-q": "other_logit: how fast does the divisor grow, as a share of itself? And p stands above it.",
    }
    symbolic(student, "other_logit", "-p*q", ["p", "q"], wrong=wrong, form="no derivative")


@pytest.mark.task("softmax_ce", weight=0.75)
def test_the_slopes_of_the_error_on_paper(student):
    """slope_right and slope_other: how fast the error changes with a logit."""
    wrong = {
        "1 - p": "slope_right: a larger logit of the right class, and the error grows? Look at the sign.",
        "-1": "slope_right: this logit also stands in the second part, inside the logarithm.",
        "-1/p": "slope_right: that is the slope in p. The logit lies one link further back.",
        "p": "slope_right: which part of L does this logit have to itself?",
    }
    symbolic(student, "slope_right", "p - 1", ["p"], wrong=wrong, form="no derivative")
    wrong = {
        "0": "slope_other: this logit stands inside the logarithm. What is its slope there?",
        "-p": "slope_other: a larger logit of a wrong class, and the error shrinks? Look at the sign.",
        "p - 1": "slope_other: which part of L does *not* have this logit in it?",
    }
    symbolic(student, "slope_other", "p", ["p"], wrong=wrong, form="no derivative")


@pytest.mark.task("softmax_ce")
def test_softmax_row_by_row(student):
    """softmax: each row by itself, and every row adds up to 1."""
    for n, k in [(4, 3), (2, 5)]:
        Z = numbers(91 + n, n, k)
        array(student.softmax(Z), [probabilities(z) for z in Z], what="softmax")


@pytest.mark.task("softmax_ce", weight=0.25)
def test_softmax_of_a_square_and_of_one_row(student):
    """softmax of as many rows as classes, and of a single row; Z stays as it was."""
    for n, k in [(3, 3), (1, 4)]:
        Z = numbers(93 + n, n, k)
        array(untouched(student, "softmax", Z=Z), [probabilities(z) for z in Z], what="softmax")


@pytest.mark.task("softmax_ce", weight=0.5)
def test_softmax_of_large_logits(student):
    """softmax of logits of a thousand and of minus a thousand."""
    Z = np.array([[1000.0, 999.0, 0.0], [-1000.0, -1001.5, -1000.5], [-1000.0, 1000.0, 999.5]])
    right = [probabilities([0, -1, -1000]), probabilities([0, -1.5, -0.5]), probabilities([-2000, 0, -0.5])]
    array(student.softmax(Z), right, what="softmax")


def own_probabilities(student, Z):
    """What the student's own softmax gives, with which the rest may be right: an early slip costs once.

    None of it may be next to nothing: from zeros everything follows, without a derivative.
    """
    own = student.softmax(Z)
    good = isinstance(own, np.ndarray) and own.shape == Z.shape and own.dtype == float
    return own if good and own.min() > 1e-4 else None


def follows(found, expected):
    """Whether an array is what follows from the student's own softmax."""
    return (
        isinstance(found, np.ndarray)
        and found.shape == expected.shape
        and np.allclose(found, expected, rtol=1e-9, atol=1e-12)
    )


@pytest.mark.task("softmax_ce", weight=1.5)
def test_the_jacobian(student):
    """softmax_jacobian: every probability changes with every logit."""
    for seed, k in [(97, 3), (98, 5), (99, 2)]:
        z = numbers(seed, k)
        found, own = untouched(student, "softmax_jacobian", z=z), own_probabilities(student, z[None])
        if own is None or not follows(found, np.diag(own[0]) - np.outer(own[0], own[0])):
            array(found, table_of_slopes(z), what="softmax_jacobian")


@pytest.mark.task("softmax_ce")
def test_the_loss(student):
    """The loss: the mean over the rows of minus the logarithm of the right probability."""
    for seed, n, k, y in [(101, 4, 3, [2, 0, 1, 2]), (102, 3, 3, [1, 0, 2]), (103, 1, 4, [3])]:
        Z = numbers(seed, n, k)
        number(loss_and_gradient(student, Z, y)[0], cross_entropy(Z, y)[0], what="loss")


def gradient_is_right(student, Z, y, dZ):
    """dZ is right, or follows from the student's own softmax."""
    own = own_probabilities(student, Z)
    if own is None or not follows(dZ, (own - np.eye(Z.shape[1])[y]) / len(Z)):
        array(dZ, cross_entropy(Z, y)[1], what="dZ")


@pytest.mark.task("softmax_ce")
def test_the_gradient_of_the_loss(student):
    """dZ: how fast the mean error changes with every logit."""
    for seed, n, k, y in [(104, 4, 3, [2, 0, 1, 2]), (105, 3, 3, [1, 0, 2]), (106, 1, 4, [3])]:
        Z = numbers(seed, n, k)
        gradient_is_right(student, Z, y, loss_and_gradient(student, Z, y)[1])


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
    """The last class may be missing in y: how many classes there are is seen from Z."""
    Z, y = numbers(107, 1, 4), [1]
    gradient_is_right(student, Z, y, loss_and_gradient(student, Z, y)[1])


@pytest.mark.task("softmax_ce", weight=0.5)
def test_the_loss_of_large_logits(student):
    """Logits of a thousand and minus a thousand: a finite loss, the right one, and a finite gradient."""
    loss, dZ = loss_and_gradient(student, np.array([[1000.0, -1000.0, 0.0]]), [1])
    sure, none = loss_and_gradient(student, np.array([[-1000.0, 1000.0, 500.0]]), [1])
    number(loss, 2000.0, what="loss")
    number(sure, 0.0, what="loss")
    array(dZ, [[1.0, -1.0, 0.0]], what="dZ")
    array(none, [[0.0, 0.0, 0.0]], what="dZ")
