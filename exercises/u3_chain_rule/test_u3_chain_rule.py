"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import numpy as np
import pytest
from kit.check import Answers, agrees, all_close, close, kind_of, typed
from kit.hints import Question
from kit.measured import slope_at, slope_of, value_of

HINTS = {
    "grad_forward": [
        "One call for each input. In call k, which of the Duals has the inf part 1, and what have the others?",
        "For k in range(n): a list of Dual(float(x[i]), 1 if i == k else 0), then f of that list.",
        "Collect  y.inf if isinstance(y, Dual) else 0.0  in a list, and return np.array(that list, dtype=float).\n"
        "On paper: for slope_in_x treat y like any number, so 2*y*y has the slope 0.",
    ],
    "local_grads": [
        "One `if` for each op. Which of the slopes did you find in unit 2?",
        "* gives (b, a), / gives (1/b, -a/b**2), pow gives n*a**(n - 1), and exp is its own output.",
        "tanh: 1 - output**2. log: 1/a. relu: 1.0 if a > 0, otherwise 0.0. One slope alone is written (slope,).",
    ],
    "by_hand": [
        "L = t*u: which two arrows lead to L, and what is the local slope on each?",
        "t has the gradient u, and u has the gradient t. s has two users, t and u: add up what it hears from both.",
        "For x and y, look for every arrow that leaves: one goes to s, and perhaps one to t or to u. For each:\n"
        "gradient of the box at the tip, times the local slope there. Then add.",
    ],
    "topological_order": [
        "A node may go into the list as soon as all of its inputs are in it.",
        "def visit(one): if id(one) is in the set, return. Add it to the set. Visit each input. Then append one.",
        "def topological(node): order, seen = [], set(); then the def visit(one) of the second hint, which appends to\n"
        "order; then visit(node), and return order.",
    ],
    "value_engine": [
        "Each method is two lines, as in __add__: calculate with .data, and hand the result to `computed`.",
        "__mul__: other = as_value(other), and then computed('*', self.data * other.data, self, other).\n"
        "exp has no other: computed('exp', math.exp(self.data), self).",
        "__rsub__ is as_value(other) - self, and __rtruediv__ is as_value(other) / self. __neg__ is 0 - self.\n"
        "relu: computed('relu', max(self.data, 0.0), self).",
    ],
    "value_backward": [
        "Three moves, as by hand: what is the gradient of the output itself, who speaks next, and what does it say?",
        "output.grad = 1.0. Then one loop over reversed(topological(output)), and in it one over the node's inputs.",
        "for node in reversed(topological(output)):\n"
        "    for one, slope in zip(node.inputs, node.slopes): one.grad += node.grad * slope",
    ],
    "neuron_layer": [
        "neuron: start with the bias, and add one product after the other.",
        "total = b; for one, weight in zip(x, w): total = total + one*weight.\n"
        "For layer, make arrays of all three first.",
        "layer is np.asarray(X) @ np.asarray(W) + np.asarray(b).",
    ],
    "linear_backward": [
        "Follow the arrows of w01: by what is it multiplied in each example, and where does that go?",
        "w01 is multiplied by x00 and by x10, and goes into Y[0, 1] and Y[1, 1], whose gradients are d01 and d11.\n"
        "x01 is multiplied by w10 and by w11, and goes into Y[0, 0] and Y[0, 1].",
        "dW has the shape (din, dout), so it is (din, n) @ (n, dout): which table has to be transposed?\n"
        "dX is (n, dout) @ (dout, din). db adds up the rows of dY: axis=0.",
    ],
    "softmax": [
        "Write p = e/S, with S the sum. For its own logit, e and S both grow at the rate e;\n"
        "for another one only S grows.",
        "same: (e*S - e*e)/S**2, which is p - p*p. In code: np.exp of the table, divided by the sum of each row.",
        "other: -p*q. powers = np.exp(Z), divided by powers.sum(axis=1, keepdims=True).",
    ],
    "softmax_ce": [
        "Which logits stand in the sum inside the logarithm? And which one stands outside of it, too?",
        "The sum gives e/S, which is the p of that class. For the right class, -z[y] adds a slope of -1.",
        "The loss: log of the row sum of np.exp(Z), minus Z at the right class; then the mean over the rows.\n"
        "dZ starts as softmax(Z); at the right class of each row something is taken away, and all is divided by n.",
    ],
    "sturdy_topological": [
        "Python remembers for a function that calls itself where to go on. Now a list of your own does.",
        "Keep a list of pairs (node, inputs done?), which begins with (node, False). Until the list is empty,\n"
        "take the last pair away and look at it.",
        "Inputs done: append the node to the order. Otherwise, if it was not seen before: mark it as seen, put back\n"
        "(node, True), and behind that (one, False) for each of its inputs.",
    ],
    "sturdy_backward": [
        "What does a computed node still hold at the second call? And which nodes are leaves?",
        "Before anything is sent, set the grad of every computed node to 0. A leaf has no inputs.",
        "order = topological(output); for node in order: if node.inputs: node.grad = 0.0.\n"
        "Then the three moves of send_back.",
    ],
    "sturdy_softmax": [
        "Which number can you subtract from all logits of a row, so that no exp is too large?",
        "shifted = Z - Z.max(axis=1, keepdims=True). Then powers = np.exp(shifted), as before.",
        "The loss: log of the row sum of powers, minus shifted[np.arange(n), y], and then the mean.\n"
        "dZ as in ce, with sturdy_softmax(Z) to begin with.",
    ],
    "softmax_jacobian": [
        "You have both kinds of entries as formulas. Which stands where in the table?",
        "p = softmax(z[None])[0]. On the diagonal stands p[i] - p[i]*p[i], elsewhere -p[i]*p[j].",
        "np.outer(p, p) is the table of all p[i]*p[j], and np.diag(p) has p on its diagonal and 0 elsewhere.",
    ],
}
RECALL = {
    1: Question("12", "x has three arrows, and each brings 2*2 = 4.", "See section 3: add up over all arrows of x."),
    2: Question("b", "It passes on only what it has heard so far.", "See section 4: what is missing when it speaks?"),
    3: Question("0.25", "The slope of ln x is 1/x.", "See section 4 of unit 2."),
}


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def logit(p):
    """The score that gives the probability p beside scores whose exponentials add up to 1."""
    return math.log(p / (1 - p))


def layer_loss(**n):
    """The loss of a layer of two examples, two inputs and two neurons: each number of Y times what it hears."""
    pairs = [(i, j) for i in "01" for j in "01"]
    return sum(n[f"d{i}{j}"] * (n[f"x{i}0"] * n[f"w0{j}"] + n[f"x{i}1"] * n[f"w1{j}"]) for i, j in pairs)


ENTRIES = {"x00": 1, "x01": 2, "x10": -1, "x11": 3, "w00": 1, "w01": 0.5, "w10": -2, "w11": 1.5}
ENTRIES |= {"d00": 1, "d01": 1.5, "d10": -2, "d11": 0.5}
SLOPES = {
    "slope_in_x": slope_of(lambda x, y, surface: surface([x, y]), x=(-3, 3), y=2),
    "slope_in_y": slope_of(lambda x, y, surface: surface([x, y]), y=(-3, 3), x=1.5),
    "dL_dW01": slope_of(layer_loss, by="w01", **ENTRIES | {"x00": (-3, 3)}),
    "dL_dX01": slope_of(layer_loss, by="x01", **ENTRIES | {"w10": (-3, 3)}),
    "same_logit": value_of(lambda p, q: slope_at(sigmoid, logit(p)), p=(0.02, 0.98), q=0.01),
    "other_logit": value_of(
        lambda p, q: slope_at(lambda z: p / (1 - q + math.exp(z)), math.log(q)), p=(0.02, 0.68), q=0.3
    ),
    "slope_right": value_of(lambda p: slope_at(lambda z: -math.log(sigmoid(z)), logit(p)), p=(0.02, 0.98)),
    "slope_other": value_of(lambda p: slope_at(lambda z: math.log(1 - p + math.exp(z)), math.log(p)), p=(0.02, 0.98)),
}

# -------------------------------------------------------------------------------------------------- grad_forward


@pytest.mark.task("grad_forward")
def test_one_at_a_time(student):
    """f(x, y, z, u) with the slopes 3, -50.000125, 0 and 5"""
    f = lambda v: student.Dual(10.0, 3 * v[0].inf - 50.000125 * v[1].inf + 5 * v[3].inf)
    got = student.grad_forward(f, [2.0, 2.0, 4.0, 0.0])
    ask = "Which of the inputs moves in which call? Which inf part have the others?"
    all_close("grad_forward(f, [2.0, 2.0, 4.0, 0.0])", got, [3, -50.000125, 0, 5], ask)
    g = lambda v: student.Dual(1.0, v[2].inf)
    other = student.grad_forward(g, [2.0, 2.0, 4.0, 0.0])
    all_close("grad_forward(g, [2.0, 2.0, 4.0, 0.0])", other, [0, 0, 1, 0], ask)
    ask = "A second call changed what the first had given. Make a new array in each call."
    all_close("the first gradient, after a second call", got, [3, -50.000125, 0, 5], ask)


@pytest.mark.task("grad_forward")
def test_others_are_held_where_they_are(student):
    """x*y at (2, 7) has the slopes 7 and 2"""
    f = lambda v: student.Dual(v[0].real * v[1].real, v[0].real * v[1].inf + v[0].inf * v[1].real)
    ask = "Those that do not move still have their own value."
    for x in ([2, 7], [1.23456, -0.7]):
        all_close(f"grad_forward(f, {x})", student.grad_forward(f, x), x[::-1], ask)


@pytest.mark.task("grad_forward")
def test_n_calls(student):
    """f is called n times, with a list of n Duals; and a plain number has the slope 0"""
    seen = []
    x = [2, 1, 4]
    got = student.grad_forward(lambda v: seen.append(v) or 7, x)
    assert len(seen) == 3, f"f of three numbers was called {len(seen)} times. It should be called once for each input."
    for v in seen:
        assert isinstance(v, list | tuple | np.ndarray), f"f was called with {kind_of(v)}, not with a list."
        kinds = [type(number).__name__ for number in v]
        assert kinds == ["Dual"] * 3, f"f was called with a list of {', '.join(kinds)}; three Duals were expected."
    assert x == [2, 1, 4], "Your function changed the list `x` that it was given. Make a list of your own."
    all_close("grad_forward(lambda v: 7, [2, 1, 4])", got, [0, 0, 0])
    seen.clear()
    f = lambda v: seen.append(v) or student.Dual(1.0, 0.5 * v[0].inf)
    half = student.grad_forward(f, np.array([2, 3]))
    all_close("grad_forward(f, np.array([2, 3]))", half, [0.5, 0], "Is there room for a half in your array?")
    assert len(seen) == 2, f"f of two numbers was called {len(seen)} times. Keep what a call gave in a variable."


@pytest.mark.task("grad_forward")
def test_on_paper(student):
    """the two partial derivatives of your own function, beside small nudges"""
    f, h = student.surface, 1e-6
    for name, dx, dy in [("slope_in_x", h, 0), ("slope_in_y", 0, h)]:
        slope = typed(student, name, ["x", "y"])
        for x, y in [(2.0, 5.0), (-1.0, 3.0)]:
            measured = (f([x + dx, y + dy]) - f([x - dx, y - dy])) / (2 * h)
            got = slope(x=x, y=y)
            assert abs(got - measured) < 1e-5 * (1 + abs(measured)), (
                f"Put x = {x:g}, y = {y:g}: `{name}` gives {got:.6g}; the slope there is {measured:.6g}.\n"
                "Which letter is held still, like a number?"
            )


# --------------------------------------------------------------------------------------------------- local_grads

EXAMPLES = [
    *[("+", (-2.0, 5.0), "a + b"), ("-", (-2.0, 5.0), "a - b")],
    *[
        ("*", (-2.0, 5.0), "a * b"),
        ("*", (0.0, 3.0), "a * b"),
        ("/", (-2.0, 5.0), "a / b"),
        ("/", (3.0, -4.0), "a / b"),
    ],
    *[("pow", (-2.0, 3), "a ** 3"), ("pow", (-3.0, 2), "a ** 2"), ("pow", (0.0, 2), "a ** 2")],
    *[("pow", (4.0, 0.5), "a ** 0.5"), ("pow", (2.0, -1), "a ** -1")],
    *[("exp", (0.5,), "exp(a)"), ("exp", (21.0,), "exp(a)"), ("log", (4.0,), "log(a)"), ("log", (0.01,), "log(a)")],
    *[("tanh", (0.5,), "tanh(a)"), ("tanh", (-2.0,), "tanh(a)")],
    *[("relu", (3.0,), "relu(a)"), ("relu", (0.05,), "relu(a)"), ("relu", (-2.0,), "relu(a)")],
]


def outcome(op, a):
    """What the operation gives; for the nudges below."""
    return {
        "+": lambda: a[0] + a[1],
        "-": lambda: a[0] - a[1],
        "*": lambda: a[0] * a[1],
        "/": lambda: a[0] / a[1],
        "pow": lambda: a[0] ** a[1],
        "relu": lambda: max(a[0], 0.0),
    }.get(op, lambda: getattr(math, op)(a[0]))()


@pytest.mark.task("local_grads")
def test_nudges(student):
    """each local slope, beside a small nudge of that input"""
    h = 1e-6
    for op, inputs, shown in EXAMPLES:
        output = outcome(op, inputs)
        call = f"local_grads({op!r}, {inputs}, {output:.6g})"
        got = student.local_grads(op, inputs, output)
        count = 1 if op == "pow" else len(inputs)
        assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
        assert isinstance(got, list | tuple | np.ndarray), (
            f"`{call}` gave {kind_of(got)}; a tuple was expected. With one slope in it:  (slope,)"
        )
        assert len(got) == count, f"`{call}` gave {len(got)} slopes, expected {count}."
        for place, letter in enumerate("ab"[:count]):
            up, down = list(inputs), list(inputs)
            up[place] += h
            down[place] -= h
            measured = (outcome(op, up) - outcome(op, down)) / (2 * h)
            close(f"({call})[{place}]", got[place], got[place])
            assert abs(got[place] - measured) < 1e-6 * (1 + abs(measured)), (
                f"`({call})[{place}]` gave {got[place]:.6g}.\n"
                f"Nudge {letter} in {shown} a little: the result changes about {measured:.4f} times as much."
            )


# --------------------------------------------------------------------------------------------- topological_order


def graphs(student):
    Node = student.Node
    a, b = Node("a"), Node("b")
    yield "L = a + b", Node("L", a, b)
    s = Node("s", a, b)
    yield "s = a + b; L = s * s", Node("L", s, s)
    t = Node("t", s)
    yield "s = a + b; t = tanh(s); L = t * s", Node("L", t, s)
    yield "the same in the other order: L = s * t", Node("L", s, t)
    yield "two leaves of the same name: L = a + a", Node("L", Node("a"), Node("a"))
    yield "a node with three inputs: L = a + t + c", Node("L", a, t, Node("c"))


def below(node):
    """The ids of a node and of all below it (small graphs only)."""
    return {id(node)}.union(*map(below, node.inputs))


def listed_after_their_inputs(student, name):
    """Every node stands once in the list that the function gives, after all of its inputs."""
    for shown, node in graphs(student):
        got = getattr(student, name)(node)
        assert got is not None, f"`{name}(L)` gave None. Is there still a `...`, or is the `return` missing?"
        assert isinstance(got, list | tuple), f"`{name}(L)` gave {kind_of(got)}; make a list of it."
        assert all(hasattr(listed, "inputs") for listed in got), "Your list holds something that is not a node."
        where, names = {}, [listed.name for listed in got]
        for place, listed in enumerate(got):
            assert id(listed) not in where, f"For {shown} you list {names}: `{listed.name}` stands there twice."
            where[id(listed)] = place
        missing = len(below(node) - set(where))
        assert not missing, f"For {shown} you list {names}: {missing} missing. Are two nodes of one name still two?"
        for listed in got:
            for before in listed.inputs:
                assert where[id(before)] < where[id(listed)], (
                    f"For {shown} you list {names}: `{listed.name}` comes before its input `{before.name}`."
                )


@pytest.mark.task("topological_order")
def test_after_its_inputs(student):
    """every node once, and after all of its inputs"""
    listed_after_their_inputs(student, "topological")


@pytest.mark.task("topological_order")
def test_asked_again(student):
    """asked again, the same"""
    node = student.Node("L", student.Node("a"), student.Node("b"))
    first, again = student.topological(node), student.topological(node)
    assert [id(listed) for listed in first] == [id(listed) for listed in again], (
        "Asked a second time, your function gives another list. Does something stay behind from the first time?"
    )
    other = student.topological(node.inputs[0])
    assert [id(listed) for listed in first] == [id(listed) for listed in again] != [id(listed) for listed in other], (
        "Asked about another node, your function changes the list that it gave before. Make a new list in each call."
    )


# -------------------------------------------------------------------------------------------------- value_engine


def grad_of(student, shown, build, numbers, slopes, ask):
    """`build(*values).backward()` gives the leaves these gradients."""
    leaves = [student.Value(number) for number in numbers]
    output = build(*leaves)
    computed_value(shown, output)
    output.backward()
    ask = ask if output.grad else "Even L.grad is still 0. Which of the three moves of `send_back` comes first?"
    given = ", ".join(f"{letter} = {number}" for letter, number in zip("ab", numbers, strict=False))
    for letter, leaf, slope in zip("ab", leaves, slopes, strict=False):
        close(f"{letter}.grad", leaf.grad, slope, f"That was  L = {shown}  at {given}.\n{ask}")


@pytest.mark.task("value_engine")
def test_values(student):
    """calculating, with numbers on either side"""
    V = student.Value
    for shown, make, expected in [
        ("Value(6.0) + Value(4.0)", lambda: V(6.0) + V(4.0), 10),
        ("Value(6.0) - Value(4.0)", lambda: V(6.0) - V(4.0), 2),
        ("Value(6.0) * Value(4.0)", lambda: V(6.0) * V(4.0), 24),
        ("Value(6.0) / Value(4.0)", lambda: V(6.0) / V(4.0), 1.5),
        ("Value(7) / Value(2)", lambda: V(7) / V(2), 3.5),
        ("Value(6.0) ** 2", lambda: V(6.0) ** 2, 36),
        ("Value(4.0) ** -0.5", lambda: V(4.0) ** -0.5, 0.5),
        ("-Value(6.0)", lambda: -V(6.0), -6),
        ("Value(6.0) + 1", lambda: V(6.0) + 1, 7),
        ("10 - Value(6.0)", lambda: 10 - V(6.0), 4),
        ("12 / Value(6.0)", lambda: 12 / V(6.0), 2),
        ("Value(2.0).exp()", lambda: V(2.0).exp(), math.exp(2)),
        ("Value(11.0).exp()", lambda: V(11.0).exp(), math.exp(11)),
        ("Value(2.0).log()", lambda: V(2.0).log(), math.log(2)),
        ("Value(2.0).tanh()", lambda: V(2.0).tanh(), math.tanh(2)),
        ("Value(-2.0).relu()", lambda: V(-2.0).relu(), 0),
    ]:
        got = make()
        assert got is not None, f"`{shown}` gave None. Is there still a `...`, or is the `return` missing?"
        assert type(got).__name__ == "Value", f"`{shown}` gave {kind_of(got)}; it should be a Value."
        close(f"({shown}).data", got.data, expected)


@pytest.mark.task("value_engine")
def test_what_they_remember(student):
    """what each operation remembers: its inputs, and its slope in each of them"""
    for shown, build, numbers, slopes, ask in [
        ("a * b", lambda a, b: a * b, [2.0, 7.0], [7, 2], "Which operation do you hand to `computed`?"),
        ("a - b", lambda a, b: a - b, [2.0, 7.0], [1, -1], "Which operation do you hand to `computed`?"),
        ("a / b", lambda a, b: a / b, [2.0, 4.0], [0.25, -0.125], "Which operation do you hand to `computed`?"),
        ("3 * a", lambda a: 3 * a, [2.0], [3], "Is the plain number made a Value?"),
        ("2 - a", lambda a: 2 - a, [5.0], [-1], "Which of the two moves, a or the 2?"),
        ("1 / a", lambda a: 1 / a, [2.0], [-0.25], "Make a larger: does 1/a grow?"),
        ("a ** 3", lambda a: a**3, [2.0], [12], "Does `**` hand over its exponent?"),
        ("-a", lambda a: -a, [3.0], [-1], "Is the new Value computed from a by one of your operations?"),
        ("a.exp()", lambda a: a.exp(), [2.0], [math.exp(2)], "exp is its own slope."),
        ("a.log()", lambda a: a.log(), [4.0], [0.25], "Is the name of the operation 'log'?"),
        ("a.tanh()", lambda a: a.tanh(), [0.5], [1 - math.tanh(0.5) ** 2], "Is the name of the operation 'tanh'?"),
        ("a.relu()", lambda a: a.relu(), [3.0], [1], "Is the name of the operation 'relu'?"),
    ]:
        remembered(student, shown, build, numbers, slopes, ask)


def computed_value(shown, output):
    """Complains about an output that is no Value, or knows no inputs."""
    assert output is not None, f"`{shown}` gave None. Is there still a `...`, or is a `return` missing?"
    assert type(output).__name__ == "Value", f"`{shown}` gave {kind_of(output)}; it should be a Value."
    assert output.inputs, f"L = {shown} knows no inputs. Is it made with `computed(...)`, which remembers them?"


def remembered(student, shown, build, numbers, slopes, ask):
    """The slopes along the arrows of a small graph, multiplied on each path, are those of the output in its leaves."""
    leaves = [student.Value(number) for number in numbers]
    output = build(*leaves)
    computed_value(shown, output)
    found = {}
    waiting = [(output, 1.0)]
    while waiting:
        node, rate = waiting.pop()
        found[id(node)] = found.get(id(node), 0.0) + rate
        assert node.slopes is not None, (
            f"L = {shown}: `local_grads` gave None. Does it know the operation that you hand to `computed`?"
        )
        assert len(node.inputs) == len(node.slopes), (
            f"L = {shown}: a Value there remembers {len(node.inputs)} of its inputs and {len(node.slopes)} slopes; "
            f"there should be one slope for each input.\n{ask}"
        )
        waiting += [(input_node, rate * slope) for input_node, slope in zip(node.inputs, node.slopes, strict=True)]
    given = ", ".join(f"{letter} = {number}" for letter, number in zip("ab", numbers, strict=False))
    for letter, leaf, slope in zip("ab", leaves, slopes, strict=False):
        assert id(leaf) in found, f"L = {shown} does not know {letter}. Is it computed from {letter} itself?"
        close(f"the slope that L remembers in {letter}", found[id(leaf)], slope, f"L = {shown}  at {given}.\n{ask}")


# ------------------------------------------------------------------------------------------------ value_backward


@pytest.mark.task("value_backward")
def test_one_step_back(student):
    """one operation, backwards"""
    ask = "The output's own gradient is 1. What does it tell each input?"
    grad_of(student, "a * b", lambda a, b: a * b, [2.0, 7.0], [7, 2], ask)
    for numbers in ([0.0, 7.0], [7.0, 0.0]):
        ask = "Nudge the one that is 0: does the product move?"
        grad_of(student, "a * b", lambda a, b: a * b, numbers, numbers[::-1], ask)
    grad_of(student, "3 * a", lambda a: 3 * a, [2.0], [3], ask)
    grad_of(student, "2 - a", lambda a: 2 - a, [5.0], [-1], "Which of the two moves, a or the 2?")
    grad_of(student, "1 / a", lambda a: 1 / a, [2.0], [-0.25], "Make a larger: does 1/a grow?")
    grad_of(student, "a ** 3", lambda a: a**3, [2.0], [12], "Does `**` hand over its exponent?")
    ask = "Is the new Value computed from a by one of your operations, so that it knows a?"
    grad_of(student, "-a", lambda a: -a, [3.0], [-1], ask)
    grad_of(student, "-a * 6", lambda a: -a * 6, [3.0], [-6], ask)


@pytest.mark.task("value_backward")
def test_deeper(student):
    """several operations, one behind the other"""
    ask = "Rates multiply along the path: my gradient times my local slope. Does every box take part?"
    grad_of(student, "(3 * a + b) * 5", lambda a, b: (3 * a + b) * 5, [2.0, 7.0], [15, 5], ask)
    grad_of(student, "((2 * a) ** 2).log()", lambda a: ((2 * a) ** 2).log(), [4.0], [0.5], ask)
    grad_of(student, "1e5 * (a * b * 1e3)", lambda a, b: 1e5 * (a * b * 1e3), [3.0, 3.0], [3e8, 3e8], ask)
    ask = "A small gradient is a gradient, too: hand on all of it."
    grad_of(student, "1e9 * (1e-5 * (1e-5 * a))", lambda a: 1e9 * (1e-5 * (1e-5 * a)), [3.0], [0.1], ask)
    a = student.Value(3.0)
    (1e-5 * (1e-5 * (1e-5 * a))).backward()
    close("a.grad * 1e15", a.grad * 1e15, 1, f"That was  L = 1e-5 * (1e-5 * (1e-5 * a))  at a = 3.0.\n{ask}")


@pytest.mark.task("value_backward")
def test_used_twice(student):
    """a number that is used twice hears from both uses"""
    ask = "Two arrows leave the box, and it should add up what it hears on both."
    grad_of(student, "a * a", lambda a: a * a, [3.0], [6], ask)
    grad_of(student, "a * a + a", lambda a: a * a + a, [3.0], [7], ask)
    ask = "Here s = a + b is used twice. Has it heard from both before it passes its message on?"
    for shown, build in [
        ("s ** 2 * s", lambda s: s**2 * s),
        ("s * s ** 2", lambda s: s * s**2),
        ("s * (0.5 * s * 2) * s", lambda s: s * (0.5 * s * 2) * s),
    ]:
        grad_of(student, f"s = a + b; {shown}", lambda a, b, build=build: build(a + b), [1.0, 2.0], [27, 27], ask)


# ------------------------------------------------------------------------------------------------------- by_hand

LETTERS = ["x", "y", "s", "t", "u"]


def numbers_of(sheet, x, y):
    """All letters of a sheet at one point, and the graph from s on as functions, to nudge."""
    v, w = {"x": x, "y": y}[sheet["twice"]], {"x": x, "y": y}[sheet["once"]]
    s = sheet["a"] * v + w
    return {"x": x, "y": y, "s": s, "t": s * v, "u": s + sheet["b"] * w}


def output_of(sheet, nudged, h, x, y):
    """L, where the number `nudged` is h larger than computed."""
    x, y = x + h * (nudged == "x"), y + h * (nudged == "y")
    v, w = {"x": x, "y": y}[sheet["twice"]], {"x": x, "y": y}[sheet["once"]]
    s = sheet["a"] * v + w + h * (nudged == "s")
    t, u = s * v + h * (nudged == "t"), s + sheet["b"] * w + h * (nudged == "u")
    return t * u


@pytest.mark.task("by_hand")
def test_sheet(student):
    """from right to left, box by box"""
    found = student.value("answers")
    assert isinstance(found, dict), '`answers` should be a dict:  {"t": "…", "u": "…", "s": "…", "x": "…", "y": "…"}'
    for name in ["t", "u", "s", student.sheet["twice"], student.sheet["once"]]:
        assert name in found, f"`answers` has nothing for {name!r} yet."
        inner = Answers({f'answers["{name}"]': found[name]})
        slope = typed(inner, f'answers["{name}"]', LETTERS)
        student.notes += inner.notes
        for x, y in [(1.5, 0.5), (-1.0, 2.0)]:
            h = 1e-5
            measured = (output_of(student.sheet, name, h, x, y) - output_of(student.sheet, name, -h, x, y)) / (2 * h)
            got = slope(**numbers_of(student.sheet, x, y))
            assert abs(got - measured) < 1e-6 * (1 + abs(measured)), (
                f"Put x = {x:g}, y = {y:g}: your {name!r} gives {got:.6g}. If you nudge {name} there, L changes "
                f"{measured:.6g} times as much.\nWhat does {name} hear on each arrow that leaves its box?"
            )


# -------------------------------------------------------------------------------------------------- neuron_layer


@pytest.mark.task("neuron_layer")
def test_neuron(student):
    """a weighted sum"""
    got = student.neuron([1.0, 2.0], [10.0, 100.0], 5.0)
    close("neuron([1.0, 2.0], [10.0, 100.0], 5.0)", got, 215, "1*10 + 2*100, and then?")
    x = [3.0, 0.0, 3.0, 1.0]
    got = student.neuron(x, [0.1, 7.0, 0.01, 1e-8], 2)
    close(
        f"neuron({x}, [0.1, 7.0, 0.01, 1e-8], 2)", got, 2.33000001, "Each number of x has the weight at its own place."
    )
    assert x == [3.0, 0.0, 3.0, 1.0], "Your function changed the list `x` that it was given."


@pytest.mark.task("neuron_layer")
def test_layer(student):
    """two examples, three inputs, one and two neurons"""
    X = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    W = [[1.0, 10.0], [0.0, 1.0], [2.0, 0.0]]
    got = student.layer(np.array(X), np.array(W), np.array([100.0, 200.0]))
    call = "layer(X, W, b)"
    all_close(call, got, [[107, 212], [116, 245]], "Rows of X go along, columns of W go down. Which comes first?")
    got = student.layer(X[:1], [row[:1] for row in W], [100.0])
    all_close("layer(X[:1], ...) with lists, one example and one neuron", got, [[107]], "It still has two axes.")
    X, W = np.array([[1, 2], [3, -4]]), np.array([[1, 10], [0, 1]])
    got = student.layer(X, W, np.array([0.5, 0.25]))
    call, ask = "layer([[1, 2], [3, -4]], [[1, 10], [0, 1]], [0.5, 0.25])", "Is there room for a half in your array?"
    all_close(call, got, [[1.5, 12.25], [3.5, 26.25]], ask)
    student.layer(X, W, np.array([9.0, 9.0]))
    ask = "A second call changed what the first had given. Make a new array in each call."
    all_close("the first table, after a second call", got, [[1.5, 12.25], [3.5, 26.25]], ask)


# ----------------------------------------------------------------------------------------------- linear_backward


@pytest.mark.task("linear_backward")
def test_with_letters(student):
    """what one weight hears, and what one input hears"""
    letters = [f"{letter}{i}{j}" for letter in "xwd" for i in (0, 1) for j in (0, 1)]
    weight, entry = typed(student, "dL_dW01", letters), typed(student, "dL_dX01", letters)
    for values, in_weight, in_entry in [
        ([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37], 243, 942),
        ([-1, 4, 2, -3, 5, 6, 8, -2, 3, -5, 7, 9], 23, 34),
    ]:
        numbers = dict(zip(letters, values, strict=True))
        put = ", ".join(f"{letter} = {value}" for letter, value in numbers.items())
        ask = "In which numbers of Y is w01 = W[0, 1] used, and by what is it multiplied there?"
        agrees("dL_dW01", weight(**numbers), in_weight, put, ask, rel=1e-9)
        ask = "In which numbers of Y is x01 = X[0, 1] used, and by what is it multiplied there?"
        agrees("dL_dX01", entry(**numbers), in_entry, put, ask, rel=1e-9)


@pytest.mark.task("linear_backward")
def test_by_nudges(student):
    """three examples, two inputs, four neurons: every number nudged"""
    X = np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]])
    W = np.array([[1.0, 0.5, -1.0, 2.0], [3.0, -2.0, 0.5, 1.0]])
    b = np.array([0.5, 1.0, -1.0, 2.0])
    dY = np.array([[1.0, -0.5, 2.0, 0.25], [0.5, 1.5, -1.0, 3.0], [-2.0, 1.0, 0.5, -1.5]])
    layer_is_right(student, X, W, b, dY, "vjp_linear(X, W, b, dY)")


@pytest.mark.task("linear_backward")
def test_a_square(student):
    """two examples, two inputs, two neurons: all shapes fit, and only one arrangement is right"""
    X, W, b = np.array([[1, -2], [3, 40]]), np.array([[1, 5], [-3, 2]]), np.array([0, 1])
    dY = np.array([[1.0, -0.5], [0.25, 1.00000125]])
    got = layer_is_right(student, X, W, b, dY, "vjp_linear(X, W, b, dY) of whole numbers, all 2 by 2,")
    first = [np.array(values) for values in got]
    student.vjp_linear(2 * X, W, b, -dY)
    same = all(np.array_equal(one, other) for one, other in zip(got, first, strict=True))
    assert same, "A second call changed what the first had given. Make new arrays in each call."


def layer_is_right(student, X, W, b, dY, call):
    """All three gradients of a layer, beside nudges; gives them."""
    given = [values.copy() for values in (X, W, b, dY)]
    got = student.vjp_linear(*given)
    assert got is not None, "`vjp_linear(...)` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, list | tuple), f"`vjp_linear(...)` gave {kind_of(got)}; a tuple was expected."
    assert len(got) == 3, f"`vjp_linear(...)` gave {len(got)} things; three were expected: (dX, dW, db)."
    for name, one, other in zip(["X", "W", "b", "dY"], given, [X, W, b, dY], strict=True):
        assert np.array_equal(one, other), f"Your function changed the {name} that it was given."
    for number, (name, ask) in enumerate(
        [
            ("dX", "Through which weights does a number of X reach its row of Y?"),
            ("dW", "In every row a weight is multiplied by a number of X. By which?"),
            ("db", "b[j] goes into every row of column j."),
        ]
    ):
        right = np.zeros([X, W, b][number].shape)
        for place in np.ndindex(right.shape):
            nudge = [np.zeros(values.shape) for values in (X, W, b)]
            nudge[number][place] = 1  # exact: L is linear in each single number
            up = (X + nudge[0]) @ (W + nudge[1]) + b + nudge[2]
            right[place] = np.sum(dY * (up - (X @ W + b)))
        all_close(f"{name} of {call}", got[number], right, ask)
    return got


# ------------------------------------------------------------------------------------------------------- softmax


def at_probabilities(student, answers):
    """Typed slopes of a softmax, for the probabilities 0.6, 0.3 and 0.1, and for 0.25, 0.125 and 0.625."""
    for name, rights, ask in answers:
        slope = typed(student, name, ["p", "q"])
        for p, q, right in [(0.6, 0.3, rights[0]), (0.25, 0.125, rights[1])]:
            agrees(name, slope(p=p, q=q), right, f"p = {p}, q = {q}", ask, rel=1e-9)


@pytest.mark.task("softmax")
def test_slopes_on_paper(student):
    """how fast a probability changes with its own logit, and with another one"""
    own = "The numerator grows, and so does the divisor: what does the quotient rule say?"
    other = "Together the probabilities stay 1: which sign must it have?"
    at_probabilities(student, [("same_logit", (0.24, 0.1875), own), ("other_logit", (-0.18, -0.03125), other)])


@pytest.mark.task("softmax")
def test_softmax(student):
    """probabilities, row by row"""
    Z = np.log(np.array([[1.0, 2.0, 1.0], [3.0, 1.0, 4.0]]))
    kept = Z.copy()
    ask = "exp of each logit, divided by the sum of its own row."
    all_close("softmax(Z)", student.softmax(Z), [[0.25, 0.5, 0.25], [0.375, 0.125, 0.5]], ask)
    assert np.array_equal(Z, kept), "Your function changed the Z that it was given."
    got = student.softmax(np.array([[20, 0]]))
    close("softmax([[20, 0]])[0, 1] * exp(20)", got[0][1] * (1 + math.exp(20)), 1, "Small is not nothing.")
    student.softmax(np.array([[0.0, 0.0]]))
    again = "A second call changed what the first had given. Make a new array in each call."
    all_close("the first softmax, after a second call", got, [[1 / (1 + math.exp(-20)), 1 / (1 + math.exp(20))]], again)


# ---------------------------------------------------------------------------------------------------- softmax_ce


@pytest.mark.task("softmax_ce")
def test_slopes_of_the_loss(student):
    """the slopes of the loss in the right logit, and in another one"""
    right = "More of the right logit: does the loss grow or shrink?"
    other = "Only log(exp(z[0]) + ...) has this logit in it. What is its slope?"
    at_probabilities(student, [("slope_right", (-0.4, -0.75), right), ("slope_other", (0.6, 0.25), other)])


@pytest.mark.task("softmax_ce")
def test_ce(student):
    """the mean loss of two rows, and its gradient"""
    Z = np.log(np.array([[1.0, 2.0, 1.0], [3.0, 1.0, 4.0]]))
    kept = Z.copy()
    got = student.ce(Z, np.array([1, 0]))
    assert np.array_equal(Z, kept), "Your function changed the Z that it was given."
    assert got is not None, "`ce(Z, y)` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, list | tuple), f"`ce(Z, y)` gave {kind_of(got)}; (loss, dZ) was expected."
    assert len(got) == 2, f"`ce(Z, y)` gave {len(got)} things; (loss, dZ) was expected."
    loss = -(math.log(0.5) + math.log(0.375)) / 2
    close("the loss of ce(Z, y)", got[0], loss, "The mean over the rows of -log of the right probability.")
    right = [[0.125, -0.25, 0.125], [-0.3125, 0.0625, 0.25]]
    ask = "You found slope_right and slope_other on paper. The loss is a mean: what does that do to dZ?"
    all_close("the dZ of ce(Z, y)", got[1], right, ask)
    ask = "Here the class 1 does not come up, and Z holds whole numbers."
    got = student.ce(np.array([[0, 0, 0], [0, 0, 0]]), np.array([2, 0]))
    all_close(
        "the dZ of ce([[0, 0, 0], [0, 0, 0]], [2, 0])", got[1], [[1 / 6, 1 / 6, -1 / 3], [-1 / 3, 1 / 6, 1 / 6]], ask
    )


# -------------------------------------------------------------------------------------------- sturdy_topological


@pytest.mark.task("sturdy_topological")
def test_sturdy_after_its_inputs(student):
    """small graphs: every node once, and after all of its inputs"""
    listed_after_their_inputs(student, "sturdy_topological")


@pytest.mark.task("sturdy_topological")
def test_long_chain(student):
    """a chain of 5,000 nodes"""
    node = student.Node("x")
    for _ in range(4999):
        node = student.Node("s", node)
    try:
        got = student.sturdy_topological(node)
    except RecursionError:
        raise AssertionError(
            "A chain of 5,000 nodes: Python stops a function that calls itself so deep. Keep a list of what waits."
        ) from None
    assert len(got) == 5000, f"There are 5,000 nodes, and your list has {len(got):,}."
    assert all(got[k].inputs == (got[k - 1],) for k in range(1, 5000)), "A node of the chain comes before its input."


@pytest.mark.task("sturdy_topological")
def test_visited_once(student):
    """ten nodes, and a thousand ways through them"""
    looks = []

    class Watched(student.Node):
        """A node that notes how often it is asked for its inputs."""

        @property
        def inputs(self):
            looks.append(self)
            return self._inputs

        @inputs.setter
        def inputs(self, nodes):
            self._inputs = nodes

    node = Watched("x")
    for _ in range(10):
        node = Watched("s", node, node)
    got = student.sturdy_topological(node)
    assert len(got) == 11, f"There are 11 nodes, and your list has {len(got)}."
    assert len(looks) < 200, (
        f"11 nodes were asked {len(looks)} times for their inputs. Is a node visited once, or on every way to it?"
    )


# ----------------------------------------------------------------------------------------------- sturdy_backward


@pytest.mark.task("sturdy_backward")
def test_twice_backward(student):
    """a second call adds one more copy to the leaves, and starts inside from 0"""
    a = student.Value(2.0)
    s = 3 * a
    L = s * s
    student.sturdy_backward(L)
    student.sturdy_backward(L)
    close(
        "s.grad",
        s.grad,
        12,
        "L = s*s, after two calls. What was computed starts from 0 every time.",
    )
    close("a.grad", a.grad, 72, "L = (3*a)**2 at a = 2, after two calls. A leaf keeps what it has.")


@pytest.mark.task("sturdy_backward")
def test_two_outputs(student):
    """two outputs that share a leaf: each call is about its own graph"""
    a = student.Value(2.0)
    K, L = 3 * a, 5 * a
    student.sturdy_backward(K)
    student.sturdy_backward(L)
    close("a.grad", a.grad, 8, "K = 3*a, L = 5*a, and then a call for each. What does each add?")


# ------------------------------------------------------------------------------------------------ sturdy_softmax


@pytest.mark.task("sturdy_softmax")
def test_large_logits(student):
    """logits of 1000 and -1000, row by row"""
    ask = "Subtract the largest logit of the row first: softmax stays what it was."
    with np.errstate(all="ignore"):
        got = student.sturdy_softmax(np.array([[1000.0, 0.0]]))
        all_close("sturdy_softmax([[1000.0, 0.0]])", got, [[1, 0]], ask)
        got = student.sturdy_softmax(np.array([[1000.0, 1000.0 - math.log(3)]]))
        all_close("sturdy_softmax([[1000.0, 1000.0 - log(3)]])", got, [[0.75, 0.25]], ask, rel=1e-6)
        got = student.sturdy_softmax(np.array([[1000, 1000], [-1000, -1000]]))
        call = "sturdy_softmax([[1000, 1000], [-1000, -1000]])"
        all_close(call, got, [[0.5, 0.5], [0.5, 0.5]], f"{ask} Of each row its own.")


@pytest.mark.task("sturdy_softmax")
def test_loss_of_large_logits(student):
    """the loss of logits of 1000 and -1000, and its gradient"""
    with np.errstate(all="ignore"):
        got = student.sturdy_ce(np.array([[1000.0, -1000.0]]), np.array([1]))
    assert isinstance(got, list | tuple), f"`sturdy_ce(Z, y)` gave {kind_of(got)}; (loss, dZ) was expected."
    assert len(got) == 2, f"`sturdy_ce(Z, y)` gave {len(got)} things; (loss, dZ) was expected."
    ask = "Use the difference -z[y] + log(sum of exp)."
    close("the loss of sturdy_ce([[1000, -1000]], [1])", got[0], 2000, ask)
    all_close(
        "the dZ of sturdy_ce([[1000, -1000]], [1])", got[1], [[1, -1]], "The softmax, minus 1 at the right class."
    )


# ---------------------------------------------------------------------------------------------- softmax_jacobian


@pytest.mark.task("softmax_jacobian")
def test_jacobian(student):
    """every probability nudged by every logit"""
    p = np.array([0.25, 0.5, 0.25])
    right = [[0.1875, -0.125, -0.0625], [-0.125, 0.25, -0.125], [-0.0625, -0.125, 0.1875]]
    ask = "You have both kinds of entries as formulas: same_logit on the diagonal, other_logit elsewhere."
    all_close("softmax_jacobian(z)", student.softmax_jacobian(np.log(p)), right, ask)
    p = np.array([0.7, 0.1, 0.2 - 1e-4 / 3, 1e-4 / 3])
    right = np.diag(p) - np.outer(p, p)
    all_close("softmax_jacobian(z) of four logits", student.softmax_jacobian(np.log(p)), right, ask)
