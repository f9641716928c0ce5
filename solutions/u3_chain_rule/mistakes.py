"""Known mistakes of `u3_chain_rule`: what each does, and what to ask."""

import functools
import math
from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices, load_module, mistake, wrong_function

reference = functools.partial(load_module, Path(__file__).with_name("reference.py"))  # a fresh copy, to change

# ---------------------------------------------------------------------------------------------- grad_forward

def gradient(moving, read=None, fresh=np.zeros):
    """A `grad_forward` that gives f the list moving(Dual, x, i), and reads off its answer with read(Dual, y)."""
    names = reference()
    Dual = names["Dual"]
    read = read or (lambda Dual, y: y.inf if isinstance(y, Dual) else 0)

    def grad_forward(f, x):
        slopes = fresh(len(x))
        for i in range(len(x)):
            slopes[i] = read(Dual, f(moving(Dual, x, i)))
        return slopes

    names["grad_forward"] = grad_forward
    return names

def one_moves(Dual, x, i):
    return [Dual(value, 1 if k == i else 0) for k, value in enumerate(x)]

all_inputs_move = mistake("grad_forward", lambda: gradient(lambda Dual, x, i: [Dual(value, 1) for value in x]),
    says="All inputs move at once: that gives the sum of the partial derivatives. Which should move in which call?")
earlier_inputs_go_on_moving = mistake(
    "grad_forward", lambda: gradient(lambda Dual, x, i: [Dual(value, 1 if k <= i else 0) for k, value in enumerate(x)]),
    says="An input that has had its turn goes on moving in the next call. Who stands still then?")
others_held_at_zero = mistake("grad_forward",
    lambda: gradient(lambda Dual, x, i: [Dual(value, 1) if k == i else Dual(0, 0) for k, value in enumerate(x)]),
    says="Those that do not move are held where they are: Dual(x[k], 0). Where do you hold them?",
)

@mistake("grad_forward",
    says="A slope of one half has no place in an array of whole numbers. Which kind of numbers does yours hold?")
def slopes_cut_to_whole_numbers():
    names = reference()
    Dual = names["Dual"]

    def grad_forward(f, x):
        x = np.asarray(x)
        slopes = np.zeros_like(x)
        for i in range(len(x)):
            y = f(one_moves(Dual, x, i))
            slopes[i] = y.inf if isinstance(y, Dual) else 0
        return slopes

    names["grad_forward"] = grad_forward
    return names

relative_moves = mistake("grad_forward",
    lambda: gradient(lambda Dual, x, i: [Dual(value, value if k == i else 0) for k, value in enumerate(x)]),
    says="Your input moves by its own size. By how much should it move, so that the eps part is the slope?")
only_the_first_moves = mistake("grad_forward",
    lambda: gradient(lambda Dual, x, i: [Dual(value, 1 if k == 0 else 0) for k, value in enumerate(x)]),
    says="The same input moves in every call, the first. Which should move in the second call?")
value_instead_of_slopes = mistake("grad_forward", lambda: gradient(one_moves, lambda Dual, y: y.real),
    says="That is where f is, not how fast it changes: which part of the answer is the rate?")
constant_has_no_inf = mistake("grad_forward", lambda: gradient(one_moves, lambda Dual, y: y.inf),
    says="A plain number came back: it does not know about eps. What is its slope, in every input?")

@mistake("grad_forward",
    says="f is called more often than there are inputs. Keep what it gave back in a variable, and look at that.")
def called_twice_for_each_input():
    names = reference()
    Dual = names["Dual"]

    def grad_forward(f, x):
        lists = [one_moves(Dual, x, i) for i in range(len(x))]
        return np.array([f(v).inf if isinstance(f(v), Dual) else 0.0 for v in lists])

    names["grad_forward"] = grad_forward
    return names

@mistake("grad_forward", says="You return Duals. Return only their eps parts, as an array of floats.")
def whole_duals():
    names = reference()
    Dual = names["Dual"]
    names["grad_forward"] = lambda f, x: [f(one_moves(Dual, x, i)) for i in range(len(x))]
    return names

@mistake("grad_forward", says="f takes one thing, the list of all Duals. How many things do you hand it?")
def list_taken_apart():
    names = reference()
    Dual = names["Dual"]
    names["grad_forward"] = lambda f, x: np.array([f(*one_moves(Dual, x, i)).inf for i in range(len(x))])
    return names

@mistake("grad_forward",
    says="You put the Duals into the list that you were given, and its owner still needs it. Make one of your own?")
def duals_put_into_x():
    names = reference()
    Dual = names["Dual"]

    def grad_forward(f, x):
        slopes = np.zeros(len(x))
        for k in range(len(x)):
            x[k] = Dual(x[k], 0)
        for i in range(len(x)):
            x[i].inf = 1
            y = f(x)
            slopes[i] = y.inf if isinstance(y, Dual) else 0
            x[i].inf = 0
        return slopes

    names["grad_forward"] = grad_forward
    return names

def surface_numbers():
    mine = variant("grad_forward", choices(__file__)["SURFACES"])
    return mine["a"], mine["b"]

@mistake("grad_forward",
    says="One part of your function has no x in it. How fast does that part change when only x moves?")
def part_without_x_kept():
    a, b = surface_numbers()
    return {"slope_in_x": f"{2 * a}*x*y + {b}*y**2"}

part_with_x_dropped = mistake("grad_forward", lambda: {"slope_in_y": f"{2 * surface_numbers()[1]}*y"},
    says="x stands still, like any number. But a number that multiplies y does not vanish: what remains of that part?")

@mistake("grad_forward",
    says="The two partial derivatives are exchanged. In slope_in_x, which of the two letters moves?")
def partial_derivatives_exchanged():
    a, b = surface_numbers()
    return {"slope_in_x": f"{a}*x**2 + {2 * b}*y", "slope_in_y": f"{2 * a}*x*y"}

all_others_move = mistake(
    "grad_forward", lambda: gradient(lambda Dual, x, i: [Dual(value, 0 if j == i else 1) for j, value in enumerate(x)]),
    says="All inputs but one move, and that one stands still. Which single one gets the 1?")

# ----------------------------------------------------------------------------------------------- local_grads

def slopes_with(**changed):
    """The reference's `local_grads`, but for some operations, each f(inputs, output)."""
    known = {"plus": "+", "minus": "-", "times": "*", "over": "/"}
    changed = {known.get(name, name): f for name, f in changed.items()}
    names = reference()
    right = names["local_grads"]

    def local_grads(op, inputs, output):
        return changed[op](inputs, output) if op in changed else right(op, inputs, output)

    return {"local_grads": local_grads}

plus_and_times_exchanged = mistake(
    "local_grads", lambda: slopes_with(plus=lambda i, o: (i[1], i[0]), times=lambda i, o: (1.0, 1.0)),
    says="Nudge a in a + b, and in a * b: by how much does each result change? Are the two rows exchanged?")
sign_of_the_operand = mistake(
    "local_grads", lambda: slopes_with(plus=lambda i, o: (math.copysign(1, i[0]), math.copysign(1, i[1]))),
    says="The slope of a + b in a is 1, even where a is negative: does the sum grow when a grows?")
plus_gives_its_inputs = mistake("local_grads", lambda: slopes_with(plus=lambda i, o: tuple(i)),
    says="Those are the numbers that are added. Nudge a: by how much does a + b change?")
divisor_as_a_factor = mistake("local_grads", lambda: slopes_with(over=lambda i, o: (1 / i[1], i[0])),
    says="In b you have the slope of a * b. How fast does a / b change when b grows, and which way?")
exp_climbs_by_one = mistake("local_grads", lambda: slopes_with(exp=lambda i, o: (1.0,)),
    says="exp does not always climb by 1. It is its own slope: which number have you been given that is exp(a)?")
exp_times_its_input = mistake("local_grads", lambda: slopes_with(exp=lambda i, o: (i[0] * o,)),
    says="a * exp(a): where does the a come from? How fast does exp itself change?")
minus_like_plus = mistake("local_grads", lambda: slopes_with(minus=lambda i, o: (1.0, 1.0)),
    says="In a - b, make b larger. Which way does the result go?")
own_factor = mistake("local_grads", lambda: slopes_with(times=lambda i, o: (i[0], i[1])),
    says="Nudge a in a * b: the strip that grows is as high as the other side. Which number is that?")
divisor_without_minus = mistake("local_grads", lambda: slopes_with(over=lambda i, o: (1 / i[1], i[0] / i[1] ** 2)),
    says="In a / b, make b larger. Does the quotient grow or shrink?")
divisor_without_numerator = mistake("local_grads", lambda: slopes_with(over=lambda i, o: (1 / i[1], -1 / i[1] ** 2)),
    says="The slope of 1/b is not yet that of a/b: what does the a do, which stands above?")
divisor_not_squared = mistake("local_grads", lambda: slopes_with(over=lambda i, o: (1 / i[1], -i[0] / i[1])),
    says="You divide by b where b*b belongs. The slope of 1/b at 2: is it a half, or a quarter?")
power_without_n = mistake("local_grads", lambda: slopes_with(pow=lambda i, o: (i[0] ** (i[1] - 1),)),
    says="a * a has two strips that grow, a * a * a has three. Which factor does the power rule bring down?")
slope_for_the_exponent = mistake(
    "local_grads", lambda: slopes_with(pow=lambda i, o: (i[1] * i[0] ** (i[1] - 1), o * math.log(abs(i[0])))),
    says="The exponent never moves, so pow has one slope, that in a. How many are in your tuple?")
exp_like_a_power = mistake("local_grads", lambda: slopes_with(exp=lambda i, o: (i[0] * math.exp(i[0] - 1),)),
    says="exp is no power of a: it is its own slope. Which number have you been given that is exp(a)?")
log_by_its_output = mistake("local_grads", lambda: slopes_with(log=lambda i, o: (1 / o,)),
    says="log: you use the form for the input, 1/a, on the output. By which of the two numbers do you divide?")
tanh_from_its_input = mistake("local_grads", lambda: slopes_with(tanh=lambda i, o: (1 - i[0] ** 2,)),
    says="tanh: you use the form for the output, 1 - t*t, on the input. Which number do you square?")
tanh_twice = mistake("local_grads", lambda: slopes_with(tanh=lambda i, o: (1 - math.tanh(o) ** 2,)),
    says="tanh: the output is tanh(a) already. How often do you apply tanh before you square?")
exp_twice = mistake("local_grads", lambda: slopes_with(exp=lambda i, o: (math.exp(o),)),
    says="exp: the output is exp(a) already. How often do you apply exp?")
relu_gate_on_a_negative_output = mistake("local_grads", lambda: slopes_with(relu=lambda i, o: (0.0 if o < 0 else 1.0,)),
    says="Your relu has the slope 1 below 0 as well. The output is never below 0: which number tells the two apart?")
relu_gives_its_output = mistake("local_grads", lambda: slopes_with(relu=lambda i, o: (o,)),
    says="That is the number that flows forward. How fast does it change, where relu lets everything pass?")

@mistake("local_grads", says="Return a tuple with one slope in it. What makes (slope) a tuple?")
def single_slopes_without_a_tuple():
    names = reference()
    right = names["local_grads"]

    def local_grads(op, inputs, output):
        slopes = right(op, inputs, output)
        return slopes if len(slopes) == 2 else slopes[0]

    return {"local_grads": local_grads}

relu_slope_minus_one = mistake("local_grads", lambda: slopes_with(relu=lambda i, o: (1.0 if i[0] > 0 else -1.0,)),
    says="relu gives 0 for every negative number. Nudge a negative a: how much does the 0 change?")

# ----------------------------------------------------------------------------------------- topological_order

@wrong_function("topological_order", replaces="topological",
    says="Each node goes into your list before its inputs. Who has to be there first?")
def node_before_its_inputs(node):
    order, seen, waiting = [], set(), [node]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            order.append(current)
            waiting.extend(current.inputs)
    return order

@mistake("topological_order",
    says="A walk from the output, turned around, is right for trees. Does a node with two users wait for both of them?")
def walk_turned_around():
    names = node_before_its_inputs.replace()
    walk = names["topological"]
    return {"topological": lambda node: walk(node)[::-1]}

@mistake("topological_order", says="The list is the right one, from back to front. After whom does each node stand?")
def outputs_first():
    right = reference()["topological"]
    return {"topological": lambda node: right(node)[::-1]}

@wrong_function("topological_order", replaces="topological",
    says="One column after the other is not enough: a node can be one step from the output, and also four. Who waits?")
def column_by_column(node):
    order, seen, column = [], set(), [node]
    while column:
        following = []
        for value in column:
            if id(value) not in seen:
                seen.add(id(value))
                order.append(value)
                following.extend(value.inputs)
        column = following
    return order[::-1]

def from_a_stack(node):
    """The list of what is taken from a stack, turned around."""
    order, seen, waiting = [], set(), [node]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            order.append(one)
            waiting.extend(one.inputs)
    return order[::-1]

listed_when_taken_from_the_stack, sturdy_when_taken_from_the_stack = (
    mistake(task, {name: from_a_stack},
        says="You list a node when it is taken from the stack, one user having been there. Who may be still to come?")
    for task, name in (("topological_order", "topological"), ("sturdy_topological", "sturdy_topological"))
)

def on_every_way(skip):
    """A walk to the inputs first, with a list of what waits; a node is listed unless skip(order, node)."""

    def topological(node):
        order, waiting = [], [(node, False)]
        while waiting:
            current, done = waiting.pop()
            if not done:
                waiting.append((current, True))
                waiting.extend((before, False) for before in reversed(current.inputs))
            elif not skip(order, current):
                order.append(current)
        return order

    return {"topological": topological}

listed_once_for_every_way = mistake("topological_order", lambda: on_every_way(lambda order, node: False),
    says="A node with two users comes twice. How can you remember that it has been there?")

def recursive(key=id, inputs=lambda node: node.inputs, itself=True):
    def topological(node):
        order, seen = [], set()

        def visit(one):
            if key(one) in seen:
                return
            seen.add(key(one))
            for before in inputs(one):
                visit(before)
            order.append(one)

        visit(node)
        return order if itself else order[:-1]

    return {"topological": topological}

seen_by_name = mistake("topological_order", lambda: recursive(key=lambda node: node.name),
    says="Mark visited by identity, not by name: two nodes may both be called 3.0. What tells them apart?")
without_the_node_itself = mistake("topological_order", lambda: recursive(itself=False),
    says="The node itself belongs in its own list. Where does it stand?")
without_the_leaves = mistake(
    "topological_order", lambda: recursive(inputs=lambda node: [before for before in node.inputs if before.inputs]),
    says="What has no inputs of its own is missing in your list. Does it not have to be heard, too?")
only_the_first_input = mistake("topological_order", lambda: recursive(inputs=lambda node: node.inputs[:1]),
    says="Only the first of the inputs is followed. Where do the others come from?")

@wrong_function("topological_order", replaces="topological",
    says="Asked a second time, your function finds its own marks. Where are they kept? When do they begin anew?")
def marks_stay_on_the_nodes(node):
    order, waiting = [], [(node, False)]
    while waiting:
        current, done = waiting.pop()
        if done:
            order.append(current)
        elif not hasattr(current, "seen"):
            current.seen = True
            waiting.append((current, True))
            waiting.extend((before, False) for before in current.inputs)
    return order

@mistake("topological_order",
    says="Your list holds names. Two nodes may have the same name: put the nodes themselves in.")
def names_in_place_of_nodes():
    right = reference()["topological"]
    return {"topological": lambda node: [value.name for value in right(node)]}

# ---------------------------------------------------------------------------------------------- value_engine

def engine(backward=None, **methods):
    """The reference with another send_back, backward(output, topological), or other methods of make(Value, names)."""
    names = reference()
    Value, topological = names["Value"], names["topological"]
    if backward is not None:
        names["send_back"] = lambda output: backward(output, topological)
        Value.backward.__globals__["send_back"] = names["send_back"]
    for name, make in methods.items():
        setattr(Value, name if name in ("exp", "log", "tanh", "relu") else f"__{name}__", make(Value, names))
    return names

def reset(order):
    """Computed nodes start from 0, leaves keep what they have."""
    for node in order:
        if node.inputs:
            node.grad = 0.0

@wrong_function("value_backward", within=engine,
    says="A number that is used twice hears from both uses; you keep the last. How do two messages become one?")
def gradient_overwritten(self, topological):
    order = topological(self)
    reset(order)
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad = node.grad * slope

division_turned_around = mistake("value_engine",
    lambda: engine(
        rtruediv=lambda Value, names: (
            lambda self, other: names["computed"]("/", other / self.data, self, names["as_value"](other))
        )
    ),
    says="2 / v: the number is right, and its slopes are those of v / 2. In which order does computed get its inputs?",
)

@wrong_function("value_backward", within=engine,
    says="Multiply the local slope by what arrives from above, the node's own gradient. Where does it come in?")
def local_slope_only(self, topological):
    order = topological(self)
    reset(order)
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += slope

@wrong_function("value_backward", within=engine,
    says="Rates multiply along a path. What does 3 times as fast, and then twice as fast, make together?")
def slopes_added_along_the_path(self, topological):
    order = topological(self)
    reset(order)
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad + slope

@wrong_function("value_backward", within=engine,
    says="Each visit sends again what was already sent. Sort first, and let every node speak once: when is its turn?")
def sends_again_at_every_visit(self, topological):
    reset(topological(self))
    self.grad = 1.0
    waiting = [self]
    while waiting:
        node = waiting.pop()
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope
        waiting.extend(reversed(node.inputs))

@wrong_function("value_backward", within=engine,
    says="At each message a node sends its whole total again, old parts too. When should it speak, and once?")
def total_sent_at_every_message(self, topological):
    def send(node):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope
            send(before)

    reset(topological(self))
    self.grad = 1.0
    send(self)

@wrong_function("value_backward", within=engine,
    says="The message reaches the output's own inputs, and stops. Try (a*2)*3: who tells a, and in which order?")
def only_one_level_deep(self, topological):
    reset(topological(self))
    self.grad = 1.0
    for before, slope in zip(self.inputs, self.slopes, strict=True):
        before.grad += self.grad * slope

@wrong_function("value_backward", within=engine,
    says="One column after the other, a node may pass on its message before its last user has spoken. Who must wait?")
def level_by_level(self, topological):
    reset(topological(self))
    self.grad = 1.0
    level, done = [self], set()
    while level:
        following = []
        for node in level:
            if id(node) in done:
                continue
            done.add(id(node))
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope
                following.append(before)
        level = following

@wrong_function("value_backward", within=engine,
    says="A node passes its message on before all of its users have spoken. In which order would it be complete?")
def speaks_at_the_first_visit(self, topological):
    reset(topological(self))
    self.grad = 1.0
    waiting, done = [self], set()
    while waiting:
        node = waiting.pop()
        if id(node) in done:
            continue
        done.add(id(node))
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope
        waiting.extend(reversed(node.inputs))

@mistake("value_backward",
    says="Only the output starts at 1. With what do all the others start, before they have heard anything?")
def every_gradient_starts_at_one():
    def make(Value, names):
        right = Value.__init__

        def init(self, *given, **named):
            right(self, *given, **named)
            self.grad = 1.0

        return init

    def backward(self, topological):
        for node in reversed(topological(self)):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    return engine(backward, init=make)

@wrong_function("value_backward", within=engine,
    says="Everything stays 0: somebody must begin. How fast does the output change with itself?")
def output_not_set_to_one(self, topological):
    order = topological(self)
    reset(order)
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope

reversed_minus = mistake("value_engine", lambda: engine(rsub=lambda Value, names: lambda self, other: self - other),
    says="2 - v calls v.__rsub__(2). Which of the two is subtracted from which?")
reversed_minus_and_another_way_to_negate = mistake("value_engine",  # the reference's -v is 0 - v
    lambda: engine(
        rsub=lambda Value, names: lambda self, other: self - other, neg=lambda Value, names: lambda self: self * -1
    ),
    says="2 - v calls v.__rsub__(2). Which of the two is subtracted from which?")
reversed_division = mistake(
    "value_engine", lambda: engine(rtruediv=lambda Value, names: lambda self, other: self / other),
    says="2 / v calls v.__rtruediv__(2). Which of the two stands above?")
minus_cuts_the_graph = mistake("value_engine", lambda: engine(neg=lambda Value, names: lambda self: Value(-self.data)),
    says="-v is a new Value that knows no other: the message stops there. What should it be computed from?")

@mistake("value_engine", says="A plain number has no .data. Which of the given helpers makes a Value of it?")
def plain_numbers_not_taken():
    def make(op, calculate):
        return lambda Value, names: (
            lambda self, other: names["computed"](op, calculate(self.data, other.data), self, other)
        )

    plus, times = make("+", lambda a, b: a + b), make("*", lambda a, b: a * b)
    return engine(add=plus, radd=plus, mul=times, rmul=times)

relu_cuts_the_graph = mistake(
    "value_engine", lambda: engine(relu=lambda Value, names: lambda self: Value(max(self.data, 0.0))),
    says="v.relu() is a new Value that knows no other: the message stops there. What should it be computed from?")
divisor_cut_off = mistake("value_engine",
    lambda: engine(truediv=lambda Value, names: lambda self, other: self * (1 / names["as_value"](other).data)),
    says="You divide by .data, a plain number: a / b then knows a, and not b. Who tells b?")
exponent_not_handed_on = mistake("value_engine",
    lambda: engine(pow=lambda Value, names: lambda self, n: names["computed"]("pow", self.data**n, self)),
    says="The local slope of a power needs its exponent. Do you hand it on to `computed`?",
)
exponent_remembered_as_an_input = mistake("value_engine",
    lambda: engine(pow=lambda Value, names: lambda self, n: names["computed"]("pow", self.data**n, self, Value(n))),
    says="The exponent never moves, and you made a Value of it: v ** n remembers two inputs, one slope. Which is n's?",
)
relu_the_wrong_way_round = mistake("value_engine",
    lambda: engine(relu=lambda Value, names: lambda self: names["computed"]("relu", min(self.data, 0.0), self)),
    says="Your relu keeps what is negative, and gives 0 for what is positive. Which of the two should pass?",
)
logarithm_to_base_ten = mistake("value_engine",
    lambda: engine(log=lambda Value, names: lambda self: names["computed"]("log", math.log10(self.data), self)),
    says="log is the natural logarithm. To which base is yours?",
)

def recorded_as(op):
    """A method that computes with `op` in the forward direction, but records the slopes of another operation."""

    def make(compute):
        def of(Value, names):
            def method(self, other):
                other = names["as_value"](other)
                return names["computed"](op, compute(self.data, other.data), self, other)

            return method

        return of

    return make

product_recorded_as_a_sum = mistake(
    "value_engine", lambda: engine(mul=(times := recorded_as("+")(lambda a, b: a * b)), rmul=times),
    says="The value of a * b is right, but it is recorded as a sum. Which operation do you name to computed?")
difference_recorded_as_a_sum = mistake("value_engine", lambda: engine(sub=recorded_as("+")(lambda a, b: a - b)),
    says="The value of a - b is right, but it is recorded as a sum. Which operation do you name to computed?")

@wrong_function("value_backward", within=engine,
    says="You go from the leaves to the output. Nothing has arrived there yet: in which order do the messages run?")
def leaves_send_first(self, topological):
    order = topological(self)
    reset(order)
    self.grad = 1.0
    for node in order:
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope

# --------------------------------------------------------------------------------------------------- by_hand

def on_paper(**changed):
    """Right answers to a student's own sheet, but for some: texts with {v}, {w}, {a}, {b} for what is theirs."""
    sheet = variant("by_hand", choices(__file__)["SHEETS"])
    own = {"v": sheet["twice"], "w": sheet["once"], "a": sheet["a"], "b": sheet["b"]}
    texts = {"t": "u", "u": "t", "s": "u*{v} + t", "v": "{a}*(u*{v} + t) + u*s", "w": "u*{v} + t + {b}*t"}
    texts |= changed
    return {"answers": {own.get(name, name): text.format(**own) for name, text in texts.items()}}

own_value_for_t_and_u = mistake("by_hand", lambda: on_paper(t="t", u="u"),
    says="This is the value that flows forward. How fast does L = t*u change if t is nudged: what does it multiply?")
s_without_the_path_through_u = mistake("by_hand", lambda: on_paper(s="u*{v}"),
    says="Two arrows leave s, one to t and one to u; you followed one. What comes back on the other?")
s_without_the_path_through_t = mistake("by_hand", lambda: on_paper(s="t"),
    says="Two arrows leave s, one to t and one to u; you followed one. What comes back on the other?")
s_from_local_slopes_alone = mistake("by_hand", lambda: on_paper(s="{v} + 1"),
    says="These are the local slopes of s. Multiply each by what arrives from above, and then add.")
paths_multiplied = mistake("by_hand", lambda: on_paper(s="u*{v}*t"),
    says="Two paths come together at s. Rates multiply along a path: and what do two paths do?")
input_without_the_product = mistake("by_hand", lambda: on_paper(v="{a}*(u*{v} + t)"),
    says="Two arrows leave the input that meets s in a product; you followed the one to s. Where does the other lead?")
input_without_the_sum = mistake("by_hand", lambda: on_paper(v="u*s"),
    says="Two arrows leave the input that meets s in a product; you followed the one to t. Where does the other lead?")
number_before_the_letter_forgotten = mistake("by_hand", lambda: on_paper(v="u*{v} + t + u*s"),
    says="Look at how s is made: a number stands before that letter. What is the local slope on this arrow?")
other_input_without_u = mistake("by_hand", lambda: on_paper(w="u*{v} + t"),
    says="The other input is used in s, and once more in u. What comes back from u?")
number_in_u_forgotten = mistake("by_hand", lambda: on_paper(w="u*{v} + t + t"),
    says="Look at how u is made: a number stands before that letter. What is the local slope on this arrow?")
values_instead_of_gradients = mistake("by_hand", lambda: on_paper(t="t", u="u", s="s", v="{v}", w="{w}"),
    says="These are the values of the boxes, as they flow forward. How fast does L change if a box is nudged?")

# ---------------------------------------------------------------------------------------------- neuron_layer

neuron_without_bias = mistake(
    "neuron_layer", lambda: {"neuron": lambda x, w, b: sum(value * weight for value, weight in zip(x, w, strict=True))},
    says="Your neuron leaves out the bias. Where does its sum start?")
bias_in_every_round = mistake("neuron_layer",
    lambda: {"neuron": lambda x, w, b: sum(value * weight + b for value, weight in zip(x, w, strict=True))},
    says="The bias is added once, not once for every input. Does it stand inside your loop?",
)
last_input_left_out = mistake(
    "neuron_layer", lambda: {"neuron": lambda x, w, b: b + sum(x[k] * w[k] for k in range(len(x) - 1))},
    says="Your neuron stops before the last input. How many rounds does the loop make?")
products_not_added_up = mistake("neuron_layer",
    lambda: {"neuron": lambda x, w, b: [value * weight + b for value, weight in zip(x, w, strict=True)]},
    says="Each input is multiplied and nothing is added up. What does a neuron do with the products?",
)
weights_first = mistake(
    "neuron_layer", lambda: {"layer": lambda X, W, b: np.asarray(W) @ np.asarray(X) + np.asarray(b)},
    says="Rows of X are examples, and each goes along the columns of W. Which of the two stands first, X or W?")
weights_transposed = mistake(
    "neuron_layer", lambda: {"layer": lambda X, W, b: np.asarray(X) @ np.asarray(W).T + np.asarray(b)},
    says="W has the shape (din, dout), and X @ W goes down its columns. Must W be turned over?")
axis_dropped = mistake(
    "neuron_layer", lambda: {"layer": lambda X, W, b: np.squeeze(np.asarray(X) @ np.asarray(W) + np.asarray(b))},
    says="An axis gets lost: also with one example or one neuron the result is a table. Where is it squeezed?")
layer_without_bias = mistake("neuron_layer", lambda: {"layer": lambda X, W, b: np.asarray(X) @ np.asarray(W)},
    says="Your layer leaves out the biases. Does it agree with your neuron?")
bias_for_each_example = mistake("neuron_layer",
    lambda: {"layer": lambda X, W, b: (Y := np.asarray(X) @ np.asarray(W)) + np.resize(b, len(Y))[:, None]},
    says="You add one bias to each row. A bias belongs to a neuron: does a row or a column of Y hold its numbers?")
lists_not_taken = mistake("neuron_layer", lambda: {"layer": lambda X, W, b: X.dot(W) + b},
    says="Lists do not know @. What makes an array of a list of lists?")
multiplied_number_by_number = mistake(
    "neuron_layer", lambda: {"layer": lambda X, W, b: np.asarray(X) * np.asarray(W) + np.asarray(b)},
    says="Multiplying number by number is not yet adding up. What does @ do that * does not?")

bias_down_the_rows = mistake(
    "neuron_layer", lambda: {"layer": lambda X, W, b: np.asarray(X) @ np.asarray(W) + np.asarray(b)[:, None]},
    says="Your bias goes down the rows. Each neuron has one: along which axis of the table do the neurons stand?")

# ------------------------------------------------------------------------------------------- linear_backward

def backwards(dX=None, dW=None, db=None):
    """A `vjp_linear` with some of its three formulas changed, each f(X, W, dY)."""
    dX, dW = dX or (lambda X, W, dY: dY @ W.T), dW or (lambda X, W, dY: X.T @ dY)
    db = db or (lambda X, W, dY: dY.sum(axis=0))
    return {"vjp_linear": lambda X, W, b, dY: (dX(X, W, dY), dW(X, W, dY), db(X, W, dY))}

weights_averaged = mistake("linear_backward", lambda: backwards(dW=lambda X, W, dY: X.T @ dY / len(X)),
    says="The mean belongs to the loss, and dY carries its n already. Why divide once more?")
weights_and_biases_averaged = mistake(
    "linear_backward", lambda: backwards(dW=lambda X, W, dY: X.T @ dY / len(X), db=lambda X, W, dY: dY.mean(axis=0)),
    says="The mean belongs to the loss, and dY carries its n already. Is the bias averaged, or added up?")
biases_averaged = mistake("linear_backward", lambda: backwards(db=lambda X, W, dY: dY.mean(axis=0)),
    says="A bias hears from every row: add up what it hears. Is a mean the same?")
biases_not_added_up = mistake("linear_backward", lambda: backwards(db=lambda X, W, dY: dY),
    says="One b is shared by all rows. How do the messages of all rows become one?")
biases_along_the_rows = mistake("linear_backward", lambda: backwards(db=lambda X, W, dY: dY.sum(axis=1)),
    says="You add along the rows. b[j] goes into column j, in every row: what must be added up?")
biases_of_the_first_row = mistake("linear_backward", lambda: backwards(db=lambda X, W, dY: dY[0]),
    says="Your db is what the first example says. One b is shared by all rows: who else speaks to it?")
biases_with_two_axes = mistake("linear_backward", lambda: backwards(db=lambda X, W, dY: dY.sum(axis=0, keepdims=True)),
    says="A gradient has the shape of what it belongs to: b has one axis. How many has your db?")
biases_count_rows = mistake(
    "linear_backward", lambda: backwards(db=lambda X, W, dY: np.full(dY.shape[1], float(len(dY)))),
    says="The bias hears what arrives, not how many rows there are. Where is dY in your db?")
inputs_without_transposing = mistake("linear_backward", lambda: backwards(dX=lambda X, W, dY: dY @ W),
    says="The shapes fit only where din and dout are equal. By which number of W is the message of a neuron weighed?")
weights_before_the_message = mistake("linear_backward", lambda: backwards(dX=lambda X, W, dY: W @ dY),
    says="The shapes fit only where the table is square. Rows of dY are examples: which of the two stands first?")
weights_turned_over = mistake("linear_backward", lambda: backwards(dW=lambda X, W, dY: dY.T @ X),
    says="dW has the shape of W, (din, dout). Which shape has yours, and where does it turn over?")
weights_without_transposing = mistake("linear_backward", lambda: backwards(dW=lambda X, W, dY: X @ dY),
    says="A weight adds up over the examples, so it goes down the columns of X. Is X turned over?")

@mistake("linear_backward", says="These would be the slopes of the sum of Y. Where does what arrives, dY, come in?")
def message_ignored():
    ones = np.ones_like
    return backwards(
        lambda X, W, dY: ones(dY) @ W.T, lambda X, W, dY: X.T @ ones(dY), lambda X, W, dY: ones(dY).sum(axis=0)
    )

weights_returned_first = mistake(
    "linear_backward", lambda: {"vjp_linear": lambda X, W, b, dY: (X.T @ dY, dY @ W.T, dY.sum(axis=0))},
    says="The three come in another order than in the text. Which is the first: dX, dW or db?")
weight_hears_one_example = mistake("linear_backward", {"dL_dW01": "x00*d01"},
    says="The weight W[0, 1] is used for both examples; you followed one. Where is the other?")
weight_goes_along_the_row = mistake("linear_backward", {"dL_dW01": "x00*d01 + x01*d11"},
    says="In Y[0, 1] and Y[1, 1], w01 is multiplied by a number in the first column of X. Which ones are they?")
input_with_others_weights = mistake("linear_backward", {"dL_dX01": "d00*w01 + d01*w11"},
    says="X[0, 1] goes into both neurons, through w10 and through w11. Whose weights did you take?")
input_hears_without_weights = mistake("linear_backward", {"dL_dX01": "d00 + d01"},
    says="That is what arrives. By which weight must each of the two be multiplied?")

# ------------------------------------------------------------------------------------- softmax and softmax_ce

def onehot(Z, y):
    return np.eye(Z.shape[1])[y]

@wrong_function("softmax", replaces="softmax",
    says="Each row should add up to 1. Along which axis do you add: try it with as many rows as classes?")
def softmax_down_the_columns(Z):
    powers = np.exp(Z - Z.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)

@wrong_function("softmax", replaces="softmax",
    says="You divide the sizes of the logits by their sum. What makes every number positive, and keeps their order?")
def shares_of_the_logits(Z):
    with np.errstate(all="ignore"):
        return abs(Z) / abs(Z).sum(axis=1, keepdims=True)
@wrong_function("softmax", replaces="softmax",
    says="All numbers together add up to 1, and each row should by itself. Over what do you take the sum?")
def softmax_of_the_whole_table(Z):
    powers = np.exp(Z - Z.max())
    return powers / powers.sum()

def positive(make):
    """A softmax by make(Z, e), where e are the rows of exp(Z)."""
    return {"softmax": lambda Z: make(Z, np.exp(Z))}

each_logit_by_itself = mistake("softmax", lambda: positive(lambda Z, e: e / (1 + e)),
    says="That is the sigmoid of each logit by itself. What must the numbers of a row add up to?")
logarithms_of_the_shares = mistake("softmax", lambda: positive(lambda Z, e: Z - np.log(e.sum(axis=1, keepdims=True))),
    says="Those are the logarithms of the probabilities. What do the numbers of a row add up to?")
smallest_logit_wins = mistake("softmax", lambda: positive(lambda Z, e: (1 / e) / (1 / e).sum(axis=1, keepdims=True)),
    says="Your exp has a minus in it. Which class should get the largest probability?")
divided_by_the_largest = mistake("softmax", lambda: positive(lambda Z, e: e / e.max(axis=1, keepdims=True)),
    says="You divide by the largest of a row. Do the numbers of a row add up to 1?")

@wrong_function("softmax", replaces="softmax",
    says="You subtract in the table that you were given, and its owner still needs it. Where is a new one made?")
def logits_changed(Z):
    Z -= Z.max(axis=1, keepdims=True)
    powers = np.exp(Z)
    return powers / powers.sum(axis=1, keepdims=True)

def crossed(loss=None, dZ=None):
    """A `ce` with another loss(Z, y) or dZ(Z, y, p)."""
    names = reference()
    right, softmax = names["ce"], names["softmax"]

    def ce(Z, y):
        with np.errstate(all="ignore"):
            value, slopes = right(Z, y)
            p = softmax(Z)
            return (loss(Z, y, p) if loss else value), (dZ(Z, y, p) if dZ else slopes)

    return {"ce": ce}

def picked(p, y):
    return p[np.arange(len(p)), y]

sum_over_the_rows = mistake(
    "softmax_ce", lambda: {"ce": lambda Z, y: tuple(len(Z) * part for part in reference()["ce"](Z, y))},
    says="The loss is a mean over the rows, and yours is their sum. By what must the loss and dZ be divided?")
gradient_not_divided_by_n = mistake("softmax_ce", lambda: crossed(dZ=lambda Z, y, p: p - onehot(Z, y)),
    says="The loss is a mean over n rows. How much does each single row count in it, and so in dZ?")
every_row_asked_for_all_of_y = mistake("softmax_ce",
    lambda: crossed(
        loss=lambda Z, y, p: -np.mean(np.log(p[:, y])),
        dZ=lambda Z, y, p: (p - np.isin(np.arange(Z.shape[1]), y)) / len(Z),
    ),
    says="P[:, y] takes all the classes in y from every row. How do you get one number from each row?")
likeliest_for_the_right_class = mistake(
    "softmax_ce", lambda: crossed(dZ=lambda Z, y, p: (p - np.eye(Z.shape[1])[p.argmax(axis=1)]) / len(Z)),
    says="You take 1 away from the class that the net finds likeliest. Which class is right is told by y.")
wrong_classes_in_the_loss = mistake("softmax_ce",
    lambda: crossed(loss=lambda Z, y, p: -np.log(np.where(onehot(Z, y) == 1, p, 1 - p)).sum() / len(Z)),
    says="The wrong classes add log(1 - p) to your loss. Which single probability counts in each row?")
gradient_downhill = mistake("softmax_ce", lambda: crossed(dZ=lambda Z, y, p: (onehot(Z, y) - p) / len(Z)),
    says="dZ is the slope of the loss, uphill. If the right logit rises, does the loss grow?")
gradient_without_the_right_class = mistake("softmax_ce", lambda: crossed(dZ=lambda Z, y, p: p / len(Z)),
    says="All entries of your dZ are positive. Which part of L has the right logit to itself?")
gradient_of_the_right_class_only = mistake(
    "softmax_ce", lambda: crossed(dZ=lambda Z, y, p: (p - 1) * onehot(Z, y) / len(Z)),
    says="Only the right class has a slope in your dZ. Do the other logits not stand in the sum of exp?")
loss_with_the_wrong_sign = mistake("softmax_ce", lambda: crossed(loss=lambda Z, y, p: -reference()["ce"](Z, y)[0]),
    says="The logarithm of a probability is negative. What sign should a loss have?")
loss_to_base_two = mistake("softmax_ce", lambda: crossed(loss=lambda Z, y, p: reference()["ce"](Z, y)[0] / math.log(2)),
    says="Take natural logarithms: they are those that undo exp. To which base are yours?")
classes_of_y_in_the_first_columns = mistake("softmax_ce",
    lambda: {"ce": lambda Z, y: reference()["ce"](Z, np.unique(y, return_inverse=True)[1])},
    says="You number the classes that come up in y. If y is [0, 2], which column does the 2 stand for?")
classes_counted_in_y = mistake("softmax_ce", lambda: crossed(dZ=lambda Z, y, p: (p - np.eye(y.max() + 1)[y]) / len(Z)),
    says="The last class may be missing in y. From where else can you see how many classes there are?")
loss_over_all_entries = mistake("softmax_ce",
    lambda: crossed(loss=lambda Z, y, p: reference()["ce"](Z, y)[0] / Z.shape[1]),
    says="Your mean counts every entry of the table, zeros too. Over what does the text take the mean?")
gradient_over_all_entries = mistake("softmax_ce", lambda: crossed(dZ=lambda Z, y, p: (p - onehot(Z, y)) / Z.size),
    says="You divide dZ by n*k, all entries of the table. Over what is the loss a mean?")
loss_of_the_logit_alone = mistake("softmax_ce", lambda: crossed(loss=lambda Z, y, p: -picked(Z, y).mean()),
    says="That is minus the right logit. What has to be taken off it, so that it is ln(p)?")
loss_without_the_logarithm = mistake("softmax_ce", lambda: crossed(loss=lambda Z, y, p: 1 - picked(p, y).mean()),
    says="1 - p is not a logarithm. What is the loss of one row, if p is its right probability?")
loss_by_squares = mistake("softmax_ce",
    lambda: crossed(loss=lambda Z, y, p: ((p - onehot(Z, y)) ** 2).sum() / len(Z)),
    says="Those are squared errors. What does the cross-entropy take of the right probability?")
gradient_in_the_probabilities = mistake("softmax_ce", lambda: crossed(dZ=lambda Z, y, p: -onehot(Z, y) / p / len(Z)),
    says="-1/p is the slope in the probability. How does p change with each logit, and where does softmax come in?")
own_logit_without_the_divisor = mistake("softmax", {"same_logit": "p"},
    says="Its own numerator grows, and so does the divisor. What does the quotient rule say about p in its own logit?")
other_logit_without_effect = mistake("softmax", {"other_logit": "0"},
    says="Raising one logit lowers the others: through which part of the fraction do they feel it?")
other_logit_with_plus = mistake("softmax", {"other_logit": "p*q"},
    says="Together the probabilities stay 1. When one rises, which sign must the slope of the others have?")
right_logit_with_the_wrong_sign = mistake("softmax_ce", {"slope_right": "1 - p"},
    says="A larger logit of the right class, and the loss grows? Which sign should the slope have?")
slope_in_the_probability = mistake("softmax_ce", {"slope_right": "-1/p"},
    says="That is the slope in p. The logit lies one link further back in the chain: what comes in there?")
other_slopes_zero = mistake("softmax_ce", {"slope_other": "0"},
    says="The other logits stand inside the logarithm of the sum. What is the slope of that part?")

larger_number_in_the_logarithm = mistake(
    "softmax_ce", lambda: crossed(loss=lambda Z, y, p: -np.mean(np.log(picked(p, y) + 1e-7))),
    says="A tiny number inside the logarithm gives a finite, wrong loss. Use the formula with the difference.")

@wrong_function("softmax_ce", within=lambda loss: crossed(loss=loss),
    says="Your loss asks every class. Whose probability alone counts in each row?")
def all_classes_count(Z, y, p):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted)

# ---------------------------------------------------------------------------------------------- made to last

@mistake("sturdy_topological",
    says="The list is right, but every way is walked to its end. Stop as soon as a node has been seen: when is that?")
def every_way_walked():
    listed = set()

    def skip(order, node):
        if not order:
            listed.clear()
        seen = id(node) in listed
        listed.add(id(node))
        return seen

    return {"sturdy_topological": on_every_way(skip)["topological"]}

calls_itself = mistake("sturdy_topological", lambda: {"sturdy_topological": recursive()["topological"]},
    says="Right for all but long chains: Python stops what calls itself so deep. Can a list hold what waits?")

def sturdy(backward):
    """A sturdy_backward that is backward(output, topological)."""
    topological = reference()["sturdy_topological"]
    return {"sturdy_backward": lambda output: backward(output, topological)}

@wrong_function("sturdy_backward", within=sturdy,
    says="Right, but every path is walked by itself, and there may be billions. Can a node speak once for all of them?")
def every_path_by_itself(self, topological):
    reset(topological(self))
    self.grad = 0.0
    waiting = [(self, 1.0)]
    while waiting:
        node, flows = waiting.pop()
        node.grad += flows
        waiting.extend((before, flows * slope) for before, slope in zip(node.inputs, node.slopes, strict=True))

@wrong_function("sturdy_backward", within=sturdy,
    says="At the second call, what was computed still holds the gradients of the first. With what should it start?")
def old_gradients_inside(self, topological):
    self.grad = 1.0
    for node in reversed(topological(self)):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope

@wrong_function("sturdy_backward", within=sturdy,
    says="After the call computed nodes hold 0. Somebody wants to read their gradients: when may they be set to 0?")
def forgets_what_it_passed_on(self, topological):
    self.grad = 1.0
    for node in reversed(topological(self)):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope
        node.grad = 0.0 if node.inputs else node.grad

@wrong_function("sturdy_backward", within=sturdy,
    says="At the second call the leaves begin from 0 again. What does the text say that a leaf keeps?")
def leaves_start_from_zero(self, topological):
    order = topological(self)
    for node in order:
        node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope

@wrong_function("sturdy_softmax", replaces="sturdy_softmax",
    says="exp(1000) is too large for Python. What may be subtracted from a row, and softmax stays the same?")
def softmax_overflows(Z):
    with np.errstate(all="ignore"):
        powers = np.exp(Z)
        return powers / powers.sum(axis=1, keepdims=True)

@wrong_function("sturdy_softmax", replaces="sturdy_softmax",
    says="You subtract the largest number of the whole table. What is left of a row whose logits are all far below it?")
def largest_of_the_whole_table_subtracted(Z):
    with np.errstate(all="ignore"):
        powers = np.exp(Z - Z.max())
        return powers / powers.sum(axis=1, keepdims=True)

def cut_off(Z, most=500.0):
    return np.clip(Z, -most, most)

large_logits_cut_off = mistake("sturdy_softmax",
    lambda: {
        "sturdy_softmax": lambda Z: reference()["sturdy_softmax"](cut_off(Z)),
        "sturdy_ce": lambda Z, y: reference()["sturdy_ce"](cut_off(Z), y),
    },
    says="You cut large logits off, and 1000 and 999 become equal. What may be subtracted from a row instead?")

def sturdy_loss(loss):
    """A `sturdy_ce` with another loss(Z, y, p)."""
    names = reference()
    right, softmax = names["sturdy_ce"], names["sturdy_softmax"]

    def sturdy_ce(Z, y):
        with np.errstate(all="ignore"):
            return loss(Z, y, softmax(Z)), right(Z, y)[1]

    return {"sturdy_ce": sturdy_ce}

tiny_number_in_the_logarithm = mistake(
    "sturdy_softmax", lambda: sturdy_loss(lambda Z, y, p: -np.mean(np.log(picked(p, y) + 1e-12))),
    says="A tiny number inside the logarithm gives a finite loss, and a wrong one. Which formula needs no log(p)?")
logarithm_of_zero = mistake("sturdy_softmax", lambda: sturdy_loss(lambda Z, y, p: -np.mean(np.log(picked(p, y)))),
    says="Where p is rounded to 0, its logarithm is lost. Which formula has the logit itself in it, and no log(p)?")

def jacobian(formula):
    softmax = reference()["softmax"]
    return {"softmax_jacobian": lambda z: formula(softmax(z[None])[0])}

jacobian_on_the_diagonal_only = mistake("softmax_jacobian", lambda: jacobian(lambda p: np.diag(p * (1 - p))),
    says="Raising one logit lowers the other probabilities: where are those entries of the table?")
jacobian_without_the_outer_product = mistake("softmax_jacobian", lambda: jacobian(lambda p: np.diag(p) - p),
    says="Beside the diagonal stands one p alone. How fast does p[i] change there, and which two of them does it take?")
jacobian_with_ones = mistake("softmax_jacobian", lambda: jacobian(lambda p: np.eye(len(p)) - np.outer(p, p)),
    says="On the diagonal you have 1 - p*p. What is p*(1 - p), multiplied out?")
jacobian_with_the_diagonal_p = mistake(
    "softmax_jacobian", lambda: jacobian(lambda p: np.diag(p + p * p) - np.outer(p, p)),
    says="On the diagonal you have p. The divisor grows as well: what does that take away?")
jacobian_as_a_row = mistake("softmax_jacobian", lambda: jacobian(lambda p: p * (1 - p)),
    says="One slope for each logit is not enough: every probability changes with every logit. How large is the table?")
jacobian_with_plus = mistake(
    "softmax_jacobian", lambda: jacobian(lambda p: np.diag(p) + np.outer(p, p) - 2 * np.diag(p * p)),
    says="When one probability rises, what must the others do? Look at the sign beside the diagonal.")
jacobian_without_the_diagonal_part = mistake("softmax_jacobian", lambda: jacobian(lambda p: -np.outer(p, p)),
    says="On the diagonal both the numerator and the divisor grow. What became of the p beside the p*p?")
jacobian_of_the_diagonal_everywhere = mistake("softmax_jacobian", lambda: jacobian(lambda p: np.outer(p, 1 - p)),
    says="Beside the diagonal the logit of another class is raised. Does your own numerator grow there?")
